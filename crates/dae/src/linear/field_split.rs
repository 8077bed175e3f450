//! The second preconditioner: potentials first, then concentrations, then everything together.

use super::aggregation::ALONE;
use super::amg::Hierarchy;
use super::csr::Csr;
use super::ilu::Ilu0;
use super::parallel;
use crate::error::Singular;

/// Multigrid on the potentials, multigrid on the concentrations, ILU(0) on the whole matrix, one after the other.
///
/// Needs more iterations than multigrid on the whole matrix but about half its set-up and memory, and sometimes works where that
/// one does not, because neither hierarchy sees couplings between kinds.
///
/// # Equation
/// `x_φ = V_φ b_φ`, `x_c = V_c (b - A x)_c`, `x += M⁻¹ (b - A x)`.
///
/// # Verification
/// `tests/krylov.rs`, `second_preconditioner_converges`.
pub(super) struct FieldSplit {
    fields: Vec<Field>,
    ilu: Ilu0,
    r: Vec<f64>,
}

/// The unknowns of one field with their hierarchy.
struct Field {
    unknowns: Vec<u32>,
    matrix: Csr,
    hierarchy: Hierarchy,
    b: Vec<f64>,
    x: Vec<f64>,
}

impl FieldSplit {
    /// Splits `a` into unknowns of the group `potential` or of no group, and all others.
    ///
    /// # Errors
    /// As [`Hierarchy::new`].
    pub(super) fn new(a: &Csr, groups: &[u8], potential: u8, row_weights: &[f64]) -> Result<Self, Singular> {
        let n = a.n_rows() as u32;
        let first = |i: &u32| groups[*i as usize] == potential || groups[*i as usize] == ALONE;
        let (potentials, others): (Vec<u32>, Vec<u32>) = (0..n).partition(first);
        let fields = [potentials, others]
            .into_iter()
            .filter(|unknowns| !unknowns.is_empty())
            .map(|unknowns| {
                let matrix = a.submatrix(&unknowns);
                let groups: Vec<u8> = unknowns.iter().map(|i| groups[*i as usize]).collect();
                let weights: Vec<f64> = unknowns.iter().map(|i| row_weights[*i as usize]).collect();
                Ok(Field {
                    hierarchy: Hierarchy::new(&matrix, &groups, &weights)?,
                    b: vec![0.0; unknowns.len()],
                    x: vec![0.0; unknowns.len()],
                    matrix,
                    unknowns,
                })
            })
            .collect::<Result<Vec<_>, Singular>>()?;
        let ilu = Ilu0::new(a);
        if !ilu.is_finite() {
            return Err(Singular { index: None });
        }
        let r = vec![0.0; a.n_rows()];
        Ok(Self { fields, ilu, r })
    }

    /// Unknowns and entries of each level of each field.
    pub(super) fn sizes(&self) -> Vec<(usize, usize)> {
        self.fields.iter().flat_map(|f| f.hierarchy.sizes().to_vec()).collect()
    }

    /// Bytes of all arrays.
    pub(super) fn memory_bytes(&self) -> usize {
        let of_field = |f: &Field| f.matrix.memory_bytes() + f.hierarchy.memory_bytes() + 16 * f.x.len() + 4 * f.unknowns.len();
        self.fields.iter().map(of_field).sum::<usize>() + self.ilu.memory_bytes() + 8 * self.r.len()
    }

    /// `x ≈ A⁻¹ b`.
    pub(super) fn apply(&mut self, a: &Csr, b: &[f64], x: &mut [f64]) {
        x.fill(0.0);
        self.r.copy_from_slice(b);
        for field in &mut self.fields {
            for (b, i) in field.b.iter_mut().zip(&field.unknowns) {
                *b = self.r[*i as usize];
            }
            field.hierarchy.apply(&field.matrix, &field.b, &mut field.x);
            for (dx, i) in field.x.iter().zip(&field.unknowns) {
                x[*i as usize] += dx;
            }
            a.residual(b, x, &mut self.r);
        }
        self.ilu.solve(a, &mut self.r);
        let r = &self.r;
        parallel::by_chunks(x, |first, x| x.iter_mut().zip(&r[first..]).for_each(|(x, r)| *x += r));
    }
}
