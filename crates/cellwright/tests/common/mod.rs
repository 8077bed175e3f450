//! A design that is run as `cellwright run` does it.
#![allow(dead_code, clippy::unwrap_used)]

use cellwright::pipeline::{Input, RunRequest, run};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

/// A thin-film cell of 1 cm² that is charged from empty; `ANODE` stands for its negative material.
pub const DESIGN: &str = r#"format       = 1
name         = "ANODE | LiPON | LiCoO2"
architecture = "laminated"
temperature  = "25 degC"

[footprint]
die    = ["11 mm", "11 mm"]
active = ["10 mm", "10 mm"]

[[film]]
name      = "cathode"
role      = "positive"
material  = "LiCoO2"
thickness = "300 nm"

[[film]]
name      = "electrolyte"
material  = "LiPON"
thickness = "1.2 um"

[[film]]
name      = "anode"
role      = "negative"
material  = "ANODE"
thickness = "25 nm"

[cell]
voltage         = ["3.0 V", "4.2 V"]
state_of_charge = "0 %"

[protocol]
steps = ["Charge at 1C until 4.2 V"]
"#;

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

/// Report and summary of a design.
pub fn page(name: &str, text: &str) -> (String, serde_json::Value) {
    let out = results(name, text);
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    let summary = std::fs::read(out.join("summary.json")).unwrap();
    std::fs::remove_dir_all(out).unwrap();
    (page, serde_json::from_slice(&summary).unwrap())
}
