//! Checks by other people's programs: the data format's own validator, PyBaMM on cells that Cellwright does not ship, KLayout on masks.

use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::process::{CHECKED, binary, cargo, run, target};
use crate::python::script;

/// `timeseries.csv` and `.parquet` of every example through the `batterydf` package, field files through `meshio`.
pub fn data_format(root: &Path, python: &Path, examples: &Path, told: &mut String) -> Outcome<String> {
    script(root, python, "data_format.py", &[examples.as_os_str()], told)
}

/// Published parameter sets at several rates, written as BPX, run by both programs and compared.
pub fn held_out(root: &Path, python: &Path, out: &Path, told: &mut String) -> Outcome<String> {
    let binary = binary(root);
    script(
        root,
        python,
        "held_out.py",
        &["--cellwright".as_ref(), binary.as_os_str(), "--out".as_ref(), out.as_os_str()],
        told,
    )
}

/// Mask files and rule markers: varied shapes, and the masks of every architecture.
pub fn klayout(root: &Path, python: &Path, out: &Path, told: &mut String) -> Outcome<String> {
    let mut remarks = Vec::new();
    // All of them, as the tests build them, so that nothing is built again.
    run(cargo(root).args(["build", "--quiet", "--profile", CHECKED, "--workspace", "--examples"]))?;
    for example in ["layout_oracle", "template_oracle"] {
        let folder = out.join(example);
        // Files of an earlier run would be read as this one's.
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        run(Command::new(target(root).join(CHECKED).join("examples").join(example)).arg(&folder))?;
        remarks.push(script(root, python, "klayout_layout.py", &[folder.as_os_str()], told)?);
    }
    Ok(remarks.join("; "))
}
