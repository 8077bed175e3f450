//! Cells in their real geometry: conductances of fingers and coaxial films, and the same stack in one, two and three dimensions.

use super::cells::{number, symmetric_cell};
use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_dae::{InitialOptions, consistent_initial_conditions};
use cellwright_device::mesh::{Class, Grid, Growth, Mesh, Side, Stop, TensorOptions, axial, graded, tensor};
use cellwright_electrochem::model::{Control, Model};
use cellwright_electrochem::spec::ElectrolyteLaw;
use std::f64::consts::PI;

/// Conductance between reversible electrodes in a single-ion conductor of 1 S/m, S.
fn conductance(mesh: Mesh) -> Result<f64, Fault> {
    let law = ElectrolyteLaw::SingleIon {
        conductivity: number("ionic_conductivity", 1.0),
    };
    let mut model = Model::on(mesh, symmetric_cell(law, 1.0, 1, 1.0), [f64::INFINITY; 2]);
    model.control = Control::Current(1.0);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    consistent_initial_conditions(&mut model, 0.0, &mut y, &mut yp, &InitialOptions::default())?;
    Ok(-1.0 / model.voltage(&y))
}

pub(super) fn meshed(made: Result<cellwright_device::mesh::Meshed, cellwright_device::mesh::MeshError>) -> Result<Mesh, Fault> {
    made.map(|m| m.mesh).map_err(|e| Fault::Input(e.to_string()))
}

/// From the middle of a finger to the middle of the next, in units of half the pitch; fingers on the floor, electrolyte above.
pub(super) fn fingers(eta: f64, height: f64, growth: Growth) -> Result<Mesh, Fault> {
    let d = 0.03f64.min(eta.min(1.0 - eta).min(height) / 3.0);
    let free = f64::INFINITY;
    let x = [
        Stop::new(0.0, free),
        Stop::new(eta, d),
        Stop::new(2.0 - eta, d),
        Stop::new(2.0, free),
    ];
    let z = [Stop::new(-0.1, free), Stop::new(0.0, d), Stop::new(height, free)];
    let grid = Grid {
        lines: [graded(&x, growth), vec![0.0, 1.0], graded(&z, growth)],
    };
    let body = |p: [f64; 3]| match p {
        [_, _, z] if z > 0.0 => (1, Class::Electrolyte),
        [x, _, _] if x < eta => (2, Class::Electrode(Side::Negative)),
        [x, _, _] if x > 2.0 - eta => (3, Class::Electrode(Side::Positive)),
        _ => (0, Class::Inert),
    };
    meshed(tensor(&grid, body, TensorOptions::default()))
}

/// Interdigitated fingers on the default mesh and on one four times as fine.
pub(super) fn interdigitated(sheet: &mut Sheet) -> Result<(), Fault> {
    let table = Table::new(include_str!("data/interdigitated_conductance.csv"));
    // A height of three pitches is infinite to 1e-8; the others are over twice the pitch.
    let heights = [6.0, 0.16, 0.2, 0.4, 0.8, 2.0, 4.0];
    for (name, growth, tolerance, step) in [
        ("default mesh", Growth::default(), 2e-3, 1),
        ("refined mesh", Growth::default().refined(4), 2e-4, 4),
    ] {
        for row in table.rows().iter().step_by(step) {
            let worst = |found: &[(f64, f64)]| {
                found
                    .iter()
                    .copied()
                    .max_by(|a, b| (a.0 / a.1 - 1.0).abs().total_cmp(&(b.0 / b.1 - 1.0).abs()))
            };
            let mut pairs = Vec::new();
            for (exact, height) in row[1..].iter().zip(heights) {
                pairs.push((conductance(fingers(row[0], height, growth)?)?, *exact));
            }
            if let Some((found, exact)) = worst(&pairs) {
                let words = format!(
                    "G/(κl), fingers cover {} of the pitch, worst of {} heights, {name}",
                    row[0],
                    pairs.len()
                );
                sheet.close(words, exact, found, tolerance, "");
            }
        }
    }
    Ok(())
}

/// Coaxial film between two cylinders.
pub(super) fn coaxial(sheet: &mut Sheet) -> Result<(), Fault> {
    for (a, b, height) in [(1.0, 1.02, 5.0), (0.3, 2.0, 1.0), (5.0, 6.0, 50.0)] {
        let stops = [
            Stop::new(0.5 * a, f64::INFINITY),
            Stop::new(a, 0.1 * (b - a)),
            Stop::new(b, 0.3 * (b - a)),
            Stop::new(2.0 * b, f64::INFINITY),
        ];
        let radii = graded(
            &stops,
            Growth {
                ratio: 1.3,
                ..Growth::default()
            },
        );
        let body = |r: f64, _: f64| match r {
            r if r < a => (0, Class::Electrode(Side::Negative)),
            r if r > b => (2, Class::Electrode(Side::Positive)),
            _ => (1, Class::Electrolyte),
        };
        let mesh = meshed(axial(radii, vec![0.0, 0.3 * height, height], body, TensorOptions::default()))?;
        let exact = 2.0 * PI * height / (b / a).ln();
        sheet.close(format!("2πκH/ln(b/a), radii {a} and {b}"), exact, conductance(mesh)?, 1e-6, "S");
    }
    Ok(())
}
