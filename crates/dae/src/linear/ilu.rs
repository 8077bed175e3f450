//! Incomplete LU factorisation without fill, ILU(0), in fixed blocks of rows that are joined by rows eliminated last.

use super::csr::Csr;
use super::parallel;
use rayon::prelude::*;
use std::ops::Range;

/// Fewest rows of a block.
const BLOCK_ROWS: usize = 60_000;
/// Most blocks of a matrix.
const MAX_BLOCKS: usize = 4;
/// Largest part of the rows that may be eliminated last for the sake of blocks.
const MAX_LATE: f64 = 0.2;
/// A pivot smaller than this part of its diagonal entry is replaced by that entry.
const TINY_PIVOT: f64 = 1e-15;

/// ILU(0) factors on the pattern of a matrix, which is passed to every call.
///
/// The rows are cut into consecutive blocks, their number set by the matrix alone, so the result does not depend on the number of
/// threads. Rows that couple two blocks (a plane of volumes between two slabs) are *late*: they and their columns are eliminated
/// after all blocks. So no coupling is lost; leaving out those between blocks would make the smoother diverge where a cut meets a
/// film. Rows with very many entries (a lumped metal piece that touches thousands of volumes) are late too: their place in the
/// numbering does not matter then.
///
/// # Equation
/// With the late unknowns last, `L U ≈ A` on the pattern of `A`: `l_ik = a_ik / u_kk`, `a_ij ← a_ij - l_ik u_kj`.
///
/// # Source
/// Saad, *Iterative Methods for Sparse Linear Systems*, 2nd ed. (2003), algorithm 10.4.
///
/// # Verification
/// Unit tests below: exact in one block for tridiagonal and arrow matrices; in several blocks the iteration `x += M⁻¹ (b - A x)`
/// converges on them.
#[derive(Debug, Default)]
pub(super) struct Ilu0 {
    blocks: Vec<Range<usize>>,
    /// Slot of the diagonal in each row.
    diagonal: Vec<u32>,
    /// Inverse pivots.
    inverse: Vec<f64>,
    values: Vec<f64>,
    /// Late rows in the order of their elimination.
    late: Vec<u32>,
    /// Index of each row in `late` plus one; zero for ordinary rows. Empty without late rows.
    rank: Vec<u32>,
    /// Entries of ordinary rows in late columns: row starts, index into `late`, value. Empty without late rows.
    border_starts: Vec<u32>,
    border_index: Vec<u32>,
    border_values: Vec<f64>,
    x_late: Vec<f64>,
}

/// Blocks of consecutive rows, and for every row whether it is late.
fn cut(a: &Csr, mut count: usize) -> (Vec<Range<usize>>, Vec<bool>) {
    let n = a.n_rows();
    loop {
        let blocks: Vec<Range<usize>> = (0..count).map(|k| k * n / count..(k + 1) * n / count).collect();
        let mut late = vec![false; n];
        for i in a.long_rows() {
            late[i as usize] = true;
        }
        if count == 1 {
            return (blocks, late);
        }
        for rows in &blocks {
            for i in rows.clone() {
                late[i] |= a.columns[a.slots(i)].iter().any(|j| *j as usize >= rows.end && !late[*j as usize]);
            }
        }
        // Needed for patterns that are not symmetric only.
        for rows in &blocks {
            for i in rows.clone() {
                late[i] |= a.columns[a.slots(i)]
                    .iter()
                    .any(|j| !rows.contains(&(*j as usize)) && !late[*j as usize]);
            }
        }
        if (late.iter().filter(|late| **late).count() as f64) < MAX_LATE * n as f64 {
            return (blocks, late);
        }
        count /= 2;
    }
}

/// Shared description of the elimination order.
struct Order<'a> {
    a: &'a Csr,
    diagonal: &'a [u32],
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
        Self::in_blocks(a, (a.n_rows() / BLOCK_ROWS).clamp(1, MAX_BLOCKS))
    }

    fn in_blocks(a: &Csr, count: usize) -> Self {
        let n = a.n_rows();
        let (blocks, is_late) = cut(a, count);
        let mut late: Vec<u32> = (0..n as u32).filter(|i| is_late[*i as usize]).collect();
        // Long rows come last of all, so that no other row has to be combined with them.
        late.sort_by_key(|i| a.slots(*i as usize).len() > a.long_row_limit());
        let mut rank = vec![0; n];
        for (k, i) in late.iter().enumerate() {
            rank[*i as usize] = k as u32 + 1;
        }
        let diagonal: Vec<u32> = (0..n)
            .map(|i| a.slot(i, i).expect("invariant: the diagonal is in the pattern") as u32)
            .collect();
        let (mut border_starts, mut border_slots) = (Vec::new(), Vec::new());
        if !late.is_empty() {
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
        let mut values = a.values.clone();
        let mut inverse = vec![0.0; n];
        let pieces = split(&blocks, &a.starts, &mut values, &mut inverse);
        let work = |(rows, values, inverse): (Range<usize>, &mut [f64], &mut [f64])| eliminate(&order, rows, values, inverse);
        if parallel::worthwhile(n) {
            pieces.into_par_iter().for_each(work);
        } else {
            pieces.into_iter().for_each(work);
        }
        eliminate_late(&order, &late, &mut values, &mut inverse);
        let border_index = border_slots.iter().map(|s| rank[a.columns[*s as usize] as usize] - 1).collect();
        let border_values = border_slots.iter().map(|s| std::mem::take(&mut values[*s as usize])).collect();
        Self {
            blocks,
            x_late: vec![0.0; late.len()],
            diagonal,
            inverse,
            values,
            rank: if late.is_empty() { Vec::new() } else { rank },
            late,
            border_starts,
            border_index,
            border_values,
        }
    }

    /// Bytes held by the arrays; the pattern belongs to the matrix.
    pub(super) fn memory_bytes(&self) -> usize {
        8 * (self.values.len() + self.inverse.len() + self.border_values.len())
            + 4 * (self.diagonal.len() + self.rank.len() + self.border_starts.len() + self.border_index.len())
    }

    /// True if every factor is a finite number.
    pub(super) fn is_finite(&self) -> bool {
        self.inverse.iter().all(|x| x.is_finite()) && self.values.iter().all(|x| x.is_finite())
    }

    /// Replaces `x` by `U⁻¹ L⁻¹ x`; `a` is the matrix that was factored, or one with the same pattern.
    pub(super) fn solve(&mut self, a: &Csr, x: &mut [f64]) {
        self.sweep(x, |this, rows, x| this.forward(a, rows, x));
        for (k, i) in self.late.iter().map(|i| *i as usize).enumerate() {
            let columns = a.slots(i).filter(|s| self.rank[a.columns[*s] as usize] as usize <= k);
            x[i] -= columns.map(|s| self.values[s] * x[a.columns[s] as usize]).sum::<f64>();
        }
        for (k, i) in self.late.iter().map(|i| *i as usize).enumerate().rev() {
            let columns = a.slots(i).filter(|s| self.rank[a.columns[*s] as usize] as usize > k + 1);
            x[i] -= columns.map(|s| self.values[s] * x[a.columns[s] as usize]).sum::<f64>();
            x[i] *= self.inverse[i];
            self.x_late[k] = x[i];
        }
        self.sweep(x, |this, rows, x| this.backward(a, rows, x));
        for (i, value) in self.late.iter().zip(&self.x_late) {
            x[*i as usize] = *value;
        }
    }

    fn is_late(&self, i: usize) -> bool {
        self.rank.get(i).is_some_and(|rank| *rank > 0)
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

    // Sweeps of blocks leave late rows as they are; the columns of these hold zeros in ordinary rows.
    fn forward(&self, a: &Csr, rows: Range<usize>, x: &mut [f64]) {
        let first = rows.start;
        for i in rows {
            if self.is_late(i) {
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
        let first = rows.start;
        for i in rows.rev() {
            if self.is_late(i) {
                continue;
            }
            let upper = self.diagonal[i] as usize + 1..a.starts[i + 1];
            let mut sum = x[i - first];
            if !self.late.is_empty() {
                for k in self.border_starts[i] as usize..self.border_starts[i + 1] as usize {
                    sum -= self.border_values[k] * self.x_late[self.border_index[k] as usize];
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

/// Eliminates the late rows, in their order, after everything else.
fn eliminate_late(order: &Order<'_>, late: &[u32], values: &mut [f64], inverse: &mut [f64]) {
    let (a, rank) = (order.a, order.rank);
    if late.is_empty() {
        return;
    }
    let rank_of = |slot: usize| rank[a.columns[slot] as usize];
    let mut place = vec![0_u32; a.n_columns()];
    for i in late.iter().map(|i| *i as usize) {
        for slot in a.slots(i) {
            place[a.columns[slot] as usize] = (slot + 1) as u32;
        }
        let ordinary = a.slots(i).filter(|s| rank_of(*s) == 0);
        let earlier = a.slots(i).filter(|s| (1..rank[i]).contains(&rank_of(*s)));
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
            if rank[k] > 0 {
                a.slots(k).filter(|s| rank_of(*s) > rank[k]).for_each(&mut subtract);
            } else {
                (order.diagonal[k] as usize + 1..a.starts[k + 1])
                    .filter(|s| rank_of(*s) == 0)
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

    /// One block is exact where elimination makes no fill; several blocks lose the fill next to late rows and must converge.
    fn assert_solves(a: &Csr, blocks: usize) {
        let exact: Vec<f64> = (0..a.n_rows()).map(|i| 1.0 + (i % 7) as f64).collect();
        let (mut b, mut x, mut r) = (vec![0.0; a.n_rows()], vec![0.0; a.n_rows()], vec![0.0; a.n_rows()]);
        a.multiply(&exact, &mut b);
        let mut ilu = Ilu0::in_blocks(a, blocks);
        for _ in 0..if blocks == 1 { 1 } else { 3000 } {
            a.residual(&b, &x, &mut r);
            ilu.solve(a, &mut r);
            x.iter_mut().zip(&r).for_each(|(x, r)| *x += r);
        }
        for (x, y) in x.iter().zip(&exact) {
            assert!((x - y).abs() < 1e-9 * y.abs(), "{blocks} blocks: {x} {y}");
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
    fn solves_a_tridiagonal_matrix() {
        assert_solves(&chain(400, &[]), 1);
        assert_solves(&chain(401, &[]), 4);
    }

    #[test]
    fn solves_with_long_rows_anywhere() {
        for blocks in [1, 3] {
            assert_solves(&chain(400, &[0]), blocks);
            assert_solves(&chain(400, &[137]), blocks);
            assert_solves(&chain(400, &[399]), blocks);
            assert_solves(&chain(400, &[0, 250]), blocks);
        }
    }
}
