//! Examples are tests: each folder of `examples/` is run and its `summary.json` compared with its `expected.toml`.
//!
//! `expected.toml` holds one `[[expect]]` table per number: `what` (words), `at` (JSON pointer into `summary.json`), one of
//! `value` with `relative` or `absolute`, `at_least`, `at_most`, `below` or `above` (JSON pointer to another number of the same file), `equals`;
//! and `source`, where the number comes from. An optional `arguments` list replaces `["run", "design.toml"]`; what `compare` finds is read from
//! its `compare.json`. A folder may hold a `discharge.toml` of the same form beside it, for what the same design does when it is run. A folder
//! without `expected.toml` holds examples in folders of its own. `["check", "design.toml"]` is for a design that says what nobody has
//! published: the numbers are then looked up in what `check --json` prints, whatever its exit code.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use crate::Outcome;
use crate::process::{binary, capture, capture_ok};

/// The report's size budget: without maps of a section, and with them.
const LARGEST_REPORT: [u64; 2] = [1_000_000, 2_500_000];
/// Files with expected numbers.
const EXPECTED: [&str; 2] = ["expected.toml", "discharge.toml"];

/// Runs all examples into `scratch/<name>`.
pub fn run(root: &Path, scratch: &Path) -> Outcome<String> {
    let folder = root.join("examples");
    let mut names = Vec::new();
    for name in folders(&folder)? {
        if folder.join(&name).join(EXPECTED[0]).exists() {
            names.push(name);
        } else {
            let inner = folders(&folder.join(&name))?;
            if inner.is_empty() {
                return Err(format!("examples/{name} has no {}", EXPECTED[0]));
            }
            names.extend(inner.into_iter().map(|one| format!("{name}/{one}")));
        }
    }
    // What an earlier run left is no evidence.
    let _ = fs::remove_dir_all(scratch);
    let mut failures = Vec::new();
    let mut checked = 0;
    let jobs: Vec<(String, PathBuf, &str)> = names
        .iter()
        .flat_map(|name| EXPECTED.map(|file| (name.clone(), folder.join(name), file)))
        .filter(|(_, folder, file)| *file == EXPECTED[0] || folder.join(file).exists())
        .collect();
    for ((name, _, file), result) in jobs.iter().zip(at_once(root, scratch, &jobs)) {
        let name = if *file == EXPECTED[0] {
            name.clone()
        } else {
            format!("{name}, run")
        };
        match result {
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

/// The names of the folders in a folder, sorted.
fn folders(folder: &Path) -> Outcome<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map_err(|error| format!("cannot list {}: {error}", folder.display()))?
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

/// Runs the jobs on all processors; results in the order of the jobs.
fn at_once(root: &Path, scratch: &Path, jobs: &[(String, PathBuf, &str)]) -> Vec<Outcome<Vec<Line>>> {
    let results: Mutex<Vec<Option<Outcome<Vec<Line>>>>> = Mutex::new(jobs.iter().map(|_| None).collect());
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some((name, folder, file)) = jobs.get(index) else { break };
                    let out = scratch.join(format!(
                        "{}{}",
                        name.replace('/', "-"),
                        if *file == EXPECTED[0] { "" } else { "-run" }
                    ));
                    let result = example(root, folder, file, &out);
                    if let Ok(mut results) = results.lock() {
                        results[index] = Some(result);
                    }
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_default();
    results
        .into_iter()
        .map(|r| r.unwrap_or_else(|| Err("it was not run".into())))
        .collect()
}

fn example(root: &Path, folder: &Path, file: &str, out: &Path) -> Outcome<Vec<Line>> {
    let text = fs::read_to_string(folder.join(file)).map_err(|error| format!("{file}: {error}"))?;
    let expected: toml::Table = text.parse().map_err(|error| format!("{file}: {error}"))?;
    let budget = LARGEST_REPORT[usize::from(file != EXPECTED[0])];
    let arguments: Vec<String> = match expected.get("arguments").and_then(toml::Value::as_array) {
        Some(list) => list.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect(),
        None => vec!["run".into(), "design.toml".into()],
    };
    let list = expected
        .get("expect")
        .and_then(toml::Value::as_array)
        .ok_or_else(|| format!("{file} has no [[expect]]"))?;
    if arguments.first().is_some_and(|command| command == "check") {
        let told = capture(Command::new(binary(root)).current_dir(folder).args(arguments).arg("--json"))?;
        let told: Value = serde_json::from_str(&told.stdout).map_err(|error| format!("check --json: {error}\n{}", told.stderr))?;
        return list.iter().map(|entry| check(entry, &told)).collect();
    }
    // The page, the numbers, and what else must be there.
    let files: &[&str] = match arguments.first().map(String::as_str) {
        Some("build") => &["report.html", "summary.json", "section.svg", "masks.svg", "masks.gds", "masks.oas"],
        Some("compare") => &["compare.html", "compare.json", "compare.csv"],
        _ => &["report.html", "summary.json", "timeseries.csv", "timeseries.parquet"],
    };
    capture_ok(Command::new(binary(root)).current_dir(folder).args(arguments).arg("--out").arg(out))?;
    for file in files {
        let size = fs::metadata(out.join(file)).map_err(|error| format!("{file}: {error}"))?.len();
        if size == 0 || *file == files[0] && size > budget {
            return Err(format!("{file} has {size} bytes"));
        }
    }
    let numbers = files[1];
    let summary = fs::read_to_string(out.join(numbers)).map_err(|error| format!("{numbers}: {error}"))?;
    let summary: Value = serde_json::from_str(&summary).map_err(|error| format!("{numbers}: {error}"))?;
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
    let look = |pointer: &str| {
        summary
            .pointer(pointer)
            .ok_or_else(|| format!("{what}: there is nothing at {pointer}"))
    };
    let found = look(pointer)?;
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
    let numeric = |value: &Value| value.as_f64().ok_or_else(|| format!("{what}: {value} is not a number"));
    let found = numeric(found)?;
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
    } else if let Some(other) = word("below") {
        let limit = numeric(look(other)?)?;
        (format!("below {limit:.6e}"), found < limit)
    } else if let Some(other) = word("above") {
        let limit = numeric(look(other)?)?;
        (format!("above {limit:.6e}"), found > limit)
    } else {
        return Err(format!("{what}: give value, at_least, at_most, below, above or equals"));
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
        let summary = serde_json::json!({ "cell": { "capacity": 9.9, "name": "film" }, "other": { "capacity": 12.0 } });
        check(&toml::Value::Table(table), &summary).map(|line| line.holds)
    }

    #[test]
    fn tolerances_bounds_and_words_are_compared() {
        assert_eq!(holds("at = '/cell/capacity'\nvalue = 10\nrelative = 0.02"), Ok(true));
        assert_eq!(holds("at = '/cell/capacity'\nvalue = 10\nabsolute = 0.01"), Ok(false));
        assert_eq!(holds("at = '/cell/capacity'\nat_least = 10"), Ok(false));
        assert_eq!(holds("at = '/cell/capacity'\nat_most = 10"), Ok(true));
        assert_eq!(holds("at = '/cell/name'\nequals = 'film'"), Ok(true));
        assert_eq!(holds("at = '/cell/capacity'\nbelow = '/other/capacity'"), Ok(true));
        assert_eq!(holds("at = '/cell/capacity'\nabove = '/other/capacity'"), Ok(false));
    }

    #[test]
    fn an_expectation_that_checks_nothing_is_refused() {
        assert!(holds("at = '/cell/capacity'").is_err());
        assert!(holds("at = '/cell/capacity'\nvalue = 10").is_err());
        assert!(holds("at = '/cell/energy'\nat_least = 1").is_err());
        assert!(holds("at = '/cell/capacity'\nbelow = '/other/energy'").is_err());
        assert!(holds("at = '/cell/capacity'\nbelow = '/cell/name'").is_err());
    }
}
