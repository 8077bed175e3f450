//! Files in and out: bounded reading of inputs, and results that appear together or not at all.

use crate::result_dir::{ResultDir, ResultDirError};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name of the checkpoint in the output folder.
pub const CHECKPOINT: &str = "checkpoint.cellwright";

fn fault(what: &str, path: &Path, e: &std::io::Error) -> Diagnostic {
    Diagnostic::error(ErrorKind::Io, "E080", format!("cannot {what} `{}`", path.display())).label(e.to_string())
}

/// Largest input file, bytes.
const LARGEST_INPUT: u64 = 64 << 20;

/// Reads an input file.
///
/// # Errors
/// `E080` if it cannot be read, `E081` if it is too large or no UTF-8.
pub fn read_text(path: &Path) -> Result<String, Diagnostic> {
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|e| {
        Diagnostic::error(ErrorKind::Input, "E081", format!("`{}` is not a text file", path.display()))
            .label(format!("byte {} is not UTF-8", e.utf8_error().valid_up_to()))
            .help("save it as UTF-8")
    })
}

/// Reads an input file as bytes.
///
/// # Errors
/// As [`read_text`].
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let size = fs::metadata(path).map_err(|e| fault("read", path, &e))?;
    if size.is_dir() {
        return Err(Diagnostic::error(ErrorKind::Io, "E080", format!("`{}` is a folder", path.display())).help("name a file in it"));
    }
    if size.len() > LARGEST_INPUT {
        return Err(
            Diagnostic::error(ErrorKind::Input, "E081", format!("`{}` is too large", path.display()))
                .label(format!("{} MB", size.len() >> 20))
                .note("allowed: 64 MB"),
        );
    }
    fs::read(path).map_err(|e| fault("read", path, &e))
}

/// Results waiting to be published together.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    files: Vec<(String, Vec<u8>)>,
}

impl Staging {
    /// Results for `folder`, which need not exist yet.
    pub fn new(folder: &Path) -> Staging {
        Staging {
            folder: folder.to_owned(),
            files: vec![],
        }
    }

    /// Adds a file.
    pub fn add(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.files.push((name.into(), bytes));
    }

    /// Names and sizes so far.
    pub fn listing(&self) -> Vec<(String, u64)> {
        self.files.iter().map(|(n, b)| (n.clone(), b.len() as u64)).collect()
    }

    /// Publishes everything at once, the report last; files that only the previous run had disappear, the checkpoint too.
    ///
    /// # Errors
    /// `E402`; the old results stand.
    pub fn publish(self) -> Result<(), Diagnostic> {
        let publish = || -> Result<(), ResultDirError> {
            let mut folder = ResultDir::open(&self.folder)?;
            for (name, bytes) in &self.files {
                folder.stage(name, |w| w.write_all(bytes))?;
            }
            folder.remove(CHECKPOINT)?;
            folder.publish()
        };
        publish().map_err(|e| e.diagnostic())
    }
}

/// Replaces one file of a result folder atomically.
///
/// # Errors
/// `E402`.
pub fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Diagnostic> {
    ResultDir::open(folder)
        .and_then(|d| d.put(name, |w| w.write_all(bytes)))
        .map_err(|e| e.diagnostic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn publishing_replaces_all_files_and_leaves_no_temporaries() {
        let folder = std::env::temp_dir().join(format!("cellwright-publish-{}", std::process::id()));
        for text in ["old", "new"] {
            let mut s = Staging::new(&folder);
            s.add("a.txt", text.into());
            s.add("sub/b.txt", text.into());
            s.publish().expect("the folder is writable");
        }
        assert_eq!(fs::read_to_string(folder.join("sub/b.txt")).expect("written"), "new");
        let temporaries = fs::read_dir(&folder)
            .expect("there")
            .flatten()
            .filter(|e| e.file_name().to_string_lossy().contains("tmp"));
        assert_eq!(temporaries.count(), 0);
        fs::remove_dir_all(&folder).expect("removable");
    }
}
