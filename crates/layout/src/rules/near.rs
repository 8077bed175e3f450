//! The part of an edge that lies within a distance of another edge, on its left side.

use super::edges::Edge;

/// Distances within this many database units of the limit count as equal to it: rounding of slanted edges.
const SLACK: f64 = 1e-6;

pub(super) type Vector = [f64; 2];

/// A piece of an edge: its ends in database units, relative to nothing but the origin of the layout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub from: Vector,
    pub to: Vector,
}

impl Piece {
    pub(super) fn of(edge: &Edge) -> Piece {
        Piece {
            from: edge.from.map(f64::from),
            to: edge.to.map(f64::from),
        }
    }

    pub(super) fn at(&self, t: f64) -> Vector {
        // Exact at both ends.
        if t == 1.0 {
            self.to
        } else {
            [0, 1].map(|k| self.from[k] + t * (self.to[k] - self.from[k]))
        }
    }

    pub(super) fn cut(&self, [from, to]: [f64; 2]) -> Piece {
        Piece {
            from: self.at(from),
            to: self.at(to),
        }
    }
}

/// Parts of two edges that lie to the left of each other and less than `limit` apart, as ranges of 0 to 1 along each.
pub(super) fn facing(a: &Piece, b: &Piece, limit: f64) -> Option<([f64; 2], [f64; 2])> {
    Some((near_part(a, b, limit)?, near_part(b, a, limit)?))
}

/// Range along `a` of the points left of `b` and less than `limit` away from it.
///
/// In coordinates along and across `b` these points fill a half stadium: a rectangle with a quarter disc on both sides.
/// It is convex, so its intersection with a line is the hull of the intersections with the three pieces.
pub(super) fn near_part(a: &Piece, b: &Piece, limit: f64) -> Option<[f64; 2]> {
    let d = [b.to[0] - b.from[0], b.to[1] - b.from[1]];
    let length = (d[0] * d[0] + d[1] * d[1]).sqrt();
    let local = |p: Vector| {
        let r = [p[0] - b.from[0], p[1] - b.from[1]];
        [(d[0] * r[0] + d[1] * r[1]) / length, (d[0] * r[1] - d[1] * r[0]) / length]
    };
    let ([s0, h0], [s1, h1]) = (local(a.from), local(a.to));
    if h0 <= 0.0 && h1 <= 0.0 {
        // On the same line: touching or coinciding edges are at distance 0; others are not beside each other.
        let touching = h0 == 0.0 && h1 == 0.0 && s0.max(s1) >= 0.0 && s0.min(s1) <= length;
        if !touching {
            return None;
        }
    }
    let limit = limit - SLACK;
    let (ds, dh) = (s1 - s0, h1 - h0);
    // Left of b.
    let left = range(h0, dh, 0.0, f64::INFINITY, [0.0, 1.0])?;
    let mut hull: Option<[f64; 2]> = None;
    let mut add = |part: Option<[f64; 2]>| {
        if let Some([from, to]) = part.filter(|[from, to]| from <= to) {
            let [low, high] = hull.unwrap_or([from, to]);
            hull = Some([low.min(from), high.max(to)]);
        }
    };
    add(range(s0, ds, 0.0, length, left)
        .and_then(|part| range(h0, dh, 0.0, limit, part))
        .filter(|&[from, to]| {
            // A parallel edge at the limit touches the rectangle along its side only.
            h0 + dh * (from + to) / 2.0 < limit
        }));
    for centre in [0.0, length] {
        add(disc(s0 - centre, h0, ds, dh, limit, left));
    }
    hull.filter(|[from, to]| from < to)
}

/// Part of `within` where `start + t slope` lies between two values.
fn range(start: f64, slope: f64, low: f64, high: f64, within: [f64; 2]) -> Option<[f64; 2]> {
    if slope == 0.0 {
        return (low <= start && start <= high).then_some(within);
    }
    let (a, b) = ((low - start) / slope, (high - start) / slope);
    let part = [within[0].max(a.min(b)), within[1].min(a.max(b))];
    (part[0] <= part[1]).then_some(part)
}

/// Part of `within` inside the disc of this radius around the origin.
fn disc(s: f64, h: f64, ds: f64, dh: f64, radius: f64, within: [f64; 2]) -> Option<[f64; 2]> {
    let (a, half_b, c) = (ds * ds + dh * dh, s * ds + h * dh, s * s + h * h - radius * radius);
    let discriminant = half_b * half_b - a * c;
    if discriminant <= 0.0 || a == 0.0 || radius <= 0.0 {
        return None;
    }
    let root = discriminant.sqrt();
    let part = [within[0].max((-half_b - root) / a), within[1].min((-half_b + root) / a)];
    (part[0] <= part[1]).then_some(part)
}

/// Shortest distance between two pieces that do not cross, and the points where it is taken.
pub(super) fn closest(a: &Piece, b: &Piece) -> (f64, Vector, Vector) {
    let from_a = [a.from, a.to].map(|p| (p, projected(p, b)));
    let from_b = [b.from, b.to].map(|p| (projected(p, a), p));
    let mut best = (f64::INFINITY, a.from, b.from);
    for (p, q) in from_a.into_iter().chain(from_b) {
        let distance = ((p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2)).sqrt();
        if distance < best.0 {
            best = (distance, p, q);
        }
    }
    best
}

/// Point of a piece nearest to `p`.
fn projected(p: Vector, piece: &Piece) -> Vector {
    let d = [piece.to[0] - piece.from[0], piece.to[1] - piece.from[1]];
    let square = d[0] * d[0] + d[1] * d[1];
    if square == 0.0 {
        return piece.from;
    }
    let t = ((p[0] - piece.from[0]) * d[0] + (p[1] - piece.from[1]) * d[1]) / square;
    piece.at(t.clamp(0.0, 1.0))
}
