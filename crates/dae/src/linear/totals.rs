//! Totals of equations of one kind, which a solution keeps to the last digit whatever it leaves in the single equations.

use super::{DenseLu, LinearSolver};

/// A correction is made if it is at most this part of the largest unknown of its kind.
const LARGEST_CORRECTION: f64 = 1e-3;

/// Sums of the equations of each kind, for a matrix whose factors are not exact.
///
/// What is left in single equations is corrected by the next iteration of Newton's method. What is left in the sum of all balances of a
/// quantity is lost: over a discharge lithium would drift by it. One number for each kind closes the sums, and needs nothing but the sums
/// of the columns.
///
/// # Equation
/// `x ← x + Z a`, `(Zᵀ A Z) a = Zᵀ b - (Zᵀ A) x`, where a column of `Z` is one at the unknowns of a kind and zero elsewhere; then
/// `Zᵀ (b - A x) = 0`.
///
/// # Source
/// The coarse correction of deflation, Nicolaides, SIAM J. Numer. Anal. 24 (1987) 355, doi:10.1137/0724027.
///
/// # Verification
/// `tests/linear.rs`, `totals_are_kept_by_short_factors`.
#[derive(Clone, Debug)]
pub struct Totals {
    /// Number of the kind of each unknown.
    kinds: Vec<u8>,
    /// `Zᵀ A`, row after row.
    sums: Vec<f64>,
    small: DenseLu<f64>,
    usable: bool,
    /// Of the right-hand side, then what is missing.
    missing: Vec<f64>,
}

impl Totals {
    /// Totals of equations of these kinds, numbered from zero.
    pub fn new(kinds: Vec<u8>) -> Totals {
        let n = kinds.iter().max().map_or(0, |last| usize::from(*last) + 1);
        Totals {
            sums: vec![0.0; n * kinds.len()],
            small: DenseLu::new(n),
            usable: false,
            missing: vec![0.0; n],
            kinds,
        }
    }

    /// Takes a new matrix, given by its entries.
    pub fn fill(&mut self, entries: impl Iterator<Item = ((usize, usize), f64)>) {
        let n = self.kinds.len();
        self.sums.fill(0.0);
        for ((row, column), value) in entries {
            self.sums[usize::from(self.kinds[row]) * n + column] += value;
        }
        self.small.clear();
        for (row, sums) in self.sums.chunks_exact(n.max(1)).enumerate() {
            for (kind, v) in self.kinds.iter().zip(sums) {
                self.small.add(row, usize::from(*kind), *v);
            }
        }
        self.usable = self.small.factor().is_ok();
    }

    /// Takes a right-hand side.
    pub fn take(&mut self, b: &[f64]) {
        self.missing.fill(0.0);
        for (kind, v) in self.kinds.iter().zip(b) {
            self.missing[usize::from(*kind)] += v;
        }
    }

    /// Closes the totals of the solution for that right-hand side; false if they are so far from closed that the solution cannot be
    /// trusted.
    pub fn close(&mut self, x: &mut [f64]) -> bool {
        if !self.usable {
            return true;
        }
        for (missing, sums) in self.missing.iter_mut().zip(self.sums.chunks_exact(self.kinds.len())) {
            *missing -= product(sums, x);
        }
        let mut largest = vec![0.0_f64; self.missing.len()];
        for (kind, v) in self.kinds.iter().zip(&*x) {
            let largest = &mut largest[usize::from(*kind)];
            *largest = largest.max(v.abs());
        }
        self.small.solve(&mut self.missing);
        let small = |(a, largest): (&f64, &f64)| a.abs() <= LARGEST_CORRECTION * largest;
        let trusted = self.missing.iter().zip(&largest).all(small);
        if trusted {
            for (kind, v) in self.kinds.iter().zip(x) {
                *v += self.missing[usize::from(*kind)];
            }
        }
        trusted
    }
}

/// Scalar product in eight sums.
fn product(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.into_iter().sum::<f64>() + rest
}
