//! Distance fields: the exact shapes of which a device is composed, evaluated on demand and never voxelised.
//!
//! A field is negative inside a body and grows with slope one outside. [`Fields::union`] keeps the distance exact outside;
//! [`Fields::intersection`] takes the distance to the wedge of the two surfaces, exact where they are flat or meet at right angles in
//! the plane of the wafer; [`Fields::grow`] moves the surface outwards, so that conformal films compose exactly.

pub mod bound;
pub mod lateral;
pub mod thickness;
pub mod value;

use crate::vector::Vector;
use lateral::Lateral;
use thickness::Thickness;

/// A field in its arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub(crate) u32);

/// Shapes of a mask in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LateralId(pub(crate) u32);

/// Height above every device, m.
const EVERYWHERE: f64 = 1e3;

/// Parts of a surface whose films are told apart at concave edges; beyond that the nearest part decides alone.
const MOST_PARTS: usize = 24;

/// How a field is made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// `normal · x - offset`.
    Plane { normal: Vector, offset: f64 },
    /// Wall over drawn shapes: `across d + up z - offset` with the distance `d` to the shapes; `across² + up² = 1`.
    Slope {
        lateral: LateralId,
        across: f64,
        up: f64,
        offset: f64,
    },
    /// Rounded ridge over a line: the distance to a ribbon of half width `half` at the height `height`, less `radius`.
    Ridge {
        lateral: LateralId,
        half: f64,
        height: f64,
        radius: f64,
    },
    /// Cylinder along x.
    Tube { centre: [f64; 2], radius: f64 },
    /// `-field`.
    Inverse(FieldId),
    /// `field - by`.
    Shift { of: FieldId, by: f64 },
    /// `field - thickness` at the closest point of its surface.
    Coat { of: FieldId, thickness: u32 },
    /// Least of two: union of the bodies.
    Union(FieldId, FieldId),
    /// Distance to the wedge of two: intersection of the bodies.
    Intersection(FieldId, FieldId),
}

/// Arena of fields. Append only: a field never changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    pub(crate) nodes: Vec<Node>,
    pub(crate) laterals: Vec<Lateral>,
    pub(crate) coats: Vec<Thickness>,
}

impl Fields {
    fn push(&mut self, node: Node) -> FieldId {
        self.nodes.push(node);
        FieldId(self.nodes.len() as u32 - 1)
    }

    pub(crate) fn node(&self, id: FieldId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Stores the shapes of a mask.
    pub fn lateral(&mut self, shapes: Lateral) -> LateralId {
        self.laterals.push(shapes);
        LateralId(self.laterals.len() as u32 - 1)
    }

    /// The shapes behind an id.
    pub fn shapes(&self, lateral: LateralId) -> &Lateral {
        &self.laterals[lateral.0 as usize]
    }

    /// Everything below the height, m.
    pub fn below(&mut self, height: f64) -> FieldId {
        self.half_space([0.0, 0.0, 1.0], height)
    }

    /// Everything above the height, m.
    pub fn above(&mut self, height: f64) -> FieldId {
        self.half_space([0.0, 0.0, -1.0], -height)
    }

    /// All space.
    pub fn everywhere(&mut self) -> FieldId {
        self.below(EVERYWHERE)
    }

    /// `normal · x <= offset`, with a normal of length one.
    pub fn half_space(&mut self, normal: Vector, offset: f64) -> FieldId {
        self.push(Node::Plane { normal, offset })
    }

    /// The drawn shapes, extruded up and down without end.
    pub fn prism(&mut self, lateral: LateralId) -> FieldId {
        self.slope(lateral, 0.0, 0.0)
    }

    /// The drawn shapes extruded with an inclined wall: at the height `level` they are as drawn, and every metre further up they are
    /// larger by `widening` metres on every side.
    pub fn slope(&mut self, lateral: LateralId, level: f64, widening: f64) -> FieldId {
        let across = 1.0 / (1.0 + widening * widening).sqrt();
        let up = -widening * across;
        self.push(Node::Slope {
            lateral,
            across,
            up,
            offset: up * level,
        })
    }

    /// Filament or bead along lines: the ribbon of half width `half` at the height `height`, thickened by `radius` all around.
    pub fn ridge(&mut self, lateral: LateralId, half: f64, height: f64, radius: f64) -> FieldId {
        self.push(Node::Ridge {
            lateral,
            half,
            height,
            radius,
        })
    }

    /// Cylinder along x around the line through `centre` (y, z).
    pub fn tube(&mut self, centre: [f64; 2], radius: f64) -> FieldId {
        self.push(Node::Tube { centre, radius })
    }

    /// The body grown by the same thickness everywhere (shrunk if negative).
    pub fn grow(&mut self, of: FieldId, by: f64) -> FieldId {
        match *self.node(of) {
            Node::Shift { of: inner, by: inner_by } if by >= 0.0 && inner_by >= 0.0 => self.push(Node::Shift {
                of: inner,
                by: inner_by + by,
            }),
            _ => self.push(Node::Shift { of, by }),
        }
    }

    /// The body grown by a thickness that depends on height and facet of its surface.
    ///
    /// Surfaces that meet in a concave edge grow each by its own thickness right into the edge: the film is the union of the films on
    /// all parts, as of balls on every point of the surface.
    pub fn coat(&mut self, of: FieldId, thickness: Thickness) -> FieldId {
        self.coats.push(thickness);
        let thickness = self.coats.len() as u32 - 1;
        let mut parts = Vec::new();
        if !self.parts(of, &mut parts) {
            parts = vec![of];
        }
        let films: Vec<FieldId> = parts.into_iter().map(|of| self.push(Node::Coat { of, thickness })).collect();
        films[1..].iter().fold(films[0], |all, film| self.union(all, *film))
    }

    /// The parts of which a body is the union; false if they are too many to be told apart.
    fn parts(&mut self, of: FieldId, out: &mut Vec<FieldId>) -> bool {
        match *self.node(of) {
            Node::Union(a, b) => self.parts(a, out) && self.parts(b, out),
            Node::Shift { of: inner, by } => {
                let mut inside = Vec::new();
                if by < 0.0 || !self.parts(inner, &mut inside) {
                    return false;
                }
                for part in inside {
                    let grown = self.grow(part, by);
                    out.push(grown);
                }
                out.len() <= MOST_PARTS
            }
            Node::Intersection(a, b) => {
                let (mut left, mut right) = (Vec::new(), Vec::new());
                if !self.parts(a, &mut left) || !self.parts(b, &mut right) || left.len() * right.len() > MOST_PARTS {
                    return false;
                }
                for l in &left {
                    for r in &right {
                        let part = self.intersection(*l, *r);
                        out.push(part);
                    }
                }
                out.len() <= MOST_PARTS
            }
            _ => {
                out.push(of);
                out.len() <= MOST_PARTS
            }
        }
    }

    /// Both bodies together.
    pub fn union(&mut self, a: FieldId, b: FieldId) -> FieldId {
        if a == b { a } else { self.push(Node::Union(a, b)) }
    }

    /// What both bodies have in common.
    pub fn intersection(&mut self, a: FieldId, b: FieldId) -> FieldId {
        if a == b { a } else { self.push(Node::Intersection(a, b)) }
    }

    /// Everything outside the body. Pushed down to the plain shapes, so that a cut seen from its inside is exact.
    pub fn complement(&mut self, of: FieldId) -> FieldId {
        match *self.node(of) {
            Node::Plane { normal, offset } => self.push(Node::Plane {
                normal: normal.map(|n| -n),
                offset: -offset,
            }),
            Node::Slope {
                lateral,
                across,
                up,
                offset,
            } => self.push(Node::Slope {
                lateral,
                across: -across,
                up: -up,
                offset: -offset,
            }),
            Node::Inverse(inner) => inner,
            Node::Shift { of, by } => {
                let inner = self.complement(of);
                self.push(Node::Shift { of: inner, by: -by })
            }
            Node::Union(a, b) => {
                let (a, b) = (self.complement(a), self.complement(b));
                self.intersection(a, b)
            }
            Node::Intersection(a, b) => {
                let (a, b) = (self.complement(a), self.complement(b));
                self.union(a, b)
            }
            Node::Ridge { .. } | Node::Tube { .. } | Node::Coat { .. } => self.push(Node::Inverse(of)),
        }
    }

    /// `body` without `cut`.
    pub fn difference(&mut self, body: FieldId, cut: FieldId) -> FieldId {
        let outside = self.complement(cut);
        self.intersection(body, outside)
    }
}
