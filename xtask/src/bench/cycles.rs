//! Two hundred CCCV cycles with a growing interphase beside PyBaMM, single-particle models, on one thread.

use std::path::Path;
use std::process::Command;

use super::{json, met, number, oracle, show};
use crate::Outcome;
use crate::process::{cargo, run as run_command, target};
use crate::python::{ORACLES, environment};

/// Models and their bars, s.
const BARS: [(&str, f64); 2] = [("SPM", 0.2), ("SPMe", 0.5)];
/// Largest difference of capacity and of lithium lost from PyBaMM's, relative.
const AGREEMENT: f64 = 2e-3;

/// Prints both times and what came out; an error when a bar is missed.
pub fn run(root: &Path) -> Outcome<()> {
    let python = environment(root, ORACLES)?;
    run_command(cargo(root).args(["build", "--quiet", "--release", "-p", "cellwright", "--example", "bench_cycles"]))?;
    let example = target(root).join("release/examples/bench_cycles");
    let ours = json(Command::new(example).env("RAYON_NUM_THREADS", "1").current_dir(root))?;
    let theirs = json(&mut oracle(root, &python, "bench_cycles.py", &[]))?;
    println!("200 CCCV cycles, Chen2020, diffusion-limited interphase, rtol 1e-4, atol 1e-6, one thread");
    println!(
        "{:<26} {:>8} {:>8} {:>8} {:>12} {:>12} {:>12}",
        "", "CPU s", "steps", "Newton", "first Ah", "last Ah", "lost mAh"
    );
    let mut missed = Vec::new();
    for (name, bar) in BARS {
        let (a, b) = (&ours[name], &theirs[name]);
        let lost = |row| number(row, "lithium_lost_ah").map(|v| format!("{:.4}", 1e3 * v));
        for (program, row, time) in [("Cellwright", a, "s_median"), ("PyBaMM", b, "cpu_s")] {
            println!(
                "{:<26} {:>8} {:>8} {:>8} {:>12} {:>12} {:>12}",
                format!("{program}, {name}"),
                show(row, time, 3),
                show(row, "steps", 0),
                show(row, "newton", 0),
                show(row, "first_ah", 5),
                show(row, "last_ah", 5),
                lost(row)?
            );
        }
        let (fast, slow) = (number(a, "s_median")?, number(b, "cpu_s")?);
        println!("ratio {:.0}; bar {bar} s {}", slow / fast, met(fast <= bar));
        if fast > bar {
            missed.push(format!("{name} took {fast:.2} s, over its bar of {bar} s"));
        }
        for key in ["last_ah", "lithium_lost_ah"] {
            let off = number(a, key)? / number(b, key)? - 1.0;
            if off.abs() > AGREEMENT {
                missed.push(format!("{name}: {key} is {:.2} % off", 100.0 * off));
            }
        }
    }
    println!();
    if missed.is_empty() { Ok(()) } else { Err(missed.join("; ")) }
}
