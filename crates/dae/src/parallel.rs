//! Loops on all threads of the current rayon pool, with results that do not depend on how many there are: every element is computed by
//! the same operations, and sums are taken afterwards in order.

use rayon::prelude::*;

/// Elements per piece of work.
pub const CHUNK: usize = 4096;

/// Elements below which waking the threads costs more than they save.
const WORTHWHILE: usize = 16 * CHUNK;

/// True if a loop over `n` elements should be shared among threads.
pub fn worthwhile(n: usize) -> bool {
    n >= WORTHWHILE && rayon::current_num_threads() > 1
}

/// Calls `f(first, elements)` for consecutive chunks of `out`.
pub fn by_chunks<T: Send>(out: &mut [T], f: impl Fn(usize, &mut [T]) + Sync) {
    if worthwhile(out.len()) {
        out.par_chunks_mut(CHUNK).enumerate().for_each(|(k, part)| f(k * CHUNK, part));
    } else {
        out.chunks_mut(CHUNK).enumerate().for_each(|(k, part)| f(k * CHUNK, part));
    }
}

/// Sets `out[i] = f(i)`.
pub fn fill<T: Send>(out: &mut [T], f: impl Fn(usize) -> T + Sync) {
    by_chunks(out, |first, part| {
        for (i, x) in part.iter_mut().enumerate() {
            *x = f(first + i);
        }
    });
}

/// `f(0, first), f(1, second), …` of pieces of work that are worth a thread each.
pub fn each<P: Send, T: Send>(pieces: Vec<P>, f: impl Fn(usize, P) -> T + Sync + Send) -> Vec<T> {
    pieces.into_par_iter().enumerate().map(|(k, piece)| f(k, piece)).collect()
}

/// Calls `f(k, row)` for every row of length `n` of `rows`.
pub fn by_rows(rows: &mut [f64], n: usize, f: impl Fn(usize, &mut [f64]) + Sync) {
    if worthwhile(rows.len()) {
        rows.par_chunks_mut(n).enumerate().for_each(|(k, row)| f(k, row));
    } else {
        rows.chunks_mut(n.max(1)).enumerate().for_each(|(k, row)| f(k, row));
    }
}
