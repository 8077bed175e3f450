//! Rules for Rust sources: length, opening sentence, global state, files and sockets, type parameters.

use std::path::{Path, PathBuf};

use super::{Violation, read};
use crate::Outcome;

/// Libraries below the facade: they take bytes and values, never paths, sockets or the environment.
const BELOW_FACADE: &[&str] = &[
    "base",
    "dae",
    "device",
    "layout",
    "materials",
    "electrochem",
    "lab",
    "fab",
    "explore",
    "microsystem",
];

/// Code lines (not blank, not comment) after which a file must be split.
const LONGEST: usize = 700;

/// Where a pattern may not occur.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    /// In any line of any Rust file, comments included.
    Text,
    /// In the code of any Rust file.
    Code,
    /// In the code of `src/` folders.
    Source,
    /// In the code of libraries below the facade, their tests excepted.
    BelowFacade,
}

const UNFINISHED: &str = "unfinished work is finished, or written down as an issue; it is not left in the source";
const OUTSIDE: &str =
    "libraries below the facade take bytes or `impl Read`; only the facade and the front ends open files, sockets or the environment";
const GLOBAL: &str =
    "no mutable global state: materials, recipe and clock are arguments, so that two runs in one process cannot disturb each other";

/// Patterns, each in pieces so that this file holds to the rules too.
const FORBIDDEN: &[(&str, Where, &str)] = &[
    (concat!("TO", "DO"), Where::Text, UNFINISHED),
    (concat!("FIX", "ME"), Where::Text, UNFINISHED),
    (concat!("X", "XX"), Where::Text, UNFINISHED),
    (concat!("todo", "!("), Where::Code, UNFINISHED),
    (concat!("unimplemented", "!("), Where::Code, UNFINISHED),
    (concat!("dbg", "!("), Where::Code, "debug output belongs on nobody's terminal"),
    (concat!("#[", "ignore"), Where::Code, "a test that does not run is no evidence"),
    (concat!("allow(", "dead_code"), Where::Source, "code that nobody calls is deleted"),
    (concat!("std", "::fs"), Where::BelowFacade, OUTSIDE),
    (concat!("std", "::net"), Where::BelowFacade, OUTSIDE),
    (concat!("std", "::env"), Where::BelowFacade, OUTSIDE),
    (concat!("std", "::process"), Where::BelowFacade, OUTSIDE),
    (
        concat!("println", "!("),
        Where::BelowFacade,
        "libraries return diagnostics; only front ends print",
    ),
    (concat!("static ", "mut "), Where::Source, GLOBAL),
    (concat!("thread_", "local!"), Where::Source, GLOBAL),
    (concat!("lazy_", "static!"), Where::Source, GLOBAL),
    (concat!("Once", "Lock<"), Where::BelowFacade, GLOBAL),
];

/// Kinds of interior mutability that make a `static` a mutable global.
const MUTABLE_STATICS: &[&str] = &["Mutex", "RwLock", "Atomic", "RefCell", "Cell<"];

/// Checks all Rust sources and the whereabouts of Python sources.
pub fn check(root: &Path, files: &[PathBuf]) -> Outcome<Vec<Violation>> {
    let mut found = Vec::new();
    for file in files {
        let name = file.to_string_lossy().replace('\\', "/");
        if name.ends_with(".rs") {
            found.extend(check_source(&name, &read(root, file)?));
        } else if name.ends_with(".py") && !["oracles/", "crates/python/"].iter().any(|folder| name.starts_with(folder)) {
            found.push(Violation {
                place: name,
                found: "is Python".into(),
                reason: "Python lives in oracles/ (checks from outside) or crates/python (the front end); nothing else needs an interpreter",
            });
        }
    }
    Ok(found)
}

fn check_source(name: &str, text: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut report = |line: usize, what: String, reason| {
        let place = if line == 0 { name.to_owned() } else { format!("{name}:{line}") };
        found.push(Violation {
            place,
            found: what,
            reason,
        });
    };
    if !text.starts_with("//! ") {
        report(
            1,
            "does not open with a `//!` sentence".into(),
            "every file says in one sentence what its one concept is",
        );
    }
    let code: Vec<&str> = text.lines().map(code_of).collect();
    let length = code.iter().filter(|line| !line.trim().is_empty()).count();
    if length > LONGEST {
        report(
            0,
            format!("has {length} code lines"),
            "one concept per file: 100 to 300 lines are aimed at, past 700 it is split",
        );
    }
    let library = BELOW_FACADE.iter().any(|folder| name.starts_with(&format!("crates/{folder}/src/")));
    let tests_from = text.lines().position(|line| line.trim() == "#[cfg(test)]").unwrap_or(usize::MAX);
    for (index, (line, code)) in text.lines().zip(&code).enumerate() {
        for &(pattern, place, reason) in FORBIDDEN {
            let here = match place {
                Where::Text | Where::Code => true,
                Where::Source => name.contains("/src/"),
                Where::BelowFacade => library && index < tests_from,
            };
            let searched = if place == Where::Text { line } else { code };
            if here && searched.contains(pattern) {
                report(index + 1, format!("contains `{pattern}`"), reason);
            }
        }
        let declared = code.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        if library && declared.starts_with("static ") && MUTABLE_STATICS.iter().any(|kind| declared.contains(kind)) {
            report(index + 1, "declares a global that can change".into(), GLOBAL);
        }
        if let Some((item, count)) = type_parameters(code)
            && count > 2
        {
            report(
                index + 1,
                format!("`{item}` has {count} type parameters"),
                "public types have at most two, or nobody can write their name",
            );
        }
    }
    found
}

/// The line without its comment; string literals are kept, a `//` inside one does not start a comment.
fn code_of(line: &str) -> &str {
    let mut in_string = false;
    let mut previous = ' ';
    for (index, character) in line.char_indices() {
        match character {
            '"' if previous != '\\' && previous != '\'' => in_string = !in_string,
            '/' if previous == '/' && !in_string => return &line[..index - 1],
            _ => {}
        }
        previous = character;
    }
    line
}

/// Name and number of type parameters of a public type declared on this line; lifetimes and constants are not counted.
fn type_parameters(line: &str) -> Option<(&str, usize)> {
    let declared = line.trim_start().strip_prefix("pub ")?;
    let after = ["struct ", "enum ", "union ", "trait "]
        .iter()
        .find_map(|kind| declared.strip_prefix(kind))?;
    let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
    let (name, rest) = after.split_at(end);
    let Some(list) = rest.strip_prefix('<') else {
        return Some((name, 0));
    };
    let mut depth = 0_i32;
    let mut parts = vec![String::new()];
    for character in list.chars() {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if depth == 0 => break,
            '>' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(character);
        }
    }
    let count = parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty() && !part.starts_with('\'') && !part.starts_with("const "))
        .count();
    Some((name, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(name: &str, text: &str) -> Vec<&'static str> {
        check_source(name, text).iter().map(|violation| violation.reason).collect()
    }

    #[test]
    fn a_plain_file_holds() {
        assert_eq!(
            check_source(
                "crates/lab/src/run.rs",
                "//! The run loop.\npub struct Run<'a, S, const N: usize>(S);\n"
            ),
            []
        );
    }

    #[test]
    fn a_file_opens_with_a_sentence() {
        assert_eq!(check_source("crates/lab/src/run.rs", "use std::fmt;\n").len(), 1);
    }

    #[test]
    fn unfinished_work_is_found_in_comments_too() {
        let text = format!("//! A file.\n// {}: later\n", concat!("TO", "DO"));
        assert_eq!(reasons("crates/lab/src/run.rs", &text), [UNFINISHED]);
    }

    #[test]
    fn files_and_globals_stay_out_of_libraries_but_not_out_of_front_ends() {
        let text = format!(
            "//! A file.\nuse {}::File;\nstatic STOP: AtomicBool = AtomicBool::new(false);\n",
            concat!("std", "::fs")
        );
        assert_eq!(reasons("crates/materials/src/a.rs", &text), [OUTSIDE, GLOBAL]);
        assert_eq!(reasons("crates/cli/src/a.rs", &text), [""; 0]);
        let tested = format!("//! A file.\n#[cfg(test)]\nmod tests {{ use {}; }}\n", concat!("std", "::fs"));
        assert_eq!(reasons("crates/materials/src/a.rs", &tested), [""; 0]);
    }

    #[test]
    fn long_files_and_crowded_types_are_split() {
        let long = format!("//! A file.\n{}", "fn f() {}\n".repeat(LONGEST + 1));
        assert_eq!(check_source("crates/lab/src/run.rs", &long).len(), 1);
        assert_eq!(
            type_parameters("pub struct Solver<'a, M, L: Into<(u8, u8)>, N> {"),
            Some(("Solver", 3))
        );
        assert_eq!(type_parameters("pub enum Value {"), Some(("Value", 0)));
        assert_eq!(type_parameters("struct Private<A, B, C>;"), None);
    }

    #[test]
    fn comments_end_the_code_but_slashes_in_strings_do_not() {
        assert_eq!(code_of("let a = 1; // why"), "let a = 1; ");
        assert_eq!(code_of(r#"let a = "file://x";"#), r#"let a = "file://x";"#);
    }
}
