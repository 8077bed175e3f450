//! Which pieces hang together: neighbours in one leaf, and across the faces between leaves.

use super::clip::{Face, Piece, SIDES, area_vector, overlap};
use super::{Component, Kd, Partition};
use crate::field::bound::Block;
use crate::vector::{Vector, add, norm};

/// Sets that are joined one pair at a time; the root of each is its least member.
#[derive(Default)]
struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    fn grow(&mut self) {
        self.parent.push(self.parent.len() as u32);
    }

    fn root(&mut self, i: u32) -> u32 {
        let mut i = i;
        while self.parent[i as usize] != i {
            let up = self.parent[self.parent[i as usize] as usize];
            self.parent[i as usize] = up;
            i = up;
        }
        i
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parent[a.max(b) as usize] = a.min(b);
        }
    }
}

/// Share of the smaller face that must overlap for two pieces to hang together.
const GRAIN: f64 = 1e-6;

/// What hangs together, gathered while the box is divided: a piece is cheapest to look at right after it was made.
pub(super) struct Bodies {
    sets: Sets,
    measures: Vec<Measure>,
    /// Low and high side of the box along each axis.
    bounds: [[f64; 2]; 3],
}

/// What a piece adds to its component.
struct Measure {
    volume: f64,
    middle: Vector,
    reaches: [bool; 6],
}

impl Bodies {
    /// None yet.
    pub fn new(block: &Block) -> Bodies {
        Bodies {
            sets: Sets::default(),
            measures: vec![],
            bounds: [0, 1, 2].map(|axis| block.span(axis)),
        }
    }

    /// Takes up the next piece.
    pub fn take(&mut self, piece: &Piece) {
        let middle = piece.middle();
        let mut reaches = [false; 6];
        for f in piece.faces.iter().filter(|f| f.plane < SIDES) {
            let (axis, end) = (f.plane as usize / 2, f.plane as usize % 2);
            let [low, high] = self.bounds[axis];
            // Middles and half sides of the parts round, so that their sides miss those of the box by a last digit.
            let rounding = 1e-9 * (high - low);
            reaches[f.plane as usize] |= f.points.iter().all(|p| (p[axis] - self.bounds[axis][end]).abs() <= rounding);
        }
        self.sets.grow();
        self.measures.push(Measure {
            volume: piece.volume_around(middle),
            middle,
            reaches,
        });
    }

    /// Joins two pieces of one label.
    pub fn join(&mut self, [a, b]: [u32; 2]) {
        self.sets.join(a, b);
    }

    /// Joins pieces of one label across the face between two nodes.
    pub fn join_across(&mut self, partition: &Partition, [low, high]: [usize; 2], axis: usize) {
        face(partition, low, high, axis, &mut self.sets);
    }

    /// The components and the number of each piece's.
    pub fn finish(mut self, pieces: &[Piece]) -> (Vec<Component>, Vec<u32>) {
        let mut components: Vec<Component> = vec![];
        let mut numbers: Vec<u32> = Vec::with_capacity(pieces.len());
        for (i, (piece, measure)) in pieces.iter().zip(&self.measures).enumerate() {
            // The root of a set is its first piece.
            let root = self.sets.root(i as u32) as usize;
            let number = numbers.get(root).copied().unwrap_or(components.len() as u32);
            if root == i {
                components.push(Component {
                    label: piece.label,
                    volume: 0.0,
                    centre: [0.0; 3],
                    reaches: [false; 6],
                });
            }
            numbers.push(number);
            let component = &mut components[number as usize];
            component.volume += measure.volume;
            component.centre = add(component.centre, measure.volume, measure.middle);
            component.reaches = std::array::from_fn(|side| component.reaches[side] || measure.reaches[side]);
        }
        for c in &mut components {
            c.centre = c.centre.map(|v| v / c.volume);
        }
        (components, numbers)
    }
}

fn face(partition: &Partition, low: usize, high: usize, axis: usize, sets: &mut Sets) {
    let (a, b) = (&partition.tree[low], &partition.tree[high]);
    for i in (0..3).filter(|i| *i != axis) {
        let (a, b) = (a.block.span(i), b.block.span(i));
        if a[1] <= b[0] || b[1] <= a[0] {
            return;
        }
    }
    match (&a.kd, &b.kd) {
        (Kd::Split { axis: split, parts }, _) if *split == axis => face(partition, parts[1], high, axis, sets),
        (_, Kd::Split { axis: split, parts }) if *split == axis => face(partition, low, parts[0], axis, sets),
        (Kd::Split { parts, .. }, _) => parts.iter().for_each(|part| face(partition, *part, high, axis, sets)),
        (_, Kd::Split { parts, .. }) => parts.iter().for_each(|part| face(partition, low, *part, axis, sets)),
        (Kd::Leaf { pieces: a }, Kd::Leaf { pieces: b }) => {
            let whole = a.len() == 1 && b.len() == 1;
            let side = |plane: u32, piece: usize| partition.pieces[piece].faces.iter().filter(move |f| f.plane == plane);
            for i in a.clone() {
                for j in b.clone().filter(|j| partition.pieces[*j].label == partition.pieces[i].label) {
                    if sets.root(i as u32) == sets.root(j as u32) {
                        continue;
                    }
                    let meets = |f: &Face| side(2 * axis as u32, j).any(|g| touch(f, g, axis));
                    if whole || side(2 * axis as u32 + 1, i).any(meets) {
                        sets.join(i as u32, j as u32);
                    }
                }
            }
        }
    }
}

fn touch(f: &Face, g: &Face, axis: usize) -> bool {
    debug_assert!(f.plane < SIDES && g.plane < SIDES);
    let range = |points: &[Vector], i: usize| {
        points
            .iter()
            .fold([f64::INFINITY, f64::NEG_INFINITY], |r, p| [r[0].min(p[i]), r[1].max(p[i])])
    };
    for i in (0..3).filter(|i| *i != axis) {
        let (a, b) = (range(&f.points, i), range(&g.points, i));
        if a[1] <= b[0] || b[1] <= a[0] {
            return false;
        }
    }
    let mut normal = [0.0; 3];
    normal[axis] = 1.0;
    let common = norm(area_vector(&overlap(&f.points, &g.points, normal)));
    common > GRAIN * f.area().min(g.area())
}
