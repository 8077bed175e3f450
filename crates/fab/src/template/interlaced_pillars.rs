//! Interlaced pillars: negative and positive pillars on a checkerboard, liquid or gel between them.

use super::build::{BUS, Flow, PAD, SEAL, count, length, slot};
use super::chosen::Chosen;
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
          opposite neighbours. The form is that of the review doi:10.1039/d2na00566b (Fig. 3b) and Long et al. 2004 (Chem. Rev. 104, 4463); the sizes are assumed.",
    parameters: &[
        count("lines", (2.0, 60.0), 20.0, "20", "Lines of pillars of each electrode."),
        count("pillars_per_line", (2.0, 150.0), 30.0, "30", "Pillars on one line."),
        length("pillar_diameter", (1e-6, 60e-6), 16e-6, "16 um", "Diameter of a bare pillar."),
        length(
            "line_gap",
            (2e-6, 100e-6),
            10e-6,
            "10 um",
            "Distance between neighbouring lines; opposite pillars stand 1.41 times line and gap apart.",
        ),
        length(
            "pillar_height",
            (2e-6, 200e-6),
            60e-6,
            "60 um",
            "Height of a bare pillar; capacity grows with it.",
        ),
        length(
            "inset",
            (0.5e-6, 20e-6),
            3e-6,
            "3 um",
            "How far a collector line reaches beyond its pillars.",
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
        slot("negative", Role::Negative, "a-Si", "electrodeposition", 200e-9),
        slot("positive", Role::Positive, "LiMn2O4", "electrodeposition", 2e-6),
        slot("dam", Role::Encapsulation, "parylene-C", "dispensing", f64::NAN),
        slot("electrolyte", Role::Electrolyte, "LiPF6-EC-DEC", "dispensing", f64::NAN),
        slot("lid", Role::Encapsulation, "glass", "lamination", 100e-6),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let diameter = c.get("pillar_diameter");
    let (line, gap) = (diameter + 2.0 * c.get("inset"), c.get("line_gap"));
    // The checkerboard stands on its corner: lines of one kind alternate with the other, shifted by one line and gap.
    let step = line + gap;
    let per_line = c.count("pillars_per_line");
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
    flow.finger(combs.sliced(window, f64::from(per_line) * 2.0 * step));
    collectors(&mut flow, &c, &combs);
    let height = c.get("pillar_height");
    plate_columns(&mut flow, &c, &combs, &places, height);
    let tallest = plate_active(&mut flow, &c, height);
    dam_fill_lid(&mut flow, &c, combs.body, combs.sealed, tallest + c.get("cover"));
    Ok(flow.finish())
}
