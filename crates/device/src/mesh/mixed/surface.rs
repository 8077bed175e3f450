//! Contacts between bodies, sliced by the grid: area, normal and distance.

use super::chop::{Fragments, extent, flat_area, on_line, span};
use crate::mesh::class::{Classes, Meeting, Side};
use crate::mesh::grid::Grid;
use crate::partition::Partition;
use crate::partition::clip::{Points, area_vector};
use crate::tape::RegionId;
use crate::vector::{Vector, add, cross, dot, norm};

/// The part of a contact in a cell.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Fragments on both sides; `None` where the body is not cut by the grid.
    pub fragments: [Option<usize>; 2],
    pub labels: [RegionId; 2],
    /// Connected parts of the device on both sides.
    pub components: [u32; 2],
    /// True area, m²; seldom negative, where the flat pieces overshoot.
    pub area: f64,
    /// From the first body to the second, length 1.
    pub normal: Vector,
    pub centre: Vector,
    /// Distance of the farthest corner from the centre, m.
    pub radius: f64,
    /// The electrode whose reaction runs here, and the side that is electrolyte.
    pub reacts: Option<(Side, usize)>,
    pub points: Points,
}

/// Slices all contacts for whose pieces `wanted` is true.
pub fn slices(
    partition: &Partition,
    fragments: &Fragments,
    grid: &Grid,
    classes: &Classes,
    wanted: impl Fn([u32; 2]) -> bool,
) -> Vec<Slice> {
    let mut out = Vec::new();
    for c in partition.contacts.iter().filter(|c| wanted(c.pieces)) {
        let whole = area_vector(&c.points);
        let flat = norm(whole);
        if flat <= 0.0 || c.points.len() < 3 {
            continue;
        }
        let middles = c.pieces.map(|p| partition.pieces[p as usize].middle());
        let mut normal = whole.map(|v| v / flat);
        let height = middles.map(|m| dot(normal, add(m, -1.0, c.points[0])));
        let ahead = if height[1].abs() >= height[0].abs() {
            height[1]
        } else {
            -height[0]
        };
        if ahead < 0.0 {
            normal = normal.map(|v| -v);
        }
        let labels = c.pieces.map(|p| partition.pieces[p as usize].label);
        let reacts = (0..2).find_map(|e| match classes.of(labels[e]).meets(classes.of(labels[1 - e])) {
            Meeting::Reacting(side) => Some((side, e)),
            _ => None,
        });
        let mut parts = vec![c.points.clone()];
        for axis in 0..3 {
            let mut next = Vec::with_capacity(parts.len());
            for part in parts {
                across(part, grid, axis, &mut next);
            }
            parts = next;
        }
        let sum: f64 = parts.iter().map(|p| flat_area(p)).sum();
        for points in parts {
            let share = flat_area(&points) / sum;
            if share <= 0.0 {
                continue;
            }
            let centre = centre(&points);
            let located = [0, 1].map(|side| {
                let cell = [0, 1, 2].map(|axis| match on_line(grid, axis, centre[axis]) {
                    Some(line) if middles[side][axis] < grid.lines[axis][line] => line - 1,
                    Some(line) => line,
                    None => grid.find(axis, centre[axis]),
                });
                fragments.find(c.pieces[side], grid.number(cell), centre)
            });
            out.push(Slice {
                fragments: located,
                labels,
                components: c.pieces.map(|p| partition.component[p as usize]),
                area: c.area * share,
                normal,
                centre,
                radius: points.iter().map(|p| norm(add(*p, -1.0, centre))).fold(0.0, f64::max),
                reacts,
                points,
            });
        }
    }
    out
}

/// Cuts a polygon along all lines of the grid across an axis.
fn across(points: Points, grid: &Grid, axis: usize, out: &mut Vec<Points>) {
    let [low, high] = extent(points.iter());
    let [from, to] = span(grid, axis, low[axis], high[axis]);
    let mut rest = points;
    for k in from..to {
        let at = grid.lines[axis][k + 1];
        let [mut below, mut above] = [Points::new(), Points::new()];
        for i in 0..rest.len() {
            let (p, q) = (rest[i], rest[(i + 1) % rest.len()]);
            let (s, t) = (p[axis] - at, q[axis] - at);
            if s <= 0.0 {
                below.push(p);
            }
            if s >= 0.0 {
                above.push(p);
            }
            if (s < 0.0 && t > 0.0) || (s > 0.0 && t < 0.0) {
                let crossing = add(p, s / (s - t), add(q, -1.0, p));
                below.push(crossing);
                above.push(crossing);
            }
        }
        if below.len() >= 3 {
            out.push(below);
        }
        if above.len() < 3 {
            return;
        }
        rest = above;
    }
    out.push(rest);
}

/// Centre of gravity of a flat polygon.
fn centre(points: &[Vector]) -> Vector {
    let (mut total, mut sum) = (0.0, [0.0; 3]);
    let whole = area_vector(points);
    let Some((first, rest)) = points.split_first() else {
        return [0.0; 3];
    };
    for pair in rest.windows(2) {
        let a = dot(whole, cross(add(pair[0], -1.0, *first), add(pair[1], -1.0, *first)));
        let middle = [0, 1, 2].map(|i| (first[i] + pair[0][i] + pair[1][i]) / 3.0);
        (total, sum) = (total + a, add(sum, a, middle));
    }
    if total > 0.0 { sum.map(|v| v / total) } else { *first }
}

impl Slice {
    /// Distance of a point, if it may be below `limit`.
    pub fn distance(&self, p: Vector, limit: f64) -> Option<f64> {
        let far = norm(add(self.centre, -1.0, p)) - self.radius > limit;
        (!far).then(|| norm(add(self.foot(p), -1.0, p)))
    }

    /// Nearest point of the polygon.
    pub fn foot(&self, p: Vector) -> Vector {
        let n = self.points.len();
        let turn = dot(area_vector(&self.points), self.normal).signum();
        let mut inside = true;
        let mut best = (f64::INFINITY, p);
        for i in 0..n {
            let (a, b) = (self.points[i], self.points[(i + 1) % n]);
            let along = add(b, -1.0, a);
            let inward = cross(self.normal, along).map(|v| turn * v);
            inside &= dot(inward, add(p, -1.0, a)) >= 0.0;
            let length = dot(along, along);
            let s = if length > 0.0 {
                (dot(add(p, -1.0, a), along) / length).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let q = add(a, s, along);
            let d = norm(add(p, -1.0, q));
            if d < best.0 {
                best = (d, q);
            }
        }
        if inside {
            add(p, -dot(self.normal, add(p, -1.0, self.centre)), self.normal)
        } else {
            best.1
        }
    }

    /// Height of a point over the plane of the polygon, towards the second body.
    pub fn height(&self, p: Vector) -> f64 {
        dot(self.normal, add(p, -1.0, self.centre))
    }
}
