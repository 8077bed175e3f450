//! Balances of the whole: what an iteration leaves of the sum of all equations of one kind is taken away.

use super::krylov_options::Kind;
use super::pair_matrix::PairMatrix;
use super::{DenseLu, LinearSolver, parallel};

/// A place whose equation is no balance.
const NONE: u8 = u8::MAX;
/// How much further than it would have to an iteration goes on, and how much at most, for a result that stays within its tolerance when
/// the balances are closed.
const SPREAD: f64 = 2.0;
const LARGEST_MARGIN: f64 = 100.0;

/// Sums of the equations of each kind of unknown.
///
/// A residual that is small everywhere still adds up: over a discharge the lithium of a cell would drift by as much as the tolerance
/// allows. The sum over all balances of a species is what is conserved, and one number for each kind closes all of them.
///
/// # Equation
/// `x ← x + Z a`, `(Zᵀ A Z) a = Zᵀ (b - A x)`, where a column of `Z` is one at the unknowns of one kind and zero elsewhere; then
/// `Zᵀ (b - A x) = 0`.
///
/// Shifting a whole concentration may set reactions going, whose currents the residual then has too; the iteration has to come further
/// down before the balances can be closed.
///
/// # Source
/// The coarse correction of deflation, Nicolaides, SIAM J. Numer. Anal. 24 (1987) 355, doi:10.1137/0724027.
///
/// # Verification
/// `tests/krylov.rs`, `balances_are_closed_at_any_tolerance`.
#[derive(Debug)]
pub(super) struct Balances {
    /// Number of the kind of each place, or [`NONE`].
    of: Vec<u8>,
    /// `A Z`, column after column.
    products: Vec<Vec<f64>>,
    small: DenseLu<f64>,
    usable: bool,
}

impl Balances {
    /// Balances of a matrix with unknowns of these kinds.
    pub(super) fn new(a: &PairMatrix, kinds: &[Kind]) -> Self {
        let (mut of, mut known) = (vec![NONE; a.pairs.n_places()], Vec::new());
        for (place, kind) in a.pairs.place.iter().zip(kinds).filter(|(_, kind)| **kind != Kind::Single) {
            let number = known.iter().position(|k| k == kind).unwrap_or_else(|| {
                known.push(*kind);
                known.len() - 1
            });
            of[*place as usize] = u8::try_from(number).unwrap_or(NONE);
        }
        let n = known.len().min(usize::from(NONE));
        Self {
            products: vec![vec![0.0; of.len()]; n],
            small: DenseLu::new(n),
            of,
            usable: false,
        }
    }

    /// Bytes held by the vectors.
    pub(super) fn memory_bytes(&self) -> usize {
        self.of.len() + 8 * self.products.iter().map(Vec::len).sum::<usize>()
    }

    /// Takes the values of `a`.
    pub(super) fn fill(&mut self, a: &PairMatrix) {
        let of = &self.of;
        let mut z = vec![0.0; of.len()];
        self.small.clear();
        let n = self.products.len();
        for (column, product) in self.products.iter_mut().enumerate() {
            parallel::fill(&mut z, |i| f64::from(u8::from(usize::from(of[i]) == column)));
            a.multiply(&z, product);
            for (row, sum) in sums(n, of, product).into_iter().enumerate() {
                self.small.add(row, column, sum);
            }
        }
        self.usable = n > 0 && self.small.factor().is_ok();
    }

    /// Corrects `x` and its residual `r`, unless that would lift the norm of the residual above `target`. Returns the norm of what `r` is
    /// then, and how many times below the target it has to be for a correction: 1 if there was one.
    pub(super) fn close(&mut self, r: &mut [f64], x: &mut [f64], target: f64) -> (f64, f64) {
        let of = &self.of;
        let before = parallel::norm(r);
        if !self.usable {
            return (before, 1.0);
        }
        let mut amounts = sums(self.products.len(), of, r);
        self.small.solve(&mut amounts);
        if amounts.iter().any(|a| !a.is_finite()) {
            return (before, 1.0);
        }
        amounts.iter_mut().for_each(|a| *a = -*a);
        parallel::add_combination(&self.products, &amounts, r);
        let after = parallel::norm(r);
        let accepted = after <= target.max(before);
        amounts.iter_mut().for_each(|a| *a = -*a);
        if accepted {
            amounts.resize(usize::from(NONE) + 1, 0.0);
            parallel::by_chunks(x, |first, x| {
                for (x, kind) in x.iter_mut().zip(&of[first..]) {
                    *x += amounts[usize::from(*kind)];
                }
            });
            return (after, 1.0);
        }
        parallel::add_combination(&self.products, &amounts, r);
        (before, (SPREAD * after / before).min(LARGEST_MARGIN))
    }
}

/// Sum of the numbers at the places of each of `n` kinds.
fn sums(n: usize, of: &[u8], values: &[f64]) -> Vec<f64> {
    let pieces = parallel::map_ranges(values.len(), parallel::CHUNK, |range| {
        let mut sums = [0.0; NONE as usize + 1];
        for (value, kind) in values[range.clone()].iter().zip(&of[range]) {
            sums[usize::from(*kind)] += value;
        }
        sums[..n].to_vec()
    });
    let mut out = vec![0.0; n];
    for piece in pieces {
        out.iter_mut().zip(piece).for_each(|(out, sum)| *out += sum);
    }
    out
}
