//! Boolean operations and sizing against plane figures and the inclusion-exclusion rule.

use super::*;
use crate::rings::{area, perimeter};
use proptest::prelude::*;

fn rectangle(x: i32, y: i32, w: i32, h: i32) -> Ring {
    vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]]
}

#[test]
fn operations_on_two_overlapping_squares() {
    let (a, b) = (vec![rectangle(0, 0, 10, 10)], vec![rectangle(5, 5, 10, 10)]);
    assert_eq!(area(&union(&a, &b)), 175.0);
    assert_eq!(area(&intersection(&a, &b)), 25.0);
    assert_eq!(area(&difference(&a, &b)), 75.0);
    assert_eq!(area(&exclusive(&a, &b)), 150.0);
    let mut clockwise = b[0].clone();
    clockwise.reverse();
    assert_eq!(area(&merged(&[a[0].clone(), clockwise])), 175.0);
}

#[test]
fn coordinates_up_to_the_limits_work() {
    let (low, high) = (i32::MIN, i32::MAX);
    let all = vec![vec![[low, low], [high, low], [high, high], [low, high]]];
    let cut = difference(&all, &[rectangle(0, 0, 1000, 1000)]);
    assert_eq!(area(&cut), (f64::from(high) - f64::from(low)).powi(2) - 1e6);
}

#[test]
fn sizing_a_square_and_a_hole() {
    let frame = difference(&[rectangle(0, 0, 100, 100)], &[rectangle(40, 40, 20, 20)]);
    assert_eq!(area(&sized(&frame, 5)), 110.0 * 110.0 - 10.0 * 10.0);
    assert_eq!(area(&sized(&frame, -5)), 90.0 * 90.0 - 30.0 * 30.0);
    assert!(sized(&frame, -30).is_empty());
    assert_eq!(area(&sized(&frame, 10)), 120.0 * 120.0);
}

#[test]
fn a_rolling_disc_gives_the_area_of_the_parallel_curve() {
    // Steiner: A + P d + pi d² for a convex polygon.
    let (square, d) = (vec![rectangle(0, 0, 100_000, 100_000)], 30_000);
    let exact = area(&square) + perimeter(&square) * f64::from(d) + std::f64::consts::PI * f64::from(d).powi(2);
    let mut errors = vec![];
    for sagitta in [1000.0, 100.0, 10.0] {
        errors.push(exact - area(&sized_round(&square, d, sagitta)));
    }
    // Chords lie inside the arc: the missing area is at most the arc times the sagitta.
    for (error, sagitta) in errors.iter().zip([1000.0, 100.0, 10.0]) {
        assert!((0.0..=std::f64::consts::TAU * f64::from(d) * sagitta).contains(error), "{errors:?}");
    }
    assert!(errors[0] > errors[1] && errors[1] > errors[2], "{errors:?}");
}

fn polygons() -> impl Strategy<Value = Vec<Ring>> {
    let point = [-50..50_i32, -50..50_i32];
    proptest::collection::vec(proptest::collection::vec(point, 3..7), 0..6)
}

proptest! {
    #[test]
    fn inclusion_and_exclusion(a in polygons(), b in polygons()) {
        let scaled = |set: Vec<Ring>| merged(&set.into_iter().map(|r| r.into_iter().map(|p| p.map(|v| v * 10_000)).collect()).collect::<Vec<_>>());
        let (a, b) = (scaled(a), scaled(b));
        let (both, either) = (area(&intersection(&a, &b)), area(&union(&a, &b)));
        // New corners move by up to a unit of a millionth of the size.
        let slack = 4.0 * (perimeter(&a) + perimeter(&b)) + 10.0;
        prop_assert!((area(&a) + area(&b) - both - either).abs() <= slack);
        prop_assert!((area(&difference(&a, &b)) - area(&a) + both).abs() <= slack);
        prop_assert!((area(&exclusive(&a, &b)) - either + both).abs() <= slack);
        for set in [&a, &b] {
            prop_assert!(set.first().is_none_or(|ring| twice_area(ring) > 0));
        }
    }
}
