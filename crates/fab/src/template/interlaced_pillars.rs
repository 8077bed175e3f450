//! Interlaced pillars: negative and positive pillars on a checkerboard, liquid or gel between them.

use super::build::{BUS, Flow, PAD, SEAL, count, length, slot};
use super::chosen::{Chosen, fits};
use super::column_interdigital::{Places, collectors, plate_active, plate_columns};
use super::comb::Comb;
use super::sealed::dam_fill_lid;
use super::{Misfit, Template, Values};
use crate::plan::Plan;
use cellwright_device::Role;

/// Checkerboard of pillars.
pub static TEMPLATE: Template = Template {
    name: "interlaced-pillars",
    title: "interlaced pillars",
    doc: "A checkerboard of plated nickel pillars, coated by turns with negative and positive material, so that every pillar has four \
          opposite neighbours. The form is that of the review doi:10.1039/d2na00566b (Fig. 3b) and Long et al. 2004 (doi:10.1021/cr020740l); the sizes are assumed.",
    parameters: &[
        count("lines", (2.0, 60.0), 20.0, "20", "Lines of pillars of each electrode."),
        count("pillars_per_line", (2.0, 150.0), 30.0, "30", "Pillars on one line."),
        length("pillar_diameter", (1e-6, 60e-6), 16e-6, "16 um", "Diameter of a bare pillar."),
        length(
            "pitch",
            (4e-6, 150e-6),
            46e-6,
            "46 um",
            "Distance between the axes of a pillar and its opposite neighbour.",
        ),
        length(
            "pillar_height",
            (2e-6, 200e-6),
            60e-6,
            "60 um",
            "Height of a bare pillar; capacity grows with it.",
        ),
        length(
            "line_width",
            (1.1e-6, 80e-6),
            22e-6,
            "22 um",
            "Width of the collector line under a row of pillars.",
        ),
        length(
            "cover",
            (1e-6, 200e-6),
            20e-6,
            "20 um",
            "Height of the electrolyte above the tallest pillar.",
        ),
        BUS,
        SEAL,
        PAD,
    ],
    films: &[
        slot("substrate", Role::Substrate, "glass", "wafer", 500e-6),
        slot("negative-collector", Role::Collector, "Ni", "e-beam-evaporation", 200e-9),
        slot("positive-collector", Role::Collector, "Ni", "e-beam-evaporation", 200e-9),
        slot("template", Role::Insulator, "photoresist", "lithography", 70e-6),
        slot("negative-columns", Role::Collector, "Ni", "electrodeposition", f64::NAN),
        slot("positive-columns", Role::Collector, "Ni", "electrodeposition", f64::NAN),
        slot("negative", Role::Negative, "a-Si", "electrodeposition", 180e-9),
        slot("positive", Role::Positive, "LiMn2O4", "electrodeposition", 2e-6),
        slot("dam", Role::Encapsulation, "parylene-C", "dispensing", f64::NAN),
        slot("electrolyte", Role::Electrolyte, "LiPF6-EC-DEC", "dispensing", f64::NAN),
        slot("lid", Role::Encapsulation, "glass", "lamination", 100e-6),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let (diameter, line) = (c.get("pillar_diameter"), c.get("line_width"));
    // The checkerboard stands on its corner: rows of one kind lie pitch / sqrt 2 apart and shifted by as much.
    let step = c.get("pitch") / std::f64::consts::SQRT_2;
    fits(
        "line_width",
        "a pillar is wider than its collector line",
        1.02 * diameter,
        line,
        "widen the line or thin the pillar",
    )?;
    fits(
        "pitch",
        "collector lines touch",
        1.02 * line,
        step,
        "widen the pitch or narrow the lines",
    )?;
    let per_line = c.count("pillars_per_line");
    let gap = step - line;
    let combs = Comb {
        fingers: c.count("lines"),
        width: line,
        gap,
        length: gap + step * (2.0 * f64::from(per_line) + 2.0),
        bus: c.get("bus_width"),
        pad: c.get("pad"),
        seal: c.get("seal_width"),
    }
    .draw(&c, "lines")
    .map_err(|m| Misfit {
        parameter: if m.parameter == "finger_length" {
            "pillars_per_line"
        } else {
            m.parameter
        },
        hint: m
            .hint
            .replace("shorten the fingers", "put fewer pillars on a line")
            .replace("fingers", "lines"),
        ..m
    })?;
    let low = combs.overlap[0] + step / 2.0;
    let places = Places {
        diameter,
        pitch: 2.0 * step,
        rows: 1,
        per_row: per_line,
        low: [low, low + step],
        finger: line,
    };
    // Pillar axes lie in the middle of their cells: from one negative axis to the next.
    let middle = low + step + (f64::from((per_line - 2) / 2) + 0.5) * 2.0 * step;
    let window = combs.window(middle, 2.0 * step, f64::from(per_line));
    let mut flow = Flow::on_wafer(&c, "substrate", window);
    collectors(&mut flow, &c, &combs);
    let height = c.get("pillar_height");
    plate_columns(&mut flow, &c, &combs, &places, height);
    let tallest = plate_active(&mut flow, &c, height);
    dam_fill_lid(&mut flow, &c, combs.body, combs.sealed, tallest + c.get("cover"), tallest)?;
    Ok(flow.finish())
}
