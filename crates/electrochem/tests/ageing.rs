//! Side reactions and the leak against exact solutions, and lithium that is accounted for to the last digit.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;
#[path = "common/run.rs"]
mod run;
#[path = "common/sides.rs"]
mod sides;

use cellwright_base::constants::FARADAY;
use cellwright_dae::{Bdf, BdfOptions, InitialOptions, StepOutcome, Tolerance, consistent_initial_conditions};
use cellwright_electrochem::model::{Control, LEAKED, Model};
use cellwright_electrochem::side::{Arrhenius, Sei, SideReaction};
use cellwright_electrochem::spec::{CellSpec, ModelKind};

/// Holds the current (A) and returns the states at the given times.
fn hold(model: &mut Model, current: f64, times: &[f64], rtol: f64) -> Vec<Vec<f64>> {
    let tolerance = Tolerance::new(rtol, 1e-2 * rtol);
    model.control = Control::Current(current);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    let options = InitialOptions {
        tolerance: tolerance.clone(),
        ..InitialOptions::default()
    };
    consistent_initial_conditions(model, 0.0, &mut y, &mut yp, &options).unwrap();
    let mut bdf = Bdf::new(model, 0.0, &y, &yp, BdfOptions::with_tolerance(tolerance)).unwrap();
    let each = |t: &f64| {
        while !matches!(bdf.step(model, Some(*t)).unwrap(), StepOutcome::Reached(_)) {}
        bdf.y().to_vec()
    };
    times.iter().map(each).collect()
}

fn chen(kind: ModelKind) -> Model {
    Model::new(CellSpec { kind, ..common::chen() })
}

/// `L² = L₀² + 2 V c D t/z` on the shelf, and the square root of time where the layer began thin.
#[test]
fn a_diffusion_limited_layer_grows_with_the_square_root_of_time() {
    for kind in [ModelKind::Spm, ModelKind::Spme, ModelKind::Dfn] {
        for thin in [5e-9, 1e-13] {
            let sei = Sei {
                initial_thickness: thin,
                diffusivity: Arrhenius::constant(2.5e-22),
                ..match sides::interphase(None) {
                    SideReaction::Sei(s) => s,
                    _ => unreachable!(),
                }
            };
            let mut model = chen(kind);
            model.add_side_reactions(0, vec![SideReaction::Sei(sei)]);
            let times: Vec<f64> = (0..5).map(|k| 86_400.0 * 10.0_f64.powf(0.5 * f64::from(k))).collect();
            let states = hold(&mut model, 0.0, &times, 1e-7);
            let length = |y: &[f64]| sei.thickness(model.taken(y)[0].2 / model.groups[0].area());
            for (t, y) in times.iter().zip(&states) {
                let growth = 2.0 * sei.molar_volume * sei.solvent_concentration * 2.5e-22 / sei.lithium;
                let exact = (thin * thin + growth * t).sqrt();
                let found = length(y);
                assert!((found / exact - 1.0).abs() < 1e-5, "{kind:?} {t}: {found:e} {exact:e}");
            }
            if thin < 1e-12 {
                let exponent = (length(&states[4]) / length(&states[0])).ln() / (times[4] / times[0]).ln();
                assert!((exponent - 0.5).abs() < 1e-4, "{kind:?}: {exponent}");
            }
        }
    }
}

/// Every kind of cell with one of each, and a leak: lithium, charge and currents close.
#[test]
fn lithium_is_accounted_for() {
    for (name, spec) in cells::all() {
        let mut model = Model::new(CellSpec {
            resolution: cells::SMALL,
            ..spec
        });
        let one_c = model.spec.current_1c;
        model.add_side_reactions(0, sides::all());
        model.add_side_reactions(1, vec![sides::interphase(None)]);
        model.leakage = 1e-3 * one_c;
        let start = model.inventory(&model.initial_state());
        let states = hold(&mut model, one_c, &[200.0, 400.0], 1e-5);
        for y in &states {
            let now = model.inventory(y);
            let moved = 400.0 * one_c / FARADAY;
            assert!(now.taken[0] > 1e-6 * moved && now.taken[1] > 0.0, "{name}: {:?}", now.taken);
            assert!(
                (now.total() - start.total()).abs() < 1e-9 * moved,
                "{name}: {:e}",
                (now.total() - start.total()) / moved
            );
            let gap = model.charge_gap(&start, &now, model.charge_through(y));
            assert!(gap.0.abs().max(gap.1.abs()) < 1e-9 * moved, "{name}: {gap:?}");
            let currents = model.current_gap(y);
            let bound = if model.stores_charge() { 1e-7 } else { 1e-9 };
            assert!(currents.0.abs().max(currents.1.abs()) < bound * one_c, "{name}: {currents:?}");
            let closure = model.clone().losses(y).closure;
            assert!(closure.abs() < 1e-5, "{name}: {closure:e}");
        }
    }
}

/// An idle cell with a leak discharges like one through a resistor, and what leaked is not delivered.
#[test]
fn a_leak_is_a_resistor() {
    for kind in [ModelKind::Spm, ModelKind::Spme, ModelKind::Dfn] {
        let (mut leaking, mut loaded) = (chen(kind), chen(kind));
        let conductance = 0.05 * leaking.spec.current_1c;
        leaking.leakage = conductance;
        let leaked = hold(&mut leaking, 0.0, &[3600.0], 1e-7).remove(0);
        // The same charge out of the terminals, through a load.
        loaded.control = Control::Resistance(1.0 / conductance);
        let tolerance = Tolerance::new(1e-7, 1e-9);
        let mut y = loaded.initial_state();
        let mut yp = vec![0.0; y.len()];
        consistent_initial_conditions(&mut loaded, 0.0, &mut y, &mut yp, &InitialOptions::default()).unwrap();
        let mut bdf = Bdf::new(&loaded, 0.0, &y, &yp, BdfOptions::with_tolerance(tolerance)).unwrap();
        while !matches!(bdf.step(&mut loaded, Some(3600.0)).unwrap(), StepOutcome::Reached(_)) {}
        let delivered = loaded.charge_through(bdf.y());
        let lost = leaking.border(&leaked, LEAKED);
        assert!((lost / delivered - 1.0).abs() < 1e-5, "{kind:?}: {lost} {delivered}");
        assert!((leaking.voltage(&leaked) - loaded.voltage(bdf.y())).abs() < 1e-5);
    }
}
