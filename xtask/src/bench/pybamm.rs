//! The DFN and one whole discharge, Cellwright and PyBaMM in turn, on one thread: the ratio is what counts.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{find, json, met, number, oracle, show};
use crate::Outcome;
use crate::process::{cargo, run as run_command, shipped, target};
use crate::python::{ORACLES, environment};

/// Warm solve of the DFN: bar and aim, CPU milliseconds.
const SOLVE_BAR: f64 = 3.0;
const SOLVE_AIM: f64 = 1.2;
/// Whole process, report included: aims.
const PROCESS_AIM_MS: f64 = 30.0;
const PROCESS_AIM_MIB: f64 = 30.0;

/// Warm solve of the DFN beside PyBaMM; an error when its bar is missed.
pub fn solve(root: &Path) -> Outcome<()> {
    let python = environment(root, ORACLES)?;
    run_command(cargo(root).args(["build", "--quiet", "--release", "-p", "cellwright", "--example", "bench_dfn"]))?;

    let example = target(root).join("release/examples/bench_dfn");
    let reference = find(root, "DFN_Marquis2019_1C.csv").ok_or("no DFN_Marquis2019_1C.csv in this repository")?;
    let measure = || json(Command::new(&example).arg(&reference).env("OMP_NUM_THREADS", "1").current_dir(root));
    let ours = measure()?;
    let theirs = json(&mut oracle(root, &python, "bench_dfn.py", &[]))?;
    // The first measurement again, so that a machine that changes its speed is seen.
    let again = measure()?;
    let (fast, slow) = (number(&ours, "cpu_ms_median")?, number(&theirs, "cpu_ms_median")?);
    println!("DFN Marquis2019, 1C, 20 volumes per domain and particle, rtol 1e-4, atol 1e-6, warm solve, one thread");
    println!(
        "{:<26} {:>10} {:>10} {:>8} {:>8} {:>8} {:>10}",
        "", "CPU ms", "CPU ms", "steps", "Newton", "factor", "max dV"
    );
    println!(
        "{:<26} {:>10} {:>10} {:>8} {:>8} {:>8} {:>10}",
        "", "median", "least", "", "", "", "mV"
    );
    for (name, row) in [("Cellwright", &ours), ("Cellwright, again", &again), ("PyBaMM", &theirs)] {
        println!(
            "{name:<26} {:>10} {:>10} {:>8} {:>8} {:>8} {:>10}",
            show(row, "cpu_ms_median", 3),
            show(row, "cpu_ms_min", 3),
            show(row, "steps", 0),
            show(row, "newton", 0),
            show(row, "factorisations", 0),
            show(row, "max_dv_mv", 3)
        );
    }
    println!(
        "ratio {:.1}; bar {SOLVE_BAR} ms {}; aim {SOLVE_AIM} ms {}\n",
        slow / fast,
        met(fast <= SOLVE_BAR),
        met(fast <= SOLVE_AIM)
    );
    let solve = number(&again, "cpu_ms_median")?.min(number(&again, "cpu_ms_min")?);
    if solve > SOLVE_BAR {
        Err(format!("the warm solve took {solve:.2} ms, over its bar of {SOLVE_BAR} ms"))
    } else {
        Ok(())
    }
}

/// Bar on the ratio of the warm solves, at no larger error of the voltage than PyBaMM's own at its default tolerance.
const SECTION_BAR: f64 = 10.0;

/// The DFN on a section and on a chip with resistive collectors beside PyBaMM's models of both; an error when a bar is missed.
pub fn section(root: &Path) -> Outcome<()> {
    let python = environment(root, ORACLES)?;
    run_command(cargo(root).args(["build", "--quiet", "--release", "-p", "cellwright", "--example", "bench_section"]))?;
    let example = target(root).join("release/examples/bench_section");
    let mut missed = vec![];
    for (title, theirs_is, words) in [
        ("a section of 70 by 10 volumes", "PyBaMM BasicDFN2D", &[][..]),
        ("10 by 10 columns between resistive collectors", "PyBaMM DFN, 2+1D", &["--chip"][..]),
    ] {
        let ours = json(Command::new(&example).args(words).env("RAYON_NUM_THREADS", "1").current_dir(root))?;
        let words: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
        let theirs = json(&mut oracle(root, &python, "bench_section.py", &words))?;
        let rows = ours["rows"].as_array().filter(|rows| !rows.is_empty()).ok_or("no rows")?;
        println!("DFN Marquis2019, 1C, {title}, one thread; warm at each tolerance, and first with the model built");
        println!(
            "{:<20} {:>8} {:>10} {:>10} {:>8} {:>10} {:>10} {:>10} {:>10}",
            "", "rtol", "CPU ms", "least", "steps", "max dV mV", "first ms", "unknowns", "peak MiB"
        );
        for (name, row, whole) in rows.iter().map(|r| ("Cellwright", r, &ours)).chain([(theirs_is, &theirs, &theirs)]) {
            println!(
                "{name:<20} {:>8} {:>10} {:>10} {:>8} {:>10} {:>10} {:>10} {:>10}",
                row["rtol"].as_f64().map_or("1e-4".into(), |t| format!("{t:e}")),
                show(row, "cpu_ms_median", 1),
                show(row, "cpu_ms_min", 1),
                show(row, "steps", 0),
                show(row, "max_dv_mv", 4),
                show(whole, "first_ms", 1),
                show(whole, "unknowns", 0),
                show(whole, "peak_mib", 0)
            );
        }
        let ratio = |row: &Value, key: &str| Ok::<f64, String>(number(&theirs, key)? / number(row, key)?);
        let (same, first) = (ratio(&rows[rows.len() - 1], "cpu_ms_median")?, ratio(&ours, "first_ms")?);
        let allowed = number(&theirs, "max_dv_mv")?;
        let accurate = rows.iter().filter(|row| number(row, "max_dv_mv").is_ok_and(|e| e <= allowed));
        let warm = accurate.filter_map(|row| ratio(row, "cpu_ms_median").ok()).fold(f64::NAN, f64::max);
        println!("{}", ours["method"].as_str().unwrap_or_default());
        println!(
            "ratio {warm:.1} warm at no larger error, {same:.1} warm at the same tolerance, {first:.1} first; bar {SECTION_BAR} {}\n",
            met(warm >= SECTION_BAR)
        );
        if warm.is_nan() || warm < SECTION_BAR {
            missed.push(format!("{title}: {warm:.1}"));
        }
    }
    match missed.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "times faster than PyBaMM, under the bar of {SECTION_BAR}: {}",
            missed.join("; ")
        )),
    }
}

/// From the command line to the written results beside PyBaMM.
pub fn process(root: &Path) -> Outcome<()> {
    let python = environment(root, ORACLES)?;
    run_command(cargo(root).args(["build", "--quiet", "--release", "-p", "cellwright-cli"]))?;
    let bpx = find(root, "nmc_pouch_cell_BPX.json").ok_or("no nmc_pouch_cell_BPX.json in this repository")?;
    let out = target(root).join("xtask/bench");
    let protocol = "Discharge at 1C until 2.7 V";
    let binary = shipped(root);
    let words: Vec<&OsStr> = vec![
        "--".as_ref(),
        binary.as_os_str(),
        "run".as_ref(),
        "--bpx".as_ref(),
        bpx.as_os_str(),
        "--protocol".as_ref(),
        protocol.as_ref(),
        "--out".as_ref(),
        out.as_os_str(),
    ];
    let ours = json(&mut oracle(root, &python, "whole_process.py", &words))?;
    let script = root.join("oracles/bench_bpx.py");
    let result = target(root).join("xtask/bench-pybamm.csv");
    let words: Vec<&OsStr> = vec![
        "--".as_ref(),
        python.as_os_str(),
        script.as_os_str(),
        bpx.as_os_str(),
        result.as_os_str(),
    ];
    let theirs = json(&mut oracle(root, &python, "whole_process.py", &words))?;
    let (fast, slow) = (number(&ours, "cpu_ms_median")?, number(&theirs, "cpu_ms_median")?);
    let (small, large) = (number(&ours, "rss_mib_median")?, number(&theirs, "rss_mib_median")?);
    println!(
        "whole process, one BPX discharge (NMC pouch cell, 1C to 2.7 V); Cellwright writes its report and all files, PyBaMM a CSV file"
    );
    println!("{:<26} {:>10} {:>10} {:>10} {:>10}", "", "CPU ms", "least", "wall ms", "peak MiB");
    for (name, row) in [("Cellwright", &ours), ("PyBaMM", &theirs)] {
        println!(
            "{name:<26} {:>10} {:>10} {:>10} {:>10}",
            show(row, "cpu_ms_median", 1),
            show(row, "cpu_ms_min", 1),
            show(row, "wall_ms_median", 1),
            show(row, "rss_mib_median", 1)
        );
    }
    println!("ratio {:.0} in CPU time, {:.1} in memory", slow / fast, large / small);
    println!(
        "aim {PROCESS_AIM_MS} ms {}; aim {PROCESS_AIM_MIB} MiB {}",
        met(fast <= PROCESS_AIM_MS),
        met(small <= PROCESS_AIM_MIB)
    );
    println!();
    Ok(())
}
