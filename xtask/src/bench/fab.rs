//! Films on a pillar and in a trench, beside ViennaPS.
//!
//! Not like for like: ViennaPS moves a front step by step on a grid and would follow any process; the tape evaluates the geometry
//! that the film has by definition. In the trench both have to find how much of the source every place sees.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{json, met, number, oracle};
use crate::Outcome;
use crate::process::{cargo, run as run_command, target};
use crate::python::{BENCH, environment};

/// Aims beside ViennaPS on its grid of 0.5 µm.
const FASTER: f64 = 10.0;
const MORE_ACCURATE: f64 = 50.0;

/// Prints a table of both programs.
pub fn run(root: &Path) -> Outcome<()> {
    let python = environment(root, BENCH)?;
    run_command(cargo(root).args(["build", "--quiet", "--release", "-p", "cellwright-fab", "--example", "bench_films"]))?;
    let example = target(root).join("release/examples/bench_films");
    let measure = || json(&mut Command::new(&example));
    let ours = measure()?;
    let theirs = json(&mut oracle(root, &python, "viennaps_bench.py", &[]))?;
    // The first measurement again, so that a machine that changes its speed is seen.
    let again = measure()?;
    let program = theirs["program"].as_str().unwrap_or("ViennaPS");

    println!("1 um film on a pillar (r 5, H 50, pitch 20 um), 3D, from nothing to the area, one thread, CPU time, median;");
    println!("errors are root mean squares over eight places of the pillar; exact area 2268.3 um2");
    println!("{:<44} {:>10} {:>10} {:>10}", "", "CPU ms", "area %", "volume %");
    let bar = &theirs["pillar_05"];
    for (name, key) in [("0.5 um grid", "pillar_05"), ("0.25 um grid", "pillar_025")] {
        line(&format!("{program}, {name}"), &theirs[key])?;
        println!(
            "{:<44} {:>10.1}",
            "   moving the front alone",
            number(&theirs[key], "front_cpu_ms")?
        );
    }
    for (name, key) in [
        ("coarse (feature 20 um)", "pillar_coarse"),
        ("usual (feature 10 um)", "pillar_usual"),
        ("fine", "pillar_fine"),
    ] {
        let row = &ours[key];
        line(&format!("Cellwright, {name}"), row)?;
        let cpu = number(row, "cpu_ms")?.max(number(&again[key], "cpu_ms")?);
        let (faster, closer) = (
            number(bar, "cpu_ms")? / cpu,
            number(bar, "area_error")? / number(row, "area_error")?,
        );
        println!(
            "   tolerance {} um, no edges below {} um: {faster:.1} times faster than on the 0.5 um grid, aim {FASTER:.0} {}; area {closer:.0} times \
             closer, aim {MORE_ACCURATE:.0} {}",
            row["tolerance_um"],
            row["finest_um"],
            met(faster >= FASTER),
            met(closer >= MORE_ACCURATE)
        );
    }
    println!("not like for like: {program} moves a front through time, ours evaluates the geometry of the finished film\n");

    println!(
        "sputtered film, 0.1 um on open ground, in a trench of aspect ratio 2 (5 x 10 um, pitch 10 um, 10 um long), 3D; sticking 1, cosine source"
    );
    println!("{:<44} {:>10} {:>10} {:>10}", "", "CPU ms", "floor", "wall");
    let row = &ours["trench"];
    println!(
        "{:<44} {:>10} {:>10.4} {:>10.4}",
        "closed form (mean of the floor, half-way wall)",
        "",
        number(row, "floor_mean_exact")?,
        number(row, "wall_exact")?
    );
    for (name, key) in [("0.5 um grid, 200 rays", "trench_05"), ("0.25 um grid, 1000 rays", "trench_025")] {
        trench(&format!("{program}, {name}"), &theirs[key])?;
    }
    trench("Cellwright, flow with flux and rules", row)?;
    println!(
        "{:<44} {:>10.1}",
        "   geometry alone, thickness known",
        number(row, "geometry_cpu_ms")?
    );
    println!(
        "middle of the floor: closed form {:.4}, {program} {:.4} and {:.4}; ours lays the mean on the whole floor\n",
        number(row, "floor_middle_exact")?,
        number(&theirs["trench_05"], "floor_middle")?,
        number(&theirs["trench_025"], "floor_middle")?
    );
    Ok(())
}

fn line(name: &str, row: &Value) -> Outcome<()> {
    println!(
        "{name:<44} {:>10.1} {:>10.4} {:>10.4}",
        number(row, "cpu_ms")?,
        100.0 * number(row, "area_error")?,
        100.0 * number(row, "volume_error")?
    );
    Ok(())
}

fn trench(name: &str, row: &Value) -> Outcome<()> {
    println!(
        "{name:<44} {:>10.1} {:>10.4} {:>10.4}",
        number(row, "cpu_ms")?,
        number(row, "floor_mean")?,
        number(row, "wall")?
    );
    Ok(())
}
