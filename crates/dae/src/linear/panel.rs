//! Dense elimination of one front, and the two triangular solves with it.

use super::Field;
use crate::tolerance::vectorised;
use faer::linalg::matmul::matmul;
use faer::linalg::triangular_solve::solve_unit_lower_triangular_in_place;
use faer::prelude::ReborrowMut;
use faer::{Accum, MatMut, MatRef, Par};

/// Columns that are eliminated one by one before the rest is brought up to date in one product.
const BLOCK: usize = 16;

/// A factor beyond this means a pivot that is worth nothing.
const LARGEST_FACTOR: f64 = 1e10;

/// Eliminates the `p` pivots of a front of `m` rows: `panel` is `[A11; A21]` and becomes `[L11\U11; L21]`, `beside` is `A12` and
/// becomes `U12`, `rest` becomes `A22 - L21 U12`. `beside` is stored by rows, the others by columns. `swaps` tells which row took the place of each pivot.
///
/// # Errors
/// The pivot that vanishes.
pub(super) fn eliminate<S: Field>(
    [p, m]: [usize; 2],
    panel: &mut [S],
    beside: &mut [S],
    rest: &mut [S],
    swaps: &mut [u32],
) -> Result<(), usize> {
    if p == 0 {
        return Ok(());
    }
    for first in (0..p).step_by(BLOCK) {
        let end = (first + BLOCK).min(p);
        vectorised(
            #[inline(always)]
            || eliminate_columns(first..end, [p, m], panel, swaps),
        )?;
        if end == p {
            break;
        }
        let (done, trailing) = panel.split_at_mut(end * m);
        let done = MatRef::from_column_major_slice(&done[first * m..], m, end - first);
        let trailing = MatMut::from_column_major_slice_mut(trailing, m, p - end);
        let (top, below) = trailing.split_at_row_mut(end);
        let mut top = top.subrows_mut(first, end - first);
        solve_unit_lower_triangular_in_place(done.subrows(first, end - first), top.rb_mut(), Par::Seq);
        matmul(below, Accum::Add, done.subrows(end, m - end), top, -S::ONE, Par::Seq);
    }
    let b = m - p;
    if b == 0 {
        return Ok(());
    }
    for (k, with) in swaps.iter().enumerate().filter(|(k, with)| *k != **with as usize) {
        let (above, below) = beside.split_at_mut(*with as usize * b);
        above[k * b..(k + 1) * b].swap_with_slice(&mut below[..b]);
    }
    let factors = MatRef::from_column_major_slice(panel, m, p);
    let mut beside = MatMut::from_row_major_slice_mut(beside, p, b);
    solve_unit_lower_triangular_in_place(factors.subrows(0, p), beside.rb_mut(), Par::Seq);
    let rest = MatMut::from_column_major_slice_mut(rest, b, b);
    matmul(rest, Accum::Add, factors.subrows(p, b), beside, -S::ONE, Par::Seq);
    Ok(())
}

/// Eliminates some columns of the panel in themselves; rows are exchanged in the whole panel.
#[inline(always)]
fn eliminate_columns<S: Field>(
    columns: std::ops::Range<usize>,
    [p, m]: [usize; 2],
    panel: &mut [S],
    swaps: &mut [u32],
) -> Result<(), usize> {
    for k in columns.clone() {
        let column = &panel[k * m..k * m + p];
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
            panel.chunks_exact_mut(m).for_each(|column| column.swap(k, pivot));
        }
        let (done, after) = panel.split_at_mut((k + 1) * m);
        let column = &mut done[k * m + k..];
        let inverse = S::ONE / column[0];
        let factors = &mut column[1..];
        let mut growth = 0.0_f64;
        for v in &mut *factors {
            *v = *v * inverse;
            growth = growth.max(v.magnitude());
        }
        if growth > LARGEST_FACTOR {
            return Err(k);
        }
        for other in after.chunks_exact_mut(m).take(columns.end - k - 1) {
            let u = other[k];
            for (x, l) in other[k + 1..].iter_mut().zip(&*factors) {
                *x -= u * *l;
            }
        }
    }
    Ok(())
}

/// Forward substitution: `own ← L11⁻¹ P⁻¹ own`, `beyond -= L21 own`.
pub(super) fn solve_lower<S: Field>(panel: &[S], swaps: &[u32], own: &mut [S], beyond: &mut [S]) {
    let p = own.len();
    for (k, with) in swaps.iter().enumerate() {
        own.swap(k, *with as usize);
    }
    vectorised(
        #[inline(always)]
        || {
            for (k, column) in panel.chunks_exact((p + beyond.len()).max(1)).enumerate() {
                let x = own[k];
                let (within, below) = column.split_at(p);
                for (y, l) in own[k + 1..].iter_mut().zip(&within[k + 1..]) {
                    *y -= *l * x;
                }
                for (y, l) in beyond.iter_mut().zip(below) {
                    *y -= *l * x;
                }
            }
        },
    );
}

/// Back substitution: `own ← U11⁻¹ (own - U12 beyond)`.
pub(super) fn solve_upper<S: Field>(panel: &[S], beside: &[S], own: &mut [S], beyond: &[S]) {
    let b = beyond.len();
    vectorised(
        #[inline(always)]
        || {
            for (y, row) in own.iter_mut().zip(beside.chunks_exact(b.max(1))) {
                *y -= product(row, beyond);
            }
            for (k, column) in panel.chunks_exact((own.len() + b).max(1)).enumerate().rev() {
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
