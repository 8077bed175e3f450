//! A design that is run as `cellwright run` does it.
#![allow(clippy::unwrap_used)]

use cellwright::pipeline::{Input, RunRequest, run};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// Runs the design in a folder of its own, which is told; the caller removes it.
pub fn results(name: &str, text: &str) -> PathBuf {
    let out = std::env::temp_dir().join(format!("cellwright-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&out).unwrap();
    let file = out.join("cell.toml");
    std::fs::write(&file, text).unwrap();
    let request = RunRequest {
        input: Input::Design(file),
        out: out.clone(),
        resume: false,
        command: "cellwright run".into(),
        date: "2026-01-01".into(),
    };
    run(&request, &AtomicBool::new(false), &mut |_| {}).unwrap();
    out
}
