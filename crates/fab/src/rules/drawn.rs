//! From drawn shapes to merged polygons in whole nanometres; of a large array only what differs from the rest is drawn.
//!
//! Elements inside a large array all see the same neighbours. Drawn are the elements near the ends of the array and near everything
//! that does not repeat with it: enough to see every kind of neighbourhood once, whole. What is found where elements are left out
//! ([`Drawn::is_whole`] is false) is no fault of the mask.

use super::polygon::{Box4, bounds, joined};
use crate::plan::{Mask, Shape};
use cellwright_layout::boolean::merged;
use cellwright_layout::rings::{Ring, from_metres};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Grid on which polygons are compared, m: the database unit of mask files.
pub const GRID: f64 = 1e-9;
/// Segments that a round shape is drawn with; four-fold symmetric, so that facing discs face with flat sides.
pub(super) const SEGMENTS: usize = 64;
/// Most rows or columns of an array that are ever drawn.
const MOST: usize = 1024;
/// An array of arrays with at most this many elements is taken apart, a larger one is one shape.
const FEW: u64 = 64;
/// Shortest distance over which the rules look, m.
const LEAST_REACH: f64 = 20e-6;

/// Merged polygons of one or several masks that are looked at together.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// Merged rings of each mask, nm: each outer ring is counter-clockwise and followed by its clockwise holes.
    pub masks: Vec<Vec<Ring>>,
    left_out: Vec<Grid>,
}

/// Masks as drawn, each merged once and kept for the rules that come later.
#[derive(Debug, Default)]
pub(super) struct Drawings {
    known: RefCell<BTreeMap<(String, u64), Rc<Drawn>>>,
}

impl Drawings {
    /// A mask that is looked at over distances up to `reach`, m.
    pub fn of(&self, mask: &Mask, reach: f64) -> Rc<Drawn> {
        // Arrays are looked at over their pitch at least, so that small reaches are all alike.
        let reach = reach.max(LEAST_REACH);
        let key = (mask.name.clone(), reach.to_bits());
        let mut known = self.known.borrow_mut();
        Rc::clone(known.entry(key).or_insert_with(|| Rc::new(Drawn::of(&[&mask.shapes], reach))))
    }
}

/// A shape repeated on a grid with positive pitch.
#[derive(Clone, Debug)]
struct Grid {
    shape: Shape,
    bounds: Box4,
    pitch: [f64; 2],
    count: [u32; 2],
    /// Columns and rows that are drawn, ascending.
    kept: [Vec<u32>; 2],
}

impl Drawn {
    /// Shapes of masks that are compared over distances up to `reach`, m, or up to the pitch of their arrays if that is more.
    pub fn of(masks: &[&[Shape]], reach: f64) -> Drawn {
        let mut plain: Vec<Vec<Shape>> = vec![];
        let mut grids: Vec<(usize, Grid)> = vec![];
        for (k, shapes) in masks.iter().enumerate() {
            plain.push(vec![]);
            for shape in *shapes {
                sort(shape, [0.0; 2], k, &mut plain[k], &mut grids);
            }
        }
        let mut bands: [Vec<[f64; 2]>; 2] = [vec![], vec![]];
        for shape in plain.iter().flatten() {
            marks(shape, &mut bands);
        }
        for (axis, marks) in bands.iter().enumerate() {
            choose(axis, reach, &mut grids, marks);
        }
        let masks = plain.iter().enumerate().map(|(k, shapes)| {
            let mut rings = vec![];
            for shape in shapes {
                add(shape, [0.0; 2], &mut rings);
            }
            for (_, g) in grids.iter().filter(|(of, _)| *of == k) {
                for i in &g.kept[0] {
                    for j in &g.kept[1] {
                        add(&g.shape, [f64::from(*i) * g.pitch[0], f64::from(*j) * g.pitch[1]], &mut rings);
                    }
                }
            }
            merged(&rings)
        });
        let masks = masks.collect();
        let left_out = grids
            .into_iter()
            .map(|(_, g)| g)
            .filter(|g| (0..2).any(|a| g.kept[a].len() < g.count[a] as usize));
        Drawn {
            masks,
            left_out: left_out.collect(),
        }
    }

    /// Whether nothing was left out that touches a box, m.
    pub fn is_whole(&self, b: Box4) -> bool {
        self.left_out.iter().all(|g| {
            let range = |axis: usize| g.touching(axis, b[axis] - 2.0 * GRID, b[axis + 2] + 2.0 * GRID);
            let (x, y) = (range(0), range(1));
            if x[0] > x[1] || y[0] > y[1] {
                return true;
            }
            let whole = |axis: usize, r: [u32; 2]| {
                let kept = &g.kept[axis];
                let from = kept.partition_point(|k| *k < r[0]);
                kept.get(from + (r[1] - r[0]) as usize) == Some(&r[1]) && kept[from] == r[0]
            };
            whole(0, x) && whole(1, y)
        })
    }
}

/// Merged rings, nm, of all elements that touch a rectangle, m.
pub fn near(shapes: &[Shape], rect: Box4) -> Vec<Ring> {
    let mut rings = vec![];
    for shape in shapes {
        add_near(shape, [0.0; 2], rect, &mut rings);
    }
    merged(&rings)
}

fn add_near(shape: &Shape, by: [f64; 2], rect: Box4, out: &mut Vec<Ring>) {
    let b = bounds(shape);
    if b[0] + by[0] > rect[2] || b[2] + by[0] < rect[0] || b[1] + by[1] > rect[3] || b[3] + by[1] < rect[1] {
        return;
    }
    let Some(g) = grid(shape, by) else {
        // An array without a grid is a single element.
        return match shape {
            Shape::Array { shape, .. } => add_near(shape, by, rect, out),
            plain => add(plain, by, out),
        };
    };
    let [x, y] = [0, 1].map(|axis| g.touching(axis, rect[axis], rect[axis + 2]));
    for i in (x[0]..=x[1]).take(MOST) {
        for j in (y[0]..=y[1]).take(MOST) {
            let by = [f64::from(i) * g.pitch[0], f64::from(j) * g.pitch[1]];
            add_near(&g.shape, by, rect, out);
        }
    }
}

impl Grid {
    /// First and last column (row) that touches an interval, m; first above last if there is none.
    fn touching(&self, axis: usize, low: f64, high: f64) -> [u32; 2] {
        let last = self.count[axis] - 1;
        let [from, to] = [self.bounds[axis], self.bounds[axis + 2]];
        if self.count[axis] == 1 {
            return if from <= high && to >= low { [0, 0] } else { [1, 0] };
        }
        let first = ((low - to) / self.pitch[axis]).ceil().max(0.0);
        let end = ((high - from) / self.pitch[axis]).floor().min(f64::from(last));
        if first > end { [1, 0] } else { [first as u32, end as u32] }
    }

    fn end(&self, axis: usize) -> f64 {
        self.bounds[axis + 2] + self.pitch[axis] * f64::from(self.count[axis] - 1)
    }

    fn size(&self, axis: usize) -> f64 {
        self.bounds[axis + 2] - self.bounds[axis]
    }
}

/// An array as a grid with positive pitch, moved; `None` if it does not repeat anything.
fn grid(shape: &Shape, by: [f64; 2]) -> Option<Grid> {
    let Shape::Array { shape, pitch, count } = shape else { return None };
    let repeats = |a: usize| count[a] > 1 && pitch[a].is_finite() && pitch[a] != 0.0;
    if !(repeats(0) || repeats(1)) || count.contains(&0) {
        return None;
    }
    let mut from = by;
    let (mut positive, mut n) = ([0.0; 2], [1; 2]);
    for a in (0..2).filter(|a| repeats(*a)) {
        (positive[a], n[a]) = (pitch[a].abs(), count[a]);
        from[a] += pitch[a].min(0.0) * f64::from(count[a] - 1);
    }
    let moved = moved(shape, from);
    let bounds = bounds(&moved);
    bounds.iter().all(|v| v.is_finite()).then_some(Grid {
        shape: moved,
        bounds,
        pitch: positive,
        count: n,
        kept: [vec![], vec![]],
    })
}

fn moved(shape: &Shape, by: [f64; 2]) -> Shape {
    let to = |p: &[f64; 2]| [p[0] + by[0], p[1] + by[1]];
    match shape {
        Shape::Rectangle(a, b) => Shape::Rectangle(to(a), to(b)),
        Shape::Circle { centre, diameter } => Shape::Circle {
            centre: to(centre),
            diameter: *diameter,
        },
        Shape::Polygon(points) => Shape::Polygon(points.iter().map(to).collect()),
        Shape::Path { points, width } => Shape::Path {
            points: points.iter().map(to).collect(),
            width: *width,
        },
        Shape::Array { shape, pitch, count } => Shape::Array {
            shape: Box::new(moved(shape, by)),
            pitch: *pitch,
            count: *count,
        },
    }
}

/// Sorts shapes into plain ones and grids; arrays of few arrays are taken apart.
fn sort(shape: &Shape, by: [f64; 2], mask: usize, plain: &mut Vec<Shape>, grids: &mut Vec<(usize, Grid)>) {
    let Shape::Array { shape: inner, count, .. } = shape else {
        plain.push(moved(shape, by));
        return;
    };
    if count.contains(&0) {
        return;
    }
    let Some(g) = grid(shape, by) else {
        return sort(inner, by, mask, plain, grids);
    };
    let few = u64::from(g.count[0]) * u64::from(g.count[1]) <= FEW;
    if few && matches!(g.shape, Shape::Array { .. }) {
        for i in 0..g.count[0] {
            for j in 0..g.count[1] {
                sort(&g.shape, [f64::from(i) * g.pitch[0], f64::from(j) * g.pitch[1]], mask, plain, grids);
            }
        }
    } else {
        grids.push((mask, g));
    }
}

/// Where a plain shape does not continue unchanged along x and along y.
fn marks(shape: &Shape, bands: &mut [Vec<[f64; 2]>; 2]) {
    let mut mark = |a: [f64; 2], b: [f64; 2], by: f64| {
        let straight = (0..2).any(|k| (a[k] - b[k]).abs() < GRID);
        for k in 0..2 {
            let (low, high) = (a[k].min(b[k]) - by, a[k].max(b[k]) + by);
            if straight {
                bands[k].extend([[low, low + 2.0 * by], [high - 2.0 * by, high]]);
            } else {
                bands[k].push([low, high]);
            }
        }
    };
    match shape {
        Shape::Rectangle(a, b) => {
            mark(*a, [a[0], b[1]], 0.0);
            mark(*b, [b[0], a[1]], 0.0);
        }
        Shape::Polygon(points) => (0..points.len()).for_each(|i| mark(points[i], points[(i + 1) % points.len()], 0.0)),
        Shape::Path { points, width } => points.windows(2).for_each(|p| mark(p[0], p[1], width / 2.0)),
        round => {
            let b = bounds(round);
            mark([b[0], b[1]], [b[2], b[3]], 0.0);
        }
    }
}

/// Chooses the columns (rows) that are drawn.
fn choose(axis: usize, reach: f64, grids: &mut [(usize, Grid)], marks: &[[f64; 2]]) {
    let most = |f: &dyn Fn(&Grid) -> f64| grids.iter().map(|(_, g)| f(g)).fold(0.0, f64::max);
    let pitch = most(&|g| g.pitch[axis]);
    let reach = pitch.max(if reach.is_finite() { reach } else { 0.0 });
    // What sees the end of the array, then one whole period that does not, then what that period sees.
    let around = 2.0 * reach + most(&|g| g.size(axis)) + pitch;
    let mut bands: Vec<[f64; 2]> = marks.to_vec();
    for (k, (_, g)) in grids.iter().enumerate() {
        bands.extend([g.bounds[axis], g.end(axis)].map(|e| [e, e]));
        // Grids of different pitch that meet have no common period: the shorter one is drawn whole.
        for (_, h) in &grids[..k] {
            let same = (g.pitch[axis] - h.pitch[axis]).abs() <= 1e-9 * pitch || g.count[axis] == 1 || h.count[axis] == 1;
            let meet = (0..2).all(|a| g.bounds[a] - around <= h.end(a) && h.bounds[a] - around <= g.end(a));
            if !same && meet {
                let short = if g.count[axis] < h.count[axis] { g } else { h };
                bands.push([short.bounds[axis], short.end(axis)]);
            }
        }
    }
    bands.retain(|b| b[0].is_finite() && b[1].is_finite());
    bands.iter_mut().for_each(|b| *b = [b[0] - around, b[1] + around]);
    bands.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut joint: Vec<[f64; 2]> = vec![];
    for b in bands {
        match joint.last_mut() {
            Some(last) if b[0] <= last[1] => last[1] = last[1].max(b[1]),
            _ => joint.push(b),
        }
    }
    for (_, g) in grids {
        let mut kept: Vec<u32> = vec![];
        for b in &joint {
            let [first, last] = g.touching(axis, b[0], b[1]);
            let first = first.max(kept.last().map_or(0, |k| k + 1));
            kept.extend((first..=last).take(MOST.saturating_sub(kept.len())));
        }
        g.kept[axis] = kept;
    }
}

/// Rings of a shape, nm. Discs are circumscribed, so that a width or gap along an axis is exact.
fn add(shape: &Shape, by: [f64; 2], out: &mut Vec<Ring>) {
    let mut push = |ring: Vec<[f64; 2]>| {
        let moved = ring.iter().map(|p| [p[0] + by[0], p[1] + by[1]]).collect();
        // What leaves the 2 m of the grid or is no number is not drawn.
        out.extend(from_metres(&[moved], GRID).unwrap_or_default());
    };
    match shape {
        Shape::Rectangle(a, b) => push(vec![*a, [b[0], a[1]], *b, [a[0], b[1]]]),
        Shape::Circle { centre, diameter } => push(arc(*centre, diameter / 2.0, 0.0, SEGMENTS)),
        Shape::Polygon(points) => push(points.clone()),
        Shape::Path { points, width } => points.windows(2).for_each(|p| {
            let angle = (p[1][1] - p[0][1]).atan2(p[1][0] - p[0][0]);
            let quarter = std::f64::consts::FRAC_PI_2;
            let mut ring = arc(p[1], width / 2.0, angle - quarter, SEGMENTS / 2);
            ring.extend(arc(p[0], width / 2.0, angle + quarter, SEGMENTS / 2));
            push(ring);
        }),
        Shape::Array { shape, pitch, count } => {
            for i in (0..count[0]).take(MOST) {
                for j in (0..count[1]).take(MOST.div_ceil(count[0].max(1) as usize)) {
                    add(shape, [by[0] + f64::from(i) * pitch[0], by[1] + f64::from(j) * pitch[1]], out);
                }
            }
        }
    }
}

fn arc(centre: [f64; 2], radius: f64, from: f64, n: usize) -> Vec<[f64; 2]> {
    let step = std::f64::consts::TAU / SEGMENTS as f64;
    let outer = radius / (step / 2.0).cos();
    let corner = |i: usize| {
        let (s, c) = (from + (i as f64 + 0.5) * step).sin_cos();
        [centre[0] + outer * c, centre[1] + outer * s]
    };
    (0..n).map(corner).collect()
}

/// Box around many shapes, m; `None` without any.
pub fn bounds_of<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> Option<Box4> {
    shapes.into_iter().map(bounds).reduce(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UM: f64 = 1e-6;

    fn discs(n: u32) -> Shape {
        Shape::Array {
            shape: Box::new(Shape::Circle {
                centre: [5.0 * UM, 5.0 * UM],
                diameter: 10.0 * UM,
            }),
            pitch: [20.0 * UM, 17.0 * UM],
            count: [n, n],
        }
    }

    #[test]
    fn a_stray_shape_anywhere_in_a_large_array_is_found() {
        for (x, y) in [(3.0, 3.0), (350.0, 303.0), (411.0, 42.0), (799.0, 679.0)] {
            let stray = Shape::Rectangle([x * UM, y * UM], [(x + 3.0) * UM, (y + 2.0) * UM]);
            let all = Drawn::of(&[&[discs(40), stray]], 0.0);
            let few = all.masks[0].len();
            assert!(few < 1000, "{few}");
            let (width, _) = all.narrowest(0).expect("width");
            let (gap, _) = all.closest(0).expect("gap");
            // Everything drawn, by brute force.
            let mut shapes = vec![Shape::Rectangle([x * UM, y * UM], [(x + 3.0) * UM, (y + 2.0) * UM])];
            for i in 0..40 {
                for j in 0..40 {
                    shapes.push(moved(
                        &Shape::Circle {
                            centre: [5.0 * UM, 5.0 * UM],
                            diameter: 10.0 * UM,
                        },
                        [f64::from(i) * 20.0 * UM, f64::from(j) * 17.0 * UM],
                    ));
                }
            }
            let whole = Drawn::of(&[&shapes], 0.0);
            assert!((whole.narrowest(0).expect("width").0 - width).abs() < 1e-12, "{x} {y}");
            assert!((whole.closest(0).expect("gap").0 - gap).abs() < 1e-12, "{x} {y}");
        }
    }

    #[test]
    fn what_is_left_out_leaves_no_false_gap() {
        // Bars that touch each other make one plate: no gap at all, and no width of a single bar.
        let bars = Shape::Array {
            shape: Box::new(Shape::Rectangle([0.0, 0.0], [20.0 * UM, 500.0 * UM])),
            pitch: [20.0 * UM, 0.0],
            count: [500, 1],
        };
        let drawn = Drawn::of(&[&[bars]], 0.0);
        assert!(drawn.masks[0].len() < 10);
        assert!(drawn.closest(0).is_none());
        assert!(drawn.narrowest(0).is_none_or(|w| w.0 > 400.0 * UM));
    }
}
