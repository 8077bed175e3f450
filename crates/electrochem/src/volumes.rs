//! Newton's matrix of the control volumes: block-tridiagonal for stacks and for columns of volumes, sparse for everything else.
//!
//! The sparse form holds only the unknowns that a medium has; the equations of the others are `x = r/d` and are solved on the spot.

use crate::lines::{Factored, Lines};
use crate::model::{BLOCK, Electrons, Model};
use crate::pattern::Pattern;
use crate::sparse::{Method, Sparse};
use crate::spec::ModelKind;
use crate::workspace::Workspace;
use cellwright_dae::linear::{BlockTridiagonal, LinearSolver};
use std::sync::Arc;

/// The matrix of the volumes with its factors.
#[derive(Clone, Debug)]
pub(crate) enum Volumes {
    /// Neighbours in a row.
    Chain(BlockTridiagonal<f64, 3>),
    /// Neighbours in a row with a uniform reaction: only salt is left.
    Salt(BlockTridiagonal<f64, 1>, Vec<f64>),
    /// Mostly neighbours in rows, of which some are joined.
    Lines(Box<Lines>),
    /// Any neighbours.
    Sparse(Box<Sparse>),
}

impl Volumes {
    pub(crate) fn empty() -> Volumes {
        Volumes::Chain(BlockTridiagonal::new(0))
    }

    pub(crate) fn new(model: &Model, method: Method) -> Volumes {
        let remote = remote_sites(model);
        if model.spec.kind != ModelKind::Dfn {
            let n = model.mesh.n_cells();
            return Volumes::Salt(BlockTridiagonal::new(n), vec![0.0; n]);
        }
        if model.mesh.is_chain() && remote.is_empty() {
            return Volumes::Chain(BlockTridiagonal::new(model.mesh.n_cells()));
        }
        if method == Method::Usual
            && let Some(lines) = Lines::new(model, &remote)
        {
            return Volumes::Lines(Box::new(lines));
        }
        Volumes::Sparse(Box::new(Sparse::new(Arc::new(Pattern::new(model, &remote)), method)))
    }

    /// True if a matrix of its own for every step saves more than it costs.
    pub(crate) fn factors_cheaply(&self) -> bool {
        match self {
            Volumes::Sparse(s) => s.factors_cheaply(),
            _ => true,
        }
    }

    /// Number of couplings between a site and another volume.
    pub(crate) fn n_remote(&self) -> usize {
        match self {
            Volumes::Chain(_) | Volumes::Salt(..) => 0,
            Volumes::Lines(s) => s.pattern.remote.len(),
            Volumes::Sparse(s) => s.n_remote(),
        }
    }

    /// True if the potential of the positive terminal is an unknown of the matrix.
    pub(crate) fn holds_terminal(&self) -> bool {
        matches!(self, Volumes::Sparse(s) if s.iterates())
    }

    /// True before a solution that is a later correction of the same Newton iteration.
    pub(crate) fn corrects_again(&mut self, again: bool) {
        if let Volumes::Sparse(s) = self {
            s.again = again;
        }
    }

    /// Replaces `r` by the solution.
    pub(crate) fn solve(&mut self, r: &mut [f64]) {
        match self {
            Volumes::Chain(s) => s.solve(r),
            Volumes::Salt(s, salt) => {
                salt.iter_mut().zip(r.chunks_exact(BLOCK)).for_each(|(c, r)| *c = r[0]);
                s.solve(salt);
                salt.iter().zip(r.chunks_exact_mut(BLOCK)).for_each(|(c, r)| r[0] = *c);
            }
            Volumes::Lines(s) => s.solve(r),
            Volumes::Sparse(s) => {
                s.solve(r, 0.0);
            }
        }
    }

    /// Factors from the blocks of a workspace that does not hold this; columns that turn out to be no columns become sparse.
    fn factor_from(&mut self, work: &Workspace) -> bool {
        match self {
            Volumes::Chain(_) | Volumes::Salt(..) => false,
            Volumes::Lines(s) => match s.factor(work) {
                Factored::Done => true,
                Factored::Singular => false,
                Factored::NotLines => {
                    *self = Volumes::Sparse(Box::new(Sparse::new(s.pattern.clone(), Method::Usual)));
                    self.factor_from(work)
                }
            },
            Volumes::Sparse(s) => s.factor(work),
        }
    }

    /// The method in words.
    pub(crate) fn describe(&self) -> String {
        match self {
            Volumes::Chain(_) | Volumes::Salt(..) => "block elimination along the stack".into(),
            Volumes::Lines(s) => s.describe(),
            Volumes::Sparse(s) => s.describe(),
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
                for f in 0..self.couplings.len() {
                    (upper[f], lower[f + 1]) = (self.couplings.block(f, true), self.couplings.block(f, false));
                }
                s.factor().is_ok()
            }
            Volumes::Salt(s, _) => {
                let (lower, diagonal, upper) = s.blocks_mut();
                diagonal.iter_mut().zip(&self.diag).for_each(|(to, from)| to[0][0] = from[0][0]);
                for f in 0..self.couplings.len() {
                    (upper[f][0][0], lower[f + 1][0][0]) = (self.couplings.entries(f, true)[0], self.couplings.entries(f, false)[0]);
                }
                s.factor().is_ok()
            }
            // Taken out meanwhile, since they read the blocks of the workspace that holds them.
            Volumes::Lines(_) | Volumes::Sparse(_) => {
                let mut solver = std::mem::replace(&mut self.solver, Volumes::empty());
                let done = solver.factor_from(self);
                self.solver = solver;
                done
            }
        }
    }

    /// Solves for the volumes, whose right-hand sides are in `r`, and for potential and current of the positive terminal, whose
    /// right-hand sides are `top` and `bottom`: `[A, b; row, border] [u; x] = [r; top, bottom]`.
    pub(crate) fn solve_bordered(&mut self, r: &mut [f64], top: f64, bottom: f64) -> [f64; 2] {
        if let Volumes::Sparse(s) = &mut self.solver
            && s.iterates()
        {
            return s.solve_with_terminal(r, top, bottom, &self.border, &self.row);
        }
        let (border, row, [by_potential, by_current]) = (&self.border, &self.row, &self.column);
        if let Volumes::Lines(s) = &mut self.solver
            && self.terminal_outside
        {
            let mut x = [0.0; 2];
            s.solve_strong(r, |r, volumes| {
                x = solve_border(border, row, r, [top, bottom]);
                for at in volumes.iter().map(|k| BLOCK * *k as usize) {
                    (at..at + BLOCK).for_each(|at| r[at] -= by_potential[at] * x[0]);
                }
            });
            return x;
        }
        self.solver.solve(r);
        let x = solve_border(border, row, r, [top, bottom]);
        for ((column, used), x) in [by_potential, by_current].into_iter().zip(self.has_column).zip(x) {
            if used && x != 0.0 {
                r.iter_mut().zip(column).for_each(|(r, v)| *r -= v * x);
            }
        }
        x
    }

    /// Replaces the columns of the terminal by the responses of the volumes to it, and takes them off its border.
    pub(crate) fn respond_to_terminal(&mut self) {
        self.terminal_outside = match &mut self.solver {
            Volumes::Lines(s) if !self.has_column[1] && s.meets_terminal(&self.row) => {
                s.respond(&mut self.column[0]);
                true
            }
            solver => {
                for (column, used) in self.column.iter_mut().zip(self.has_column) {
                    if used {
                        solver.solve(column);
                    }
                }
                false
            }
        };
        for (k, column) in self.column.iter().enumerate().filter(|(k, _)| self.has_column[*k]) {
            let carried: f64 = self.row.iter().map(|(at, v)| v * column[*at]).sum();
            self.border[0][k] -= carried;
        }
    }
}

/// Potential and current of the terminal, from the solution for the volumes without it.
fn solve_border(border: &[[f64; 2]; 2], row: &[(usize, f64)], r: &[f64], [top, bottom]: [f64; 2]) -> [f64; 2] {
    let top = row.iter().fold(top, |top, (at, v)| top - v * r[*at]);
    let [[a, c], [d, e]] = *border;
    let determinant = a * e - c * d;
    [(top * e - c * bottom) / determinant, (a * bottom - d * top) / determinant]
}

/// Pairs of volumes that a site couples: its own and the one its electrons come from.
pub(crate) fn remote_sites(model: &Model) -> Vec<[usize; 2]> {
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
