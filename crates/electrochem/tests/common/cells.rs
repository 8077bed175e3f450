//! Small cells that together switch on every term of the model.
#![allow(dead_code, clippy::unwrap_used)]

use super::common::{chen, chen_heat, formula, marquis, number, xu};
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::spec::*;
use cellwright_materials::Property;

/// Few volumes, modes and shells: enough for every coupling, small enough for a dense Jacobian.
pub const SMALL: Resolution = Resolution {
    cells: [4, 5, 4],
    modes: 4,
    shells: 6,
    shell_spread: 20.0,
    grading: 1.3,
    edge_density: 3.0,
    edge_depth: 0.07,
};

/// Two-species electrolyte of Danilov 2011.
pub fn two_species() -> ElectrolyteLaw {
    ElectrolyteLaw::TwoSpecies {
        total_lithium: 6.01e4,
        mobile_fraction: 0.18,
        recombination: number("recombination_rate", 0.9e-6),
        cation: number("diffusion_cation", 0.9e-15),
        anion: number("diffusion_anion", 5.1e-15),
    }
}

/// Single-ion conductor like LiPON.
pub fn single_ion() -> ElectrolyteLaw {
    ElectrolyteLaw::SingleIon {
        conductivity: number("ionic_conductivity", 2.3e-4),
    }
}

/// Lithium cobalt oxide film with the given diffusivity and potential.
pub fn film_active(diffusion: Property) -> ActiveMaterial {
    ActiveMaterial {
        open_circuit_potential: formula("open_circuit_potential", "4.2 - 0.5 * (x - 0.5) - 0.3 * exp(20 * (x - 1))"),
        entropic_coefficient: None,
        reference_temperature: 298.15,
        diffusion,
        maximum_concentration: 23600.0,
        exchange_current: ExchangeCurrent {
            property: number("exchange_current_density", 9.5),
            electrolyte_order: 0.4,
        },
        kinetics: Kinetics::ButlerVolmer { anodic: 0.6 },
        double_layer: 0.0,
        film_resistance: 1e-4,
        initial_stoichiometry: 0.55,
    }
}

/// 1 cm² thin-film cell with lithium metal.
pub fn film(electrolyte: ElectrolyteLaw, diffusion: Property) -> CellSpec {
    CellSpec {
        area: 1e-4,
        temperature: 298.15,
        ambient: 298.15,
        negative: Electrode::Metal {
            exchange_current: None,
            kinetics: Kinetics::Reversible,
            double_layer: 0.0,
            film_resistance: 0.0,
        },
        separator: Separator {
            thickness: 1.5e-6,
            porosity: 1.0,
            transport_efficiency: 1.0,
            relative_permittivity: 0.0,
        },
        positive: Electrode::Film {
            thickness: 320e-9,
            electronic_conductivity: 1e-2,
            active: film_active(diffusion),
        },
        electrolyte,
        series_resistance: 3.0,
        heat: None,
        kind: ModelKind::Dfn,
        current_1c: 1e-5,
        resolution: Resolution::default(),
    }
}

/// A diffusivity that depends on stoichiometry: hosts become shells.
pub fn variable_diffusion(level: f64) -> Property {
    let mut p = formula("open_circuit_potential", &format!("{level:e} * (1.2 - x + 0.5 * x^2)"));
    let key = number("diffusion", 1.0);
    p.key = key.key;
    p.unit = key.unit;
    p
}

fn with_active(mut spec: CellSpec, change: impl Fn(&mut ActiveMaterial)) -> CellSpec {
    for e in [&mut spec.negative, &mut spec.positive] {
        if let Electrode::Film { active, .. } | Electrode::Porous { active, .. } = e {
            change(active);
        }
    }
    spec
}

/// Every kind of cell by name.
pub fn all() -> Vec<(&'static str, CellSpec)> {
    let constant = || number("diffusion", 1.76e-15);
    let solid_drop = |mut s: CellSpec| {
        s.series_resistance = 0.01;
        s
    };
    let cylinder = |mut s: CellSpec| {
        if let Electrode::Porous { curvature, .. } = &mut s.positive {
            *curvature = Curvature::Cylinder;
        }
        s
    };
    vec![
        ("DFN, Marquis", solid_drop(marquis())),
        ("DFN, Chen", chen()),
        ("DFN, lumped heat", chen_heat()),
        (
            "SPMe",
            CellSpec {
                kind: ModelKind::Spme,
                ..chen()
            },
        ),
        (
            "SPM",
            CellSpec {
                kind: ModelKind::Spm,
                ..chen()
            },
        ),
        ("half cell", xu()),
        (
            "half cell, SPMe",
            CellSpec {
                kind: ModelKind::Spme,
                ..xu()
            },
        ),
        ("film, two species", film(two_species(), constant())),
        ("film, single ion", film(single_ion(), constant())),
        (
            "film, single ion, SPM",
            CellSpec {
                kind: ModelKind::Spm,
                ..film(single_ion(), constant())
            },
        ),
        ("film, shells", film(two_species(), variable_diffusion(2e-15))),
        ("DFN, shells", with_active(marquis(), |a| a.diffusion = variable_diffusion(3e-14))),
        (
            "SPM, shells",
            CellSpec {
                kind: ModelKind::Spm,
                ..with_active(marquis(), |a| a.diffusion = variable_diffusion(3e-14))
            },
        ),
        ("DFN, cylinders", cylinder(chen())),
        ("DFN, double layer", with_active(chen(), |a| a.double_layer = 0.2)),
        (
            "film, double layer",
            with_active(film(two_species(), constant()), |a| a.double_layer = 0.2),
        ),
        (
            "DFN, asymmetric kinetics",
            with_active(chen(), |a| a.kinetics = Kinetics::ButlerVolmer { anodic: 0.3 }),
        ),
        (
            "DFN, linear kinetics, interface layer",
            with_active(chen(), |a| (a.kinetics, a.film_resistance) = (Kinetics::Linear, 1e-3)),
        ),
        (
            "DFN, single ion",
            CellSpec {
                electrolyte: ElectrolyteLaw::SingleIon {
                    conductivity: number("ionic_conductivity", 0.5),
                },
                ..chen()
            },
        ),
    ]
}
