//! Which pieces hang together: neighbours in one leaf, and across the faces between leaves.

use super::clip::{Face, SIDES, area_vector, overlap};
use super::{Kd, Partition};
use crate::vector::{Vector, norm};

/// Sets that are joined one pair at a time.
pub(super) struct Sets {
    parent: Vec<u32>,
}

impl Sets {
    pub fn new(n: usize) -> Sets {
        Sets {
            parent: (0..n as u32).collect(),
        }
    }

    pub fn root(&mut self, i: u32) -> u32 {
        let mut i = i;
        while self.parent[i as usize] != i {
            let up = self.parent[self.parent[i as usize] as usize];
            self.parent[i as usize] = up;
            i = up;
        }
        i
    }

    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parent[a.max(b) as usize] = a.min(b);
        }
    }
}

/// Share of the smaller face that must overlap for two pieces to hang together.
const GRAIN: f64 = 1e-6;

/// Joins pieces of one label across all faces between leaves below a node.
pub(super) fn across(partition: &Partition, node: usize, sets: &mut Sets) {
    if let Kd::Split { axis, parts } = &partition.tree[node].kd {
        let [low, high] = *parts;
        across(partition, low, sets);
        across(partition, high, sets);
        face(partition, low, high, *axis, sets);
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
