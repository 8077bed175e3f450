//! What can go wrong: states outside the domain, singular matrices, and failures of the integrator and the Newton solvers.

use thiserror::Error;

/// Why a system could not be evaluated or factored at a trial state; the caller of [`crate::System`] reacts by cutting the step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unusable {
    /// The trial state lies outside the domain of the equations, for example a negative concentration.
    #[error("{reason}")]
    Domain {
        /// Unknown that left the domain, if the system can tell.
        index: Option<usize>,
        /// What is wrong with it, in words.
        reason: &'static str,
    },
    /// The Jacobian could not be factored.
    #[error("the Jacobian is singular")]
    Singular {
        /// Row or pivot that vanished, if the linear solver can tell.
        index: Option<usize>,
    },
}

impl Unusable {
    /// The state is outside the domain; no unknown can be named.
    pub fn domain(reason: &'static str) -> Self {
        Self::Domain { index: None, reason }
    }

    /// The unknown `index` is outside the domain.
    pub fn at(index: usize, reason: &'static str) -> Self {
        Self::Domain {
            index: Some(index),
            reason,
        }
    }

    /// Index of the unknown at fault, if known.
    pub fn index(&self) -> Option<usize> {
        match *self {
            Self::Domain { index, .. } | Self::Singular { index } => index,
        }
    }
}

/// A matrix without an inverse, reported by the linear back ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("singular matrix{}", pivot_text(*.index))]
pub struct Singular {
    /// Column in which no usable pivot was found, if the back end can tell.
    pub index: Option<usize>,
}

fn pivot_text(index: Option<usize>) -> String {
    index.map(|i| format!(" at column {i}")).unwrap_or_default()
}

impl From<Singular> for Unusable {
    fn from(s: Singular) -> Self {
        Self::Singular { index: s.index }
    }
}

/// An iterative solution that did not reach its tolerance with any preconditioner.
///
/// A residual that stays at the same floor with every preconditioner points to the limits of double precision: look for metal
/// meshed at its full conductivity, and for potentials far from zero.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[error("the linear iteration stopped after {iterations} iterations at a relative residual of {residual:.1e}; allowed {tolerance:.1e}")]
pub struct NotSolved {
    /// Iterations spent, over all preconditioners.
    pub iterations: usize,
    /// Relative residual reached.
    pub residual: f64,
    /// Relative residual wanted.
    pub tolerance: f64,
}

impl From<NotSolved> for Unusable {
    fn from(_: NotSolved) -> Self {
        Self::Singular { index: None }
    }
}

/// Why the last attempt of a step was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum StepFailure {
    /// The local error estimate exceeded the tolerance by this factor.
    #[error("the local error is {0:.3} times the tolerance")]
    ErrorTest(f64),
    /// The Newton iteration did not converge.
    #[error("the Newton iteration did not converge")]
    Newton,
    /// The solution changes faster than the time variable can resolve.
    #[error("the solution changes faster than the time variable can resolve")]
    NoProgress,
    /// The system refused the trial state or its Jacobian.
    #[error("{0}")]
    Unusable(Unusable),
}

/// Failure of an integration, an initialisation or a steady-state solve.
///
/// Unknowns are named by index; the owner of the system turns the index into a region and a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum DaeError {
    /// The step size fell below its floor.
    #[error("step size {h:.3e} is too small at t = {t:.9e} (order {order}, unknown {worst_unknown}): {cause}")]
    StepTooSmall {
        /// Time of the last accepted state.
        t: f64,
        /// Step size that was about to be tried.
        h: f64,
        /// Order of the method.
        order: usize,
        /// Unknown with the largest weighted error or correction in the failed attempt.
        worst_unknown: usize,
        /// Reason of the last rejection.
        cause: StepFailure,
    },
    /// One step failed too often although its size stayed above the floor.
    #[error("step from t = {t:.9e} failed {attempts} times (size {h:.3e}, order {order}, unknown {worst_unknown}): {cause}")]
    RepeatedFailure {
        /// Time of the last accepted state.
        t: f64,
        /// Last step size.
        h: f64,
        /// Order of the method.
        order: usize,
        /// Number of failed attempts.
        attempts: usize,
        /// Unknown with the largest weighted error or correction in the failed attempt.
        worst_unknown: usize,
        /// Reason of the last rejection.
        cause: StepFailure,
    },
    /// A Newton iteration outside time stepping diverged or ran out of iterations.
    #[error(
        "Newton iteration at t = {t:.9e} did not converge in {iterations} iterations (unknown {worst_unknown}, correction {correction:.3e})"
    )]
    NewtonDiverged {
        /// Time of the solve.
        t: f64,
        /// Iterations spent.
        iterations: usize,
        /// Unknown with the largest weighted correction.
        worst_unknown: usize,
        /// Weighted norm of the last correction.
        correction: f64,
    },
    /// The integration used up its steps.
    #[error("{steps} steps did not reach the end; stopped at t = {t:.9e} with step size {h:.3e}")]
    TooManySteps {
        /// Time reached.
        t: f64,
        /// Step size at that time.
        h: f64,
        /// Number of steps allowed.
        steps: usize,
    },
    /// No consistent initial state was found.
    #[error(
        "no consistent initial state at t = {t:.9e} after {iterations} iterations: residual {worst_residual} is {residual:.3e}, unknown {worst_unknown}: {cause}"
    )]
    InitialConditions {
        /// Time of the initialisation.
        t: f64,
        /// Newton iterations spent.
        iterations: usize,
        /// Index of the equation with the largest residual.
        worst_residual: usize,
        /// Value of that residual.
        residual: f64,
        /// Unknown with the largest weighted correction.
        worst_unknown: usize,
        /// What stopped the iteration.
        cause: StepFailure,
    },
    /// A matrix had no inverse.
    #[error("singular matrix at t = {t:.9e}{}", pivot_text(*.index))]
    Singular {
        /// Time, or angular frequency for a frequency solve.
        t: f64,
        /// Row or pivot at fault, if known.
        index: Option<usize>,
    },
    /// The system refused its very first state.
    #[error("the state at t = {t:.9e} is unusable: {cause}")]
    Unusable {
        /// Time of the evaluation.
        t: f64,
        /// What the system said.
        cause: Unusable,
    },
    /// The integrator was asked for something it cannot do.
    #[error("{0}")]
    Misuse(Misuse),
}

/// A call that makes no sense in the present state of the integrator.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum Misuse {
    /// A vector has the wrong length.
    #[error("vector of length {found}, expected {expected}")]
    Length {
        /// Length given.
        found: usize,
        /// Length of the system.
        expected: usize,
    },
    /// The requested time lies outside the last step.
    #[error("t = {t:.9e} lies outside the last step [{from:.9e}, {to:.9e}]")]
    OutsideLastStep {
        /// Time asked for.
        t: f64,
        /// Start of the last step.
        from: f64,
        /// End of the last step.
        to: f64,
    },
    /// The stop time lies before the present time.
    #[error("stop time {t_stop:.9e} lies before the present time {t:.9e}")]
    StopInThePast {
        /// Present time.
        t: f64,
        /// Stop time asked for.
        t_stop: f64,
    },
    /// An option has a value that is not allowed.
    #[error("option {name} = {value:e} is not allowed: {allowed}")]
    Option {
        /// Name of the option.
        name: &'static str,
        /// Value found.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A vector holds a value that is not finite.
    #[error("value {index} of the initial state is not finite")]
    NotFinite {
        /// Position of the value.
        index: usize,
    },
}
