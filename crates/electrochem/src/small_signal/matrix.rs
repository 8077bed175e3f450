//! The complex matrix of the volumes: block elimination along stacks, sparse LU with one symbolic analysis for everything else.

use super::SmallSignal;
use crate::direct::Direct;
use crate::model::BLOCK;
use crate::pattern::{NONE, Unknowns};
use crate::volumes::remote_sites;
use cellwright_dae::Unusable;
use cellwright_dae::linear::{BlockTridiagonal, LinearSolver};
use num_complex::Complex64;

pub(super) enum Matrix {
    Chain(BlockTridiagonal<Complex64, BLOCK>),
    Sparse(Box<Sparse>),
}

/// Only the unknowns that a medium has.
pub(super) struct Sparse {
    lu: Direct<Complex64>,
    /// Place of each unknown, or [`NONE`].
    compact: Vec<u32>,
    /// Place of each entry among the values, in the order in which they come.
    slots: Vec<u32>,
    next: usize,
    /// Row and column of the values in their own order.
    positions: Vec<(u32, u32)>,
    /// Factors on rows and columns that make the largest entry of each one: salt in mol and charge in C differ by ten powers of ten.
    scale: [Vec<f64>; 2],
    rhs: Vec<Complex64>,
}

impl Matrix {
    pub fn chain(n: usize) -> Matrix {
        Matrix::Chain(BlockTridiagonal::new(n))
    }

    pub fn new(of: &SmallSignal<'_>) -> Matrix {
        let model = of.model;
        if model.mesh.is_chain() && remote_sites(model).is_empty() {
            return Matrix::chain(model.mesh.n_cells());
        }
        let Unknowns { compact, places, .. } = Unknowns::of(model);
        let n = places.len();
        let mut positions = Vec::new();
        of.entries(Complex64::ONE, |i, j, _| {
            if let (Some(a), Some(b)) = (compact.get(i), compact.get(j))
                && *a != NONE
                && *b != NONE
            {
                positions.push((*a as usize, *b as usize));
            }
        });
        let lu = Direct::new(&places, &positions);
        let slots = positions
            .iter()
            .map(|&(i, j)| lu.fronts.slot(i, j).expect("invariant: every entry is in the pattern") as u32)
            .collect();
        let positions = lu.fronts.positions().map(|(i, j)| (i as u32, j as u32)).collect();
        Matrix::Sparse(Box::new(Sparse {
            positions,
            scale: [vec![1.0; n], vec![1.0; n]],
            lu,
            compact,
            slots,
            next: 0,
            rhs: vec![Complex64::ZERO; n],
        }))
    }

    pub fn clear(&mut self) {
        match self {
            Matrix::Chain(m) => m.clear(),
            Matrix::Sparse(m) => {
                m.lu.fronts.values_mut().fill(Complex64::ZERO);
                m.next = 0;
            }
        }
    }

    #[inline]
    pub fn add(&mut self, i: usize, j: usize, v: Complex64) {
        match self {
            Matrix::Chain(m) => {
                let (row, column) = (i / BLOCK, j / BLOCK);
                let block = match column.cmp(&row) {
                    std::cmp::Ordering::Equal => &mut m.diagonal_mut()[row],
                    std::cmp::Ordering::Greater => &mut m.upper_mut()[row],
                    std::cmp::Ordering::Less => &mut m.lower_mut()[row],
                };
                block[i % BLOCK][j % BLOCK] += v;
            }
            Matrix::Sparse(m) => {
                if m.compact[i] != NONE && m.compact[j] != NONE {
                    m.lu.fronts.values_mut()[m.slots[m.next] as usize] += v;
                    m.next += 1;
                }
            }
        }
    }

    /// Replaces `x`, which must be zero for the unknowns that a medium does not have, by the solution.
    pub fn factor_and_solve(&mut self, x: &mut [Complex64]) -> Result<(), Unusable> {
        match self {
            Matrix::Chain(m) => {
                m.factor().map_err(|_| Unusable::Singular { index: None })?;
                m.solve(x);
            }
            Matrix::Sparse(m) => {
                m.equilibrate();
                if !m.lu.factor() {
                    return Err(Unusable::Singular { index: None });
                }
                let [row, column] = &m.scale;
                for (x, place) in x.iter().zip(&m.compact).filter(|(_, p)| **p != NONE) {
                    m.rhs[*place as usize] = x * row[*place as usize];
                }
                m.lu.solve(&mut m.rhs);
                for (x, place) in x.iter_mut().zip(&m.compact).filter(|(_, p)| **p != NONE) {
                    *x = m.rhs[*place as usize] * column[*place as usize];
                }
            }
        }
        Ok(())
    }
}

impl Sparse {
    /// Scales rows, then columns, to a largest entry of one.
    fn equilibrate(&mut self) {
        for (side, scale) in self.scale.iter_mut().enumerate() {
            let at = |p: &(u32, u32)| if side == 0 { p.0 as usize } else { p.1 as usize };
            scale.fill(0.0);
            for (p, v) in self.positions.iter().zip(self.lu.fronts.values()) {
                let largest = &mut scale[at(p)];
                *largest = largest.max(v.re.abs() + v.im.abs());
            }
            scale.iter_mut().for_each(|s| *s = if *s > 0.0 { 1.0 / *s } else { 1.0 });
            for (p, v) in self.positions.iter().zip(self.lu.fronts.values_mut()) {
                *v *= scale[at(p)];
            }
        }
    }
}
