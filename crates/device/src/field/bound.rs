//! Least and greatest value that a field takes in a box.

use super::value::{Lists, Probe, Value, wedge};
use super::{FieldId, Fields, LateralId, Node};
use crate::vector::{Vector, dot, hypotenuse, norm};

/// A box with its middle and half sides, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block {
    /// Middle.
    pub c: Vector,
    /// Half sides.
    pub h: Vector,
}

impl Block {
    /// The box between two corners.
    pub fn between(low: Vector, high: Vector) -> Block {
        Block {
            c: [0, 1, 2].map(|i| 0.5 * (low[i] + high[i])),
            h: [0, 1, 2].map(|i| 0.5 * (high[i] - low[i])),
        }
    }

    /// Least and greatest coordinate along an axis.
    pub fn span(&self, axis: usize) -> [f64; 2] {
        [self.c[axis] - self.h[axis], self.c[axis] + self.h[axis]]
    }

    /// Volume, m³.
    pub fn volume(&self) -> f64 {
        8.0 * self.h[0] * self.h[1] * self.h[2]
    }

    /// The two parts on both sides of a plane across an axis.
    pub fn split(&self, axis: usize, at: f64) -> [Block; 2] {
        let [low, high] = self.span(axis);
        [[low, at], [at, high]].map(|[l, u]| {
            let mut part = *self;
            part.c[axis] = 0.5 * (l + u);
            part.h[axis] = 0.5 * (u - l);
            part
        })
    }
}

/// Bounds fields over one box after the other; each field once per box.
#[derive(Clone, Debug)]
pub struct Bounds<'a> {
    fields: &'a Fields,
    round: u32,
    seen: Vec<u32>,
    found: Vec<[f64; 2]>,
    middle: Probe<'a>,
}

impl<'a> Bounds<'a> {
    /// Bounds of these fields.
    pub fn new(fields: &'a Fields) -> Bounds<'a> {
        let n = fields.nodes.len();
        Bounds {
            fields,
            round: 0,
            seen: vec![0; n],
            found: vec![[0.0; 2]; n],
            middle: Probe::new(fields),
        }
    }

    /// Goes on to another box.
    pub fn next_box(&mut self) {
        self.round += 1;
        self.middle.next_point();
    }

    /// Value in the middle of the present box.
    pub(crate) fn middle(&mut self, id: FieldId, block: &Block, lists: &Lists) -> Value {
        self.middle.here(id, block.c, lists)
    }

    /// Bounds in the present box.
    pub fn of(&mut self, id: FieldId, block: &Block, lists: &Lists) -> [f64; 2] {
        let i = id.0 as usize;
        if self.seen[i] == self.round {
            return self.found[i];
        }
        let bounds = self.made_of(id, block, lists);
        self.seen[i] = self.round;
        self.found[i] = bounds;
        bounds
    }

    fn made_of(&mut self, id: FieldId, block: &Block, lists: &Lists) -> [f64; 2] {
        let lateral = |l: LateralId| {
            let l = l.0 as usize;
            self.fields.laterals[l].bounds([block.c[0], block.c[1]], [block.h[0], block.h[1]], &lists[l])
        };
        match *self.fields.node(id) {
            Node::Plane { normal, offset } => {
                let reach: f64 = (0..3).map(|i| normal[i].abs() * block.h[i]).sum();
                let v = dot(normal, block.c) - offset;
                [v - reach, v + reach]
            }
            Node::Slope {
                lateral: l,
                across,
                up,
                offset,
            } => {
                let d = lateral(l).map(|d| across * d);
                let z = up * block.c[2] - offset;
                let reach = up.abs() * block.h[2];
                [d[0].min(d[1]) + z - reach, d[0].max(d[1]) + z + reach]
            }
            Node::Ridge {
                lateral: l,
                half,
                height,
                radius,
            } => {
                let side = lateral(l).map(|d| (d - half).max(0.0));
                let rise = (block.c[2] - height).abs();
                let rise = [(rise - block.h[2]).max(0.0), rise + block.h[2]];
                [hypotenuse(side[0], rise[0]) - radius, hypotenuse(side[1], rise[1]) - radius]
            }
            Node::Tube { centre, radius } => {
                let (y, z) = ((block.c[1] - centre[0]).abs(), (block.c[2] - centre[1]).abs());
                let [hy, hz] = [block.h[1], block.h[2]];
                let near = hypotenuse((y - hy).max(0.0), (z - hz).max(0.0));
                [near - radius, hypotenuse(y + hy, z + hz) - radius]
            }
            Node::Inverse(of) => {
                let [low, high] = self.of(of, block, lists);
                [-high, -low]
            }
            Node::Shift { of, by } => self.of(of, block, lists).map(|v| v - by),
            Node::Coat { of, thickness } => {
                let [least, greatest] = self.fields.coats[thickness as usize].range();
                let [low, high] = self.of(of, block, lists);
                [low - greatest, high - least]
            }
            Node::Union(a, b) => {
                let (a, b) = (self.of(a, block, lists), self.of(b, block, lists));
                [a[0].min(b[0]), a[1].min(b[1])]
            }
            Node::Intersection(a, b) => {
                let (low, high) = (self.of(a, block, lists), self.of(b, block, lists));
                match dominant(low, high) {
                    Some(0) => low,
                    Some(_) => high,
                    None => {
                        let greatest = if self.fields.at_right_angles(a, b) {
                            match (low[1] > 0.0, high[1] > 0.0) {
                                (true, true) => hypotenuse(low[1], high[1]),
                                _ => low[1].max(high[1]),
                            }
                        } else {
                            let (a, b) = (self.middle(a, block, lists), self.middle(b, block, lists));
                            wedge(a, b).v.max(0.0) + norm(block.h)
                        };
                        [low[0].max(high[0]), greatest.max(low[0]).max(high[0])]
                    }
                }
            }
        }
    }
}

/// Which of two bodies alone decides their intersection: the other surface is farther away than anything of this one.
pub(crate) fn dominant(a: [f64; 2], b: [f64; 2]) -> Option<usize> {
    let far = |v: [f64; 2]| v[0].abs().max(v[1].abs());
    if a[1] <= -far(b) {
        Some(1)
    } else if b[1] <= -far(a) {
        Some(0)
    } else {
        None
    }
}

/// Directions in which a surface can face.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Facing {
    Vertical,
    Lateral,
    Any,
}

impl Fields {
    /// Whether two surfaces meet at right angles wherever they meet: one faces up or down, the other sideways.
    pub(crate) fn at_right_angles(&self, a: FieldId, b: FieldId) -> bool {
        matches!(
            (self.facing(a), self.facing(b)),
            (Facing::Vertical, Facing::Lateral) | (Facing::Lateral, Facing::Vertical)
        )
    }

    fn facing(&self, id: FieldId) -> Facing {
        match *self.node(id) {
            Node::Plane { normal, .. } if normal[0] == 0.0 && normal[1] == 0.0 => Facing::Vertical,
            Node::Plane { normal, .. } if normal[2] == 0.0 => Facing::Lateral,
            Node::Slope { up: 0.0, .. } => Facing::Lateral,
            Node::Inverse(of) | Node::Shift { of, .. } | Node::Coat { of, .. } => self.facing(of),
            Node::Union(a, b) => {
                let (a, b) = (self.facing(a), self.facing(b));
                if a == b { a } else { Facing::Any }
            }
            _ => Facing::Any,
        }
    }
}
