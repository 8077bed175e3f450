//! Explicit inverses of small blocks.

use super::Field;
use super::block_tridiagonal::Block;

/// Inverse in place; fails with the column that has no pivot.
#[inline(always)]
pub(super) fn invert<S: Field, const B: usize>(a: &mut Block<S, B>) -> Result<(), usize> {
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
