//! Block-tridiagonal matrices with small square blocks: block Gauss elimination without fill.

use super::inverse::invert;
use super::{Field, LinearSolver};
use crate::error::Singular;

/// One B×B block, row-major.
pub type Block<S, const B: usize> = [[S; B]; B];

/// Block-tridiagonal matrix of `n_blocks` B×B blocks with its factors.
///
/// Typical of one-dimensional meshes with `B` unknowns per volume. Diagonal blocks are inverted (adjugate up to B = 4, Gauss-Jordan
/// with partial pivoting beyond), but there is no pivoting between blocks: every leading block minor must be regular, as it is for
/// discretised transport.
///
/// # Equation
/// `D'_i = D_i - L_i W_{i-1}`, `W_i = D'_i⁻¹ U_i`, `G_i = D'_i⁻¹ L_i`; solve `y_i = D'_i⁻¹ b_i - G_i y_{i-1}`, then
/// `x_i = y_i - W_i x_{i+1}`. Keeping `G` leaves one matrix-vector product per block on the critical path of the sweep.
///
/// # Verification
/// `tests/linear.rs` against dense LU.
#[derive(Clone, Debug)]
pub struct BlockTridiagonal<S, const B: usize> {
    lower: Vec<Block<S, B>>,
    diagonal: Vec<Block<S, B>>,
    upper: Vec<Block<S, B>>,
    factors: Vec<Factors<S, B>>,
}

/// What the sweeps need of one block row.
#[derive(Clone, Copy, Debug)]
struct Factors<S, const B: usize> {
    inverse: Block<S, B>,
    to_lower: Block<S, B>,
    to_upper: Block<S, B>,
}

impl<S: Field, const B: usize> BlockTridiagonal<S, B> {
    /// A zero matrix of `n_blocks` block rows.
    pub fn new(n_blocks: usize) -> Self {
        let zero = [[S::ZERO; B]; B];
        Self {
            lower: vec![zero; n_blocks],
            diagonal: vec![zero; n_blocks],
            upper: vec![zero; n_blocks],
            factors: vec![
                Factors {
                    inverse: zero,
                    to_lower: zero,
                    to_upper: zero
                };
                n_blocks
            ],
        }
    }

    /// Number of block rows.
    pub fn n_blocks(&self) -> usize {
        self.diagonal.len()
    }

    /// Sets all entries to zero.
    pub fn clear(&mut self) {
        for blocks in [&mut self.lower, &mut self.diagonal, &mut self.upper] {
            blocks.fill([[S::ZERO; B]; B]);
        }
    }

    /// Diagonal blocks.
    pub fn diagonal_mut(&mut self) -> &mut [Block<S, B>] {
        &mut self.diagonal
    }

    /// Blocks left of the diagonal; entry `i` couples block row `i` to `i-1`, entry 0 is ignored.
    pub fn lower_mut(&mut self) -> &mut [Block<S, B>] {
        &mut self.lower
    }

    /// Blocks right of the diagonal; entry `i` couples block row `i` to `i+1`, the last entry is ignored.
    pub fn upper_mut(&mut self) -> &mut [Block<S, B>] {
        &mut self.upper
    }

    /// Lower, diagonal and upper blocks at once, for assembly loops that fill all three.
    #[allow(clippy::type_complexity)]
    pub fn blocks_mut(&mut self) -> (&mut [Block<S, B>], &mut [Block<S, B>], &mut [Block<S, B>]) {
        (&mut self.lower, &mut self.diagonal, &mut self.upper)
    }

    /// Lower, diagonal and upper blocks as filled.
    #[allow(clippy::type_complexity)]
    pub fn blocks(&self) -> (&[Block<S, B>], &[Block<S, B>], &[Block<S, B>]) {
        (&self.lower, &self.diagonal, &self.upper)
    }

    /// Product `out = A x` with the matrix as filled.
    pub fn multiply(&self, x: &[S], out: &mut [S]) {
        let n = self.n_blocks();
        for i in 0..n {
            let mut sum = times(&self.diagonal[i], &load(x, i));
            if i > 0 {
                add(&mut sum, times(&self.lower[i], &load(x, i - 1)));
            }
            if i + 1 < n {
                add(&mut sum, times(&self.upper[i], &load(x, i + 1)));
            }
            out[i * B..(i + 1) * B].copy_from_slice(&sum);
        }
    }
}

impl<S: Field, const B: usize> LinearSolver<S> for BlockTridiagonal<S, B> {
    fn len(&self) -> usize {
        self.n_blocks() * B
    }

    fn factor(&mut self) -> Result<(), Singular> {
        let n = self.n_blocks();
        let mut above = [[S::ZERO; B]; B];
        for i in 0..n {
            let mut inverse = self.diagonal[i];
            let lower = if i > 0 { self.lower[i] } else { [[S::ZERO; B]; B] };
            let upper = if i + 1 < n { self.upper[i] } else { [[S::ZERO; B]; B] };
            subtract_product(&mut inverse, &lower, &above);
            invert(&mut inverse).map_err(|column| Singular {
                index: Some(i * B + column),
            })?;
            above = product(&inverse, &upper);
            self.factors[i] = Factors {
                inverse,
                to_lower: product(&inverse, &lower),
                to_upper: above,
            };
        }
        Ok(())
    }

    fn solve(&mut self, b: &mut [S]) {
        let mut previous = [S::ZERO; B];
        for (factors, b) in self.factors.iter().zip(b.chunks_exact_mut(B)) {
            let rhs: [S; B] = std::array::from_fn(|k| b[k]);
            let mut y = times(&factors.inverse, &rhs);
            subtract(&mut y, &factors.to_lower, &previous);
            b.copy_from_slice(&y);
            previous = y;
        }
        let mut next = [S::ZERO; B];
        for (factors, b) in self.factors.iter().zip(b.chunks_exact_mut(B)).rev() {
            let mut x: [S; B] = std::array::from_fn(|k| b[k]);
            subtract(&mut x, &factors.to_upper, &next);
            b.copy_from_slice(&x);
            next = x;
        }
    }
}

fn load<S: Field, const B: usize>(x: &[S], i: usize) -> [S; B] {
    std::array::from_fn(|k| x[i * B + k])
}

#[inline(always)]
fn times<S: Field, const B: usize>(a: &Block<S, B>, x: &[S; B]) -> [S; B] {
    std::array::from_fn(|i| {
        let mut sum = a[i][0] * x[0];
        for k in 1..B {
            sum += a[i][k] * x[k];
        }
        sum
    })
}

#[inline(always)]
fn add<S: Field, const B: usize>(y: &mut [S; B], x: [S; B]) {
    for k in 0..B {
        y[k] += x[k];
    }
}

/// `y -= a x`, with the product summed first so that `y` joins the chain last.
#[inline(always)]
fn subtract<S: Field, const B: usize>(y: &mut [S; B], a: &Block<S, B>, x: &[S; B]) {
    let ax = times(a, x);
    for k in 0..B {
        y[k] -= ax[k];
    }
}

#[inline(always)]
fn product<S: Field, const B: usize>(a: &Block<S, B>, b: &Block<S, B>) -> Block<S, B> {
    let mut out = [[S::ZERO; B]; B];
    for i in 0..B {
        for j in 0..B {
            let mut sum = a[i][0] * b[0][j];
            for k in 1..B {
                sum += a[i][k] * b[k][j];
            }
            out[i][j] = sum;
        }
    }
    out
}

#[inline(always)]
fn subtract_product<S: Field, const B: usize>(c: &mut Block<S, B>, a: &Block<S, B>, b: &Block<S, B>) {
    let ab = product(a, b);
    for i in 0..B {
        for j in 0..B {
            c[i][j] -= ab[i][j];
        }
    }
}
