//! The solution between the ends of the last step.

use super::Bdf;
use crate::error::{DaeError, Misuse};

impl Bdf {
    /// State at a time within the last internal step.
    ///
    /// # Errors
    /// [`Misuse::OutsideLastStep`] if `t` lies outside, [`Misuse::Length`] if `y` has the wrong length.
    pub fn interpolate(&self, t: f64, y: &mut [f64]) -> Result<(), DaeError> {
        let delta = self.check_interpolation(t, y.len())?;
        if self.order_used == 0 {
            y.copy_from_slice(&self.y);
        } else {
            let (value, _) = self.coefficients.dense_weights(delta, self.order_used);
            self.history.weighted(&value, self.order_used, y);
        }
        Ok(())
    }

    /// Time derivative of the dense output at a time within the last internal step.
    ///
    /// # Errors
    /// As [`Bdf::interpolate`].
    pub fn interpolate_derivative(&self, t: f64, yp: &mut [f64]) -> Result<(), DaeError> {
        let delta = self.check_interpolation(t, yp.len())?;
        if self.order_used == 0 {
            yp.copy_from_slice(&self.yp);
        } else {
            let (_, slope) = self.coefficients.dense_weights(delta, self.order_used);
            self.history.weighted(&slope, self.order_used, yp);
        }
        Ok(())
    }

    /// Value of one unknown at a time within the last internal step; costs a handful of operations.
    ///
    /// # Errors
    /// [`Misuse::OutsideLastStep`] if `t` lies outside.
    pub fn interpolate_one(&self, t: f64, index: usize) -> Result<f64, DaeError> {
        let delta = self.check_interpolation(t, self.n)?;
        if self.order_used == 0 {
            return Ok(self.y[index]);
        }
        let (value, _) = self.coefficients.dense_weights(delta, self.order_used);
        Ok((0..=self.order_used).map(|j| value[j] * self.history.row(j)[index]).sum())
    }

    fn check_interpolation(&self, t: f64, length: usize) -> Result<f64, DaeError> {
        if length != self.n {
            return Err(DaeError::Misuse(Misuse::Length {
                found: length,
                expected: self.n,
            }));
        }
        let (from, to) = self.last_step();
        let slack = 100.0 * f64::EPSILON * (to.abs() + self.h_used);
        if t >= from - slack && t <= to + slack {
            Ok(t - self.tn)
        } else {
            Err(DaeError::Misuse(Misuse::OutsideLastStep { t, from, to }))
        }
    }

    /// Start and end of the last internal step, the range of the dense output.
    pub fn last_step(&self) -> (f64, f64) {
        (self.tn - self.h_used, self.tn)
    }
}
