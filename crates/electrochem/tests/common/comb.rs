//! Two combs of metal in a single-ion conductor: the cell of the tests of fingers, and its resistance on a mesh.

use super::{cells, common};
use cellwright_dae::{InitialOptions, consistent_initial_conditions};
use cellwright_device::mesh::Mesh;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::model::{Control, Model};
use cellwright_electrochem::spec::*;

/// Temperature, K.
pub const TEMPERATURE: f64 = 298.15;

/// Conductivities of metal and electrolyte, S/m, and the exchange-current density between them, A/m².
#[derive(Clone, Copy)]
pub struct Comb {
    pub metal: f64,
    pub electrolyte: f64,
    pub exchange: f64,
}

impl Comb {
    /// The cell, with an area resistance of the interfaces (ohm m²).
    pub fn spec(&self, film_resistance: f64) -> CellSpec {
        let electrode = Electrode::Metal {
            exchange_current: Some(ExchangeCurrent {
                property: common::number("exchange_current_density", self.exchange),
                electrolyte_order: 0.0,
            }),
            kinetics: Kinetics::Linear,
            double_layer: 0.0,
            film_resistance,
        };
        let law = ElectrolyteLaw::SingleIon {
            conductivity: common::number("ionic_conductivity", self.electrolyte),
        };
        let mut spec = cells::film(law, common::number("diffusion", 1e-15));
        (spec.negative, spec.positive) = (electrode.clone(), electrode);
        (spec.temperature, spec.series_resistance) = (TEMPERATURE, 0.0);
        spec
    }

    /// Resistance between the terminals, ohm.
    pub fn resistance(&self, mesh: Mesh, film_resistance: f64) -> f64 {
        let mut model = Model::on(mesh, self.spec(film_resistance), [self.metal; 2]);
        let current = 1e-9;
        model.control = Control::Current(current);
        let mut y = model.initial_state();
        let mut yp = vec![0.0; y.len()];
        consistent_initial_conditions(&mut model, 0.0, &mut y, &mut yp, &InitialOptions::default()).unwrap();
        -model.voltage(&y) / current
    }
}
