//! `[ageing]`: what is accepted, every error text, the schema, and designs written out again.

use super::{SMALL, against, parse};
use crate::design::ageing::Sourced;
use crate::design::{Design, laminated, roles, write_custom};
use cellwright_electrochem::wear::Wear;
use cellwright_materials::Library;

/// An `[ageing]` table with everything in it.
const AGEING: &str = r#"
[ageing]
cycle_jumping = "0.1 %"
leakage       = "on"
water         = "on"

[ageing.interphase]
solvent_concentration = "2636 mol/m3"
solvent_diffusivity   = "2.5e-22 m2/s"
rate_constant         = "1e-12 m/s"
potential             = "0.4 V"
molar_volume          = "95.85 cm3/mol"
lithium_per_formula   = 2
conductivity          = "5e-6 S/m"
initial_thickness     = "5 nm"
cracked_share         = "10 %"
partial_molar_volume  = "3.1 cm3/mol"
activation_energy     = "37.5 kJ/mol"
source                = "a test of interphase"

[ageing.plating]
exchange_current_density = "1e-3 A/m2"
transfer_coefficient     = 0.65
isolation_rate           = "1e-6 1/s"
source                   = "a test of plating"

[ageing.negative_stress]
rate            = "1e-9 1/s"
critical_stress = "60 MPa"
exponent        = 2
youngs_modulus  = "15 GPa"
poisson_ratio   = 0.3
partial_molar_volume = "3.10 cm3/mol"
source          = "a test of stress"

[ageing.positive_dissolution]
rate      = "1e-9 1/s"
potential = "4.1 V"
source    = "a test of dissolution"

[ageing.positive_resistance]
increase = "60 ohm cm2"
time     = "100 days"
source   = "a test of resistance"
"#;

/// Name of the case, text to find in the table, text to put there.
const CASES: &[(&str, &str, &str)] = &[
    ("missing source", "source    = \"a test of dissolution\"\n", ""),
    ("empty source", "\"a test of plating\"", "\"\""),
    ("rate constant without potential", "potential             = \"0.4 V\"\n", ""),
    ("potential without rate constant", "rate_constant         = \"1e-12 m/s\"\n", ""),
    ("cracked share without volume", "partial_molar_volume  = \"3.1 cm3/mol\"\n", ""),
    ("volume without cracked share", "cracked_share         = \"10 %\"\n", ""),
    ("unknown key with a slip of the pen", "lithium_per_formula", "lithium_per_formul"),
    ("unknown mechanism", "[ageing.positive_resistance]", "[ageing.negative_cracks]"),
    (
        "dissolution of the wrong electrode",
        "[ageing.positive_dissolution]",
        "[ageing.negative_dissolution]",
    ),
    ("velocity for a diffusivity", "\"2.5e-22 m2/s\"", "\"2.5e-22 m/s\""),
    ("resistance without an area", "\"60 ohm cm2\"", "\"60 ohm\""),
    ("bare number for a rate", "\"1e-6 1/s\"", "1e-6"),
    ("missing rate", "rate      = \"1e-9 1/s\"\n", ""),
    ("missing number of a layer", "molar_volume          = \"95.85 cm3/mol\"\n", ""),
    ("missing thickness of a layer", "initial_thickness     = \"5 nm\"\n", ""),
    ("layer of no thickness", "\"5 nm\"", "\"0 nm\""),
    ("layer thicker than any", "\"5 nm\"", "\"5 um\""),
    ("jumping with a word", "cycle_jumping = \"0.1 %\"", "cycle_jumping = \"on\""),
    (
        "jumping with too large an error",
        "cycle_jumping = \"0.1 %\"",
        "cycle_jumping = \"50 %\"",
    ),
    ("true for a choice", "leakage       = \"on\"", "leakage       = true"),
    ("another word for a choice", "water         = \"on\"", "water         = \"yes\""),
    ("share above one", "\"10 %\"", "\"110 %\""),
];

fn small() -> String {
    format!("{SMALL}{AGEING}")
}

#[test]
fn every_error_text_of_ageing_is_as_reviewed() {
    let changed = |(name, old, new): &(&'static str, &str, &str)| {
        assert_eq!(AGEING.matches(old).count(), 1, "`{old}` must stand once in the table");
        (*name, format!("{SMALL}{}", AGEING.replacen(old, new, 1)))
    };
    let cases: Vec<_> = CASES.iter().map(changed).collect();
    against("errors_ageing.txt", "a small design that ages", &cases);
}

#[test]
fn every_mistake_gets_one_paragraph() {
    for (name, old, new) in CASES {
        let Err(errors) = parse(&format!("{SMALL}{}", AGEING.replacen(old, new, 1))) else {
            panic!("{name}: accepted")
        };
        assert_eq!(errors.len(), 1, "{name}: {errors:#?}");
    }
}

#[test]
fn values_are_si_and_keep_their_sources() {
    let (design, warnings) = parse(&small()).unwrap();
    assert_eq!(warnings, []);
    let ageing = design.ageing.unwrap();
    let near = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-12, "{found} is not {expected}");
    near(ageing.cycle_jumping.unwrap(), 1e-3);
    assert!(ageing.leakage.is_some() && ageing.water.is_some());
    let layer = ageing.interphase.unwrap();
    assert_eq!(layer.source, "a test of interphase");
    near(layer.law.layer.molar_volume, 95.85e-6);
    near(layer.law.layer.initial_thickness, 5e-9);
    near(layer.law.layer.diffusivity.activation_energy, 37.5e3);
    near(layer.law.layer.rate_constant.unwrap().activation_energy, 37.5e3);
    near(layer.law.layer.transfer_coefficient, 0.5);
    let [share, volume] = layer.law.fresh.unwrap();
    near(share, 0.1);
    near(volume, 3.1e-6);
    near(ageing.plating.unwrap().law.transfer_coefficient, 0.65);
    let electrodes: Vec<usize> = ageing.wear.iter().map(|w| w.0).collect();
    assert_eq!(electrodes, [0, 1, 1]);
    let Wear::Resistance(growth) = ageing.wear[2].1.law else {
        panic!("resistance")
    };
    near(growth.rate.value, 60e-4 * 60e-4 / 8.64e6);
}

#[test]
fn nothing_ages_without_the_table_and_off_is_the_same_as_left_out() {
    let (design, _) = parse(SMALL).unwrap();
    assert_eq!(design.ageing, None);
    let (design, _) = parse(&format!("{SMALL}\n[ageing]\nleakage = \"off\"\nwater = \"off\"\n")).unwrap();
    let ageing = design.ageing.unwrap();
    assert!(ageing.leakage.is_none() && ageing.water.is_none() && ageing.wear.is_empty());
}

#[test]
fn what_ages_is_written_out_again() {
    let (design, _) = parse(&small()).unwrap();
    let library = design.library(&Library::embedded()).unwrap();
    let plan = laminated::plan(&design, &roles::assign(&design, &library).unwrap()).unwrap();
    let text = write_custom(&plan, &design);
    let (again, _) = Design::parse("custom.toml", &text).unwrap_or_else(|e| panic!("{}\n{text}", e[0]));
    let (a, b) = (design.ageing.unwrap(), again.ageing.unwrap());
    assert_eq!(a.cycle_jumping, b.cycle_jumping);
    assert_eq!(a.interphase.unwrap().law, b.interphase.unwrap().law);
    assert_eq!(a.plating.unwrap().law, b.plating.unwrap().law);
    let laws = |wear: &[(usize, Sourced<Wear>)]| wear.iter().map(|(e, w)| (*e, w.law, w.source.clone())).collect::<Vec<_>>();
    assert_eq!(laws(&a.wear), laws(&b.wear));
    assert!(b.leakage.is_some() && b.water.is_some());
}

#[test]
fn the_schema_accepts_what_ages_and_refuses_slips() {
    let schema = crate::design::schema();
    super::schema::check(&schema, &small()).unwrap();
    for (old, new) in [
        ("lithium_per_formula", "lithium_per_formul"),
        ("[ageing.positive_resistance]", "[ageing.negative_cracks]"),
        ("leakage       = \"on\"", "leakage       = true"),
        ("water         = \"on\"", "water         = \"yes\""),
        ("source    = \"a test of dissolution\"\n", ""),
        ("exponent        = 2", "exponent        = 25"),
    ] {
        let text = format!("{SMALL}{}", AGEING.replacen(old, new, 1));
        assert!(super::schema::check(&schema, &text).is_err(), "{new}");
    }
}
