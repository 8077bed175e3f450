//! Forward sensitivities of the solution with respect to parameters, by the staggered direct method.

use crate::bdf::{Bdf, History};
use crate::error::{DaeError, Misuse, Unusable};
use crate::system::System;

/// A system that can differentiate its residual with respect to parameters.
pub trait ParametricSystem: System {
    /// Number of parameters.
    fn n_parameters(&self) -> usize;

    /// `out = ∂F/∂p` for parameter `parameter`.
    ///
    /// # Errors
    /// [`Unusable`] if the derivative does not exist at this state.
    fn parameter_derivative(&mut self, t: f64, y: &[f64], yp: &[f64], parameter: usize, out: &mut [f64]) -> Result<(), Unusable>;

    /// `out = (∂F/∂y') v`.
    fn mass_product(&mut self, t: f64, y: &[f64], yp: &[f64], v: &[f64], out: &mut [f64]);
}

/// Sensitivities `s = ∂y/∂p` carried along with a [`Bdf`] integration.
///
/// Call [`Sensitivities::update`] after every [`Bdf::step`]. Each step costs one factorisation at the converged state and one
/// back-solve per parameter. The step size is chosen by the states alone.
///
/// # Equation
/// `∂F/∂y s + ∂F/∂y' s' + ∂F/∂p = 0`, discretised by the formula of the step: `(∂F/∂y + cj ∂F/∂y') s = -∂F/∂p - ∂F/∂y' (s'⁰ - cj s⁰)`
/// with the predicted `s⁰`, `s'⁰`.
///
/// # Source
/// M. Caracotsios, W. E. Stewart, Comput. Chem. Eng. 9 (1985) 359, doi:10.1016/0098-1354(85)85014-6.
///
/// # Verification
/// `tests/sensitivity.rs` against analytic sensitivities.
#[derive(Clone, Debug)]
pub struct Sensitivities {
    histories: Vec<History>,
    s: Vec<Vec<f64>>,
    sp: Vec<Vec<f64>>,
    steps_seen: usize,
    predicted: Vec<f64>,
    predicted_slope: Vec<f64>,
    work: Vec<f64>,
}

impl Sensitivities {
    /// Starts from `s[p] = ∂y/∂p` and `sp[p] = ∂y'/∂p` at the start or restart of the integration.
    ///
    /// [`initial_sensitivities`] computes both if the differential unknowns start from values that do not depend on `p`.
    ///
    /// # Errors
    /// [`Misuse::Length`] if a vector has the wrong length.
    pub fn new<S: ParametricSystem + ?Sized>(system: &S, s: Vec<Vec<f64>>, sp: Vec<Vec<f64>>) -> Result<Self, DaeError> {
        let n = system.len();
        for found in [s.len(), sp.len()] {
            if found != system.n_parameters() {
                return Err(DaeError::Misuse(Misuse::Length {
                    found,
                    expected: system.n_parameters(),
                }));
            }
        }
        if let Some(v) = s.iter().chain(&sp).find(|v| v.len() != n) {
            return Err(DaeError::Misuse(Misuse::Length {
                found: v.len(),
                expected: n,
            }));
        }
        Ok(Self {
            histories: vec![History::new(n); s.len()],
            s,
            sp,
            steps_seen: 0,
            predicted: vec![0.0; n],
            predicted_slope: vec![0.0; n],
            work: vec![0.0; n],
        })
    }

    /// Follows the last internal step of `bdf`; does nothing if there was none since the last call.
    ///
    /// # Errors
    /// [`DaeError::Unusable`] if the system cannot be factored or differentiated at the converged state.
    pub fn update<S: ParametricSystem + ?Sized>(&mut self, system: &mut S, bdf: &mut Bdf) -> Result<(), DaeError> {
        let steps = bdf.steps_since_start();
        if steps == self.steps_seen {
            return Ok(());
        }
        let c = bdf.last_coefficients();
        let cj = c.cj;
        let order = bdf.order();
        let (t, y, yp) = bdf.internal_state();
        let unusable = |cause| DaeError::Unusable { t, cause };
        system.factor(t, y, yp, cj).map_err(unusable)?;
        for p in 0..self.s.len() {
            let (s, sp, history) = (&mut self.s[p], &mut self.sp[p], &mut self.histories[p]);
            if steps == 1 {
                let (from, to) = bdf.last_step();
                history.start(s, sp, to - from);
            }
            history.predict(c, order, &mut self.predicted, &mut self.predicted_slope);
            for ((w, slope), value) in self.work.iter_mut().zip(&self.predicted_slope).zip(&self.predicted) {
                *w = slope - cj * value;
            }
            system.mass_product(t, y, yp, &self.work, s);
            system.parameter_derivative(t, y, yp, p, &mut self.work).map_err(unusable)?;
            for (s, f) in s.iter_mut().zip(&self.work) {
                *s = -*s - f;
            }
            system.solve(s);
            for i in 0..s.len() {
                let e = s[i] - self.predicted[i];
                self.work[i] = e;
                sp[i] = self.predicted_slope[i] + cj * e;
            }
            history.update(c, order, &self.work);
        }
        self.steps_seen = steps;
        bdf.factorisation_replaced(cj);
        Ok(())
    }

    /// `∂y/∂p` at the end of the last internal step.
    pub fn value(&self, parameter: usize) -> &[f64] {
        &self.s[parameter]
    }

    /// `∂y'/∂p` at the end of the last internal step.
    pub fn derivative(&self, parameter: usize) -> &[f64] {
        &self.sp[parameter]
    }

    /// `∂y/∂p` at a time within the last internal step, for example at [`Bdf::t`] after a stop or an event.
    ///
    /// # Errors
    /// [`Misuse::OutsideLastStep`] if `t` lies outside, [`Misuse::Length`] if `out` has the wrong length.
    pub fn interpolate(&self, bdf: &Bdf, t: f64, parameter: usize, out: &mut [f64]) -> Result<(), DaeError> {
        // Checks time and length.
        bdf.interpolate(t, out)?;
        if self.steps_seen == 0 {
            out.copy_from_slice(&self.s[parameter]);
        } else {
            let (weights, _) = bdf.last_coefficients().dense_weights(t - bdf.last_step().1, bdf.order());
            self.histories[parameter].weighted(&weights, bdf.order(), out);
        }
        Ok(())
    }
}

/// Initial `(∂y/∂p, ∂y'/∂p)` of one parameter at a consistent state whose differential unknowns do not depend on it.
///
/// # Equation
/// `∂F/∂y_a s_a + ∂F/∂y'_d s'_d = -∂F/∂p`, solved with the factor of a large leading coefficient `cj` (1/s); the relative error is
/// the ratio of the fastest rate to `cj`.
///
/// # Errors
/// [`DaeError::Unusable`] if the system cannot be factored or differentiated.
pub fn initial_sensitivities<S: ParametricSystem + ?Sized>(
    system: &mut S,
    t: f64,
    y: &[f64],
    yp: &[f64],
    parameter: usize,
    cj: f64,
) -> Result<(Vec<f64>, Vec<f64>), DaeError> {
    let unusable = |cause| DaeError::Unusable { t, cause };
    let mut s = vec![0.0; system.len()];
    system.factor(t, y, yp, cj).map_err(unusable)?;
    system.parameter_derivative(t, y, yp, parameter, &mut s).map_err(unusable)?;
    system.solve(&mut s);
    let mut sp = vec![0.0; s.len()];
    for (i, differential) in system.differential().iter().enumerate() {
        (s[i], sp[i]) = if *differential { (0.0, -cj * s[i]) } else { (-s[i], 0.0) };
    }
    Ok((s, sp))
}
