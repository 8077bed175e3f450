//! Designs of the other architectures: what they become, and every error text of theirs (`errors_custom.txt`).

use super::{CUSTOM, POSTS_DESIGN, against, parse};
use crate::design::{Architecture, Design};
use cellwright_fab::plan::{Form, Plan, Shape, Verb};

fn plan(text: &str) -> Plan {
    let (design, warnings) = parse(text).unwrap_or_else(|e| panic!("{}", e[0]));
    assert_eq!(warnings, []);
    design.plan.unwrap()
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{found} is not {expected}");
}

#[test]
fn masks_and_steps_are_si_and_keep_their_places() {
    let plan = plan(CUSTOM);
    assert_eq!((plan.masks.len(), plan.steps.len()), (2, 7));
    assert!(matches!(plan.substrate.form, Form::Wafer { thickness } if (thickness - 500e-6).abs() < 1e-15));
    let Shape::Array { count, shape, .. } = &plan.masks[0].shapes[2] else {
        panic!("the third shape is the array")
    };
    assert!(*count == [50, 40] && matches!(**shape, Shape::Circle { .. }));
    let Verb::Etch(etch) = &plan.steps[0].verb else { panic!("etch") };
    close(etch.sidewall, 88f64.to_radians());
    assert!(!etch.inside && etch.only == ["substrate"]);
    let Verb::Deposit(film) = &plan.steps[1].verb else {
        panic!("deposit")
    };
    assert!(film.thickness.is_nan());
    close(film.recipe.exposure.unwrap(), 0.5);
    close(film.recipe.cycles.unwrap(), 900.0);
    assert_eq!(plan.steps[1].place.as_ref().unwrap().text, "[[step]]");
    close(plan.window.repeats, 2000.0);
}

#[test]
fn defaults_are_vertical_inside_and_the_whole_die() {
    let text = CUSTOM.replace("inside    = \"kept\"\n", "").replace("sidewall  = \"88 deg\"\n", "");
    let start = text.find("[window]").unwrap();
    let end = start + text[start..].find("\n\n").unwrap();
    let plan = plan(&format!("{}{}", &text[..start], &text[end..]));
    assert_eq!((plan.window.to, plan.window.repeats), (plan.die, 1.0));
    assert!(matches!(&plan.steps[0].verb, Verb::Etch(e) if e.inside && e.sidewall == std::f64::consts::FRAC_PI_2));
}

#[test]
fn a_template_takes_what_is_given_and_defaults_for_the_rest() {
    let (design, warnings) = parse(POSTS_DESIGN).unwrap();
    assert_eq!(warnings, []);
    assert_eq!(design.architecture, Architecture::Template("test-posts"));
    assert!(design.cell.is_none() && design.protocol.is_none() && design.footprint.active.is_none());
    let plan = design.plan.unwrap();
    let Shape::Array { pitch, count, .. } = &plan.masks[0].shapes[0] else {
        panic!("array")
    };
    close(pitch[0], 30e-6);
    assert_eq!(*count, [50, 50]);
    let Verb::Deposit(skin) = &plan.steps[1].verb else {
        panic!("deposit")
    };
    close(skin.thickness, 200e-9);
    assert_eq!(
        (skin.material.as_str(), skin.technique.as_str()),
        ("LiFePO4", "atomic-layer-deposition")
    );
    assert_eq!(plan.steps[1].place.as_ref().unwrap().line, design.changes[0].place.line);
    assert!(plan.steps[0].place.as_ref().unwrap().text.starts_with("architecture"));
}

#[test]
fn files_of_masks_are_named_for_the_caller() {
    let text = CUSTOM.replace(
        "rectangles = [[\"0 um\", \"0 um\", \"40 um\", \"50 um\"]]\ncircles",
        "file = \"chip.gds\"\ncell = \"TOP\"\nsource_layer = \"7/1\"\nnote",
    );
    let start = text.find("note").unwrap();
    let end = start + text[start..].find("\n\n").unwrap();
    let (design, _) = parse(&format!("{}{}", &text[..start], &text[end..])).unwrap_or_else(|e| panic!("{}", e[0]));
    let file = &design.mask_files[0];
    assert_eq!(
        (file.file.value.as_str(), file.cell.as_deref(), file.layer),
        ("chip.gds", Some("TOP"), (7, 1))
    );
    assert!(design.plan.unwrap().masks[0].shapes.is_empty());
}

/// Name of the case, text to find in the custom design, text to put there.
const CASES: &[(&str, &str, &str)] = &[
    ("step of another architecture", "\"custom\"", "\"laminated\""),
    ("unknown verb", "do        = \"etch\"", "do        = \"etsch\""),
    ("key of another verb", "depth     = \"50 um\"", "thickness = \"50 um\""),
    ("missing key of a verb", "technique = \"drie\"\n", ""),
    ("unknown mask", "mask      = \"posts\"\ninside", "mask      = \"post\"\ninside"),
    ("later step named", "resist = \"resist\"", "resist = \"filling\""),
    ("mask called twice", "name   = \"pads\"", "name   = \"posts\""),
    ("step called twice", "name      = \"skin\"", "name      = \"post etch\""),
    ("layer that is none", "layer  = \"2/0\"", "layer  = \"metal\""),
    ("rectangle inside out", "\"40 um\", \"50 um\"]]", "\"-40 um\", \"50 um\"]]"),
    (
        "circle of two numbers",
        "[\"60 um\", \"25 um\", \"10 um\"]",
        "[\"60 um\", \"25 um\"]",
    ),
    (
        "polygon of two points",
        "[\"0 um\", \"0 um\"], [\"50 um\", \"0 um\"], [\"0 um\", \"40 um\"]",
        "[\"0 um\", \"0 um\"], [\"50 um\", \"0 um\"]",
    ),
    (
        "array of two shapes",
        "count = [50, 40]",
        "count = [50, 40], polygon = [[\"0 um\", \"0 um\"], [\"1 um\", \"0 um\"], [\"0 um\", \"1 um\"]]",
    ),
    ("count that is none", "count = [50, 40]", "count = [50, 0]"),
    ("angle without a unit", "\"88 deg\"", "88"),
    ("angle out of range", "\"88 deg\"", "\"188 deg\""),
    ("angle for a fraction", "porosity  = 0.3", "porosity  = \"3 deg\""),
    ("exposure in a wrong unit", "exposure  = \"0.5 Pa s\"", "exposure  = \"0.5 Pa\""),
    ("substrate without a size", "thickness = \"500 um\"\n", ""),
    (
        "window beyond the die",
        "to      = [\"10 um\", \"10 um\"]",
        "to      = [\"10 mm\", \"10 um\"]",
    ),
    (
        "no steps",
        "[[step]]\nname      = \"post etch\"",
        "[[stepp]]\nname      = \"post etch\"",
    ),
];

/// The same for the design of the test template.
const TEMPLATE_CASES: &[(&str, &str, &str)] = &[
    ("dimension with a slip of the pen", "pitch ", "pich "),
    ("dimension out of range", "\"30 um\"", "\"30 mm\""),
    ("count with a unit", "rows          = 50", "rows          = \"50 um\""),
    ("dimensions that do not fit", "\"30 um\"", "\"8 um\""),
    ("angle of a template", "\"85 deg\"", "0.85"),
    ("film that is none", "name      = \"skin\"", "name      = \"skim\""),
    ("film of the geometry", "name      = \"skin\"", "name      = \"filling\""),
    ("role in a template", "material  = \"LiFePO4\"", "role      = \"negative\""),
    ("table of another template", "[test-posts]", "[substrate]"),
    ("architecture with a slip of the pen", "\"test-posts\"", "\"test-post\""),
];

#[test]
fn every_error_text_is_as_reviewed() {
    let mut cases = Vec::new();
    for (base, list) in [(CUSTOM, CASES), (POSTS_DESIGN, TEMPLATE_CASES)] {
        for (name, old, new) in list {
            assert_eq!(base.matches(old).count(), 1, "`{old}` must stand once");
            cases.push((*name, base.replacen(old, new, 1)));
        }
    }
    against("errors_custom.txt", "the custom and the template design", &cases);
}

#[test]
fn several_faults_of_one_step_come_at_once() {
    let text = CUSTOM.replace("depth     = \"50 um\"", "depth     = \"50 s\"\nlevel     = \"1 um\"");
    let Err(errors) = Design::parse("custom.toml", &text) else {
        panic!("accepted")
    };
    assert_eq!(errors.iter().map(|e| e.code).collect::<Vec<_>>(), ["E021", "E019"]);
}
