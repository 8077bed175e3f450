//! Cuts polygons with too many points for one record into smaller ones, without moving any edge.

use crate::boolean;
use crate::hierarchy::{Bounds, Point};
use crate::rings::{Ring, twice_area, without_holes};

/// Corners from which chords are tried, evenly spread over the polygon, and chords per corner.
const STARTS: usize = 64;
const CHORDS: usize = 33;

/// Parts of a polygon with at most `limit` points each that cover exactly the same area; none if no exact cut was found.
///
/// First choice is a chord between two corners that lies inside: it needs no new point. Otherwise a vertical or
/// horizontal line that meets every edge in a point of the grid, as it does wherever edges are axis-parallel.
pub(super) fn cut(polygon: &[Point], limit: usize) -> Option<Vec<Ring>> {
    let mut done = vec![];
    let mut open = vec![polygon.to_vec()];
    while let Some(ring) = open.pop() {
        if ring.len() <= limit {
            done.push(ring);
            continue;
        }
        let parts = cut_by_chord(&ring).or_else(|| cut_by_line(&ring))?;
        if parts.iter().any(|part| part.len() >= ring.len()) {
            return None;
        }
        open.extend(parts);
    }
    let sum: i128 = done.iter().map(|ring| twice_area(ring).abs()).sum();
    (sum == twice_area(polygon).abs()).then_some(done)
}

fn cut_by_chord(ring: &[Point]) -> Option<Vec<Ring>> {
    let n = ring.len();
    let whole = twice_area(ring);
    for chord in 0..CHORDS {
        // Halves first, then less and less balanced parts down to a quarter.
        let shift = n * chord.div_ceil(2) / (2 * CHORDS);
        let length = if chord % 2 == 0 { n / 2 + shift } else { n / 2 - shift };
        for start in (0..STARTS).map(|k| k * n / STARTS) {
            let (i, j) = (start, (start + length) % n);
            if !is_inner_chord(ring, i, j) {
                continue;
            }
            let (low, high) = (i.min(j), i.max(j));
            let first = ring[low..=high].to_vec();
            let second: Ring = ring[high..].iter().chain(&ring[..=low]).copied().collect();
            let areas = [twice_area(&first), twice_area(&second)];
            if areas.iter().all(|a| a.signum() == whole.signum()) && areas[0] + areas[1] == whole {
                return Some(vec![first, second]);
            }
        }
    }
    None
}

fn cross(a: Point, b: Point, c: Point) -> i128 {
    let d = |p: Point, q: Point, k: usize| i128::from(q[k]) - i128::from(p[k]);
    d(a, b, 0) * d(a, c, 1) - d(a, b, 1) * d(a, c, 0)
}

/// True if the chord between two corners meets no other point of the outline and lies inside.
fn is_inner_chord(ring: &[Point], i: usize, j: usize) -> bool {
    let n = ring.len();
    let (a, b) = (ring[i], ring[j]);
    let Some(chord) = Bounds::of(&[a, b]) else { return false };
    if a == b {
        return false;
    }
    let mut inside = false;
    // Twice the middle of the chord, so that it is a point of the grid.
    let [mx, my] = [0, 1].map(|k| i128::from(a[k]) + i128::from(b[k]));
    for k in 0..n {
        let l = (k + 1) % n;
        let (p, q) = (ring[k], ring[l]);
        let [[px, py], [qx, qy]] = [p, q].map(|c| c.map(|v| 2 * i128::from(v)));
        if (py > my) != (qy > my) {
            let side = (qx - px) * (my - py) - (qy - py) * (mx - px);
            if (side > 0) == (qy > py) {
                inside = !inside;
            }
        }
        let own = [i, j].map(|own| k == own || l == own);
        if own[0] && own[1] {
            return false;
        }
        if own[0] || own[1] {
            // An edge at an end of the chord may only share that end.
            let other = if k == i || k == j { q } else { p };
            let (from, to) = if own[0] { (a, b) } else { (b, a) };
            let along = (0..2)
                .map(|d| (i128::from(other[d]) - i128::from(from[d])) * (i128::from(to[d]) - i128::from(from[d])))
                .sum::<i128>();
            if cross(a, b, other) == 0 && along > 0 {
                return false;
            }
            continue;
        }
        if Bounds::of(&[p, q]).is_some_and(|edge| edge.touches(chord)) {
            let (s, t) = (cross(a, b, p).signum(), cross(a, b, q).signum());
            let (u, v) = (cross(p, q, a).signum(), cross(p, q, b).signum());
            if s * t <= 0 && u * v <= 0 {
                return false;
            }
        }
    }
    inside
}

fn cut_by_line(ring: &[Point]) -> Option<Vec<Ring>> {
    let bounds = Bounds::of(ring)?;
    for axis in 0..2 {
        let mut places: Vec<i32> = ring.iter().map(|p| p[axis]).collect();
        places.sort_unstable();
        let n = places.len();
        for k in 0..CHORDS {
            let shift = n * k.div_ceil(2) / (2 * CHORDS);
            let at = places[if k % 2 == 0 { n / 2 + shift } else { n / 2 - shift }];
            if i64::from(at) == bounds.min[axis] || i64::from(at) == bounds.max[axis] || !meets_grid(ring, axis, at) {
                continue;
            }
            let [min, max] = [bounds.min, bounds.max].map(|c| c.map(|v| v as i32));
            let mut corners = [[min, max], [min, max]];
            corners[0][1][axis] = at;
            corners[1][0][axis] = at;
            let whole = boolean::merged(&[ring.to_vec()]);
            let parts = corners.map(|[[x0, y0], [x1, y1]]| {
                let window = vec![vec![[x0, y0], [x1, y0], [x1, y1], [x0, y1]]];
                without_holes(&boolean::intersection(&whole, &window))
            });
            return Some(parts.into_iter().flatten().collect());
        }
    }
    None
}

/// True if the line crosses every edge in a point of the grid.
fn meets_grid(ring: &[Point], axis: usize, at: i32) -> bool {
    let at = i128::from(at);
    (0..ring.len()).all(|i| {
        let [p, q] = [ring[i], ring[(i + 1) % ring.len()]].map(|c| c.map(i128::from));
        let (low, high) = (p[axis].min(q[axis]), p[axis].max(q[axis]));
        low >= at || high <= at || (q[1 - axis] - p[1 - axis]) * (at - p[axis]) % (q[axis] - p[axis]) == 0
    })
}
