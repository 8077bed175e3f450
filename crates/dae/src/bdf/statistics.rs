//! Work counters of an integration.

/// What an integration has cost so far; restarts do not reset it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Accepted steps.
    pub steps: usize,
    /// Attempts rejected by the error test.
    pub rejected_error: usize,
    /// Attempts rejected because Newton failed or the system refused the state.
    pub rejected_newton: usize,
    /// Residual evaluations.
    pub residuals: usize,
    /// Jacobian assemblies with factorisation.
    pub factorisations: usize,
    /// Back-solves.
    pub solves: usize,
    /// Newton iterations.
    pub newton_iterations: usize,
    /// Restarts after a discontinuity.
    pub restarts: usize,
    /// Evaluations of the root functions.
    pub event_evaluations: usize,
    /// Accepted steps by order; entry 0 is order 1.
    pub orders: [usize; 5],
}
