//! `cellwright new`: a commented design to start from.

use crate::messages::Messages;
use cellwright::design;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};
use std::io::Write;
use std::path::Path;

const LAMINATED: &str = include_str!("../../../../examples/01-thin-film/design.toml");
const CUSTOM: &str = include_str!("custom.toml");

/// Writes a design into `directory`, the thin-film cell if no architecture is named; never over an existing file.
pub fn run(directory: &Path, architecture: Option<&str>, messages: &mut Messages) -> i32 {
    let path = directory.join("design.toml");
    let laminated = || LAMINATED.replace("examples/01-thin-film/design.toml", "design.toml");
    let text = match architecture {
        None | Some("laminated") => Some(laminated()),
        Some("custom") => Some(CUSTOM.to_owned()),
        Some(name) => design::template_text(name),
    };
    let Some(text) = text else {
        return messages.report_all(&[unknown(architecture.unwrap_or_default())]);
    };
    let run = if matches!(architecture, None | Some("laminated")) {
        "run"
    } else {
        "build"
    };
    let written = std::fs::create_dir_all(directory)
        .and_then(|()| std::fs::OpenOptions::new().write(true).create_new(true).open(&path))
        .and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => {
            messages.verb("Created", &path.display().to_string());
            messages.note(&format!(
                "            next: cellwright {run} {} --out {}",
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

fn unknown(name: &str) -> Diagnostic {
    let all = design::architectures();
    let unknown = Diagnostic::error(ErrorKind::Input, "E091", format!("there is no architecture `{name}`"));
    let unknown = unknown.note(format!("architectures: {}", all.join(", ")));
    match nearest(name, all) {
        Some(near) => unknown.help(format!("did you mean `{near}`?")),
        None => unknown,
    }
}
