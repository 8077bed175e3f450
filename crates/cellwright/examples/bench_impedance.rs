//! Benchmark: 60 frequencies from 1 mHz to 10 kHz of the DFN of Chen 2020 at 50 % state of charge, warm, one thread; with a design file as
//! argument also those of that cell. Prints JSON.
//!
//! `cargo run --release -p cellwright --example bench_impedance [DESIGN.toml]`

use cellwright::validate::chen_half_full;
use cellwright_dae::{InitialOptions, consistent_initial_conditions};
use cellwright_electrochem::model::{Control, Model};
use cellwright_electrochem::spec::{CellSpec, Resolution};
use cellwright_lab::impedance::{frequencies, measure};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Steps per decade that make 60 frequencies of seven decades.
const PER_DECADE: u32 = 8;

/// The model at rest without current, and its state.
fn at_rest(mut model: Model) -> (Model, Vec<f64>) {
    model.control = Control::Current(0.0);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    consistent_initial_conditions(&mut model, 0.0, &mut y, &mut yp, &InitialOptions::default()).expect("the benchmark cell starts");
    (model, y)
}

/// Computing time of one spectrum, ms: the least and the median of `repeats`.
fn time(model: &mut Model, y: &[f64], f: &[f64], repeats: usize) -> [f64; 2] {
    let mut ms: Vec<f64> = (0..repeats)
        .map(|_| {
            let start = Instant::now();
            measure(model, y, f, &mut |_| true).expect("the benchmark cell has a spectrum");
            1e3 * start.elapsed().as_secs_f64()
        })
        .collect();
    ms.sort_by(f64::total_cmp);
    [ms[0], ms[ms.len() / 2]]
}

fn main() {
    let mut f = frequencies(1e-3, 1e4, PER_DECADE + 1);
    f.truncate(60);
    let dfn = |cells| {
        let resolution = Resolution {
            cells,
            ..Resolution::default()
        };
        let (mut model, y) = at_rest(Model::new(CellSpec {
            resolution,
            ..chen_half_full()
        }));
        time(&mut model, &y, &f, 40)
    };
    let ([least, median], [fine_least, fine_median]) = (dfn([20, 20, 20]), dfn([60, 20, 60]));
    let mut meshed = String::new();
    if let Some(file) = std::env::args().nth(1) {
        let input = cellwright::pipeline::Input::Design(file.into());
        let prepared = cellwright::pipeline::prepare(&input, &AtomicBool::new(false), &mut |_| {});
        let (prepared, _) = prepared.unwrap_or_else(|e| panic!("{:?}", e.diagnostics.first().map(|d| &d.message)));
        let (mut model, y) = at_rest(prepared.cell.model(prepared.cell.spec.clone()));
        let [least, _] = time(&mut model, &y, &f, 1);
        meshed = format!(
            ", \"meshed_s\": {:.3}, \"meshed_unknowns\": {}, \"meshed_volumes\": {}",
            1e-3 * least,
            model.n(),
            model.mesh.n_cells()
        );
    }
    println!(
        "{{\"frequencies\": {}, \"ms_min\": {least:.4}, \"ms_median\": {median:.4}, \"fine_ms_min\": {fine_least:.4}, \"fine_ms_median\": {fine_median:.4}{meshed}}}",
        f.len()
    );
}
