//! A finger with resistive metal: the section repeated along it (three rails) against the whole finger resolved in its plane.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
#[path = "common/comb.rs"]
mod comb;
mod common;

use cellwright_device::mesh::{BoundaryFace, ELECTROLYTE, Edge, Face, Mesh, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR, Spacing, extruded};
use comb::{Comb, TEMPERATURE};

fn parts(length: f64, n: usize) -> Vec<f64> {
    Spacing::BothEnds { ratio: 1.5 }.widths(length, n)
}

/// Widths in m: half fingers and the gap between them; metal and electrolyte are as thick as they are long across, per metre of depth.
struct Finger {
    half_width: f64,
    gap: f64,
    length: f64,
    /// Conductivities of metal and electrolyte, S/m.
    metal: f64,
    electrolyte: f64,
    /// Exchange current, A/m².
    exchange: f64,
}

impl Finger {
    fn resistance(&self, mesh: Mesh, film_resistance: f64) -> f64 {
        let comb = Comb {
            metal: self.metal,
            electrolyte: self.electrolyte,
            exchange: self.exchange,
        };
        comb.resistance(mesh, film_resistance)
    }

    /// One row of volumes across the gap and the metal at its ends, as long as the finger.
    fn section(&self, n: usize) -> Mesh {
        let d = self.gap / n as f64;
        let mut mesh = Mesh::default();
        for k in 0..n {
            mesh.volumes.push(d * self.length);
            mesh.regions.push(ELECTROLYTE);
            mesh.position.push(k as f64 * d);
            mesh.boxes.push([[k as f64 * d, 0.0, 0.0], [(k + 1) as f64 * d, self.length, 1.0]]);
            if k > 0 {
                mesh.faces.push(Face {
                    cells: [k - 1, k],
                    area: self.length,
                    distance: [0.5 * d; 2],
                });
            }
        }
        for region in [NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR] {
            mesh.volumes.push(self.half_width * self.length);
            mesh.regions.push(region);
            mesh.position.push(0.0);
            mesh.boxes.push([[0.0; 3], [self.half_width, self.length, 1.0]]);
        }
        let site = |cell, metal| BoundaryFace {
            supply: Some(metal),
            ..BoundaryFace::flat(cell, self.length, 0.5 * d)
        };
        mesh.negative.push(site(0, n));
        mesh.positive.push(site(n - 1, n + 1));
        mesh
    }

    fn ladder(&self, pieces: usize) -> f64 {
        let mesh = extruded(&self.section(8), &parts(self.length, pieces), [Edge::Bottom, Edge::Top]);
        // The voltage spreads across half the width of the metal.
        self.resistance(mesh, self.half_width / (3.0 * self.metal))
    }

    /// Metal and electrolyte on one grid in the plane of the finger.
    fn whole(&self, across: [usize; 2], along: usize) -> f64 {
        let lengths = parts(self.length, along);
        let (f, g) = (across[0], across[1]);
        let widths: Vec<f64> = (0..2 * f + g)
            .map(|k| {
                if (f..f + g).contains(&k) {
                    self.gap / g as f64
                } else {
                    self.half_width / f as f64
                }
            })
            .collect();
        let mut mesh = Mesh::default();
        let at = |i: usize, k: usize| i * widths.len() + k;
        for (i, l) in lengths.iter().enumerate() {
            for (k, w) in widths.iter().enumerate() {
                mesh.volumes.push(w * l);
                mesh.regions.push(match k {
                    k if k < f => NEGATIVE_COLLECTOR,
                    k if k < f + g => ELECTROLYTE,
                    _ => POSITIVE_COLLECTOR,
                });
                mesh.position.push(0.0);
                if i > 0 {
                    mesh.faces.push(Face {
                        cells: [at(i - 1, k), at(i, k)],
                        area: *w,
                        distance: [0.5 * lengths[i - 1], 0.5 * l],
                    });
                }
                if k > 0 && k != f && k != f + g {
                    mesh.faces.push(Face {
                        cells: [at(i, k - 1), at(i, k)],
                        area: *l,
                        distance: [0.5 * widths[k - 1], 0.5 * w],
                    });
                }
            }
            let site = |cell, metal, w: f64| BoundaryFace {
                supply: Some(metal),
                ..BoundaryFace::flat(cell, *l, 0.5 * w)
            };
            mesh.negative.push(site(at(i, f), at(i, f - 1), widths[f]));
            mesh.positive.push(site(at(i, f + g - 1), at(i, f + g), widths[f + g - 1]));
        }
        let last = lengths.len() - 1;
        for k in 0..f {
            mesh.negative.push(BoundaryFace::flat(at(0, k), widths[k], 0.5 * lengths[0]));
            mesh.positive
                .push(BoundaryFace::flat(at(last, f + g + k), widths[f + g + k], 0.5 * lengths[last]));
        }
        self.resistance(mesh, 0.5 * widths[f - 1] / self.metal)
    }
}

#[test]
fn a_ladder_of_sections_is_the_whole_finger() {
    let gap = 20e-6f64;
    for over_gap in [20.0f64, 100.0] {
        for nu in [0.3f64, 1.0, 3.0] {
            for kappa_r in [0.1f64, 1.0, 10.0] {
                let (electrolyte, length, half_width) = (1.0, over_gap * gap, 10e-6);
                let area_resistance = kappa_r * gap / electrolyte;
                // ν = L sqrt(2 r g'), r = 1/(σ w/2), g' = 1/(g/κ + 2R).
                let rung = gap / electrolyte + 2.0 * area_resistance;
                let metal = 2.0 * (length / nu).powi(2) / (half_width * rung);
                let finger = Finger {
                    half_width,
                    gap,
                    length,
                    metal,
                    electrolyte,
                    exchange: 8.314462618 * TEMPERATURE / (96485.33212 * area_resistance),
                };
                let (ladder, whole) = (finger.ladder(24), finger.whole([8, 12], 60));
                let error = ladder / whole - 1.0;
                println!("L/g {over_gap}, ν {nu}, Rκ/g {kappa_r}: {:.3} %", 100.0 * error);
                assert!(error.abs() < 1e-2, "L/g {over_gap}, ν {nu}, Rκ/g {kappa_r}: {error}");
            }
        }
    }
}
