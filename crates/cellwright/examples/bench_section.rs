//! Benchmark: DFN Marquis2019 1C on a section, 20/30/20 volumes across and 10 along the cell, 20 modes a particle; or on a chip of 10 by 10
//! columns with resistive collectors, 10/10/10 volumes and 10 modes each. rtol 1e-4, atol 1e-6; prints JSON.
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

fn voltages(model: &mut Model, tolerance: Tolerance) -> (Vec<f64>, cellwright_dae::Statistics) {
    model.control = Control::Current(0.680616);
    model.stops = vec![];
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    let initial = InitialOptions {
        tolerance: tolerance.clone(),
        ..InitialOptions::default()
    };
    consistent_initial_conditions(model, 0.0, &mut y, &mut yp, &initial).expect("the benchmark cell starts");
    let options = BdfOptions {
        jacobian: if model.factors_cheaply() { JacobianPolicy::EveryStep } else { JacobianPolicy::WhenNeeded },
        ..BdfOptions::with_tolerance(tolerance)
    };
    let mut bdf = Bdf::new(model, 0.0, &y, &yp, options).expect("the options are right");
    let mut v = vec![];
    let mut next = 10.0;
    while next <= 3600.0 {
        match bdf.step(model, Some(next)).expect("runs") {
            StepOutcome::Reached(_) => {
                v.push(model.voltage(bdf.y()));
                next += 10.0;
            }
            _ => {}
        }
    }
    (v, *bdf.statistics())
}

fn solve(model: &mut Model) -> (f64, cellwright_dae::Statistics) {
    let rtol: f64 = std::env::var("RTOL").ok().and_then(|t| t.parse().ok()).unwrap_or(1e-4);
    let tolerance = Tolerance::new(rtol, 1e-2 * rtol);
    model.control = Control::Current(0.680616);
    model.stops = vec![Stop::VoltageBelow(3.105)];
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    let initial = InitialOptions {
        tolerance: tolerance.clone(),
        ..InitialOptions::default()
    };
    consistent_initial_conditions(model, 0.0, &mut y, &mut yp, &initial).expect("the benchmark cell starts");
    let options = BdfOptions {
        jacobian: if model.factors_cheaply() { JacobianPolicy::EveryStep } else { JacobianPolicy::WhenNeeded },
        ..BdfOptions::with_tolerance(tolerance)
    };
    let mut bdf = Bdf::new(model, 0.0, &y, &yp, options).expect("the options are right");
    loop {
        if let StepOutcome::Event { t, .. } = bdf.step(model, None).expect("the benchmark runs to its end") {
            return (t, *bdf.statistics());
        }
    }
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
    if has("--accuracy") {
        let reference = voltages(&mut model, Tolerance::new(1e-8, 1e-10)).0;
        for rtol in [1e-3, 5e-4, 3e-4, 2e-4, 1e-4, 5e-5, 2e-5, 1e-5] {
            let (v, st) = voltages(&mut model, Tolerance::new(rtol, 1e-2 * rtol));
            let e: Vec<f64> = v.iter().zip(&reference).map(|(a, b)| (a - b).abs()).collect();
            let rms = (e.iter().map(|x| x * x).sum::<f64>() / e.len() as f64).sqrt();
            println!("{rtol} max {:.4} mV rms {:.4} mV steps {} newton {} fact {}", 1e3 * e.iter().fold(0.0f64, |a, b| a.max(*b)), 1e3 * rms, st.steps, st.newton_iterations, st.factorisations);
        }
        return;
    }
    let (end, statistics) = solve(&mut model);
    let first = clock::cpu_time().zip(started).map_or(f64::NAN, |(now, then)| now - then);
    let mut ms: Vec<f64> = (0..15).map(|_| clock::timed(|| solve(&mut model)).0).collect();
    ms.sort_by(f64::total_cmp);
    println!(
        "{{\"cpu_ms_min\": {:.3}, \"cpu_ms_median\": {:.3}, \"first_ms\": {first:.3}, \"unknowns\": {}, \"steps\": {}, \"newton\": {}, \"factorisations\": {}, \"end_s\": {end:.3}, \"method\": \"{}\"}}",
        ms[0],
        ms[ms.len() / 2],
        model.n(),
        statistics.steps,
        statistics.newton_iterations,
        statistics.factorisations,
        model.method()
    );
}
