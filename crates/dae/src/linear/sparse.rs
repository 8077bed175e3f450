//! Sparse LU factorisation with a fixed pattern: one symbolic analysis, many numerical factorisations.

use super::{Field, LinearSolver};
use crate::error::Singular;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::sparse::linalg::lu::{LuRef, NumericLu, SymbolicLu, factorize_symbolic_lu};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, MatMut, Par};

/// Sparse square matrix in compressed columns with its LU factors (faer, column ordering COLAMD, partial pivoting).
///
/// The ordering and the supernodes are found once from the pattern; [`LinearSolver::factor`] redoes the numbers only.
///
/// # Verification
/// `tests/linear.rs` against dense LU.
pub struct SparseLu<S> {
    n: usize,
    column_starts: Vec<usize>,
    rows: Vec<usize>,
    values: Vec<S>,
    symbolic: SymbolicLu<usize>,
    numeric: NumericLu<usize, S>,
    workspace: MemBuffer,
    probe: Vec<S>,
    factored: bool,
}

impl<S: Field> std::fmt::Debug for SparseLu<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SparseLu")
            .field("n", &self.n)
            .field("n_entries", &self.values.len())
            .finish_non_exhaustive()
    }
}

impl<S: Field> SparseLu<S> {
    /// A matrix of order `n` with zeros at the given `(row, column)` positions; repetitions are merged.
    ///
    /// # Errors
    /// [`Singular`] if a column has no entry or the analysis fails.
    ///
    /// # Panics
    /// If a position lies outside the matrix.
    pub fn new(n: usize, positions: impl IntoIterator<Item = (usize, usize)>) -> Result<Self, Singular> {
        let mut by_column: Vec<(usize, usize)> = positions.into_iter().map(|(row, column)| (column, row)).collect();
        by_column.sort_unstable();
        by_column.dedup();
        let mut column_starts = vec![0; n + 1];
        for (column, row) in &by_column {
            assert!(*column < n && *row < n, "position ({row}, {column}) outside a matrix of order {n}");
            column_starts[column + 1] += 1;
        }
        if let Some(index) = column_starts[1..].iter().position(|count| *count == 0) {
            return Err(Singular { index: Some(index) });
        }
        for k in 0..n {
            column_starts[k + 1] += column_starts[k];
        }
        let rows: Vec<usize> = by_column.iter().map(|(_, row)| *row).collect();
        let pattern = SymbolicSparseColMatRef::new_checked(n, n, &column_starts, None, &rows);
        let symbolic = factorize_symbolic_lu(pattern, Default::default()).map_err(|_| Singular { index: None })?;
        let need = symbolic
            .factorize_numeric_lu_scratch::<S>(Par::Seq, Default::default())
            .or(symbolic.solve_in_place_scratch::<S>(1, Par::Seq));
        let workspace = MemBuffer::new(need);
        let values = vec![S::ZERO; rows.len()];
        Ok(Self {
            n,
            column_starts,
            rows,
            values,
            symbolic,
            numeric: NumericLu::new(),
            workspace,
            probe: vec![S::ONE; n],
            factored: false,
        })
    }

    /// Place of `(row, column)` in [`SparseLu::values_mut`], or `None` if it is not in the pattern. Look it up once per entry.
    pub fn slot(&self, row: usize, column: usize) -> Option<usize> {
        let range = self.column_starts[column]..self.column_starts[column + 1];
        self.rows[range.clone()].binary_search(&row).ok().map(|k| range.start + k)
    }

    /// Values in column order, to be filled before [`LinearSolver::factor`].
    pub fn values_mut(&mut self) -> &mut [S] {
        &mut self.values
    }

    /// Values in column order.
    pub fn values(&self) -> &[S] {
        &self.values
    }

    /// Number of stored entries.
    pub fn n_entries(&self) -> usize {
        self.values.len()
    }

    /// Positions `(row, column)` in the order of the values.
    pub fn positions(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.n).flat_map(|column| {
            self.rows[self.column_starts[column]..self.column_starts[column + 1]]
                .iter()
                .map(move |row| (*row, column))
        })
    }

    /// Sets every entry to zero.
    pub fn clear(&mut self) {
        self.values.fill(S::ZERO);
    }

    /// Product `out = A x` with the matrix as filled.
    pub fn multiply(&self, x: &[S], out: &mut [S]) {
        out.fill(S::ZERO);
        for (((row, _), value), x) in self
            .positions()
            .zip(&self.values)
            .zip(self.positions().map(|(_, column)| x[column]))
        {
            out[row] += *value * x;
        }
    }

    fn solve_with(&mut self, b: &mut [S]) {
        let lu = LuRef::new_unchecked(&self.symbolic, &self.numeric);
        let rhs = MatMut::from_column_major_slice_mut(b, self.n, 1);
        lu.solve_in_place_with_conj(Conj::No, rhs, Par::Seq, MemStack::new(&mut self.workspace));
    }
}

impl<S: Field> LinearSolver<S> for SparseLu<S> {
    fn len(&self) -> usize {
        self.n
    }

    fn factor(&mut self) -> Result<(), Singular> {
        self.factored = false;
        let pattern = SymbolicSparseColMatRef::new_checked(self.n, self.n, &self.column_starts, None, &self.rows);
        let matrix = SparseColMatRef::new(pattern, &self.values);
        let stack = MemStack::new(&mut self.workspace);
        self.symbolic
            .factorize_numeric_lu(&mut self.numeric, matrix, Par::Seq, stack, Default::default())
            .map_err(|_| Singular { index: None })?;
        // A vanishing pivot shows only as a value that is not finite in the solution.
        let mut probe = std::mem::take(&mut self.probe);
        probe.fill(S::ONE);
        self.solve_with(&mut probe);
        let bad = probe.iter().position(|x| !x.magnitude().is_finite());
        self.probe = probe;
        match bad {
            Some(_) => Err(Singular { index: bad }),
            None => {
                self.factored = true;
                Ok(())
            }
        }
    }

    /// # Panics
    /// If no factorisation succeeded before.
    fn solve(&mut self, b: &mut [S]) {
        assert!(self.factored, "invariant: solve follows a successful factorisation");
        self.solve_with(b);
    }
}
