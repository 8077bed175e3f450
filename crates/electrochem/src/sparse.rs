//! The sparse matrix of the control volumes: a direct factorisation while it is small, GMRES with multigrid beyond.

use crate::model::{BLOCK, Electrons, Medium, Model};
use crate::workspace::Workspace;
use cellwright_base::constants::FARADAY;
use cellwright_dae::linear::{Kind, KrylovOptions, KrylovSolver, LinearSolver, MultifrontalLu, RowWeights, SparseLu};
use cellwright_device::mesh::Mesh;
use std::sync::Arc;

/// Entries that two volumes can couple through a face: salt and potential of the electrolyte, and potential of the solid.
const COUPLED: [(usize, usize); 5] = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)];
/// No place in the matrix.
const NONE: u32 = u32::MAX;
/// Unknowns up to which a direct factorisation is used where volumes have neighbours in two directions, and in three.
const DIRECT: [usize; 2] = [12_000, 3_000];
/// Faces per volume from which on a mesh counts as three-dimensional.
const SOLID_MESH: f64 = 2.2;

/// How the linear systems of a mesh that is no stack are solved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// Direct while that is faster, iterations beyond.
    #[default]
    Usual,
    /// Sparse LU.
    Direct,
    /// GMRES with multigrid.
    Iterations,
}

/// Where the unknowns and the entries of the blocks are in the sparse matrix.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// Place of each unknown, or [`NONE`].
    compact: Vec<u32>,
    /// Unknowns of the volumes.
    n: usize,
    kinds: Vec<Kind>,
    /// Where each unknown is, m.
    places: Vec<[f64; 3]>,
    faces: Vec<[usize; 2]>,
    remote: Vec<[usize; 2]>,
    /// Unknowns of volumes that the potential of the positive terminal is coupled to.
    terminal: Vec<usize>,
    /// GMRES, with the potential of the positive terminal as the last unknown.
    iterative: bool,
}

impl Pattern {
    pub(crate) fn new(model: &Model, remote: &[[usize; 2]], method: Method) -> Pattern {
        let with_c = model.electrolyte.has_concentration();
        let mut compact = vec![NONE; BLOCK * model.mesh.n_cells()];
        let (mut kinds, mut places) = (Vec::new(), Vec::new());
        for (k, medium) in model.media.iter().enumerate() {
            let species = match (medium, model.mesh.regions[k]) {
                (Medium::Dense, region) => 1 + region as u8,
                _ => 0,
            };
            let there = [
                (*medium == Medium::Dense || medium.has_electrolyte() && with_c).then_some(Kind::Concentration(species)),
                medium.has_electrolyte().then_some(Kind::Potential),
                medium.has_solid().then_some(Kind::Potential),
            ];
            for (i, kind) in there.into_iter().enumerate() {
                if let Some(kind) = kind {
                    compact[BLOCK * k + i] = kinds.len() as u32;
                    kinds.push(kind);
                    places.push(centre(&model.mesh, k));
                }
            }
        }
        let solid = model.mesh.faces.len() as f64 > SOLID_MESH * model.mesh.n_cells() as f64;
        Pattern {
            n: kinds.len(),
            iterative: match method {
                Method::Usual => kinds.len() > DIRECT[usize::from(solid)],
                Method::Direct => false,
                Method::Iterations => true,
            },
            kinds,
            places,
            faces: model.mesh.faces.iter().map(|f| f.cells).collect(),
            remote: remote.to_vec(),
            terminal: at_terminal(model, &compact),
            compact,
        }
    }

    /// Place of a row and column of the block that joins two volumes, if both unknowns are there.
    #[inline]
    fn entry(&self, [a, b]: [usize; 2], (i, j): (usize, usize)) -> Option<(u32, u32)> {
        let (row, column) = (self.compact[BLOCK * a + i], self.compact[BLOCK * b + j]);
        (row != NONE && column != NONE).then_some((row, column))
    }

    /// Positions of all entries in the order in which [`Sparse::factor`] fills them.
    fn entries(&self) -> Vec<(u32, u32)> {
        let mut out = Vec::new();
        self.each(|cells, at, _| out.extend(self.entry(cells, at)), &Nothing);
        if self.iterative {
            let last = self.n as u32;
            for at in &self.terminal {
                let place = self.compact[*at];
                out.extend([(place, last), (last, place)]);
            }
            out.push((last, last));
        }
        out
    }

    /// Calls `f` with the volumes, the row and column and the value of every entry.
    fn each(&self, mut f: impl FnMut([usize; 2], (usize, usize), f64), values: &impl Blocks) {
        let full = || (0..BLOCK).flat_map(|i| (0..BLOCK).map(move |j| (i, j)));
        for k in 0..self.compact.len() / BLOCK {
            full().for_each(|at| f([k, k], at, values.diagonal(k, at)));
        }
        for (n, &[a, b]) in self.faces.iter().enumerate() {
            COUPLED.iter().for_each(|&at| f([a, b], at, values.face(n, 0, a, at)));
            COUPLED.iter().for_each(|&at| f([b, a], at, values.face(n, 1, b, at)));
        }
        for (n, &[a, b]) in self.remote.iter().enumerate() {
            full().for_each(|at| f([a, b], at, values.remote(n, 0, a, at)));
            full().for_each(|at| f([b, a], at, values.remote(n, 1, b, at)));
        }
    }
}

/// Where a volume is, m.
fn centre(mesh: &Mesh, k: usize) -> [f64; 3] {
    match mesh.boxes.get(k) {
        Some([low, high]) => std::array::from_fn(|axis| 0.5 * (low[axis] + high[axis])),
        None => [mesh.position[k], 0.0, 0.0],
    }
}

/// Unknowns that the potential of the positive terminal is coupled to.
fn at_terminal(model: &Model, compact: &[u32]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for g in &model.groups {
        for (cell, e) in g.cells.iter().zip(&g.electrons) {
            if *e == Electrons::Positive {
                out.extend([BLOCK * cell, BLOCK * cell + 1]);
            }
        }
    }
    out.extend(
        model
            .mesh
            .positive
            .iter()
            .filter(|f| model.solid[f.cell] > 0.0)
            .map(|f| BLOCK * f.cell + 2),
    );
    out.sort_unstable();
    out.dedup();
    out.retain(|at| compact[*at] != NONE);
    out
}

/// The values of all blocks.
trait Blocks {
    fn diagonal(&self, k: usize, at: (usize, usize)) -> f64;
    fn face(&self, n: usize, end: usize, row: usize, at: (usize, usize)) -> f64;
    fn remote(&self, n: usize, end: usize, row: usize, at: (usize, usize)) -> f64;
}

/// For the pattern alone.
struct Nothing;

impl Blocks for Nothing {
    fn diagonal(&self, _: usize, _: (usize, usize)) -> f64 {
        0.0
    }

    fn face(&self, _: usize, _: usize, _: usize, _: (usize, usize)) -> f64 {
        0.0
    }

    fn remote(&self, _: usize, _: usize, _: usize, _: (usize, usize)) -> f64 {
        0.0
    }
}

/// The blocks of a workspace. Part `share[k]` of the current balance of a volume is taken off its salt balance, in which salt then
/// diffuses and does not migrate; it is zero for the direct solution, which does not mind.
struct Filled<'a> {
    work: &'a Workspace,
    share: &'a [f64],
}

impl Filled<'_> {
    #[inline]
    fn of(&self, block: &[[f64; 3]; 3], row: usize, (i, j): (usize, usize)) -> f64 {
        if i == 0 {
            block[0][j] - self.share[row] * block[1][j]
        } else {
            block[i][j]
        }
    }
}

impl Blocks for Filled<'_> {
    #[inline]
    fn diagonal(&self, k: usize, at: (usize, usize)) -> f64 {
        self.of(&self.work.diag[k], k, at)
    }

    #[inline]
    fn face(&self, n: usize, end: usize, row: usize, at: (usize, usize)) -> f64 {
        self.of(if end == 0 { &self.work.upper[n] } else { &self.work.lower[n] }, row, at)
    }

    #[inline]
    fn remote(&self, n: usize, end: usize, row: usize, at: (usize, usize)) -> f64 {
        self.of(&self.work.remote[n][end], row, at)
    }
}

/// A direct factorisation: by fronts, and with exchanges of any rows should a matrix not bear that.
struct Direct {
    fronts: MultifrontalLu<f64>,
    positions: Vec<(usize, usize)>,
    pivoting: Option<SparseLu<f64>>,
    /// True if the last matrix was factored with exchanges of any rows.
    pivoted: bool,
}

impl Direct {
    fn new(places: &[[f64; 3]], positions: &[(usize, usize)]) -> Direct {
        let mut positions = positions.to_vec();
        positions.sort_unstable();
        positions.dedup();
        Direct {
            fronts: MultifrontalLu::new(places, positions.iter().copied()),
            positions,
            pivoting: None,
            pivoted: false,
        }
    }

    fn factor(&mut self) -> bool {
        self.pivoted = self.fronts.factor().is_err();
        !self.pivoted || self.factor_pivoting().is_some()
    }

    fn factor_pivoting(&mut self) -> Option<()> {
        let (n, at) = (self.fronts.len(), &self.positions);
        let lu = match &mut self.pivoting {
            Some(lu) => lu,
            empty => empty.insert(SparseLu::new(n, at.iter().copied()).ok()?),
        };
        for (&(row, column), value) in at.iter().zip(self.fronts.values()) {
            let slot = lu.slot(row, column)?;
            lu.values_mut()[slot] = *value;
        }
        lu.factor().ok()
    }

    fn solve(&mut self, b: &mut [f64]) {
        match &mut self.pivoting {
            Some(lu) if self.pivoted => lu.solve(b),
            _ => self.fronts.solve(b),
        }
    }
}

enum Backend {
    Direct(Direct),
    Krylov(Box<KrylovSolver>),
}

impl Backend {
    fn values_mut(&mut self) -> &mut [f64] {
        match self {
            Backend::Direct(m) => m.fronts.values_mut(),
            Backend::Krylov(m) => m.values_mut(),
        }
    }

    fn factor(&mut self, cj: f64) -> bool {
        match self {
            Backend::Direct(m) => m.factor(),
            Backend::Krylov(m) => m.factor(cj).is_ok(),
        }
    }
}

/// The sparse matrix with its factors.
pub(crate) struct Sparse {
    pattern: Arc<Pattern>,
    /// Place of each entry among the values, in the order of [`Pattern::entries`].
    slots: Vec<u32>,
    backend: Backend,
    /// Diagonals of the unknowns that are not in the matrix.
    alone: Vec<f64>,
    /// Part of the current balance that is taken off the salt balance, mol/C.
    share: Vec<f64>,
    rhs: Vec<f64>,
    /// Factor on the equation of the terminal.
    scale: f64,
}

impl Clone for Sparse {
    fn clone(&self) -> Sparse {
        Sparse::with(self.pattern.clone())
    }
}

impl std::fmt::Debug for Sparse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sparse").field("n", &self.pattern.n).finish_non_exhaustive()
    }
}

impl Sparse {
    pub(crate) fn new(pattern: Pattern) -> Sparse {
        Sparse::with(Arc::new(pattern))
    }

    fn with(pattern: Arc<Pattern>) -> Sparse {
        let positions: Vec<(usize, usize)> = pattern.entries().into_iter().map(|e| (e.0 as usize, e.1 as usize)).collect();
        let backend = if pattern.iterative {
            let mut kinds = pattern.kinds.clone();
            kinds.push(Kind::Potential);
            let weights = RowWeights {
                concentration: FARADAY,
                ..RowWeights::default()
            };
            let options = KrylovOptions {
                weights,
                ..KrylovOptions::default()
            };
            Backend::Krylov(Box::new(KrylovSolver::new(&kinds, positions.iter().copied(), options)))
        } else {
            Backend::Direct(Direct::new(&pattern.places, &positions))
        };
        let slot = |&(i, j): &(usize, usize)| match &backend {
            Backend::Direct(m) => m.fronts.slot(i, j),
            Backend::Krylov(m) => m.slot(i, j),
        };
        let slots = positions
            .iter()
            .map(|at| slot(at).expect("invariant: every entry is in the pattern") as u32)
            .collect();
        Sparse {
            slots,
            backend,
            alone: vec![1.0; pattern.compact.len()],
            share: vec![0.0; pattern.compact.len() / BLOCK],
            rhs: vec![0.0; pattern.n + usize::from(pattern.iterative)],
            scale: 1.0,
            pattern,
        }
    }

    pub(crate) fn n_remote(&self) -> usize {
        self.pattern.remote.len()
    }

    pub(crate) fn holds_terminal(&self) -> bool {
        self.pattern.iterative
    }

    pub(crate) fn describe(&self) -> String {
        match &self.backend {
            Backend::Direct(m) => format!(
                "sparse LU of {} unknowns, {} entries, {} in its factors",
                self.pattern.n,
                m.fronts.n_entries(),
                m.fronts.n_factors()
            ),
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

    pub(crate) fn factor(&mut self, work: &Workspace) -> bool {
        let p = &self.pattern;
        if p.iterative {
            for (k, share) in self.share.iter_mut().enumerate() {
                *share = if p.compact[BLOCK * k] != NONE && p.compact[BLOCK * k + 1] != NONE {
                    work.coefficients[k].transference / FARADAY
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
        if !p.iterative {
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
            Backend::Direct(m) => {
                m.solve(&mut self.rhs);
                true
            }
            Backend::Krylov(m) => {
                self.rhs[p.n] = last;
                m.solve(&mut self.rhs).is_ok()
            }
        };
        // The time integration cuts the step when it sees no number.
        if !solved {
            self.rhs.fill(f64::NAN);
        }
        for ((x, place), d) in r.iter_mut().zip(&p.compact).zip(&self.alone) {
            *x = if *place == NONE { *x / d } else { self.rhs[*place as usize] };
        }
        if p.iterative { self.rhs[p.n] } else { 0.0 }
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
