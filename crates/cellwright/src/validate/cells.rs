//! Ideal cells whose answer is known in closed form, and the property helpers they are written with.

use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::spec::{
    ActiveMaterial, CellSpec, Electrode, ElectrolyteLaw, ExchangeCurrent, ModelKind, Resolution, Separator,
};
use cellwright_materials::{Argument, Confidence, Expression, Property, Provenance, Value, key};

/// Temperature of the ideal cells, K.
pub const TEMPERATURE: f64 = 298.15;

fn property(name: &str, argument: Argument, value: Value) -> Property {
    let provenance = Provenance {
        source: "validation case".into(),
        temperature: None,
        confidence: Confidence::Assumed,
        note: String::new(),
    };
    Property::new(
        key(name).expect("invariant: validation cases use known keys"),
        argument,
        value,
        provenance,
    )
}

/// A constant in SI units.
pub fn number(name: &str, value: f64) -> Property {
    property(name, Argument::None, Value::Constant(value))
}

/// A formula of stoichiometry `x`.
pub fn of_stoichiometry(name: &str, text: &str) -> Property {
    property(
        name,
        Argument::Stoichiometry,
        Value::Expression(Expression::parse(text).expect("invariant: validation formulas parse")),
    )
}

/// A formula of concentration `c`.
pub fn of_concentration(name: &str, text: &str) -> Property {
    property(
        name,
        Argument::Concentration,
        Value::Expression(Expression::parse(text).expect("invariant: validation formulas parse")),
    )
}

/// Lithium without any loss.
pub fn reversible_metal() -> Electrode {
    Electrode::Metal {
        exchange_current: None,
        kinetics: Kinetics::Reversible,
        double_layer: 0.0,
        film_resistance: 0.0,
    }
}

/// Single-ion conductor.
pub fn single_ion(conductivity: f64) -> ElectrolyteLaw {
    ElectrolyteLaw::SingleIon {
        conductivity: number("ionic_conductivity", conductivity),
    }
}

/// Host material without reaction loss.
pub fn reversible_active(potential: &str, diffusion: Property, stoichiometry: f64) -> ActiveMaterial {
    ActiveMaterial {
        open_circuit_potential: of_stoichiometry("open_circuit_potential", potential),
        entropic_coefficient: None,
        reference_temperature: TEMPERATURE,
        diffusion,
        maximum_concentration: 5e4,
        exchange_current: ExchangeCurrent {
            property: number("exchange_current_density", 1.0),
            electrolyte_order: 0.0,
        },
        kinetics: Kinetics::Reversible,
        double_layer: 0.0,
        film_resistance: 0.0,
        initial_stoichiometry: stoichiometry,
    }
}

/// Radius of the hosts of [`host_cell`], m.
pub const HOST_RADIUS: f64 = 1e-6;

/// Host surface of [`host_cell`], m².
pub const HOST_AREA: f64 = 1e-4;

/// A cell that is nothing but one host behind ideal contacts.
pub fn host_cell(curvature: Curvature, active: ActiveMaterial, resolution: Resolution) -> CellSpec {
    CellSpec {
        area: 1e-4,
        temperature: TEMPERATURE,
        ambient: TEMPERATURE,
        negative: reversible_metal(),
        separator: Separator {
            thickness: 1e-6,
            porosity: 1.0,
            transport_efficiency: 1.0,
            relative_permittivity: 0.0,
        },
        positive: Electrode::Porous {
            thickness: 1e-6,
            porosity: 0.3,
            transport_efficiency: 0.3,
            solid_conductivity: 1.0,
            area_per_volume: 1e6,
            radius: HOST_RADIUS,
            curvature,
            active,
        },
        electrolyte: single_ion(1.0),
        series_resistance: 0.0,
        heat: None,
        kind: ModelKind::Spm,
        current_1c: 1e-4,
        resolution: Resolution {
            cells: [2, 2, 2],
            ..resolution
        },
    }
}

/// Lithium | electrolyte | lithium, 1 m².
pub fn symmetric_cell(electrolyte: ElectrolyteLaw, thickness: f64, cells: usize, grading: f64) -> CellSpec {
    CellSpec {
        area: 1.0,
        temperature: TEMPERATURE,
        ambient: TEMPERATURE,
        negative: reversible_metal(),
        separator: Separator {
            thickness,
            porosity: 1.0,
            transport_efficiency: 1.0,
            relative_permittivity: 0.0,
        },
        positive: reversible_metal(),
        electrolyte,
        series_resistance: 0.0,
        heat: None,
        kind: ModelKind::Dfn,
        current_1c: 1.0,
        resolution: Resolution {
            cells: [1, cells, 1],
            grading,
            ..Resolution::default()
        },
    }
}

/// Ideal binary salt of 1 mol/L: two species whose reaction is switched off.
pub fn ideal_salt(cation: f64, anion: f64) -> ElectrolyteLaw {
    ElectrolyteLaw::TwoSpecies {
        total_lithium: 1e4,
        mobile_fraction: 0.1,
        recombination: number("recombination_rate", 0.0),
        cation: number("diffusion_cation", cation),
        anion: number("diffusion_anion", anion),
    }
}
