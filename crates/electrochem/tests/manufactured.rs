//! Every conservation law in two and three dimensions on a smooth field that is known: the balance of a volume against that of the field.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;

use cellwright_dae::System;
use cellwright_device::mesh::{Class, Grid, Mesh, Side, TensorOptions, tensor};
use cellwright_electrochem::model::{BLOCK, Model};
use cellwright_electrochem::spec::*;
use std::f64::consts::PI;

/// Side of the box, m.
const SIDE: f64 = 1e-5;

/// A box of one material on `n` volumes along each changing axis.
fn block(class: Class, dimension: usize, n: usize) -> Mesh {
    let even = |n: usize| (0..=n).map(|k| SIDE * k as f64 / n as f64).collect::<Vec<f64>>();
    let lines = [even(n), even(if dimension == 3 { n } else { 1 }), {
        // A layer of electrolyte and electrodes around the material keep the mesh a cell.
        let mut z = vec![-3.0 * SIDE, -2.0 * SIDE, -SIDE];
        z.extend(even(n));
        z.extend([2.0 * SIDE, 3.0 * SIDE, 4.0 * SIDE]);
        z
    }];
    let body = |p: [f64; 3]| match p[2] / SIDE {
        z if z < -2.0 => (0, Class::Electrode(Side::Negative)),
        z if z < 0.0 => (1, Class::Electrolyte),
        z if z < 1.0 => (2, class),
        z if z < 2.0 && class == Class::Electrolyte => (1, Class::Electrolyte),
        z if z < 2.0 => (3, Class::Metal(Side::Positive)),
        z if z < 3.0 && class == Class::Electrolyte => (4, Class::Electrode(Side::Positive)),
        _ => (5, Class::Inert),
    };
    tensor(&Grid { lines }, body, TensorOptions::default()).unwrap().mesh
}

/// A product of cosines about `mean`.
fn field(p: [f64; 3], mean: f64, amplitude: f64, phase: f64) -> f64 {
    mean + amplitude * p.iter().map(|x| (PI * x / SIDE + phase).cos()).product::<f64>()
}

/// Divergence of a flux density by central differences, to fourth order.
fn divergence(flux: &dyn Fn([f64; 3], usize) -> f64, p: [f64; 3], axes: &[usize]) -> f64 {
    let h = 1e-3 * SIDE;
    axes.iter()
        .map(|&i| {
            let at = |s: f64| {
                let mut q = p;
                q[i] += s * h;
                flux(q, i)
            };
            (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * h)
        })
        .sum()
}

fn gradient(f: &dyn Fn([f64; 3]) -> f64, p: [f64; 3], i: usize) -> f64 {
    let h = 1e-3 * SIDE;
    let at = |s: f64| {
        let mut q = p;
        q[i] += s * h;
        f(q)
    };
    (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * h)
}

/// Largest error of the balances of unknown `which` inside the material, over the largest balance.
fn error(spec: &CellSpec, class: Class, dimension: usize, n: usize, which: usize, law: &Law<'_>) -> f64 {
    let mesh = block(class, dimension, n);
    let mut model = Model::on(mesh, spec.clone(), [f64::INFINITY; 2]);
    let (mut y, yp) = (model.initial_state(), vec![0.0; model.n()]);
    let middle = |b: &[[f64; 3]; 2]| {
        let mut p = [0, 1, 2].map(|i| 0.5 * (b[0][i] + b[1][i]));
        if dimension == 2 {
            p[1] = 0.0;
        }
        p
    };
    let places: Vec<[f64; 3]> = model.mesh.boxes.iter().map(middle).collect();
    for (k, p) in places.iter().enumerate() {
        for (i, f) in law.fields.iter().enumerate() {
            if let Some(f) = f {
                y[BLOCK * k + i] = f(*p);
            }
        }
    }
    let mut r = vec![0.0; y.len()];
    model.residual(0.0, &y, &yp, &mut r).unwrap();
    let axes: &[usize] = if dimension == 3 { &[0, 1, 2] } else { &[0, 2] };
    let inside = |p: &[f64; 3]| axes.iter().all(|i| p[*i] > 0.2 * SIDE && p[*i] < 0.8 * SIDE);
    let (mut worst, mut scale) = (0.0f64, 0.0f64);
    for (k, p) in places.iter().enumerate().filter(|(_, p)| inside(p)) {
        let exact = divergence(law.flux, *p, axes);
        let found = (r[BLOCK * k + which] - law.site_rows(&model, &y, k, which)) / model.mesh.volumes[k];
        worst = worst.max((found - exact).abs());
        scale = scale.max(exact.abs());
    }
    worst / scale
}

/// Fields by unknown, and the flux density that they drive.
struct Law<'a> {
    fields: [Option<&'a dyn Fn([f64; 3]) -> f64>; 3],
    flux: &'a dyn Fn([f64; 3], usize) -> f64,
}

impl Law<'_> {
    /// What the reaction in the volume puts into its balance.
    fn site_rows(&self, model: &Model, y: &[f64], k: usize, which: usize) -> f64 {
        let first = model.sites_offset();
        let mut sum = 0.0;
        for g in &model.groups {
            for (s, cell) in g.cells.iter().enumerate().filter(|(_, c)| **c == k) {
                let _ = cell;
                let put = g.areas[s] * y[first + g.sites.start + s];
                sum += [-put / 96485.33212, -put, put][which];
            }
        }
        sum
    }
}

fn assert_order(name: &str, errors: &[f64]) {
    let order = errors.windows(2).map(|e| (e[0] / e[1]).log2()).fold(f64::INFINITY, f64::min);
    println!("{name}: {errors:.2?}, order {order:.2}");
    assert!(order >= 1.8, "{name}: {errors:?}");
}

#[test]
fn electrolyte_salt_and_charge() {
    let (p, n) = (1e-10, 4e-10);
    let mut spec = cells::film(cells::two_species(), common::number("diffusion", 1e-15));
    spec.electrolyte = ElectrolyteLaw::TwoSpecies {
        total_lithium: 1e4,
        mobile_fraction: 0.1,
        recombination: common::number("recombination_rate", 0.0),
        cation: common::number("diffusion_cation", p),
        anion: common::number("diffusion_anion", n),
    };
    let (faraday, thermal) = (96485.33212, 8.314462618 * 298.15 / 96485.33212);
    let c = |q: [f64; 3]| field(q, 1000.0, 300.0, 0.3);
    let phi = |q: [f64; 3]| field(q, 0.0, 0.05, 0.9);
    // i = -κ (∇φ - χ ∇ln c), κ = F²/RT (p + n) c, χ = 2 RT/F n/(p + n); N = -D ∇c + t i/F.
    let current = |q: [f64; 3], i: usize| {
        let kappa = faraday / thermal * (p + n) * c(q);
        let chi = 2.0 * thermal * n / (p + n);
        -kappa * (gradient(&phi, q, i) - chi * gradient(&|q| c(q).ln(), q, i))
    };
    let salt = |q: [f64; 3], i: usize| -2.0 * p * n / (p + n) * gradient(&c, q, i) + p / (p + n) / faraday * current(q, i);
    for dimension in [2, 3] {
        let grids: &[usize] = if dimension == 2 { &[10, 20, 40] } else { &[10, 20] };
        for (name, which, flux) in [
            ("salt", 0, &salt as &dyn Fn([f64; 3], usize) -> f64),
            ("charge in the electrolyte", 1, &current),
        ] {
            let law = Law {
                fields: [Some(&c), Some(&phi), None],
                flux,
            };
            let errors: Vec<f64> = grids
                .iter()
                .map(|n| error(&spec, Class::Electrolyte, dimension, *n, which, &law))
                .collect();
            assert_order(&format!("{name}, {dimension}D"), &errors);
        }
    }
}

#[test]
fn charge_in_a_porous_solid() {
    let mut spec = common::marquis();
    spec.negative = cells::film(cells::single_ion(), common::number("diffusion", 1e-15)).negative;
    let Electrode::Porous { solid_conductivity, .. } = &spec.positive else {
        panic!()
    };
    let sigma = *solid_conductivity;
    let phi = |q: [f64; 3]| field(q, 3.8, 0.01, 0.4);
    let flux = |q: [f64; 3], i: usize| -sigma * gradient(&phi, q, i);
    for dimension in [2, 3] {
        let grids: &[usize] = if dimension == 2 { &[10, 20, 40] } else { &[10, 20] };
        let law = Law {
            fields: [None, None, Some(&phi)],
            flux: &flux,
        };
        let errors: Vec<f64> = grids
            .iter()
            .map(|n| error(&spec, Class::Porous(Side::Positive), dimension, *n, 2, &law))
            .collect();
        assert_order(&format!("charge in the solid, {dimension}D"), &errors);
    }
}

#[test]
fn lithium_in_a_dense_electrode() {
    let spec = cells::film(cells::single_ion(), cells::variable_diffusion(2e-15));
    let c_max = 23600.0;
    let c = |q: [f64; 3]| field(q, 0.6 * c_max, 0.2 * c_max, 0.7);
    let flux = |q: [f64; 3], i: usize| {
        let x = c(q) / c_max;
        -2e-15 * (1.2 - x + 0.5 * x * x) * gradient(&c, q, i)
    };
    for dimension in [2, 3] {
        let grids: &[usize] = if dimension == 2 { &[10, 20, 40] } else { &[10, 20] };
        let law = Law {
            fields: [Some(&c), None, None],
            flux: &flux,
        };
        let errors: Vec<f64> = grids
            .iter()
            .map(|n| error(&spec, Class::Dense(Side::Positive), dimension, *n, 0, &law))
            .collect();
        assert_order(&format!("lithium in the electrode, {dimension}D"), &errors);
    }
}
