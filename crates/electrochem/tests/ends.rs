//! Hosts that fill up: the end of a flat potential, and films of different thickness side by side that fill one after the other.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;

use cellwright_dae::{Bdf, BdfOptions, InitialOptions, JacobianPolicy, StepOutcome, Tolerance, consistent_initial_conditions};
use cellwright_device::mesh::{Edge, Film, Sheet, sheets};
use cellwright_electrochem::curve::Curve;
use cellwright_electrochem::model::{Control, Model, Stop};
use cellwright_electrochem::open_circuit::OpenCircuitPotential;
use cellwright_electrochem::spec::*;

/// A straight line between the values at both ends.
fn linear(empty: f64, full: f64) -> OpenCircuitPotential {
    let property = common::formula("open_circuit_potential", &format!("{empty} + ({full} - {empty}) * x"));
    OpenCircuitPotential::new(Curve::new(&property, (0.0, 1.0), 300.0, true), 300.0)
}

#[test]
fn flat_curves_end_in_a_hundredth_and_steep_ones_in_a_thousandth() {
    let flat = linear(3.9, 3.8);
    let at = |e: &OpenCircuitPotential, x: f64| e.eval(x, 300.0).value;
    assert!((at(&flat, 0.99) - 3.801).abs() < 1e-9);
    assert!((at(&flat, 0.995) - (3.8005 - 0.05)).abs() < 1e-9);
    assert!((at(&flat, 0.005) - (3.8995 + 0.05)).abs() < 1e-9);
    assert!(at(&flat, 1.0 - 1e-5) < -90.0 && at(&flat, 1e-5) > 90.0);
    let steep = linear(50.0, 0.0);
    assert!((at(&steep, 0.9985) - 0.075).abs() < 1e-9);
    assert!((at(&steep, 0.9995) - (0.025 - 0.05)).abs() < 1e-9);
}

#[test]
fn slopes_are_those_of_the_values() {
    let flat = linear(3.9, 3.8);
    for x in [0.0004, 0.003, 0.0098, 0.5, 0.9903, 0.996, 0.9995] {
        let h = 1e-8;
        let slope = (flat.eval(x + h, 300.0).value - flat.eval(x - h, 300.0).value) / (2.0 * h);
        let found = flat.eval(x, 300.0).dx;
        assert!((slope / found - 1.0).abs() < 1e-5, "{x}: {slope} {found}");
    }
}

#[test]
fn films_of_different_thickness_fill_one_after_the_other() {
    let mut spec = cells::film(cells::single_ion(), common::number("diffusion", 1e-14));
    let Electrode::Film { active, thickness, .. } = &mut spec.positive else {
        panic!()
    };
    active.open_circuit_potential = common::formula("open_circuit_potential", "3.9 - 0.05 * x");
    let (thickness, maximum, start) = (*thickness, active.maximum_concentration, active.initial_stoichiometry);
    let pieces = [vec![1e-3; 6], vec![1e-3; 2]];
    let sheet = Sheet {
        thickness: 1e-7,
        tab: Edge::Left,
    };
    let stack = Model::new(spec.clone()).mesh;
    let mut mesh = sheets(&stack, [&pieces[0], &pieces[1]], [sheet; 2]);
    let (mut content, mut place) = (0.0, 0);
    for f in mesh.positive.iter_mut().filter(|f| f.supply.is_some()) {
        let film = Film {
            thickness: thickness * (0.2 + 0.1 * place as f64),
            fullness: 1.0,
        };
        content += f.area * film.thickness * maximum;
        f.film = Some(film);
        place += 1;
    }
    assert_eq!(place, 12);
    let mut model = Model::on(mesh, spec, [1e7; 2]);
    let charge = content * (1.0 - start) * cellwright_base::constants::FARADAY;
    let current = charge / 3600.0;
    model.control = Control::Current(current);
    model.stops = vec![Stop::VoltageBelow(3.0)];
    let tolerance = Tolerance::new(1e-4, 1e-7);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    let initial = InitialOptions {
        tolerance: tolerance.clone(),
        ..InitialOptions::default()
    };
    consistent_initial_conditions(&mut model, 0.0, &mut y, &mut yp, &initial).unwrap();
    let options = BdfOptions {
        jacobian: JacobianPolicy::WhenNeeded,
        max_steps: 3000,
        ..BdfOptions::with_tolerance(tolerance)
    };
    let mut bdf = Bdf::new(&model, 0.0, &y, &yp, options).unwrap();
    let end = loop {
        if let StepOutcome::Event { t, .. } = bdf.step(&mut model, None).unwrap() {
            break t;
        }
    };
    // Every film is full but for its last hundredth when the voltage falls.
    assert!(end > 0.985 * 3600.0 && end < 3600.0, "{end} s in {} steps", bdf.statistics().steps);
    assert!(bdf.statistics().steps < 800, "{} steps", bdf.statistics().steps);
}
