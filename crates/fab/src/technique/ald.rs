//! Atomic layer deposition as a front: exposure that a channel needs, and how far a given exposure reaches.

use super::channel::Channel;
use cellwright_base::constants::{AVOGADRO, BOLTZMANN};
use std::f64::consts::PI;

/// What the gas phase of one half-cycle brings along.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precursor {
    /// Molar mass, kg/mol.
    pub molar_mass: f64,
    /// Molecules that a saturated surface takes up per area and cycle, 1/m².
    pub site_density: f64,
    /// Temperature of the gas, K.
    pub temperature: f64,
}

impl Precursor {
    /// Exposure that saturates an open flat surface if every molecule sticks, Pa s.
    ///
    /// # Equation
    /// S sqrt(2π m k T): sites per area over the impingement rate per pressure, 1/sqrt(2π m k T).
    pub fn flat_exposure(&self) -> f64 {
        self.site_density * (2.0 * PI * self.molar_mass / AVOGADRO * BOLTZMANN * self.temperature).sqrt()
    }

    /// Mean speed of the molecules, m/s: sqrt(8 k T/(π m)).
    pub fn mean_speed(&self) -> f64 {
        (8.0 * BOLTZMANN * self.temperature / (PI * self.molar_mass / AVOGADRO)).sqrt()
    }
}

/// Exposure (pressure times time of one pulse) that coats a channel of the given `a` down to its bottom, Pa s.
///
/// # Equation
/// P t = S sqrt(2π m k T) (1 + 19a/4 + 3a²/2). The last term follows from a front that moves by Knudsen diffusion with D = d v/3.
///
/// # Validity
/// Free molecular flow, every molecule sticks on the bare wall. Use the narrowest section, after the film has grown.
///
/// # Source
/// Gordon et al., Chem. Vap. Deposition 9 (2003) 73, doi:10.1002/cvde.200390005.
///
/// # Verification
/// `technique_ald::exposures_of_the_reference_table`.
pub fn exposure(precursor: &Precursor, a: f64) -> f64 {
    precursor.flat_exposure() * bracket(a)
}

fn bracket(a: f64) -> f64 {
    1.0 + 4.75 * a + 1.5 * a * a
}

/// The `a` down to which an exposure (Pa s) coats: the inverse of [`exposure`]; zero if it does not even saturate the open surface.
///
/// # Equation
/// a = (−19/4 + sqrt((19/4)² + 6 (K − 1)))/3 with K = P t/(S sqrt(2π m k T)).
pub fn penetration(precursor: &Precursor, exposure: f64) -> f64 {
    let k = exposure / precursor.flat_exposure();
    if k <= 1.0 {
        return 0.0;
    }
    // Written without the difference of nearly equal numbers that the formula has for K near 1.
    2.0 * (k - 1.0) / (4.75 + (4.75 * 4.75 + 6.0 * (k - 1.0)).sqrt())
}

/// Depth down to which an exposure (Pa s) coats the channel, m; at most its depth.
pub fn penetration_depth(precursor: &Precursor, channel: &Channel, exposure: f64) -> f64 {
    let reach = penetration(precursor, exposure);
    if reach >= channel.a {
        return channel.depth;
    }
    channel.depth * reach / channel.a
}

/// Thickness after `cycles` cycles at the depth `depth` (m) of a channel: all of it above the front, nothing below, m.
pub fn thickness_at(growth_per_cycle: f64, cycles: f64, precursor: &Precursor, channel: &Channel, exposure: f64, depth: f64) -> f64 {
    let front = penetration_depth(precursor, channel, exposure);
    if depth <= front { growth_per_cycle * cycles } else { 0.0 }
}

/// Diffusion coefficient of a gas in a narrow channel, m²/s: 1/D = 1/D_A + 1/D_Kn.
///
/// # Equation
/// Knudsen part D_Kn = d v/3 with the hydraulic diameter d and the mean speed v; `molecular` is D_A, infinite without a carrier gas.
///
/// # Source
/// Bosanquet, as used by Ylilammi et al., J. Appl. Phys. 123 (2018) 205301, doi:10.1063/1.5028178.
pub fn diffusion_coefficient(precursor: &Precursor, channel: &Channel, molecular: f64) -> f64 {
    let knudsen = channel.hydraulic_diameter() * precursor.mean_speed() / 3.0;
    1.0 / (1.0 / knudsen + 1.0 / molecular)
}

/// Diffusion coefficient of hard spheres of masses m₁, m₂ (kg/mol) and diameters d₁, d₂ (m) at a total pressure (Pa), m²/s.
///
/// # Equation
/// D = 3/(8 n σ²) sqrt(k T/(2π μ)), n = P/(kT), σ = (d₁ + d₂)/2, reduced mass μ (Chapman–Enskog, first order).
///
/// # Source
/// Chapman and Cowling, The Mathematical Theory of Non-uniform Gases, 3rd ed. (1970), section 14.2.
pub fn hard_sphere_diffusion(temperature: f64, pressure: f64, molar_masses: [f64; 2], diameters: [f64; 2]) -> f64 {
    let kt = BOLTZMANN * temperature;
    let mu = molar_masses[0] * molar_masses[1] / (molar_masses[0] + molar_masses[1]) / AVOGADRO;
    let sigma = 0.5 * (diameters[0] + diameters[1]);
    3.0 * kt / (8.0 * pressure * sigma * sigma) * (kt / (2.0 * PI * mu)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TMA: Precursor = Precursor {
        molar_mass: 0.072_09,
        site_density: 4e18,
        temperature: 473.15,
    };

    #[test]
    fn penetration_inverts_exposure() {
        for a in [0.0, 1e-9, 1e-3, 1.0, 43.0, 3e3] {
            let back = penetration(&TMA, exposure(&TMA, a));
            assert!((back - a).abs() <= 1e-6 * a + 1e-14, "{a} {back}");
        }
        assert_eq!(penetration(&TMA, 0.0), 0.0);
    }

    #[test]
    fn the_front_is_sharp_and_stops_at_the_bottom() {
        let hole = Channel::hole(10e-6, 1e-6);
        let dose = exposure(&TMA, 5.0);
        let t = |z| thickness_at(0.1e-9, 100.0, &TMA, &hole, dose, z);
        assert_eq!((t(4.999e-6), t(5.001e-6)), (10e-9, 0.0));
        assert_eq!(penetration_depth(&TMA, &hole, exposure(&TMA, 11.0)), 10e-6);
    }

    #[test]
    fn nitrogen_in_nitrogen_diffuses_as_measured() {
        // Self-diffusion of nitrogen at 273 K and 101325 Pa is 1.78e-5 m²/s (Winn 1950, doi:10.1103/PhysRev.80.1024); its viscosity diameter is 0.375 nm.
        let d = hard_sphere_diffusion(273.15, 101_325.0, [0.028; 2], [0.375e-9; 2]);
        assert!((d / 1.78e-5 - 1.0).abs() < 0.2, "{d}");
    }

    #[test]
    fn narrow_channels_diffuse_by_knudsen_wide_ones_by_molecules() {
        let molecular = 1e-3;
        let d = |w| diffusion_coefficient(&TMA, &Channel::hole(1e-3, w), molecular);
        assert!((d(1e-9) / (1e-9 * TMA.mean_speed() / 3.0) - 1.0).abs() < 1e-3);
        assert!((d(1.0) / molecular - 1.0).abs() < 1e-1);
    }
}
