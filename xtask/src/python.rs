//! The Python environments of the outside oracles: made once under the target folder, kept until their list of packages changes.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::process::{apt_install, capture, capture_ok, find_program, target};

/// Packages of an environment, as a file of `oracles/`, and its folder.
pub type Packages = (&'static str, &'static str);
/// What the tests ask.
pub const ORACLES: Packages = ("requirements.txt", "venv");
/// What only the measurements of fabrication need.
pub const BENCH: Packages = ("bench-requirements.txt", "venv-bench");

/// The interpreter of a virtual environment that holds these packages.
pub fn environment(root: &Path, (file, name): Packages) -> Outcome<PathBuf> {
    let requirements = root.join("oracles").join(file);
    let wanted = fs::read_to_string(&requirements).map_err(|error| format!("{}: {error}", requirements.display()))?;
    let folder = target(root).join(name);
    let python = folder.join("bin/python");
    let stamp = folder.join("requirements.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) && python.is_file() {
        return Ok(python);
    }
    let system = match find_program(&["python3"]) {
        Some(path) => path,
        None => {
            apt_install(&["python3", "python3-venv"])?;
            find_program(&["python3"]).ok_or("python3 was installed but is not on the search path")?
        }
    };
    let create = || capture_ok(Command::new(&system).args(["-m", "venv", "--clear"]).arg(&folder));
    if create().is_err() {
        apt_install(&["python3-venv"]).map_err(|error| format!("python3 cannot make virtual environments: {error}"))?;
        create()?;
    }
    capture_ok(
        Command::new(&python)
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-input",
                "--requirement",
            ])
            .arg(&requirements),
    )?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(python)
}

/// A script of `oracles/` with its arguments: its output is told, its last line is the remark. One thread, no telemetry.
pub fn script(root: &Path, python: &Path, name: &str, arguments: &[&std::ffi::OsStr], told: &mut String) -> Outcome<String> {
    let mut command = Command::new(python);
    command
        .arg(root.join("oracles").join(name))
        .args(arguments)
        .current_dir(root)
        .envs([
            ("OMP_NUM_THREADS", "1"),
            ("PYBAMM_DISABLE_TELEMETRY", "true"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
            ("MPLBACKEND", "Agg"),
        ]);
    let finished = capture(&mut command)?;
    for line in finished.stdout.lines() {
        let _ = writeln!(told, "   {line}");
    }
    match finished.code {
        Some(0) => Ok(finished.stdout.lines().next_back().unwrap_or_default().trim().to_owned()),
        code => Err(format!("oracles/{name} left with {code:?}\n{}", last_lines(&finished.stderr, 15))),
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_end_of_a_long_message_is_kept() {
        assert_eq!(super::last_lines("a\nb\nc", 2), "b\nc");
        assert_eq!(super::last_lines("a", 2), "a");
    }
}
