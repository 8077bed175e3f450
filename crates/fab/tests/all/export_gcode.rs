//! Direct ink writing: conservation of ink, reading back, refusal of what makes no sense.

use cellwright_fab::export::ExportError;
use cellwright_fab::export::colour::Hue;
use cellwright_fab::export::gcode::{PrintLayer, PrintSettings, program};
use cellwright_fab::export::gcode_read::moves;
use cellwright_fab::export::print_preview::print_preview;
use proptest::prelude::*;

fn settings() -> PrintSettings {
    PrintSettings {
        title: "LTO comb".into(),
        ink: "LTO paste".into(),
        nozzle: 30e-6,
        layer_height: 24e-6,
        filament_width: 32e-6,
        speed: 2e-3,
        travel_speed: 10e-3,
        lift: 100e-6,
        syringe_diameter: 4.6e-3,
    }
}

#[test]
fn extruded_volume_is_conserved() {
    let spiral: Vec<[f64; 2]> = (0..4000)
        .map(|i| f64::from(i) * 0.01)
        .map(|a| [1e-3 + a * 7.3e-6 * a.cos(), 1e-3 + a * 7.3e-6 * a.sin()])
        .collect();
    let layer = |k: u32| PrintLayer {
        z: f64::from(k + 1) * 24e-6,
        paths: vec![spiral.clone(), vec![[0.0, 0.0], [2e-3, 1e-4], [2e-3, 1.9e-3]]],
    };
    let layers: Vec<PrintLayer> = (0..5).map(layer).collect();
    let settings = settings();
    let made = program(&layers, &settings).expect("valid settings");
    let read = moves(&made.text).expect("own output");
    let printed: f64 = read.iter().filter(|m| m.extruded > 0.0).map(|m| m.length()).sum();
    let extruded: f64 = read.iter().map(|m| m.extruded).sum::<f64>() * settings.syringe_area();
    let area = (32e-6 - 24e-6) * 24e-6 + std::f64::consts::PI * 24e-6 * 24e-6 / 4.0;
    assert!((extruded / (area * printed) - 1.0).abs() < 1e-9, "{extruded} {}", area * printed);
    assert!((made.volume / extruded - 1.0).abs() < 1e-9);
    // The paths as they were asked for, before rounding to whole nanometres.
    let asked: f64 = layers
        .iter()
        .flat_map(|l| &l.paths)
        .flat_map(|p| p.windows(2))
        .map(|w| (w[1][0] - w[0][0]).hypot(w[1][1] - w[0][1]))
        .sum();
    assert!((made.printed_length / asked - 1.0).abs() < 1e-5);
    let travel: f64 = read.iter().skip(3).filter(|m| m.extruded == 0.0).map(|m| m.length()).sum();
    assert!((made.travel_length - settings.lift - travel).abs() < 1e-9);
    assert!((made.time - (printed / 2e-3 + made.travel_length / 10e-3)).abs() < 1e-6);
    // Every printing move stays in its layer and has the printing speed.
    for m in read.iter().filter(|m| m.extruded > 0.0) {
        assert!(m.from[2] == m.to[2] && (m.speed - 2e-3).abs() < 1e-15);
    }
    for line in [
        "; nozzle inner diameter = 30 um",
        "; filament width = 32 um",
        "; syringe inner diameter = 4.6 mm",
        "; extruded volume = ",
        "M83",
    ] {
        assert!(made.text.contains(line), "{line}");
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let low = PrintSettings {
        filament_width: 20e-6,
        ..settings()
    };
    let error = program(&[], &low).expect_err("narrower than high");
    assert!(error.to_string().contains("filament width is 2e-5 m"), "{error}");
    for broken in [
        PrintSettings { speed: 0.0, ..settings() },
        PrintSettings {
            nozzle: f64::NAN,
            ..settings()
        },
        PrintSettings { lift: -1.0, ..settings() },
    ] {
        assert!(matches!(program(&[], &broken), Err(ExportError::Setting { .. })));
    }
    let nan = PrintLayer {
        z: 0.0,
        paths: vec![vec![[0.0, f64::NAN], [1.0, 1.0]]],
    };
    assert!(matches!(program(&[nan], &settings()), Err(ExportError::NotFinite { .. })));
}

#[test]
fn words_that_are_not_understood_are_named_with_their_line() {
    for (text, line) in [
        ("G1 X1 Q2", 1),
        ("G21\nG0 X", 2),
        ("M104 S200", 1),
        ("G0 E1", 1),
        ("G1 Xinf", 1),
        ("G90 X", 1),
        ("G1 F0", 1),
        ("G1 µ", 1),
    ] {
        match moves(text) {
            Err(ExportError::Gcode { line: found, .. }) => assert_eq!(found, line, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert_eq!(moves("; only words\n\nM2\nnot read"), Ok(Vec::new()));
}

proptest! {
    #[test]
    fn reading_never_panics(text in "[GMXYZEF0-9 .;µ\\-\n]{0,80}") {
        let _ = moves(&text);
    }

    #[test]
    fn any_paths_conserve_ink(
        paths in prop::collection::vec(prop::collection::vec(prop::array::uniform2(-2e-3..2e-3f64), 0..12), 0..8),
        width in 24e-6..400e-6f64,
        syringe in 1e-3..20e-3f64,
    ) {
        let settings = PrintSettings { filament_width: width, syringe_diameter: syringe, ..settings() };
        let layers = [PrintLayer { z: 24e-6, paths: paths.clone() }];
        let made = program(&layers, &settings).expect("valid settings");
        let read = moves(&made.text).expect("own output");
        let printed: f64 = read.iter().filter(|m| m.extruded > 0.0).map(|m| m.length()).sum();
        let extruded: f64 = read.iter().map(|m| m.extruded).sum::<f64>() * settings.syringe_area();
        prop_assert!((extruded - settings.filament_area() * printed).abs() <= 1e-9 * extruded);
        let svg = print_preview(&layers, &settings, Hue::Negative, "p");
        prop_assert!(svg.ends_with("</svg>"));
    }
}
