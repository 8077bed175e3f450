//! Local error test and choice of the next order and step size.

use super::Bdf;
use super::coefficients::MAX_ORDER;
use crate::system::System;

/// Error estimates of one attempt at order k.
#[derive(Clone, Copy, Debug)]
pub(super) struct ErrorEstimate {
    /// Local error in units of the tolerance; the step is good if at most one.
    pub test: f64,
    /// Estimate at the present order.
    pub at_order: f64,
    /// Estimate one order lower.
    pub below: f64,
    /// Order k or k-1, as the estimates suggest.
    pub suggested: usize,
}

impl ErrorEstimate {
    /// Step-size ratio for the suggested order after a first failure.
    pub fn shrink(&self, order: usize) -> f64 {
        let error = if self.suggested == order { self.at_order } else { self.below };
        (0.9 * step_ratio(error, self.suggested)).clamp(0.25, 0.9)
    }
}

/// Ratio by which the step could change so that the error at `order` would meet half the tolerance.
fn step_ratio(error: f64, order: usize) -> f64 {
    (2.0 * error + 1e-4).powf(-1.0 / (order + 1) as f64)
}

impl Bdf {
    /// Estimates the errors at the present order and up to two below.
    pub(super) fn estimate_error<S: System + ?Sized>(&mut self, system: &S) -> ErrorEstimate {
        let k = self.order_next;
        let c = &self.coefficients;
        let tol = &self.options.tolerance;
        let mut norms = [0.0; 3];
        let terms: [(f64, &[f64]); 2] = [(c.beta[k], self.history.row(k)), (c.beta[k - 1], self.history.row(k - 1))];
        let used = (k - 1).min(2);
        system.error_norms(tol, &self.y, &self.e, &terms[..used], &mut self.scratch, &mut norms[..used + 1]);
        let at_order = c.sigma[k] * norms[0];
        let weighted = (k + 1) as f64 * at_order;
        let (mut below, mut suggested) = (0.0, k);
        if k > 1 {
            below = c.sigma[k - 1] * norms[1];
            let weighted_below = k as f64 * below;
            if k > 2 {
                let weighted_two_below = (k - 1) as f64 * c.sigma[k - 2] * norms[2];
                if weighted_below.max(weighted_two_below) <= weighted {
                    suggested = k - 1;
                }
            } else if weighted_below <= 0.5 * weighted {
                suggested = k - 1;
            }
        }
        ErrorEstimate {
            test: c.ck * norms[0],
            at_order,
            below,
            suggested,
        }
    }

    /// Chooses order and size of the next step, then takes the accepted step into the history.
    pub(super) fn complete_step<S: System + ?Sized>(&mut self, system: &S, estimate: ErrorEstimate, h: f64) {
        let k = self.order_next;
        let raised_just_now = k > self.order_used && self.order_used > 0;
        (self.order_used, self.h_used) = (k, h);
        self.h = h;
        self.steps_since_start += 1;
        self.statistics.steps += 1;
        self.statistics.orders[k - 1] += 1;
        if estimate.suggested < k || k == self.options.max_order {
            self.startup = false;
        }
        if self.startup {
            if self.steps_since_start > 1 {
                self.order_next += 1;
                self.h = (2.0 * h).min(self.options.h_max);
            }
        } else {
            self.choose_order_and_step(system, estimate, raised_just_now);
        }
        self.history.update(&self.coefficients, k, &self.e);
    }

    fn choose_order_and_step<S: System + ?Sized>(&mut self, system: &S, estimate: ErrorEstimate, raised_just_now: bool) {
        let k = self.order_next;
        let settled = k + 1 < self.coefficients.unchanged && !raised_just_now;
        let mut error = estimate.at_order;
        if estimate.suggested < k {
            (self.order_next, error) = (k - 1, estimate.below);
        } else if k < self.options.max_order && settled {
            // The row above the order holds the correction of the step before.
            let before = self.history.row((k + 1).min(MAX_ORDER));
            self.scratch
                .iter_mut()
                .zip(&self.e)
                .zip(before)
                .for_each(|((s, e), before)| *s = e - before);
            let above = system.error_norm(&self.options.tolerance, &self.y, &self.scratch) / (k + 2) as f64;
            let weighted = (k + 1) as f64 * estimate.at_order;
            let weighted_above = (k + 2) as f64 * above;
            let weighted_below = k as f64 * estimate.below;
            if k == 1 {
                if weighted_above < 0.5 * weighted {
                    (self.order_next, error) = (2, above);
                }
            } else if weighted_below <= weighted.min(weighted_above) {
                (self.order_next, error) = (k - 1, estimate.below);
            } else if weighted_above < weighted {
                (self.order_next, error) = (k + 1, above);
            }
        }
        let ratio = step_ratio(error, self.order_next);
        if ratio >= 2.0 {
            self.h = (2.0 * self.h).min(self.options.h_max);
        } else if ratio <= 1.0 {
            self.h *= ratio.clamp(0.5, 0.9);
        }
    }
}
