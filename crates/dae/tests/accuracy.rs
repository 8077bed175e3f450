//! Exact solutions: error proportional to the tolerance, observed order, dense output.
#![allow(clippy::unwrap_used)]

use cellwright_dae::*;

/// y1' = -y1 + y2 (differential), 0 = y2 - cos t + ... : index-1 DAE with the solution y1 = sin t, y2 = cos t + sin t.
fn index_one<'a>() -> DenseSystem<'a> {
    DenseSystem::new(
        vec![true, false],
        |t, y, yp, r| {
            r[0] = yp[0] - (y[1] - y[0]);
            r[1] = y[1].powi(3) - (t.cos() + y[0]).powi(3);
            Ok(())
        },
        |t, y, _yp, cj, j| {
            j.add(0, 0, cj + 1.0);
            j.add(0, 1, -1.0);
            j.add(1, 0, -3.0 * (t.cos() + y[0]).powi(2));
            j.add(1, 1, 3.0 * y[1].powi(2));
        },
    )
}

#[test]
fn debug_print() {
    for rtol in [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9] {
        let mut sys = DenseSystem::new(
            vec![true, true],
            |_t, y, yp, r| {
                r[0] = yp[0] + y[0];
                r[1] = yp[1] + 100.0 * (y[1] - y[0]);
                Ok(())
            },
            |_t, _y, _yp, cj, j| {
                j.add(0, 0, cj + 1.0);
                j.add(1, 0, -100.0);
                j.add(1, 1, cj + 100.0);
            },
        );
        let mut bdf = Bdf::new(&sys, 0.0, &[1.0, 0.0], &[-1.0, 100.0], BdfOptions::with_tolerance(Tolerance::new(rtol, rtol))).unwrap();
        bdf.integrate(&mut sys, 5.0).unwrap();
        println!("{rtol:e} {:e} {:e} {:?}", bdf.y()[0] - (-5.0f64).exp(), bdf.y()[1] - 100.0 / 99.0 * (-5.0f64).exp(), bdf.statistics());
        let mut sys = index_one();
        let mut bdf = Bdf::new(&sys, 0.0, &[0.0, 1.0], &[1.0, 1.0], BdfOptions::with_tolerance(Tolerance::new(rtol, rtol))).unwrap();
        let mut max: f64 = 0.0;
        let mut maxd: f64 = 0.0;
        while bdf.step(&mut sys, Some(2.0)).unwrap() == StepOutcome::Stepped {
            max = max.max((bdf.y()[0] - bdf.t().sin()).abs());
            let (a, b) = bdf.last_step();
            for k in 0..10 {
                let t = a + (b - a) * k as f64 / 10.0;
                maxd = maxd.max((bdf.interpolate_one(t, 0).unwrap() - t.sin()).abs());
            }
        }
        println!("  index1 {max:e} {maxd:e} {:?}", bdf.statistics());
    }
    let mut sys = DenseSystem::new(
        vec![true, true, false],
        |_t, y, yp, r| {
            r[0] = yp[0] + 0.04 * y[0] - 1e4 * y[1] * y[2];
            r[1] = yp[1] - 0.04 * y[0] + 1e4 * y[1] * y[2] + 3e7 * y[1] * y[1];
            r[2] = y[0] + y[1] + y[2] - 1.0;
            Ok(())
        },
        |_t, y, _yp, cj, j| {
            j.matrix_mut().copy_from_slice(&[
                cj + 0.04, -1e4 * y[2], -1e4 * y[1],
                -0.04, cj + 1e4 * y[2] + 6e7 * y[1], 1e4 * y[1],
                1.0, 1.0, 1.0]);
        },
    );
    let (mut y, mut yp) = ([1.0, 0.0, 0.3], [0.0; 3]);
    let tol = Tolerance::new(1e-6, vec![1e-8, 1e-12, 1e-8]);
    println!("{:?}", consistent_initial_conditions(&mut sys, 0.0, &mut y, &mut yp, &InitialOptions::default()));
    println!("{y:?} {yp:?}");
    for policy in [JacobianPolicy::EveryStep, JacobianPolicy::WhenNeeded] {
    let mut bdf = Bdf::new(&sys, 0.0, &y, &yp, BdfOptions { jacobian: policy, ..BdfOptions::with_tolerance(tol.clone()) }).unwrap();
    bdf.integrate(&mut sys, 0.4).unwrap();
    println!("{:?}", bdf.y());
    bdf.integrate(&mut sys, 4e10).unwrap();
    println!("{:?} {:?}", bdf.y(), bdf.statistics());
    }
}
