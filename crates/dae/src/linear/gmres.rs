//! Restarted GMRES with right preconditioning and residuals measured in row weights.

use super::csr::Csr;
use super::parallel;

/// How a run of GMRES ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outcome {
    /// Applications of the preconditioner within the Krylov space.
    pub(super) iterations: usize,
    /// Weighted norm of the true residual of the returned vector, relative to the right-hand side.
    pub(super) residual: f64,
}

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) tolerance: f64,
    pub(super) max_iterations: usize,
    pub(super) restart: usize,
}

/// Krylov basis and small arrays, kept between solutions; basis vectors are made as they are needed.
///
/// # Equation
/// Minimises `‖W (b - A x)‖₂` over `x ∈ x₀ + M⁻¹ K_m(A M⁻¹, r₀)` with diagonal weights `W`. The preconditioned vectors are kept: the
/// solution is a combination of them, and `M⁻¹` is applied once an iteration and no more. Orthogonalisation is classical
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
    /// Orthonormal vectors in weighted residuals.
    basis: Vec<Vec<f64>>,
    /// What the preconditioner makes of each of them.
    directions: Vec<Vec<f64>>,
    spare: Vec<Vec<f64>>,
    /// Upper triangular columns of the rotated Hessenberg matrix.
    columns: Vec<Vec<f64>>,
    rotations: Vec<(f64, f64)>,
    /// Rotated right-hand side of the least-squares problem.
    g: Vec<f64>,
    t: Vec<f64>,
}

impl Gmres {
    /// Bytes held by the vectors.
    pub(super) fn memory_bytes(&self) -> usize {
        let vectors = self.basis.iter().chain(&self.directions).chain(&self.spare);
        8 * (vectors.map(Vec::len).sum::<usize>() + self.t.len())
    }

    /// Improves `x` until the weighted residual is below `tolerance` times that of `x = 0`, or it makes no more progress.
    pub(super) fn solve(
        &mut self,
        a: &Csr,
        precondition: &mut dyn FnMut(&[f64], &mut [f64]),
        weights: &[f64],
        b: &[f64],
        x: &mut [f64],
        limits: Limits,
    ) -> Outcome {
        let n = b.len();
        self.t.resize(n, 0.0);
        let scale = {
            parallel::fill(&mut self.t, |i| weights[i] * b[i]);
            parallel::norm(&self.t)
        };
        if scale == 0.0 {
            x.fill(0.0);
            return Outcome {
                iterations: 0,
                residual: 0.0,
            };
        }
        let mut iterations = 0;
        let mut last = f64::INFINITY;
        loop {
            let start = self.true_residual(a, weights, b, x);
            let residual = start / scale;
            // A cycle that does not halve the residual has met its floor, or will never arrive.
            let stalled = residual > 0.5 * last || !residual.is_finite();
            if residual <= limits.tolerance || stalled || iterations >= limits.max_iterations {
                return Outcome { iterations, residual };
            }
            last = residual;
            let room = limits.restart.min(limits.max_iterations - iterations);
            iterations += self.expand(a, precondition, weights, room, limits.tolerance * scale);
            self.update(x);
        }
    }

    /// Starts a new basis with the residual of `x` and returns its weighted norm.
    fn true_residual(&mut self, a: &Csr, weights: &[f64], b: &[f64], x: &[f64]) -> f64 {
        self.spare.append(&mut self.basis);
        self.spare.append(&mut self.directions);
        self.columns.clear();
        self.rotations.clear();
        self.g.clear();
        let mut v = self.new_vector(b.len());
        parallel::fill(&mut v, |i| weights[i] * (b[i] - a.row_product(i, x)));
        let norm = parallel::norm(&v);
        scale_by(&mut v, 1.0 / norm);
        self.basis.push(v);
        self.g.push(norm);
        norm
    }

    fn new_vector(&mut self, n: usize) -> Vec<f64> {
        let mut v = self.spare.pop().unwrap_or_default();
        v.resize(n, 0.0);
        v
    }

    /// Adds up to `room` vectors until the estimated residual is at most `target`; returns how many.
    fn expand(&mut self, a: &Csr, precondition: &mut dyn FnMut(&[f64], &mut [f64]), weights: &[f64], room: usize, target: f64) -> usize {
        let (mut h, mut again) = (Vec::new(), Vec::new());
        for k in 0..room {
            let (mut w, mut z) = (self.new_vector(weights.len()), self.new_vector(weights.len()));
            let v = &self.basis[k];
            parallel::fill(&mut self.t, |i| v[i] / weights[i]);
            precondition(&self.t, &mut z);
            parallel::fill(&mut w, |i| weights[i] * a.row_product(i, &z));
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
                return k;
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
                return k + 1;
            }
        }
        room
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
