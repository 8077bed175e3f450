//! Newton iteration of one step attempt.

use super::{Bdf, JacobianPolicy};
use crate::error::StepFailure;
use crate::lanes::vectorised;
use crate::system::System;

/// Attempts at one step after which the Jacobian is renewed at every iteration, and how many times more iterations are then allowed: a
/// shorter step does not help where the unknowns without derivative have to travel far.
const STUBBORN: usize = 2;
const PATIENCE: usize = 4;

/// Second corrections that may go unmade in a row, and the part of the Newton tolerance that each may be expected to have.
const UNMADE: u32 = 10;
const TRUSTED: f64 = 0.1;

/// How fast the iteration converged when that was last seen with a matrix of the same step: what the second correction is expected to be
/// after the first one. An older matrix is not trusted with that: where a solution runs into a wall its rate changes from step to step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Convergence {
    /// Second correction over the square of the first.
    quadratic: f64,
    unmade: u32,
}

impl Convergence {
    pub(super) const UNKNOWN: Convergence = Convergence {
        quadratic: f64::INFINITY,
        unmade: 0,
    };

    /// True if the second correction need not be made after a first one of size `norm`.
    fn suffices(&mut self, norm: f64, tolerance: f64) -> bool {
        let suffices = self.unmade < UNMADE && self.quadratic * norm * norm < TRUSTED * tolerance;
        self.unmade = if suffices { self.unmade + 1 } else { 0 };
        suffices
    }

    fn seen(&mut self, first: f64, second: f64) {
        self.quadratic = second / (first * first);
    }
}

/// Drift of the leading coefficient beyond which an old factorisation is not used.
const LARGEST_DRIFT: f64 = 5.0 / 3.0;

impl Bdf {
    /// Predicts and corrects; on success `y`, `yp` and `e` hold the solution at `t`.
    pub(super) fn solve_step<S: System + ?Sized>(&mut self, system: &mut S, t: f64, failures: usize) -> Result<(), StepFailure> {
        let drift = self.cj_factored.map_or(f64::INFINITY, |old| self.coefficients.cj / old);
        let mut fresh = self.options.jacobian == JacobianPolicy::EveryStep
            || self.factor_due
            || !(1.0 / LARGEST_DRIFT..=LARGEST_DRIFT).contains(&drift);
        loop {
            self.history.predict(&self.coefficients, self.order_next, &mut self.y, &mut self.yp);
            match self.iterate(system, t, fresh, fresh && failures >= STUBBORN) {
                Err(_) if !fresh => fresh = true,
                result => return result,
            }
        }
    }

    fn iterate<S: System + ?Sized>(&mut self, system: &mut S, t: f64, fresh: bool, stubborn: bool) -> Result<(), StepFailure> {
        let newton = &self.options.newton;
        let tol = &self.options.tolerance;
        let every_step = self.options.jacobian == JacobianPolicy::EveryStep;
        let cj = self.coefficients.cj;
        // A correction of a hundred roundoffs relative to the unknown, in units of the tolerance.
        let roundoff = (100.0 * f64::EPSILON / tol.rtol.max(1e-10)).min(1e-3 * newton.tolerance);
        let mut factor = fresh;
        let mut second_chance = every_step;
        let mut previous: Option<f64> = None;
        let most = newton.max_iterations * if stubborn { PATIENCE } else { 1 };
        for iteration in 0..most {
            self.statistics.newton_iterations += 1;
            self.statistics.residuals += 1;
            let evaluated = if factor {
                self.statistics.factorisations += 1;
                self.cj_factored = None;
                system.residual_and_factor(t, &self.y, &self.yp, cj, &mut self.delta)
            } else {
                system.residual(t, &self.y, &self.yp, &mut self.delta)
            };
            evaluated.map_err(StepFailure::Unusable)?;
            if factor {
                self.cj_factored = Some(cj);
                self.factor_due = false;
            }
            match previous {
                None => system.solve(&mut self.delta),
                Some(_) => system.solve_again(&mut self.delta),
            }
            self.statistics.solves += 1;
            let scale = self.cj_factored.map_or(1.0, |old| 2.0 / (1.0 + cj / old));
            let (delta, e, y, yp) = (&self.delta, &mut self.e, &mut self.y, &mut self.yp);
            vectorised(
                #[inline(always)]
                || match previous {
                    None => correct::<true>(scale, cj, delta, e, y, yp),
                    Some(_) => correct::<false>(scale, cj, delta, e, y, yp),
                },
            );
            let norm = scale * system.correction_norm(tol, &self.y, &self.delta);
            if !norm.is_finite() {
                return Err(StepFailure::Newton);
            }
            if norm <= roundoff {
                return Ok(());
            }
            factor = stubborn;
            if every_step && fresh && previous.is_none() && !stubborn && self.convergence.suffices(norm, newton.tolerance) {
                return Ok(());
            }
            if let Some(previous) = previous {
                let rate = norm / previous;
                if fresh && iteration == 1 {
                    self.convergence.seen(previous, norm);
                }
                let remaining = if rate < 1.0 { rate / (1.0 - rate) * norm } else { f64::INFINITY };
                if remaining < newton.tolerance || norm < 0.01 * newton.tolerance {
                    self.factor_due |= !every_step && iteration > 1;
                    return Ok(());
                }
                if rate > newton.diverging_rate && !stubborn {
                    if !second_chance {
                        return Err(StepFailure::Newton);
                    }
                    second_chance = false;
                }
                factor |= every_step && rate > newton.refactor_rate;
            }
            previous = Some(norm);
        }
        Err(StepFailure::Newton)
    }
}

/// Adds the correction `-scale · delta` to everything that follows it, in one pass; the first one of an attempt starts `e`.
#[inline(always)]
fn correct<const FIRST: bool>(scale: f64, cj: f64, delta: &[f64], e: &mut [f64], y: &mut [f64], yp: &mut [f64]) {
    let n = delta.len();
    let (e, y, yp) = (&mut e[..n], &mut y[..n], &mut yp[..n]);
    for i in 0..n {
        let d = -scale * delta[i];
        e[i] = if FIRST { d } else { e[i] + d };
        y[i] += d;
        yp[i] += cj * d;
    }
}
