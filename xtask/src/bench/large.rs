//! Large meshes in the plane and in space: a whole discharge, what it takes of time and memory, and how that grows with size.
//!
//! Nothing is compared with another program here. Wall times mean something on a quiet machine only, so CPU time of all threads stands
//! beside them, and the load of the machine is printed first.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{json, met, number};
use crate::Outcome;
use crate::process::{cargo, run as run_command, target};

/// One family of meshes of the same device, from small to large.
struct Family {
    title: &'static str,
    design: &'static str,
    /// `cells` under `[model]`.
    cells: &'static [usize],
    /// Unknowns that the last of them must have.
    unknowns: f64,
    /// Wall time that the last of them may take, s.
    wall: f64,
    /// Memory that it may take, MiB.
    memory: f64,
}

const FAMILIES: [Family; 2] = [
    Family {
        title: "planar interdigital, unit cell in its plane, 1C from full to empty",
        design: "examples/fab-planar-interdigital/design.toml",
        cells: &[4, 10, 14],
        unknowns: 1e5,
        wall: 20.0,
        memory: 4096.0,
    },
    Family {
        title: "interlaced pillars, unit cell in space, 1C from full to empty",
        design: "examples/fab-interlaced-pillars/design.toml",
        cells: &[3, 14, 26, 50],
        unknowns: 1e6,
        wall: 600.0,
        memory: 4096.0,
    },
];

/// How many times more time an unknown and step may take on the largest mesh than on the smallest.
const GROWTH: f64 = 2.0;

/// Prints a table for each family.
///
/// # Errors
/// The bars that were missed.
pub fn run(root: &Path) -> Outcome<()> {
    run_command(cargo(root).args(["build", "--quiet", "--release", "-p", "cellwright", "--example", "bench_geometry"]))?;
    let example = target(root).join("release/examples/bench_geometry");
    let mut missed = Vec::new();
    for family in &FAMILIES {
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        println!("{}; load {}", family.title, load.split(' ').next().unwrap_or("unknown"));
        println!(
            "{:>9} {:>8} {:>6} {:>7} {:>8} {:>9} {:>8} {:>8} {:>12} {:>9}  solver",
            "unknowns", "volumes", "steps", "Newton", "matrices", "build s", "wall s", "CPU s", "us/(unk.step)", "peak MiB"
        );
        let mut rows = Vec::new();
        for cells in family.cells {
            let mut command = Command::new(&example);
            let row = json(command.arg(root.join(family.design)).arg(cells.to_string()).current_dir(root))?;
            line(&row)?;
            rows.push(row);
        }
        missed.extend(judged(family, &rows)?);
        println!();
    }
    if missed.is_empty() { Ok(()) } else { Err(missed.join("; ")) }
}

fn line(row: &Value) -> Outcome<()> {
    let n = |key| number(row, key);
    println!(
        "{:>9} {:>8} {:>6} {:>7} {:>8} {:>9.1} {:>8.1} {:>8.1} {:>12.3} {:>9.0}  {}",
        n("unknowns")?,
        n("volumes")?,
        n("steps")?,
        n("newton")?,
        n("factorisations")?,
        n("build_s")?,
        n("run_s")?,
        n("cpu_s")?,
        cost(row)?,
        n("peak_mib")?,
        row["method"].as_str().unwrap_or_default()
    );
    Ok(())
}

/// CPU time per unknown and step, µs.
fn cost(row: &Value) -> Outcome<f64> {
    Ok(1e6 * number(row, "cpu_s")? / (number(row, "unknowns")? * number(row, "steps")?))
}

/// Prints what the largest mesh was to reach; returns what it missed.
fn judged(family: &Family, rows: &[Value]) -> Outcome<Vec<String>> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Err("a family without meshes".into());
    };
    let (unknowns, wall, memory) = (number(last, "unknowns")?, number(last, "run_s")?, number(last, "peak_mib")?);
    let growth = cost(last)? / cost(first)?;
    let bars = [
        (
            format!("at least {:.0} unknowns: {unknowns}", family.unknowns),
            unknowns >= family.unknowns,
        ),
        (format!("wall time below {} s: {wall:.1}", family.wall), wall < family.wall),
        (format!("memory below {} MiB: {memory:.0}", family.memory), memory < family.memory),
        (
            format!("CPU time per unknown and step at most {GROWTH} times that of the smallest mesh: {growth:.2}"),
            growth <= GROWTH,
        ),
    ];
    for (text, holds) in &bars {
        println!("   {text}, {}", met(*holds));
    }
    Ok(bars
        .into_iter()
        .filter(|bar| !bar.1)
        .map(|bar| format!("{}: {}", family.design, bar.0))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(unknowns: f64, cpu: f64) -> Value {
        serde_json::json!({ "unknowns": unknowns, "steps": 100, "cpu_s": cpu, "run_s": cpu, "peak_mib": 100.0 })
    }

    #[test]
    fn bars_are_judged_on_the_largest_mesh() {
        let family = &FAMILIES[0];
        assert_eq!(judged(family, &[row(1e4, 1.0), row(1e5, 15.0)]), Ok(vec![]));
        let missed = judged(family, &[row(1e4, 1.0), row(9e4, 21.0)]).unwrap_or_default();
        assert_eq!(missed.len(), 3, "{missed:?}");
        assert!(judged(family, &[]).is_err());
    }
}
