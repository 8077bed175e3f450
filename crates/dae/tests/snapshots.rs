//! Work counts of three problems. A change here changes the cost of every simulation: understand it before updating a number.
#![allow(clippy::unwrap_used)]

mod problems;

use cellwright_dae::*;
use problems::*;

/// Steps, error rejections, Newton rejections, residuals, factorisations, orders.
fn counts(s: &Statistics) -> (usize, usize, usize, usize, usize, [usize; 5]) {
    (
        s.steps,
        s.rejected_error,
        s.rejected_newton,
        s.residuals,
        s.factorisations,
        s.orders,
    )
}

#[test]
fn robertson_to_4e10() {
    let run = |jacobian| {
        let mut system = robertson();
        let tolerance = Tolerance::new(1e-4, vec![1e-8, 1e-10, 1e-6]);
        let options = BdfOptions {
            jacobian,
            ..BdfOptions::with_tolerance(tolerance)
        };
        let mut bdf = Bdf::new(&system, 0.0, &[1.0, 0.0, 0.0], &[-0.04, 0.04, 0.0], options).unwrap();
        bdf.integrate(&mut system, 4e10).unwrap();
        counts(bdf.statistics())
    };
    assert_eq!(run(JacobianPolicy::EveryStep), (396, 4, 0, 447, 400, [9, 27, 31, 58, 271]));
    assert_eq!(run(JacobianPolicy::WhenNeeded), (396, 10, 0, 825, 77, [9, 32, 43, 59, 253]));
}

#[test]
fn diffusion_of_60_cells() {
    let mut system = Diffusion::new(60);
    let (y, yp) = system.start();
    let mut bdf = Bdf::new(&system, 0.0, &y, &yp, BdfOptions::with_tolerance(Tolerance::new(1e-5, 1e-8))).unwrap();
    bdf.integrate(&mut system, 1.0).unwrap();
    assert_eq!(counts(bdf.statistics()), (97, 1, 0, 118, 98, [2, 14, 6, 7, 68]));
}

#[test]
fn index_one_over_twenty_seconds() {
    let mut system = index_one();
    let options = BdfOptions::with_tolerance(Tolerance::new(1e-6, 1e-6));
    let mut bdf = Bdf::new(&system, 0.0, &index_one_exact(0.0), &index_one_slope(0.0), options).unwrap();
    bdf.integrate(&mut system, 20.0).unwrap();
    assert_eq!(counts(bdf.statistics()), (181, 7, 0, 206, 189, [3, 18, 7, 6, 147]));
}
