//! What of a long life is drawn over time: the first cycles, whole; the others have the part "Ageing".

use crate::study::{Study, rows};

/// Cycles from which on only the first are drawn over time.
const MANY: usize = 10;
/// Steps that the first cycles drawn hold at most, if one cycle does not hold more.
const STEPS: usize = 10;
/// Rows that a discharge must have to be drawn.
const DRAWN: usize = 20;

/// The first cycles of a long life.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// Steps from the start.
    pub steps: usize,
    /// Rows of the series from the start.
    pub rows: usize,
    /// Cycles, where those are not all.
    pub cycles: Option<u64>,
}

/// What is drawn over time of a study.
pub fn shown(study: &Study) -> Shown {
    let s = &study.solution;
    let all = Shown {
        steps: s.steps.len(),
        rows: s.series.len(),
        cycles: None,
    };
    let cycles = study.life.as_ref().map_or(0, |l| l.cycles.len());
    if cycles < MANY {
        return all;
    }
    // The last step of a cycle within the limit, and the main step if it is not far.
    let ends = |k: &usize| s.steps[*k + 1].cycle != s.steps[*k].cycle;
    let least = study.main.filter(|m| *m < STEPS).unwrap_or(0);
    let last = s.steps.len() - 1;
    let within = (least..last.min(STEPS)).rfind(ends);
    let Some(k) = within.or_else(|| (least..last).find(ends)) else {
        return all;
    };
    Shown {
        steps: k + 1,
        rows: rows(s, k).end,
        cycles: Some(s.steps[k].cycle),
    }
}

/// Discharges to compare over a long life: at most `most`, evenly from the first to the last cycle that has rows enough.
pub fn over_life(study: &Study, most: usize) -> Vec<usize> {
    let s = &study.solution;
    let mut largest: Vec<usize> = vec![];
    for (k, step) in s
        .steps
        .iter()
        .enumerate()
        .filter(|(_, r)| r.charge > 0.0 && r.cycle > 0 && !r.settling)
    {
        match largest.last_mut() {
            Some(other) if s.steps[*other].cycle == step.cycle => {
                if step.charge > s.steps[*other].charge {
                    *other = k;
                }
            }
            _ => largest.push(k),
        }
    }
    largest.retain(|k| rows(s, *k).len() >= DRAWN);
    let (Some(first), Some(last)) = (largest.first().copied(), largest.last().copied()) else {
        return largest;
    };
    let cycle = |k: usize| s.steps[k].cycle as f64;
    let even = (0..most).filter_map(|i| {
        let wanted = cycle(first) + (cycle(last) - cycle(first)) * i as f64 / (most - 1) as f64;
        let off = |k: &usize| (cycle(*k) - wanted).abs();
        largest.iter().copied().min_by(|a, b| off(a).total_cmp(&off(b)))
    });
    let mut out: Vec<usize> = even.collect();
    out.dedup();
    out
}
