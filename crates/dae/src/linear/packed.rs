//! The factors of one front as substitutions read them: in the order of reading, in panels of four pivots.

use super::Field;
use super::stored::Stored;
use crate::lanes::vectorised;

/// Pivots whose factors are read side by side: a number of the solution is then loaded once for four factors.
const PANEL: usize = 4;

/// Numbers that are summed side by side.
const LANES: usize = 4;

/// A pivot of the factors `L D U`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pivot<S> {
    /// `1/D`.
    pub inverse: S,
    /// What its column of `L` and its row of `U` are multiplied by, see [`super::compensation`].
    pub lower: S,
    pub upper: S,
}

impl<S: Field> Pivot<S> {
    /// A pivot whose factors are kept as they are.
    pub(super) fn of(inverse: S) -> Pivot<S> {
        Pivot {
            inverse,
            lower: S::ONE,
            upper: S::ONE,
        }
    }
}

/// Factors on one side of the diagonal for `p` pivots with `b` unknowns beyond.
pub(super) const fn size(p: usize, b: usize) -> usize {
    p * p.saturating_sub(1) / 2 + p * b
}

/// Pivots of each panel, first to last.
fn panels(p: usize) -> impl DoubleEndedIterator<Item = usize> {
    (0..p.div_ceil(PANEL)).map(move |k| PANEL.min(p - PANEL * k))
}

/// Keeps the factors of an eliminated front: of `left` (`[A11; A21]` by columns) the columns of `L`, of `left` and `right` (`A12` by
/// columns) the rows of `U`. Returns false if a factor is too large for `F`.
///
/// Panels of `L` come first to last, those of `U` last to first: memory is read from beginning to end. A panel is the triangle between its
/// pivots and then what is beyond, both of them column by column.
pub(super) fn pack<S: Field, F: Stored<S>>([left, right]: [&[S]; 2], p: usize, [mut lower, mut upper]: [&mut [F]; 2]) -> bool {
    let mut fits = true;
    vectorised(
        #[inline(always)]
        || {
            let mut first = 0;
            for w in panels(p) {
                let end = first + w;
                let columns = || left.chunks_exact(left.len() / p).take(end).enumerate().skip(first);
                for (k, column) in columns() {
                    fits &= keep(&mut lower, &column[k + 1..end]);
                }
                for (_, column) in columns() {
                    fits &= keep(&mut lower, &column[end..]);
                }
                first = end;
            }
            for w in panels(p).rev() {
                first -= w;
                fits &= match w {
                    4 => pack_upper::<S, F, 4>([left, right], p, first, &mut upper),
                    3 => pack_upper::<S, F, 3>([left, right], p, first, &mut upper),
                    2 => pack_upper::<S, F, 2>([left, right], p, first, &mut upper),
                    _ => pack_upper::<S, F, 1>([left, right], p, first, &mut upper),
                };
            }
        },
    );
    fits
}

/// Keeps the panel of `U` with the `W` pivots from `first` on, and moves on in `to`.
#[inline(always)]
fn pack_upper<S: Field, F: Stored<S>, const W: usize>([left, right]: [&[S]; 2], p: usize, first: usize, to: &mut &mut [F]) -> bool {
    let end = first + W;
    let (inside, beyond) = (left.chunks_exact(left.len() / p), right.chunks_exact(p));
    let mut fits = true;
    for k in first..end {
        for column in inside.clone().take(end).skip(k + 1) {
            fits &= keep(to, &[column[k]]);
        }
    }
    let (here, after) = std::mem::take(to).split_at_mut(W * (p - end + beyond.len()));
    let (near, far) = here.as_chunks_mut::<W>().0.split_at_mut(p - end);
    let scaled = |column: &[S]| std::array::from_fn(|k| column[first + k]);
    for (to, column) in near.iter_mut().zip(inside.skip(end)) {
        fits &= put(to, scaled(column));
    }
    for (to, column) in far.iter_mut().zip(beyond) {
        fits &= put(to, scaled(column));
    }
    *to = after;
    fits
}

/// Puts numbers at the beginning of `to` and moves on.
#[inline(always)]
fn keep<S: Field, F: Stored<S>>(to: &mut &mut [F], from: &[S]) -> bool {
    let (here, after) = std::mem::take(to).split_at_mut(from.len());
    let mut fits = true;
    for (to, v) in here.iter_mut().zip(from) {
        fits &= put(std::array::from_mut(to), [*v]);
    }
    *to = after;
    fits
}

/// Stores numbers; false if one of them is too large.
#[inline(always)]
fn put<S: Field, F: Stored<S>, const N: usize>(to: &mut [F; N], from: [S; N]) -> bool {
    *to = from.map(F::of);
    from.iter().fold(true, |fits, v| fits & (v.magnitude() <= F::LARGEST))
}

/// Forward substitution with the pivots of a front: `here ← L⁻¹ here`, its own unknowns first, those beyond after them.
pub(super) fn solve_lower<S: Field, F: Stored<S>>(mut factors: &[F], mut pivots: &[Pivot<S>], here: &mut [S]) {
    vectorised(
        #[inline(always)]
        || {
            let mut after = here;
            for w in panels(pivots.len()) {
                let (panel, present);
                (panel, factors) = factors.split_at(size(w, after.len() - w));
                (present, pivots) = pivots.split_at(w);
                after = match w {
                    4 => lower_panel::<S, F, 4>(panel, present, after),
                    3 => lower_panel::<S, F, 3>(panel, present, after),
                    2 => lower_panel::<S, F, 2>(panel, present, after),
                    _ => lower_panel::<S, F, 1>(panel, present, after),
                };
            }
        },
    );
}

/// One panel of the forward substitution; returns what comes after its pivots.
#[inline(always)]
fn lower_panel<'a, S: Field, F: Stored<S>, const W: usize>(panel: &[F], pivots: &[Pivot<S>], here: &'a mut [S]) -> &'a mut [S] {
    let (own, beyond) = here.split_at_mut(W);
    let (triangle, columns) = panel.split_at(size(W, 0));
    let mut x = [S::ZERO; W];
    let mut factor = triangle.iter();
    for k in 0..W {
        x[k] = own[k] * pivots[k].lower;
        for (y, l) in own[k + 1..].iter_mut().zip(&mut factor) {
            *y -= l.widen() * x[k];
        }
    }
    let mut after = columns;
    let columns: [&[F]; W] = std::array::from_fn(|_| {
        let one;
        (one, after) = after.split_at(beyond.len());
        one
    });
    for (i, y) in beyond.iter_mut().enumerate() {
        let mut sum = columns[0][i].widen() * x[0];
        for k in 1..W {
            sum += columns[k][i].widen() * x[k];
        }
        *y -= sum;
    }
    beyond
}

/// Back substitution with the pivots of a front: `here ← (D U)⁻¹ here`, those beyond being known.
pub(super) fn solve_upper<S: Field, F: Stored<S>>(mut factors: &[F], pivots: &[Pivot<S>], here: &mut [S]) {
    let p = pivots.len();
    vectorised(
        #[inline(always)]
        || {
            let mut end = p;
            for w in panels(p).rev() {
                let first = end - w;
                let here = &mut here[first..];
                let panel;
                (panel, factors) = factors.split_at(size(w, here.len() - w));
                let pivots = &pivots[first..end];
                match w {
                    4 => upper_panel::<S, F, 4>(panel, pivots, here),
                    3 => upper_panel::<S, F, 3>(panel, pivots, here),
                    2 => upper_panel::<S, F, 2>(panel, pivots, here),
                    _ => upper_panel::<S, F, 1>(panel, pivots, here),
                }
                end = first;
            }
        },
    );
}

/// One panel of the back substitution.
#[inline(always)]
fn upper_panel<S: Field, F: Stored<S>, const W: usize>(panel: &[F], pivots: &[Pivot<S>], here: &mut [S]) {
    let (own, beyond) = here.split_at_mut(W);
    let (triangle, rows) = panel.split_at(size(W, 0));
    let sums = products::<S, F, W>(rows.as_chunks::<W>().0, beyond);
    let mut x = [S::ZERO; W];
    let mut end = triangle.len();
    for k in (0..W).rev() {
        let row = &triangle[end + k + 1 - W..end];
        end -= row.len();
        let mut sum = sums[k];
        for (j, u) in row.iter().enumerate() {
            sum += u.widen() * x[k + 1 + j];
        }
        x[k] = own[k] * pivots[k].inverse - sum * pivots[k].upper;
    }
    own.copy_from_slice(&x);
}

/// Scalar products of rows, given by columns, with the same vector, in four sums each.
#[inline(always)]
fn products<S: Field, F: Stored<S>, const W: usize>(columns: &[[F; W]], x: &[S]) -> [S; W] {
    let mut sums = [[S::ZERO; W]; LANES];
    let ((columns, last_columns), (x, last_x)) = (columns.as_chunks::<LANES>(), x.as_chunks::<LANES>());
    let mut add = |lane: usize, column: &[F; W], x: S| {
        for k in 0..W {
            sums[lane][k] += column[k].widen() * x;
        }
    };
    for (columns, x) in columns.iter().zip(x) {
        (0..LANES).for_each(|lane| add(lane, &columns[lane], x[lane]));
    }
    for (lane, (column, x)) in last_columns.iter().zip(last_x).enumerate() {
        add(lane, column, *x);
    }
    let [a, b, c, d] = sums;
    std::array::from_fn(|k| (a[k] + b[k]) + (c[k] + d[k]))
}
