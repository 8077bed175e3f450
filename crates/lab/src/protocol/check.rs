//! Doubtful but usable protocols: what deserves a warning before anything runs.

use cellwright_base::diagnostic::Diagnostic;

use super::ast::{Action, Crossing, Step, StepPlace, Termination};

/// Voltages beyond this are unusual for a single cell, V.
const UNUSUAL_VOLTAGE: f64 = 10.0;

/// Warnings about `steps`, with their places.
pub(super) fn warnings(steps: &[Step]) -> Vec<(Diagnostic, StepPlace)> {
    let mut found = Vec::new();
    visit(steps, &mut Bounds::default(), &mut found);
    found
}

/// What the earlier steps say about the present voltage, V.
#[derive(Default)]
struct Bounds {
    at_least: Option<f64>,
    at_most: Option<f64>,
}

fn visit(steps: &[Step], bounds: &mut Bounds, found: &mut Vec<(Diagnostic, StepPlace)>) {
    for step in steps {
        if let Action::Repeat { steps, .. } = &step.action {
            visit(steps, bounds, found);
            continue;
        }
        let limits = || {
            step.until.iter().filter_map(|u| {
                if let Termination::Voltage { volts, crossing } = u {
                    Some((*volts, *crossing))
                } else {
                    None
                }
            })
        };
        for (volts, crossing) in limits() {
            unusual(volts, step, found);
            let before = match crossing {
                Crossing::Rising => bounds.at_least.filter(|v| volts <= *v),
                Crossing::Falling => bounds.at_most.filter(|v| volts >= *v),
                Crossing::Either => None,
            };
            if let Some(v) = before {
                let (word, end) = if crossing == Crossing::Rising {
                    ("at or above", "rises")
                } else {
                    ("at or below", "falls")
                };
                let d = Diagnostic::warning("W041", "this step ends at once")
                    .label(format!("the steps before leave the cell {word} {v} V"))
                    .note(format!("the step ends when the voltage {end} to {volts} V"))
                    .help("exchange Discharge and Charge, or correct the limit");
                found.push((d, step.place.clone()));
            }
        }
        match &step.action {
            Action::Voltage(v) => {
                unusual(*v, step, found);
                *bounds = Bounds {
                    at_least: Some(*v),
                    at_most: Some(*v),
                };
            }
            Action::Sweep { from, to, .. } => {
                from.iter().chain([to]).for_each(|v| unusual(*v, step, found));
                // It ends at `to` unless a condition ends it before.
                let ends_there = step.until.is_empty() && step.duration.is_none();
                *bounds = match from {
                    _ if ends_there => Bounds {
                        at_least: Some(*to),
                        at_most: Some(*to),
                    },
                    Some(from) => Bounds {
                        at_least: Some(from.min(*to)),
                        at_most: Some(from.max(*to)),
                    },
                    None => Bounds::default(),
                };
            }
            Action::Rest | Action::Impedance { .. } => {}
            action => {
                let limit = limits().next().map(|(v, _)| v);
                *bounds = match action.implied_crossing() {
                    Crossing::Falling => Bounds {
                        at_least: limit,
                        at_most: None,
                    },
                    Crossing::Rising => Bounds {
                        at_least: None,
                        at_most: limit,
                    },
                    Crossing::Either => Bounds::default(),
                };
            }
        }
    }
}

fn unusual(volts: f64, step: &Step, found: &mut Vec<(Diagnostic, StepPlace)>) {
    if volts.abs() > UNUSUAL_VOLTAGE {
        // A lost prefix or a lost decimal point.
        let scale = if volts.abs() >= 1000.0 { 1000.0 } else { 10.0 };
        let d = Diagnostic::warning("W042", format!("{volts} V is unusual for a single cell"))
            .help(format!("did you mean {:?} V?", volts / scale));
        found.push((d, step.place.clone()));
    }
}
