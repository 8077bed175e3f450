//! Benchmark: DFN Marquis2019 1C on a section, 20/30/20 volumes across and 10 along the cell, 20 modes a particle, rtol 1e-4, atol 1e-6;
//! prints JSON.
//!
//! `cargo run --release -p cellwright --example bench_section [-- --iterations]`

use cellwright::prepare::Prepared;
use cellwright_dae::{Bdf, BdfOptions, InitialOptions, JacobianPolicy, StepOutcome, Tolerance, consistent_initial_conditions};
use cellwright_device::mesh::{BoundaryFace, Face, Mesh};
use cellwright_electrochem::model::{Control, Method, Model, Stop};
use cellwright_electrochem::spec::{CellSpec, Resolution};
use std::time::Instant;

/// Volumes along the cell.
const ALONG: usize = 10;

/// The stack in columns side by side, `spacing` m from middle to middle.
fn section(stack: &Mesh, spacing: f64) -> Mesh {
    let n = stack.n_cells();
    let part = 1.0 / ALONG as f64;
    let area: f64 = stack.negative.iter().map(|f| f.area).sum();
    let mut mesh = Mesh::default();
    for i in 0..ALONG {
        let at = |k: usize| i * n + k;
        let face = |f: &Face| Face {
            cells: f.cells.map(at),
            area: f.area * part,
            ..*f
        };
        let outer = |f: &BoundaryFace| BoundaryFace {
            cell: at(f.cell),
            area: f.area * part,
            ..*f
        };
        mesh.volumes.extend(stack.volumes.iter().map(|v| v * part));
        mesh.regions.extend(&stack.regions);
        mesh.position.extend(&stack.position);
        mesh.faces.extend(stack.faces.iter().map(face));
        mesh.negative.extend(stack.negative.iter().map(outer));
        mesh.positive.extend(stack.positive.iter().map(outer));
        if i > 0 {
            let depth = area / (spacing * ALONG as f64);
            mesh.faces.extend((0..n).map(|k| Face {
                cells: [at(k) - n, at(k)],
                area: depth * stack.volumes[k] / area,
                distance: [0.5 * spacing; 2],
            }));
        }
    }
    mesh
}

fn solve(model: &mut Model) -> (f64, cellwright_dae::Statistics) {
    let tolerance = Tolerance::new(1e-4, 1e-6);
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
        jacobian: JacobianPolicy::WhenNeeded,
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
    let prepared = Prepared::from_design("marquis2019.toml", include_str!("marquis2019.toml")).expect("the benchmark design is right");
    let spec = CellSpec {
        resolution: Resolution {
            cells: [20, 30, 20],
            modes: 20,
            ..prepared.cell.spec.resolution
        },
        ..prepared.cell.spec.clone()
    };
    let stack = Model::new(spec.clone()).mesh;
    let mut model = Model::on(section(&stack, 0.01), spec, [f64::INFINITY; 2]);
    if std::env::args().any(|a| a == "--iterations") {
        model.solve_by(Method::Iterations);
    }
    let (end, statistics) = solve(&mut model);
    let mut ms: Vec<f64> = (0..15)
        .map(|_| {
            let start = Instant::now();
            solve(&mut model);
            1e3 * start.elapsed().as_secs_f64()
        })
        .collect();
    ms.sort_by(f64::total_cmp);
    println!(
        "{{\"cpu_ms_min\": {:.3}, \"cpu_ms_median\": {:.3}, \"unknowns\": {}, \"steps\": {}, \"newton\": {}, \"factorisations\": {}, \"end_s\": {end:.3}, \"method\": \"{}\"}}",
        ms[0],
        ms[ms.len() / 2],
        model.n(),
        statistics.steps,
        statistics.newton_iterations,
        statistics.factorisations,
        model.method()
    );
}
