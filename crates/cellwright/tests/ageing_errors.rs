//! What a user reads of mechanisms of ageing that do not fit the cell: one paragraph each, as reviewed in `ageing_errors.txt`.
#![allow(clippy::unwrap_used)]

use cellwright::prepare::Prepared;

const FILMS: &str = include_str!("../../../examples/13-cycle-life/design.toml");
const LIQUID: &str = include_str!("../../../examples/14-interphase/design.toml");

const PLATING: &str = "\n[ageing.plating]\nexchange_current_density = \"1 A/m2\"\nsource = \"a test\"\n";
const CRACKED: &str = "
[ageing.interphase]
solvent_concentration = \"2636 mol/m3\"
solvent_diffusivity   = \"2.5e-22 m2/s\"
molar_volume          = \"95.85 cm3/mol\"
lithium_per_formula   = 2
initial_thickness     = \"5 nm\"
cracked_share         = \"10 %\"
partial_molar_volume  = \"3.1 cm3/mol\"
source                = \"a test\"
";

fn cases() -> Vec<(&'static str, String)> {
    let changed = |text: &str, old: &str, new: &str| {
        assert_eq!(text.matches(old).count(), 1, "`{old}` must stand once");
        text.replacen(old, new, 1)
    };
    vec![
        ("plating on lithium metal", format!("{FILMS}{PLATING}")),
        ("cracks of lithium metal", format!("{FILMS}{CRACKED}")),
        (
            "stress on lithium metal",
            changed(FILMS, "[ageing.positive_stress]", "[ageing.negative_stress]"),
        ),
        (
            "water without a package",
            changed(FILMS, "leakage       = \"on\"", "water = \"on\""),
        ),
        (
            "leakage that nobody published",
            changed(LIQUID, "cycle_jumping = \"0.1 %\"", "leakage = \"on\""),
        ),
    ]
}

#[test]
fn every_misfit_gets_one_paragraph() {
    let mut found = String::from("What a user reads of mechanisms that do not fit the cell. Rewrite with UPDATE_SNAPSHOTS=1 and review.\n");
    for (name, text) in cases() {
        let Err(errors) = Prepared::from_design("design.toml", &text) else {
            panic!("{name}: accepted")
        };
        assert_eq!(errors.len(), 1, "{name}: {errors:#?}");
        found.push_str(&format!("\n=== {name}\n{}\n", errors[0]));
    }
    let path = format!("{}/tests/ageing_errors.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    assert_eq!(found, std::fs::read_to_string(&path).unwrap());
}
