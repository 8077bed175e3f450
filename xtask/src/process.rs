//! Running other programs: always without a terminal, always with the command in the error message.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;

/// What a finished program left behind.
pub struct Finished {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// The command as a person would type it.
pub fn display(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// Runs with inherited output; an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Outcome<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| format!("cannot start `{}`: {error}", display(command)))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{}` ended with {status}", display(command)))
    }
}

/// Runs and keeps both outputs, whatever the exit code.
pub fn capture(command: &mut Command) -> Outcome<Finished> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot start `{}`: {error}", display(command)))?;
    Ok(Finished {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Runs and keeps both outputs; an exit code other than 0 is an error that shows them.
pub fn capture_ok(command: &mut Command) -> Outcome<Finished> {
    let finished = capture(command)?;
    if finished.code == Some(0) {
        return Ok(finished);
    }
    let code = finished.code.map_or("a signal".to_owned(), |code| format!("exit code {code}"));
    Err(format!(
        "`{}` ended with {code}\n{}{}",
        display(command),
        finished.stdout,
        finished.stderr
    ))
}

/// Runs, passing standard output through line by line; lines for which `keep` is true are held back and returned.
pub fn run_holding(command: &mut Command, keep: impl Fn(&str) -> bool) -> (Vec<String>, Outcome<()>) {
    let mut held = Vec::new();
    let mut child = match command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => return (held, Err(format!("cannot start `{}`: {error}", display(command)))),
    };
    if let Some(output) = child.stdout.take() {
        let mut reader = BufReader::new(output);
        let mut line = Vec::new();
        while matches!(reader.by_ref().read_until(b'\n', &mut line), Ok(n) if n > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            if keep(&text) {
                held.push(text);
            } else {
                println!("{text}");
            }
            line.clear();
        }
    }
    let outcome = match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` ended with {status}", display(command))),
        Err(error) => Err(format!("`{}` was lost: {error}", display(command))),
    };
    (held, outcome)
}

/// `cargo` as it called us, at the repository root.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// The folder that cargo builds into.
pub fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path))
}

/// Name of the profile that the tests build, which is that of its folder.
pub const CHECKED: &str = "checked";

/// The command line tool that is tested.
pub fn binary(root: &Path) -> PathBuf {
    tool(root, CHECKED)
}

/// The command line tool as it is shipped.
pub fn shipped(root: &Path) -> PathBuf {
    tool(root, "release")
}

fn tool(root: &Path, profile: &str) -> PathBuf {
    target(root)
        .join(profile)
        .join(format!("cellwright{}", std::env::consts::EXE_SUFFIX))
}

/// First of these programs that is on the search path.
pub fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

/// Installs Debian packages when that is possible without asking anybody; the error says what to do by hand.
pub fn apt_install(packages: &[&str]) -> Outcome<()> {
    let by_hand = format!("install it by hand: apt-get install {}", packages.join(" "));
    if find_program(&["apt-get"]).is_none() {
        return Err(format!("no apt-get here; {by_hand}"));
    }
    let user = capture(Command::new("id").arg("-u"))?;
    if user.stdout.trim() != "0" {
        return Err(format!("not running as root; {by_hand}"));
    }
    let apt = |arguments: &[&str]| {
        capture_ok(
            Command::new("apt-get")
                .args(["-qq", "-y"])
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    let install = [&["install", "--no-install-recommends"], packages].concat();
    if apt(&install).is_err() {
        apt(&["update"])?;
        apt(&install)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn held_lines_are_returned_and_failures_named() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo 'test result: ok'; exit 3"]);
        let (held, outcome) = run_holding(&mut command, |line| line.starts_with("test result:"));
        assert_eq!(held, ["test result: ok"]);
        assert!(outcome.unwrap_err().contains("exit status: 3"));
    }

    #[test]
    fn a_missing_program_is_a_message() {
        assert!(run(&mut Command::new("no-such-program-here")).unwrap_err().contains("cannot start"));
        assert!(find_program(&["no-such-program-here"]).is_none());
    }
}
