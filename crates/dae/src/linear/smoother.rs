//! Incomplete factorisation in blocks of two by two, of which only the pivots are computed, as the smoother of multigrid.

use super::pair_matrix::{Pair, PairMatrix, Pairs, Square};
use super::parallel;
use super::pivots::{self, Link};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// The smoother `M = (D + L) D⁻¹ (D + U)` of `A = L + A_d + U`, blocks of two by two.
///
/// A sweep uses the entries of the matrix itself, so that one copy of them serves sweeps and residuals. They are rounded to single
/// precision, and what rounding takes from a row is put on its diagonal, for each kind of unknown by itself: raising a potential
/// everywhere makes the same currents as before, which a stiff film (10¹⁰ times the conductance of the reaction that holds it) would
/// otherwise drown in rounding errors of 10⁻⁷. Diagonals, pivots and vectors are in double precision.
///
/// # Equation
/// `D_i = A_ii - Σ_{k<i} A_ik D_k⁻¹ A_ki`, blocks in the order of [`super::pairing`]. On a grid, where no third pair is coupled to
/// both ends of a link, this is the incomplete factorisation without fill, ILU(0).
///
/// With `E = A_d - D`, after the first sweep from zero, `D y = b - L y`, `x = y - D⁻¹ U x`, the residual is `L (y - x) - E x`; a sweep
/// on a given `x` is `D w = b - L w - U x - E x`, `δ = w - x - D⁻¹ U δ`, and leaves the residual `L D⁻¹ U δ - E δ`. So a residual after
/// a sweep takes half a pass over the matrix.
///
/// # Source
/// Saad, *Iterative Methods for Sparse Linear Systems*, 2nd ed. (2003), section 10.3.2 (D-ILU); residuals after Eisenstat, SIAM J.
/// Sci. Stat. Comput. 2 (1981) 1, doi:10.1137/0902001.
///
/// # Verification
/// Unit tests below: exact up to single precision for block-tridiagonal matrices, iterations converge on others, and the residual is
/// that of the matrix.
#[derive(Debug)]
pub(super) struct Smoother {
    pairs: Arc<Pairs>,
    links: Vec<Link>,
    /// Inverse pivots `D⁻¹`.
    inverse: Vec<Square>,
    /// `E = A_d - D`.
    excess: Vec<Square>,
    /// `δ` of a sweep on a given vector.
    step: Vec<Pair>,
    /// `y - x` of the first sweep from zero, `D⁻¹ U δ` of a sweep on a given vector.
    back: Vec<Pair>,
}

impl Smoother {
    /// Factors `a`.
    pub(super) fn new(a: &PairMatrix) -> Self {
        let n = a.pairs.len();
        let mut out = Self {
            links: vec![[0.0; 4]; a.pairs.columns.len()],
            inverse: vec![[0.0; 4]; n],
            excess: vec![[0.0; 4]; n],
            step: vec![[0.0; 2]; n],
            back: vec![[0.0; 2]; n],
            pairs: a.pairs.clone(),
        };
        out.factor(a);
        out
    }

    /// Factors a matrix of the same pattern.
    pub(super) fn factor(&mut self, a: &PairMatrix) {
        let links = &mut self.links;
        parallel::fill(links, |k| a.links()[k].map(|v| v as f32));
        pivots::find(a, links, &mut self.inverse, &mut self.excess);
    }

    pub(super) fn pairs(&self) -> &Pairs {
        &self.pairs
    }

    /// Bytes held by the arrays, those of the pattern included.
    pub(super) fn memory_bytes(&self) -> usize {
        16 * self.links.len() + 96 * self.step.len() + self.pairs.memory_bytes()
    }

    /// True if every factor is a finite number.
    pub(super) fn is_finite(&self) -> bool {
        self.inverse.iter().flatten().all(|x| x.is_finite()) && self.links.iter().flatten().all(|x| x.is_finite())
    }

    /// `x = M⁻¹ b`.
    pub(super) fn smooth_zero(&mut self, b: &[f64], x: &mut [f64]) {
        let (b, x) = (b.as_chunks().0, x.as_chunks_mut().0);
        self.sweep(
            x,
            |this, part| this.forward_from_zero(b, part),
            |this, part| this.backward_from_zero(part),
        );
    }

    /// `out = b - A x` after [`Self::smooth_zero`].
    pub(super) fn residual_after_zero(&self, x: &[f64], out: &mut [f64]) {
        let x = x.as_chunks::<2>().0;
        parallel::fill(out.as_chunks_mut().0, |p| {
            let s = self.product(self.pairs.below(p), 0, &self.back);
            let e = multiply(&self.excess[p], x[p]);
            [s[0] - e[0], s[1] - e[1]]
        });
    }

    /// `x += M⁻¹ (b - A x)`.
    pub(super) fn smooth(&mut self, b: &[f64], x: &mut [f64]) {
        let (b, x) = (b.as_chunks().0, x.as_chunks_mut().0);
        self.sweep(x, |this, part| this.forward(b, part), |this, part| this.backward(part));
    }

    /// `out = A x` after [`Self::smooth`] with the same `b`.
    pub(super) fn product_after(&self, b: &[f64], out: &mut [f64]) {
        let b = b.as_chunks::<2>().0;
        parallel::fill(out.as_chunks_mut().0, |p| {
            let s = self.product(self.pairs.below(p), 0, &self.back);
            let e = multiply(&self.excess[p], self.step[p]);
            [b[p][0] - s[0] + e[0], b[p][1] - s[1] + e[1]]
        });
    }

    /// `forward` on the pieces, then on the late rows; `backward` the other way round.
    fn sweep(&mut self, x: &mut [Pair], forward: impl Fn(&Self, Part) + Sync, backward: impl Fn(&Self, Part) + Sync) {
        let (mut step, mut back) = (std::mem::take(&mut self.step), std::mem::take(&mut self.back));
        let late = self.pairs.late();
        self.on_pieces(x, &mut step, &mut back, &forward);
        if !late.is_empty() {
            forward(self, Part::whole(late.clone(), x, &mut step, &mut back));
            backward(self, Part::whole(late, x, &mut step, &mut back));
        }
        self.on_pieces(x, &mut step, &mut back, &backward);
        (self.step, self.back) = (step, back);
    }

    fn on_pieces(&self, x: &mut [Pair], step: &mut [Pair], back: &mut [Pair], f: impl Fn(&Self, Part) + Sync) {
        let first_late = self.pairs.late().start;
        let (mut x, late_x) = x.split_at_mut(first_late);
        let (mut step, late_step) = step.split_at_mut(first_late);
        let mut back = &mut back[..first_late];
        let late = Late {
            first: first_late,
            x: late_x,
            step: late_step,
        };
        let mut parts = Vec::with_capacity(self.pairs.pieces.len());
        for rows in &self.pairs.pieces {
            let (part_x, part_step, part_back);
            (part_x, x) = x.split_at_mut(rows.len());
            (part_step, step) = step.split_at_mut(rows.len());
            (part_back, back) = back.split_at_mut(rows.len());
            parts.push(Part {
                first: rows.start,
                rows: rows.clone(),
                x: part_x,
                step: part_step,
                back: part_back,
                late,
            });
        }
        if parts.len() > 1 && rayon::current_num_threads() > 1 {
            parts.into_par_iter().for_each(|part| f(self, part));
        } else {
            parts.into_iter().for_each(|part| f(self, part));
        }
    }

    fn forward_from_zero(&self, b: &[Pair], part: Part) {
        for p in part.rows {
            let s = self.product(self.pairs.below(p), part.first, part.x);
            part.x[p - part.first] = multiply(&self.inverse[p], [b[p][0] - s[0], b[p][1] - s[1]]);
        }
    }

    fn backward_from_zero(&self, part: Part) {
        for p in part.rows.rev() {
            let s = self.product_above(p, part.first, part.x, part.late.first, part.late.x);
            let d = multiply(&self.inverse[p], s);
            let at = p - part.first;
            part.back[at] = d;
            part.x[at] = [part.x[at][0] - d[0], part.x[at][1] - d[1]];
        }
    }

    fn forward(&self, b: &[Pair], part: Part) {
        for p in part.rows {
            let at = p - part.first;
            let x = part.x[at];
            let above = self.product_above(p, part.first, part.x, part.late.first, part.late.x);
            let e = multiply(&self.excess[p], x);
            let s = self.product(self.pairs.below(p), part.first, part.x);
            let rest = std::array::from_fn(|k| b[p][k] - above[k] - e[k] - s[k]);
            let w = multiply(&self.inverse[p], rest);
            part.step[at] = [w[0] - x[0], w[1] - x[1]];
            part.x[at] = w;
        }
    }

    fn backward(&self, part: Part) {
        for p in part.rows.rev() {
            let s = self.product_above(p, part.first, part.step, part.late.first, part.late.step);
            let d = multiply(&self.inverse[p], s);
            let at = p - part.first;
            part.back[at] = d;
            part.step[at] = [part.step[at][0] - d[0], part.step[at][1] - d[1]];
            part.x[at] = [part.x[at][0] - d[0], part.x[at][1] - d[1]];
        }
    }

    /// Product of some blocks of a row with `x`, whose first pair is `first`. The last block comes last: in a sweep it waits for the
    /// row before.
    #[inline(always)]
    fn product(&self, blocks: Range<usize>, first: usize, x: &[Pair]) -> Pair {
        let mut sum = [0.0; 4];
        for (a, q) in self.links[blocks.clone()].iter().zip(&self.pairs.columns[blocks]) {
            accumulate(&mut sum, a, &x[*q as usize - first]);
        }
        [sum[0] + sum[1], sum[2] + sum[3]]
    }

    /// Product of the blocks above the diagonal, from the last to the first.
    #[inline(always)]
    fn product_above(&self, p: usize, first: usize, x: &[Pair], first_late: usize, late: &[Pair]) -> Pair {
        let (Range { start: above, end }, border) = (self.pairs.above(p), self.pairs.border(p));
        let mut sum = [0.0; 4];
        for (a, q) in self.links[border..end].iter().zip(&self.pairs.columns[border..end]) {
            accumulate(&mut sum, a, &late[*q as usize - first_late]);
        }
        for (a, q) in self.links[above..border].iter().zip(&self.pairs.columns[above..border]).rev() {
            accumulate(&mut sum, a, &x[*q as usize - first]);
        }
        [sum[0] + sum[1], sum[2] + sum[3]]
    }
}

/// What a sweep over some rows may change, and the late unknowns beside it.
struct Part<'a> {
    rows: Range<usize>,
    /// Pair that the vectors start with.
    first: usize,
    x: &'a mut [Pair],
    step: &'a mut [Pair],
    back: &'a mut [Pair],
    late: Late<'a>,
}

impl<'a> Part<'a> {
    /// Rows that may see everything.
    fn whole(rows: Range<usize>, x: &'a mut [Pair], step: &'a mut [Pair], back: &'a mut [Pair]) -> Self {
        let late = Late {
            first: 0,
            x: &[],
            step: &[],
        };
        Self {
            rows,
            first: 0,
            x,
            step,
            back,
            late,
        }
    }
}

#[derive(Clone, Copy)]
struct Late<'a> {
    first: usize,
    x: &'a [Pair],
    step: &'a [Pair],
}

#[inline(always)]
fn accumulate(sum: &mut Square, a: &Link, x: &Pair) {
    (0..4).for_each(|k| sum[k] += f64::from(a[k]) * x[k % 2]);
}

#[inline(always)]
fn multiply(a: &Square, x: Pair) -> Pair {
    [a[0] * x[0] + a[1] * x[1], a[2] * x[0] + a[3] * x[1]]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::csr::Csr;
    use super::super::pairing::Pairing;
    use super::*;

    /// A chain of conductances, with metals that touch every unknown of it.
    fn chain(n: usize, metals: &[usize]) -> Csr {
        let ordinary: Vec<usize> = (0..n).filter(|i| !metals.contains(i)).collect();
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

    fn blocks(a: &Csr, pieces: usize) -> PairMatrix {
        let mut blocks = PairMatrix::paired(a, &vec![0; a.n_rows()], Pairing::in_pieces(a, pieces));
        blocks.fill(a, &vec![1.0; a.n_rows()]);
        blocks
    }

    /// A right-hand side and the vector that solves it, zero where there is no unknown.
    fn problem(a: &PairMatrix) -> (Vec<f64>, Vec<f64>) {
        let mut exact = vec![0.0; a.pairs.n_places()];
        for place in &a.pairs.place {
            exact[*place as usize] = 1.0 + f64::from(*place % 7);
        }
        let mut b = exact.clone();
        a.multiply(&exact, &mut b);
        (b, exact)
    }

    fn largest_error(x: &[f64], exact: &[f64]) -> f64 {
        x.iter().zip(exact).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
    }

    /// Largest error after so many sweeps, corrected with true residuals.
    fn error_after(a: &Csr, pieces: usize, sweeps: usize) -> f64 {
        let a = blocks(a, pieces);
        let (b, exact) = problem(&a);
        let mut smoother = Smoother::new(&a);
        let (mut x, mut r, mut z) = (vec![0.0; b.len()], b.clone(), vec![0.0; b.len()]);
        for _ in 0..sweeps {
            a.residual(&b, &x, &mut r);
            smoother.smooth_zero(&r, &mut z);
            x.iter_mut().zip(&z).for_each(|(x, z)| *x += z);
        }
        largest_error(&x, &exact)
    }

    #[test]
    fn one_piece_is_exact_without_fill() {
        // Rounded to single precision, so that each sweep gains six digits or more.
        let a = chain(400, &[]);
        assert!(error_after(&a, 1, 1) < 1e-5);
        assert!(error_after(&a, 1, 2) < 1e-11);
    }

    #[test]
    fn sweeps_converge_with_late_and_long_rows() {
        assert!(error_after(&chain(401, &[]), 4, 3000) < 1e-9);
        for pieces in [1, 3] {
            for metals in [&[0][..], &[137], &[399], &[0, 250]] {
                let error = error_after(&chain(400, metals), pieces, 3000);
                assert!(error < 1e-9, "{pieces} {metals:?}: {error:.1e}");
            }
        }
    }

    #[test]
    fn residuals_and_products_are_those_of_the_matrix() {
        for pieces in [1, 3] {
            let a = blocks(&chain(400, &[7]), pieces);
            let (b, exact) = problem(&a);
            let mut smoother = Smoother::new(&a);
            let (mut x, mut r, mut found) = (vec![0.0; b.len()], vec![0.0; b.len()], vec![0.0; b.len()]);
            smoother.smooth_zero(&b, &mut x);
            smoother.residual_after_zero(&x, &mut found);
            a.residual(&b, &x, &mut r);
            let size = b.iter().fold(0.0_f64, |m, b| m.max(b.abs()));
            assert!(largest_error(&found, &r) < 1e-6 * size);
            // Anything but the solution, so that there is something left to do.
            x.iter_mut().zip(&exact).for_each(|(x, e)| *x += 0.3 * e);
            smoother.smooth(&b, &mut x);
            smoother.product_after(&b, &mut found);
            a.multiply(&x, &mut r);
            assert!(largest_error(&found, &r) < 1e-6 * size);
        }
    }

    #[test]
    fn rounding_leaves_sums_of_rows_alone() {
        // Links of 10¹⁰ behind a hold of 1: what rounding takes from a link is far more than the hold.
        let n = 200;
        let mut a = Csr::square(n, (1..n).flat_map(|i| [(i, i - 1), (i - 1, i)]));
        for i in 1..n {
            let g = 1e10 / (2.0 + (i % 3) as f64);
            for (row, column, value) in [(i, i - 1, -g), (i - 1, i, -g), (i, i, g), (i - 1, i - 1, g)] {
                let slot = a.slot(row, column).unwrap();
                a.values[slot] += value;
            }
        }
        let slot = a.slot(0, 0).unwrap();
        a.values[slot] += 1.0;
        let a = blocks(&a, 1);
        let mut smoother = Smoother::new(&a);
        let (mut b, mut x) = (vec![0.0; n], vec![0.0; n]);
        b[n - 1] = 1.0;
        smoother.smooth_zero(&b, &mut x);
        // One ampere leaves through the hold of one siemens.
        assert!(x.iter().all(|x| (x - 1.0).abs() < 1e-3), "{:?}", &x[..4]);
    }
}
