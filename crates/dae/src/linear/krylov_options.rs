//! What the multigrid solver is told: kinds of unknowns, weights of equations, tolerances, when a set-up is kept.

use super::aggregation::ALONE;

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
pub(super) const POTENTIAL: u8 = 0;

impl Kind {
    pub(super) fn group(self) -> u8 {
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

/// Options of [`KrylovSolver`](super::KrylovSolver).
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

/// Which preconditioner is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preconditioning {
    /// Multigrid on all unknowns.
    Multigrid,
    /// Multigrid on potentials and concentrations apart, then the smoother on all.
    FieldSplit,
}
