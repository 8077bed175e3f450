//! Algebraic multigrid by smoothed aggregation of the unknowns of each kind, smoothed by an incomplete factorisation on every level.

use super::aggregation::{ALONE, Aggregates, Strength, aggregate};
use super::csr::Csr;
use super::galerkin::galerkin;
use super::pair_matrix::PairMatrix;
use super::prolongation::prolongation;
use super::smoother::Smoother;
use super::transfer::Transfer;
use super::{LinearSolver, SparseLu};
use crate::error::Singular;

/// Strength threshold of the finest level.
const THETA: f64 = 0.25;
/// Levels no larger than this are solved directly.
const COARSEST: usize = 1000;
/// A level that cannot be coarsened is still solved directly up to this size; beyond it the smoother must do.
const DIRECT_LIMIT: usize = 10_000;
/// A level is coarsened again with a tenth of the threshold if it keeps more than this part of its unknowns.
const TOO_SLOW: f64 = 0.85;
const MAX_LEVELS: usize = 25;

/// One level that has a coarser one below it, or the last one if that is too large for a direct solution.
struct Level {
    smoother: Smoother,
    r: Vec<f64>,
    /// Absent on a last level without direct solution.
    down: Option<Down>,
}

/// The way to the next level, between the places of unknowns here and there.
struct Down {
    prolongation: Transfer,
    restriction: Transfer,
    b: Vec<f64>,
    x: Vec<f64>,
}

impl Down {
    /// From unknowns to places: `fine` and `coarse` hold the place of each.
    fn new(prolongation: &Csr, (fine, n_fine): (&[u32], usize), (coarse, n_coarse): (&[u32], usize)) -> Self {
        let prolongation = prolongation.moved(fine, n_fine, coarse, n_coarse);
        Self {
            restriction: Transfer::new(&prolongation.transposed()),
            prolongation: Transfer::new(&prolongation),
            b: vec![0.0; n_coarse],
            x: vec![0.0; n_coarse],
        }
    }
}

/// A hierarchy of coarser matrices; of the finest one only the smoother is held.
///
/// Each kind of unknown is aggregated by itself (all potentials together as one resistor network, each concentration separately),
/// but the coarse matrices are Galerkin products of the full matrix, so the couplings between kinds reach every level. The
/// preconditioner does not change if all rows or all columns of a kind are multiplied by a constant.
///
/// # Equation
/// V(1,1): `x = M⁻¹ b`, `x += P V(R (b - A x))`, `x += M⁻¹ (b - A x)` with `M` of [`super::smoother`] and a sparse LU at the bottom.
///
/// # Verification
/// `tests/krylov.rs`: iteration counts on films, jumps, anisotropy, floating pieces, and their growth with size.
pub(super) struct Hierarchy {
    levels: Vec<Level>,
    bottom: Option<Bottom>,
    sizes: Vec<(usize, usize)>,
}

impl Hierarchy {
    /// Coarsens `a` with unknowns of the given groups; `finest` is the same matrix in blocks, its rows times `row_weights`, which bring
    /// them to comparable size.
    ///
    /// # Errors
    /// [`Singular`] if a level is not finite or the coarsest matrix has no inverse.
    pub(super) fn new(a: &Csr, finest: &PairMatrix, groups: &[u8], row_weights: &[f64]) -> Result<Self, Singular> {
        let mut hierarchy = Self {
            levels: Vec::new(),
            bottom: None,
            sizes: Vec::new(),
        };
        let (mut groups, mut weights, mut theta) = (groups.to_vec(), row_weights.to_vec(), THETA);
        let mut coarse: Option<Csr> = None;
        // Prolongation from the present level to the one above it.
        let mut above: Option<Csr> = None;
        loop {
            let matrix = coarse.as_ref().unwrap_or(a);
            let n = matrix.n_rows();
            hierarchy.sizes.push((n, matrix.n_entries()));
            let next = if n > COARSEST {
                coarsened(matrix, &groups, &mut theta)
            } else {
                None
            };
            let last = hierarchy.levels.len() + 1 == MAX_LEVELS || next.as_ref().is_none_or(|(_, g)| g.count as f64 > 0.98 * n as f64);
            if last && n <= DIRECT_LIMIT {
                let places = match coarse.is_some() {
                    false => finest.pairs.place.clone(),
                    true => (0..n as u32).collect(),
                };
                hierarchy.connect(above, &places, n);
                hierarchy.bottom = Some(Bottom::new(matrix, &weights, places)?);
                return Ok(hierarchy);
            }
            let smoother = match coarse.is_some() {
                false => Smoother::new(finest),
                true => {
                    let mut blocks = PairMatrix::new(matrix, &groups);
                    blocks.fill(matrix, &weights);
                    Smoother::new(&blocks)
                }
            };
            if !smoother.is_finite() {
                return Err(Singular { index: None });
            }
            hierarchy.connect(above, &smoother.pairs().place, smoother.pairs().n_places());
            let r = vec![0.0; smoother.pairs().n_places()];
            hierarchy.levels.push(Level { smoother, r, down: None });
            let Some((p, aggregates)) = next.filter(|_| !last) else {
                return Ok(hierarchy);
            };
            let product = galerkin(&p.transposed(), matrix, &p);
            (groups, weights) = inherit(&groups, &weights, &aggregates.of, aggregates.count);
            (coarse, above) = (Some(product), Some(p));
        }
    }

    /// Joins the last level to the next one.
    fn connect(&mut self, prolongation: Option<Csr>, place: &[u32], n_places: usize) {
        if let (Some(level), Some(p)) = (self.levels.last_mut(), prolongation) {
            let pairs = level.smoother.pairs();
            level.down = Some(Down::new(&p, (&pairs.place, pairs.n_places()), (place, n_places)));
        }
    }

    /// Factors the smoother of the finest level anew, for a matrix that has moved on; false if it is not finite.
    pub(super) fn renew_finest(&mut self, finest: &PairMatrix) -> bool {
        self.levels.first_mut().is_none_or(|level| {
            level.smoother.factor(finest);
            level.smoother.is_finite()
        })
    }

    /// Unknowns and entries of each level, finest first.
    pub(super) fn sizes(&self) -> &[(usize, usize)] {
        &self.sizes
    }

    /// Bytes of all arrays but the finest matrix; the factors at the bottom are not counted.
    pub(super) fn memory_bytes(&self) -> usize {
        let of_level = |level: &Level| {
            let down = level.down.as_ref().map_or(0, |d| {
                d.prolongation.memory_bytes() + d.restriction.memory_bytes() + 8 * (d.b.len() + d.x.len())
            });
            level.smoother.memory_bytes() + down + 8 * level.r.len()
        };
        self.levels.iter().map(of_level).sum()
    }

    /// One cycle alone.
    pub(super) fn cycle(&mut self, b: &[f64], x: &mut [f64]) {
        cycle(&mut self.levels, &mut self.bottom, b, x);
    }

    /// One cycle, `x ≈ A⁻¹ b`, at the places of the finest matrix in blocks, and with its weights in `b`. Gives `ax = A x` too; if
    /// not `exact`, of the matrix as the smoother has it.
    pub(super) fn apply(&mut self, a: &PairMatrix, b: &[f64], x: &mut [f64], ax: &mut [f64], exact: bool) {
        self.cycle(b, x);
        match self.levels.first() {
            Some(Level {
                smoother, down: Some(_), ..
            }) if !exact => smoother.product_after(b, ax),
            _ => a.multiply(x, ax),
        }
    }
}

/// V(1,1) on the first of `levels`.
fn cycle(levels: &mut [Level], bottom: &mut Option<Bottom>, b: &[f64], x: &mut [f64]) {
    let Some((level, coarser)) = levels.split_first_mut() else {
        if let Some(bottom) = bottom {
            bottom.solve(b, x);
        }
        return;
    };
    level.smoother.smooth_zero(b, x);
    if let Some(down) = &mut level.down {
        level.smoother.residual_after_zero(x, &mut level.r);
        down.restriction.multiply(&level.r, &mut down.b);
        cycle(coarser, bottom, &down.b, &mut down.x);
        down.prolongation.add_product(&down.x, x);
        level.smoother.smooth(b, x);
    }
}

/// Prolongation to a coarser level and its aggregates; a level that keeps most of its unknowns is tried with a lower threshold, which
/// then stays.
fn coarsened(matrix: &Csr, groups: &[u8], theta: &mut f64) -> Option<(Csr, Aggregates)> {
    let mut next = None;
    for _ in 0..3 {
        let strength = Strength::new(matrix, groups, *theta);
        let aggregates = aggregate(&strength);
        let fraction = aggregates.count as f64 / matrix.n_rows() as f64;
        if fraction < 1.0 {
            next = Some((prolongation(matrix, groups, &strength, &aggregates), aggregates));
        }
        if fraction <= TOO_SLOW {
            break;
        }
        *theta *= 0.1;
    }
    next
}

/// Direct solution of the coarsest level, its rows brought to comparable size so that pivoting works.
struct Bottom {
    lu: SparseLu<f64>,
    /// Place of each unknown.
    places: Vec<u32>,
    x: Vec<f64>,
}

impl Bottom {
    fn new(a: &Csr, row_weights: &[f64], places: Vec<u32>) -> Result<Self, Singular> {
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
        let x = vec![0.0; n];
        Ok(Self { lu, places, x })
    }

    fn solve(&mut self, b: &[f64], x: &mut [f64]) {
        for (own, place) in self.x.iter_mut().zip(&self.places) {
            *own = b[*place as usize];
        }
        self.lu.solve(&mut self.x);
        for (own, place) in self.x.iter().zip(&self.places) {
            x[*place as usize] = *own;
        }
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
