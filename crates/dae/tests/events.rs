//! Event location, direction, order of several events, and restarts at events.
#![allow(clippy::unwrap_used)]

use cellwright_dae::*;

/// `y'' = -1` as two unknowns with the height as root function.
fn ball<'a>(crossing: Crossing) -> DenseSystem<'a> {
    DenseSystem::new(
        vec![true, true],
        |_t, y, yp, r| {
            r[0] = yp[0] - y[1];
            r[1] = yp[1] + 1.0;
            Ok(())
        },
        |_t, _y, _yp, cj, j| j.matrix_mut().copy_from_slice(&[cj, -1.0, 0.0, cj]),
    )
    .with_events(vec![crossing], |_t, y, _yp, g| g[0] = y[0])
}

fn options() -> BdfOptions {
    BdfOptions::with_tolerance(Tolerance::new(1e-9, 1e-9))
}

/// `y = t` with the given root functions of time.
fn clock<'a>(crossings: Vec<Crossing>, events: impl FnMut(f64, &[f64], &[f64], &mut [f64]) + 'a) -> DenseSystem<'a> {
    DenseSystem::new(
        vec![true],
        |_t, _y, yp, r| {
            r[0] = yp[0] - 1.0;
            Ok(())
        },
        |_t, _y, _yp, cj, j| j.add(0, 0, cj),
    )
    .with_events(crossings, events)
}

fn start(system: &DenseSystem) -> Bdf {
    Bdf::new(
        system,
        0.0,
        &[0.0],
        &[1.0],
        BdfOptions {
            h_init: Some(0.25),
            ..options()
        },
    )
    .unwrap()
}

#[test]
fn a_bouncing_ball_lands_on_time() {
    let mut system = ball(Crossing::Any);
    // Starts on the floor: the zero at the start is no event.
    let mut bdf = Bdf::new(&system, 0.0, &[0.0, 1.0], &[1.0, -1.0], options()).unwrap();
    let (mut speed, mut landing) = (1.0_f64, 0.0_f64);
    for _ in 0..8 {
        landing += 2.0 * speed;
        match bdf.integrate(&mut system, 100.0).unwrap() {
            StepOutcome::Event {
                index: 0,
                t,
                rising: false,
            } => {
                assert!((t - landing).abs() < 1e-8, "{t} against {landing}");
                assert_eq!(bdf.t(), t);
                assert!(bdf.y()[0].abs() < 1e-12 && (bdf.y()[1] + speed).abs() < 1e-7);
            }
            other => panic!("{other:?}"),
        }
        speed *= 0.7;
        let v = -0.7 * bdf.y()[1];
        let (t, height) = (bdf.t(), bdf.y()[0]);
        bdf.restart(t, &[height, v], &[v, -1.0]).unwrap();
    }
    assert_eq!(bdf.statistics().restarts, 8);
}

#[test]
fn location_is_sharp_on_the_dense_output() {
    let mut system = DenseSystem::new(
        vec![true],
        |_t, y, yp, r| {
            r[0] = yp[0] + y[0];
            Ok(())
        },
        |_t, _y, _yp, cj, j| j.add(0, 0, cj + 1.0),
    )
    .with_events(vec![Crossing::Any], |_t, y, _yp, g| g[0] = (y[0] - 0.5) * (1.0 + y[0] * y[0]).exp());
    let mut bdf = Bdf::new(
        &system,
        0.0,
        &[1.0],
        &[-1.0],
        BdfOptions::with_tolerance(Tolerance::new(1e-10, 1e-12)),
    )
    .unwrap();
    let outcome = bdf.integrate(&mut system, 10.0).unwrap();
    assert!(outcome.is_event());
    assert!((bdf.t() - 2.0_f64.ln()).abs() < 1e-8);
    let g = bdf.interpolate_one(bdf.t(), 0).unwrap() - 0.5;
    assert!(
        (-1e-13..=0.0).contains(&g),
        "the state is behind the crossing, within roundoff: {g:e}"
    );
}

#[test]
fn several_events_come_in_order_without_restart() {
    let times = [0.71, 0.33, 0.71, 0.5];
    let mut system = clock(vec![Crossing::Any; 4], |t, _y, _yp, g| {
        for (g, event) in g.iter_mut().zip(times) {
            *g = t - event;
        }
    });
    let mut bdf = start(&system);
    let mut seen = Vec::new();
    loop {
        match bdf.step(&mut system, Some(2.0)).unwrap() {
            StepOutcome::Event { index, t, rising } => {
                assert!(rising && (t - times[index]).abs() < 1e-11);
                assert!((bdf.y()[0] - t).abs() < 1e-9);
                seen.push(index);
            }
            StepOutcome::Reached(_) => break,
            StepOutcome::Stepped => {}
        }
    }
    // The two simultaneous ones are both delivered, the lower index first.
    assert_eq!(seen, [1, 3, 0, 2]);
}

#[test]
fn directions_are_filtered() {
    let mut system = ball(Crossing::Rising);
    let mut bdf = Bdf::new(&system, 0.0, &[1.0, 0.0], &[0.0, -1.0], options()).unwrap();
    assert_eq!(bdf.integrate(&mut system, 3.0).unwrap(), StepOutcome::Reached(3.0));
    let mut system = clock(vec![Crossing::Rising, Crossing::Falling], |t, _y, _yp, g| {
        g.fill((6.0 * t).sin() + 0.1)
    });
    let mut bdf = Bdf::new(&system, 0.0, &[0.0], &[1.0], BdfOptions { h_max: 0.2, ..options() }).unwrap();
    let mut seen = Vec::new();
    while !matches!(bdf.t(), t if t >= 3.0) {
        if let StepOutcome::Event { index, t, rising } = bdf.step(&mut system, Some(3.0)).unwrap() {
            assert_eq!(index == 0, rising);
            seen.push((index, (6.0 * t / std::f64::consts::PI).round() as i32));
        }
    }
    assert_eq!(seen, [(1, 1), (0, 2), (1, 3), (0, 4), (1, 5)]);
}

#[test]
fn an_event_may_coincide_with_a_stop_time() {
    let mut system = clock(vec![Crossing::Any], |t, _y, _yp, g| g[0] = t - 0.5);
    let mut bdf = start(&system);
    let mut events = 0;
    for stop in [0.5, 0.5, 1.0] {
        loop {
            match bdf.step(&mut system, Some(stop)).unwrap() {
                StepOutcome::Event { t, .. } => {
                    assert!((t - 0.5).abs() < 1e-12);
                    events += 1;
                }
                StepOutcome::Reached(t) => {
                    assert_eq!(t, stop);
                    break;
                }
                StepOutcome::Stepped => {}
            }
        }
    }
    assert_eq!(events, 1);
}

#[test]
fn an_event_does_not_fire_again_after_a_restart() {
    let mut system = clock(vec![Crossing::Any], |_t, y, _yp, g| g[0] = y[0] - 0.5);
    let mut bdf = start(&system);
    assert!(bdf.integrate(&mut system, 1.0).unwrap().is_event());
    let t = bdf.t();
    // The state is put slightly in front of the crossing; without disarming it would fire at once.
    bdf.restart(t, &[0.5 - 1e-13], &[1.0]).unwrap();
    assert_eq!(bdf.integrate(&mut system, 2.0).unwrap(), StepOutcome::Reached(2.0));
}
