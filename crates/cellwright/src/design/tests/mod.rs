//! Tests of the design file: what is accepted, every error text, the schema, and text that is nonsense.
#![allow(clippy::unwrap_used)]

mod accepted;
mod errors;
mod mutations;
mod schema;

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
