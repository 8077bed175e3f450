//! Meshes of stacks made wider, with meshed films and collectors.
#![allow(dead_code, clippy::unwrap_used)]

use cellwright_device::mesh::{BoundaryFace, Face, Mesh, POSITIVE, POSITIVE_COLLECTOR, Segment, Spacing, stack};
use cellwright_electrochem::model::{Model, REGION_SEPARATOR};
use cellwright_electrochem::spec::CellSpec;

/// The stack cut in columns with the given parts of its area, which touch side by side.
pub fn widened(one: &Mesh, parts: &[f64]) -> Mesh {
    let n = one.n_cells();
    let mut wide = Mesh::default();
    for (i, part) in parts.iter().enumerate() {
        let at = |k: usize| i * n + k;
        wide.volumes.extend(one.volumes.iter().map(|v| v * part));
        wide.regions.extend(&one.regions);
        wide.position.extend(&one.position);
        let face = |f: &Face| Face {
            cells: f.cells.map(at),
            area: f.area * part,
            ..*f
        };
        let outer = |f: &BoundaryFace| BoundaryFace {
            cell: at(f.cell),
            area: f.area * part,
            ..*f
        };
        wide.faces.extend(one.faces.iter().map(face));
        wide.interfaces.extend(one.interfaces.iter().map(face));
        wide.negative.extend(one.negative.iter().map(outer));
        wide.positive.extend(one.positive.iter().map(outer));
        if i > 0 {
            wide.faces.extend((0..n).map(|k| Face {
                cells: [at(k) - n, at(k)],
                area: 1e-3 * one.volumes[k] / one.volumes[0],
                distance: [parts[i - 1] * 5e-3, part * 5e-3],
            }));
        }
    }
    wide
}

/// The mesh of a cell.
pub fn one(spec: &CellSpec) -> Mesh {
    Model::new(spec.clone()).mesh
}

/// Columns side by side along x, each a stack along z, with their boxes.
pub fn placed(spec: &CellSpec, parts: &[f64]) -> Mesh {
    let single = one(spec);
    let mut mesh = widened(&single, parts);
    let mut x = 0.0;
    for part in parts {
        let mut z = 0.0;
        for v in &single.volumes {
            let height = v / spec.area;
            mesh.boxes.push([[x, 0.0, z], [x + part * 0.01, spec.area / 0.01, z + height]]);
            z += height;
        }
        x += part * 0.01;
    }
    let boxes = mesh.boxes.clone();
    for (faces, end) in [(&mut mesh.negative, 0), (&mut mesh.positive, 1)] {
        for f in faces {
            let [low, high] = boxes[f.cell];
            f.place = std::array::from_fn(|i| 0.5 * (low[i] + high[i]));
            f.place[2] = [low[2], high[2]][end];
        }
    }
    mesh
}

/// A solid electrolyte on a positive film that is meshed itself: volumes thin towards the interface, whose sizes shrink by `ratio`.
pub fn resolved(area: f64, separator: (f64, usize), film: (f64, usize), ratio: f64) -> Mesh {
    let segment = |region, (length, cells)| Segment {
        region,
        length,
        cells,
        spacing: Spacing::BothEnds { ratio },
    };
    let mut mesh = stack(area, &[segment(REGION_SEPARATOR, separator), segment(POSITIVE, film)]);
    let (between, within): (Vec<Face>, Vec<Face>) = mesh.faces.iter().partition(|f| f.cells == [separator.1 - 1, separator.1]);
    (mesh.interfaces, mesh.faces) = (between, within);
    mesh
}

/// Volumes of metal along the positive side, each behind its column, joined to the terminal at the last one.
pub fn with_positive_collector(mut mesh: Mesh, thickness: f64) -> Mesh {
    let faces = std::mem::take(&mut mesh.positive);
    let first = mesh.n_cells();
    for (i, f) in faces.iter().enumerate() {
        mesh.volumes.push(f.area * thickness);
        mesh.regions.push(POSITIVE_COLLECTOR);
        mesh.position.push(0.0);
        let metal = first + i;
        if mesh.regions[f.cell] == REGION_SEPARATOR {
            mesh.positive.push(BoundaryFace { supply: Some(metal), ..*f });
        } else {
            mesh.faces.push(Face {
                cells: [f.cell, metal],
                area: f.area,
                distance: [f.distance, 0.5 * thickness],
            });
        }
        if i > 0 {
            mesh.faces.push(Face {
                cells: [metal - 1, metal],
                area: 1e-2 * thickness,
                distance: [2e-3; 2],
            });
        }
    }
    mesh.positive
        .push(BoundaryFace::flat(first + faces.len() - 1, 1e-2 * thickness, 2e-3));
    mesh
}
