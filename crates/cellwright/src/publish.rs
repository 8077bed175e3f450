//! Files of a run: written beside their place, then renamed, so that a kill leaves the old results or the new ones, never halves.

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
        return Err(Diagnostic::error(ErrorKind::Input, "E081", format!("`{}` is too large", path.display()))
            .label(format!("{} MB", size.len() >> 20))
            .note("allowed: 64 MB"));
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
        Staging { folder: folder.to_owned(), files: vec![] }
    }

    /// Adds a file.
    pub fn add(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.files.push((name.into(), bytes));
    }

    /// Names and sizes so far.
    pub fn listing(&self) -> Vec<(String, u64)> {
        self.files.iter().map(|(n, b)| (n.clone(), b.len() as u64)).collect()
    }

    /// Writes everything: all temporaries first, then the renames, the last added file last. Subfolders are made as needed.
    ///
    /// # Errors
    /// `E080`; temporaries are removed again and the old results stand.
    pub fn publish(self) -> Result<(), Diagnostic> {
        let mut written = Vec::new();
        let result = self.write_all(&mut written);
        if result.is_err() {
            for (temporary, _) in &written {
                let _ = fs::remove_file(temporary);
            }
        }
        result
    }

    fn write_all(&self, written: &mut Vec<(PathBuf, PathBuf)>) -> Result<(), Diagnostic> {
        for (name, bytes) in &self.files {
            let target = self.folder.join(name);
            written.push((write_beside(&target, bytes)?, target));
        }
        for (temporary, target) in written.iter() {
            fs::rename(temporary, target).map_err(|e| fault("write", target, &e))?;
        }
        Ok(())
    }
}

fn write_beside(target: &Path, bytes: &[u8]) -> Result<PathBuf, Diagnostic> {
    let parent = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|e| fault("make the folder", parent, &e))?;
    let name = target.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let temporary = parent.join(format!(".{name}.{}.tmp", std::process::id()));
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_data()
    };
    write().map_err(|e| {
        let _ = fs::remove_file(&temporary);
        fault("write", target, &e)
    })?;
    Ok(temporary)
}

/// Replaces one file atomically.
///
/// # Errors
/// `E080`.
pub fn replace(target: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    let temporary = write_beside(target, bytes)?;
    fs::rename(&temporary, target).map_err(|e| fault("write", target, &e))
}

/// Removes a file that may not be there.
pub fn remove(target: &Path) {
    let _ = fs::remove_file(target);
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
        assert_eq!(fs::read_dir(&folder).expect("there").count(), 2);
        fs::remove_dir_all(&folder).expect("removable");
    }
}
