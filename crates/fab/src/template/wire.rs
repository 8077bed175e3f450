//! Wire: a coated fibre and a lithium wire side by side in a gel.

use super::build::{Flow, centred, length, rectangle, slot};
use super::chosen::{Chosen, fits};
use super::{Misfit, Template, Values};
use crate::plan::{Plan, Shape, Window};
use cellwright_device::Role;

/// Wire-shaped cell.
pub static TEMPLATE: Template = Template {
    name: "wire",
    title: "wire-shaped cell",
    doc: "A fibre coated with the positive electrode and a lithium wire lie side by side in a gel inside a wrap. The form follows Ren et \
          al. 2013 (Adv. Mater. 25, 1155), whose fibre of carbon nanotubes with MnO2 is replaced by a plated metal fibre; the sizes are assumed.",
    parameters: &[
        length(
            "fibre_diameter",
            (5e-6, 500e-6),
            50e-6,
            "50 um",
            "Diameter of the bare fibre, which collects the current.",
        ),
        length("wire_diameter", (10e-6, 500e-6), 60e-6, "60 um", "Diameter of the lithium wire."),
        length(
            "distance",
            (5e-6, 500e-6),
            40e-6,
            "40 um",
            "Gel between the coated fibre and the lithium wire; shorter means less resistance.",
        ),
        length("gel", (5e-6, 500e-6), 30e-6, "30 um", "Least gel between the wires and the wrap."),
        length(
            "length",
            (200e-6, 20e-3),
            4e-3,
            "4 mm",
            "Length of the coated part; both wires stick out of the wrap for their contacts.",
        ),
        length(
            "contact",
            (100e-6, 2e-3),
            400e-6,
            "400 um",
            "Length of each end that sticks out of the wrap.",
        ),
    ],
    films: &[
        slot("fibre", Role::Collector, "Ti", "wafer", 1e-3),
        slot("positive", Role::Positive, "LiMn2O4", "electrodeposition", 8e-6),
        slot("negative", Role::Negative, "Li", "lamination", f64::NAN),
        slot("electrolyte", Role::Electrolyte, "LiPF6-EC-DEC", "dispensing", f64::NAN),
        slot("wrap", Role::Encapsulation, "parylene-C", "lamination", 100e-6),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let die = values.die;
    let (fibre, wire, gel) = (c.get("fibre_diameter"), c.get("wire_diameter"), c.get("gel"));
    let wrap = c.thickness("wrap");
    let coated = fibre / 2.0 + c.thickness("positive");
    let axis = coated + c.get("distance") + wire / 2.0;
    let half = axis + wire / 2.0 + gel;
    fits(
        "distance",
        "wires with gel and wrap are wider than the die",
        2.0 * (half + 1.02 * wrap),
        die[1],
        "bring the wires closer or widen the die",
    )?;
    let long = c.get("length");
    fits(
        "length",
        "coated fibre with both contacts is longer than the die",
        long + 2.0 * c.get("contact"),
        die[0],
        "shorten the fibre or lengthen the die",
    )?;
    let middle = [die[0] / 2.0, die[1] / 2.0];
    let slice = (4.0 * coated).min(long);
    let cross = centred(middle, [slice, 2.0 * (half + wrap)]);
    let mut flow = Flow::on_fibre(
        &c,
        "fibre",
        fibre,
        Window {
            from: [cross[0], cross[1]],
            to: [cross[2], cross[3]],
            repeats: long / slice,
            tabs: None,
        },
    );
    let x = middle[0] - long / 2.0;
    // The gel ends beyond the lithium wire on one side and as far beyond the fibre on the other.
    let jacket = [x, middle[1] - coated - gel, x + long, middle[1] + half];
    flow.mask("coating", vec![rectangle(jacket)]);
    flow.mask(
        "negative",
        vec![Shape::Path {
            points: vec![
                [x + wire / 2.0, middle[1] + axis],
                [x + long + c.get("contact") - wire / 2.0, middle[1] + axis],
            ],
            width: wire,
        }],
    );
    flow.mask("gel", vec![rectangle(jacket)]);
    // Drawn a little wider than the wrap is thick, which goes round the gel by itself.
    let round = 1.02 * wrap;
    flow.mask("wrap", vec![rectangle([x, jacket[1] - round, x + long, jacket[3] + round])]);
    flow.film(c.film("positive"), 25.0, |d| {
        d.on = vec!["substrate".to_owned()];
        d.mask = Some("coating".to_owned());
    });
    flow.film(c.film("negative"), 25.0, |d| {
        d.mask = Some("negative".to_owned());
        d.thickness = wire;
    });
    flow.infill(c.film("electrolyte"), coated.max(wire / 2.0) + gel, Some("gel"));
    flow.film(c.film("wrap"), 25.0, |d| d.mask = Some("wrap".to_owned()));
    Ok(flow.finish())
}
