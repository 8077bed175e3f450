//! Several numbers side by side in the vector unit, and formulas that hold for one number as well as for several.

use std::ops::{Add, Div, Mul, Neg, Range, Sub};

/// Numbers that are worked with together: two registers of most vector units.
pub const WIDTH: usize = 8;

/// `WIDTH` numbers, each of which goes its own way.
///
/// # Validity
/// Products and sums are not fused and roots are correctly rounded, so arithmetic gives what it gives for single numbers. Logarithms may
/// differ from the library's in the last two bits.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Lanes(pub [f64; WIDTH]);

/// A real number, or several.
pub trait Real:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
{
    /// The same number everywhere.
    fn all(x: f64) -> Self;

    /// `f` of each.
    fn map(self, f: impl Fn(f64) -> f64) -> Self;

    /// Square root.
    fn sqrt(self) -> Self;

    /// Natural logarithm of positive numbers.
    fn ln(self) -> Self;

    /// asinh of a number x whose `√(1 + x²)` is known.
    fn asinh_with(self, root: Self) -> Self;
}

/// Size below which the logarithm of a number and its root loses digits of the asinh, so that of one plus a small number is taken.
pub const SMALL_ASINH: f64 = 0.05;

impl Real for f64 {
    #[inline(always)]
    fn all(x: f64) -> f64 {
        x
    }

    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> f64 {
        f(self)
    }

    #[inline(always)]
    fn sqrt(self) -> f64 {
        self.sqrt()
    }

    #[inline(always)]
    fn ln(self) -> f64 {
        self.ln()
    }

    #[inline(always)]
    fn asinh_with(self, root: f64) -> f64 {
        // asinh is odd.
        let a = self.abs();
        let asinh = if a > SMALL_ASINH {
            (a + root).ln()
        } else {
            (a + a * a / (1.0 + root)).ln_1p()
        };
        asinh.copysign(self)
    }
}

impl Lanes {
    /// Number `l` is `f(l)`.
    #[inline(always)]
    pub fn from_fn(mut f: impl FnMut(usize) -> f64) -> Lanes {
        // Not `array::from_fn`, which is not always inlined and then leaves the vector unit.
        let mut out = [0.0; WIDTH];
        for (l, x) in out.iter_mut().enumerate() {
            *x = f(l);
        }
        Lanes(out)
    }

    /// The first numbers of a slice; if it is shorter, its last one again and again.
    ///
    /// # Panics
    /// If the slice is empty.
    #[inline(always)]
    pub fn of(x: &[f64]) -> Lanes {
        match x.first_chunk() {
            Some(x) => Lanes(*x),
            None => Lanes::from_fn(|l| x[l.min(x.len() - 1)]),
        }
    }

    /// Puts the numbers, or as many as there is room for, into a slice.
    #[inline(always)]
    pub fn put(self, to: &mut [f64]) {
        match to.first_chunk_mut() {
            Some(to) => *to = self.0,
            None => to.iter_mut().enumerate().for_each(|(l, to)| *to = self.0[l]),
        }
    }

    /// Every `EVERY`th number from the first of a slice; if it is shorter, its last one of these again and again.
    ///
    /// # Panics
    /// If the slice is empty.
    #[inline(always)]
    pub fn every<const EVERY: usize>(x: &[f64]) -> Lanes {
        let last = (x.len() - 1) / EVERY;
        if last >= WIDTH - 1 {
            let x = &x[..EVERY * (WIDTH - 1) + 1];
            return Lanes::from_fn(|l| x[EVERY * l]);
        }
        Lanes::from_fn(|l| x[EVERY * l.min(last)])
    }

    /// True if every number is at least `least`; false if one is not a number.
    #[inline(always)]
    pub fn at_least(self, least: f64) -> bool {
        self.0.iter().fold(true, |all, x| all & (*x >= least))
    }

    #[inline(always)]
    fn with(self, other: Lanes, f: impl Fn(f64, f64) -> f64) -> Lanes {
        Lanes::from_fn(
            #[inline(always)]
            |l| f(self.0[l], other.0[l]),
        )
    }

    /// ln(1 + x) of numbers that are not negative.
    #[inline(always)]
    fn ln_1p(self) -> Lanes {
        let u = self + 1.0;
        // What the sum above lost.
        u.ln() + (self - (u - 1.0)) / u
    }
}

/// Bits of √½ and of one; those of the fraction; 2^52, whose last bits are an integer, together with the bias of the exponent.
const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
const ONE: u64 = 0x3ff0_0000_0000_0000;
const FRACTION: u64 = 0x000f_ffff_ffff_ffff;
const INTEGER: u64 = 0x4330_0000_0000_0000;
const BIASED: f64 = 4_503_599_627_370_496.0 + 1023.0;
/// ln 2 in two parts, the first of which has so few bits that its products with exponents are exact (W. J. Cody, W. Waite, Software Manual
/// for the Elementary Functions, Prentice-Hall 1980).
const LN_2: [f64; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
/// Factors of the series of artanh; the next term is below a quarter of the last bit.
const SERIES: [f64; 10] = {
    let (mut factors, mut i) = ([0.0; 10], 0);
    while i < 10 {
        factors[i] = 2.0 / (2 * i + 3) as f64;
        i += 1;
    }
    factors
};

impl Real for Lanes {
    #[inline(always)]
    fn all(x: f64) -> Lanes {
        Lanes([x; WIDTH])
    }

    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Lanes {
        Lanes::from_fn(|l| f(self.0[l]))
    }

    #[inline(always)]
    fn sqrt(self) -> Lanes {
        Lanes::from_fn(|l| self.0[l].sqrt())
    }

    /// # Equation
    /// `x = 2^k m`, `√½ ≤ m < √2`, `f = m - 1`, `s = f/(2 + f)`: `ln x = k ln 2 + 2 artanh s`, `2 artanh s = f - s (f - Σ 2 s^2i/(2i+1))`.
    #[inline(always)]
    fn ln(self) -> Lanes {
        let (mut k, mut f) = (Lanes::all(0.0), Lanes::all(0.0));
        for l in 0..WIDTH {
            let shifted = self.0[l].to_bits().wrapping_add(ONE - ROOT_HALF);
            k.0[l] = f64::from_bits((shifted >> 52) | INTEGER) - BIASED;
            f.0[l] = f64::from_bits((shifted & FRACTION) + ROOT_HALF) - 1.0;
        }
        let s = f / (f + 2.0);
        let z = s * s;
        let mut sum = Lanes::all(0.0);
        for factor in SERIES.into_iter().rev() {
            sum = (sum + factor) * z;
        }
        // Zero times a number is zero, but of no number and of infinity.
        k * LN_2[0] - ((s * (f - sum) - k * LN_2[1]) - f) + self * 0.0
    }

    #[inline(always)]
    fn asinh_with(self, root: Lanes) -> Lanes {
        let a = self.map(f64::abs);
        (a + a * a / (root + 1.0)).ln_1p().with(self, f64::copysign)
    }
}

macro_rules! operator {
    ($($name:ident $function:ident $sign:tt),*) => {$(
        impl $name for Lanes {
            type Output = Lanes;

            #[inline(always)]
            fn $function(self, other: Lanes) -> Lanes {
                Lanes::from_fn(|l| self.0[l] $sign other.0[l])
            }
        }

        impl $name<f64> for Lanes {
            type Output = Lanes;

            #[inline(always)]
            fn $function(self, other: f64) -> Lanes {
                Lanes::from_fn(|l| self.0[l] $sign other)
            }
        }
    )*};
}

operator!(Add add +, Sub sub -, Mul mul *, Div div /);

impl Neg for Lanes {
    type Output = Lanes;

    #[inline(always)]
    fn neg(self) -> Lanes {
        self.map(|x| -x)
    }
}

/// Groups of [`WIDTH`] that cover `0..n`; the last overlaps the one before if it must. A smaller `n` is a group by itself.
#[inline(always)]
pub fn groups(n: usize) -> impl Iterator<Item = Range<usize>> {
    let last = n.saturating_sub(WIDTH);
    (0..n).step_by(WIDTH).map(move |k| k.min(last)..(k.min(last) + WIDTH).min(n))
}

/// Runs `work` with the widest vector instructions of the machine, which reach what is inlined into it. Products and sums are not fused,
/// so the result is the same on every machine.
#[inline(always)]
pub fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(k: usize) -> f64 {
        (0.37 * k as f64 - 40.0).exp() * (1.0 + 0.3 * (k as f64).sin())
    }

    #[test]
    fn logarithms_are_those_of_the_library() {
        for first in (0..400).step_by(WIDTH) {
            let x = Lanes::from_fn(|l| spread(first + l));
            for (x, found) in x.0.into_iter().zip(x.ln().0) {
                assert!((found - x.ln()).abs() <= 4e-16 * x.ln().abs(), "{x}: {found} {}", x.ln());
            }
        }
        let near = Lanes([1.0, 1.0 + 1e-15, 1.0 - 1e-15, 1.001, 0.999, 0.5f64.sqrt(), 2f64.sqrt(), 2.0]);
        for (x, found) in near.0.into_iter().zip(near.ln().0) {
            assert!((found - x.ln()).abs() <= 4e-16 * x.ln().abs(), "{x}: {found} {}", x.ln());
        }
        assert!(Lanes::all(f64::NAN).ln().0.iter().all(|x| x.is_nan()));
    }

    #[test]
    fn asinh_keeps_its_digits_at_any_size() {
        for first in (0..400).step_by(WIDTH) {
            for sign in [-1.0, 1.0] {
                let x = Lanes::from_fn(|l| sign * spread(first + l));
                let root = (x * x + 1.0).sqrt();
                for l in 0..WIDTH {
                    let one = x.0[l].asinh_with(root.0[l]);
                    assert!((x.asinh_with(root).0[l] - one).abs() <= 8e-16 * one.abs(), "{}", x.0[l]);
                    // Of one number, from the definition.
                    assert!(
                        (one.sinh() - x.0[l]).abs() <= 1e-14 * x.0[l].abs() * (1.0 + one.abs()),
                        "{}",
                        x.0[l]
                    );
                }
            }
        }
    }

    #[test]
    fn groups_cover_everything() {
        assert_eq!(groups(19).collect::<Vec<_>>(), [0..8, 8..16, 11..19]);
        assert_eq!(groups(8).collect::<Vec<_>>(), vec![0..8]);
        assert_eq!(groups(3).collect::<Vec<_>>(), vec![0..3]);
        assert_eq!(groups(0).count(), 0);
    }

    #[test]
    fn short_slices_are_filled_up() {
        assert_eq!(Lanes::of(&[1.0, 2.0]).0, [1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]);
        assert_eq!(
            Lanes::every::<3>(&[1.0, 2.0, 3.0, 4.0, 5.0]).0,
            [1.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0]
        );
        let many: Vec<f64> = (0..30).map(f64::from).collect();
        assert_eq!(Lanes::every::<3>(&many).0, [0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 18.0, 21.0]);
        assert!(Lanes::of(&[1.0, 2.0]).at_least(1.0) && !Lanes::of(&[1.0, f64::NAN]).at_least(0.0));
    }
}
