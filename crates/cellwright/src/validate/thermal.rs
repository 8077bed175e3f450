//! Lumped heat: a constant resistance warms the cell along an exponential.

use super::cells::{TEMPERATURE, number, reversible_active, reversible_metal, single_ion};
use super::drive::Drive;
use super::{Fault, Sheet};
use cellwright_electrochem::heat::{Heat, LumpedHeat};
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
