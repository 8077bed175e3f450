//! A core and a shell that want to be of different size: the exact stress in two coaxial cylinders.

use crate::elastic::Elastic;
use crate::error::{MechanicsError, positive};

/// One of two coaxial cylinders.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Stiffness.
    pub elastic: Elastic,
    /// Strain that it would take in all directions if it were free.
    pub free_strain: f64,
}

/// A core (solid if its inner radius is 0) inside a shell, bonded, long, and held at their length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coaxial {
    /// Inner radius of the core, radius of the interface, outer radius of the shell, m.
    pub radii: [f64; 3],
    /// Core and shell.
    pub parts: [Part; 2],
}

/// Stresses in a cylinder, Pa; tension positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stress {
    /// Along the radius.
    pub radial: f64,
    /// Around the axis.
    pub hoop: f64,
    /// Along the axis.
    pub axial: f64,
}

impl Coaxial {
    /// Pressure between core and shell, Pa; positive where the core pushes outwards.
    ///
    /// # Equation
    /// Free of each other both reach `u = (1+ν) ε* m` at the interface radius m. Lamé's cylinder gives way there by `p k`, with
    /// `k₁ = m (1+ν₁)/E₁ · ((1-2ν₁) m² + a²)/(m² - a²)` for the core from outside and
    /// `k₂ = m (1+ν₂)/E₂ · ((1-2ν₂) m² + b²)/(b² - m²)` for the shell from inside, so that
    /// `p = m ((1+ν₁) ε*₁ - (1+ν₂) ε*₂) / (k₁ + k₂)`. For a solid core in a wide matrix this is Eshelby's cylinder.
    ///
    /// # Validity
    /// Plane strain, linear elasticity.
    ///
    /// # Source
    /// Timoshenko and Goodier, Theory of Elasticity, section 28; Eshelby 1957, doi:10.1098/rspa.1957.0133.
    ///
    /// # Verification
    /// `coaxial::tests`; compared with elements in `cellwright validate mechanics-section`
    ///
    /// # Errors
    /// [`MechanicsError::OutOfRange`] unless the radii rise.
    pub fn pressure(&self) -> Result<f64, MechanicsError> {
        let [a, m, b] = self.radii;
        if a.is_nan() || a < 0.0 {
            return Err(MechanicsError::OutOfRange {
                quantity: "inner radius of the core",
                found: a,
                allowed: "zero or above",
            });
        }
        positive("thickness of the core", m - a)?;
        positive("thickness of the shell", b - m)?;
        let [core, shell] = self.parts;
        let give = |p: &Part, far: f64, width: f64| {
            let nu = p.elastic.poisson();
            m * (1.0 + nu) / p.elastic.young() * ((1.0 - 2.0 * nu) * m * m + far * far) / width
        };
        let free = |p: &Part| (1.0 + p.elastic.poisson()) * p.free_strain * m;
        Ok((free(&core) - free(&shell)) / (give(&core, a, m * m - a * a) + give(&shell, b, b * b - m * m)))
    }

    /// Stress at a radius, m, for the pressure at the interface, Pa.
    ///
    /// # Equation
    /// Core `σ_r, σ_θ = -p m²/(m² - a²) (1 ∓ a²/r²)`, shell `p m²/(b² - m²) (1 ∓ b²/r²)`, and
    /// `σ_z = ν (σ_r + σ_θ) - E ε*`.
    pub fn stress(&self, pressure: f64, r: f64) -> Stress {
        let [a, m, b] = self.radii;
        let (part, scale, far) = if r < m {
            (&self.parts[0], -pressure * m * m / (m * m - a * a), a)
        } else {
            (&self.parts[1], pressure * m * m / (b * b - m * m), b)
        };
        let bend = if far > 0.0 { (far / r).powi(2) } else { 0.0 };
        let (radial, hoop) = (scale * (1.0 - bend), scale * (1.0 + bend));
        let axial = part.elastic.poisson() * (radial + hoop) - part.elastic.young() * part.free_strain;
        Stress { radial, hoop, axial }
    }

    /// Outward displacement at a radius, m, for the pressure at the interface, Pa: `u = r (σ_θ - ν (σ_r + σ_z))/E + r ε*`.
    pub fn displacement(&self, pressure: f64, r: f64) -> f64 {
        let part = &self.parts[usize::from(r >= self.radii[1])];
        let s = self.stress(pressure, r);
        let elastic = &part.elastic;
        r * ((s.hoop - elastic.poisson() * (s.radial + s.axial)) / elastic.young() + part.free_strain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> Coaxial {
        let part = |young, poisson, free_strain| Part {
            elastic: Elastic::new(young, poisson).expect("a solid"),
            free_strain,
        };
        Coaxial {
            radii: [1e-6, 3e-6, 4e-6],
            parts: [part(130e9, 0.28, 0.0), part(40e9, 0.22, 0.03)],
        }
    }

    #[test]
    fn core_and_shell_fit_and_the_rims_are_free() {
        let c = pair();
        let p = c.pressure().expect("a pressure");
        let eps = 1e-12;
        let [a, m, b] = c.radii;
        let (inner, outer) = (c.stress(p, m * (1.0 - eps)), c.stress(p, m * (1.0 + eps)));
        assert!((inner.radial / outer.radial - 1.0).abs() < 1e-9 && (inner.radial + p).abs() < 1e-9 * p.abs());
        assert!((c.displacement(p, m * (1.0 - eps)) / c.displacement(p, m * (1.0 + eps)) - 1.0).abs() < 1e-9);
        assert!(c.stress(p, a).radial.abs() < 1e-9 * p.abs() && c.stress(p, b).radial.abs() < 1e-9 * p.abs());
        assert!(p < 0.0, "a shell that grows pulls on the core");
    }

    #[test]
    fn a_solid_core_in_a_wide_matrix_is_eshelbys_cylinder() {
        let elastic = Elastic::new(100e9, 0.3).expect("a solid");
        let part = |free_strain| Part { elastic, free_strain };
        let c = Coaxial {
            radii: [0.0, 1e-6, 1.0],
            parts: [part(0.01), part(0.0)],
        };
        let p = c.pressure().expect("a pressure");
        // Mura, Micromechanics of Defects in Solids: μ ε* (1+ν)/(1-ν) everywhere in the cylinder.
        let exact = elastic.shear() * 0.01 * 1.3 / 0.7;
        assert!((p / exact - 1.0).abs() < 1e-9, "{p} {exact}");
        assert!((c.stress(p, 0.2e-6).hoop + exact).abs() < 1e-9 * exact);
        assert!(
            Coaxial {
                radii: [0.0, 2.0, 1.0],
                ..c
            }
            .pressure()
            .is_err()
        );
        assert!(
            Coaxial {
                radii: [f64::NAN, 2.0, 3.0],
                ..c
            }
            .pressure()
            .is_err()
        );
    }
}
