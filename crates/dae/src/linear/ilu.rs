//! Incomplete LU factorisation without fill, ILU(0), in fixed blocks of rows with the long rows eliminated last.

use super::csr::Csr;
use super::parallel;
use rayon::prelude::*;
use std::ops::Range;

/// Rows per block: large enough that the couplings lost between blocks hardly cost iterations.
const BLOCK_ROWS: usize = 50_000;
/// Most blocks of a matrix.
const MAX_BLOCKS: usize = 16;
/// A pivot smaller than this part of its diagonal entry is replaced by that entry.
const TINY_PIVOT: f64 = 1e-15;

/// ILU(0) factors on the pattern of a matrix, which is passed to every call.
///
/// The rows are cut into consecutive blocks, their number set by the order of the matrix alone, so the result does not depend on
/// the number of threads. Couplings between blocks are left out. Rows with very many entries (a lumped metal piece that touches
/// thousands of volumes) belong to no block; they and their columns are eliminated after all blocks, so they are treated fully
/// and their place in the numbering does not matter.
///
/// # Equation
/// With the long unknowns last, `L U ≈ A` on the pattern of `A`: `l_ik = a_ik / u_kk`, `a_ij ← a_ij - l_ik u_kj`.
///
/// # Source
/// Saad, *Iterative Methods for Sparse Linear Systems*, 2nd ed. (2003), algorithm 10.4.
///
/// # Verification
/// Unit tests below: exact for tridiagonal and for arrow matrices.
#[derive(Debug, Default)]
pub(super) struct Ilu0 {
    blocks: Vec<Range<usize>>,
    /// Slot of the diagonal in each row.
    diagonal: Vec<u32>,
    /// Inverse pivots.
    inverse: Vec<f64>,
    values: Vec<f64>,
    long: Vec<u32>,
    /// Entries of ordinary rows in long columns: row starts, index into `long`, value. Empty without long rows.
    border_starts: Vec<u32>,
    border_index: Vec<u32>,
    border_values: Vec<f64>,
    x_long: Vec<f64>,
}

/// Blocks of consecutive rows for a matrix of order `n`.
fn cut(n: usize) -> Vec<Range<usize>> {
    let count = (n / BLOCK_ROWS).clamp(1, MAX_BLOCKS);
    (0..count).map(|k| k * n / count..(k + 1) * n / count).collect()
}

/// Shared description of the elimination order.
struct Order<'a> {
    a: &'a Csr,
    diagonal: &'a [u32],
    /// Index in the list of long rows plus one; zero for ordinary rows.
    rank: &'a [u32],
    border_starts: &'a [u32],
    border_slots: &'a [u32],
}

impl Order<'_> {
    fn border(&self, i: usize) -> &[u32] {
        match self.border_starts.is_empty() {
            true => &[],
            false => &self.border_slots[self.border_starts[i] as usize..self.border_starts[i + 1] as usize],
        }
    }
}

impl Ilu0 {
    /// Factors `a`, whose whole diagonal must be stored.
    pub(super) fn new(a: &Csr) -> Self {
        let n = a.n_rows();
        let long = a.long_rows();
        let mut rank = vec![0; n];
        for (k, i) in long.iter().enumerate() {
            rank[*i as usize] = k as u32 + 1;
        }
        let diagonal: Vec<u32> = (0..n)
            .map(|i| a.slot(i, i).expect("invariant: the diagonal is in the pattern") as u32)
            .collect();
        let (mut border_starts, mut border_slots) = (Vec::new(), Vec::new());
        if !long.is_empty() {
            border_starts.push(0);
            for i in 0..n {
                if rank[i] == 0 {
                    border_slots.extend(a.slots(i).filter(|s| rank[a.columns[*s] as usize] > 0).map(|s| s as u32));
                }
                border_starts.push(border_slots.len() as u32);
            }
        }
        let order = Order {
            a,
            diagonal: &diagonal,
            rank: &rank,
            border_starts: &border_starts,
            border_slots: &border_slots,
        };
        let blocks = cut(n);
        let mut values = a.values.clone();
        let mut inverse = vec![0.0; n];
        let pieces = split(&blocks, &a.starts, &mut values, &mut inverse);
        let work = |(rows, values, inverse): (Range<usize>, &mut [f64], &mut [f64])| eliminate(&order, rows, values, inverse);
        if parallel::worthwhile(n) {
            pieces.into_par_iter().for_each(work);
        } else {
            pieces.into_iter().for_each(work);
        }
        eliminate_long(&order, &long, &mut values, &mut inverse);
        let border_index = border_slots.iter().map(|s| rank[a.columns[*s as usize] as usize] - 1).collect();
        let border_values = border_slots.iter().map(|s| std::mem::take(&mut values[*s as usize])).collect();
        Self {
            blocks,
            x_long: vec![0.0; long.len()],
            diagonal,
            inverse,
            values,
            long,
            border_starts,
            border_index,
            border_values,
        }
    }

    /// Bytes held by the arrays; the pattern belongs to the matrix.
    pub(super) fn memory_bytes(&self) -> usize {
        8 * (self.values.len() + self.inverse.len() + self.border_values.len())
            + 4 * (self.diagonal.len() + self.border_starts.len() + self.border_index.len())
    }

    /// True if every factor is a finite number.
    pub(super) fn is_finite(&self) -> bool {
        self.inverse.iter().all(|x| x.is_finite()) && self.values.iter().all(|x| x.is_finite())
    }

    /// Replaces `x` by `U⁻¹ L⁻¹ x`; `a` is the matrix that was factored, or one with the same pattern.
    pub(super) fn solve(&mut self, a: &Csr, x: &mut [f64]) {
        self.sweep(x, |this, rows, x| this.forward(a, rows, x));
        let mut x_long = std::mem::take(&mut self.x_long);
        for i in self.long.iter().map(|i| *i as usize) {
            let mut sum = x[i];
            for slot in a.slots(i) {
                let j = a.columns[slot];
                if !self.long.binary_search(&j).is_ok_and(|_| j as usize >= i) {
                    sum -= self.values[slot] * x[j as usize];
                }
            }
            x[i] = sum;
        }
        for (k, i) in self.long.iter().map(|i| *i as usize).enumerate().rev() {
            let mut sum = x[i];
            for later in &self.long[k + 1..] {
                if let Some(slot) = a.slot(i, *later as usize) {
                    sum -= self.values[slot] * x[*later as usize];
                }
            }
            x[i] = sum * self.inverse[i];
            x_long[k] = x[i];
        }
        self.x_long = x_long;
        self.sweep(x, |this, rows, x| this.backward(a, rows, x));
        for (i, value) in self.long.iter().zip(&self.x_long) {
            x[*i as usize] = *value;
        }
    }

    fn sweep(&self, x: &mut [f64], f: impl Fn(&Self, Range<usize>, &mut [f64]) + Sync) {
        let mut rest = x;
        let mut pieces = Vec::with_capacity(self.blocks.len());
        for rows in &self.blocks {
            let (piece, after) = rest.split_at_mut(rows.len());
            pieces.push((rows.clone(), piece));
            rest = after;
        }
        if pieces.len() > 1 && rayon::current_num_threads() > 1 {
            pieces.into_par_iter().for_each(|(rows, x)| f(self, rows, x));
        } else {
            pieces.into_iter().for_each(|(rows, x)| f(self, rows, x));
        }
    }

    // Long rows take part in the sweeps of their block with harmless numbers; their own values are put right afterwards. Their
    // columns hold zeros in ordinary rows.
    fn forward(&self, a: &Csr, rows: Range<usize>, x: &mut [f64]) {
        let first = rows.start;
        let mut long = self.long.iter().map(|i| *i as usize).skip_while(|i| *i < first).peekable();
        for i in rows {
            if long.peek() == Some(&i) {
                long.next();
                continue;
            }
            let lower = a.starts[i]..self.diagonal[i] as usize;
            let mut sum = x[i - first];
            for (j, l) in a.columns[lower.clone()].iter().zip(&self.values[lower]).rev() {
                let Some(local) = (*j as usize).checked_sub(first) else { break };
                sum -= l * x[local];
            }
            x[i - first] = sum;
        }
    }

    fn backward(&self, a: &Csr, rows: Range<usize>, x: &mut [f64]) {
        let (first, end) = (rows.start, rows.end);
        let mut long = self.long.iter().map(|i| *i as usize).rev().skip_while(|i| *i >= end).peekable();
        for i in rows.rev() {
            if long.peek() == Some(&i) {
                long.next();
                continue;
            }
            let upper = self.diagonal[i] as usize + 1..a.starts[i + 1];
            let mut sum = x[i - first];
            if !self.long.is_empty() {
                for k in self.border_starts[i] as usize..self.border_starts[i + 1] as usize {
                    sum -= self.border_values[k] * self.x_long[self.border_index[k] as usize];
                }
            }
            for (j, u) in a.columns[upper.clone()].iter().zip(&self.values[upper]) {
                match x.get(*j as usize - first) {
                    Some(x) => sum -= u * x,
                    None => break,
                }
            }
            x[i - first] = sum * self.inverse[i];
        }
    }
}

/// Rows, values and inverse pivots of each block.
fn split<'a>(
    blocks: &[Range<usize>],
    starts: &[usize],
    mut values: &'a mut [f64],
    mut inverse: &'a mut [f64],
) -> Vec<(Range<usize>, &'a mut [f64], &'a mut [f64])> {
    let mut out = Vec::with_capacity(blocks.len());
    for rows in blocks {
        let (v, v_rest) = values.split_at_mut(starts[rows.end] - starts[rows.start]);
        let (d, d_rest) = inverse.split_at_mut(rows.len());
        out.push((rows.clone(), v, d));
        (values, inverse) = (v_rest, d_rest);
    }
    out
}

/// The pivot, or the entry it came from if elimination has left nothing usable.
fn inverse_pivot(pivot: f64, original: f64) -> f64 {
    if pivot.abs() > TINY_PIVOT * original.abs() && pivot.is_finite() {
        1.0 / pivot
    } else if original != 0.0 {
        1.0 / original
    } else {
        0.0
    }
}

/// Eliminates the ordinary rows of one block; `values` and `inverse` are the parts of that block.
fn eliminate(order: &Order<'_>, rows: Range<usize>, values: &mut [f64], inverse: &mut [f64]) {
    let a = order.a;
    let (first, base) = (rows.start, a.starts[rows.start]);
    // Slot plus one of each column in the present row.
    let mut place = vec![0_u32; a.n_columns()];
    for i in rows.clone() {
        if order.rank[i] > 0 {
            continue;
        }
        for slot in a.slots(i) {
            place[a.columns[slot] as usize] = (slot + 1) as u32;
        }
        for slot_k in a.starts[i]..order.diagonal[i] as usize {
            let k = a.columns[slot_k] as usize;
            if k < first || order.rank[k] > 0 {
                continue;
            }
            let l = values[slot_k - base] * inverse[k - first];
            values[slot_k - base] = l;
            for slot in order.diagonal[k] as usize + 1..a.starts[k + 1] {
                let j = a.columns[slot] as usize;
                if j >= rows.end {
                    break;
                }
                if place[j] > 0 && order.rank[j] == 0 {
                    values[place[j] as usize - 1 - base] -= l * values[slot - base];
                }
            }
            for slot in order.border(k).iter().map(|s| *s as usize) {
                let target = place[a.columns[slot] as usize];
                if target > 0 {
                    values[target as usize - 1 - base] -= l * values[slot - base];
                }
            }
        }
        for slot in a.slots(i) {
            place[a.columns[slot] as usize] = 0;
        }
        let slot = order.diagonal[i] as usize;
        inverse[i - first] = inverse_pivot(values[slot - base], a.values[slot]);
    }
}

/// Eliminates the long rows, in their order, after everything else.
fn eliminate_long(order: &Order<'_>, long: &[u32], values: &mut [f64], inverse: &mut [f64]) {
    let a = order.a;
    if long.is_empty() {
        return;
    }
    let mut place = vec![0_u32; a.n_columns()];
    for i in long.iter().map(|i| *i as usize) {
        for slot in a.slots(i) {
            place[a.columns[slot] as usize] = (slot + 1) as u32;
        }
        let ordinary = a.slots(i).filter(|s| order.rank[a.columns[*s] as usize] == 0);
        let earlier = long.iter().map(|k| *k as usize).take_while(|k| *k < i).filter_map(|k| a.slot(i, k));
        for slot_k in ordinary.chain(earlier) {
            let k = a.columns[slot_k] as usize;
            let l = values[slot_k] * inverse[k];
            values[slot_k] = l;
            let mut subtract = |slot: usize| {
                let target = place[a.columns[slot] as usize];
                if target > 0 {
                    values[target as usize - 1] -= l * values[slot];
                }
            };
            if order.rank[k] > 0 {
                for later in long.iter().skip(order.rank[k] as usize) {
                    a.slot(k, *later as usize).into_iter().for_each(&mut subtract);
                }
            } else {
                (order.diagonal[k] as usize + 1..a.starts[k + 1])
                    .filter(|s| order.rank[a.columns[*s] as usize] == 0)
                    .for_each(&mut subtract);
                order.border(k).iter().for_each(|s| subtract(*s as usize));
            }
        }
        for slot in a.slots(i) {
            place[a.columns[slot] as usize] = 0;
        }
        let slot = order.diagonal[i] as usize;
        inverse[i] = inverse_pivot(values[slot], a.values[slot]);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// ILU(0) is exact where elimination makes no fill.
    fn assert_exact(a: &Csr) {
        let exact: Vec<f64> = (0..a.n_rows()).map(|i| 1.0 + (i % 7) as f64).collect();
        let mut x = vec![0.0; a.n_rows()];
        a.multiply(&exact, &mut x);
        Ilu0::new(a).solve(a, &mut x);
        for (x, y) in x.iter().zip(&exact) {
            assert!((x - y).abs() < 1e-9 * y.abs(), "{x} {y}");
        }
    }

    fn chain(n: usize, metals: &[usize]) -> Csr {
        let link = |i: usize| metals.contains(&i);
        let ordinary: Vec<usize> = (0..n).filter(|i| !link(*i)).collect();
        let mut pairs: Vec<(usize, usize)> = ordinary.windows(2).map(|w| (w[0], w[1])).collect();
        for m in metals {
            pairs.extend(ordinary.iter().map(|i| (*i, *m)));
        }
        if let [m1, m2] = metals {
            pairs.push((*m1, *m2));
        }
        let mut a = Csr::square(n, pairs.iter().flat_map(|(i, j)| [(*i, *j), (*j, *i)]));
        for (k, (i, j)) in pairs.iter().enumerate() {
            let g = 1.0 + (k % 5) as f64;
            for (row, column, value) in [(*i, *j, -g), (*j, *i, -1.1 * g), (*i, *i, g), (*j, *j, 1.1 * g)] {
                let slot = a.slot(row, column).unwrap();
                a.values[slot] += value;
            }
        }
        for i in 0..n {
            let slot = a.slot(i, i).unwrap();
            a.values[slot] += 0.1;
        }
        a
    }

    #[test]
    fn exact_for_a_tridiagonal_matrix() {
        assert_exact(&chain(400, &[]));
    }

    #[test]
    fn exact_for_long_rows_anywhere() {
        assert_exact(&chain(400, &[0]));
        assert_exact(&chain(400, &[137]));
        assert_exact(&chain(400, &[399]));
        assert_exact(&chain(400, &[0, 250]));
    }
}
