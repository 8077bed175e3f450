//! The ends of a finger: beyond its tip there is electrolyte up to the bus of the other comb, and the other finger alone.
//!
//! # Equation
//! Slices of two sections follow each other: between the tips that of both fingers, beyond a tip that of one finger and the electrolyte
//! before the bus. Volumes of neighbouring slices are joined over the part of their cross-section that they share,
//! `T = A / (l_i/2κ_i + l_j/2κ_j)`; what a volume beyond the tip does not share is the face of the tip, and the outermost slice ends on the bus.
//!
//! # Validity
//! As [`super::extruded`], but the field beyond the tip is resolved in all directions, so that the tip may stand at any distance.
//! A section in rectangles across the finger; the bus is a perfect conductor, as is the tab beside it.
//!
//! # Verification
//! `electrochem/tests/finger_tip.rs`

use super::{BoundaryFace, ELECTROLYTE, Face, Mesh, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR, Rail};
use crate::vector::Vector;

/// What lies beyond the tip of one finger.
#[derive(Clone, Debug, PartialEq)]
pub struct Beyond {
    /// Section without that finger, per metre of length: volumes are areas across the finger, faces are as long as they are wide.
    pub section: Mesh,
    /// Lengths of its slices from the tip to the bus, m.
    pub lengths: Vec<f64>,
}

/// One slice of the finger.
struct Slice<'a> {
    section: &'a Mesh,
    length: f64,
    /// Which fingers are there, negative first.
    metal: [bool; 2],
}

/// The mesh of a finger with its ends from sections per metre of length, along which `lengths` follow each other.
///
/// `ends` holds what lies before the first slice and behind the last one. The finger whose tab is at an end is the one that goes on
/// there, and the bus belongs to it.
///
/// # Panics
/// If both tabs are at one end, a section has porous electrodes or no boxes.
pub fn with_tips(section: &Mesh, lengths: &[f64], rails: [Rail; 2], ends: [&Beyond; 2]) -> Mesh {
    assert_ne!(rails[0].far, rails[1].far, "a bus at each end is needed");
    let near = usize::from(rails[0].far);
    let only = |side: usize| [side == 0, side == 1];
    let before = ends[0].lengths.iter().rev().map(|l| (&ends[0].section, *l, only(near)));
    let between = lengths.iter().map(|l| (section, *l, [true; 2]));
    let behind = ends[1].lengths.iter().map(|l| (&ends[1].section, *l, only(1 - near)));
    let slices: Vec<Slice<'_>> = before
        .chain(between)
        .chain(behind)
        .map(|(section, length, metal)| Slice { section, length, metal })
        .collect();
    let starts: Vec<usize> = slices
        .iter()
        .scan(0, |at, s| Some(std::mem::replace(at, *at + s.section.n_cells())))
        .collect();
    let total = slices.iter().map(|s| s.section.n_cells()).sum();
    let mut out = Mesh::default();
    let metal = metals(&slices, total);
    let mut low = 0.0;
    for (i, slice) in slices.iter().enumerate() {
        add_slice(slice, starts[i], metal[i], low, &mut out);
        low += slice.length;
    }
    for i in 1..slices.len() {
        join(
            [&slices[i - 1], &slices[i]],
            [starts[i - 1], starts[i]],
            [metal[i - 1], metal[i]],
            &mut out,
        );
    }
    rails_of(&slices, &metal, rails, &mut out);
    let last = slices.len() - 1;
    for (i, side) in [(0, near), (last, 1 - near)] {
        let slice = &slices[i];
        for k in 0..slice.section.n_cells() {
            let place = middle(&out.boxes[starts[i] + k]);
            let face = BoundaryFace {
                place,
                ..BoundaryFace::flat(starts[i] + k, slice.section.volumes[k], 0.5 * slice.length)
            };
            [&mut out.negative, &mut out.positive][side].push(face);
        }
    }
    out
}

/// The volume of metal of each finger in each slice.
fn metals(slices: &[Slice<'_>], first: usize) -> Vec<[Option<usize>; 2]> {
    let mut next = first;
    let mut take = |there: bool| {
        there.then(|| {
            next += 1;
            next - 1
        })
    };
    slices.iter().map(|s| s.metal.map(&mut take)).collect()
}

/// Volumes and faces of one slice.
fn add_slice(slice: &Slice<'_>, start: usize, metal: [Option<usize>; 2], low: f64, out: &mut Mesh) {
    let (section, length) = (slice.section, slice.length);
    assert_eq!(section.boxes.len(), section.n_cells(), "a section with boxes is needed");
    assert!(
        section.regions.iter().all(|r| *r == ELECTROLYTE),
        "a section without porous electrodes is needed"
    );
    out.volumes.extend(section.volumes.iter().map(|a| a * length));
    out.regions.extend(&section.regions);
    out.position.extend(&section.position);
    out.boxes.extend(section.boxes.iter().map(|b| {
        let mut b = *b;
        (b[0][1], b[1][1]) = (low, low + length);
        b
    }));
    out.faces.extend(section.faces.iter().map(|f| Face {
        cells: f.cells.map(|k| start + k),
        area: f.area * length,
        ..*f
    }));
    for (side, faces) in [&section.negative, &section.positive].into_iter().enumerate() {
        let reacting = faces.iter().map(|f| BoundaryFace {
            cell: start + f.cell,
            area: f.area * length,
            supply: metal[side],
            place: [f.place[0], low + 0.5 * length, f.place[2]],
            ..*f
        });
        [&mut out.negative, &mut out.positive][side].extend(reacting);
    }
}

/// Area across the finger that two boxes share.
fn shared(a: &[Vector; 2], b: &[Vector; 2]) -> f64 {
    let along = |k: usize| (a[1][k].min(b[1][k]) - a[0][k].max(b[0][k])).max(0.0);
    along(0) * along(2)
}

fn middle(b: &[Vector; 2]) -> Vector {
    [0, 1, 2].map(|k| 0.5 * (b[0][k] + b[1][k]))
}

/// Faces between two slices; where one of them has a finger that the other has not, the tip of that finger.
fn join(slices: [&Slice<'_>; 2], starts: [usize; 2], metal: [[Option<usize>; 2]; 2], out: &mut Mesh) {
    let distance = slices.map(|s| 0.5 * s.length);
    let sizes = slices.map(|s| s.section.n_cells());
    let alike = std::ptr::eq(slices[0].section, slices[1].section);
    let mut open = [0, 1].map(|k| slices[k].section.volumes.clone());
    for i in 0..sizes[0] {
        let partners = if alike { i..i + 1 } else { 0..sizes[1] };
        for j in partners {
            let area = shared(&slices[0].section.boxes[i], &slices[1].section.boxes[j]);
            if area > 0.0 {
                out.faces.push(Face {
                    cells: [starts[0] + i, starts[1] + j],
                    area,
                    distance,
                });
                open[0][i] -= area;
                open[1][j] -= area;
            }
        }
    }
    for k in 0..2 {
        // The finger that ends here is in the other slice only.
        let Some(side) = (0..2).find(|side| metal[1 - k][*side].is_some() && metal[k][*side].is_none()) else {
            continue;
        };
        for (i, area) in open[k].iter().enumerate() {
            if *area > 1e-9 * slices[k].section.volumes[i] {
                let cell = starts[k] + i;
                let face = BoundaryFace {
                    supply: metal[1 - k][side],
                    place: middle(&out.boxes[cell]),
                    ..BoundaryFace::flat(cell, *area, distance[k])
                };
                [&mut out.negative, &mut out.positive][side].push(face);
            }
        }
    }
}

/// The metal of both fingers along their length, and where it meets its bus.
fn rails_of(slices: &[Slice<'_>], metal: &[[Option<usize>; 2]], rails: [Rail; 2], out: &mut Mesh) {
    let mut low = 0.0;
    for (slice, there) in slices.iter().zip(metal) {
        for side in (0..2).filter(|side| there[*side].is_some()) {
            out.volumes.push(rails[side].area * slice.length);
            out.regions.push([NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR][side]);
            let mut place = slice.section.boxes[0];
            (place[0][1], place[1][1]) = (low, low + slice.length);
            out.boxes.push(place);
        }
        low += slice.length;
    }
    for (side, rail) in rails.iter().enumerate() {
        for i in 1..slices.len() {
            if let (Some(a), Some(b)) = (metal[i - 1][side], metal[i][side]) {
                out.faces.push(Face {
                    cells: [a, b],
                    area: rail.area,
                    distance: [0.5 * slices[i - 1].length, 0.5 * slices[i].length],
                });
            }
        }
        let end = if rail.far { slices.len() - 1 } else { 0 };
        if let Some(piece) = metal[end][side] {
            let tab = BoundaryFace::flat(piece, rail.area, 0.5 * slices[end].length);
            [&mut out.negative, &mut out.positive][side].push(tab);
        }
    }
}
