//! What the multigrid solver tells: of one solution, of all of them, and of its size.

use super::krylov_options::Preconditioning;

/// Result of one solution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SolveReport {
    /// Iterations, over all preconditioners tried.
    pub iterations: usize,
    /// Weighted true residual relative to the right-hand side.
    pub residual: f64,
    /// Preconditioner that succeeded.
    pub preconditioner: Preconditioning,
}

/// What the solver has cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KrylovStatistics {
    /// Hierarchies built, including those of the second preconditioner.
    pub set_ups: usize,
    /// Calls of [`KrylovSolver::factor`](super::KrylovSolver::factor) that kept the hierarchy.
    pub kept: usize,
    /// Solutions.
    pub solves: usize,
    /// Iterations of all solutions.
    pub iterations: usize,
    /// Solutions that needed a fresh hierarchy in their midst.
    pub rebuilt: usize,
    /// Solutions that needed the second preconditioner.
    pub fallbacks: usize,
    /// Solutions that failed.
    pub failures: usize,
}

/// Size of the present preconditioner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KrylovSummary {
    /// Unknowns and entries of each level, finest first; those of the two fields one after the other for the second
    /// preconditioner.
    pub levels: Vec<(usize, usize)>,
    /// Entries of all levels relative to those of the matrix.
    pub operator_complexity: f64,
    /// Bytes of matrix, preconditioner and Krylov vectors, without the factors of the coarsest level.
    pub memory_bytes: usize,
}
