//! Conductivity of the electrolyte against temperature, from the design of a cell and the material library alone.
#![allow(clippy::unwrap_used)]

use cellwright::arrhenius::{self, Conductivity, Law};
use cellwright::prepare::Prepared;
use cellwright_base::constants::FARADAY;

const LIPON: &str = include_str!("../../../examples/10-titration/design.toml");

fn of(design: &str) -> Conductivity {
    arrhenius::of(&Prepared::from_design("design.toml", design).unwrap())
}

#[test]
fn the_energy_of_the_library_comes_back_over_the_range_it_names() {
    let c = of(LIPON);
    let line = c.line.as_ref().unwrap();
    assert_eq!(line.law, Law::Arrhenius);
    assert!((line.energy / (0.55 * FARADAY) - 1.0).abs() < 1e-6, "{} J/mol", line.energy);
    assert!((c.value / 2.3e-4 - 1.0).abs() < 1e-9, "{} S/m", c.value);
    // From -26 to 140 degC, as the source of the value says.
    let [low, high] = line.range();
    assert!(
        c.range_given && (low - 247.15).abs() < 1e-9 && (high - 413.15).abs() < 1e-9,
        "{low} {high}"
    );
    let s = c.summary();
    assert_eq!((s.law, s.concentration_mol_l), (Some("Arrhenius"), None));
    assert!((s.activation_energy_ev.unwrap() / 0.55 - 1.0).abs() < 1e-6);
    assert!((s.activation_energy_kj_mol.unwrap() / (0.55e-3 * FARADAY) - 1.0).abs() < 1e-6);
}

#[test]
fn an_electrolyte_without_temperature_dependence_is_a_gap() {
    let plain = include_str!("../../../examples/01-thin-film/design.toml");
    let c = of(plain);
    assert!(c.line.is_none() && c.value > 0.0);
    let s = c.summary();
    assert_eq!((s.law, s.activation_energy_ev, s.range_k), (None, None, None));
}

#[test]
fn a_vtf_expression_in_a_design_is_recognised() {
    let own = format!(
        "{LIPON}\n{}",
        r#"
[materials."LiPON".ionic_conductivity]
expression        = "2.0 * exp(-1150.0 / (T - 190.0))"
unit              = "S/m"
valid_temperature = ["0 degC", "90 degC"]
source            = "test"
confidence        = "assumed"
"#
    );
    let c = of(&own);
    let Law::Vtf { b, t0 } = c.line.unwrap().law else {
        panic!("not recognised")
    };
    assert!((b / 1150.0 - 1.0).abs() < 1e-6 && (t0 / 190.0 - 1.0).abs() < 1e-6, "{b} {t0}");
}
