//! `cargo xtask tidy`: what the compiler does not check, each rule printed with its reason when it is broken.

mod layers;
mod sources;
mod texts;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// One broken rule at one place.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    /// File or package, with the line where there is one.
    pub place: String,
    /// What was found.
    pub found: String,
    /// Why the rule exists and what to do instead.
    pub reason: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n   = reason: {}", self.place, self.found, self.reason)
    }
}

/// Checks layers, sources and texts; prints every violation.
pub fn run(root: &Path) -> Outcome<()> {
    let mut violations = layers::check(root)?;
    let files = files(root)?;
    violations.extend(sources::check(root, &files)?);
    violations.extend(texts::check(root, &files)?);
    for violation in &violations {
        println!("{violation}");
    }
    match violations.len() {
        0 => Ok(()),
        count => Err(format!("tidy: {count} broken rule(s)")),
    }
}

/// All files that belong to the project, relative to the root: not hidden, not built.
fn files(root: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("cannot list {}: {error}", folder.display()))?;
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') && name != ".ci" || ["target", "out", "__pycache__"].contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(relative) = path.strip_prefix(root) {
                found.push(relative.to_path_buf());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read(root: &Path, file: &Path) -> Outcome<String> {
    fs::read(root.join(file))
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|error| format!("cannot read {}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    #[test]
    fn this_repository_is_found() {
        let files = super::files(&crate::root()).unwrap();
        assert!(files.iter().any(|file| file.ends_with("xtask/src/main.rs")));
        assert!(!files.iter().any(|file| file.starts_with("target")));
    }
}
