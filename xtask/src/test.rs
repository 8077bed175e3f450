//! `cargo xtask test`: every stage runs whatever failed before it; those that need the command line tool wait for its build.
//!
//! One profile for everything, so that nothing is compiled twice; programs from outside work beside the tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::{self, JoinHandle};

use crate::process::{CHECKED, binary, capture, cargo, run as run_command, run_holding, target};
use crate::stage::{Beside, Stages, Verdict};
use crate::{Outcome, book, browser, examples, oracles, python, tidy};

/// Runs all stages; with `fast`, neither the outside oracles nor the browser; with `only`, those whose title contains it.
pub fn run(root: &Path, fast: bool, only: Option<&str>) -> Outcome<()> {
    let mut stages = Stages::new(only);
    let scratch = target(root).join("xtask");
    // Packages are fetched and unpacked while the compiler works.
    let outside = if fast { None } else { Some(Outside::prepare(root, &stages)) };
    stages.run("format", || cargo_stage(root, &["fmt", "--all", "--check"]));
    stages.run("tidy", || Verdict::from(tidy::run(root).map(|()| "layers, sources, texts".into())));
    let lints = [
        "clippy",
        "--quiet",
        "--profile",
        CHECKED,
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    stages.run("clippy", || cargo_stage(root, &lints));
    // Tests, examples and the command line tool in one go: what they share is built once.
    let built = stages.run("build", || {
        cargo_stage(root, &["test", "--quiet", "--profile", CHECKED, "--workspace", "--no-run"])
    });
    let witnesses = outside.filter(|_| built).map(|outside| outside.begin(root, &scratch, &mut stages));

    let mut results = Vec::new();
    stages.run("tests", || tests(root, &mut results));
    if built {
        stages.run("validate", || validate(root));
        stages.run("examples", || Verdict::from(examples::run(root, &scratch.join("examples"))));
        stages.run("book", || Verdict::from(book::run(root, &scratch.join("book"))));
        match witnesses {
            None => println!("== oracles and browser: left out by --fast"),
            Some(witnesses) => witnesses.finish(root, &scratch, &mut stages),
        }
    }
    let outcome = stages.finish();
    println!();
    for line in &results {
        println!("{line}");
    }
    outcome
}

/// What the witnesses from outside need, being made ready in the background.
struct Outside {
    python: JoinHandle<Outcome<PathBuf>>,
    browser: JoinHandle<Result<PathBuf, Verdict>>,
}

/// The witnesses at work: those that wait for nothing but the build run beside the tests.
struct Witnesses {
    python: Outcome<PathBuf>,
    browser: JoinHandle<Result<PathBuf, Verdict>>,
    beside: Option<Beside>,
}

const ENVIRONMENT: &str = "oracles: environment";
const DATA_FORMAT: &str = "oracles: data format";
const HELD_OUT: &str = "oracles: PyBaMM, held-out cells";
const KLAYOUT: &str = "oracles: KLayout";
const BROWSER: &str = "report in a browser";

impl Outside {
    fn prepare(root: &Path, stages: &Stages) -> Self {
        let root = root.to_path_buf();
        let (python, browser) = (
            [ENVIRONMENT, DATA_FORMAT, HELD_OUT, KLAYOUT]
                .iter()
                .any(|title| stages.wants(title)),
            stages.wants(BROWSER),
        );
        let unwanted = || "not asked for".to_owned();
        Self {
            python: thread::spawn(move || {
                if python {
                    python::environment(&root, python::ORACLES)
                } else {
                    Err(unwanted())
                }
            }),
            browser: thread::spawn(move || {
                if browser {
                    browser::find()
                } else {
                    Err(Verdict::Skipped(unwanted()))
                }
            }),
        }
    }

    fn begin(self, root: &Path, scratch: &Path, stages: &mut Stages) -> Witnesses {
        let python = self.python.join().unwrap_or_else(|_| Err(lost()));
        stages.run(ENVIRONMENT, || {
            Verdict::from(python.clone().map(|_| "oracles/requirements.txt installed".into()))
        });
        let beside = python.as_ref().ok().map(|python| {
            let (held_out, klayout) = (scratch.join("held-out"), scratch.join("klayout"));
            let (one, other) = ((root.to_path_buf(), python.clone()), (root.to_path_buf(), python.clone()));
            stages.begin(vec![
                (
                    KLAYOUT,
                    Box::new(move |told| Verdict::from(oracles::klayout(&one.0, &one.1, &klayout, told))),
                ),
                (
                    HELD_OUT,
                    Box::new(move |told| Verdict::from(oracles::held_out(&other.0, &other.1, &held_out, told))),
                ),
            ])
        });
        Witnesses {
            python,
            browser: self.browser,
            beside,
        }
    }
}

impl Witnesses {
    fn finish(self, root: &Path, scratch: &Path, stages: &mut Stages) {
        let examples = scratch.join("examples");
        if let Ok(python) = &self.python {
            stages.run(DATA_FORMAT, || {
                let mut told = String::new();
                let outcome = oracles::data_format(root, python, &examples, &mut told);
                print!("{told}");
                Verdict::from(outcome)
            });
        }
        stages.run(BROWSER, || match self.browser.join() {
            Ok(Ok(browser)) => browser::run(&browser, &examples, &scratch.join("browser")),
            Ok(Err(verdict)) => verdict,
            Err(_) => Verdict::Failed(lost()),
        });
        if let Some(beside) = self.beside {
            stages.join(beside);
        }
    }
}

fn lost() -> String {
    "its thread was lost".to_owned()
}

fn cargo_stage(root: &Path, arguments: &[&str]) -> Verdict {
    Verdict::from(run_command(cargo(root).args(arguments)).map(|()| String::new()))
}

/// Unit, property, golden and documentation tests. The `test result:` lines are held back so that they end the whole log.
fn tests(root: &Path, results: &mut Vec<String>) -> Verdict {
    let mut command = cargo(root);
    command.args(["test", "--profile", CHECKED, "--workspace", "--no-fail-fast"]);
    let (lines, outcome) = run_holding(&mut command, |line| line.starts_with("test result:"));
    let passed: usize = lines.iter().filter_map(|line| count(line, " passed")).sum();
    let failed: usize = lines.iter().filter_map(|line| count(line, " failed")).sum();
    *results = lines;
    Verdict::from(
        outcome
            .map(|()| format!("{passed} tests"))
            .map_err(|error| format!("{passed} passed, {failed} failed; {error}")),
    )
}

/// The number in front of a word of a `test result:` line.
fn count(line: &str, word: &str) -> Option<usize> {
    line.split(word).next()?.rsplit(' ').next()?.parse().ok()
}

/// The shipped validation cases: expected, found, tolerance, verdict.
fn validate(root: &Path) -> Verdict {
    match capture(Command::new(binary(root)).arg("validate").current_dir(root)) {
        Ok(finished) => {
            print!("{}", finished.stdout);
            eprint!("{}", finished.stderr);
            match finished.code {
                Some(0) => Verdict::Passed(finished.stdout.lines().next_back().unwrap_or_default().trim().to_owned()),
                code => Verdict::Failed(format!("`cellwright validate` left with {code:?}")),
            }
        }
        Err(error) => Verdict::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_come_from_cargos_own_line() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(count(line, " passed"), Some(12));
        assert_eq!(count(line, " failed"), Some(3));
    }
}
