//! Sparse matrix in blocks of two by two: one column number for four entries.

use super::aggregation::ALONE;
use super::csr::Csr;
use super::pairing::{NONE, Pairing, members};
use super::parallel;
use std::ops::Range;
use std::sync::Arc;

/// Two unknowns, or their equations.
pub(super) type Pair = [f64; 2];
/// A block of two by two, row after row.
pub(super) type Square = [f64; 4];

/// Numbering and pattern of a matrix in blocks. Pairs are numbered in the order of their elimination; an unknown has a *place*, twice
/// its pair and one more for the second. Places that no unknown has hold zeros in all vectors.
#[derive(Debug)]
pub(super) struct Pairs {
    /// Place of each unknown.
    pub(super) place: Vec<u32>,
    /// Group of each place, see [`super::aggregation`].
    pub(super) groups: Vec<u8>,
    /// Pair of each block: those left of the diagonal, row after row, then those right of it; diagonal blocks are stored apart. Half
    /// a sweep reads one of the two, and nothing of the other.
    pub(super) columns: Vec<u32>,
    /// Where the rows start left of the diagonal, and the end.
    below: Vec<u32>,
    /// Where the rows start right of it, and the end.
    above: Vec<u32>,
    /// First block of each row of a piece whose column is late; the end of the row for late rows.
    border: Vec<u32>,
    /// Pieces that do not touch each other; late pairs follow.
    pub(super) pieces: Vec<Range<usize>>,
}

impl Pairs {
    /// Number of pairs.
    pub(super) fn len(&self) -> usize {
        self.border.len()
    }

    /// Number of places.
    pub(super) fn n_places(&self) -> usize {
        2 * self.len()
    }

    /// Pairs after all pieces.
    pub(super) fn late(&self) -> Range<usize> {
        self.pieces.last().map_or(0, |piece| piece.end)..self.len()
    }

    /// Bytes held by the arrays.
    pub(super) fn memory_bytes(&self) -> usize {
        4 * (self.place.len() + self.columns.len() + 3 * self.border.len()) + self.groups.len()
    }

    fn new(a: &Csr, groups: &[u8], pairing: Pairing) -> Self {
        let n = pairing.pairs.len();
        let mut out = Self {
            place: vec![0; a.n_rows()],
            groups: vec![ALONE; 2 * n],
            columns: Vec::with_capacity(a.n_entries() / 3),
            below: Vec::with_capacity(n + 1),
            above: Vec::with_capacity(n + 1),
            border: Vec::with_capacity(n),
            pieces: pairing.pieces,
        };
        for (p, pair) in pairing.pairs.iter().enumerate() {
            for (lane, i) in members(pair).enumerate() {
                out.place[i] = (2 * p + lane) as u32;
                out.groups[2 * p + lane] = groups[i];
            }
        }
        let first_late = out.pieces.last().map_or(0, |piece| piece.end);
        let mut seen = vec![u32::MAX; n];
        let (mut row, mut right) = (Vec::new(), Vec::with_capacity(out.columns.capacity() / 2));
        for (p, pair) in pairing.pairs.iter().enumerate() {
            row.clear();
            seen[p] = p as u32;
            for j in members(pair).flat_map(|i| &a.columns[a.slots(i)]) {
                let q = out.place[*j as usize] / 2;
                if std::mem::replace(&mut seen[q as usize], p as u32) != p as u32 {
                    row.push(q);
                }
            }
            row.sort_unstable();
            let before = |limit: usize| row.partition_point(|q| (*q as usize) < limit);
            let (diagonal, late) = (before(p), before(if p < first_late { first_late } else { n }));
            out.below.push(out.columns.len() as u32);
            out.above.push(right.len() as u32);
            out.border.push((right.len() + late - diagonal) as u32);
            out.columns.extend_from_slice(&row[..diagonal]);
            right.extend_from_slice(&row[diagonal..]);
        }
        out.below.push(out.columns.len() as u32);
        out.above.push(right.len() as u32);
        let shift = out.columns.len() as u32;
        out.above.iter_mut().chain(&mut out.border).for_each(|k| *k += shift);
        out.columns.append(&mut right);
        out
    }

    /// Blocks of row `p` left of the diagonal.
    pub(super) fn below(&self, p: usize) -> Range<usize> {
        self.below[p] as usize..self.below[p + 1] as usize
    }

    /// Blocks of row `p` right of the diagonal.
    pub(super) fn above(&self, p: usize) -> Range<usize> {
        self.above[p] as usize..self.above[p + 1] as usize
    }

    /// First block of row `p`, which is one of a piece, whose column is late; the end of the row for late rows.
    pub(super) fn border(&self, p: usize) -> usize {
        self.border[p] as usize
    }

    /// All blocks of row `p` but the diagonal one, from left to right.
    pub(super) fn row(&self, p: usize) -> impl Iterator<Item = usize> {
        self.below(p).chain(self.above(p))
    }
}

/// A matrix with its rows multiplied by weights. Products run on all threads and do not depend on their number.
///
/// # Verification
/// Unit test below against [`Csr`].
#[derive(Debug)]
pub(super) struct PairMatrix {
    pub(super) pairs: Arc<Pairs>,
    /// Blocks in the order of the columns, then the diagonal ones.
    values: Vec<Square>,
    /// Where the entries of the matrix in rows are among the numbers of the blocks.
    slots: Vec<u32>,
    /// Pairs of one.
    single: Vec<u32>,
}

impl PairMatrix {
    /// Zeros on the pattern of `a`.
    pub(super) fn new(a: &Csr, groups: &[u8]) -> Self {
        Self::paired(a, groups, Pairing::new(a))
    }

    pub(super) fn paired(a: &Csr, groups: &[u8], pairing: Pairing) -> Self {
        let members_of = pairing.pairs.clone();
        let pairs = Pairs::new(a, groups, pairing);
        let n_blocks = pairs.columns.len();
        let mut slots = vec![0; a.n_entries()];
        let mut block = vec![0; pairs.len()];
        for (p, pair) in members_of.iter().enumerate() {
            pairs.row(p).for_each(|k| block[pairs.columns[k] as usize] = k);
            block[p] = n_blocks + p;
            for (lane, i) in members(pair).enumerate() {
                for slot in a.slots(i) {
                    let place = pairs.place[a.columns[slot] as usize] as usize;
                    slots[slot] = (4 * block[place / 2] + 2 * lane + place % 2) as u32;
                }
            }
        }
        Self {
            values: vec![[0.0; 4]; n_blocks + pairs.len()],
            pairs: Arc::new(pairs),
            slots,
            single: (0..members_of.len())
                .filter(|p| members_of[*p][1] == NONE)
                .map(|p| p as u32)
                .collect(),
        }
    }

    /// Takes the values of `a`, each row times its weight.
    pub(super) fn fill(&mut self, a: &Csr, weights: &[f64]) {
        self.values.fill([0.0; 4]);
        let values = self.values.as_flattened_mut();
        for (i, weight) in weights.iter().enumerate() {
            for slot in a.slots(i) {
                values[self.slots[slot] as usize] = weight * a.values[slot];
            }
        }
        // A place without an unknown has an equation of its own.
        let n_blocks = self.pairs.columns.len();
        for p in &self.single {
            self.values[n_blocks + *p as usize][3] = 1.0;
        }
    }

    /// Bytes held by the arrays, those of the pattern included.
    pub(super) fn memory_bytes(&self) -> usize {
        32 * self.values.len() + 4 * self.slots.len() + self.pairs.memory_bytes()
    }

    /// Blocks beside the diagonal.
    pub(super) fn links(&self) -> &[Square] {
        &self.values[..self.pairs.columns.len()]
    }

    /// Block on the diagonal of row `p`.
    pub(super) fn diagonal(&self, p: usize) -> Square {
        self.values[self.pairs.columns.len() + p]
    }

    /// Calls `f` with the column and the values of every block of a row.
    #[inline(always)]
    pub(super) fn for_each_in_row(&self, p: usize, mut f: impl FnMut(usize, &Square)) {
        f(p, &self.values[self.pairs.columns.len() + p]);
        for k in self.pairs.row(p) {
            f(self.pairs.columns[k] as usize, &self.values[k]);
        }
    }

    #[inline(always)]
    fn row_product(&self, p: usize, x: &[Pair]) -> Pair {
        let mut sum = times(&self.diagonal(p), &x[p]);
        for blocks in [self.pairs.below(p), self.pairs.above(p)] {
            for (a, q) in self.values[blocks.clone()].iter().zip(&self.pairs.columns[blocks]) {
                let x = &x[*q as usize];
                (0..4).for_each(|k| sum[k] += a[k] * x[k % 2]);
            }
        }
        [sum[0] + sum[1], sum[2] + sum[3]]
    }

    /// Product `out = A x`.
    pub(super) fn multiply(&self, x: &[f64], out: &mut [f64]) {
        let x = x.as_chunks().0;
        parallel::fill(out.as_chunks_mut().0, |p| self.row_product(p, x));
    }

    /// Residual `out = b - A x`.
    pub(super) fn residual(&self, b: &[f64], x: &[f64], out: &mut [f64]) {
        let (x, b) = (x.as_chunks().0, b.as_chunks::<2>().0);
        parallel::fill(out.as_chunks_mut().0, |p| {
            let product = self.row_product(p, x);
            [b[p][0] - product[0], b[p][1] - product[1]]
        });
    }
}

/// The four products of a block with a pair, not yet added by rows.
#[inline(always)]
fn times(a: &Square, x: &Pair) -> Square {
    std::array::from_fn(|k| a[k] * x[k % 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_is_that_of_the_matrix_in_rows() {
        // Pairs that are alike, singles, and a coupling that is missing in one direction.
        let n = 11;
        let near = (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
        let mut a = Csr::square(n, near.filter(|(i, j)| i / 2 == j / 2 || (i + 2 * j) % 5 == 1));
        for (k, value) in a.values.iter_mut().enumerate() {
            *value = 1.0 + (k % 7) as f64;
        }
        let weights: Vec<f64> = (0..n).map(|i| 1.0 + i as f64).collect();
        let mut matrix = PairMatrix::new(&a, &vec![0; n]);
        matrix.fill(&a, &weights);
        let mut x = vec![0.0; matrix.pairs.n_places()];
        let mut out = x.clone();
        let plain: Vec<f64> = (0..n).map(|i| 2.0 - i as f64).collect();
        for (place, value) in matrix.pairs.place.iter().zip(&plain) {
            x[*place as usize] = *value;
        }
        matrix.multiply(&x, &mut out);
        let mut expected = vec![0.0; n];
        a.multiply(&plain, &mut expected);
        for i in 0..n {
            assert_eq!(out[matrix.pairs.place[i] as usize], weights[i] * expected[i], "{i}");
        }
    }
}
