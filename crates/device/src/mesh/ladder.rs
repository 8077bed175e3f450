//! From a period of what stands on fingers to the whole fingers: unit cells along metal that is followed.
//!
//! # Equation
//! Copies of the period, each for a part `l_i` of the length, share out the unit cells. Within a copy the metal of an electrode is one
//! volume, which all its interfaces are on; from copy to copy it is joined over `T = σ A / (l_i/2 + l_j/2)` with the cross-section `A`
//! of what runs along the fingers, and it ends on its terminal. A metal volume of `l_i` loses `l_i/(2σA)` to either side.
//!
//! # Validity
//! Fingers much longer than the pitch: within a period the metal is an equipotential, tips do not count, and the electrolyte carries
//! nothing along the fingers.
//!
//! # Source
//! Two-rail ladder of J. Newman and W. Tobias, J. Electrochem. Soc. 109 (1962) 1183, doi:10.1149/1.2425269.
//!
//! # Verification
//! `electrochem/tests/ladder.rs`

use super::copies::{COLLECTORS, around, copies, onto_metal};
use super::{BoundaryFace, Edge, Face, Mesh};

/// The mesh of fingers of the given pieces (m) from that of a period with ideal metal, whose volumes and areas are those of the whole
/// length; `sections` are the cross-sections of the metal along the fingers, negative first, m².
///
/// The tabs are opposites or the same.
pub fn ladder(period: &Mesh, lengths: &[f64], tabs: [Edge; 2], sections: [f64; 2]) -> Mesh {
    let total: f64 = lengths.iter().sum();
    let n = period.n_cells();
    let axis = tabs[0].axis();
    let [low, high] = around(period);
    let starts: Vec<f64> = lengths
        .iter()
        .scan(low[axis], |at, l| Some(std::mem::replace(at, *at + l)))
        .collect();
    let parts: Vec<f64> = lengths.iter().map(|l| l / total).collect();
    let mut out = copies(period, &parts, |i, mut p| {
        p[axis] = starts[i] + lengths[i] * (p[axis] - low[axis]) / (high[axis] - low[axis]);
        p
    });
    let metal = |i: usize, side: usize| n * lengths.len() + 2 * i + side;
    let outer = [std::mem::take(&mut out.negative), std::mem::take(&mut out.positive)];
    for (side, faces) in outer.into_iter().enumerate() {
        for f in faces {
            onto_metal(&mut out, side, f, metal(f.cell / n, side));
        }
    }
    for (i, length) in lengths.iter().enumerate() {
        for side in 0..2 {
            out.volumes.push(length * sections[side]);
            out.regions.push(COLLECTORS[side]);
            out.position.push(0.0);
            let [mut from, mut to] = [low, high];
            (from[axis], to[axis], to[2]) = (starts[i], starts[i] + length, low[2]);
            out.boxes.push([from, to]);
            if i > 0 {
                out.faces.push(Face {
                    cells: [metal(i - 1, side), metal(i, side)],
                    area: sections[side],
                    distance: [0.5 * lengths[i - 1], 0.5 * length],
                });
            }
        }
    }
    for (side, faces) in [&mut out.negative, &mut out.positive].into_iter().enumerate() {
        let i = if tabs[side].is_high() { lengths.len() - 1 } else { 0 };
        faces.push(BoundaryFace::flat(metal(i, side), sections[side], 0.5 * lengths[i]));
    }
    out
}
