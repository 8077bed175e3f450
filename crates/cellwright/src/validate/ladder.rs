//! Resistance of a porous electrode with linear kinetics: the ladder of Newman and Tobias.

use super::cells::{TEMPERATURE, number, reversible_active, reversible_metal, single_ion};
use super::drive::Drive;
use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::model::Control;
use cellwright_electrochem::spec::{CellSpec, Electrode, ModelKind, Resolution, Separator};

const THICKNESS: f64 = 1e-4;
/// Resistivity that counts as one, ohm m.
const UNIT: f64 = 10.0;

/// Resistance in units of UNIT·THICKNESS between the collector at one end and the electrolyte at the other.
fn resistance(r1: f64, r2: f64, g: f64, volumes: usize) -> Result<f64, Fault> {
    let thermal = GAS_CONSTANT * TEMPERATURE / FARADAY;
    let mut active = reversible_active("3.5 + 0 * x", number("diffusion", 1e-12), 0.5);
    active.kinetics = Kinetics::Linear;
    let area_per_volume = 1e6;
    active.exchange_current.property = number(
        "exchange_current_density",
        g * thermal / (UNIT * THICKNESS * THICKNESS * area_per_volume),
    );
    let conductivity = 1.0 / (UNIT * r2);
    let separator = 1e-6;
    let spec = CellSpec {
        area: 1.0,
        temperature: TEMPERATURE,
        ambient: TEMPERATURE,
        negative: reversible_metal(),
        separator: Separator {
            thickness: separator,
            porosity: 1.0,
            transport_efficiency: 1.0,
            relative_permittivity: 0.0,
        },
        positive: Electrode::Porous {
            thickness: THICKNESS,
            porosity: 0.5,
            transport_efficiency: 1.0,
            solid_conductivity: 1.0 / (UNIT * r1),
            area_per_volume,
            radius: 1e-6,
            curvature: Curvature::Sphere,
            active,
        },
        electrolyte: single_ion(conductivity),
        series_resistance: 0.0,
        heat: None,
        kind: ModelKind::Dfn,
        current_1c: 1.0,
        resolution: Resolution {
            cells: [1, 4, volumes],
            ..Resolution::default()
        },
    };
    let drive = Drive::start(spec, Control::Current(1.0), vec![], 1e-6)?;
    Ok((3.5 - drive.voltage() - separator / conductivity) / (UNIT * THICKNESS))
}

/// A rail without resistance.
const IDEAL: f64 = 1e-9;

pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    let table = Table::new(include_str!("data/ladder_newman_tobias_linear.csv"));
    for row in table.rows() {
        let [r1, r2, g] = [row[0], row[1], row[2]];
        let name = format!("r1 {r1}, r2 {r2}, g {g}");
        sheet.close(
            format!("opposite ends, {name}, 640 volumes"),
            row[4],
            resistance(r1, r2, g, 640)?,
            1e-4,
            "",
        );
        // Driven at one end, only the sum of the two rails counts: put it all into the electrolyte.
        sheet.close(
            format!("same end, {name}, 640 volumes"),
            row[5],
            resistance(IDEAL, r1 + r2, g, 640)?,
            1e-4,
            "",
        );
    }
    for (name, row) in [("solid", 1), ("electrolyte", 2)] {
        let row = &table.rows()[row];
        let mut errors = [0.0; 3];
        for (e, n) in errors.iter_mut().zip([40, 80, 160]) {
            *e = (resistance(row[0], row[1], row[2], n)? / row[4] - 1.0).abs();
        }
        sheet.order(format!("charge in the {name}, order from 40 to 160 volumes"), &errors);
    }
    Ok(())
}
