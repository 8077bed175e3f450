//! The small-signal response against the Jacobian of time integration and against closed forms.
#![allow(clippy::unwrap_used)]

#[path = "common/cells.rs"]
mod cells;
#[path = "common/mod.rs"]
mod common;
#[path = "common/meshes.rs"]
mod meshes;

use cellwright_base::constants::{FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY};
use cellwright_dae::{InitialOptions, System, consistent_initial_conditions};
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::model::{CURRENT, Control, Method, Model, POTENTIAL};
use cellwright_electrochem::small_signal::STORAGE;
use cellwright_electrochem::spec::*;
use num_complex::Complex64;

fn at_rest(model: &mut Model, current: f64) -> Vec<f64> {
    model.control = Control::Current(current);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    consistent_initial_conditions(model, 0.0, &mut y, &mut yp, &InitialOptions::default()).unwrap();
    y
}

/// -δV/δI of one implicit step with the coefficient `s` of y'.
fn by_newton(model: &mut Model, y: &[f64], s: f64) -> f64 {
    let mut r = vec![0.0; y.len()];
    let yp = r.clone();
    model.factor(0.0, y, &yp, s).unwrap();
    r[model.border_offset() + CURRENT] = 1.0;
    System::solve(model, &mut r);
    let b = model.border_offset();
    model.spec.series_resistance * r[b + CURRENT] - r[b + POTENTIAL]
}

/// At real s both are the same matrix, assembled and eliminated by different code; hosts are exact here and modes there.
#[test]
fn the_response_is_that_of_the_time_domain_jacobian() {
    for (name, spec) in cells::all() {
        if name == "film, double layer" {
            continue; // The double layer sits half a volume further on: see the circuit below.
        }
        // About equilibrium, and under current.
        for share in [0.0, 0.5] {
            let mut model = Model::new(spec.clone());
            let y = at_rest(&mut model, share * spec.current_1c);
            for s in [1e-4, 1e-2, 1e-1] {
                let expected = by_newton(&mut model, &y, s);
                let found = model.small_signal(&y).unwrap().at_complex(s.into()).unwrap();
                let error = (found.impedance / expected - 1.0).norm();
                assert!(error < 1e-7, "{name}, s = {s}, share {share}: {} {expected}", found.impedance);
                let closure = (found.parts.iter().sum::<Complex64>() / found.impedance - 1.0).norm();
                // Drops of microvolts beside potentials of volts leave eight digits.
                assert!(closure < 1e-7, "{name}, s = {s}, share {share}: closure {closure:e}");
            }
        }
    }
}

/// 1.5 µm of a solid electrolyte between lithium and a film in which lithium is fast: a circuit of known elements,
/// `Z = 1/(1/R_e + s C_e) + Σ 1/(1/R_ct + s C_dl) + U'/(s Q)`.
#[test]
fn a_thin_film_cell_is_its_circuit() {
    let mut spec = cells::film(cells::single_ion(), common::number("diffusion", 1e-9));
    let (resistance, double_layer, permittivity) = (3.0, 0.1, 16.6);
    spec.separator.relative_permittivity = permittivity;
    spec.series_resistance = resistance;
    spec.negative = Electrode::Metal {
        exchange_current: Some(ExchangeCurrent {
            property: common::number("exchange_current_density", 20.0),
            electrolyte_order: 0.0,
        }),
        kinetics: Kinetics::ButlerVolmer { anodic: 0.5 },
        double_layer: 0.02,
        film_resistance: 0.0,
    };
    if let Electrode::Film {
        active,
        electronic_conductivity,
        ..
    } = &mut spec.positive
    {
        (active.double_layer, active.film_resistance) = (double_layer, 0.0);
        (active.kinetics, active.exchange_current.property) = (Kinetics::Linear, common::number("exchange_current_density", 8.0));
        active.initial_stoichiometry = 0.5;
        active.open_circuit_potential = common::formula("open_circuit_potential", "4.4 - 0.8 * x");
        *electronic_conductivity = f64::INFINITY;
    }
    let (area, sigma, thickness) = (spec.area, 2.3e-4, spec.separator.thickness);
    let thermal = GAS_CONSTANT * spec.temperature / FARADAY;
    let mut model = Model::new(spec);
    let y = at_rest(&mut model, 0.0);
    let mut cell = model.small_signal(&y).unwrap();
    let arc = |s: Complex64, r: f64, c: f64| r / (1.0 + s * r * c) / area;
    for decade in -3..8 {
        let f = 10f64.powi(decade);
        let s = Complex64::new(0.0, std::f64::consts::TAU * f);
        let e = arc(s, thickness / sigma, VACUUM_PERMITTIVITY * permittivity / thickness);
        let n = arc(s, thermal / 20.0, 0.02);
        let p = 320e-9 * (s / 1e-9).sqrt();
        let film = 0.8 * 320e-9 / (FARADAY * 23600.0 * 1e-9 * area) / (p * p.tanh());
        let p = 1.0 / (1.0 / (thermal / (8.0 * area) + film) + s * double_layer * area);
        let found = cell.at(f).unwrap();
        let error = (found.impedance / (e + n + p + resistance) - 1.0).norm();
        assert!(error < 1e-9, "{f} Hz: {} {}", found.impedance, e + n + p + resistance);
        assert!((found.parts[3] / e - 1.0).norm() < 1e-9 && (found.parts[4] / n - 1.0).norm() < 1e-9);
        assert!((found.parts.iter().sum::<Complex64>() / found.impedance - 1.0).norm() < 1e-11);
        assert!(decade > -2 || (found.parts[STORAGE] * s * area * FARADAY * 23600.0 * 320e-9 / 0.8 - 1.0).norm() < 1e-3);
    }
}

/// Meshes that are no stack go through the sparse matrix: the same cell has the same spectrum in every dimension.
#[test]
fn a_stack_has_the_same_spectrum_in_every_dimension() {
    let names = [
        "DFN, Marquis",
        "DFN, double layer",
        "film, two species",
        "film, single ion",
        "half cell",
    ];
    for (name, mut spec) in cells::all().into_iter().filter(|(n, _)| names.contains(n)) {
        spec.resolution.cells = [6, 6, 6];
        spec.separator.relative_permittivity = 16.6;
        let wide = meshes::widened(&meshes::one(&spec), &[0.2, 0.5, 0.3]);
        let deep = meshes::widened(&wide, &[0.6, 0.4]);
        let mut one = Model::new(spec.clone());
        let y = at_rest(&mut one, 0.0);
        let mut one = one.small_signal(&y).unwrap();
        for mesh in [wide, deep] {
            let mut model = Model::on(mesh, spec.clone(), [f64::INFINITY; 2]);
            let y = at_rest(&mut model, 0.0);
            let mut many = model.small_signal(&y).unwrap();
            for f in [1e-4, 1e-1, 1e2, 1e5] {
                let (a, b) = (one.at(f).unwrap(), many.at(f).unwrap());
                assert!((b.impedance / a.impedance - 1.0).norm() < 1e-8, "{name}, {f} Hz");
                let gap = a.parts.iter().zip(&b.parts).map(|(a, b)| (a - b).norm()).fold(0.0, f64::max);
                assert!(gap < 1e-7 * a.impedance.norm(), "{name}, {f} Hz: parts differ by {gap:e}");
            }
        }
    }
}

/// Interfaces whose electrons come through another volume: a film that is meshed itself, and a collector with sheet resistance.
#[test]
fn meshed_films_and_collectors_follow_the_time_domain_jacobian() {
    let mut spec = cells::film(cells::single_ion(), cells::variable_diffusion(2e-16));
    if let Electrode::Film {
        electronic_conductivity, ..
    } = &mut spec.positive
    {
        *electronic_conductivity = 1.0;
    }
    let film = meshes::resolved(spec.area, (1.5e-6, 8), (320e-9, 40), 1.1);
    let halves = meshes::widened(&meshes::one(&spec), &[0.5, 0.5]);
    let collector = meshes::with_positive_collector(halves, 100e-9);
    for (name, mesh) in [("meshed film", film), ("collector", collector)] {
        let mut model = Model::on(mesh, spec.clone(), [f64::INFINITY, 1e4]);
        model.solve_by(Method::Direct);
        let y = at_rest(&mut model, 0.0);
        // Of the film at 1 S/m; the collector has few, short of these.
        let between = |f: &cellwright_device::mesh::Face| f.area / (f.distance[0] + f.distance[1]);
        let conductances: f64 = model.mesh.faces.iter().map(between).sum();
        for s in [1e-4, 1e-2, 1.0] {
            let expected = by_newton(&mut model, &y, s);
            let found = model.small_signal(&y).unwrap().at_complex(s.into()).unwrap();
            let error = (found.impedance / expected - 1.0).norm();
            // Rounding of every conductance leaks from the positive side, which is at |Z| volts per ampere.
            let allowed = 1e-7 + f64::EPSILON * conductances * expected.abs();
            assert!(error < allowed, "{name}, s = {s}: {} {expected}", found.impedance);
            let closure = (found.parts.iter().sum::<Complex64>() / found.impedance - 1.0).norm();
            assert!(closure < allowed, "{name}, s = {s}: closure {closure:e}");
        }
    }
}
