//! Cyclic voltammetry: what is read from sweeps of the voltage at one or several rates.
//!
//! # Equation
//! Peak current against rate, `log i_p = b log ν + const`: b = 1/2 where diffusion in a thick host decides (Randles–Ševčík), b = 1 where a thin host
//! follows the surface. A peak is the vertex of the parabola through all rows that carry more than 99 % of the largest current inside a sweep.
//!
//! # Verification
//! `cellwright validate voltammetry`: both limits against their closed forms.

use crate::protocol::{Action, Protocol};
use crate::results::Quantity;
use crate::solution::Solution;

/// One sweep in one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Scan {
    /// Step of the solution.
    pub step: usize,
    /// Slope, V/s; negative when the voltage falls.
    pub rate: f64,
    /// V.
    pub voltage: Vec<f64>,
    /// A, discharge positive.
    pub current: Vec<f64>,
    /// Largest current in the direction of the sweep, if it lies inside.
    pub peak: Option<Peak>,
}

/// A current peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// V.
    pub voltage: f64,
    /// A, discharge positive.
    pub current: f64,
    /// Full width at half of the peak current, V; none where the current does not fall to half on both sides.
    pub width: Option<f64>,
}

/// A falling and the rising sweep after or before it, at one rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Magnitude of the rate, V/s.
    pub rate: f64,
    /// Peak of the falling sweep: lithium enters the positive electrode.
    pub falling: Peak,
    /// Peak of the rising sweep.
    pub rising: Peak,
}

impl Pair {
    /// Distance of the peaks, V.
    pub fn separation(&self) -> f64 {
        self.rising.voltage - self.falling.voltage
    }
}

/// All sweeps of a run, in order.
pub fn scans(protocol: &Protocol, solution: &Solution) -> Vec<Scan> {
    let (v, i) = (solution.column(Quantity::Voltage), solution.column(Quantity::Current));
    let mut out = vec![];
    let mut leaves = protocol.unrolled().peekable();
    for (step, record) in solution.steps.iter().enumerate() {
        while leaves.peek().is_some_and(|l| l.index < record.index) {
            leaves.next();
        }
        let Some(Action::Sweep { to, rate, .. }) = leaves.peek().map(|l| &l.step.action) else {
            continue;
        };
        let end = solution.steps.get(step + 1).map_or(solution.series.len(), |s| s.first_row);
        let rows = record.first_row..end;
        let (voltage, current) = (v[rows.clone()].to_vec(), i[rows].to_vec());
        let Some(first) = voltage.first() else { continue };
        let rate = rate * (to - first).signum();
        out.push(Scan {
            step,
            rate,
            peak: peak(&voltage, &current, -rate.signum()),
            voltage,
            current,
        });
    }
    out
}

/// Rows above this share of the largest current make the parabola.
const CREST: f64 = 0.99;

/// Vertex of the least-squares parabola, which must open downwards.
fn vertex(x: &[f64], y: &[f64]) -> Option<(f64, f64)> {
    let n = x.len() as f64;
    let (mean, width) = (x.iter().sum::<f64>() / n, x[x.len() - 1] - x[0]);
    let u: Vec<f64> = x.iter().map(|x| (x - mean) / width).collect();
    let moment = |power: i32| u.iter().map(|u| u.powi(power)).sum::<f64>() / n;
    let load = |power: i32| u.iter().zip(y).map(|(u, y)| y * u.powi(power)).sum::<f64>() / n;
    // Σ u = 0: mean and slope decouple but for the third moment.
    let (m2, m3, m4) = (moment(2), moment(3), moment(4));
    let (l0, l1, l2) = (load(0), load(1), load(2));
    let bend = (l2 - m2 * l0 - m3 * l1 / m2) / (m4 - m2 * m2 - m3 * m3 / m2);
    let slope = (l1 - m3 * bend) / m2;
    let level = l0 - m2 * bend;
    let at = -0.5 * slope / bend;
    (bend < 0.0).then_some((mean + width * at, level + 0.5 * slope * at))
}

/// The peak of the current times `sign`.
fn peak(voltage: &[f64], current: &[f64], sign: f64) -> Option<Peak> {
    let value = |k: usize| sign * current[k];
    // The first row may hold the jump of a start.
    let inner = 2..current.len().saturating_sub(1);
    let top = inner.max_by(|a, b| value(*a).total_cmp(&value(*b)))?;
    if value(top) <= 0.0 || value(top - 1) > value(top) || value(top + 1) > value(top) || top == 2 {
        return None;
    }
    let near = |k: &usize| value(*k) >= CREST * value(top);
    let first = (1..=top).rev().take_while(near).last().unwrap_or(top).min(top - 1);
    let last = (top..current.len()).take_while(near).last().unwrap_or(top).max(top + 1);
    let (vertex, height) = vertex(&voltage[first..=last], &(first..=last).map(value).collect::<Vec<f64>>())?;
    let half = 0.5 * height;
    let crossing = |from: usize, to: usize| {
        let t = (half - value(from)) / (value(to) - value(from));
        voltage[from] + t * (voltage[to] - voltage[from])
    };
    let before = (1..=top).rev().find(|k| value(k - 1) <= half).map(|k| crossing(k - 1, k));
    let after = (top..current.len() - 1).find(|k| value(k + 1) <= half).map(|k| crossing(k, k + 1));
    Some(Peak {
        voltage: vertex,
        current: sign * height,
        width: before.zip(after).map(|(a, b)| (b - a).abs()),
    })
}

/// The last falling and the last rising sweep at each rate, slow to fast.
pub fn pairs(scans: &[Scan]) -> Vec<Pair> {
    let mut rates: Vec<f64> = scans.iter().map(|s| s.rate.abs()).collect();
    rates.sort_by(f64::total_cmp);
    rates.dedup_by(|b, a| *b <= *a * (1.0 + 1e-9));
    let last = |rate: f64| {
        let same = move |s: &&Scan| (s.rate / rate - 1.0).abs() < 1e-9;
        scans.iter().rev().find(same).and_then(|s| s.peak)
    };
    let pair = |rate: f64| {
        Some(Pair {
            rate,
            falling: last(-rate)?,
            rising: last(rate)?,
        })
    };
    rates.into_iter().filter_map(pair).collect()
}

/// Exponent b of `i_p ∝ ν^b` by least squares in the logarithms; none for fewer than two rates.
pub fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logs: Vec<(f64, f64)> = points.iter().map(|(v, i)| (v.ln(), i.abs().ln())).collect();
    let n = logs.len() as f64;
    let (x, y) = logs.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
    let (sxy, sxx) = logs
        .iter()
        .fold((0.0, 0.0), |(a, b), p| (a + (p.0 - x) * (p.1 - y), b + (p.0 - x).powi(2)));
    (logs.len() > 1 && sxx > 0.0).then(|| sxy / sxx)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hill `1/cosh²`, whose place, height and half width are known.
    #[test]
    fn a_peak_has_place_height_and_width() {
        let voltage: Vec<f64> = (0..=400).map(|k| 4.0 - 0.0025 * k as f64).collect();
        let current: Vec<f64> = voltage.iter().map(|v| 3e-6 / ((v - 3.6013) / 0.05).cosh().powi(2)).collect();
        let p = peak(&voltage, &current, 1.0).expect("a hill");
        assert!((p.voltage - 3.6013).abs() < 1e-5 && (p.current / 3e-6 - 1.0).abs() < 1e-4, "{p:?}");
        let exact = 2.0 * 0.05 * (2f64.sqrt()).acosh();
        assert!((p.width.unwrap_or(0.0) / exact - 1.0).abs() < 1e-3, "{p:?} {exact}");
        assert!(peak(&voltage, &voltage, 1.0).is_none() && peak(&voltage[..2], &current[..2], 1.0).is_none());
    }

    #[test]
    fn the_exponent_is_a_slope() {
        let points: Vec<(f64, f64)> = [1e-4f64, 1e-3, 1e-2].map(|v| (v, -4.0 * v.powf(0.7))).to_vec();
        assert!((exponent(&points).unwrap_or(0.0) - 0.7).abs() < 1e-12);
        assert_eq!(exponent(&points[..1]), None);
    }
}
