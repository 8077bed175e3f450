//! The process strip: the same section after every step.

use super::cut::Cut;
use super::section::{Range, section};
use crate::emulate::Made;
use crate::export::ExportError;
use crate::export::flow_strip::FlowStep;
use crate::plan::{Step, Verb};
use cellwright_base::constants::ZERO_CELSIUS;
use cellwright_base::units::{Dimension, format_quantity};

/// One frame per step, all over the same range: as high as the highest thing that ever stands there.
///
/// # Errors
/// [`ExportError`] for a range that is empty or not finite.
pub fn strip(made: &Made, cut: &Cut, range: Range, cells: [usize; 2]) -> Result<Vec<FlowStep>, ExportError> {
    let f = &made.fabrication;
    let mut highest = range.z[1];
    let tall = Range {
        z: [range.z[0], made.tape.block.span(2)[1]],
        ..range
    };
    if tall.z[1] > highest {
        for i in 0..f.steps.len() {
            let rough = section(made, cut, tall, Some(i), [12, 96])?;
            let tops = rough.layers.iter().flat_map(|(_, rings)| rings).flatten().map(|p| p[1]);
            let top = tops.fold(f64::NEG_INFINITY, f64::max);
            highest = highest.max((top + 0.03 * (top - range.z[0])).min(tall.z[1]));
        }
    }
    let range = Range {
        z: [range.z[0], highest],
        ..range
    };
    f.plan
        .steps
        .iter()
        .enumerate()
        .map(|(i, step)| {
            Ok(FlowStep {
                name: step.name.clone(),
                technique: technique(step),
                parameter: parameter(made, i),
                region: f.regions.iter().position(|r| r.step == Some(i)),
                picture: section(made, cut, range, Some(i), cells)?,
            })
        })
        .collect()
}

fn technique(step: &Step) -> String {
    match &step.verb {
        Verb::Deposit(d) => d.technique.clone(),
        Verb::Etch(e) => e.technique.clone(),
        Verb::LiftOff { .. } => "lift-off".into(),
        Verb::Anneal { .. } => "anneal".into(),
        Verb::Planarise { .. } => "planarise".into(),
        Verb::Infill(_) => "infill".into(),
        Verb::Lithiate { .. } => "lithiate".into(),
    }
}

/// Thickness of a film, depth of an etch, temperature of an anneal.
fn parameter(made: &Made, i: usize) -> String {
    let length = |v: f64| format_quantity(v, Dimension::LENGTH);
    let record = &made.fabrication.steps[i];
    match &made.fabrication.plan.steps[i].verb {
        Verb::Deposit(_) => record.thickness.map_or(String::new(), |t| length(t[1])),
        Verb::Etch(e) => e.depth.map_or(String::new(), |d| format!("{} deep", length(d))),
        Verb::LiftOff { resist } => format!("takes {resist} away"),
        Verb::Anneal { .. } => format!("{:.0} °C", record.temperature - ZERO_CELSIUS),
        Verb::Planarise { height } => format!("down to {}", length(*height)),
        Verb::Infill(f) => format!("up to {}", length(f.level)),
        Verb::Lithiate { stoichiometry, .. } => format!("to {stoichiometry}"),
    }
}
