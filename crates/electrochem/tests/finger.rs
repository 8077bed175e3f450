//! A finger of each comb with resistive metal from bus to bus: few volumes along it, as a run takes them (a ladder of three rails that
//! goes on beyond the tips), against the whole finger on a fine grid of its own.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
#[path = "common/comb.rs"]
mod comb;
mod common;

use cellwright_device::field::bound::Block;
use cellwright_device::field::lateral::{Feature, Lateral};
use cellwright_device::field::{FieldId, Fields};
use cellwright_device::mesh::{
    BoundaryFace, Class, Classes, ELECTROLYTE, Edge, Face, GradingOptions, Growth, Mesh, MixedOptions, NEGATIVE_COLLECTOR,
    POSITIVE_COLLECTOR, Side, Spacing, grading, mixed,
};
use cellwright_device::partition::{Fineness, Partition};
use cellwright_device::tape::{OPEN, Tape};
use comb::{Comb, TEMPERATURE};

/// Thickness of everything, m: the fingers are seen from above.
const DEPTH: f64 = 10e-6;
/// Thickness of the reacting skin of the metal over the gap.
const SKIN: f64 = 1e-2;

/// Half a finger of each comb, seen from above. The negative finger begins at its bus below, the positive one at its bus above; each ends
/// `distance` before the other's bus, and they stand beside each other over `overlap`. Lengths in m.
struct Finger {
    half_width: f64,
    gap: f64,
    overlap: f64,
    distance: f64,
    /// Conductivities of metal and electrolyte, S/m.
    metal: f64,
    electrolyte: f64,
    /// Charge transfer at rest, Ω m².
    resistance: f64,
}

impl Finger {
    fn solved(&self, mesh: Mesh) -> f64 {
        let comb = Comb {
            metal: self.metal,
            electrolyte: self.electrolyte,
            exchange: 8.314462618 * TEMPERATURE / (96485.33212 * self.resistance),
        };
        comb.resistance(mesh, 0.0)
    }

    /// The device, with the metal inside a thin skin that reacts.
    fn device(&self) -> Partition {
        let (out, skin) = (self.half_width, SKIN * self.gap);
        let (wide, long) = (2.0 * (self.half_width + skin) + self.gap, self.overlap + 2.0 * self.distance);
        let mut fields = Fields::default();
        let mut body = |x: [f64; 2], y: [f64; 2]| rectangle(&mut fields, [x[0], y[0], x[1], y[1]]);
        let (tip, far) = (long - self.distance, long + out);
        let negative = (
            body([-out, self.half_width + skin], [-out, tip]),
            body([-out, self.half_width], [-out, tip - skin]),
        );
        let right = [wide - self.half_width - skin, wide - self.half_width].map(|x| [x, wide + out]);
        let positive = (body(right[0], [self.distance, far]), body(right[1], [self.distance + skin, far]));
        let mut tape = Tape::new(fields, Block::between([0.0; 3], [wide, long, DEPTH]));
        for (label, shape) in [(1, negative.1), (2, positive.1), (3, negative.0), (4, positive.0)] {
            tape.add(label, shape);
        }
        let fine = Fineness {
            tolerance: 0.1 * skin,
            finest: 0.1 * skin,
        };
        Partition::of(&tape, fine)
    }

    fn ladder(&self, pieces: usize) -> f64 {
        let partition = self.device();
        let classes = Classes::from([
            (OPEN, Class::Electrolyte),
            (1, Class::Sheet(Side::Negative)),
            (2, Class::Sheet(Side::Positive)),
            (3, Class::Electrode(Side::Negative)),
            (4, Class::Electrode(Side::Positive)),
        ]);
        let wish = GradingOptions {
            growth: Growth {
                ratio: 1.5,
                ..Growth::default()
            },
            long: Some((1, pieces)),
            ..GradingOptions::default()
        };
        let grid = grading(&partition, &classes, &wish).unwrap().grid;
        let kr = self.electrolyte * self.resistance;
        let options = MixedOptions {
            resistance: [kr; 2],
            tabs: Some([Edge::Bottom, Edge::Top]),
            ..MixedOptions::default()
        };
        self.solved(mixed(&partition, &grid, &classes, options).unwrap().mesh)
    }

    /// Metal and electrolyte on one grid in the plane, divided `fine` times; twice as many volumes change it by 0.2 % at most.
    fn whole(&self, fine: usize) -> f64 {
        let both = |length: f64, n: usize, ratio: f64| Spacing::BothEnds { ratio }.widths(length, n * fine);
        let (metal, gap) = (both(self.half_width, 4, 1.5), both(self.gap, 8, 1.5));
        let widths = [metal.clone(), gap, metal].concat();
        let end = both(self.distance, 8, 1.3);
        let lengths = [end.clone(), both(self.overlap, 60, 1.15), end.clone()].concat();
        let (w, h) = (widths.len(), lengths.len());
        let region = |i: usize, k: usize| match k {
            k if k < 4 * fine && i < h - end.len() => NEGATIVE_COLLECTOR,
            k if k >= w - 4 * fine && i >= end.len() => POSITIVE_COLLECTOR,
            _ => ELECTROLYTE,
        };
        let mut mesh = Mesh::default();
        for i in 0..h {
            for k in 0..w {
                mesh.volumes.push(widths[k] * lengths[i] * DEPTH);
                mesh.regions.push(region(i, k));
                mesh.position.push(0.0);
                if i > 0 {
                    let sizes = [lengths[i - 1], lengths[i]];
                    contact(&mut mesh, [(i - 1) * w + k, i * w + k], widths[k] * DEPTH, sizes);
                }
                if k > 0 {
                    contact(
                        &mut mesh,
                        [i * w + k - 1, i * w + k],
                        lengths[i] * DEPTH,
                        [widths[k - 1], widths[k]],
                    );
                }
            }
        }
        for k in 0..4 * fine {
            let (a, b) = (k, (h - 1) * w + w - 1 - k);
            mesh.negative.push(BoundaryFace::flat(a, widths[k] * DEPTH, 0.5 * lengths[0]));
            mesh.positive
                .push(BoundaryFace::flat(b, widths[w - 1 - k] * DEPTH, 0.5 * lengths[h - 1]));
        }
        self.solved(mesh)
    }
}

/// A prism above a rectangle.
fn rectangle(fields: &mut Fields, [x0, y0, x1, y1]: [f64; 4]) -> FieldId {
    let corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
    let edge = |i: usize| Feature::Edge {
        a: corners[i],
        b: corners[(i + 1) % 4],
    };
    let shape = fields.lateral(Lateral {
        features: (0..4).map(edge).collect(),
    });
    fields.prism(shape)
}

/// A face between two volumes of one body, or the reacting face of the electrolyte on the metal beside it; sizes across the face.
fn contact(mesh: &mut Mesh, cells: [usize; 2], area: f64, sizes: [f64; 2]) {
    let regions = cells.map(|k| mesh.regions[k]);
    let distance = sizes.map(|s| 0.5 * s);
    if regions[0] == regions[1] {
        mesh.faces.push(Face { cells, area, distance });
        return;
    }
    let wet = usize::from(regions[1] == ELECTROLYTE);
    let metal = cells[1 - wet];
    let face = BoundaryFace {
        supply: Some(metal),
        ..BoundaryFace::flat(cells[wet], area, distance[wet])
    };
    if mesh.regions[metal] == NEGATIVE_COLLECTOR {
        mesh.negative.push(face);
    } else {
        mesh.positive.push(face);
    }
}

#[test]
fn few_volumes_along_a_finger_are_the_whole_finger() {
    let gap = 20e-6f64;
    let mut worst = 0.0f64;
    for over_gap in [5.0f64, 20.0, 100.0] {
        for distance in [0.5f64, 1.0, 2.0] {
            for kappa_r in [0.1f64, 1.0, 10.0] {
                for nu in [0.3f64, 1.0, 2.0, 3.0] {
                    let (electrolyte, overlap, half_width) = (1.0, over_gap * gap, 10e-6);
                    let resistance = kappa_r * gap / electrolyte;
                    // ν = L sqrt(2 r g'), r = 1/(σ w/2), g' = 1/(g/κ + 2R).
                    let rung = gap / electrolyte + 2.0 * resistance;
                    let finger = Finger {
                        half_width,
                        gap,
                        overlap,
                        distance: distance * gap,
                        metal: 2.0 * (overlap / nu).powi(2) / (half_width * rung),
                        electrolyte,
                        resistance,
                    };
                    let whole = finger.whole(1);
                    let error = finger.ladder(8) / whole - 1.0;
                    worst = worst.max(error.abs());
                    println!("L/g {over_gap}, s/g {distance}, Rκ/g {kappa_r}, ν {nu}: {:.3} %", 100.0 * error);
                }
            }
        }
    }
    assert!(worst < 1e-2, "{worst}");
}
