//! Interfaces of dense electrodes that are meshed: the stoichiometry right at the interface.
//!
//! # Equation
//! Half a volume of depth d lies between its centre and the interface: `θ_s = c/c_max - j d / (F c_max D(c))`.

use crate::group::{Dense, Electrons};
use crate::heat::Temperature;
use crate::model::BLOCK;
use cellwright_base::constants::FARADAY;

/// How the stoichiometry at an interface follows from the volume behind it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DenseSite {
    /// Minus ∂θ_s/∂j, m²/A.
    pub gain: f64,
    /// ∂θ_s/∂c, m³/mol.
    pub theta_c: f64,
}

impl Dense {
    /// Stoichiometries at all interfaces under the current densities `j`.
    pub(crate) fn surface<T: Temperature>(
        &self,
        y: &[f64],
        (electrons, first): (&[Electrons], usize),
        j: &[f64],
        temperature: T,
        theta: &mut [f64],
        sites: &mut [DenseSite],
    ) {
        let per = 1.0 / self.maximum_concentration;
        for (s, electrons) in electrons.iter().enumerate() {
            let Electrons::Volume(k) = electrons else { continue };
            let mean = y[BLOCK * k] * per;
            let d = self.diffusion.eval(mean, temperature.site(first + s));
            let gain = self.distances[s] * per / (FARADAY * d.value);
            theta[s] = mean - gain * j[s];
            sites[s] = DenseSite {
                gain,
                theta_c: per * (1.0 + gain * j[s] * d.dx / d.value),
            };
        }
    }
}
