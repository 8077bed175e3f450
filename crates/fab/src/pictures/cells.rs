//! The divided device as cells with their region, for ParaView and meshing programs.

use super::paints;
use crate::emulate::Made;
use crate::export::ExportError;
use crate::export::vtu::{Cell, RegionCells, write_vtu};
use cellwright_device::partition::Partition;
use cellwright_device::partition::clip::{Piece, SIDES};
use cellwright_device::tape::SEALED;
use std::collections::HashMap;

/// All solid pieces: boxes as hexahedra, cut pieces as convex polyhedra, whose volumes add up to those of the partition.
///
/// # Errors
/// [`ExportError`] if the file cannot be written.
pub fn vtu(made: &Made, partition: &Partition) -> Result<Vec<u8>, ExportError> {
    let mut cells = RegionCells::default();
    let mut numbers: HashMap<[u64; 3], u32> = HashMap::new();
    for piece in partition.pieces.iter().filter(|p| p.label < SEALED) {
        let region = usize::from(piece.label);
        let mut number = |p: [f64; 3]| {
            *numbers.entry(p.map(|v| (v + 0.0).to_bits())).or_insert_with(|| {
                cells.points.push(p);
                cells.points.len() as u32 - 1
            })
        };
        let cell = match hexahedron(piece) {
            Some(corners) => Cell::Hexahedron(corners.map(&mut number)),
            None => Cell::Polyhedron(piece.faces.iter().map(|f| f.points.iter().map(|p| number(*p)).collect()).collect()),
        };
        cells.cells.push((cell, region));
    }
    let mut bytes = Vec::new();
    write_vtu(&cells, &paints(&made.fabrication.regions), &mut bytes)?;
    Ok(bytes)
}

/// Corners of an uncut box in the order of VTK.
fn hexahedron(piece: &Piece) -> Option<[[f64; 3]; 8]> {
    if piece.faces.len() != 6 || piece.faces.iter().any(|f| f.plane >= SIDES || f.points.len() != 4) {
        return None;
    }
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for p in piece.faces.iter().flat_map(|f| &f.points) {
        for i in 0..3 {
            low[i] = low[i].min(p[i]);
            high[i] = high[i].max(p[i]);
        }
    }
    let at = |x: f64, y: f64, z: f64| [x, y, z];
    Some([
        at(low[0], low[1], low[2]),
        at(high[0], low[1], low[2]),
        at(high[0], high[1], low[2]),
        at(low[0], high[1], low[2]),
        at(low[0], low[1], high[2]),
        at(high[0], low[1], high[2]),
        at(high[0], high[1], high[2]),
        at(low[0], high[1], high[2]),
    ])
}
