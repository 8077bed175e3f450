//! What the terminal shows of the library.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::library::Library;
use crate::material::Role;

#[test]
fn positive_electrodes_by_capacity() {
    let library = Library::embedded();
    let rows = list(&library, Some(Role::Positive), SortKey::Capacity);
    assert!(
        rows.windows(2)
            .all(|w| w[0].volumetric_capacity_uah_cm2_um >= w[1].volumetric_capacity_uah_cm2_um)
    );
    let text = list_text(&rows, Some(Role::Positive), library.iter().count());
    let line = |start: &str| {
        text.lines()
            .find(|l| l.starts_with(start))
            .unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(line("LiCoO2 "), "LiCoO2 69.1 3.0 .. 4.2 1e-16 .. 4e-15 ○○○○ assumed");
    assert_eq!(
        line("LiNi0.5Mn1.5O4 "),
        "LiNi0.5Mn1.5O4 65.3 3.5 .. 4.9 1e-16 .. 1e-14 ○○○○ assumed"
    );
    assert_eq!(line("LiMnO2 "), "LiMnO2 120 2.0 .. 4.0 gap ○○○○ assumed");
    assert!(text.lines().all(|l| l.trim_end() == l));
}

#[test]
fn every_role_and_sort_key_prints() {
    let library = Library::embedded();
    for role in Role::ALL.into_iter().map(Some).chain([None]) {
        for (word, key) in SortKey::ALL {
            let rows = list(&library, role, key);
            assert!(!rows.is_empty() && SortKey::parse(word) == Some(key));
            assert_eq!(list_text(&rows, role, 99).lines().count(), rows.len() + 3);
        }
    }
}

#[test]
fn a_material_shows_values_sources_and_gaps() {
    let library = Library::embedded();
    let text = show(library.get("LiFePO4").unwrap());
    assert!(text.contains("1e-17 m2/s (1e-18 .. 1e-16)"), "{text}");
    assert!(text.contains("0.05 um (0.0365 .. 1.15)"), "{text}");
    assert!(!text.contains("gaps:"), "{text}");
    let text = show(library.get("Li").unwrap());
    assert!(text.contains("gaps: exchange-current density (exchange_current_density)"), "{text}");
    let text = show(library.get("LiPON").unwrap());
    assert!(text.contains("2.3e-6 S/cm, 53.07 kJ/mol (1e-7 .. 3e-6)"), "{text}");
    for m in library.iter() {
        assert!(!show(m).contains("NaN"), "{}", m.name);
    }
}

#[test]
fn json_data_keeps_units_and_gaps() {
    let library = Library::embedded();
    let json = serde_json::to_value(MaterialData::from(library.get("Li").unwrap())).unwrap();
    assert_eq!(json["gaps"], serde_json::json!(["exchange_current_density"]));
    let json = serde_json::to_value(MaterialData::from(library.get("LiFePO4").unwrap())).unwrap();
    assert_eq!(json["gaps"], serde_json::json!([]));
    let density = json["properties"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["key"] == "density")
        .unwrap();
    assert_eq!(
        (density["value"].as_f64().unwrap(), density["unit"].as_str().unwrap()),
        (3.6, "g/cm3")
    );
}
