//! `cellwright run`: from a design or a BPX file to the report.

use crate::arguments::{Globals, Run};
use crate::messages::Messages;
use crate::progress::Display;
use crate::summary;
use crate::terminal::Style;
use cellwright::pipeline::{self, Failure, Input, RunRequest, RunSummary};
use cellwright_base::units::{Dimension, format_quantity};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{SystemTime, UNIX_EPOCH};

/// Exit code of a run that Ctrl-C stopped; it can be resumed.
pub const STOPPED: i32 = 130;

/// Runs it and prints what came out.
pub fn run(arguments: Run, globals: &Globals, messages: &mut Messages) -> i32 {
    let Some(out) = arguments.out else { return 2 };
    let input = match (arguments.bpx, arguments.design) {
        (Some(file), _) => Input::Bpx {
            file,
            protocol: arguments.protocol.unwrap_or_default(),
            kind: arguments.model,
            state_of_charge: arguments.initial_soc.unwrap_or(1.0),
            cells: arguments.cells,
        },
        (None, Some(design)) => Input::Design(design),
        (None, None) => return 2,
    };
    let command = command_line();
    let request = RunRequest {
        input,
        out,
        resume: arguments.resume,
        command: command.clone(),
        date: today(),
    };
    let cancel = stop_on_interrupt();
    let outcome = {
        let mut display = Display::new(messages, globals.quiet || globals.json_messages);
        let outcome = pipeline::run(&request, &cancel, &mut |p| display.show(p));
        display.clear();
        outcome
    };
    match outcome {
        Ok(done) => match done.stopped {
            Some((step, total, time)) => {
                let at = format_quantity(time, Dimension::TIME);
                let resume = if arguments.resume { command } else { format!("{command} --resume") };
                messages.note(&format!("Stopped at step {step} of {total}, {at}. Resume: {resume}"));
                STOPPED
            }
            None => finished(&done, globals, messages),
        },
        Err(failure) => failed(&failure, messages),
    }
}

fn finished(done: &RunSummary, globals: &Globals, messages: &mut Messages) -> i32 {
    if globals.json {
        messages.report_all(&done.warnings);
        let summary = serde_json::to_value(&done.summary).unwrap_or_default();
        return messages.print(&format!("{summary:#}\n"));
    }
    if !globals.quiet {
        messages.verb("Finished", &summary::work(&done.summary));
        messages.print(&format!("\n{}\n", summary::headline(&done.summary, messages.out)));
    }
    messages.report_all(&done.warnings);
    let Some(report) = &done.report else { return 0 };
    let size = done.report_bytes.div_ceil(1000);
    let verb = messages.out.paint(Style::Green, "Report");
    messages.print(&format!("     {verb} {} ({size} KB)\n", report.display()))
}

/// Reports what could not be done; the exit code of the first error.
pub fn failed(failure: &Failure, messages: &mut Messages) -> i32 {
    let code = messages.report_all(&failure.diagnostics);
    if let Some(report) = &failure.partial_report {
        messages.note(&format!("     Report {} (up to the failure)", report.display()));
    }
    // A failure without an error among its findings would be a bug of ours.
    if code == 0 { failure.kind().exit_code() } else { code }
}

/// A flag that the first Ctrl-C sets; the second one ends the process at once.
pub fn stop_on_interrupt() -> Arc<AtomicBool> {
    let cancel = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // Without the handler the signal simply ends the process, and the last checkpoint stays.
        let _ = signal_hook::flag::register_conditional_shutdown(signal, STOPPED, Arc::clone(&cancel));
        let _ = signal_hook::flag::register(signal, Arc::clone(&cancel));
    }
    cancel
}

/// The command as it could be typed again.
pub fn command_line() -> String {
    let quoted = |word: String| {
        let plain = word.chars().all(|c| c.is_alphanumeric() || "-_./=:,%+".contains(c));
        if plain && !word.is_empty() {
            word
        } else {
            format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
        }
    };
    let words = std::env::args_os().skip(1).map(|w| quoted(w.to_string_lossy().into_owned()));
    std::iter::once("cellwright".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

/// Today in UTC, `YYYY-MM-DD`.
pub fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let (year, month, day) = civil(i64::try_from(seconds / 86_400).unwrap_or(0));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of a count of days since 1970-01-01, in the proleptic Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    // Years are counted from March, so that the leap day is the last day of a year; 719 468 days lie between 0000-03-01 and 1970.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + 400 * era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (20_454, (2026, 1, 1)),
            (19_782, (2024, 2, 29)),
        ] {
            assert_eq!(civil(days), date);
        }
    }
}
