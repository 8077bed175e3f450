//! The pulse trains of a run: what each pulse asks of the cell, and how many it can give before the lower voltage limit.

use crate::electrical::host;
use crate::prepare::Prepared;
use cellwright_electrochem::model::Model;
use cellwright_lab::pulse_train::{LoadPulse, Reach, load_pulses, reach};
use cellwright_lab::solution::Solution;
use serde::Serialize;

/// Fewest pulses that make a train.
const FEWEST: usize = 3;
/// Share of the capacity above which a step is a discharge or a charge, not a pulse.
const LARGEST: f64 = 0.1;
/// Most pulses that are listed one by one in `summary.json`.
const MOST_LISTED: usize = 200;

/// A train of pulses.
#[derive(Clone, Debug)]
pub struct Train {
    /// All pulses, in order.
    pub pulses: Vec<LoadPulse>,
    /// Lower voltage limit of the cell, V.
    pub limit: f64,
    /// Pulses until that limit; none if the open-circuit voltage cannot be told, or nothing discharges.
    pub reach: Option<Reach>,
}

/// The pulse train of a run; none for fewer than three pulses of at most a tenth of the capacity.
pub fn find(prepared: &Prepared, solution: &Solution) -> Option<Train> {
    let found = |at_rest: f64| {
        let mut pulses = load_pulses(&prepared.protocol, solution, at_rest);
        pulses.retain(|p| p.charge.abs() <= LARGEST * prepared.basis.capacity);
        pulses
    };
    // The model is only built for a run that holds a train.
    if found(0.0).len() < FEWEST {
        return None;
    }
    let model = prepared.cell.model(prepared.cell.spec.clone());
    let pulses = found(model.voltage(&model.initial_state()));
    let limit = prepared.voltage[0];
    let before = pulses
        .iter()
        .rev()
        .find(|p| p.charge > 0.0)
        .map_or(0, |p| solution.steps[p.step].first_row);
    let open_circuit = open_circuit(&model, solution.passed(before));
    Some(Train {
        reach: reach(&pulses, limit, open_circuit),
        limit,
        pulses,
    })
}

/// Open-circuit voltage, V, after a further charge, C, counted from when `passed` had been delivered; none outside the electrodes' range.
fn open_circuit(model: &Model, passed: f64) -> impl Fn(f64) -> Option<f64> {
    let temperature = model.spec.temperature;
    let electrodes = [0, 1].map(|e| (model.groups[e].active.as_ref().map(|a| a.potential.clone()), host(model, e)));
    move |further| {
        let mut potential = [0.0; 2];
        for (u, (curve, host)) in potential.iter_mut().zip(&electrodes) {
            // Lithium metal has neither and is the zero of potentials.
            if let (Some(curve), Some(host)) = (curve, host) {
                let x = host.start + host.sign * (passed + further) / host.capacity;
                if !(0.0..=1.0).contains(&x) {
                    return None;
                }
                *u = curve.eval(x, temperature).value;
            }
        }
        Some(potential[1] - potential[0])
    }
}

/// One pulse in numbers; discharge positive.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct PulseSummary {
    /// Number of the pulse, from 1.
    pub pulse: usize,
    /// s.
    pub start_s: f64,
    /// s.
    pub duration_s: f64,
    /// Right after it was switched on, A.
    pub current_a: f64,
    /// At the end of the rest before, V.
    pub before_v: f64,
    /// Over the drop right after the current was switched on, ohm.
    pub instantaneous_resistance_ohm: f64,
    /// V.
    pub instantaneous_drop_v: f64,
    /// V.
    pub end_drop_v: f64,
    /// Up to the end of the rest after it, V.
    pub recovery_v: Option<f64>,
    /// V.
    pub lowest_v: f64,
}

/// A train in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TrainSummary {
    /// Number of pulses that were run.
    pub pulses: usize,
    /// Lower voltage limit, V.
    pub limit_v: f64,
    /// Lowest voltage of all, V.
    pub lowest_v: f64,
    /// Number of the first discharge pulse that comes down to the limit; `null` if none ever does.
    pub pulses_until_limit: Option<f64>,
    /// True if that pulse was not run but foretold from the charge and the drop of the last one.
    pub foretold: bool,
    /// The pulses one by one; of a long train evenly chosen ones, the first and the last among them.
    pub listed: Vec<PulseSummary>,
}

impl Train {
    /// Lowest voltage of all pulses, V.
    pub fn lowest(&self) -> f64 {
        self.pulses.iter().map(|p| p.lowest).fold(f64::INFINITY, f64::min)
    }

    /// At most `most` pulses with their numbers from 0, evenly chosen, the first and the last among them.
    pub fn chosen(&self, most: usize) -> Vec<usize> {
        let n = self.pulses.len();
        let kept = n.min(most.max(2));
        (0..kept).map(|i| i * (n - 1) / (kept - 1).max(1)).collect()
    }

    /// The train in numbers.
    pub fn summary(&self) -> TrainSummary {
        let one = |k: usize| {
            let p = &self.pulses[k];
            PulseSummary {
                pulse: k + 1,
                start_s: p.start,
                duration_s: p.duration,
                current_a: p.current,
                before_v: p.before,
                instantaneous_resistance_ohm: p.resistance(),
                instantaneous_drop_v: p.instantaneous_drop(),
                end_drop_v: p.end_drop(),
                recovery_v: p.recovery(),
                lowest_v: p.lowest,
            }
        };
        TrainSummary {
            pulses: self.pulses.len(),
            limit_v: self.limit,
            lowest_v: self.lowest(),
            pulses_until_limit: match self.reach {
                Some(Reach::Reached(k)) => Some(k as f64),
                Some(Reach::Expected(k)) => Some(k),
                Some(Reach::Beyond) | None => None,
            },
            foretold: matches!(self.reach, Some(Reach::Expected(_))),
            listed: self.chosen(MOST_LISTED).into_iter().map(one).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_train_keeps_its_first_and_last_pulse() {
        let train = |n| Train {
            pulses: vec![LoadPulse::default(); n],
            limit: 3.0,
            reach: None,
        };
        assert_eq!(train(3).chosen(10), vec![0, 1, 2]);
        let long = train(1000).chosen(12);
        assert_eq!((long.len(), long[0], long[11]), (12, 0, 999));
        assert!(long.windows(2).all(|w| w[1] > w[0]));
    }
}
