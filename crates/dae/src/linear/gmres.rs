//! Restarted GMRES with right preconditioning.

use super::balances::Balances;
use super::pair_matrix::PairMatrix;
use super::parallel;

/// How a run of GMRES ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outcome {
    /// Applications of the preconditioner within the Krylov space.
    pub(super) iterations: usize,
    /// Norm of the true residual of the returned vector, relative to the right-hand side.
    pub(super) residual: f64,
}

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) tolerance: f64,
    pub(super) max_iterations: usize,
    pub(super) restart: usize,
}

/// Sets `z = M⁻¹ v` and `w = A z` for `(v, z, w, exact)`; if not `exact`, the product may be that of a rounded matrix.
pub(super) type Precondition<'a> = &'a mut dyn FnMut(&[f64], &mut [f64], &mut [f64], bool);

/// Krylov basis and small arrays, kept between solutions; basis vectors are made as they are needed.
///
/// # Equation
/// Minimises `‖b - A x‖₂` over `x ∈ x₀ + M⁻¹ K_m(A M⁻¹, r₀)`. The preconditioned vectors are kept: the
/// solution is a combination of them, and `M⁻¹` is applied once an iteration and no more. Products may come from a rounded matrix, since
/// the residual a cycle starts and ends with is a true one; where rounding leads astray (links of conductances far above those that
/// hold them), the next cycle and all later solutions take exact products. Orthogonalisation is classical
/// Gram-Schmidt, repeated if the vector has lost more than half its length; all scalar products of a pass are taken together in fixed
/// chunks.
///
/// # Source
/// Saad, Schultz, SIAM J. Sci. Stat. Comput. 7 (1986) 856; repeated Gram-Schmidt after Daniel, Gragg, Kaufman, Stewart, Math.
/// Comput. 30 (1976) 772; the kept vectors as in Saad, SIAM J. Sci. Comput. 14 (1993) 461.
///
/// # Verification
/// `tests/krylov.rs` against sparse LU.
#[derive(Debug, Default)]
pub(super) struct Gmres {
    /// Orthonormal vectors.
    basis: Vec<Vec<f64>>,
    /// What the preconditioner makes of each of them.
    directions: Vec<Vec<f64>>,
    spare: Vec<Vec<f64>>,
    /// Upper triangular columns of the rotated Hessenberg matrix.
    columns: Vec<Vec<f64>>,
    rotations: Vec<(f64, f64)>,
    /// Rotated right-hand side of the least-squares problem.
    g: Vec<f64>,
    /// True once products with a rounded matrix have misled the iteration.
    exact: bool,
}

impl Gmres {
    /// Bytes held by the vectors.
    pub(super) fn memory_bytes(&self) -> usize {
        let vectors = self.basis.iter().chain(&self.directions).chain(&self.spare);
        8 * vectors.map(Vec::len).sum::<usize>()
    }

    /// Improves `x` until the residual is below `tolerance` times that of `x = 0`, or it makes no more progress.
    pub(super) fn solve(
        &mut self,
        a: &PairMatrix,
        balances: &mut Balances,
        precondition: Precondition<'_>,
        b: &[f64],
        x: &mut [f64],
        limits: Limits,
    ) -> Outcome {
        let scale = parallel::norm(b);
        if scale == 0.0 {
            x.fill(0.0);
            return Outcome {
                iterations: 0,
                residual: 0.0,
            };
        }
        let mut iterations = 0;
        let (mut last, mut arrived) = (f64::INFINITY, false);
        let target = limits.tolerance * scale;
        // How many times below the target the next cycle is to end.
        let mut margin = 1.0;
        loop {
            let closing = (iterations > 0).then_some((&mut *balances, target));
            let (start, wanted) = self.true_residual(a, closing, b, x);
            let residual = start / scale;
            // A second time, balances are left as they are.
            let closed = wanted <= margin;
            // A cycle that does not halve the residual has met its floor, or will never arrive.
            let misled = arrived && !self.exact && residual.is_finite();
            let stalled = residual > 0.5 * last && !misled || !residual.is_finite();
            let within = residual <= limits.tolerance;
            if within && (closed || margin > 1.0) || stalled && !within || iterations >= limits.max_iterations {
                return Outcome { iterations, residual };
            }
            self.exact |= misled && !within;
            margin = if within { wanted } else { 1.0 };
            last = residual;
            let room = limits.restart.min(limits.max_iterations - iterations);
            let made;
            (made, arrived) = self.expand(precondition, room, target / margin);
            iterations += made;
            self.update(x);
        }
    }

    /// Closes the balances of `x` if that leaves a residual of some target, and starts a new basis with its residual. Returns the norm of
    /// that, and how many times below the target it has to be for balances to be closed.
    fn true_residual(&mut self, a: &PairMatrix, closing: Option<(&mut Balances, f64)>, b: &[f64], x: &mut [f64]) -> (f64, f64) {
        self.spare.append(&mut self.basis);
        self.spare.append(&mut self.directions);
        self.columns.clear();
        self.rotations.clear();
        self.g.clear();
        let mut v = self.new_vector(b.len());
        match x.iter().all(|x| *x == 0.0) {
            true => v.copy_from_slice(b),
            false => a.residual(b, x, &mut v),
        }
        let (norm, wanted) = match closing {
            Some((balances, target)) => balances.close(&mut v, x, target),
            None => (parallel::norm(&v), 1.0),
        };
        scale_by(&mut v, 1.0 / norm);
        self.basis.push(v);
        self.g.push(norm);
        (norm, wanted)
    }

    fn new_vector(&mut self, n: usize) -> Vec<f64> {
        let mut v = self.spare.pop().unwrap_or_default();
        v.resize(n, 0.0);
        v
    }

    /// Adds up to `room` vectors until the estimated residual is at most `target`; returns how many, and whether it is.
    fn expand(&mut self, precondition: Precondition<'_>, room: usize, target: f64) -> (usize, bool) {
        let (mut h, mut again) = (Vec::new(), Vec::new());
        for k in 0..room {
            let n = self.basis[k].len();
            let (mut w, mut z) = (self.new_vector(n), self.new_vector(n));
            precondition(&self.basis[k], &mut z, &mut w, self.exact);
            parallel::products(&self.basis, &w, &mut h);
            let before = h.pop().unwrap_or_default().sqrt();
            h.iter_mut().for_each(|h| *h = -*h);
            parallel::add_combination(&self.basis, &h, &mut w);
            h.iter_mut().for_each(|h| *h = -*h);
            let mut length = parallel::norm(&w);
            if length < 0.5 * before {
                parallel::products(&self.basis, &w, &mut again);
                again.pop();
                for (h, c) in h.iter_mut().zip(&mut again) {
                    *h += *c;
                    *c = -*c;
                }
                parallel::add_combination(&self.basis, &again, &mut w);
                length = parallel::norm(&w);
            }
            if !length.is_finite() {
                self.spare.extend([w, z]);
                return (k, false);
            }
            self.directions.push(z);
            let estimate = self.rotate(&h, length);
            // A vector that vanishes up to rounding closes the Krylov space.
            let closed = length <= 1e-14 * before;
            if !closed {
                scale_by(&mut w, 1.0 / length);
                self.basis.push(w);
            } else {
                self.spare.push(w);
            }
            if estimate <= target || closed {
                return (k + 1, true);
            }
        }
        (room, false)
    }

    /// Brings a new Hessenberg column to triangular form and returns the estimated residual.
    fn rotate(&mut self, h: &[f64], below: f64) -> f64 {
        let mut column = h.to_vec();
        for (i, (c, s)) in self.rotations.iter().enumerate() {
            let (upper, lower) = (column[i], column[i + 1]);
            column[i] = c * upper + s * lower;
            column[i + 1] = c * lower - s * upper;
        }
        let k = column.len() - 1;
        let length = column[k].hypot(below);
        let (c, s) = if length > 0.0 {
            (column[k] / length, below / length)
        } else {
            (1.0, 0.0)
        };
        column[k] = length;
        let last = self.g[k];
        self.g[k] = c * last;
        self.g.push(-s * last);
        self.rotations.push((c, s));
        self.columns.push(column);
        (s * last).abs()
    }

    /// Adds the best combination of the directions to `x`.
    fn update(&self, x: &mut [f64]) {
        let m = self.columns.len();
        let mut y = self.g[..m].to_vec();
        for k in (0..m).rev() {
            let pivot = self.columns[k][k];
            y[k] = if pivot == 0.0 { 0.0 } else { y[k] / pivot };
            let known = y[k];
            for (y, h) in y[..k].iter_mut().zip(&self.columns[k]) {
                *y -= h * known;
            }
        }
        parallel::add_combination(&self.directions, &y, x);
    }
}

fn scale_by(v: &mut [f64], factor: f64) {
    parallel::by_chunks(v, |_, v| v.iter_mut().for_each(|v| *v *= factor));
}
