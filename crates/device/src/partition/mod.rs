//! The box divided among its materials: convex pieces, how they hang together and where they touch.
//!
//! The box is split until the surfaces inside each part are flat to a tolerance, and only where surfaces are: far from them, and along
//! straight fingers, parts stay large. In a leaf the tape is replayed on flat surfaces and the leaf is cut exactly, so that films thinner
//! than the leaf keep their thickness, and volumes add up to the box.
//!
//! # Equation
//! A surface is taken as the plane through the mean of the field over the leaf, `f̄ = f(c) + Σ δᵢ/3` with the second differences
//! `δᵢ = (f(c + hᵢ) + f(c - hᵢ) - 2 f(c))/2`, so that volumes of smooth bodies lose the second-order error. For areas the corners of
//! the cut are moved onto the true surface within the sides of the leaf, where the neighbour finds the same points, and the polygon is
//! halved once and extrapolated.
//!
//! # Verification
//! `tests/partition.rs`

pub mod clip;
mod components;
mod local;
mod surfaces;

use crate::field::bound::{Block, Bounds};
use crate::field::value::{Lists, Probe};
use crate::tape::{OPEN, Operation, RegionId, Tape, attacked};
use crate::vector::{Vector, add, dot, norm};
use clip::{Piece, Points, SIDES, area_vector, overlap};
use components::Bodies;
use local::{Atom, Atoms, Local, Shape};
use smallvec::{SmallVec, smallvec};
use std::collections::BTreeMap;
use std::ops::Range;
use surfaces::Surfaces;

/// How finely the surfaces are followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fineness {
    /// Deviation of a surface from flat in a leaf, m.
    pub tolerance: f64,
    /// Rounded edges of less than this radius are left square, and no leaf becomes smaller, m.
    pub finest: f64,
}

impl Fineness {
    /// A fineness for features of this size: radius of a pillar, width of a gap.
    pub fn for_feature(size: f64) -> Fineness {
        Fineness {
            tolerance: 1e-3 * size,
            finest: 6e-3 * size,
        }
    }
}

/// Where two pieces of different labels touch.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// Indices of both pieces.
    pub pieces: [u32; 2],
    /// Area of the true surface, m².
    pub area: f64,
    /// The common polygon.
    pub points: Points,
}

/// Everything of one label that hangs together.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// What it is; [`OPEN`] for open space.
    pub label: RegionId,
    /// Volume, m³.
    pub volume: f64,
    /// Centre of gravity.
    pub centre: Vector,
    /// Whether it reaches the sides of the box: low and high along x, y, z.
    pub reaches: [bool; 6],
}

/// Least, mean and greatest thickness of a film over its parent surface, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Least.
    pub least: f64,
    /// Mean over the area.
    pub mean: f64,
    /// Greatest.
    pub greatest: f64,
    /// Where it is least.
    pub at: Vector,
}

#[derive(Clone)]
struct Node {
    block: Block,
    kd: Kd,
}

#[derive(Clone)]
enum Kd {
    Split { axis: usize, parts: [usize; 2] },
    Leaf { pieces: Range<usize> },
}

/// The divided box.
#[derive(Clone)]
pub struct Partition {
    /// All pieces.
    pub pieces: Vec<Piece>,
    /// Component of each piece.
    pub component: Vec<u32>,
    /// The components.
    pub components: Vec<Component>,
    /// Contacts between pieces.
    pub contacts: Vec<Contact>,
    /// Spread of the films whose thickness varies, by region.
    pub spreads: BTreeMap<RegionId, Spread>,
    /// True if the box holds more than can be divided this finely: parts of it were left coarse, and no number is to be trusted.
    pub overfull: bool,
    tree: Vec<Node>,
}

impl Partition {
    /// Divides the box of a tape.
    pub fn of(tape: &Tape, fineness: Fineness) -> Partition {
        let mut builder = Builder {
            tape,
            fineness,
            probe: Probe::new(&tape.fields),
            bounds: Bounds::new(&tape.fields),
            spreads: BTreeMap::new(),
            partition: Partition {
                pieces: vec![],
                component: vec![],
                components: vec![],
                contacts: vec![],
                spreads: BTreeMap::new(),
                overfull: false,
                tree: vec![],
            },
            bodies: Bodies::new(&tape.block),
        };
        let pending: Vec<usize> = (0..tape.operations().len()).collect();
        builder.visit(&tape.block, (&tape.fields.all_listed(), true), OPEN, &pending, 0);
        builder.finish()
    }

    /// Volume of every label, m³.
    pub fn volumes(&self) -> BTreeMap<RegionId, f64> {
        let mut volumes = BTreeMap::new();
        for c in &self.components {
            *volumes.entry(c.label).or_insert(0.0) += c.volume;
        }
        volumes
    }

    /// Area between two labels, m².
    pub fn area(&self, a: RegionId, b: RegionId) -> f64 {
        let label = |i: u32| self.pieces[i as usize].label;
        let between = |c: &&Contact| {
            let [x, y] = c.pieces.map(label);
            (x, y) == (a, b) || (x, y) == (b, a)
        };
        self.contacts.iter().filter(between).map(|c| c.area).sum()
    }

    /// Area between each pair of touching components (smaller index first), m².
    pub fn touching(&self) -> BTreeMap<[u32; 2], f64> {
        let mut areas = BTreeMap::new();
        for c in &self.contacts {
            let [a, b] = c.pieces.map(|i| self.component[i as usize]);
            *areas.entry([a.min(b), a.max(b)]).or_insert(0.0) += c.area;
        }
        areas
    }
}

/// Operations of the tape that decide something in a box, by number.
type Pending = SmallVec<[usize; 8]>;

struct Builder<'a> {
    tape: &'a Tape,
    fineness: Fineness,
    probe: Probe<'a>,
    bounds: Bounds<'a>,
    /// Sum of area times thickness, sum of areas, least, greatest, place of the least.
    spreads: BTreeMap<RegionId, (f64, f64, f64, f64, Vector)>,
    partition: Partition,
    bodies: Bodies,
}

/// Deepest splitting; far beyond what a tolerance asks for.
const DEEPEST: usize = 96;

/// Most pieces, about a gigabyte.
const MOST_PIECES: usize = 500_000;

/// Farthest that a corner of a cut lies from the true surface in its side of the leaf, over the tolerance of that surface.
const MOST_MOVE: f64 = 20.0;

/// First splits are off the middle, so that no part ends on a round coordinate where a surface may lie.
const OFF_MIDDLE: f64 = 0.438_447_187_191;

impl Builder<'_> {
    fn visit(&mut self, block: &Block, (lists, relist): (&Lists, bool), start: RegionId, pending: &[usize], depth: usize) -> usize {
        let (c, h) = ([block.c[0], block.c[1]], [block.h[0], block.h[1]]);
        let relist = relist && lists.iter().any(|l| l.len() > 1);
        let narrowed = relist.then(|| self.tape.fields.listed_near(c, h, lists));
        let lists = narrowed.as_ref().unwrap_or(lists);
        self.bounds.next_box();
        let (start, pending) = self.undecided(block, lists, start, pending);
        if pending.is_empty() {
            let first = self.partition.pieces.len();
            let piece = Piece::whole(block, start);
            self.bodies.take(&piece);
            self.partition.pieces.push(piece);
            return self.push(block, Kd::Leaf { pieces: first..first + 1 });
        }
        let mut atoms = Atoms::new();
        let mut local = Local {
            fields: &self.tape.fields,
            bounds: &mut self.bounds,
            block,
            lists,
            finest: self.fineness.finest,
        };
        let operations = self.tape.operations();
        let shape = |i: &usize| local.shape(operations[*i].field(), &mut atoms);
        let shapes: SmallVec<[Shape; 8]> = pending.iter().map(shape).collect();
        self.partition.overfull |= self.partition.pieces.len() > MOST_PIECES;
        let (tape, fineness) = (self.tape, self.fineness);
        let divisible = depth < DEEPEST && !self.partition.overfull;
        if let Some(axis) = surfaces::too_large(tape, &mut self.probe, &atoms, block, lists, fineness).filter(|_| divisible) {
            return self.split(block, axis, lists, start, &pending, depth);
        }
        let surfaces = Surfaces::measure(tape, &mut self.probe, &atoms, block, lists, fineness);
        let axis = surfaces
            .split(block, fineness)
            .or_else(|| surfaces.strays(tape, &mut self.probe, &atoms, block, lists, fineness));
        if let Some(axis) = axis.filter(|_| divisible) {
            return self.split(block, axis, lists, start, &pending, depth);
        }
        self.leaf(block, lists, start, &pending, (&shapes, &atoms), &surfaces)
    }

    fn split(&mut self, block: &Block, axis: usize, lists: &Lists, start: RegionId, pending: &[usize], depth: usize) -> usize {
        let [low, high] = block.span(axis);
        let at = low + (high - low) * if depth < 6 { OFF_MIDDLE } else { 0.5 };
        let parts = block
            .split(axis, at)
            .map(|part| self.visit(&part, (lists, axis < 2), start, pending, depth + 1));
        self.bodies.join_across(&self.partition, parts, axis);
        self.push(block, Kd::Split { axis, parts })
    }

    fn push(&mut self, block: &Block, kd: Kd) -> usize {
        self.partition.tree.push(Node { block: *block, kd });
        self.partition.tree.len() - 1
    }

    /// Follows the tape as far as it is the same all over the box: the label then, and the operations that are not.
    fn undecided(&mut self, block: &Block, lists: &Lists, start: RegionId, pending: &[usize]) -> (RegionId, Pending) {
        let (mut label, mut left) = (start, Pending::new());
        // Labels that may be somewhere in the box.
        let mut possible: SmallVec<[RegionId; 8]> = smallvec![start];
        for &i in pending {
            let operation = &self.tape.operations()[i];
            let acts = |l: RegionId| match operation {
                Operation::Add { .. } => l == OPEN,
                Operation::Remove { only, .. } => attacked(l, only.as_deref()),
            };
            if !possible.iter().any(|l| acts(*l)) {
                continue;
            }
            let [low, high] = self.bounds.of(operation.field(), block, lists);
            if low > 0.0 {
                continue;
            }
            let becomes = match operation {
                Operation::Add { region, .. } => *region,
                Operation::Remove { .. } => OPEN,
            };
            let everywhere = high <= 0.0;
            if everywhere {
                possible.retain(|l| !acts(*l));
            }
            if !possible.contains(&becomes) {
                possible.push(becomes);
            }
            if everywhere && left.is_empty() {
                label = becomes;
            } else {
                left.push(i);
            }
        }
        (label, left)
    }

    /// Replays the tape on flat surfaces and cuts the box.
    fn leaf(
        &mut self,
        block: &Block,
        lists: &Lists,
        start: RegionId,
        pending: &[usize],
        (shapes, atoms): (&[Shape], &[Atom]),
        surfaces: &Surfaces,
    ) -> usize {
        let mut pieces = vec![Piece::whole(block, start)];
        let mut cuts: Vec<Cut> = Vec::new();
        for (&i, shape) in pending.iter().zip(shapes) {
            let operation = &self.tape.operations()[i];
            let (becomes, acts): (RegionId, Box<dyn Fn(RegionId) -> bool>) = match operation {
                Operation::Add { region, .. } => (*region, Box::new(|l| l == OPEN)),
                Operation::Remove { only, .. } => (OPEN, Box::new(move |l| attacked(l, only.as_deref()))),
            };
            let (affected, mut kept): (Vec<Piece>, Vec<Piece>) = pieces.into_iter().partition(|p| acts(p.label));
            let (inside, outside) = take(shape, affected, surfaces, becomes, &mut cuts);
            kept.extend(outside);
            kept.extend(inside.into_iter().map(|p| Piece { label: becomes, ..p }));
            pieces = kept;
        }
        let first = self.partition.pieces.len();
        let leaf = Leaf {
            block,
            lists,
            atoms,
            surfaces,
            cuts: &cuts,
        };
        pieces.iter().for_each(|p| self.bodies.take(p));
        self.contacts(&pieces, &leaf, first as u32);
        self.partition.pieces.append(&mut pieces);
        let last = self.partition.pieces.len();
        self.push(block, Kd::Leaf { pieces: first..last })
    }

    /// Finds which pieces of a leaf touch.
    fn contacts(&mut self, pieces: &[Piece], leaf: &Leaf<'_>, first: u32) {
        let surfaces = leaf.surfaces;
        for (i, a) in pieces.iter().enumerate() {
            for (j, b) in pieces.iter().enumerate().skip(i + 1) {
                for f in a.faces.iter().filter(|f| f.plane >= SIDES) {
                    for g in b.faces.iter().filter(|g| g.plane == f.plane && g.inner != f.inner) {
                        let cut = &leaf.cuts[(f.plane - SIDES) as usize];
                        let mut points = overlap(&f.points, &g.points, surfaces.each[cut.atom].plane.g);
                        if points.is_empty() {
                            continue;
                        }
                        let pair = [first + i as u32, first + j as u32];
                        if a.label == b.label {
                            self.bodies.join(pair);
                            continue;
                        }
                        let flat = area_vector(&points);
                        let extent = norm(flat);
                        if extent <= 0.0 {
                            continue;
                        }
                        let normal = flat.map(|v| v / extent);
                        let area = if surfaces.is_bent(cut.atom) {
                            self.bent_area(cut.atom, &mut points, normal, leaf)
                        } else {
                            extent
                        };
                        if let Some(t) = surfaces.each[cut.atom]
                            .coat
                            // Where there is no film at all, its edge lies in the plane of the bare wall.
                            .filter(|t| *t > 0.0 && (a.label == cut.makes || b.label == cut.makes))
                        {
                            let at = points[0];
                            let sums = self.spreads.entry(cut.makes).or_insert((0.0, 0.0, f64::INFINITY, 0.0, at));
                            (sums.0, sums.1) = (sums.0 + area * t, sums.1 + area);
                            if t < sums.2 {
                                (sums.2, sums.4) = (t, at);
                            }
                            sums.3 = sums.3.max(t);
                        }
                        self.partition.contacts.push(Contact {
                            pieces: pair,
                            area,
                            points,
                        });
                    }
                }
            }
        }
    }

    /// Moves the corners of a cut onto the true surface and returns the area there: that of the corners alone and that with the middles
    /// of the sides and the centre, extrapolated to the smooth surface.
    ///
    /// Where the true surface passes beside the leaf, the corners change sides and the area counts negative.
    fn bent_area(&mut self, atom: usize, points: &mut Points, normal: Vector, leaf: &Leaf<'_>) -> f64 {
        let n = points.len();
        let centre = self.onto(atom, middle(points), leaf);
        let between: Points = (0..n)
            .map(|i| add(points[i], 0.5, add(points[(i + 1) % n], -1.0, points[i])))
            .collect();
        let between: Points = between.into_iter().map(|p| self.onto(atom, p, leaf)).collect();
        for p in points.iter_mut() {
            *p = self.onto(atom, *p, leaf);
        }
        let signed = |corners: &[Vector]| {
            let a = area_vector(corners);
            norm(a).copysign(dot(a, normal))
        };
        let coarse: f64 = (0..n).map(|i| signed(&[points[i], points[(i + 1) % n], middle(points)])).sum();
        let fine: f64 = (0..n)
            .map(|i| signed(&[points[i], between[i], centre]) + signed(&[between[i], points[(i + 1) % n], centre]))
            .sum();
        fine + (fine - coarse) / 3.0
    }

    /// Moves a corner of a cut onto the true surface, within the sides of the leaf that it lies on. It stays where it is if the surface is
    /// farther away than a leaf that follows it allows: the leaf is then as small as may be, and the surface no plane in it.
    fn onto(&mut self, atom: usize, p: Vector, leaf: &Leaf<'_>) -> Vector {
        let most = MOST_MOVE * self.fineness.tolerance * leaf.surfaces.each[atom].slack;
        let on_side = [0, 1, 2].map(|axis| {
            let depth = leaf.block.h[axis] - (p[axis] - leaf.block.c[axis]).abs();
            depth < 1e-6 * leaf.block.h[axis]
        });
        let mut moved = p;
        for _ in 0..2 {
            self.probe.next_point();
            let value = leaf.atoms[atom].value(&self.tape.fields, &mut self.probe, moved, leaf.lists);
            let along = [0, 1, 2].map(|axis| if on_side[axis] { 0.0 } else { value.g[axis] });
            let slope = dot(along, along);
            if slope < 0.01 {
                return p;
            }
            moved = add(moved, -value.v / slope, along);
            let way = add(moved, -1.0, p);
            if dot(way, way) > most * most {
                return p;
            }
        }
        moved
    }

    fn finish(self) -> Partition {
        let mut partition = self.partition;
        (partition.components, partition.component) = self.bodies.finish(&partition.pieces);
        partition.spreads = self
            .spreads
            .into_iter()
            .map(|(region, (weighted, area, least, greatest, at))| {
                let mean = weighted / area;
                (region, Spread { least, mean, greatest, at })
            })
            .collect();
        partition
    }
}

fn middle(points: &[Vector]) -> Vector {
    points.iter().fold([0.0; 3], |m, p| add(m, 1.0 / points.len() as f64, *p))
}

/// What the corners of a cut need to find their surface.
struct Leaf<'b> {
    block: &'b Block,
    lists: &'b Lists,
    atoms: &'b [Atom],
    surfaces: &'b Surfaces,
    cuts: &'b [Cut],
}

/// A plane that was cut along.
struct Cut {
    /// The surface.
    atom: usize,
    /// What the operation makes inside.
    makes: RegionId,
}

/// Divides pieces into those inside a shape and those outside.
fn take(shape: &Shape, pieces: Vec<Piece>, surfaces: &Surfaces, makes: RegionId, cuts: &mut Vec<Cut>) -> (Vec<Piece>, Vec<Piece>) {
    match shape {
        Shape::Full => (pieces, vec![]),
        Shape::Empty => (vec![], pieces),
        Shape::Atom(atom) => {
            let number = SIDES + cuts.len() as u32;
            cuts.push(Cut { atom: *atom, makes });
            let (mut inside, mut outside) = (vec![], vec![]);
            for piece in pieces {
                let (within, beyond) = piece.cut(&surfaces.each[*atom].plane, number);
                inside.extend(within);
                outside.extend(beyond);
            }
            (inside, outside)
        }
        Shape::Any(shapes) => {
            let (mut inside, mut rest) = (vec![], pieces);
            for shape in shapes {
                let (within, beyond) = take(shape, rest, surfaces, makes, cuts);
                inside.extend(within);
                rest = beyond;
            }
            (inside, rest)
        }
        Shape::All(shapes) => {
            let (mut rest, mut outside) = (pieces, vec![]);
            for shape in shapes {
                let (within, beyond) = take(shape, rest, surfaces, makes, cuts);
                outside.extend(beyond);
                rest = within;
            }
            (rest, outside)
        }
    }
}
