//! Electroplated cell almost without package: the two metal collectors are the housing.

use super::build::{Flow, SEAL, centred, frame, grown, length, rectangle, slot};
use super::chosen::{Chosen, fits};
use super::{Misfit, Template, Values};
use crate::plan::{Plan, Window};
use cellwright_device::Role;

/// Electroplated cell between two foils.
pub static TEMPLATE: Template = Template {
    name: "electroplated",
    title: "electroplated, almost without package",
    doc: "Dense lithium cobalt oxide plated onto a thin foil, a thin electrolyte, lithium on a second foil; the foils and a polymer frame \
          between them are the package. It follows Yue et al. 2021 (Adv. Mater. 33, 2101760); thicknesses are assumed.",
    parameters: &[
        length(
            "cell_width",
            (200e-6, 10e-3),
            3e-3,
            "3 mm",
            "Width of the positive electrode; capacity grows with it.",
        ),
        length(
            "cell_depth",
            (200e-6, 10e-3),
            3e-3,
            "3 mm",
            "Depth of the positive electrode; capacity grows with it.",
        ),
        length(
            "electrolyte_gap",
            (2e-6, 100e-6),
            15e-6,
            "15 um",
            "Electrolyte between positive electrode and lithium; shorter means less resistance.",
        ),
        length(
            "clearance",
            (20e-6, 500e-6),
            100e-6,
            "100 um",
            "Distance between the electrodes and the frame.",
        ),
        SEAL,
    ],
    films: &[
        slot("foil", Role::Collector, "Al", "foil", 10e-6),
        slot("positive", Role::Positive, "LiCoO2", "electrodeposition", 50e-6),
        slot("frame", Role::Encapsulation, "parylene-C", "dispensing", f64::NAN),
        slot("electrolyte", Role::Electrolyte, "LiPF6-EC-DEC", "dispensing", f64::NAN),
        slot("negative", Role::Negative, "Li", "lamination", 25e-6),
        slot("negative-collector", Role::Collector, "Cu", "lamination", 10e-6),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let die = values.die;
    let size = [c.get("cell_width"), c.get("cell_depth")];
    let (seal, clearance) = (c.get("seal_width"), c.get("clearance"));
    for (i, name) in ["cell_width", "cell_depth"].into_iter().enumerate() {
        fits(
            name,
            "cell with its frame is larger than the foil",
            size[i] + 2.0 * (seal + clearance),
            die[i],
            "shrink the cell or enlarge the die",
        )?;
    }
    let middle = [die[0] / 2.0, die[1] / 2.0];
    let active = centred(middle, size);
    let inner = grown(active, clearance);
    let outer = grown(inner, seal);
    let side = size[0].min(size[1]).min(200e-6);
    let piece = centred(middle, [side, side]);
    let mut flow = Flow::on_wafer(
        &c,
        "foil",
        Window {
            from: [piece[0], piece[1]],
            to: [piece[2], piece[3]],
            repeats: size[0] * size[1] / (side * side),
            tabs: None,
        },
    );
    flow.mask("positive", vec![rectangle(active)]);
    flow.mask("frame", frame(outer, inner));
    flow.mask("electrolyte", vec![rectangle(inner)]);
    flow.mask("negative", vec![rectangle(active)]);
    flow.mask("negative-collector", vec![rectangle(outer)]);
    flow.film(c.film("positive"), 260.0, |d| {
        d.on = vec!["substrate".to_owned()];
        d.mask = Some("positive".to_owned());
    });
    let level = c.thickness("positive") + c.get("electrolyte_gap");
    flow.film(c.film("frame"), 25.0, |d| {
        d.mask = Some("frame".to_owned());
        // The upper foil rests on frame and lithium alike.
        d.thickness = level + c.thickness("negative");
    });
    flow.infill(c.film("electrolyte"), level, Some("electrolyte"));
    flow.film(c.film("negative"), 25.0, |d| d.mask = Some("negative".to_owned()));
    flow.film(c.film("negative-collector"), 25.0, |d| {
        d.mask = Some("negative-collector".to_owned())
    });
    Ok(flow.finish())
}
