//! Promises of the library of techniques.
#![allow(clippy::unwrap_used)]

use cellwright_fab::technique::{self, Kind, TechniqueError, all, find, get, read};
use cellwright_materials::Confidence;
use proptest::prelude::*;

/// The names that design files have always understood.
const DESIGN_NAMES: &[&str] = &[
    "rf-sputter",
    "dc-sputter",
    "thermal-evaporation",
    "e-beam-evaporation",
    "pulsed-laser-deposition",
    "atomic-layer-deposition",
    "chemical-vapour-deposition",
    "sol-gel",
    "spin-coating",
    "electrodeposition",
    "electrophoretic-deposition",
    "thermal-oxidation",
    "slurry-coating",
    "screen-printing",
    "ink-jet-printing",
    "direct-ink-writing",
    "lamination",
    "foil",
    "wafer",
    "dispensing",
];

#[test]
fn every_value_has_a_source_and_judgement_is_marked_assumed() {
    assert!(all().len() >= 40);
    for t in all() {
        assert!(
            !t.title.is_empty() && t.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{}",
            t.name
        );
        for (key, v) in t.values() {
            let at = format!("{}.{key}", t.name);
            assert!(!v.source.is_empty(), "{at}");
            assert!(!v.source.contains("judgement") || v.confidence == Confidence::Assumed, "{at}");
            let mixed = v.note.contains("judgement") || v.note.contains("taken equal");
            assert!(!mixed || v.confidence <= Confidence::Estimated, "{at}: partly judgement");
            assert!(
                v.confidence != Confidence::Measured,
                "{at}: nothing here was read in the source of a measurement"
            );
            if let Some((low, high)) = v.range {
                assert!(low <= v.value && v.value <= high, "{at}");
            }
        }
    }
}

#[test]
fn every_technique_can_be_planned() {
    for t in all() {
        assert!(
            t.temperature.is_some() && t.set_up_time.is_some() && t.cost.is_some() && t.effort.is_some(),
            "{}",
            t.name
        );
        let lateral = matches!(t.kind, Kind::Print | Kind::Extrude | Kind::Etch);
        assert!(
            !lateral || (t.minimum_feature.is_some() && t.minimum_space.is_some() && t.aspect_ratio.is_some()),
            "{}",
            t.name
        );
        assert!(t.kind != Kind::Diffusive || t.sticking.is_some(), "{}", t.name);
        assert!(
            t.kind != Kind::Print || (t.edge_bleed.is_some() && t.solids.is_some() && t.porosity.is_some()),
            "{}",
            t.name
        );
    }
    for name in DESIGN_NAMES {
        assert_eq!(find(name).map(|t| t.name.as_str()), Some(*name));
    }
}

#[test]
fn resolutions_of_the_review() {
    let feature = |name: &str| find(name).unwrap().minimum_feature.clone().unwrap();
    let (low, high) = feature("flexographic-printing").range.unwrap();
    assert!((low - 20e-6).abs() < 1e-12 && (high - 30e-6).abs() < 1e-12);
    assert!((feature("spray-coating").value - 40e-6).abs() < 1e-12 && (feature("screen-printing").value - 50e-6).abs() < 1e-12);
    assert!(feature("spray").source.contains("Table 1"));
}

#[test]
fn aliases_and_slips_are_understood() {
    for (word, name) in [
        ("ALD", "atomic-layer-deposition"),
        ("sputter", "rf-sputter"),
        ("DIW", "direct-ink-writing"),
        ("cmp", "planarise"),
    ] {
        assert_eq!(find(word).unwrap().name, name);
    }
    for (slip, name) in [
        ("rf-sputer", "rf-sputter"),
        ("flexograpic-printing", "flexographic-printing"),
        ("electro", "electrodeposition"),
    ] {
        let TechniqueError::Unknown { suggestion, .. } = get(slip).unwrap_err() else {
            panic!()
        };
        assert_eq!(suggestion.as_deref(), Some(name));
    }
    assert_eq!(get("xyzzy").unwrap_err().to_string(), "unknown technique `xyzzy`");
}

#[test]
fn faults_are_named_with_their_place() {
    let head = "[[technique]]\nname = \"a\"\ntitle = \"A\"\nkind = \"print\"\n";
    let say = |rest: &str| read("t.toml", &format!("{head}{rest}")).unwrap_err().to_string();
    let value = |v: &str| {
        say(&format!(
            "thickness = {{ value = \"{v}\", source = \"s\", confidence = \"assumed\" }}"
        ))
    };
    for (found, part) in [
        (say("thicknes = 1"), "t.toml:5:1: unknown key `thicknes` in a; allowed: "),
        (say("thicknes = 1"), "did you mean `thickness`?"),
        (say("thickness = 1"), "must be a table { value, source, confidence }, found integer"),
        (value("5 V"), "t.toml:5:23: `thickness`: expected a length, found a voltage"),
        (value("5 m"), "out of range; allowed: "),
        (say("rate = { source = \"s\", confidence = \"assumed\" }"), "`rate` has no `value`"),
        (say("rate = { value = \"1 nm/s\", source = \"s\" }"), "rate has no `confidence`"),
        (
            say("rate = { value = \"1 nm/s\", source = \"s\", confidence = \"asumed\" }"),
            "did you mean `assumed`?",
        ),
        (
            say("rate = { value = \"9 nm/s\", range = [\"1 nm/s\", \"2 nm/s\"], source = \"s\", confidence = \"assumed\" }"),
            "outside its own range",
        ),
        (
            say("sidewall = { value = \"89\", source = \"s\", confidence = \"assumed\" }"),
            "expected an angle such as",
        ),
        (say(head), "`a` names two techniques"),
        (read("t.toml", "x = 1").unwrap_err().to_string(), "unknown key `x` in the file"),
        (
            read("t.toml", "[[technique]]\nkind = \"print\"").unwrap_err().to_string(),
            "a technique has no `name`",
        ),
        (
            read("t.toml", &head.replace("print", "prin")).unwrap_err().to_string(),
            "t.toml:4:8: `prin` is no kind",
        ),
    ] {
        assert!(found.contains(part), "{found}\n  lacks {part}");
    }
    assert_eq!(read("t.toml", "").unwrap(), vec![]);
}

#[test]
fn time_and_cost_say_what_they_rest_on() {
    use technique::time::{Work, process_time};
    let ald = find("ald").unwrap();
    let t = process_time(
        ald,
        Work::Cycles {
            cycles: 500.0,
            cycle_time: None,
        },
    )
    .unwrap();
    assert!((t.work - 500.0 * ald.cycle_time.as_ref().unwrap().value).abs() < 1e-9 && t.confidence == Confidence::Assumed);
    let sputter = find("rf-sputter").unwrap();
    let film = |rate| process_time(sputter, Work::Thickness { thickness: 1e-6, rate }).unwrap();
    // One micrometre at 6 nm/min, and at a stated 10 nm/s.
    assert!((film(None).work - 1e4).abs() < 1e-6 && (film(Some(1e-8)).work - 100.0).abs() < 1e-9);
    let path = process_time(find("diw").unwrap(), Work::Path { length: 1.0, speed: None }).unwrap();
    assert!((path.work - 200.0).abs() < 1e-9 && path.basis.contains("speed"));
    assert_eq!(process_time(find("lithography").unwrap(), Work::Once).unwrap().work, 0.0);
    let missing = process_time(find("foil").unwrap(), Work::Path { length: 1.0, speed: None }).unwrap_err();
    assert_eq!(missing.to_string(), "foil has no usual speed: give it in the recipe");
    assert!(process_time(ald, Work::Duration(f64::NAN)).is_err());
    let cost = technique::cost::step_cost(sputter, &film(None)).unwrap();
    assert!((cost.index - cost.rank * film(None).total() / 3600.0).abs() < 1e-12);
    assert!((technique::cost::flow_cost(&[cost, cost]) - 2.0 * cost.index).abs() < 1e-12);
}

const DATA: &str = include_str!("../../data/techniques.toml");

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = read("t.toml", &text);
    }

    #[test]
    fn no_damage_to_the_file_makes_it_panic(at in 0..DATA.len(), cut in 0usize..40, put in "[\\[\\]{}=\"a-z0-9 .,\n]{0,12}") {
        let floor = |mut i: usize| { while !DATA.is_char_boundary(i) { i -= 1 } i };
        let (a, b) = (floor(at), floor((at + cut).min(DATA.len())));
        let _ = read("t.toml", &format!("{}{put}{}", &DATA[..a], &DATA[b..]));
    }
}
