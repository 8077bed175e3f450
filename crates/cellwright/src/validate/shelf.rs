//! Storage: leakage through films and between fingers, water through the seal, years on the shelf in closed form.

use super::cells::{number, symmetric_cell};
use super::geometry::{fingers, meshed};
use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_base::constants::FARADAY;
use cellwright_device::mesh::{Class, Growth, Mesh, Side, Stop, TensorOptions, axial, graded};
use cellwright_electrochem::leakage::{current_density, length};
use cellwright_electrochem::model::Model;
use cellwright_electrochem::shelf::{Moment, Store, Stored, WATER_MOLAR_MASS, water_current_density};
use cellwright_electrochem::spec::ElectrolyteLaw;
use std::f64::consts::PI;

/// Year of 365 days, as the rules of thumb have it, s.
const YEAR: f64 = 365.0 * 86_400.0;
/// µAh/cm² in C/m².
const MICRO: f64 = 36.0;

/// The model of a cell on a mesh; what its electrolyte conducts has no effect on the length.
fn on(mesh: Mesh) -> Model {
    let law = ElectrolyteLaw::SingleIon {
        conductivity: number("ionic_conductivity", 1e-4),
    };
    Model::on(mesh, symmetric_cell(law, 1.0, 1, 1.0), [f64::INFINITY; 2])
}

/// Leakage: a film, a coaxial film, fingers side by side.
pub(super) fn leakage(sheet: &mut Sheet) -> Result<(), Fault> {
    let j = current_density(1e-12, 3.9, 1e-6);
    sheet.close("1 um, 1e-14 S/cm, 3.9 V, leakage", 0.39, j * 1e5, 1e-12, "nA/cm2");
    sheet.close("the same in a year of 365 days", 3.4164, j * YEAR / MICRO, 1e-12, "uAh/cm2");
    let law = ElectrolyteLaw::SingleIon {
        conductivity: number("ionic_conductivity", 1e-4),
    };
    let film = Model::new(symmetric_cell(law, 1e-6, 40, 1.3));
    sheet.close("film of 1 um and 1 m2, area over thickness", 1e6, length(&film)?, 1e-9, "m");
    let (a, b, height) = (0.3, 2.0, 1.0);
    let stops = [
        Stop::new(0.5 * a, f64::INFINITY),
        Stop::new(a, 0.1 * (b - a)),
        Stop::new(b, 0.3 * (b - a)),
        Stop::new(2.0 * b, f64::INFINITY),
    ];
    let body = |r: f64, _: f64| match r {
        r if r < a => (0, Class::Electrode(Side::Negative)),
        r if r > b => (2, Class::Electrode(Side::Positive)),
        _ => (1, Class::Electrolyte),
    };
    let radii = graded(
        &stops,
        Growth {
            ratio: 1.3,
            ..Growth::default()
        },
    );
    let mesh = meshed(axial(radii, vec![0.0, height], body, TensorOptions::default()))?;
    sheet.close(
        "coaxial film, 2πH/ln(b/a)",
        2.0 * PI * height / (b / a).ln(),
        length(&on(mesh))?,
        1e-6,
        "m",
    );
    let table = Table::new(include_str!("data/interdigitated_conductance.csv"));
    for row in table.rows().iter().step_by(3) {
        let found = length(&on(fingers(row[0], 0.8, Growth::default())?))?;
        sheet.close(format!("fingers that cover {} of the pitch, G/l", row[0]), row[5], found, 2e-3, "");
    }
    Ok(())
}

/// Water through the seal: lithium lost, one a molecule.
pub(super) fn water(sheet: &mut Sheet) -> Result<(), Fault> {
    let gram_a_day = 1e-3 / 86_400.0;
    let year = |t: f64| water_current_density(t * gram_a_day) * YEAR / MICRO;
    // 365e-4 g/m2 over 18.015 g/mol, times F.
    let exact = 0.0365 / 18.015 * FARADAY / MICRO;
    sheet.close("1e-4 g/m2/day, lithium lost in a year", exact, year(1e-4), 1e-12, "uAh/cm2");
    sheet.near("the same, against the rule of thumb", 5.4, year(1e-4), 0.05, "uAh/cm2");
    // 1 µm of lithium, 0.534 g/cm3 and 6.94 g/mol, as hydroxide: moles against moles.
    let moles = 534.0 * 1e-6 / 6.94e-3;
    let days = moles * WATER_MOLAR_MASS / (1e-4 * gram_a_day * 86_400.0);
    let found = moles * FARADAY / water_current_density(1e-4 * gram_a_day) / 86_400.0;
    sheet.close("1 um of lithium behind that seal lasts", days, found, 1e-12, "d");
    Ok(())
}

/// Ten years: straight potentials and a constant stream of water, in closed form.
pub(super) fn decade(sheet: &mut Sheet) -> Result<(), Fault> {
    let (positive, negative) = (|n: f64| 4.2 - 0.01 * (n - 50.0), |n: f64| 0.1 + 0.002 * (80.0 - n));
    let cell = Stored {
        negative: Store {
            lithium: 80.0,
            capacity: 100.0,
            potential: &negative,
        },
        positive: Store {
            lithium: 50.0,
            capacity: 120.0,
            potential: &positive,
        },
        lower_limit: 3.5,
        leakage: 2e-8,
        water: 3e-8,
    };
    // U = a - b q - e w: dq/dt = g (a - b q - e J t).
    let (a, b, e) = (4.1, 0.012, 0.002);
    let rate = cell.leakage * b;
    let drift = cell.leakage * e * cell.water / rate;
    let moments = cell.store(10.0 * YEAR);
    let exact = |t: f64| {
        let leaked = (a / b + drift / rate) * -(-rate * t).exp_m1() - drift * t;
        let water = e * cell.water * t / b;
        [leaked, water, (a - 3.5) / b - leaked - water, a - b * leaked - e * cell.water * t]
    };
    let found = |m: &Moment| [m.leaked, m.lost_to_water, m.left, m.voltage];
    let quantities = [
        ("charge leaked", (a - 3.5) / b, "C"),
        ("charge lost to water", (a - 3.5) / b, "C"),
        ("charge left", (a - 3.5) / b, "C"),
        ("open-circuit voltage", a, "V"),
    ];
    for (i, (what, scale, unit)) in quantities.into_iter().enumerate() {
        let worst = moments.iter().map(|m| (found(m)[i] - exact(m.time)[i]).abs()).fold(0.0, f64::max);
        sheet.below(format!("{what}, worst moment of ten years"), worst, 1e-9 * scale, unit);
    }
    let last = moments.last().ok_or_else(|| Fault::Input("nothing was stored".into()))?;
    let [leaked, water, left, _] = exact(last.time);
    sheet.close("charge leaked in ten years", leaked, last.leaked, 1e-9, "C");
    sheet.close("charge lost to water in ten years", water, last.lost_to_water, 1e-9, "C");
    sheet.close("charge left after ten years", left, last.left, 1e-9, "C");
    let whole = moments[0].left;
    let gap = moments.iter().map(|m| (m.left + m.leaked + m.lost_to_water - whole).abs() / whole);
    sheet.below(
        "left and lost by cause against the start, worst moment",
        gap.fold(0.0, f64::max),
        1e-9,
        "",
    );
    let dry = Stored {
        leakage: 1e-4,
        water: 0.0,
        ..cell
    };
    let empty = dry.store(10.0 * YEAR).last().map_or(0.0, |m| m.time);
    sheet.close(
        "time until a leaking cell is empty",
        -(3.5f64 / a).ln() / (1e-4 * b),
        empty,
        1e-9,
        "s",
    );
    // Metal that the positive electrode has no room for goes first.
    let (metal, flat) = (|_: f64| 0.0, |n: f64| if n <= 100.0 { 3.9 } else { f64::NAN });
    let spare = Stored {
        negative: Store {
            lithium: 60.0,
            capacity: f64::INFINITY,
            potential: &metal,
        },
        positive: Store {
            lithium: 50.0,
            capacity: 100.0,
            potential: &flat,
        },
        lower_limit: 3.0,
        leakage: 0.0,
        water: 20.0 / YEAR,
    };
    let moments = spare.store(10.0 * YEAR);
    let worst = moments
        .iter()
        .map(|m| (m.lost_to_water - (cell_water(m.time) - 10.0).max(0.0)).abs())
        .fold(0.0, f64::max);
    sheet.below("10 C of spare metal before 50 C in use, worst error of the loss", worst, 1e-9, "C");
    let last = moments.last().map_or(0.0, |m| m.time / YEAR);
    sheet.close("until water has taken all 60 C, 20 C a year", 3.0, last, 1e-9, "a");
    Ok(())
}

/// Lithium that the water of the last case took after a time, C.
fn cell_water(time: f64) -> f64 {
    20.0 * time / YEAR
}
