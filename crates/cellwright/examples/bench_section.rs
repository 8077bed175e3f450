//! Benchmark: DFN Marquis2019 1C on a section, 20/30/20 volumes across and 10 along the cell, 20 modes a particle; or on a chip of 10 by 10
//! columns with resistive collectors, 10/10/10 volumes and 10 modes each. Prints JSON: CPU time, and largest error of the voltage against
//! the same mesh at rtol 1e-8, at several tolerances (atol a hundredth of rtol).
//!
//! `cargo run --release -p cellwright --example bench_section [-- --chip] [--iterations]`

#[path = "../../layout/examples/support/clock.rs"]
mod clock;

use cellwright::prepare::Prepared;
use cellwright_dae::{Bdf, BdfOptions, InitialOptions, JacobianPolicy, StepOutcome, Tolerance, consistent_initial_conditions};
use cellwright_device::mesh::{Class, Edge, Grid, Mesh, MeshError, Sheet, Side, TensorOptions, sheets, tensor};
use cellwright_electrochem::model::{Control, Method, Model, Stop};
use cellwright_electrochem::spec::{CellSpec, Electrode, Resolution};

/// Volumes across the negative electrode, the separator and the positive electrode, and along the cell.
const ACROSS: [usize; 3] = [20, 30, 20];
const ALONG: usize = 10;

/// Volumes in each layer of a column of the chip, and columns along each side of it.
const COLUMN: usize = 10;
const COLUMNS: usize = 10;
/// Sides of the chip, thickness and conductivities of its collectors (Marquis 2019): m, m, S/m.
const CHIP: [f64; 2] = [0.207, 0.137];
const COLLECTOR: f64 = 25e-6;
const METAL: [f64; 2] = [5.96e7, 3.55e7];

/// The stack as columns between two collectors with their tabs on the same edge.
fn chip(spec: &CellSpec) -> Mesh {
    let stack = Model::new(spec.clone()).mesh;
    let pieces = CHIP.map(|side| vec![side / COLUMNS as f64; COLUMNS]);
    let sheet = Sheet {
        thickness: COLLECTOR,
        tab: Edge::Top,
    };
    sheets(&stack, [&pieces[0], &pieces[1]], [sheet; 2])
}

/// The stack as a section of the given length and depth, m.
fn section(spec: &CellSpec, length: f64, depth: f64) -> Result<Mesh, MeshError> {
    let thickness = |e: &Electrode| match e {
        Electrode::Porous { thickness, .. } => *thickness,
        _ => 0.0,
    };
    let layers = [thickness(&spec.negative), spec.separator.thickness, thickness(&spec.positive)];
    let ends = layers.iter().scan(0.0, |end, t| {
        *end += t;
        Some(*end)
    });
    let ends: Vec<f64> = ends.collect();
    let collector = 0.1 * layers[0];
    let mut x = vec![-collector, 0.0];
    for ((end, thickness), n) in ends.iter().zip(layers).zip(ACROSS) {
        x.extend((1..=n).map(|i| end - thickness * (n - i) as f64 / n as f64));
    }
    x.push(ends[2] + collector);
    let z = (0..=ALONG).map(|i| length * i as f64 / ALONG as f64).collect();
    let body = |p: [f64; 3]| match p[0] {
        x if x < 0.0 => (0, Class::Metal(Side::Negative)),
        x if x < ends[0] => (1, Class::Porous(Side::Negative)),
        x if x < ends[1] => (2, Class::Electrolyte),
        x if x < ends[2] => (3, Class::Porous(Side::Positive)),
        _ => (4, Class::Metal(Side::Positive)),
    };
    let grid = Grid {
        lines: [x, vec![0.0, depth], z],
    };
    Ok(tensor(&grid, body, TensorOptions::default())?.mesh)
}

/// Relative tolerances of the rows; the last is PyBaMM's.
const TOLERANCES: [f64; 4] = [1e-3, 5e-4, 2e-4, 1e-4];
/// Solves timed together, and how often: the system counts CPU time in steps of milliseconds.
const TOGETHER: usize = 4;
const TIMES: usize = 5;
/// Current, A, lowest voltage, V, and for errors the last time, s, with the distance of the times compared.
const CURRENT: f64 = 0.680616;
const LOWEST: f64 = 3.105;
const LAST: f64 = 3600.0;
const APART: f64 = 10.0;

fn start(model: &mut Model, rtol: f64) -> Bdf {
    let tolerance = Tolerance::new(rtol, 1e-2 * rtol);
    model.control = Control::Current(CURRENT);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    let initial = InitialOptions {
        tolerance: tolerance.clone(),
        ..InitialOptions::default()
    };
    consistent_initial_conditions(model, 0.0, &mut y, &mut yp, &initial).expect("the benchmark cell starts");
    // As a run chooses it.
    let jacobian = match model.factors_cheaply() {
        true => JacobianPolicy::EveryStep,
        false => JacobianPolicy::WhenNeeded,
    };
    let options = BdfOptions {
        jacobian,
        ..BdfOptions::with_tolerance(tolerance)
    };
    Bdf::new(model, 0.0, &y, &yp, options).expect("the options are right")
}

/// A discharge to its end.
fn solve(model: &mut Model, rtol: f64) -> (f64, cellwright_dae::Statistics) {
    model.stops = vec![Stop::VoltageBelow(LOWEST)];
    let mut bdf = start(model, rtol);
    loop {
        if let StepOutcome::Event { t, .. } = bdf.step(model, None).expect("the benchmark runs to its end") {
            return (t, *bdf.statistics());
        }
    }
}

/// Voltages at even times.
fn voltages(model: &mut Model, rtol: f64) -> Vec<f64> {
    model.stops = vec![];
    let mut bdf = start(model, rtol);
    let mut out = vec![];
    while APART * (out.len() + 1) as f64 <= LAST {
        let next = APART * (out.len() + 1) as f64;
        if let StepOutcome::Reached(_) = bdf.step(model, Some(next)).expect("the benchmark runs to its end") {
            out.push(model.voltage(bdf.y()));
        }
    }
    out
}

fn main() {
    let has = |word: &str| std::env::args().any(|a| a == word);
    let started = clock::cpu_time();
    let prepared = Prepared::from_design("marquis2019.toml", include_str!("marquis2019.toml")).expect("the benchmark design is right");
    let base = &prepared.cell.spec;
    let spec = |modes: usize, cells: [usize; 3]| CellSpec {
        resolution: Resolution {
            modes,
            cells,
            ..base.resolution
        },
        ..base.clone()
    };
    let mut model = if has("--chip") {
        let spec = CellSpec {
            area: CHIP[0] * CHIP[1],
            ..spec(COLUMN, [COLUMN; 3])
        };
        Model::on(chip(&spec), spec, METAL)
    } else {
        let (spec, length) = (spec(20, ACROSS), 0.1);
        let mesh = section(&spec, length, spec.area / length).expect("the benchmark cell is meshed");
        Model::on(mesh, spec, [f64::INFINITY; 2])
    };
    if has("--iterations") {
        model.solve_by(Method::Iterations);
    }
    let rtol = TOLERANCES[TOLERANCES.len() - 1];
    solve(&mut model, rtol);
    let first = clock::cpu_time().zip(started).map_or(f64::NAN, |(now, then)| now - then);
    let reference = voltages(&mut model, 1e-8);
    let row = |&rtol: &f64| {
        let found = voltages(&mut model, rtol);
        let error = found.iter().zip(&reference).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let (_, statistics) = solve(&mut model, rtol);
        let mut together = || {
            for _ in 0..TOGETHER {
                solve(&mut model, rtol);
            }
        };
        let mut ms: Vec<f64> = (0..TIMES).map(|_| clock::timed(&mut together).0 / TOGETHER as f64).collect();
        ms.sort_by(f64::total_cmp);
        format!(
            "{{\"rtol\": {rtol:e}, \"cpu_ms_min\": {:.3}, \"cpu_ms_median\": {:.3}, \"steps\": {}, \"newton\": {}, \"factorisations\": {}, \"max_dv_mv\": {:.5}}}",
            ms[0],
            ms[TIMES / 2],
            statistics.steps,
            statistics.newton_iterations,
            statistics.factorisations,
            1e3 * error
        )
    };
    let rows: Vec<String> = TOLERANCES.iter().map(row).collect();
    println!(
        "{{\"first_ms\": {first:.3}, \"unknowns\": {}, \"peak_mib\": {:.1}, \"method\": \"{}\", \"rows\": [{}]}}",
        model.n(),
        clock::peak_memory().unwrap_or(f64::NAN),
        model.method(),
        rows.join(", ")
    );
}
