//! The picture that proves a broken rule: a section through the place after the step, or the masks around it.

use super::cut::{Cut, across};
use super::section::{Range, SMALL, section};
use super::{masks, paints};
use crate::emulate::Made;
use crate::export::mask_svg::mask_svg;
use crate::export::section_svg::section_svg;
use crate::export::{ExportError, Mark};
use crate::fabrication::Finding;

/// Rules whose place is seen on the masks.
const ON_MASKS: [&str; 8] = [
    "LITHO.W",
    "LITHO.S",
    "LITHO.OVL",
    "PRINT.RES",
    "PRINT.GAP",
    "DIW.SPAN",
    "ENCAP.RING",
    "TAB",
];

/// The picture of a finding; nothing for one without a place.
///
/// Rules on masks, and places outside of the window, are shown on the masks; everything else in a section along the axis of `cut`.
///
/// # Errors
/// [`ExportError`] for a place that is not finite.
pub fn proof(made: &Made, finding: &Finding, cut: &Cut, range: Range, id: &str) -> Result<Option<String>, ExportError> {
    let Some(at) = finding.at else { return Ok(None) };
    let plan = &made.fabrication.plan;
    let mark = |at: [f64; 2]| Mark { at, label: words(finding) };
    let inside = (0..2).all(|i| at[i] >= plan.window.from[i] && at[i] <= plan.window.to[i]);
    if !inside || ON_MASKS.contains(&finding.diagnostic.code) {
        let reach = 0.06 * plan.die[0].max(plan.die[1]);
        let reach = if inside {
            0.75 * (0..2).map(|i| plan.window.to[i] - plan.window.from[i]).fold(0.0, f64::max)
        } else {
            reach
        };
        let window = [[at[0] - reach, at[1] - reach], [at[0] + reach, at[1] + reach]];
        let mut drawn = masks::plan(plan, Some(window));
        drawn.title = format!("Masks at the place of {}", finding.diagnostic.code);
        return Ok(Some(mask_svg(&drawn, &[mark([at[0], at[1]])], id)));
    }
    let axis = cut.axis().unwrap_or(0);
    let cut = across(made, axis, at[1 - axis]);
    let s = at[axis] - cut.from[axis];
    let range = around(range, &cut, [s, at[2]], made.tape.block.span(2));
    let mut picture = section(made, &cut, range, finding.step, SMALL)?;
    picture.title = match finding.step.and_then(|i| plan.steps.get(i)) {
        Some(step) => format!("After {}", step.name),
        None => plan.name.clone(),
    };
    let paints = paints(&made.fabrication.regions);
    Ok(Some(section_svg(&picture, &paints, &[mark([s - range.s[0], at[2]])], id)))
}

/// Message and limit of a finding.
fn words(finding: &Finding) -> String {
    let d = &finding.diagnostic;
    if d.label.is_empty() { d.message.clone() } else { d.label.clone() }
}

/// The whole cut, with the place in the picture.
fn around(range: Range, cut: &Cut, [_, z]: [f64; 2], [floor, ceiling]: [f64; 2]) -> Range {
    let margin = 0.1 * (range.z[1] - range.z[0]);
    Range {
        s: [0.0, cut.length()],
        z: [range.z[0].min((z - margin).max(floor)), range.z[1].max((z + margin).min(ceiling))],
    }
}
