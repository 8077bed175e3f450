//! What is shown while a run goes on: a line per step, redrawn on a terminal, at most every ten seconds in a pipe.

use crate::messages::Messages;
use crate::terminal::Style;
use cellwright::pipeline::Progress;
use cellwright_base::units::{Dimension, format_quantity};
use std::io::Write;
use std::time::{Duration, Instant};

/// How often a line in a pipe may say that a step goes on.
const PIPE_INTERVAL: Duration = Duration::from_secs(10);
/// How often the line on a terminal is redrawn.
const REDRAW_INTERVAL: Duration = Duration::from_millis(100);
/// Longest list of steps printed one by one; after that only cycles in progress are shown.
const MOST_LINES: u64 = 40;
/// Width of the step's text in its line.
const TEXT_WIDTH: usize = 46;
/// Cells of the progress bar.
const BAR: usize = 24;

/// Shows the progress of one run.
pub struct Display<'a> {
    messages: &'a mut Messages,
    quiet: bool,
    last: Instant,
    drawn: bool,
    step: (u64, u64, String),
}

impl<'a> Display<'a> {
    /// A display on standard error.
    pub fn new(messages: &'a mut Messages, quiet: bool) -> Display<'a> {
        Display {
            messages,
            quiet,
            last: Instant::now(),
            drawn: false,
            step: (0, 1, String::new()),
        }
    }

    /// Takes note of what happened.
    pub fn show(&mut self, progress: Progress) {
        if self.quiet {
            return;
        }
        match progress {
            Progress::Checked { title, warnings } => self.verb(
                "Checking",
                &format!("{} {}", padded(&title), crate::commands::check::counted(warnings, "warning")),
            ),
            Progress::Built { text } => self.verb("Building", &text),
            Progress::StepStarted { index, total, text } => {
                self.step = (index, total, text);
            }
            Progress::StepProgress { fraction, time, voltage } => self.step_progress(fraction, time, voltage),
            Progress::StepEnded { text, duration, ends } => {
                if self.step.1 <= MOST_LINES {
                    let took = format_quantity(duration, Dimension::TIME);
                    self.verb("Running", &format!("{} {took:<12} {ends}", padded(&text)));
                }
            }
            Progress::Making { index, total, text } => self.making(index, total, &text),
            Progress::Studying => self.transient("Studying", "rates, error estimates, what a change would bring"),
        }
    }

    /// Removes a line that was to be redrawn.
    pub fn clear(&mut self) {
        if self.drawn {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[2K");
            self.drawn = false;
        }
    }

    fn verb(&mut self, verb: &str, rest: &str) {
        self.clear();
        self.messages.verb(verb, rest.trim_end());
    }

    fn step_progress(&mut self, fraction: Option<f64>, time: f64, voltage: f64) {
        let (index, total, text) = &self.step;
        let at = format!("{} {voltage:.3} V", format_quantity(time, Dimension::TIME));
        if self.messages.err.interactive {
            let of = if *total > 1 {
                format!("{}/{total} ", index + 1)
            } else {
                String::new()
            };
            let line = format!("{of}{} {} {at}", short(text, TEXT_WIDTH), bar(fraction));
            self.transient("Running", &line);
        } else if self.last.elapsed() >= PIPE_INTERVAL {
            let done = fraction.map_or(String::new(), |f| format!(", {:.0} %", 100.0 * f));
            let line = format!("cellwright: step {} of {total}, {at}{done}", index + 1);
            self.last = Instant::now();
            self.messages.note(&line);
        }
    }

    fn making(&mut self, index: usize, total: usize, text: &str) {
        if self.messages.err.interactive {
            let fraction = index as f64 / total.max(1) as f64;
            let line = format!("{}/{total} {} {}", index + 1, short(text, TEXT_WIDTH), bar(Some(fraction)));
            self.transient("Making", &line);
        } else if self.last.elapsed() >= PIPE_INTERVAL {
            self.last = Instant::now();
            self.messages
                .note(&format!("cellwright: process step {} of {total}, {text}", index + 1));
        }
    }

    /// A line that the next one replaces; nothing in a pipe.
    fn transient(&mut self, verb: &str, rest: &str) {
        if !self.messages.err.interactive || (self.drawn && self.last.elapsed() < REDRAW_INTERVAL) {
            return;
        }
        self.last = Instant::now();
        self.drawn = true;
        let verb = format!("{verb:>11}");
        let line = format!(
            "\r\x1b[2K{} {}",
            self.messages.err.paint(Style::Cyan, &verb),
            self.messages.err.plain(rest)
        );
        let mut stream = std::io::stderr().lock();
        let _ = write!(stream, "{line}").and_then(|()| stream.flush());
    }
}

fn bar(fraction: Option<f64>) -> String {
    let Some(fraction) = fraction.filter(|f| f.is_finite()) else {
        return String::new();
    };
    let filled = ((fraction.clamp(0.0, 1.0)) * BAR as f64) as usize;
    let head = if filled < BAR { ">" } else { "" };
    format!("[{}{head}{}]", "=".repeat(filled), " ".repeat(BAR - filled - head.len()))
}

fn short(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        text.to_owned()
    } else {
        text.chars().take(width - 1).chain(['…']).collect()
    }
}

fn padded(text: &str) -> String {
    let text = short(text, TEXT_WIDTH);
    format!("{text}{}", " ".repeat(TEXT_WIDTH - text.chars().count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_texts_keep_their_width() {
        for fraction in [-1.0, 0.0, 0.5, 0.999, 1.0, 7.0] {
            assert_eq!(bar(Some(fraction)).len(), BAR + 2);
        }
        assert_eq!(bar(None), "");
        assert_eq!(bar(Some(f64::NAN)), "");
        assert_eq!(padded("µ").chars().count(), TEXT_WIDTH);
        assert_eq!(padded(&"x".repeat(99)).chars().count(), TEXT_WIDTH);
    }
}
