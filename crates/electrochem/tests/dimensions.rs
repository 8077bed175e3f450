//! The same cell on meshes of one, two and three dimensions, and films as hosts and as volumes.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;
#[path = "common/meshes.rs"]
mod meshes;
#[path = "common/run.rs"]
mod run;

use cellwright_electrochem::model::{Method, Model, Stop};
use cellwright_electrochem::spec::*;
use meshes::{one, resolved, widened, with_positive_collector};
use run::run_to;

const METAL: [f64; 2] = [f64::INFINITY; 2];

fn coarse(spec: CellSpec) -> CellSpec {
    let resolution = Resolution {
        cells: [6, 6, 6],
        modes: 8,
        shells: 12,
        shell_spread: 20.0,
        grading: 1.3,
        // Even, as the meshes in space are.
        edge_density: 0.0,
        edge_depth: 0.07,
    };
    CellSpec { resolution, ..spec }
}

/// Largest difference of the voltages of two models over a discharge, V.
fn difference(mut a: Model, mut b: Model, [rtol, atol]: [f64; 2]) -> f64 {
    // In the first instant a film in volumes polarises as deep as its first volume: nothing to compare yet.
    let times: Vec<f64> = (0..9).map(|i| 1.0 + 70.0 * f64::from(i)).collect();
    let current = a.spec.current_1c;
    let stop = Stop::ChargePassed {
        mark: 0.0,
        amount: 600.0 * current,
    };
    let [a, b] = [&mut a, &mut b].map(|m| run_to(m, current, stop, &times, rtol, atol));
    assert_eq!([a.v.len(), b.v.len()], [9, 9]);
    a.v.iter().zip(&b.v).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max)
}

#[test]
fn a_stack_is_the_same_in_every_dimension() {
    let names = ["DFN, Marquis", "film, two species", "film, single ion", "half cell"];
    for (name, spec) in cells::all().into_iter().filter(|(n, _)| names.contains(n)) {
        let spec = coarse(spec);
        let wide = widened(&one(&spec), &[0.2, 0.5, 0.3]);
        let deep = widened(&wide, &[0.6, 0.4]);
        for mesh in [wide, deep] {
            for method in [Method::Direct, Method::Short, Method::Iterations] {
                let mut model = Model::on(mesh.clone(), spec.clone(), METAL);
                model.solve_by(method);
                let gap = difference(Model::new(spec.clone()), model, [1e-8, 1e-10]);
                assert!(gap < 1e-6, "{name}, {method:?}: {gap:e} V");
            }
        }
    }
}

#[test]
fn a_film_as_a_host_and_in_volumes() {
    for d in [cells::variable_diffusion(2e-16), common::number("diffusion", 2e-16)] {
        let mut spec = cells::film(cells::single_ion(), d);
        spec.current_1c = 3e-5;
        spec.resolution.shells = 100;
        if let Electrode::Film {
            electronic_conductivity, ..
        } = &mut spec.positive
        {
            *electronic_conductivity = 1.0;
        }
        let gap = |cells: usize, ratio: f64| {
            let mesh = resolved(spec.area, (1.5e-6, 8), (320e-9, cells), ratio);
            let volumes = Model::on(mesh, spec.clone(), METAL);
            let host = Model::new(spec.clone());
            let lithium = volumes.inventory(&volumes.initial_state()).positive;
            assert!((lithium / host.inventory(&host.initial_state()).positive - 1.0).abs() < 1e-12);
            difference(host, volumes, [1e-6, 1e-8])
        };
        let fine = gap(80, 1.05);
        assert!(fine < 1e-4, "{fine:e} V");
    }
}

#[test]
fn sheet_resistance_of_a_collector() {
    // Even current over two halves: the metal of the far half loses its own half-distances, R = 4 mm / (σ · 1 cm · t) at half the current.
    let spec = coarse(cells::film(cells::single_ion(), common::number("diffusion", 1.76e-15)));
    let (conductivity, thickness) = (1e6, 100e-9);
    let halves = widened(&one(&spec), &[0.5, 0.5]);
    let model = |collectors| {
        let mesh = with_positive_collector(halves.clone(), thickness);
        Model::on(mesh, spec.clone(), [f64::INFINITY, collectors])
    };
    let ideal = difference(Model::new(spec.clone()), model(1e12), [1e-8, 1e-10]);
    assert!(ideal < 1e-6, "{ideal:e} V");
    let sheet = |length: f64| length / (conductivity * 1e-2 * thickness);
    let expected = spec.current_1c * (sheet(2e-3) + 0.5 * 0.5 * sheet(4e-3));
    let found = difference(Model::new(spec.clone()), model(conductivity), [1e-8, 1e-10]);
    assert!((found / expected - 1.0).abs() < 1e-2, "{found:e} V, expected {expected:e} V");
}
