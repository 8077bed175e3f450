//! `cellwright build`: from a design to the device on its chip, or to the masks and steps it stands for.

use super::run::{STOPPED, command_line, failed, stop_on_interrupt, today};
use crate::arguments::{Build, Globals};
use crate::messages::Messages;
use crate::progress::Display;
use crate::terminal::Style;
use cellwright::build::{self, BuildRequest, Built};
use cellwright::build_summary::BuildSummary;
use cellwright_base::units::{Dimension, format_number, format_quantity};
use std::path::Path;

/// Builds or expands.
pub fn run(arguments: Build, globals: &Globals, messages: &mut Messages) -> i32 {
    match &arguments.out {
        None => expand(&arguments, messages),
        Some(out) => make(&arguments, out, globals, messages),
    }
}

fn expand(arguments: &Build, messages: &mut Messages) -> i32 {
    match build::expand(&arguments.design) {
        Ok((text, warnings)) => {
            messages.report_all(&warnings);
            messages.print(&text)
        }
        Err(failure) => failed(&failure, messages),
    }
}

fn make(arguments: &Build, out: &Path, globals: &Globals, messages: &mut Messages) -> i32 {
    let request = BuildRequest {
        design: arguments.design.clone(),
        out: out.to_owned(),
        command: command_line(),
        date: today(),
    };
    let cancel = stop_on_interrupt();
    let outcome = {
        let mut display = Display::new(messages, globals.quiet || globals.json_messages);
        let outcome = build::build(&request, &cancel, &mut |p| display.show(p));
        display.clear();
        outcome
    };
    match outcome {
        Ok(built) if built.report.is_none() => {
            messages.note(&format!("Stopped; nothing was written. Start again: {}", request.command));
            STOPPED
        }
        Ok(built) => finished(&built, arguments.steps, globals, messages),
        Err(failure) => failed(&failure, messages),
    }
}

fn finished(built: &Built, steps: bool, globals: &Globals, messages: &mut Messages) -> i32 {
    let summary = &built.summary;
    if globals.json {
        let broken = messages.report_all(&built.findings);
        let value = serde_json::to_value(summary).unwrap_or_default();
        let printed = messages.print(&format!("{value:#}\n"));
        return if broken == 0 { printed } else { broken };
    }
    if !globals.quiet {
        let took = format_quantity(summary.wall_s, Dimension::TIME);
        let closure = format_number(summary.volume_closure.abs(), 1);
        messages.verb(
            "Finished",
            &format!("in {took}, {} steps; volumes add up to {closure}", summary.steps.len()),
        );
        if steps {
            messages.print(&format!("\n{}", flow(summary)));
        }
        messages.print(&format!("\n{}\n", headline(summary)));
    }
    let broken = messages.report_all(&built.findings);
    let Some(report) = &built.report else { return broken };
    let size = built.report_bytes.div_ceil(1000);
    let verb = messages.out.paint(Style::Green, "Report");
    let printed = messages.print(&format!("     {verb} {} ({size} KB)\n", report.display()));
    if broken == 0 { printed } else { broken }
}

/// The process flow, one line per step.
fn flow(summary: &BuildSummary) -> String {
    let line = |(i, step): (usize, &cellwright::build_summary::StepSummary)| {
        let at = format_quantity(step.temperature_k, Dimension::TEMPERATURE);
        let takes = format_quantity(step.duration_s, Dimension::TIME);
        format!("  {:>3}  {:<56} {at:>9}  {takes:>9}\n", i + 1, step.words)
    };
    summary.steps.iter().enumerate().map(line).collect()
}

/// Area, capacity, volume, time in two columns.
fn headline(summary: &BuildSummary) -> String {
    let areal = |q: Option<f64>| q.map_or("not known".to_owned(), |q| format_quantity(q * 3.6e7, Dimension::AREAL_CAPACITY));
    let [negative, positive] = summary.areal_capacity_ah_cm2.map(areal);
    let rows = [
        (
            "area",
            format!("{} times the footprint", format_number(summary.area_enhancement, 3)),
            "footprint",
            format_quantity(summary.footprint_m2, Dimension::AREA),
        ),
        (
            "positive",
            format!("{positive} of footprint"),
            "volume",
            format_quantity(summary.device_volume_m3, Dimension::VOLUME),
        ),
        (
            "negative",
            format!("{negative} of footprint"),
            "process",
            format_quantity(summary.process_time_s, Dimension::TIME),
        ),
    ];
    rows.iter()
        .map(|(a, value, b, other)| format!("  {a:<9} {value:<32} {b:<10} {other}\n"))
        .collect()
}
