//! What a good design becomes: SI values, places, roles.

use super::{EXAMPLES, SMALL, parse};
use crate::design::{Design, Structure, Thermal, roles};
use cellwright_device::Role;
use cellwright_lab::protocol::Rate;
use cellwright_materials::Library;

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{found} is not {expected}");
}

#[test]
fn values_are_si_and_keep_their_places() {
    let (design, warnings) = parse(SMALL).unwrap();
    assert_eq!(warnings, []);
    close(design.temperature.value, 298.15);
    close(design.footprint.active_area(), 16e-6);
    let anode = &design.films[3];
    assert_eq!(
        (anode.name.place.line, anode.name.place.column, anode.name.place.length),
        (33, 19, 7)
    );
    let Structure::Porous(porous) = &anode.structure else {
        panic!("dense")
    };
    close(porous.porosity.value, 0.35);
    close(porous.transport_efficiency, 0.35f64.powf(1.5));
    close(porous.solid_transport_efficiency, 0.65f64.powf(1.5));
    close(design.cell.unwrap().capacity.unwrap().value, 3600.0);
    assert!(matches!(design.thermal, Thermal::Lumped { ambient, .. } if ambient == 298.15));
    assert_eq!(design.rate_series.unwrap().rates[0].rate, Rate::C(0.5));
    let stack = 300e-6 + 2e-6 + 20e-6 + 30e-6;
    close(design.package.volume([5e-3, 5e-3], stack), 5.2e-3 * 5.2e-3 * (stack + 50e-6));
}

#[test]
fn capacity_of_the_whole_cell_becomes_one_per_area() {
    let (design, _) = parse(&SMALL.replace("100 uAh/cm2", "16 uAh")).unwrap();
    close(design.cell.unwrap().capacity.unwrap().value, 3600.0);
}

#[test]
fn a_step_is_found_again_in_the_file() {
    let (design, _) = parse(SMALL).unwrap();
    let step = &design.protocol.as_ref().unwrap().steps.steps[1];
    let place = design.protocol.as_ref().unwrap().place(&step.place).unwrap();
    let marked: String = place.text.chars().skip(place.column - 1).take(place.length).collect();
    assert_eq!(marked, "Rest for 10 min");
}

#[test]
fn repeats_are_read_from_tables() {
    let text = SMALL.replace(
        "\"Rest for 10 min\"",
        "{ repeat = 3, steps = [\"Rest for 1 s\", \"Rest for 2 s\"] }",
    );
    let (design, _) = parse(&text).unwrap();
    assert_eq!(design.protocol.as_ref().unwrap().steps.unrolled_len(), 7);
    assert_eq!(design.protocol.as_ref().unwrap().lines.len(), 3);
}

#[test]
fn a_byte_order_mark_is_skipped_and_latin_1_refused() {
    let marked = [b"\xef\xbb\xbf".as_slice(), SMALL.as_bytes()].concat();
    assert!(Design::parse_bytes("small.toml", &marked).is_ok());
    let latin: Vec<u8> = SMALL
        .replace("2 um", "2 \u{1}m")
        .bytes()
        .map(|b| if b == 1 { 0xb5 } else { b })
        .collect();
    let errors = Design::parse_bytes("small.toml", &latin).unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "error[E002]: small.toml is not UTF-8 text\n  = found: byte 0xb5 on line 21\n  = help: save the file as UTF-8; a micrometre may be written um"
    );
}

#[test]
fn every_example_reads_without_warning_and_has_its_roles() {
    let shelf = Library::embedded();
    for (name, text) in EXAMPLES {
        let (design, warnings) = Design::parse("design.toml", text).unwrap_or_else(|e| panic!("{name}: {}", e[0]));
        assert_eq!(warnings, [], "{name}");
        let library = design.library(&shelf).unwrap_or_else(|e| panic!("{name}: {}", e[0]));
        let roles = roles::assign(&design, &library).unwrap_or_else(|e| panic!("{name}: {}", e[0]));
        for role in [Role::Negative, Role::Electrolyte, Role::Positive] {
            assert_eq!(roles.iter().filter(|r| **r == role).count(), 1, "{name}");
        }
    }
}

#[test]
fn roles_follow_from_materials() {
    let text = EXAMPLES[0]
        .1
        .replace("role      = \"positive\"\n", "")
        .replace("role      = \"negative\"\n", "");
    let (design, _) = Design::parse("design.toml", &text).unwrap();
    use Role::*;
    assert_eq!(
        roles::assign(&design, &Library::embedded()).unwrap(),
        [Substrate, Insulator, Collector, Positive, Electrolyte, Negative, Collector]
    );
}

#[test]
fn a_film_between_electrode_and_electrolyte_is_refused() {
    let text = EXAMPLES[0].1.replace(
        "[[film]]\nname      = \"electrolyte\"",
        "[[film]]\nname = \"stray\"\nmaterial = \"SiO2\"\nthickness = \"1 nm\"\n\n[[film]]\nname      = \"electrolyte\"",
    );
    let (design, _) = Design::parse("design.toml", &text).unwrap();
    let errors = roles::assign(&design, &Library::embedded()).unwrap_err();
    assert_eq!(
        (errors[0].code, errors[0].place.as_ref().unwrap().text.as_str()),
        ("E051", "name = \"stray\"")
    );
}

#[test]
fn an_unknown_material_is_pointed_at() {
    let (design, _) = Design::parse(
        "design.toml",
        &EXAMPLES[0].1.replace("\"LiCoO2-Danilov2011\"", "\"LiCoO2-Danilov2012\""),
    )
    .unwrap();
    let errors = design.library(&Library::embedded()).unwrap_err();
    assert_eq!(errors[0].code, "E030");
    assert!(
        errors[0].to_string().contains("did you mean `LiCoO2-Danilov2011`?"),
        "{}",
        errors[0]
    );
}
