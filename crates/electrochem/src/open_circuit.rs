//! What happens to the potential of a host that is full or empty where its published curve does not say.
//!
//! # Equation
//! In the last part `w` of the stoichiometry, `s` from 0 to 1, the potential is `U ∓ V₀ s²/(1-s)`: it falls where the host fills up and
//! rises where it empties, smoothly, and without bound. `w` is a hundredth where the curve itself is flat at its end, a thousandth where
//! it is steep.
//!
//! # Validity
//! Outside the measured range of the curve. A fit that stays at 3.9 V up to the last vacancy lets a full film go on working while its
//! neighbours are half empty; the cell then breaks off instead of handing the current on.
//!
//! # Verification
//! `tests/ends.rs`

use crate::curve::{Curve, Jet};
use cellwright_dae::lanes::{Lanes, WIDTH};

/// Part of the stoichiometry in which a host with a flat potential ends, and one whose potential is steep there.
const FLAT: f64 = 1e-2;
const STEEP: f64 = 1e-3;
/// Change of potential between both from which on a curve counts as steep, V: two thermal voltages. An ideal solution changes by 59 mV.
const CHANGE: f64 = 0.05;
/// Scale of the end, V: 50 mV half way, 0.8 V at nine tenths.
const SCALE: f64 = 0.1;

/// A potential with an end on both sides.
#[derive(Clone, Debug)]
pub struct OpenCircuitPotential {
    curve: Curve,
    /// Widths of the empty and the full end.
    widths: [f64; 2],
}

impl OpenCircuitPotential {
    /// Looks at both ends of a potential.
    pub fn new(curve: Curve, temperature: f64) -> OpenCircuitPotential {
        let at = |x: f64| curve.eval(x, temperature).value;
        let width = |outer: f64, inner: f64| if (at(outer) - at(inner)).abs() < CHANGE { FLAT } else { STEEP };
        let widths = [width(STEEP, FLAT), width(1.0 - STEEP, 1.0 - FLAT)];
        OpenCircuitPotential { curve, widths }
    }

    /// Value and derivatives at `x` and `temperature`.
    #[inline(always)]
    pub fn eval(&self, x: f64, temperature: f64) -> Jet {
        let u = self.curve.eval(x, temperature);
        if x > FLAT && x < 1.0 - FLAT { u } else { self.ended(x, u) }
    }

    /// Value and slope at several places.
    #[inline(always)]
    pub(crate) fn eval_together(&self, x: Lanes, temperature: Lanes) -> [Lanes; 2] {
        let mut u = self.curve.eval_together(x, temperature);
        if !(x.at_least(FLAT) && (-x).at_least(FLAT - 1.0)) {
            for l in 0..WIDTH {
                let v = self.eval(x.0[l], temperature.0[l]);
                (u[0].0[l], u[1].0[l]) = (v.value, v.dx);
            }
        }
        u
    }

    #[inline(never)]
    fn ended(&self, x: f64, mut u: Jet) -> Jet {
        let full = x > 0.5;
        let width = self.widths[usize::from(full)];
        let s = 1.0 - if full { 1.0 - x } else { x } / width;
        if s > 0.0 && s < 1.0 {
            let sign = if full { -1.0 } else { 1.0 };
            u.value += sign * SCALE * s * s / (1.0 - s);
            u.dx -= SCALE / width * s * (2.0 - s) / (1.0 - s).powi(2);
        }
        u
    }
}
