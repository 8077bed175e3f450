//! Dense elimination of one front.

use super::Field;
use crate::lanes::vectorised;
use faer::linalg::matmul::matmul;
use faer::linalg::triangular_solve::solve_unit_lower_triangular_in_place;
use faer::prelude::ReborrowMut;
use faer::{Accum, MatMut, MatRef, Par};

/// Columns that are eliminated one by one before the rest is brought up to date in one product.
const BLOCK: usize = 16;

/// Columns that are then taken off each other one of a block together.
const ABREAST: usize = 4;

/// A factor beyond this means a pivot that is worth nothing.
const LARGEST_FACTOR: f64 = 1e10;

/// Eliminates the `p` pivots of a front with `b` unknowns beyond: `left` is `[A11; A21]` and becomes `[L11\U11; L21]`, `right` is `A12` and
/// becomes `U12`, `rest` becomes `A22 - L21 U12`. All are stored by columns. `swaps` tells which row took the place of each pivot.
///
/// # Errors
/// The pivot that vanishes.
pub(super) fn eliminate<S: Field>(left: &mut [S], right: &mut [S], rest: &mut [S], swaps: &mut [u32]) -> Result<(), usize> {
    let p = swaps.len();
    if p == 0 {
        return Ok(());
    }
    factor(left, swaps)?;
    let b = right.len() / p;
    if b == 0 {
        return Ok(());
    }
    for (k, with) in swaps.iter().enumerate().filter(|(k, with)| *k != **with as usize) {
        right.chunks_exact_mut(p).for_each(|column| column.swap(k, *with as usize));
    }
    let (factors, below) = MatRef::from_column_major_slice(left, p + b, p).split_at_row(p);
    let mut upper = MatMut::from_column_major_slice_mut(right, p, b);
    solve_unit_lower_triangular_in_place(factors, upper.rb_mut(), Par::Seq);
    let rest = MatMut::from_column_major_slice_mut(rest, b, b);
    matmul(rest, Accum::Add, below, upper, -S::ONE, Par::Seq);
    let factors = left.chunks_exact(p + b).flat_map(|column| &column[p..]);
    let largest = factors.fold(0.0_f64, |largest, v| largest.max(v.magnitude()));
    if largest < LARGEST_FACTOR { Ok(()) } else { Err(p - 1) }
}

/// LU factors of the first columns of a matrix, stored by columns, in place. Rows are exchanged for a larger pivot among the first, which
/// are as many as the columns.
fn factor<S: Field>(a: &mut [S], swaps: &mut [u32]) -> Result<(), usize> {
    let p = swaps.len();
    let rows = a.len() / p;
    for first in (0..p).step_by(BLOCK) {
        let end = (first + BLOCK).min(p);
        vectorised(
            #[inline(always)]
            || factor_columns(first..end, a, swaps),
        )?;
        if end == p {
            break;
        }
        let (done, trailing) = a.split_at_mut(end * rows);
        let done = MatRef::from_column_major_slice(&done[first * rows..], rows, end - first);
        let trailing = MatMut::from_column_major_slice_mut(trailing, rows, p - end);
        let (top, bottom) = trailing.split_at_row_mut(end);
        let mut top = top.subrows_mut(first, end - first);
        solve_unit_lower_triangular_in_place(done.subrows(first, end - first), top.rb_mut(), Par::Seq);
        matmul(bottom, Accum::Add, done.subrows(end, rows - end), top, -S::ONE, Par::Seq);
    }
    Ok(())
}

/// Eliminates some columns in themselves; rows are exchanged in the whole matrix.
#[inline(always)]
fn factor_columns<S: Field>(columns: std::ops::Range<usize>, a: &mut [S], swaps: &mut [u32]) -> Result<(), usize> {
    let p = swaps.len();
    let rows = a.len() / p;
    for first in columns.clone().step_by(ABREAST) {
        let end = columns.end.min(first + ABREAST);
        for k in first..end {
            let pivot = find_pivot(&a[k * rows..k * rows + p], k)?;
            swaps[k] = pivot as u32;
            if pivot != k {
                a.chunks_exact_mut(rows).for_each(|column| column.swap(k, pivot));
            }
            let (done, after) = a.split_at_mut((k + 1) * rows);
            let column = &mut done[k * rows + k..];
            let inverse = S::ONE / column[0];
            let factors = &mut column[1..];
            factors.iter_mut().for_each(|v| *v *= inverse);
            for other in after.chunks_exact_mut(rows).take(end - k - 1) {
                let u = other[k];
                for (x, l) in other[k + 1..].iter_mut().zip(&*factors) {
                    *x -= u * *l;
                }
            }
        }
        let (done, after) = a.split_at_mut(end * rows);
        for other in after.chunks_exact_mut(rows).take(columns.end - end) {
            let factors = std::array::from_fn(|k| &done[(first + k) * rows + first..(first + k + 1) * rows]);
            subtract(&mut other[first..], factors);
        }
    }
    Ok(())
}

/// The row with the largest number of a column from `k` on.
#[inline(always)]
fn find_pivot<S: Field>(column: &[S], k: usize) -> Result<usize, usize> {
    let (mut pivot, mut largest) = (k, column[k].magnitude());
    for (i, v) in column.iter().enumerate().skip(k + 1) {
        let size = v.magnitude();
        if size > largest || size.is_nan() {
            (pivot, largest) = (i, size);
        }
    }
    if largest > 0.0 && largest.is_finite() { Ok(pivot) } else { Err(k) }
}

/// Takes eliminated columns off another one, all from the first of their pivots on.
#[inline(always)]
fn subtract<S: Field>(other: &mut [S], factors: [&[S]; ABREAST]) {
    let (own, beyond) = other.split_at_mut(ABREAST);
    for (k, l) in factors.iter().enumerate() {
        let u = own[k];
        for (x, l) in own[k + 1..].iter_mut().zip(&l[k + 1..]) {
            *x -= u * *l;
        }
    }
    let u = [own[0], own[1], own[2], own[3]];
    let [a, b, c, d] = factors.map(|l| &l[ABREAST..][..beyond.len()]);
    for (i, x) in beyond.iter_mut().enumerate() {
        *x -= (u[0] * a[i] + u[1] * b[i]) + (u[2] * c[i] + u[3] * d[i]);
    }
}
