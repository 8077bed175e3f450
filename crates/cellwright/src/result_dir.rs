//! The folder of one run on the disk: a kill at any moment leaves the old results or the new ones, never a half-written file.
//!
//! 1. Every file is first written beside its place under a hidden name, and flushed to the disk.
//! 2. A journal with the list of files is put in place by one rename. Up to here a kill leaves the old results; from here on the new ones are decided.
//! 3. The files are renamed into place, `report.html` last, and files that only the previous run had are removed. A kill in here leaves complete files of
//!    both runs, and [`ResultDir::open`] finishes the renames from the journal.
//! 4. The journal becomes the list of what belongs to the run (`.cellwright-files`), so that the next run knows what to replace. Other files of the user stay.
//!
//! On Unix the folder is locked while a `ResultDir` lives, so that two runs cannot mix; a kill releases the lock.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

use cellwright_base::diagnostic::{Diagnostic, ErrorKind};

const JOURNAL: &str = ".cellwright-publish";
const MANIFEST: &str = ".cellwright-files";
const TEMPORARY: &str = ".cellwright-tmp";
const FIRST_LINE: &str = "cellwright files 1";
/// Appears last, so that a report never speaks of files that are not there yet.
const LAST: &str = "report.html";

/// Why results could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ResultDirError {
    /// The operating system refused.
    #[error("could not {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another run holds the folder.
    #[error("another run is writing to {}", .path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The name leaves the folder or is reserved.
    #[error("`{name}` cannot be the name of a result file")]
    Name {
        /// The name.
        name: String,
    },
}

impl ResultDirError {
    /// Kind of the error, for the exit code.
    pub fn kind(&self) -> ErrorKind {
        if matches!(self, ResultDirError::Name { .. }) {
            ErrorKind::Input
        } else {
            ErrorKind::Io
        }
    }

    /// The finding to show, with what to do about it.
    pub fn diagnostic(&self) -> Diagnostic {
        let d = Diagnostic::error(self.kind(), "E402", self.to_string());
        match self {
            ResultDirError::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => {
                d.help("make room on the disk and run again: the old results are untouched")
            }
            ResultDirError::Io { .. } => d.help("choose another folder with --out"),
            ResultDirError::Busy { .. } => d.help("wait for it, or choose another folder with --out"),
            ResultDirError::Name { .. } => d.help("use a relative name inside the folder"),
        }
    }
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ResultDirError {
    let path = path.to_owned();
    move |source| ResultDirError::Io { action, path, source }
}

/// The folder of one run. Dropped without [`ResultDir::publish`], it leaves the old results and removes what was staged.
#[derive(Debug)]
pub struct ResultDir {
    root: PathBuf,
    staged: Vec<String>,
    dropped: Vec<String>,
    _lock: Lock,
}

/// A locked folder. Unlocked by name when dropped: a process that is just being started shares the handle for a moment, and closing
/// ours alone would leave the folder locked until then.
#[derive(Debug)]
struct Lock(Option<File>);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(handle) = &self.0 {
            // What cannot be unlocked is unlocked by the system when the last handle closes.
            let _ = handle.unlock();
        }
    }
}

impl ResultDir {
    /// Opens or creates the folder and finishes or clears away what a killed run left.
    ///
    /// # Errors
    /// [`ResultDirError`] if the folder cannot be made or another run holds it.
    pub fn open(root: &Path) -> Result<ResultDir, ResultDirError> {
        fs::create_dir_all(root).map_err(failed("create", root))?;
        let lock = if cfg!(unix) { File::open(root).ok() } else { None };
        if let Some(handle) = &lock
            && matches!(handle.try_lock(), Err(fs::TryLockError::WouldBlock))
        {
            return Err(ResultDirError::Busy { path: root.to_owned() });
        }
        let dir = ResultDir {
            root: root.to_owned(),
            staged: vec![],
            dropped: vec![],
            _lock: Lock(lock),
        };
        if dir.root.join(JOURNAL).exists() {
            dir.finish()?;
        }
        dir.clear()?;
        Ok(dir)
    }

    /// Path of a file in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Writes a file that appears with [`ResultDir::publish`]. `name` may contain one `/`.
    ///
    /// # Errors
    /// [`ResultDirError`]; nothing has changed then.
    pub fn stage(&mut self, name: &str, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), ResultDirError> {
        check_name(name)?;
        write_synced(&temporary(&self.path(name)), write)?;
        if !self.staged.iter().any(|n| n == name) {
            self.staged.push(name.to_owned());
        }
        Ok(())
    }

    /// Writes a file that appears at once and belongs to no set of results, such as a checkpoint.
    ///
    /// # Errors
    /// [`ResultDirError`]; an older file of that name is untouched then.
    pub fn put(&self, name: &str, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), ResultDirError> {
        check_name(name)?;
        write_atomic(&self.path(name), write)
    }

    /// Has a file removed with [`ResultDir::publish`], such as a checkpoint that is no longer needed.
    ///
    /// # Errors
    /// [`ResultDirError::Name`].
    pub fn remove(&mut self, name: &str) -> Result<(), ResultDirError> {
        check_name(name)?;
        self.dropped.push(name.to_owned());
        Ok(())
    }

    /// Puts all staged files in place of the results of the previous run.
    ///
    /// # Errors
    /// [`ResultDirError`]; if it fails half-way, the next [`ResultDir::open`] completes it.
    pub fn publish(mut self) -> Result<(), ResultDirError> {
        self.staged.sort_by_key(|n| n == LAST);
        let previous = List::read(&self.root.join(MANIFEST)).unwrap_or_default();
        self.dropped.extend(previous.files.into_iter().filter(|n| check_name(n).is_ok()));
        self.dropped.retain(|n| !self.staged.contains(n));
        let list = List {
            files: std::mem::take(&mut self.staged),
            dropped: std::mem::take(&mut self.dropped),
        };
        for folder in list.folders(&self.root) {
            sync_folder(&folder);
        }
        write_atomic(&self.root.join(JOURNAL), |w| w.write_all(list.text().as_bytes()))?;
        self.finish()
    }

    /// Carries out the journal; may be repeated.
    fn finish(&self) -> Result<(), ResultDirError> {
        let journal = self.root.join(JOURNAL);
        let list = List::read(&journal).map_err(failed("read", &journal))?;
        for name in &list.files {
            check_name(name)?;
            let (place, from) = (self.path(name), temporary(&self.path(name)));
            match fs::rename(&from, &place) {
                // Renamed before an earlier kill.
                Err(e) if e.kind() == io::ErrorKind::NotFound && place.exists() => {}
                other => other.map_err(failed("write", &place))?,
            }
        }
        for name in &list.dropped {
            check_name(name)?;
            let place = self.path(name);
            match fs::remove_file(&place) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed("remove", &place)(e)),
                _ => {}
            }
            if let Some(folder) = place.parent().filter(|f| *f != self.root) {
                let _ = fs::remove_dir(folder); // succeeds only when nothing else is in it
            }
        }
        for folder in list.folders(&self.root) {
            sync_folder(&folder);
        }
        let manifest = self.root.join(MANIFEST);
        fs::rename(&journal, &manifest).map_err(failed("write", &manifest))?;
        sync_folder(&self.root);
        Ok(())
    }

    /// Removes hidden files of a run that was killed before its journal.
    fn clear(&self) -> Result<(), ResultDirError> {
        let list = |folder: &Path| fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>());
        let mut entries = list(&self.root).map_err(failed("list", &self.root))?;
        let folders: Vec<PathBuf> = entries
            .iter()
            .filter(|e| e.file_type().is_ok_and(|t| t.is_dir()))
            .map(fs::DirEntry::path)
            .collect();
        // Folders that cannot be read are none of ours.
        entries.extend(folders.iter().flat_map(|f| list(f).unwrap_or_default()));
        for entry in entries {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') && name.ends_with(TEMPORARY) {
                fs::remove_file(entry.path()).map_err(failed("remove", &entry.path()))?;
            }
        }
        Ok(())
    }
}

impl Drop for ResultDir {
    fn drop(&mut self) {
        for name in &self.staged {
            let _ = fs::remove_file(temporary(&self.path(name)));
        }
    }
}

/// Replaces a file in one step: hidden file in the same folder, flushed to the disk, then renamed.
///
/// # Errors
/// [`ResultDirError`]; an older file is untouched then.
pub fn write_atomic(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), ResultDirError> {
    let from = temporary(path);
    write_synced(&from, write)?;
    fs::rename(&from, path).map_err(|e| {
        let _ = fs::remove_file(&from);
        failed("write", path)(e)
    })?;
    if let Some(folder) = path.parent() {
        sync_folder(folder);
    }
    Ok(())
}

fn write_synced(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), ResultDirError> {
    let attempt = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut sink = BufWriter::with_capacity(1 << 16, File::create(path)?);
        write(&mut sink)?;
        sink.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    };
    attempt().map_err(|e| {
        let _ = fs::remove_file(path);
        failed("write", path)(e)
    })
}

/// Makes renames in the folder last; systems that cannot open a folder do so by themselves.
fn sync_folder(folder: &Path) {
    if let Ok(handle) = File::open(folder) {
        let _ = handle.sync_all();
    }
}

fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    path.with_file_name(format!(".{name}{TEMPORARY}"))
}

fn check_name(name: &str) -> Result<(), ResultDirError> {
    let parts: Vec<Component> = Path::new(name).components().collect();
    let plain = (1..=2).contains(&parts.len()) && parts.iter().all(|c| matches!(c, Component::Normal(_)));
    let hidden = Path::new(name).file_name().is_none_or(|n| n.to_string_lossy().starts_with('.'));
    if plain && !hidden && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(ResultDirError::Name { name: name.to_owned() })
    }
}

/// What a journal and a manifest hold.
#[derive(Default)]
struct List {
    files: Vec<String>,
    dropped: Vec<String>,
}

impl List {
    fn text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\n");
        self.files.iter().for_each(|n| text.push_str(&format!("file {n}\n")));
        self.dropped.iter().for_each(|n| text.push_str(&format!("drop {n}\n")));
        text
    }

    fn read(path: &Path) -> io::Result<List> {
        let text = fs::read_to_string(path)?;
        let mut lines = text.lines();
        if lines.next() != Some(FIRST_LINE) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "not a list of result files"));
        }
        let mut list = List::default();
        for line in lines {
            match line.split_once(' ') {
                Some(("file", name)) => list.files.push(name.to_owned()),
                Some(("drop", name)) => list.dropped.push(name.to_owned()),
                _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "not a list of result files")),
            }
        }
        Ok(list)
    }

    fn folders(&self, root: &Path) -> Vec<PathBuf> {
        let mut folders = vec![root.to_owned()];
        for name in &self.files {
            let folder = root.join(name).parent().unwrap_or(root).to_owned();
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        folders
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::time::Duration;

    fn scratch(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("cellwright-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn publish(root: &Path, files: &[(&str, &str)]) {
        let mut dir = ResultDir::open(root).unwrap();
        for (name, text) in files {
            dir.stage(name, |w| w.write_all(text.as_bytes())).unwrap();
        }
        dir.publish().unwrap();
    }

    fn listing(root: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(root)
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn new_results_replace_the_old_ones_and_nothing_else() {
        let root = scratch("replace");
        publish(&root, &[("report.html", "1"), ("a.csv", "1"), ("fields/1.vtu", "1")]);
        fs::write(root.join("notes.txt"), "mine").unwrap();
        ResultDir::open(&root)
            .unwrap()
            .put("checkpoint.bin", |w| w.write_all(b"half-way"))
            .unwrap();
        let mut dir = ResultDir::open(&root).unwrap();
        dir.stage("report.html", |w| w.write_all(b"2")).unwrap();
        dir.remove("checkpoint.bin").unwrap();
        assert_eq!(fs::read_to_string(root.join("report.html")).unwrap(), "1");
        dir.publish().unwrap();
        assert_eq!(listing(&root), [MANIFEST, "notes.txt", "report.html"]);
        assert_eq!(fs::read_to_string(root.join("report.html")).unwrap(), "2");
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn an_abandoned_run_leaves_no_trace() {
        let root = scratch("abandoned");
        publish(&root, &[("report.html", "1")]);
        let mut dir = ResultDir::open(&root).unwrap();
        dir.stage("report.html", |w| w.write_all(b"2")).unwrap();
        assert!(dir.stage("a.csv", |_| Err(io::Error::other("the writer failed"))).is_err());
        drop(dir);
        assert_eq!(listing(&root), [MANIFEST, "report.html"]);
        assert_eq!(fs::read_to_string(root.join("report.html")).unwrap(), "1");
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn names_stay_inside_and_two_runs_stay_apart() {
        let root = scratch("names");
        let mut dir = ResultDir::open(&root).unwrap();
        for name in ["../x", "/x", "a/b/c", "", ".hidden", "a\nb", "a/.."] {
            assert!(matches!(dir.stage(name, |_| Ok(())), Err(ResultDirError::Name { .. })), "{name}");
        }
        if cfg!(unix) {
            let e = ResultDir::open(&root).unwrap_err();
            assert!(matches!(e, ResultDirError::Busy { .. }));
            assert_eq!(e.kind().exit_code(), 4);
        }
        drop(dir);
        assert!(ResultDir::open(&root).is_ok());
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_kill_between_any_two_renames_is_completed() {
        let root = scratch("between");
        let names = ["a.csv", "fields/1.vtu", "report.html"];
        for renamed in 0..=names.len() {
            publish(&root, &names.map(|n| (n, "old")));
            let mut dir = ResultDir::open(&root).unwrap();
            for name in names {
                dir.stage(name, |w| w.write_all(b"new")).unwrap();
            }
            let list = List {
                files: std::mem::take(&mut dir.staged),
                dropped: vec![],
            };
            write_atomic(&root.join(JOURNAL), |w| w.write_all(list.text().as_bytes())).unwrap();
            for name in &names[..renamed] {
                fs::rename(temporary(&root.join(name)), root.join(name)).unwrap();
            }
            drop(dir);
            drop(ResultDir::open(&root).unwrap());
            for name in names {
                assert_eq!(
                    fs::read_to_string(root.join(name)).unwrap(),
                    "new",
                    "{name} after {renamed} renames"
                );
            }
            assert_eq!(listing(&root), [MANIFEST, "a.csv", "fields", "report.html"]);
        }
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_kill_at_any_moment_leaves_old_or_new() {
        const FOLDER: &str = "CELLWRIGHT_TEST_KILL";
        let names = ["a.csv", "fields/1.vtu", "report.html"];
        let text = |generation: u64| format!("{generation}\n").repeat(5000);
        if let Some(root) = std::env::var_os(FOLDER) {
            for generation in 1.. {
                publish(
                    Path::new(&root),
                    &names.map(|n| (n, text(generation))).each_ref().map(|(n, t)| (*n, t.as_str())),
                );
            }
        }
        let root = scratch("kill");
        let test = std::thread::current().name().unwrap().to_owned();
        for round in 0..40u64 {
            let mut child = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", &test])
                .env(FOLDER, &root)
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap();
            while !root.join("report.html").exists() {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_micros(8_000 + round * 337 % 6_000));
            child.kill().unwrap();
            child.wait().unwrap();
            let generation = |name: &str| {
                let found = fs::read_to_string(root.join(name)).unwrap();
                let g: u64 = found.lines().next().unwrap().parse().unwrap();
                assert_eq!(found, text(g), "{name} is complete");
                g
            };
            let before = names.map(generation);
            drop(ResultDir::open(&root).unwrap());
            let after = names.map(generation);
            assert!(
                after.iter().all(|g| *g == after[0]),
                "one generation: {after:?}, before recovery {before:?}"
            );
            assert_eq!(listing(&root.join("fields")), ["1.vtu"]);
            assert_eq!(listing(&root), [MANIFEST, "a.csv", "fields", "report.html"]);
        }
        fs::remove_dir_all(&root).unwrap();
    }
}
