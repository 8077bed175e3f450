//! Galerkin product: the matrix as the coarse unknowns see it.

use super::csr::Csr;
use super::parallel;

/// Coarse rows per piece of work.
const PIECE: usize = 4096;

/// Triple product `R A P` with `R = Pᵀ`.
///
/// # Equation
/// Row `I` is `Σ_i r_Ii Σ_j a_ij P_j`, gathered without storing `A P`: half again the arithmetic, but no intermediate matrix. A
/// long row of `A` belongs to one coarse row only, so it is visited once.
pub(super) fn galerkin(r: &Csr, a: &Csr, p: &Csr) -> Csr {
    let n_coarse = p.n_columns();
    let pieces = parallel::map_ranges(n_coarse, PIECE, |range| {
        let (mut lengths, mut columns, mut values) = (Vec::with_capacity(range.len()), Vec::new(), Vec::new());
        let mut sums = vec![0.0; n_coarse];
        let mut seen = vec![false; n_coarse];
        for coarse in range {
            let before = columns.len();
            for (i, weight) in r.row(coarse) {
                for (j, a) in a.row(i) {
                    let factor = weight * a;
                    for slot in p.slots(j) {
                        let column = p.columns[slot];
                        let k = column as usize;
                        if !seen[k] {
                            seen[k] = true;
                            columns.push(column);
                        }
                        sums[k] += factor * p.values[slot];
                    }
                }
            }
            let row = &mut columns[before..];
            row.sort_unstable();
            for k in row.iter().map(|k| *k as usize) {
                values.push(std::mem::take(&mut sums[k]));
                seen[k] = false;
            }
            lengths.push(row.len() as u32);
        }
        (lengths, columns, values)
    });
    Csr::from_pieces(n_coarse, pieces)
}
