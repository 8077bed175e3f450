//! What happens to the potential of a host that is full or empty where its published curve does not say.
//!
//! # Equation
//! In the last hundredth of the stoichiometry, `s` from 0 to 1, the potential is `U ∓ V₀ s²/(1-s)`: it falls where the host fills up
//! and rises where it empties, smoothly, and without bound. Only at an end where the curve itself is flat: steep curves end by themselves.
//!
//! # Validity
//! Outside the measured range of the curve. A fit that stays at 3.9 V up to the last vacancy lets a full film go on working while its
//! neighbours are half empty; the cell then breaks off instead of handing the current on.
//!
//! # Verification
//! `tests/ends.rs`

use crate::curve::{Curve, Jet};

/// Part of the stoichiometry in which a host ends.
const WIDTH: f64 = 0.01;
/// Change of potential over the last nine tenths of that part below which a curve has no end of its own, V: four thermal voltages.
const FLAT: f64 = 0.1;
/// Scale of the end, V: 50 mV half way, 0.8 V at nine tenths.
const SCALE: f64 = 0.1;

/// A potential with an end on both sides.
#[derive(Clone, Debug)]
pub struct Ended {
    curve: Curve,
    /// Whether the empty and the full end are added.
    added: [bool; 2],
}

impl Ended {
    /// Looks at both ends of a potential.
    pub fn new(curve: Curve, temperature: f64) -> Ended {
        let at = |x: f64| curve.eval(x, temperature).value;
        let flat = |outer: f64, inner: f64| (at(outer) - at(inner)).abs() < FLAT;
        let added = [flat(0.1 * WIDTH, WIDTH), flat(1.0 - 0.1 * WIDTH, 1.0 - WIDTH)];
        Ended { curve, added }
    }

    /// Value and derivatives at `x` and `temperature`.
    #[inline(always)]
    pub fn eval(&self, x: f64, temperature: f64) -> Jet {
        let u = self.curve.eval(x, temperature);
        if x > WIDTH && x < 1.0 - WIDTH { u } else { self.ended(x, u) }
    }

    #[inline(never)]
    fn ended(&self, x: f64, mut u: Jet) -> Jet {
        let full = x > 0.5;
        let s = if full { 1.0 - (1.0 - x) / WIDTH } else { 1.0 - x / WIDTH };
        if self.added[usize::from(full)] && s > 0.0 && s < 1.0 {
            let sign = if full { -1.0 } else { 1.0 };
            u.value += sign * SCALE * s * s / (1.0 - s);
            u.dx -= SCALE / WIDTH * s * (2.0 - s) / (1.0 - s).powi(2);
        }
        u
    }
}
