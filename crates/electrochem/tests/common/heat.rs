//! Cells with a temperature field, and runs of them to a time.
#![allow(dead_code, clippy::unwrap_used)]

use super::{cells, common};
use cellwright_dae::{Bdf, BdfOptions, InitialOptions, Statistics, StepOutcome, Tolerance, consistent_initial_conditions, settle};
use cellwright_electrochem::heat::{Conduction, Conductor, Cooling, Heat, Slab};
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::model::{Control, Model};
use cellwright_electrochem::spec::*;

/// A material of the tests.
pub fn conductor(conductivity: f64, capacity: f64) -> Conductor {
    Conductor { conductivity, capacity }
}

/// Layers of 1 m² by thickness (m), conductivity (W/(m K)) and heat capacity (J/(m³ K)).
pub fn slabs(layers: &[(f64, f64, f64)], area: f64) -> Vec<Slab> {
    let slab = |&(thickness, k, c): &(f64, f64, f64)| Slab {
        name: "layer".into(),
        thickness,
        area,
        material: conductor(k, c),
    };
    layers.iter().map(slab).collect()
}

/// Conduction with one material in all regions of the mesh, cooled by `h` on both sides.
pub fn conduction(material: Conductor, outside: [Vec<Slab>; 2], h: [f64; 2], area: f64) -> Heat {
    Heat::Conduction(Box::new(Conduction {
        regions: [material; 5],
        outside,
        bodies: [0.0; 2],
        cooling: h.map(|coefficient| Cooling { coefficient, area }),
    }))
}

/// Conductivity of the electrolyte of [`resistor`], S/m.
pub const KAPPA: f64 = 1.0;

/// Two reversible lithium electrodes on a slab of electrolyte, 1 cm²: a resistor whose heat is the same everywhere.
pub fn resistor(thickness: f64, volumes: usize, heat: Heat) -> CellSpec {
    let electrode = Electrode::Metal {
        exchange_current: None,
        kinetics: Kinetics::Reversible,
        film_resistance: 0.0,
        double_layer: 0.0,
    };
    let law = ElectrolyteLaw::SingleIon {
        conductivity: common::number("ionic_conductivity", KAPPA),
    };
    let mut spec = cells::film(law, common::number("diffusion", 1e-15));
    (spec.negative, spec.positive) = (electrode.clone(), electrode);
    spec.separator.thickness = thickness;
    spec.series_resistance = 0.0;
    spec.heat = Some(heat);
    (spec.resolution.cells[1], spec.resolution.grading) = (volumes, 1.0);
    spec
}

/// Runs from `y` (its field may have been changed) under a current to a time.
pub fn run(model: &mut Model, current: f64, mut y: Vec<f64>, end: f64, rtol: f64) -> (Vec<f64>, Statistics) {
    let tolerance = Tolerance::new(rtol, 1e-2 * rtol);
    model.control = Control::Current(current);
    let mut yp = vec![0.0; y.len()];
    let options = InitialOptions {
        tolerance: tolerance.clone(),
        ..InitialOptions::default()
    };
    if model.stores_charge() {
        settle(model, 0.0, &mut y, &mut yp, 1e-6, &options).unwrap();
    } else {
        consistent_initial_conditions(model, 0.0, &mut y, &mut yp, &options).unwrap();
    }
    let mut bdf = Bdf::new(model, 0.0, &y, &yp, BdfOptions::with_tolerance(tolerance)).unwrap();
    while !matches!(bdf.step(model, Some(end)).unwrap(), StepOutcome::Reached(_)) {}
    (bdf.y().to_vec(), *bdf.statistics())
}
