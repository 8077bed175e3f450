//! Rows and columns brought to comparable size before a matrix is factored.

use super::Field;

/// Iterations at most: each takes half of the decades that are too many.
const ITERATIONS: usize = 8;

/// The largest number of a row or column may be this many times larger or smaller than one.
const COMPARABLE: f64 = 1024.0;

/// Bits of the mantissa and what is added to the exponent of a double, IEEE 754.
const MANTISSA: u32 = 52;
const BIAS: i64 = 1023;

/// Factors on rows and columns, powers of two.
///
/// Unknowns and equations carry units: without this the choice of pivots would depend on them, and factors might not fit into single
/// precision. Powers of two round nothing.
///
/// # Equation
/// `A ← R A C` with `R_i = (max_j |a_ij|)^-½`, `C_j = (max_i |a_ij|)^-½`, rounded to powers of two, until all maxima are comparable. A
/// diagonal that is largest in its row and column becomes about one at once, and neither falls behind the other: metal among poor
/// conductors keeps its own pivots.
///
/// # Source
/// D. Ruiz, A scaling algorithm to equilibrate both rows and columns norms in matrices, report RAL-TR-2001-034 (2001).
#[derive(Clone, Debug, Default)]
pub(super) struct Equilibration {
    /// Factors on the row and the column of each unknown.
    factors: [Vec<f64>; 2],
    /// Those of the present iteration, or the maxima they are found from.
    present: [Vec<f64>; 2],
    /// Factors on the row and the column of each step of the elimination.
    of_steps: Vec<[f64; 2]>,
}

impl Equilibration {
    /// Finds the factors for a matrix with these values, given by rows, and applies them.
    pub(super) fn apply<S: Field>(&mut self, row_starts: &[usize], columns: &[u32], values: &mut [S], order: &[u32]) {
        let n = order.len();
        for factors in &mut self.factors {
            factors.clear();
            factors.resize(n, 1.0);
        }
        for _ in 0..ITERATIONS {
            self.find_maxima(row_starts, columns, values);
            let comparable = |size: &f64| *size == 0.0 || (1.0 / COMPARABLE..=COMPARABLE).contains(size);
            if self.present.iter().flatten().all(comparable) {
                break;
            }
            for (factors, present) in self.factors.iter_mut().zip(&mut self.present) {
                for (factor, present) in factors.iter_mut().zip(present) {
                    *present = inverse_root(*present);
                    *factor *= *present;
                }
            }
            let [of_rows, of_columns] = &self.present;
            for (row, scale) in row_starts.windows(2).zip(of_rows) {
                let row = row[0]..row[1];
                for (v, column) in values[row.clone()].iter_mut().zip(&columns[row]) {
                    *v *= S::from_real(scale * of_columns[*column as usize]);
                }
            }
        }
        let [of_rows, of_columns] = &self.factors;
        self.of_steps.clear();
        self.of_steps
            .extend(order.iter().map(|k| [of_rows[*k as usize], of_columns[*k as usize]]));
    }

    fn find_maxima<S: Field>(&mut self, row_starts: &[usize], columns: &[u32], values: &[S]) {
        let [of_rows, of_columns] = &mut self.present;
        of_rows.clear();
        of_columns.clear();
        of_columns.resize(row_starts.len() - 1, 0.0);
        for row in row_starts.windows(2).map(|w| w[0]..w[1]) {
            let mut largest = 0.0_f64;
            for (column, v) in columns[row.clone()].iter().zip(&values[row]) {
                let size = v.magnitude();
                largest = largest.max(size);
                let of_column = &mut of_columns[*column as usize];
                *of_column = of_column.max(size);
            }
            of_rows.push(largest);
        }
    }

    /// Factors on the row and the column of each step of the elimination.
    pub(super) fn of_steps(&self) -> &[[f64; 2]] {
        &self.of_steps
    }
}

/// The power of two next to `size^-½`, from the exponent alone; one if there is none.
#[inline(always)]
fn inverse_root(size: f64) -> f64 {
    if size > 0.0 && size.is_finite() {
        let exponent = (size.to_bits() >> MANTISSA) as i64 - BIAS;
        f64::from_bits(((BIAS - (exponent + 1).div_euclid(2)) as u64) << MANTISSA)
    } else {
        1.0
    }
}
