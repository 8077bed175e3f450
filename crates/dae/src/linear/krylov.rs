//! The scalable back end: GMRES with algebraic multigrid that is set up again only when it has worn out.

use super::amg::Hierarchy;
use super::balances::{self, Balances};
use super::csr::Csr;
use super::field_split::FieldSplit;
use super::floating;
use super::gmres::{Gmres, Limits};
use super::krylov_options::{Kind, KrylovOptions, POTENTIAL, Preconditioning};
use super::krylov_report::{KrylovStatistics, KrylovSummary, SolveReport};
use super::pair_matrix::PairMatrix;
use super::parallel;
use crate::error::{NotSolved, Singular};

/// Largest relative residual of a later correction.
const LOOSEST: f64 = 1e-2;

enum Preconditioner {
    Multigrid(Hierarchy),
    FieldSplit(FieldSplit),
}

impl Preconditioner {
    fn apply(&mut self, a: &PairMatrix, b: &[f64], x: &mut [f64], ax: &mut [f64], exact: bool) {
        match self {
            Self::Multigrid(hierarchy) => hierarchy.apply(a, b, x, ax, exact),
            Self::FieldSplit(split) => split.apply(a, b, x, ax),
        }
    }

    fn renew_finest(&mut self, a: &PairMatrix) -> bool {
        match self {
            Self::Multigrid(hierarchy) => hierarchy.renew_finest(a),
            Self::FieldSplit(split) => split.renew_finest(a),
        }
    }

    fn kind(&self) -> Preconditioning {
        match self {
            Self::Multigrid(_) => Preconditioning::Multigrid,
            Self::FieldSplit(_) => Preconditioning::FieldSplit,
        }
    }
}

/// A preconditioner with what decides about its reuse.
struct Built {
    preconditioner: Preconditioner,
    /// `cj` of the matrix it was made from.
    cj: f64,
    /// True until another matrix is filled in.
    fresh: bool,
    /// Iterations of the first solution, and of the last one.
    first: Option<usize>,
    last: usize,
}

/// Sparse matrix of implicit steps on two- and three-dimensional meshes, solved by preconditioned GMRES.
///
/// Use it beyond a few ten thousand unknowns; below, [`SparseLu`](super::SparseLu) is faster. Number the unknowns volume by
/// volume, neighbours close together, and give each connected metal piece one unknown: a mesh of metal at 1e7 S/m behind faces of
/// 1 S/m² is beyond double precision. Write each balance so that its own unknown diffuses in it: the salt balance with the share
/// `t₊` of the current balance subtracted (sources `1 - t₊`), not as a balance of ions with migration, whose diffusion may cancel. Fill
/// [`KrylovSolver::values_mut`], call [`KrylovSolver::factor`] with the derivative scale of the step, then [`KrylovSolver::solve`].
/// Threads: those of the current rayon pool; results do not depend on their number.
///
/// # Equation
/// `A M⁻¹ u = b`, `x = M⁻¹ u` by restarted GMRES. `M⁻¹` is a V-cycle of smoothed aggregation by kind of unknown, in single precision
/// where that does no harm; its finest level follows every matrix, the coarser ones stay until they have worn out. The equations of
/// each balance ([`KrylovSolver::conserving`]) are left with a residual that adds up to zero, unless closing them would cost more
/// iterations. If the cycle fails, the ladder is: a fresh hierarchy, then multigrid on potentials and concentrations apart with the
/// smoother on the whole, then [`NotSolved`], after which the caller may factor directly or cut the step.
///
/// # Verification
/// `tests/krylov.rs` against [`SparseLu`](super::SparseLu); `examples/krylov_sizes.rs` measures up to 10⁶ unknowns.
pub struct KrylovSolver {
    matrix: Csr,
    /// The same with weighted rows, in the numbering of all vectors.
    blocks: PairMatrix,
    balances: Balances,
    groups: Vec<u8>,
    row_weights: Vec<f64>,
    options: KrylovOptions,
    built: Option<Built>,
    cj: f64,
    gmres: Gmres,
    b: Vec<f64>,
    x: Vec<f64>,
    /// Weighted norm of the last right-hand side that was solved for to the tolerance of the options.
    first: f64,
    statistics: KrylovStatistics,
}

impl std::fmt::Debug for KrylovSolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KrylovSolver")
            .field("n", &self.groups.len())
            .field("n_entries", &self.matrix.n_entries())
            .field("statistics", &self.statistics)
            .finish_non_exhaustive()
    }
}

impl KrylovSolver {
    /// A matrix with one row and column for each of `kinds`, and zeros at the given `(row, column)` positions and on the diagonal.
    ///
    /// # Panics
    /// If a position lies outside the matrix, there are more than 2³² unknowns, or a weight is not positive.
    pub fn new(kinds: &[Kind], positions: impl IntoIterator<Item = (usize, usize)>, options: KrylovOptions) -> Self {
        let weights = options.weights;
        for w in [weights.potential, weights.concentration, weights.single] {
            assert!(w > 0.0 && w.is_finite(), "row weight {w} is not positive");
        }
        let weight = |kind: &Kind| match kind {
            Kind::Potential => weights.potential,
            Kind::Concentration(_) => weights.concentration,
            Kind::Single => weights.single,
        };
        let matrix = Csr::square(kinds.len(), positions);
        let groups: Vec<u8> = kinds.iter().map(|kind| kind.group()).collect();
        let blocks = PairMatrix::new(&matrix, &groups);
        let n_places = blocks.pairs.n_places();
        Self {
            balances: Balances::new(&blocks, &balances::by_kind(kinds)),
            matrix,
            blocks,
            groups,
            row_weights: kinds.iter().map(weight).collect(),
            options,
            built: None,
            cj: 0.0,
            gmres: Gmres::default(),
            b: vec![0.0; n_places],
            x: vec![0.0; n_places],
            first: 0.0,
            statistics: KrylovStatistics::default(),
        }
    }

    /// The same with other balances to close than one for each kind of unknown: the number of what each equation is a balance of.
    ///
    /// # Panics
    /// If there is not one number for each unknown.
    #[must_use]
    pub fn conserving(mut self, numbers: &[u8]) -> Self {
        assert_eq!(numbers.len(), self.len(), "numbers of balances for another matrix");
        self.balances = Balances::new(&self.blocks, numbers);
        self
    }

    /// Number of unknowns.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// True for an empty matrix.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The matrix as filled.
    pub fn matrix(&self) -> &Csr {
        &self.matrix
    }

    /// Place of `(row, column)` in [`KrylovSolver::values_mut`], or `None` if it is not in the pattern.
    pub fn slot(&self, row: usize, column: usize) -> Option<usize> {
        self.matrix.slot(row, column)
    }

    /// Values in row order, to be filled before [`KrylovSolver::factor`].
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.matrix.values
    }

    /// Sets every entry to zero.
    pub fn clear(&mut self) {
        self.matrix.values.fill(0.0);
    }

    /// What has been done so far.
    pub fn statistics(&self) -> KrylovStatistics {
        self.statistics
    }

    /// Size of the present preconditioner.
    pub fn summary(&self) -> KrylovSummary {
        let (levels, memory) = match self.built.as_ref().map(|built| &built.preconditioner) {
            Some(Preconditioner::Multigrid(hierarchy)) => (hierarchy.sizes().to_vec(), hierarchy.memory_bytes()),
            Some(Preconditioner::FieldSplit(split)) => (split.sizes(), split.memory_bytes()),
            None => Default::default(),
        };
        let entries: usize = levels.iter().map(|(_, entries)| entries).sum();
        KrylovSummary {
            operator_complexity: entries as f64 / self.matrix.n_entries().max(1) as f64,
            memory_bytes: self.matrix.memory_bytes()
                + self.blocks.memory_bytes()
                + self.balances.memory_bytes()
                + self.gmres.memory_bytes()
                + memory
                + 16 * self.x.len()
                + 9 * self.len(),
            levels,
        }
    }

    /// Makes the filled matrix ready for solutions: builds a preconditioner, or keeps the last one if it is still good.
    ///
    /// `cj` is the factor of the time derivatives in the matrix, about the inverse time step. The preconditioner is kept while
    /// `cj` and the iteration counts stay within the bounds of [`KrylovOptions`].
    ///
    /// # Errors
    /// [`Singular`] if a new preconditioner finds an empty row, a piece of the potential network that nothing holds, or numbers
    /// that are not finite.
    pub fn factor(&mut self, cj: f64) -> Result<(), Singular> {
        self.cj = cj;
        self.blocks.fill(&self.matrix, &self.row_weights);
        self.balances.fill(&self.blocks);
        if let Some(built) = &mut self.built {
            built.fresh = false;
            let options = &self.options;
            let allowed = built.first.map_or(options.keep_iterations, |first| {
                ((options.keep_growth * first as f64) as usize).max(10).min(options.keep_iterations)
            });
            let near = cj <= options.keep_up * built.cj && cj * options.keep_down >= built.cj;
            if near && built.last <= allowed && built.preconditioner.renew_finest(&self.blocks) {
                self.statistics.kept += 1;
                return Ok(());
            }
        }
        self.rebuild(self.options.preconditioner)
    }

    fn rebuild(&mut self, kind: Preconditioning) -> Result<(), Singular> {
        // The old hierarchy goes first, so that two never share the memory.
        self.built = None;
        floating::check(&self.matrix, |i| self.groups[i] == POTENTIAL)?;
        let preconditioner = match kind {
            Preconditioning::Multigrid => {
                Preconditioner::Multigrid(Hierarchy::new(&self.matrix, &self.blocks, &self.groups, &self.row_weights)?)
            }
            Preconditioning::FieldSplit => Preconditioner::FieldSplit(FieldSplit::new(
                &self.matrix,
                &self.blocks,
                &self.groups,
                POTENTIAL,
                &self.row_weights,
            )?),
        };
        self.statistics.set_ups += 1;
        self.built = Some(Built {
            preconditioner,
            cj: self.cj,
            fresh: true,
            first: None,
            last: 0,
        });
        Ok(())
    }

    /// Replaces `b` by `A⁻¹ b` to the tolerance of the options.
    ///
    /// # Errors
    /// As [`KrylovSolver::solve_within`].
    pub fn solve(&mut self, b: &mut [f64]) -> Result<SolveReport, NotSolved> {
        self.take(b);
        self.first = parallel::norm(&self.b);
        self.solve_taken(b, self.options.tolerance)
    }

    /// As [`KrylovSolver::solve`] for a later correction of the same Newton iteration, whose residual may be as large as that of the
    /// last such solution, but no more than a hundredth of `b`.
    ///
    /// # Errors
    /// As [`KrylovSolver::solve_within`].
    pub fn solve_again(&mut self, b: &mut [f64]) -> Result<SolveReport, NotSolved> {
        self.take(b);
        let tolerance = self.options.tolerance * self.first / parallel::norm(&self.b);
        self.solve_taken(b, tolerance.clamp(self.options.tolerance, LOOSEST))
    }

    /// Replaces `b` by `A⁻¹ b` to the given relative residual, for example a loose one far from the solution of a Newton iteration.
    ///
    /// # Errors
    /// [`NotSolved`] if no preconditioner leads to the tolerance; `b` is then as it was.
    ///
    /// # Panics
    /// If [`KrylovSolver::factor`] was never called, or `b` has the wrong length.
    pub fn solve_within(&mut self, b: &mut [f64], tolerance: f64) -> Result<SolveReport, NotSolved> {
        self.take(b);
        self.solve_taken(b, tolerance)
    }

    /// Brings a right-hand side to its places, with weights.
    fn take(&mut self, b: &[f64]) {
        assert_eq!(b.len(), self.len(), "right-hand side of the wrong length");
        for ((place, b), weight) in self.blocks.pairs.place.iter().zip(b).zip(&self.row_weights) {
            self.b[*place as usize] = weight * b;
        }
    }

    /// Solves for the right-hand side that was taken; `b` receives the solution.
    fn solve_taken(&mut self, b: &mut [f64], tolerance: f64) -> Result<SolveReport, NotSolved> {
        assert!(self.built.is_some(), "invariant: solve follows a successful call of factor");
        self.statistics.solves += 1;
        self.x.fill(0.0);
        let mut iterations = 0;
        let mut residual = f64::INFINITY;
        while let Some(built) = &mut self.built {
            let limits = Limits {
                tolerance,
                max_iterations: self.options.max_iterations,
                restart: self.options.restart.max(1),
            };
            let a = &self.blocks;
            let preconditioner = &mut built.preconditioner;
            let mut precondition = |b: &[f64], x: &mut [f64], ax: &mut [f64], exact: bool| preconditioner.apply(a, b, x, ax, exact);
            let outcome = self
                .gmres
                .solve(a, &mut self.balances, &mut precondition, &self.b, &mut self.x, limits);
            let kind = preconditioner.kind();
            iterations += outcome.iterations;
            residual = outcome.residual;
            built.last = outcome.iterations;
            built.first.get_or_insert(outcome.iterations);
            if residual <= tolerance {
                self.statistics.iterations += iterations;
                for (b, place) in b.iter_mut().zip(&self.blocks.pairs.place) {
                    *b = self.x[*place as usize];
                }
                return Ok(SolveReport {
                    iterations,
                    residual,
                    preconditioner: kind,
                });
            }
            if !residual.is_finite() {
                self.x.fill(0.0);
            }
            let next = match (built.fresh, kind) {
                (false, _) => self.options.preconditioner,
                (true, Preconditioning::Multigrid) => Preconditioning::FieldSplit,
                (true, Preconditioning::FieldSplit) => break,
            };
            match built.fresh {
                false => self.statistics.rebuilt += 1,
                true => self.statistics.fallbacks += 1,
            }
            if self.rebuild(next).is_err() {
                break;
            }
        }
        self.statistics.iterations += iterations;
        self.statistics.failures += 1;
        Err(NotSolved {
            iterations,
            residual,
            tolerance,
        })
    }
}
