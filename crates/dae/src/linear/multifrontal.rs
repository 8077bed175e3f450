//! Sparse LU factorisation of meshes: nested dissection and dense fronts.

use super::elimination::{Elimination, Factors, Scratch};
use super::equilibration::Equilibration;
use super::fronts::{Entries, FrontTree};
use super::packed::Pivot;
use super::stored::Stored;
use super::substitution::Substitution;
use super::{Field, LinearSolver};
use crate::error::Singular;
use std::sync::Arc;

/// Sparse square matrix of a mesh with its LU factors.
///
/// Symmetric in its pattern, not in its values. The order of elimination is found once from the places of the unknowns (nested
/// dissection); [`LinearSolver::factor`] redoes the numbers only, in dense fronts, on all threads where that pays. Rows are
/// exchanged for a better pivot only among the unknowns that a front eliminates, which is enough for discretised transport;
/// where it is not, [`LinearSolver::factor`] fails and [`SparseLu`](super::SparseLu) does it.
///
/// Fronts are eliminated in numbers `S` and stay in the cache; their factors are kept in numbers `F`. A solution with factors of `f64` in
/// `f32` takes half of the time or less on meshes whose factors do not fit into the cache, and is off by some 10⁻⁶ in each unknown, as
/// is a correction of it: enough where an iteration goes on until the residual is small, as Newton's method does. [`Totals`](super::Totals)
/// keeps what is conserved.
///
/// # Equation
/// Of the equilibrated matrix in each front `[A11, A12; A21, A22]`: `A11 = P L11 D U11`, `D U12 = L11⁻¹ P⁻¹ A12`,
/// `L21 = A21 (D U11)⁻¹`; `A22 - L21 D U12` is added to the front of the parent.
///
/// # Validity
/// The result does not depend on the number of threads.
///
/// # Source
/// I. S. Duff, J. K. Reid, ACM Trans. Math. Softw. 9 (1983) 302, doi:10.1145/356044.356047.
///
/// # Verification
/// `tests/linear.rs` against dense LU and [`SparseLu`](super::SparseLu); `short_factors_keep_every_unknown_accurate` for metal that
/// conducts 10⁹ times better than what holds it, also in units of 10³³.
#[derive(Clone, Debug)]
pub struct MultifrontalLu<S, F = S> {
    tree: Arc<FrontTree>,
    row_starts: Arc<Vec<usize>>,
    columns: Arc<Vec<u32>>,
    entries: Arc<Entries>,
    values: Vec<S>,
    scale: Equilibration,
    /// Values of equilibrated rows and columns.
    scaled: Vec<S>,
    /// Columns of `L` from the first front to the last, rows of `U` from the last to the first.
    lower: Vec<F>,
    upper: Vec<F>,
    pivots: Vec<Pivot<S>>,
    /// Row that took the place of each pivot, within its front.
    swaps: Vec<u32>,
    /// Parts of the solution, one front after the other.
    local: Vec<S>,
    /// The right-hand side in the order of elimination.
    rhs: Vec<S>,
    scratch: Scratch<S>,
    factored: bool,
}

impl<S: Field, F: Stored<S>> MultifrontalLu<S, F> {
    /// A matrix with one unknown at each of `places` and zeros at the given `(row, column)` positions; repetitions are merged.
    ///
    /// # Panics
    /// If a position lies outside the matrix.
    pub fn new(places: &[[f64; 3]], positions: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let n = places.len();
        let mut positions: Vec<(usize, usize)> = positions.into_iter().collect();
        positions.sort_unstable();
        positions.dedup();
        let mut row_starts = vec![0; n + 1];
        for (row, column) in &positions {
            assert!(*column < n && *row < n, "position ({row}, {column}) outside a matrix of order {n}");
            row_starts[row + 1] += 1;
        }
        (0..n).for_each(|k| row_starts[k + 1] += row_starts[k]);
        let tree = FrontTree::new(places, &positions);
        let entries = tree.entries(&positions);
        let columns = positions.iter().map(|(_, column)| *column as u32).collect();
        Self::with(Arc::new(tree), Arc::new(row_starts), Arc::new(columns), Arc::new(entries))
    }

    fn with(tree: Arc<FrontTree>, row_starts: Arc<Vec<usize>>, columns: Arc<Vec<u32>>, entries: Arc<Entries>) -> Self {
        Self {
            values: vec![S::ZERO; columns.len()],
            tree,
            row_starts,
            columns,
            entries,
            scale: Equilibration::default(),
            scaled: vec![],
            lower: vec![],
            upper: vec![],
            pivots: vec![],
            swaps: vec![],
            local: vec![],
            rhs: vec![],
            scratch: Scratch::default(),
            factored: false,
        }
    }

    /// The same matrix with zeros, sharing what was found from its pattern, whose factors may be kept otherwise.
    pub fn emptied<G: Stored<S>>(&self) -> MultifrontalLu<S, G> {
        MultifrontalLu::with(
            self.tree.clone(),
            self.row_starts.clone(),
            self.columns.clone(),
            self.entries.clone(),
        )
    }

    /// Place of `(row, column)` in [`MultifrontalLu::values_mut`], or `None` if it is not in the pattern. Look it up once per entry.
    pub fn slot(&self, row: usize, column: usize) -> Option<usize> {
        let range = self.row_starts[row]..self.row_starts[row + 1];
        self.columns[range.clone()]
            .binary_search(&(column as u32))
            .ok()
            .map(|k| range.start + k)
    }

    /// Values in row order, to be filled before [`LinearSolver::factor`].
    pub fn values_mut(&mut self) -> &mut [S] {
        &mut self.values
    }

    /// Values in row order.
    pub fn values(&self) -> &[S] {
        &self.values
    }

    /// Number of stored entries of the matrix.
    pub fn n_entries(&self) -> usize {
        self.values.len()
    }

    /// `b ← b - A x`.
    pub fn subtract_product(&self, x: &[S], b: &mut [S]) {
        for (b, w) in b.iter_mut().zip(self.row_starts.windows(2)) {
            for (v, column) in self.values[w[0]..w[1]].iter().zip(&self.columns[w[0]..w[1]]) {
                *b -= *v * x[*column as usize];
            }
        }
    }

    /// Number of stored entries of the factors.
    pub fn n_factors(&self) -> usize {
        2 * self.tree.size() + self.len()
    }

    /// Products of one factorisation.
    pub fn work(&self) -> f64 {
        self.tree.work()
    }

    /// Positions `(row, column)` in the order of the values.
    pub fn positions(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let rows = self
            .row_starts
            .windows(2)
            .enumerate()
            .flat_map(|(row, w)| (w[0]..w[1]).map(move |_| row));
        rows.zip(self.columns.iter().map(|column| *column as usize))
    }
}

impl<S: Field, F: Stored<S>> LinearSolver<S> for MultifrontalLu<S, F> {
    fn len(&self) -> usize {
        self.tree.order.len()
    }

    /// # Errors
    /// [`Singular`] if a pivot vanishes or is so much smaller than the entries it eliminates that the factors are worth nothing, or do not
    /// fit into numbers `F`.
    fn factor(&mut self) -> Result<(), Singular> {
        self.factored = false;
        self.scaled.clone_from(&self.values);
        self.scale
            .apply(&self.row_starts, &self.columns, &mut self.scaled, &self.tree.order);
        self.lower.resize(self.tree.size(), F::of(S::ZERO));
        self.upper.resize(self.tree.size(), F::of(S::ZERO));
        self.pivots.resize(self.len(), Pivot::of(S::ONE));
        self.swaps.resize(self.len(), 0);
        let elimination = Elimination {
            tree: &self.tree,
            entries: &self.entries,
            values: &self.scaled,
            scale: self.scale.of_steps(),
        };
        let factors = Factors {
            lower: &mut self.lower,
            upper: &mut self.upper,
            pivots: &mut self.pivots,
            swaps: &mut self.swaps,
        };
        if let Some(top) = self.tree.fronts.len().checked_sub(1) {
            elimination.subtree(top, factors, &mut self.scratch)?;
        }
        self.factored = true;
        Ok(())
    }

    /// # Panics
    /// If no factorisation succeeded before.
    fn solve(&mut self, b: &mut [S]) {
        assert!(self.factored, "invariant: solve follows a successful factorisation");
        let Some(top) = self.tree.fronts.len().checked_sub(1) else { return };
        let substitution = Substitution {
            tree: &self.tree,
            lower: &self.lower,
            upper: &self.upper,
            pivots: &self.pivots,
            swaps: &self.swaps,
        };
        let scale = self.scale.of_steps();
        self.rhs.clear();
        let steps = self.tree.order.iter().zip(scale);
        self.rhs.extend(steps.map(|(k, scale)| b[*k as usize] * S::from_real(scale[0])));
        self.local.resize(self.tree.local(), S::ZERO);
        substitution.forward(top, &self.rhs, &mut self.local);
        substitution.backward(top, &mut self.local);
        for f in &self.tree.fronts {
            let steps = f.first..f.first + f.pivots;
            let scale = &scale[steps.clone()];
            for ((k, scale), x) in self.tree.order[steps].iter().zip(scale).zip(&self.local[f.local..]) {
                b[*k as usize] = *x * S::from_real(scale[1]);
            }
        }
    }
}
