//! Vectors on all threads: [`crate::parallel`], and sums over its chunks, added in the order of the chunks.

pub(super) use crate::parallel::{CHUNK, by_chunks, by_rows, fill, worthwhile};
use rayon::prelude::*;
use std::ops::Range;

/// Results of `f` over consecutive ranges of at most `length` of `0..n`, in order.
pub(super) fn map_ranges<T: Send>(n: usize, length: usize, f: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let range = |k: usize| k * length..((k + 1) * length).min(n);
    let pieces = n.div_ceil(length.max(1));
    if worthwhile(n) {
        (0..pieces).into_par_iter().map(|k| f(range(k))).collect()
    } else {
        (0..pieces).map(|k| f(range(k))).collect()
    }
}

/// Scalar products of `w` with each of `basis`, and with itself as the last entry.
pub(super) fn products(basis: &[Vec<f64>], w: &[f64], out: &mut Vec<f64>) {
    let m = basis.len() + 1;
    let partial = map_ranges(w.len(), CHUNK, |rows| {
        let w = &w[rows.clone()];
        let mut sums = Vec::with_capacity(m);
        sums.extend(basis.iter().map(|v| chunk_product(&v[rows.clone()], w)));
        sums.push(chunk_product(w, w));
        sums
    });
    out.clear();
    out.resize(m, 0.0);
    for sums in partial {
        for (total, sum) in out.iter_mut().zip(sums) {
            *total += sum;
        }
    }
}

/// `w += Σ_j c_j basis_j`.
pub(super) fn add_combination(basis: &[Vec<f64>], coefficients: &[f64], w: &mut [f64]) {
    by_chunks(w, |first, w| {
        for (v, c) in basis.iter().zip(coefficients) {
            for (w, v) in w.iter_mut().zip(&v[first..]) {
                *w += c * v;
            }
        }
    });
}

/// Euclidean norm.
pub(super) fn norm(w: &[f64]) -> f64 {
    let partial = map_ranges(w.len(), CHUNK, |rows| chunk_product(&w[rows.clone()], &w[rows]));
    partial.iter().sum::<f64>().sqrt()
}

/// Scalar product of short vectors in four independent sums.
fn chunk_product(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a4, b4) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a4.remainder().iter().zip(b4.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a4.zip(b4) {
        for k in 0..4 {
            sums[k] += a[k] * b[k];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
