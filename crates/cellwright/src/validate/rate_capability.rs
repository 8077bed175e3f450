//! Capacity that a host delivers before its surface is full, against the load.

use super::cells::{HOST_AREA, HOST_RADIUS, host_cell, number, reversible_active};
use super::drive::Drive;
use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_base::constants::FARADAY;
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::model::{Control, Stop};
use cellwright_electrochem::spec::Resolution;

/// The host is used between these stoichiometries; a linear potential makes a full surface a voltage.
const WINDOW: [f64; 2] = [0.01, 0.99];
const DIFFUSIVITY: f64 = 1e-14;

pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    let table = Table::new(include_str!("data/rate_capability_diffusion_limited.csv"));
    for (name, curvature, column) in [
        ("slab", Curvature::Slab, 1),
        ("cylinder", Curvature::Cylinder, 2),
        ("sphere", Curvature::Sphere, 3),
    ] {
        let mut worst = (0.0, 0.0, 0.0, 0.0);
        for row in table.rows() {
            let active = reversible_active("4 - x", number("diffusion", DIFFUSIVITY), WINDOW[0]);
            let range = (WINDOW[1] - WINDOW[0]) * active.maximum_concentration;
            let current = row[0] * DIFFUSIVITY * range * FARADAY * HOST_AREA / HOST_RADIUS;
            let content = range * FARADAY * HOST_AREA * HOST_RADIUS / f64::from(curvature.exponent() + 1);
            let stop = vec![Stop::VoltageBelow(4.0 - WINDOW[1])];
            let mut drive = Drive::start(
                host_cell(curvature, active, Resolution::default()),
                Control::Current(current),
                stop,
                1e-7,
            )?;
            let used = current * drive.until_stop()? / content;
            let relative = (used / row[column] - 1.0).abs();
            if relative >= worst.3 {
                worst = (row[0], row[column], used, relative);
            }
        }
        sheet.close(
            format!("{name}, used fraction at its worst load, JR/(D dc) = {}", worst.0),
            worst.1,
            worst.2,
            1e-3,
            "",
        );
    }
    Ok(())
}
