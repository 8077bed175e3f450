//! A bare discharge on the kernel, for tests of the physics.
#![allow(dead_code, clippy::unwrap_used)]

use cellwright_dae::{Bdf, BdfOptions, InitialOptions, StepOutcome, Tolerance, consistent_initial_conditions};
use cellwright_electrochem::model::{Control, Model, Stop};

pub struct Run {
    pub t: Vec<f64>,
    pub v: Vec<f64>,
    pub temperature: Vec<f64>,
    pub statistics: cellwright_dae::Statistics,
    pub y: Vec<f64>,
    pub t_end: f64,
}

/// Constant-current discharge to `v_min`, with the voltage at the given times from dense output.
pub fn discharge(model: &mut Model, current: f64, v_min: f64, times: &[f64], rtol: f64, atol: f64) -> Run {
    run_to(model, current, Stop::VoltageBelow(v_min), times, rtol, atol)
}

/// Constant-current discharge to any stop.
pub fn run_to(model: &mut Model, current: f64, stop: Stop, times: &[f64], rtol: f64, atol: f64) -> Run {
    let tol = Tolerance::new(rtol, atol);
    model.control = Control::Current(current);
    model.stops = vec![stop];
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    let options = InitialOptions {
        tolerance: tol.clone(),
        ..InitialOptions::default()
    };
    consistent_initial_conditions(model, 0.0, &mut y, &mut yp, &options).unwrap();
    let mut bdf = Bdf::new(model, 0.0, &y, &yp, BdfOptions::with_tolerance(tol)).unwrap();
    let (mut v, mut temperature) = (vec![], vec![]);
    let mut next = 0;
    let mut state = y.clone();
    while next < times.len() && times[next] <= 0.0 {
        v.push(model.voltage(&y));
        temperature.push(model.border(&y, 2));
        next += 1;
    }
    let t_end = loop {
        let outcome = bdf.step(model, None).unwrap_or_else(|e| panic!("{e} at {}", bdf.t()));
        let t = if let StepOutcome::Event { t, .. } = outcome { t } else { bdf.t() };
        while next < times.len() && times[next] <= t {
            bdf.interpolate(times[next], &mut state).unwrap();
            v.push(model.voltage(&state));
            temperature.push(model.border(&state, 2));
            next += 1;
        }
        if matches!(outcome, StepOutcome::Event { .. }) || t > 1e6 {
            break t;
        }
    };
    Run {
        t: times[..v.len()].to_vec(),
        v,
        temperature,
        statistics: *bdf.statistics(),
        y: bdf.y().to_vec(),
        t_end,
    }
}

/// Columns of a reference file by header.
pub fn columns(name: &str, wanted: &[&str]) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let index: Vec<usize> = wanted.iter().map(|w| header.iter().position(|h| h == w).unwrap()).collect();
    let mut out = vec![vec![]; wanted.len()];
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        for (o, i) in out.iter_mut().zip(&index) {
            o.push(fields[*i].parse().unwrap_or(f64::NAN));
        }
    }
    out
}
