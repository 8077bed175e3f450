//! A field inside one small box: which plain surfaces it consists of there, and how they combine.

use crate::field::bound::{Block, Bounds, dominant};
use crate::field::lateral::Feature;
use crate::field::value::{Lists, Probe, Value};
use crate::field::{FieldId, Fields, LateralId, Node};
use crate::vector::{Vector, dot, hypotenuse};
use smallvec::SmallVec;

/// A surface without kinks in the box: a plain shape, or the rounded edge of a film, moved outwards.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Atom {
    base: FieldId,
    /// From the innermost to the outermost.
    changes: Changes,
    /// How far it is moved outwards at most, m.
    reach: f64,
}

/// A film between the base and the surface.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    Shift(f64),
    Coat(u32),
}

type Changes = SmallVec<[Change; 2]>;

/// The surfaces of a box; more than a few are rare.
pub(super) type Atoms = SmallVec<[Atom; 4]>;

/// How the atoms combine.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// The whole box.
    Full,
    /// Nothing of it.
    Empty,
    /// Inside one surface.
    Atom(usize),
    /// Inside at least one.
    Any(Vec<Shape>),
    /// Inside every one.
    All(Vec<Shape>),
}

/// What is known of the box.
pub(super) struct Local<'b, 'a> {
    pub fields: &'a Fields,
    pub bounds: &'b mut Bounds<'a>,
    pub block: &'b Block,
    pub lists: &'b Lists,
    /// Rounded edges smaller than this are left square, m.
    pub finest: f64,
}

impl Local<'_, '_> {
    /// The shape of a field in the box; its surfaces are appended to `atoms`.
    pub fn shape(&mut self, id: FieldId, atoms: &mut Atoms) -> Shape {
        self.shifted(id, &mut Changes::new(), atoms)
    }

    /// `outer` holds the films above, from the outermost inwards.
    fn shifted(&mut self, id: FieldId, outer: &mut Changes, atoms: &mut Atoms) -> Shape {
        let [mut low, mut high] = self.bounds.of(id, self.block, self.lists);
        let mut reach = 0.0;
        for change in outer.iter() {
            let [least, greatest] = self.range(*change);
            (low, high, reach) = (low - greatest, high - least, reach + greatest);
        }
        if high <= 0.0 {
            return Shape::Full;
        }
        if low > 0.0 {
            return Shape::Empty;
        }
        match *self.fields.node(id) {
            Node::Shift { of, by } => self.under(Change::Shift(by), of, outer, atoms),
            Node::Coat { of, thickness } => self.under(Change::Coat(thickness), of, outer, atoms),
            Node::Union(a, b) => {
                let (ba, bb) = (self.bound(a), self.bound(b));
                // Where one surface is nearer everywhere, the other is not there.
                if ba[1] < bb[0] {
                    return self.shifted(a, outer, atoms);
                }
                if bb[1] < ba[0] {
                    return self.shifted(b, outer, atoms);
                }
                let parts = [a, b].map(|part| self.shifted(part, outer, atoms));
                join(parts, &Shape::Full, &Shape::Empty, Shape::Any)
            }
            Node::Intersection(a, b) => {
                let (ba, bb) = (self.bound(a), self.bound(b));
                let c = self.cosine(a, b);
                let covered = |near: [f64; 2], far: [f64; 2]| near[1] + (-c).max(0.0) * far[1].max(0.0) <= 0.0;
                match dominant(ba, bb) {
                    Some(0) => return self.shifted(a, outer, atoms),
                    Some(_) => return self.shifted(b, outer, atoms),
                    None => {}
                }
                if reach > self.finest {
                    if covered(ba, bb) {
                        return self.shifted(b, outer, atoms);
                    }
                    if covered(bb, ba) {
                        return self.shifted(a, outer, atoms);
                    }
                    return self.atom(id, outer, reach, atoms);
                }
                let parts = [a, b].map(|part| self.shifted(part, outer, atoms));
                join(parts, &Shape::Empty, &Shape::Full, Shape::All)
            }
            _ => self.atom(id, outer, reach, atoms),
        }
    }

    fn under(&mut self, change: Change, of: FieldId, outer: &mut Changes, atoms: &mut Atoms) -> Shape {
        outer.push(change);
        let shape = self.shifted(of, outer, atoms);
        outer.pop();
        shape
    }

    fn atom(&self, base: FieldId, outer: &[Change], reach: f64, atoms: &mut Atoms) -> Shape {
        let atom = Atom {
            base,
            changes: outer.iter().rev().copied().collect(),
            reach,
        };
        let known = atoms.iter().position(|a| *a == atom);
        Shape::Atom(known.unwrap_or_else(|| {
            atoms.push(atom);
            atoms.len() - 1
        }))
    }

    fn bound(&mut self, id: FieldId) -> [f64; 2] {
        self.bounds.of(id, self.block, self.lists)
    }

    fn range(&self, change: Change) -> [f64; 2] {
        match change {
            Change::Shift(by) => [by, by],
            Change::Coat(t) => self.fields.coats[t as usize].range(),
        }
    }

    /// Scalar product of the normals in the middle of the box.
    fn cosine(&mut self, a: FieldId, b: FieldId) -> f64 {
        if self.fields.at_right_angles(a, b) {
            return 0.0;
        }
        let [va, vb] = [a, b].map(|id| self.bounds.middle(id, self.block, self.lists));
        dot(va.g, vb.g)
    }
}

fn join(parts: [Shape; 2], absorbing: &Shape, neutral: &Shape, combine: fn(Vec<Shape>) -> Shape) -> Shape {
    if parts.contains(absorbing) {
        return absorbing.clone();
    }
    let mut left: Vec<Shape> = parts.into_iter().filter(|p| p != neutral).collect();
    if left.len() > 1 && left[0] == left[1] {
        left.pop();
    }
    match left.len() {
        0 => neutral.clone(),
        1 => left.remove(0),
        _ => combine(left),
    }
}

impl Atom {
    /// Radius of the rounded edge of a film, m, if this is one.
    pub fn edge(&self, fields: &Fields) -> Option<f64> {
        matches!(fields.node(self.base), Node::Intersection(..)).then_some(self.reach)
    }

    /// Value at the point that the probe is at.
    pub fn value(&self, fields: &Fields, probe: &mut Probe<'_>, p: Vector, lists: &Lists) -> Value {
        let mut value = probe.here(self.base, p, lists);
        for change in &self.changes {
            value = match *change {
                Change::Shift(by) => Value {
                    v: value.v - by,
                    g: value.g,
                },
                Change::Coat(t) => fields.coated(value, t, p),
            };
        }
        value
    }

    /// Thickness of the outermost film at the point of its parent that is nearest to `p`, if it varies, m.
    pub fn coat(&self, fields: &Fields, probe: &mut Probe<'_>, p: Vector, lists: &Lists) -> Option<f64> {
        let Some(Change::Coat(_)) = self.changes.last() else {
            return None;
        };
        let inner = Atom {
            base: self.base,
            changes: self.changes[..self.changes.len() - 1].into(),
            reach: 0.0,
        };
        Some(inner.value(fields, probe, p, lists).v - self.value(fields, probe, p, lists).v)
    }

    /// Axis along which the box is too large to see all of this surface, with a measure of how much (above 1).
    pub fn too_large(&self, fields: &Fields, probe: &mut Probe<'_>, block: &Block, lists: &Lists, finest: f64) -> Option<(usize, f64)> {
        let mut worst: Option<(usize, f64)> = None;
        let mut take = |sizes: Vector, limit: f64| {
            let axis = (0..3).max_by(|&i, &j| sizes[i].total_cmp(&sizes[j])).unwrap_or(0);
            let over = sizes[axis] / limit.max(finest);
            if over > 1.0 && worst.is_none_or(|w| over > w.1) {
                worst = Some((axis, over));
            }
        };
        for change in &self.changes {
            if let Change::Coat(t) = change {
                let table = &fields.coats[*t as usize];
                let [low, high] = block.span(2);
                let kinks = table.kinks_between(low, high);
                if kinks > 2 {
                    take([0.0, 0.0, block.h[2]], 2.0 * block.h[2] / kinks as f64);
                }
            }
        }
        let mut base = self.base;
        while let Node::Inverse(of) = *fields.node(base) {
            base = of;
        }
        match *fields.node(base) {
            Node::Slope { lateral, .. } => {
                let (sizes, limit) = lateral_limit(fields, lateral, block, lists, self.reach);
                take([sizes[0], sizes[1], 0.0], limit);
            }
            Node::Ridge { lateral, radius, .. } => {
                let (sizes, _) = lateral_limit(fields, lateral, block, lists, self.reach);
                take([sizes[0], sizes[1], block.h[2]], 0.4 * (radius + self.reach));
            }
            Node::Tube { radius, .. } => take([0.0, block.h[1], block.h[2]], 0.4 * (radius + self.reach)),
            Node::Intersection(a, b) => {
                let (va, vb) = (probe.here(a, block.c, lists), probe.here(b, block.c, lists));
                let sizes = [0, 1, 2].map(|i| block.h[i] * (va.g[i].abs() + vb.g[i].abs()).min(1.0));
                take(sizes, 0.5 * self.reach);
            }
            _ => {}
        }
        worst
    }
}

/// Half sides of the box across the drawn shapes, and how large they may be. A film `reach` thick goes round every corner.
fn lateral_limit(fields: &Fields, lateral: LateralId, block: &Block, lists: &Lists, reach: f64) -> ([f64; 2], f64) {
    let l = lateral.0 as usize;
    let (shapes, listed) = (&fields.laterals[l], &lists[l]);
    let (mut across, mut limit) = ([0.0f64; 2], f64::INFINITY);
    let (c, h) = ([block.c[0], block.c[1]], [block.h[0], block.h[1]]);
    for &i in listed {
        let weights = match shapes.features[i as usize] {
            Feature::Disc { centre, radius } => {
                let d = hypotenuse(c[0] - centre[0], c[1] - centre[1]);
                limit = limit.min(0.5 * radius.max(d));
                [1.0, 1.0]
            }
            Feature::Edge { a, b } | Feature::Capsule { a, b, .. } => {
                let (ux, uy) = (b[0] - a[0], b[1] - a[1]);
                let length = hypotenuse(ux, uy);
                if length > 0.0 {
                    let (ux, uy) = (ux / length, uy / length);
                    let along = (c[0] - a[0]) * ux + (c[1] - a[1]) * uy;
                    let spread = h[0] * ux.abs() + h[1] * uy.abs();
                    let faces = along >= spread && along <= length - spread;
                    if listed.len() > 2 || !faces {
                        let to = |p: [f64; 2]| hypotenuse(c[0] - p[0], c[1] - p[1]);
                        let corner = if reach > 0.0 && !faces { reach } else { length };
                        limit = limit.min(0.5 * corner.max(to(a).min(to(b))));
                    }
                    if faces { [uy.abs(), ux.abs()] } else { [1.0, 1.0] }
                } else {
                    [1.0, 1.0]
                }
            }
        };
        across = [across[0].max(weights[0]), across[1].max(weights[1])];
    }
    ([h[0] * across[0], h[1] * across[1]], limit)
}
