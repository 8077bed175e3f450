//! Titration of a host: the diffusion coefficient that a laboratory would extract from pulses of current (GITT) or steps of voltage (PITT).
//!
//! # Equation
//! GITT: `D = (4/π) [L ΔE_s/(τ dE/d√t)]²` (Weppner and Huggins), ΔE_s between the rests before and after a pulse of length τ, dE/d√t inside it.
//! PITT: `D = -(4 L²/π²) d ln|I|/dt` late in a step of voltage. L is volume over surface of the host: thickness of a film, R/3 of a sphere.
//!
//! # Validity
//! One host against lithium metal. GITT: `D τ/L²` below [`SHORT`]; rests that have ended; no other slow process in the cell. PITT: a slab, a step small
//! enough that D stays the same, an end of the step long after L²/D. [`Pulse::doubts`] and [`Hold::doubts`] say which of these a measurement itself shows to be broken.
//!
//! # Source
//! Weppner, Huggins, J. Electrochem. Soc. 124 (1977) 1569, <https://doi.org/10.1149/1.2133112>; Wen, Boukamp, Huggins, Weppner, J. Electrochem. Soc. 126
//! (1979) 2258, <https://doi.org/10.1149/1.2128939>.
//!
//! # Verification
//! `cellwright validate titration`: the diffusivity that was put in comes back.

use crate::protocol::{Action, Protocol};
use crate::results::Quantity;
use crate::solution::Solution;
use crate::steps::Steps;
use std::ops::Range;

/// `D τ/L²` up to which a pulse sees a host without an end.
pub const SHORT: f64 = 0.1;
/// Drift of the voltage in the last fifth of a rest, over ΔE_s, beyond which the rest had not ended.
const RESTING: f64 = 0.01;
/// Change of the slope of the open-circuit curve over the excursion of the surface, relative, beyond which the pulse is not linear.
const STRAIGHT: f64 = 0.02;
/// Part of a pulse, in √(t/τ), that the straight line is fitted to.
const WINDOW: [f64; 2] = [0.15, 0.7];
/// Part of the charge of a step of voltage after which, and up to which, its current falls as one exponential.
const LATE: [f64; 2] = [0.7, 0.95];

/// What is titrated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Host {
    /// Volume over surface, m.
    pub depth: f64,
    /// Charge that fills it from empty, C.
    pub capacity: f64,
    /// Stoichiometry at the start of the test.
    pub start: f64,
    /// +1 if discharge fills it (positive electrode), -1 if discharge empties it.
    pub sign: f64,
}

/// A reason not to believe a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The pulse was long enough to reach the end of the host.
    Long,
    /// A rest had not ended.
    Unrested,
    /// The open-circuit curve bends within what the surface went through.
    Curved,
    /// The step ended before the current fell as one exponential.
    Short,
}

/// One pulse of current between two rests.
#[derive(Clone, Debug, PartialEq)]
pub struct Pulse {
    /// Step of the solution.
    pub step: usize,
    /// Mean stoichiometry in the middle of the pulse.
    pub stoichiometry: f64,
    /// Voltage at the end of the rest after it, V.
    pub voltage: f64,
    /// Extracted D, m²/s.
    pub diffusivity: f64,
    /// What the measurement itself puts in doubt.
    pub doubts: Vec<Doubt>,
}

/// One step of voltage after which the current decays.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// Step of the solution.
    pub step: usize,
    /// Mean stoichiometry at its end.
    pub stoichiometry: f64,
    /// V.
    pub voltage: f64,
    /// Extracted D, m²/s.
    pub diffusivity: f64,
    /// What the measurement itself puts in doubt.
    pub doubts: Vec<Doubt>,
}

/// Mean stoichiometry of the host at a row.
fn stoichiometry(solution: &Solution, row: usize, host: &Host) -> f64 {
    host.start + host.sign * solution.passed(row) / host.capacity
}

/// All pulses of a run that stand between two rests.
pub fn pulses(protocol: &Protocol, solution: &Solution, host: &Host) -> Vec<Pulse> {
    let steps = Steps::new(protocol, solution);
    let (t, v) = (solution.column(Quantity::TestTime), solution.column(Quantity::Voltage));
    let middle = 1..solution.steps.len().saturating_sub(1);
    let titrated = middle.filter(|&k| matches!(steps.actions[k], Some(Action::Current(_))) && steps.rest(k - 1) && steps.rest(k + 1));
    let one = |k: usize| {
        let (rows, before, after) = (steps.rows(k), steps.rows(k - 1), steps.rows(k + 1));
        let (first, last) = (rows.start, rows.end - 1);
        let tau = t[last] - t[first];
        let change = v[after.end - 1] - v[before.end - 1];
        let inside = rows.filter(|r| {
            let part = ((t[*r] - t[first]) / tau).sqrt();
            (WINDOW[0]..=WINDOW[1]).contains(&part)
        });
        let slope = slope(inside.map(|r| ((t[r] - t[first]).sqrt(), v[r])))?;
        let ratio = host.depth * change / (tau * slope);
        let diffusivity = 4.0 / std::f64::consts::PI * ratio * ratio;
        let mut doubts = vec![];
        if diffusivity * tau > SHORT * host.depth * host.depth {
            doubts.push(Doubt::Long);
        }
        if [before, after.clone()].iter().any(|r| drift(t, v, r) > RESTING * change.abs()) {
            doubts.push(Doubt::Unrested);
        }
        let [from, to] = [first, last].map(|r| stoichiometry(solution, r, host));
        // Slope of the open-circuit curve, and how far the surface goes from the mean: ΔE_t over that slope.
        let curve = change / (to - from);
        let excursion = slope * tau.sqrt() / curve;
        let pulse = || Pulse {
            step: k,
            stoichiometry: 0.5 * (from + to),
            voltage: v[after.end - 1],
            diffusivity,
            doubts,
        };
        (diffusivity.is_finite() && diffusivity > 0.0).then(|| (pulse(), [curve, excursion]))
    };
    let mut found: Vec<(Pulse, [f64; 2])> = titrated.filter_map(one).collect();
    for k in 0..found.len() {
        let (a, b) = (&found[k.saturating_sub(1)], &found[(k + 1).min(found.len() - 1)]);
        let apart = b.0.stoichiometry - a.0.stoichiometry;
        let [slope, excursion] = found[k].1;
        let bend = (b.1[0] - a.1[0]) / apart * excursion / slope;
        if apart != 0.0 && bend.abs() > STRAIGHT {
            found[k].0.doubts.push(Doubt::Curved);
        }
    }
    found.into_iter().map(|f| f.0).collect()
}

/// All steps of voltage of a run whose current decays.
pub fn holds(protocol: &Protocol, solution: &Solution, host: &Host) -> Vec<Hold> {
    let steps = Steps::new(protocol, solution);
    let (t, i) = (solution.column(Quantity::TestTime), solution.column(Quantity::Current));
    let one = |k: usize| {
        let Some(Action::Voltage(voltage)) = steps.actions[k] else {
            return None;
        };
        // A step of voltage comes after a rest or after another one; a hold after a charge or a sweep is none.
        let settled = |before: usize| matches!(steps.actions[before], Some(Action::Rest | Action::Voltage(_)));
        if k > 0 && !settled(k - 1) {
            return None;
        }
        let rows = steps.rows(k);
        let (first, last) = (rows.start, rows.end - 1);
        let whole = solution.passed(last) - solution.passed(first);
        let late = rows.filter(|r| (LATE[0]..=LATE[1]).contains(&((solution.passed(*r) - solution.passed(first)) / whole)));
        let points: Vec<(f64, f64)> = late.map(|r| (t[r], i[r].abs().ln())).collect();
        let rate = -slope(points.iter().copied())?;
        let diffusivity = 4.0 * host.depth * host.depth * rate / (std::f64::consts::PI * std::f64::consts::PI);
        let mut doubts = vec![];
        // What is still to pass must not move the shares of the charge.
        if i[last].abs() / rate > RESTING * whole.abs() {
            doubts.push(Doubt::Short);
        }
        (diffusivity.is_finite() && diffusivity > 0.0).then(|| Hold {
            step: k,
            stoichiometry: stoichiometry(solution, last, host),
            voltage: *voltage,
            diffusivity,
            doubts,
        })
    };
    (0..solution.steps.len()).filter_map(one).collect()
}

/// Change of the voltage in the last fifth of a step, V.
fn drift(t: &[f64], v: &[f64], rows: &Range<usize>) -> f64 {
    let last = rows.end - 1;
    let from = t[last] - 0.2 * (t[last] - t[rows.start]);
    let k = rows.start + t[rows.clone()].partition_point(|t| *t < from).min(rows.len() - 1);
    (v[last] - v[k]).abs()
}

/// Slope of the straight line through points, by least squares; none for fewer than three.
fn slope(points: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let points: Vec<(f64, f64)> = points.collect();
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
    let (sxy, sxx) = points
        .iter()
        .fold((0.0, 0.0), |(a, b), p| (a + (p.0 - x) * (p.1 - y), b + (p.0 - x).powi(2)));
    (points.len() > 2 && sxx > 0.0).then(|| sxy / sxx)
}
