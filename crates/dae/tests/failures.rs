//! Failures are typed and name the unknown.
#![allow(clippy::unwrap_used)]

use cellwright_dae::*;

fn options(rtol: f64) -> BdfOptions {
    BdfOptions::with_tolerance(Tolerance::new(rtol, rtol))
}

#[test]
fn a_blow_up_ends_with_a_small_step() {
    // y1 = 1/(1-t), next to a harmless unknown.
    let mut system = DenseSystem::new(
        vec![true, true],
        |_t, y, yp, r| {
            r[0] = yp[0];
            r[1] = yp[1] - y[1] * y[1];
            Ok(())
        },
        |_t, y, _yp, cj, j| j.matrix_mut().copy_from_slice(&[cj, 0.0, 0.0, cj - 2.0 * y[1]]),
    );
    let mut bdf = Bdf::new(&system, 0.0, &[1.0, 1.0], &[0.0, 1.0], options(1e-6)).unwrap();
    match bdf.integrate(&mut system, 2.0).unwrap_err() {
        DaeError::StepTooSmall { t, worst_unknown: 1, .. } | DaeError::RepeatedFailure { t, worst_unknown: 1, .. } => {
            assert!((t - 1.0).abs() < 1e-4, "{t}");
        }
        other => panic!("{other}"),
    }
    // The state is the last accepted one.
    assert!(bdf.y()[1].is_finite() && bdf.y()[0] == 1.0);
}

#[test]
fn a_state_outside_the_domain_is_named() {
    let mut system = DenseSystem::new(
        vec![true, true],
        |_t, y, yp, r| {
            if y[1] < 0.0 {
                return Err(Unusable::at(1, "negative concentration"));
            }
            r[0] = yp[0];
            r[1] = yp[1] + 1.0;
            Ok(())
        },
        |_t, _y, _yp, cj, j| j.matrix_mut().copy_from_slice(&[cj, 0.0, 0.0, cj]),
    );
    let mut bdf = Bdf::new(
        &system,
        0.0,
        &[1.0, 1.0],
        &[0.0, -1.0],
        BdfOptions {
            h_min: 1e-9,
            ..options(1e-6)
        },
    )
    .unwrap();
    let error = bdf.integrate(&mut system, 2.0).unwrap_err();
    let DaeError::StepTooSmall {
        t, worst_unknown, cause, ..
    } = error
    else {
        panic!("{error}")
    };
    assert!((t - 1.0).abs() < 1e-6 && worst_unknown == 1);
    assert_eq!(cause, StepFailure::Unusable(Unusable::at(1, "negative concentration")));
    assert!(error.to_string().contains("negative concentration"));
}

#[test]
fn a_singular_jacobian_is_reported() {
    let mut system = DenseSystem::new(
        vec![true, false],
        |_t, y, yp, r| {
            r[0] = yp[0] + y[1];
            r[1] = 0.0 * y[1];
            Ok(())
        },
        |_t, _y, _yp, cj, j| j.matrix_mut().copy_from_slice(&[cj, 1.0, 0.0, 0.0]),
    );
    let mut bdf = Bdf::new(&system, 0.0, &[1.0, 0.0], &[0.0, 0.0], options(1e-6)).unwrap();
    let error = bdf.integrate(&mut system, 1.0).unwrap_err();
    let DaeError::RepeatedFailure {
        worst_unknown: 1, cause, ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(cause, StepFailure::Unusable(Unusable::Singular { index: Some(1) }));
    assert_eq!(bdf.y(), [1.0, 0.0]);
}

#[test]
fn the_number_of_steps_is_limited() {
    let mut system = DenseSystem::new(
        vec![true],
        |t, _y, yp, r| {
            r[0] = yp[0] - (100.0 * t).sin();
            Ok(())
        },
        |_t, _y, _yp, cj, j| j.add(0, 0, cj),
    );
    let mut bdf = Bdf::new(
        &system,
        0.0,
        &[0.0],
        &[0.0],
        BdfOptions {
            max_steps: 20,
            ..options(1e-6)
        },
    )
    .unwrap();
    assert!(matches!(
        bdf.integrate(&mut system, 10.0),
        Err(DaeError::TooManySteps { steps: 20, .. })
    ));
    let (t, y, yp) = (bdf.t(), bdf.y().to_vec(), bdf.yp().to_vec());
    bdf.restart(t, &y, &yp).unwrap();
    assert_eq!(bdf.step(&mut system, Some(10.0)).unwrap(), StepOutcome::Stepped);
}

#[test]
fn no_initial_state_names_equation_and_unknown() {
    let mut system = DenseSystem::new(
        vec![true, false, false],
        |_t, y, yp, r| {
            r[0] = yp[0] + y[0];
            r[1] = y[1] - 1.0;
            r[2] = y[2] * y[2] + 1.0;
            Ok(())
        },
        |_t, y, _yp, cj, j| {
            j.matrix_mut()
                .copy_from_slice(&[cj + 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 2.0 * y[2]])
        },
    );
    let (mut y, mut yp) = ([1.0, 0.0, 2.0], [0.0; 3]);
    let error = consistent_initial_conditions(&mut system, 0.0, &mut y, &mut yp, &InitialOptions::default()).unwrap_err();
    let DaeError::InitialConditions {
        worst_residual,
        worst_unknown,
        residual,
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!((worst_residual, worst_unknown), (2, 2));
    assert!(residual >= 1.0);
    assert_eq!(y, [1.0, 0.0, 2.0], "the guess is unchanged after a failure");
}

#[test]
fn misuse_is_refused() {
    let mut system = DenseSystem::new(
        vec![true],
        |_t, _y, yp, r| {
            r[0] = yp[0];
            Ok(())
        },
        |_t, _y, _yp, cj, j| j.add(0, 0, cj),
    );
    let new = |y: &[f64], o: BdfOptions| Bdf::new(&system, 1.0, y, &[0.0], o);
    assert!(matches!(
        new(&[0.0, 1.0], options(1e-3)),
        Err(DaeError::Misuse(Misuse::Length { found: 2, expected: 1 }))
    ));
    assert!(matches!(
        new(&[f64::NAN], options(1e-3)),
        Err(DaeError::Misuse(Misuse::NotFinite { index: 0 }))
    ));
    for bad in [
        BdfOptions {
            max_order: 6,
            ..options(1e-3)
        },
        BdfOptions {
            max_order: 0,
            ..options(1e-3)
        },
        BdfOptions {
            h_init: Some(0.0),
            ..options(1e-3)
        },
        BdfOptions {
            h_max: -1.0,
            ..options(1e-3)
        },
        BdfOptions {
            h_min: f64::NAN,
            ..options(1e-3)
        },
        BdfOptions::with_tolerance(Tolerance::new(-1.0, 1.0)),
        BdfOptions::with_tolerance(Tolerance::new(1e-3, vec![-1.0])),
        BdfOptions::with_tolerance(Tolerance::new(1e-3, vec![1.0, 1.0])),
    ] {
        assert!(matches!(new(&[0.0], bad), Err(DaeError::Misuse(_))));
    }
    let mut bdf = new(&[0.0], options(1e-3)).unwrap();
    assert!(matches!(
        bdf.step(&mut system, Some(0.5)),
        Err(DaeError::Misuse(Misuse::StopInThePast { .. }))
    ));
    assert_eq!(bdf.step(&mut system, Some(1.0)).unwrap(), StepOutcome::Reached(1.0));
}
