//! The surfaces of a box as planes: how flat they are, and along which axis the box must be split if they are not.

use super::Fineness;
use super::clip::Plane;
use super::local::Atom;
use crate::field::bound::Block;
use crate::field::value::{Lists, Probe};
use crate::tape::Tape;
use crate::vector::Vector;

/// Half size of a leaf across a bent surface, over its radius of curvature, at most.
const DEPTH: f64 = 0.15;

/// Tolerance where a surface runs along the side of a leaf, relative to that elsewhere.
const STRICT: f64 = 0.02;

/// Tolerance at the rounded edges of films: so much of that elsewhere, but no more than this part of their radius. They are much work
/// for little area.
const EDGE: [f64; 2] = [8.0, 0.02];

/// The surfaces of a box: values in its middle and on its sides.
pub(super) struct Surfaces {
    /// The flat surfaces.
    pub planes: Vec<Plane>,
    /// Second difference along each axis, m.
    bend: Vec<Vector>,
    /// Tolerance relative to that of other surfaces.
    slack: Vec<f64>,
    /// Thickness of the film under the surface where it varies, m.
    pub coats: Vec<Option<f64>>,
    too_large: Option<(usize, f64)>,
    /// Half sides of the box, m.
    size: Vector,
}

impl Surfaces {
    pub fn measure(tape: &Tape, probe: &mut Probe<'_>, atoms: &[Atom], block: &Block, lists: &Lists, fineness: Fineness) -> Surfaces {
        let fields = &tape.fields;
        let mut points = vec![block.c];
        for axis in 0..3 {
            for sign in [-1.0, 1.0] {
                let mut p = block.c;
                p[axis] += sign * block.h[axis];
                points.push(p);
            }
        }
        let mut values = vec![[0.0; 7]; atoms.len()];
        let (mut coats, mut too_large) = (vec![], None);
        for (k, p) in points.iter().enumerate() {
            probe.next_point();
            for (atom, value) in atoms.iter().zip(&mut values) {
                value[k] = atom.value(fields, probe, *p, lists).v;
            }
            if k == 0 {
                for atom in atoms {
                    coats.push(atom.coat(fields, probe, *p, lists));
                    let over = atom.too_large(fields, probe, block, lists, fineness.finest);
                    if over.map(|o| o.1) > too_large.map(|o: (usize, f64)| o.1) {
                        too_large = over;
                    }
                }
            }
        }
        let bend: Vec<Vector> = values
            .iter()
            .map(|v| {
                let bend = [0, 1, 2].map(|i| 0.5 * (v[1 + 2 * i] + v[2 + 2 * i] - 2.0 * v[0]));
                let curvature: f64 = (0..3).map(|i| 2.0 * bend[i] / (block.h[i] * block.h[i])).sum();
                // The surface lies a distance v nearer to the centre of curvature than the middle of the box.
                let nearer = (1.0 - curvature * v[0]).clamp(0.7, 1.5);
                bend.map(|b| b / nearer)
            })
            .collect();
        let planes = values.iter().zip(&bend).map(|(v, bend)| Plane {
            c: block.c,
            v: v[0] + bend.iter().sum::<f64>() / 3.0,
            g: [0, 1, 2].map(|i| (v[2 + 2 * i] - v[1 + 2 * i]) / (2.0 * block.h[i])),
        });
        Surfaces {
            planes: planes.collect(),
            slack: atoms.iter().map(|a| slack(a.edge(fields), fineness.tolerance)).collect(),
            bend,
            coats,
            too_large,
            size: block.h,
        }
    }

    /// Whether a surface is bent enough to be seen in its area.
    pub fn is_bent(&self, atom: usize) -> bool {
        self.bend[atom].iter().zip(self.size).any(|(b, h)| b.abs() > 1e-4 * h)
    }

    /// The axis to split along, if a surface is not flat enough or the box too large to know.
    pub fn split(&self, block: &Block, fineness: Fineness) -> Option<usize> {
        let large_enough = |axis: usize| 2.0 * block.h[axis] > fineness.finest;
        if let Some((axis, _)) = self.too_large.filter(|(axis, _)| large_enough(*axis)) {
            return Some(axis);
        }
        let mut worst = (0, 1.0);
        for ((bend, plane), slack) in self.bend.iter().zip(&self.planes).zip(&self.slack) {
            let curvature: f64 = (0..3).map(|i| 2.0 * bend[i] / (block.h[i] * block.h[i])).sum();
            for axis in (0..3).filter(|a| large_enough(*a)) {
                // The bend is that in the middle of the box: it holds for the surface only if that is not far away.
                let depth = curvature.abs() * block.h[axis] * plane.g[axis].abs() / (DEPTH * slack.sqrt());
                let over = depth.max(bend[axis].abs() / (fineness.tolerance * slack));
                if over > worst.1 {
                    worst = (axis, over);
                }
            }
        }
        (worst.1 > 1.0).then_some(worst.0)
    }
}

impl Surfaces {
    /// The axis to split along if a bent surface leaves the box on another side than its plane does, as it may where it runs along a
    /// side: neighbours of different size would then count a strip twice or not at all.
    pub fn strays(
        &self,
        tape: &Tape,
        probe: &mut Probe<'_>,
        atoms: &[Atom],
        block: &Block,
        lists: &Lists,
        fineness: Fineness,
    ) -> Option<usize> {
        let strict = STRICT * fineness.tolerance;
        let bent: Vec<usize> = (0..atoms.len())
            .filter(|&i| self.slack[i] == 1.0 && self.bend[i].iter().any(|b| b.abs() > strict))
            .collect();
        if bent.is_empty() {
            return None;
        }
        for corner in 0..8 {
            let p = [0, 1, 2].map(|i| block.c[i] + if corner >> i & 1 == 1 { block.h[i] } else { -block.h[i] });
            probe.next_point();
            for &i in &bent {
                let (true_value, flat) = (atoms[i].value(&tape.fields, probe, p, lists).v, self.planes[i].at(p));
                if true_value * flat < 0.0 && (true_value - flat).abs() > strict {
                    return (0..3)
                        .filter(|a| 2.0 * block.h[*a] > fineness.finest)
                        .max_by(|&a, &b| self.bend[i][a].abs().total_cmp(&self.bend[i][b].abs()));
                }
            }
        }
        None
    }
}

fn slack(edge: Option<f64>, tolerance: f64) -> f64 {
    edge.map_or(1.0, |radius| EDGE[0].min(EDGE[1] * radius / tolerance).max(1.0))
}
