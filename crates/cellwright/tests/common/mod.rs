//! What a user finds after a run.
#![allow(clippy::unwrap_used)]

pub mod results;

/// Report and summary of a design.
pub fn page(name: &str, text: &str) -> (String, serde_json::Value) {
    let out = results::results(name, text);
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    let summary = std::fs::read(out.join("summary.json")).unwrap();
    std::fs::remove_dir_all(out).unwrap();
    (page, serde_json::from_slice(&summary).unwrap())
}
