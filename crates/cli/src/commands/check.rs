//! `cellwright check`: everything that can be said of a design without making or running it.

use crate::arguments::Globals;
use crate::messages::{Messages, to_json};
use cellwright::build;
use cellwright_base::diagnostic::Severity;
use serde_json::json;
use std::path::Path;

/// Reads the design, looks up every property it needs, checks its design rules; simulates nothing.
pub fn run(design: &Path, globals: &Globals, messages: &mut Messages) -> i32 {
    let (findings, checked) = match build::check(design) {
        Ok(checked) => (checked.findings, Some((checked.title, checked.rules_hold))),
        Err(failure) => (failure.diagnostics, None),
    };
    let errors = findings.iter().filter(|d| d.severity == Severity::Error).count();
    if globals.json {
        let code = findings
            .iter()
            .find(|d| d.severity == Severity::Error)
            .map_or(0, |d| d.kind.exit_code());
        let list: Vec<_> = findings.iter().map(to_json).collect();
        let (title, hold) = checked.unzip();
        let printed = messages.print(&format!(
            "{:#}\n",
            json!({ "ok": errors == 0 && title.is_some(), "title": title, "rules_hold": hold, "findings": list })
        ));
        return if code == 0 { printed } else { code };
    }
    let code = messages.report_all(&findings);
    let warnings = counted(findings.len() - errors, "warning");
    match checked {
        Some((title, 0)) if errors == 0 => messages.verb("Checked", &format!("{title}: {warnings}")),
        Some((title, hold)) if errors == 0 => messages.verb("Checked", &format!("{title}: {} hold, {warnings}", counted(hold, "rule"))),
        Some((_, hold)) => messages.note(&format!(
            "{} hold, {errors} broken, {warnings}. Nothing was made.",
            counted(hold, "rule")
        )),
        None => messages.note(&format!("{}. Nothing was simulated.", counted(errors, "error"))),
    }
    code
}

/// `no warnings`, `1 warning`, `3 warnings`.
pub fn counted(count: usize, word: &str) -> String {
    match count {
        0 => format!("no {word}s"),
        1 => format!("1 {word}"),
        n => format!("{n} {word}s"),
    }
}
