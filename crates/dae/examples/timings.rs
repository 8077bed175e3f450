//! Measures the block-tridiagonal back end and the cost of a step outside the system.

use cellwright_dae::linear::{BlockTridiagonal, LinearSolver};
use cellwright_dae::{Bdf, BdfOptions, DaeError, StepOutcome, System, Tolerance, Unusable};
use std::hint::black_box;
use std::time::Instant;

/// Best time of one call in microseconds.
fn best(mut f: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..200 {
        let start = Instant::now();
        for _ in 0..50 {
            f();
        }
        best = best.min(start.elapsed().as_secs_f64() / 50.0);
    }
    best * 1e6
}

fn block_tridiagonal<const B: usize>(n_blocks: usize) -> Result<(), DaeError> {
    let mut a = BlockTridiagonal::<f64, B>::new(n_blocks);
    let (lower, diagonal, upper) = a.blocks_mut();
    for i in 0..n_blocks {
        for r in 0..B {
            for c in 0..B {
                let x = ((i * 7 + r * 3 + c * 5) as f64).sin();
                lower[i][r][c] = 0.3 * x;
                upper[i][r][c] = -0.3 * x;
                diagonal[i][r][c] = x + if r == c { 3.0 } else { 0.0 };
            }
        }
    }
    let mut singular = false;
    let factor = best(|| singular |= black_box(&mut a).factor().is_err());
    if singular {
        return Err(DaeError::Singular { t: 0.0, index: None });
    }
    let mut b = vec![1.0; n_blocks * B];
    let solve = best(|| {
        b.fill(1.0);
        black_box(&mut a).solve(black_box(&mut b));
    });
    println!("{n_blocks} blocks of {B}x{B}: factor {factor:.2} us, solve {solve:.2} us");
    Ok(())
}

/// `n` decoupled linear unknowns whose residual and solve cost next to nothing compared with the integrator.
struct Cheap {
    differential: Vec<bool>,
    cj: f64,
    seconds: f64,
}

impl System for Cheap {
    fn len(&self) -> usize {
        self.differential.len()
    }

    fn differential(&self) -> &[bool] {
        &self.differential
    }

    fn residual(&mut self, t: f64, y: &[f64], yp: &[f64], r: &mut [f64]) -> Result<(), Unusable> {
        let start = Instant::now();
        let source = t.sin();
        for ((r, y), yp) in r.iter_mut().zip(y).zip(yp) {
            *r = yp + y - source;
        }
        self.seconds += start.elapsed().as_secs_f64();
        Ok(())
    }

    fn factor(&mut self, _t: f64, _y: &[f64], _yp: &[f64], cj: f64) -> Result<(), Unusable> {
        self.cj = cj;
        Ok(())
    }

    fn solve(&mut self, r: &mut [f64]) {
        let start = Instant::now();
        let inverse = 1.0 / (self.cj + 1.0);
        r.iter_mut().for_each(|r| *r *= inverse);
        self.seconds += start.elapsed().as_secs_f64();
    }
}

/// The norms of [`Cheap`], as a real model would write them: a sum over a few quantities of interest.
struct FewNorms(Cheap);

impl System for FewNorms {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn differential(&self) -> &[bool] {
        self.0.differential()
    }

    fn residual(&mut self, t: f64, y: &[f64], yp: &[f64], r: &mut [f64]) -> Result<(), Unusable> {
        self.0.residual(t, y, yp, r)
    }

    fn factor(&mut self, t: f64, y: &[f64], yp: &[f64], cj: f64) -> Result<(), Unusable> {
        self.0.factor(t, y, yp, cj)
    }

    fn solve(&mut self, r: &mut [f64]) {
        self.0.solve(r);
    }

    fn correction_norm(&self, tol: &Tolerance, y: &[f64], v: &[f64]) -> f64 {
        tol.norm(&y[..8], &v[..8])
    }

    fn error_norm(&self, tol: &Tolerance, y: &[f64], v: &[f64]) -> f64 {
        tol.norm(&y[..8], &v[..8])
    }
}

fn overhead<S: System>(name: &str, mut system: S, seconds: impl Fn(&S) -> f64) -> Result<(), DaeError> {
    let n = system.len();
    let options = BdfOptions {
        max_order: 4,
        ..BdfOptions::with_tolerance(Tolerance::new(1e-5, 1e-7))
    };
    let mut bdf = Bdf::new(&system, 0.0, &vec![0.0; n], &vec![0.0; n], options)?;
    let start = Instant::now();
    while bdf.step(&mut system, Some(2000.0))? == StepOutcome::Stepped {}
    let total = start.elapsed().as_secs_f64();
    let steps = bdf.statistics().steps as f64;
    println!(
        "{name}, n = {n}: {:.2} us a step outside the system ({:.2} us inside), orders {:?}, {:.2} iterations a step",
        (total - seconds(&system)) / steps * 1e6,
        seconds(&system) / steps * 1e6,
        bdf.statistics().orders,
        bdf.statistics().newton_iterations as f64 / steps,
    );
    Ok(())
}

fn main() -> Result<(), DaeError> {
    block_tridiagonal::<1>(200)?;
    block_tridiagonal::<2>(60)?;
    block_tridiagonal::<3>(60)?;
    block_tridiagonal::<4>(60)?;
    for n in [100, 1000] {
        let cheap = || Cheap {
            differential: vec![true; n],
            cj: 1.0,
            seconds: 0.0,
        };
        overhead("default norms", cheap(), |s| s.seconds)?;
        overhead("norms over 8 unknowns", FewNorms(cheap()), |s| s.0.seconds)?;
    }
    Ok(())
}
