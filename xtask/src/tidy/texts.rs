//! Rules for texts: no paths of one machine, no registry hosts, licences, decision records and change notes in place.

use std::path::{Path, PathBuf};

use super::{Violation, read};
use crate::Outcome;

/// Endings of the files that people read or edit.
const TEXTS: &[&str] = &["md", "toml", "rs", "py", "txt", "json", "html", "css", "js", "csv", "run"];

const MACHINE: &str = "a path of one machine means nothing to a reader; use a path inside the repository";
const REGISTRY: &str = "the clients know their registries; a host name here breaks behind a mirror";

/// Words that no text of the project contains, each in pieces so that this file holds to the rule too.
const WORDS: &[(&str, &str)] = &[
    (concat!("/wo", "rk/"), MACHINE),
    (concat!("/tm", "p/"), MACHINE),
    (concat!("/ro", "ot/"), MACHINE),
    (concat!("/ho", "me/"), MACHINE),
    (concat!("C:", "\\Users"), MACHINE),
    (concat!("../sha", "red"), MACHINE),
    (concat!("index.cra", "tes.io"), REGISTRY),
    (concat!("static.cra", "tes.io"), REGISTRY),
    (concat!("pypi", ".org"), REGISTRY),
    (concat!("files.python", "hosted"), REGISTRY),
    (concat!("registry.npm", "js"), REGISTRY),
    (concat!("deb.deb", "ian.org"), REGISTRY),
];

/// Files without which the repository is not complete.
const REQUIRED: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "book/src/SUMMARY.md",
    "book/src/glossary.md",
    ".ci/run",
];

/// Checks all texts.
pub fn check(root: &Path, files: &[PathBuf]) -> Outcome<Vec<Violation>> {
    let mut found = Vec::new();
    let names: Vec<String> = files.iter().map(|file| file.to_string_lossy().replace('\\', "/")).collect();
    for required in REQUIRED {
        if !names.iter().any(|name| name == required) {
            found.push(Violation {
                place: (*required).into(),
                found: "is missing".into(),
                reason: "a newcomer looks for it",
            });
        }
    }
    let version = env!("CARGO_PKG_VERSION");
    if !names.contains(&format!("changes/{version}.md")) {
        found.push(Violation {
            place: format!("changes/{version}.md"),
            found: "is missing".into(),
            reason: "every version says to its users what changed",
        });
    }
    for (file, name) in files.iter().zip(&names) {
        let ending = name.rsplit(['.', '/']).next().unwrap_or_default();
        if !TEXTS.contains(&ending) {
            continue;
        }
        let text = read(root, file)?;
        found.extend(check_words(name, &text));
        if name.starts_with("docs/adr/") && ending == "md" {
            found.extend(check_record(name, &text));
        }
    }
    found.extend(check_numbers(&names));
    Ok(found)
}

fn check_words(name: &str, text: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for (word, reason) in WORDS.iter().filter(|(word, _)| line.contains(word)) {
            found.push(Violation {
                place: format!("{name}:{}", index + 1),
                found: format!("contains `{word}`"),
                reason,
            });
        }
    }
    found
}

/// A decision record has its three parts and stays short.
fn check_record(name: &str, text: &str) -> Vec<Violation> {
    let reason = "a decision record says context, decision and consequence in about ten lines, so that it is read";
    let mut found: Vec<Violation> = ["Context", "Decision", "Consequence"]
        .iter()
        .filter(|part| !text.contains(*part))
        .map(|part| Violation {
            place: name.into(),
            found: format!("has no {part}"),
            reason,
        })
        .collect();
    if text.lines().count() > 40 {
        found.push(Violation {
            place: name.into(),
            found: format!("has {} lines", text.lines().count()),
            reason,
        });
    }
    found
}

/// Decision records are numbered without gaps or doubles.
fn check_numbers(names: &[String]) -> Vec<Violation> {
    let mut numbers: Vec<&str> = names
        .iter()
        .filter_map(|name| name.strip_prefix("docs/adr/")?.split_once('-').map(|(number, _)| number))
        .collect();
    numbers.sort_unstable();
    numbers
        .iter()
        .enumerate()
        .filter(|(index, number)| number.parse() != Ok(index + 1))
        .take(1)
        .map(|(index, number)| Violation {
            place: "docs/adr".into(),
            found: format!("number {number} where {:04} is next", index + 1),
            reason: "records are cited by number, so numbers are neither skipped nor used twice",
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_paths_and_registry_hosts_are_found_with_their_line() {
        let text = format!("fine\nsee {}data\n", concat!("/tm", "p/"));
        assert_eq!(check_words("README.md", &text)[0].place, "README.md:2");
        assert_eq!(check_words("README.md", concat!("from pypi", ".org")).len(), 1);
        assert_eq!(check_words("README.md", "from crates.io, in out/report.html"), []);
    }

    #[test]
    fn records_have_three_parts_and_consecutive_numbers() {
        assert_eq!(check_record("docs/adr/0001-a.md", "Context\nDecision\nConsequence\n"), []);
        assert_eq!(check_record("docs/adr/0001-a.md", "Context\n").len(), 2);
        let names = |list: &[&str]| list.iter().map(|name| format!("docs/adr/{name}")).collect::<Vec<_>>();
        assert_eq!(check_numbers(&names(&["0001-a.md", "0002-b.md"])), []);
        assert_eq!(check_numbers(&names(&["0001-a.md", "0003-b.md"])).len(), 1);
        assert_eq!(check_numbers(&names(&["0001-a.md", "0001-b.md"])).len(), 1);
    }
}
