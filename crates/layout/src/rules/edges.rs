//! Edges of merged rings, with the polygon that each belongs to.

use crate::box_tree::{Box4, BoxTree};
use crate::hierarchy::Point;
use crate::rings::{Ring, twice_area};
use std::collections::HashMap;

/// An edge of a polygon whose inside lies to the left.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    pub from: Point,
    pub to: Point,
    /// Number of the polygon: an outer ring and its holes.
    pub polygon: u32,
    /// Number of the ring.
    pub ring: u32,
}

/// All edges of a layer and the tree that finds neighbours.
pub(super) struct Edges {
    pub all: Vec<Edge>,
    pub tree: BoxTree,
    /// Polygons without holes and without inner corners: nothing of them faces itself across the outside.
    convex: Vec<bool>,
    /// Polygon of every ring, and a distance below which no two of its edges face each other, database units.
    rings: Vec<(u32, f64)>,
}

impl Edge {
    pub(super) fn reversed(self) -> Edge {
        Edge {
            from: self.to,
            to: self.from,
            polygon: self.polygon,
            ring: self.ring,
        }
    }

    /// Inner product of the directions; negative for edges that may face each other.
    pub(super) fn product(&self, other: &Edge) -> f64 {
        let d = |e: &Edge, k: usize| f64::from(e.to[k]) - f64::from(e.from[k]);
        d(self, 0) * d(other, 0) + d(self, 1) * d(other, 1)
    }

    /// True unless the other edge lies wholly to the right, or beside on the same line.
    pub(super) fn sees(&self, other: &Edge) -> bool {
        let d = |p: Point, k: usize| f64::from(p[k]) - f64::from(self.from[k]);
        let (x, y) = (d(self.to, 0), d(self.to, 1));
        let side = |p: Point| x * d(p, 1) - y * d(p, 0);
        let (s, t) = (side(other.from), side(other.to));
        s > 0.0 || t > 0.0 || (s == 0.0 && t == 0.0)
    }

    /// Distance of the boxes around both edges: never more than the distance of the edges.
    pub(super) fn gap(&self, other: &Edge) -> f64 {
        let (a, b) = (self.bounds(), other.bounds());
        let along = |k: usize| {
            (i64::from(b[k]) - i64::from(a[k + 2]))
                .max(i64::from(a[k]) - i64::from(b[k + 2]))
                .max(0) as f64
        };
        (along(0).powi(2) + along(1).powi(2)).sqrt()
    }

    pub(super) fn bounds(&self) -> Box4 {
        let ([a, b], [c, d]) = (self.from, self.to);
        [a.min(c), b.min(d), a.max(c), b.max(d)]
    }
}

impl Edges {
    pub(super) fn new(rings: &[Ring]) -> Edges {
        let mut all = Vec::with_capacity(rings.iter().map(Vec::len).sum());
        let mut convex: Vec<bool> = vec![];
        let mut apart = Apart::default();
        let mut numbered = Vec::with_capacity(rings.len());
        for (ring, number) in rings.iter().zip(0..) {
            // Holes are clockwise and follow their outer ring.
            match convex.last_mut() {
                Some(last) if twice_area(ring) <= 0 => *last = false,
                _ => convex.push(has_no_inner_corner(ring)),
            }
            let polygon = convex.len() as u32 - 1;
            numbered.push((polygon, apart.of(ring)));
            for (k, &from) in ring.iter().enumerate() {
                let to = ring[(k + 1) % ring.len()];
                if from != to {
                    all.push(Edge {
                        from,
                        to,
                        polygon,
                        ring: number,
                    });
                }
            }
        }
        let mut tree = BoxTree::new(all.iter().map(Edge::bounds));
        // Edges in the order of the tree, so that those compared with each other lie close in memory.
        let all: Vec<Edge> = tree.renumber().into_iter().map(|i| all[i as usize]).collect();
        tree.set_groups(|i| all[i as usize].ring);
        Edges {
            all,
            tree,
            convex,
            rings: numbered,
        }
    }

    /// Polygon of a ring.
    pub(super) fn polygon(&self, ring: u32) -> u32 {
        self.rings[ring as usize].0
    }

    /// Whether edges of this ring may face each other less than `limit` apart.
    pub(super) fn may_face_itself(&self, ring: u32, limit: i32) -> bool {
        self.rings[ring as usize].1 < f64::from(limit)
    }

    pub(super) fn is_convex(&self, polygon: u32) -> bool {
        self.convex.get(polygon as usize).copied().unwrap_or(false)
    }
}

/// Least distances within small rings; rings that are the same but for their place are measured once.
#[derive(Default)]
struct Apart {
    known: HashMap<Vec<[i64; 2]>, f64>,
}

impl Apart {
    /// Most corners of a ring that is measured.
    const SMALL: usize = 160;

    /// A distance that no two facing edges of a ring come below; 0 for one that is not measured.
    fn of(&mut self, ring: &Ring) -> f64 {
        let Some(origin) = ring.first().filter(|_| ring.len() <= Apart::SMALL) else {
            return 0.0;
        };
        let moved = ring
            .iter()
            .map(|p| [0, 1].map(|k| i64::from(p[k]) - i64::from(origin[k])))
            .collect();
        *self.known.entry(moved).or_insert_with(|| {
            let edge = |i: usize| Edge {
                from: ring[i],
                to: ring[(i + 1) % ring.len()],
                polygon: 0,
                ring: 0,
            };
            let edges: Vec<Edge> = (0..ring.len()).map(edge).collect();
            let pairs = edges.iter().enumerate().flat_map(|(i, a)| edges[..i].iter().map(move |b| (a, b)));
            pairs
                .filter(|(a, b)| a.product(b) < 0.0)
                .map(|(a, b)| a.gap(b))
                .fold(f64::INFINITY, f64::min)
        })
    }
}

fn has_no_inner_corner(ring: &Ring) -> bool {
    let n = ring.len();
    (0..n).all(|i| {
        let (a, b, c) = (ring[i], ring[(i + 1) % n], ring[(i + 2) % n]);
        let d = |p: Point, q: Point, k: usize| i128::from(q[k]) - i128::from(p[k]);
        d(a, b, 0) * d(b, c, 1) >= d(a, b, 1) * d(b, c, 0)
    })
}
