//! Examples are tests: each folder of `examples/` is run and its `summary.json` compared with its `expected.toml`.
//!
//! `expected.toml` holds one `[[expect]]` table per number: `what` (words), `at` (JSON pointer into `summary.json`), one of
//! `value` with `relative` or `absolute`, `at_least`, `at_most`, `equals`; and `source`, where the number comes from.
//! An optional `arguments` list replaces `["run", "design.toml"]`.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::Outcome;
use crate::process::{binary, capture_ok};

/// The report's size budget.
const LARGEST_REPORT: u64 = 1_000_000;

/// Runs all examples into `scratch/<name>`.
pub fn run(root: &Path, scratch: &Path) -> Outcome<String> {
    let folder = root.join("examples");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .map_err(|error| format!("cannot list {}: {error}", folder.display()))?
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    // What an earlier run left is no evidence.
    let _ = fs::remove_dir_all(scratch);
    let mut failures = Vec::new();
    let mut checked = 0;
    for name in &names {
        match example(root, &folder.join(name), &scratch.join(name)) {
            Ok(lines) => {
                checked += lines.len();
                for line in lines {
                    println!("   {name}: {}", line.text);
                    if !line.holds {
                        failures.push(format!("{name}: {}", line.text));
                    }
                }
            }
            Err(error) => {
                println!("   {name}: {error}");
                failures.push(format!("{name}: {error}"));
            }
        }
    }
    if names.is_empty() {
        return Err("no examples found".into());
    }
    if failures.is_empty() {
        Ok(format!("{} examples, {checked} numbers", names.len()))
    } else {
        Err(failures.join("\n"))
    }
}

fn example(root: &Path, folder: &Path, out: &Path) -> Outcome<Vec<Line>> {
    let text = fs::read_to_string(folder.join("expected.toml")).map_err(|error| format!("expected.toml: {error}"))?;
    let expected: toml::Table = text.parse().map_err(|error| format!("expected.toml: {error}"))?;
    let arguments: Vec<String> = match expected.get("arguments").and_then(toml::Value::as_array) {
        Some(list) => list.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect(),
        None => vec!["run".into(), "design.toml".into()],
    };
    let files: &[&str] = match arguments.first().map(String::as_str) {
        Some("build") => &["report.html", "summary.json", "section.svg", "masks.svg", "masks.gds", "masks.oas"],
        _ => &["report.html", "summary.json", "timeseries.csv", "timeseries.parquet"],
    };
    capture_ok(Command::new(binary(root)).current_dir(folder).args(arguments).arg("--out").arg(out))?;
    for file in files {
        let size = fs::metadata(out.join(file)).map_err(|error| format!("{file}: {error}"))?.len();
        if size == 0 || *file == "report.html" && size > LARGEST_REPORT {
            return Err(format!("{file} has {size} bytes"));
        }
    }
    let summary = fs::read_to_string(out.join("summary.json")).map_err(|error| format!("summary.json: {error}"))?;
    let summary: Value = serde_json::from_str(&summary).map_err(|error| format!("summary.json: {error}"))?;
    let list = expected
        .get("expect")
        .and_then(toml::Value::as_array)
        .ok_or("expected.toml has no [[expect]]")?;
    list.iter().map(|entry| check(entry, &summary)).collect()
}

/// One compared number, in words.
struct Line {
    text: String,
    holds: bool,
}

fn check(entry: &toml::Value, summary: &Value) -> Outcome<Line> {
    let word = |key: &str| entry.get(key).and_then(toml::Value::as_str);
    let pointer = word("at").ok_or("an [[expect]] without `at`")?;
    let what = word("what").unwrap_or(pointer);
    let found = summary
        .pointer(pointer)
        .ok_or_else(|| format!("{what}: summary.json has nothing at {pointer}"))?;
    if let Some(wanted) = entry.get("equals") {
        let same = match wanted {
            toml::Value::String(text) => found.as_str() == Some(text),
            toml::Value::Boolean(flag) => found.as_bool() == Some(*flag),
            toml::Value::Integer(count) => found.as_i64() == Some(*count),
            _ => return Err(format!("{what}: `equals` takes a string, a boolean or an integer")),
        };
        return Ok(Line {
            text: format!("{what}: {found}, expected {wanted:?}"),
            holds: same,
        });
    }
    let found = found.as_f64().ok_or_else(|| format!("{what}: {found} is not a number"))?;
    let number = |key: &str| {
        entry
            .get(key)
            .and_then(|value| value.as_float().or_else(|| value.as_integer().map(|count| count as f64)))
    };
    let (allowed, holds) = if let Some(value) = number("value") {
        let margin = match (number("relative"), number("absolute")) {
            (Some(relative), None) => relative * value.abs(),
            (None, Some(absolute)) => absolute,
            _ => return Err(format!("{what}: `value` needs either `relative` or `absolute`")),
        };
        (format!("{value} ± {margin:.3e}"), (found - value).abs() <= margin)
    } else if let Some(least) = number("at_least") {
        (format!("at least {least}"), found >= least)
    } else if let Some(most) = number("at_most") {
        (format!("at most {most}"), found <= most)
    } else {
        return Err(format!("{what}: give value, at_least, at_most or equals"));
    };
    Ok(Line {
        text: format!(
            "{what}: {found:.6e}, expected {allowed}{}",
            if holds { "" } else { "  <-- outside" }
        ),
        holds,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn holds(entry: &str) -> Outcome<bool> {
        let table: toml::Table = entry.parse().unwrap();
        let summary = serde_json::json!({ "cell": { "capacity": 9.9, "name": "film" } });
        check(&toml::Value::Table(table), &summary).map(|line| line.holds)
    }

    #[test]
    fn tolerances_bounds_and_words_are_compared() {
        assert_eq!(holds("at = '/cell/capacity'\nvalue = 10\nrelative = 0.02"), Ok(true));
        assert_eq!(holds("at = '/cell/capacity'\nvalue = 10\nabsolute = 0.01"), Ok(false));
        assert_eq!(holds("at = '/cell/capacity'\nat_least = 10"), Ok(false));
        assert_eq!(holds("at = '/cell/capacity'\nat_most = 10"), Ok(true));
        assert_eq!(holds("at = '/cell/name'\nequals = 'film'"), Ok(true));
    }

    #[test]
    fn an_expectation_that_checks_nothing_is_refused() {
        assert!(holds("at = '/cell/capacity'").is_err());
        assert!(holds("at = '/cell/capacity'\nvalue = 10").is_err());
        assert!(holds("at = '/cell/energy'\nat_least = 1").is_err());
    }
}
