//! `cellwright compare`: several designs side by side.

use super::run::{STOPPED, command_line, stop_on_interrupt, today};
use crate::arguments::{Compare, Globals};
use crate::messages::Messages;
use crate::progress::Display;
use crate::terminal::Style;
use cellwright::compare::{self, CompareRequest, Compared, Measured};
use cellwright_base::diagnostic::{Diagnostic, Severity};
use cellwright_base::units::{Dimension, format_number, format_quantity};

/// Width of the names in the table.
const WIDTH: usize = 32;

/// Runs the designs and prints what came out.
pub fn run(arguments: Compare, globals: &Globals, messages: &mut Messages) -> i32 {
    let request = CompareRequest {
        designs: arguments.designs,
        out: arguments.out,
        command: command_line(),
        date: today(),
    };
    let cancel = stop_on_interrupt();
    let outcome = {
        let mut display = Display::new(messages, globals.quiet || globals.json_messages);
        let outcome = compare::compare(&request, &cancel, &mut |p| display.show(p));
        display.clear();
        outcome
    };
    match outcome {
        Ok(Some(done)) => finished(&done, globals, messages),
        Ok(None) => {
            messages.note("Stopped; nothing was written.");
            STOPPED
        }
        Err(fault) => messages.report_all(&[fault]),
    }
}

fn finished(done: &Compared, globals: &Globals, messages: &mut Messages) -> i32 {
    let comparison = &done.comparison;
    let broken = comparison.exit_code();
    let worst_of = |printed: i32| if broken == 0 { printed } else { broken };
    let findings = comparison.columns.iter().flat_map(|c| c.errors().chain(c.warnings()));
    // The warnings of a single design are on the page; here they would drown the comparison.
    let errors: Vec<Diagnostic> = findings.filter(|d| d.severity == Severity::Error).cloned().collect();
    if globals.json {
        messages.report_all(&errors);
        return worst_of(messages.print(&format!("{:#}\n", done.json)));
    }
    if !globals.quiet {
        messages.print(&format!("\n{}\n", table(done)));
        messages.print(&format!("  {}\n\n", comparison.verdict.sentence.replace("**", "")));
    }
    messages.report_all(&errors);
    let size = done.page_bytes.div_ceil(1000);
    let verb = messages.out.paint(Style::Green, "Report");
    worst_of(messages.print(&format!("     {verb} {} ({size} KB)\n", done.page.display())))
}

/// Capacity, energy and peak power per footprint and energy per volume, one line per design.
fn table(done: &Compared) -> String {
    let mut text = format!(
        "  {:<32} {:>16} {:>14} {:>12} {:>14}\n",
        "per footprint", "capacity", "energy", "per volume", "peak power"
    );
    for column in &done.comparison.columns {
        let name = short(&column.label);
        match &column.result {
            Ok(m) => text.push_str(&format!("  {name:<32} {}\n", numbers(m))),
            Err(_) => text.push_str(&format!("  {name:<32} could not be run\n")),
        }
    }
    text
}

fn short(label: &str) -> String {
    if label.chars().count() <= WIDTH {
        return label.to_owned();
    }
    label.chars().take(WIDTH - 1).chain(['…']).collect()
}

fn numbers(m: &Measured) -> String {
    let Some((_, d)) = m.slow() else {
        return "delivers nothing".to_owned();
    };
    let energy = format_number(d.energy / m.footprint / 3.6e4, 3);
    let volume = format_number(d.energy / m.volume / 3.6e6, 3);
    let peak = m.peak().map_or("—".to_owned(), |(_, w)| {
        format!("{} mW/cm2", format_number(w / m.footprint / 10.0, 3))
    });
    format!(
        "{:>16} {:>14} {:>12} {peak:>14}",
        format_quantity(d.capacity / m.footprint, Dimension::AREAL_CAPACITY),
        format!("{energy} mWh/cm2"),
        format!("{volume} Wh/L")
    )
}
