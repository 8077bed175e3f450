//! What a spectrum shows at a glance: resistances where it crosses or nears the real axis, and the tops of its arcs.

use super::Spectrum;

/// One marked frequency of a spectrum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Hz.
    pub frequency: f64,
    /// Re Z, ohm.
    pub real: f64,
    /// Im Z, ohm.
    pub imaginary: f64,
}

impl Spectrum {
    /// The spectrum at frequency number `k`.
    pub fn mark(&self, k: usize) -> Mark {
        Mark {
            frequency: self.frequency[k],
            real: self.impedance[k].re,
            imaginary: self.impedance[k].im,
        }
    }

    /// Tops of the arcs, from high to low frequency: local maxima of -Im Z.
    pub fn tops(&self) -> Vec<Mark> {
        self.turns(|before, here, after| here > before && here >= after)
    }

    /// Feet between arcs, from high to low frequency: local minima of -Im Z.
    pub fn feet(&self) -> Vec<Mark> {
        self.turns(|before, here, after| here < before && here <= after)
    }

    fn turns(&self, is: impl Fn(f64, f64, f64) -> bool) -> Vec<Mark> {
        let y: Vec<f64> = self.impedance.iter().map(|z| -z.im).collect();
        let inner = 1..y.len().saturating_sub(1);
        inner.filter(|&k| is(y[k - 1], y[k], y[k + 1])).map(|k| self.mark(k)).collect()
    }
}
