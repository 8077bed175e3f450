//! Balances of whole groups: what an iteration leaves of the sum of all equations of one kind is taken away.

use super::aggregation::ALONE;
use super::pair_matrix::PairMatrix;
use super::{DenseLu, LinearSolver, parallel};

/// Sums of the equations of each group of unknowns.
///
/// A residual that is small everywhere still adds up: over a discharge the lithium of a cell would drift by as much as the tolerance
/// allows. The sum over all balances of a species is what is conserved, and one number for each group closes all of them.
///
/// # Equation
/// `x ← x + Z a`, `(Zᵀ A Z) a = Zᵀ (b - A x)`, where column `g` of `Z` is one at the unknowns of group `g` and zero elsewhere; then
/// `Zᵀ (b - A x) = 0`.
///
/// # Source
/// The coarse correction of deflation, Nicolaides, SIAM J. Numer. Anal. 24 (1987) 355, doi:10.1137/0724027.
///
/// # Verification
/// `tests/krylov.rs`, `balances_are_closed_at_any_tolerance`.
#[derive(Debug)]
pub(super) struct Balances {
    /// Groups that have unknowns.
    groups: Vec<u8>,
    /// `A Z`, column after column.
    products: Vec<Vec<f64>>,
    small: DenseLu<f64>,
    usable: bool,
}

impl Balances {
    pub(super) fn new(a: &PairMatrix) -> Self {
        let mut groups: Vec<u8> = a.pairs.groups.iter().copied().filter(|g| *g != ALONE).collect();
        groups.sort_unstable();
        groups.dedup();
        Self {
            products: vec![vec![0.0; a.pairs.n_places()]; groups.len()],
            small: DenseLu::new(groups.len()),
            groups,
            usable: false,
        }
    }

    /// Takes the values of `a`.
    pub(super) fn fill(&mut self, a: &PairMatrix) {
        let of = &a.pairs.groups;
        let mut z = vec![0.0; of.len()];
        self.small.clear();
        for (column, (group, product)) in self.groups.iter().zip(&mut self.products).enumerate() {
            parallel::fill(&mut z, |i| f64::from(u8::from(of[i] == *group)));
            a.multiply(&z, product);
            for (row, sum) in sums(&self.groups, of, product).into_iter().enumerate() {
                self.small.add(row, column, sum);
            }
        }
        self.usable = !self.groups.is_empty() && self.small.factor().is_ok();
    }

    /// Corrects `x` and its residual `r`, unless that would lift the norm of the residual above `target`, where shifting a whole
    /// concentration sets reactions going; returns the norm of what `r` is then.
    pub(super) fn close(&mut self, a: &PairMatrix, r: &mut [f64], x: &mut [f64], target: f64) -> f64 {
        let of = &a.pairs.groups;
        let before = parallel::norm(r);
        if !self.usable {
            return before;
        }
        let mut amounts = sums(&self.groups, of, r);
        self.small.solve(&mut amounts);
        amounts.iter_mut().for_each(|a| *a = -*a);
        parallel::add_combination(&self.products, &amounts, r);
        let after = parallel::norm(r);
        let accepted = after <= target.max(before);
        amounts.iter_mut().for_each(|a| *a = -*a);
        if accepted {
            let shift = |group: u8| self.groups.iter().position(|g| *g == group).map_or(0.0, |k| amounts[k]);
            let shifts: Vec<f64> = (0..=u8::MAX).map(shift).collect();
            parallel::by_chunks(x, |first, x| {
                for (x, group) in x.iter_mut().zip(&of[first..]) {
                    *x += shifts[usize::from(*group)];
                }
            });
            return after;
        }
        parallel::add_combination(&self.products, &amounts, r);
        before
    }
}

/// Sum of the numbers at the places of each group.
fn sums(groups: &[u8], of: &[u8], values: &[f64]) -> Vec<f64> {
    let pieces = parallel::map_ranges(values.len(), parallel::CHUNK, |range| {
        let mut sums = [0.0; 256];
        for (value, group) in values[range.clone()].iter().zip(&of[range]) {
            sums[usize::from(*group)] += value;
        }
        groups.iter().map(|g| sums[usize::from(*g)]).collect::<Vec<f64>>()
    });
    let mut out = vec![0.0; groups.len()];
    for piece in pieces {
        out.iter_mut().zip(piece).for_each(|(out, sum)| *out += sum);
    }
    out
}
