//! User text: merged values, new materials, and findings at their place.
#![allow(clippy::unwrap_used)]

use cellwright_materials::{Class, Confidence, Library};
use proptest::prelude::*;

const GOOD: &str = r#"
schema = 1
[materials.LiCoO2.diffusion]
value      = "3e-15 m2/s"
source     = "my PITT, sample 7"
confidence = "measured"

[materials."LCO-thick"]
based_on = "LiCoO2"
title = "our film"
[materials."LCO-thick".density]
value = "4.4 g/cm3"
source = "weighed"
confidence = "measured"

[materials.Mystery]
class = "electrode"
roles = ["positive"]
[materials.Mystery.open_circuit_potential]
rows = [[0.0, 4.0], [0.5, 3.9], [1.0, 3.0]]
unit = "V"
source = "lab"
confidence = "measured"
"#;

#[test]
fn values_merge_copy_and_add() {
    let mut library = Library::embedded();
    let n = library.iter().count();
    let mut names = library.override_text("design.toml", GOOD).unwrap();
    names.sort();
    assert_eq!(names, ["LCO-thick", "LiCoO2", "Mystery"]);
    assert_eq!(library.iter().count(), n + 2);
    let d = library.property("LiCoO2", "diffusion").unwrap();
    assert_eq!((d.eval(0.5, 300.0).value, d.provenance.confidence), (3e-15, Confidence::Measured));
    assert!(library.property("LiCoO2", "density").is_ok(), "other properties stay");
    assert_eq!(library.property("LCO-thick", "density").unwrap().eval(0.0, 300.0).value, 4400.0);
    assert!(library.property("LCO-thick", "open_circuit_potential").is_ok());
    assert_eq!(library.get("Mystery").unwrap().class, Class::Electrode);
    assert_eq!(
        library.override_text("design.toml", "[device]\nname = 'x'\n").unwrap(),
        Vec::<String>::new()
    );
}

/// Body of one property table, expected code, piece of the text shown.
#[test]
fn findings_have_place_found_allowed_and_hint() {
    for (line, code, piece) in [
        (
            "value = \"3e-15 m2\"\nsource = \"s\"\nconfidence = \"assumed\"",
            "E021",
            "expected a diffusion coefficient, found an area",
        ),
        (
            "value = 3e-15\nsource = \"s\"\nconfidence = \"assumed\"",
            "E013",
            "a text with unit, like \"1e-15 m2/s\"",
        ),
        (
            "value = \"3 m2/s\"\nsource = \"s\"\nconfidence = \"assumed\"",
            "E023",
            "allowed: 1e-26 m2/s .. 1e-6 m2/s",
        ),
        ("value = \"3e-15 m2/s\"\nconfidence = \"assumed\"", "E015", "needs a `source`"),
        (
            "value = \"3e-15 m2/s\"\nsource = \"\"\nconfidence = \"assumed\"",
            "E015",
            "needs a `source`",
        ),
        ("value = \"3e-15 m2/s\"\nsource = \"s\"", "E015", "confidence = \"assumed\""),
        (
            "value = \"3e-15 m2/s\"\nsource = \"s\"\nconfidence = \"measurd\"",
            "E014",
            "did you mean `measured`?",
        ),
        (
            "valu = \"3e-15 m2/s\"\nsource = \"s\"\nconfidence = \"assumed\"",
            "E012",
            "a key with a similar name exists: `value`",
        ),
        (
            "source = \"s\"\nconfidence = \"assumed\"",
            "E015",
            "exactly one of value, expression, rows",
        ),
        (
            "expression = \"1e-15*y\"\nunit = \"m2/s\"\nsource = \"s\"\nconfidence = \"assumed\"",
            "E016",
            "unknown name `y`",
        ),
        (
            "expression = \"1e-15*x\"\nsource = \"s\"\nconfidence = \"assumed\"",
            "E015",
            "needs the `unit`",
        ),
        (
            "expression = \"1e-15*x\"\nunit = \"S/m\"\nsource = \"s\"\nconfidence = \"assumed\"",
            "E021",
            "found a conductivity",
        ),
        (
            "rows = [[0, 1e-15], [0, 2e-15]]\nunit = \"m2/s\"\nsource = \"s\"\nconfidence = \"assumed\"",
            "E017",
            "increase or decrease strictly",
        ),
        (
            "rows = [[0, 1e-15, 3]]\nunit = \"m2/s\"\nsource = \"s\"\nconfidence = \"assumed\"",
            "E013",
            "[argument, value] pairs",
        ),
        (
            "rows = [[0, nan], [1, 2e-15]]\nunit = \"m2/s\"\nsource = \"s\"\nconfidence = \"assumed\"",
            "E023",
            "not finite",
        ),
        (
            "value = \"3e-15 m2/s\"\nactivation_energy = \"9 MJ/mol\"\nsource = \"s\"\nconfidence = \"assumed\"",
            "E023",
            "activation energy",
        ),
        (
            "value = \"3e-15 m2/s\"\nvalid = [1, 0]\nsource = \"s\"\nconfidence = \"assumed\"",
            "E017",
            "[lower, higher]",
        ),
    ] {
        let text = format!("[materials.LiCoO2.diffusion]\n{line}\n");
        let mut library = Library::embedded();
        let findings = library.override_text("design.toml", &text).unwrap_err();
        let shown = findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(
            findings.iter().any(|f| f.code == code) && shown.contains(piece),
            "expected {code} and `{piece}`:\n{shown}"
        );
        assert!(
            findings
                .iter()
                .all(|f| f.place.as_ref().is_some_and(|p| p.file == "design.toml" && p.line >= 1)),
            "{shown}"
        );
        assert_eq!(library, Library::embedded(), "nothing changes when there is a finding");
    }
}

#[test]
fn unknown_material_and_property_are_placed() {
    let mut library = Library::embedded();
    let f = library
        .override_text("d.toml", "[materials.LiCoO2.difusion]\nvalue = 1\n")
        .unwrap_err();
    assert_eq!(
        (f[0].code, f[0].label.as_str()),
        ("E012", "help: a key with a similar name exists: `diffusion`")
    );
    assert_eq!((f[0].place.as_ref().unwrap().line, f[0].place.as_ref().unwrap().column), (1, 19));
    let f = library
        .override_text("d.toml", "[materials.LiCo2O.diffusion]\nvalue = 1\n")
        .unwrap_err();
    assert_eq!((f[0].code, f[0].message.as_str()), ("E030", "unknown material `LiCo2O`"));
    let f = library.override_text("d.toml", "[materials\n").unwrap_err();
    assert_eq!(f[0].code, "E010");
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,120}") {
        let _ = Library::empty().insert_text("t", &text);
        let _ = Library::empty().override_text("t", &text);
    }

    #[test]
    fn damaged_material_files_never_panic(cut in 0usize..2_000, at in 0usize..2_000, byte in 32u8..127) {
        let mut bytes = GOOD.as_bytes().to_vec();
        let n = bytes.len();
        bytes[at % n] = byte;
        bytes.truncate(n - cut % n);
        if let Ok(text) = String::from_utf8(bytes) {
            let _ = Library::empty().override_text("t", &text);
        }
    }
}
