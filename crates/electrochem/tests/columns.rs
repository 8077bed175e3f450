//! Newton's matrix in columns against the whole matrix: chips between sheets, sections with weak couplings across, and columns that are
//! none.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;
#[path = "common/meshes.rs"]
mod meshes;
#[path = "common/run.rs"]
mod run;

use cellwright_dae::System;
use cellwright_device::mesh::{Edge, Mesh, Sheet, sheets};
use cellwright_electrochem::model::{Control, Method, Model, Stop};
use cellwright_electrochem::spec::*;
use meshes::{one, widened};
use run::run_to;

/// Leading coefficients of the matrices, 1/s: steps of 20 s and of hours.
const CJ: f64 = 0.05;
const LONG: f64 = 1e-4;

/// The correction that a model finds for a right-hand side that shakes everything.
fn correction(model: &mut Model, cj: f64) -> Vec<f64> {
    model.control = Control::Current(model.spec.current_1c);
    let mut y = model.initial_state();
    // Nothing at rest: all derivatives are there.
    for k in 0..model.mesh.n_cells() {
        y[model.cell_index(k, 0)] *= 1.0 + 0.05 * (1.3 * k as f64).sin();
    }
    let yp = vec![0.0; y.len()];
    model.factor(0.0, &y, &yp, cj).unwrap();
    let mut r: Vec<f64> = (0..y.len()).map(|k| 1e-6 * (0.7 * k as f64).cos()).collect();
    model.solve(&mut r);
    r
}

/// Largest difference of the potentials of two corrections over their size.
fn difference(model: &Model, a: &[f64], b: &[f64]) -> f64 {
    let potentials = (0..model.mesh.n_cells()).flat_map(|k| [1, 2].map(|i| model.cell_index(k, i)));
    let (most, size) = potentials.fold((0.0_f64, 0.0_f64), |(d, s), i| (d.max((a[i] - b[i]).abs()), s.max(b[i].abs())));
    most / size
}

/// The same model solved by the whole matrix.
fn whole(model: &Model) -> Model {
    let mut whole = model.clone();
    whole.solve_by(Method::Direct);
    whole
}

fn chip(spec: &CellSpec) -> Model {
    let sheet = |thickness, tab| Sheet { thickness, tab };
    let pieces = [2e-3, 3e-3, 5e-3];
    let mesh = sheets(
        &one(spec),
        [&pieces, &pieces[..2]],
        [sheet(1e-7, Edge::Left), sheet(3e-7, Edge::Top)],
    );
    Model::on(mesh, spec.clone(), [1e6, 3e6])
}

#[test]
fn columns_between_sheets_are_exact() {
    for (name, mut spec) in cells::all() {
        if spec.kind != ModelKind::Dfn || spec.heat.is_some() {
            continue;
        }
        spec.resolution.cells = [8, 9, 10];
        let mut model = chip(&spec);
        let words = model.method();
        assert!(words.contains("columns") && words.contains("that join them"), "{name}: {words}");
        let (found, exact) = (correction(&mut model, CJ), correction(&mut whole(&model), CJ));
        let d = difference(&model, &found, &exact);
        // The rows of salt and of potentials differ by eight orders of magnitude, and with a double layer the potentials hardly differ.
        assert!(d < 1e-7, "{name}: {d:e}");
    }
}

/// Three columns of a section, the first of half the conductance; `across` scales what couples them.
fn section(across: f64) -> Model {
    let spec = cells::all().into_iter().find(|(name, _)| *name == "DFN, Marquis").unwrap().1;
    let single = one(&spec);
    let n = single.n_cells();
    let mut mesh: Mesh = widened(&single, &[0.2, 0.5, 0.3]);
    for f in &mut mesh.faces {
        if f.cells[1] == f.cells[0] + n {
            f.area *= across;
        } else if f.cells[0] < n {
            f.area *= 0.5;
        }
    }
    Model::on(mesh, spec, [f64::INFINITY; 2])
}

#[test]
fn what_refinement_leaves_is_quadratic_in_the_couplings() {
    let left = |across: f64| {
        let mut model = section(across);
        let (found, exact) = (correction(&mut model, CJ), correction(&mut whole(&model), CJ));
        assert!(model.method().contains("refinement"), "{}", model.method());
        difference(&model, &found, &exact)
    };
    let (large, small) = (left(3e-3), left(1e-3));
    let order = (large / small).ln() / 3.0_f64.ln();
    assert!(large < 1e-4 && (order - 2.0).abs() < 0.1, "{large:e} {small:e}, order {order:.2}");
}

#[test]
fn a_section_is_the_same_by_columns_and_whole() {
    let mut columns = section(3e-3);
    let mut whole = whole(&columns);
    let times: Vec<f64> = (0..9).map(|i| 1.0 + 300.0 * f64::from(i)).collect();
    let current = columns.spec.current_1c;
    let stop = Stop::ChargePassed {
        mark: 0.0,
        amount: 2500.0 * current,
    };
    let [a, b] = [&mut columns, &mut whole].map(|m| run_to(m, current, stop, &times, 1e-8, 1e-10));
    for (a, b) in a.v.iter().zip(&b.v) {
        assert!((a - b).abs() < 1e-7, "{a} {b}");
    }
    assert!(columns.method().contains("refinement"), "{}", columns.method());
}

/// Weak from face to face, but not over the whole height: the columns are given up when that is found.
#[test]
fn columns_that_are_coupled_are_given_up() {
    let mut model = section(0.03);
    let before = model.method();
    assert!(before.contains("columns"), "{before}");
    let (found, exact) = (correction(&mut model, LONG), correction(&mut whole(&model), LONG));
    let after = model.method();
    assert!(after.contains("sparse LU") && !after.contains("columns"), "{after}");
    let d = difference(&model, &found, &exact);
    assert!(d < 1e-9, "{d:e}");
}
