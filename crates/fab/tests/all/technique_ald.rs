//! Exposure, front and smooth profile of atomic layer deposition against closed forms and an independent quadrature.
#![allow(clippy::unwrap_used)]

use cellwright_fab::technique::ald::{Precursor, exposure, penetration};
use cellwright_fab::technique::ald_profile::{Profile, Pulse, profile};
use cellwright_fab::technique::channel::Channel;

/// 1e-6 Torr s in Pa s.
const LANGMUIR: f64 = 1e-6 * 101_325.0 / 760.0;

fn precursor(molar_mass: f64, site_density: f64) -> Precursor {
    Precursor {
        molar_mass,
        site_density,
        temperature: 473.15,
    }
}

fn within(x: f64, y: f64, tolerance: f64) {
    assert!((x / y - 1.0).abs() < tolerance, "{x} against {y}");
}

#[test]
fn exposures_of_the_reference_table() {
    let tma = precursor(0.072_09, 4e18);
    for (a, pa_s, langmuir) in [
        (0.0, 2.804e-4, 2.103),
        (1.0, 2.033e-3, 15.25),
        (10.0, 5.566e-2, 417.5),
        (43.0, 0.8352, 6264.0),
        (100.0, 4.339, 3.255e4),
        (300.0, 38.25, 2.869e5),
    ] {
        within(exposure(&tma, a), pa_s, 1e-3);
        within(exposure(&tma, a) / LANGMUIR, langmuir, 1e-3);
    }
    let hafnium = precursor(0.3548, 2.5e18);
    within(exposure(&hafnium, 43.0), 1.158, 1e-3);
    within(exposure(&hafnium, 43.0) / LANGMUIR, 8686.0, 1e-3);
}

#[test]
fn exposures_of_the_reference_file() {
    let tma = precursor(0.072_09, 4.7e18);
    let text = include_str!("data/ald_gordon_exposure.csv");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(2)
        .map(|l| l.split(',').map(|x| x.parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.len(), 7);
    for r in rows {
        within(exposure(&tma, r[0]) / tma.flat_exposure(), r[1], 1e-12);
        within(exposure(&tma, r[0]), r[2], 1e-4);
        within(exposure(&tma, r[0]) / LANGMUIR, r[3], 1e-4);
        within(penetration(&tma, r[2]), r[0], 1e-3);
    }
}

fn solve(a: f64, dose: f64, sticking: f64, n: usize) -> Profile {
    let pulse = Pulse {
        dose,
        sticking,
        diffusion_ratio: 1.0,
    };
    profile(&Channel::hole(a, 1.0), &pulse, n).unwrap()
}

/// Depth (in diameters) at which the dose in an endless channel has fallen from `dose` to `u`: quadrature of the first integral
/// U' = −sqrt(6 (U − θ/c)).
fn depth_of(dose: f64, u: f64, c: f64) -> f64 {
    let speed = |v: f64| {
        let x = c * v;
        // U − θ/c = (x − 1 + e^−x)/c, by its series where that cancels.
        let g = if x < 1e-3 {
            x * x * (0.5 - x / 6.0 + x * x / 24.0)
        } else {
            x - 1.0 + (-x).exp()
        };
        (6.0 * g / c).sqrt()
    };
    // Simpson in ln U.
    let n = 20_000;
    let step = (dose / u).ln() / f64::from(n);
    let f = |i: i32| {
        let v = u * (f64::from(i) * step).exp();
        v / speed(v)
    };
    (0..n / 2).map(|i| f(2 * i) + 4.0 * f(2 * i + 1) + f(2 * i + 2)).sum::<f64>() * step / 3.0
}

#[test]
fn the_profile_agrees_with_the_first_integral() {
    for (dose, c) in [(50.0, 1.0), (50.0, 0.1), (20.0, 0.01), (500.0, 0.05)] {
        let end = 4.0 * depth_of(dose, 0.5, c) + 10.0 / f64::sqrt(3.0 * c);
        let p = solve(end, dose, c, 8000);
        for theta in [0.9f64, 0.5, 0.2] {
            let u = -(1.0 - theta).ln() / c;
            if u < dose {
                let z = depth_of(dose, u, c);
                assert!(
                    (p.at(z) - theta).abs() < 2e-4,
                    "dose {dose}, c {c}: {} at {z}, expected {theta}",
                    p.at(z)
                );
            }
        }
    }
}

/// Coverage after a pulse, by marching through it: the gas is solved anew for every coverage, the coverage advanced by Heun's rule.
fn march(a: f64, dose: f64, c: f64, n: usize, n_steps: usize) -> Vec<f64> {
    let h = a / n as f64;
    let gas = |theta: &[f64]| -> Vec<f64> {
        // (u[i−1] − 2 u[i] + u[i+1])/h² = 3 c u (1 − θ), u[0] = 1; the last half cell carries the bottom.
        let (mut e, mut f) = (vec![0.0; n + 1], vec![1.0; n + 1]);
        for i in 1..=n {
            let sink = c * (1.0 - theta[i]) * h * if i == n { 1.5 * h + 0.75 } else { 3.0 * h };
            let neighbours = if i == n { 1.0 } else { 2.0 };
            let pivot = neighbours + sink - e[i - 1];
            e[i] = 1.0 / pivot;
            f[i] = if i == 1 { 1.0 / pivot } else { f[i - 1] / pivot };
        }
        let mut u = vec![1.0; n + 1];
        u[n] = f[n];
        for i in (1..n).rev() {
            u[i] = f[i] + e[i] * u[i + 1];
        }
        u
    };
    let dt = dose / n_steps as f64;
    let rate = |theta: &[f64]| -> Vec<f64> { gas(theta).iter().zip(theta).map(|(u, t)| c * u * (1.0 - t)).collect() };
    let mut theta = vec![0.0; n + 1];
    for _ in 0..n_steps {
        let k1 = rate(&theta);
        let ahead: Vec<f64> = theta.iter().zip(&k1).map(|(t, k)| t + dt * k).collect();
        let k2 = rate(&ahead);
        for i in 0..=n {
            theta[i] += 0.5 * dt * (k1[i] + k2[i]);
        }
    }
    theta
}

#[test]
fn one_solve_equals_the_march_through_the_pulse() {
    for (a, dose, c) in [(5.0, 20.0, 0.3), (10.0, 60.0, 0.05), (2.0, 1.0, 0.5), (3.0, 40.0, 0.1)] {
        let p = solve(a, dose, c, 200);
        let theta = march(a, dose, c, 200, 4000);
        for (x, y) in p.coverage.iter().zip(&theta) {
            assert!((x - y).abs() < 1e-5, "a {a}, dose {dose}, c {c}: {x} {y}");
        }
    }
}

#[test]
fn the_error_falls_with_the_square_of_the_step() {
    let (dose, c) = (30.0, 0.05);
    let z = depth_of(dose, -(0.5f64).ln() / c, c);
    // The half depth lies on a node of every mesh: no error of interpolation.
    let error = |n: usize| (solve(16.0 * z, dose, c, n).at(z) - 0.5).abs();
    let (e1, e2, e3) = (error(256), error(512), error(1024));
    for order in [(e1 / e2).log2(), (e2 / e3).log2()] {
        assert!((order - 2.0).abs() < 0.15, "{e1} {e2} {e3}: order {order}");
    }
}

#[test]
fn strong_doses_move_the_front_of_the_exposure_formula() {
    // Deep channels, c = 1: the front stands where 3a²/2 = K; Gordon's other terms, the mouth and the open surface, are not in the profile.
    for k in [1e3, 1e4, 1e5] {
        let front = (2.0f64 * k / 3.0).sqrt();
        let half = solve(1.5 * front, k, 1.0, 6000).half_depth().unwrap();
        assert!((half - front).abs() < 0.6, "K {k}: half at {half}, front {front}");
    }
    // The exposure formula's own reach agrees to leading order.
    let unit = precursor(0.072_09, 4e18);
    let k = 1e6;
    within(penetration(&unit, k * unit.flat_exposure()), (2.0f64 * k / 3.0).sqrt(), 2e-3);
}

#[test]
fn what_enters_is_taken_up() {
    for (a, dose, c) in [
        (1.0, 3.0, 1.0),
        (30.0, 100.0, 0.01),
        (30.0, 5000.0, 0.3),
        (500.0, 1e4, 1e-4),
        (1e-3, 1.0, 1e-6),
    ] {
        let p = solve(a, dose, c, 500);
        let (inflow, uptake) = p.balance();
        // The flux through the mouth is a difference of nearly equal doses: its rounding is part of the bar.
        let rounding = 4.0 * f64::EPSILON * dose * 500.0 / a;
        assert!((inflow - uptake).abs() <= 1e-9 * uptake + rounding, "{inflow} {uptake}");
        // Nothing can take up more than sites there are: 4 a on the wall and 1 on the bottom.
        assert!(uptake <= (4.0 * a + 1.0) * (1.0 + 1e-12));
        assert!(p.coverage.windows(2).all(|w| w[1] <= w[0] + 1e-15) && p.coverage.iter().all(|c| (0.0..=1.0).contains(c)));
        // At the mouth the gas is that of the chamber.
        assert!((p.coverage[0] - (1.0 - (-c * dose).exp())).abs() < 1e-12);
        assert!(p.n_newton < 60, "{}", p.n_newton);
    }
}

#[test]
fn enough_exposure_covers_everything_and_slower_gas_reaches_less_far() {
    let p = solve(10.0, 1e4, 0.01, 400);
    assert!(p.coverage.iter().all(|&c| c > 1.0 - 1e-12));
    let pulse = |diffusion_ratio| Pulse {
        dose: 200.0,
        sticking: 0.1,
        diffusion_ratio,
    };
    let hole = Channel::hole(60.0, 1.0);
    let half = |b| profile(&hole, &pulse(b), 3000).unwrap().half_depth().unwrap();
    // In the front limit the reach goes with the root of the diffusion coefficient.
    within(half(0.25) / half(1.0), 0.5, 0.02);
}

#[test]
fn nonsense_is_refused() {
    let hole = Channel::hole(10e-6, 1e-6);
    let good = Pulse {
        dose: 10.0,
        sticking: 0.1,
        diffusion_ratio: 1.0,
    };
    for bad in [
        Pulse { dose: f64::NAN, ..good },
        Pulse { dose: -1.0, ..good },
        Pulse { sticking: 0.0, ..good },
        Pulse { sticking: 1.5, ..good },
        Pulse {
            diffusion_ratio: 0.0,
            ..good
        },
    ] {
        assert!(profile(&hole, &bad, 100).is_err());
    }
    assert!(profile(&Channel::pillars(1.0, 1.0, 1.0), &good, 100).is_err() && profile(&hole, &good, 1).is_err());
    let message = profile(&hole, &Pulse { sticking: 1.5, ..good }, 100).unwrap_err().to_string();
    assert_eq!(message, "sticking probability is 1.5; allowed: above 0, at most 1");
}
