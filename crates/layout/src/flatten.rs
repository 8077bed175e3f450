//! Walks through the hierarchy: every polygon as it stands on the chip, boxes, areas and counts.

use crate::error::LayoutError;
use crate::hierarchy::{Bounds, Cell, CellId, Layer, Layout, Point, Reference};
use crate::outline::path_outline;
use crate::placement::{Affine, Repetition};
use crate::rings::{Ring, signed_area};
use std::collections::BTreeMap;

/// One cell on the way down, with the reference and array element that comes next.
struct Frame {
    cell: CellId,
    place: Affine,
    reference: usize,
    /// First and one beyond the last column and row of the current array, and where we are in it.
    window: Option<Window>,
}

#[derive(Clone, Copy)]
struct Window {
    columns: [u32; 2],
    rows: [u32; 2],
    at: [u32; 2],
}

impl Layout {
    /// Shows every polygon below `top` to `visitor`, placed; paths come as their outlines.
    ///
    /// Memory is bounded by the depth of the hierarchy, whatever the number of polygons. With `clip` only polygons
    /// whose boxes touch it are shown, whole; parts of arrays outside are skipped without being walked through.
    /// Points are rounded to database units, half away from zero; outlines of paths are made before they are placed.
    ///
    /// # Errors
    /// Those of [`Layout::bottom_up`], and [`LayoutError::Range`] for points beyond 32 bits.
    pub fn visit(&self, top: CellId, clip: Option<Bounds>, visitor: &mut dyn FnMut(Layer, &[Point])) -> Result<(), LayoutError> {
        self.cell(top)?;
        let boxes = match clip {
            Some(_) => self.bounds()?,
            None => {
                self.bottom_up()?;
                vec![]
            }
        };
        let mut points = vec![];
        let mut stack = vec![Frame {
            cell: top,
            place: Affine::IDENTITY,
            reference: 0,
            window: None,
        }];
        self.show(top, &Affine::IDENTITY, clip, &mut points, visitor)?;
        while let Some(frame) = stack.last_mut() {
            let cell = &self.cells[frame.cell.0];
            let Some(reference) = cell.references.get(frame.reference) else {
                stack.pop();
                continue;
            };
            let child_box = boxes.get(reference.cell.0).copied().flatten();
            let mut window = match frame.window {
                Some(window) => window,
                None => match first_window(reference, &frame.place, clip, child_box) {
                    Some(window) => window,
                    None => {
                        frame.reference += 1;
                        continue;
                    }
                },
            };
            let place = frame.place.after(&element(reference, window.at));
            if window.step() {
                frame.window = Some(window);
            } else {
                frame.window = None;
                frame.reference += 1;
            }
            if let Some(clip) = clip {
                match child_box {
                    Some(b) if touches(placed_box(&place, b), clip) => {}
                    _ => continue,
                }
            }
            self.show(reference.cell, &place, clip, &mut points, visitor)?;
            stack.push(Frame {
                cell: reference.cell,
                place,
                reference: 0,
                window: None,
            });
        }
        Ok(())
    }

    /// All polygons of one layer below `top`, placed, as rings.
    ///
    /// # Errors
    /// Those of [`Layout::visit`].
    pub fn flatten(&self, top: CellId, layer: Layer, clip: Option<Bounds>) -> Result<Vec<Ring>, LayoutError> {
        let mut rings = vec![];
        self.visit(top, clip, &mut |at, points| {
            if at == layer {
                rings.push(points.to_vec());
            }
        })?;
        Ok(rings)
    }

    /// Box of every cell with everything below it, none for an empty cell.
    ///
    /// # Errors
    /// Those of [`Layout::bottom_up`].
    pub fn bounds(&self) -> Result<Vec<Option<Bounds>>, LayoutError> {
        let mut boxes: Vec<Option<Bounds>> = vec![None; self.cells.len()];
        for id in self.bottom_up()? {
            let cell = &self.cells[id.0];
            let mut total: Option<Bounds> = None;
            let mut join = |b: Bounds| total = Some(total.map_or(b, |t| t.joined(b)));
            for (_, points) in cell.polygons.iter() {
                Bounds::of(points).into_iter().for_each(&mut join);
            }
            for path in &cell.paths {
                Bounds::of(&path_outline(path)).into_iter().for_each(&mut join);
            }
            for reference in &cell.references {
                let Some(child) = boxes[reference.cell.0] else { continue };
                for corner in corners(reference) {
                    join(outer(placed_box(&element(reference, corner), child)));
                }
            }
            boxes[id.0] = total;
        }
        Ok(boxes)
    }

    /// Sum of the polygon areas of each layer below `top`, database units squared; overlaps count as often as they are drawn.
    ///
    /// The area of the union is [`crate::rings::area`] of [`crate::boolean::merged`].
    ///
    /// # Errors
    /// Those of [`Layout::bottom_up`].
    pub fn drawn_areas(&self, top: CellId) -> Result<BTreeMap<Layer, f64>, LayoutError> {
        self.cell(top)?;
        let mut sums: Vec<BTreeMap<Layer, f64>> = vec![BTreeMap::new(); self.cells.len()];
        for id in self.bottom_up()? {
            let cell = &self.cells[id.0];
            let mut sum = BTreeMap::new();
            for (layer, points) in cell.polygons.iter() {
                *sum.entry(layer).or_insert(0.0) += signed_area(points).abs();
            }
            for path in &cell.paths {
                *sum.entry(path.layer).or_insert(0.0) += signed_area(&path_outline(path)).abs();
            }
            for reference in &cell.references {
                let times = count(reference) as f64 * reference.placement.affine().determinant().abs();
                for (&layer, area) in &sums[reference.cell.0] {
                    *sum.entry(layer).or_insert(0.0) += times * area;
                }
            }
            sums[id.0] = sum;
        }
        Ok(std::mem::take(&mut sums[top.0]))
    }

    /// Number of polygons and paths that [`Layout::visit`] would show below `top`; saturates.
    ///
    /// # Errors
    /// Those of [`Layout::bottom_up`].
    pub fn flat_count(&self, top: CellId) -> Result<u64, LayoutError> {
        self.cell(top)?;
        let mut counts = vec![0_u64; self.cells.len()];
        for id in self.bottom_up()? {
            let cell = &self.cells[id.0];
            let own = (cell.polygons.len() + cell.paths.len()) as u64;
            let below = cell.references.iter().map(|r| count(r).saturating_mul(counts[r.cell.0]));
            counts[id.0] = below.fold(own, u64::saturating_add);
        }
        Ok(counts[top.0])
    }

    pub(crate) fn cell(&self, id: CellId) -> Result<&Cell, LayoutError> {
        self.cells.get(id.0).ok_or_else(|| LayoutError::MissingCell {
            cell: String::from("(the cell asked for)"),
            found: format!("number {} of {}", id.0, self.cells.len()),
        })
    }

    fn show(
        &self,
        id: CellId,
        place: &Affine,
        clip: Option<Bounds>,
        buffer: &mut Vec<Point>,
        visitor: &mut dyn FnMut(Layer, &[Point]),
    ) -> Result<(), LayoutError> {
        let cell = &self.cells[id.0];
        let mut show = |layer: Layer, points: &[Point], place: &Affine| -> Result<(), LayoutError> {
            let placed = if *place == Affine::IDENTITY {
                points
            } else {
                place_points(points, place, buffer).map_err(|found| LayoutError::Range {
                    quantity: "coordinate",
                    cell: cell.name.clone(),
                    found,
                    allowed: "32 bits (-2147483648 to 2147483647 database units)",
                })?;
                &buffer[..]
            };
            if clip.is_none_or(|clip| Bounds::of(placed).is_some_and(|b| b.touches(clip))) {
                visitor(layer, placed);
            }
            Ok(())
        };
        for (layer, points) in cell.polygons.iter() {
            show(layer, points, place)?;
        }
        for path in &cell.paths {
            // An absolute width (negative) does not grow with the cell, so its outline is made as much smaller beforehand.
            let scale = place.determinant().abs().sqrt();
            if path.width < 0 && scale != 1.0 && scale > 0.0 {
                let mut shrunk = path.clone();
                shrunk.width = (f64::from(path.width) / scale).round() as i32;
                show(path.layer, &path_outline(&shrunk), place)?;
            } else {
                show(path.layer, &path_outline(path), place)?;
            }
        }
        Ok(())
    }
}

impl Window {
    /// Goes to the next element; false after the last.
    fn step(&mut self) -> bool {
        self.at[0] += 1;
        if self.at[0] == self.columns[1] {
            self.at[0] = self.columns[0];
            self.at[1] += 1;
        }
        self.at[1] < self.rows[1]
    }
}

fn place_points(points: &[Point], place: &Affine, out: &mut Vec<Point>) -> Result<(), f64> {
    out.clear();
    out.reserve(points.len());
    for p in points {
        let q = place.apply(p.map(f64::from)).map(f64::round);
        for v in q {
            if !(f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&v) {
                return Err(v);
            }
        }
        out.push(q.map(|v| v as i32));
    }
    Ok(())
}

/// Number of elements of a reference.
fn count(reference: &Reference) -> u64 {
    reference.repetition.map_or(1, |r| u64::from(r.columns) * u64::from(r.rows))
}

/// Map of one array element into the cell that holds the reference.
fn element(reference: &Reference, [i, j]: [u32; 2]) -> Affine {
    let mut affine = reference.placement.affine();
    if let Some(repetition) = &reference.repetition {
        let moved = repetition.displacement(i, j);
        affine.origin = [affine.origin[0] + moved[0] as f64, affine.origin[1] + moved[1] as f64];
    }
    affine
}

/// The four outermost elements of an array.
fn corners(reference: &Reference) -> Vec<[u32; 2]> {
    match &reference.repetition {
        None => vec![[0, 0]],
        Some(r) if r.columns == 0 || r.rows == 0 => vec![],
        Some(r) => vec![[0, 0], [r.columns - 1, 0], [0, r.rows - 1], [r.columns - 1, r.rows - 1]],
    }
}

type FloatBox = [[f64; 2]; 2];

fn placed_box(place: &Affine, b: Bounds) -> FloatBox {
    let [x, y] = [0, 1].map(|k| [b.min[k] as f64, b.max[k] as f64]);
    let corners = [[x[0], y[0]], [x[1], y[0]], [x[0], y[1]], [x[1], y[1]]].map(|p| place.apply(p));
    let fold = |k: usize, f: fn(f64, f64) -> f64| corners.iter().map(|c| c[k]).fold(corners[0][k], f);
    [[fold(0, f64::min), fold(1, f64::min)], [fold(0, f64::max), fold(1, f64::max)]]
}

fn outer(b: FloatBox) -> Bounds {
    Bounds {
        min: b[0].map(|v| v.floor() as i64),
        max: b[1].map(|v| v.ceil() as i64),
    }
}

/// True if the boxes touch, with one database unit to spare for the rounding of points.
fn touches(b: FloatBox, clip: Bounds) -> bool {
    (0..2).all(|k| b[0][k] - 1.0 <= clip.max[k] as f64 && b[1][k] + 1.0 >= clip.min[k] as f64)
}

/// Elements of a reference that can touch the clip box; none if it holds nothing there.
fn first_window(reference: &Reference, place: &Affine, clip: Option<Bounds>, child: Option<Bounds>) -> Option<Window> {
    let repetition = reference.repetition.unwrap_or(Repetition::grid(1, 1, [0, 0], [0, 0]));
    let mut columns = [0, repetition.columns];
    let mut rows = [0, repetition.rows];
    if let Some(clip) = clip {
        let child = child?;
        if let Some(inverse) = place.inverse() {
            let there = placed_box(&inverse, clip.grown(2));
            let first = placed_box(&reference.placement.affine(), child);
            // Displacements with which the first element would touch the clip box.
            let low = [there[0][0] - first[1][0] - 1.0, there[0][1] - first[1][1] - 1.0];
            let high = [there[1][0] - first[0][0] + 1.0, there[1][1] - first[0][1] + 1.0];
            narrow(&repetition, low, high, &mut columns, &mut rows);
        }
    }
    let full = columns[0] < columns[1] && rows[0] < rows[1];
    full.then_some(Window {
        columns,
        rows,
        at: [columns[0], rows[0]],
    })
}

/// Narrows the index ranges of an array to displacements between `low` and `high`.
fn narrow(repetition: &Repetition, low: [f64; 2], high: [f64; 2], columns: &mut [u32; 2], rows: &mut [u32; 2]) {
    let step = |span: [i64; 2], n: u32| span.map(|v| v as f64 / f64::from(n.max(1)));
    let (c, r) = (
        step(repetition.column_span, repetition.columns),
        step(repetition.row_span, repetition.rows),
    );
    let along = |range: &mut [u32; 2], from: f64, to: f64| {
        // One element to spare on both sides for rounding.
        range[0] = range[0].max((from - 1.0).floor().clamp(0.0, f64::from(u32::MAX)) as u32);
        range[1] = range[1].min((to + 2.0).ceil().clamp(0.0, f64::from(u32::MAX)) as u32);
    };
    if repetition.rows == 1 || repetition.columns == 1 {
        let (d, range) = if repetition.rows == 1 { (c, columns) } else { (r, rows) };
        for k in 0..2 {
            if d[k] != 0.0 {
                let (a, b) = (low[k] / d[k], high[k] / d[k]);
                along(range, a.min(b), a.max(b));
            }
        }
    } else if let Some(inverse) = (Affine {
        matrix: [[c[0], r[0]], [c[1], r[1]]],
        origin: [0.0, 0.0],
    })
    .inverse()
    {
        let points = [low, [high[0], low[1]], [low[0], high[1]], high].map(|p| inverse.apply(p));
        for (k, range) in [columns, rows].into_iter().enumerate() {
            let from = points.iter().map(|p| p[k]).fold(f64::INFINITY, f64::min);
            let to = points.iter().map(|p| p[k]).fold(f64::NEG_INFINITY, f64::max);
            along(range, from, to);
        }
    }
}
