//! Linear back ends a system can own: dense, block-tridiagonal, sparse, any of them with a few border unknowns, and multigrid.
//!
//! All of them reuse their storage: fill the matrix, call [`LinearSolver::factor`], then [`LinearSolver::solve`] as often as
//! needed. They are generic over [`Field`], so the same code serves time integration and frequency response. [`MultifrontalLu`] can keep
//! its factors in single precision ([`Stored`]) for Newton's method; frequency response and whoever trusts a single solution keeps them whole.
//!
//! For two- and three-dimensional problems beyond a few ten thousand unknowns a direct factorisation becomes the bottleneck.
//! [`KrylovSolver`] takes the place of [`SparseLu`] there. It solves to a tolerance and may fail, and it decides by itself whether a
//! new matrix needs a new preconditioner, so it has calls of its own instead of the trait.

mod aggregation;
mod amg;
mod balances;
mod block_tridiagonal;
mod bordered;
mod compensation;
mod csr;
mod dense;
mod dissection;
mod elimination;
mod equilibration;
mod field;
mod field_split;
mod floating;
mod fronts;
mod galerkin;
mod gmres;
mod inverse;
mod krylov;
mod krylov_options;
mod krylov_report;
mod lines;
mod multifrontal;
mod packed;
mod pair_matrix;
mod pairing;
mod panel;
mod parallel;
mod pivots;
mod prolongation;
mod smoother;
mod sparse;
mod stored;
mod substitution;
mod totals;
mod transfer;

pub use block_tridiagonal::{Block, BlockTridiagonal};
pub use bordered::Bordered;
pub use csr::Csr;
pub use dense::DenseLu;
pub use field::Field;
pub use krylov::KrylovSolver;
pub use krylov_options::{Kind, KrylovOptions, Preconditioning, RowWeights};
pub use krylov_report::{KrylovStatistics, KrylovSummary, SolveReport};
pub use lines::{BlockLines, Bundle, LANES, Lane, LaneBlock, LaneVector};
pub use multifrontal::MultifrontalLu;
pub use sparse::SparseLu;
pub use stored::Stored;
pub use totals::Totals;

use crate::error::Singular;

/// A square matrix that can be factored in place of its last factorisation and solved repeatedly.
pub trait LinearSolver<S: Field> {
    /// Number of unknowns.
    fn len(&self) -> usize;

    /// True for an empty matrix.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Factors the matrix as filled since the last call.
    ///
    /// # Errors
    /// [`Singular`] if no usable pivot is left.
    fn factor(&mut self) -> Result<(), Singular>;

    /// Replaces `b` by `A⁻¹ b`.
    fn solve(&mut self, b: &mut [S]);

    /// Solves for several right-hand sides stored one after the other.
    fn solve_many(&mut self, b: &mut [S]) {
        let n = self.len();
        if n > 0 {
            b.chunks_exact_mut(n).for_each(|column| self.solve(column));
        }
    }
}
