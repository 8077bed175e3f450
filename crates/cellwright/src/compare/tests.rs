//! Verdict, remarks, labels and files from numbers made up for the purpose.

use super::crossing::crossings;
use super::data::{Column, Measured, Point};
use super::measure::relative_deviation;
use super::{CompareRequest, Comparison, files, page};
use crate::study::Discharge;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use std::path::Path;

/// A design on 1 cm² whose discharges deliver these energies, J, in these times, s, at C/5, 1C and 10C.
fn design(title: &str, energy: [f64; 3]) -> Measured {
    let points = [("C/5", 0.2), ("1C", 1.0), ("10C", 10.0)]
        .iter()
        .zip(energy)
        .map(|((label, c), energy)| Point {
            label: (*label).to_owned(),
            c_rate: *c,
            current: 1e-3 * c,
            outcome: if energy > 0.0 {
                Ok(Discharge {
                    capacity: energy / 2.0,
                    energy,
                    duration: 3600.0 / c * energy / energy_of(3.6),
                    losses: [0.01, 0.0, 0.0, 0.02, 0.0, 0.0, 0.0, -0.001],
                    curve: (vec![0.0, energy / 2.0], vec![2.1, 1.9]),
                })
            } else {
                Err("cannot start at this rate".to_owned())
            },
        });
    Measured {
        title: title.to_owned(),
        architecture: "laminated".to_owned(),
        materials: ["Li".into(), "LiPON".into(), "LiCoO2".into()],
        names: ["Li".into(), "LiPON".into(), "LiCoO2".into()],
        temperature: 298.15,
        voltage: [1.0, 3.0],
        footprint: 1e-4,
        die: 1.21e-4,
        volume: 1e-8,
        volume_basis: "die without package".into(),
        substrate: true,
        active_area: [1e-4; 2],
        reacting_area: [1e-4; 2],
        enhancement: 1.0,
        nominal: 3.6,
        electrodes: [None, Some(3.6)],
        points: points.collect(),
        spread_at: Some("1C".into()),
        spread: [Some(0.0), Some(0.0)],
        sites: [1, 1],
        stack: true,
        size: (40, 100),
        process_time: None,
        relative_cost: None,
        smallest_feature: None,
        thinnest_film: None,
        section: String::new(),
        exaggeration: 1.0,
        warnings: vec![],
    }
}

fn energy_of(capacity: f64) -> f64 {
    2.0 * capacity
}

fn comparison(designs: Vec<Measured>) -> Comparison {
    let named = designs.into_iter().map(|m| Column::new(Path::new("a/design.toml"), Ok(m)));
    Comparison::new(named.collect())
}

#[test]
fn curves_cross_where_straight_lines_on_logarithmic_axes_meet() {
    let flat = [[1.0, 10.0], [100.0, 10.0]];
    let falling = [[1.0, 100.0], [100.0, 1.0]];
    let found = crossings(&flat, &falling);
    assert!(found.len() == 1 && (found[0] - 10.0).abs() < 1e-9, "{found:?}");
    assert!(crossings(&flat, &[[1.0, 20.0], [100.0, 20.0]]).is_empty());
    assert!(crossings(&flat, &flat).is_empty());
    assert!(crossings(&flat, &[[1.0, 5.0]]).is_empty());
}

#[test]
fn the_spread_is_weighted_with_area() {
    assert_eq!(relative_deviation(&[(2.0, 1.0), (2.0, 5.0)]), Some(0.0));
    let s = relative_deviation(&[(1.0, 3.0), (5.0, 1.0)]).unwrap_or(f64::NAN);
    assert!((s - 3f64.sqrt() / 2.0).abs() < 1e-12, "{s}");
    assert_eq!(relative_deviation(&[(-1.0, 3.0), (-5.0, 1.0)]), Some(s));
    assert_eq!(relative_deviation(&[]), None);
}

#[test]
fn the_verdict_names_leaders_and_the_crossing() {
    let c = comparison(vec![design("thick", [7.0, 4.0, 0.5]), design("thin", [4.0, 3.9, 3.0])]);
    let v = &c.verdict;
    assert_eq!(v.slow.as_ref().map(|l| l.label.as_str()), Some("thick"));
    assert_eq!(v.fast.as_ref().map(|l| l.label.as_str()), Some("thin"));
    assert_eq!(v.crossings.len(), 1);
    assert!(
        v.sentence.contains("At low rate **thick**") && v.sentence.contains("cross at **"),
        "{}",
        v.sentence
    );
    assert!(c.remarks.is_empty(), "{:?}", c.remarks);
    let c = comparison(vec![design("big", [7.0, 6.0, 5.0]), design("small", [4.0, 3.0, 0.0])]);
    assert!(
        c.verdict.sentence.contains("at low rate") && c.verdict.sentence.contains("No other curve"),
        "{}",
        c.verdict.sentence
    );
}

#[test]
fn unlike_bases_are_named() {
    let other = Measured {
        names: ["Li".into(), "LiPON".into(), "LiFePO4".into()],
        footprint: 2e-4,
        temperature: 310.0,
        nominal: 7.2,
        ..design("other", [7.0, 6.0, 5.0])
    };
    let c = comparison(vec![design("one", [7.0, 6.0, 5.0]), other]);
    let all = c.remarks.join("\n");
    for part in [
        "positive electrode",
        "Footprints",
        "share of the die",
        "Temperatures",
        "1C of other",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
    assert!(!all.contains("negative electrode"), "{all}");
}

#[test]
fn a_failed_design_keeps_its_column_and_gives_the_exit_code() {
    let fault = Diagnostic::error(ErrorKind::NotConverged, "E301", "could not <start>, it \"said\"");
    let columns = vec![
        Column::new(Path::new("good.toml"), Ok(design("same", [7.0, 6.0, 5.0]))),
        Column::new(Path::new("bad.toml"), Err(vec![fault])),
        Column::new(Path::new("good.toml"), Ok(design("same", [7.0, 6.0, 5.0]))),
    ];
    let c = Comparison::new(columns);
    assert_eq!(c.exit_code(), 3);
    let labels: Vec<&str> = c.columns.iter().map(|c| c.label.as_str()).collect();
    assert_eq!(labels, ["same (good) 1", "bad", "same (good) 3"]);
    let json = files::json(&c);
    assert_eq!(json["designs"][1]["errors"][0]["code"], "E301");
    assert_eq!(json["designs"][0]["errors"].as_array().map(Vec::len), Some(0));
    let csv = files::csv(&c);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 1 + 2 * 3 + 1, "{csv}");
    let fields = |line: &str| line.matches(',').count();
    assert!(lines[..7].iter().all(|l| fields(l) == fields(lines[0])), "{csv}");
    assert!(lines[7].ends_with("\"could not <start>, it \"\"said\"\"\""), "{csv}");
    let html = page::page(&c, &request());
    assert!(html.contains("could not &lt;start&gt;") && !html.contains("<start>"));
    let failed = Comparison::new(vec![Column::new(Path::new("bad.toml"), Err(vec![]))]);
    assert!(page::page(&failed, &request()).contains("No design could be run."));
}

fn request() -> CompareRequest {
    CompareRequest {
        designs: vec![],
        out: "out".into(),
        command: "cellwright compare good.toml bad.toml --out out".into(),
        date: "2026-01-01".into(),
    }
}
