//! A chip with resistive collectors: columns of the stack between two sheets, against two-rail ladders in closed form.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;
#[path = "common/meshes.rs"]
mod meshes;

use cellwright_dae::{InitialOptions, consistent_initial_conditions};
use cellwright_device::mesh::{Edge, Mesh, Sheet, ladder, sheets};
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::model::{Control, Model};
use cellwright_electrochem::spec::*;

const LENGTH: f64 = 10e-3;
const WIDTH: f64 = 4e-3;
/// Conductivity of the collectors, S/m, and of the electrolyte.
const METAL: f64 = 1e6;
const ELECTROLYTE: f64 = 1e-4;
const THICKNESS: f64 = 1e-6;

/// Two lithium electrodes without resistance of their own and a solid electrolyte.
fn spec() -> CellSpec {
    let electrode = Electrode::Metal {
        exchange_current: None,
        kinetics: Kinetics::Linear,
        film_resistance: 1e-3,
        double_layer: 0.0,
    };
    let law = ElectrolyteLaw::SingleIon {
        conductivity: common::number("ionic_conductivity", ELECTROLYTE),
    };
    let mut spec = cells::film(law, common::number("diffusion", 1e-15));
    (spec.negative, spec.positive) = (electrode.clone(), electrode);
    spec.area = LENGTH * WIDTH;
    spec.separator.thickness = THICKNESS;
    spec.series_resistance = 0.0;
    spec
}

/// Resistance of the chip with collectors of the given thicknesses, m.
fn resistance(pieces: [usize; 2], thickness: [f64; 2], tabs: [Edge; 2]) -> f64 {
    let stack = Model::new(spec()).mesh;
    let widths = [
        vec![LENGTH / pieces[0] as f64; pieces[0]],
        vec![WIDTH / pieces[1] as f64; pieces[1]],
    ];
    let sheet = |side: usize| Sheet {
        thickness: thickness[side],
        tab: tabs[side],
    };
    of(sheets(&stack, [&widths[0], &widths[1]], [sheet(0), sheet(1)]))
}

/// The same of unit cells along metal that is followed.
fn resistance_of_period(pieces: usize, thickness: [f64; 2], tabs: [Edge; 2]) -> f64 {
    let period = meshes::placed(&spec(), &[1.0]);
    let lengths = vec![LENGTH / pieces as f64; pieces];
    of(ladder(&period, &lengths, tabs, thickness.map(|t| t * WIDTH)))
}

fn of(mesh: Mesh) -> f64 {
    let mut model = Model::on(mesh, spec(), [METAL; 2]);
    let current = 1e-6;
    model.control = Control::Current(current);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    consistent_initial_conditions(&mut model, 0.0, &mut y, &mut yp, &InitialOptions::default()).unwrap();
    -model.voltage(&y) / current
}

/// The two-rail ladder: rails of `r` ohm/m with `g` S/m between them.
///
/// Tabs on the same edge: `ν coth ν / (g L)` with `ν = L √(g (r₁+r₂))`; on opposite edges
/// `L/(r₁+r₂) [r₁ r₂ + ((r₁²+r₂²) cosh ν + 2 r₁ r₂)/(ν sinh ν)]`.
fn exactly(r: [f64; 2], g: f64, same: bool) -> f64 {
    let sum = r[0] + r[1];
    let nu = LENGTH * (g * sum).sqrt();
    if same {
        return nu / nu.tanh() / (g * LENGTH);
    }
    let product = r[0] * r[1];
    LENGTH / sum * (product + ((sum * sum - 2.0 * product) * nu.cosh() + 2.0 * product) / (nu * nu.sinh()))
}

#[test]
fn collectors_are_two_rail_ladders_at_second_order() {
    let g = WIDTH / (THICKNESS / ELECTROLYTE + 2e-3);
    for thickness in [[50e-9, 50e-9], [50e-9, 400e-9], [2e-6, 30e-9]] {
        let r = thickness.map(|t| 1.0 / (METAL * t * WIDTH));
        for (tabs, same) in [([Edge::Left, Edge::Left], true), ([Edge::Right, Edge::Left], false)] {
            let exact = exactly(r, g, same);
            let error = |n: usize| (resistance([n, 3], thickness, tabs) / exact - 1.0).abs();
            let (coarse, fine) = (error(12), error(24));
            let order = (coarse / fine).log2();
            assert!(order > 1.9, "{thickness:?} {same}: {coarse:e} {fine:e}, order {order:.2}");
            assert!(fine < 2e-3, "{thickness:?} {same}: {fine:e}");
            let error = |n: usize| (resistance_of_period(n, thickness, tabs) / exact - 1.0).abs();
            let (coarse, fine) = (error(12), error(24));
            let order = (coarse / fine).log2();
            assert!(
                order > 1.9 && fine < 2e-3,
                "unit cells, {thickness:?} {same}: {coarse:e} {fine:e}, order {order:.2}"
            );
        }
    }
}

#[test]
fn a_chip_turned_by_a_quarter_is_the_same_chip() {
    let thickness = [60e-9, 200e-9];
    let turned = |pieces: [usize; 2], tabs| resistance(pieces, thickness, tabs);
    // Between tabs on neighbouring edges the current turns the corner: both directions matter, and both ways round are mirror images.
    let a = turned([16, 16], [Edge::Left, Edge::Bottom]);
    let b = turned([16, 16], [Edge::Right, Edge::Top]);
    assert!((a / b - 1.0).abs() < 1e-10, "{a} {b}");
    // Thick collectors leave the stack alone.
    let ideal = (THICKNESS / ELECTROLYTE + 2e-3) / (LENGTH * WIDTH);
    let thick = resistance([4, 4], [1.0; 2], [Edge::Left, Edge::Bottom]);
    assert!((thick / ideal - 1.0).abs() < 1e-4, "{thick} {ideal}");
}
