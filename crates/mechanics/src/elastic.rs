//! Isotropic elasticity: two constants and the moduli that follow.

use crate::error::{MechanicsError, positive};

/// An isotropic elastic solid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elastic {
    young: f64,
    poisson: f64,
}

impl Elastic {
    /// From Young's modulus, Pa, and Poisson ratio.
    ///
    /// # Errors
    /// [`MechanicsError::OutOfRange`] unless the modulus is positive and the ratio within -1 to 0.5, ends excluded.
    pub fn new(young: f64, poisson: f64) -> Result<Elastic, MechanicsError> {
        positive("Young's modulus", young)?;
        if poisson > -1.0 && poisson < 0.5 {
            return Ok(Elastic { young, poisson });
        }
        Err(MechanicsError::OutOfRange {
            quantity: "Poisson ratio",
            found: poisson,
            allowed: "between -1 and 0.5",
        })
    }

    /// Young's modulus E, Pa.
    pub fn young(&self) -> f64 {
        self.young
    }

    /// Poisson ratio ν.
    pub fn poisson(&self) -> f64 {
        self.poisson
    }

    /// Stress over strain when both in-plane directions are strained alike and the third is free: `E/(1-ν)`, Pa.
    pub fn biaxial(&self) -> f64 {
        self.young / (1.0 - self.poisson)
    }

    /// Stress over strain along one direction with the second held and the third free: `E/(1-ν²)`, Pa.
    pub fn plane_strain(&self) -> f64 {
        self.young / (1.0 - self.poisson * self.poisson)
    }

    /// Shear modulus `μ = E/(2(1+ν))`, Pa.
    pub fn shear(&self) -> f64 {
        self.young / (2.0 * (1.0 + self.poisson))
    }

    /// Lamé's first constant `λ = Eν/((1+ν)(1-2ν))`, Pa.
    pub fn lame(&self) -> f64 {
        self.young * self.poisson / ((1.0 + self.poisson) * (1.0 - 2.0 * self.poisson))
    }
}
