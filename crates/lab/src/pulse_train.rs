//! Pulse trains: what every pulse of a repeated load asks of the cell, and how many pulses it can give.
//!
//! # Equation
//! Of a pulse that begins with the current I after a rest at the voltage V₀: instantaneous drop `V₀ - V(0⁺)` and resistance `(V₀ - V(0⁺))/I`; drop at
//! the end `V₀ - V(τ)`; recovery `V_r - V(τ)` up to the end of the rest after it. The first row of a pulse is the state right after the
//! current was switched on. Without double layers it holds the charge transfer too; with them, which charge in milliseconds, it is the ohmic drop.
//! Concentrations cannot jump, but shells and volumes of finite width let a part of diffusion through at once: where the run recorded its losses, what
//! those by diffusion and concentration jump by is taken out of V(0⁺).
//!
//! # Units
//! s, A, C, V, ohm; discharge positive.
//!
//! # Validity
//! One step of current, power or resistance between two rests; the first pulse of a run may come without a rest before it, from the cell at rest.
//!
//! # Source
//! Christophersen, Battery test manual for electric vehicles, INL/EXT-15-34184 (2015): resistances of pulses between rests.
//!
//! # Verification
//! `cellwright validate pulses`: a film cell against its ohmic and charge-transfer resistance (1e-6), against √t polarisation, and a train cut short
//! against the whole one.

use crate::protocol::{Action, Protocol};
use crate::results::Quantity;
use crate::solution::{Solution, StepEnd};
use crate::steps::Steps;

/// Columns of the losses that need time to change.
const SLOW: [&str; 3] = [
    "Positive Diffusion Loss",
    "Electrolyte Concentration Loss",
    "Negative Diffusion Loss",
];

/// One pulse between two rests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LoadPulse {
    /// Step of the solution.
    pub step: usize,
    /// Test time at which it begins, s.
    pub start: f64,
    /// How long it lasted, s.
    pub duration: f64,
    /// Current right after it was switched on, A; discharge positive.
    pub current: f64,
    /// Charge it moved, C.
    pub charge: f64,
    /// Voltage at the end of the rest before, V.
    pub before: f64,
    /// Voltage right after the current was switched on, V; without the part of diffusion that the resolution makes instantaneous.
    pub first: f64,
    /// Voltage at its end, V.
    pub last: f64,
    /// Lowest voltage in it, V.
    pub lowest: f64,
    /// Voltage at the end of the rest after it, V; none without that rest.
    pub after: Option<f64>,
    /// A limit of the protocol ended it.
    pub cut_off: bool,
}

impl LoadPulse {
    /// Instantaneous drop, V; negative when it charges.
    pub fn instantaneous_drop(&self) -> f64 {
        self.before - self.first
    }

    /// Instantaneous resistance, ohm.
    pub fn resistance(&self) -> f64 {
        self.instantaneous_drop() / self.current
    }

    /// Drop at the end, V; negative when it charges.
    pub fn end_drop(&self) -> f64 {
        self.before - self.last
    }

    /// What the rest after it brings back, V.
    pub fn recovery(&self) -> Option<f64> {
        self.after.map(|v| v - self.last)
    }
}

/// All pulses of a run; `at_rest` is the voltage of the cell at rest before its first step, V.
pub fn load_pulses(protocol: &Protocol, solution: &Solution, at_rest: f64) -> Vec<LoadPulse> {
    let steps = Steps::new(protocol, solution);
    let (t, v, i) = (
        solution.column(Quantity::TestTime),
        solution.column(Quantity::Voltage),
        solution.column(Quantity::Current),
    );
    let slow: Vec<&[f64]> = solution
        .series
        .columns()
        .iter()
        .filter(|c| SLOW.iter().any(|name| c.label.starts_with(name)))
        .map(|c| &c.values[..])
        .collect();
    let slow = |row: usize| slow.iter().map(|values| values[row]).sum::<f64>();
    let n = solution.steps.len();
    let one = |k: usize| {
        let load = matches!(
            steps.actions[k],
            Some(Action::Current(_) | Action::Power(_) | Action::Resistance(_))
        );
        // A pulse is followed by a rest, but for one that the run ends in; what moves no charge is none.
        let between = (k == 0 || steps.rest(k - 1)) && (k + 1 == n || steps.rest(k + 1));
        let record = &solution.steps[k];
        if !load || !between || record.charge == 0.0 {
            return None;
        }
        let rows = steps.rows(k);
        let (first, last) = (rows.start, rows.end - 1);
        Some(LoadPulse {
            step: k,
            start: t[first],
            duration: record.end - record.start,
            current: i[first],
            charge: record.charge,
            before: if k == 0 { at_rest } else { v[first - 1] },
            first: v[first] + slow(first) - if k == 0 { 0.0 } else { slow(first - 1) },
            last: v[last],
            lowest: v[rows].iter().copied().fold(f64::INFINITY, f64::min),
            after: (k + 1 < n).then(|| v[steps.rows(k + 1).end - 1]),
            cut_off: matches!(record.ended, StepEnd::Limit(_)),
        })
    };
    (0..n).filter_map(one).collect()
}

/// How far a train of discharge pulses goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    /// The pulse with this number, from 1, was the first that came down to the limit.
    Reached(usize),
    /// None did; if charge and drop of the last one repeat, the pulse with this number is the first that will.
    Expected(f64),
    /// None did, and the open-circuit voltage never comes so low.
    Beyond,
}

/// The number of discharge pulses until the voltage `limit`, V; none without a discharge pulse or where the cell is empty already.
///
/// # Equation
/// The first k with `OCV(q_k) - [OCV(q_n) - V_min] ≤ limit` and `q_k = q_n + (k - n) Δq`, where n is the last pulse, V_min its lowest voltage and Δq its charge.
/// `open_circuit` gives the open-circuit voltage, V, after a further charge, C, counted from the start of that pulse; none where the cell is empty.
///
/// # Validity
/// The drop of the last pulse stays, so the estimate is the better the less the resistance changes on the way.
///
/// # Verification
/// `cellwright validate pulses`: a train that is cut short foretells where the whole one ends.
pub fn reach(pulses: &[LoadPulse], limit: f64, open_circuit: impl Fn(f64) -> Option<f64>) -> Option<Reach> {
    let discharge: Vec<&LoadPulse> = pulses.iter().filter(|p| p.charge > 0.0).collect();
    let last = *discharge.last()?;
    // The end at a limit is located to the tolerance of the integration: a microvolt is the limit.
    if let Some(k) = discharge.iter().position(|p| p.lowest <= limit + 1e-6) {
        return Some(Reach::Reached(k + 1));
    }
    let drop = open_circuit(0.0)? - last.lowest;
    let low = |q: f64| open_circuit(q).is_none_or(|v| v - drop <= limit);
    // Doubling finds a charge that is too much, halving the crossing.
    let mut high = last.charge;
    while !low(high) {
        high *= 2.0;
        if high > MOST_PULSES * last.charge {
            return Some(Reach::Beyond);
        }
    }
    let mut above = 0.0;
    for _ in 0..100 {
        let middle = 0.5 * (above + high);
        if low(middle) {
            high = middle;
        } else {
            above = middle;
        }
    }
    // Pulses start at whole multiples of the charge of one.
    let further = (high / last.charge - 1e-9).ceil().max(1.0);
    Some(Reach::Expected(discharge.len() as f64 + further))
}

/// Pulses after which a cell counts as one that is never empty.
const MOST_PULSES: f64 = 1e15;

#[cfg(test)]
mod tests {
    use super::*;

    fn pulse(before: f64, lowest: f64) -> LoadPulse {
        LoadPulse {
            current: 2.0,
            charge: 1.0,
            before,
            first: before - 0.1,
            last: lowest,
            lowest,
            after: Some(before - 0.01),
            ..LoadPulse::default()
        }
    }

    #[test]
    fn a_pulse_is_read_as_a_laboratory_reads_it() {
        let p = pulse(3.8, 3.6);
        assert!((p.resistance() - 0.05).abs() < 1e-12 && (p.end_drop() - 0.2).abs() < 1e-12);
        assert!((p.recovery().unwrap_or_default() - 0.19).abs() < 1e-12);
    }

    #[test]
    fn the_end_of_a_train_is_found_or_foretold() {
        // 10 mV per coulomb and a drop of 0.2 V: 3.8 - 0.01 k - 0.2 comes to 3.005 V before pulse k = 60 further ones.
        let falling = |q: f64| (q < 75.0).then_some(3.8 - 0.01 * q);
        let train = [pulse(3.81, 3.61), pulse(3.8, 3.6)];
        assert_eq!(reach(&train, 3.005, falling), Some(Reach::Expected(2.0 + 60.0)));
        // The cell is empty before the limit.
        assert_eq!(reach(&train, 2.0, falling), Some(Reach::Expected(2.0 + 75.0)));
        assert_eq!(reach(&train, 3.0, |_| Some(3.8)), Some(Reach::Beyond));
        assert_eq!(reach(&train, 3.605, falling), Some(Reach::Reached(2)));
        assert_eq!(reach(&[], 3.0, falling), None);
        let charging = LoadPulse { charge: -1.0, ..train[0] };
        assert_eq!(reach(&[charging], 3.0, falling), None);
    }
}
