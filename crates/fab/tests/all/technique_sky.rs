//! Flux from the visible sky against closed forms, with its order.
#![allow(clippy::unwrap_used)]

use cellwright_fab::technique::line_of_sight::{hole_floor, hole_wall, shadow_length, trench_floor, trench_wall};
use cellwright_fab::technique::{Quadrature, Source, sky_flux};

const UP: [f64; 3] = [0.0, 0.0, 1.0];

/// Sky seen from (x, depth below the lip) in a long trench |x| < 1/2 that runs at an angle to the axes.
fn trench(x: f64, depth: f64, turn: f64) -> impl Fn([f64; 3]) -> bool {
    move |w| {
        let across = w[0] * turn.cos() + w[1] * turn.sin();
        w[2] > 0.0 && (x + across / w[2] * depth).abs() < 0.5
    }
}

/// Sky seen from (x, 0, depth below the lip) in a round hole of diameter 1.
fn hole(x: f64, depth: f64) -> impl Fn([f64; 3]) -> bool {
    move |w| w[2] > 0.0 && (x + w[0] / w[2] * depth).hypot(w[1] / w[2] * depth) < 0.5
}

/// View factor from a floor element at `x` off the axis to the opening of a hole of diameter 1 at `depth`:
/// (1 − (1 + H² − R²)/sqrt((1 + H² + R²)² − 4 R²))/2 with H = depth/x, R = radius/x.
fn off_axis(x: f64, depth: f64) -> f64 {
    let (h, r) = (depth / x, 0.5 / x);
    let z = 1.0 + h * h + r * r;
    0.5 * (1.0 - (1.0 + h * h - r * r) / (z * z - 4.0 * r * r).sqrt())
}

fn flux(normal: [f64; 3], visible: &dyn Fn([f64; 3]) -> bool) -> f64 {
    sky_flux(normal, visible, Source::Cosine, &Quadrature::default())
}

fn within(x: f64, y: f64, tolerance: f64, at: &str) {
    assert!(
        (x / y - 1.0).abs() < tolerance,
        "{at}: {x} against {y}, off by {:.3} %",
        100.0 * (x / y - 1.0)
    );
}

#[test]
fn open_field_and_inclined_planes() {
    let open = |w: [f64; 3]| w[2] > 0.0;
    within(flux(UP, &open), 1.0, 1e-12, "open field");
    for degrees in [0.0f64, 20.0, 45.0, 70.0, 90.0, 130.0] {
        let (s, c) = degrees.to_radians().sin_cos();
        within(flux([s, 0.0, c], &open), 0.5 * (1.0 + c), 0.01, &format!("plane at {degrees} deg"));
    }
    assert_eq!(flux([0.0, 0.0, -1.0], &open), 0.0);
    assert_eq!(flux(UP, &|_| false), 0.0);
}

#[test]
fn trench_and_hole_within_one_percent() {
    for ar in [0.5, 1.0, 2.0, 5.0, 10.0] {
        for turn in [0.0f64, 0.4, 0.7] {
            let wall = [-turn.cos(), -turn.sin(), 0.0];
            within(
                flux(UP, &trench(0.0, ar, turn)),
                trench_floor(ar),
                0.01,
                &format!("trench floor {ar}, turned {turn}"),
            );
            within(
                flux(wall, &trench(0.5, ar, turn)),
                trench_wall(ar),
                0.01,
                &format!("trench wall {ar}, turned {turn}"),
            );
        }
        within(flux(UP, &hole(0.0, ar)), hole_floor(ar), 0.01, &format!("hole floor {ar}"));
    }
    for ar in [0.2, 0.5, 1.0, 2.0] {
        within(
            flux([-1.0, 0.0, 0.0], &hole(0.5, ar)),
            hole_wall(ar),
            0.01,
            &format!("hole wall {ar}"),
        );
    }
}

#[test]
fn thin_gaps_of_the_sky_keep_the_stated_errors() {
    for i in 0..40 {
        let ar = 0.2 * 50f64.powf(f64::from(i) / 39.0);
        let relative = if ar <= 2.0 {
            0.006
        } else if ar <= 5.0 {
            0.018
        } else {
            0.04
        };
        for turn in [0.0f64, 0.03, 0.06, 0.13, 0.4] {
            let wall = [-turn.cos(), -turn.sin(), 0.0];
            for (x, y) in [
                (flux(UP, &trench(0.0, ar, turn)), trench_floor(ar)),
                (flux(wall, &trench(0.5, ar, turn)), trench_wall(ar)),
                (flux(UP, &hole(0.0, ar)), hole_floor(ar)),
                (flux([-1.0, 0.0, 0.0], &hole(0.5, ar)), hole_wall(ar)),
            ] {
                assert!(
                    (x - y).abs() < 0.002 && (x / y - 1.0).abs() < relative,
                    "aspect ratio {ar}, turned {turn}: {x} {y}"
                );
            }
        }
    }
}

#[test]
fn splitting_the_rim_converges_with_the_patch() {
    // Unsplit patches see the rim as straight lines: the error falls with the square of their size, over several openings together.
    let error = |n_splits: u32| -> f64 {
        let q = Quadrature {
            n_splits,
            ..Quadrature::default()
        };
        [0.31, 0.55, 0.83, 1.27, 1.9, 2.6]
            .iter()
            .map(|&x| (sky_flux(UP, &hole(0.2, x), Source::Cosine, &q) / off_axis(0.2, x) - 1.0).abs())
            .fold(0.0, f64::max)
    };
    let (coarse, fine) = (error(0), error(3));
    let order = (coarse / fine).log2() / 3.0;
    assert!(order > 1.0, "{coarse} {fine}: order {order}");
}

#[test]
fn beams_light_the_floor_and_throw_shadows() {
    let tilt = 35f64.to_radians();
    let beam = Source::Collimated { tilt, azimuth: 0.0 };
    let q = Quadrature::default();
    // Relative to the open field a lit floor is 1 and a lit wall tan(tilt).
    let edge = |x: f64| move |w: [f64; 3]| w[2] > 0.0 && x + w[0] / w[2] * 2.0 < 0.0;
    within(sky_flux([1.0, 0.0, 0.0], &|_| true, beam, &q), tilt.tan(), 1e-12, "wall");
    assert_eq!(sky_flux([-1.0, 0.0, 0.0], &|_| true, beam, &q), 0.0);
    // A step 2 high stands at x > 0: the beam from +x leaves its foot dark as far as the shadow is long.
    let reach = shadow_length(2.0, tilt);
    assert_eq!(sky_flux(UP, &edge(-0.999 * reach), beam, &q), 0.0);
    within(sky_flux(UP, &edge(-1.001 * reach), beam, &q), 1.0, 1e-12, "beyond the shadow");
    // On a rotating stage a wall faces the beam half the time: mean of max(cos, 0) is 1/π.
    let rotating = Source::Rotating { tilt };
    within(
        sky_flux([1.0, 0.0, 0.0], &|_| true, rotating, &q),
        tilt.tan() / std::f64::consts::PI,
        1e-4,
        "rotating wall",
    );
    within(sky_flux(UP, &|_| true, rotating, &q), 1.0, 1e-12, "rotating floor");
}

#[test]
fn peaked_sources_fill_holes_better() {
    // cos^n emission: a hole floor sees 1 − cos^(n+1) of its half angle.
    let q = Quadrature::default();
    for power in [1.0, 2.0, 4.0] {
        let source = Source::Peaked { power };
        within(sky_flux(UP, &|w: [f64; 3]| w[2] > 0.0, source, &q), 1.0, 0.01, "open field");
        for ar in [0.5, 1.0, 2.0] {
            let c = 2.0 * ar / (1.0f64 + 4.0 * ar * ar).sqrt();
            within(
                sky_flux(UP, &hole(0.0, ar), source, &q),
                1.0 - c.powf(power + 1.0),
                0.01,
                &format!("power {power}, {ar}"),
            );
        }
    }
}
