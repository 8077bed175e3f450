//! Forward sensitivities against analytic ones.
#![allow(clippy::unwrap_used)]

use cellwright_dae::linear::{DenseLu, LinearSolver};
use cellwright_dae::*;

/// `y' = -k y`, `0 = z - a y²` with parameters `k`, `a` and `y(0) = 1`: `y = exp(-k t)`, `z = a exp(-2 k t)`.
struct Decay {
    k: f64,
    a: f64,
    lu: DenseLu<f64>,
}

impl System for Decay {
    fn len(&self) -> usize {
        2
    }

    fn differential(&self) -> &[bool] {
        &[true, false]
    }

    fn residual(&mut self, _t: f64, y: &[f64], yp: &[f64], r: &mut [f64]) -> Result<(), Unusable> {
        // A mass that depends on the state, so that the mass product is tested.
        r[0] = (1.0 + y[0]) * (yp[0] + self.k * y[0]);
        r[1] = y[1] - self.a * y[0] * y[0];
        Ok(())
    }

    fn factor(&mut self, _t: f64, y: &[f64], yp: &[f64], cj: f64) -> Result<(), Unusable> {
        let d = (yp[0] + self.k * y[0]) + (1.0 + y[0]) * (cj + self.k);
        self.lu.matrix_mut().copy_from_slice(&[d, 0.0, -2.0 * self.a * y[0], 1.0]);
        Ok(self.lu.factor()?)
    }

    fn solve(&mut self, r: &mut [f64]) {
        self.lu.solve(r);
    }
}

impl ParametricSystem for Decay {
    fn n_parameters(&self) -> usize {
        2
    }

    fn parameter_derivative(&mut self, _t: f64, y: &[f64], _yp: &[f64], parameter: usize, out: &mut [f64]) -> Result<(), Unusable> {
        out.copy_from_slice(&if parameter == 0 {
            [(1.0 + y[0]) * y[0], 0.0]
        } else {
            [0.0, -y[0] * y[0]]
        });
        Ok(())
    }

    fn mass_product(&mut self, _t: f64, y: &[f64], _yp: &[f64], v: &[f64], out: &mut [f64]) {
        out.copy_from_slice(&[(1.0 + y[0]) * v[0], 0.0]);
    }
}

fn exact(k: f64, a: f64, t: f64) -> [[f64; 2]; 2] {
    let y = (-k * t).exp();
    [[-t * y, -2.0 * a * t * y * y], [0.0, y * y]]
}

fn largest_error(rtol: f64, jacobian: JacobianPolicy) -> f64 {
    let (k, a) = (1.3, 0.7);
    let mut system = Decay { k, a, lu: DenseLu::new(2) };
    let (y, yp) = ([1.0, a], [-k, 0.0]);
    let options = BdfOptions {
        jacobian,
        ..BdfOptions::with_tolerance(Tolerance::new(rtol, rtol))
    };
    let mut bdf = Bdf::new(&system, 0.0, &y, &yp, options).unwrap();
    let initial: Vec<_> = (0..2)
        .map(|p| initial_sensitivities(&mut system, 0.0, &y, &yp, p, 1e8).unwrap())
        .collect();
    assert!((initial[0].1[0] + 1.0).abs() < 1e-7 && initial[0].0[0] == 0.0);
    assert!((initial[1].0[1] - 1.0).abs() < 1e-7);
    let (s, sp) = initial.into_iter().unzip();
    let mut sensitivities = Sensitivities::new(&system, s, sp).unwrap();
    let mut worst = 0.0_f64;
    let mut out = [0.0; 2];
    let mut stop = 0.37;
    while stop < 3.0 {
        let outcome = bdf.step(&mut system, Some(stop)).unwrap();
        sensitivities.update(&mut system, &mut bdf).unwrap();
        for p in 0..2 {
            sensitivities.interpolate(&bdf, bdf.t(), p, &mut out).unwrap();
            for (s, exact) in out.iter().zip(exact(k, a, bdf.t())[p]) {
                worst = worst.max((s - exact).abs());
            }
        }
        let (_, end) = bdf.last_step();
        assert!((sensitivities.value(0)[0] - exact(k, a, end)[0][0]).abs() <= 1e3 * rtol);
        assert!((sensitivities.derivative(1)[0]).abs() < 1e-10);
        if outcome != StepOutcome::Stepped {
            stop += 0.37;
        }
    }
    worst
}

#[test]
fn sensitivities_converge_to_the_analytic_ones() {
    for jacobian in [JacobianPolicy::EveryStep, JacobianPolicy::WhenNeeded] {
        for rtol in [1e-4, 1e-6, 1e-8] {
            let error = largest_error(rtol, jacobian);
            println!("{jacobian:?} rtol {rtol:e}: {error:e}");
            assert!(error < 30.0 * rtol, "{jacobian:?} rtol {rtol:e}: {error:e}");
        }
    }
}

#[test]
fn wrong_shapes_are_refused() {
    let system = Decay {
        k: 1.0,
        a: 1.0,
        lu: DenseLu::new(2),
    };
    assert!(Sensitivities::new(&system, vec![vec![0.0; 2]], vec![vec![0.0; 2]; 2]).is_err());
    assert!(Sensitivities::new(&system, vec![vec![0.0; 3]; 2], vec![vec![0.0; 2]; 2]).is_err());
}
