//! Variable-step, variable-order BDF integrator: state, public calls and delivery of results.

mod advance;
mod coefficients;
mod dense_output;
mod events;
mod history;
mod newton;
mod options;
mod order;
mod statistics;

pub(crate) use coefficients::Coefficients;
pub(crate) use history::History;
pub use options::{BdfOptions, JacobianPolicy, NewtonOptions, StopMode};
pub use statistics::Statistics;

use crate::error::{DaeError, Misuse};
use crate::system::System;
use events::EventWatch;

/// What a call of [`Bdf::step`] ended with; the state is available from [`Bdf::y`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StepOutcome {
    /// One internal step was taken and the state is the one at its end.
    Stepped,
    /// The stop time was reached; the state is the one at exactly this time.
    Reached(f64),
    /// A root function changed sign; the state is the one just behind the crossing.
    Event {
        /// Number of the root function.
        index: usize,
        /// Time of the crossing.
        t: f64,
        /// True if the function went from negative to positive.
        rising: bool,
    },
}

/// Fixed-leading-coefficient BDF integrator of orders 1 to 5 for `F(t, y, y') = 0`.
///
/// The integrator does not own the system, so the caller may change inputs between steps and then [`Bdf::restart`]. Time runs
/// forward only. Once constructed, stepping does not allocate.
///
/// # Source
/// K. E. Brenan, S. L. Campbell, L. R. Petzold, SIAM 1996, chapter 5 (coefficients, error estimate); A. C. Hindmarsh et al.,
/// ACM Trans. Math. Softw. 31 (2005) 363, doi:10.1145/1089014.1089020 (order and step-size logic). The Newton acceptance differs:
/// see [`NewtonOptions`].
///
/// # Verification
/// `tests/accuracy.rs`, `tests/diffsol.rs`, `tests/snapshots.rs`.
#[derive(Clone, Debug)]
pub struct Bdf {
    n: usize,
    options: BdfOptions,
    history: History,
    coefficients: Coefficients,
    tn: f64,
    /// Size of the next step.
    h: f64,
    h_used: f64,
    /// Order of the next step.
    order_next: usize,
    order_used: usize,
    /// True while every step doubles size and raises the order.
    startup: bool,
    started: bool,
    steps_since_start: usize,
    y: Vec<f64>,
    yp: Vec<f64>,
    /// Accumulated Newton correction: solution minus prediction.
    e: Vec<f64>,
    delta: Vec<f64>,
    scratch: Vec<f64>,
    t_out: f64,
    y_out: Vec<f64>,
    yp_out: Vec<f64>,
    cj_factored: Option<f64>,
    convergence: newton::Convergence,
    factor_due: bool,
    watch: EventWatch,
    statistics: Statistics,
}

impl Bdf {
    /// An integrator at `t` with the consistent state `y`, `yp`.
    ///
    /// # Errors
    /// [`DaeError::Misuse`] for wrong lengths, values that are not finite, or options out of range.
    pub fn new<S: System + ?Sized>(system: &S, t: f64, y: &[f64], yp: &[f64], options: BdfOptions) -> Result<Self, DaeError> {
        let n = system.len();
        options.check(n)?;
        let mut bdf = Self {
            n,
            history: History::new(n),
            coefficients: Coefficients::start(1.0),
            tn: t,
            h: 0.0,
            h_used: 0.0,
            order_next: 1,
            order_used: 0,
            startup: true,
            started: false,
            steps_since_start: 0,
            y: vec![0.0; n],
            yp: vec![0.0; n],
            e: vec![0.0; n],
            delta: vec![0.0; n],
            scratch: vec![0.0; n],
            t_out: t,
            y_out: vec![0.0; n],
            yp_out: vec![0.0; n],
            cj_factored: None,
            convergence: newton::Convergence::UNKNOWN,
            factor_due: true,
            watch: EventWatch::new(system.n_events()),
            statistics: Statistics::default(),
            options,
        };
        bdf.load(t, y, yp)?;
        Ok(bdf)
    }

    /// Starts again at order 1 from a new consistent state, for example behind a jump of an input. Keeps buffers and counters.
    ///
    /// A root function that fired at this very time is disarmed until it has left zero.
    ///
    /// # Errors
    /// [`DaeError::Misuse`] for wrong lengths or values that are not finite.
    pub fn restart(&mut self, t: f64, y: &[f64], yp: &[f64]) -> Result<(), DaeError> {
        self.load(t, y, yp)?;
        self.statistics.restarts += 1;
        Ok(())
    }

    fn load(&mut self, t: f64, y: &[f64], yp: &[f64]) -> Result<(), DaeError> {
        for v in [y, yp] {
            if v.len() != self.n {
                return Err(DaeError::Misuse(Misuse::Length {
                    found: v.len(),
                    expected: self.n,
                }));
            }
            if let Some(index) = v.iter().position(|x| !x.is_finite()) {
                return Err(DaeError::Misuse(Misuse::NotFinite { index }));
            }
        }
        self.y.copy_from_slice(y);
        self.yp.copy_from_slice(yp);
        (self.tn, self.t_out) = (t, t);
        (self.h_used, self.order_next, self.order_used) = (0.0, 1, 0);
        (self.startup, self.started, self.steps_since_start) = (true, false, 0);
        self.convergence = newton::Convergence::UNKNOWN;
        self.factor_due = true;
        Ok(())
    }

    /// Takes at most one internal step and reports what came first: its end, the stop time, or an event.
    ///
    /// After [`StepOutcome::Reached`] and [`StepOutcome::Event`] the internal time may be ahead of [`Bdf::t`]; the next call
    /// continues from there without losing anything, unless [`Bdf::restart`] is called.
    ///
    /// # Errors
    /// See [`DaeError`]. The state stays at the last accepted one.
    pub fn step<S: System + ?Sized>(&mut self, system: &mut S, t_stop: Option<f64>) -> Result<StepOutcome, DaeError> {
        let mode = self.options.stop;
        self.step_to(system, t_stop, mode)
    }

    /// As [`Bdf::step`], with the way to meet the stop time chosen for this call.
    ///
    /// # Errors
    /// See [`DaeError`]. The state stays at the last accepted one.
    pub fn step_to<S: System + ?Sized>(&mut self, system: &mut S, t_stop: Option<f64>, mode: StopMode) -> Result<StepOutcome, DaeError> {
        if let Some(t_stop) = t_stop {
            if t_stop < self.t_out || t_stop.is_nan() {
                return Err(DaeError::Misuse(Misuse::StopInThePast { t: self.t_out, t_stop }));
            }
            if t_stop == self.t_out {
                return Ok(StepOutcome::Reached(t_stop));
            }
        }
        if self.t_out >= self.tn {
            self.advance(system, t_stop, mode)?;
        }
        Ok(self.deliver(system, t_stop))
    }

    /// Steps until `t_end` or the first event, whichever comes first.
    ///
    /// # Errors
    /// See [`DaeError`].
    pub fn integrate<S: System + ?Sized>(&mut self, system: &mut S, t_end: f64) -> Result<StepOutcome, DaeError> {
        loop {
            match self.step(system, Some(t_end))? {
                StepOutcome::Stepped => {}
                other => return Ok(other),
            }
        }
    }

    /// Moves the output time forward within the last internal step.
    fn deliver<S: System + ?Sized>(&mut self, system: &mut S, t_stop: Option<f64>) -> StepOutcome {
        let stop = t_stop.filter(|t| *t <= self.tn);
        let until = stop.unwrap_or(self.tn);
        if let Some((index, t, rising)) = self.first_event(system, until) {
            self.t_out = t;
            return StepOutcome::Event { index, t, rising };
        }
        self.t_out = until;
        match stop {
            Some(t) => {
                if t < self.tn {
                    self.output_at(t);
                }
                StepOutcome::Reached(t)
            }
            None => StepOutcome::Stepped,
        }
    }

    /// Fills the output state from the dense output.
    fn output_at(&mut self, t: f64) {
        let order = self.order_used.max(1);
        self.history
            .interpolate(&self.coefficients, order, t - self.tn, &mut self.y_out, &mut self.yp_out);
    }

    /// Time of the present state.
    pub fn t(&self) -> f64 {
        self.t_out
    }

    /// Present state.
    pub fn y(&self) -> &[f64] {
        if self.t_out < self.tn { &self.y_out } else { &self.y }
    }

    /// Time derivative of the present state.
    pub fn yp(&self) -> &[f64] {
        if self.t_out < self.tn { &self.yp_out } else { &self.yp }
    }

    /// Size of the next internal step, zero before the first one.
    pub fn next_step(&self) -> f64 {
        self.h
    }

    /// Order of the last internal step, zero before the first one.
    pub fn order(&self) -> usize {
        self.order_used
    }

    /// Work counters.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Options as given.
    pub fn options(&self) -> &BdfOptions {
        &self.options
    }

    /// Leading coefficient and correction data of the last accepted step, for the staggered sensitivity solve.
    pub(crate) fn last_coefficients(&self) -> &Coefficients {
        &self.coefficients
    }

    /// Number of internal steps since the start or the last restart.
    pub(crate) fn steps_since_start(&self) -> usize {
        self.steps_since_start
    }

    /// State and derivative at the end of the last internal step.
    pub(crate) fn internal_state(&self) -> (f64, &[f64], &[f64]) {
        (self.tn, &self.y, &self.yp)
    }

    /// Tells the integrator that the system was factored by somebody else.
    pub(crate) fn factorisation_replaced(&mut self, cj: f64) {
        self.cj_factored = Some(cj);
        self.statistics.factorisations += 1;
    }
}
