//! Tests of the design file: what is accepted, every error text, the schema, and text that is nonsense.
#![allow(clippy::unwrap_used)]

mod accepted;
mod ageing;
mod custom;
mod errors;
mod mutations;
mod posts;
mod roundtrip;
mod schema;

pub(super) use posts::POSTS;

use super::Design;
use cellwright_base::diagnostic::Diagnostic;

/// The shipped examples by folder name.
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("01-thin-film", include_str!("../../../../../examples/01-thin-film/design.toml")),
    (
        "02-lipon-implant",
        include_str!("../../../../../examples/02-lipon-implant/design.toml"),
    ),
    (
        "03-porous-microcell",
        include_str!("../../../../../examples/03-porous-microcell/design.toml"),
    ),
    ("04-half-cell", include_str!("../../../../../examples/04-half-cell/design.toml")),
    ("05-lumped-heat", include_str!("../../../../../examples/05-lumped-heat/design.toml")),
    ("13-cycle-life", include_str!("../../../../../examples/13-cycle-life/design.toml")),
    ("14-interphase", include_str!("../../../../../examples/14-interphase/design.toml")),
    ("18-warm-film", include_str!("../../../../../examples/18-warm-film/design.toml")),
];

/// A small design that the cases below break in one place each.
pub(super) const SMALL: &str = r#"format       = 1
name         = "small"
architecture = "laminated"
temperature  = "25 degC"

[footprint]
die    = ["5 mm", "5 mm"]
active = ["4 mm", "4 mm"]

[[film]]
name      = "wafer"
material  = "Si"
technique = "wafer"
thickness = "300 um"

[[film]]
name      = "cathode"
role      = "positive"
material  = "LiCoO2"
technique = "rf-sputter"
thickness = "2 um"

[[film]]
name            = "separator"
material        = "Al2O3"
thickness       = "20 um"
structure       = "porous"
porosity        = 0.4
bruggeman       = 1.5
electrolyte     = "LiPF6-EC-DMC"

[[film]]
name            = "anode"
role            = "negative"
material        = "graphite"
thickness       = "30 um"
structure       = "porous"
porosity        = "35 %"
active_fraction = 0.55
particle_radius = "2 um"
bruggeman       = 1.5

[cell]
voltage  = ["3.0 V", "4.2 V"]
capacity = "100 uAh/cm2"
state_of_charge = "100 %"

[thermal]
mode          = "lumped"
heat_transfer = "10 W/(m2 K)"

[model]
kind  = "DFN"
cells = 20

[protocol]
steps = ["Discharge at 1C until 3.0 V", "Rest for 10 min"]

[rate_series]
rates = ["C/2", "1C"]

[package]
thickness = "50 um"
margin    = "100 um"
"#;

pub(super) fn parse(text: &str) -> Result<(Design, Vec<Diagnostic>), Vec<Diagnostic>> {
    Design::parse("small.toml", text)
}

/// Posts by the test template.
pub(super) const POSTS_DESIGN: &str = r#"format       = 1
name         = "posts"
architecture = "test-posts"
temperature  = "25 degC"

[footprint]
die = ["2 mm", "2 mm"]

[test-posts]
post_diameter = "10 um"
pitch         = "30 um"
rows          = 50
sidewall      = "85 deg"

[[film]]
name      = "skin"
material  = "LiFePO4"
thickness = "200 nm"
"#;

/// A custom design that the cases of `custom` break in one place each.
pub(super) const CUSTOM: &str = r#"format       = 1
name         = "posts by hand"
architecture = "custom"
temperature  = "25 degC"

[footprint]
die = ["1 mm", "1 mm"]

[substrate]
material  = "Si"
thickness = "500 um"

[window]
from    = ["0 um", "0 um"]
to      = ["10 um", "10 um"]
repeats = 2000

[[mask]]
name   = "posts"
layer  = "1/0"
rectangles = [["0 um", "0 um", "40 um", "50 um"]]
circles    = [["60 um", "25 um", "10 um"]]
arrays = [{ circle = ["10 um", "10 um", "8 um"], pitch = ["20 um", "20 um"], count = [50, 40] }]

[[mask]]
name   = "pads"
layer  = "2/0"
polygons = [[["0 um", "0 um"], ["50 um", "0 um"], ["0 um", "40 um"]]]
paths  = [{ points = [["0 um", "0 um"], ["100 um", "0 um"]], width = "20 um" }]

[[step]]
name      = "post etch"
do        = "etch"
technique = "drie"
mask      = "posts"
inside    = "kept"
depth     = "50 um"
sidewall  = "88 deg"
only      = ["substrate"]

[[step]]
name      = "skin"
do        = "deposit"
technique = "atomic-layer-deposition"
material  = "TiO2"
role      = "negative"
temperature = "300 degC"
cycles    = 900
exposure  = "0.5 Pa s"

[[step]]
name = "resist"
do   = "deposit"
technique = "spin-coating"
material  = "parylene-C"
role      = "insulator"
wet_thickness = "4 um"
solids    = "25 %"

[[step]]
name   = "lift"
do     = "lift-off"
resist = "resist"

[[step]]
name     = "bake"
do       = "anneal"
duration = "2 h"
temperature = "120 degC"

[[step]]
name      = "filling"
do        = "deposit"
technique = "slurry-coating"
material  = "LiFePO4"
role      = "positive"
layers    = 2
porosity  = 0.3

[[step]]
name     = "liquid"
do       = "infill"
material = "LiPF6-EC-DMC"
level    = "60 um"
mask     = "pads"
"#;

/// Compares what is said of each case with the reviewed file of that name; `UPDATE_SNAPSHOTS=1` writes it.
pub(super) fn against(file: &str, what: &str, cases: &[(&str, String)]) {
    let mut found = format!("What a user reads after one change to {what} of the tests. Rewrite with UPDATE_SNAPSHOTS=1 and review.\n");
    for (name, text) in cases {
        let findings = parse(text).map_or_else(|errors| errors, |(_, warnings)| warnings);
        let said = findings.iter().map(|d| format!("{d}\n")).collect::<Vec<_>>().join("\n");
        assert_ne!(said, "", "{name}: nothing was said");
        found.push_str(&format!("\n=== {name}\n{said}"));
    }
    let path = format!("{}/src/design/tests/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    for (found, expected) in found.split("\n=== ").zip(expected.split("\n=== ")) {
        assert_eq!(found, expected);
    }
    assert_eq!(found, expected);
}
