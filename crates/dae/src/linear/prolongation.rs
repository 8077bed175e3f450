//! Smoothed prolongation: how coarse corrections are spread over the fine unknowns.

use super::aggregation::{Aggregates, Strength};
use super::csr::Csr;
use super::parallel;

/// What every weight is a multiple of, so that single precision holds it and sums of weights are exact.
const GRAIN: f64 = 1.0 / 4_194_304.0;

/// One damped Jacobi step on the piecewise constant prolongation, with the filtered matrix.
///
/// # Equation
/// `P_i = e_i - ω_i / d_i Σ_j f_ij e_j`, where `e_j` is the unit vector of the aggregate of `j`, `f` holds the strong couplings of
/// row `i` within its group and the diagonal `d_i = a_ii + Σ_weak a_ij` of the filtered row. With `ρ_i = Σ_j |f_ij| / |d_i|` (a
/// bound of the spectral radius by the circle of that row), `ω_i = 4 / (3 ρ_i)`. A row without strong coupling keeps `a_ii`; a
/// filtered diagonal below half the sum of its strong couplings is replaced by that sum. Weights are rounded to multiples of 2⁻²², and
/// that of the own aggregate is what makes the row add up to one: each group keeps its constant on every level, to the last digit.
///
/// Unknowns that stay alone are injected: smoothing the row of a metal piece would couple all its neighbours to each other.
///
/// # Source
/// Vaněk, Mandel, Brezina, Computing 56 (1996) 179, section 4.2; row-wise weights after the usual Gershgorin bound.
pub(super) fn prolongation(a: &Csr, groups: &[u8], strength: &Strength<'_>, aggregates: &Aggregates) -> Csr {
    let pieces = parallel::map_ranges(a.n_rows(), parallel::CHUNK, |range| {
        let (mut lengths, mut columns, mut values) = (Vec::with_capacity(range.len()), Vec::new(), Vec::new());
        let mut row: Vec<(u32, f64)> = Vec::new();
        for i in range {
            row.clear();
            smoothed_row(a, groups, strength, aggregates, i, &mut row);
            in_grains(&mut row);
            row.sort_by_key(|(j, _)| *j);
            let before = columns.len();
            for (j, w) in &row {
                if columns.len() > before && columns.last() == Some(j) {
                    if let Some(last) = values.last_mut() {
                        *last += w;
                    }
                } else {
                    columns.push(*j);
                    values.push(*w);
                }
            }
            lengths.push((columns.len() - before) as u32);
        }
        (lengths, columns, values)
    });
    Csr::from_pieces(aggregates.count, pieces)
}

fn smoothed_row(a: &Csr, groups: &[u8], strength: &Strength<'_>, aggregates: &Aggregates, i: usize, row: &mut Vec<(u32, f64)>) {
    let own = aggregates.of[i];
    row.push((own, 1.0));
    if aggregates.alone[i] {
        return;
    }
    let (mut diagonal, mut original, mut strong_sum) = (0.0, 0.0, 0.0);
    for (j, value) in a.row(i) {
        if j == i {
            original = value;
            diagonal += value;
        } else if let Some(size) = strength.strong(i, j, value) {
            strong_sum += size;
            row.push((aggregates.of[j], value));
        } else if groups[j] == groups[i] {
            diagonal += value;
        }
    }
    if strong_sum == 0.0 {
        return;
    }
    let sign = if original < 0.0 { -1.0 } else { 1.0 };
    if sign * diagonal < 0.5 * strong_sum {
        diagonal = sign * strong_sum;
    }
    let weight = 4.0 / (3.0 * (1.0 + strong_sum / diagonal.abs()));
    for (_, value) in &mut row[1..] {
        *value *= -weight / diagonal;
    }
}

/// Rounds all weights but the first, which makes the sum one.
fn in_grains(row: &mut [(u32, f64)]) {
    let mut rest = 1.0;
    for (_, w) in &mut row[1..] {
        *w = (*w / GRAIN).round() * GRAIN;
        rest -= *w;
    }
    row[0].1 = rest;
}

#[cfg(test)]
mod tests {
    use super::super::aggregation::aggregate;
    use super::*;

    #[test]
    fn rows_add_up_to_one_and_fit_into_single_precision() {
        // Stiff links of uneven size behind a weak hold, whose rows would else miss one by the hold.
        let n = 60;
        let mut a = Csr::square(n, (1..n).flat_map(|i| [(i, i - 1), (i - 1, i)]));
        for i in 1..n {
            let g = 1e9 * (1.3 + (2.1 * i as f64).sin());
            for (row, column, value) in [(i, i - 1, -g), (i - 1, i, -g), (i, i, g + 3.0), (i - 1, i - 1, g)] {
                let k = a.slot(row, column).expect("the entry is in the pattern");
                a.values[k] += value;
            }
        }
        let groups = vec![0; n];
        let strength = Strength::new(&a, &groups, 0.25);
        let aggregates = aggregate(&strength);
        let p = prolongation(&a, &groups, &strength, &aggregates);
        assert!(p.n_entries() > n, "nothing was smoothed");
        for i in 0..n {
            assert_eq!(p.row(i).map(|(_, w)| w).sum::<f64>(), 1.0, "row {i}");
            assert!(p.row(i).all(|(_, w)| f64::from(w as f32) == w), "row {i}");
        }
    }
}
