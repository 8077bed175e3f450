//! The precision that factors are kept in, which may be less than that of the elimination.

use super::Field;

/// A number that a factor is kept in, for an elimination and substitutions with numbers `S`.
///
/// Substitutions read every factor once and do little with it: half the bytes are half the time. Sums are always formed in `S`.
pub trait Stored<S>: Copy + Send + Sync + 'static {
    /// True if every number of the elimination can be kept as it is.
    const EXACT: bool;

    /// Largest size that can be kept.
    const LARGEST: f64;

    /// The nearest number that can be kept.
    fn of(value: S) -> Self;

    /// The number in the precision of the sums.
    fn widen(self) -> S;
}

/// As exact as the elimination.
impl<S: Field> Stored<S> for S {
    const EXACT: bool = true;
    const LARGEST: f64 = f64::MAX;

    #[inline(always)]
    fn of(value: S) -> S {
        value
    }

    #[inline(always)]
    fn widen(self) -> S {
        self
    }
}

impl Stored<f64> for f32 {
    const EXACT: bool = false;
    const LARGEST: f64 = f32::MAX as f64;

    /// Numbers too small for all digits become zero: beside a pivot of one they say nothing, and processors are slow with them.
    #[inline(always)]
    fn of(value: f64) -> f32 {
        let near = value as f32;
        if near.abs() < f32::MIN_POSITIVE { 0.0 } else { near }
    }

    #[inline(always)]
    fn widen(self) -> f64 {
        f64::from(self)
    }
}
