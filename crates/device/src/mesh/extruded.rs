//! From the section of a finger to the whole finger: the section repeated along it, with the metal under both electrodes as two rails.
//!
//! # Equation
//! Copies of the section, each a part `l_i` of the length, joined through their electrolyte (the third rail) and porous solid:
//! `T = A / (l_i/2κ_i + l_j/2κ_j)` with the cross-section `A` of a volume. Every face on a terminal takes its electrons from the piece of
//! metal of its copy; pieces are joined along the finger, and the one at the tab to the terminal half a piece further.
//!
//! # Validity
//! Sections alike along the finger; the current spreads over the width of the metal at once (its share, a third of half the width over
//! the sheet, is left out). Fingers much longer than the pitch, whose ends do not count; [`super::with_tips`] has them.
//!
//! # Source
//! Finger ladder of J. Newman and W. Tobias, J. Electrochem. Soc. 109 (1962) 1183, with a third rail for the electrolyte.
//!
//! # Verification
//! `electrochem/tests/finger.rs`

use super::{BoundaryFace, Face, Mesh, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR};

/// Metal under one electrode of a section.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rail {
    /// Cross-section of the metal, m² (all fingers of the mesh together).
    pub area: f64,
    /// Whether its tab is at the far end of the finger.
    pub far: bool,
}

/// Lengths that halve towards both ends of a finger, where the current changes most.
pub fn parts(length: f64, n: usize) -> Vec<f64> {
    super::Spacing::BothEnds { ratio: 1.5 }.widths(length, n.max(2))
}

/// The mesh of a finger from that of its section, whose volumes and areas are those of the whole length.
///
/// # Panics
/// If the section has collectors of its own or no boxes.
pub fn extruded(section: &Mesh, lengths: &[f64], rails: [Rail; 2]) -> Mesh {
    let total: f64 = lengths.iter().sum();
    let n = section.n_cells();
    assert_eq!(section.boxes.len(), n, "a section with boxes is needed");
    let mut out = Mesh::default();
    let mut low = section.boxes.iter().map(|b| b[0][1]).fold(f64::INFINITY, f64::min);
    let metal = |i: usize, side: usize| n * lengths.len() + 2 * i + side;
    for (i, length) in lengths.iter().enumerate() {
        let part = length / total;
        let at = |k: usize| i * n + k;
        let face = |f: &Face| Face {
            cells: f.cells.map(at),
            area: f.area * part,
            ..*f
        };
        out.volumes.extend(section.volumes.iter().map(|v| v * part));
        out.regions.extend(&section.regions);
        out.position.extend(&section.position);
        out.faces.extend(section.faces.iter().map(face));
        out.interfaces.extend(section.interfaces.iter().map(face));
        if i > 0 {
            let between = |k: usize| Face {
                cells: [at(k) - n, at(k)],
                area: section.volumes[k] / total,
                distance: [0.5 * lengths[i - 1], 0.5 * length],
            };
            out.faces.extend((0..n).map(between));
        }
        for b in &section.boxes {
            let mut b = *b;
            (b[0][1], b[1][1]) = (low, low + length);
            out.boxes.push(b);
        }
        for (side, faces) in [&section.negative, &section.positive].into_iter().enumerate() {
            for f in faces {
                let mut place = f.place;
                place[1] = low + 0.5 * length;
                let on_solid = section.regions[f.cell] != super::ELECTROLYTE;
                if on_solid {
                    // A porous electrode on its collector: electrons pass through a plain face.
                    out.faces.push(Face {
                        cells: [at(f.cell), metal(i, side)],
                        area: f.area * part,
                        distance: [f.distance, 0.0],
                    });
                } else {
                    let outer = BoundaryFace {
                        cell: at(f.cell),
                        area: f.area * part,
                        supply: Some(metal(i, side)),
                        place,
                        ..*f
                    };
                    [&mut out.negative, &mut out.positive][side].push(outer);
                }
            }
        }
        low += length;
    }
    for (i, length) in lengths.iter().enumerate() {
        for (side, rail) in rails.iter().enumerate() {
            out.volumes.push(rail.area * length);
            out.regions.push([NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR][side]);
            out.boxes.push(out.boxes[i * n]);
            if i > 0 {
                out.faces.push(Face {
                    cells: [metal(i - 1, side), metal(i, side)],
                    area: rail.area,
                    distance: [0.5 * lengths[i - 1], 0.5 * length],
                });
            }
        }
    }
    for (side, rail) in rails.iter().enumerate() {
        let end = if rail.far { lengths.len() - 1 } else { 0 };
        let tab = BoundaryFace::flat(metal(end, side), rail.area, 0.5 * lengths[end]);
        [&mut out.negative, &mut out.positive][side].push(tab);
    }
    out
}
