//! Three-dimensional models: coloured surfaces with a section plane, and the closed surface of everything solid.

use super::cut::Cut;
use super::layers::layers;
use super::paints;
use super::section::Range;
use crate::emulate::Made;
use crate::export::gltf::write_glb;
use crate::export::isosurface::{Grid, isosurface};
use crate::export::stl::write_stl;
use crate::export::{ExportError, TriangleMesh};
use cellwright_device::field::bound::Block;
use cellwright_device::field::value::Probe;
use cellwright_device::partition::clip::SIDES;
use cellwright_device::partition::{Fineness, Partition};
use cellwright_device::tape::{OPEN, SEALED};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Most pieces of a model of coloured surfaces: a file of two megabytes.
pub const MOST_SHOWN: usize = 20_000;
/// Most pieces of a file of cells: five megabytes.
pub const MOST_CELLS: usize = 10_000;

/// The part of the window behind the cut, over the heights that are drawn.
pub fn behind(made: &Made, cut: &Cut, range: Range) -> Block {
    let block = &made.tape.block;
    let mut low = [block.span(0)[0], block.span(1)[0], range.z[0]];
    let mut high = [block.span(0)[1], block.span(1)[1], range.z[1]];
    // A diagonal cut has no box behind it: the box is cut through its middle.
    let (axis, at) = cut.axis().map_or((1, block.c[1]), |a| (1 - a, cut.from[1 - a]));
    // The larger part stays.
    if at - low[axis] > high[axis] - at {
        high[axis] = at;
    } else {
        low[axis] = at;
    }
    Block::between(low, high)
}

/// The device in a part of its box, divided no finer than a picture needs, into about `most` pieces at most.
pub fn divided(made: &Made, block: Block, most: usize) -> Partition {
    let mut tape = made.lasting.clone();
    tape.block = block;
    // The height of a flat film must not decide: its window can be a hundred thousand times as wide.
    let usual = Fineness::for_feature(block.h[0].min(block.h[1]));
    let thinnest = made.thickness.values().copied().fold(f64::INFINITY, f64::min);
    let fineness = |coarser: f64| Fineness {
        tolerance: (4.0 * usual.tolerance * coarser).min(thinnest.max(usual.tolerance * coarser)),
        finest: 4.0 * usual.finest * coarser,
    };
    // From coarse to fine, since nobody knows before how many pieces there will be.
    let mut coarser = 16.0;
    let mut partition = Partition::of(&tape, fineness(coarser));
    while coarser > 1.0 && 3 * partition.pieces.len() < 2 * most {
        coarser /= 2.0;
        let finer = Partition::of(&tape, fineness(coarser));
        if finer.pieces.len() > most {
            break;
        }
        partition = finer;
    }
    partition
}

/// Surfaces towards open space, and exact faces where the sides of the box cut the device, as one `.glb` file.
///
/// # Errors
/// [`ExportError`] if the file cannot be written.
pub fn glb(made: &Made, partition: &Partition, block: &Block) -> Result<Vec<u8>, ExportError> {
    let mut meshes: BTreeMap<usize, TriangleMesh> = BTreeMap::new();
    let mut corner: BTreeMap<(usize, [i64; 3]), u32> = BTreeMap::new();
    let grain = 1e-5 * block.h.iter().copied().fold(f64::INFINITY, f64::min);
    for contact in &partition.contacts {
        let labels = contact.pieces.map(|i| partition.pieces[i as usize].label);
        let open = |l: u16| l == OPEN || l == SEALED;
        let (solid, outside) = match labels.map(open) {
            [false, true] => (0, 1),
            [true, false] => (1, 0),
            _ => continue,
        };
        let region = usize::from(labels[solid]);
        let mesh = meshes.entry(region).or_insert_with(|| TriangleMesh {
            region,
            ..TriangleMesh::default()
        });
        let mut ring: Vec<u32> = Vec::with_capacity(contact.points.len());
        for p in &contact.points {
            let key = (region, p.map(|v| (v / grain).round() as i64));
            let i = *corner.entry(key).or_insert_with(|| {
                mesh.points.push(*p);
                mesh.points.len() as u32 - 1
            });
            if ring.last() != Some(&i) && ring.first() != Some(&i) {
                ring.push(i);
            }
        }
        // Corners run round the outward normal.
        let middle = |i: usize| partition.pieces[contact.pieces[i] as usize].middle();
        let (inner, outer) = (middle(solid), middle(outside));
        let normal = crate::export::mesh::area_vector([contact.points[0], contact.points[1], contact.points[2 % contact.points.len()]]);
        let outward: f64 = (0..3).map(|k| normal[k] * (outer[k] - inner[k])).sum();
        if outward < 0.0 {
            ring.reverse();
        }
        for k in 1..ring.len().saturating_sub(1) {
            mesh.triangles.push([ring[0], ring[k], ring[k + 1]]);
        }
    }
    let mut caps = Vec::new();
    for piece in partition.pieces.iter().filter(|p| p.label < SEALED) {
        for face in piece.faces.iter().filter(|f| f.plane < SIDES) {
            let (axis, end) = (face.plane as usize / 2, face.plane as usize % 2);
            let side = block.span(axis)[end];
            if face.points.iter().all(|p| (p[axis] - side).abs() <= 1e-9 * block.h[axis]) {
                caps.push((usize::from(piece.label), face.points.to_vec()));
            }
        }
    }
    let paints = paints(&made.fabrication.regions);
    let meshes: Vec<TriangleMesh> = meshes.into_values().collect();
    let mut bytes = Vec::new();
    write_glb(&meshes, &caps, &paints, &made.fabrication.plan.name, &mut bytes)?;
    Ok(bytes)
}

/// Cells along the longest side of the closed surface.
const LONGEST: f64 = 56.0;

/// The closed surface of everything solid in a part of the box, as binary STL.
///
/// # Errors
/// [`ExportError`] if the box is empty.
pub fn stl(made: &Made, block: &Block) -> Result<Vec<u8>, ExportError> {
    let mut tape = made.lasting.clone();
    let painted = layers(&mut tape);
    let (c, h) = ([block.c[0], block.c[1]], [block.h[0], block.h[1]]);
    let lists = tape.fields.listed_near(c, h, &tape.fields.all_listed());
    let probe = RefCell::new(Probe::new(&tape.fields));
    let solid = |p: [f64; 3]| {
        let mut probe = probe.borrow_mut();
        probe.next_point();
        painted
            .iter()
            .map(|(_, f)| probe.here(*f, p, &lists).v)
            .fold(f64::INFINITY, f64::min)
    };
    let longest = block.h.iter().copied().fold(0.0, f64::max);
    let grid = Grid {
        from: [0, 1, 2].map(|i| block.span(i)[0]),
        to: [0, 1, 2].map(|i| block.span(i)[1]),
        cells: block
            .h
            .map(|h| ((LONGEST * h / longest).round() as usize).clamp(8, LONGEST as usize)),
    };
    let mesh = isosurface(&solid, grid, 0)?;
    let mut bytes = Vec::new();
    write_stl(&[mesh], &made.fabrication.plan.name, &mut bytes)?;
    Ok(bytes)
}
