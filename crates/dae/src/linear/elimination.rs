//! Numerical factorisation by fronts, from the leaves of their tree to its top.

use super::Field;
use super::compensation::{self, Weights};
use super::fronts::{Entries, Front, FrontTree, Run};
use super::packed::{self, Pivot};
use super::panel::eliminate;
use super::stored::Stored;
use crate::error::Singular;
use crate::lanes::vectorised;

/// What a factorisation leaves: of every front, one after the other, the factors below the diagonal, the pivots, and the row that
/// took the place of each pivot; the factors above the diagonal from the last front to the first.
pub(super) struct Factors<'a, S, F> {
    pub lower: &'a mut [F],
    pub upper: &'a mut [F],
    pub pivots: &'a mut [Pivot<S>],
    pub swaps: &'a mut [u32],
}

impl<S, F> Factors<'_, S, F> {
    /// What belongs to the first `pivots`, with so many `factors` on each side, and to the others.
    fn split(self, factors: usize, pivots: usize) -> (Self, Self) {
        let lower = self.lower.split_at_mut(factors);
        let upper = self.upper.split_at_mut(self.upper.len() - factors);
        let (pivots, swaps) = (self.pivots.split_at_mut(pivots), self.swaps.split_at_mut(pivots));
        let with = |lower, upper, pivots, swaps| Factors {
            lower,
            upper,
            pivots,
            swaps,
        };
        (with(lower.0, upper.1, pivots.0, swaps.0), with(lower.1, upper.0, pivots.1, swaps.1))
    }
}

/// A matrix to be eliminated.
pub(super) struct Elimination<'a, S> {
    pub tree: &'a FrontTree,
    pub entries: &'a Entries,
    pub values: &'a [S],
    /// Factors on the row and the column of each step.
    pub scale: &'a [[f64; 2]],
}

/// Memory for the front at hand.
#[derive(Clone, Debug)]
pub(super) struct Scratch<S> {
    numbers: Vec<S>,
    weights: Weights,
    sums: Vec<[S; 2]>,
}

impl<S> Default for Scratch<S> {
    fn default() -> Self {
        Scratch {
            numbers: vec![],
            weights: Weights::default(),
            sums: vec![],
        }
    }
}

impl<S: Field> Elimination<'_, S> {
    /// Factors the subtree of front `k` into what is given, and returns what it adds to its parent, by columns. A front is eliminated in
    /// `scratch`, which stays in the cache, and only its factors are kept.
    pub(super) fn subtree<F: Stored<S>>(&self, k: usize, factors: Factors<'_, S, F>, scratch: &mut Scratch<S>) -> Result<Vec<S>, Singular> {
        let tree = self.tree;
        let front = &tree.fronts[k];
        let begin = &tree.fronts[front.lowest];
        let (below, own) = factors.split(front.offset - begin.offset, front.first - begin.first);
        let added = match front.children[..] {
            [] => vec![],
            [child] => vec![self.subtree(child, below, scratch)?],
            [a, b, ..] => {
                let second = &tree.fronts[tree.fronts[b].lowest];
                let (left, right) = below.split(second.offset - begin.offset, second.first - begin.first);
                if front.shared[0] {
                    let (left, right) = rayon::join(
                        || self.subtree(a, left, scratch),
                        || self.subtree(b, right, &mut Scratch::default()),
                    );
                    vec![left?, right?]
                } else {
                    vec![self.subtree(a, left, scratch)?, self.subtree(b, right, scratch)?]
                }
            }
        };
        let (p, b) = (front.pivots, front.boundary.len());
        let Scratch { numbers, weights, sums } = scratch;
        numbers.clear();
        numbers.resize(front.numbers(), S::ZERO);
        for [slot, place] in self.entries.of(k) {
            numbers[*place as usize] = self.values[*slot as usize];
        }
        let (left, right) = numbers.split_at_mut(p * (p + b));
        let mut rest = vec![S::ZERO; b * b];
        for (child, added) in front.children.iter().zip(&added) {
            extend([&tree.fronts[*child], front], added, [left, right, &mut rest]);
        }
        let singular = |at: usize| Singular {
            index: Some(tree.order[front.first + at] as usize),
        };
        eliminate(left, right, &mut rest, own.swaps).map_err(singular)?;
        find_pivots([left, right], own.pivots);
        if !F::EXACT {
            weights.gather(front, own.swaps, self.scale);
            compensation::find::<S, F>([left, right], weights, sums, own.pivots);
        }
        if packed::pack([left, right], p, [own.lower, own.upper]) {
            Ok(rest)
        } else {
            Err(singular(p - 1))
        }
    }
}

/// Takes the pivots out of the rows of `D U`, which become those of `U`.
fn find_pivots<S: Field>([left, right]: [&mut [S]; 2], pivots: &mut [Pivot<S>]) {
    let Some(rows) = left.len().checked_div(pivots.len()) else { return };
    for (pivot, value) in pivots.iter_mut().zip(left.iter().step_by(rows + 1)) {
        *pivot = Pivot::of(S::ONE / *value);
    }
    vectorised(
        #[inline(always)]
        || {
            for (k, column) in left.chunks_exact_mut(rows).enumerate() {
                divide(&mut column[..k], pivots);
            }
            for column in right.chunks_exact_mut(pivots.len()) {
                divide(column, pivots);
            }
        },
    );
}

/// Multiplies the rows of a column with the inverse pivots.
#[inline(always)]
fn divide<S: Field>(column: &mut [S], pivots: &[Pivot<S>]) {
    for (u, pivot) in column.iter_mut().zip(pivots) {
        *u *= pivot.inverse;
    }
}

/// Adds what a child leaves to the front of its parent.
fn extend<S: Field>([child, parent]: [&Front; 2], added: &[S], [left, right, rest]: [&mut [S]; 3]) {
    let (p, b, m) = (parent.pivots, parent.boundary.len(), child.boundary.len());
    let runs = &child.to_parent[..];
    let (inner, outer) = runs.split_at(runs.partition_point(|run| run.to().start < p));
    vectorised(
        #[inline(always)]
        || {
            for run in inner {
                for (column, j) in run.from().zip(run.to()) {
                    add(&mut left[j * (p + b)..(j + 1) * (p + b)], 0, runs, &added[column * m..]);
                }
            }
            for run in outer {
                for (column, j) in run.from().zip(run.to().map(|j| j - p)) {
                    add(&mut right[j * p..(j + 1) * p], 0, inner, &added[column * m..]);
                    add(&mut rest[j * b..(j + 1) * b], p, outer, &added[column * m..]);
                }
            }
        },
    );
}

/// Adds runs of a column of a child to those of its parent that it has from row `first` on.
#[inline(always)]
fn add<S: Field>(to: &mut [S], first: usize, runs: &[Run], from: &[S]) {
    for run in runs {
        let range = run.to();
        let to = &mut to[range.start - first..range.end - first];
        for (to, v) in to.iter_mut().zip(&from[run.from()]) {
            *to += *v;
        }
    }
}
