//! Forward and back substitution through the tree of fronts.

use super::Field;
use super::fronts::{Front, FrontTree};
use super::packed::{self, Pivot, solve_lower, solve_upper};
use super::stored::Stored;

/// The two triangular solves; of each front its own unknowns and those beyond are side by side.
pub(super) struct Substitution<'a, S, F> {
    pub tree: &'a FrontTree,
    pub lower: &'a [F],
    pub upper: &'a [F],
    pub pivots: &'a [Pivot<S>],
    pub swaps: &'a [u32],
}

impl<S: Field, F: Stored<S>> Substitution<'_, S, F> {
    fn pivots(&self, f: &Front) -> &[Pivot<S>] {
        &self.pivots[f.first..f.first + f.pivots]
    }

    /// Splits what belongs to the subtrees of the two children of a front.
    fn split<'b>(&self, f: &Front, second: usize, below: &'b mut [S]) -> [&'b mut [S]; 2] {
        let second = &self.tree.fronts[self.tree.fronts[second].lowest];
        below.split_at_mut(second.local - self.tree.fronts[f.lowest].local).into()
    }

    /// Forward substitution of the subtree of front `k`, whose parts are given: `[y; -L21 y]` where the right-hand side is `b`. `b` is
    /// given in the order of elimination.
    pub(super) fn forward(&self, k: usize, b: &[S], parts: &mut [S]) {
        let f = &self.tree.fronts[k];
        let begin = self.tree.fronts[f.lowest].local;
        let (below, here) = parts.split_at_mut(f.local - begin);
        match f.children[..] {
            [] => {}
            [child] => self.forward(child, b, below),
            [left, right, ..] => {
                let parts = self.split(f, right, below);
                let [a, c] = parts;
                if f.shared[1] {
                    rayon::join(|| self.forward(left, b, a), || self.forward(right, b, c));
                } else {
                    self.forward(left, b, a);
                    self.forward(right, b, c);
                }
            }
        }
        here[..f.pivots].copy_from_slice(&b[f.first..f.first + f.pivots]);
        here[f.pivots..].fill(S::ZERO);
        for child in f.children.iter().map(|c| &self.tree.fronts[*c]) {
            let from = &below[child.local + child.pivots - begin..];
            for run in &child.to_parent {
                let to = here[run.to()].iter_mut();
                to.zip(&from[run.from()]).for_each(|(to, v)| *to += *v);
            }
        }
        for (k, with) in self.swaps[f.first..f.first + f.pivots].iter().enumerate() {
            here.swap(k, *with as usize);
        }
        solve_lower(&self.lower[f.offset..], self.pivots(f), here);
    }

    /// Back substitution of the subtree of front `k`, the part beyond which is known.
    pub(super) fn backward(&self, k: usize, parts: &mut [S]) {
        let f = &self.tree.fronts[k];
        let begin = self.tree.fronts[f.lowest].local;
        let (below, here) = parts.split_at_mut(f.local - begin);
        let begin_upper = self.upper.len() - f.offset - packed::size(f.pivots, f.boundary.len());
        solve_upper(&self.upper[begin_upper..], self.pivots(f), here);
        for child in f.children.iter().map(|c| &self.tree.fronts[*c]) {
            let to = &mut below[child.local + child.pivots - begin..];
            for run in &child.to_parent {
                to[run.from()].copy_from_slice(&here[run.to()]);
            }
        }
        match f.children[..] {
            [] => {}
            [child] => self.backward(child, below),
            [left, right, ..] => {
                let [a, c] = self.split(f, right, below);
                if f.shared[1] {
                    rayon::join(|| self.backward(left, a), || self.backward(right, c));
                } else {
                    // In the opposite order of the forward substitution: memory is read without a jump.
                    self.backward(right, c);
                    self.backward(left, a);
                }
            }
        }
    }
}
