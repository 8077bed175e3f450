//! The book cannot drift from the program: chapters, links and included snippets exist, and the commands it shows are run.
//!
//! In README.md and the book, a ```` ```console ```` block holds commands after `$ ` and what they print; they run in order, chapter
//! by chapter, in a folder of their own that has a copy of `examples/`. `console,exit=2` expects that exit code. A block
//! ```` ```toml,file=NAME ```` is written to that file first, so that a reader's own design is tried too.

mod chapter;
mod commands;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::process::{find_program, run as run_command};

/// Checks the texts, then runs their commands in `scratch`.
pub fn run(root: &Path, scratch: &Path) -> Outcome<String> {
    let mut pages = vec![root.join("README.md"), root.join("ARCHITECTURE.md")];
    pages.extend(chapters(&root.join("book/src"))?);
    let mut wrong = Vec::new();
    for page in &pages {
        wrong.extend(chapter::check(page)?);
    }
    let mut ran = 0;
    for page in &pages {
        match commands::run(root, page, scratch) {
            Ok(count) => ran += count,
            Err(error) => wrong.push(error),
        }
    }
    if find_program(&["mdbook"]).is_some() {
        let built = scratch.join("html");
        if let Err(error) = run_command(
            Command::new("mdbook")
                .arg("build")
                .arg(root.join("book"))
                .arg("--dest-dir")
                .arg(&built),
        ) {
            wrong.push(error);
        }
    }
    if wrong.is_empty() {
        Ok(format!("{} chapters, {ran} commands", pages.len() - 2))
    } else {
        Err(wrong.join("\n"))
    }
}

/// The chapters in the order of SUMMARY.md; a page that it does not list, or lists in vain, is an error.
fn chapters(source: &Path) -> Outcome<Vec<PathBuf>> {
    let summary = source.join("SUMMARY.md");
    let text = fs::read_to_string(&summary).map_err(|error| format!("{}: {error}", summary.display()))?;
    let listed: Vec<PathBuf> = chapter::links(&text).iter().map(|(_, link)| source.join(link)).collect();
    if let Some(missing) = listed.iter().find(|page| !page.is_file()) {
        return Err(format!("SUMMARY.md lists {}, which does not exist", missing.display()));
    }
    let mut folders = vec![source.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") && path != summary && !listed.contains(&path) {
                return Err(format!("SUMMARY.md does not list {}", path.display()));
            }
        }
    }
    Ok(listed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    #[test]
    fn the_texts_of_this_repository_hold_together() {
        let root = crate::root();
        let mut pages = super::chapters(&root.join("book/src")).unwrap();
        pages.extend(["README.md", "ARCHITECTURE.md"].map(|name| root.join(name)));
        let wrong: Vec<String> = pages.iter().flat_map(|page| super::chapter::check(page).unwrap()).collect();
        assert_eq!(wrong, [""; 0]);
    }
}
