//! Laminated thin film: every film one on the other, each through its own shadow mask.

use super::build::{Flow, PAD, SEAL, centred, grown, length, rectangle, slot};
use super::chosen::{Chosen, fits};
use super::{Misfit, Template, Values};
use crate::plan::{Plan, Window};
use cellwright_device::Role;

/// Laminated thin-film cell.
pub static TEMPLATE: Template = Template {
    name: "laminated",
    title: "laminated thin film",
    doc: "Films from the substrate up, each through a shadow mask, with the lithium on top. Thicknesses and the anneal of the positive \
          electrode follow Danilov, Niessen and Notten 2011 (doi:10.1149/1.3521414), with LiPON for their Li3PO4.",
    parameters: &[
        length(
            "cell_width",
            (100e-6, 20e-3),
            3e-3,
            "3 mm",
            "Width of the positive electrode; capacity grows with it.",
        ),
        length(
            "cell_depth",
            (100e-6, 20e-3),
            3e-3,
            "3 mm",
            "Depth of the positive electrode; capacity grows with it.",
        ),
        length(
            "overlap",
            (20e-6, 500e-6),
            100e-6,
            "100 um",
            "How far each film reaches over the one below; must exceed the alignment of the shadow masks.",
        ),
        SEAL,
        PAD,
    ],
    films: &[
        slot("substrate", Role::Substrate, "Si", "wafer", 500e-6),
        slot("insulator", Role::Insulator, "SiO2", "thermal-oxidation", 300e-9),
        slot("adhesion", Role::Adhesion, "TiO2", "rf-sputter", 50e-9),
        slot("positive-collector", Role::Collector, "Pt", "rf-sputter", 250e-9),
        slot("positive", Role::Positive, "LiCoO2", "rf-sputter", 320e-9),
        slot("electrolyte", Role::Electrolyte, "LiPON", "rf-sputter", 1.5e-6),
        slot("negative", Role::Negative, "Li", "thermal-evaporation", 1e-6),
        slot("negative-collector", Role::Collector, "Co", "e-beam-evaporation", 150e-9),
        slot(
            "encapsulation",
            Role::Encapsulation,
            "parylene-C",
            "chemical-vapour-deposition",
            5e-6,
        ),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let die = values.die;
    let (overlap, seal, pad) = (c.get("overlap"), c.get("seal_width"), c.get("pad"));
    let size = [c.get("cell_width"), c.get("cell_depth")];
    let margin = 2.0 * overlap + seal;
    fits(
        "cell_width",
        "cell with overlaps, seal and two pads is wider than the die",
        size[0] + 2.0 * (margin + pad),
        die[0],
        "make the cell narrower or the die wider",
    )?;
    let depth = size[1].max(pad) + 2.0 * margin;
    fits(
        "cell_depth",
        "cell with overlaps and seal is deeper than the die",
        depth,
        die[1],
        "make the cell less deep or the die deeper",
    )?;
    let middle = [die[0] / 2.0, die[1] / 2.0];
    let active = centred(middle, size);
    let collector = grown(active, overlap);
    let electrolyte = grown(collector, overlap);
    let sealed = grown(electrolyte, seal);
    let tab = |from: f64, to: f64| rectangle([from, middle[1] - pad / 2.0, to, middle[1] + pad / 2.0]);
    // A square piece of the middle stands for the cell: every film is flat there.
    let side = size[0].min(size[1]).min(100e-6);
    let piece = centred(middle, [side, side]);
    let mut flow = Flow::on_wafer(
        &c,
        "substrate",
        Window {
            from: [piece[0], piece[1]],
            to: [piece[2], piece[3]],
            repeats: size[0] * size[1] / (side * side),
            tabs: None,
        },
    );
    flow.mask("positive-collector", vec![rectangle(collector), tab(sealed[0] - pad, collector[0])]);
    flow.mask("positive", vec![rectangle(active)]);
    flow.mask("electrolyte", vec![rectangle(electrolyte)]);
    flow.mask("negative", vec![rectangle(active)]);
    flow.mask("negative-collector", vec![rectangle(collector), tab(collector[2], sealed[2] + pad)]);
    flow.mask("encapsulation", vec![rectangle(sealed)]);
    flow.film(c.film("insulator"), 1000.0, |_| ());
    flow.film(c.film("adhesion"), 25.0, |d| d.mask = Some("positive-collector".to_owned()));
    flow.film(c.film("positive-collector"), 25.0, |d| {
        d.mask = Some("positive-collector".to_owned())
    });
    flow.film(c.film("positive"), 25.0, |d| d.mask = Some("positive".to_owned()));
    flow.anneal("anneal", 800.0, 600.0);
    for (name, celsius) in [
        ("electrolyte", 25.0),
        ("negative", 25.0),
        ("negative-collector", 25.0),
        ("encapsulation", 25.0),
    ] {
        flow.film(c.film(name), celsius, |d| d.mask = Some(name.to_owned()));
    }
    Ok(flow.finish())
}
