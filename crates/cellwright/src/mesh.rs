//! Control volumes for a fabricated device: where the grid lines go, and the mesh in the measure of the whole chip.

use crate::cell::{Meshed, classes};
use crate::design::Design;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_device::mesh::{Classes, Grid, Growth, Mesh, MixedOptions, Stop, graded, mixed};
use cellwright_device::partition::clip::area_vector;
use cellwright_device::tape::SEALED;
use cellwright_electrochem::spec::CellSpec;
use cellwright_fab::emulate;
use cellwright_materials::Library;

/// Volumes along the longest side of the repeating window, unless the design says otherwise.
const CELLS: usize = 40;

/// Meshes the device for a cell.
///
/// # Errors
/// `E063` with the reason if it cannot be meshed.
pub fn of(design: &Design, library: &Library, made: &emulate::Made, _spec: &CellSpec) -> Result<Meshed, Box<Diagnostic>> {
    let classes = classes(library, made);
    let cells = design.model.cells.as_ref().map_or(CELLS, |c| c.value);
    let repeats = made.fabrication.plan.window.repeats;
    let build = |cells: usize, growth: Growth| {
        let grid = grid(made, &classes, cells, growth);
        let options = MixedOptions::default();
        mixed(&made.partition, &grid, &classes, options).map_err(|e| {
            let place = Place::in_source(&design.file, &design.source, 0..0);
            Box::new(Diagnostic::error(ErrorKind::Input, "E063", format!("the device cannot be meshed: {e}")).at(place))
        })
    };
    let fine = build(
        cells,
        Growth {
            ratio: 1.2,
            ..Growth::default()
        },
    )?;
    let coarse = build(
        cells / 2,
        Growth {
            ratio: 1.44,
            ..Growth::default()
        },
    )?;
    Ok(Meshed {
        mesh: scaled(fine.mesh, repeats),
        coarse: scaled(coarse.mesh, repeats),
        collectors: [f64::INFINITY; 2],
        report: fine.report,
        repeats,
    })
}

/// The grid of a device: lines at the flat faces of everything that is meshed.
fn grid(made: &emulate::Made, classes: &Classes, cells: usize, growth: Growth) -> Grid {
    let block = &made.partition;
    let mut low = [f64::INFINITY; 3];
    let mut high = [f64::NEG_INFINITY; 3];
    let mut stops: [Vec<f64>; 3] = Default::default();
    for piece in block
        .pieces
        .iter()
        .filter(|p| p.label < SEALED && classes.of(p.label).region().is_some())
    {
        for face in &piece.faces {
            for p in &face.points {
                for i in 0..3 {
                    (low[i], high[i]) = (low[i].min(p[i]), high[i].max(p[i]));
                }
            }
        }
    }
    let extent: Vec<f64> = (0..3).map(|i| high[i] - low[i]).collect();
    let longest = extent.iter().copied().fold(0.0, f64::max);
    // Planes on which two bodies touch flat, square to an axis, over a good part of the box.
    let mut planes: [std::collections::BTreeMap<i64, f64>; 3] = Default::default();
    let mut even = [true; 3];
    for c in &block.contacts {
        let labels = c.pieces.map(|p| block.pieces[p as usize].label);
        if !labels.iter().any(|l| classes.of(*l).region().is_some()) {
            continue;
        }
        for (i, planes) in planes.iter_mut().enumerate() {
            let at = c.points[0][i];
            if c.points.iter().all(|p| (p[i] - at).abs() < 1e-9 * longest) {
                *planes.entry((at / longest * 1e7).round() as i64).or_default() += c.area;
            }
        }
        let normal = area_vector(&c.points);
        let size = normal.iter().map(|v| v.abs()).fold(0.0, f64::max);
        (0..3).for_each(|i| even[i] &= normal[i].abs() < 1e-9 * size);
    }
    for (i, planes) in planes.iter().enumerate() {
        let section: f64 = (0..3).filter(|k| *k != i).map(|k| extent[k]).product();
        stops[i].extend(
            planes
                .iter()
                .filter(|(_, a)| **a > 0.02 * section)
                .map(|(k, _)| *k as f64 * longest / 1e7),
        );
    }
    let usual = longest / cells as f64;
    let lines = [0, 1, 2].map(|i| {
        if even[i] {
            return vec![low[i], high[i]];
        }
        let mut at = vec![low[i], high[i]];
        at.extend(
            stops[i]
                .iter()
                .filter(|x| **x > low[i] + 0.2 * usual && **x < high[i] - 0.2 * usual),
        );
        at.sort_by(f64::total_cmp);
        at.dedup_by(|a, b| *a - *b < 0.2 * usual);
        let stops: Vec<Stop> = at.into_iter().map(|x| Stop::new(x, 0.5 * usual)).collect();
        graded(
            &stops,
            Growth {
                cap: 2.0 * usual,
                ..growth
            },
        )
    });
    Grid { lines }
}

/// The mesh of one window as that of all of them side by side.
fn scaled(mut mesh: Mesh, repeats: f64) -> Mesh {
    mesh.volumes.iter_mut().for_each(|v| *v *= repeats);
    mesh.faces.iter_mut().chain(&mut mesh.interfaces).for_each(|f| f.area *= repeats);
    mesh.negative.iter_mut().chain(&mut mesh.positive).for_each(|f| f.area *= repeats);
    mesh
}
