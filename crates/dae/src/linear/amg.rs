//! Algebraic multigrid by smoothed aggregation of the unknowns of each kind, with ILU(0) smoothing on every level.

use super::aggregation::{ALONE, Strength, aggregate};
use super::csr::Csr;
use super::galerkin::galerkin;
use super::ilu::Ilu0;
use super::prolongation::prolongation;
use super::{LinearSolver, SparseLu, parallel};
use crate::error::Singular;

/// Strength threshold of the finest level.
const THETA: f64 = 0.25;
/// Levels no larger than this are solved directly.
const COARSEST: usize = 1000;
/// A level that cannot be coarsened is still solved directly up to this size; beyond it ILU(0) must do.
const DIRECT_LIMIT: usize = 10_000;
/// A level is coarsened again with a tenth of the threshold if it keeps more than this part of its unknowns.
const TOO_SLOW: f64 = 0.85;
const MAX_LEVELS: usize = 25;

/// One level that has a coarser one below it, or the last one if that is too large for a direct solution.
struct Level {
    ilu: Ilu0,
    r: Vec<f64>,
    /// Absent on a last level without direct solution.
    down: Option<Down>,
}

/// The way to the next level, and its matrix.
struct Down {
    prolongation: Csr,
    restriction: Csr,
    matrix: Csr,
    b: Vec<f64>,
    x: Vec<f64>,
}

/// A hierarchy of coarser matrices; the finest matrix is not kept but passed to every call.
///
/// Each kind of unknown is aggregated by itself (all potentials together as one resistor network, each concentration separately),
/// but the coarse matrices are Galerkin products of the full matrix, so the couplings between kinds reach every level. The
/// preconditioner does not change if all rows or all columns of a kind are multiplied by a constant.
///
/// # Equation
/// V(1,1): `x = M⁻¹ b`, `x += P V(R (b - A x))`, `x += M⁻¹ (b - A x)` with `M` = ILU(0) and a sparse LU at the bottom.
///
/// # Verification
/// `tests/krylov.rs`: iteration counts on films, jumps, anisotropy, floating pieces, and their growth with size.
pub(super) struct Hierarchy {
    levels: Vec<Level>,
    bottom: Option<Bottom>,
    sizes: Vec<(usize, usize)>,
}

impl Hierarchy {
    /// Coarsens `a` with unknowns of the given groups; `row_weights` brings its rows to comparable size for pivoting.
    ///
    /// # Errors
    /// [`Singular`] if a level is not finite or the coarsest matrix has no inverse.
    pub(super) fn new(a: &Csr, groups: &[u8], row_weights: &[f64]) -> Result<Self, Singular> {
        let mut hierarchy = Self {
            levels: Vec::new(),
            bottom: None,
            sizes: vec![(a.n_rows(), a.n_entries())],
        };
        let (mut groups, mut weights, mut theta) = (groups.to_vec(), row_weights.to_vec(), THETA);
        loop {
            let matrix = hierarchy
                .levels
                .last()
                .and_then(|level| level.down.as_ref())
                .map_or(a, |down| &down.matrix);
            let n = matrix.n_rows();
            if n <= COARSEST {
                hierarchy.bottom = Some(Bottom::new(matrix, weights)?);
                return Ok(hierarchy);
            }
            let mut next = None;
            for _ in 0..3 {
                let strength = Strength::new(matrix, &groups, theta);
                let aggregates = aggregate(&strength);
                let fraction = aggregates.count as f64 / n as f64;
                if fraction < 1.0 {
                    next = Some((prolongation(matrix, &groups, &strength, &aggregates), aggregates));
                }
                if fraction <= TOO_SLOW {
                    break;
                }
                theta *= 0.1;
            }
            let last = hierarchy.levels.len() + 1 == MAX_LEVELS || next.as_ref().is_none_or(|(_, g)| g.count as f64 > 0.98 * n as f64);
            if last && n <= DIRECT_LIMIT {
                hierarchy.bottom = Some(Bottom::new(matrix, weights)?);
                return Ok(hierarchy);
            }
            let ilu = Ilu0::new(matrix);
            if !ilu.is_finite() {
                return Err(Singular { index: None });
            }
            let down = next.filter(|_| !last).map(|(p, aggregates)| {
                let r = p.transposed();
                let coarse = galerkin(&r, matrix, &p);
                (groups, weights) = inherit(&groups, &weights, &aggregates.of, aggregates.count);
                Down {
                    b: vec![0.0; coarse.n_rows()],
                    x: vec![0.0; coarse.n_rows()],
                    prolongation: p,
                    restriction: r,
                    matrix: coarse,
                }
            });
            if let Some(down) = &down {
                hierarchy.sizes.push((down.matrix.n_rows(), down.matrix.n_entries()));
            }
            let r = vec![0.0; n];
            hierarchy.levels.push(Level { ilu, r, down });
            if last {
                return Ok(hierarchy);
            }
        }
    }

    /// Unknowns and entries of each level, finest first.
    pub(super) fn sizes(&self) -> &[(usize, usize)] {
        &self.sizes
    }

    /// Bytes of all arrays but the finest matrix; the factors at the bottom are not counted.
    pub(super) fn memory_bytes(&self) -> usize {
        self.levels
            .iter()
            .map(|level| {
                let down = level.down.as_ref().map_or(0, |d| {
                    let matrices = [&d.prolongation, &d.restriction, &d.matrix].map(Csr::memory_bytes);
                    matrices.iter().sum::<usize>() + 8 * (d.b.len() + d.x.len())
                });
                level.ilu.memory_bytes() + down + 8 * level.r.len()
            })
            .sum()
    }

    /// One cycle: `x ≈ A⁻¹ b`. `a` is the finest matrix, which may have moved on a little since the set-up.
    pub(super) fn apply(&mut self, a: &Csr, b: &[f64], x: &mut [f64]) {
        cycle(&mut self.levels, &mut self.bottom, a, b, x);
    }
}

/// V(1,1) on the first of `levels`, whose matrix is `a`.
fn cycle(levels: &mut [Level], bottom: &mut Option<Bottom>, a: &Csr, b: &[f64], x: &mut [f64]) {
    x.copy_from_slice(b);
    let Some((level, coarser)) = levels.split_first_mut() else {
        if let Some(bottom) = bottom {
            bottom.solve(x);
        }
        return;
    };
    level.ilu.solve(a, x);
    if let Some(down) = &mut level.down {
        a.residual(b, x, &mut level.r);
        down.restriction.multiply(&level.r, &mut down.b);
        cycle(coarser, bottom, &down.matrix, &down.b, &mut down.x);
        down.prolongation.add_product(&down.x, x);
        a.residual(b, x, &mut level.r);
        level.ilu.solve(a, &mut level.r);
        let r = &level.r;
        parallel::by_chunks(x, |first, x| x.iter_mut().zip(&r[first..]).for_each(|(x, r)| *x += r));
    }
}

/// Direct solution of the coarsest level, its rows brought to comparable size so that pivoting works.
struct Bottom {
    lu: SparseLu<f64>,
    row_weights: Vec<f64>,
}

impl Bottom {
    fn new(a: &Csr, row_weights: Vec<f64>) -> Result<Self, Singular> {
        let n = a.n_rows();
        let mut lu = SparseLu::new(n, (0..n).flat_map(|i| a.row(i).map(move |(j, _)| (i, j))))?;
        for (i, weight) in row_weights.iter().enumerate() {
            for (j, value) in a.row(i) {
                if let Some(slot) = lu.slot(i, j) {
                    lu.values_mut()[slot] = weight * value;
                }
            }
        }
        lu.factor()?;
        Ok(Self { lu, row_weights })
    }

    fn solve(&mut self, x: &mut [f64]) {
        for (x, w) in x.iter_mut().zip(&self.row_weights) {
            *x *= w;
        }
        self.lu.solve(x);
    }
}

/// Groups and row weights of aggregates, taken from their members.
fn inherit(groups: &[u8], weights: &[f64], of: &[u32], count: usize) -> (Vec<u8>, Vec<f64>) {
    let (mut coarse_groups, mut coarse_weights) = (vec![ALONE; count], vec![1.0; count]);
    for (i, coarse) in of.iter().enumerate() {
        coarse_groups[*coarse as usize] = groups[i];
        coarse_weights[*coarse as usize] = weights[i];
    }
    (coarse_groups, coarse_weights)
}
