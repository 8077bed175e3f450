//! One internal step: attempts until one passes Newton and the error test.

use super::{Bdf, Coefficients, StopMode};
use crate::error::{DaeError, StepFailure};
use crate::system::System;

/// Step reduction after a Newton failure or an unusable state.
const NEWTON_SHRINK: f64 = 0.25;

impl Bdf {
    /// Takes one internal step; on failure the state is the last accepted one.
    pub(super) fn advance<S: System + ?Sized>(&mut self, system: &mut S, t_stop: Option<f64>, mode: StopMode) -> Result<(), DaeError> {
        if self.steps_since_start >= self.options.max_steps {
            return Err(DaeError::TooManySteps {
                t: self.tn,
                h: self.h,
                steps: self.options.max_steps,
            });
        }
        let hard_stop = t_stop.filter(|_| mode == StopMode::Hard);
        if !self.started {
            self.begin(system, t_stop, hard_stop);
        }
        let result = self.attempt_until_accepted(system, hard_stop);
        if result.is_err() {
            let order = self.order_used.max(1);
            self.history.interpolate(&self.coefficients, order, 0.0, &mut self.y, &mut self.yp);
        }
        result
    }

    /// Chooses the first step and arms the events.
    fn begin<S: System + ?Sized>(&mut self, system: &mut S, t_stop: Option<f64>, hard_stop: Option<f64>) {
        let speed = system.error_norm(&self.options.tolerance, &self.y, &self.yp);
        let mut h = self.options.h_init.unwrap_or_else(|| {
            let by_distance = t_stop.map_or(f64::INFINITY, |t| 1e-3 * (t - self.tn));
            let by_speed = if speed > 0.0 { 0.5 / speed } else { f64::INFINITY };
            let h = by_distance.min(by_speed);
            if h.is_finite() { h } else { 1e-3 * self.tn.abs().max(1.0) }
        });
        h = h.max(self.smallest_step()).min(self.options.h_max);
        if let Some(stop) = hard_stop {
            h = h.min(stop - self.tn);
        }
        self.h = h;
        self.coefficients = Coefficients::start(h);
        self.history.start(&self.y, &self.yp, h);
        self.watch.arm(system, self.tn, &self.y, &self.yp);
        self.started = true;
    }

    /// Step size below which an attempt makes no sense.
    fn smallest_step(&self) -> f64 {
        self.options.h_min.max(4.0 * f64::EPSILON * self.tn.abs()).max(f64::MIN_POSITIVE)
    }

    fn attempt_until_accepted<S: System + ?Sized>(&mut self, system: &mut S, hard_stop: Option<f64>) -> Result<(), DaeError> {
        let psi = self.coefficients.psi;
        let mut failures = 0;
        let mut error_failures = 0;
        loop {
            let mut h = self.h;
            let mut t = self.tn + h;
            if let Some(stop) = hard_stop
                && t >= stop - 1e-4 * h
                && (self.order_used > 0 || failures == 0)
            {
                (t, h) = (stop, stop - self.tn);
            } else if h < self.smallest_step() {
                let worst_unknown = system.worst_unknown(&self.options.tolerance, &self.y, &self.e);
                let (t, order, cause) = (self.tn, self.order_next, StepFailure::NoProgress);
                return Err(DaeError::StepTooSmall {
                    t,
                    h,
                    order,
                    worst_unknown,
                    cause,
                });
            }
            self.h = h;
            self.coefficients.prepare(h, self.order_next, self.h_used, self.order_used);
            let cause = match self.solve_step(system, t, failures) {
                Err(cause) => {
                    self.statistics.rejected_newton += 1;
                    self.h *= NEWTON_SHRINK;
                    cause
                }
                Ok(()) => {
                    let estimate = self.estimate_error(system);
                    if estimate.test <= 1.0 {
                        self.complete_step(system, estimate, h);
                        self.tn = t;
                        return Ok(());
                    }
                    self.statistics.rejected_error += 1;
                    error_failures += 1;
                    match error_failures {
                        1 => {
                            self.h *= if estimate.test.is_finite() {
                                estimate.shrink(self.order_next)
                            } else {
                                NEWTON_SHRINK
                            };
                            self.order_next = estimate.suggested;
                        }
                        2 => {
                            self.h *= NEWTON_SHRINK;
                            self.order_next = estimate.suggested;
                        }
                        _ => {
                            self.h *= NEWTON_SHRINK;
                            self.order_next = 1;
                        }
                    }
                    StepFailure::ErrorTest(estimate.test)
                }
            };
            failures += 1;
            self.startup = false;
            self.give_up(system, cause, failures, psi)?;
            self.coefficients.psi = psi;
            if self.order_used == 0 {
                self.history.rescale_first(self.h / h);
                self.coefficients = Coefficients::start(self.h);
            }
        }
    }

    /// Turns a rejection into an error if another attempt makes no sense.
    fn give_up<S: System + ?Sized>(
        &mut self,
        system: &S,
        cause: StepFailure,
        failures: usize,
        psi: [f64; super::coefficients::MAX_ORDER + 1],
    ) -> Result<(), DaeError> {
        let too_small = self.h < self.smallest_step();
        if !too_small && failures < self.options.max_failures {
            return Ok(());
        }
        let worst_unknown = match cause {
            StepFailure::Unusable(unusable) => unusable.index(),
            StepFailure::ErrorTest(_) => Some(system.worst_unknown(&self.options.tolerance, &self.y, &self.e)),
            StepFailure::Newton | StepFailure::NoProgress => None,
        }
        .unwrap_or_else(|| system.worst_unknown(&self.options.tolerance, &self.y, &self.delta));
        self.coefficients.psi = psi;
        let (t, h, order) = (self.tn, self.h, self.order_next);
        Err(if too_small {
            DaeError::StepTooSmall {
                t,
                h,
                order,
                worst_unknown,
                cause,
            }
        } else {
            DaeError::RepeatedFailure {
                t,
                h,
                order,
                attempts: failures,
                worst_unknown,
                cause,
            }
        })
    }
}
