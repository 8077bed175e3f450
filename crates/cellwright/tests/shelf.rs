//! What a report says of ten years on the shelf follows from potentials, thickness and weight, by hand.
#![allow(clippy::unwrap_used)]

mod common;
#[path = "common/thin_film.rs"]
mod thin_film;

use cellwright_base::constants::{FARADAY, JULIAN_YEAR};
use thin_film::DESIGN;

const SEAL: &str = "
[package]
water_vapour_transmission = \"1e-5 g/m2/day\"
";

/// A tenth of the leak of the library, so that the cell is there after ten years.
const TIGHT: &str = "
[materials.LiPON.residual_electronic_conductivity]
value      = \"1e-15 S/cm\"
source     = \"a number for this test\"
confidence = \"assumed\"
";

/// The page of a design and what its summary says of the shelf.
fn page(name: &str, text: &str) -> (String, serde_json::Value) {
    let (page, mut summary) = common::page(name, text);
    (page, summary["shelf"].take())
}

fn coulombs(shelf: &serde_json::Value, key: &str) -> f64 {
    3600.0 * shelf[key].as_f64().unwrap_or_else(|| panic!("{key} in {shelf}"))
}

#[test]
fn leakage_follows_the_potentials_and_water_takes_lithium_of_a_host() {
    let (_, dry) = page("shelf-dry", &(DESIGN.replace("ANODE", "a-Si") + TIGHT));
    let library = cellwright_materials::Library::embedded();
    let value = |m: &str, k: &str, x: f64| library.get(m).unwrap().get(k).unwrap().eval(x, 298.15).value;
    let host = |m: &str, thickness: f64| {
        let whole = FARADAY * value(m, "maximum_concentration", 0.0) * 1e-4 * thickness;
        (whole, value(m, "stoichiometry_at_full", 0.0))
    };
    let ((silicon, full), (cobalt, empty)) = (host("a-Si", 25e-9), host("LiCoO2", 300e-9));
    let voltage = |q: f64, w: f64| {
        let positive = value("LiCoO2", "open_circuit_potential", empty + q / cobalt);
        positive - value("a-Si", "open_circuit_potential", full - (q + w) / silicon)
    };
    // ∫ dq / U is conductance times time.
    let leaked = coulombs(&dry, "leakage_ah");
    let n = 20_000;
    let h = leaked / f64::from(n);
    let integral: f64 = (0..n).map(|i| h / voltage((f64::from(i) + 0.5) * h, 0.0)).sum();
    let exact = 1e-13 * 1e-4 / 1.2e-6 * 10.0 * JULIAN_YEAR;
    assert!((integral / exact - 1.0).abs() < 1e-4, "{integral:e} {exact:e}");
    assert!(dry["water_ah"].is_null() && dry["closure"].as_f64().unwrap() < 1e-9, "{dry}");

    let (_, wet) = page("shelf-wet", &(DESIGN.replace("ANODE", "a-Si") + TIGHT + SEAL));
    let taken = 1e-8 / 86_400.0 * 1.21e-4 * FARADAY / 18.015e-3 * 10.0 * JULIAN_YEAR;
    assert!((coulombs(&wet, "lithium_taken_ah") / taken - 1.0).abs() < 1e-6, "{wet}");
    // At the end of what is left stands the lower limit, or silicon that is empty but for the hundredth in which its potential rises.
    let q = coulombs(&wet, "leakage_ah") + coulombs(&wet, "left_ah");
    let at_end = |q: f64, w: f64| {
        let x = full - (q + w) / silicon;
        assert!(
            (voltage(q, w) - 3.0).abs() < 2e-3 || (0.0..0.01).contains(&x),
            "{} V, {x}",
            voltage(q, w)
        );
    };
    at_end(q, taken);
    let lost = coulombs(&wet, "water_ah");
    let before = coulombs(&wet, "charge_ah");
    at_end(before, 0.0);
    // Close to what was taken, since silicon has no lithium to spare; less, since it need not give its last.
    assert!(lost > 0.99 * taken && lost < taken, "{wet}");
    assert!((before - q - lost).abs() < 1e-9 * before, "{wet}");

    // A hundred times as much water ends it within years.
    let (_, open) = page(
        "shelf-open",
        &(DESIGN.replace("ANODE", "a-Si") + TIGHT + &SEAL.replace("1e-5", "1e-3")),
    );
    assert!(
        open["closure"].as_f64().unwrap() < 1e-9 && open["left_ah"].as_f64().unwrap() < 1e-12,
        "{open}"
    );
    assert!(
        open["years"].as_f64().unwrap() < 10.0 && coulombs(&open, "leakage_ah") > 0.0,
        "{open}"
    );
}

#[test]
fn spare_metal_is_lost_first_and_what_is_unknown_is_named() {
    let (_, shelf) = page(
        "shelf-metal",
        &(DESIGN.replace("ANODE", "Li").replace("25 nm", "5 um") + TIGHT + SEAL),
    );
    assert!(
        shelf["water_ah"].as_f64().unwrap().abs() < 1e-20 && shelf["lithium_taken_ah"].as_f64().unwrap() > 0.0,
        "{shelf}"
    );
    let unknown = DESIGN.replace("ANODE", "Li").replace("\"LiPON\"", "\"LiPON-ALD\"");
    let (page, shelf) = page("shelf-unknown", &unknown);
    assert!(shelf.is_null(), "{shelf}");
    let part = &page[page.find(r#"id="shelf""#).unwrap()..];
    let gaps = &part[part.find("Not counted").unwrap()..];
    let gaps = &gaps[..gaps.find("</p>").unwrap()];
    for gap in ["residual electronic conductivity of LiPON-ALD", "water_vapour_transmission"] {
        assert!(gaps.contains(gap), "{gaps}");
    }
    assert!(part.contains("Seal needed"), "how tight it must be does not need what is unknown");
}
