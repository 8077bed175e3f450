//! The laws of the electrolyte where no salt is left: how the logarithm of a concentration and the transport coefficients go on at zero and below.
//!
//! # Equation
//! Below a trace ε of the salt the logarithm is continued by its tangent, `ln ε + (c - ε)/ε`, and with it the exchange-current density, `(ε/c_ref)^γ exp(γ (c - ε)/ε)`. Transport coefficients are those of
//! the concentration `c̃ = ε + c²/4ε` from 2ε down to zero and of ε below. All are smooth once.
//!
//! # Validity
//! Nothing changes above 2ε. Below, a volume has no salt: the true potential goes to minus infinity and no current passes. Here it falls by `χ` and `2RT/F γ` for every ε, a volt in some ten ε, so that a
//! cell driven beyond its limiting current runs into its voltage limit at the time at which its salt is used up, to ε over the concentration at the start.
//!
//! # Verification
//! Validation case on Sand's time: the voltage limit beyond the limiting current. `tests/jacobian.rs`: every cell without salt.

use crate::model::{BLOCK, Exchange, Model};

/// The trace of salt over the concentration at the start. Ten times the absolute tolerance of a run, and a ten-thousandth of what a limiting current is
/// known to; the diffusion potential to it is 0.4 to 0.7 V.
pub const TRACE: f64 = 1e-6;
/// Part of the salt at the start below which a volume counts as depleted when a cell gives up.
const POOR: f64 = 0.1;
/// Traces below zero at which even the laws above end: thirty volts further down.
const DEEPEST: f64 = 1e3;

/// ln c and its slope.
#[inline(always)]
pub(crate) fn logarithm(c: f64, trace: f64) -> [f64; 2] {
    if c >= trace {
        [c.ln(), 1.0 / c]
    } else {
        [trace.ln() + (c - trace) / trace, 1.0 / trace]
    }
}

/// c̃ and its slope.
pub(crate) fn held(c: f64, trace: f64) -> [f64; 2] {
    if c >= 2.0 * trace {
        [c, 1.0]
    } else if c > 0.0 {
        [trace + 0.25 * c * c / trace, 0.5 * c / trace]
    } else {
        [trace, 0.0]
    }
}

/// True for a concentration that no state of a cell has.
#[inline(always)]
pub(crate) fn is_beyond(c: f64, trace: f64) -> bool {
    c.is_nan() || c <= -DEEPEST * trace
}

/// Part of the stoichiometry from which on a surface counts as full or empty: within it potentials have no bound.
const LAST: f64 = 1e-3;

impl Model {
    /// What has run out at the state `y`: the unknown and words; `None` if nothing has.
    pub fn exhausted(&mut self, y: &[f64]) -> Option<(usize, &'static str)> {
        let first = self.sites_offset();
        if self.surfaces(y).is_ok() {
            for g in self.groups.iter().filter(|g| g.hosts.is_some() || g.dense.is_some()) {
                for site in g.sites.clone() {
                    match self.work.theta[site] {
                        x if x > 1.0 - LAST => return Some((first + site, "the surface of the host is full of lithium")),
                        x if x < LAST => return Some((first + site, "the surface of the host is empty of lithium")),
                        _ => {}
                    }
                }
            }
        }
        let electrolyte = (0..self.mesh.n_cells()).filter(|k| self.electrolyte.has_concentration() && self.media[*k].has_electrolyte());
        let poorest = electrolyte.min_by(|a, b| y[BLOCK * a].total_cmp(&y[BLOCK * b]))?;
        // At a plane the salt is used up half a volume further on.
        let start = self.electrolyte.trace() / TRACE;
        (y[BLOCK * poorest] < POOR * start).then_some((BLOCK * poorest, "the electrolyte is depleted of salt"))
    }
}

impl Exchange {
    /// The part of the electrolyte below the trace, with its logarithmic derivative in c.
    #[cold]
    pub(crate) fn in_traces(&self, c: f64, reference: f64, trace: f64) -> [f64; 2] {
        let depth = (c - trace) / trace;
        [
            (trace / reference).powf(self.order) * (self.order * depth).exp(),
            self.order / trace,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_slopes_are_continuous() {
        let trace = 1e-3;
        for law in [logarithm, held] {
            for at in [0.0, trace, 2.0 * trace] {
                let h = 1e-9 * trace;
                let (below, above) = (law(at - h, trace), law(at + h, trace));
                assert!(
                    (below[0] - above[0]).abs() <= 1e-6 * above[0].abs() * trace.max(1e-3) + 3e-9,
                    "{at}: {below:?} {above:?}"
                );
                assert!((below[1] - above[1]).abs() <= 1e-6 / trace, "{at}: {below:?} {above:?}");
            }
            for c in [-5.0 * trace, 0.3 * trace, 1.4 * trace, 1.0] {
                let h = 1e-7 * trace;
                let slope = (law(c + h, trace)[0] - law(c - h, trace)[0]) / (2.0 * h);
                assert!((slope - law(c, trace)[1]).abs() <= 1e-4 * (slope.abs() + 1.0), "{c}");
            }
        }
        assert_eq!(held(0.7, trace), [0.7, 1.0]);
        assert_eq!(logarithm(0.7, trace), [0.7f64.ln(), 1.0 / 0.7]);
    }
}
