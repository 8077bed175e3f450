//! Sections through the device after any step.

use super::cut::Cut;
use super::layers::layers;
use super::sample::rings;
use crate::emulate::Made;
use crate::export::contour::Frame;
use crate::export::{ExportError, SectionPicture};
use crate::plan::Form;
use cellwright_device::tape::{RegionId, SEALED};
use std::collections::BTreeMap;

/// Cells of a section over the whole width of a page.
pub const FULL: [usize; 2] = [420, 420];
/// Cells of a frame of the process strip.
pub const SMALL: [usize; 2] = [150, 150];

/// What is drawn: along the cut from `s[0]` to `s[1]` and between two heights, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Part of the cut.
    pub s: [f64; 2],
    /// Lowest and greatest height.
    pub z: [f64; 2],
}

/// Everything that was made, with a margin of the substrate below.
pub fn range(made: &Made, cut: &Cut) -> Range {
    let block = &made.tape.block;
    let [floor, ceiling] = block.span(2);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let fibre = matches!(made.fabrication.plan.substrate.form, Form::Fibre { .. });
    for piece in &made.partition.pieces {
        for p in piece.faces.iter().flat_map(|f| &f.points) {
            if piece.label < SEALED {
                high = high.max(p[2]);
            }
            // Open space beside a fibre reaches down to the bottom of the box.
            if (piece.label != 0 && !fibre) || (piece.label < SEALED && fibre) {
                low = low.min(p[2]);
            }
        }
    }
    if let Some(lid) = lid(made, high) {
        // A lid is as dull as the substrate.
        high = high.min(lid + 0.15 * (lid - low));
    }
    if low >= high {
        (low, high) = (floor.max(-1e-6), high.max(0.0));
    }
    let height = high - low;
    Range {
        s: [0.0, cut.length()],
        z: [(low - 0.12 * height).max(floor), (high + 0.05 * height).min(ceiling)],
    }
}

/// Lower side of the uppermost film, m, where it lies flat over everything like a lid.
fn lid(made: &Made, top: f64) -> Option<f64> {
    let mut spans: BTreeMap<RegionId, [f64; 2]> = BTreeMap::new();
    for piece in made.partition.pieces.iter().filter(|p| p.label < SEALED && p.label != 0) {
        let span = spans.entry(piece.label).or_insert([f64::INFINITY, f64::NEG_INFINITY]);
        for p in piece.faces.iter().flat_map(|f| &f.points) {
            *span = [span[0].min(p[2]), span[1].max(p[2])];
        }
    }
    let grain = 1e-6 * (top - made.tape.block.span(2)[0]);
    let (uppermost, [lower, _]) = spans.iter().find(|(_, s)| s[1] >= top - grain)?;
    let others = spans.iter().filter(|(r, _)| *r != uppermost);
    let highest = others.map(|(_, s)| s[1]).fold(f64::NEG_INFINITY, f64::max);
    (highest <= lower + grain).then_some(*lower)
}

/// The section after a step (the finished device if none is named).
///
/// # Errors
/// [`ExportError`] for a range that is empty or not finite.
pub fn section(made: &Made, cut: &Cut, range: Range, after: Option<usize>, cells: [usize; 2]) -> Result<SectionPicture, ExportError> {
    let steps = &made.fabrication.steps;
    let record = after.and_then(|i| steps.get(i));
    let mut tape = match record {
        Some(step) => made.tape.after(step.operations),
        None => made.lasting.clone(),
    };
    let painted = layers(&mut tape);
    let wanted: Vec<_> = painted.iter().map(|(_, f)| *f).collect();
    let frame = Frame {
        from: [range.s[0], range.z[0]],
        to: [range.s[1], range.z[1]],
        cells,
    };
    let found = rings(&tape.fields, &wanted, cut, frame)?;
    let start = range.s[0];
    let layers = painted
        .iter()
        .zip(found)
        .map(|((region, _), rings)| {
            let moved = rings
                .into_iter()
                .map(|ring| ring.into_iter().map(|[s, z]| [s - start, z]).collect());
            (usize::from(*region), moved.collect())
        })
        .collect();
    Ok(SectionPicture {
        width: range.s[1] - range.s[0],
        bottom: range.z[0],
        top: range.z[1],
        layers,
        thickness: thicknesses(made, &painted),
        cut: cut.words(),
        title: match record {
            Some(step) => format!("After {}", step.name),
            None => made.fabrication.plan.name.clone(),
        },
    })
}

/// Mean thickness of the films that are there.
fn thicknesses(made: &Made, painted: &[(RegionId, cellwright_device::field::FieldId)]) -> Vec<(usize, f64)> {
    let f = &made.fabrication;
    let there = |r: &RegionId| painted.iter().any(|(p, _)| p == r);
    made.thickness
        .iter()
        .filter(|(r, _)| there(r))
        .map(|(r, nominal)| {
            let step = f.regions.get(usize::from(*r)).and_then(|region| f.steps.get(region.step?));
            (usize::from(*r), step.and_then(|s| s.thickness).map_or(*nominal, |t| t[1]))
        })
        .collect()
}
