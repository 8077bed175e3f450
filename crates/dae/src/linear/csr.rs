//! Sparse matrices in compressed rows with a fixed pattern and 32-bit column numbers.

use super::parallel;
use std::ops::Range;

/// Sparse matrix in compressed rows; columns ascend within a row.
///
/// Sixteen megabytes per million entries less than with 64-bit columns would need. Products run on all threads of the current
/// rayon pool and do not depend on their number.
///
/// # Verification
/// `tests/krylov.rs`, `matrix_matches_sparse_lu_product`.
#[derive(Clone, Debug, Default)]
pub struct Csr {
    pub(super) n_columns: usize,
    pub(super) starts: Vec<usize>,
    pub(super) columns: Vec<u32>,
    pub(super) values: Vec<f64>,
}

impl Csr {
    /// A square matrix of order `n` with zeros at the given `(row, column)` positions and on the whole diagonal; repetitions are
    /// merged.
    ///
    /// # Panics
    /// If a position lies outside the matrix, or `n` does not fit into 32 bits.
    pub fn square(n: usize, positions: impl IntoIterator<Item = (usize, usize)>) -> Self {
        assert!(u32::try_from(n).is_ok(), "order {n} needs more than 32 bits");
        let mut packed: Vec<u64> = positions
            .into_iter()
            .map(|(row, column)| {
                assert!(column < n && row < n, "position ({row}, {column}) outside a matrix of order {n}");
                (row as u64) << 32 | column as u64
            })
            .collect();
        packed.extend((0..n as u64).map(|i| i << 32 | i));
        packed.sort_unstable();
        packed.dedup();
        let mut starts = vec![0; n + 1];
        for p in &packed {
            starts[(p >> 32) as usize + 1] += 1;
        }
        for k in 0..n {
            starts[k + 1] += starts[k];
        }
        let columns: Vec<u32> = packed.iter().map(|p| *p as u32).collect();
        drop(packed);
        let values = vec![0.0; columns.len()];
        Self {
            n_columns: n,
            starts,
            columns,
            values,
        }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Number of columns.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Number of stored entries.
    pub fn n_entries(&self) -> usize {
        self.columns.len()
    }

    /// Bytes held by the arrays.
    pub fn memory_bytes(&self) -> usize {
        self.starts.capacity() * size_of::<usize>() + self.columns.capacity() * size_of::<u32>() + self.values.capacity() * size_of::<f64>()
    }

    /// Slots of row `i`: places of its entries in the arrays.
    pub(super) fn slots(&self, i: usize) -> Range<usize> {
        self.starts[i]..self.starts[i + 1]
    }

    /// Columns and values of row `i`.
    pub fn row(&self, i: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let slots = self.slots(i);
        self.columns[slots.clone()]
            .iter()
            .zip(&self.values[slots])
            .map(|(j, a)| (*j as usize, *a))
    }

    /// Place of `(row, column)` among the values, or `None` if it is not in the pattern. Look it up once per entry.
    pub fn slot(&self, row: usize, column: usize) -> Option<usize> {
        let slots = self.slots(row);
        let column = u32::try_from(column).ok()?;
        self.columns[slots.clone()].binary_search(&column).ok().map(|k| slots.start + k)
    }

    /// Diagonal entry of row `i`, zero if it is not stored.
    pub(super) fn diagonal(&self, i: usize) -> f64 {
        self.slot(i, i).map_or(0.0, |slot| self.values[slot])
    }

    /// Entry `i` of `A x`.
    #[inline]
    pub(super) fn row_product(&self, i: usize, x: &[f64]) -> f64 {
        let slots = self.slots(i);
        let columns = &self.columns[slots.clone()];
        columns.iter().zip(&self.values[slots]).map(|(j, a)| a * x[*j as usize]).sum()
    }

    /// Product `out = A x`.
    pub fn multiply(&self, x: &[f64], out: &mut [f64]) {
        parallel::fill(out, |i| self.row_product(i, x));
    }

    /// Residual `out = b - A x`.
    pub fn residual(&self, b: &[f64], x: &[f64], out: &mut [f64]) {
        parallel::fill(out, |i| b[i] - self.row_product(i, x));
    }

    /// The transposed matrix.
    pub(super) fn transposed(&self) -> Self {
        let mut starts = vec![0; self.n_columns + 1];
        for j in &self.columns {
            starts[*j as usize + 1] += 1;
        }
        for k in 0..self.n_columns {
            starts[k + 1] += starts[k];
        }
        let mut next = starts.clone();
        let mut columns = vec![0; self.columns.len()];
        let mut values = vec![0.0; self.columns.len()];
        for i in 0..self.n_rows() {
            for (j, a) in self.row(i) {
                columns[next[j]] = i as u32;
                values[next[j]] = a;
                next[j] += 1;
            }
        }
        Self {
            n_columns: self.n_rows(),
            starts,
            columns,
            values,
        }
    }

    /// The same entries with row `i` at `rows[i]` and column `j` at `columns[j]` of a larger matrix.
    pub(super) fn moved(&self, rows: &[u32], n_rows: usize, columns: &[u32], n_columns: usize) -> Self {
        let mut from = vec![u32::MAX; n_rows];
        rows.iter().enumerate().for_each(|(i, row)| from[*row as usize] = i as u32);
        let pieces = parallel::map_ranges(n_rows, parallel::CHUNK, |range| {
            let (mut lengths, mut new, mut values) = (Vec::with_capacity(range.len()), Vec::new(), Vec::new());
            let mut row: Vec<(u32, f64)> = Vec::new();
            for i in &from[range] {
                row.clear();
                if *i < u32::MAX {
                    row.extend(self.row(*i as usize).map(|(j, a)| (columns[j], a)));
                }
                row.sort_unstable_by_key(|(j, _)| *j);
                new.extend(row.iter().map(|(j, _)| *j));
                values.extend(row.iter().map(|(_, a)| *a));
                lengths.push(row.len() as u32);
            }
            (lengths, new, values)
        });
        Self::from_pieces(n_columns, pieces)
    }

    /// Joins the rows of consecutive pieces `(row lengths, columns, values)` into one matrix.
    pub(super) fn from_pieces(n_columns: usize, pieces: Vec<(Vec<u32>, Vec<u32>, Vec<f64>)>) -> Self {
        let n_rows = pieces.iter().map(|p| p.0.len()).sum::<usize>();
        let n_entries = pieces.iter().map(|p| p.1.len()).sum::<usize>();
        let mut starts = Vec::with_capacity(n_rows + 1);
        let mut columns = Vec::with_capacity(n_entries);
        let mut values = Vec::with_capacity(n_entries);
        let mut end = 0;
        starts.push(end);
        for (lengths, piece_columns, piece_values) in pieces {
            for length in lengths {
                end += length as usize;
                starts.push(end);
            }
            columns.extend_from_slice(&piece_columns);
            values.extend_from_slice(&piece_values);
        }
        Self {
            n_columns,
            starts,
            columns,
            values,
        }
    }

    /// Rows and columns listed in `kept` (ascending), renumbered in that order.
    pub(super) fn submatrix(&self, kept: &[u32]) -> Self {
        const LEFT_OUT: u32 = u32::MAX;
        let mut number = vec![LEFT_OUT; self.n_columns];
        for (new, old) in kept.iter().enumerate() {
            number[*old as usize] = new as u32;
        }
        let pieces = parallel::map_ranges(kept.len(), parallel::CHUNK, |range| {
            let (mut lengths, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
            for old in &kept[range] {
                let before = columns.len();
                for (j, a) in self.row(*old as usize).filter(|(j, _)| number[*j] != LEFT_OUT) {
                    columns.push(number[j]);
                    values.push(a);
                }
                lengths.push((columns.len() - before) as u32);
            }
            (lengths, columns, values)
        });
        Self::from_pieces(kept.len(), pieces)
    }

    /// Entries beyond which a row counts as long: 150, and twelve times the mean.
    pub(super) fn long_row_limit(&self) -> usize {
        (12 * self.n_entries() / self.n_rows().max(1)).max(150)
    }

    /// Rows so long that they are eliminated last and never aggregated: lumped metals, terminals.
    pub(super) fn long_rows(&self) -> Vec<u32> {
        let limit = self.long_row_limit();
        (0..self.n_rows())
            .filter(|i| self.slots(*i).len() > limit)
            .map(|i| i as u32)
            .collect()
    }
}
