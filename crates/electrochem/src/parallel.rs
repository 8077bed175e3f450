//! Loops over volumes, faces and hosts on all threads, with results that do not depend on how many there are: every element is computed
//! by the same operations, and sums are taken afterwards in order.

use rayon::prelude::*;

/// Elements from which on a loop is shared.
const WORTHWHILE: usize = 8192;
/// Elements of one piece of work.
const PIECE: usize = 1024;

/// True if a loop over `n` elements should be shared.
pub(crate) fn worthwhile(n: usize) -> bool {
    n >= WORTHWHILE && rayon::current_num_threads() > 1
}

/// Sets `out[i] = f(i)`.
pub(crate) fn fill<T: Send>(out: &mut [T], f: impl Fn(usize) -> T + Sync) {
    let piece = |(k, piece): (usize, &mut [T])| piece.iter_mut().enumerate().for_each(|(i, v)| *v = f(k * PIECE + i));
    if worthwhile(out.len()) {
        out.par_chunks_mut(PIECE).enumerate().for_each(piece);
    } else {
        out.chunks_mut(PIECE).enumerate().for_each(piece);
    }
}

/// `f(0), f(1), …`
pub(crate) fn map<T: Send>(n: usize, f: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    (0..n).into_par_iter().with_min_len(PIECE).map(f).collect()
}

/// Calls `f` with the number and the numbers of every row of length `n` of `rows`.
pub(crate) fn rows(rows: &mut [f64], n: usize, f: impl Fn(usize, &mut [f64]) + Sync) {
    if worthwhile(rows.len() / 4) {
        rows.par_chunks_mut(n).enumerate().for_each(|(k, row)| f(k, row));
    } else {
        rows.chunks_mut(n.max(1)).enumerate().for_each(|(k, row)| f(k, row));
    }
}
