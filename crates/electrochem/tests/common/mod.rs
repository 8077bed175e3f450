//! Cells of the independent references, written out: Marquis2019, Chen2020 and Xu2019 as in PyBaMM 26.10.1.1 (BSD-3).
#![allow(dead_code, clippy::unwrap_used)]

use cellwright_electrochem::heat::{Heat, LumpedHeat};
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::spec::*;
use cellwright_materials::{Activation, Argument, Confidence, Expression, KEYS, Property, Provenance, Value};

pub fn provenance() -> Provenance {
    Provenance {
        source: "PyBaMM 26.10.1.1".into(),
        temperature: None,
        confidence: Confidence::Digitised,
        note: String::new(),
    }
}

pub fn number(key: &str, v: f64) -> Property {
    Property::constant(KEYS.iter().find(|k| k.name == key).unwrap(), v, provenance())
}

pub fn formula(key: &str, text: &str) -> Property {
    let argument = if ["open_circuit_potential", "entropic_coefficient"].contains(&key) {
        Argument::Stoichiometry
    } else {
        Argument::Concentration
    };
    Property::new(
        KEYS.iter().find(|k| k.name == key).unwrap(),
        argument,
        Value::Expression(Expression::parse(text).unwrap()),
        provenance(),
    )
}

fn activated(mut p: Property, energy: f64) -> Property {
    p.activation = Some(Activation {
        energy,
        reference_temperature: 298.15,
    });
    p
}

struct Porous<'a> {
    thickness: f64,
    porosity: f64,
    active_fraction: f64,
    bruggeman: (f64, f64),
    sigma: f64,
    radius: f64,
    c_max: f64,
    c_0: f64,
    potential: &'a str,
    entropic: Option<&'a str>,
    diffusion: Property,
    /// k of k sqrt(c_e c_s (c_max - c_s)).
    k: f64,
    energy: f64,
}

fn porous(p: Porous<'_>) -> Electrode {
    let i0 = p.k * 1000f64.sqrt() * p.c_max * 0.5;
    Electrode::Porous {
        thickness: p.thickness,
        porosity: p.porosity,
        transport_efficiency: p.porosity.powf(p.bruggeman.0),
        solid_conductivity: p.sigma * (1.0 - p.porosity).powf(p.bruggeman.1),
        area_per_volume: 3.0 * p.active_fraction / p.radius,
        radius: p.radius,
        curvature: Curvature::Sphere,
        active: ActiveMaterial {
            open_circuit_potential: formula("open_circuit_potential", p.potential),
            entropic_coefficient: p.entropic.map(|t| formula("entropic_coefficient", t)),
            reference_temperature: 298.15,
            diffusion: p.diffusion,
            maximum_concentration: p.c_max,
            exchange_current: ExchangeCurrent {
                property: activated(number("exchange_current_density", i0), p.energy),
                electrolyte_order: 0.5,
            },
            kinetics: Kinetics::ButlerVolmer { anodic: 0.5 },
            double_layer: 0.0,
            film_resistance: 0.0,
            initial_stoichiometry: p.c_0 / p.c_max,
        },
    }
}

fn liquid(kappa: Property, d: Property, t: f64) -> ElectrolyteLaw {
    ElectrolyteLaw::Concentrated {
        conductivity: kappa,
        diffusion: d,
        transference_number: number("transference_number", t),
        thermodynamic_factor: number("thermodynamic_factor", 1.0),
        initial_concentration: 1000.0,
        reference_concentration: 1000.0,
    }
}

pub fn marquis() -> CellSpec {
    let negative = porous(Porous {
        thickness: 1e-4,
        porosity: 0.3,
        active_fraction: 0.6,
        bruggeman: (1.5, 1.5),
        sigma: 100.0,
        radius: 1e-5,
        c_max: 24983.2619938437,
        c_0: 19986.609595075,
        potential: "0.194 + 1.5 * exp(-120.0 * x) + 0.0351 * tanh(-3.44578313253012 + 12.048192771084336 * x) - 0.0045 * tanh(-7.1344537815126055 + 8.403361344537815 * x) - 0.035 * tanh(-18.466 + 20.0 * x) - 0.0147 * tanh(-14.705882352941176 + 29.41176470588235 * x) - 0.102 * tanh(-1.3661971830985917 + 7.042253521126761 * x) - 0.022 * tanh(-54.8780487804878 + 60.975609756097555 * x) - 0.011 * tanh(-5.486725663716814 + 44.24778761061947 * x) + 0.0155 * tanh(-3.6206896551724133 + 34.48275862068965 * x)",
        entropic: None,
        diffusion: activated(number("diffusion", 3.9e-14), 42770.0),
        k: 2e-5,
        energy: 37480.0,
    });
    let positive = porous(Porous {
        thickness: 1e-4,
        porosity: 0.3,
        active_fraction: 0.5,
        bruggeman: (1.5, 1.5),
        sigma: 10.0,
        radius: 1e-5,
        c_max: 51217.9257309275,
        c_0: 30730.7554385565,
        potential: "2.16216 + 0.07645 * tanh(30.834 - 57.858397200000006 * x) + 2.1581 * tanh(52.294 - 53.412228 * x) - 0.14169 * tanh(11.0923 - 21.0852666 * x) + 0.2051 * tanh(1.4684 - 5.829105600000001 * x) + 0.2531 * tanh(4.291641337386018 - 8.069908814589667 * x) - 0.02167 * tanh(-87.5 + 177.0 * x)",
        entropic: None,
        diffusion: activated(number("diffusion", 1e-13), 18550.0),
        k: 6e-7,
        energy: 39570.0,
    });
    CellSpec {
        area: 0.137 * 0.207,
        temperature: 298.15,
        ambient: 298.15,
        negative,
        separator: Separator {
            thickness: 2.5e-5,
            porosity: 1.0,
            transport_efficiency: 1.0,
            relative_permittivity: 0.0,
        },
        positive,
        electrolyte: liquid(
            activated(
                formula("conductivity", "0.0911 + 0.0019101 * c - 1.052e-06 * c^2 + 1.554e-10 * c^3"),
                34700.0,
            ),
            activated(formula("diffusion", "5.34e-10 * exp(-0.00065 * c)"), 37040.0),
            0.4,
        ),
        series_resistance: 0.0,
        heat: None,
        kind: ModelKind::Dfn,
        current_1c: 0.680616,
        resolution: Resolution::default(),
    }
}

pub fn chen() -> CellSpec {
    let negative = porous(Porous {
        thickness: 8.52e-5,
        porosity: 0.25,
        active_fraction: 0.75,
        bruggeman: (1.5, 0.0),
        sigma: 215.0,
        radius: 5.86e-6,
        c_max: 33133.0,
        c_0: 29866.0,
        potential: "0.2482 + 1.9793 * exp(-39.3631 * x) - 0.0909 * tanh(-3.68395892 + 29.8538 * x) - 0.04478 * tanh(-4.1302127099999995 + 14.9159 * x) - 0.0205 * tanh(-18.58021732 + 30.4444 * x)",
        entropic: None,
        diffusion: number("diffusion", 3.3e-14),
        k: 6.48e-7,
        energy: 35000.0,
    });
    let positive = porous(Porous {
        thickness: 7.56e-5,
        porosity: 0.335,
        active_fraction: 0.665,
        bruggeman: (1.5, 0.0),
        sigma: 0.18,
        radius: 5.22e-6,
        c_max: 63104.0,
        c_0: 17038.0,
        potential: "4.4875 - 0.809 * x - 0.0428 * tanh(-10.26034796 + 18.5138 * x) - 17.7326 * tanh(-4.921431299999999 + 15.789 * x) + 17.5842 * tanh(-4.9704096 + 15.9308 * x)",
        entropic: None,
        diffusion: number("diffusion", 4e-15),
        k: 3.42e-6,
        energy: 17800.0,
    });
    CellSpec {
        area: 0.065 * 1.58,
        temperature: 298.15,
        ambient: 298.15,
        negative,
        separator: Separator {
            thickness: 1.2e-5,
            porosity: 0.47,
            transport_efficiency: 0.47f64.powf(1.5),
            relative_permittivity: 0.0,
        },
        positive,
        electrolyte: liquid(
            formula("conductivity", "1.297e-10 * c^3 - 7.937316927022632e-05 * c^1.5 + 0.003329 * c"),
            formula("diffusion", "4.862e-10 + 8.794e-17 * c^2 - 3.972e-13 * c"),
            0.2594,
        ),
        series_resistance: 0.0,
        heat: None,
        kind: ModelKind::Dfn,
        current_1c: 5.0,
        resolution: Resolution::default(),
    }
}

/// Chen2020 with the lumped heat balance of the reference.
pub fn chen_heat() -> CellSpec {
    let layers = [
        (1.2e-5, 8960.0, 385.0),
        (8.52e-5, 1657.0, 700.0),
        (1.2e-5, 397.0, 700.0),
        (7.56e-5, 3262.0, 700.0),
        (1.6e-5, 2700.0, 897.0),
    ];
    let length: f64 = layers.iter().map(|l| l.0).sum();
    let rho_cp = layers.iter().map(|l| l.0 * l.1 * l.2).sum::<f64>() / length;
    CellSpec {
        heat: Some(Heat::Lumped(LumpedHeat {
            heat_capacity: rho_cp * 2.42e-5,
            cooling: 10.0 * 0.00531,
        })),
        ..chen()
    }
}

pub fn xu() -> CellSpec {
    let positive = porous(Porous {
        thickness: 4.2e-5,
        porosity: 0.331,
        active_fraction: 0.518,
        bruggeman: (1.5, 1.5),
        sigma: 100.0,
        radius: 5.3e-6,
        c_max: 48230.0,
        c_0: 4631.0,
        potential: "4.3452 - 1.6518 * x + 1.6225 * x^2 - 2.0843 * x^3 + 3.5146 * x^4 - 2.2166 * x^5 - 5.623e-05 * exp(-100.006 + 109.451 * x)",
        entropic: None,
        diffusion: number("diffusion", 1e-14),
        k: 5.557555130302656e-6,
        energy: 0.0,
    });
    let i0: f64 = 3.5e-8 * 96485.33212331 * 76923.07692307692f64.powf(0.7) * 1000f64.powf(0.3);
    CellSpec {
        area: 0.01 * 0.0154,
        temperature: 298.15,
        ambient: 298.15,
        negative: Electrode::Metal {
            exchange_current: Some(ExchangeCurrent {
                property: number("exchange_current_density", i0),
                electrolyte_order: 0.3,
            }),
            kinetics: Kinetics::ButlerVolmer { anodic: 0.5 },
            double_layer: 0.0,
            film_resistance: 0.0,
        },
        separator: Separator {
            thickness: 2.5e-5,
            porosity: 0.39,
            transport_efficiency: 0.39f64.powf(1.5),
            relative_permittivity: 0.0,
        },
        positive,
        electrolyte: liquid(
            formula(
                "conductivity",
                "0.1 * 0.001 * c * (-10.5 + 0.074 * T - 6.96e-05 * T^2 + 0.001 * c * (0.668 - 0.0178 * T + 2.8e-05 * T^2) + 1e-06 * c^2 * (0.494 - 0.000886 * T))^2",
            ),
            formula(
                "diffusion",
                "0.0001 * 10.0^(-4.43 - 54.0 / (T - (229.0 + 0.005 * c)) - 0.00022 * c)",
            ),
            0.38,
        ),
        series_resistance: 0.0,
        heat: None,
        kind: ModelKind::Dfn,
        current_1c: 0.0024,
        resolution: Resolution::default(),
    }
}
