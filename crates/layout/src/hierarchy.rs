//! A layout: cells that hold polygons, paths and references to other cells.

use crate::error::LayoutError;
use crate::placement::{Placement, Repetition};
use std::collections::HashMap;

/// Corner of a polygon or point of a path, database units.
pub type Point = [i32; 2];

/// Layer number and datatype: which mask a shape belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Layer {
    /// Layer number.
    pub number: u16,
    /// Datatype.
    pub datatype: u16,
}

/// Index of a cell in [`Layout::cells`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId(pub usize);

/// Cells and the length of one database unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Name of the library.
    pub name: String,
    /// Length of one database unit, m.
    pub database_unit: f64,
    /// The cells; a [`CellId`] is an index into them.
    pub cells: Vec<Cell>,
}

/// Shapes and references under one name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// Name, unique in the layout.
    pub name: String,
    /// The polygons.
    pub polygons: Polygons,
    /// The paths.
    pub paths: Vec<Path>,
    /// Other cells placed in this one.
    pub references: Vec<Reference>,
}

/// Polygons of a cell, all points in one piece of memory.
///
/// The last point of a polygon is not repeated; either way round is allowed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Polygons {
    layers: Vec<Layer>,
    ends: Vec<usize>,
    points: Vec<Point>,
}

/// A line of constant width.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Layer.
    pub layer: Layer,
    /// Full width, database units; a negative one keeps its size when the cell is magnified.
    pub width: i32,
    /// How it ends.
    pub end: PathEnd,
    /// Middle line.
    pub points: Vec<Point>,
}

/// End of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PathEnd {
    /// Square, at the end point (path type 0).
    #[default]
    Flush,
    /// Half disc around the end point (path type 1).
    Round,
    /// Square, half a width beyond the end point (path type 2).
    Extended,
    /// Square, this far beyond the first and the last point (path type 4), database units.
    Custom {
        /// Beyond the first point.
        begin: i32,
        /// Beyond the last point.
        end: i32,
    },
}

/// A cell placed in another one, once or as a regular array.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The placed cell.
    pub cell: CellId,
    /// Where and how.
    pub placement: Placement,
    /// The array, if it is one.
    pub repetition: Option<Repetition>,
}

/// Axis-parallel box, database units, corners included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Lower left corner.
    pub min: [i64; 2],
    /// Upper right corner.
    pub max: [i64; 2],
}

impl Layout {
    /// An empty layout with the usual database unit of 1 nm.
    pub fn new(name: &str) -> Layout {
        Layout {
            name: name.to_owned(),
            database_unit: 1e-9,
            cells: vec![],
        }
    }

    /// Adds a cell and returns its identity for references.
    pub fn add(&mut self, cell: Cell) -> CellId {
        self.cells.push(cell);
        CellId(self.cells.len() - 1)
    }

    /// Finds a cell by name.
    pub fn find(&self, name: &str) -> Option<CellId> {
        self.cells.iter().position(|cell| cell.name == name).map(CellId)
    }

    /// Cells that no other cell refers to, in their order.
    pub fn top_cells(&self) -> Vec<CellId> {
        let mut placed = vec![false; self.cells.len()];
        for reference in self.cells.iter().flat_map(|cell| &cell.references) {
            if let Some(slot) = placed.get_mut(reference.cell.0) {
                *slot = true;
            }
        }
        (0..self.cells.len()).filter(|&i| !placed[i]).map(CellId).collect()
    }

    /// All layers that hold a shape, sorted.
    pub fn layers(&self) -> Vec<Layer> {
        let mut layers: Vec<Layer> = vec![];
        for cell in &self.cells {
            let of_cell = cell.polygons.layers.iter().copied().chain(cell.paths.iter().map(|path| path.layer));
            for layer in of_cell {
                if layers.last() != Some(&layer) {
                    layers.push(layer);
                }
            }
            layers.sort_unstable();
            layers.dedup();
        }
        layers
    }

    /// Cells ordered so that every cell stands after the cells it refers to.
    ///
    /// # Errors
    /// [`LayoutError::MissingCell`], [`LayoutError::Recursion`], [`LayoutError::DuplicateCell`].
    pub fn bottom_up(&self) -> Result<Vec<CellId>, LayoutError> {
        let mut names = HashMap::with_capacity(self.cells.len());
        for (i, cell) in self.cells.iter().enumerate() {
            if names.insert(cell.name.as_str(), i).is_some() {
                return Err(LayoutError::DuplicateCell { name: cell.name.clone() });
            }
        }
        let n = self.cells.len();
        let mut order = Vec::with_capacity(n);
        let mut done = vec![false; n];
        let mut open = vec![false; n];
        // An explicit stack of (cell, next reference): a chain of a million cells must not end the program.
        let mut stack: Vec<(usize, usize)> = vec![];
        for start in 0..n {
            if done[start] {
                continue;
            }
            stack.push((start, 0));
            open[start] = true;
            while let Some(&(cell, next)) = stack.last() {
                let Some(reference) = self.cells[cell].references.get(next) else {
                    done[cell] = true;
                    open[cell] = false;
                    order.push(CellId(cell));
                    stack.pop();
                    continue;
                };
                if let Some(top) = stack.last_mut() {
                    top.1 += 1;
                }
                let child = reference.cell.0;
                if child >= n {
                    let name = self.cells[cell].name.clone();
                    return Err(LayoutError::MissingCell {
                        cell: name,
                        found: format!("number {child} of {n}"),
                    });
                }
                if open[child] {
                    let from = stack.iter().position(|entry| entry.0 == child).unwrap_or(0);
                    let mut chain: Vec<String> = stack[from..].iter().map(|entry| self.cells[entry.0].name.clone()).collect();
                    chain.push(self.cells[child].name.clone());
                    return Err(LayoutError::Recursion { chain });
                }
                if !done[child] {
                    open[child] = true;
                    stack.push((child, 0));
                }
            }
        }
        Ok(order)
    }
}

impl Cell {
    /// An empty cell.
    pub fn new(name: &str) -> Cell {
        Cell {
            name: name.to_owned(),
            ..Cell::default()
        }
    }
}

impl Polygons {
    /// Adds a polygon.
    pub fn push(&mut self, layer: Layer, points: &[Point]) {
        self.points.extend_from_slice(points);
        self.close(layer);
    }

    /// Adds an axis-parallel rectangle by its lower left and upper right corner.
    pub fn push_rectangle(&mut self, layer: Layer, [x0, y0]: Point, [x1, y1]: Point) {
        self.push(layer, &[[x0, y0], [x1, y0], [x1, y1], [x0, y1]]);
    }

    /// Number of polygons.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True without any polygon.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Layer and points of polygon `i`.
    pub fn get(&self, i: usize) -> Option<(Layer, &[Point])> {
        let start = if i == 0 { 0 } else { *self.ends.get(i - 1)? };
        Some((*self.layers.get(i)?, &self.points[start..*self.ends.get(i)?]))
    }

    /// All polygons in their order.
    pub fn iter(&self) -> impl Iterator<Item = (Layer, &[Point])> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        self.layers
            .iter()
            .zip(starts.zip(&self.ends))
            .map(|(&layer, (start, &end))| (layer, &self.points[start..end]))
    }

    /// Points that have been appended for a polygon that is not closed yet.
    pub(crate) fn open_points(&mut self) -> &mut Vec<Point> {
        &mut self.points
    }

    /// Where the points of the next polygon start.
    pub(crate) fn next_start(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Makes a polygon of the points appended since the last one.
    pub(crate) fn close(&mut self, layer: Layer) {
        self.layers.push(layer);
        self.ends.push(self.points.len());
    }
}

impl Bounds {
    /// Box of some points; none without points.
    pub fn of(points: &[Point]) -> Option<Bounds> {
        let first = points.first()?;
        let (mut min, mut max) = (*first, *first);
        for p in points {
            for k in 0..2 {
                min[k] = min[k].min(p[k]);
                max[k] = max[k].max(p[k]);
            }
        }
        Some(Bounds {
            min: min.map(i64::from),
            max: max.map(i64::from),
        })
    }

    /// Smallest box around both.
    pub fn joined(self, other: Bounds) -> Bounds {
        Bounds {
            min: [self.min[0].min(other.min[0]), self.min[1].min(other.min[1])],
            max: [self.max[0].max(other.max[0]), self.max[1].max(other.max[1])],
        }
    }

    /// True if the boxes share a point.
    pub fn touches(self, other: Bounds) -> bool {
        (0..2).all(|k| self.min[k] <= other.max[k] && other.min[k] <= self.max[k])
    }

    /// The box grown on all sides (a halo), database units.
    pub fn grown(self, by: i64) -> Bounds {
        Bounds {
            min: self.min.map(|v| v.saturating_sub(by)),
            max: self.max.map(|v| v.saturating_add(by)),
        }
    }
}

#[cfg(test)]
#[path = "hierarchy_tests.rs"]
mod tests;
