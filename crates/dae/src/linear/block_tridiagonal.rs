//! Block-tridiagonal matrices with small square blocks: block Gauss elimination without fill.

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

/// Inverse in place; fails with the column that has no pivot.
#[inline(always)]
fn invert<S: Field, const B: usize>(a: &mut Block<S, B>) -> Result<(), usize> {
    match B {
        2 => invert_2(a),
        3 => invert_3(a),
        4 => invert_4(a),
        _ => invert_by_elimination(a),
    }
}

/// Is `x` a number one can divide by?
#[inline(always)]
fn usable<S: Field>(x: S) -> Result<S, usize> {
    let size = x.magnitude();
    if size > 0.0 && size.is_finite() { Ok(S::ONE / x) } else { Err(0) }
}

/// Adjugate over determinant. One division and no branches: it sits on the critical path of the factorisation. Like
/// elimination with pivoting, it is insensitive to the scaling of rows and columns.
#[inline(always)]
fn invert_2<S: Field, const B: usize>(a: &mut Block<S, B>) -> Result<(), usize> {
    let m = *a;
    let inverse = usable(m[0][0] * m[1][1] - m[0][1] * m[1][0])?;
    (a[0][0], a[0][1]) = (m[1][1] * inverse, -m[0][1] * inverse);
    (a[1][0], a[1][1]) = (-m[1][0] * inverse, m[0][0] * inverse);
    Ok(())
}

/// As [`invert_2`] for three rows.
#[inline(always)]
fn invert_3<S: Field, const B: usize>(a: &mut Block<S, B>) -> Result<(), usize> {
    let m = *a;
    let minor = |r: [usize; 2], c: [usize; 2]| m[r[0]][c[0]] * m[r[1]][c[1]] - m[r[0]][c[1]] * m[r[1]][c[0]];
    let first = [minor([1, 2], [1, 2]), minor([1, 2], [2, 0]), minor([1, 2], [0, 1])];
    let inverse = usable(m[0][0] * first[0] + m[0][1] * first[1] + m[0][2] * first[2])?;
    for k in 0..3 {
        let (p, q) = ((k + 1) % 3, (k + 2) % 3);
        a[k][0] = first[k] * inverse;
        a[k][1] = minor([2, 0], [p, q]) * inverse;
        a[k][2] = minor([0, 1], [p, q]) * inverse;
    }
    Ok(())
}

/// As [`invert_2`] for four rows, by Laplace expansion along two pairs of rows.
#[inline(always)]
fn invert_4<S: Field, const B: usize>(a: &mut Block<S, B>) -> Result<(), usize> {
    let m = *a;
    let minor = |r: usize, p: usize, q: usize| m[r][p] * m[r + 1][q] - m[r][q] * m[r + 1][p];
    // Minors of the upper and of the lower pair of rows, by pair of columns.
    let (u01, u02, u03, u12, u13, u23) = (
        minor(0, 0, 1),
        minor(0, 0, 2),
        minor(0, 0, 3),
        minor(0, 1, 2),
        minor(0, 1, 3),
        minor(0, 2, 3),
    );
    let (l01, l02, l03, l12, l13, l23) = (
        minor(2, 0, 1),
        minor(2, 0, 2),
        minor(2, 0, 3),
        minor(2, 1, 2),
        minor(2, 1, 3),
        minor(2, 2, 3),
    );
    let inverse = usable(u01 * l23 - u02 * l13 + u03 * l12 + u12 * l03 - u13 * l02 + u23 * l01)?;
    let three = |x: [S; 3], y: [S; 3]| (x[0] * y[0] - x[1] * y[1] + x[2] * y[2]) * inverse;
    // Row pairs swap roles: the first two columns of the inverse use the lower minors, the last two the upper ones.
    for (column, row, sign, minors) in [
        (0, 1, S::ONE, [l01, l02, l03, l12, l13, l23]),
        (1, 0, -S::ONE, [l01, l02, l03, l12, l13, l23]),
        (2, 3, S::ONE, [u01, u02, u03, u12, u13, u23]),
        (3, 2, -S::ONE, [u01, u02, u03, u12, u13, u23]),
    ] {
        let [d01, d02, d03, d12, d13, d23] = minors;
        let r = m[row];
        a[0][column] = sign * three([r[1], r[2], r[3]], [d23, d13, d12]);
        a[1][column] = -sign * three([r[0], r[2], r[3]], [d23, d03, d02]);
        a[2][column] = sign * three([r[0], r[1], r[3]], [d13, d03, d01]);
        a[3][column] = -sign * three([r[0], r[1], r[2]], [d12, d02, d01]);
    }
    Ok(())
}

/// Gauss-Jordan elimination with partial pivoting.
fn invert_by_elimination<S: Field, const B: usize>(a: &mut Block<S, B>) -> Result<(), usize> {
    let mut order = [0; B];
    for k in 0..B {
        let mut pivot = k;
        let mut largest = a[k][k].magnitude();
        for (i, row) in a.iter().enumerate().skip(k + 1) {
            let size = row[k].magnitude();
            if size > largest || size.is_nan() {
                (pivot, largest) = (i, size);
            }
        }
        if !(largest > 0.0 && largest.is_finite()) {
            return Err(k);
        }
        order[k] = pivot;
        if pivot != k {
            a.swap(k, pivot);
        }
        let inverse = S::ONE / a[k][k];
        let mut row = a[k];
        row[k] = S::ONE;
        for x in &mut row {
            *x *= inverse;
        }
        a[k] = row;
        for (i, other) in a.iter_mut().enumerate() {
            if i != k {
                let factor = other[k];
                other[k] = S::ZERO;
                for (x, p) in other.iter_mut().zip(&row) {
                    *x -= factor * *p;
                }
            }
        }
    }
    // Row exchanges of the matrix are column exchanges of its inverse, undone in reverse order.
    for k in (0..B).rev() {
        if order[k] != k {
            for row in a.iter_mut() {
                row.swap(k, order[k]);
            }
        }
    }
    Ok(())
}
