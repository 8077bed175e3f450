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

use super::{BoundaryFace, Edge, Face, Mesh, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR};

/// The mesh of a finger of the given pieces from that of its section, whose volumes and areas are those of the whole length.
///
/// The section is one volume thick along the direction of the tabs, which are opposites or the same.
pub fn extruded(section: &Mesh, lengths: &[f64], tabs: [Edge; 2]) -> Mesh {
    let total: f64 = lengths.iter().sum();
    let n = section.n_cells();
    let axis = usize::from(matches!(tabs[0], Edge::Bottom | Edge::Top));
    let metals = [NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR];
    let is_metal = |cell: usize| metals.contains(&section.regions[cell]);
    let mut out = Mesh::default();
    let mut low = section.boxes.iter().map(|b| b[0][axis]).fold(f64::INFINITY, f64::min);
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
            (b[0][axis], b[1][axis]) = (low, low + length);
            out.boxes.push(b);
        }
        for (side, faces) in [&section.negative, &section.positive].into_iter().enumerate() {
            for f in faces.iter().filter(|f| !is_metal(f.cell)) {
                let mut place = f.place;
                place[axis] = low + 0.5 * length;
                [&mut out.negative, &mut out.positive][side].push(BoundaryFace {
                    cell: at(f.cell),
                    area: f.area * part,
                    supply: f.supply.map(at),
                    place,
                    ..*f
                });
            }
        }
        low += length;
    }
    for side in 0..2 {
        let last = matches!(tabs[side], Edge::Right | Edge::Top);
        let i = if last { lengths.len() - 1 } else { 0 };
        for k in (0..n).filter(|k| section.regions[*k] == metals[side]) {
            let tab = BoundaryFace::flat(i * n + k, section.volumes[k] / total, 0.5 * lengths[i]);
            [&mut out.negative, &mut out.positive][side].push(tab);
        }
    }
    out
}
