//! Coaxial pillars: a complete solid cell wrapped around every pillar of an array.

use super::build::{Flow, PAD, SEAL, cell_with_hole, fraction, length, rectangle, slot};
use super::chosen::{Chosen, fits, misfit};
use super::comb::complement;
use super::mesa::Mesa;
use super::{Misfit, Template, Values};
use crate::plan::{Plan, Shape};
use cellwright_device::Role;

/// Coaxial pillar array.
pub static TEMPLATE: Template = Template {
    name: "coaxial-pillars",
    title: "coaxial pillars",
    doc: "Collector, electrode, solid electrolyte, electrode and upper collector wrap around each pillar of an array, etched in silicon \
          or plated. Pillars of 10 um diameter on a 20 um pitch, 50 um tall, in the manner of Talin et al. 2016 (ACS Appl. Mater. Interfaces 8, 32385) and Put et al. 2019; films assumed.",
    parameters: &[
        length("pillar_diameter", (0.5e-6, 100e-6), 10e-6, "10 um", "Diameter of the bare pillar."),
        length(
            "pitch",
            (1.5e-6, 300e-6),
            20e-6,
            "20 um",
            "Distance between the axes of neighbouring pillars, on a square grid.",
        ),
        length(
            "pillar_height",
            (1e-6, 300e-6),
            50e-6,
            "50 um",
            "Height of the bare pillar; area grows with it.",
        ),
        fraction(
            "sidewall",
            (80.0, 95.0),
            90.0,
            "90",
            "Angle between wall and floor in degrees; below 90 the pillar widens downwards (etched pillars only).",
        ),
        length("cell_width", (100e-6, 10e-3), 2e-3, "2 mm", "Width of the array."),
        length("cell_depth", (100e-6, 10e-3), 2e-3, "2 mm", "Depth of the array."),
        SEAL,
        PAD,
    ],
    films: &[
        slot("substrate", Role::Substrate, "Si", "wafer", 500e-6),
        slot("core", Role::Collector, "Si", "drie", f64::NAN),
        slot("template", Role::Insulator, "photoresist", "lithography", 60e-6),
        slot("collector", Role::Collector, "Pt", "atomic-layer-deposition", 100e-9),
        slot("positive", Role::Positive, "LiCoO2", "chemical-vapour-deposition", 1e-6),
        slot("electrolyte", Role::Electrolyte, "LiPON-ALD", "atomic-layer-deposition", 20e-9),
        slot("negative", Role::Negative, "a-Si", "chemical-vapour-deposition", 90e-9),
        slot("top-collector", Role::Collector, "TiN", "atomic-layer-deposition", 50e-9),
        slot(
            "encapsulation",
            Role::Encapsulation,
            "parylene-C",
            "chemical-vapour-deposition",
            2e-6,
        ),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let (diameter, pitch, height) = (c.get("pillar_diameter"), c.get("pitch"), c.get("pillar_height"));
    fits(
        "pitch",
        "neighbouring pillars touch",
        1.02 * diameter,
        pitch,
        "widen the pitch or thin the pillars",
    )?;
    let mesa = Mesa::new(&c, pitch)?;
    let mut flow = Flow::on_wafer(&c, "substrate", mesa.window());
    let core = c.film("core").film;
    match core.technique.as_str() {
        "drie" | "rie" => {
            let (wanted, there) = (&core.material, &c.film("substrate").film.material);
            if wanted != there {
                let message = format!("an etched core is of the substrate's {there}, not of {wanted}");
                return Err(misfit("core", message, "plate the core: `technique = \"electrodeposition\"`"));
            }
            let wafer = c.thickness("substrate");
            fits(
                "pillar_height",
                "pillars are as tall as the wafer is thick",
                1.1 * height,
                wafer,
                "lower the pillars",
            )?;
            flow.mask("pillars", vec![mesa.discs(diameter)]);
            flow.etch("core", &core.technique, "pillars", |e| {
                e.inside = false;
                e.depth = Some(height);
                e.sidewall = c.get("sidewall").to_radians();
            });
            flow.film(c.film("collector"), 250.0, |_| ());
        }
        "electrodeposition" => {
            if c.get("sidewall") != 90.0 {
                let message = format!("a plated pillar has the wall of its resist, 90 degrees, not {}", c.get("sidewall"));
                return Err(misfit("sidewall", message, "leave `sidewall` out"));
            }
            flow.film(c.film("collector"), 250.0, |_| ());
            let mut shapes: Vec<Shape> = complement(&[mesa.array], values.die).into_iter().map(rectangle).collect();
            let cell = [mesa.array[0], mesa.array[1], mesa.array[0] + pitch, mesa.array[1] + pitch];
            shapes.extend(cell_with_hole(cell, diameter).map(|half| Shape::Array {
                shape: Box::new(half),
                pitch: [pitch, pitch],
                count: mesa.count,
            }));
            flow.mask("template", shapes);
            flow.resist("template", "template", c.thickness("template"));
            flow.film(c.film("core"), 25.0, |d| {
                d.thickness = height;
                d.on = vec!["collector".to_owned()];
            });
            flow.lift_off("strip", "template");
        }
        other => {
            let message = format!("the core can be etched (`drie`, `rie`) or plated (`electrodeposition`), not made by `{other}`");
            return Err(misfit("core", message, "set `technique = \"drie\"`"));
        }
    }
    for (name, celsius) in [
        ("positive", 400.0),
        ("electrolyte", 250.0),
        ("negative", 200.0),
        ("top-collector", 200.0),
    ] {
        flow.film(c.film(name), celsius, |_| ());
    }
    mesa.cut_and_seal(&mut flow, &c, &["positive", "electrolyte", "negative", "top-collector"], 25.0);
    Ok(flow.finish())
}
