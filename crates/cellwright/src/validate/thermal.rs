//! Heat: a constant resistance warms a lumped body along an exponential, and a slab to a parabola.

use super::cells::{TEMPERATURE, number, reversible_active, reversible_metal, single_ion};
use super::drive::Drive;
use super::{Fault, Sheet};
use cellwright_electrochem::heat::{Conduction, Conductor, Cooling, Heat, LumpedHeat, Slab};
use cellwright_electrochem::model::{self, Control};
use cellwright_electrochem::spec::{CellSpec, Electrode, ModelKind, Resolution, Separator};

pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    let (area, current, series) = (1e-4, 1e-3, 100.0);
    let heat = LumpedHeat {
        heat_capacity: 2e-3,
        cooling: 1e-5,
    };
    let spec = CellSpec {
        area,
        temperature: TEMPERATURE,
        ambient: TEMPERATURE,
        negative: reversible_metal(),
        separator: Separator {
            thickness: 1e-6,
            porosity: 1.0,
            transport_efficiency: 1.0,
            relative_permittivity: 0.0,
        },
        positive: Electrode::Film {
            thickness: 1e-6,
            electronic_conductivity: 1e-3,
            active: reversible_active("3.5 + 0 * x", number("diffusion", 1e-12), 0.1),
        },
        electrolyte: single_ion(1e-4),
        series_resistance: series,
        heat: Some(Heat::Lumped(heat)),
        kind: ModelKind::Dfn,
        current_1c: 1e-3,
        resolution: Resolution {
            cells: [1, 4, 1],
            ..Resolution::default()
        },
    };
    let power = current * current * (series + (1e-6 / 1e-4 + 1e-6 / 1e-3) / area);
    let mut drive = Drive::start(spec, Control::Current(current), vec![], 1e-8)?;
    for t in [50.0, 200.0, 400.0] {
        drive.to(t)?;
        let exact = power / heat.cooling * (1.0 - (-heat.cooling * t / heat.heat_capacity).exp());
        let found = drive.model.border(drive.state(), model::TEMPERATURE) - TEMPERATURE;
        sheet.close(format!("temperature rise at {t} s"), exact, found, 1e-4, "K");
    }
    Ok(())
}

/// Slab of the exact cases: area (m²), thickness (m), conductivity (W/(m K)), heat capacity (J/(m³ K)), electrolyte conductivity (S/m).
const AREA: f64 = 1e-4;
const LENGTH: f64 = 1e-3;
const CONDUCTIVITY: f64 = 0.1;
const CAPACITY: f64 = 2e6;
const IONIC: f64 = 1.0;

fn slab(volumes: usize, outside: [Vec<Slab>; 2], h: [f64; 2], material: Conductor) -> CellSpec {
    CellSpec {
        area: AREA,
        temperature: TEMPERATURE,
        ambient: TEMPERATURE,
        negative: reversible_metal(),
        separator: Separator {
            thickness: LENGTH,
            porosity: 1.0,
            transport_efficiency: 1.0,
            relative_permittivity: 0.0,
        },
        positive: reversible_metal(),
        electrolyte: single_ion(IONIC),
        series_resistance: 0.0,
        heat: Some(Heat::Conduction(Box::new(Conduction {
            regions: [material; 5],
            outside,
            bodies: [0.0; 2],
            cooling: h.map(|coefficient| Cooling { coefficient, area: AREA }),
        }))),
        kind: ModelKind::Dfn,
        current_1c: 1e-3,
        resolution: Resolution {
            cells: [1, volumes, 1],
            grading: 1.0,
            ..Resolution::default()
        },
    }
}

/// Largest error of the steady rise in the slab, relative to its middle, with resistances (K m²/W) beyond its faces.
fn steady(volumes: usize, outside: [Vec<Slab>; 2], h: [f64; 2], beyond: [f64; 2]) -> Result<(f64, f64), Fault> {
    let current = 0.05;
    let material = Conductor {
        conductivity: CONDUCTIVITY,
        capacity: CAPACITY,
    };
    let q = (current / AREA).powi(2) / IONIC;
    let [left, right] = [0, 1].map(|side| 1.0 / (1.0 / h[side] + beyond[side]));
    let (k, l) = (CONDUCTIVITY, LENGTH);
    let start = q * (l + right * l * l / (2.0 * k)) / (left + right + left * right * l / k);
    let exact = |x: f64| start * (1.0 + left * x / k) - q * x * x / (2.0 * k);
    let mut drive = Drive::start(slab(volumes, outside, h, material), Control::Current(current), vec![], 1e-8)?;
    drive.to(1e7)?;
    let (places, found) = (drive.model.field_positions(), drive.model.field(drive.state()));
    let inside = places.iter().zip(found).take(volumes);
    let worst = inside.map(|(x, t)| (t - exact(*x)).abs()).fold(0.0, f64::max);
    Ok((worst / exact(0.5 * l), drive.model.heat_balance(drive.state()).gap()))
}

/// Error of the first eigenmode after one time constant.
fn eigenmode(volumes: usize) -> Result<f64, Fault> {
    let (half, xi) = (0.5 * LENGTH, 0.9_f64);
    let material = Conductor {
        conductivity: CONDUCTIVITY,
        capacity: CAPACITY,
    };
    // Bi = ξ tan ξ of half the slab.
    let h = xi * xi.tan() * CONDUCTIVITY / half;
    let rate = CONDUCTIVITY / CAPACITY * (xi / half).powi(2);
    let mode = |x: f64| (xi * (x - half) / half).cos();
    let model = model::Model::new(slab(volumes, [vec![], vec![]], [h, h], material));
    let places = model.field_positions().to_vec();
    let mut start = model.initial_state();
    model.field_mut(&mut start).iter_mut().zip(&places).for_each(|(t, x)| *t = mode(*x));
    let mut drive = Drive::from(model, start, 1e-9)?;
    let end = 1.0 / rate;
    drive.to(end)?;
    let found = drive.model.field(drive.state());
    let error = |(x, t): (&f64, &f64)| (t - mode(*x) * (-1.0_f64).exp()).abs();
    Ok(places.iter().zip(found).map(error).fold(0.0, f64::max))
}

pub(super) fn conduction(sheet: &mut Sheet) -> Result<(), Fault> {
    let none = || [vec![], vec![]];
    for (name, h) in [("both faces", [30.0, 90.0]), ("one face", [1e-9, 80.0])] {
        let (coarse, fine) = (steady(20, none(), h, [0.0; 2])?.0, steady(40, none(), h, [0.0; 2])?.0);
        sheet.below(format!("steady slab cooled on {name}, 40 volumes"), fine, 1e-4, "");
        sheet.order(format!("order of the steady slab cooled on {name}"), &[coarse, fine]);
    }
    let (coarse, fine) = (eigenmode(40)?, eigenmode(80)?);
    sheet.below("first eigenmode of a slab after its time constant, 80 volumes", fine, 1e-4, "K");
    sheet.order("order of the first eigenmode", &[coarse, fine]);
    let layer = |thickness: f64, conductivity: f64| Slab {
        name: "layer".into(),
        thickness,
        area: AREA,
        material: Conductor {
            conductivity,
            capacity: CAPACITY,
        },
    };
    let outside = [
        vec![layer(1e-3, 0.2), layer(5e-4, 150.0)],
        vec![layer(2e-3, 1.5), layer(1e-5, 0.02)],
    ];
    let beyond = outside
        .each_ref()
        .map(|layers| layers.iter().map(|l| l.thickness / l.material.conductivity).sum());
    let (error, gap) = steady(80, outside, [12.0, 40.0], beyond)?;
    sheet.below("steady slab between four layers", error, 1e-4, "");
    sheet.below("balance of heat", gap, 1e-9, "");
    let good = Conductor {
        conductivity: 1e9,
        capacity: CAPACITY,
    };
    let mut body = Drive::start(slab(20, none(), [5.0, 10.0], good), Control::Current(0.05), vec![], 1e-10)?;
    body.to(100.0)?;
    let (cooling, capacity) = (15.0 * AREA, CAPACITY * AREA * LENGTH);
    let power = 0.05 * 0.05 * LENGTH / (IONIC * AREA);
    let exact = power / cooling * (1.0 - (-cooling * 100.0 / capacity).exp());
    let found = body.model.border(body.state(), model::TEMPERATURE) - TEMPERATURE;
    sheet.below("a good conductor against the lumped body", (found - exact).abs(), 1e-6, "K");
    Ok(())
}
