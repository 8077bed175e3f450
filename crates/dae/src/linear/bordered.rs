//! A matrix with a few extra rows and columns, solved by a Schur complement on top of any back end.

use super::{DenseLu, Field, LinearSolver};
use crate::error::Singular;

/// The matrix `[A B; C D]` with `A` in a back end and `m` border unknowns.
///
/// Examples: an unknown current with a prescribed voltage; a lumped temperature next to a mesh. `A` itself must be regular.
/// Unknowns are ordered inner first, border last.
///
/// # Equation
/// `S = D - C A⁻¹ B`; solve `S x₂ = b₂ - C A⁻¹ b₁`, then `x₁ = A⁻¹ b₁ - A⁻¹ B x₂`. One extra back-solve of `A` per border unknown
/// and factorisation.
///
/// # Verification
/// `tests/linear.rs` against dense LU, over block-tridiagonal and sparse back ends.
#[derive(Clone, Debug)]
pub struct Bordered<S, A> {
    /// The inner matrix, to be filled by the caller.
    pub inner: A,
    m: usize,
    /// Columns of B, one after the other.
    columns: Vec<S>,
    /// Rows of C, one after the other.
    rows: Vec<S>,
    /// D, row-major.
    corner: Vec<S>,
    solved_columns: Vec<S>,
    schur: DenseLu<S>,
}

impl<S: Field, A: LinearSolver<S>> Bordered<S, A> {
    /// Borders `inner` with `m` rows and columns of zeros.
    pub fn new(inner: A, m: usize) -> Self {
        let n = inner.len();
        Self {
            inner,
            m,
            columns: vec![S::ZERO; n * m],
            rows: vec![S::ZERO; n * m],
            corner: vec![S::ZERO; m * m],
            solved_columns: vec![S::ZERO; n * m],
            schur: DenseLu::new(m),
        }
    }

    /// Number of border unknowns.
    pub fn n_border(&self) -> usize {
        self.m
    }

    /// Column `k` of B: how the inner equations depend on border unknown `k`.
    pub fn column_mut(&mut self, k: usize) -> &mut [S] {
        let n = self.inner.len();
        &mut self.columns[k * n..(k + 1) * n]
    }

    /// Row `k` of C: how border equation `k` depends on the inner unknowns.
    pub fn row_mut(&mut self, k: usize) -> &mut [S] {
        let n = self.inner.len();
        &mut self.rows[k * n..(k + 1) * n]
    }

    /// D, row-major.
    pub fn corner_mut(&mut self) -> &mut [S] {
        &mut self.corner
    }

    /// Stored values of the border: columns, rows, corner.
    pub(crate) fn border(&self) -> [&[S]; 3] {
        [&self.columns, &self.rows, &self.corner]
    }

    /// The inner matrix and the stored values of the border, to be changed together.
    pub(crate) fn inner_and_border_mut(&mut self) -> (&mut A, [&mut [S]; 3]) {
        (&mut self.inner, [&mut self.columns, &mut self.rows, &mut self.corner])
    }

    /// Sets the border to zero; the inner matrix is left alone.
    pub fn clear_border(&mut self) {
        self.columns.fill(S::ZERO);
        self.rows.fill(S::ZERO);
        self.corner.fill(S::ZERO);
    }
}

fn dot<S: Field>(a: &[S], b: &[S]) -> S {
    a.iter().zip(b).fold(S::ZERO, |sum, (a, b)| sum + *a * *b)
}

impl<S: Field, A: LinearSolver<S>> LinearSolver<S> for Bordered<S, A> {
    fn len(&self) -> usize {
        self.inner.len() + self.m
    }

    fn factor(&mut self) -> Result<(), Singular> {
        self.inner.factor()?;
        let n = self.inner.len();
        self.solved_columns.copy_from_slice(&self.columns);
        self.inner.solve_many(&mut self.solved_columns);
        for i in 0..self.m {
            for j in 0..self.m {
                let c = &self.rows[i * n..(i + 1) * n];
                let column = &self.solved_columns[j * n..(j + 1) * n];
                self.schur.matrix_mut()[i * self.m + j] = self.corner[i * self.m + j] - dot(c, column);
            }
        }
        self.schur.factor().map_err(|s| Singular {
            index: s.index.map(|k| n + k),
        })
    }

    fn solve(&mut self, b: &mut [S]) {
        let n = self.inner.len();
        let (inner, border) = b.split_at_mut(n);
        self.inner.solve(inner);
        for (k, x) in border.iter_mut().enumerate() {
            *x -= dot(&self.rows[k * n..(k + 1) * n], inner);
        }
        self.schur.solve(border);
        for (k, x2) in border.iter().enumerate() {
            for (x, column) in inner.iter_mut().zip(&self.solved_columns[k * n..(k + 1) * n]) {
                *x -= *column * *x2;
            }
        }
    }
}
