//! From a finger of each comb to the whole chip: fingers side by side on two buses, each with a pad in its middle.
//!
//! # Equation
//! Both halves of the chip are alike. Pieces of the bus, each with its share of the fingers, are joined over `T = σ δ w / d` of metal of the
//! thickness `δ` and the width `w`; the piece at the pad is of one potential and reaches its contact over the length of the pad.
//!
//! # Validity
//! Buses narrow for their length, pads in their middle. Fingers of one piece are alike.
//!
//! # Source
//! Ladder network of J. Newman and W. Tobias, J. Electrochem. Soc. 109 (1962) 1183, doi:10.1149/1.2425269, for the bus.
//!
//! # Verification
//! `electrochem/tests/bus.rs`: the two-rail ladder in closed form.

use super::copies::{COLLECTORS, around, copies};
use super::{BoundaryFace, Face, Mesh};

/// Metal along the ends of the fingers, alike for both combs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bus {
    /// Width, m.
    pub width: f64,
    /// Length, which all fingers share, m.
    pub length: f64,
    /// Width of the pad along the bus and the distance from the bus to its contact, m.
    pub pad: [f64; 2],
    /// Thickness of the metal of each comb, m.
    pub thickness: [f64; 2],
}

impl Bus {
    /// Mean resistance of both halves side by side for currents that enter evenly, and that of the pad, ohm; `conductivity` in S/m.
    ///
    /// What enters evenly along a metal loses a third of what would be lost if all of it entered at the end.
    pub fn resistance(&self, side: usize, conductivity: f64) -> [f64; 2] {
        let sheet = conductivity * self.thickness[side];
        [self.beside_pad() / (6.0 * sheet * self.width), self.pad[1] / (sheet * self.pad[0])]
    }

    /// Length of half a bus beside its pad, m.
    fn beside_pad(&self) -> f64 {
        (0.5 * (self.length - self.pad[0])).max(0.0)
    }

    /// Lengths of the pieces of half a bus, from its middle; the first one is at the pad.
    fn pieces(&self, n: usize) -> Vec<f64> {
        let (half, beside) = (self.length / 2.0, self.beside_pad());
        if n < 2 || beside < 1e-9 * half {
            return vec![half];
        }
        let rest = beside / (n - 1) as f64;
        std::iter::once(half - beside).chain(std::iter::repeat_n(rest, n - 1)).collect()
    }
}

/// The mesh of a chip from that of its fingers, which has the volumes and areas of all of them together and ends on volumes of metal.
///
/// The fingers of each piece stand side by side, with the pieces of the buses behind their ends.
pub fn on_bus(fingers: &Mesh, bus: &Bus, pieces: usize) -> Mesh {
    let (lengths, n) = (bus.pieces(pieces), fingers.n_cells());
    let half: f64 = lengths.iter().sum();
    let [low, high] = around(fingers);
    let wide = high[0] - low[0];
    let parts: Vec<f64> = lengths.iter().map(|l| l / half).collect();
    let metal = |piece: usize, side: usize| n * lengths.len() + 2 * piece + side;
    let mut out = copies(fingers, &parts, |i, p| [p[0] + wide * i as f64, p[1], p[2]]);
    for (side, tabs) in [&fingers.negative, &fingers.positive].into_iter().enumerate() {
        for (i, part) in parts.iter().enumerate() {
            let tabs = tabs.iter().filter(|f| fingers.regions[f.cell] == COLLECTORS[side]);
            out.faces.extend(tabs.map(|f| Face {
                cells: [i * n + f.cell, metal(i, side)],
                area: f.area * part,
                distance: [f.distance, 0.5 * bus.width],
            }));
        }
    }
    for (i, length) in lengths.iter().enumerate() {
        for side in 0..2 {
            let section = bus.width * bus.thickness[side];
            // Both halves of the chip together.
            out.volumes.push(2.0 * length * section);
            out.regions.push(COLLECTORS[side]);
            out.position.push(0.0);
            let x = low[0] + wide * i as f64;
            let y = [[low[1] - bus.width, low[1]], [high[1], high[1] + bus.width]][side];
            out.boxes.push([[x, y[0], low[2]], [x + wide, y[1], low[2] + bus.thickness[side]]]);
            if i > 0 {
                // Under the pad the bus has one potential.
                let before = if i == 1 { 0.0 } else { 0.5 * lengths[i - 1] };
                out.faces.push(Face {
                    cells: [metal(i - 1, side), metal(i, side)],
                    area: 2.0 * section,
                    distance: [before, 0.5 * length],
                });
            }
        }
    }
    for (side, faces) in [&mut out.negative, &mut out.positive].into_iter().enumerate() {
        // A bus of one piece is a longer way to the pad, with its mean resistance.
        let along = match lengths.len() {
            1 => bus.pad[0] * bus.thickness[side] * bus.resistance(side, 1.0)[0],
            _ => 0.0,
        };
        let way = bus.pad[1] + 0.5 * bus.width + along;
        faces.push(BoundaryFace::flat(metal(0, side), bus.pad[0] * bus.thickness[side], way));
    }
    out
}
