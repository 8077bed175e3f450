//! Columns on interdigital collectors: metal columns plated through resist, coated with active material by plating.

use super::build::{BUS, Flow, PAD, Rect, SEAL, cell_with_hole, count, length, rectangle, slot};
use super::chosen::{Chosen, fits};
use super::comb::{Comb, Combs, complement};
use super::sealed::dam_fill_lid;
use super::{Misfit, Template, Values};
use crate::plan::{Plan, Shape};
use cellwright_device::Role;

/// Vertical columns on interdigital collectors.
pub static TEMPLATE: Template = Template {
    name: "column-interdigital",
    title: "columns on interdigital collectors",
    doc: "Isolated vertical nickel columns plated through resist on interlocking combs, each comb then plated with its active material. \
          The form is the second 3D interdigital one of the review doi:10.1039/d2na00566b (section 2); the sizes are assumed.",
    parameters: &[
        count("fingers", (2.0, 20.0), 10.0, "10", "Fingers of each electrode."),
        length(
            "inset",
            (1e-6, 50e-6),
            7e-6,
            "7 um",
            "How far a finger reaches beyond its outermost columns.",
        ),
        length(
            "gap",
            (4e-6, 200e-6),
            30e-6,
            "30 um",
            "Distance between neighbouring fingers; shorter means less resistance.",
        ),
        length("finger_length", (200e-6, 5e-3), 2e-3, "2 mm", "Length of a finger."),
        length("column_diameter", (2e-6, 60e-6), 16e-6, "16 um", "Diameter of a bare column."),
        length(
            "column_gap",
            (1e-6, 100e-6),
            14e-6,
            "14 um",
            "Distance between neighbouring columns; must leave room for both coats.",
        ),
        length(
            "column_height",
            (2e-6, 200e-6),
            50e-6,
            "50 um",
            "Height of a bare column; capacity grows with it.",
        ),
        count("rows", (1.0, 8.0), 2.0, "2", "Rows of columns side by side on a finger."),
        length(
            "cover",
            (1e-6, 200e-6),
            20e-6,
            "20 um",
            "Height of the electrolyte above the tallest column.",
        ),
        BUS,
        SEAL,
        PAD,
    ],
    films: &[
        slot("substrate", Role::Substrate, "glass", "wafer", 500e-6),
        slot("negative-collector", Role::Collector, "Ni", "e-beam-evaporation", 200e-9),
        slot("positive-collector", Role::Collector, "Ni", "e-beam-evaporation", 200e-9),
        slot("template", Role::Insulator, "photoresist", "lithography", 60e-6),
        slot("negative-columns", Role::Collector, "Ni", "electrodeposition", f64::NAN),
        slot("positive-columns", Role::Collector, "Ni", "electrodeposition", f64::NAN),
        slot("negative", Role::Negative, "a-Si", "electrodeposition", 195e-9),
        slot("positive", Role::Positive, "LiMn2O4", "electrodeposition", 2e-6),
        slot("dam", Role::Encapsulation, "parylene-C", "dispensing", f64::NAN),
        slot("electrolyte", Role::Electrolyte, "LiPF6-EC-DEC", "dispensing", f64::NAN),
        slot("lid", Role::Encapsulation, "glass", "lamination", 100e-6),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let (diameter, rows) = (c.get("column_diameter"), c.count("rows"));
    let pitch = diameter + c.get("column_gap");
    let finger = f64::from(rows - 1) * pitch + diameter + 2.0 * c.get("inset");
    let combs = Comb {
        fingers: c.count("fingers"),
        width: finger,
        gap: c.get("gap"),
        length: c.get("finger_length"),
        bus: c.get("bus_width"),
        pad: c.get("pad"),
        seal: c.get("seal_width"),
    }
    .draw(&c, "fingers")?;
    let per_row = super::build::cells(combs.overlap[1] - combs.overlap[0], pitch);
    fits(
        "finger_length",
        "less than one column fits along a finger",
        pitch,
        combs.overlap[1] - combs.overlap[0],
        "lengthen the fingers",
    )?;
    let places = Places {
        diameter,
        pitch,
        rows,
        per_row,
        low: [(combs.overlap[0] + combs.overlap[1]) / 2.0 - f64::from(per_row) * pitch / 2.0; 2],
        finger,
    };
    let slice = combs.window(places.low[0] + (f64::from(per_row / 2) + 0.5) * pitch, pitch, f64::from(per_row));
    let mut flow = Flow::on_wafer(&c, "substrate", slice);
    flow.finger(combs.sliced(slice, f64::from(per_row) * pitch));
    collectors(&mut flow, &c, &combs);
    let height = c.get("column_height");
    plate_columns(&mut flow, &c, &combs, &places, height);
    let tallest = plate_active(&mut flow, &c, height);
    dam_fill_lid(&mut flow, &c, combs.body, combs.sealed, tallest + c.get("cover"));
    Ok(flow.finish())
}

/// Both collectors, each lifted off by itself so that each can be plated alone.
pub(super) fn collectors(flow: &mut Flow, c: &Chosen<'_>, combs: &Combs) {
    for (k, name) in ["negative-collector", "positive-collector"].into_iter().enumerate() {
        let resist = format!("{name}-resist");
        flow.mask(&resist, combs.resist_around(&[k], c.values.die));
        flow.resist(&resist, &resist, (3.0 * c.thickness(name)).max(1.5e-6));
        flow.film(c.film(name), 25.0, |_| ());
        flow.lift_off(&format!("{name}-lift-off"), &resist);
    }
}

/// Plates the columns of both combs, each through its own resist.
pub(super) fn plate_columns(flow: &mut Flow, c: &Chosen<'_>, combs: &Combs, places: &Places, height: f64) {
    for (k, name) in ["negative-columns", "positive-columns"].into_iter().enumerate() {
        let template = format!("{name}-template");
        flow.mask(&template, places.template(combs, k, c.values.die));
        flow.resist(&template, &template, c.thickness("template"));
        let collector = ["negative-collector", "positive-collector"][k];
        flow.film(c.film(name), 25.0, |d| {
            d.thickness = height;
            d.on = vec![collector.to_owned()];
        });
        flow.lift_off(&format!("strip-{name}"), &template);
    }
}

/// Plates both active materials on columns of a height and what lies below them; the height of the taller electrode.
pub(super) fn plate_active(flow: &mut Flow, c: &Chosen<'_>, height: f64) -> f64 {
    let mut tallest: f64 = 0.0;
    for name in ["negative", "positive"] {
        let collector = format!("{name}-collector");
        tallest = tallest.max(c.thickness(&collector) + height + c.thickness(name));
        flow.film(c.film(name), 25.0, |d| d.on = vec![format!("{name}-columns"), collector]);
    }
    tallest
}

/// Where the columns stand.
pub(super) struct Places {
    /// Diameter of a bare column.
    pub diameter: f64,
    /// Distance of columns along a finger, and of rows.
    pub pitch: f64,
    /// Rows on a finger.
    pub rows: u32,
    /// Columns in a row.
    pub per_row: u32,
    /// Where the first cell of a row begins, for the negative and the positive comb.
    pub low: [f64; 2],
    /// Width of a finger.
    pub finger: f64,
}

impl Places {
    /// Resist with a round hole at every column of one comb.
    fn template(&self, combs: &Combs, k: usize, die: [f64; 2]) -> Vec<Shape> {
        let first = combs.first[k];
        // A single row owns the finger; several rows own a pitch each.
        let wide = if self.rows == 1 { self.finger } else { self.pitch };
        let left = (first[0] + first[2]) / 2.0 - f64::from(self.rows) * wide / 2.0;
        let top = self.low[k] + f64::from(self.per_row) * self.pitch;
        let blocks: Vec<Rect> = (0..combs.fingers())
            .map(|i| {
                let x = left + f64::from(i) * combs.period();
                [x, self.low[k], x + f64::from(self.rows) * wide, top]
            })
            .collect();
        let cell = [left, self.low[k], left + wide, self.low[k] + self.pitch];
        let mut shapes: Vec<Shape> = complement(&blocks, die).into_iter().map(rectangle).collect();
        for half in cell_with_hole(cell, self.diameter) {
            let block = Shape::Array {
                shape: Box::new(half),
                pitch: [wide, self.pitch],
                count: [self.rows, self.per_row],
            };
            shapes.push(combs.on_fingers(block));
        }
        shapes
    }
}
