//! Values of several fields on the grid of a plane section, evaluated only where a surface may be near.

use super::cut::Cut;
use crate::export::ExportError;
use crate::export::contour::{Frame, contour};
use crate::export::picture::Ring;
use cellwright_device::field::bound::{Block, Bounds};
use cellwright_device::field::value::{Lists, Probe};
use cellwright_device::field::{FieldId, Fields};

/// Nodes along the side of a block that is evaluated without looking for smaller ones.
const SMALL: usize = 6;

/// Rings of each field in the plane of the cut.
///
/// # Method
/// The grid is halved again and again; where the bounds of a field over a part leave out zero, its sign is kept for all nodes of the
/// part and one more around it, so that no node beside a surface is left out.
///
/// # Errors
/// [`ExportError`] for a frame that cannot be sampled.
pub fn rings(fields: &Fields, wanted: &[FieldId], cut: &Cut, frame: Frame) -> Result<Vec<Vec<Ring>>, ExportError> {
    let [nx, ny] = frame.cells.map(|n| n.max(1));
    let mut grid = Grid {
        fields,
        cut: *cut,
        frame,
        columns: nx + 1,
        values: vec![vec![0.0; (nx + 1) * (ny + 1)]; wanted.len()],
        probe: Probe::new(fields),
        bounds: Bounds::new(fields),
    };
    let open: Vec<usize> = (0..wanted.len()).collect();
    grid.visit(wanted, [0, nx], [0, ny], &fields.all_listed(), &open);
    let tolerance = 0.05
        * (0..2)
            .map(|i| (frame.to[i] - frame.from[i]) / frame.cells[i].max(1) as f64)
            .fold(f64::INFINITY, f64::min);
    let (columns, values) = (grid.columns, grid.values);
    values
        .iter()
        .map(|values| {
            let at = |s: f64, z: f64| {
                let place = |v: f64, i: usize| {
                    ((v - frame.from[i]) / (frame.to[i] - frame.from[i]) * frame.cells[i] as f64).clamp(0.0, frame.cells[i] as f64)
                };
                let (x, y) = (place(s, 0), place(z, 1));
                let node = |i: f64, j: f64| values[j as usize * columns + i as usize];
                if (x - x.round()).abs() < 0.25 {
                    return node(x.round(), y.round());
                }
                // The middle of a cell.
                0.25 * (node(x.floor(), y.floor()) + node(x.ceil(), y.floor()) + node(x.floor(), y.ceil()) + node(x.ceil(), y.ceil()))
            };
            contour(&at, frame, tolerance)
        })
        .collect()
}

struct Grid<'a> {
    fields: &'a Fields,
    cut: Cut,
    frame: Frame,
    columns: usize,
    values: Vec<Vec<f64>>,
    probe: Probe<'a>,
    bounds: Bounds<'a>,
}

impl Grid<'_> {
    /// Height or place along the cut of a node, which may lie beyond the frame.
    fn coordinate(&self, axis: usize, node: f64) -> f64 {
        let [low, high] = [self.frame.from[axis], self.frame.to[axis]];
        low + (high - low) * node / self.frame.cells[axis] as f64
    }

    fn visit(&mut self, wanted: &[FieldId], x: [usize; 2], y: [usize; 2], lists: &Lists, open: &[usize]) {
        let span = |r: [usize; 2]| [r[0] as f64 - 1.0, r[1] as f64 + 1.0];
        let s = span(x).map(|n| self.coordinate(0, n));
        let z = span(y).map(|n| self.coordinate(1, n));
        let ends = s.map(|s| self.cut.at(s));
        let low = [ends[0][0].min(ends[1][0]), ends[0][1].min(ends[1][1]), z[0]];
        let high = [ends[0][0].max(ends[1][0]), ends[0][1].max(ends[1][1]), z[1]];
        let block = Block::between(low, high);
        let (c, h) = ([block.c[0], block.c[1]], [block.h[0], block.h[1]]);
        let lists = self.fields.listed_near(c, h, lists);
        self.bounds.next_box();
        let mut left = Vec::with_capacity(open.len());
        for &k in open {
            let [low, high] = self.bounds.of(wanted[k], &block, &lists);
            if low > 0.0 || high < 0.0 {
                let value = if low > 0.0 { low } else { high };
                for j in y[0]..=y[1] {
                    self.values[k][j * self.columns + x[0]..=j * self.columns + x[1]].fill(value);
                }
            } else {
                left.push(k);
            }
        }
        if left.is_empty() {
            return;
        }
        let (wide, tall) = (x[1] - x[0], y[1] - y[0]);
        if wide.max(tall) <= SMALL {
            for j in y[0]..=y[1] {
                for i in x[0]..=x[1] {
                    let [px, py] = self.cut.at(self.coordinate(0, i as f64));
                    let p = [px, py, self.coordinate(1, j as f64)];
                    self.probe.next_point();
                    for &k in &left {
                        self.values[k][j * self.columns + i] = self.probe.here(wanted[k], p, &lists).v;
                    }
                }
            }
        } else if wide >= tall {
            let middle = x[0] + wide / 2;
            self.visit(wanted, [x[0], middle], y, &lists, &left);
            self.visit(wanted, [middle + 1, x[1]], y, &lists, &left);
        } else {
            let middle = y[0] + tall / 2;
            self.visit(wanted, x, [y[0], middle], &lists, &left);
            self.visit(wanted, x, [middle + 1, y[1]], &lists, &left);
        }
    }
}
