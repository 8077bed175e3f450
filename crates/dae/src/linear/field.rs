//! The numbers a linear solver works on: real for time integration, complex for frequency response.

use num_complex::Complex64;
use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

/// Real or complex double precision numbers.
pub trait Field:
    Copy
    + Debug
    + PartialEq
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + faer::traits::ComplexField
{
    /// Additive identity.
    const ZERO: Self;
    /// Multiplicative identity.
    const ONE: Self;

    /// Embeds a real number.
    fn from_real(x: f64) -> Self;

    /// A cheap size for pivot choice: `|x|`, or `|Re x| + |Im x|`.
    fn magnitude(self) -> f64;
}

impl Field for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn from_real(x: f64) -> Self {
        x
    }

    #[inline(always)]
    fn magnitude(self) -> f64 {
        self.abs()
    }
}

impl Field for Complex64 {
    const ZERO: Self = Complex64::new(0.0, 0.0);
    const ONE: Self = Complex64::new(1.0, 0.0);

    #[inline(always)]
    fn from_real(x: f64) -> Self {
        Complex64::new(x, 0.0)
    }

    #[inline(always)]
    fn magnitude(self) -> f64 {
        self.re.abs() + self.im.abs()
    }
}
