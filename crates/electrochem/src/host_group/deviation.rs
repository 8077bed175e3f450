//! How large an error of many hosts is, in one pass over their states.

use cellwright_dae::lanes::vectorised;

/// Deviation of the hosts of an electrode from zero, in stoichiometry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Deviation {
    /// Mean square over volume and hosts.
    pub mean_square: f64,
    /// Mean over the hosts of the square at the surface, and the largest of them.
    pub surface: f64,
    pub largest: f64,
}

/// Hosts side by side.
const SIDE: usize = 8;

/// The deviations of `e`, `e + c₁ r₁` and `e + c₁ r₁ + c₂ r₂`, as many as asked for. Each row of `n` hosts has a weight in the mean square
/// and one at the surface.
pub(super) fn of_sums(weights: &[[f64; 2]], e: &[f64], terms: [(f64, &[f64]); 2], n: usize, sums: usize) -> [Deviation; 3] {
    let mut out = [Deviation::default(); 3];
    vectorised(
        #[inline(always)]
        || match sums {
            1 => all::<1>(weights, e, terms, n, &mut out),
            2 => all::<2>(weights, e, terms, n, &mut out),
            _ => all::<3>(weights, e, terms, n, &mut out),
        },
    );
    let per = 1.0 / n as f64;
    out.map(|d| Deviation {
        mean_square: d.mean_square * per,
        surface: d.surface * per,
        ..d
    })
}

#[inline(always)]
fn all<const SUMS: usize>(weights: &[[f64; 2]], e: &[f64], terms: [(f64, &[f64]); 2], n: usize, out: &mut [Deviation; 3]) {
    let whole = n - n % SIDE;
    for h in (0..whole).step_by(SIDE) {
        group::<SUMS, SIDE>(weights, e, terms, n, h, out);
    }
    for h in whole..n {
        group::<SUMS, 1>(weights, e, terms, n, h, out);
    }
}

/// `WIDE` hosts from `h` on.
#[inline(always)]
fn group<const SUMS: usize, const WIDE: usize>(
    weights: &[[f64; 2]],
    e: &[f64],
    terms: [(f64, &[f64]); 2],
    n: usize,
    h: usize,
    out: &mut [Deviation; 3],
) {
    let (mut squares, mut surface) = ([[0.0; WIDE]; SUMS], [[0.0; WIDE]; SUMS]);
    for (m, [of_square, at_surface]) in weights.iter().enumerate() {
        let row = m * n + h..m * n + h + WIDE;
        let (e, first, second) = (&e[row.clone()], &terms[0].1[row.clone()], &terms[1].1[row]);
        for l in 0..WIDE {
            let mut x = e[l];
            for sum in 0..SUMS {
                match sum {
                    0 => {}
                    1 => x += terms[0].0 * first[l],
                    _ => x += terms[1].0 * second[l],
                }
                squares[sum][l] += of_square * x * x;
                surface[sum][l] += at_surface * x;
            }
        }
    }
    for ((out, squares), surface) in out.iter_mut().zip(squares).zip(surface) {
        for (square, x) in squares.into_iter().zip(surface) {
            out.mean_square += square;
            out.surface += x * x;
            out.largest = out.largest.max(x * x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_single_passes() {
        let (n, rows) = (13, 3);
        let wave = |k: usize, f: f64| (f * k as f64).sin();
        let make = |f: f64| (0..n * rows).map(|k| wave(k, f)).collect::<Vec<f64>>();
        let (e, r1, r2) = (make(0.3), make(0.7), make(1.9));
        let weights = [[0.5, 0.1], [0.2, -0.4], [0.3, 2.0]];
        let found = of_sums(&weights, &e, [(0.4, &r1), (-0.7, &r2)], n, 3);
        for (sum, found) in found.iter().enumerate() {
            let at = |m: usize, h: usize| {
                let k = m * n + h;
                e[k] + if sum > 0 { 0.4 * r1[k] } else { 0.0 } - if sum > 1 { 0.7 * r2[k] } else { 0.0 }
            };
            let over = |m: usize, f: &dyn Fn(f64) -> f64| (0..n).map(|h| f(at(m, h))).sum::<f64>();
            let square: f64 = (0..rows).map(|m| weights[m][0] * over(m, &|x| x * x)).sum();
            let surfaces: Vec<f64> = (0..n)
                .map(|h| (0..rows).map(|m| weights[m][1] * at(m, h)).sum::<f64>().powi(2))
                .collect();
            assert!((found.mean_square - square / n as f64).abs() < 1e-14);
            assert!((found.surface - surfaces.iter().sum::<f64>() / n as f64).abs() < 1e-13);
            assert!((found.largest - surfaces.iter().copied().fold(0.0, f64::max)).abs() < 1e-13);
        }
        assert_eq!(of_sums(&weights, &e, [(0.0, &e), (0.0, &e)], n, 1)[1], Deviation::default());
    }
}
