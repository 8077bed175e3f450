//! Whether two facing edges still see each other when other edges stand between them.

use super::edges::Edges;
use super::near::{Piece, Vector, closest};
use crate::box_tree::Box4;

/// Finds edges in the way; keeps its lists between calls.
#[derive(Default)]
pub(super) struct Shield {
    pending: Vec<u32>,
    blockers: Vec<Piece>,
}

fn cross(a: Vector, b: Vector) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

fn minus(a: Vector, b: Vector) -> Vector {
    [a[0] - b[0], a[1] - b[1]]
}

impl Shield {
    /// Shortest free line between two pieces of edges: its length and ends; none if everything between them is blocked.
    ///
    /// The lines from a point of `a` to the point of `b` at the same share of its length, counted backwards, sweep over
    /// all that lies between; which of them an edge blocks changes only where a line meets an end of that edge.
    pub(super) fn sight(&mut self, a: &Piece, b: &Piece, between: Option<&Edges>) -> Option<(f64, Vector, Vector)> {
        let corners = [a.from, a.to, b.from, b.to];
        let low = |k: usize| corners.iter().map(|c| c[k]).fold(f64::INFINITY, f64::min).floor() as i32;
        let high = |k: usize| corners.iter().map(|c| c[k]).fold(f64::NEG_INFINITY, f64::max).ceil() as i32;
        let window: Box4 = [low(0), low(1), high(0), high(1)];
        self.blockers.clear();
        if let Some(edges) = between {
            edges.tree.touching(&window, &mut self.pending, |i| {
                let piece = Piece::of(&edges.all[i as usize]);
                if reaches_between(&piece, &corners) {
                    self.blockers.push(piece);
                }
            });
        }
        let shortest = closest(a, b);
        if self.blockers.is_empty() {
            return Some(shortest);
        }
        let start = minus(b.to, a.from);
        let (along_a, along_b) = (minus(a.to, a.from), minus(b.from, b.to));
        let turn = minus(along_b, along_a);
        let mut stops = vec![0.0, 1.0];
        for end in self.blockers.iter().flat_map(|piece| [piece.from, piece.to]) {
            // Lines through a point: start + t turn and the way from a(t) to the point are parallel, a quadratic in t.
            let r = minus(end, a.from);
            let (c0, c1, c2) = (cross(start, r), cross(turn, r) - cross(start, along_a), -cross(turn, along_a));
            stops.extend(roots(c2, c1, c0).into_iter().filter(|t| (0.0..1.0).contains(t)));
        }
        stops.sort_by(f64::total_cmp);
        let open = stops.windows(2).filter(|w| {
            let middle = (w[0] + w[1]) / 2.0;
            w[1] - w[0] > 1e-9 && !self.blocked(a.at(middle), b.at(1.0 - middle))
        });
        let cut = open.map(|w| closest(&a.cut([w[0], w[1]]), &b.cut([1.0 - w[1], 1.0 - w[0]])));
        let free = cut.min_by(|s, t| s.0.total_cmp(&t.0))?;
        Some(if self.blocked(shortest.1, shortest.2) { free } else { shortest })
    }

    fn blocked(&self, p: Vector, q: Vector) -> bool {
        self.blockers.iter().any(|piece| {
            let (s, t) = (cross(minus(q, p), minus(piece.from, p)), cross(minus(q, p), minus(piece.to, p)));
            let d = minus(piece.to, piece.from);
            let (u, v) = (cross(d, minus(p, piece.from)), cross(d, minus(q, piece.from)));
            // Edges that only touch an end of the line are neighbours, not obstacles.
            let slack = 1e-9 * (u.abs() + v.abs());
            // Half-open, so that a line through the common corner of two edges does not slip between them.
            (s > 0.0) != (t > 0.0) && u * v < 0.0 && u.abs() > slack && v.abs() > slack
        })
    }
}

/// True unless the piece lies wholly outside a side of the quadrilateral between two facing pieces, or on its border.
fn reaches_between(piece: &Piece, corners: &[Vector; 4]) -> bool {
    (0..4).all(|i| {
        let (p, q) = (corners[i], corners[(i + 1) % 4]);
        let d = minus(q, p);
        let side = |r: Vector| cross(d, minus(r, p));
        // Facing pieces run in opposite directions with each other to the left: convex and counter-clockwise.
        let inner = corners.iter().map(|&c| side(c)).fold(0.0, f64::max);
        let slack = 1e-9 * inner;
        side(piece.from) > slack || side(piece.to) > slack || inner == 0.0
    })
}

/// Real solutions of a t² + b t + c = 0.
fn roots(a: f64, b: f64, c: f64) -> Vec<f64> {
    if a.abs() <= 1e-12 * (b.abs() + c.abs()) {
        return if b == 0.0 { vec![] } else { vec![-c / b] };
    }
    let discriminant = b * b - 4.0 * a * c;
    if discriminant < 0.0 {
        return vec![];
    }
    // The root of larger magnitude first: no cancellation.
    let q = -(b + b.signum() * discriminant.sqrt()) / 2.0;
    if q == 0.0 { vec![0.0] } else { vec![q / a, c / q] }
}
