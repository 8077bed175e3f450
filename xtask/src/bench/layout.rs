//! Masks: a quarter million polygons written and read, width and space of twenty thousand fingers, beside KLayout.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{json, met, number, oracle};
use crate::Outcome;
use crate::process::{cargo, run as run_command, target};
use crate::python::{BENCH, environment};

/// Times that each program runs, in turn.
const ROUNDS: usize = 3;
/// Time of the rules over KLayout's: aim. Files: no slower.
const RULES_AIM: f64 = 1.0 / 3.0;
const FILES_AIM: f64 = 1.0;

/// Prints a table of both programs; an error when writing or reading is slower than KLayout's.
pub fn run(root: &Path) -> Outcome<()> {
    let python = environment(root, BENCH)?;
    run_command(cargo(root).args([
        "build",
        "--quiet",
        "--release",
        "-p",
        "cellwright-layout",
        "--example",
        "bench_layout",
    ]))?;
    let example = target(root).join("release/examples/bench_layout");
    let folder = target(root).join("xtask/bench-layout");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;

    let mut rows = Vec::new();
    for part in ["gdsii", "rules"] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(json(Command::new(&example).arg(&folder).arg(part))?);
            theirs.push(json(&mut oracle(
                root,
                &python,
                "klayout_bench.py",
                &[folder.as_os_str(), part.as_ref()],
            ))?);
        }
        rows.push((ours, theirs));
    }
    let (files, rules) = (&rows[0], &rows[1]);
    let program = files.1[0]["program"].as_str().unwrap_or("KLayout");
    println!("masks, CPU time, one thread, median of {ROUNDS} runs in turn, beside {program}");
    println!("{:<46} {:>10} {:>10} {:>8}", "", "ours", "theirs", "share");
    let compared = |name: &str, unit: &str, keys: &[&str], (ours, theirs): &(Vec<Value>, Vec<Value>)| -> Outcome<f64> {
        let (ours, theirs) = (median(ours, keys)?, median(theirs, keys)?);
        println!(
            "{:<46} {ours:>10.1} {theirs:>10.1} {:>8.2}",
            format!("{name}, {unit}"),
            ours / theirs
        );
        Ok(ours / theirs)
    };
    let write = compared("GDSII, 250 000 polygons written", "ms", &["gds_write_ms"], files)?;
    let read = compared("GDSII, 250 000 polygons read", "ms", &["gds_read_ms"], files)?;
    compared("OASIS, 250 000 polygons written", "ms", &["oasis_write_ms"], files)?;
    compared("most memory", "MiB", &["memory_mb"], files)?;
    let keys = ["fingers_merge_ms", "fingers_space_ms", "fingers_width_ms"];
    for (name, key) in ["fingers, merged", "fingers, space", "fingers, width"].into_iter().zip(keys) {
        compared(&format!("20 000 {name}"), "ms", &[key], rules)?;
    }
    let all = compared("20 000 fingers, space and width", "ms", &keys[1..], rules)?;
    println!(
        "aim: a third of the time for space and width {}; no slower in writing {}, in reading {}\n",
        met(all <= RULES_AIM),
        met(write <= FILES_AIM),
        met(read <= FILES_AIM)
    );
    for (what, key) in [("space", "fingers_space_markers"), ("width", "fingers_width_markers")] {
        let found = [&rules.0, &rules.1].map(|runs| runs[0][key].as_u64());
        if found[0] != found[1] {
            return Err(format!("the {what} check finds other places than {program}: {found:?}"));
        }
    }
    if write.max(read) > FILES_AIM {
        return Err(format!("GDSII files take {:.2} of the time of {program}", write.max(read)));
    }
    Ok(())
}

/// Median over the runs of a sum of numbers.
fn median(runs: &[Value], keys: &[&str]) -> Outcome<f64> {
    let sum = |run: &Value| keys.iter().map(|key| number(run, key)).sum::<Outcome<f64>>();
    let mut values = runs.iter().map(sum).collect::<Outcome<Vec<f64>>>()?;
    values.sort_by(f64::total_cmp);
    values
        .get(values.len() / 2)
        .copied()
        .ok_or_else(|| "nothing was measured".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_that_of_sums() {
        let runs: Vec<Value> = [(1, 5), (9, 9), (2, 2)]
            .map(|(a, b)| serde_json::json!({ "a": a, "b": b }))
            .to_vec();
        assert_eq!(median(&runs, &["a", "b"]), Ok(6.0));
        assert!(median(&runs, &["c"]).is_err());
    }
}
