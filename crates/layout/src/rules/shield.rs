//! What two facing edges still see of each other when other edges stand between them.

use super::edges::{Edge, Edges};
use super::near::{Piece, Vector, facing};
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
    /// Pieces of `a` and `b` (already cut to what is near) with nothing of `layers` between them.
    ///
    /// The connections from a point of `a` to the point of `b` at the same share of its way, counted backwards, sweep
    /// over all that lies between; an edge blocks the connections it crosses, which change only where one meets its end.
    pub(super) fn open_parts(&mut self, a: &Piece, b: &Piece, layers: [Option<&Edges>; 2], limit: f64) -> Vec<(Piece, Piece)> {
        let corners = [a.from, a.to, b.from, b.to];
        let low = |k: usize| corners.iter().map(|c| c[k]).fold(f64::INFINITY, f64::min).floor() as i32;
        let high = |k: usize| corners.iter().map(|c| c[k]).fold(f64::NEG_INFINITY, f64::max).ceil() as i32;
        let window: Box4 = [low(0), low(1), high(0), high(1)];
        self.blockers.clear();
        for edges in layers.into_iter().flatten() {
            edges.tree.touching(&window, &mut self.pending, |i| {
                let edge: &Edge = &edges.all[i as usize];
                let piece = Piece::of(edge);
                if reaches_between(&piece, &corners) {
                    self.blockers.push(piece);
                }
            });
        }
        if self.blockers.is_empty() {
            return vec![(*a, *b)];
        }
        let start = minus(b.to, a.from);
        let (along_a, along_b) = (minus(a.to, a.from), minus(b.from, b.to));
        let turn = minus(along_b, along_a);
        let mut stops = vec![0.0, 1.0];
        for end in self.blockers.iter().flat_map(|piece| [piece.from, piece.to]) {
            // Connections through a point: a quadratic in the share of the way.
            let r = minus(end, a.from);
            let (c0, c1, c2) = (cross(start, r), cross(turn, r) - cross(start, along_a), -cross(turn, along_a));
            stops.extend(roots(c2, c1, c0).into_iter().filter(|t| (0.0..1.0).contains(t)));
        }
        stops.sort_by(f64::total_cmp);
        let mut open: Vec<[f64; 2]> = vec![];
        for w in stops.windows(2) {
            if w[1] - w[0] < 1e-9 || self.blocked(a.at((w[0] + w[1]) / 2.0), b.at(1.0 - (w[0] + w[1]) / 2.0)) {
                continue;
            }
            match open.last_mut() {
                Some(last) if (last[1] - w[0]).abs() < 1e-9 => last[1] = w[1],
                _ => open.push([w[0], w[1]]),
            }
        }
        let part = |[from, to]: [f64; 2]| {
            let (a, b) = (a.cut([from, to]), b.cut([1.0 - to, 1.0 - from]));
            facing(&a, &b, limit).map(|(ta, tb)| (a.cut(ta), b.cut(tb)))
        };
        if open.iter().any(|&o| part(o).is_some()) { vec![(*a, *b)] } else { vec![] }
    }

    fn blocked(&self, p: Vector, q: Vector) -> bool {
        self.blockers.iter().any(|piece| {
            let (s, t) = (cross(minus(q, p), minus(piece.from, p)), cross(minus(q, p), minus(piece.to, p)));
            let d = minus(piece.to, piece.from);
            let (u, v) = (cross(d, minus(p, piece.from)), cross(d, minus(q, piece.from)));
            let scale = 1e-9 * (u.abs() + v.abs());
            s * t < 0.0 && u * v < 0.0 && u.abs() > scale && v.abs() > scale
        })
    }
}

/// True unless a side of the quadrilateral (or a diagonal half plane) has the piece wholly outside or on its border.
fn reaches_between(piece: &Piece, corners: &[Vector; 4]) -> bool {
    (0..4).all(|i| {
        let (p, q) = (corners[i], corners[(i + 1) % 4]);
        let d = minus(q, p);
        let side = |r: Vector| cross(d, minus(r, p));
        let inner = corners.iter().map(|&c| side(c)).fold(0.0, f64::max);
        // Corners all on one side: the quadrilateral of two facing edges is convex and counter-clockwise.
        let slack = 1e-9 * inner;
        side(piece.from) > slack || side(piece.to) > slack || inner == 0.0
    })
}

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
