//! Problems shared by the tests, with exact or published solutions.
#![allow(dead_code, clippy::unwrap_used)]

use cellwright_dae::linear::{BlockTridiagonal, LinearSolver};
use cellwright_dae::{DenseSystem, System, Unusable};

/// `y' = -5 (y - cos t) - sin t`, `0 = z³ - y³ - …`: an index-1 DAE with `y = cos t`, `z = cos t + sin t`.
pub fn index_one<'a>() -> DenseSystem<'a> {
    DenseSystem::new(
        vec![true, false],
        |t, y, yp, r| {
            r[0] = yp[0] + 5.0 * (y[0] - t.cos()) + t.sin();
            r[1] = y[1] + y[1].powi(3) - (y[0] + t.sin()) - (y[0] + t.sin()).powi(3);
            Ok(())
        },
        |t, y, _yp, cj, j| {
            j.add(0, 0, cj + 5.0);
            j.add(1, 0, -1.0 - 3.0 * (y[0] + t.sin()).powi(2));
            j.add(1, 1, 1.0 + 3.0 * y[1].powi(2));
        },
    )
}

/// Exact solution of [`index_one`].
pub fn index_one_exact(t: f64) -> [f64; 2] {
    [t.cos(), t.cos() + t.sin()]
}

/// Derivative of the exact solution of [`index_one`].
pub fn index_one_slope(t: f64) -> [f64; 2] {
    [-t.sin(), t.cos() - t.sin()]
}

/// Robertson's reactions with the conservation law as third equation.
///
/// Source: H. H. Robertson, in Numerical Analysis: An Introduction, Academic Press 1966, p. 178.
pub fn robertson<'a>() -> DenseSystem<'a> {
    DenseSystem::new(
        vec![true, true, false],
        |_t, y, yp, r| {
            r[0] = yp[0] + 0.04 * y[0] - 1e4 * y[1] * y[2];
            r[1] = yp[1] - 0.04 * y[0] + 1e4 * y[1] * y[2] + 3e7 * y[1] * y[1];
            r[2] = y[0] + y[1] + y[2] - 1.0;
            Ok(())
        },
        |_t, y, _yp, cj, j| {
            let rows = [
                [cj + 0.04, -1e4 * y[2], -1e4 * y[1]],
                [-0.04, cj + 1e4 * y[2] + 6e7 * y[1], 1e4 * y[1]],
                [1.0, 1.0, 1.0],
            ];
            j.matrix_mut().copy_from_slice(rows.as_flattened());
        },
    )
}

/// One-dimensional diffusion between walls held at zero; unknowns per cell: concentration, and its cube as an algebraic unknown.
///
/// The exact solution of the discrete equations is `sin(π x_i) exp(-λ t)` with the discrete eigenvalue λ.
pub struct Diffusion {
    n_cells: usize,
    differential: Vec<bool>,
    matrix: BlockTridiagonal<f64, 2>,
}

impl Diffusion {
    pub fn new(n_cells: usize) -> Self {
        let differential = (0..2 * n_cells).map(|i| i % 2 == 0).collect();
        Self {
            n_cells,
            differential,
            matrix: BlockTridiagonal::new(n_cells),
        }
    }

    fn rate(&self) -> f64 {
        ((self.n_cells + 1) as f64).powi(2)
    }

    /// Consistent state at time zero.
    pub fn start(&self) -> (Vec<f64>, Vec<f64>) {
        (
            self.exact(0.0),
            self.exact(0.0)
                .chunks(2)
                .flat_map(|c| [-self.eigenvalue() * c[0], -3.0 * self.eigenvalue() * c[1]])
                .collect(),
        )
    }

    pub fn eigenvalue(&self) -> f64 {
        4.0 * self.rate() * (0.5 * std::f64::consts::PI / (self.n_cells + 1) as f64).sin().powi(2)
    }

    pub fn exact(&self, t: f64) -> Vec<f64> {
        let decay = (-self.eigenvalue() * t).exp();
        (1..=self.n_cells)
            .flat_map(|i| {
                let c = decay * (std::f64::consts::PI * i as f64 / (self.n_cells + 1) as f64).sin();
                [c, c.powi(3)]
            })
            .collect()
    }
}

impl System for Diffusion {
    fn len(&self) -> usize {
        2 * self.n_cells
    }

    fn differential(&self) -> &[bool] {
        &self.differential
    }

    fn residual(&mut self, _t: f64, y: &[f64], yp: &[f64], r: &mut [f64]) -> Result<(), Unusable> {
        let rate = self.rate();
        for i in 0..self.n_cells {
            let left = if i > 0 { y[2 * i - 2] } else { 0.0 };
            let right = if i + 1 < self.n_cells { y[2 * i + 2] } else { 0.0 };
            let c = y[2 * i];
            r[2 * i] = yp[2 * i] - rate * (left - 2.0 * c + right);
            r[2 * i + 1] = y[2 * i + 1] - c.powi(3);
        }
        Ok(())
    }

    fn factor(&mut self, _t: f64, y: &[f64], _yp: &[f64], cj: f64) -> Result<(), Unusable> {
        let rate = self.rate();
        let (lower, diagonal, upper) = self.matrix.blocks_mut();
        for i in 0..diagonal.len() {
            lower[i] = [[-rate, 0.0], [0.0, 0.0]];
            upper[i] = [[-rate, 0.0], [0.0, 0.0]];
            diagonal[i] = [[cj + 2.0 * rate, 0.0], [-3.0 * y[2 * i].powi(2), 1.0]];
        }
        Ok(self.matrix.factor()?)
    }

    fn solve(&mut self, r: &mut [f64]) {
        self.matrix.solve(r);
    }
}
