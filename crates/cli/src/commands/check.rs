//! `cellwright check`: everything that can be said of a design without running it.

use crate::arguments::Globals;
use crate::messages::{Messages, to_json};
use cellwright::pipeline::{self, Input};
use serde_json::json;
use std::path::Path;

/// Reads the design, looks up every property it needs, builds the cell; simulates nothing.
pub fn run(design: &Path, globals: &Globals, messages: &mut Messages) -> i32 {
    let (findings, title) = match pipeline::prepare(&Input::Design(design.to_owned())) {
        Ok((prepared, _)) => (prepared.warnings, Some(prepared.title)),
        Err(failure) => (failure.diagnostics, None),
    };
    if globals.json {
        let code = findings
            .iter()
            .filter(|_| title.is_none())
            .map(|d| d.kind.exit_code())
            .next()
            .unwrap_or(0);
        let list: Vec<_> = findings.iter().map(to_json).collect();
        let printed = messages.print(&format!(
            "{:#}\n",
            json!({ "ok": title.is_some(), "title": title, "findings": list })
        ));
        return if code == 0 { printed } else { code };
    }
    let code = messages.report_all(&findings);
    let errors = if title.is_none() { findings.len() } else { 0 };
    match title {
        Some(title) => messages.verb("Checked", &format!("{title}: {}", counted(findings.len(), "warning"))),
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
