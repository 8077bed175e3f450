//! The scalable back end: GMRES with algebraic multigrid that is set up again only when it has worn out.

use super::aggregation::ALONE;
use super::amg::Hierarchy;
use super::csr::Csr;
use super::field_split::FieldSplit;
use super::floating;
use super::gmres::{Gmres, Limits};
use crate::error::{NotSolved, Singular};

/// What an unknown is; its equation is the balance of the same quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Electric potential of a volume, a metal piece or a terminal, with a current balance as its equation. Potentials of
    /// electrolytes, electrodes and metals form one network of conductances.
    Potential,
    /// Concentration of one species in one kind of host, with a mass balance as its equation. Give concentrations that diffuse in
    /// different hosts (salt in electrolyte, lithium in electrode) different numbers below 254.
    Concentration(u8),
    /// A single quantity with an equation of its own, such as the current of a terminal at prescribed voltage. Its diagonal may be
    /// zero if it is numbered after the unknowns it depends on.
    Single,
}

/// Group of all potentials.
const POTENTIAL: u8 = 0;

impl Kind {
    fn group(self) -> u8 {
        match self {
            Self::Potential => POTENTIAL,
            Self::Concentration(species) => species.saturating_add(1).min(ALONE - 1),
            Self::Single => ALONE,
        }
    }
}

/// Constants that make the equations of different kinds comparable, one for each kind and never one for each row.
///
/// A residual counts as `weight` times its value, so choose weights that express every equation in amperes: 1 for a current
/// balance in amperes, the Faraday constant for a balance in mol/s, the conductance that matters (S) for an equation in volts.
/// Weights decide only what "small residual" means: the preconditioner does not change with them, nor with the units of the
/// unknowns. Dividing each row by its own diagonal is the one thing not to do, before or here; it destroys the sums over volumes
/// that coarse equations are made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowWeights {
    /// Weight of current balances. Default 1.
    pub potential: f64,
    /// Weight of mass balances. Default 1.
    pub concentration: f64,
    /// Weight of single equations. Default 1.
    pub single: f64,
}

impl Default for RowWeights {
    fn default() -> Self {
        Self {
            potential: 1.0,
            concentration: 1.0,
            single: 1.0,
        }
    }
}

/// Options of [`KrylovSolver`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KrylovOptions {
    /// Largest weighted residual relative to that of a zero solution. Default 1e-6, enough for Newton corrections; much below, the
    /// floor of double precision may be met at large jumps of conductance.
    pub tolerance: f64,
    /// Iterations after which a preconditioner counts as failed. Default 60.
    pub max_iterations: usize,
    /// Iterations after which GMRES starts again with the true residual. Default 40. Every iteration holds two vectors.
    pub restart: usize,
    /// The hierarchy is kept while `cj` is at most this many times that of its set-up (time steps have shrunk). Default 2.
    pub keep_up: f64,
    /// The hierarchy is kept while `cj` is at least that of its set-up divided by this (time steps have grown). Default 3.
    pub keep_down: f64,
    /// The hierarchy is kept while solutions need at most this many times the iterations of the first one after its set-up, or ten
    /// iterations if that is more. Default 2.
    pub keep_growth: f64,
    /// The hierarchy is kept while solutions need at most this many iterations. Default 40.
    pub keep_iterations: usize,
    /// The preconditioner to begin with. Default multigrid on all unknowns; the other one needs more iterations but about half the
    /// memory, and is the last resort then.
    pub preconditioner: Preconditioning,
    /// Row weights by kind. Default 1.
    pub weights: RowWeights,
}

impl Default for KrylovOptions {
    fn default() -> Self {
        Self {
            tolerance: 1e-6,
            max_iterations: 60,
            restart: 40,
            keep_up: 2.0,
            keep_down: 3.0,
            keep_growth: 2.0,
            keep_iterations: 40,
            preconditioner: Preconditioning::Multigrid,
            weights: RowWeights::default(),
        }
    }
}

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

/// Which preconditioner is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preconditioning {
    /// Multigrid on all unknowns.
    Multigrid,
    /// Multigrid on potentials and concentrations apart, then ILU(0) on all.
    FieldSplit,
}

/// What the solver has cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KrylovStatistics {
    /// Hierarchies built, including those of the second preconditioner.
    pub set_ups: usize,
    /// Calls of [`KrylovSolver::factor`] that kept the hierarchy.
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

enum Preconditioner {
    Multigrid(Hierarchy),
    FieldSplit(FieldSplit),
}

impl Preconditioner {
    fn apply(&mut self, a: &Csr, b: &[f64], x: &mut [f64]) {
        match self {
            Self::Multigrid(hierarchy) => hierarchy.apply(a, b, x),
            Self::FieldSplit(split) => split.apply(a, b, x),
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
/// `t₊` of the current balance subtracted (sources `1 - t₊`), not as a balance of ions with migration, whose diffusion may cancel. Fill [`KrylovSolver::values_mut`], call [`KrylovSolver::factor`] with the derivative scale
/// of the step, then [`KrylovSolver::solve`]. Threads: those of the current rayon pool; results do not depend on their number.
///
/// # Equation
/// `A M⁻¹ u = b`, `x = M⁻¹ u` by restarted GMRES. `M⁻¹` is a V-cycle of smoothed aggregation by kind of unknown. If it fails, the
/// ladder is: a fresh hierarchy, then multigrid on potentials and concentrations apart with ILU(0) on the whole, then
/// [`NotSolved`], after which the caller may factor directly or cut the step.
///
/// # Verification
/// `tests/krylov.rs` against [`SparseLu`](super::SparseLu); `examples/krylov_sizes.rs` measures up to 10⁶ unknowns.
pub struct KrylovSolver {
    matrix: Csr,
    groups: Vec<u8>,
    row_weights: Vec<f64>,
    options: KrylovOptions,
    built: Option<Built>,
    cj: f64,
    gmres: Gmres,
    x: Vec<f64>,
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
        Self {
            matrix: Csr::square(kinds.len(), positions),
            groups: kinds.iter().map(|kind| kind.group()).collect(),
            row_weights: kinds.iter().map(weight).collect(),
            options,
            built: None,
            cj: 0.0,
            gmres: Gmres::default(),
            x: vec![0.0; kinds.len()],
            statistics: KrylovStatistics::default(),
        }
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
            memory_bytes: self.matrix.memory_bytes() + self.gmres.memory_bytes() + memory + 17 * self.len(),
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
        if let Some(built) = &mut self.built {
            built.fresh = false;
            let options = &self.options;
            let allowed = built.first.map_or(options.keep_iterations, |first| {
                ((options.keep_growth * first as f64) as usize).max(10).min(options.keep_iterations)
            });
            let near = cj <= options.keep_up * built.cj && cj * options.keep_down >= built.cj;
            if near && built.last <= allowed {
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
            Preconditioning::Multigrid => Preconditioner::Multigrid(Hierarchy::new(&self.matrix, &self.groups, &self.row_weights)?),
            Preconditioning::FieldSplit => {
                Preconditioner::FieldSplit(FieldSplit::new(&self.matrix, &self.groups, POTENTIAL, &self.row_weights)?)
            }
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
        self.solve_within(b, self.options.tolerance)
    }

    /// Replaces `b` by `A⁻¹ b` to the given relative residual, for example a loose one far from the solution of a Newton iteration.
    ///
    /// # Errors
    /// [`NotSolved`] if no preconditioner leads to the tolerance; `b` is then as it was.
    ///
    /// # Panics
    /// If [`KrylovSolver::factor`] was never called, or `b` has the wrong length.
    pub fn solve_within(&mut self, b: &mut [f64], tolerance: f64) -> Result<SolveReport, NotSolved> {
        assert_eq!(b.len(), self.len(), "right-hand side of the wrong length");
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
            let a = &self.matrix;
            let preconditioner = &mut built.preconditioner;
            let mut precondition = |b: &[f64], x: &mut [f64]| preconditioner.apply(a, b, x);
            let outcome = self.gmres.solve(a, &mut precondition, &self.row_weights, b, &mut self.x, limits);
            let kind = preconditioner.kind();
            iterations += outcome.iterations;
            residual = outcome.residual;
            built.last = outcome.iterations;
            built.first.get_or_insert(outcome.iterations);
            if residual <= tolerance {
                self.statistics.iterations += iterations;
                b.copy_from_slice(&self.x);
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
