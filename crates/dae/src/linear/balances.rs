//! Balances of the whole: what an iteration leaves of the sum of all equations of one quantity is taken away.

use super::krylov_options::Kind;
use super::pair_matrix::PairMatrix;
use super::{DenseLu, LinearSolver, parallel};

/// A place whose equation is no balance.
const NONE: u8 = u8::MAX;
/// How much further than it would have to an iteration goes on, and how much at most, for a result that stays within its tolerance when
/// the balances are closed.
const SPREAD: f64 = 2.0;
const LARGEST_MARGIN: f64 = 100.0;

/// Sums of the equations that are balances of one quantity.
///
/// A residual that is small everywhere still adds up: over a discharge the lithium of a cell would drift by as much as the tolerance
/// allows. The sum over all balances of a species is what is conserved, and one number for each closes all of them.
///
/// # Equation
/// `x ← x + Z a`, `(Zᵀ A Z) a = Zᵀ (b - A x)`, where a column of `Z` is one at the unknowns of one balance and zero elsewhere; then
/// `Zᵀ (b - A x) = 0`.
///
/// Shifting a whole concentration may set reactions going, whose currents the residual then has too; the iteration has to come further
/// down before the balances can be closed.
///
/// # Source
/// The coarse correction of deflation, Nicolaides, SIAM J. Numer. Anal. 24 (1987) 355, doi:10.1137/0724027.
///
/// # Verification
/// `tests/krylov.rs`, `balances_are_closed_at_any_tolerance` and `balances_of_parts_are_closed`.
#[derive(Debug)]
pub(super) struct Balances {
    /// Number of the balance of each place, or [`NONE`].
    of: Vec<u8>,
    /// Number of balances.
    n: usize,
    /// `A Z`, row after row.
    products: Vec<f64>,
    small: DenseLu<f64>,
    usable: bool,
}

/// Numbers of balances when there is one for each kind of unknown.
pub(super) fn by_kind(kinds: &[Kind]) -> Vec<u8> {
    let mut known: Vec<&Kind> = Vec::new();
    let mut number = |kind| {
        let at = known.iter().position(|k| *k == kind).unwrap_or_else(|| {
            known.push(kind);
            known.len() - 1
        });
        u8::try_from(at).unwrap_or(NONE)
    };
    kinds
        .iter()
        .map(|kind| if *kind == Kind::Single { NONE } else { number(kind) })
        .collect()
}

impl Balances {
    /// Balances of a matrix, the number of that of each unknown given.
    pub(super) fn new(a: &PairMatrix, numbers: &[u8]) -> Self {
        let mut of = vec![NONE; a.pairs.n_places()];
        for (place, number) in a.pairs.place.iter().zip(numbers) {
            of[*place as usize] = *number;
        }
        let n = numbers
            .iter()
            .filter(|number| **number != NONE)
            .max()
            .map_or(0, |last| usize::from(*last) + 1);
        Self {
            products: vec![0.0; n * of.len()],
            small: DenseLu::new(n),
            usable: false,
            of,
            n,
        }
    }

    /// Bytes held by the vectors.
    pub(super) fn memory_bytes(&self) -> usize {
        self.of.len() + 8 * self.products.len()
    }

    /// Takes the values of `a`.
    pub(super) fn fill(&mut self, a: &PairMatrix) {
        let (n, of) = (self.n, &self.of);
        self.usable = false;
        if n == 0 {
            return;
        }
        parallel::by_rows(&mut self.products, 2 * n, |p, rows| {
            rows.fill(0.0);
            a.for_each_in_row(p, |q, block| {
                for (k, value) in block.iter().enumerate() {
                    let number = of[2 * q + k % 2];
                    if number != NONE {
                        rows[k / 2 * n + usize::from(number)] += value;
                    }
                }
            });
        });
        self.small.clear();
        for (row, products) in of.iter().zip(self.products.chunks_exact(n)).filter(|(row, _)| **row != NONE) {
            for (column, value) in products.iter().enumerate() {
                self.small.add(usize::from(*row), column, *value);
            }
        }
        self.usable = self.small.factor().is_ok();
    }

    /// Corrects `x` and its residual `r`, unless that would lift the norm of the residual above `target`. Returns the norm of what `r` is
    /// then, and how many times below the target it has to be for a correction: 1 if there was one.
    pub(super) fn close(&mut self, r: &mut [f64], x: &mut [f64], target: f64) -> (f64, f64) {
        let of = &self.of;
        let before = parallel::norm(r);
        if !self.usable {
            return (before, 1.0);
        }
        let mut amounts = sums(self.n, of, r);
        self.small.solve(&mut amounts);
        if amounts.iter().any(|a| !a.is_finite()) {
            return (before, 1.0);
        }
        self.subtract(1.0, &amounts, r);
        let after = parallel::norm(r);
        let accepted = after <= target.max(before);
        if accepted {
            amounts.resize(usize::from(NONE) + 1, 0.0);
            parallel::by_chunks(x, |first, x| {
                for (x, kind) in x.iter_mut().zip(&of[first..]) {
                    *x += amounts[usize::from(*kind)];
                }
            });
            return (after, 1.0);
        }
        self.subtract(-1.0, &amounts, r);
        (before, (SPREAD * after / before).min(LARGEST_MARGIN))
    }

    /// `r -= factor A Z a`.
    fn subtract(&self, factor: f64, amounts: &[f64], r: &mut [f64]) {
        let (n, products) = (self.n, &self.products);
        parallel::by_chunks(r, |first, r| {
            for (r, products) in r.iter_mut().zip(products[n * first..].chunks_exact(n)) {
                *r -= factor * products.iter().zip(amounts).map(|(p, a)| p * a).sum::<f64>();
            }
        });
    }
}

/// Sum of the numbers at the places of each of `n` balances.
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
