//! Heat through a thin-film cell and its substrate as `cellwright run` tells it: against the lumped device, and by hand.
#![allow(clippy::unwrap_used)]

mod common;

use cellwright::prepare::Prepared;

const FOIL: &str = include_str!("../../../examples/18-warm-film/design.toml");
const WAFER: &str = include_str!("../../../examples/18-warm-film/on-silicon.toml");
const POROUS: &str = include_str!("../../../examples/05-lumped-heat/design.toml");

fn number(v: &serde_json::Value, key: &str) -> f64 {
    v[key].as_f64().unwrap_or_else(|| panic!("{key} in {v}"))
}

/// Highest mean temperature of a run, K.
fn highest(name: &str, text: &str) -> f64 {
    let out = common::results::results(name, text);
    let table = std::fs::read_to_string(out.join("timeseries.csv")).unwrap();
    std::fs::remove_dir_all(out).unwrap();
    let mut lines = table.lines();
    let at = lines
        .next()
        .unwrap()
        .split(',')
        .position(|c| c.starts_with("Surface Temperature"))
        .unwrap();
    let celsius = lines.map(|l| l.split(',').nth(at).unwrap().parse::<f64>().unwrap());
    celsius.fold(f64::NEG_INFINITY, f64::max) + 273.15
}

#[test]
fn a_chip_in_air_has_one_temperature_to_a_part_of_its_biot_number() {
    for (name, text) in [("foil", FOIL), ("wafer", WAFER)] {
        let (page, summary) = common::page(&format!("heat-{name}"), text);
        let found = &summary["temperature"];
        let rise = number(found, "highest_mean_k") - 298.15;
        let biot = number(found, "biot_number");
        let lumped = highest(&format!("lumped-{name}"), &text.replace("\"conduction\"", "\"lumped\"")) - 298.15;
        println!("{name}: {rise} K, lumped {lumped} K, Biot {biot}");
        assert!((rise - lumped).abs() < biot * lumped && lumped > 0.04, "{rise} {lumped}");
        assert!(number(found, "heat_balance") < 1e-9);
        let [released, given_off, stored] = ["heat_released_j", "heat_given_off_j", "heat_stored_j"].map(|k| number(found, k));
        assert!((released - given_off - stored).abs() < 1e-9 * released);
        // What is lost but by diffusion in the host, whose heat of mixing is left out, is heat; at rest nothing more comes.
        let lost: f64 = summary["losses_v"].as_array().unwrap().iter().map(|l| l[1].as_f64().unwrap()).sum();
        let mixing = summary["losses_v"][0][1].as_f64().unwrap();
        let expected = 3600.0 * number(&summary, "capacity_ah") * (lost - mixing);
        assert!((released / expected - 1.0).abs() < 2e-3, "{released} {expected}");
        // Hottest where the heat is released; within 1 um of LiPON of 1 W/(m K) half a squared thickness of it makes microkelvins.
        assert_eq!(found["hottest_part"], "LiPON");
        assert!(number(found, "largest_difference_k") < 1e-4);
        for words in [
            "Temperature through the device",
            "Heat released, stored and given off",
            "Biot number",
        ] {
            assert!(page.contains(words), "{words}");
        }
    }
}

#[test]
fn a_heat_sink_cools_and_bends_the_profile() {
    let sink = FOIL.replace(
        "heat_transfer = \"10 W/(m2 K)\" ",
        "heat_transfer_below = \"5000 W/(m2 K)\"\nheat_transfer = \"10 W/(m2 K)\" ",
    );
    let (_, summary) = common::page("heat-sink", &sink);
    let found = &summary["temperature"];
    let rise = number(found, "highest_mean_k") - 298.15;
    // Steady within milliseconds: power through 50 um of foil and the sink.
    let power = 2.7105e-3 * 0.25;
    let resistance = 50e-6 / (0.12 * 1.21e-4) + 1.0 / (5000.0 * 1.21e-4);
    println!("{rise} K, about {} K", power * resistance);
    assert!(
        number(found, "biot_number") > 1.0 && rise < 4.0 * power * resistance && rise > power * resistance,
        "{rise}"
    );
    assert!(number(found, "heat_balance") < 1e-9);
}

#[test]
fn what_does_not_fit_is_refused_in_one_paragraph() {
    let conducting = POROUS.replace("\"lumped\"", "\"conduction\"");
    let cases = [
        (
            "a gap of the library",
            FOIL.split("# Nobody published").next().unwrap().to_owned(),
            "E031",
            "LiPON",
        ),
        (
            "uniform reactions",
            conducting.replace("kind = \"DFN\"", "kind = \"SPMe\""),
            "E066",
            "where in an electrode heat is released",
        ),
        (
            "a heat capacity of the whole",
            conducting.replace("[model]", "heat_capacity = \"1 J/K\"\n\n[model]"),
            "E019",
            "heat_capacity",
        ),
        (
            "a lower face of a lumped body",
            POROUS.replace("[model]", "heat_transfer_below = \"1 W/(m2 K)\"\n\n[model]"),
            "E019",
            "heat_transfer_below",
        ),
    ];
    for (name, text, code, words) in cases {
        let Err(errors) = Prepared::from_design("design.toml", &text) else {
            panic!("{name}: accepted")
        };
        assert_eq!((errors.len(), errors[0].code), (1, code), "{name}: {errors:#?}");
        assert!(errors[0].to_string().contains(words), "{name}: {}", errors[0]);
    }
    assert!(Prepared::from_design("design.toml", &conducting).is_ok());
}
