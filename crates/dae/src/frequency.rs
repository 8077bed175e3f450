//! Small-signal frequency response of a linearised system.

use crate::error::{DaeError, Singular};
use crate::linear::{BlockTridiagonal, Bordered, DenseLu, Field, LinearSolver, SparseLu};
use num_complex::Complex64;

/// A linearised system that can be solved at a complex frequency.
///
/// A model whose Jacobian assembly is generic over [`Field`] implements it directly: assemble with the leading coefficient `iω`.
/// [`Pencil`] implements it for a real Jacobian and mass matrix.
pub trait FrequencySystem {
    /// Number of unknowns.
    fn len(&self) -> usize;

    /// True for a system without unknowns.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Assembles and factors `J + s M` with `J = ∂F/∂y`, `M = ∂F/∂y'`.
    ///
    /// # Errors
    /// [`Singular`] if `s` is an eigenvalue of the pencil.
    fn factor_at(&mut self, s: Complex64) -> Result<(), Singular>;

    /// Replaces `b` by `(J + s M)⁻¹ b`.
    fn solve(&mut self, b: &mut [Complex64]);
}

/// Solves `(iω M + J) x = b` for every angular frequency and returns what `output` reads from `x`.
///
/// With `b = -∂F/∂u` for an input `u`, `output` picks the transfer function from `u`.
///
/// # Units
/// `omega` in rad/s.
///
/// # Verification
/// `tests/frequency.rs`: RC circuit and finite diffusion element against their closed forms.
///
/// # Errors
/// [`DaeError::Singular`] with the angular frequency in place of the time.
pub fn frequency_response<F: FrequencySystem + ?Sized>(
    system: &mut F,
    omega: &[f64],
    b: &[Complex64],
    mut output: impl FnMut(f64, &[Complex64]) -> Complex64,
) -> Result<Vec<Complex64>, DaeError> {
    let mut x = vec![Complex64::ZERO; system.len()];
    omega
        .iter()
        .map(|w| {
            system
                .factor_at(Complex64::new(0.0, *w))
                .map_err(|s| DaeError::Singular { t: *w, index: s.index })?;
            x.copy_from_slice(b);
            system.solve(&mut x);
            Ok(output(*w, &x))
        })
        .collect()
}

/// The stored values of a back end, in a fixed order that real and complex matrices of the same shape share.
pub trait Entries<S: Field> {
    /// Slices of all stored values.
    fn parts(&self) -> Vec<&[S]>;

    /// Slices of all stored values, to be changed.
    fn parts_mut(&mut self) -> Vec<&mut [S]>;
}

impl<S: Field> Entries<S> for DenseLu<S> {
    fn parts(&self) -> Vec<&[S]> {
        vec![self.matrix()]
    }

    fn parts_mut(&mut self) -> Vec<&mut [S]> {
        vec![self.matrix_mut()]
    }
}

impl<S: Field> Entries<S> for SparseLu<S> {
    fn parts(&self) -> Vec<&[S]> {
        vec![self.values()]
    }

    fn parts_mut(&mut self) -> Vec<&mut [S]> {
        vec![self.values_mut()]
    }
}

impl<S: Field, const B: usize> Entries<S> for BlockTridiagonal<S, B> {
    fn parts(&self) -> Vec<&[S]> {
        let (lower, diagonal, upper) = self.blocks();
        [lower, diagonal, upper].map(|blocks| blocks.as_flattened().as_flattened()).to_vec()
    }

    fn parts_mut(&mut self) -> Vec<&mut [S]> {
        let (lower, diagonal, upper) = self.blocks_mut();
        [lower, diagonal, upper]
            .map(|blocks| blocks.as_flattened_mut().as_flattened_mut())
            .into()
    }
}

impl<S: Field, A: Entries<S> + LinearSolver<S>> Entries<S> for Bordered<S, A> {
    fn parts(&self) -> Vec<&[S]> {
        let mut parts = self.inner.parts();
        parts.extend(self.border());
        parts
    }

    fn parts_mut(&mut self) -> Vec<&mut [S]> {
        let (inner, border) = self.inner_and_border_mut();
        let mut parts = inner.parts_mut();
        parts.extend(border);
        parts
    }
}

/// Real matrices `J` and `M` with a complex back end `A` of the same shape.
#[derive(Clone, Debug)]
pub struct Pencil<A> {
    jacobian: Vec<f64>,
    mass: Vec<f64>,
    solver: A,
}

impl<A: LinearSolver<Complex64> + Entries<Complex64>> Pencil<A> {
    /// A pencil from the filled real matrices `J` and `M` and an empty complex matrix of the same shape.
    ///
    /// # Panics
    /// If the three matrices do not store the same number of values.
    pub fn new<R: Entries<f64>>(jacobian: &R, mass: &R, solver: A) -> Self {
        let (jacobian, mass) = (jacobian.parts().concat(), mass.parts().concat());
        let stored: usize = solver.parts().iter().map(|p| p.len()).sum();
        assert!(
            jacobian.len() == stored && mass.len() == stored,
            "J, M and the complex matrix must have the same shape"
        );
        Self { jacobian, mass, solver }
    }
}

impl<A: LinearSolver<Complex64> + Entries<Complex64>> FrequencySystem for Pencil<A> {
    fn len(&self) -> usize {
        self.solver.len()
    }

    fn factor_at(&mut self, s: Complex64) -> Result<(), Singular> {
        let values = self.jacobian.iter().zip(&self.mass);
        for (entry, (j, m)) in self.solver.parts_mut().into_iter().flatten().zip(values) {
            *entry = s * m + j;
        }
        self.solver.factor()
    }

    fn solve(&mut self, b: &mut [Complex64]) {
        self.solver.solve(b);
    }
}
