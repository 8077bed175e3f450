//! Consistent initial conditions: algebraic unknowns and derivatives for given differential unknowns.

use crate::error::{DaeError, Misuse, StepFailure};
use crate::system::System;
use crate::tolerance::Tolerance;

/// Options of [`consistent_initial_conditions`].
#[derive(Clone, Debug, PartialEq)]
pub struct InitialOptions {
    /// Unit of the corrections. Default as for the integrator.
    pub tolerance: Tolerance,
    /// Newton iterations per leading coefficient. Default 50.
    pub max_iterations: usize,
    /// The iteration stops when the weighted correction is below this; one more iteration polishes the result. Default 1e-3.
    pub convergence: f64,
    /// Leading coefficient of the Newton matrix, 1/s. It must exceed the fastest rate of the differential unknowns: the larger,
    /// the faster the convergence, until rounding spoils the algebraic part. Default 1e8; raised twice by a factor of 100 if
    /// the iteration fails.
    pub leading_coefficient: f64,
    /// Smallest damping factor of the line search. Default 1e-8.
    pub smallest_damping: f64,
}

impl Default for InitialOptions {
    fn default() -> Self {
        Self {
            tolerance: Tolerance::default(),
            max_iterations: 50,
            convergence: 1e-3,
            leading_coefficient: 1e8,
            smallest_damping: 1e-8,
        }
    }
}

/// Solves `F(t, y, y') = 0` for the algebraic part of `y` and the differential part of `y'`; differential unknowns stay fixed.
///
/// `y` and `yp` hold the guess on entry and the consistent state on return; on failure they are unchanged. Returns the number
/// of Newton iterations. Derivatives of algebraic unknowns are set to zero.
///
/// # Equation
/// `J δ = F` with `J = ∂F/∂y + cj ∂F/∂y'`; then `y_a -= λ δ_a` and `y'_d -= λ cj δ_d`. The line search lowers the weighted
/// norm of `J⁻¹F`. Convergence is quadratic up to the ratio of the fastest rate to `cj`.
///
/// # Source
/// P. N. Brown, A. C. Hindmarsh, L. R. Petzold, SIAM J. Sci. Comput. 19 (1998) 1495, doi:10.1137/S1064827595289996.
///
/// # Verification
/// `tests/accuracy.rs`, `tests/failures.rs`.
///
/// # Errors
/// [`DaeError::InitialConditions`] names the worst residual and the unknown with the largest correction.
pub fn consistent_initial_conditions<S: System + ?Sized>(
    system: &mut S,
    t: f64,
    y: &mut [f64],
    yp: &mut [f64],
    options: &InitialOptions,
) -> Result<usize, DaeError> {
    let n = system.len();
    for v in [&*y, &*yp] {
        if v.len() != n {
            return Err(DaeError::Misuse(Misuse::Length {
                found: v.len(),
                expected: n,
            }));
        }
    }
    let mut search = Search {
        differential: system.differential().to_vec(),
        options,
        cj: options.leading_coefficient,
        y: y.to_vec(),
        yp: yp.to_vec(),
        trial_y: y.to_vec(),
        trial_yp: yp.to_vec(),
        delta: vec![0.0; n],
        residual: vec![0.0; n],
        iterations: 0,
    };
    search.clear_algebraic_derivatives();
    let mut outcome = Err(StepFailure::Newton);
    for _ in 0..3 {
        outcome = search.run(system, t);
        if outcome.is_ok() {
            y.copy_from_slice(&search.y);
            yp.copy_from_slice(&search.yp);
            return Ok(search.iterations);
        }
        search.cj *= 100.0;
        search.y.copy_from_slice(y);
        search.yp.copy_from_slice(yp);
        search.clear_algebraic_derivatives();
    }
    Err(search.failure(system, t, outcome.err().unwrap_or(StepFailure::Newton)))
}

/// Two steps of backward Euler of size `h`: a consistent start where only combinations of unknowns are differential.
///
/// A capacitor between two algebraic potentials fixes their difference and leaves their sum free to jump, which no flag per unknown
/// can say. The first step takes the jump, the second gives the derivatives after it; `t` moves on by `2 h`. On failure `y` and `yp`
/// are unchanged.
///
/// # Equation
/// `F(t + h, y₁, (y₁ - y₀)/h) = 0`, then the same from `y₁` to `y₂`; `y = y₂`, `y' = (y₂ - y₁)/h`.
///
/// # Errors
/// [`DaeError::NewtonDiverged`] or [`DaeError::Unusable`].
pub fn settle<S: System + ?Sized>(
    system: &mut S,
    t: f64,
    y: &mut [f64],
    yp: &mut [f64],
    h: f64,
    options: &InitialOptions,
) -> Result<(), DaeError> {
    let mut from = y.to_vec();
    let mut to = y.to_vec();
    let mut slope = vec![0.0; y.len()];
    let mut r = vec![0.0; y.len()];
    for step in 1..=2 {
        let now = t + h * f64::from(step);
        let mut converged = false;
        let mut size = f64::INFINITY;
        for _ in 0..options.max_iterations {
            for ((s, a), b) in slope.iter_mut().zip(&to).zip(&from) {
                *s = (a - b) / h;
            }
            let assembled = system.residual_and_factor(now, &to, &slope, 1.0 / h, &mut r);
            assembled.map_err(|cause| DaeError::Unusable { t: now, cause })?;
            r.iter_mut().for_each(|v| *v = -*v);
            system.solve(&mut r);
            size = system.correction_norm(&options.tolerance, &to, &r);
            let lambda = system.limit_correction(&to, &mut r);
            to.iter_mut().zip(&r).for_each(|(y, d)| *y += lambda * d);
            if converged {
                break;
            }
            // One more iteration after convergence polishes the state.
            converged = lambda == 1.0 && size < options.convergence;
        }
        if !converged {
            let worst_unknown = system.worst_unknown(&options.tolerance, &to, &r);
            return Err(DaeError::NewtonDiverged {
                t: now,
                iterations: options.max_iterations,
                worst_unknown,
                correction: size,
            });
        }
        for ((s, a), b) in slope.iter_mut().zip(&to).zip(&from) {
            *s = (a - b) / h;
        }
        from.copy_from_slice(&to);
    }
    y.copy_from_slice(&to);
    yp.copy_from_slice(&slope);
    Ok(())
}

struct Search<'a> {
    differential: Vec<bool>,
    options: &'a InitialOptions,
    cj: f64,
    y: Vec<f64>,
    yp: Vec<f64>,
    trial_y: Vec<f64>,
    trial_yp: Vec<f64>,
    /// Newton correction, to be added; entries of differential unknowns are those of y' divided by cj.
    delta: Vec<f64>,
    residual: Vec<f64>,
    iterations: usize,
}

impl Search<'_> {
    fn clear_algebraic_derivatives(&mut self) {
        for (yp, differential) in self.yp.iter_mut().zip(&self.differential) {
            if !differential {
                *yp = 0.0;
            }
        }
    }

    fn run<S: System + ?Sized>(&mut self, system: &mut S, t: f64) -> Result<(), StepFailure> {
        let tol = &self.options.tolerance;
        let mut polish = false;
        for _ in 0..self.options.max_iterations {
            self.iterations += 1;
            system
                .residual_and_factor(t, &self.y, &self.yp, self.cj, &mut self.residual)
                .map_err(StepFailure::Unusable)?;
            for (d, r) in self.delta.iter_mut().zip(&self.residual) {
                *d = -r;
            }
            system.solve(&mut self.delta);
            let before = system.correction_norm(tol, &self.y, &self.delta);
            if !before.is_finite() {
                return Err(StepFailure::Newton);
            }
            let mut lambda = system.limit_correction(&self.y, &mut self.delta);
            if polish {
                self.take(lambda);
                let usable = system.residual(t, &self.trial_y, &self.trial_yp, &mut self.residual);
                if usable.is_ok() {
                    self.accept();
                }
                return Ok(());
            }
            loop {
                self.take(lambda);
                if self.improves(system, t, before, lambda) {
                    break;
                }
                lambda *= 0.5;
                if lambda < self.options.smallest_damping {
                    return Err(StepFailure::Newton);
                }
            }
            self.accept();
            polish = lambda == 1.0 && before < self.options.convergence;
        }
        Err(StepFailure::Newton)
    }

    /// Sets the trial state to the present one plus `lambda` times the correction.
    fn take(&mut self, lambda: f64) {
        for i in 0..self.y.len() {
            let d = lambda * self.delta[i];
            let (dy, dyp) = if self.differential[i] { (0.0, self.cj * d) } else { (d, 0.0) };
            self.trial_y[i] = self.y[i] + dy;
            self.trial_yp[i] = self.yp[i] + dyp;
        }
    }

    fn accept(&mut self) {
        std::mem::swap(&mut self.y, &mut self.trial_y);
        std::mem::swap(&mut self.yp, &mut self.trial_yp);
    }

    /// Does the trial state lower the correction that the same Jacobian would ask for?
    fn improves<S: System + ?Sized>(&mut self, system: &mut S, t: f64, before: f64, lambda: f64) -> bool {
        if system.residual(t, &self.trial_y, &self.trial_yp, &mut self.residual).is_err() {
            return false;
        }
        system.solve(&mut self.residual);
        let after = system.correction_norm(&self.options.tolerance, &self.trial_y, &self.residual);
        // Below the convergence limit rounding decides, not the direction.
        after <= (1.0 - 2e-4 * lambda) * before || after < self.options.convergence
    }

    fn failure<S: System + ?Sized>(&mut self, system: &mut S, t: f64, cause: StepFailure) -> DaeError {
        let worst_unknown = match cause {
            StepFailure::Unusable(unusable) => unusable.index(),
            _ => None,
        }
        .unwrap_or_else(|| system.worst_unknown(&self.options.tolerance, &self.y, &self.delta));
        let known = system.residual(t, &self.y, &self.yp, &mut self.residual).is_ok();
        let size = |r: &f64| if r.is_nan() { f64::INFINITY } else { r.abs() };
        let worst_residual = (0..self.residual.len())
            .max_by(|a, b| size(&self.residual[*a]).total_cmp(&size(&self.residual[*b])))
            .unwrap_or(0);
        let residual = if known {
            self.residual.get(worst_residual).copied().unwrap_or(0.0)
        } else {
            f64::NAN
        };
        DaeError::InitialConditions {
            t,
            iterations: self.iterations,
            worst_residual,
            residual,
            worst_unknown,
            cause,
        }
    }
}
