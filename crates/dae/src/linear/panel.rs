//! Dense elimination of one front, and the two triangular solves with it.

use super::Field;
use crate::lanes::vectorised;
use faer::linalg::matmul::matmul;
use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_unit_lower_triangular_in_place};
use faer::prelude::ReborrowMut;
use faer::{Accum, MatMut, MatRef, Par};

/// Columns that are eliminated one by one before the rest is brought up to date in one product.
const BLOCK: usize = 16;

/// A factor beyond this means a pivot that is worth nothing.
const LARGEST_FACTOR: f64 = 1e10;

/// Eliminates the `p` pivots of a front with `b` unknowns beyond: `square` is `A11` and becomes `L11\U11`, `below` is `A21` and becomes
/// `L21`, `beside` is `A12` and becomes `U12`, `rest` becomes `A22 - L21 U12`. `beside` is stored by rows, the others by columns.
/// `swaps` tells which row took the place of each pivot.
///
/// # Errors
/// The pivot that vanishes.
pub(super) fn eliminate<S: Field>(
    square: &mut [S],
    below: &mut [S],
    beside: &mut [S],
    rest: &mut [S],
    swaps: &mut [u32],
) -> Result<(), usize> {
    let p = swaps.len();
    if p == 0 {
        return Ok(());
    }
    factor(square, swaps)?;
    let b = below.len() / p;
    if b == 0 {
        return Ok(());
    }
    for (k, with) in swaps.iter().enumerate().filter(|(k, with)| *k != **with as usize) {
        let (above, under) = beside.split_at_mut(*with as usize * b);
        above[k * b..(k + 1) * b].swap_with_slice(&mut under[..b]);
    }
    let factors = MatRef::from_column_major_slice(square, p, p);
    let mut lower = MatMut::from_column_major_slice_mut(below, b, p);
    solve_lower_triangular_in_place(factors.transpose(), lower.rb_mut().transpose_mut(), Par::Seq);
    let mut upper = MatMut::from_row_major_slice_mut(beside, p, b);
    solve_unit_lower_triangular_in_place(factors, upper.rb_mut(), Par::Seq);
    let rest = MatMut::from_column_major_slice_mut(rest, b, b);
    matmul(rest, Accum::Add, lower, upper, -S::ONE, Par::Seq);
    let largest = below.iter().fold(0.0_f64, |largest, v| largest.max(v.magnitude()));
    if largest < LARGEST_FACTOR { Ok(()) } else { Err(p - 1) }
}

/// LU factors of a square matrix stored by columns, in place, with partial pivoting.
fn factor<S: Field>(a: &mut [S], swaps: &mut [u32]) -> Result<(), usize> {
    let p = swaps.len();
    for first in (0..p).step_by(BLOCK) {
        let end = (first + BLOCK).min(p);
        vectorised(
            #[inline(always)]
            || factor_columns(first..end, a, swaps),
        )?;
        if end == p {
            break;
        }
        let (done, trailing) = a.split_at_mut(end * p);
        let done = MatRef::from_column_major_slice(&done[first * p..], p, end - first);
        let trailing = MatMut::from_column_major_slice_mut(trailing, p, p - end);
        let (top, bottom) = trailing.split_at_row_mut(end);
        let mut top = top.subrows_mut(first, end - first);
        solve_unit_lower_triangular_in_place(done.subrows(first, end - first), top.rb_mut(), Par::Seq);
        matmul(bottom, Accum::Add, done.subrows(end, p - end), top, -S::ONE, Par::Seq);
    }
    Ok(())
}

/// Eliminates some columns in themselves; rows are exchanged in the whole matrix.
#[inline(always)]
fn factor_columns<S: Field>(columns: std::ops::Range<usize>, a: &mut [S], swaps: &mut [u32]) -> Result<(), usize> {
    let p = swaps.len();
    for k in columns.clone() {
        let column = &a[k * p..(k + 1) * p];
        let (mut pivot, mut largest) = (k, column[k].magnitude());
        for (i, v) in column.iter().enumerate().skip(k + 1) {
            let size = v.magnitude();
            if size > largest || size.is_nan() {
                (pivot, largest) = (i, size);
            }
        }
        if !(largest > 0.0 && largest.is_finite()) {
            return Err(k);
        }
        swaps[k] = pivot as u32;
        if pivot != k {
            a.chunks_exact_mut(p).for_each(|column| column.swap(k, pivot));
        }
        let (done, after) = a.split_at_mut((k + 1) * p);
        let column = &mut done[k * p + k..];
        let inverse = S::ONE / column[0];
        let factors = &mut column[1..];
        factors.iter_mut().for_each(|v| *v *= inverse);
        for other in after.chunks_exact_mut(p).take(columns.end - k - 1) {
            let u = other[k];
            for (x, l) in other[k + 1..].iter_mut().zip(&*factors) {
                *x -= u * *l;
            }
        }
    }
    Ok(())
}

/// Forward substitution: `own ← L11⁻¹ P⁻¹ own`, `beyond -= L21 own`.
pub(super) fn solve_lower<S: Field>(square: &[S], below: &[S], swaps: &[u32], own: &mut [S], beyond: &mut [S]) {
    let p = own.len().max(1);
    for (k, with) in swaps.iter().enumerate() {
        own.swap(k, *with as usize);
    }
    vectorised(
        #[inline(always)]
        || {
            for (k, column) in square.chunks_exact(p).enumerate() {
                let x = own[k];
                for (y, l) in own[k + 1..].iter_mut().zip(&column[k + 1..]) {
                    *y -= *l * x;
                }
            }
            for (x, column) in own.iter().zip(below.chunks_exact(beyond.len().max(1))) {
                for (y, l) in beyond.iter_mut().zip(column) {
                    *y -= *l * *x;
                }
            }
        },
    );
}

/// Back substitution: `own ← U11⁻¹ (own - U12 beyond)`.
pub(super) fn solve_upper<S: Field>(square: &[S], beside: &[S], own: &mut [S], beyond: &[S]) {
    let (p, b) = (own.len().max(1), beyond.len().max(1));
    vectorised(
        #[inline(always)]
        || {
            for (y, row) in own.iter_mut().zip(beside.chunks_exact(b)) {
                *y -= product(row, beyond);
            }
            for (k, column) in square.chunks_exact(p).enumerate().rev() {
                let x = own[k] / column[k];
                own[k] = x;
                for (y, u) in own[..k].iter_mut().zip(column) {
                    *y -= *u * x;
                }
            }
        },
    );
}

/// Scalar product in eight independent sums.
#[inline(always)]
fn product<S: Field>(a: &[S], b: &[S]) -> S {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [S::ZERO; 8];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    for (lane, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
        sums[lane] += *a * *b;
    }
    sums.into_iter().fold(S::ZERO, |sum, v| sum + v)
}
