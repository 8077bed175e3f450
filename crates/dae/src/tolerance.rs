//! Tolerances and the weighted norms built on them.

use crate::lanes::vectorised;

/// Absolute part of a tolerance.
#[derive(Clone, Debug, PartialEq)]
pub enum AbsoluteTolerance {
    /// One value for all unknowns; sensible only if they share a scale.
    Scalar(f64),
    /// One value per unknown, in the unit of that unknown.
    PerUnknown(Vec<f64>),
}

impl From<f64> for AbsoluteTolerance {
    fn from(a: f64) -> Self {
        Self::Scalar(a)
    }
}

impl From<Vec<f64>> for AbsoluteTolerance {
    fn from(a: Vec<f64>) -> Self {
        Self::PerUnknown(a)
    }
}

/// Accuracy asked for: a change of `rtol |y_i| + atol_i` in unknown `i` counts as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Tolerance {
    /// Relative tolerance, dimensionless.
    pub rtol: f64,
    /// Absolute tolerance, in the unit of the unknown: the size below which the unknown is not of interest.
    pub atol: AbsoluteTolerance,
}

impl Default for Tolerance {
    /// `rtol = 1e-4`, `atol = 1e-6`.
    fn default() -> Self {
        Self::new(1e-4, 1e-6)
    }
}

impl Tolerance {
    /// A tolerance from its relative and absolute part; the latter is a number or a vector.
    pub fn new(rtol: f64, atol: impl Into<AbsoluteTolerance>) -> Self {
        Self { rtol, atol: atol.into() }
    }

    /// Weight of unknown `index` at the value `y`: `rtol |y| + atol`.
    #[inline]
    pub fn weight(&self, index: usize, y: f64) -> f64 {
        let atol = match &self.atol {
            AbsoluteTolerance::Scalar(a) => *a,
            AbsoluteTolerance::PerUnknown(a) => a[index],
        };
        self.rtol * y.abs() + atol
    }

    /// Weighted root mean square of `v` over all unknowns.
    ///
    /// # Equation
    /// `sqrt(1/n Σ (v_i / (rtol |y_i| + atol_i))²)`; zero for an empty vector.
    pub fn norm(&self, y: &[f64], v: &[f64]) -> f64 {
        let n = v.len().min(y.len());
        if n == 0 {
            return 0.0;
        }
        let (y, v) = (&y[..n], &v[..n]);
        let sum = match &self.atol {
            AbsoluteTolerance::Scalar(a) => sum_of_squares(self.rtol, y, v, Uniform(*a), Uniform(1.0)),
            AbsoluteTolerance::PerUnknown(a) => sum_of_squares(self.rtol, y, v, &a[..n], Uniform(1.0)),
        };
        (sum / n as f64).sqrt()
    }

    /// Weighted root mean square of `v` over the unknowns marked in `mask`; zero if none is marked.
    pub fn masked_norm(&self, mask: &[bool], y: &[f64], v: &[f64]) -> f64 {
        let n = v.len().min(y.len()).min(mask.len());
        let (mask, y, v) = (&mask[..n], &y[..n], &v[..n]);
        let count: usize = mask.iter().map(|m| usize::from(*m)).sum();
        if count == 0 {
            return 0.0;
        }
        let sum = match &self.atol {
            AbsoluteTolerance::Scalar(a) => sum_of_squares(self.rtol, y, v, Uniform(*a), mask),
            AbsoluteTolerance::PerUnknown(a) => sum_of_squares(self.rtol, y, v, &a[..n], mask),
        };
        (sum / count as f64).sqrt()
    }

    /// Index of the largest `|v_i| / weight_i`; a value that is not finite wins at once.
    pub fn worst(&self, y: &[f64], v: &[f64]) -> usize {
        let mut worst = (0, -1.0);
        for (i, (y, v)) in y.iter().zip(v).enumerate() {
            let size = (v / self.weight(i, *y)).abs();
            if !size.is_finite() {
                return i;
            }
            if size > worst.1 {
                worst = (i, size);
            }
        }
        worst.0
    }
}

/// Independent partial sums; their number fixes the order of summation and hence the last bits of a norm.
const LANES: usize = 8;

#[inline(always)]
fn sum_of_squares(rtol: f64, y: &[f64], v: &[f64], atol: impl Lanes, select: impl Lanes) -> f64 {
    vectorised(
        #[inline(always)]
        || {
            let ((y, y_rest), (v, v_rest)) = (y.as_chunks::<LANES>(), v.as_chunks::<LANES>());
            let mut lanes = [0.0; LANES];
            for (k, (y, v)) in y.iter().zip(v).enumerate() {
                let (a, s) = (atol.chunk(k), select.chunk(k));
                for lane in 0..LANES {
                    let x = s[lane] * (v[lane] / (rtol * y[lane].abs() + a[lane]));
                    lanes[lane] += x * x;
                }
            }
            let done = y.len() * LANES;
            for (lane, (y, v)) in y_rest.iter().zip(v_rest).enumerate() {
                let x = select.one(done + lane) * (v / (rtol * y.abs() + atol.one(done + lane)));
                lanes[lane] += x * x;
            }
            lanes.iter().sum()
        },
    )
}

/// Numbers that can be read one at a time or a chunk at a time.
trait Lanes {
    fn chunk(&self, k: usize) -> [f64; LANES];
    fn one(&self, i: usize) -> f64;
}

/// The same number everywhere.
struct Uniform(f64);

impl Lanes for Uniform {
    #[inline(always)]
    fn chunk(&self, _k: usize) -> [f64; LANES] {
        [self.0; LANES]
    }

    #[inline(always)]
    fn one(&self, _i: usize) -> f64 {
        self.0
    }
}

impl Lanes for &[f64] {
    #[inline(always)]
    fn chunk(&self, k: usize) -> [f64; LANES] {
        self.as_chunks::<LANES>().0[k]
    }

    #[inline(always)]
    fn one(&self, i: usize) -> f64 {
        self[i]
    }
}

/// One for `true`, zero for `false`: a factor instead of a branch.
impl Lanes for &[bool] {
    #[inline(always)]
    fn chunk(&self, k: usize) -> [f64; LANES] {
        self.as_chunks::<LANES>().0[k].map(|m| f64::from(u8::from(m)))
    }

    #[inline(always)]
    fn one(&self, i: usize) -> f64 {
        f64::from(u8::from(self[i]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_agree_with_their_definition() {
        let n = 21;
        let y: Vec<f64> = (0..n).map(|i| (i as f64 - 7.0) * 0.3).collect();
        let v: Vec<f64> = (0..n).map(|i| (i as f64).sin()).collect();
        let atol: Vec<f64> = (0..n).map(|i| 1e-3 * (1.0 + i as f64)).collect();
        let mask: Vec<bool> = (0..n).map(|i| i % 3 != 0).collect();
        let tol = Tolerance::new(0.1, atol.clone());
        let term = |i: usize| (v[i] / (0.1 * y[i].abs() + atol[i])).powi(2);
        let all: f64 = (0..n).map(term).sum::<f64>() / n as f64;
        let some: f64 = (0..n).filter(|i| mask[*i]).map(term).sum::<f64>() / mask.iter().filter(|m| **m).count() as f64;
        assert!((tol.norm(&y, &v) - all.sqrt()).abs() < 1e-12 * all.sqrt());
        assert!((tol.masked_norm(&mask, &y, &v) - some.sqrt()).abs() < 1e-12 * some.sqrt());
        assert_eq!(tol.masked_norm(&vec![false; n], &y, &v), 0.0);
        assert_eq!(Tolerance::default().norm(&[], &[]), 0.0);
    }

    #[test]
    fn the_worst_unknown_is_relative_to_its_weight() {
        let tol = Tolerance::new(0.0, vec![1.0, 1e-3, 1.0]);
        assert_eq!(tol.worst(&[0.0; 3], &[5.0, 1.0, 2.0]), 1);
        assert_eq!(tol.worst(&[0.0; 3], &[5.0, 1.0, f64::NAN]), 2);
    }
}
