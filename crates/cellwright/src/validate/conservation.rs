//! Lithium and charge along discharges of cells that differ in electrolyte and hosts.

use super::cells::of_stoichiometry;
use super::{Fault, Sheet, danilov, pybamm_cells};
use cellwright_dae::Tolerance;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::{CellSpec, Electrode};
use cellwright_lab::protocol::{Protocol, RateBasis};
use cellwright_lab::run::{RunOptions, Silent};
use std::collections::BTreeMap;

fn shells(mut spec: CellSpec) -> CellSpec {
    for e in [&mut spec.negative, &mut spec.positive] {
        if let Electrode::Porous { active, .. } = e {
            active.diffusion = of_stoichiometry("diffusion", "3e-14 * (1.3 - x)");
        }
    }
    spec
}

pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    let cells = [
        ("DFN, electrolyte diffusivity of concentration", pybamm_cells::chen(), 5.0),
        ("DFN, solid diffusivity of stoichiometry", shells(pybamm_cells::marquis()), 0.680616),
        ("lithium half cell", pybamm_cells::xu(), 0.0024),
        ("thin film, two mobile species", danilov::cell()?, danilov::CURRENT_1C),
    ];
    let steps = [
        "Discharge at 2C for 10 min",
        "Rest for 5 min",
        "Charge at 1C for 10 min",
        "Rest for 5 min",
    ];
    let (protocol, _) = Protocol::parse(&steps).map_err(|e| Fault::Input(e.to_string()))?;
    for (name, spec, current) in cells {
        let options = RunOptions {
            tolerance: Tolerance::new(1e-4, 1e-6),
            basis: RateBasis {
                capacity: 3600.0 * current,
                area: spec.area,
            },
            profiles: BTreeMap::new(),
            details: true,
            jump: None,
        };
        let solution = cellwright_lab::run::run(&mut Model::new(spec), &protocol, &options, None, &mut Silent)?;
        sheet.below(format!("{name}, lithium, relative"), solution.balances.lithium(), 1e-9, "");
        sheet.below(format!("{name}, charge, relative"), solution.balances.charge(), 1e-9, "");
        sheet.below(
            format!("{name}, losses against the terminal voltage"),
            solution.balances.loss_closure,
            1e-5,
            "V",
        );
    }
    Ok(())
}
