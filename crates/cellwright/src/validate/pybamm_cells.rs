//! Cells of the independent references, written out: Marquis2019, Chen2020 and Xu2019 as in PyBaMM (BSD-3).

use super::cells::{number, of_concentration, of_stoichiometry};
use cellwright_electrochem::heat::{Conduction, Conductor, Cooling, Heat, LumpedHeat, Slab};
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::side::{Arrhenius, Sei};
use cellwright_electrochem::spec::{
    ActiveMaterial, CellSpec, Electrode, ElectrolyteLaw, ExchangeCurrent, ModelKind, Resolution, Separator,
};
use cellwright_materials::{Activation, Property};

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
            open_circuit_potential: of_stoichiometry("open_circuit_potential", p.potential),
            entropic_coefficient: p.entropic.map(|t| of_stoichiometry("entropic_coefficient", t)),
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

/// Marquis2019: graphite against lithium cobalt oxide.
pub(super) fn marquis() -> CellSpec {
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
                of_concentration("conductivity", "0.0911 + 0.0019101 * c - 1.052e-06 * c^2 + 1.554e-10 * c^3"),
                34700.0,
            ),
            activated(of_concentration("diffusion", "5.34e-10 * exp(-0.00065 * c)"), 37040.0),
            0.4,
        ),
        series_resistance: 0.0,
        heat: None,
        kind: ModelKind::Dfn,
        current_1c: 0.680616,
        resolution: Resolution::default(),
    }
}

/// The interphase of PyBaMM's parameter set Chen2020 with the option "solvent-diffusion limited", on graphite.
pub fn chen_interphase() -> Sei {
    Sei {
        solvent_concentration: 2636.0,
        diffusivity: Arrhenius::constant(2.5e-22),
        rate_constant: None,
        potential: 0.4,
        transfer_coefficient: 0.5,
        molar_volume: 9.585e-5,
        lithium: 2.0,
        conductivity: 5e-6,
        initial_thickness: 5e-9,
    }
}

/// Chen2020: LG M50 cell.
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
            of_concentration("conductivity", "1.297e-10 * c^3 - 7.937316927022632e-05 * c^1.5 + 0.003329 * c"),
            of_concentration("diffusion", "4.862e-10 + 8.794e-17 * c^2 - 3.972e-13 * c"),
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
pub(super) fn chen_heat() -> CellSpec {
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

/// Chen2020 with the temperature field of the reference: conductivities a two-hundredth of the published ones, cooling on the negative
/// collector only, entropic coefficients of opposite sign.
pub(super) fn chen_heat_field() -> CellSpec {
    let mut spec = chen();
    for (electrode, slope) in [(&mut spec.negative, 1e-4), (&mut spec.positive, -2e-4)] {
        if let Electrode::Porous { active, .. } = electrode {
            active.entropic_coefficient = Some(number("entropic_coefficient", slope));
        }
    }
    let region = |k: f64, density: f64| Conductor {
        conductivity: k / 200.0,
        capacity: density * 700.0,
    };
    let collector = |name: &str, thickness, conductivity, capacity| {
        vec![Slab {
            name: name.into(),
            thickness,
            area: spec.area,
            material: Conductor { conductivity, capacity },
        }]
    };
    let [n, s, p] = [region(1.7, 1657.0), region(0.16, 397.0), region(2.1, 3262.0)];
    spec.heat = Some(Heat::Conduction(Box::new(Conduction {
        regions: [n, s, p, n, p],
        outside: [
            collector("Cu", 1.2e-5, 401.0, 8960.0 * 385.0),
            collector("Al", 1.6e-5, 237.0, 2700.0 * 897.0),
        ],
        bodies: [0.0; 2],
        cooling: [100.0, 0.0].map(|coefficient| Cooling {
            coefficient,
            area: spec.area,
        }),
    })));
    spec
}

/// Xu2019: lithium half cell with NMC 532.
pub(super) fn xu() -> CellSpec {
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
            of_concentration(
                "conductivity",
                "0.1 * 0.001 * c * (-10.5 + 0.074 * T - 6.96e-05 * T^2 + 0.001 * c * (0.668 - 0.0178 * T + 2.8e-05 * T^2) + 1e-06 * c^2 * (0.494 - 0.000886 * T))^2",
            ),
            of_concentration(
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
