//! The interface between a set of equations F(t, y, y') = 0 and everything that solves it.

use crate::error::Unusable;
use crate::tolerance::Tolerance;

/// Which sign changes of a root function count as an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Crossing {
    /// Both directions.
    #[default]
    Any,
    /// From negative to positive only.
    Rising,
    /// From positive to negative only.
    Falling,
}

/// A differential-algebraic system of index one.
///
/// # Equation
/// `F(t, y, y') = 0`. Unknowns whose derivative appears in `F` are *differential*, the others are *algebraic*. Index one means
/// that `∂F/∂y + cj ∂F/∂y'` is regular for every large `cj`.
///
/// The system owns its Jacobian: it assembles, factors and solves in whatever form suits it (block-tridiagonal, condensed,
/// sparse). See [`crate::linear`] for ready back ends.
pub trait System {
    /// Number of unknowns, equal to the number of equations.
    fn len(&self) -> usize;

    /// True for a system without unknowns.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One flag per unknown: does its time derivative appear in F?
    fn differential(&self) -> &[bool];

    /// Residual `r = F(t, y, y')`.
    ///
    /// # Errors
    /// [`Unusable`] if the state lies outside the domain of the equations; the integrator then cuts the step.
    fn residual(&mut self, t: f64, y: &[f64], yp: &[f64], r: &mut [f64]) -> Result<(), Unusable>;

    /// Assembles and factors `J = ∂F/∂y + cj ∂F/∂y'` at `(t, y, y')`.
    ///
    /// # Errors
    /// [`Unusable`] if the state is outside the domain or the matrix is singular.
    fn factor(&mut self, t: f64, y: &[f64], yp: &[f64], cj: f64) -> Result<(), Unusable>;

    /// Residual and factorisation at the same point; override it when they share work.
    ///
    /// # Errors
    /// As [`System::residual`] and [`System::factor`].
    fn residual_and_factor(&mut self, t: f64, y: &[f64], yp: &[f64], cj: f64, r: &mut [f64]) -> Result<(), Unusable> {
        self.residual(t, y, yp, r)?;
        self.factor(t, y, yp, cj)
    }

    /// Replaces `r` by `J⁻¹ r` with the last factorisation.
    fn solve(&mut self, r: &mut [f64]);

    /// As [`System::solve`], for a later correction of a Newton iteration whose first one came from there: an iterative method may leave
    /// as much of the residual as it left of the first one. Default: the same.
    fn solve_again(&mut self, r: &mut [f64]) {
        self.solve(r);
    }

    /// Size of a Newton correction `v`; one means "as large as the tolerance".
    ///
    /// Default: weighted root mean square over all unknowns.
    fn correction_norm(&self, tol: &Tolerance, y: &[f64], v: &[f64]) -> f64 {
        tol.norm(y, v)
    }

    /// Size of a local error `v`; a step is accepted if it is at most one.
    ///
    /// Default: weighted root mean square over the differential unknowns. Override it to control quantities of interest, for
    /// example a cell voltage.
    fn error_norm(&self, tol: &Tolerance, y: &[f64], v: &[f64]) -> f64 {
        tol.masked_norm(self.differential(), y, v)
    }

    /// Error norms of the partial sums `e`, `e + c₁ r₁`, `e + c₁ r₁ + c₂ r₂`, … for `terms = [(c₁, r₁), …]`.
    ///
    /// The integrator asks for them once a step to choose its order. The default forms each sum in `scratch` and calls
    /// [`System::error_norm`]; override it to do all sums in one pass. `out` has one more entry than `terms`.
    fn error_norms(&self, tol: &Tolerance, y: &[f64], e: &[f64], terms: &[(f64, &[f64])], scratch: &mut [f64], out: &mut [f64]) {
        out[0] = self.error_norm(tol, y, e);
        for (k, (c, row)) in terms.iter().enumerate() {
            if k == 0 {
                for ((s, e), r) in scratch.iter_mut().zip(e).zip(*row) {
                    *s = e + c * r;
                }
            } else {
                for (s, r) in scratch.iter_mut().zip(*row) {
                    *s += c * r;
                }
            }
            out[k + 1] = self.error_norm(tol, y, scratch);
        }
    }

    /// Unknown that dominates `v`; names the culprit in error messages. Default: largest weighted entry.
    fn worst_unknown(&self, tol: &Tolerance, y: &[f64], v: &[f64]) -> usize {
        tol.worst(y, v)
    }

    /// Number of root functions.
    fn n_events(&self) -> usize {
        0
    }

    /// Values of the root functions; an event is a change of sign.
    fn events(&mut self, _t: f64, _y: &[f64], _yp: &[f64], _g: &mut [f64]) {}

    /// Direction in which root function `index` must cross zero to count. Default: any.
    fn crossing(&self, _index: usize) -> Crossing {
        Crossing::Any
    }

    /// Changes a Newton correction `dy` (to be added to `y`) so that `y + λ dy` stays sensible, and returns the damping factor
    /// `λ` in (0, 1]. Used by initialisation and steady state, not by time steps; in an initialisation only the entries of algebraic
    /// unknowns reach `y`. Default: full step.
    fn limit_correction(&self, _y: &[f64], _dy: &mut [f64]) -> f64 {
        1.0
    }
}
