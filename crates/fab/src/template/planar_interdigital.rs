//! Planar interdigital: electrodes printed on two interlocking combs, electrolyte between and above.

use super::build::{BUS, Flow, PAD, SEAL, count, fraction, length, rectangle, slot};
use super::chosen::{Chosen, fits};
use super::comb::Comb;
use super::sealed::dam_fill_lid;
use super::{Misfit, Template, Values};
use crate::plan::Plan;
use cellwright_device::Role;

/// Planar interdigital cell.
pub static TEMPLATE: Template = Template {
    name: "planar-interdigital",
    title: "planar interdigital",
    doc: "Electrode inks screen-printed on interlocking gold combs beside each other, so no separator is needed. It follows the printed \
          Li4Ti5O12/LiFePO4 cells of the review doi:10.1039/d2na00566b (section 3.2, Table 1: screens resolve 50 um); the sizes are assumed.",
    parameters: &[
        count("fingers", (2.0, 20.0), 5.0, "5", "Fingers of each electrode."),
        length(
            "finger_width",
            (10e-6, 500e-6),
            200e-6,
            "200 um",
            "Width of a finger of the collector.",
        ),
        length(
            "gap",
            (5e-6, 300e-6),
            100e-6,
            "100 um",
            "Distance between neighbouring collector fingers; shorter means less resistance.",
        ),
        length(
            "finger_length",
            (200e-6, 5e-3),
            2e-3,
            "2 mm",
            "Length of a finger; longer loses more voltage along it.",
        ),
        length(
            "inset",
            (0.5e-6, 100e-6),
            30e-6,
            "30 um",
            "How far the printed electrode stays inside its collector, for alignment.",
        ),
        fraction(
            "porosity",
            (0.1, 0.8),
            0.4,
            "0.4",
            "Void fraction of the dried electrodes, which the electrolyte fills.",
        ),
        length(
            "cover",
            (1e-6, 200e-6),
            15e-6,
            "15 um",
            "Height of the electrolyte above the taller electrode.",
        ),
        BUS,
        SEAL,
        PAD,
    ],
    films: &[
        slot("substrate", Role::Substrate, "glass", "wafer", 500e-6),
        slot("adhesion", Role::Adhesion, "Ti", "e-beam-evaporation", 10e-9),
        slot("collector", Role::Collector, "Au", "e-beam-evaporation", 200e-9),
        slot("negative", Role::Negative, "Li4Ti5O12", "screen-printing", 16e-6),
        slot("positive", Role::Positive, "LiFePO4", "screen-printing", 14e-6),
        slot("dam", Role::Encapsulation, "parylene-C", "dispensing", f64::NAN),
        slot("electrolyte", Role::Electrolyte, "LiPF6-EC-DEC", "dispensing", f64::NAN),
        slot("lid", Role::Encapsulation, "glass", "lamination", 100e-6),
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let c = Chosen::new(&TEMPLATE, values)?;
    let (inset, porosity) = (c.get("inset"), c.get("porosity"));
    fits(
        "inset",
        "nothing is left of the printed finger",
        2.0 * inset,
        c.get("finger_width") * 0.95,
        "widen the fingers or lessen the inset",
    )?;
    let combs = comb(&c).draw(&c, "fingers")?;
    let mut flow = Flow::on_wafer(&c, "substrate", combs.square_window());
    flow.finger(combs.finger());
    flow.mask("resist", combs.resist_around(&[0, 1], values.die));
    let metal = c.thickness("adhesion") + c.thickness("collector");
    // Thick enough for a clean lift-off of any metal, and never thinner than a usual resist.
    flow.resist("resist", "resist", (3.0 * metal).max(1.5e-6));
    flow.film(c.film("adhesion"), 25.0, |_| ());
    flow.film(c.film("collector"), 25.0, |_| ());
    flow.lift_off("lift-off", "resist");
    for (k, name) in ["negative", "positive"].into_iter().enumerate() {
        let f = combs.first[k];
        let printed = rectangle([f[0] + inset, f[1] + inset, f[2] - inset, f[3] - inset]);
        flow.mask(name, vec![combs.on_fingers(printed)]);
        flow.film(c.film(name), 25.0, |d| {
            d.mask = Some(name.to_owned());
            d.porosity = porosity;
        });
    }
    flow.anneal("dry", 120.0, 3600.0);
    let tallest = metal + c.thickness("negative").max(c.thickness("positive"));
    dam_fill_lid(&mut flow, &c, combs.body, combs.sealed, tallest + c.get("cover"));
    Ok(flow.finish())
}

/// The combs of a template that has the usual dimensions.
pub(super) fn comb(c: &Chosen<'_>) -> Comb {
    Comb {
        fingers: c.count("fingers"),
        width: c.get("finger_width"),
        gap: c.get("gap"),
        length: c.get("finger_length"),
        bus: c.get("bus_width"),
        pad: c.get("pad"),
        seal: c.get("seal_width"),
    }
}
