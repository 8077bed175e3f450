//! What is left of a cell that lies on the shelf: charge that leaks, lithium that water takes.
//!
//! # Equation
//! With the charge q that leaked (C) and the lithium w that water took (C), the electrodes hold `N₋ = N₋⁰ - q - w` and `N₊ = N₊⁰ + q`.
//!
//! ```text
//! dq/dt = g (U₊(N₊) - U₋(N₋))        dw/dt = J F A / M_H2O
//! ```
//!
//! g is the electronic conductance of the electrolyte (S), J the water vapour transmission of the package (kg/(m² s)), A its area (m²).
//! The charge left is what brings the open-circuit voltage down to the lower limit, or one electrode to its end. Leakage goes the way of
//! a discharge, so `left(q, w) = left(0, w) - q`: the leakage costs q, the water `left(0, 0) - left(0, w)`, whatever came first.
//!
//! # Validity
//! Currents so small that the cell is at rest. All water that comes in takes lithium, 2 Li + 2 H₂O → 2 LiOH + H₂, one lithium a
//! molecule: an upper bound. Lithium beyond what the positive electrode can take up is lost first, without loss of charge.
//!
//! # Verification
//! `cellwright validate shelf`: straight potentials at every moment, an empty cell, spare metal; here a potential that runs away.

use cellwright_base::constants::FARADAY;

/// Molar mass of water, kg/mol (IUPAC 2021, doi:10.1515/pac-2019-0603: H 1.008, O 15.999).
pub const WATER_MOLAR_MASS: f64 = 18.015e-3;
/// Lithium that one molecule of water takes, to LiOH.
pub const LITHIUM_PER_WATER: f64 = 1.0;
/// Steps over the whole time, and over the whole charge: a step takes the smaller.
const STEPS: f64 = 400.0;
/// Halvings of an interval: beyond the last bit of a number.
const HALVINGS: usize = 200;

/// Lithium lost to water that comes through a seal, as a current density, A/m².
///
/// # Equation
/// `j = J F / M_H2O`, from 2 Li + 2 H₂O → 2 LiOH + H₂.
///
/// # Units
/// `transmission` in kg/(m² s); 1 g/(m² day) is 1.157e-8 kg/(m² s).
pub fn water_current_density(transmission: f64) -> f64 {
    LITHIUM_PER_WATER * FARADAY * transmission / WATER_MOLAR_MASS
}

/// An electrode at rest; lithium is counted as charge, C.
#[derive(Clone, Copy)]
pub struct Store<'a> {
    /// Lithium in it.
    pub lithium: f64,
    /// Lithium it can hold; infinite for metal.
    pub capacity: f64,
    /// Potential against lithium, V, with that much lithium in it.
    pub potential: &'a dyn Fn(f64) -> f64,
}

/// A cell on the shelf.
#[derive(Clone, Copy)]
pub struct Stored<'a> {
    /// Negative electrode.
    pub negative: Store<'a>,
    /// Positive electrode.
    pub positive: Store<'a>,
    /// Voltage at which the cell is empty, V.
    pub lower_limit: f64,
    /// Electronic conductance of the electrolyte, S.
    pub leakage: f64,
    /// Lithium lost to water, A.
    pub water: f64,
}

/// One moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Time, s.
    pub time: f64,
    /// Open-circuit voltage, V.
    pub voltage: f64,
    /// Charge that can still be delivered, C.
    pub left: f64,
    /// Charge lost to leakage, C.
    pub leaked: f64,
    /// Charge lost for want of the lithium that water took, C.
    pub lost_to_water: f64,
    /// Lithium that water took, C; above `lost_to_water` while there is more than the positive electrode can take up.
    pub taken: f64,
}

impl Stored<'_> {
    /// Open-circuit voltage, V, after the leakage `q` and with the lithium `w` taken, C.
    pub fn voltage(&self, q: f64, w: f64) -> f64 {
        let (n, p) = (&self.negative, &self.positive);
        (p.potential)(p.lithium + q) - (n.potential)(n.lithium - q - w)
    }

    /// Charge, C, that can be delivered after the leakage `q` and with the lithium `w` taken.
    pub fn left(&self, q: f64, w: f64) -> f64 {
        let room = self.positive.capacity - self.positive.lithium - q;
        let most = room.min(self.negative.lithium - q - w).max(0.0);
        // What is no number lies beyond an end of a potential.
        let holds = |d: f64| self.voltage(q + d, w) >= self.lower_limit;
        if holds(most) {
            return most;
        }
        let (mut low, mut high) = (0.0, most);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if holds(middle) { low = middle } else { high = middle }
        }
        low
    }

    /// The cell from now until `span`, s, or until it is empty.
    ///
    /// The classical Runge–Kutta method of fourth order; no step takes more than a part of the time or of the charge.
    pub fn store(&self, span: f64) -> Vec<Moment> {
        let whole = self.left(0.0, 0.0);
        let taken = |t: f64| (self.water * t).min(self.negative.lithium);
        // Held at the lower limit beyond it, where a potential runs away: a step that ends before it may look further.
        let rate = |t: f64, q: f64| self.leakage * self.voltage(q, taken(t)).max(self.lower_limit);
        let moment = |time: f64, q: f64| {
            let w = taken(time);
            Moment {
                time,
                voltage: self.voltage(q, w),
                left: self.left(q, w),
                leaked: q,
                lost_to_water: whole - self.left(0.0, w),
                taken: w,
            }
        };
        let mut out = vec![moment(0.0, 0.0)];
        let (mut t, mut q) = (0.0, 0.0);
        while t < span && whole > 0.0 {
            let drain = rate(t, q).abs() + self.water;
            let mut step = (span / STEPS).min(whole / (STEPS * drain)).min(span - t);
            let after = |h: f64| {
                let a = rate(t, q);
                let b = rate(t + 0.5 * h, q + 0.5 * h * a);
                let c = rate(t + 0.5 * h, q + 0.5 * h * b);
                let d = rate(t + h, q + h * c);
                q + h / 6.0 * (a + 2.0 * b + 2.0 * c + d)
            };
            let empty = |h: f64| self.left(after(h), taken(t + h)) <= 0.0;
            let last = empty(step);
            if last {
                let (mut low, mut high) = (0.0, step);
                for _ in 0..HALVINGS {
                    let middle = 0.5 * (low + high);
                    if middle <= low || middle >= high {
                        break;
                    }
                    if empty(middle) { high = middle } else { low = middle }
                }
                step = low;
            }
            q = after(step);
            t = if step < span - t { t + step } else { span };
            out.push(moment(t, q));
            if last {
                break;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: f64 = cellwright_base::constants::JULIAN_YEAR;

    #[test]
    fn a_potential_that_runs_away_is_an_end_like_any_other() {
        // U = 4 - 1/(60 - N), to infinity at 60 C; the limit of 3 V stands at 59 C.
        let (metal, wall) = (
            |_: f64| 0.0,
            |n: f64| if n < 60.0 { 4.0 - 1.0 / (60.0 - n) } else { f64::NEG_INFINITY },
        );
        for (leakage, water) in [(1e-8, 0.0), (1e-8, 3e-7), (1e-7, 1e-9)] {
            let cell = Stored {
                negative: Store {
                    lithium: 40.0,
                    capacity: f64::INFINITY,
                    potential: &metal,
                },
                positive: Store {
                    lithium: 20.0,
                    capacity: 60.0,
                    potential: &wall,
                },
                lower_limit: 3.0,
                leakage,
                water,
            };
            let moments = cell.store(100.0 * YEAR);
            let last = moments[moments.len() - 1];
            assert!((moments[0].left - 39.0).abs() < 1e-9 && last.left < 1e-9, "{last:?}");
            for m in &moments {
                assert!(
                    (m.left + m.leaked + m.lost_to_water - 39.0).abs() < 1e-9 && m.leaked >= 0.0 && m.leaked <= 39.0 + 1e-9,
                    "{m:?}"
                );
                // ∫ dq/U with s = 60 - N: s/4 + ln(4 s - 1)/16.
                let f = |s: f64| s / 4.0 + (4.0 * s - 1.0).ln() / 16.0;
                let exact = (f(40.0) - f(40.0 - m.leaked)) / leakage;
                assert!((m.time - exact).abs() < 1e-7 * exact.max(1.0), "{m:?} {exact}");
            }
        }
    }
}
