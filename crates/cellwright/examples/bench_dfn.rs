//! Benchmark: DFN Marquis2019 1C, 20 volumes per domain and particle, rtol 1e-4, atol 1e-6; prints JSON.
//!
//! `cargo run --release -p cellwright --example bench_dfn [REFERENCE.csv]`: with a reference of columns `time_s,voltage_V` the largest
//! voltage difference over t ≤ 98 % is printed too.

use cellwright::prepare::Prepared;
use cellwright_dae::{Bdf, BdfOptions, InitialOptions, StepOutcome, Tolerance, consistent_initial_conditions};
use cellwright_electrochem::model::{Control, Model, Stop};
use std::time::Instant;

/// One warm solve: initialisation and integration to the event; voltages at `times` from dense output.
fn solve(model: &mut Model, times: &[f64], out: &mut Vec<f64>) -> (f64, cellwright_dae::Statistics) {
    let tolerance = Tolerance::new(1e-4, 1e-6);
    model.control = Control::Current(0.680616);
    model.stops = vec![Stop::VoltageBelow(3.105)];
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    let options = InitialOptions {
        tolerance: tolerance.clone(),
        ..InitialOptions::default()
    };
    consistent_initial_conditions(model, 0.0, &mut y, &mut yp, &options).expect("the benchmark cell starts");
    let mut bdf = Bdf::new(model, 0.0, &y, &yp, BdfOptions::with_tolerance(tolerance)).expect("the options are right");
    out.clear();
    let mut state = y.clone();
    while times.get(out.len()).is_some_and(|t| *t <= 0.0) {
        out.push(model.voltage(&y));
    }
    loop {
        let outcome = bdf.step(model, None).expect("the benchmark runs to its end");
        let t = if let StepOutcome::Event { t, .. } = outcome { t } else { bdf.t() };
        while times.get(out.len()).is_some_and(|x| *x <= t) {
            bdf.interpolate(times[out.len()], &mut state).expect("inside the last step");
            out.push(model.voltage(&state));
        }
        if let StepOutcome::Event { t, .. } = outcome {
            return (t, *bdf.statistics());
        }
    }
}

fn main() {
    let prepared = Prepared::from_design("marquis2019.toml", include_str!("marquis2019.toml")).expect("the benchmark design is right");
    let built = Instant::now();
    let mut model = Model::new(prepared.cell.spec.clone());
    let construction_ms = 1e3 * built.elapsed().as_secs_f64();
    let mut out = Vec::new();
    let (end, statistics) = solve(&mut model, &[], &mut out);
    let mut ms: Vec<f64> = (0..200)
        .map(|_| {
            let start = Instant::now();
            solve(&mut model, &[], &mut out);
            1e3 * start.elapsed().as_secs_f64()
        })
        .collect();
    ms.sort_by(f64::total_cmp);
    let mut worst = f64::NAN;
    if let Some(file) = std::env::args().nth(1).filter(|a| !a.starts_with("--")) {
        let text = std::fs::read_to_string(&file).expect("the reference can be read");
        let rows: Vec<(f64, f64)> = text
            .lines()
            .skip(1)
            .filter_map(|l| {
                let mut f = l.split(',');
                Some((f.next()?.parse().ok()?, f.next()?.parse().ok()?))
            })
            .filter(|(t, _)| *t <= 0.98 * end)
            .collect();
        let times: Vec<f64> = rows.iter().map(|r| r.0).collect();
        solve(&mut model, &times, &mut out);
        worst = rows.iter().zip(&out).map(|(r, v)| 1e3 * (r.1 - v).abs()).fold(0.0, f64::max);
    }
    println!(
        "{{\"cpu_ms_min\": {:.4}, \"cpu_ms_median\": {:.4}, \"construction_ms\": {construction_ms:.4}, \"unknowns\": {}, \"steps\": {}, \"rejected\": {}, \"newton\": {}, \"factorisations\": {}, \"max_dv_mv\": {}, \"end_s\": {end:.4}}}",
        ms[0],
        ms[ms.len() / 2],
        model.n(),
        statistics.steps,
        statistics.rejected_error + statistics.rejected_newton,
        statistics.newton_iterations,
        statistics.factorisations,
        if worst.is_nan() { "null".to_owned() } else { format!("{worst:.4}") },
    );
}
