//! Porous scaffold: two interdigitated electrodes whose inside is a regular open lattice.

use super::build::{BUS, Flow, PAD, SEAL, count, fraction, length, rectangle, slot};
use super::chosen::{Chosen, fits};
use super::column_interdigital::collectors;
use super::planar_interdigital::comb;
use super::sealed::dam_fill_lid;
use super::{Misfit, Parameter, Template, Values};
use crate::plan::Plan;
use cellwright_base::units::Dimension;
use cellwright_device::Role;

/// Porous interdigitated electrodes.
pub static TEMPLATE: Template = Template {
    name: "porous-scaffold",
    title: "porous scaffold",
    doc: "Two interdigitated electrodes, 10 um tall, made in a holographic or opal template, so that electrolyte fills a regular lattice. It \
          follows Ning et al. 2015 (doi:10.1073/pnas.1423889112); the solid counts as active, so the default void is set to the published 20.8 uAh/cm2, and Li4Ti5O12 stands for the NiSn of the paper.",
    parameters: &[
        count("fingers", (2.0, 40.0), 20.0, "20", "Fingers of each electrode."),
        length("finger_width", (4e-6, 300e-6), 35e-6, "35 um", "Width of a finger."),
        length(
            "gap",
            (3e-6, 200e-6),
            15e-6,
            "15 um",
            "Distance between neighbouring fingers; shorter means less resistance.",
        ),
        length("finger_length", (200e-6, 5e-3), 2e-3, "2 mm", "Length of a finger."),
        length(
            "inset",
            (0.1e-6, 20e-6),
            2e-6,
            "2 um",
            "How far the scaffold stays inside its collector, for alignment.",
        ),
        length(
            "pore_diameter",
            (0.1e-6, 5e-6),
            0.9e-6,
            "0.9 um",
            "Diameter of the pores of the template.",
        ),
        fraction(
            "negative_porosity",
            (0.2, 0.97),
            0.88,
            "0.88",
            "Void fraction of the negative electrode; all solid counts as active.",
        ),
        fraction(
            "positive_porosity",
            (0.2, 0.97),
            0.895,
            "0.895",
            "Void fraction of the positive electrode; all solid counts as active.",
        ),
        Parameter {
            name: "area_per_volume",
            doc: "Surface between solid and electrolyte per volume of electrode; close-packed pores of 0.9 um give 4.9e6 per metre.",
            dimension: Dimension::PER_LENGTH,
            bounds: (1e5, 1e8),
            default: 4.9e6,
            shown: "4.9e6 1/m",
            whole: false,
        },
        length(
            "cover",
            (1e-6, 200e-6),
            10e-6,
            "10 um",
            "Height of the electrolyte above the electrodes.",
        ),
        BUS,
        SEAL,
        PAD,
    ],
    films: &[
        slot("substrate", Role::Substrate, "glass", "wafer", 500e-6),
        slot("negative-collector", Role::Collector, "Ni", "e-beam-evaporation", 100e-9),
        slot("positive-collector", Role::Collector, "Ni", "e-beam-evaporation", 100e-9),
        slot("negative", Role::Negative, "Li4Ti5O12", "holographic-lithography", 10e-6),
        slot("positive", Role::Positive, "LiMn2O4", "holographic-lithography", 10e-6),
        slot("dam", Role::Encapsulation, "parylene-C", "dispensing", f64::NAN),
        slot("electrolyte", Role::Electrolyte, "LiPF6-EC-DEC", "dispensing", f64::NAN),
        slot("lid", Role::Encapsulation, "glass", "lamination", 100e-6),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let inset = c.get("inset");
    fits(
        "inset",
        "nothing is left of the finger",
        2.0 * inset,
        c.get("finger_width") * 0.95,
        "widen the fingers or lessen the inset",
    )?;
    let combs = comb(&c).draw(&c, "fingers")?;
    let mut flow = Flow::on_wafer(&c, "substrate", combs.square_window());
    flow.finger(combs.finger());
    collectors(&mut flow, &c, &combs);
    let mut tallest: f64 = 0.0;
    for (k, name) in ["negative", "positive"].into_iter().enumerate() {
        let f = combs.first[k];
        let body = rectangle([f[0] + inset, f[1] + inset, f[2] - inset, f[3] - inset]);
        flow.mask(name, vec![combs.on_fingers(body)]);
        tallest = tallest.max(c.thickness(&format!("{name}-collector")) + c.thickness(name));
        flow.film(c.film(name), 95.0, |d| {
            d.mask = Some(name.to_owned());
            d.porosity = c.get(&format!("{name}_porosity"));
            d.recipe.pore_diameter = Some(c.get("pore_diameter"));
            d.recipe.area_per_volume = Some(c.get("area_per_volume"));
        });
    }
    dam_fill_lid(&mut flow, &c, combs.body, combs.sealed, tallest + c.get("cover"));
    Ok(flow.finish())
}
