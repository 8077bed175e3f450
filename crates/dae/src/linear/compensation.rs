//! What rounding takes from the sums of factors that are kept in less precision.

use super::Field;
use super::fronts::Front;
use super::packed::Pivot;
use super::stored::Stored;
use crate::lanes::vectorised;

/// A sum that rounding changes by more than this part of it is a difference of large numbers and is left as it is.
const LARGEST_CHANGE: f64 = 1e-5;

/// Numbers that are summed side by side.
const LANES: usize = 8;

/// What undoes the equilibration of the rows and columns of a front.
#[derive(Clone, Debug, Default)]
pub(super) struct Weights {
    rows: Vec<f64>,
    columns: Vec<f64>,
}

impl Weights {
    /// Those of a front whose rows have been exchanged, from the factors of all steps.
    pub(super) fn gather(&mut self, front: &Front, swaps: &[u32], of_steps: &[[f64; 2]]) {
        let own = &of_steps[front.first..front.first + front.pivots];
        let beyond = front.boundary.iter().map(|step| &of_steps[*step as usize]);
        self.rows.clear();
        self.columns.clear();
        for [row, column] in own.iter().chain(beyond) {
            self.rows.push(1.0 / row);
            self.columns.push(1.0 / column);
        }
        swaps.iter().enumerate().for_each(|(k, with)| self.rows.swap(k, *with as usize));
    }
}

/// Finds for each pivot of an eliminated front by how much its factors have to be multiplied for their sum to stay what it was.
///
/// Of the balances of a piece of metal the sum counts: it tells the current into the piece, and is as much smaller than its parts as the
/// metal conducts better than what is around it. With columns of `L` that keep their sums this current arrives at the last pivot of the
/// piece to the last digit, and with rows of `U` that keep theirs all of the piece gets the same potential.
///
/// # Equation
/// `λ_k = Σ_i l_ik / Σ_i f(l_ik)`, `υ_k = Σ_j u_kj / Σ_j f(u_kj)`, where `f` rounds, and sums are those of the matrix before it was
/// equilibrated: row `i` and column `j` have the weights `1/R_i` and `1/C_j`.
pub(super) fn find<S: Field, F: Stored<S>>(
    [left, right]: [&[S]; 2],
    Weights {
        rows: of_rows,
        columns: of_columns,
    }: &Weights,
    sums: &mut Vec<[S; 2]>,
    pivots: &mut [Pivot<S>],
) {
    let p = pivots.len();
    let Some(rows) = left.len().checked_div(p) else { return };
    sums.clear();
    sums.resize(p, [S::ZERO; 2]);
    vectorised(
        #[inline(always)]
        || {
            for (k, pivot) in pivots.iter_mut().enumerate() {
                pivot.lower = factor(column_sums::<S, F>(&left[k * rows + k + 1..(k + 1) * rows], &of_rows[k + 1..]));
            }
            for (j, column) in left.chunks_exact(rows).enumerate() {
                add_to_rows::<S, F>(&column[..j], of_columns[j], sums);
            }
            for (column, weight) in right.chunks_exact(p).zip(&of_columns[p..]) {
                add_to_rows::<S, F>(column, *weight, sums);
            }
            for (pivot, sums) in pivots.iter_mut().zip(sums) {
                pivot.upper = factor(*sums);
            }
        },
    );
}

/// Sum of a column, and of what rounding takes from it.
#[inline(always)]
fn column_sums<S: Field, F: Stored<S>>(column: &[S], weights: &[f64]) -> [S; 2] {
    let (mut all, mut lost) = ([S::ZERO; LANES], [S::ZERO; LANES]);
    let ((chunks, last), (weights, last_weights)) = (column.as_chunks::<LANES>(), weights.as_chunks::<LANES>());
    for (chunk, weights) in chunks.iter().zip(weights) {
        for lane in 0..LANES {
            let (v, weight) = (chunk[lane], S::from_real(weights[lane]));
            all[lane] += v * weight;
            lost[lane] += (v - F::of(v).widen()) * weight;
        }
    }
    for ((lane, v), weight) in last.iter().enumerate().zip(last_weights) {
        let weight = S::from_real(*weight);
        all[lane] += *v * weight;
        lost[lane] += (*v - F::of(*v).widen()) * weight;
    }
    let sum = |lanes: [S; LANES]| lanes.into_iter().fold(S::ZERO, |sum, v| sum + v);
    [sum(all), sum(lost)]
}

/// Adds the numbers of a column of `U` to the sums of their rows.
#[inline(always)]
fn add_to_rows<S: Field, F: Stored<S>>(column: &[S], weight: f64, sums: &mut [[S; 2]]) {
    let weight = S::from_real(weight);
    for (v, sums) in column.iter().zip(sums) {
        sums[0] += *v * weight;
        sums[1] += (*v - F::of(*v).widen()) * weight;
    }
}

/// The factor for a sum from which rounding takes `lost`.
#[inline(always)]
fn factor<S: Field>([all, lost]: [S; 2]) -> S {
    if lost.magnitude() <= LARGEST_CHANGE * all.magnitude() && all != S::ZERO {
        all / (all - lost)
    } else {
        S::ONE
    }
}
