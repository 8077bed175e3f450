//! Stress in a free body whose lithium is uneven: slab, cylinder and sphere.
//!
//! # Equation
//! Lithium strains a solid by `Ω (c - c₀)/3` in every direction, as heat would. With `β = E Ω / (3 (1-ν))` and the means
//! `m(r) = (k/r^k) ∫₀^r c r^(k-1) dr` up to r (k = 1, 2, 3), the stresses in a body without outer load are
//! - slab: `σ_r = 0`, `σ_θ = β (m(R) - c)` in both directions of the plane;
//! - cylinder with free ends: `σ_r = β (m(R) - m(r))/2`, `σ_θ = β ((m(R) + m(r))/2 - c)`, `σ_z = β (m(R) - c)`;
//! - sphere: `σ_r = 2 β (m(R) - m(r))/3`, `σ_θ = β ((2 m(R) + m(r))/3 - c)`.
//!
//! # Validity
//! Linear elasticity, constant properties, profile symmetric about the middle, quasi-static; stress does not act back on diffusion.
//!
//! # Source
//! Cheng and Verbrugge 2009, doi:10.1016/j.jpowsour.2009.01.021; Timoshenko and Goodier, Theory of Elasticity, chapter 13.
//!
//! # Verification
//! `diffusion_stress::tests`, `cellwright validate mechanics-diffusion`: second order in the spacing of the profile.

use crate::elastic::Elastic;
use crate::error::{MechanicsError, finite};

/// What the radius is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// From the middle plane.
    Slab,
    /// From the axis.
    Cylinder,
    /// From the centre.
    Sphere,
}

/// Stress at one radius, Pa; tension positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stress {
    /// Distance from the middle, m.
    pub radius: f64,
    /// Along the radius.
    pub radial: f64,
    /// Across it: around the axis, or in the plane of a slab.
    pub hoop: f64,
    /// Along the axis of a cylinder, in the second direction of the plane of a slab; as `hoop` for a sphere.
    pub axial: f64,
}

impl Stress {
    /// Von Mises' equivalent stress, Pa.
    pub fn von_mises(&self) -> f64 {
        let [a, b, c] = [self.radial, self.hoop, self.axial];
        (0.5 * ((a - b) * (a - b) + (b - c) * (b - c) + (c - a) * (c - a))).sqrt()
    }

    /// Greatest principal stress, Pa.
    pub fn greatest(&self) -> f64 {
        self.radial.max(self.hoop).max(self.axial)
    }
}

/// Stress at every radius of a profile. `radii` rise from 0 (m), `concentrations` are those there (mol/m³), straight in between.
/// `molar_volume` is the partial molar volume of lithium, m³/mol.
///
/// # Errors
/// [`MechanicsError`] for lists of different or too small length, and for radii that do not rise from zero.
pub fn stress(
    body: Body,
    elastic: &Elastic,
    molar_volume: f64,
    radii: &[f64],
    concentrations: &[f64],
) -> Result<Vec<Stress>, MechanicsError> {
    let (found, expected) = (concentrations.len(), radii.len());
    if found != expected {
        let what = "concentrations of the profile";
        return Err(MechanicsError::Mismatched { what, found, expected });
    }
    if found < 2 {
        let (what, least) = ("points of the profile", 2);
        return Err(MechanicsError::TooFew { what, found, least });
    }
    let rising = radii.windows(2).find(|w| w[0].partial_cmp(&w[1]) != Some(std::cmp::Ordering::Less));
    if let Some(&found) = rising.map(|w| &w[1]).or((radii[0] != 0.0).then_some(&radii[0])) {
        let (quantity, allowed) = ("radius of the profile", "rising from zero");
        return Err(MechanicsError::OutOfRange { quantity, found, allowed });
    }
    let beta = elastic.biaxial() * finite("partial molar volume", molar_volume)? / 3.0;
    let means = means(body, radii, concentrations)?;
    let whole = means[means.len() - 1];
    let at = |((&radius, &c), &within): ((&f64, &f64), &f64)| {
        let (radial, hoop, axial) = match body {
            Body::Slab => (0.0, whole - c, whole - c),
            Body::Cylinder => (0.5 * (whole - within), 0.5 * (whole + within) - c, whole - c),
            Body::Sphere => {
                let hoop = (2.0 * whole + within) / 3.0 - c;
                (2.0 * (whole - within) / 3.0, hoop, hoop)
            }
        };
        Stress {
            radius,
            radial: beta * radial,
            hoop: beta * hoop,
            axial: beta * axial,
        }
    };
    Ok(radii.iter().zip(concentrations).zip(&means).map(at).collect())
}

/// Mean concentration within each radius, of a profile that is straight between its points.
fn means(body: Body, radii: &[f64], concentrations: &[f64]) -> Result<Vec<f64>, MechanicsError> {
    let k = match body {
        Body::Slab => 1,
        Body::Cylinder => 2,
        Body::Sphere => 3,
    };
    let mut amount = 0.0;
    let mut means = vec![finite("concentration", concentrations[0])?];
    for i in 1..radii.len() {
        let (a, b) = (radii[i - 1], radii[i]);
        let slope = (finite("concentration", concentrations[i])? - concentrations[i - 1]) / (b - a);
        let power = |n: i32| (b.powi(n) - a.powi(n)) / f64::from(n);
        // ∫ (c_a + slope (r - a)) r^(k-1) dr
        amount += (concentrations[i - 1] - slope * a) * power(k) + slope * power(k + 1);
        means.push(f64::from(k) * amount / b.powi(k));
    }
    Ok(means)
}

#[cfg(test)]
mod tests {
    use super::*;

    const YOUNG: f64 = 10e9;
    const MOLAR_VOLUME: f64 = 3.5e-6;
    const RADIUS: f64 = 5e-6;
    /// Rise of the concentration to the surface.
    const RISE: f64 = 2000.0;

    /// Parabola of steady filling: stresses by hand at the centre and the surface, in units of β times the rise.
    fn error(body: Body, n: usize) -> f64 {
        let elastic = Elastic::new(YOUNG, 0.3).expect("a solid");
        let radii: Vec<f64> = (0..=n).map(|i| RADIUS * i as f64 / n as f64).collect();
        let profile: Vec<f64> = radii.iter().map(|r| 1000.0 + RISE * (r / RADIUS).powi(2)).collect();
        let found = stress(body, &elastic, MOLAR_VOLUME, &radii, &profile).expect("a profile");
        let beta = YOUNG * MOLAR_VOLUME / (3.0 * 0.7) * RISE;
        let (centre, surface) = match body {
            Body::Slab => ([0.0, 1.0 / 3.0], [0.0, -2.0 / 3.0]),
            Body::Cylinder => ([0.25, 0.25], [0.0, -0.5]),
            Body::Sphere => ([0.4, 0.4], [0.0, -0.4]),
        };
        let size = |s: &Stress, exact: [f64; 2]| (s.radial / beta - exact[0]).abs().max((s.hoop / beta - exact[1]).abs());
        size(&found[0], centre).max(size(&found[n], surface))
    }

    #[test]
    fn parabolas_give_the_closed_forms_with_second_order() {
        for body in [Body::Slab, Body::Cylinder, Body::Sphere] {
            let errors = [16, 32, 64].map(|n| error(body, n));
            let order = (errors[0] / errors[2]).log2() / 2.0;
            assert!(errors[2] < 1e-3 && (order - 2.0).abs() < 0.05, "{body:?}: {errors:?} order {order}");
        }
    }

    #[test]
    fn stress_is_in_equilibrium() {
        // A cross-section through the middle carries no force: slab Σ σ dz, cylinder Σ σ_z r dr, sphere Σ σ_θ r dr.
        let elastic = Elastic::new(YOUNG, 0.3).expect("a solid");
        let n = 4000;
        let radii: Vec<f64> = (0..=n).map(|i| RADIUS * f64::from(i) / f64::from(n)).collect();
        let profile: Vec<f64> = radii.iter().map(|r| 1000.0 * (3.0 * r / RADIUS).sin()).collect();
        for (body, power) in [(Body::Slab, 0), (Body::Cylinder, 1), (Body::Sphere, 1)] {
            let found = stress(body, &elastic, MOLAR_VOLUME, &radii, &profile).expect("a profile");
            let part = |s: &Stress| s.axial * s.radius.powi(power);
            let (force, size) = found.windows(2).fold((0.0, 0.0), |(f, s), w| {
                let mean = 0.5 * (part(&w[0]) + part(&w[1]));
                (f + mean, s + mean.abs())
            });
            assert!(force.abs() < 1e-5 * size, "{body:?}: {force} of {size}");
        }
    }

    #[test]
    fn profiles_that_are_none_are_refused() {
        let elastic = Elastic::new(YOUNG, 0.3).expect("a solid");
        let ask = |r: &[f64], c: &[f64]| stress(Body::Sphere, &elastic, MOLAR_VOLUME, r, c);
        assert!(ask(&[0.0, 1.0], &[1.0]).is_err());
        assert!(ask(&[0.0], &[1.0]).is_err());
        assert!(ask(&[0.0, 1.0, 1.0], &[1.0; 3]).is_err());
        assert!(ask(&[0.5, 1.0], &[1.0; 2]).is_err());
        assert!(ask(&[0.0, 1.0], &[1.0, f64::NAN]).is_err());
    }
}
