//! Materials of the fabricated examples: everything a simulation of their cells asks for, and voltages that make sense.
#![allow(clippy::unwrap_used)]

use cellwright_materials::{Class, Confidence, Library};

/// Name of the example, its text, positive electrode, negative electrode, electrolyte.
const CELLS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "coaxial-pillars",
        include_str!("../../../examples/fab-coaxial-pillars/design.toml"),
        "LiCoO2",
        "a-Si",
        "LiPON-ALD",
    ),
    (
        "column-interdigital",
        include_str!("../../../examples/fab-column-interdigital/design.toml"),
        "LiMn2O4",
        "a-Si",
        "LiPF6-EC-DEC",
    ),
    (
        "custom-gds",
        include_str!("../../../examples/fab-custom-gds/design.toml"),
        "LiCoO2",
        "TiO2-anatase",
        "LiPON-ALD",
    ),
    (
        "electroplated",
        include_str!("../../../examples/fab-electroplated/design.toml"),
        "LiCoO2",
        "Li",
        "LiPF6-EC-DEC",
    ),
    (
        "filament-walls",
        include_str!("../../../examples/fab-filament-walls/design.toml"),
        "LiFePO4",
        "Li4Ti5O12",
        "LiPF6-EC-DEC",
    ),
    (
        "interlaced-pillars",
        include_str!("../../../examples/fab-interlaced-pillars/design.toml"),
        "LiMn2O4",
        "a-Si",
        "LiPF6-EC-DEC",
    ),
    (
        "microtubes",
        include_str!("../../../examples/fab-microtubes/design.toml"),
        "V2O5",
        "TiO2-anatase",
        "Li2PO2N-ALD",
    ),
    (
        "planar-interdigital",
        include_str!("../../../examples/fab-planar-interdigital/design.toml"),
        "LiFePO4",
        "Li4Ti5O12",
        "LiPF6-EC-DEC",
    ),
    (
        "porous-scaffold",
        include_str!("../../../examples/fab-porous-scaffold/design.toml"),
        "LiMn2O4",
        "Li4Ti5O12",
        "LiPF6-EC-DEC",
    ),
    (
        "silicon-wafer",
        include_str!("../../../examples/fab-silicon-wafer/design.toml"),
        "NCA",
        "a-Si",
        "LiClO4-PC",
    ),
    (
        "wire",
        include_str!("../../../examples/fab-wire/design.toml"),
        "LiMn2O4",
        "Li",
        "LiPF6-EC-DEC",
    ),
];

/// Electrodes of the examples that are printed or cast from powder.
const POWDERS: &[&str] = &["LiFePO4", "Li4Ti5O12", "LiMn2O4", "NCA"];

fn value(library: &Library, name: &str, key: &str, at: f64) -> f64 {
    library.property(name, key).unwrap_or_else(|e| panic!("{e}")).eval(at, 298.15).value
}

/// Potential against lithium at a state of charge from 0 (empty) to 1 (full).
fn potential(library: &Library, name: &str, charge: f64) -> f64 {
    if library.get(name).unwrap().class == Class::Metal {
        return value(library, name, "open_circuit_potential", 0.0);
    }
    let [full, empty] = ["stoichiometry_at_full", "stoichiometry_at_empty"].map(|key| value(library, name, key, 0.0));
    value(library, name, "open_circuit_potential", empty + charge * (full - empty))
}

#[test]
fn cells_of_the_examples_have_positive_voltage_that_rises_with_charge() {
    let library = Library::embedded();
    println!("example | positive / negative | full, half, empty in V");
    for (name, text, positive, negative, electrolyte) in CELLS {
        for material in [positive, negative, electrolyte] {
            assert!(text.contains(&format!("\"{material}\"")), "{name} has no {material}");
        }
        let volt = |charge| potential(&library, positive, charge) - potential(&library, negative, charge);
        println!(
            "{name} | {positive} / {negative} | {:.3} {:.3} {:.3}",
            volt(1.0),
            volt(0.5),
            volt(0.0)
        );
        let mut below = 0.3;
        for i in 0..=200 {
            let v = volt(f64::from(i) / 200.0);
            // Ripples of digitised curves stay within millivolts.
            assert!(v > below - 0.005, "{name}: {v} V at {i}/200 of the charge after {below} V");
            below = v.max(below);
        }
        assert!(volt(1.0) > volt(0.0) + 0.05, "{name}");
        assert!(volt(1.0) < 4.6, "{name}");
    }
}

#[test]
fn cells_of_the_examples_find_every_property() {
    let library = Library::embedded();
    for (name, _, positive, negative, electrolyte) in CELLS {
        for electrode in [positive, negative] {
            if library.get(electrode).unwrap().class == Class::Metal {
                continue;
            }
            let window = (value(&library, electrode, "stoichiometry_at_full", 0.0)
                - value(&library, electrode, "stoichiometry_at_empty", 0.0))
            .abs();
            assert!(window > 0.3, "{name}: {electrode} uses {window}");
            for key in [
                "open_circuit_potential",
                "diffusion",
                "maximum_concentration",
                "exchange_current_density",
                "electronic_conductivity",
                "density",
            ] {
                assert!(value(&library, electrode, key, 0.5).is_finite(), "{name}: {electrode}.{key}");
            }
            let exchange = library.property(electrode, "exchange_current_density").unwrap();
            assert!(
                exchange.provenance.confidence > Confidence::Assumed || exchange.spread.is_some(),
                "{electrode}: an assumed exchange-current density needs its spread"
            );
            assert!(exchange.spread.is_none_or(|(low, high)| {
                let i0 = exchange.eval(0.5, 298.15).value;
                low <= 1.001 * i0 && i0 <= 1.001 * high
            }));
        }
        let keys: &[&str] = match library.get(electrolyte).unwrap().class {
            Class::ElectrolyteLiquid => &[
                "reference_concentration",
                "conductivity",
                "diffusion",
                "transference_number",
                "thermodynamic_factor",
            ],
            _ => &["ionic_conductivity"],
        };
        for key in keys {
            assert!(value(&library, electrolyte, key, 1000.0) > 0.0, "{name}: {electrolyte}.{key}");
        }
    }
    for powder in POWDERS {
        let radius = value(&library, powder, "particle_radius", 0.0);
        assert!((1e-8..2e-5).contains(&radius), "{powder}: {radius} m");
        assert!(value(&library, powder, "electronic_conductivity", 0.5) >= 1e-4, "{powder}");
    }
    for collector in ["Ni", "Au", "Pt", "TiN", "Ti", "Al", "Cu", "Cr", "Co"] {
        let sigma = value(&library, collector, "electronic_conductivity", 0.0);
        assert!((5e5..7e7).contains(&sigma), "{collector}: {sigma} S/m");
    }
}

#[test]
fn host_potentials_stay_finite_from_empty_to_full_surfaces() {
    let library = Library::embedded();
    for name in ["LiCoO2", "LiFePO4", "LiMn2O4", "NCA", "V2O5", "Li4Ti5O12", "a-Si", "TiO2-anatase"] {
        let u = library.property(name, "open_circuit_potential").unwrap();
        for i in 1..1000 {
            let x = f64::from(i) / 1000.0;
            // Fits run away outside their range, but may not turn into infinity or NaN there.
            let j = u.eval(x, 298.15);
            assert!(
                j.value.is_finite() && j.dx.is_finite() && j.value.abs() < 200.0,
                "{name} at {x}: {j:?}"
            );
        }
    }
}

#[test]
fn plateaus_keep_a_slope() {
    let library = Library::embedded();
    for name in ["LiFePO4", "V2O5", "Li4Ti5O12", "TiO2-anatase"] {
        let u = library.property(name, "open_circuit_potential").unwrap();
        let [a, b] = ["stoichiometry_at_full", "stoichiometry_at_empty"].map(|key| value(&library, name, key, 0.0));
        for i in 0..=500 {
            let x = a + (b - a) * f64::from(i) / 500.0;
            let slope = u.eval(x, 298.15).dx;
            assert!(slope < -1e-5, "{name} at {x}: {slope} V");
        }
    }
}

#[test]
fn new_values_agree_with_their_derivations() {
    const F: f64 = 96_485.332_123_310_01;
    let library = Library::embedded();
    let i0 = |name| value(&library, name, "exchange_current_density", 0.5);
    let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-4, "{a} against {b}");
    close(i0("LiFePO4"), 6e-7 * 1000f64.sqrt() * 0.5 * 22_806.0);
    close(i0("a-Si"), 6.48e-7 * 28_700.0 / 278_000.0 * 1000f64.sqrt() * 0.5 * 278_000.0);
    close(i0("NCA"), 4.0 * (1.0f64 / 1.2).sqrt() * 0.5 / (0.41f64 * 0.59).sqrt());
    close(i0("LiMn2O4"), 7.225 * 0.5);
    close(i0("Li4Ti5O12"), 3.6 * 0.5);
    // The low end for anatase: F k c.
    let anatase = library.property("TiO2-anatase", "exchange_current_density").unwrap();
    assert!((anatase.spread.unwrap().0 / (F * 3.5e-12 * 1000.0) - 1.0).abs() < 0.02);
    // Slab of 35 nm at constant flux: used part pi/(4 delta), delta = L2/(D t).
    let length = 35e-9;
    let full = F * 0.5 * 48_708.0 * length / 36.0 * 1e3;
    let diffusion = |used: f64, rate: f64| length * length * rate / (std::f64::consts::PI / (4.0 * used) * 3600.0);
    let (slow, fast) = (diffusion(1.2e3 / full, 1.0), diffusion(0.36e3 / full, 20.0));
    let given = value(&library, "TiO2-anatase", "diffusion", 0.5);
    assert!(slow < given && given < fast && fast < 1.5e-18 && slow > 2e-19, "{slow} {fast}");
    // One mole per litre of EC:DEC.
    let liquid = |key| value(&library, "LiPF6-EC-DEC", key, 1000.0);
    assert!((liquid("conductivity") - 0.8).abs() < 0.02 && (liquid("diffusion") - 2.0e-10).abs() < 0.1e-10);
    assert!((liquid("thermodynamic_factor") - 1.63).abs() < 0.01);
    close(value(&library, "NCA", "electronic_conductivity", 1.0), 1e-2);
    close(value(&library, "NCA", "electronic_conductivity", 0.4), 1.0);
}
