//! Filament walls: many layers of extruded paste on each finger of an interdigital collector.

use super::build::{BUS, Flow, PAD, SEAL, count, fraction, length, slot};
use super::chosen::{Chosen, fits};
use super::comb::Comb;
use super::sealed::dam_fill_lid;
use super::{Misfit, Template, Values};
use crate::plan::{Plan, Shape};
use cellwright_device::Role;

/// Printed multilayer filament walls.
pub static TEMPLATE: Template = Template {
    name: "filament-walls",
    title: "printed filament walls",
    doc: "Pastes extruded through a 30 um nozzle and stacked to walls on gold fingers, sintered, then filled with liquid. It follows Sun \
          et al. 2013 (doi:10.1002/adma.201301036); wall width 60 um, distance 50 um and 8 to 16 layers are recalled, not read.",
    parameters: &[
        count("fingers", (2.0, 20.0), 4.0, "4", "Walls of each electrode."),
        length(
            "filament_width",
            (20e-6, 400e-6),
            60e-6,
            "60 um",
            "Width of a wall, which is the width of one filament.",
        ),
        length(
            "gap",
            (10e-6, 400e-6),
            50e-6,
            "50 um",
            "Distance between neighbouring walls; shorter means less resistance.",
        ),
        length("finger_length", (300e-6, 5e-3), 800e-6, "800 um", "Length of a wall."),
        length("nozzle", (10e-6, 400e-6), 30e-6, "30 um", "Inner diameter of the nozzle."),
        length(
            "layer_height",
            (5e-6, 300e-6),
            22e-6,
            "22 um",
            "Height that one layer adds after drying.",
        ),
        count(
            "negative_layers",
            (1.0, 32.0),
            9.0,
            "9",
            "Layers of the negative walls; capacity grows with them.",
        ),
        count(
            "positive_layers",
            (1.0, 32.0),
            8.0,
            "8",
            "Layers of the positive walls; capacity grows with them.",
        ),
        fraction(
            "porosity",
            (0.1, 0.8),
            0.35,
            "0.35",
            "Void fraction of the sintered walls, which the electrolyte fills.",
        ),
        length(
            "inset",
            (0.5e-6, 100e-6),
            10e-6,
            "10 um",
            "How far the collector finger reaches beyond the wall on each side.",
        ),
        length(
            "cover",
            (1e-6, 200e-6),
            20e-6,
            "20 um",
            "Height of the electrolyte above the tallest wall.",
        ),
        BUS,
        SEAL,
        PAD,
    ],
    films: &[
        slot("substrate", Role::Substrate, "SiO2", "wafer", 500e-6),
        slot("adhesion", Role::Adhesion, "Ti", "e-beam-evaporation", 10e-9),
        slot("collector", Role::Collector, "Au", "e-beam-evaporation", 200e-9),
        slot("negative", Role::Negative, "Li4Ti5O12", "direct-ink-writing", f64::NAN),
        slot("positive", Role::Positive, "LiFePO4", "direct-ink-writing", f64::NAN),
        slot("dam", Role::Encapsulation, "parylene-C", "dispensing", f64::NAN),
        slot("electrolyte", Role::Electrolyte, "LiPF6-EC-DEC", "dispensing", f64::NAN),
        slot("lid", Role::Encapsulation, "glass", "lamination", 100e-6),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let (wall, inset, height) = (c.get("filament_width"), c.get("inset"), c.get("layer_height"));
    fits(
        "layer_height",
        "a filament is taller than wide",
        height,
        wall,
        "lower the layers or widen the filament",
    )?;
    fits(
        "inset",
        "collector fingers touch",
        2.0 * inset,
        c.get("gap") * 0.95,
        "lessen the inset or widen the gap",
    )?;
    let fingers = Comb {
        fingers: c.count("fingers"),
        width: wall + 2.0 * inset,
        gap: c.get("gap") - 2.0 * inset,
        length: c.get("finger_length"),
        bus: c.get("bus_width"),
        pad: c.get("pad"),
        seal: c.get("seal_width"),
    };
    fits(
        "finger_length",
        "a wall is wider than long",
        2.0 * (wall + inset),
        fingers.length,
        "lengthen the fingers",
    )?;
    let combs = fingers.draw(&c, "fingers")?;
    let mut flow = Flow::on_wafer(&c, "substrate", combs.square_window());
    // Round walls from end to end hold too much detail.
    flow.finger(combs.sliced(combs.square_window(), combs.overlap[1] - combs.overlap[0]));
    flow.mask("resist", combs.resist_around(&[0, 1], values.die));
    let metal = c.thickness("adhesion") + c.thickness("collector");
    flow.resist("resist", "resist", (3.0 * metal).max(1.5e-6));
    flow.film(c.film("adhesion"), 25.0, |_| ());
    flow.film(c.film("collector"), 25.0, |_| ());
    flow.lift_off("lift-off", "resist");
    let mut tallest: f64 = 0.0;
    for (k, name, layers) in [(0, "negative", "negative_layers"), (1, "positive", "positive_layers")] {
        let f = combs.first[k];
        let x = (f[0] + f[2]) / 2.0;
        // The round ends of the path reach half a width beyond its points.
        let end = inset + wall / 2.0;
        let path = Shape::Path {
            points: vec![[x, f[1] + end], [x, f[3] - end]],
            width: wall,
        };
        flow.mask(name, vec![combs.on_fingers(path)]);
        let layers = c.count(layers);
        let thickness = f64::from(layers) * height;
        tallest = tallest.max(metal + thickness);
        flow.film(c.film(name), 25.0, |d| {
            d.mask = Some(name.to_owned());
            d.thickness = thickness;
            d.porosity = c.get("porosity");
            d.recipe.nozzle = Some(c.get("nozzle"));
            d.recipe.layers = Some(layers);
        });
    }
    flow.anneal("sinter", 600.0, 7200.0);
    dam_fill_lid(&mut flow, &c, combs.body, combs.sealed, tallest + c.get("cover"));
    Ok(flow.finish())
}
