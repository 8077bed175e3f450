//! Newton's matrix of the control volumes: block-tridiagonal for stacks, sparse for everything else.
//!
//! The sparse form holds only the unknowns that a medium has; the equations of the others are `x = r/d` and are solved on the spot.

use crate::model::{BLOCK, Electrons, Medium, Model};
use crate::workspace::Workspace;
use cellwright_dae::linear::{BlockTridiagonal, LinearSolver, SparseLu};
use std::sync::Arc;

/// Entries that two volumes can couple through a face: salt and potential of the electrolyte, and potential of the solid.
const COUPLED: [(usize, usize); 5] = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2)];
/// No place in the matrix.
const NONE: u32 = u32::MAX;

type Block = [[f64; 3]; 3];

/// The matrix of the volumes with its factors.
#[derive(Clone, Debug)]
pub(crate) enum Volumes {
    /// Neighbours in a row.
    Chain(BlockTridiagonal<f64, 3>),
    /// Any neighbours.
    Sparse(Box<Sparse>),
}

impl Volumes {
    pub(crate) fn empty() -> Volumes {
        Volumes::Chain(BlockTridiagonal::new(0))
    }

    pub(crate) fn new(model: &Model) -> Volumes {
        let remote = remote_sites(model);
        if model.mesh.is_chain() && remote.is_empty() {
            return Volumes::Chain(BlockTridiagonal::new(model.mesh.n_cells()));
        }
        Volumes::Sparse(Box::new(Sparse::new(Pattern::new(model, &remote))))
    }

    /// Number of couplings between a site and another volume.
    pub(crate) fn n_remote(&self) -> usize {
        match self {
            Volumes::Chain(_) => 0,
            Volumes::Sparse(s) => s.pattern.remote.len(),
        }
    }

    /// Replaces `r` by the solution.
    pub(crate) fn solve(&mut self, r: &mut [f64]) {
        match self {
            Volumes::Chain(s) => s.solve(r),
            Volumes::Sparse(s) => s.solve(r),
        }
    }
}

impl Workspace {
    /// Factors the matrix of the volumes from its blocks; false if it is singular.
    pub(crate) fn factor_volumes(&mut self) -> bool {
        match &mut self.solver {
            Volumes::Chain(s) => {
                let (lower, diagonal, upper) = s.blocks_mut();
                diagonal.copy_from_slice(&self.diag);
                upper[..self.upper.len()].copy_from_slice(&self.upper);
                lower[1..].copy_from_slice(&self.lower);
                s.factor().is_ok()
            }
            Volumes::Sparse(s) => s.factor(&self.diag, &self.upper, &self.lower, &self.remote),
        }
    }
}

/// Pairs of volumes that a site couples: its own and the one its electrons come from.
fn remote_sites(model: &Model) -> Vec<[usize; 2]> {
    let of = |(cell, e): (&usize, &Electrons)| match e {
        Electrons::Volume(k) if k != cell => Some([*cell, *k]),
        _ => None,
    };
    model
        .groups
        .iter()
        .flat_map(|g| g.cells.iter().zip(&g.electrons).filter_map(of))
        .collect()
}

/// Where the unknowns and the entries of the blocks are in the sparse matrix.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// Place of each unknown, or [`NONE`].
    compact: Vec<u32>,
    n: usize,
    positions: Vec<(usize, usize)>,
    faces: Vec<[usize; 2]>,
    remote: Vec<[usize; 2]>,
}

impl Pattern {
    fn new(model: &Model, remote: &[[usize; 2]]) -> Pattern {
        let with_c = model.electrolyte.has_concentration();
        let mut compact = vec![NONE; BLOCK * model.mesh.n_cells()];
        let mut n = 0;
        for (k, medium) in model.media.iter().enumerate() {
            let there = [
                *medium == Medium::Dense || medium.has_electrolyte() && with_c,
                medium.has_electrolyte(),
                medium.has_solid(),
            ];
            for (i, there) in there.into_iter().enumerate() {
                if there {
                    compact[BLOCK * k + i] = n as u32;
                    n += 1;
                }
            }
        }
        let mut pattern = Pattern {
            compact,
            n,
            positions: vec![],
            faces: model.mesh.faces.iter().map(|f| f.cells).collect(),
            remote: remote.to_vec(),
        };
        pattern.positions = pattern.entries().into_iter().map(|e| (e.0 as usize, e.1 as usize)).collect();
        pattern
    }

    /// Place of a row and column of the block that joins two volumes, if both unknowns are there.
    fn entry(&self, [a, b]: [usize; 2], (i, j): (usize, usize)) -> Option<(u32, u32)> {
        let (row, column) = (self.compact[BLOCK * a + i], self.compact[BLOCK * b + j]);
        (row != NONE && column != NONE).then_some((row, column))
    }

    /// Positions of all entries in the order in which [`Sparse::factor`] fills them.
    fn entries(&self) -> Vec<(u32, u32)> {
        let full = || (0..BLOCK).flat_map(|i| (0..BLOCK).map(move |j| (i, j)));
        let mut out = Vec::new();
        for k in 0..self.compact.len() / BLOCK {
            out.extend(full().filter_map(|at| self.entry([k, k], at)));
        }
        for &[a, b] in &self.faces {
            out.extend(COUPLED.iter().filter_map(|at| self.entry([a, b], *at)));
            out.extend(COUPLED.iter().filter_map(|at| self.entry([b, a], *at)));
        }
        for &[a, b] in &self.remote {
            out.extend(full().filter_map(|at| self.entry([a, b], at)));
            out.extend(full().filter_map(|at| self.entry([b, a], at)));
        }
        out
    }
}

/// The sparse matrix with its factors.
pub(crate) struct Sparse {
    pattern: Arc<Pattern>,
    /// Place of each entry among the values, in the order of [`Pattern::entries`].
    slots: Vec<u32>,
    matrix: SparseLu<f64>,
    /// Diagonals of the unknowns that are not in the matrix.
    alone: Vec<f64>,
    rhs: Vec<f64>,
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
    fn new(pattern: Pattern) -> Sparse {
        Sparse::with(Arc::new(pattern))
    }

    fn with(pattern: Arc<Pattern>) -> Sparse {
        let matrix = SparseLu::new(pattern.n, pattern.positions.iter().copied()).expect("invariant: every unknown has an equation");
        let slot = |&(i, j): &(usize, usize)| matrix.slot(i, j).expect("invariant: every entry is in the pattern") as u32;
        Sparse {
            slots: pattern.positions.iter().map(slot).collect(),
            matrix,
            alone: vec![1.0; pattern.compact.len()],
            rhs: vec![0.0; pattern.n],
            pattern,
        }
    }

    fn factor(&mut self, diag: &[Block], upper: &[Block], lower: &[Block], remote: &[[Block; 2]]) -> bool {
        self.matrix.clear();
        let (p, values) = (&self.pattern, self.matrix.values_mut());
        let mut slots = self.slots.iter();
        let mut put = |cells, at: (usize, usize), v: f64| {
            if p.entry(cells, at).is_some()
                && let Some(slot) = slots.next()
            {
                values[*slot as usize] += v;
            }
        };
        for (k, block) in diag.iter().enumerate() {
            for i in 0..BLOCK {
                for j in 0..BLOCK {
                    put([k, k], (i, j), block[i][j]);
                }
                self.alone[BLOCK * k + i] = block[i][i];
            }
        }
        for (&[a, b], (u, l)) in p.faces.iter().zip(upper.iter().zip(lower)) {
            COUPLED.iter().for_each(|&(i, j)| put([a, b], (i, j), u[i][j]));
            COUPLED.iter().for_each(|&(i, j)| put([b, a], (i, j), l[i][j]));
        }
        for (&[a, b], blocks) in p.remote.iter().zip(remote) {
            for (cells, block) in [[a, b], [b, a]].into_iter().zip(blocks) {
                for i in 0..BLOCK {
                    for j in 0..BLOCK {
                        put(cells, (i, j), block[i][j]);
                    }
                }
            }
        }
        self.matrix.factor().is_ok()
    }

    fn solve(&mut self, r: &mut [f64]) {
        for (x, place) in r.iter().zip(&self.pattern.compact) {
            if *place != NONE {
                self.rhs[*place as usize] = *x;
            }
        }
        self.matrix.solve(&mut self.rhs);
        for ((x, place), d) in r.iter_mut().zip(&self.pattern.compact).zip(&self.alone) {
            *x = if *place == NONE { *x / d } else { self.rhs[*place as usize] };
        }
    }
}
