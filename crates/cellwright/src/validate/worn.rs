//! The LG M50 cell with every mechanism of ageing at work, as strong as to be seen in a few cycles, and the cycles it goes through.

use super::Fault;
use super::pybamm_cells::{chen, chen_interphase};
use cellwright_dae::Tolerance;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::side::{Arrhenius, FreshSurface, Plating, SideReaction};
use cellwright_electrochem::spec::{CellSpec, ModelKind};
use cellwright_electrochem::wear::{Dissolution, ResistanceGrowth, StressLoss, Wear};
use cellwright_lab::protocol::{Protocol, RateBasis, StepText};
use cellwright_lab::run::RunOptions;
use cellwright_lab::solution::Solution;
use std::collections::BTreeMap;

/// Every mechanism on the LG M50 cell, as strong as to be seen in a few cycles.
pub fn worn(kind: ModelKind) -> Model {
    let mut model = Model::new(CellSpec { kind, ..chen() });
    model.add_side_reactions(
        0,
        vec![
            SideReaction::Sei(chen_interphase()),
            SideReaction::FreshSurface(FreshSurface { share: 1e-4 }),
            SideReaction::Plating(Plating {
                exchange_current: Arrhenius::constant(1e-3),
                transfer_coefficient: 0.5,
                isolation: Arrhenius::constant(1e-6),
            }),
            SideReaction::Water(1e-12),
        ],
    );
    model.add_wear(
        0,
        Wear::Stress(StressLoss {
            rate: Arrhenius::constant(3e-7),
            critical_stress: 60e6,
            exponent: 2.0,
            youngs_modulus: 15e9,
            poisson_ratio: 0.3,
            partial_molar_volume: 3.1e-6,
        }),
    );
    model.add_wear(
        1,
        Wear::Dissolution(Dissolution {
            rate: Arrhenius::constant(1e-9),
            potential: 4.1,
            transfer_coefficient: 0.5,
        }),
    );
    model.add_wear(
        1,
        Wear::Resistance(ResistanceGrowth {
            rate: Arrhenius::constant(1e-12),
        }),
    );
    model.leakage = 1e-5 * model.spec.current_1c;
    model
}

/// That many cycles of constant current and constant voltage.
pub fn cycles(count: u64) -> Result<Protocol, String> {
    let steps = [
        "Discharge at 1C until 2.5 V",
        "Charge at 0.5C until 4.2 V",
        "Hold at 4.2 V until C/20",
    ];
    let item = StepText::Repeat {
        repeat: count,
        steps: steps.iter().map(|s| StepText::Line((*s).to_owned())).collect(),
    };
    Protocol::parse_items(&[item])
        .map(|(protocol, _)| protocol)
        .map_err(|e| e.to_string())
}

/// Options for those cycles, with the error of the capacity that jumping over some of them may bring.
pub fn cycle_options(model: &Model, jump: Option<f64>) -> RunOptions {
    RunOptions {
        tolerance: Tolerance::new(1e-4, 1e-6),
        basis: RateBasis {
            capacity: 3600.0 * model.spec.current_1c,
            area: model.spec.area,
        },
        profiles: BTreeMap::new(),
        details: false,
        jump,
    }
}

/// Number and capacity (Ah) of every cycle that was carried out, but for those in which the cell settles after a jump.
pub fn capacities(solution: &Solution) -> Vec<(u64, f64)> {
    let delivered = solution.steps.iter().filter(|s| s.text.starts_with("Discharge") && !s.settling);
    delivered.map(|s| (s.cycle, s.charge / 3600.0)).collect()
}

/// Those cycles with a model.
pub(super) fn cycled(model: &mut Model, count: u64, jump: Option<f64>) -> Result<Solution, Fault> {
    let options = cycle_options(model, jump);
    let protocol = cycles(count).map_err(Fault::Input)?;
    Ok(cellwright_lab::run::run(
        model,
        &protocol,
        &options,
        None,
        &mut cellwright_lab::run::Silent,
    )?)
}
