//! A mesh many times over: what chips of like fingers are made of.

use super::{BoundaryFace, ELECTROLYTE, Face, Mesh, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR};
use crate::vector::Vector;

/// The metal that is in a mesh, negative first.
pub const COLLECTORS: [usize; 2] = [NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR];

/// Copies of `one`, each with its part of volumes and areas and at the place that `place` gives it, without the faces where metal ends on
/// a terminal. Volume `k` of copy `i` has the number `i n + k`.
pub fn copies(one: &Mesh, parts: &[f64], place: impl Fn(usize, Vector) -> Vector) -> Mesh {
    let n = one.n_cells();
    let mut out = Mesh::default();
    for (i, part) in parts.iter().enumerate() {
        let at = |k: usize| i * n + k;
        let face = |f: &Face| Face {
            cells: f.cells.map(at),
            area: f.area * part,
            ..*f
        };
        let outer = |f: &BoundaryFace| BoundaryFace {
            cell: at(f.cell),
            area: f.area * part,
            supply: f.supply.map(at),
            place: place(i, f.place),
            ..*f
        };
        let wet = |f: &&BoundaryFace| !COLLECTORS.contains(&one.regions[f.cell]);
        out.volumes.extend(one.volumes.iter().map(|v| v * part));
        out.regions.extend(&one.regions);
        out.position.extend(&one.position);
        out.boxes.extend(one.boxes.iter().map(|b| b.map(|corner| place(i, corner))));
        out.faces.extend(one.faces.iter().map(face));
        out.interfaces.extend(one.interfaces.iter().map(face));
        out.negative.extend(one.negative.iter().filter(wet).map(outer));
        out.positive.extend(one.positive.iter().filter(wet).map(outer));
    }
    out
}

/// Puts an outer face of an electrode on a volume of metal: the film behind electrolyte takes its electrons from there, a porous electrode
/// touches it.
pub fn onto_metal(mesh: &mut Mesh, side: usize, face: BoundaryFace, metal: usize) {
    if mesh.regions[face.cell] == ELECTROLYTE {
        [&mut mesh.negative, &mut mesh.positive][side].push(BoundaryFace {
            supply: Some(metal),
            ..face
        });
    } else {
        mesh.faces.push(Face {
            cells: [face.cell, metal],
            area: face.area,
            distance: [face.distance, 0.0],
        });
    }
}

/// The box around all volumes.
pub fn around(mesh: &Mesh) -> [Vector; 2] {
    let empty = [[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]];
    mesh.boxes.iter().fold(empty, |[l, h], b| {
        [[0, 1, 2].map(|i| l[i].min(b[0][i])), [0, 1, 2].map(|i| h[i].max(b[1][i]))]
    })
}
