//! Designs side by side: every design runs the same kind of rate series, and one page says which delivers what on a footprint and in a volume.
//!
//! `read → prepare → rate series (measure) → verdict and remarks → page, JSON, CSV`. A design that cannot be made or run keeps its column, with
//! its message; the others are shown.

mod crossing;
mod data;
mod figures;
mod files;
mod losses;
mod measure;
mod page;
mod remarks;
mod table;
mod verdict;

#[cfg(test)]
mod tests;

pub use data::{Column, Measured, Point};
pub use verdict::Verdict;

use crate::pipeline::{self, Input, Progress};
use crate::publish::Staging;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Most designs on one page: as many as there are colours that can be told apart.
pub const MOST_DESIGNS: usize = 8;

/// A comparison as asked for.
#[derive(Clone, Debug)]
pub struct CompareRequest {
    /// The design files, in the order of the columns.
    pub designs: Vec<PathBuf>,
    /// Folder for the results.
    pub out: PathBuf,
    /// The command line, for the end of the page.
    pub command: String,
    /// Today, for the heading.
    pub date: String,
}

/// All columns with what can be said about them together.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// One per design, in the order asked for.
    pub columns: Vec<Column>,
    /// Who leads, and where the curves cross.
    pub verdict: Verdict,
    /// Bases that differ between the designs, in words.
    pub remarks: Vec<String>,
}

/// A finished comparison.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What was found.
    pub comparison: Comparison,
    /// The same as JSON, as in `compare.json`.
    pub json: serde_json::Value,
    /// The page.
    pub page: PathBuf,
    /// Its size, bytes.
    pub page_bytes: u64,
}

impl Comparison {
    /// Puts columns together and says what they show.
    pub fn new(columns: Vec<Column>) -> Comparison {
        let columns = data::labelled(columns);
        let measured = data::measured(&columns);
        Comparison {
            verdict: verdict::verdict(&measured),
            remarks: remarks::remarks(&measured),
            columns,
        }
    }

    /// Exit code of the worst design; 0 if all could be run.
    pub fn exit_code(&self) -> i32 {
        self.columns
            .iter()
            .flat_map(|c| c.errors().chain(c.warnings()))
            .filter(|d| d.severity == cellwright_base::diagnostic::Severity::Error)
            .map(|d| d.kind.exit_code())
            .max()
            .unwrap_or(0)
    }
}

/// Runs every design and publishes the comparison; nothing if it was stopped, and nothing is written then.
///
/// # Errors
/// Faults of the file system. A design that fails is no fault of the comparison: its column holds the reason.
pub fn compare(request: &CompareRequest, cancel: &AtomicBool, progress: &mut dyn FnMut(Progress)) -> Result<Option<Compared>, Diagnostic> {
    let mut columns = Vec::new();
    for (i, file) in request.designs.iter().enumerate() {
        let number = format!("{}/{}", i + 1, request.designs.len());
        let result = examine(file, &number, cancel, progress);
        if cancel.load(Ordering::Relaxed) {
            return Ok(None);
        }
        columns.push(Column::new(file, result));
    }
    let comparison = Comparison::new(columns);
    let json = files::json(&comparison);
    let page = page::page(&comparison, request).into_bytes();
    let page_bytes = page.len() as u64;
    let mut staging = Staging::new(&request.out);
    staging.add("compare.json", format!("{json:#}\n").into_bytes());
    staging.add("compare.csv", files::csv(&comparison).into_bytes());
    staging.add("compare.html", page);
    staging.publish()?;
    Ok(Some(Compared {
        comparison,
        json,
        page: request.out.join("compare.html"),
        page_bytes,
    }))
}

/// One design from its file to its numbers.
fn examine(file: &Path, number: &str, cancel: &AtomicBool, progress: &mut dyn FnMut(Progress)) -> Result<Measured, Vec<Diagnostic>> {
    let input = Input::Design(file.to_owned());
    let (mut prepared, _) = pipeline::prepare(&input, cancel, progress).map_err(|f| never_empty(f.diagnostics))?;
    prepared.fabricate(cancel);
    progress(Progress::Checked {
        title: format!("{number} {}", prepared.title),
        warnings: prepared.warnings.len(),
    });
    measure::measure(&prepared, cancel, progress)
}

fn never_empty(mut faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if faults.is_empty() {
        faults.push(Diagnostic::error(ErrorKind::Bug, "E090", "the design failed without a reason"));
    }
    faults
}
