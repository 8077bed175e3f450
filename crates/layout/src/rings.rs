//! Closed rings of points: area, perimeter, conversion to and from metres, holes resolved into simple outlines.

use crate::hierarchy::Point;

/// A closed polygon without its first point repeated.
pub type Ring = Vec<Point>;

/// Twice the signed area, exactly; positive counter-clockwise.
pub(crate) fn twice_area(ring: &[Point]) -> i128 {
    let Some(&last) = ring.last() else { return 0 };
    // Products of differences stay below 2^66; the running sum is exact in 128 bits.
    let origin = ring[0].map(i128::from);
    let relative = |p: Point| [i128::from(p[0]) - origin[0], i128::from(p[1]) - origin[1]];
    let mut before = relative(last);
    let mut sum = 0;
    for &p in ring {
        let q = relative(p);
        sum += before[0] * q[1] - before[1] * q[0];
        before = q;
    }
    sum
}

/// Area of one ring, positive counter-clockwise, database units squared.
pub fn signed_area(ring: &[Point]) -> f64 {
    twice_area(ring) as f64 / 2.0
}

/// Area of merged rings (holes are clockwise and count negative), database units squared.
pub fn area(rings: &[Ring]) -> f64 {
    rings.iter().map(|ring| twice_area(ring)).sum::<i128>() as f64 / 2.0
}

/// Length of all edges, database units.
pub fn perimeter(rings: &[Ring]) -> f64 {
    let length = |a: &Point, b: &Point| (f64::from(a[0]) - f64::from(b[0])).hypot(f64::from(a[1]) - f64::from(b[1]));
    let of_ring = |ring: &Ring| (0..ring.len()).map(|i| length(&ring[i], &ring[(i + 1) % ring.len()])).sum::<f64>();
    rings.iter().map(of_ring).sum()
}

/// Rounds rings in metres to database units (half away from zero); none if a coordinate leaves 32 bits or is no number.
///
/// Points that fall together are dropped, and rings of fewer than three points with them.
pub fn from_metres(rings: &[Vec<[f64; 2]>], database_unit: f64) -> Option<Vec<Ring>> {
    let round = |v: f64| {
        let units = (v / database_unit).round();
        (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&units).then_some(units as i32)
    };
    let mut out = Vec::with_capacity(rings.len());
    for ring in rings {
        let mut points = Vec::with_capacity(ring.len());
        for p in ring {
            points.push([round(p[0])?, round(p[1])?]);
        }
        points.dedup();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        if points.len() >= 3 {
            out.push(points);
        }
    }
    Some(out)
}

/// Rings in metres.
pub fn to_metres(rings: &[Ring], database_unit: f64) -> Vec<Vec<[f64; 2]>> {
    rings
        .iter()
        .map(|ring| ring.iter().map(|p| p.map(|v| f64::from(v) * database_unit)).collect())
        .collect()
}

/// One simple outline per polygon: every hole is joined to its outer ring by a slit of no width.
///
/// `rings` are as the Boolean operations return them: each outer ring is followed by its holes. No point is added or
/// moved, so the covered area is exactly the same; this is how holes are stored in file formats that know none.
pub fn without_holes(rings: &[Ring]) -> Vec<Ring> {
    let mut out: Vec<Ring> = vec![];
    let mut i = 0;
    while i < rings.len() {
        let mut holes: Vec<&Ring> = vec![];
        let outer = &rings[i];
        i += 1;
        while i < rings.len() && twice_area(&rings[i]) < 0 {
            holes.push(&rings[i]);
            i += 1;
        }
        // A hole is joined to what lies to its left, so the leftmost comes first.
        holes.sort_by_key(|hole| hole.iter().min().copied());
        let mut ring = outer.clone();
        for hole in holes {
            join_hole(&mut ring, hole);
        }
        out.push(ring);
    }
    out
}

/// Inserts a hole into an outline by a slit from the hole's leftmost point to a visible corner of the outline.
fn join_hole(outline: &mut Ring, hole: &[Point]) {
    let Some(start) = (0..hole.len()).min_by_key(|&i| hole[i]) else {
        return;
    };
    let at = visible_corner(outline, hole[start]);
    let slit = hole[start..].iter().chain(&hole[..=start]).copied().chain([outline[at]]);
    let inserted: Vec<Point> = slit.collect();
    outline.splice(at + 1..at + 1, inserted);
}

/// Index of the nearest corner of the outline to the left of `p` whose connection to `p` crosses no edge.
///
/// The edge that a ray to the left meets first has one end from which `p` is visible unless corners of the outline lie
/// in the triangle between ray, edge end and `p`; then the one of them with the smallest angle to the ray is visible.
fn visible_corner(outline: &[Point], p: Point) -> usize {
    let n = outline.len();
    let [px, py] = p.map(f64::from);
    let mut hit: Option<(f64, usize)> = None;
    for i in 0..n {
        let (a, b) = (outline[i], outline[(i + 1) % n]);
        // The inside lies left of a counter-clockwise outline: only edges that run down have it to their right side.
        if a[1] < p[1] || b[1] > p[1] || a[1] == b[1] {
            continue;
        }
        let [ax, ay] = a.map(f64::from);
        let [bx, by] = b.map(f64::from);
        let x = ax + (py - ay) * (bx - ax) / (by - ay);
        if x <= px && hit.is_none_or(|(best, _)| x > best) {
            let end = if ax > bx { i } else { (i + 1) % n };
            let end = if a[1] == p[1] {
                i
            } else if b[1] == p[1] {
                (i + 1) % n
            } else {
                end
            };
            hit = Some((x, end));
        }
    }
    let Some((x, end)) = hit else { return nearest_corner(outline, p) };
    if outline[end] == p || outline[end][1] == p[1] {
        return locally_open(outline, outline[end], p).unwrap_or(end);
    }
    let triangle = [[x, py], outline[end].map(f64::from), [px, py]];
    let mut best = (f64::INFINITY, f64::INFINITY, end);
    for (i, q) in outline.iter().enumerate() {
        let [qx, qy] = q.map(f64::from);
        if !in_triangle(&triangle, [qx, qy]) || qx > px || (qx == px && qy == py) {
            continue;
        }
        let slope = (qy - py).abs() / (px - qx).max(1e-300);
        if slope < best.0 || (slope == best.0 && px - qx < best.1) {
            best = (slope, px - qx, i);
        }
    }
    locally_open(outline, outline[best.2], p).unwrap_or(best.2)
}

fn nearest_corner(outline: &[Point], p: Point) -> usize {
    let square = |q: &Point| (0..2).map(|k| (i128::from(q[k]) - i128::from(p[k])).pow(2)).sum::<i128>();
    (0..outline.len()).min_by_key(|&i| square(&outline[i])).unwrap_or(0)
}

fn cross(a: Point, b: Point, c: Point) -> i128 {
    let d = |p: Point, q: Point, k: usize| i128::from(q[k]) - i128::from(p[k]);
    d(a, b, 0) * d(a, c, 1) - d(a, b, 1) * d(a, c, 0)
}

fn in_triangle(t: &[[f64; 2]; 3], p: [f64; 2]) -> bool {
    let side = |a: [f64; 2], b: [f64; 2]| (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
    let s = [side(t[0], t[1]), side(t[1], t[2]), side(t[2], t[0])];
    s.iter().all(|&v| v >= 0.0) || s.iter().all(|&v| v <= 0.0)
}

/// Where several corners share a place (earlier slits), the one whose inner angle contains the direction to `p`.
fn locally_open(outline: &[Point], corner: Point, p: Point) -> Option<usize> {
    let n = outline.len();
    (0..n).filter(|&i| outline[i] == corner).find(|&i| {
        let (before, after) = (outline[(i + n - 1) % n], outline[(i + 1) % n]);
        let convex = cross(before, corner, after) >= 0;
        let (left_in, left_out) = (cross(before, corner, p) >= 0, cross(corner, after, p) >= 0);
        if convex { left_in && left_out } else { left_in || left_out }
    })
}

#[cfg(test)]
#[path = "rings_tests.rs"]
mod tests;
