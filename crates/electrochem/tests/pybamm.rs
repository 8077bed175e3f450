//! Independent code: voltages of PyBaMM, extrapolated over four meshes (remaining error below 0.02 mV).
#![allow(clippy::unwrap_used)]
mod common;
#[path = "common/run.rs"]
mod run;

use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::{CellSpec, ModelKind, Resolution};
use run::{columns, discharge};

/// Largest voltage difference over t ≤ 98 % of the reference discharge, mV.
fn difference(spec: CellSpec, file: &str, current: f64, v_min: f64, rtol: f64) -> f64 {
    let data = columns(file, &["time_s", "voltage_V"]);
    let end = *data[0].last().unwrap();
    let mut model = Model::new(spec);
    let run = discharge(&mut model, current, v_min, &data[0], rtol, rtol * 1e-2);
    let mut worst = (0.0, 0.0);
    for (i, t) in run.t.iter().enumerate().filter(|(_, t)| **t <= 0.98 * end) {
        let d = 1e3 * (run.v[i] - data[1][i]).abs();
        if d > worst.0 {
            worst = (d, *t);
        }
    }
    println!(
        "{file}: {:.4} mV at {:.3} s, end {:.3} vs {end:.3} s, {:?}",
        worst.0, worst.1, run.t_end, run.statistics
    );
    worst.0
}

fn fine(spec: CellSpec) -> CellSpec {
    CellSpec {
        resolution: Resolution {
            cells: [60, 40, 60],
            modes: 24,
            ..Resolution::default()
        },
        ..spec
    }
}

#[test]
fn dfn_marquis() {
    assert!(difference(common::marquis(), "DFN_Marquis2019_1C.csv", 0.680616, 3.105, 1e-4) < 1.0);
    assert!(difference(fine(common::marquis()), "DFN_Marquis2019_1C.csv", 0.680616, 3.105, 1e-5) < 0.5);
}

#[test]
fn dfn_chen() {
    assert!(difference(common::chen(), "DFN_Chen2020_1C.csv", 5.0, 2.5, 1e-4) < 1.0);
    assert!(difference(fine(common::chen()), "DFN_Chen2020_1C.csv", 5.0, 2.5, 1e-5) < 0.5);
}

#[test]
fn spm_and_spme_chen() {
    for (kind, file) in [(ModelKind::Spm, "SPM_Chen2020_1C.csv"), (ModelKind::Spme, "SPMe_Chen2020_1C.csv")] {
        let spec = CellSpec { kind, ..common::chen() };
        assert!(difference(spec.clone(), file, 5.0, 2.5, 1e-4) < 1.0);
        assert!(difference(fine(spec), file, 5.0, 2.5, 1e-5) < 0.5);
    }
}

#[test]
fn half_cell_xu() {
    assert!(difference(common::xu(), "DFNhalf_Xu2019_1C.csv", 0.0024, 3.5, 1e-4) < 1.0);
    assert!(difference(fine(common::xu()), "DFNhalf_Xu2019_1C.csv", 0.0024, 3.5, 1e-5) < 0.5);
}

#[test]
fn lumped_heat_chen() {
    let data = columns("DFNlumped_Chen2020_1C.csv", &["time_s", "voltage_V", "temperature_K"]);
    let mut model = Model::new(fine(common::chen_heat()));
    let run = discharge(&mut model, 5.0, 2.5, &data[0], 1e-5, 1e-7);
    let end = *data[0].last().unwrap();
    let (mut dv, mut dt): (f64, f64) = (0.0, 0.0);
    for i in (0..run.t.len()).filter(|i| run.t[*i] <= 0.98 * end) {
        dv = dv.max(1e3 * (run.v[i] - data[1][i]).abs());
        dt = dt.max((run.temperature[i] - data[2][i]).abs());
    }
    println!("lumped heat: {dv:.4} mV, {dt:.5} K");
    assert!(dv < 0.5 && dt < 0.02);
}
