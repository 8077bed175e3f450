//! Signed distance to drawn shapes in the plane of the wafer: polygon edges, discs and lines of constant width.

use crate::vector::hypotenuse;

/// One piece of the boundary of the drawn shapes, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Feature {
    /// Edge of a polygon; the drawn side is on the left from `a` to `b`.
    Edge {
        /// Start.
        a: [f64; 2],
        /// End.
        b: [f64; 2],
    },
    /// A whole disc.
    Disc {
        /// Middle.
        centre: [f64; 2],
        /// Radius.
        radius: f64,
    },
    /// A line of constant width with round ends (a disc drawn along a segment); radius 0 gives the bare distance to the line.
    Capsule {
        /// Start of the middle line.
        a: [f64; 2],
        /// End of the middle line.
        b: [f64; 2],
        /// Half width.
        radius: f64,
    },
}

/// Signed distance at a point: negative inside the drawn shapes, with its gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flat {
    /// Distance, m.
    pub d: f64,
    /// Gradient, of length one.
    pub g: [f64; 2],
}

/// Shapes of one mask as boundary features. Polygons must not overlap one another (merge them first); discs and lines may touch anything,
/// since the least distance wins: exact outside the union, a bound inside where shapes overlap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lateral {
    /// The features.
    pub features: Vec<Feature>,
}

/// Distance where nothing is drawn, m: farther than any chip.
const NOTHING: f64 = 1e6;

impl Lateral {
    /// Shapes from polygon rings (outer rings counter-clockwise, holes clockwise).
    pub fn from_rings(rings: &[Vec<[f64; 2]>]) -> Lateral {
        let mut features = Vec::new();
        for ring in rings {
            for (i, &a) in ring.iter().enumerate() {
                let b = ring[(i + 1) % ring.len()];
                if a != b {
                    features.push(Feature::Edge { a, b });
                }
            }
        }
        Lateral { features }
    }

    /// Signed distance at `p`, looking at the listed features only.
    pub fn at(&self, p: [f64; 2], listed: &[u32]) -> Flat {
        let mut best = Flat { d: NOTHING, g: [0.0, 0.0] };
        let mut edge = Nearest::default();
        for &i in listed {
            match self.features[i as usize] {
                Feature::Edge { a, b } => edge.take(p, a, b),
                Feature::Disc { centre, radius } => best.lower(round(p, centre, radius)),
                Feature::Capsule { a, b, radius } => best.lower(round(p, foot(p, a, b).0, radius)),
            }
        }
        if let Some(flat) = edge.signed(p) {
            best.lower(flat);
        }
        best
    }

    /// Bounds of the signed distance over the rectangle with middle `c` and half sides `h`, looking at the listed features only.
    pub fn bounds(&self, c: [f64; 2], h: [f64; 2], listed: &[u32]) -> [f64; 2] {
        let reach = hypotenuse(h[0], h[1]);
        let (mut low, mut high) = (NOTHING, NOTHING);
        let (mut near, mut far) = (NOTHING, NOTHING);
        let mut edge = Nearest::default();
        for &i in listed {
            match self.features[i as usize] {
                Feature::Edge { a, b } => {
                    edge.take(c, a, b);
                    let [l, u] = line_bounds(c, h, reach, a, b);
                    (near, far) = (near.min(l), far.min(u));
                }
                Feature::Disc { centre, radius } => {
                    let d = hypotenuse(c[0] - centre[0], c[1] - centre[1]);
                    (low, high) = (low.min((d - reach).max(0.0) - radius), high.min(d + reach - radius));
                }
                Feature::Capsule { a, b, radius } => {
                    let [l, u] = line_bounds(c, h, reach, a, b);
                    (low, high) = (low.min(l - radius), high.min(u - radius));
                }
            }
        }
        if let Some(flat) = edge.signed(c) {
            let [l, u] = match (near > 0.0, flat.d > 0.0) {
                (true, true) => [near, far],
                (true, false) => [-far, -near],
                (false, _) => [-far, far],
            };
            (low, high) = (low.min(l), high.min(u));
        }
        [low, high]
    }

    /// The listed features that can decide the distance somewhere in a rectangle.
    pub fn listed_in(&self, c: [f64; 2], h: [f64; 2], listed: &[u32]) -> Vec<u32> {
        if listed.len() <= 1 {
            return listed.to_vec();
        }
        let reach = hypotenuse(h[0], h[1]);
        // Edges are compared by bare distance among themselves, everything else by signed distance.
        let key = |i: u32| match self.features[i as usize] {
            Feature::Edge { a, b } => line_bounds(c, h, reach, a, b),
            Feature::Disc { centre, radius } => {
                let d = hypotenuse(c[0] - centre[0], c[1] - centre[1]);
                [(d - reach).max(0.0) - radius, d + reach - radius]
            }
            Feature::Capsule { a, b, radius } => line_bounds(c, h, reach, a, b).map(|v| v - radius),
        };
        let keys: Vec<[f64; 2]> = listed.iter().map(|&i| key(i)).collect();
        let is_edge = |i: u32| matches!(self.features[i as usize], Feature::Edge { .. });
        let (mut edges, mut others) = (f64::INFINITY, f64::INFINITY);
        for (&i, [_, upper]) in listed.iter().zip(&keys) {
            let least = if is_edge(i) { &mut edges } else { &mut others };
            *least = least.min(*upper);
        }
        let slack = 1e-12 * reach;
        // An edge also decides where it is far, if the point is inside its polygon: only other edges can rule it out.
        listed
            .iter()
            .zip(&keys)
            .filter(|&(&i, [low, _])| *low <= slack + if is_edge(i) { edges } else { others })
            .map(|(&i, _)| i)
            .collect()
    }

    /// Every feature.
    pub fn all(&self) -> Vec<u32> {
        (0..self.features.len() as u32).collect()
    }
}

impl Flat {
    fn lower(&mut self, other: Flat) {
        if other.d < self.d {
            *self = other;
        }
    }
}

/// The nearest edge so far; at a shared corner the edge that is seen less obliquely decides the side.
#[derive(Default)]
struct Nearest {
    found: Option<(f64, [f64; 2], f64)>,
}

impl Nearest {
    fn take(&mut self, p: [f64; 2], a: [f64; 2], b: [f64; 2]) {
        let (q, _) = foot(p, a, b);
        let (dx, dy) = (p[0] - q[0], p[1] - q[1]);
        let squared = dx * dx + dy * dy;
        let length = hypotenuse(b[0] - a[0], b[1] - a[1]);
        // Positive on the right, which is outside.
        let side = ((p[0] - a[0]) * (b[1] - a[1]) - (p[1] - a[1]) * (b[0] - a[0])) / length;
        let better = match &self.found {
            None => true,
            Some((least, _, other)) => {
                let slack = 1e-9 * (least + squared);
                squared < least - slack || (squared <= least + slack && side.abs() > other.abs())
            }
        };
        if better {
            self.found = Some((squared, q, side));
        }
    }

    fn signed(&self, p: [f64; 2]) -> Option<Flat> {
        let (squared, q, side) = self.found?;
        let distance = squared.sqrt();
        let sign = if side > 0.0 { 1.0 } else { -1.0 };
        let g = if distance > 0.0 {
            [sign * (p[0] - q[0]) / distance, sign * (p[1] - q[1]) / distance]
        } else {
            [0.0, 0.0]
        };
        Some(Flat { d: sign * distance, g })
    }
}

/// Nearest point of a segment and its parameter from 0 to 1.
fn foot(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> ([f64; 2], f64) {
    let (ux, uy) = (b[0] - a[0], b[1] - a[1]);
    let squared = ux * ux + uy * uy;
    let t = if squared > 0.0 {
        (((p[0] - a[0]) * ux + (p[1] - a[1]) * uy) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    ([a[0] + t * ux, a[1] + t * uy], t)
}

fn round(p: [f64; 2], centre: [f64; 2], radius: f64) -> Flat {
    let (dx, dy) = (p[0] - centre[0], p[1] - centre[1]);
    let r = hypotenuse(dx, dy);
    let g = if r > 0.0 { [dx / r, dy / r] } else { [1.0, 0.0] };
    Flat { d: r - radius, g }
}

/// Bounds of the bare distance to a segment over a rectangle; sharp where the whole rectangle faces the segment.
fn line_bounds(c: [f64; 2], h: [f64; 2], reach: f64, a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    let (q, _) = foot(c, a, b);
    let d = hypotenuse(c[0] - q[0], c[1] - q[1]);
    let (ux, uy) = (b[0] - a[0], b[1] - a[1]);
    let length = hypotenuse(ux, uy);
    if length > 0.0 {
        let (ux, uy) = (ux / length, uy / length);
        let along = (c[0] - a[0]) * ux + (c[1] - a[1]) * uy;
        let spread = h[0] * ux.abs() + h[1] * uy.abs();
        if along >= spread && along <= length - spread {
            let across = h[0] * uy.abs() + h[1] * ux.abs();
            return [(d - across).max(0.0), d + across];
        }
    }
    [(d - reach).max(0.0), d + reach]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Lateral {
        Lateral::from_rings(&[vec![[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0]]])
    }

    #[test]
    fn square_and_disc_have_their_distances() {
        let s = square();
        let all = s.all();
        assert_eq!(s.at([1.0, 0.25], &all), Flat { d: -0.25, g: [0.0, -1.0] });
        let corner = s.at([5.0, 5.0], &all);
        assert!((corner.d - 5.0).abs() < 1e-15 && (corner.g[0] - 0.6).abs() < 1e-15);
        let disc = Lateral {
            features: vec![Feature::Disc {
                centre: [0.0, 0.0],
                radius: 1.0,
            }],
        };
        assert_eq!(disc.at([0.0, 3.0], &[0]), Flat { d: 2.0, g: [0.0, 1.0] });
    }

    #[test]
    fn bounds_and_lists_hold_at_every_point_of_the_rectangle() {
        let mut shapes = square();
        shapes.features.push(Feature::Disc {
            centre: [3.0, 0.2],
            radius: 0.4,
        });
        shapes.features.push(Feature::Capsule {
            a: [-1.0, -1.0],
            b: [-1.0, 2.0],
            radius: 0.1,
        });
        let all = shapes.all();
        let mut seed = 7u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1u64 << 53) as f64
        };
        for _ in 0..2000 {
            let c = [6.0 * random() - 2.0, 4.0 * random() - 2.0];
            let h = [random(), random() * random()];
            let listed = shapes.listed_in(c, h, &all);
            let [low, high] = shapes.bounds(c, h, &listed);
            for _ in 0..10 {
                let p = [c[0] + h[0] * (2.0 * random() - 1.0), c[1] + h[1] * (2.0 * random() - 1.0)];
                let exact = shapes.at(p, &all);
                assert_eq!(exact.d, shapes.at(p, &listed).d, "list at {p:?} in {c:?} {h:?}");
                assert!(
                    exact.d >= low - 1e-12 && exact.d <= high + 1e-12,
                    "{} not in {low}..{high}",
                    exact.d
                );
            }
        }
    }
}
