//! The second preconditioner: potentials first, then concentrations, then everything together.

use super::aggregation::ALONE;
use super::amg::Hierarchy;
use super::csr::Csr;
use super::pair_matrix::PairMatrix;
use super::parallel;
use super::smoother::Smoother;
use crate::error::Singular;

/// Multigrid on the potentials, multigrid on the concentrations, the smoother of the whole matrix, one after the other.
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
    smoother: Smoother,
    r: Vec<f64>,
    z: Vec<f64>,
}

/// The unknowns of one field with their hierarchy.
struct Field {
    /// Place of each unknown among all, and in the field.
    places: Vec<[u32; 2]>,
    hierarchy: Hierarchy,
    b: Vec<f64>,
    x: Vec<f64>,
}

impl FieldSplit {
    /// Splits `a`, in blocks `finest`, into unknowns of the group `potential` or of no group, and all others.
    ///
    /// # Errors
    /// As [`Hierarchy::new`].
    pub(super) fn new(a: &Csr, finest: &PairMatrix, groups: &[u8], potential: u8, row_weights: &[f64]) -> Result<Self, Singular> {
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
                let mut blocks = PairMatrix::new(&matrix, &groups);
                blocks.fill(&matrix, &weights);
                let within = blocks.pairs.place.iter();
                Ok(Field {
                    hierarchy: Hierarchy::new(&matrix, &blocks, &groups, &weights)?,
                    places: unknowns
                        .iter()
                        .zip(within)
                        .map(|(i, at)| [finest.pairs.place[*i as usize], *at])
                        .collect(),
                    b: vec![0.0; blocks.pairs.n_places()],
                    x: vec![0.0; blocks.pairs.n_places()],
                })
            })
            .collect::<Result<Vec<_>, Singular>>()?;
        let smoother = Smoother::new(finest);
        if !smoother.is_finite() {
            return Err(Singular { index: None });
        }
        let (r, z) = (vec![0.0; finest.pairs.n_places()], vec![0.0; finest.pairs.n_places()]);
        Ok(Self { fields, smoother, r, z })
    }

    /// Unknowns and entries of each level of each field.
    pub(super) fn sizes(&self) -> Vec<(usize, usize)> {
        self.fields.iter().flat_map(|f| f.hierarchy.sizes().to_vec()).collect()
    }

    /// Bytes of all arrays.
    pub(super) fn memory_bytes(&self) -> usize {
        let of_field = |f: &Field| f.hierarchy.memory_bytes() + 16 * f.x.len() + 8 * f.places.len();
        self.fields.iter().map(of_field).sum::<usize>() + self.smoother.memory_bytes() + 16 * self.r.len()
    }

    /// Factors the smoother anew, for a matrix that has moved on; false if it is not finite.
    pub(super) fn renew_finest(&mut self, finest: &PairMatrix) -> bool {
        self.smoother.factor(finest);
        self.smoother.is_finite()
    }

    /// `x ≈ A⁻¹ b`, at the places of `a`, and `ax = A x`.
    pub(super) fn apply(&mut self, a: &PairMatrix, b: &[f64], x: &mut [f64], ax: &mut [f64]) {
        x.fill(0.0);
        self.r.copy_from_slice(b);
        for field in &mut self.fields {
            for [all, own] in &field.places {
                field.b[*own as usize] = self.r[*all as usize];
            }
            field.hierarchy.cycle(&field.b, &mut field.x);
            for [all, own] in &field.places {
                x[*all as usize] += field.x[*own as usize];
            }
            a.residual(b, x, &mut self.r);
        }
        self.smoother.smooth_zero(&self.r, &mut self.z);
        let z = &self.z;
        parallel::by_chunks(x, |first, x| x.iter_mut().zip(&z[first..]).for_each(|(x, z)| *x += z));
        a.multiply(x, ax);
    }
}
