//! Steady state: F(t, y, 0) = 0 by damped Newton, or by following the transient with growing steps.

use crate::error::{DaeError, Misuse, StepFailure};
use crate::system::System;
use crate::tolerance::Tolerance;

/// Options of [`steady_state`].
#[derive(Clone, Debug, PartialEq)]
pub struct SteadyOptions {
    /// Unit of the corrections. Default as for the integrator.
    pub tolerance: Tolerance,
    /// Converged when the weighted correction is below this. Default 1e-3.
    pub convergence: f64,
    /// Iterations of each of the two methods. Default 200.
    pub max_iterations: usize,
    /// Try Newton first. Default true. Set it to false if the Newton matrix is singular for a known reason, for example a
    /// conserved amount, or if another steady state might be found by mistake.
    pub newton_first: bool,
    /// The transient counts as finished when its step exceeds this time in seconds and nothing moves any more. Default 1e8:
    /// it must exceed the slowest time constant; far larger values let rounding errors drift along conserved amounts.
    pub longest_time: f64,
}

impl Default for SteadyOptions {
    fn default() -> Self {
        Self {
            tolerance: Tolerance::default(),
            convergence: 1e-3,
            max_iterations: 200,
            newton_first: true,
            longest_time: 1e8,
        }
    }
}

/// Finds `y` with `F(t, y, 0) = 0` from the guess in `y`; returns the number of iterations. On failure `y` is unchanged.
///
/// Damped Newton first; if it fails or its matrix is singular, pseudo-transient continuation: linearly implicit Euler steps
/// whose size follows the contraction of a second Newton correction. The latter keeps conserved amounts of the guess. Both may
/// end in an unstable steady state if the guess is close to one.
///
/// # Source
/// C. T. Kelley, D. E. Keyes, SIAM J. Numer. Anal. 35 (1998) 508, doi:10.1137/S0036142996304796; P. Deuflhard, Newton Methods for
/// Nonlinear Problems, Springer 2011, section 6.4.
///
/// # Verification
/// `tests/steady.rs`.
///
/// # Errors
/// [`DaeError::NewtonDiverged`] with the unknown that moved most in the last iteration, [`DaeError::Unusable`] if the guess itself
/// is outside the domain.
pub fn steady_state<S: System + ?Sized>(system: &mut S, t: f64, y: &mut [f64], options: &SteadyOptions) -> Result<usize, DaeError> {
    let n = system.len();
    if y.len() != n {
        return Err(DaeError::Misuse(Misuse::Length {
            found: y.len(),
            expected: n,
        }));
    }
    let mut search = Search {
        options,
        t,
        y: y.to_vec(),
        trial: y.to_vec(),
        yp: vec![0.0; n],
        delta: vec![0.0; n],
        residual: vec![0.0; n],
        iterations: 0,
    };
    system
        .residual(t, &search.y, &search.yp, &mut search.residual)
        .map_err(|cause| DaeError::Unusable { t, cause })?;
    let mut found = options.newton_first && search.newton(system).is_ok();
    if !found {
        search.y.copy_from_slice(y);
        search.yp.fill(0.0);
        found = search.transient(system).is_ok();
    }
    if found {
        y.copy_from_slice(&search.y);
        return Ok(search.iterations);
    }
    Err(DaeError::NewtonDiverged {
        t,
        iterations: search.iterations,
        worst_unknown: system.worst_unknown(&options.tolerance, &search.y, &search.delta),
        correction: system.correction_norm(&options.tolerance, &search.y, &search.delta),
    })
}

struct Search<'a> {
    options: &'a SteadyOptions,
    t: f64,
    y: Vec<f64>,
    trial: Vec<f64>,
    yp: Vec<f64>,
    delta: Vec<f64>,
    residual: Vec<f64>,
    iterations: usize,
}

impl Search<'_> {
    /// Newton correction of `F(t, y, 0)` with leading coefficient `cj`, into `delta`; returns its norm.
    fn correction<S: System + ?Sized>(&mut self, system: &mut S, cj: f64) -> Result<f64, StepFailure> {
        self.iterations += 1;
        self.yp.fill(0.0);
        system
            .residual_and_factor(self.t, &self.y, &self.yp, cj, &mut self.residual)
            .map_err(StepFailure::Unusable)?;
        for (d, r) in self.delta.iter_mut().zip(&self.residual) {
            *d = -r;
        }
        system.solve(&mut self.delta);
        let norm = system.correction_norm(&self.options.tolerance, &self.y, &self.delta);
        if norm.is_finite() { Ok(norm) } else { Err(StepFailure::Newton) }
    }

    fn take(&mut self, lambda: f64) {
        for ((trial, y), d) in self.trial.iter_mut().zip(&self.y).zip(&self.delta) {
            *trial = y + lambda * d;
        }
    }

    fn newton<S: System + ?Sized>(&mut self, system: &mut S) -> Result<(), StepFailure> {
        for _ in 0..self.options.max_iterations {
            let before = self.correction(system, 0.0)?;
            let mut lambda = system.limit_correction(&self.y, &mut self.delta);
            let converged = lambda == 1.0 && before < self.options.convergence;
            loop {
                self.take(lambda);
                let usable = system.residual(self.t, &self.trial, &self.yp, &mut self.residual).is_ok();
                if usable {
                    system.solve(&mut self.residual);
                    let after = system.correction_norm(&self.options.tolerance, &self.trial, &self.residual);
                    if after <= (1.0 - 2e-4 * lambda) * before || after < self.options.convergence {
                        break;
                    }
                }
                lambda *= 0.5;
                if lambda < 1e-8 {
                    return Err(StepFailure::Newton);
                }
            }
            std::mem::swap(&mut self.y, &mut self.trial);
            if converged {
                return Ok(());
            }
        }
        Err(StepFailure::Newton)
    }

    fn transient<S: System + ?Sized>(&mut self, system: &mut S) -> Result<(), StepFailure> {
        // The first step moves the state by some hundred tolerances.
        let probe = 1e6;
        let speed = self.correction(system, probe)? * probe;
        let mut step = if speed > 0.0 {
            (100.0 / speed).clamp(1e-12, self.options.longest_time)
        } else {
            1.0
        };
        for _ in 0..self.options.max_iterations {
            let cj = 1.0 / step;
            let norm = match self.correction(system, cj) {
                Ok(norm) => norm,
                Err(_) if step > 1e-12 => {
                    step *= 0.25;
                    continue;
                }
                Err(cause) => return Err(cause),
            };
            let lambda = system.limit_correction(&self.y, &mut self.delta);
            self.take(lambda);
            for (yp, d) in self.yp.iter_mut().zip(&self.delta) {
                *yp = cj * lambda * d;
            }
            let usable = system.residual(self.t, &self.trial, &self.yp, &mut self.residual).is_ok();
            let contraction = if !usable {
                f64::INFINITY
            } else if norm < self.options.convergence {
                0.0
            } else {
                system.solve(&mut self.residual);
                system.correction_norm(&self.options.tolerance, &self.trial, &self.residual) / norm
            };
            if contraction > 1.0 || contraction.is_nan() {
                step *= 0.25;
                if step < 1e-12 {
                    return Err(StepFailure::Newton);
                }
                continue;
            }
            std::mem::swap(&mut self.y, &mut self.trial);
            if norm < self.options.convergence && step >= self.options.longest_time {
                return Ok(());
            }
            step *= (0.25 / contraction.max(1e-3)).clamp(0.5, 10.0);
            step = step.min(1.000_1 * self.options.longest_time);
        }
        Err(StepFailure::Newton)
    }
}
