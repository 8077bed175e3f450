//! `cellwright validate`: the shipped cases, with expected, found, tolerance and verdict.

use super::check::counted;
use crate::arguments::Globals;
use crate::messages::Messages;
use cellwright::validate;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};
use serde_json::json;

/// Runs the cases whose name or group contains `filter`; exit code 1 if one fails.
pub fn run(filter: Option<&str>, globals: &Globals, messages: &mut Messages) -> i32 {
    let outcomes = validate::run(filter, |case| {
        messages.verb("Validating", &format!("{}: {}", case.name, case.source))
    });
    if outcomes.is_empty() {
        let wanted = filter.unwrap_or_default();
        let names = || validate::cases().iter().map(|c| c.name);
        let unknown = Diagnostic::error(ErrorKind::Input, "E090", format!("no validation case is called `{wanted}`"));
        let unknown = match nearest(wanted, names()) {
            Some(near) => unknown.help(format!("did you mean `{near}`?")),
            None => unknown,
        };
        return messages.report_all(&[unknown.note(format!("cases: {}", names().collect::<Vec<_>>().join(", ")))]);
    }
    let failed = outcomes.iter().filter(|o| !o.passed).count();
    let known = outcomes.iter().filter(|o| o.expected_to_miss).count();
    let printed = if globals.json {
        messages.print(&format!("{:#}\n", json!({ "passed": failed == 0, "outcomes": outcomes })))
    } else {
        let mut text = format!(
            "{}\n{}, {failed} failed",
            validate::table(&outcomes),
            counted(outcomes.len(), "comparison")
        );
        if known > 0 {
            text.push_str(&format!("; beside them {known} known misses of the reference itself"));
        }
        messages.print(&format!("{text}\n"))
    };
    if failed > 0 { ErrorKind::BarFailed.exit_code() } else { printed }
}
