//! From a slice of a finger to the whole finger: the section repeated along it, with its metal.
//!
//! # Equation
//! Copies of the section, each a part `l_i` of the length, are joined through everything in them that conducts (metal, electrolyte, porous
//! solid): `T = A / (l_i/2κ_i + l_j/2κ_j)` with the cross-section `A` of a volume. The metal of either electrode ends on its terminal.
//!
//! # Validity
//! Sections alike along the finger. Fingers much longer than the pitch, whose tips do not count; a mesh of the whole finger has them.
//!
//! # Source
//! Finger ladder of J. Newman and W. Tobias, J. Electrochem. Soc. 109 (1962) 1183, doi:10.1149/1.2425269, with the electrolyte as third rail.
//!
//! # Verification
//! `electrochem/tests/extruded.rs`

use super::copies::{COLLECTORS, around, copies};
use super::{BoundaryFace, Edge, Face, Mesh};

/// The mesh of a finger of the given pieces (m) from that of its section, whose volumes and areas are those of the whole length.
///
/// The section is one volume thick along the direction of the tabs, which are opposites or the same.
pub fn extruded(section: &Mesh, lengths: &[f64], tabs: [Edge; 2]) -> Mesh {
    let total: f64 = lengths.iter().sum();
    let n = section.n_cells();
    let axis = tabs[0].axis();
    let [low, high] = around(section).map(|corner| corner[axis]);
    let starts: Vec<f64> = lengths.iter().scan(low, |at, l| Some(std::mem::replace(at, *at + l))).collect();
    let parts: Vec<f64> = lengths.iter().map(|l| l / total).collect();
    let mut out = copies(section, &parts, |i, mut p| {
        p[axis] = starts[i] + lengths[i] * (p[axis] - low) / (high - low);
        p
    });
    for i in 1..lengths.len() {
        out.faces.extend((0..n).map(|k| Face {
            cells: [(i - 1) * n + k, i * n + k],
            area: section.volumes[k] / total,
            distance: [0.5 * lengths[i - 1], 0.5 * lengths[i]],
        }));
    }
    for (side, faces) in [&mut out.negative, &mut out.positive].into_iter().enumerate() {
        let i = if tabs[side].is_high() { lengths.len() - 1 } else { 0 };
        let metal = (0..n).filter(|k| section.regions[*k] == COLLECTORS[side]);
        faces.extend(metal.map(|k| BoundaryFace::flat(i * n + k, section.volumes[k] / total, 0.5 * lengths[i])));
    }
    out
}
