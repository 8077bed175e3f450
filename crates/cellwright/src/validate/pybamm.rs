//! Terminal voltages, temperature and a CCCV cycle against PyBaMM.

use super::drive::Drive;
use super::pybamm_cells::{chen, chen_heat, chen_heat_field, marquis, xu};
use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_dae::Tolerance;
use cellwright_electrochem::model::{self, Control, Model, Stop};
use cellwright_electrochem::spec::{CellSpec, ModelKind, Resolution};
use cellwright_lab::protocol::{Protocol, RateBasis};
use cellwright_lab::results::Quantity;
use cellwright_lab::run::{RunOptions, Silent};
use std::collections::BTreeMap;

/// The finer mesh of the tight comparison.
const FINE: [usize; 3] = [60, 40, 60];

fn fine(spec: CellSpec) -> CellSpec {
    CellSpec {
        resolution: Resolution {
            cells: FINE,
            ..Resolution::default()
        },
        ..spec
    }
}

/// Largest differences of voltage (mV) and temperature (K) over t ≤ 98 % of the reference.
fn worst(spec: CellSpec, table: &Table, current: f64, rtol: f64) -> Result<(f64, f64), Fault> {
    let (time, voltage, temperature) = (table.column("time_s"), table.column("voltage_V"), table.column("temperature_K"));
    let end = 0.98 * time.last().copied().unwrap_or(0.0);
    let mut drive = Drive::start(spec, Control::Current(current), vec![Stop::VoltageBelow(1.0)], rtol)?;
    let (mut dv, mut dt): (f64, f64) = (0.0, 0.0);
    for (i, &t) in time.iter().enumerate().filter(|(_, t)| **t <= end) {
        drive.to(t)?;
        dv = dv.max(1e3 * (drive.voltage() - voltage[i]).abs());
        if let Some(reference) = temperature.get(i) {
            dt = dt.max((drive.model.border(drive.state(), model::TEMPERATURE) - reference).abs());
        }
    }
    Ok((dv, dt))
}

pub(super) fn discharges(sheet: &mut Sheet) -> Result<(), Fault> {
    let kind = |kind| CellSpec { kind, ..chen() };
    let bpx = bpx()?;
    let bpx_current = bpx.current_1c;
    let cells = [
        ("SPM, Chen2020", kind(ModelKind::Spm), include_str!("data/SPM_Chen2020_1C.csv"), 5.0),
        (
            "SPMe, Chen2020",
            kind(ModelKind::Spme),
            include_str!("data/SPMe_Chen2020_1C.csv"),
            5.0,
        ),
        ("DFN, Chen2020", chen(), include_str!("data/DFN_Chen2020_1C.csv"), 5.0),
        ("DFN, Marquis2019", marquis(), include_str!("data/DFN_Marquis2019_1C.csv"), 0.680616),
        ("half cell, Xu2019", xu(), include_str!("data/DFNhalf_Xu2019_1C.csv"), 0.0024),
        ("DFN, BPX NMC pouch cell", bpx, include_str!("data/DFN_BPXnmc_1C.csv"), bpx_current),
    ];
    for (name, spec, text, current) in cells {
        let table = Table::new(text);
        sheet.below(
            format!("{name}, 1C, default mesh, voltage"),
            worst(spec.clone(), &table, current, 1e-4)?.0,
            1.0,
            "mV",
        );
        sheet.below(
            format!("{name}, 1C, {}/{}/{} volumes, voltage", FINE[0], FINE[1], FINE[2]),
            worst(fine(spec), &table, current, 1e-5)?.0,
            0.5,
            "mV",
        );
    }
    Ok(())
}

/// The BPX file through the importer that users meet.
fn bpx() -> Result<CellSpec, Fault> {
    let prepared = crate::bpx::prepare(
        "nmc_pouch_cell_BPX.json",
        include_bytes!("data/nmc_pouch_cell_BPX.json"),
        "Discharge at 1C until 2.7 V",
        None,
        1.0,
        None,
    )
    .map_err(|d| Fault::Input(d.iter().map(|d| d.message.clone()).collect::<Vec<_>>().join("; ")))?;
    Ok(prepared.cell.spec)
}

pub(super) fn heat(sheet: &mut Sheet) -> Result<(), Fault> {
    let table = Table::new(include_str!("data/DFNlumped_Chen2020_1C.csv"));
    for (name, spec, rtol, limit) in [
        ("default mesh", chen_heat(), 1e-4, 1.0),
        ("60/40/60 volumes", fine(chen_heat()), 1e-5, 0.5),
    ] {
        let (voltage, temperature) = worst(spec, &table, 5.0, rtol)?;
        sheet.below(format!("DFN with lumped heat, Chen2020, 1C, {name}, voltage"), voltage, limit, "mV");
        sheet.below(
            format!("DFN with lumped heat, Chen2020, 1C, {name}, temperature"),
            temperature,
            0.02,
            "K",
        );
    }
    Ok(())
}

/// Cubic through the four points around `t`.
fn interpolate(time: &[f64], value: &[f64], t: f64) -> f64 {
    let n = time.len();
    if n < 4 {
        return f64::NAN;
    }
    let first = time.partition_point(|x| *x <= t).saturating_sub(2).min(n - 4);
    (first..first + 4)
        .map(|i| {
            value[i]
                * (first..first + 4)
                    .filter(|k| *k != i)
                    .map(|k| (t - time[k]) / (time[i] - time[k]))
                    .product::<f64>()
        })
        .sum()
}

/// Temperatures of a cell with a field, K: outer end of the negative side, means of the regions, outer end of the positive side.
fn along(model: &Model, y: &[f64]) -> [f64; 5] {
    let (field, n) = (model.field(y), model.mesh.n_cells());
    let mean = |region: usize| {
        let inside = (0..n).filter(|k| model.mesh.regions[*k] == region);
        let (sum, whole) = inside.fold((0.0, 0.0), |(s, w), k| {
            let v = model.mesh.volumes[k];
            (s + v * field[k], w + v)
        });
        sum / whole
    };
    let layers = field.len() - n;
    let ends = [field[n + layers / 2 - 1], field[field.len() - 1]];
    let rises = [
        ends[0],
        mean(model::REGION_NEGATIVE),
        mean(model::REGION_SEPARATOR),
        mean(model::REGION_POSITIVE),
        ends[1],
    ];
    rises.map(|rise| model.spec.temperature + rise)
}

pub(super) fn heat_field(sheet: &mut Sheet) -> Result<(), Fault> {
    let table = Table::new(include_str!("data/DFNxfull_Chen2020_1C.csv"));
    let columns = [
        "negative_collector_K",
        "negative_electrode_K",
        "separator_K",
        "positive_electrode_K",
        "positive_collector_K",
    ]
    .map(|name| table.column(name));
    let (time, voltage) = (table.column("time_s"), table.column("voltage_V"));
    let end = 0.98 * time.last().copied().unwrap_or(0.0);
    let across = columns[4].iter().zip(&columns[0]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    for (name, spec, rtol, limit) in [
        ("default mesh", chen_heat_field(), 1e-4, 1.0),
        ("60/40/60 volumes", fine(chen_heat_field()), 1e-5, 0.5),
    ] {
        let mut drive = Drive::start(spec, Control::Current(5.0), vec![Stop::VoltageBelow(1.0)], rtol)?;
        let (mut dv, mut dt): (f64, f64) = (0.0, 0.0);
        for (i, &t) in time.iter().enumerate().filter(|(_, t)| **t <= end) {
            drive.to(t)?;
            dv = dv.max(1e3 * (drive.voltage() - voltage[i]).abs());
            let found = along(&drive.model, drive.state());
            dt = found.iter().zip(&columns).map(|(a, b)| (a - b[i]).abs()).fold(dt, f64::max);
        }
        let what = "DFN with heat along the cell, Chen2020, 1C";
        sheet.below(format!("{what}, {name}, voltage"), dv, limit, "mV");
        sheet.below(
            format!("{what}, {name}, temperatures, of {across:.2} K across the cell"),
            dt,
            0.02,
            "K",
        );
        let balance = drive.model.heat_balance(drive.state());
        sheet.below(format!("{what}, {name}, balance of heat"), balance.gap(), 1e-9, "");
    }
    Ok(())
}

pub(super) fn cycle(sheet: &mut Sheet) -> Result<(), Fault> {
    let steps = [
        "Discharge at C/2 until 2.5 V",
        "Rest for 30 min",
        "Charge at C/2 until 4.2 V",
        "Hold at 4.2 V until C/20",
        "Rest for 30 min",
    ];
    let (protocol, _) = Protocol::parse(&steps).map_err(|e| Fault::Input(e.to_string()))?;
    let spec = fine(chen());
    let options = RunOptions {
        tolerance: Tolerance::new(1e-7, 1e-9),
        basis: RateBasis {
            capacity: 5.0 * 3600.0,
            area: spec.area,
        },
        profiles: BTreeMap::new(),
        details: false,
        jump: None,
    };
    let solution = cellwright_lab::run::run(&mut Model::new(spec), &protocol, &options, None, &mut Silent)?;
    let table = Table::new(include_str!("data/CCCV_DFN_Chen2020_0.5C.csv"));
    let column = |q| solution.column(q);
    let (time, voltage, current) = (column(Quantity::TestTime), column(Quantity::Voltage), column(Quantity::Current));
    for (k, (step, text)) in solution.steps.iter().zip(steps).enumerate() {
        let last = solution.steps.get(k + 1).map_or(time.len(), |next| next.first_row);
        // A step may repeat its first instant; only distinct times carry a polynomial.
        let mut rows: Vec<usize> = (step.first_row..last).collect();
        rows.dedup_by(|b, a| time[*b] <= time[*a]);
        let pick = |v: &[f64]| rows.iter().map(|i| v[*i]).collect::<Vec<f64>>();
        let (t, v, i) = (pick(time), pick(voltage), pick(current));
        let reference: Vec<&Vec<f64>> = table.rows().iter().filter(|r| r[0] == k as f64).collect();
        let duration = reference.last().map_or(0.0, |r| r[1]);
        // The remaining error of the reference, 0.1 mV, is about one second where a limit is approached.
        sheet.close(format!("{text}: duration"), duration, step.end - step.start, 1e-3, "s");
        let (mut dv, mut di): (f64, f64) = (0.0, 0.0);
        for r in reference.iter().filter(|r| r[1] <= 0.98 * duration) {
            dv = dv.max(1e3 * (interpolate(&t, &v, step.start + r[1]) - r[3]).abs());
            di = di.max((interpolate(&t, &i, step.start + r[1]) - r[4]).abs());
        }
        if text.starts_with("Hold") {
            sheet.below(format!("{text}: current"), 1e3 * di, 5.0, "mA");
        } else {
            sheet.below(format!("{text}: voltage"), dv, 0.5, "mV");
        }
    }
    Ok(())
}
