//! Microtubes: an array of deep holes, each lined with a complete solid cell.

use super::build::{Flow, PAD, SEAL, fraction, length, slot};
use super::chosen::{Chosen, fits};
use super::mesa::Mesa;
use super::{Misfit, Template, Values};
use crate::plan::Plan;
use cellwright_device::Role;

/// Array of coated holes.
pub static TEMPLATE: Template = Template {
    name: "microtubes",
    title: "microtubes",
    doc: "Deep round holes etched in silicon and lined by atomic layer deposition, so that the inner surface carries the cell. \
          Materials, 40 to 100 nm of electrolyte, at most 250 °C and an aspect ratio of about 10 follow Pearse et al. 2018 (doi:10.1021/acsnano.7b08751); diameter and pitch are assumed.",
    parameters: &[
        length(
            "hole_diameter",
            (0.4e-6, 60e-6),
            3e-6,
            "3 um",
            "Diameter of the bare hole at the surface.",
        ),
        length(
            "pitch",
            (1e-6, 150e-6),
            6e-6,
            "6 um",
            "Distance between the axes of neighbouring holes, on a square grid.",
        ),
        length(
            "hole_depth",
            (1e-6, 300e-6),
            30e-6,
            "30 um",
            "Depth of the bare hole; area grows with it.",
        ),
        fraction(
            "sidewall",
            (85.0, 92.0),
            90.0,
            "90",
            "Angle between wall and floor in degrees; below 90 the hole narrows downwards.",
        ),
        length("cell_width", (50e-6, 10e-3), 2e-3, "2 mm", "Width of the array."),
        length("cell_depth", (50e-6, 10e-3), 2e-3, "2 mm", "Depth of the array."),
        SEAL,
        PAD,
    ],
    films: &[
        slot("substrate", Role::Substrate, "Si", "wafer", 500e-6),
        slot("insulator", Role::Insulator, "Al2O3", "atomic-layer-deposition", 30e-9),
        slot("collector", Role::Collector, "TiN", "atomic-layer-deposition", 50e-9),
        slot("positive", Role::Positive, "V2O5", "atomic-layer-deposition", 100e-9),
        slot("electrolyte", Role::Electrolyte, "Li2PO2N-ALD", "atomic-layer-deposition", 50e-9),
        slot("negative", Role::Negative, "TiO2-anatase", "atomic-layer-deposition", 95e-9),
        slot("top-collector", Role::Collector, "TiN", "atomic-layer-deposition", 50e-9),
        slot(
            "encapsulation",
            Role::Encapsulation,
            "parylene-C",
            "chemical-vapour-deposition",
            800e-9,
        ),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let (diameter, pitch, depth) = (c.get("hole_diameter"), c.get("pitch"), c.get("hole_depth"));
    fits(
        "pitch",
        "neighbouring holes touch",
        1.02 * diameter,
        pitch,
        "widen the pitch or narrow the holes",
    )?;
    fits(
        "hole_depth",
        "holes go through the wafer",
        1.1 * depth,
        c.thickness("substrate"),
        "make the holes less deep",
    )?;
    let mesa = Mesa::new(&c, pitch)?;
    let mut flow = Flow::on_wafer(&c, "substrate", mesa.window());
    flow.mask("holes", vec![mesa.discs(diameter)]);
    flow.etch("holes", "drie", "holes", |e| {
        e.depth = Some(depth);
        e.sidewall = c.get("sidewall").to_radians();
    });
    for name in ["insulator", "collector", "positive", "electrolyte", "negative", "top-collector"] {
        flow.film(c.film(name), if name == "electrolyte" { 250.0 } else { 200.0 }, |_| ());
    }
    mesa.cut_and_seal(&mut flow, &c, &["positive", "electrolyte", "negative", "top-collector"], 25.0);
    Ok(flow.finish())
}
