//! Sparse LU factorisation of meshes: nested dissection and dense fronts.

use super::fronts::{Front, FrontTree};
use super::panel::{eliminate, solve_lower, solve_upper};
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
/// # Equation
/// Of each front `[A11, A12; A21, A22]`: `A11 = P L11 U11`, `U12 = L11⁻¹ P⁻¹ A12`, `L21 = A21 U11⁻¹`; `A22 - L21 U12` is added to the
/// front of the parent.
///
/// # Validity
/// The result does not depend on the number of threads.
///
/// # Source
/// I. S. Duff, J. K. Reid, ACM Trans. Math. Softw. 9 (1983) 302, doi:10.1145/356044.356047.
///
/// # Verification
/// `tests/linear.rs` against dense LU and [`SparseLu`](super::SparseLu).
#[derive(Clone, Debug)]
pub struct MultifrontalLu<S> {
    tree: Arc<FrontTree>,
    row_starts: Arc<Vec<usize>>,
    columns: Arc<Vec<u32>>,
    destinations: Arc<Vec<usize>>,
    values: Vec<S>,
    factors: Vec<S>,
    /// Row that took the place of each pivot, within its front.
    swaps: Vec<u32>,
    /// Parts of the solution, one front after the other.
    local: Vec<S>,
    factored: bool,
}

impl<S: Field> MultifrontalLu<S> {
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
        Self {
            destinations: Arc::new(tree.destinations(&positions)),
            row_starts: Arc::new(row_starts),
            columns: Arc::new(positions.iter().map(|(_, column)| *column as u32).collect()),
            values: vec![S::ZERO; positions.len()],
            factors: vec![],
            swaps: vec![0; n],
            local: vec![],
            factored: false,
            tree: Arc::new(tree),
        }
    }

    /// The same matrix with zeros, sharing what was found from its pattern.
    pub fn emptied(&self) -> Self {
        Self {
            tree: self.tree.clone(),
            row_starts: self.row_starts.clone(),
            columns: self.columns.clone(),
            destinations: self.destinations.clone(),
            values: vec![S::ZERO; self.values.len()],
            factors: vec![],
            swaps: vec![0; self.swaps.len()],
            local: vec![],
            factored: false,
        }
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

    /// Number of stored entries of the factors.
    pub fn n_factors(&self) -> usize {
        self.tree.size()
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

/// Factors the subtree of front `k`, whose numbers and exchanges are given, and returns what it adds to its parent, by columns.
fn factor_subtree<S: Field>(tree: &FrontTree, k: usize, numbers: &mut [S], swaps: &mut [u32]) -> Result<Vec<S>, Singular> {
    let front = &tree.fronts[k];
    let begin = &tree.fronts[front.lowest];
    let (below, own) = numbers.split_at_mut(front.offset - begin.offset);
    let (swaps_below, own_swaps) = swaps.split_at_mut(front.first - begin.first);
    let added = match front.children[..] {
        [] => vec![],
        [child] => vec![factor_subtree(tree, child, below, swaps_below)?],
        [a, b, ..] => {
            let second = &tree.fronts[tree.fronts[b].lowest];
            let (numbers_a, numbers_b) = below.split_at_mut(second.offset - begin.offset);
            let (swaps_a, swaps_b) = swaps_below.split_at_mut(second.first - begin.first);
            let mut left = || factor_subtree(tree, a, numbers_a, swaps_a);
            let mut right = || factor_subtree(tree, b, numbers_b, swaps_b);
            let (left, right) = if front.shared[0] {
                rayon::join(left, right)
            } else {
                (left(), right())
            };
            vec![left?, right?]
        }
    };
    let (p, b) = (front.pivots, front.boundary.len());
    let (square, own) = own.split_at_mut(p * p);
    let (below, beside) = own.split_at_mut(p * b);
    let mut rest = vec![S::ZERO; b * b];
    for (child, added) in front.children.iter().zip(&added) {
        extend(&tree.fronts[*child], added, [p, b], [square, below, beside, &mut rest]);
    }
    eliminate(square, below, beside, &mut rest, own_swaps).map_err(|at| Singular {
        index: Some(tree.order[front.first + at] as usize),
    })?;
    Ok(rest)
}

/// Adds what a child leaves to the front of its parent of `p` pivots with `b` unknowns beyond.
fn extend<S: Field>(child: &Front, added: &[S], [p, b]: [usize; 2], [square, below, beside, rest]: [&mut [S]; 4]) {
    let map = &child.to_parent;
    let (inner, outer) = map.split_at(map.partition_point(|at| (*at as usize) < p));
    let add = |to: &mut [S], rows: &[u32], from: &[S], shift: usize| {
        for (at, v) in rows.iter().zip(from) {
            to[*at as usize - shift] += *v;
        }
    };
    for (column, from) in map.iter().zip(added.chunks_exact(map.len().max(1))) {
        let j = *column as usize;
        let (upper, lower) = from.split_at(inner.len());
        if j < p {
            add(&mut square[j * p..(j + 1) * p], inner, upper, 0);
            add(&mut below[j * b..(j + 1) * b], outer, lower, p);
        } else {
            for (at, v) in inner.iter().zip(upper) {
                beside[*at as usize * b + j - p] += *v;
            }
            add(&mut rest[(j - p) * b..(j - p + 1) * b], outer, lower, p);
        }
    }
}

/// The two triangular solves; of each front its own unknowns and those beyond are side by side.
struct Substitution<'a, S> {
    tree: &'a FrontTree,
    factors: &'a [S],
    swaps: &'a [u32],
}

impl<S: Field> Substitution<'_, S> {
    /// Factors of a front.
    fn of(&self, f: &Front) -> (&[S], &[S], &[S]) {
        let (square, others) = self.factors[f.offset..f.offset + f.size()].split_at(f.pivots * f.pivots);
        let (below, beside) = others.split_at(f.pivots * f.boundary.len());
        (square, below, beside)
    }

    /// Calls `each` for the children of a front with what belongs to their subtrees, on two threads where that pays.
    fn descend(&self, f: &Front, below: &mut [S], each: impl Fn(usize, &mut [S]) + Sync) {
        match f.children[..] {
            [] => {}
            [child] => each(child, below),
            [a, b, ..] => {
                let second = &self.tree.fronts[self.tree.fronts[b].lowest];
                let (left, right) = below.split_at_mut(second.local - self.tree.fronts[f.lowest].local);
                if f.shared[1] {
                    rayon::join(|| each(a, left), || each(b, right));
                } else {
                    each(a, left);
                    each(b, right);
                }
            }
        }
    }

    /// Forward substitution of the subtree of front `k`, whose parts are given: `[y; -L21 y]` where the right-hand side is `b`.
    fn forward(&self, k: usize, b: &[S], parts: &mut [S]) {
        let f = &self.tree.fronts[k];
        let begin = self.tree.fronts[f.lowest].local;
        let (below, here) = parts.split_at_mut(f.local - begin);
        self.descend(f, below, |child, parts| self.forward(child, b, parts));
        let (own, beyond) = here.split_at_mut(f.pivots);
        for (x, old) in own.iter_mut().zip(&self.tree.order[f.first..]) {
            *x = b[*old as usize];
        }
        beyond.fill(S::ZERO);
        for child in f.children.iter().map(|c| &self.tree.fronts[*c]) {
            let from = &below[child.local + child.pivots - begin..];
            for (at, v) in child.to_parent.iter().zip(from) {
                here[*at as usize] += *v;
            }
        }
        let (own, beyond) = here.split_at_mut(f.pivots);
        let (square, below, _) = self.of(f);
        solve_lower(square, below, &self.swaps[f.first..f.first + f.pivots], own, beyond);
    }

    /// Back substitution of the subtree of front `k`, the part beyond which is known.
    fn backward(&self, k: usize, parts: &mut [S]) {
        let f = &self.tree.fronts[k];
        let begin = self.tree.fronts[f.lowest].local;
        let (below, here) = parts.split_at_mut(f.local - begin);
        let (own, beyond) = here.split_at_mut(f.pivots);
        let (square, _, beside) = self.of(f);
        solve_upper(square, beside, own, beyond);
        for child in f.children.iter().map(|c| &self.tree.fronts[*c]) {
            let to = &mut below[child.local + child.pivots - begin..];
            for (at, v) in child.to_parent.iter().zip(to) {
                *v = here[*at as usize];
            }
        }
        self.descend(f, below, |child, parts| self.backward(child, parts));
    }
}

impl<S: Field> LinearSolver<S> for MultifrontalLu<S> {
    fn len(&self) -> usize {
        self.tree.order.len()
    }

    /// # Errors
    /// [`Singular`] if a pivot vanishes or is so much smaller than the entries it eliminates that the factors are worth nothing.
    fn factor(&mut self) -> Result<(), Singular> {
        self.factored = false;
        self.factors.clear();
        self.factors.resize(self.tree.size(), S::ZERO);
        self.local.resize(self.tree.local(), S::ZERO);
        for (to, value) in self.destinations.iter().zip(&self.values) {
            self.factors[*to] = *value;
        }
        if let Some(top) = self.tree.fronts.len().checked_sub(1) {
            factor_subtree(&self.tree, top, &mut self.factors, &mut self.swaps)?;
        }
        self.factored = true;
        Ok(())
    }

    /// # Panics
    /// If no factorisation succeeded before.
    fn solve(&mut self, b: &mut [S]) {
        assert!(self.factored, "invariant: solve follows a successful factorisation");
        let Some(top) = self.tree.fronts.len().checked_sub(1) else { return };
        let work = Substitution {
            tree: &self.tree,
            factors: &self.factors,
            swaps: &self.swaps,
        };
        work.forward(top, b, &mut self.local);
        work.backward(top, &mut self.local);
        for f in &self.tree.fronts {
            for (x, old) in self.local[f.local..].iter().zip(&self.tree.order[f.first..f.first + f.pivots]) {
                b[*old as usize] = *x;
            }
        }
    }
}
