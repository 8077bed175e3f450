//! Dense LU factorisation with partial pivoting, for tiny systems and as a reference for the other back ends.

use super::{Field, LinearSolver};
use crate::error::Singular;

/// Dense square matrix, row-major, with its LU factors.
#[derive(Clone, Debug)]
pub struct DenseLu<S> {
    n: usize,
    matrix: Vec<S>,
    factors: Vec<S>,
    pivots: Vec<usize>,
}

impl<S: Field> DenseLu<S> {
    /// A zero matrix of order `n`.
    pub fn new(n: usize) -> Self {
        Self {
            n,
            matrix: vec![S::ZERO; n * n],
            factors: vec![S::ZERO; n * n],
            pivots: vec![0; n],
        }
    }

    /// The entries, row-major, to be filled before [`LinearSolver::factor`].
    pub fn matrix_mut(&mut self) -> &mut [S] {
        &mut self.matrix
    }

    /// The entries as last filled, row-major.
    pub fn matrix(&self) -> &[S] {
        &self.matrix
    }

    /// Sets every entry to zero.
    pub fn clear(&mut self) {
        self.matrix.fill(S::ZERO);
    }

    /// Adds `value` to the entry at `(row, column)`.
    #[inline]
    pub fn add(&mut self, row: usize, column: usize, value: S) {
        self.matrix[row * self.n + column] += value;
    }

    /// Product `out = A x` with the matrix as filled.
    pub fn multiply(&self, x: &[S], out: &mut [S]) {
        for (row, out) in self.matrix.chunks_exact(self.n.max(1)).zip(out) {
            *out = row.iter().zip(x).fold(S::ZERO, |sum, (a, x)| sum + *a * *x);
        }
    }
}

impl<S: Field> LinearSolver<S> for DenseLu<S> {
    fn len(&self) -> usize {
        self.n
    }

    fn factor(&mut self) -> Result<(), Singular> {
        let n = self.n;
        self.factors.copy_from_slice(&self.matrix);
        let a = &mut self.factors;
        for k in 0..n {
            let mut pivot = k;
            let mut largest = a[k * n + k].magnitude();
            for i in k + 1..n {
                let size = a[i * n + k].magnitude();
                // A value that is not a number must be found, not skipped.
                if size > largest || size.is_nan() {
                    (pivot, largest) = (i, size);
                }
            }
            if !(largest > 0.0 && largest.is_finite()) {
                return Err(Singular { index: Some(k) });
            }
            self.pivots[k] = pivot;
            if pivot != k {
                for j in 0..n {
                    a.swap(k * n + j, pivot * n + j);
                }
            }
            let (top, below) = a.split_at_mut((k + 1) * n);
            let pivot_row = &top[k * n..];
            let inverse = S::ONE / pivot_row[k];
            for row in below.chunks_exact_mut(n) {
                let l = row[k] * inverse;
                row[k] = l;
                for (x, p) in row[k + 1..].iter_mut().zip(&pivot_row[k + 1..]) {
                    *x -= l * *p;
                }
            }
        }
        Ok(())
    }

    fn solve(&mut self, b: &mut [S]) {
        let n = self.n;
        for k in 0..n {
            b.swap(k, self.pivots[k]);
        }
        for i in 0..n {
            let (done, rest) = b.split_at_mut(i);
            let row = &self.factors[i * n..i * n + i];
            rest[0] = row.iter().zip(done.iter()).fold(rest[0], |sum, (l, x)| sum - *l * *x);
        }
        for i in (0..n).rev() {
            let (head, done) = b.split_at_mut(i + 1);
            let row = &self.factors[i * n + i..(i + 1) * n];
            let sum = row[1..].iter().zip(done.iter()).fold(head[i], |sum, (u, x)| sum - *u * *x);
            head[i] = sum / row[0];
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use num_complex::Complex64;

    #[test]
    fn solves_a_matrix_that_needs_pivoting() {
        let mut lu = DenseLu::new(3);
        lu.matrix_mut().copy_from_slice(&[0.0, 2.0, 1.0, 1.0, 0.0, 3.0, 4.0, 1.0, 0.0]);
        lu.factor().unwrap();
        let mut b = [0.0; 3];
        lu.multiply(&[1.0, -2.0, 3.0], &mut b);
        lu.solve(&mut b);
        for (x, exact) in b.iter().zip([1.0, -2.0, 3.0]) {
            assert!((x - exact).abs() < 1e-14);
        }
    }

    #[test]
    fn solves_complex_matrices() {
        let i = Complex64::I;
        let mut lu = DenseLu::new(2);
        lu.matrix_mut().copy_from_slice(&[i, Complex64::ONE, Complex64::ONE, i * 3.0]);
        lu.factor().unwrap();
        let mut b = [Complex64::ZERO; 2];
        lu.multiply(&[i, Complex64::ONE], &mut b);
        lu.solve(&mut b);
        assert!((b[0] - i).norm() < 1e-14 && (b[1] - 1.0).norm() < 1e-14);
    }

    #[test]
    fn reports_the_column_without_pivot() {
        let mut lu = DenseLu::new(2);
        lu.matrix_mut().copy_from_slice(&[1.0, 2.0, 2.0, 4.0]);
        assert_eq!(lu.factor(), Err(Singular { index: Some(1) }));
        lu.matrix_mut().copy_from_slice(&[1.0, 2.0, f64::NAN, 4.0]);
        assert!(lu.factor().is_err());
    }
}
