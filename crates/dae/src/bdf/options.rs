//! Options of the integrator: meaning, default and effect of each.

use crate::error::{DaeError, Misuse};
use crate::tolerance::Tolerance;

/// When the Jacobian is assembled and factored anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum JacobianPolicy {
    /// At the first iteration of every step, and again within a step if convergence is slow. Best when a factorisation costs no
    /// more than a few residuals (one-dimensional models).
    #[default]
    EveryStep,
    /// Only after a step that took more than two iterations, or when the leading coefficient has drifted by more than 40 %; corrections
    /// are scaled by `2 / (1 + cj/cj_factored)` meanwhile. For expensive factorisations (two- and three-dimensional models).
    WhenNeeded,
}

/// How a stop time is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum StopMode {
    /// Step over the stop time and interpolate back to it: the step size is not disturbed.
    #[default]
    Interpolate,
    /// Shorten the last step so that it ends exactly at the stop time: the equations are never evaluated beyond it. Use it when
    /// an input jumps there.
    Hard,
}

/// Constants of the Newton iteration inside a step.
#[derive(Clone, Debug, PartialEq)]
pub struct NewtonOptions {
    /// Accept when the estimated remaining error `rate/(1-rate) |δ|` is below this fraction of the tolerance.
    /// Default 0.01. IDA's 0.33 is faster per step but lets Newton noise into quantities the error test does not see.
    pub tolerance: f64,
    /// Iterations per attempt before the step is cut. Default 6. Never accepts after fewer than two, unless the first correction
    /// is at roundoff level.
    pub max_iterations: usize,
    /// Refactor at the next iteration if the convergence rate exceeds this. Default 0.2.
    pub refactor_rate: f64,
    /// Give up the attempt if the rate exceeds this with a fresh Jacobian. Default 0.9.
    pub diverging_rate: f64,
}

impl Default for NewtonOptions {
    fn default() -> Self {
        Self {
            tolerance: 0.01,
            max_iterations: 6,
            refactor_rate: 0.2,
            diverging_rate: 0.9,
        }
    }
}

/// Options of [`crate::Bdf`].
#[derive(Clone, Debug, PartialEq)]
pub struct BdfOptions {
    /// Accuracy of the local error and unit of the Newton corrections. Default `rtol = 1e-4`, `atol = 1e-6`. The global error is
    /// usually a few times larger.
    pub tolerance: Tolerance,
    /// Highest order, 1 to 5. Default 5. Lower it for problems with eigenvalues near the imaginary axis.
    pub max_order: usize,
    /// First step. Default `None`: `0.5 / |y'|` in the error norm, at most a thousandth of the way to the stop time.
    pub h_init: Option<f64>,
    /// Largest step. Default infinite. Limit it if short features of an input could be stepped over.
    pub h_max: f64,
    /// Smallest step; a smaller one is the error [`DaeError::StepTooSmall`]. Default 0: the resolution of the time variable.
    pub h_min: f64,
    /// Steps allowed since the start or the last restart. Default 100 000; beyond it [`DaeError::TooManySteps`].
    pub max_steps: usize,
    /// Error-test or Newton failures allowed in one step. Default 12; beyond it [`DaeError::RepeatedFailure`].
    pub max_failures: usize,
    /// Constants of the Newton iteration.
    pub newton: NewtonOptions,
    /// When to factor the Jacobian. Default [`JacobianPolicy::EveryStep`].
    pub jacobian: JacobianPolicy,
    /// How a stop time is met. Default [`StopMode::Interpolate`].
    pub stop: StopMode,
    /// Width of the bracket an event is located in. Default `None`: a hundred roundoffs of the time and the step.
    pub event_tolerance: Option<f64>,
}

impl Default for BdfOptions {
    fn default() -> Self {
        Self {
            tolerance: Tolerance::default(),
            max_order: 5,
            h_init: None,
            h_max: f64::INFINITY,
            h_min: 0.0,
            max_steps: 100_000,
            max_failures: 12,
            newton: NewtonOptions::default(),
            jacobian: JacobianPolicy::default(),
            stop: StopMode::default(),
            event_tolerance: None,
        }
    }
}

impl BdfOptions {
    /// Default options with the given tolerances.
    pub fn with_tolerance(tolerance: Tolerance) -> Self {
        Self {
            tolerance,
            ..Self::default()
        }
    }

    /// Rejects values that make no sense for `n` unknowns.
    pub(crate) fn check(&self, n: usize) -> Result<(), DaeError> {
        use crate::tolerance::AbsoluteTolerance::{PerUnknown, Scalar};
        let fail = |name, value, allowed| Err(DaeError::Misuse(Misuse::Option { name, value, allowed }));
        let positive = |x: f64| x > 0.0;
        if !(self.tolerance.rtol >= 0.0 && self.tolerance.rtol < 1.0) {
            return fail("tolerance.rtol", self.tolerance.rtol, "from 0 to below 1");
        }
        match &self.tolerance.atol {
            Scalar(a) if !(*a >= 0.0 && a.is_finite()) => return fail("tolerance.atol", *a, "finite and not negative"),
            PerUnknown(a) if a.len() != n => {
                return Err(DaeError::Misuse(Misuse::Length {
                    found: a.len(),
                    expected: n,
                }));
            }
            PerUnknown(a) => {
                if let Some(bad) = a.iter().find(|a| !(**a >= 0.0 && a.is_finite())) {
                    return fail("tolerance.atol", *bad, "finite and not negative");
                }
            }
            Scalar(_) => {}
        }
        if !(1..=5).contains(&self.max_order) {
            return fail("max_order", self.max_order as f64, "1 to 5");
        }
        if let Some(h) = self.h_init.filter(|h| !(positive(*h) && h.is_finite())) {
            return fail("h_init", h, "positive");
        }
        if !positive(self.h_max) {
            return fail("h_max", self.h_max, "positive");
        }
        if !(self.h_min >= 0.0 && self.h_min <= self.h_max) {
            return fail("h_min", self.h_min, "from 0 to h_max");
        }
        if self.newton.max_iterations < 2 {
            return fail("newton.max_iterations", self.newton.max_iterations as f64, "at least 2");
        }
        if !positive(self.newton.tolerance) {
            return fail("newton.tolerance", self.newton.tolerance, "positive");
        }
        Ok(())
    }
}
