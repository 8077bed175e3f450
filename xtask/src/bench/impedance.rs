//! Sixty frequencies of the DFN and of fingers in their real geometry, on one thread.

use std::path::Path;
use std::process::Command;

use super::{json, met, number, show};
use crate::Outcome;
use crate::process::{cargo, run as run_command, target};

/// Bar on the DFN, CPU milliseconds.
const DFN_BAR: f64 = 20.0;
/// Bar on a mesh of a hundred thousand unknowns, s.
const MESHED_BAR: f64 = 60.0;
/// What PyBaMM 26.10 was measured to need for the same 60 frequencies of the same DFN, repeated and for the first time, ms.
const PYBAMM: [f64; 2] = [110.0, 1070.0];

/// Prints both times; an error when a bar is missed.
pub fn run(root: &Path) -> Outcome<()> {
    run_command(cargo(root).args(["build", "--quiet", "--release", "-p", "cellwright", "--example", "bench_impedance"]))?;
    let design = root.join("crates/cellwright/examples/fingers.toml");
    let example = target(root).join("release/examples/bench_impedance");
    let row = json(Command::new(example).arg(design).env("RAYON_NUM_THREADS", "1").current_dir(root))?;
    let (dfn, meshed) = (number(&row, "ms_median")?, number(&row, "meshed_s")?);
    println!("Impedance at 60 frequencies, 1 mHz to 10 kHz, state given, one thread");
    println!("{:<44} {:>10}", "", "CPU ms");
    let line = |name: &str, text: String| println!("{name:<44} {text:>10}");
    line("DFN Chen2020, 20 volumes a layer", show(&row, "ms_median", 2));
    line("DFN Chen2020, 60/20/60 volumes", show(&row, "fine_ms_median", 2));
    let unknowns = number(&row, "meshed_unknowns")?;
    line(
        &format!("interdigital fingers, {unknowns:.0} unknowns"),
        format!("{:.0}", 1e3 * meshed),
    );
    line("PyBaMM, DFN, repeated (quoted)", format!("{:.0}", PYBAMM[0]));
    line("PyBaMM, DFN, first time (quoted)", format!("{:.0}", PYBAMM[1]));
    println!(
        "ratio {:.0}; bar {DFN_BAR} ms {}; fingers bar {MESHED_BAR} s {}\n",
        PYBAMM[0] / dfn,
        met(dfn <= DFN_BAR),
        met(meshed <= MESHED_BAR)
    );
    if dfn > DFN_BAR || meshed > MESHED_BAR || unknowns < 1e5 {
        return Err(format!("{dfn:.1} ms for the DFN, {meshed:.1} s for {unknowns:.0} unknowns"));
    }
    Ok(())
}
