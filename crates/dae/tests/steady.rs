//! Steady states against closed forms.
#![allow(clippy::unwrap_used)]

use cellwright_dae::*;

fn options() -> SteadyOptions {
    SteadyOptions {
        tolerance: Tolerance::new(1e-8, 1e-10),
        ..SteadyOptions::default()
    }
}

#[test]
fn newton_finds_a_nonlinear_balance() {
    // Heat balance y' = 1 - y⁴ with an algebraic companion.
    let mut system = DenseSystem::new(
        vec![true, false],
        |_t, y, yp, r| {
            r[0] = yp[0] - 1.0 + y[0].powi(4);
            r[1] = y[1].exp() - 3.0 * y[0];
            Ok(())
        },
        |_t, y, _yp, cj, j| j.matrix_mut().copy_from_slice(&[cj + 4.0 * y[0].powi(3), 0.0, -3.0, y[1].exp()]),
    );
    let mut y = [0.2, 0.0];
    steady_state(&mut system, 0.0, &mut y, &options()).unwrap();
    assert!((y[0] - 1.0).abs() < 1e-12 && (y[1] - 3.0_f64.ln()).abs() < 1e-12);
}

/// A ⇌ B conserves A + B: the Newton matrix is singular, the transient keeps the amount.
#[test]
fn the_transient_keeps_conserved_amounts() {
    let mut system = DenseSystem::new(
        vec![true, true],
        |_t, y, yp, r| {
            let flow = 2.0 * y[0] * y[0] - y[1];
            r[0] = yp[0] + flow;
            r[1] = yp[1] - flow;
            Ok(())
        },
        |_t, y, _yp, cj, j| j.matrix_mut().copy_from_slice(&[cj + 4.0 * y[0], -1.0, -4.0 * y[0], cj + 1.0]),
    );
    let mut y = [1.0, 0.0];
    steady_state(&mut system, 0.0, &mut y, &options()).unwrap();
    assert!((y[0] - 0.5).abs() < 1e-9 && (y[1] - 0.5).abs() < 1e-9, "{y:?}");
}

/// From each side of the watershed the transient walks to the stable state of a bistable system.
#[test]
fn the_transient_finds_the_stable_state() {
    let make = || {
        DenseSystem::new(
            vec![true],
            |_t, y, yp, r| {
                r[0] = yp[0] - y[0] * (1.0 - y[0]) * (y[0] - 0.4);
                Ok(())
            },
            |_t, y, _yp, cj, j| {
                let y = y[0];
                j.add(0, 0, cj - ((1.0 - 2.0 * y) * (y - 0.4) + y * (1.0 - y)));
            },
        )
    };
    let transient = SteadyOptions {
        newton_first: false,
        ..options()
    };
    for (from, to) in [(0.8, 1.0), (0.1, 0.0), (3.0, 1.0)] {
        let mut y = [from];
        steady_state(&mut make(), 0.0, &mut y, &transient).unwrap();
        assert!((y[0] - to).abs() < 1e-9, "{from} went to {}", y[0]);
    }
}

#[test]
fn no_steady_state_is_an_error() {
    let mut system = DenseSystem::new(
        vec![true],
        |_t, y, yp, r| {
            r[0] = yp[0] - 1.0 - y[0] * y[0];
            Ok(())
        },
        |_t, y, _yp, cj, j| j.add(0, 0, cj - 2.0 * y[0]),
    );
    let mut y = [0.5];
    assert!(matches!(
        steady_state(&mut system, 0.0, &mut y, &options()),
        Err(DaeError::NewtonDiverged { worst_unknown: 0, .. })
    ));
    assert_eq!(y, [0.5]);
}
