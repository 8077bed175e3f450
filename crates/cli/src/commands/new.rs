//! `cellwright new`: a commented design to start from.

use crate::messages::Messages;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use std::io::Write;
use std::path::Path;

const TEMPLATE: &str = include_str!("../../../../examples/01-thin-film/design.toml");

/// Writes the example into `directory`; never over an existing file.
pub fn run(directory: &Path, messages: &mut Messages) -> i32 {
    let path = directory.join("design.toml");
    let text = TEMPLATE.replace("examples/01-thin-film/design.toml", "design.toml");
    let written = std::fs::create_dir_all(directory)
        .and_then(|()| std::fs::OpenOptions::new().write(true).create_new(true).open(&path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            messages.verb("Created", &path.display().to_string());
            messages.note(&format!(
                "            next: cellwright run {} --out {}",
                path.display(),
                directory.join("out").display()
            ));
            0
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let there = Diagnostic::error(ErrorKind::Io, "E082", format!("`{}` exists already", path.display()));
            messages.report_all(&[there.help("name another folder: cellwright new DIR")])
        }
        Err(error) => {
            let failed = Diagnostic::error(ErrorKind::Io, "E080", format!("cannot write `{}`", path.display()));
            messages.report_all(&[failed.label(error.to_string())])
        }
    }
}
