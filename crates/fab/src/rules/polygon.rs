//! Narrowest line and closest gap of drawn shapes: exact for polygons, between edges that face each other.

use crate::plan::Shape;

/// A closed polygon, last point not repeated, m.
pub type Ring = Vec<[f64; 2]>;

/// Segments that a round shape is drawn with; four-fold symmetric, so that facing discs face with flat sides.
const SEGMENTS: usize = 64;
/// Lengths below this are rounding, m.
const TINY: f64 = 1e-12;
/// Cosine between edges that count as facing: within about 80 degrees of antiparallel.
const FACING: f64 = -0.17;

/// Which repetitions of an array are drawn.
#[derive(Clone, Copy, Debug)]
pub enum Drawn {
    /// The first two and last two in each direction: every neighbourhood occurs.
    Corners,
    /// Those that touch a rectangle (lower left x, y, upper right x, y).
    Near([f64; 4]),
}

/// The shapes as polygons. Discs are circumscribed, so that a width or gap along an axis is exact.
pub fn rings(shapes: &[Shape], drawn: Drawn) -> Vec<Ring> {
    let mut out = vec![];
    for shape in shapes {
        add(shape, [0.0, 0.0], drawn, &mut out);
    }
    out
}

fn add(shape: &Shape, by: [f64; 2], drawn: Drawn, out: &mut Vec<Ring>) {
    let moved = |p: &[f64; 2]| [p[0] + by[0], p[1] + by[1]];
    if let Drawn::Near(r) = drawn {
        let b = bounds(shape);
        if b[0] + by[0] > r[2] || b[2] + by[0] < r[0] || b[1] + by[1] > r[3] || b[3] + by[1] < r[1] {
            return;
        }
    }
    match shape {
        Shape::Rectangle(a, b) => {
            let (a, b) = (moved(a), moved(b));
            out.push(vec![a, [b[0], a[1]], b, [a[0], b[1]]]);
        }
        Shape::Circle { centre, diameter } => {
            let c = moved(centre);
            let step = std::f64::consts::TAU / SEGMENTS as f64;
            let radius = diameter / 2.0 / (step / 2.0).cos();
            out.push(
                (0..SEGMENTS)
                    .map(|i| ((i as f64 + 0.5) * step).sin_cos())
                    .map(|(s, k)| [c[0] + radius * k, c[1] + radius * s])
                    .collect(),
            );
        }
        Shape::Polygon(points) => out.push(points.iter().map(moved).collect()),
        Shape::Path { points, width } => {
            for pair in points.windows(2) {
                out.push(capsule(moved(&pair[0]), moved(&pair[1]), width / 2.0));
            }
        }
        Shape::Array { shape, pitch, count } => {
            let chosen = |axis: usize| -> Vec<u32> {
                let n = count[axis];
                match drawn {
                    Drawn::Corners => {
                        let mut i: Vec<u32> = [0, 1, n.saturating_sub(2), n.saturating_sub(1)]
                            .into_iter()
                            .filter(|i| *i < n)
                            .collect();
                        i.sort_unstable();
                        i.dedup();
                        i
                    }
                    Drawn::Near(r) => {
                        let b = bounds(shape);
                        if pitch[axis] == 0.0 {
                            return (0..n.min(1)).collect();
                        }
                        let ends = [r[axis] - b[axis + 2], r[axis + 2] - b[axis]].map(|edge| (edge - by[axis]) / pitch[axis]);
                        let low = ends[0].min(ends[1]).floor().max(0.0) as u32;
                        let high = (ends[0].max(ends[1]).ceil() + 1.0).max(0.0) as u32;
                        (low..n.min(high)).collect()
                    }
                }
            };
            for i in chosen(0) {
                for j in chosen(1) {
                    let by = [by[0] + f64::from(i) * pitch[0], by[1] + f64::from(j) * pitch[1]];
                    add(shape, by, drawn, out);
                }
            }
        }
    }
}

/// A line with round ends.
fn capsule(a: [f64; 2], b: [f64; 2], radius: f64) -> Ring {
    let angle = (b[1] - a[1]).atan2(b[0] - a[0]);
    let step = std::f64::consts::TAU / SEGMENTS as f64;
    let outer = radius / (step / 2.0).cos();
    let cap = |centre: [f64; 2], from: f64| {
        (0..SEGMENTS / 2)
            .map(move |i| (from + (i as f64 + 0.5) * step).sin_cos())
            .map(move |(s, k)| [centre[0] + outer * k, centre[1] + outer * s])
    };
    let quarter = std::f64::consts::FRAC_PI_2;
    cap(b, angle - quarter).chain(cap(a, angle + quarter)).collect()
}

/// Box around a shape: lower left x, y, upper right x, y.
pub fn bounds(shape: &Shape) -> [f64; 4] {
    let around = |points: &[[f64; 2]], by: f64| {
        points
            .iter()
            .fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |b, p| {
                [b[0].min(p[0] - by), b[1].min(p[1] - by), b[2].max(p[0] + by), b[3].max(p[1] + by)]
            })
    };
    match shape {
        Shape::Rectangle(a, b) => around(&[*a, *b], 0.0),
        Shape::Circle { centre, diameter } => around(&[*centre], diameter / 2.0),
        Shape::Polygon(points) => around(points, 0.0),
        Shape::Path { points, width } => around(points, width / 2.0),
        Shape::Array { shape, pitch, count } => {
            let b = bounds(shape);
            let far = [0, 1].map(|i| pitch[i] * f64::from(count[i].saturating_sub(1)));
            [
                b[0] + far[0].min(0.0),
                b[1] + far[1].min(0.0),
                b[2] + far[0].max(0.0),
                b[3] + far[1].max(0.0),
            ]
        }
    }
}

/// Box around many shapes; `None` without any.
pub fn bounds_of<'a>(shapes: impl IntoIterator<Item = &'a Shape>) -> Option<[f64; 4]> {
    shapes.into_iter().map(bounds).reduce(joined)
}

/// Box around two boxes.
pub fn joined(a: [f64; 4], b: [f64; 4]) -> [f64; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// A piece of the outline; the inside lies to the left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// Start.
    pub a: [f64; 2],
    /// End.
    pub b: [f64; 2],
}

/// Outline of the union of the rings: every edge cut where others meet it, pieces with the inside on both sides dropped.
pub fn outline(rings: &[Ring]) -> Vec<Edge> {
    let boxes: Vec<[f64; 4]> = rings.iter().map(ring_box).collect();
    let mut edges: Vec<Edge> = rings
        .iter()
        .flat_map(|r| {
            (0..r.len()).map(move |i| Edge {
                a: r[i],
                b: r[(i + 1) % r.len()],
            })
        })
        .filter(|e| distance(e.a, e.b) > TINY)
        .collect();
    edges.sort_by(|e, f| e.a[0].min(e.b[0]).total_cmp(&f.a[0].min(f.b[0])));
    let mut cuts: Vec<Vec<f64>> = vec![vec![0.0, 1.0]; edges.len()];
    for i in 0..edges.len() {
        let right = edges[i].a[0].max(edges[i].b[0]) + TINY;
        for j in i + 1..edges.len() {
            if edges[j].a[0].min(edges[j].b[0]) > right {
                break;
            }
            let (ci, cj) = crossings(edges[i], edges[j]);
            cuts[i].extend(ci);
            cuts[j].extend(cj);
        }
    }
    let inside = |p: [f64; 2]| {
        rings
            .iter()
            .zip(&boxes)
            .any(|(r, b)| p[0] >= b[0] && p[0] <= b[2] && p[1] >= b[1] && p[1] <= b[3] && contains(r, p))
    };
    let mut out = vec![];
    for (e, t) in edges.iter().zip(&mut cuts) {
        let length = distance(e.a, e.b);
        t.sort_by(f64::total_cmp);
        let normal = [-(e.b[1] - e.a[1]) / length, (e.b[0] - e.a[0]) / length];
        for pair in t.windows(2) {
            if (pair[1] - pair[0]) * length <= TINY {
                continue;
            }
            let middle = along(*e, (pair[0] + pair[1]) / 2.0);
            // Ten picometres to either side: far above rounding, far below anything drawn.
            let side = |s: f64| inside([middle[0] + s * normal[0], middle[1] + s * normal[1]]);
            match (side(1e-11), side(-1e-11)) {
                (true, false) => out.push(Edge {
                    a: along(*e, pair[0]),
                    b: along(*e, pair[1]),
                }),
                (false, true) => out.push(Edge {
                    a: along(*e, pair[1]),
                    b: along(*e, pair[0]),
                }),
                _ => (),
            }
        }
    }
    out
}

/// Narrowest place of the union of the rings: width in m and its middle.
pub fn narrowest(rings: &[Ring]) -> Option<(f64, [f64; 2])> {
    facing(&outline(rings), 1.0)
}

/// Closest gap outside the union of the rings: space in m and its middle.
pub fn closest(rings: &[Ring]) -> Option<(f64, [f64; 2])> {
    facing(&outline(rings), -1.0)
}

/// Smallest distance between two outlines and its middle; zero where they cross.
pub fn apart(first: &[Edge], second: &[Edge]) -> Option<(f64, [f64; 2])> {
    let mut best: Option<(f64, [f64; 2])> = None;
    for e in first {
        for f in second {
            let crossed = !crossings(*e, *f).0.is_empty();
            for (p, q) in [
                (e.a, nearest(*f, e.a)),
                (e.b, nearest(*f, e.b)),
                (f.a, nearest(*e, f.a)),
                (f.b, nearest(*e, f.b)),
            ] {
                let d = if crossed { 0.0 } else { distance(p, q) };
                if best.is_none_or(|(b, _)| d < b) {
                    best = Some((d, middle(p, q)));
                }
            }
        }
    }
    best
}

/// Whether a point lies in the union of the rings.
pub fn covers(rings: &[Ring], p: [f64; 2]) -> bool {
    rings.iter().any(|r| contains(r, p))
}

/// Area in the ring, m².
pub fn area(ring: &Ring) -> f64 {
    let n = ring.len();
    let twice: f64 = (0..n).map(|i| cross(ring[i], ring[(i + 1) % n])).sum();
    twice.abs() / 2.0
}

/// Length of the outline of the ring, m.
pub fn perimeter(ring: &Ring) -> f64 {
    (0..ring.len()).map(|i| distance(ring[i], ring[(i + 1) % ring.len()])).sum()
}

/// Part of a ring that lies in a rectangle: its area, m², and the length of its outline inside, m.
pub fn within(ring: &Ring, rect: [f64; 4]) -> (f64, f64) {
    let mut piece = ring.clone();
    for (axis, limit, sign) in [(0, rect[0], 1.0), (1, rect[1], 1.0), (0, rect[2], -1.0), (1, rect[3], -1.0)] {
        let depth = |p: [f64; 2]| sign * (p[axis] - limit);
        let mut next = vec![];
        for i in 0..piece.len() {
            let (p, q) = (piece[i], piece[(i + 1) % piece.len()]);
            if depth(p) >= 0.0 {
                next.push(p);
            }
            if (depth(p) >= 0.0) != (depth(q) >= 0.0) {
                let t = depth(p) / (depth(p) - depth(q));
                next.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
            }
        }
        piece = next;
    }
    if piece.len() < 3 {
        return (0.0, 0.0);
    }
    let on_border = |p: [f64; 2], q: [f64; 2]| {
        [(0, rect[0]), (1, rect[1]), (0, rect[2]), (1, rect[3])]
            .iter()
            .any(|(axis, limit)| (p[*axis] - limit).abs() < TINY && (q[*axis] - limit).abs() < TINY)
    };
    let length = (0..piece.len())
        .map(|i| (piece[i], piece[(i + 1) % piece.len()]))
        .filter(|(p, q)| !on_border(*p, *q))
        .map(|(p, q)| distance(p, q))
        .sum();
    (area(&piece), length)
}

fn facing(edges: &[Edge], side: f64) -> Option<(f64, [f64; 2])> {
    let mut order: Vec<(f64, f64, Edge)> = edges.iter().map(|e| (e.a[0].min(e.b[0]), e.a[0].max(e.b[0]), *e)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best: Option<(f64, [f64; 2])> = None;
    for (i, (_, right, e)) in order.iter().enumerate() {
        for (left, _, f) in &order[i + 1..] {
            let limit = best.map_or(f64::INFINITY, |b| b.0);
            if left - right > limit {
                break;
            }
            let beside = e.a[1].min(e.b[1]) - f.a[1].max(f.b[1]) > limit || f.a[1].min(f.b[1]) - e.a[1].max(e.b[1]) > limit;
            if !beside {
                for found in [across(*e, *f, side), across(*f, *e, side)].into_iter().flatten() {
                    if best.is_none_or(|b| found.0 < b.0) {
                        best = Some(found);
                    }
                }
            }
        }
    }
    best
}

/// Least distance from `e`, straight across to the part of `f` that faces it on its left (`side` = 1) or right (-1).
fn across(e: Edge, f: Edge, side: f64) -> Option<(f64, [f64; 2])> {
    let (le, lf) = (distance(e.a, e.b), distance(f.a, f.b));
    let u = [(e.b[0] - e.a[0]) / le, (e.b[1] - e.a[1]) / le];
    let v = [(f.b[0] - f.a[0]) / lf, (f.b[1] - f.a[1]) / lf];
    if u[0] * v[0] + u[1] * v[1] > FACING || [(e.b, f.a), (e.a, f.b)].iter().any(|(p, q)| distance(*p, *q) <= TINY) {
        return None;
    }
    // Coordinates along e and across it, positive on the wanted side.
    let local = |p: [f64; 2]| {
        let d = [p[0] - e.a[0], p[1] - e.a[1]];
        [d[0] * u[0] + d[1] * u[1], side * (u[0] * d[1] - u[1] * d[0])]
    };
    let (p, q) = (local(f.a), local(f.b));
    // f must have e on its own wanted side, too.
    let back = [e.a, e.b]
        .iter()
        .any(|r| side * cross([v[0], v[1]], [r[0] - f.a[0], r[1] - f.a[1]]) > TINY);
    if !back || (p[0] - q[0]).abs() <= TINY {
        return None;
    }
    let at = |s: f64| p[1] + (s - p[0]) / (q[0] - p[0]) * (q[1] - p[1]);
    let (low, high) = (p[0].min(q[0]).max(0.0), p[0].max(q[0]).min(le));
    if high - low <= TINY {
        return None;
    }
    let (s, d) = [(low, at(low)), (high, at(high)), ((low + high) / 2.0, at((low + high) / 2.0))]
        .into_iter()
        .filter(|(_, d)| *d > TINY)
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    let n = [-u[1] * side, u[0] * side];
    let foot = [e.a[0] + s * u[0], e.a[1] + s * u[1]];
    Some((d, [foot[0] + n[0] * d / 2.0, foot[1] + n[1] * d / 2.0]))
}

/// Where two edges meet, as fractions of each.
fn crossings(e: Edge, f: Edge) -> (Vec<f64>, Vec<f64>) {
    let d = [e.b[0] - e.a[0], e.b[1] - e.a[1]];
    let g = [f.b[0] - f.a[0], f.b[1] - f.a[1]];
    let (le, lf) = (d[0].hypot(d[1]), g[0].hypot(g[1]));
    let offset = [f.a[0] - e.a[0], f.a[1] - e.a[1]];
    let det = cross(d, g);
    let on = |t: f64, l: f64| t * l >= -TINY && (t - 1.0) * l <= TINY;
    if det.abs() > 1e-9 * le * lf {
        let (t, s) = (cross(offset, g) / det, cross(offset, d) / det);
        if on(t, le) && on(s, lf) {
            return (vec![t.clamp(0.0, 1.0)], vec![s.clamp(0.0, 1.0)]);
        }
    } else if (cross(d, offset) / le).abs() <= TINY {
        let project = |p: [f64; 2], from: Edge, v: [f64; 2], l: f64| ((p[0] - from.a[0]) * v[0] + (p[1] - from.a[1]) * v[1]) / (l * l);
        let te = [f.a, f.b]
            .map(|p| project(p, e, d, le))
            .into_iter()
            .filter(|t| on(*t, le))
            .map(|t| t.clamp(0.0, 1.0));
        let tf = [e.a, e.b]
            .map(|p| project(p, f, g, lf))
            .into_iter()
            .filter(|t| on(*t, lf))
            .map(|t| t.clamp(0.0, 1.0));
        return (te.collect(), tf.collect());
    }
    (vec![], vec![])
}

fn contains(ring: &Ring, p: [f64; 2]) -> bool {
    let mut odd = false;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) {
            odd = !odd;
        }
    }
    odd
}

fn ring_box(ring: &Ring) -> [f64; 4] {
    ring.iter()
        .fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |b, p| {
            [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])]
        })
}

fn nearest(e: Edge, p: [f64; 2]) -> [f64; 2] {
    let d = [e.b[0] - e.a[0], e.b[1] - e.a[1]];
    let t = ((p[0] - e.a[0]) * d[0] + (p[1] - e.a[1]) * d[1]) / (d[0] * d[0] + d[1] * d[1]);
    along(e, t.clamp(0.0, 1.0))
}

fn along(e: Edge, t: f64) -> [f64; 2] {
    [e.a[0] + t * (e.b[0] - e.a[0]), e.a[1] + t * (e.b[1] - e.a[1])]
}

fn middle(p: [f64; 2], q: [f64; 2]) -> [f64; 2] {
    [(p[0] + q[0]) / 2.0, (p[1] + q[1]) / 2.0]
}

fn distance(p: [f64; 2], q: [f64; 2]) -> f64 {
    (p[0] - q[0]).hypot(p[1] - q[1])
}

fn cross(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    const UM: f64 = 1e-6;

    fn rect(a: f64, b: f64, c: f64, d: f64) -> Shape {
        Shape::Rectangle([a * UM, b * UM], [c * UM, d * UM])
    }

    fn widths(shapes: &[Shape]) -> (Option<f64>, Option<f64>) {
        let r = rings(shapes, Drawn::Corners);
        (narrowest(&r).map(|w| w.0 / UM), closest(&r).map(|w| w.0 / UM))
    }

    #[test]
    fn joined_rectangles_are_one() {
        // An L of two rectangles that meet: 3 wide, no gap. The notch between its arms is not between facing edges.
        let (w, s) = widths(&[rect(0.0, 0.0, 10.0, 3.0), rect(0.0, 3.0, 3.0, 10.0)]);
        assert!((w.expect("width") - 3.0).abs() < 1e-9 && s.is_none());
        // A U: the gap is 4.
        let (w, s) = widths(&[rect(0.0, 0.0, 10.0, 3.0), rect(0.0, 3.0, 3.0, 10.0), rect(7.0, 2.0, 10.0, 10.0)]);
        assert!((w.expect("width") - 3.0).abs() < 1e-9 && (s.expect("gap") - 4.0).abs() < 1e-9);
    }

    #[test]
    fn discs_on_a_grid() {
        let discs = Shape::Array {
            shape: Box::new(Shape::Circle {
                centre: [5.0 * UM, 5.0 * UM],
                diameter: 10.0 * UM,
            }),
            pitch: [20.0 * UM, 17.0 * UM],
            count: [100, 100],
        };
        let (w, s) = widths(std::slice::from_ref(&discs));
        assert!((w.expect("width") - 10.0).abs() < 1e-9 && (s.expect("gap") - 7.0).abs() < 1e-9);
        let near = rings(&[discs], Drawn::Near([95.0 * UM, 80.0 * UM, 115.0 * UM, 97.0 * UM]));
        // Discs whose box touches the rectangle: columns at 85 to 115 in steps of 20, rows at 73 to 107 in steps of 17.
        assert!(
            near.iter().all(|r| r.len() == SEGMENTS) && !near.is_empty() && near.len() <= 9,
            "{}",
            near.len()
        );
    }

    #[test]
    fn slanted_gap_and_path() {
        let a = Shape::Polygon(vec![[0.0, 0.0], [10.0 * UM, 0.0], [10.0 * UM, 10.0 * UM], [0.0, 10.0 * UM]]);
        // Left side leans away: 2 at the bottom, 4 at the top.
        let b = Shape::Polygon(vec![
            [12.0 * UM, 0.0],
            [20.0 * UM, 0.0],
            [20.0 * UM, 10.0 * UM],
            [14.0 * UM, 10.0 * UM],
        ]);
        let (_, s) = widths(&[a, b]);
        // The foot of the perpendicular from (10, 0) lies beyond the leaning side, so its corner (12, 0) is nearest.
        assert!((s.expect("gap") - 2.0).abs() < 1e-9, "{s:?}");
        let path = Shape::Path {
            points: vec![[0.0, 0.0], [50.0 * UM, 0.0]],
            width: 6.0 * UM,
        };
        assert!((widths(&[path]).0.expect("width") - 6.0).abs() < 1e-9);
    }

    #[test]
    fn part_of_a_ring_in_a_rectangle() {
        let disc = &rings(
            &[Shape::Circle {
                centre: [0.0, 0.0],
                diameter: 2.0,
            }],
            Drawn::Corners,
        )[0];
        let (a, p) = within(disc, [0.0, 0.0, 5.0, 5.0]);
        assert!((a / (std::f64::consts::PI / 4.0) - 1.0).abs() < 2e-3 && (p / std::f64::consts::FRAC_PI_2 - 1.0).abs() < 2e-3);
    }
}
