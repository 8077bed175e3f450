//! The surfaces of a box as planes: how flat they are, and along which axis the box must be split if they are not.

use super::Fineness;
use super::clip::Plane;
use super::local::Atom;
use crate::field::bound::Block;
use crate::field::value::{Lists, Probe};
use crate::tape::Tape;
use crate::vector::Vector;
use smallvec::SmallVec;

/// Half size of a leaf across a bent surface, over its radius of curvature, at most.
const DEPTH: f64 = 0.15;

/// Tolerance where a surface runs along the side of a leaf, relative to that elsewhere.
const STRICT: f64 = 0.02;

/// Tolerance at the rounded edges of films: so much of that elsewhere, but no more than this part of their radius. They are much work
/// for little area.
const EDGE: [f64; 2] = [8.0, 0.02];

/// The surfaces of a box.
pub(super) struct Surfaces {
    /// One for every atom; boxes with more than a few are rare.
    pub each: SmallVec<[Surface; 4]>,
    /// Half sides of the box, m.
    size: Vector,
}

/// What a surface is in its box.
pub(super) struct Surface {
    /// The flat surface.
    pub plane: Plane,
    /// Second difference along each axis, m.
    bend: Vector,
    /// Tolerance relative to that of other surfaces.
    pub slack: f64,
    /// Thickness of the film under the surface where it varies, m.
    pub coat: Option<f64>,
}

/// The axis to split along if the box is too large to see its surfaces; looks at its middle only.
pub(super) fn too_large(
    tape: &Tape,
    probe: &mut Probe<'_>,
    atoms: &[Atom],
    block: &Block,
    lists: &Lists,
    fineness: Fineness,
) -> Option<usize> {
    probe.next_point();
    let mut worst: Option<(usize, f64)> = None;
    for atom in atoms {
        let over = atom.too_large(&tape.fields, probe, block, lists, fineness.finest);
        if over.map(|o| o.1) > worst.map(|o| o.1) {
            worst = over;
        }
    }
    worst.map(|(axis, _)| axis).filter(|axis| large_enough(block, *axis, fineness))
}

fn large_enough(block: &Block, axis: usize, fineness: Fineness) -> bool {
    2.0 * block.h[axis] > fineness.finest
}

impl Surfaces {
    pub fn measure(tape: &Tape, probe: &mut Probe<'_>, atoms: &[Atom], block: &Block, lists: &Lists, fineness: Fineness) -> Surfaces {
        let fields = &tape.fields;
        // The middle; then low and high along each axis, those above one another together.
        let places = [
            (0, 2, 0.0),
            (5, 2, -1.0),
            (6, 2, 1.0),
            (1, 0, -1.0),
            (2, 0, 1.0),
            (3, 1, -1.0),
            (4, 1, 1.0),
        ];
        let mut values: SmallVec<[[f64; 7]; 4]> = SmallVec::from_elem([0.0; 7], atoms.len());
        for (k, axis, sign) in places {
            let mut p = block.c;
            p[axis] += sign * block.h[axis];
            if axis == 2 {
                probe.next_above();
            } else {
                probe.next_point();
            }
            for (atom, value) in atoms.iter().zip(&mut values) {
                value[k] = atom.value(fields, probe, p, lists).v;
            }
        }
        probe.next_point();
        let mut each = SmallVec::new();
        for (atom, v) in atoms.iter().zip(&values) {
            let bend = [0, 1, 2].map(|i| 0.5 * (v[1 + 2 * i] + v[2 + 2 * i] - 2.0 * v[0]));
            let curvature: f64 = (0..3).map(|i| 2.0 * bend[i] / (block.h[i] * block.h[i])).sum();
            // The surface lies a distance v nearer to the centre of curvature than the middle of the box.
            let nearer = (1.0 - curvature * v[0]).clamp(0.7, 1.5);
            let bend = bend.map(|b| b / nearer);
            let plane = Plane {
                c: block.c,
                v: v[0] + bend.iter().sum::<f64>() / 3.0,
                g: [0, 1, 2].map(|i| (v[2 + 2 * i] - v[1 + 2 * i]) / (2.0 * block.h[i])),
            };
            each.push(Surface {
                plane,
                bend,
                slack: slack(atom.edge(fields), fineness.tolerance),
                coat: atom.coat(fields, probe, block.c, lists),
            });
        }
        Surfaces { each, size: block.h }
    }

    /// Whether a surface is bent enough to be seen in its area.
    pub fn is_bent(&self, atom: usize) -> bool {
        self.each[atom].bend.iter().zip(self.size).any(|(b, h)| b.abs() > 1e-4 * h)
    }

    /// The axis to split along, if a surface is not flat enough.
    pub fn split(&self, block: &Block, fineness: Fineness) -> Option<usize> {
        let mut worst = (0, 1.0);
        for Surface { plane, bend, slack, .. } in &self.each {
            let curvature: f64 = (0..3).map(|i| 2.0 * bend[i] / (block.h[i] * block.h[i])).sum();
            for axis in (0..3).filter(|a| large_enough(block, *a, fineness)) {
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
        let bent = |s: &Surface| s.slack == 1.0 && s.bend.iter().any(|b| b.abs() > strict);
        if !self.each.iter().any(bent) {
            return None;
        }
        for corner in 0..8 {
            let p = [0, 1, 2].map(|i| block.c[i] + if corner >> i & 1 == 1 { block.h[i] } else { -block.h[i] });
            probe.next_point();
            for (atom, surface) in atoms.iter().zip(&self.each).filter(|(_, s)| bent(s)) {
                let (true_value, flat) = (atom.value(&tape.fields, probe, p, lists).v, surface.plane.at(p));
                if true_value * flat < 0.0 && (true_value - flat).abs() > strict {
                    return (0..3)
                        .filter(|a| large_enough(block, *a, fineness))
                        .max_by(|&a, &b| surface.bend[a].abs().total_cmp(&surface.bend[b].abs()));
                }
            }
        }
        None
    }
}

fn slack(edge: Option<f64>, tolerance: f64) -> f64 {
    edge.map_or(1.0, |radius| EDGE[0].min(EDGE[1] * radius / tolerance).max(1.0))
}
