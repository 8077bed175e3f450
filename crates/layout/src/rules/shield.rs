//! Whether two facing edges still see each other when other edges stand between them.

use super::edges::Edges;
use super::near::{Piece, Vector, closest, projected};
use crate::box_tree::Box4;

/// Points on each edge from which the other is looked for: gaps narrower than a sixteenth of the edge may be missed.
const VIEWPOINTS: u32 = 16;

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
    /// Mostly nothing stands between, or the shortest line is free. Otherwise lines to the nearest point from points all
    /// along each piece are tried, then lines between any two of those points.
    pub(super) fn sight(&mut self, a: &Piece, b: &Piece, layers: [Option<&Edges>; 2]) -> Option<(f64, Vector, Vector)> {
        let corners = [a.from, a.to, b.from, b.to];
        let low = |k: usize| corners.iter().map(|c| c[k]).fold(f64::INFINITY, f64::min).floor() as i32;
        let high = |k: usize| corners.iter().map(|c| c[k]).fold(f64::NEG_INFINITY, f64::max).ceil() as i32;
        let window: Box4 = [low(0), low(1), high(0), high(1)];
        self.blockers.clear();
        for edges in layers.into_iter().flatten() {
            edges.tree.touching(&window, &mut self.pending, |i| {
                let piece = Piece::of(&edges.all[i as usize]);
                if reaches_between(&piece, &corners) {
                    self.blockers.push(piece);
                }
            });
        }
        let shortest = closest(a, b);
        if !self.blocked(shortest.1, shortest.2) {
            return Some(shortest);
        }
        let views = |piece: &Piece| (0..VIEWPOINTS).map(|k| piece.at((f64::from(k) + 0.5) / f64::from(VIEWPOINTS))).collect::<Vec<_>>();
        let (from_a, from_b) = (views(a), views(b));
        let nearest = from_a.iter().map(|&p| (p, projected(p, b))).chain(from_b.iter().map(|&q| (projected(q, a), q)));
        let any = from_a.iter().flat_map(|&p| from_b.iter().map(move |&q| (p, q)));
        let free = |lines: &mut dyn Iterator<Item = (Vector, Vector)>| {
            let measured = lines.filter(|&(p, q)| !self.blocked(p, q)).map(|(p, q)| {
                let d = minus(p, q);
                ((d[0] * d[0] + d[1] * d[1]).sqrt(), p, q)
            });
            measured.min_by(|s, t| s.0.total_cmp(&t.0))
        };
        free(&mut { nearest }).or_else(|| free(&mut { any }))
    }

    fn blocked(&self, p: Vector, q: Vector) -> bool {
        self.blockers.iter().any(|piece| {
            let (s, t) = (cross(minus(q, p), minus(piece.from, p)), cross(minus(q, p), minus(piece.to, p)));
            let d = minus(piece.to, piece.from);
            let (u, v) = (cross(d, minus(p, piece.from)), cross(d, minus(q, piece.from)));
            // Edges that only touch an end of the line are neighbours, not obstacles.
            let slack = 1e-9 * (u.abs() + v.abs());
            s * t < 0.0 && u * v < 0.0 && u.abs() > slack && v.abs() > slack
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
