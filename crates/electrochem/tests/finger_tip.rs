//! A finger with its tip: the ladder of sections that ends beyond the tips against the whole finger resolved in its plane.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
#[path = "common/comb.rs"]
mod comb;
mod common;

use cellwright_device::mesh::{
    Beyond, BoundaryFace, ELECTROLYTE, Face, Mesh, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR, Rail, Spacing, extruded, parts, with_tips,
};
use comb::{Comb, TEMPERATURE};

/// Half a finger of each comb, seen from above, per metre of depth. The negative finger begins at its bus below, the positive one at its
/// bus above; each ends `distance` before the other's bus, and they stand beside each other over `overlap`. Lengths in m.
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
    fn solved(&self, mesh: Mesh, film_resistance: f64) -> f64 {
        let comb = Comb {
            metal: self.metal,
            electrolyte: self.electrolyte,
            exchange: 8.314462618 * TEMPERATURE / (96485.33212 * self.resistance),
        };
        comb.resistance(mesh, film_resistance)
    }

    /// A row of volumes across, per metre of length; `widths` from `low` on, electrodes where the row ends on one.
    fn row(&self, low: f64, widths: &[f64], electrodes: [bool; 2]) -> Mesh {
        let mut mesh = Mesh::default();
        let mut x = low;
        for (k, w) in widths.iter().enumerate() {
            mesh.volumes.push(*w);
            mesh.regions.push(ELECTROLYTE);
            mesh.position.push(x);
            mesh.boxes.push([[x, 0.0, 0.0], [x + w, 1.0, 1.0]]);
            x += w;
            if k > 0 {
                mesh.faces.push(Face {
                    cells: [k - 1, k],
                    area: 1.0,
                    distance: [0.5 * widths[k - 1], 0.5 * w],
                });
            }
        }
        if electrodes[0] {
            mesh.negative.push(BoundaryFace::flat(0, 1.0, 0.5 * widths[0]));
        }
        if electrodes[1] {
            mesh.positive
                .push(BoundaryFace::flat(widths.len() - 1, 1.0, 0.5 * widths[widths.len() - 1]));
        }
        mesh
    }

    /// Widths of the volumes over half a finger and over the gap.
    fn across(&self, n: [usize; 2]) -> [Vec<f64>; 2] {
        [
            Spacing::BothEnds { ratio: 1.5 }.widths(self.half_width, n[0]),
            Spacing::BothEnds { ratio: 1.5 }.widths(self.gap, n[1]),
        ]
    }

    fn rails(&self) -> [Rail; 2] {
        [false, true].map(|far| Rail {
            area: self.half_width,
            far,
        })
    }

    fn ladder(&self) -> f64 {
        let [metal, gap] = self.across([4, 8]);
        let section = self.row(self.half_width, &gap, [true; 2]);
        let lengths = Spacing::BothEnds { ratio: 1.5 }.widths(self.distance, 6);
        // Beyond the tip of the positive finger, below, the negative one alone; the other way round above.
        let below = [gap.clone(), metal.clone()].concat();
        let above = [metal, gap].concat();
        let ends = [
            Beyond {
                section: self.row(self.half_width, &below, [true, false]),
                lengths: lengths.clone(),
            },
            Beyond {
                section: self.row(0.0, &above, [false, true]),
                lengths,
            },
        ];
        let mesh = with_tips(&section, &parts(self.overlap, 24), self.rails(), [&ends[0], &ends[1]]);
        self.solved(mesh, self.half_width / (3.0 * self.metal))
    }

    /// The ladder that ends with the overlap.
    fn without_tips(&self) -> f64 {
        let [_, gap] = self.across([4, 8]);
        let mut section = self.row(self.half_width, &gap, [true; 2]);
        section.volumes.iter_mut().for_each(|v| *v *= self.overlap);
        section.faces.iter_mut().for_each(|f| f.area *= self.overlap);
        section
            .negative
            .iter_mut()
            .chain(&mut section.positive)
            .for_each(|f| f.area *= self.overlap);
        self.solved(
            extruded(&section, &parts(self.overlap, 24), self.rails()),
            self.half_width / (3.0 * self.metal),
        )
    }

    /// Metal and electrolyte on one grid in the plane, `fine` times as fine as the ladder.
    fn whole(&self, fine: usize) -> f64 {
        let [metal, gap] = self.across([4 * fine, 8 * fine]);
        let widths = [metal.clone(), gap, metal].concat();
        let end = Spacing::BothEnds { ratio: 1.3 }.widths(self.distance, 8 * fine);
        let beside = Spacing::BothEnds { ratio: 1.15 }.widths(self.overlap, 60 * fine);
        let lengths = [end.clone(), beside, end.clone()].concat();
        let (w, h) = (widths.len(), lengths.len());
        let region = |i: usize, k: usize| match k {
            k if k < 4 * fine && i < h - end.len() => NEGATIVE_COLLECTOR,
            k if k >= w - 4 * fine && i >= end.len() => POSITIVE_COLLECTOR,
            _ => ELECTROLYTE,
        };
        let mut mesh = Mesh::default();
        for i in 0..h {
            for k in 0..w {
                mesh.volumes.push(widths[k] * lengths[i]);
                mesh.regions.push(region(i, k));
                mesh.position.push(0.0);
                if i > 0 {
                    contact(&mut mesh, [(i - 1) * w + k, i * w + k], widths[k], [lengths[i - 1], lengths[i]]);
                }
                if k > 0 {
                    contact(&mut mesh, [i * w + k - 1, i * w + k], lengths[i], [widths[k - 1], widths[k]]);
                }
            }
        }
        for (k, width) in widths.iter().enumerate() {
            // Metal goes on into its bus; electrolyte reacts on it.
            mesh.negative.push(BoundaryFace::flat(k, *width, 0.5 * lengths[0]));
            mesh.positive
                .push(BoundaryFace::flat((h - 1) * w + k, *width, 0.5 * lengths[h - 1]));
        }
        self.solved(mesh, 0.0)
    }
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
fn a_ladder_that_ends_beyond_its_tips_is_the_whole_finger() {
    let gap = 20e-6f64;
    let mut missing = 0.0f64;
    for over_gap in [5.0f64, 20.0] {
        for distance in [0.5f64, 1.0, 2.0] {
            for kappa_r in [0.1f64, 1.0, 10.0] {
                for nu in [0.3f64, 2.0] {
                    let (electrolyte, overlap, half_width) = (1.0, over_gap * gap, 10e-6);
                    let resistance = kappa_r * gap / electrolyte;
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
                    let (ladder, whole) = (finger.ladder(), finger.whole(2));
                    let error = ladder / whole - 1.0;
                    let without = finger.without_tips() / whole - 1.0;
                    missing = missing.max(without);
                    println!(
                        "L/g {over_gap}, s/g {distance}, Rκ/g {kappa_r}, ν {nu}: {:.3} %, without tips {:.1} %, mesh of the whole {:.3} %",
                        100.0 * error,
                        100.0 * without,
                        100.0 * (finger.whole(1) / whole - 1.0)
                    );
                    assert!(
                        error.abs() < 1e-2,
                        "L/g {over_gap}, s/g {distance}, Rκ/g {kappa_r}, ν {nu}: {error}"
                    );
                }
            }
        }
    }
    // The tips are no small thing here: a ladder that leaves them out must fail by far.
    assert!(missing > 0.1, "{missing}");
}
