//! Pivots of the smoother: diagonals with what rounding took from the links, and their elimination.

use super::aggregation::ALONE;
use super::pair_matrix::{PairMatrix, Pairs, Square};
use super::parallel;
use rayon::prelude::*;
use std::ops::Range;

/// A determinant smaller than this part of its two products counts as zero.
const TINY: f64 = 1e-15;

/// A block that couples two pairs, in single precision.
pub(super) type Link = [f32; 4];

/// Finds the inverse pivots `D⁻¹` and `excess = A_d - D` of `a`, whose blocks beside the diagonal are rounded to `links`.
///
/// # Equation
/// `D_i = A_ii - Σ_{k<i} A_ik D_k⁻¹ A_ki`, see [`super::smoother`].
pub(super) fn find(a: &PairMatrix, links: &[Link], inverse: &mut [Square], excess: &mut [Square]) {
    let pairs = &*a.pairs;
    // The diagonals, until the pivots are known.
    parallel::fill(excess, |p| with_remainders(pairs, a, links, p));
    let mut parts = Vec::with_capacity(pairs.pieces.len());
    let (mut inverse_left, mut excess_left) = (&mut *inverse, &mut *excess);
    for rows in &pairs.pieces {
        let (i, e);
        (i, inverse_left) = inverse_left.split_at_mut(rows.len());
        (e, excess_left) = excess_left.split_at_mut(rows.len());
        parts.push((rows.clone(), i, e));
    }
    let work = |(rows, inverse, excess): (Range<usize>, &mut [Square], &mut [Square])| {
        let first = rows.start;
        eliminate(pairs, links, rows, first, inverse, excess);
    };
    if parts.len() > 1 && rayon::current_num_threads() > 1 {
        parts.into_par_iter().for_each(work);
    } else {
        parts.into_iter().for_each(work);
    }
    eliminate(pairs, links, pairs.late(), 0, inverse, excess);
}

fn add(a: &Square, b: &Square) -> Square {
    std::array::from_fn(|k| a[k] + b[k])
}

fn product(a: &Square, b: &Square) -> Square {
    std::array::from_fn(|k| a[k & 2] * b[k % 2] + a[(k & 2) + 1] * b[2 + k % 2])
}

/// The diagonal block of a row, with what rounding took from the others.
fn with_remainders(pairs: &Pairs, a: &PairMatrix, links: &[Link], p: usize) -> Square {
    let mut out = a.diagonal(p);
    let groups = &pairs.groups[2 * p..2 * p + 2];
    for k in pairs.row(p) {
        let q = pairs.columns[k] as usize;
        for (at, (value, rounded)) in a.links()[k].iter().zip(&links[k]).enumerate() {
            let group = pairs.groups[2 * q + at % 2];
            // In the column of the same place, or else of the other one, if that has the same kind of unknown.
            let lane = [at % 2, 1 - at % 2]
                .into_iter()
                .find(|lane| groups[*lane] == group && group != ALONE);
            if let Some(lane) = lane {
                out[(at & 2) + lane] += value - f64::from(*rounded);
            }
        }
    }
    out
}

/// Pivots of some rows, in whose place `excess` holds the diagonals; both arrays start with pair `first`.
fn eliminate(pairs: &Pairs, links: &[Link], rows: Range<usize>, first: usize, inverse: &mut [Square], excess: &mut [Square]) {
    // First block of each row that has not been passed yet: blocks above the diagonal are asked for from left to right.
    let mut next: Vec<usize> = (first..rows.end).map(|p| pairs.above(p).start).collect();
    for p in rows {
        let diagonal = excess[p - first];
        let mut taken = [0.0; 4];
        for k in pairs.below(p) {
            let q = pairs.columns[k] as usize;
            let (next, end) = (&mut next[q - first], pairs.above(q).end);
            while *next < end && (pairs.columns[*next] as usize) < p {
                *next += 1;
            }
            if *next < end && pairs.columns[*next] as usize == p {
                let (left, above) = (links[k].map(f64::from), links[*next].map(f64::from));
                taken = add(&taken, &product(&left, &product(&inverse[q - first], &above)));
            }
        }
        let pivot = std::array::from_fn(|k| diagonal[k] - taken[k]);
        match inverse_of(&pivot) {
            Some(found) => {
                inverse[p - first] = found;
                excess[p - first] = taken;
            }
            // Elimination has left nothing usable: the block as it is, or its diagonal.
            None => {
                let [a, b, c, d] = diagonal;
                let safe = |x: f64| if x == 0.0 { 0.0 } else { 1.0 / x };
                (inverse[p - first], excess[p - first]) = match inverse_of(&diagonal) {
                    Some(found) => (found, [0.0; 4]),
                    None => ([safe(a), 0.0, 0.0, safe(d)], [0.0, b, c, 0.0]),
                };
            }
        }
    }
}

/// Inverse of a block, unless it has none.
fn inverse_of(a: &Square) -> Option<Square> {
    let (left, right) = (a[0] * a[3], a[1] * a[2]);
    let determinant = left - right;
    let usable = determinant.abs() > TINY * (left.abs() + right.abs()) && determinant.is_finite();
    usable.then(|| [a[3] / determinant, -a[1] / determinant, -a[2] / determinant, a[0] / determinant])
}
