//! `cargo xtask bench`: Cellwright beside other programs, in one run, on one thread: the ratio is what counts.

mod cycles;
mod fab;
mod impedance;
mod large;
mod layout;
mod pybamm;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;
use crate::process::capture_ok;

/// Name of a section on the command line, and what measures it.
type Section = (&'static str, fn(&Path) -> Outcome<()>);

const SECTIONS: [Section; 8] = [
    ("dfn", pybamm::solve),
    ("section", pybamm::section),
    ("impedance", impedance::run),
    ("cycles", cycles::run),
    ("process", pybamm::process),
    ("fab", fab::run),
    ("layout", layout::run),
    ("large", large::run),
];

/// Sections that take so long that they run only when they are named.
const LONG: [&str; 1] = ["large"];

/// Measures every section but the long ones, or the one of this name; an error when a bar is missed.
pub fn run(root: &Path, only: Option<&str>) -> Outcome<()> {
    if let Some(name) = only.filter(|name| SECTIONS.iter().all(|section| section.0 != *name)) {
        let known: Vec<&str> = SECTIONS.iter().map(|section| section.0).collect();
        return Err(format!("no section `{name}`; there are {}", known.join(", ")));
    }
    let mut missed = Vec::new();
    for (name, measure) in SECTIONS {
        if only.map_or(!LONG.contains(&name), |only| only == name)
            && let Err(reason) = measure(root)
        {
            missed.push(format!("{name}: {reason}"));
        }
    }
    if missed.is_empty() { Ok(()) } else { Err(missed.join("\n")) }
}

fn met(holds: bool) -> &'static str {
    if holds { "met" } else { "missed" }
}

fn oracle(root: &Path, python: &Path, name: &str, arguments: &[&OsStr]) -> Command {
    let mut command = Command::new(python);
    command.arg(root.join("oracles").join(name)).args(arguments).current_dir(root);
    command.envs([
        ("OMP_NUM_THREADS", "1"),
        ("PYBAMM_DISABLE_TELEMETRY", "true"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
    ]);
    command
}

/// The last line that the program prints, as JSON.
fn json(command: &mut Command) -> Outcome<Value> {
    let finished = capture_ok(command)?;
    let last = finished.stdout.lines().next_back().unwrap_or_default();
    serde_json::from_str(last).map_err(|error| format!("expected a line of JSON, found `{last}`: {error}"))
}

fn number(row: &Value, key: &str) -> Outcome<f64> {
    row[key].as_f64().ok_or_else(|| format!("no number `{key}` in {row}"))
}

fn show(row: &Value, key: &str, digits: usize) -> String {
    row[key]
        .as_f64()
        .map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

/// A file of this name in `examples/` or in a crate.
fn find(root: &Path, name: &str) -> Option<PathBuf> {
    let mut folders = vec![root.join("examples"), root.join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).ok()?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if entry.file_name() == name {
                return Some(path);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_numbers_are_shown_as_missing() {
        let row = serde_json::json!({ "cpu_ms_median": 1.25 });
        assert_eq!(show(&row, "cpu_ms_median", 2), "1.25");
        assert_eq!(show(&row, "steps", 0), "-");
        assert!(number(&row, "steps").is_err());
    }
}
