//! Silicon wafer: the wafer is negative electrode and housing, a cavity in it holds the rest of the cell.

use super::build::{Flow, centred, fraction, grown, length, rectangle, slot};
use super::chosen::{Chosen, fits};
use super::{Misfit, Template, Values};
use crate::plan::{Plan, Shape, Window};
use cellwright_device::Role;

/// Wafer as electrode and housing.
pub static TEMPLATE: Template = Template {
    name: "silicon-wafer",
    title: "silicon wafer as electrode and housing",
    doc: "A cavity with a finned floor is etched into the wafer, whose silicon is the negative electrode and the housing, then filled with \
          gel and an NCA paste. It follows Sternad et al. 2022 (doi:10.1002/admt.202100405, 10 mAh/cm2); fins, cavity and wafer are assumed.",
    parameters: &[
        length(
            "cavity_width",
            (200e-6, 10e-3),
            3e-3,
            "3 mm",
            "Width of the cavity; capacity grows with it.",
        ),
        length(
            "cavity_depth",
            (200e-6, 10e-3),
            3e-3,
            "3 mm",
            "Extent of the cavity across its width, on the die; capacity grows with it.",
        ),
        length(
            "headroom",
            (1e-6, 200e-6),
            55e-6,
            "55 um",
            "Free height between the positive collector and the lid, for swelling.",
        ),
        length("fin_width", (2e-6, 200e-6), 20e-6, "20 um", "Width of a silicon fin."),
        length(
            "trench_width",
            (2e-6, 200e-6),
            20e-6,
            "20 um",
            "Width of the trench between two fins.",
        ),
        length(
            "fin_height",
            (2e-6, 200e-6),
            50e-6,
            "50 um",
            "Height of a fin; surface grows with it.",
        ),
        length(
            "separator",
            (5e-6, 200e-6),
            25e-6,
            "25 um",
            "Gel between the tops of the fins and the positive electrode.",
        ),
        length(
            "inset",
            (5e-6, 300e-6),
            100e-6,
            "100 um",
            "Distance between positive electrode and cavity wall.",
        ),
        fraction(
            "porosity",
            (0.1, 0.8),
            0.35,
            "0.35",
            "Void fraction of the positive electrode, which the electrolyte fills.",
        ),
        length(
            "rim",
            (100e-6, 2e-3),
            400e-6,
            "400 um",
            "Width of the rim on which the lid is bonded.",
        ),
    ],
    films: &[
        slot("wafer", Role::Negative, "a-Si", "wafer", 525e-6),
        slot("insulator", Role::Insulator, "Si3N4", "chemical-vapour-deposition", 500e-9),
        slot("electrolyte", Role::Electrolyte, "LiClO4-PC", "dispensing", f64::NAN),
        slot("positive", Role::Positive, "NCA", "dispensing", 200e-6),
        slot("positive-collector", Role::Collector, "Al", "lamination", 20e-6),
        slot("lid", Role::Encapsulation, "glass", "lamination", 200e-6),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let die = values.die;
    let filling = c.get("separator") + c.thickness("positive") + c.thickness("positive-collector");
    let (cavity_height, fin_height) = (filling + c.get("headroom"), c.get("fin_height"));
    let (inset, rim) = (c.get("inset"), c.get("rim"));
    let deep = cavity_height + fin_height;
    fits(
        "fin_height",
        "cavity and trenches go through the wafer",
        1.05 * deep,
        c.thickness("wafer"),
        "lower the fins, thin the positive electrode or take a thicker wafer",
    )?;
    let size = [c.get("cavity_width"), c.get("cavity_depth")];
    for (i, name) in ["cavity_width", "cavity_depth"].into_iter().enumerate() {
        fits(
            name,
            "cavity with its rim is larger than the die",
            size[i] + 2.0 * rim,
            die[i],
            "shrink the cavity or enlarge the die",
        )?;
        fits(
            "inset",
            "nothing is left of the positive electrode",
            2.2 * inset,
            size[i],
            "lessen the inset",
        )?;
    }
    let middle = [die[0] / 2.0, die[1] / 2.0];
    let cavity = centred(middle, size);
    let electrode = grown(cavity, -inset);
    let period = c.get("fin_width") + c.get("trench_width");
    let trenches = super::build::cells(electrode[2] - electrode[0], period);
    fits(
        "fin_width",
        "not even two fins fit under the positive electrode",
        2.0 * period,
        electrode[2] - electrode[0],
        "narrow fins and trenches",
    )?;
    let wide = f64::from(trenches) * period;
    let left = middle[0] - wide / 2.0 + c.get("fin_width") / 2.0;
    // From the middle of a fin to the middle of the next one: mirror planes on all sides.
    let long = electrode[3] - electrode[1];
    let slice = period.min(long);
    let x = middle[0] - wide / 2.0 + f64::from(trenches / 2) * period;
    let window = Window {
        from: [x, middle[1] - slice / 2.0],
        to: [x + period, middle[1] + slice / 2.0],
        repeats: f64::from(trenches) * long / slice,
        tabs: None,
    };
    let mut flow = Flow::on_wafer(&c, "wafer", window);
    flow.mask("cavity", vec![rectangle(cavity)]);
    let trench = rectangle([left, electrode[1], left + c.get("trench_width"), electrode[3]]);
    flow.mask(
        "trenches",
        vec![Shape::Array {
            shape: Box::new(trench),
            pitch: [period, 0.0],
            count: [trenches, 1],
        }],
    );
    flow.mask("electrode", vec![rectangle(electrode)]);
    let sealed = grown(cavity, rim);
    // The foil leaves the cavity over the insulated rim and ends in a contact beside the lid.
    let half = (size[1] / 4.0).min(rim);
    let foil = [electrode[2], middle[1] - half, die[0], middle[1] + half];
    flow.mask("foil", vec![rectangle(electrode), rectangle(foil)]);
    flow.mask("lid", vec![rectangle(sealed)]);
    flow.film(c.film("insulator"), 350.0, |_| ());
    flow.etch("cavity", "drie", "cavity", |e| e.depth = Some(cavity_height));
    flow.etch("trenches", "drie", "trenches", |e| e.depth = Some(deep));
    flow.infill(c.film("electrolyte"), c.get("separator") - cavity_height, Some("cavity"));
    flow.film(c.film("positive"), 25.0, |d| {
        d.mask = Some("electrode".to_owned());
        d.porosity = c.get("porosity");
    });
    flow.film(c.film("positive-collector"), 25.0, |d| d.mask = Some("foil".to_owned()));
    flow.film(c.film("lid"), 25.0, |d| d.mask = Some("lid".to_owned()));
    Ok(flow.finish())
}
