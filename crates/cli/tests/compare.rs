//! `cellwright compare` as a user runs it: two fast laminated designs, one that fails, twice the same.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const THIN_FILM: &str = include_str!("../../../examples/01-thin-film/design.toml");

/// A folder with a thin and a thick cathode and a design that names no known material.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let at = THIN_FILM.find("[rate_series]").unwrap();
    let thin = format!("{}[rate_series]\nrates = [\"C/2\", \"10C\"]\n", &THIN_FILM[..at]);
    let thick = thin
        .replace("\"320 nm\"", "\"960 nm\"")
        .replace("\"10 uAh/cm2\"", "\"30 uAh/cm2\"")
        .replace("(Danilov 2011)\"", "thick\"");
    std::fs::write(folder.join("thin.toml"), &thin).unwrap();
    std::fs::write(folder.join("thick.toml"), thick).unwrap();
    std::fs::write(folder.join("bad.toml"), thin.replace("\"Li3PO4-Danilov2011\"", "\"Unobtainium\"")).unwrap();
    folder
}

fn compare(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cellwright"));
    command.current_dir(folder).arg("compare").args(arguments).env("LC_ALL", "C.UTF-8");
    command.output().unwrap()
}

fn json(folder: &Path, out: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(out).join("compare.json")).unwrap()).unwrap()
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap()
}

#[test]
fn two_laminated_designs_are_put_side_by_side() {
    let folder = folder("compare");
    let output = compare(&folder, &["thin.toml", "thick.toml", "--out", "a"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let found = json(&folder, "a");
    let [thin, thick] = [0, 1].map(|i| &found["designs"][i]);
    for design in [thin, thick] {
        let rates = design["rates"].as_array().unwrap();
        let labels: Vec<&str> = rates.iter().map(|r| r["rate"].as_str().unwrap()).collect();
        assert_eq!(labels, ["C/2", "1C", "10C"]);
        for r in rates {
            let (energy, charge) = (number(&r["energy_wh"]), number(&r["capacity_ah"]));
            assert!((energy / charge / number(&r["mean_voltage_v"]) - 1.0).abs() < 1e-9);
            let areal = number(&r["capacity_mah_cm2"]);
            assert!((areal / (1e3 * charge) - 1.0).abs() < 1e-9, "the footprint is 1 cm2");
            let parts: f64 = r["losses_v"].as_object().unwrap().values().map(number).sum();
            assert!((parts - number(&r["loss_v"])).abs() < 1e-12);
        }
        let used = |k: usize| number(&rates[k]["utilisation"]);
        assert!(used(0) > used(1) && used(1) > used(2) && used(0) < 1.1);
        assert_eq!(design["limiting_electrode"], "positive");
        assert_eq!(number(&design["area_enhancement"]), 1.0);
    }
    let ratio = number(&thick["areal_capacity_mah_cm2"]) / number(&thin["areal_capacity_mah_cm2"]);
    assert!(ratio > 2.0 && ratio < 3.2, "three times the cathode, {ratio} times the capacity");
    assert_eq!(found["slow"]["design"], thick["label"]);
    let page = std::fs::read_to_string(folder.join("a/compare.html")).unwrap();
    for part in [
        "p-ragone-area",
        "p-ragone-volume",
        "p-use",
        "p-curves",
        "Mean loss at 1C",
        "Limiting electrode",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("src=\"http") && page.len() < 1 << 20);
    // The same again gives the same files.
    compare(&folder, &["thin.toml", "thick.toml", "--out", "b"]);
    for name in ["compare.json", "compare.csv"] {
        let read = |out: &str| std::fs::read(folder.join(out).join(name)).unwrap();
        assert!(read("a") == read("b"), "{name}");
    }
}

#[test]
fn a_design_that_fails_is_reported_in_its_column() {
    let folder = folder("compare-fails");
    let output = compare(&folder, &["bad.toml", "thin.toml", "--out", "out", "--quiet"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Unobtainium"));
    let found = json(&folder, "out");
    assert!(
        found["designs"][0]["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("Unobtainium")
    );
    assert_eq!(found["designs"][1]["errors"], Value::Array(vec![]));
    assert!(number(&found["designs"][1]["areal_energy_mwh_cm2"]) > 0.0);
    let page = std::fs::read_to_string(folder.join("out/compare.html")).unwrap();
    assert!(page.contains("Could not be run") && page.contains("Unobtainium"));
}
