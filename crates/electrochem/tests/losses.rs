//! Open-circuit voltage minus all losses is the terminal voltage, and lithium and charge stay closed, along a discharge.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;

use cellwright_dae::{Bdf, BdfOptions, InitialOptions, StepOutcome, Tolerance, consistent_initial_conditions, settle};
use cellwright_electrochem::model::{CHARGE, Control, Model};
use cellwright_electrochem::spec::CellSpec;

struct Worst {
    closure: f64,
    lithium: f64,
    charge: f64,
    current: f64,
}

fn walk(spec: CellSpec, rate: f64, seconds: f64) -> Worst {
    let tol = Tolerance::new(1e-6, 1e-8);
    let mut model = Model::new(spec);
    let current = rate * model.spec.current_1c;
    model.control = Control::Current(current);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    let options = InitialOptions {
        tolerance: tol.clone(),
        ..InitialOptions::default()
    };
    let start = model.inventory(&y);
    if model.stores_charge() {
        settle(&mut model, 0.0, &mut y, &mut yp, 1e-8, &options).unwrap();
    } else {
        consistent_initial_conditions(&mut model, 0.0, &mut y, &mut yp, &options).unwrap();
    }
    let mut bdf = Bdf::new(&model, 0.0, &y, &yp, BdfOptions::with_tolerance(tol)).unwrap();
    let mut w = Worst {
        closure: 0.0,
        lithium: 0.0,
        charge: 0.0,
        current: 0.0,
    };
    loop {
        let outcome = bdf.step(&mut model, Some(seconds)).unwrap();
        let y = bdf.y().to_vec();
        w.closure = w.closure.max(model.losses(&y).closure.abs());
        let now = model.inventory(&y);
        let q = model.border(&y, CHARGE);
        let moved = (current * seconds / 96485.33212331001).abs();
        w.lithium = w.lithium.max((now.total() - start.total()).abs() / moved);
        let (a, b) = model.charge_gap(&start, &now, q);
        w.charge = w.charge.max(a.abs().max(b.abs()) / moved);
        let (a, b) = model.current_gap(&y);
        w.current = w.current.max(a.abs().max(b.abs()) / current.abs());
        if matches!(outcome, StepOutcome::Reached(_)) {
            return w;
        }
    }
}

#[test]
fn losses_close_and_inventories_hold() {
    let mut failures = Vec::new();
    for (name, spec) in cells::all() {
        for (rate, seconds) in [(1.0, 1500.0), (-0.5, 300.0)] {
            // With double layers the currents are those of the electrolyte faces, whose law is not linear: Newton's accuracy.
            let currents = if name.contains("double layer") { 1e-8 } else { 1e-12 };
            let w = walk(spec.clone(), rate, seconds);
            println!(
                "{name} at {rate}C: closure {:.1e} V, lithium {:.1e}, charge {:.1e}, current {:.1e}",
                w.closure, w.lithium, w.charge, w.current
            );
            if !(w.lithium < 1e-9 && w.closure < 1e-6 && w.charge < 1e-9 && w.current < currents) {
                failures.push(format!(
                    "{name} at {rate}C: closure {:e} V, lithium {:e}, charge {:e}",
                    w.closure, w.lithium, w.charge
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
