//! A solver failure in the user's words: place, time, region, unknown, cause and what to do.

use crate::prepare::Prepared;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_lab::run::RunError;
use cellwright_lab::solution::{Solution, StepEnd};

/// The diagnostic of a failed run, and its results so far.
pub fn explain(error: RunError, prepared: &Prepared) -> (Diagnostic, Option<Box<Solution>>) {
    match error {
        RunError::NotConverged(b) => {
            let cellwright_lab::run::Breakdown {
                step,
                place,
                time,
                region,
                unknown,
                cause,
                at_start,
                partial,
            } = *b;
            let what = if at_start { "could not start" } else { "could not continue" };
            let at = format_quantity(time, Dimension::TIME);
            let mut d = Diagnostic::error(ErrorKind::NotConverged, "E301", format!("{what} at {at}, in \"{step}\""))
                .label(cause.clone())
                .note(format!(
                    "region {region}, unknown {unknown}, after {} steps",
                    partial.statistics.steps
                ));
            if let Some(place) = prepared.place(&place) {
                d = d.at(place);
            }
            let limit = prepared.voltage[usize::from(!cause.contains("beyond -"))];
            let with_limit = format!("give the step a voltage limit:  {step} or until {limit:.1} V");
            let help = if cause.contains("voltage has gone") {
                &with_limit
            } else if cause.contains("depleted") {
                "this current is more than the electrolyte can carry: use a lower rate, a thinner electrolyte layer, or stop earlier"
            } else if cause.contains("full") || cause.contains("empty") {
                "this current is more than diffusion in the solid can carry: stop earlier (a voltage limit nearer to the plateau), or use a lower rate"
            } else if at_start {
                "the cell cannot carry what this step asks for from its present state: check voltage, power and rate against the limits of the cell"
            } else {
                "use a lower rate, or tighten  relative_tolerance  under [model]"
            };
            (d.help(help), Some(Box::new(partial)))
        }
        RunError::Unsupported { step, place } => {
            let mut d = Diagnostic::error(ErrorKind::Unsupported, "E302", format!("\"{step}\" is not in this version"))
                .note("steps of this version: discharge, charge, hold, rest, power, resistance, sweep, impedance, current profile, repeat");
            if let Some(place) = prepared.place(&place) {
                d = d.at(place);
            }
            (d, None)
        }
        RunError::MissingProfile { file } => (
            Diagnostic::error(ErrorKind::Io, "E080", format!("the current profile `{file}` was not read")),
            None,
        ),
        RunError::Checkpoint(e) => (e.diagnostic(), None),
    }
}

/// The diagnostic of a protocol whose every step was over before it began.
pub fn nothing_happened(solution: &Solution, prepared: &Prepared) -> Option<Diagnostic> {
    let first = solution.steps.first()?;
    let StepEnd::AtOnce(limit) = &first.ended else { return None };
    if !solution.steps.iter().all(|s| matches!(s.ended, StepEnd::AtOnce(_))) {
        return None;
    }
    let current = format_quantity(first.current.abs(), Dimension::CURRENT);
    let mut d = Diagnostic::error(
        ErrorKind::OutOfRange,
        "E303",
        format!("the protocol cannot start: \"{}\" is over before it begins", first.text),
    )
    .label(format!(
        "{limit} is passed at once: the terminal voltage is {:.3} V at {current}",
        first.voltage
    ))
    .note("every step ended at once, so nothing was written")
    .help("use a lower rate, another limit, or another state of charge to start from");
    let step = prepared.protocol.unrolled().next().map(|l| l.step.place.clone());
    if let Some(place) = step.and_then(|s| prepared.place(&s)) {
        d = d.at(place);
    }
    Some(d)
}
