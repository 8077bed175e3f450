//! Lithium metal that is used up, and a cell that is made without any: what it delivers is what it has, by weight.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/thin_film.rs"]
mod thin_film;

use cellwright_base::constants::FARADAY;
use thin_film::DESIGN;

/// Charge of a lithium film of 1 cm², Ah.
fn held(thickness: f64) -> f64 {
    76_945.0 * thickness * 1e-4 * FARADAY / 3600.0
}

fn steps(name: &str, thick: &str, charge: &str, steps: &str) -> Vec<serde_json::Value> {
    let design = DESIGN
        .replace("ANODE", "Li")
        .replace("25 nm", thick)
        .replace("\"0 %\"", &format!("\"{charge}\""));
    let design = design.replace(r#"["Charge at 1C until 4.2 V"]"#, steps);
    let (_, summary) = common::page(name, &design);
    assert!(summary["lithium_balance"].as_f64().unwrap() < 1e-9, "{summary}");
    summary["steps"].as_array().unwrap().clone()
}

#[test]
fn a_thin_film_of_lithium_ends_the_discharge() {
    let done = steps(
        "metal-thin",
        "50 nm",
        "100 %",
        r#"["Discharge at 1C until 3.0 V", "Rest for 1 min", "Charge at 1C for 6 min"]"#,
    );
    let capacity = done[0]["capacity_ah"].as_f64().unwrap();
    assert!((capacity / held(50e-9) - 1.0).abs() < 1e-6, "{capacity} {}", held(50e-9));
    assert!(done[0]["ended"].as_str().unwrap().contains("the last lithium"), "{}", done[0]);
    assert_eq!(done.len(), 3, "the cell can be charged again");
}

#[test]
fn a_cell_without_an_anode_delivers_what_was_plated() {
    let done = steps(
        "metal-free",
        "0.1 nm",
        "0 %",
        r#"["Charge at 1C until 4.1 V", "Discharge at C/100 until 3.0 V"]"#,
    );
    let [charged, delivered] = [0, 1].map(|k: usize| done[k]["capacity_ah"].as_f64().unwrap());
    assert!(
        (delivered + charged - held(0.1e-9)).abs() < 1e-6 * delivered,
        "{charged} {delivered}"
    );
    assert!(done[1]["ended"].as_str().unwrap().contains("the last lithium"), "{}", done[1]);
}
