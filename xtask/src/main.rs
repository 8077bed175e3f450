//! The project's own commands: `cargo xtask test`, `cargo xtask tidy`, `cargo xtask bench`.

mod bench;
mod book;
mod browser;
mod examples;
mod oracles;
mod process;
mod python;
mod stage;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

/// A failure in words; every command ends by printing it and leaving with a non-zero exit code.
type Outcome<T> = Result<T, String>;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test                everything that must hold before a change lands: format, lints, layer rules, tests, validation
                      cases, examples, book, outside oracles, the report in a browser
  test --fast         without the outside oracles and the browser
  test --only TITLE   only the stages whose title contains TITLE, such as \"examples\" or \"oracles\"; uses the last build
  tidy                the layer and source rules alone
  bench               speed and memory beside PyBaMM, KLayout and ViennaPS, in one run
  bench SECTION       one of dfn, section, impedance, process (PyBaMM), fab (ViennaPS), layout (KLayout), or
                      large: meshes of up to a million unknowns, some ten minutes
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test"] => test::run(&root(), false, None),
        ["test", "--fast"] => test::run(&root(), true, None),
        ["test", "--only", title] => test::run(&root(), false, Some(title)),
        ["tidy"] => tidy::run(&root()),
        ["bench"] => bench::run(&root(), None),
        ["bench", section] => bench::run(&root(), Some(section)),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\n{message}");
            ExitCode::FAILURE
        }
    }
}

/// The repository root, from this package's own folder.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}
