//! Value and gradient of a field at a point.

use super::lateral::{Flat, Lateral};
use super::{FieldId, Fields, LateralId, Node};
use crate::vector::{Vector, add, dot, hypotenuse};

/// Signed distance with its gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// Distance, m; negative inside.
    pub v: f64,
    /// Gradient.
    pub g: Vector,
}

/// Which features of each mask have to be looked at; see [`Lateral::listed_in`].
pub type Lists = Vec<Vec<u32>>;

impl Fields {
    /// Lists with every feature of every mask.
    pub fn all_listed(&self) -> Lists {
        self.laterals.iter().map(Lateral::all).collect()
    }

    /// Of the listed features those that matter in a rectangle of the wafer with the middle `c` and half sides `h`.
    pub fn listed_near(&self, c: [f64; 2], h: [f64; 2], lists: &[Vec<u32>]) -> Lists {
        self.laterals
            .iter()
            .zip(lists)
            .map(|(l, listed)| l.listed_in(c, h, listed))
            .collect()
    }

    /// Value at a point, looking at all features. For many points use a [`Probe`].
    pub fn at(&self, id: FieldId, p: Vector) -> Value {
        Probe::new(self).at(id, p, &self.all_listed())
    }

    /// A film of the given thickness table on a surface of which value and gradient at `p` are known.
    pub(crate) fn coated(&self, inner: Value, thickness: u32, p: Vector) -> Value {
        let foot = p[2] - inner.v * inner.g[2];
        let (t, rate) = self.coats[thickness as usize].at(foot, inner.g[2]);
        // The thickness changes only along the surface.
        let along = add([0.0, 0.0, 1.0], -inner.g[2], inner.g);
        Value {
            v: inner.v - t,
            g: add(inner.g, -rate, along),
        }
    }
}

/// Evaluates fields point by point; a field that several others are made of is evaluated once per point.
#[derive(Clone, Debug)]
pub struct Probe<'a> {
    fields: &'a Fields,
    round: u32,
    seen: Vec<u32>,
    values: Vec<Value>,
    /// Round in which the probe came to its present place over the wafer.
    column: u32,
    /// Distance to each mask and its column: points above one another share it.
    flats: Vec<(u32, Flat)>,
}

impl<'a> Probe<'a> {
    /// A probe of these fields.
    pub fn new(fields: &'a Fields) -> Probe<'a> {
        let n = fields.nodes.len();
        Probe {
            fields,
            round: 0,
            seen: vec![0; n],
            values: vec![Value { v: 0.0, g: [0.0; 3] }; n],
            column: 0,
            flats: vec![(0, Flat { d: 0.0, g: [0.0; 2] }); fields.laterals.len()],
        }
    }

    /// Value of one field at `p`.
    pub fn at(&mut self, id: FieldId, p: Vector, lists: &[Vec<u32>]) -> Value {
        self.next_point();
        self.here(id, p, lists)
    }

    /// Forgets the values of the last point.
    pub fn next_point(&mut self) {
        self.round += 1;
        self.column = self.round;
    }

    /// The same, where the next point lies straight above or below the last one.
    pub fn next_above(&mut self) {
        self.round += 1;
    }

    /// Value of a further field at the same point.
    pub fn here(&mut self, id: FieldId, p: Vector, lists: &[Vec<u32>]) -> Value {
        let i = id.0 as usize;
        if self.seen[i] == self.round {
            return self.values[i];
        }
        let value = self.made_of(id, p, lists);
        self.seen[i] = self.round;
        self.values[i] = value;
        value
    }

    #[inline]
    fn flat(&mut self, lateral: LateralId, p: Vector, lists: &[Vec<u32>]) -> Flat {
        let l = lateral.0 as usize;
        if self.flats[l].0 != self.column {
            self.flats[l] = (self.column, self.fields.laterals[l].at([p[0], p[1]], &lists[l]));
        }
        self.flats[l].1
    }

    fn made_of(&mut self, id: FieldId, p: Vector, lists: &[Vec<u32>]) -> Value {
        match *self.fields.node(id) {
            Node::Plane { normal, offset } => Value {
                v: dot(normal, p) - offset,
                g: normal,
            },
            Node::Slope {
                lateral,
                across,
                up,
                offset,
            } => {
                let flat = self.flat(lateral, p, lists);
                Value {
                    v: across * flat.d + up * p[2] - offset,
                    g: [across * flat.g[0], across * flat.g[1], up],
                }
            }
            Node::Ridge {
                lateral,
                half,
                height,
                radius,
            } => {
                let flat = self.flat(lateral, p, lists);
                let (side, rise) = ((flat.d - half).max(0.0), p[2] - height);
                let distance = hypotenuse(side, rise);
                let (s, r) = if distance > 0.0 {
                    (side / distance, rise / distance)
                } else {
                    (0.0, 1.0)
                };
                Value {
                    v: distance - radius,
                    g: [s * flat.g[0], s * flat.g[1], r],
                }
            }
            Node::Tube { centre, radius } => {
                let (y, z) = (p[1] - centre[0], p[2] - centre[1]);
                let r = hypotenuse(y, z);
                let g = if r > 0.0 { [0.0, y / r, z / r] } else { [0.0, 0.0, 1.0] };
                Value { v: r - radius, g }
            }
            Node::Inverse(of) => {
                let inner = self.here(of, p, lists);
                Value {
                    v: -inner.v,
                    g: inner.g.map(|g| -g),
                }
            }
            Node::Shift { of, by } => {
                let inner = self.here(of, p, lists);
                Value {
                    v: inner.v - by,
                    g: inner.g,
                }
            }
            Node::Coat { of, thickness } => {
                let inner = self.here(of, p, lists);
                self.fields.coated(inner, thickness, p)
            }
            Node::Union(a, b) => {
                let (a, b) = (self.here(a, p, lists), self.here(b, p, lists));
                if a.v <= b.v { a } else { b }
            }
            Node::Intersection(a, b) => wedge(self.here(a, p, lists), self.here(b, p, lists)),
        }
    }
}

/// Distance to the intersection of two bodies.
///
/// # Equation
/// With distances a, b and unit normals of scalar product c: where the foot on one surface lies inside the other body, that distance;
/// otherwise the distance to the common edge, `√((a² + b² - 2abc) / (1 - c²))`. Inside both, the greater of the two.
///
/// # Validity
/// Exact for two planes, and for a wall and a horizontal plane over any drawn shape; second order in distance times curvature else.
///
/// # Verification
/// `field::value::tests::wedge_is_the_distance_to_the_edge`
pub(crate) fn wedge(a: Value, b: Value) -> Value {
    let greater = if a.v >= b.v { a } else { b };
    if greater.v <= 0.0 {
        return greater;
    }
    let c = dot(a.g, b.g);
    let (over_a, over_b) = (a.v - b.v * c, b.v - a.v * c);
    let s = 1.0 - c * c;
    if s < 1e-9 || (over_a <= 0.0 && b.v > 0.0) || (over_b <= 0.0 && a.v > 0.0) {
        return match (over_a <= 0.0, over_b <= 0.0) {
            (true, false) => b,
            (false, true) => a,
            _ => greater,
        };
    }
    let distance = ((a.v * over_a + b.v * over_b) / s).max(0.0).sqrt();
    if distance <= 0.0 {
        return greater;
    }
    let scale = 1.0 / (s * distance);
    Value {
        v: distance,
        g: [0, 1, 2].map(|i| (over_a * a.g[i] + over_b * b.g[i]) * scale),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::lateral::Feature;

    #[test]
    fn wedge_is_the_distance_to_the_edge() {
        // The quadrant x <= 0, z <= 0, and the acute wedge between z <= 0 and a plane leaning over it.
        let plane = |g: Vector, p: Vector| Value { v: dot(g, p), g };
        let (x, z) = ([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]);
        for p in [[3.0, 0.0, 4.0], [3.0, 0.0, -1.0], [-3.0, 0.0, -1.0]] {
            let w = wedge(plane(x, p), plane(z, p));
            let exact = match (p[0] > 0.0, p[2] > 0.0) {
                (true, true) => 5.0,
                (true, false) => 3.0,
                _ => -1.0,
            };
            assert!((w.v - exact).abs() < 1e-14, "{p:?}: {}", w.v);
        }
        let lean = [0.6f64.sqrt(), 0.0, -(0.4f64.sqrt())];
        let p = [2.0, 0.0, 0.1];
        let w = wedge(plane(lean, p), plane(z, p));
        assert!((w.v - p[0].hypot(p[2])).abs() < 1e-14, "{}", w.v);
        assert!((w.g[0] - p[0] / w.v).abs() < 1e-14);
    }

    #[test]
    fn pillar_is_exact_outside() {
        let mut f = Fields::default();
        let disc = Lateral {
            features: vec![Feature::Disc {
                centre: [0.0, 0.0],
                radius: 5.0,
            }],
        };
        let disc = f.lateral(disc);
        let (wall, floor, top) = (f.prism(disc), f.above(-50.0), f.below(0.0));
        let outside = f.complement(wall);
        let cut = f.intersection(outside, floor);
        let pillar = f.difference(top, cut);
        for (p, exact) in [
            ([8.0, 0.0, 4.0], 5.0),
            ([0.0, 7.0, -10.0], 2.0),
            ([0.0, 9.0, -49.0], 1.0),
            ([0.0, 5.5, -49.0], 0.5),
            ([1.0, 0.0, -60.0], -6.0),
        ] {
            let found = f.at(pillar, p).v;
            assert!(
                (found - exact).abs() < 1e-12 || (exact < 0.0 && found < 0.0),
                "{p:?}: {found} {exact}"
            );
        }
    }
}
