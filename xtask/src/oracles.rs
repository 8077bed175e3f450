//! Checks by other people's programs: the data format's own validator, and PyBaMM on cells that Cellwright does not ship.

use std::path::Path;

use crate::Outcome;
use crate::process::binary;
use crate::python::script;

/// `timeseries.csv` and `.parquet` of every example through the `batterydf` package, field files through `meshio`.
pub fn data_format(root: &Path, python: &Path, examples: &Path) -> Outcome<String> {
    script(root, python, "data_format.py", &[examples.as_os_str()])
}

/// Published parameter sets at several rates, written as BPX, run by both programs and compared.
pub fn held_out(root: &Path, python: &Path, out: &Path) -> Outcome<String> {
    let binary = binary(root);
    script(
        root,
        python,
        "held_out.py",
        &["--cellwright".as_ref(), binary.as_os_str(), "--out".as_ref(), out.as_os_str()],
    )
}
