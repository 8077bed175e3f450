//! An independent integrator as oracle: the `diffsol` crate on Robertson's problem and on an index-1 DAE.
#![allow(clippy::unwrap_used)]

mod problems;

use cellwright_dae::{Bdf, BdfOptions, DenseSystem, InitialOptions, Tolerance, consistent_initial_conditions};
use diffsol::{DenseMatrix, NalgebraLU, NalgebraMat, OdeBuilder, OdeSolverMethod};
use problems::robertson;

type M = NalgebraMat<f64>;

/// States of our integrator at the given times.
fn ours(system: &mut DenseSystem, y0: &[f64], tolerance: Tolerance, times: &[f64]) -> Vec<Vec<f64>> {
    let (mut y, mut yp) = (y0.to_vec(), vec![0.0; y0.len()]);
    let initial = InitialOptions {
        tolerance: tolerance.clone(),
        ..InitialOptions::default()
    };
    consistent_initial_conditions(system, 0.0, &mut y, &mut yp, &initial).unwrap();
    let mut bdf = Bdf::new(system, 0.0, &y, &yp, BdfOptions::with_tolerance(tolerance)).unwrap();
    times
        .iter()
        .map(|t| {
            bdf.integrate(system, *t).unwrap();
            bdf.y().to_vec()
        })
        .collect()
}

#[test]
fn robertson_agrees() {
    let times: Vec<f64> = (0..12).map(|k| 0.4 * 10f64.powi(k)).collect();
    let problem = OdeBuilder::<M>::new()
        .p([])
        .rtol(1e-8)
        .atol([1e-13, 1e-15, 1e-11])
        .rhs_implicit(
            |x: &[f64], _p: &[f64], _t: f64, y: &mut [f64]| {
                y[0] = -0.04 * x[0] + 1e4 * x[1] * x[2];
                y[1] = 0.04 * x[0] - 1e4 * x[1] * x[2] - 3e7 * x[1] * x[1];
                y[2] = x[0] + x[1] + x[2] - 1.0;
            },
            |x: &[f64], _p: &[f64], _t: f64, v: &[f64], y: &mut [f64]| {
                let cross = 1e4 * (v[1] * x[2] + x[1] * v[2]);
                y[0] = -0.04 * v[0] + cross;
                y[1] = 0.04 * v[0] - cross - 6e7 * x[1] * v[1];
                y[2] = v[0] + v[1] + v[2];
            },
        )
        .mass(|x: &[f64], _p: &[f64], _t: f64, beta: f64, y: &mut [f64]| {
            y[0] = x[0] + beta * y[0];
            y[1] = x[1] + beta * y[1];
            y[2] *= beta;
        })
        .init(|_p: &[f64], _t: f64, y: &mut [f64]| y.copy_from_slice(&[1.0, 0.0, 0.0]), 3)
        .build()
        .unwrap();
    let mut solver = problem.bdf::<NalgebraLU<f64>>().unwrap();
    let (theirs, _) = solver.solve_dense(&times).unwrap();
    let ours = ours(
        &mut robertson(),
        &[1.0, 0.0, 0.0],
        Tolerance::new(1e-8, vec![1e-13, 1e-15, 1e-11]),
        &times,
    );
    for (k, y) in ours.iter().enumerate() {
        for (i, y) in y.iter().enumerate() {
            let z = theirs.get_index(i, k);
            assert!(
                (y - z).abs() < 2e-5 * z.abs() + 1e-12,
                "t = {}: y{i} = {y:e} against {z:e}",
                times[k]
            );
        }
    }
}

/// A pendulum-like stiff pair with a nonlinear algebraic relation, without closed form.
#[test]
fn an_index_one_dae_agrees() {
    let times: Vec<f64> = (1..=20).map(|k| 0.5 * k as f64).collect();
    let problem = OdeBuilder::<M>::new()
        .p([])
        .rtol(1e-9)
        .atol([1e-11, 1e-11, 1e-11])
        .rhs_implicit(
            |x: &[f64], _p: &[f64], t: f64, y: &mut [f64]| {
                y[0] = x[1] - 0.1 * x[0];
                y[1] = -x[2] - 0.2 * x[1] + t.sin();
                y[2] = x[2] + x[2].sinh() - 3.0 * x[0];
            },
            |x: &[f64], _p: &[f64], _t: f64, v: &[f64], y: &mut [f64]| {
                y[0] = v[1] - 0.1 * v[0];
                y[1] = -v[2] - 0.2 * v[1];
                y[2] = (1.0 + x[2].cosh()) * v[2] - 3.0 * v[0];
            },
        )
        .mass(|x: &[f64], _p: &[f64], _t: f64, beta: f64, y: &mut [f64]| {
            y[0] = x[0] + beta * y[0];
            y[1] = x[1] + beta * y[1];
            y[2] *= beta;
        })
        .init(|_p: &[f64], _t: f64, y: &mut [f64]| y.copy_from_slice(&[1.0, 0.0, 1.0]), 3)
        .build()
        .unwrap();
    let mut solver = problem.bdf::<NalgebraLU<f64>>().unwrap();
    let (theirs, _) = solver.solve_dense(&times).unwrap();
    let mut system = DenseSystem::new(
        vec![true, true, false],
        |t, y, yp, r| {
            r[0] = yp[0] - y[1] + 0.1 * y[0];
            r[1] = yp[1] + y[2] + 0.2 * y[1] - t.sin();
            r[2] = y[2] + y[2].sinh() - 3.0 * y[0];
            Ok(())
        },
        |_t, y, _yp, cj, j| {
            let rows = [[cj + 0.1, -1.0, 0.0], [0.0, cj + 0.2, 1.0], [-3.0, 0.0, 1.0 + y[2].cosh()]];
            j.matrix_mut().copy_from_slice(rows.as_flattened());
        },
    );
    let ours = ours(&mut system, &[1.0, 0.0, 1.0], Tolerance::new(1e-9, 1e-11), &times);
    for (k, y) in ours.iter().enumerate() {
        for (i, y) in y.iter().enumerate() {
            let z = theirs.get_index(i, k);
            assert!((y - z).abs() < 2e-6, "t = {}: y{i} = {y} against {z}", times[k]);
        }
    }
}
