//! Where words go: findings and progress to standard error, results to standard output, or everything as JSON lines.

use crate::arguments::Globals;
use crate::terminal::{Style, Terminal};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Severity};
use serde_json::{Value, json};
use std::io::Write;

/// The two streams and how to write to them.
pub struct Messages {
    /// Standard error.
    pub err: Terminal,
    /// Standard output.
    pub out: Terminal,
    json: bool,
    quiet: bool,
}

impl Messages {
    /// Streams as the global options ask for.
    pub fn new(globals: &Globals) -> Messages {
        Messages {
            err: Terminal::stderr(globals.color),
            out: Terminal::stdout(globals.color),
            json: globals.json_messages,
            quiet: globals.quiet,
        }
    }

    /// Prints a text to standard output; 0, or the exit code for a stream that cannot be written.
    pub fn print(&mut self, text: &str) -> i32 {
        let text = self.out.plain(text);
        let mut stream = std::io::stdout().lock();
        match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
            Ok(()) => 0,
            // Whoever read the pipe has seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => 0,
            Err(_) => ErrorKind::Io.exit_code(),
        }
    }

    /// Prints a line of progress to standard error, unless quiet.
    pub fn note(&mut self, line: &str) {
        if !self.quiet {
            self.error_line(line);
        }
    }

    /// A line with a right-aligned verb, in the way of cargo.
    pub fn verb(&mut self, verb: &str, rest: &str) {
        let line = format!(
            "{}{} {rest}",
            " ".repeat(11usize.saturating_sub(verb.len())),
            self.err.paint(Style::Green, verb)
        );
        self.note(&line);
    }

    fn error_line(&mut self, line: &str) {
        let text = self.err.plain(line);
        // Nothing can be said about standard error failing.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Prints one finding. Warnings are kept back when quiet.
    pub fn report(&mut self, finding: &Diagnostic) {
        if self.quiet && finding.severity == Severity::Warning {
            return;
        }
        if self.json {
            self.print(&format!("{}\n", to_json(finding)));
        } else {
            let text = paint(finding, self.err);
            self.error_line(&format!("{text}\n"));
        }
    }

    /// Prints findings and says with which code to exit: that of the first error, 0 without one.
    pub fn report_all(&mut self, findings: &[Diagnostic]) -> i32 {
        findings.iter().for_each(|f| self.report(f));
        findings
            .iter()
            .find(|f| f.severity == Severity::Error)
            .map_or(0, |f| f.kind.exit_code())
    }
}

/// The finding as one JSON object, with the same place as the text.
pub fn to_json(finding: &Diagnostic) -> Value {
    let place = finding
        .place
        .as_ref()
        .map(|p| json!({ "file": p.file, "line": p.line, "column": p.column, "length": p.length, "text": p.text }));
    json!({
        "severity": if finding.severity == Severity::Error { "error" } else { "warning" },
        "code": finding.code,
        "kind": format!("{:?}", finding.kind),
        "exit_code": finding.kind.exit_code(),
        "message": finding.message,
        "label": finding.label,
        "place": place,
        "notes": finding.notes,
        "helps": finding.helps,
        "rendered": finding.to_string(),
    })
}

/// The plain text of the finding with colours: the words are the same, only painted.
fn paint(finding: &Diagnostic, terminal: Terminal) -> String {
    let style = if finding.severity == Severity::Error {
        Style::Red
    } else {
        Style::Yellow
    };
    let text = finding.to_string();
    if !terminal.color {
        return text;
    }
    let mut painted = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let caret = line
            .split_once("| ")
            .filter(|(_, rest)| finding.place.is_some() && rest.trim_start().starts_with('^'));
        painted.push(match (i, line.split_once(": "), caret) {
            (0, Some((head, message)), _) => format!("{}: {}", terminal.paint(style, head), terminal.paint(Style::Bold, message)),
            (_, _, Some((gutter, rest))) => format!(
                "{}{}",
                terminal.paint(Style::Cyan, &format!("{gutter}| ")),
                terminal.paint(style, rest)
            ),
            _ if trimmed.starts_with("-->") => terminal.paint(Style::Cyan, line),
            (_, Some((head, rest)), _) if trimmed.starts_with("= ") => format!("{}: {rest}", terminal.paint(Style::Cyan, head)),
            _ => line.to_owned(),
        });
    }
    painted.join("\n")
}
