//! Between the places of two levels: the prolongation and its transpose, as compact as they can be.

use super::csr::Csr;
use super::parallel;

/// A matrix that is only multiplied with, its weights in single precision.
///
/// Nothing is lost: [`super::prolongation`] makes weights that single precision holds.
#[derive(Debug)]
pub(super) struct Transfer {
    starts: Vec<u32>,
    columns: Vec<u32>,
    weights: Vec<f32>,
}

impl Transfer {
    pub(super) fn new(a: &Csr) -> Self {
        Self {
            starts: a.starts.iter().map(|k| *k as u32).collect(),
            columns: a.columns.clone(),
            weights: a.values.iter().map(|v| *v as f32).collect(),
        }
    }

    /// Bytes held by the arrays.
    pub(super) fn memory_bytes(&self) -> usize {
        4 * self.starts.len() + 8 * self.columns.len()
    }

    #[inline(always)]
    fn row_product(&self, i: usize, x: &[f64]) -> f64 {
        let row = self.starts[i] as usize..self.starts[i + 1] as usize;
        let columns = &self.columns[row.clone()];
        columns
            .iter()
            .zip(&self.weights[row])
            .map(|(j, w)| f64::from(*w) * x[*j as usize])
            .sum()
    }

    /// Product `out = A x`.
    pub(super) fn multiply(&self, x: &[f64], out: &mut [f64]) {
        parallel::fill(out, |i| self.row_product(i, x));
    }

    /// Sum `out += A x`.
    pub(super) fn add_product(&self, x: &[f64], out: &mut [f64]) {
        parallel::by_chunks(out, |first, rows| {
            for (i, y) in rows.iter_mut().enumerate() {
                *y += self.row_product(first + i, x);
            }
        });
    }
}
