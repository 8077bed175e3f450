//! Grid of boxes between lines along x, y and z.

use crate::vector::Vector;

/// Lines along x, y and z; two lines are one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Rising coordinates along each axis, m.
    pub lines: [Vec<f64>; 3],
}

/// Cell of a grid: its numbers along x, y and z.
pub type Cell = [usize; 3];

impl Grid {
    /// Cells along each axis.
    pub fn shape(&self) -> Cell {
        [0, 1, 2].map(|i| self.lines[i].len().saturating_sub(1))
    }

    /// Number of cells.
    pub fn n_cells(&self) -> usize {
        self.shape().iter().product()
    }

    /// Running number of a cell: x slowest, z fastest.
    pub fn number(&self, c: Cell) -> usize {
        let n = self.shape();
        (c[0] * n[1] + c[1]) * n[2] + c[2]
    }

    /// Cell of a running number.
    pub fn cell(&self, number: usize) -> Cell {
        let n = self.shape();
        [number / (n[1] * n[2]), number / n[2] % n[1], number % n[2]]
    }

    /// Low and high corner of a cell.
    pub fn bounds(&self, c: Cell) -> [Vector; 2] {
        [0, 1].map(|end| [0, 1, 2].map(|i| self.lines[i][c[i] + end]))
    }

    /// Middle of a cell.
    pub fn middle(&self, c: Cell) -> Vector {
        [0, 1, 2].map(|i| 0.5 * (self.lines[i][c[i]] + self.lines[i][c[i] + 1]))
    }

    /// Width of a cell along an axis, m.
    pub fn width(&self, c: Cell, axis: usize) -> f64 {
        self.lines[axis][c[axis] + 1] - self.lines[axis][c[axis]]
    }

    /// The cell along an axis that holds a coordinate; the first or last one outside.
    pub fn find(&self, axis: usize, x: f64) -> usize {
        let lines = &self.lines[axis];
        let above = lines.partition_point(|l| *l <= x);
        above.saturating_sub(1).min(lines.len().saturating_sub(2))
    }

    /// The cell next to another one, up or down an axis.
    pub fn beside(&self, c: Cell, axis: usize, up: bool) -> Option<Cell> {
        let mut next = c;
        next[axis] = if up { c[axis] + 1 } else { c[axis].checked_sub(1)? };
        (next[axis] < self.shape()[axis]).then_some(next)
    }
}
