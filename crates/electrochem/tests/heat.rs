//! The temperature field: exact solutions with observed order, layers in series, the lumped limit, the balance in one to three dimensions.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;
#[path = "common/heat.rs"]
mod heat;
#[path = "common/meshes.rs"]
mod meshes;

use cellwright_device::mesh::{Edge, Sheet, sheets};
use cellwright_electrochem::heat::{Conduction, Cooling, Heat, LumpedHeat};
use cellwright_electrochem::model::{Model, TEMPERATURE};
use cellwright_electrochem::spec::*;
use heat::{KAPPA, conduction, conductor, resistor, run, slabs};

const AREA: f64 = 1e-4;
const LENGTH: f64 = 1e-3;
const K: f64 = 0.1;
const CAPACITY: f64 = 2e6;

/// Errors on meshes of doubled numbers of volumes fall with this order.
fn order(errors: &[f64]) -> f64 {
    errors.windows(2).map(|e| (e[0] / e[1]).log2()).fold(f64::INFINITY, f64::min)
}

/// Steady rises of temperature of the resistor, by place.
fn steady(volumes: usize, outside: [Vec<cellwright_electrochem::heat::Slab>; 2], h: [f64; 2], current: f64) -> Vec<(f64, f64)> {
    let heat = conduction(conductor(K, CAPACITY), outside, h, AREA);
    let mut model = Model::new(resistor(LENGTH, volumes, heat));
    let start = model.initial_state();
    let (y, _) = run(&mut model, current, start, 1e7, 1e-8);
    model
        .field_positions()
        .iter()
        .copied()
        .zip(model.field(&y).iter().copied())
        .collect()
}

#[test]
fn steady_slab_with_convection_is_exact_to_second_order() {
    let current = 0.05;
    let q = (current / AREA).powi(2) / KAPPA;
    for [left, right] in [[50.0, 50.0], [0.0, 80.0], [30.0, 90.0]] {
        // k T' = left T at 0, -k T' = right T at L, k T'' = -q.
        let slope = q * (LENGTH + right * LENGTH * LENGTH / (2.0 * K)) / (left + right + left * right * LENGTH / K);
        let exact = |x: f64| slope * (1.0 + left * x / K) - q * x * x / (2.0 * K);
        let error = |n: usize| {
            let found = steady(n, [vec![], vec![]], [left, right], current);
            found.iter().map(|(x, t)| (t - exact(*x)).abs()).fold(0.0, f64::max)
        };
        let errors = [5, 10, 20, 40].map(error);
        println!("h {left} {right}: {errors:?}, order {}", order(&errors));
        assert!(order(&errors) >= 1.8 && errors[3] < 1e-4 * exact(0.5 * LENGTH));
    }
}

#[test]
fn first_eigenmode_decays_as_it_must() {
    // ξ tan ξ = Bi of half the slab; amplitude exp(-α ξ²/ℓ² t).
    let half = 0.5 * LENGTH;
    let xi: f64 = 0.9;
    let h = xi * xi.tan() * K / half;
    let rate = K / CAPACITY * (xi / half).powi(2);
    let end = 0.7 / rate;
    let error = |n: usize| {
        let heat = conduction(conductor(K, CAPACITY), [vec![], vec![]], [h, h], AREA);
        let mut model = Model::new(resistor(LENGTH, n, heat));
        let mut y = model.initial_state();
        let mode = |x: f64| (xi * (x - half) / half).cos();
        let places = model.field_positions().to_vec();
        model.field_mut(&mut y).iter_mut().zip(&places).for_each(|(t, x)| *t = mode(*x));
        let (y, _) = run(&mut model, 0.0, y, end, 1e-9);
        let exact = |x: &f64| mode(*x) * (-rate * end).exp();
        places
            .iter()
            .zip(model.field(&y))
            .map(|(x, t)| (t - exact(x)).abs())
            .fold(0.0, f64::max)
    };
    let errors = [5, 10, 20, 40].map(error);
    println!("{errors:?}, order {}", order(&errors));
    assert!(order(&errors) >= 1.8 && errors[3] < 1e-4);
}

#[test]
fn layers_are_resistances_in_series() {
    let (current, h) = (0.02, [12.0, 40.0]);
    let layers = [
        vec![(1e-3, 0.2, 1e6), (5e-4, 150.0, 2e6)],
        vec![(2e-3, 1.5, 1e6), (1e-5, 0.02, 1e6)],
    ];
    let areas = [AREA, 3.0 * AREA];
    let outside = [slabs(&layers[0], areas[0]), slabs(&layers[1], areas[1])];
    // From a face of the slab to the surroundings, K/W.
    let resistance = |side: usize| {
        let layers = layers[side].iter().map(|l| l.0 / (l.1 * areas[side])).sum::<f64>();
        layers + 1.0 / (h[side] * AREA)
    };
    let transfer = [0, 1].map(|side| 1.0 / (resistance(side) * AREA));
    let q = (current / AREA).powi(2) / KAPPA;
    let [left, right] = transfer;
    let start = q * (LENGTH + right * LENGTH * LENGTH / (2.0 * K)) / (left + right + left * right * LENGTH / K);
    let exact = |x: f64| start * (1.0 + left * x / K) - q * x * x / (2.0 * K);
    let through = [left * start * AREA, right * exact(LENGTH) * AREA];
    assert!((through[0] + through[1] - q * LENGTH * AREA).abs() < 1e-12);
    let found = steady(80, outside, h, current);
    // The value of a volume is its mean in the balance and stands for its centre: q w²/(8 k) of volumes of width w.
    let width = LENGTH / 80.0;
    let within = 1.01 * q * width * width / (8.0 * K);
    for (x, t) in &found[..80] {
        assert!((t - exact(*x)).abs() < within, "{x}: {t} {}", exact(*x));
    }
    // The layers follow in the order of the sides; the outermost volume ends the chain.
    let last = [found[80 + 11].1, found.last().unwrap().1];
    for side in 0..2 {
        let (thickness, k, _) = layers[side][1];
        let surface = through[side] / (h[side] * AREA);
        let expected = surface + through[side] * thickness / (12.0 * k * areas[side]);
        assert!((last[side] - expected).abs() < 1e-4 * expected, "{side}: {} {expected}", last[side]);
    }
}

/// Chen2020 with conductors of heat that are all alike.
fn chen_with(k: f64, h: f64) -> CellSpec {
    let layers = |e: [(f64, f64, f64); 1]| slabs(&e, 0.1027);
    let outside = [layers([(1.2e-5, k, 3.45e6)]), layers([(1.6e-5, k, 2.42e6)])];
    let mut spec = common::chen();
    spec.heat = Some(conduction(conductor(k, 2.1e6), outside, [h, h], 0.1027));
    for (electrode, slope) in [(&mut spec.negative, 1e-4), (&mut spec.positive, -2e-4)] {
        if let Electrode::Porous { active, .. } = electrode {
            active.entropic_coefficient = Some(common::number("entropic_coefficient", slope));
        }
    }
    spec
}

fn lumped(spec: &CellSpec, model: &Model) -> CellSpec {
    let Some(Heat::Conduction(law)) = &spec.heat else {
        panic!("no field")
    };
    let inside: f64 = model.mesh.volumes.iter().map(|v| v * law.regions[0].capacity).sum();
    let outside: f64 = law
        .outside
        .iter()
        .flatten()
        .map(|s| s.thickness * s.area * s.material.capacity)
        .sum();
    CellSpec {
        heat: Some(Heat::Lumped(LumpedHeat {
            heat_capacity: inside + outside,
            cooling: law.cooling.iter().map(|c| c.coefficient * c.area).sum(),
        })),
        ..spec.clone()
    }
}

#[test]
fn a_good_conductor_is_the_lumped_body() {
    for double_layer in [0.0, 0.2] {
        let mut spec = chen_with(1e9, 10.0);
        for electrode in [&mut spec.negative, &mut spec.positive] {
            if let Electrode::Porous { active, .. } = electrode {
                active.double_layer = double_layer;
            }
        }
        let mut field = Model::new(spec.clone());
        let mut body = Model::new(lumped(&spec, &field));
        let (from, start) = (field.initial_state(), body.initial_state());
        let (a, with) = run(&mut field, 10.0, from, 900.0, 1e-8);
        let (b, without) = run(&mut body, 10.0, start, 900.0, 1e-8);
        let [ta, tb] = [field.border(&a, TEMPERATURE), body.border(&b, TEMPERATURE)];
        println!("field {ta}, lumped {tb}, steps {} and {}", with.steps, without.steps);
        assert!((ta - tb).abs() < 1e-6 && ta > 299.0, "{ta} {tb}");
        assert!((field.voltage(&a) - body.voltage(&b)).abs() < 1e-7);
        assert!(field.temperature_spread(&a).greatest - field.temperature_spread(&a).least < 1e-8);
    }
}

#[test]
fn newton_needs_about_as_many_iterations_as_isothermal() {
    let spec = chen_with(0.05, 10.0);
    let mut field = Model::new(spec.clone());
    let mut without = Model::new(CellSpec { heat: None, ..spec });
    let (from, start) = (field.initial_state(), without.initial_state());
    let (_, a) = run(&mut field, 10.0, from, 900.0, 1e-4);
    let (_, b) = run(&mut without, 10.0, start, 900.0, 1e-4);
    let per_step = |s: cellwright_dae::Statistics| s.newton_iterations as f64 / s.steps as f64;
    println!(
        "{} and {} iterations a step, {} and {} steps",
        per_step(a),
        per_step(b),
        a.steps,
        b.steps
    );
    assert!(per_step(a) < 1.25 * per_step(b));
}

/// Balance at the end of a discharge.
fn gap(mut model: Model, current: f64, end: f64) -> f64 {
    let start = model.initial_state();
    let (y, _) = run(&mut model, current, start, end, 1e-4);
    let balance = model.heat_balance(&y);
    println!("{balance:?}, gap {:.1e}", balance.gap());
    assert!(balance.released > 0.0 && balance.stored > 0.0 && balance.given_off > 0.0);
    balance.gap()
}

#[test]
fn heat_is_conserved_along_a_stack() {
    assert!(gap(Model::new(chen_with(1.0, 10.0)), 10.0, 900.0) < 1e-9);
    // A film cell whose positive electrode is a layer outside the mesh.
    let mut spec = cells::film(cells::single_ion(), cells::variable_diffusion(1e-14));
    let outside = [
        slabs(&[(1e-6, 80.0, 1.9e6)], AREA),
        slabs(&[(3.2e-7, 5.0, 3e6), (5e-5, 0.12, 1.5e6)], AREA),
    ];
    spec.heat = Some(conduction(conductor(1.0, 2e6), outside, [5.0, 5.0], AREA));
    assert!(gap(Model::new(spec), 2e-4, 50.0) < 1e-9);
}

/// A chip of the stack between sheets of its collectors; `pieces` along both directions.
fn chip(spec: &CellSpec, pieces: [usize; 2]) -> Model {
    let side = spec.area.sqrt();
    let widths = pieces.map(|n| vec![side / n as f64; n]);
    let sheet = |tab| Sheet { thickness: 1e-5, tab };
    let stack = Model::new(CellSpec {
        heat: None,
        ..spec.clone()
    })
    .mesh;
    let mesh = sheets(&stack, [&widths[0], &widths[1]], [sheet(Edge::Left), sheet(Edge::Right)]);
    Model::on(mesh, spec.clone(), [1e7; 2])
}

#[test]
fn heat_is_conserved_over_a_chip() {
    let mut spec = chen_with(1.0, 10.0);
    spec.area *= 1e-3;
    let outside = [slabs(&[(5e-4, 0.12, 1.6e6)], spec.area), vec![]];
    spec.heat = Some(conduction(conductor(1.0, 2.1e6), outside, [10.0, 10.0], spec.area));
    for pieces in [[4, 1], [3, 3]] {
        assert!(gap(chip(&spec, pieces), 5e-3, 600.0) < 1e-9);
    }
}

#[test]
fn a_chip_without_resistance_along_it_is_its_stack() {
    let mut spec = chen_with(1.0, 10.0);
    spec.area *= 1e-3;
    let slab = slabs(&[(5e-4, 0.12, 1.6e6)], spec.area);
    spec.heat = Some(conduction(conductor(1.0, 2.1e6), [slab, vec![]], [10.0, 10.0], spec.area));
    let mut stack = Model::new(spec.clone());
    let mut sheet = chip(&spec, [2, 2]);
    let (from, start) = (sheet.initial_state(), stack.initial_state());
    let (a, _) = run(&mut sheet, 5e-3, from, 600.0, 1e-6);
    let (b, _) = run(&mut stack, 5e-3, start, 600.0, 1e-6);
    let [ta, tb] = [sheet.border(&a, TEMPERATURE), stack.border(&b, TEMPERATURE)].map(|t| t - spec.temperature);
    println!("{ta} {tb}");
    // The sheets of the collectors take heat as well.
    let of = |m: &Model, y: &[f64]| (m.heat_balance(y).stored + m.heat_balance(y).given_off) / m.heat_balance(y).released;
    assert!((of(&sheet, &a) - 1.0).abs() < 1e-8 && (of(&stack, &b) - 1.0).abs() < 1e-8);
    assert!((ta - tb).abs() < 1e-3 * tb, "{ta} {tb}");
}

#[test]
fn heat_is_conserved_in_a_device_with_bodies_around_it() {
    let mut spec = cells::film(cells::single_ion(), cells::variable_diffusion(1e-14));
    let outside = [slabs(&[(5e-5, 0.12, 1.5e6)], 2.0 * AREA), slabs(&[(1e-5, 0.1, 1.5e6)], 2.0 * AREA)];
    spec.heat = Some(Heat::Conduction(Box::new(Conduction {
        regions: [conductor(1.0, 2e6); 5],
        outside,
        bodies: [3e-4, 5e-4],
        cooling: [Cooling {
            coefficient: 5.0,
            area: 2.0 * AREA,
        }; 2],
    })));
    let plain = CellSpec {
        heat: None,
        ..spec.clone()
    };
    let mesh = meshes::placed(&plain, &[0.3, 0.7]);
    assert!(gap(Model::on(mesh, spec, [f64::INFINITY; 2]), 2e-4, 50.0) < 1e-9);
}
