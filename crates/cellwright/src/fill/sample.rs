//! A device made by hand for the tests of the report: two pillars under a film, with invented numbers.

use crate::build::{Blueprint, BuildRequest, blueprint};
use crate::build_summary::summarise;
use crate::design::Design;
use crate::device::Made;
use crate::report::data::Report;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_device::field::Fields;
use cellwright_device::field::bound::Block;
use cellwright_device::tape::Tape;
use cellwright_fab::fabrication::{Fabrication, Finding, Inventory, Item, Region, StepRecord};
use cellwright_fab::plan::Verb;

const DESIGN: &str = r#"format       = 1
name         = "Li4Ti5O12 | LiPON | LiCoO2 pillars"
architecture = "custom"
temperature  = "25 degC"

[footprint]
die = ["2 mm", "2 mm"]

[substrate]
material  = "Si"
thickness = "500 um"

[window]
from    = ["0 um", "0 um"]
to      = ["10 um", "10 um"]
repeats = 40000

[[mask]]
name   = "pillars"
layer  = "1/0"
arrays = [{ circle = ["10 um", "10 um", "10 um"], pitch = ["20 um", "20 um"], count = [100, 100] }]

[[step]]
name      = "pillar etch"
do        = "etch"
technique = "drie"
mask      = "pillars"
inside    = "kept"
depth     = "50 um"

[[step]]
name      = "collector"
do        = "deposit"
technique = "atomic-layer-deposition"
material  = "Pt"
role      = "collector"
thickness = "50 nm"

[[step]]
name      = "cathode"
do        = "deposit"
technique = "chemical-vapour-deposition"
material  = "LiCoO2"
role      = "positive"
thickness = "800 nm"

[[step]]
name      = "electrolyte"
do        = "deposit"
technique = "atomic-layer-deposition"
material  = "LiPON-ALD"
role      = "electrolyte"
thickness = "100 nm"

[[step]]
name      = "anode"
do        = "deposit"
technique = "chemical-vapour-deposition"
material  = "Li4Ti5O12"
role      = "negative"
thickness = "900 nm"
"#;

fn colour(i: usize) -> &'static str {
    ["var(--sub)", "var(--met2)", "var(--cat)", "var(--ely)", "var(--neg)"][i.min(4)]
}

/// Two pillars, coated with the first films of the flow.
fn section(films: usize, scale: f64) -> String {
    let mut body = String::from(r#"<defs><clipPath id="frame"><rect x="0" y="0" width="640" height="300"/></clipPath></defs>"#);
    for i in (0..=films).rev() {
        let grown = 9.0 * i as f64;
        let (x, w, top) = (100.0 - grown, 160.0 + 2.0 * grown, 60.0 - grown);
        body.push_str(&format!(
            r#"<g clip-path="url(#frame)" fill="{0}"><rect x="{x}" y="{top}" width="{w}" height="240"/><rect x="{1}" y="{top}" width="{w}" height="240"/><rect x="0" y="{2}" width="640" height="200"/></g>"#,
            colour(i),
            x + 280.0,
            230.0 - grown
        ));
    }
    let (w, h) = (640.0 * scale, 300.0 * scale);
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 640 300"><title>x</title>{body}</svg>"#)
}

fn masks() -> String {
    let mut discs = String::new();
    for i in 0..30 {
        for j in 0..12 {
            discs.push_str(&format!(
                r##"<circle cx="{}" cy="{}" r="6" fill="#7a9"/>"##,
                20 + 20 * i,
                20 + 20 * j
            ));
        }
    }
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 260">{discs}</svg>"#)
}

/// The process strip: a small section after every step.
fn strip() -> String {
    let mut frames = String::new();
    for i in 0..5 {
        let whole = section(i, 1.0);
        let inner = &whole[whole.find("</title>").expect("the drawing has a title") + 8..whole.len() - 6];
        let inner = inner.replace("frame", &format!("frame{i}"));
        frames.push_str(&format!(r#"<g transform="translate({} 8) scale(0.19)">{inner}</g>"#, 4 + 128 * i));
    }
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 76">{frames}</svg>"#)
}

/// The design and the device.
pub fn made() -> (Blueprint, Made) {
    let (design, warnings) = Design::parse("pillars.toml", DESIGN).unwrap_or_else(|e| panic!("{}", e[0]));
    let blueprint = blueprint(design, warnings, &mut |_| Ok(vec![])).unwrap_or_else(|e| panic!("{}", e[0]));
    let plan = blueprint.plan.clone();
    let mut regions = vec![Region {
        name: "substrate".into(),
        material: "Si".into(),
        role: plan.substrate.role,
        step: None,
        porosity: 0.0,
    }];
    let mut steps = Vec::new();
    for (i, step) in plan.steps.iter().enumerate() {
        let mut thickness = None;
        if let Verb::Deposit(d) = &step.verb {
            thickness = Some([0.93, 0.99, 1.02].map(|f| f * d.thickness));
            regions.push(Region {
                name: step.name.clone(),
                material: d.material.clone(),
                role: d.role,
                step: Some(i),
                porosity: 0.0,
            });
        }
        steps.push(StepRecord {
            name: step.name.clone(),
            words: format!("step {} in words", i + 1),
            temperature: 573.15,
            duration: 7200.0,
            cost: 2.5,
            thickness,
            operations: i + 1,
        });
    }
    let items: Vec<Item> = (0..regions.len())
        .map(|region| Item {
            region,
            volume: 3.1e-11 * (1.0 + region as f64),
            mass: (region != 3).then_some(1.4e-7),
            surface: 3.3e-5,
            capacity: match region {
                2 => Some(0.38),
                4 => Some(0.44),
                _ => None,
            },
        })
        .collect();
    let filled: f64 = items.iter().map(|i| i.volume).sum();
    let footprint = 4e-6;
    let broken = Diagnostic::error(ErrorKind::BarFailed, "DRIE.AR", "the trenches are deeper than the etch can reach");
    let broken = broken
        .label("aspect ratio 31, at most 25")
        .help("make the pitch larger or the pillars lower")
        .note("aspect-ratio-dependent etching");
    let thin = Diagnostic::warning("ALD.EXP", "the film is thinner at the foot of the pillars").label("93 % of the top");
    let place = plan.steps[0].place.clone().unwrap_or_default();
    let inventory = Inventory {
        items,
        void: 2e-10,
        box_volume: filled + 2e-10,
        footprint,
        active_area: [3.4e-5, 3.2e-5],
        area_enhancement: 8.0,
        areal_capacity: [Some(0.44 / footprint), Some(0.38 / footprint)],
        balance: Some(0.44 / 0.38),
        device_volume: 2.4e-9,
        process_time: 36_000.0,
        relative_cost: 12.5,
    };
    let made = Made {
        tape: Tape::new(Fields::default(), Block::between([0.0; 3], [1e-5; 3])),
        heights: [0.0, 1e-5],
        fabrication: Fabrication {
            heat: vec![],
            plan,
            regions,
            steps,
            inventory,
            findings: vec![
                Finding {
                    diagnostic: broken.at(place),
                    step: Some(0),
                    at: Some([1e-5, 1e-5, -5e-5]),
                    subject: "trench".into(),
                },
                Finding {
                    diagnostic: thin,
                    step: Some(3),
                    at: None,
                    subject: "balance".into(),
                },
            ],
        },
        files: vec![("masks.gds".into(), vec![0; 2000]), ("device.glb".into(), vec![0; 120_000])],
        section: section(4, 1.0),
        masks: masks(),
        strip: strip(),
        proofs: vec![section(0, 0.5), String::new()],
        exaggeration: 1.0,
        rules_hold: 36,
    };
    (blueprint, made)
}

/// The report of that build.
pub fn built() -> Report {
    let (blueprint, made) = made();
    let request = BuildRequest {
        design: "pillars.toml".into(),
        out: "out".into(),
        command: "cellwright build pillars.toml --out out".into(),
        date: "2026-01-01".into(),
    };
    let files: Vec<(String, u64)> = made.files.iter().map(|(name, bytes)| (name.clone(), bytes.len() as u64)).collect();
    super::fabricated::report(&request, &blueprint, &made, &summarise(&blueprint, &made, 0.4), &files)
}

#[test]
fn parts_and_open_space_add_up() {
    let (blueprint, made) = made();
    let summary = summarise(&blueprint, &made, 0.4);
    assert!(summary.volume_closure.abs() < 1e-12);
    assert_eq!((summary.parts.len(), summary.findings.len(), summary.rules_hold), (5, 2, 36));
    assert_eq!(summary.findings[0].line, Some(23));
}

#[test]
fn the_chapter_says_what_the_build_found() {
    let html = crate::report::render(&built());
    for text in [
        "8.00 times the footprint",
        "One design rule is broken: it cannot be made like this.",
        "744 / 792 / 816 nm",
        "of footprint",
        "pillars.toml:23",
        "<td>pillars</td><td>1/0</td><td class=\"n\">10000</td><td>pillar etch</td>",
        "Not in this version",
        "True scale; ",
        "36 other rules hold.",
    ] {
        assert!(html.contains(text), "{text}");
    }
    assert!(html.len() < 300_000);
}
