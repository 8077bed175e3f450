//! A scaffold of plates, every plate resolved, against the porous electrode that averages over them; and one unit cell against three.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;
#[path = "common/run.rs"]
mod run;

use cellwright_device::mesh::{Class, Grid, Growth, Mesh, Side, Stop, TensorOptions, graded, tensor};
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::model::{self, Model};
use cellwright_electrochem::spec::*;
use run::run_to;

const METAL: [f64; 2] = [f64::INFINITY; 2];
/// Half a plate, half the gap beside it, length of the plates, layer of electrolyte above them, m.
const HALF_PLATE: f64 = 0.4e-6;
const HALF_GAP: f64 = 0.6e-6;
const LENGTH: f64 = 20e-6;
const ABOVE: f64 = 10e-6;
/// Electronic conductivity of the plates, S/m.
const SIGMA: f64 = 5.0;

fn liquid() -> ElectrolyteLaw {
    ElectrolyteLaw::Concentrated {
        conductivity: common::number("conductivity", 0.5),
        diffusion: common::number("diffusion", 2e-10),
        transference_number: common::number("transference_number", 0.4),
        thermodynamic_factor: common::number("thermodynamic_factor", 1.0),
        initial_concentration: 1000.0,
        reference_concentration: 1000.0,
    }
}

fn active() -> ActiveMaterial {
    ActiveMaterial {
        film_resistance: 0.0,
        ..cells::film_active(common::number("diffusion", 1e-14))
    }
}

fn spec(positive: Electrode) -> CellSpec {
    let mut spec = cells::film(liquid(), common::number("diffusion", 1e-14));
    spec.area = 1e-4;
    spec.series_resistance = 0.0;
    spec.positive = positive;
    spec.separator.thickness = ABOVE;
    spec
}

/// Half a plate and half a gap, 1 cm² of them.
fn plates() -> Mesh {
    let growth = Growth {
        ratio: 1.3,
        ..Growth::default()
    };
    let width = HALF_PLATE + HALF_GAP;
    let free = f64::INFINITY;
    let x = graded(
        &[Stop::new(0.0, free), Stop::new(HALF_PLATE, 0.05e-6), Stop::new(width, free)],
        growth,
    );
    let z = graded(
        &[
            Stop::new(-1e-6, free),
            Stop::new(0.0, 1e-6),
            Stop::new(LENGTH, 0.3e-6),
            Stop::new(LENGTH + ABOVE, 2e-6),
            Stop::new(LENGTH + ABOVE + 1e-6, free),
        ],
        growth,
    );
    let grid = Grid {
        lines: [x, vec![0.0, 1e-4 / width], z],
    };
    let body = |p: [f64; 3]| match p {
        [_, _, z] if z < 0.0 => (0, Class::Metal(Side::Positive)),
        [x, _, z] if z < LENGTH && x < HALF_PLATE => (1, Class::Dense(Side::Positive)),
        [_, _, z] if z < LENGTH + ABOVE => (2, Class::Electrolyte),
        _ => (3, Class::Electrode(Side::Negative)),
    };
    tensor(&grid, body, TensorOptions::default()).unwrap().mesh
}

#[test]
fn plates_are_a_porous_electrode() {
    let solid = HALF_PLATE / (HALF_PLATE + HALF_GAP);
    let averaged = spec(Electrode::Porous {
        thickness: LENGTH,
        porosity: 1.0 - solid,
        transport_efficiency: 1.0 - solid,
        solid_conductivity: SIGMA * solid,
        area_per_volume: solid / HALF_PLATE,
        radius: HALF_PLATE,
        curvature: Curvature::Slab,
        active: active(),
    });
    let resolved = spec(Electrode::Film {
        thickness: HALF_PLATE,
        electronic_conductivity: SIGMA,
        active: active(),
    });
    let capacity = 96485.33212 * 23600.0 * 0.45 * solid * LENGTH * 1e-4;
    for rate in [1.0, 10.0, 60.0] {
        let current = capacity / 3600.0 * rate;
        let ends: Vec<(f64, f64)> = [Model::new(averaged.clone()), Model::on(plates(), resolved.clone(), METAL)]
            .into_iter()
            .map(|mut m| {
                let half = 0.5 * 3600.0 / rate * 0.8;
                let r = run_to(&mut m, current, model::Stop::VoltageBelow(3.75), &[half], 1e-5, 1e-7);
                (r.t_end, r.v.first().copied().unwrap_or(f64::NAN))
            })
            .collect();
        let [(t, v), (exact_t, exact_v)] = [ends[0], ends[1]];
        println!("{rate}C: {t:.1} s against {exact_t:.1} s; {v:.4} V against {exact_v:.4} V");
        assert!((t / exact_t - 1.0).abs() < 0.02, "{rate}C: {t} {exact_t}");
        // The loss from 4.2 V at rest, where there is one, within 2 %.
        if exact_v.is_finite() {
            assert!((v - exact_v).abs() < 0.02 * (4.2 - exact_v).abs(), "{rate}C: {v} {exact_v}");
        }
    }
}

/// `n` half periods of fingers with films, mirrored; 1 cm².
fn fingers(n: usize) -> Mesh {
    let growth = Growth::default();
    let p = 10e-6;
    let free = f64::INFINITY;
    let half = graded(
        &[
            Stop::new(0.0, free),
            Stop::new(0.3 * p, 0.3e-6),
            Stop::new(0.7 * p, 0.3e-6),
            Stop::new(p, free),
        ],
        growth,
    );
    let mut x = half.clone();
    for i in 1..n {
        let next: Vec<f64> = match i % 2 {
            1 => half.iter().rev().map(|v| p - v).collect(),
            _ => half.clone(),
        };
        x.extend(next[1..].iter().map(|v| i as f64 * p + v));
    }
    let z = graded(&[Stop::new(-1e-6, free), Stop::new(0.0, 0.3e-6), Stop::new(8e-6, free)], growth);
    let grid = Grid {
        lines: [x, vec![0.0, 1e-4 / (n as f64 * p)], z],
    };
    // Fingers around 0, 2p, 4p … are negative, around p, 3p … positive; each reaches 0.3 p.
    let body = |q: [f64; 3]| {
        let nearest = (q[0] / p).round();
        let within = (q[0] - nearest * p).abs() < 0.3 * p;
        match q {
            [_, _, z] if z > 0.0 => (1, Class::Electrolyte),
            _ if within && (nearest as i64) % 2 == 0 => (2, Class::Electrode(Side::Negative)),
            _ if within => (3, Class::Film(Side::Positive)),
            _ => (0, Class::Inert),
        }
    };
    tensor(&grid, body, TensorOptions::default()).unwrap().mesh
}

#[test]
fn one_unit_cell_is_three() {
    let spec = spec(Electrode::Film {
        thickness: 0.3e-6,
        electronic_conductivity: SIGMA,
        active: active(),
    });
    let times: Vec<f64> = (0..9).map(|i| 30.0 * f64::from(i)).collect();
    let current = 1e-5;
    let stop = model::Stop::ChargePassed {
        mark: 0.0,
        amount: 250.0 * current,
    };
    let [one, three] = [1, 3].map(|n| run_to(&mut Model::on(fingers(n), spec.clone(), METAL), current, stop, &times, 1e-7, 1e-9).v);
    assert_eq!(one.len(), 9);
    let gap = one.iter().zip(&three).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    println!("{gap:e} V");
    assert!(gap < 1e-6, "{gap:e} V");
}
