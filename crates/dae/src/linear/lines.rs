//! Many block-tridiagonal matrices of 3×3 blocks, eliminated side by side in the lanes of the vector unit.

use super::parallel;
use crate::lanes::vectorised;
use rayon::prelude::*;

/// Matrices that are eliminated together.
pub const LANES: usize = 4;
/// Unknowns of a block.
const B: usize = 3;

/// The same number of every matrix of a bundle.
pub type Lane = [f64; LANES];
/// The same block of every matrix of a bundle.
pub type LaneBlock = [[Lane; B]; B];
/// The same part of a vector of every matrix of a bundle.
pub type LaneVector = [Lane; B];

/// Block-tridiagonal matrices of any lengths, bundled by fours.
///
/// # Equation
/// Of each matrix the elimination of [`BlockTridiagonal`](super::BlockTridiagonal), without exchanges of rows.
///
/// # Verification
/// Unit tests below, against [`BlockTridiagonal`](super::BlockTridiagonal).
#[derive(Clone, Debug)]
pub struct BlockLines {
    /// First position of each bundle, and the end.
    starts: Vec<usize>,
    /// Number that the caller gives to each block row, or [`NONE`](BlockLines::NONE) behind the end of a shorter matrix.
    rows: Vec<[u32; LANES]>,
    /// The matrices as filled; their factors after [`BlockLines::factor`].
    blocks: Vec<Row>,
}

/// Lower, diagonal and upper block; later, of the pivot `D'`, `D'⁻¹ L`, `D'⁻¹`, `D'⁻¹ U`.
type Row = [LaneBlock; 3];

const ZERO: LaneBlock = [[[0.0; LANES]; B]; B];
const ONE: LaneBlock = {
    let mut one = ZERO;
    (one[0][0], one[1][1], one[2][2]) = ([1.0; LANES], [1.0; LANES], [1.0; LANES]);
    one
};

impl BlockLines {
    /// No block row.
    pub const NONE: u32 = u32::MAX;

    /// Unit matrices whose block rows have the given numbers; the longest come first.
    pub fn new(lines: &[Vec<u32>]) -> BlockLines {
        let mut order: Vec<usize> = (0..lines.len()).collect();
        order.sort_by_key(|k| std::cmp::Reverse(lines[*k].len()));
        let (mut starts, mut rows) = (vec![0], vec![]);
        for bundle in order.chunks(LANES) {
            for i in 0..lines[bundle[0]].len() {
                let row = |lane: usize| bundle.get(lane).and_then(|k| lines[*k].get(i)).copied();
                rows.push(std::array::from_fn(|lane| row(lane).unwrap_or(Self::NONE)));
            }
            starts.push(rows.len());
        }
        BlockLines {
            starts,
            blocks: vec![[ZERO, ONE, ZERO]; rows.len()],
            rows,
        }
    }

    /// Number of bundles.
    pub fn n_bundles(&self) -> usize {
        self.starts.len() - 1
    }

    /// Positions of bundle `k`.
    pub fn bundle(&self, k: usize) -> std::ops::Range<usize> {
        self.starts[k]..self.starts[k + 1]
    }

    /// Numbers of the block rows at each position.
    pub fn rows(&self) -> &[[u32; LANES]] {
        &self.rows
    }

    /// Factors the matrices, whose rows `fill` sets bundle by bundle; false if one is singular.
    pub fn factor(&mut self, fill: impl Fn(Bundle<'_>) + Sync) -> bool {
        let rows = by_bundles(&self.starts, &self.rows);
        let work = |(k, blocks): (usize, &mut [Row])| {
            let (rows, first) = (rows[k], self.starts[k]);
            fill(Bundle { first, rows, blocks });
            eliminate(blocks)
        };
        let bundles = by_bundles_mut(&self.starts, &mut self.blocks);
        if parallel::worthwhile(LANES * self.rows.len()) {
            bundles.into_par_iter().enumerate().all(work)
        } else {
            bundles.into_iter().enumerate().all(work)
        }
    }

    /// Replaces the right-hand sides of bundle `k`, `x`, by the solutions.
    pub fn solve(&self, k: usize, x: &mut [LaneVector]) {
        let blocks = &self.blocks[self.bundle(k)];
        vectorised(
            #[inline(always)]
            || substitute(blocks, x),
        );
    }

    /// Solves for a right-hand side with three numbers a block row; the solution has the order of the positions.
    pub fn solve_all(&self, from: &[f64], x: &mut [LaneVector]) {
        let work = |(k, x): (usize, &mut [LaneVector])| {
            // A right-hand side is often zero but for a few lines, or outside of all lines.
            if self.gather(k, from, x) {
                self.solve(k, x);
            }
        };
        let bundles = by_bundles_mut(&self.starts, x);
        if parallel::worthwhile(LANES * self.rows.len()) {
            bundles.into_par_iter().enumerate().for_each(work);
        } else {
            bundles.into_iter().enumerate().for_each(work);
        }
    }

    /// False if all that was taken is zero.
    fn gather(&self, k: usize, from: &[f64], x: &mut [LaneVector]) -> bool {
        let mut something = false;
        for (x, rows) in x.iter_mut().zip(&self.rows[self.bundle(k)]) {
            for (lane, row) in rows.iter().enumerate() {
                let at = B * *row as usize;
                for i in 0..B {
                    x[i][lane] = if *row == Self::NONE { 0.0 } else { from[at + i] };
                    something |= x[i][lane] != 0.0;
                }
            }
        }
        something
    }

    /// Puts a solution into a vector with three numbers a block row.
    pub fn scatter(&self, x: &[LaneVector], to: &mut [f64]) {
        for (x, rows) in x.iter().zip(&self.rows) {
            for (lane, row) in rows.iter().enumerate().filter(|(_, row)| **row != Self::NONE) {
                let at = B * *row as usize;
                for i in 0..B {
                    to[at + i] = x[i][lane];
                }
            }
        }
    }
}

/// Matrices that are eliminated together, to be filled.
pub struct Bundle<'a> {
    /// First position.
    pub first: usize,
    /// Numbers of the block rows at each position.
    pub rows: &'a [[u32; LANES]],
    blocks: &'a mut [Row],
}

impl Bundle<'_> {
    /// Prepares the `i`th position for new rows: entries of lower and upper blocks are zero unless `kept`, and where a matrix has ended
    /// there is a diagonal of ones.
    #[inline(always)]
    pub fn clear(&mut self, i: usize, kept: &[(usize, usize)]) {
        let row = &mut self.blocks[i];
        if self.rows[i].contains(&BlockLines::NONE) {
            *row = [ZERO, ONE, ZERO];
            return;
        }
        for side in [0, 2] {
            for (i, entries) in row[side].iter_mut().enumerate() {
                for (j, entry) in entries.iter_mut().enumerate() {
                    if !kept.contains(&(i, j)) {
                        *entry = [0.0; LANES];
                    }
                }
            }
        }
    }

    /// Sets the diagonal block of a row.
    #[inline(always)]
    pub fn set_diagonal(&mut self, i: usize, lane: usize, block: &[[f64; B]; B]) {
        for (to, from) in self.blocks[i][1].iter_mut().zip(block) {
            for (to, from) in to.iter_mut().zip(from) {
                to[lane] = *from;
            }
        }
    }

    /// Sets one entry of the lower (0) or upper (2) block of a row.
    #[inline(always)]
    pub fn put(&mut self, i: usize, lane: usize, which: usize, (row, column): (usize, usize), value: f64) {
        self.blocks[i][which][row][column][lane] = value;
    }

    /// Adds to the lower (0) or upper (2) block of a row.
    pub fn add(&mut self, i: usize, lane: usize, which: usize, block: &[[f64; B]; B]) {
        for (to, from) in self.blocks[i][which].iter_mut().zip(block) {
            to.iter_mut().zip(from).for_each(|(to, from)| to[lane] += from);
        }
    }
}

/// What belongs to each bundle.
fn by_bundles<'a, T>(starts: &[usize], all: &'a [T]) -> Vec<&'a [T]> {
    starts.windows(2).map(|w| &all[w[0]..w[1]]).collect()
}

/// The same, to be changed.
fn by_bundles_mut<'a, T>(starts: &[usize], mut all: &'a mut [T]) -> Vec<&'a mut [T]> {
    let mut out = Vec::with_capacity(starts.len() - 1);
    for w in starts.windows(2) {
        let (bundle, behind) = all.split_at_mut(w[1] - w[0]);
        out.push(bundle);
        all = behind;
    }
    out
}

fn eliminate(blocks: &mut [Row]) -> bool {
    vectorised(
        #[inline(always)]
        || {
            let (mut above, mut regular) = (ZERO, true);
            for row in blocks {
                let [lower, diagonal, upper] = row;
                let pivot = minus(diagonal, &product(lower, &above));
                let (inverse, determinant) = invert(&pivot);
                regular &= determinant.iter().all(|d| *d != 0.0 && d.is_finite());
                above = product(&inverse, upper);
                *row = [product(&inverse, lower), inverse, above];
            }
            regular
        },
    )
}

#[inline(always)]
fn substitute(blocks: &[Row], x: &mut [LaneVector]) {
    let mut previous = [[0.0; LANES]; B];
    for ([to_lower, inverse, _], x) in blocks.iter().zip(x.iter_mut()) {
        let own = times(inverse, x);
        let below = times(to_lower, &previous);
        for i in 0..B {
            for l in 0..LANES {
                previous[i][l] = own[i][l] - below[i][l];
            }
        }
        *x = previous;
    }
    let mut next = [[0.0; LANES]; B];
    for ([_, _, to_upper], x) in blocks.iter().zip(x.iter_mut()).rev() {
        let above = times(to_upper, &next);
        for i in 0..B {
            for l in 0..LANES {
                x[i][l] -= above[i][l];
            }
        }
        next = *x;
    }
}

#[inline(always)]
fn times(a: &LaneBlock, x: &LaneVector) -> LaneVector {
    let mut out = [[0.0; LANES]; B];
    for i in 0..B {
        for l in 0..LANES {
            out[i][l] = a[i][0][l] * x[0][l] + a[i][1][l] * x[1][l] + a[i][2][l] * x[2][l];
        }
    }
    out
}

#[inline(always)]
fn product(a: &LaneBlock, b: &LaneBlock) -> LaneBlock {
    let mut out = ZERO;
    for i in 0..B {
        for j in 0..B {
            for l in 0..LANES {
                out[i][j][l] = a[i][0][l] * b[0][j][l] + a[i][1][l] * b[1][j][l] + a[i][2][l] * b[2][j][l];
            }
        }
    }
    out
}

#[inline(always)]
fn minus(a: &LaneBlock, b: &LaneBlock) -> LaneBlock {
    let mut out = *a;
    for i in 0..B {
        for j in 0..B {
            for l in 0..LANES {
                out[i][j][l] -= b[i][j][l];
            }
        }
    }
    out
}

/// Inverse by the adjugate, and the determinant.
#[inline(always)]
fn invert(a: &LaneBlock) -> (LaneBlock, Lane) {
    let (mut out, mut determinant) = (ZERO, [0.0; LANES]);
    for (i, row) in out.iter_mut().enumerate() {
        for (j, entry) in row.iter_mut().enumerate() {
            let (p, q, r, s) = ((j + 1) % B, (j + 2) % B, (i + 1) % B, (i + 2) % B);
            for l in 0..LANES {
                entry[l] = a[p][r][l] * a[q][s][l] - a[p][s][l] * a[q][r][l];
            }
        }
    }
    let mut inverse = [0.0; LANES];
    for l in 0..LANES {
        determinant[l] = a[0][0][l] * out[0][0][l] + a[0][1][l] * out[1][0][l] + a[0][2][l] * out[2][0][l];
        inverse[l] = 1.0 / determinant[l];
    }
    for entry in out.iter_mut().flatten() {
        for l in 0..LANES {
            entry[l] *= inverse[l];
        }
    }
    (out, determinant)
}

#[cfg(test)]
mod tests {
    use super::super::{Block, BlockTridiagonal, LinearSolver};
    use super::*;

    fn entry(k: usize) -> f64 {
        (1.0 + 7.3 * k as f64).sin()
    }

    fn block(k: usize, diagonal: f64) -> Block<f64, 3> {
        std::array::from_fn(|i| std::array::from_fn(|j| entry(9 * k + 3 * i + j) + if i == j { diagonal } else { 0.0 }))
    }

    /// Seven matrices of lengths 1 to 9 in one numbering, each against its own elimination.
    #[test]
    fn every_line_is_solved_as_if_alone() {
        let lengths = [3, 9, 1, 4, 4, 8, 2];
        let mut next = 0;
        let lines: Vec<Vec<u32>> = lengths
            .iter()
            .map(|n| {
                next += n;
                (next - n..next).rev().collect()
            })
            .collect();
        let mut all = BlockLines::new(&lines);
        let blocks = |row: usize| [block(3 * row, 0.0), block(3 * row + 1, 6.0), block(3 * row + 2, 0.0)];
        let b: Vec<f64> = (0..3 * next as usize).map(|k| entry(1000 + k)).collect();
        assert!(all.factor(|mut bundle| {
            for i in 0..bundle.rows.len() {
                bundle.clear(i, &[]);
                for lane in 0..LANES {
                    let row = bundle.rows[i][lane];
                    if row != BlockLines::NONE {
                        let [lower, diagonal, upper] = blocks(row as usize);
                        let line = lines.iter().find(|line| line.contains(&row)).expect("every row is in a line");
                        bundle.set_diagonal(i, lane, &diagonal);
                        if line[0] != row {
                            bundle.add(i, lane, 0, &lower);
                        }
                        if line[line.len() - 1] != row {
                            bundle.add(i, lane, 2, &upper);
                        }
                    }
                }
            }
        }));
        let mut found = b.clone();
        let mut x = vec![[[0.0; LANES]; 3]; all.rows().len()];
        all.solve_all(&b, &mut x);
        all.scatter(&x, &mut found);
        for line in &lines {
            let mut one = BlockTridiagonal::<f64, 3>::new(line.len());
            let (lower, diagonal, upper) = one.blocks_mut();
            for (i, row) in line.iter().enumerate() {
                [lower[i], diagonal[i], upper[i]] = blocks(*row as usize);
            }
            one.factor().expect("the diagonal dominates");
            let mut x: Vec<f64> = line.iter().flat_map(|row| b[3 * *row as usize..][..3].to_vec()).collect();
            one.solve(&mut x);
            for (row, x) in line.iter().zip(x.chunks(3)) {
                for (i, x) in x.iter().enumerate() {
                    assert!((found[3 * *row as usize + i] - x).abs() < 1e-13, "row {row}");
                }
            }
        }
    }

    #[test]
    fn a_singular_line_is_told() {
        let mut lines = BlockLines::new(&[vec![0], vec![1]]);
        assert!(!lines.factor(|mut bundle| bundle.set_diagonal(0, 1, &[[0.0; 3]; 3])));
    }
}
