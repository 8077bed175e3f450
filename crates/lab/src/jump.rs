//! Cycle-jumping: of many equal passes of a repeat only some are carried out; what ages slowly is carried on over the others.
//!
//! # Method
//! The slow variables Z are the lithium that side reactions took at every site, what wear has come to, lithium isolated, charge leaked,
//! energy, throughput and time. One pass changes them by g; with g' from the pass measured before, M passes that follow change them by
//! `M g + g' (M² + M)/2`, of second order. The lithium taken leaves the host, so that nothing is made or lost, and the pass after a jump,
//! in which the cell finds its new state, is not measured.
//!
//! # Error
//! The first term left out is estimated as `|g' M²/2| · |g' M/g|`, which is right for growth with the square root of time, in lithium
//! lost and in active material lost, relative to the capacity. M is the largest for which it is the allowed error times the jump's part of
//! all passes. [`Jumped::error`] adds up the estimates.

use crate::protocol::{Action, Protocol};
use crate::recorder::Recorder;
use cellwright_base::constants::FARADAY;
use cellwright_electrochem::model::{CHARGE, ENERGY, LEAKED, Model};
use cellwright_electrochem::wear::Wear;

/// Passes after a jump, or after the start, whose change is not used.
const SETTLING: u64 = 1;
/// Largest jump relative to the passes done before: the change of a pass is not known better.
const LARGEST: f64 = 0.25;
/// Shortest jump that is worth the passes around it.
const SHORTEST: u64 = 4;
/// Part of what a host holds that may be taken out of it at once.
const AT_ONCE: f64 = 0.05;
/// Mean stoichiometry of the negative host above which it is the one that holds the lithium of the cell.
const HOLDS: f64 = 0.3;

/// What jumping did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Jumped {
    /// Jumps.
    pub jumps: u64,
    /// Passes jumped over.
    pub passes: u64,
    /// Estimated error, relative to the capacity.
    pub error: f64,
}

/// A repeat at the top of a protocol.
#[derive(Clone, Copy, Debug)]
struct Repeat {
    first: u64,
    body: u64,
    count: u64,
}

/// Slow variables at the end of a pass.
#[derive(Clone, Debug)]
struct Slow {
    values: Vec<f64>,
    /// Lithium taken over the capacity, and active material lost.
    scalars: Vec<f64>,
}

/// Watches the passes of a run and decides on jumps.
#[derive(Clone, Debug)]
pub struct Jumper {
    allowed: f64,
    repeats: Vec<Repeat>,
    last: Option<Slow>,
    /// Change of the slow variables and of the scalars in a pass, with the middle of that pass.
    before: Option<(f64, Slow)>,
    settled: u64,
    /// What was done so far.
    pub jumped: Jumped,
}

impl Jumper {
    /// For a protocol and an allowed error relative to the capacity; `None` carries everything out.
    pub fn new(protocol: &Protocol, allowed: Option<f64>) -> Jumper {
        let (mut first, mut repeats) = (0, vec![]);
        for step in &protocol.steps {
            let own = Protocol { steps: vec![step.clone()] };
            let leaves = own.unrolled_len();
            if let Action::Repeat { count, .. } = step.action
                && leaves > 0
            {
                repeats.push(Repeat {
                    first,
                    body: leaves / count,
                    count,
                });
            }
            first += leaves;
        }
        Jumper {
            allowed: allowed.unwrap_or(0.0),
            repeats: if allowed.is_some() { repeats } else { vec![] },
            last: None,
            before: None,
            settled: 0,
            jumped: Jumped::default(),
        }
    }

    /// True in the pass after a jump.
    pub fn settling(&self) -> bool {
        self.jumped.jumps > 0 && self.settled == 0
    }

    /// After step `index` was carried out: the step to go on with if passes are jumped over. Changes the state accordingly.
    pub fn after(&mut self, index: u64, model: &mut Model, y: &mut [f64], time: &mut f64, recorder: &mut Recorder) -> Option<u64> {
        let repeat = self
            .repeats
            .iter()
            .copied()
            .find(|r| (r.first..r.first + r.body * r.count).contains(&index))?;
        let done = (index + 1 - repeat.first) / repeat.body;
        if !(index + 1 - repeat.first).is_multiple_of(repeat.body) {
            return None;
        }
        if done == 1 {
            (self.last, self.before, self.settled) = (None, None, 0);
        }
        let now = slow(model, y, *time, recorder);
        let last = self.last.replace(now.clone());
        self.settled += 1;
        let last = last.filter(|_| self.settled > SETTLING)?;
        let (middle, change) = (done as f64 - 0.5, difference(&now, &last));
        let before = self.before.replace((middle, change.clone()));
        let (earlier, older) = before?;
        let curvature = scaled(&difference(&change, &older), 1.0 / (middle - earlier));
        let (passes, error) = self.length(&repeat, done, &change, &curvature);
        if passes < SHORTEST {
            return None;
        }
        let m = passes as f64;
        let by: Vec<f64> = change
            .values
            .iter()
            .zip(&curvature.values)
            .map(|(g, c)| m * g + 0.5 * (m * m + m) * c)
            .collect();
        let start = *time;
        let throughput = apply(&by, model, y, time);
        recorder.jump(
            &throughput,
            [model.border(y, CHARGE), model.border(y, ENERGY)],
            passes,
            [start, *time],
        );
        self.jumped.jumps += 1;
        self.jumped.passes += passes;
        self.jumped.error += error;
        (self.last, self.settled) = (None, 0);
        Some(index + 1 + passes * repeat.body)
    }

    /// How many passes may be jumped over, and the estimated error.
    fn length(&self, repeat: &Repeat, done: u64, change: &Slow, curvature: &Slow) -> (u64, f64) {
        // The last pass is carried out, and the one before it, in which the cell settles.
        let left = (repeat.count - done).saturating_sub(2);
        let estimate = |m: f64| -> f64 {
            let each = |(g, c): (&f64, &f64)| {
                let (linear, bend) = (g.abs() * m, c.abs() * m * m / 2.0);
                if linear == 0.0 {
                    0.0
                } else {
                    bend * (2.0 * bend / linear).min(1.0)
                }
            };
            change.scalars.iter().zip(&curvature.scalars).map(each).sum()
        };
        let taken: f64 = change.scalars.first().copied().unwrap_or(0.0).abs();
        let most = (LARGEST * done as f64).min(left as f64);
        let mut m = if taken > 0.0 { most.min(AT_ONCE / taken) } else { most }.floor();
        while m >= SHORTEST as f64 && estimate(m) > self.allowed * m / repeat.count as f64 {
            m = (0.8 * m).floor();
        }
        (m as u64, estimate(m))
    }
}

fn difference(a: &Slow, b: &Slow) -> Slow {
    let minus = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect();
    Slow {
        values: minus(&a.values, &b.values),
        scalars: minus(&a.scalars, &b.scalars),
    }
}

fn scaled(a: &Slow, by: f64) -> Slow {
    let times = |a: &[f64]| a.iter().map(|a| a * by).collect();
    Slow {
        values: times(&a.values),
        scalars: times(&a.scalars),
    }
}

fn slow(model: &Model, y: &[f64], time: f64, recorder: &Recorder) -> Slow {
    let mut values = vec![time, model.border(y, ENERGY), model.border(y, LEAKED)];
    values.extend(model.isolated);
    values.extend(recorder.throughput());
    values.extend(model.wears.iter().map(|w| w.total));
    for sides in model.groups.iter().filter_map(|g| g.sides.as_ref()) {
        values.extend(sides.amounts().map(|i| y[i]));
    }
    let taken: f64 = model.taken(y).iter().map(|t| t.2).sum();
    let mut scalars = vec![taken * FARADAY / (3600.0 * model.spec.current_1c)];
    let lost = model.wears.iter().filter(|w| !matches!(w.wear, Wear::Resistance(_)));
    scalars.extend(lost.map(|w| w.total));
    Slow { values, scalars }
}

/// Carries the slow variables on; returns what the passes moved: charge and energy in both directions.
fn apply(by: &[f64], model: &mut Model, y: &mut [f64], time: &mut f64) -> [f64; 4] {
    let b = model.border_offset();
    *time += by[0];
    y[b + ENERGY] += by[1];
    // What leaked was charged again: both counters together stay with the lithium.
    y[b + LEAKED] += by[2];
    y[b + CHARGE] -= by[2];
    let isolated = [model.isolated[0] + by[3], model.isolated[1] + by[4]];
    let (throughput, rest) = by[5..].split_at(4);
    let (wear, mut amounts) = rest.split_at(model.wears.len());
    let full = model.mean_stoichiometry(y, 0).is_none_or(|x| x > HOLDS);
    for e in 0..2 {
        let n = model.groups[e].sides.as_ref().map_or(0, |s| s.amounts().count());
        let (own, others) = amounts.split_at(n);
        model.take_at_once(y, e, own, (e == 0) != full);
        amounts = others;
    }
    model.wear(wear, y);
    (0..2).for_each(|e| model.correct_isolated(y, e, isolated[e]));
    std::array::from_fn(|k| throughput[k])
}
