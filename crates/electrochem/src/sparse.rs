//! The sparse matrix of the control volumes: a direct factorisation while it is small, GMRES with multigrid beyond.

use crate::direct::Direct;
use crate::model::BLOCK;
use crate::pattern::{Filled, NONE, Pattern};
use crate::workspace::Workspace;
use cellwright_base::constants::FARADAY;
use cellwright_dae::linear::{Kind, KrylovOptions, KrylovSolver, RowWeights, Stored, Totals};
use std::sync::Arc;

/// How the linear systems of a mesh that is no stack are solved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Direct while that is faster, with factors in single precision if they do not fit into the cache; iterations beyond.
    #[default]
    Usual,
    /// Sparse LU with all digits, whose single solution can be trusted: what the others are compared with.
    Direct,
    /// Sparse LU with factors in single precision, however few.
    Short,
    /// GMRES with multigrid.
    Iterations,
}

/// Unknowns beyond which the work of a direct factorisation is not even counted.
const COUNTED: usize = 600_000;

/// Numbers of the factors up to which they keep all digits: so many (2 MB) lie in the cache of a core, where shorter ones are read no faster.
const IN_CACHE: usize = 250_000;

/// Relative residual of the iterations: Newton's method takes as many as with an exact solution, and the solver closes all balances.
const FORCING: f64 = 2e-4;

/// Growth and decrease of the time step within which the coarse levels are kept: their set-up costs as much as some twenty iterations,
/// and the finest level follows every matrix.
const KEEP_DOWN: f64 = 12.0;
const KEEP_UP: f64 = 8.0;

enum Backend {
    Exact(Direct<f64>),
    /// With factors in single precision, since reading them is what takes time; Newton's method corrects what they leave, but for totals.
    Short(Direct<f64, f32>, Totals),
    Krylov(Box<KrylovSolver>),
}

impl Backend {
    /// The same matrix with factors in single precision.
    fn short(direct: &Direct<f64>, pattern: &Pattern) -> Backend {
        Backend::Short(direct.emptied(), Totals::new(pattern.totals.clone()))
    }

    /// GMRES, with the potential of the positive terminal as the last unknown.
    fn krylov(pattern: &Pattern, positions: &[(usize, usize)]) -> Backend {
        let mut kinds = pattern.kinds.clone();
        kinds.push(Kind::Potential);
        let weights = RowWeights {
            concentration: FARADAY,
            ..RowWeights::default()
        };
        let options = KrylovOptions {
            tolerance: FORCING,
            keep_up: KEEP_UP,
            keep_down: KEEP_DOWN,
            weights,
            ..KrylovOptions::default()
        };
        let all = positions.iter().copied().chain(pattern.terminal_entries());
        // The current of the terminal is a balance of its own: the charge of its electrode is conserved beside that of the whole.
        let mut totals = pattern.totals.clone();
        totals.push(totals.iter().max().map_or(0, |last| last + 1));
        Backend::Krylov(Box::new(KrylovSolver::new(&kinds, all, options).conserving(&totals)))
    }

    fn values_mut(&mut self) -> &mut [f64] {
        match self {
            Backend::Exact(m) => m.fronts.values_mut(),
            Backend::Short(m, _) => m.fronts.values_mut(),
            Backend::Krylov(m) => m.values_mut(),
        }
    }

    fn factor(&mut self, cj: f64) -> bool {
        match self {
            Backend::Exact(m) => m.factor(),
            Backend::Short(m, totals) => {
                totals.fill(m.fronts.positions().zip(m.fronts.values().iter().copied()));
                m.factor()
            }
            Backend::Krylov(m) => m.factor(cj).is_ok(),
        }
    }
}

/// The sparse matrix with its factors.
pub(crate) struct Sparse {
    pattern: Arc<Pattern>,
    /// Place of each entry among the values, in the order of [`Pattern::entries`].
    slots: Arc<Vec<u32>>,
    backend: Backend,
    /// Diagonals of the unknowns that are not in the matrix.
    alone: Vec<f64>,
    /// Part of the current balance that is taken off the salt balance, mol/C.
    share: Vec<f64>,
    rhs: Vec<f64>,
    /// Factor on the equation of the terminal.
    scale: f64,
    /// True while a later correction of the same Newton iteration is solved for.
    pub(crate) again: bool,
}

impl Clone for Sparse {
    fn clone(&self) -> Sparse {
        let backend = match &self.backend {
            Backend::Exact(m) => Backend::Exact(m.emptied()),
            Backend::Short(m, totals) => Backend::Short(m.emptied(), totals.clone()),
            Backend::Krylov(_) => Backend::krylov(&self.pattern, &self.pattern.entries()),
        };
        Sparse::with(self.pattern.clone(), self.slots.clone(), backend)
    }
}

impl std::fmt::Debug for Sparse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sparse").field("n", &self.pattern.n).finish_non_exhaustive()
    }
}

impl Sparse {
    pub(crate) fn new(pattern: Arc<Pattern>, method: Method) -> Sparse {
        let mut positions = pattern.entries();
        let considered = match method {
            Method::Usual => pattern.n <= COUNTED,
            Method::Direct | Method::Short => true,
            Method::Iterations => false,
        };
        let direct = considered.then(|| Direct::<f64>::new(&pattern.places, &positions));
        let backend = match direct.filter(|d| method != Method::Usual || d.is_worthwhile()) {
            Some(direct) => match method {
                Method::Usual if direct.fronts.n_factors() > IN_CACHE => Backend::short(&direct, &pattern),
                Method::Short => Backend::short(&direct, &pattern),
                _ => Backend::Exact(direct),
            },
            None => Backend::krylov(&pattern, &positions),
        };
        if matches!(backend, Backend::Krylov(_)) {
            positions.extend(pattern.terminal_entries());
        }
        let slot = |&(i, j): &(usize, usize)| match &backend {
            Backend::Exact(m) => m.fronts.slot(i, j),
            Backend::Short(m, _) => m.fronts.slot(i, j),
            Backend::Krylov(m) => m.slot(i, j),
        };
        let slots = positions
            .iter()
            .map(|at| slot(at).expect("invariant: every entry is in the pattern") as u32)
            .collect();
        Sparse::with(pattern, Arc::new(slots), backend)
    }

    fn with(pattern: Arc<Pattern>, slots: Arc<Vec<u32>>, backend: Backend) -> Sparse {
        let iterative = matches!(backend, Backend::Krylov(_));
        Sparse {
            slots,
            alone: vec![1.0; pattern.compact.len()],
            share: vec![0.0; pattern.compact.len() / BLOCK],
            rhs: vec![0.0; pattern.n + usize::from(iterative)],
            scale: 1.0,
            again: false,
            backend,
            pattern,
        }
    }

    pub(crate) fn n_remote(&self) -> usize {
        self.pattern.remote.len()
    }

    /// True if solutions are found by iterations; the potential of the positive terminal is then the last unknown of the matrix.
    pub(crate) fn iterates(&self) -> bool {
        matches!(self.backend, Backend::Krylov(_))
    }

    /// True if a matrix of its own for every step saves more than it costs. Where electrodes lie in volumes, three unknowns each are
    /// tightly coupled and a solution takes twice the iterations, so one less is worth it.
    pub(crate) fn factors_cheaply(&self) -> bool {
        self.iterates() && self.pattern.compact.chunks_exact(BLOCK).any(|places| places[2] != NONE)
    }

    pub(crate) fn describe(&self) -> String {
        match &self.backend {
            Backend::Exact(m) => self.describe_direct(m),
            Backend::Short(m, _) => self.describe_direct(m) + " in single precision",
            Backend::Krylov(m) => {
                let (s, statistics) = (m.summary(), m.statistics());
                let mean = statistics.iterations as f64 / statistics.solves.max(1) as f64;
                format!(
                    "GMRES with multigrid on {} unknowns, {} levels, {mean:.1} iterations a solution, {} of {} matrices set up anew",
                    self.pattern.n,
                    s.levels.len(),
                    statistics.set_ups,
                    statistics.set_ups + statistics.kept
                )
            }
        }
    }

    fn describe_direct<F: Stored<f64>>(&self, m: &Direct<f64, F>) -> String {
        let (n, entries, factors) = (self.pattern.n, m.fronts.n_entries(), m.fronts.n_factors());
        format!("sparse LU of {n} unknowns, {entries} entries, {factors} in its factors")
    }

    pub(crate) fn factor(&mut self, work: &Workspace) -> bool {
        let p = &self.pattern;
        let iterative = self.iterates();
        if iterative {
            for (k, share) in self.share.iter_mut().enumerate() {
                *share = if p.compact[BLOCK * k] != NONE && p.compact[BLOCK * k + 1] != NONE {
                    work.coefficients.at(k).transference / FARADAY
                } else {
                    0.0
                };
            }
        }
        for (k, block) in work.diag.iter().enumerate() {
            (0..BLOCK).for_each(|i| self.alone[BLOCK * k + i] = block[i][i]);
        }
        let values = self.backend.values_mut();
        values.fill(0.0);
        let mut slots = self.slots.iter();
        let filled = Filled { work, share: &self.share };
        p.each(
            |cells, at, v| {
                if p.entry(cells, at).is_some()
                    && let Some(slot) = slots.next()
                {
                    values[*slot as usize] += v;
                }
            },
            &filled,
        );
        if !iterative {
            return self.backend.factor(work.cj);
        }
        let [[a, c], [d, e]] = work.border;
        self.scale = terminal_scale(&work.border);
        let mut row = vec![0.0; p.terminal.len()];
        let place = |at: usize| p.terminal.binary_search(&at).ok();
        for (at, v) in &work.row {
            if let Some(k) = place(*at) {
                row[k] += self.scale * e * v;
            }
        }
        for (at, row) in p.terminal.iter().zip(&row) {
            let (k, i) = (at / BLOCK, at % BLOCK);
            let column = &work.column[0];
            let share = if i == 0 { self.share[k] * column[at + 1] } else { 0.0 };
            for v in [column[*at] - share, *row] {
                if let Some(slot) = slots.next() {
                    values[*slot as usize] += v;
                }
            }
        }
        if let Some(slot) = slots.next() {
            values[*slot as usize] += self.scale * (a * e - c * d);
        }
        self.backend.factor(work.cj)
    }

    /// Solves for the volumes; with the terminal in the matrix, `last` is its right-hand side and its potential comes back.
    pub(crate) fn solve(&mut self, r: &mut [f64], last: f64) -> f64 {
        let p = &self.pattern;
        for (k, share) in self.share.iter().enumerate() {
            let at = BLOCK * k;
            for i in 0..BLOCK {
                let place = p.compact[at + i];
                if place != NONE {
                    self.rhs[place as usize] = if i == 0 { r[at] - share * r[at + 1] } else { r[at + i] };
                }
            }
        }
        let solved = match &mut self.backend {
            Backend::Exact(m) => {
                m.solve(&mut self.rhs);
                true
            }
            Backend::Short(m, totals) => {
                let b = self.rhs.clone();
                totals.take(&b);
                m.solve(&mut self.rhs);
                if !totals.close(&mut self.rhs) {
                    // In long steps little but a total decides how much salt there is, and short factors do not see it: one refinement.
                    let mut left = b.clone();
                    m.fronts.subtract_product(&self.rhs, &mut left);
                    m.solve(&mut left);
                    self.rhs.iter_mut().zip(&left).for_each(|(x, v)| *x += v);
                    totals.take(&b);
                    totals.close(&mut self.rhs);
                }
                true
            }
            Backend::Krylov(m) => {
                self.rhs[p.n] = last;
                match self.again {
                    false => m.solve(&mut self.rhs).is_ok(),
                    true => m.solve_again(&mut self.rhs).is_ok(),
                }
            }
        };
        // The time integration cuts the step when it sees no number.
        if !solved {
            self.rhs.fill(f64::NAN);
        }
        for ((x, place), d) in r.iter_mut().zip(&p.compact).zip(&self.alone) {
            *x = if *place == NONE { *x / d } else { self.rhs[*place as usize] };
        }
        self.rhs.get(p.n).copied().unwrap_or(0.0)
    }

    /// Potential and current of the positive terminal beside the solution for the volumes.
    pub(crate) fn solve_with_terminal(
        &mut self,
        r: &mut [f64],
        top: f64,
        bottom: f64,
        border: &[[f64; 2]; 2],
        row: &[(usize, f64)],
    ) -> [f64; 2] {
        let [[a, c], [d, e]] = *border;
        let potential = self.solve(r, self.scale * (e * top - c * bottom));
        let current = if e != 0.0 {
            (bottom - d * potential) / e
        } else {
            let carried: f64 = row.iter().map(|(at, v)| v * r[*at]).sum();
            (top - carried - a * potential) / c
        };
        [potential, current]
    }
}

/// The control tells the current, `I = (bottom - d φ₊)/e`; put into the row of the terminal and multiplied by e, an imposed voltage
/// (e = 0) is the same equation. This factor gives it a positive diagonal in the measure of a conductance.
fn terminal_scale(&[[a, c], [d, e]]: &[[f64; 2]; 2]) -> f64 {
    let size = (a * e).abs().max((c * d).abs());
    (a * e - c * d).signum() * a.abs().max(f64::MIN_POSITIVE) / size.max(f64::MIN_POSITIVE)
}
