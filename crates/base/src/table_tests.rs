//! Order, monotonicity and slope tests of the interpolation tables.
#![allow(clippy::unwrap_used)]

use super::*;

fn grid(n: usize, f: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<f64>) {
    (0..=n).map(|i| i as f64 / n as f64).map(|x| (x, f(x))).unzip()
}

fn worst(n: usize, kind: Interpolation) -> f64 {
    let (x, y) = grid(n, f64::exp);
    let t = Table::new(x, y, kind).unwrap();
    (0..=1000)
        .map(|i| f64::from(i) / 1000.0)
        .map(|x| (t.eval(x).0 - x.exp()).abs())
        .fold(0.0, f64::max)
}

#[test]
fn orders_are_two_and_at_least_three() {
    for (kind, order) in [(Interpolation::Linear, 1.95), (Interpolation::Monotone, 2.6)] {
        let observed = (worst(40, kind) / worst(80, kind)).log2();
        assert!(observed > order, "{kind:?}: observed order {observed}");
    }
}

#[test]
fn uniform_table_is_fourth_order() {
    let worst = |n| {
        let t = UniformTable::new(0.0, 1.0, n, |x| (x.exp(), x.exp())).unwrap();
        (0..=1000)
            .map(|i| f64::from(i) / 1000.0)
            .map(|x| (t.eval(x).0 - x.exp()).abs())
            .fold(0.0, f64::max)
    };
    let observed = (worst(20) / worst(40)).log2();
    assert!((3.9..4.1).contains(&observed), "observed order {observed}");
}

#[test]
fn monotone_kind_never_overshoots() {
    let x = vec![0.0, 1.0, 2.0, 2.1, 5.0];
    let y = vec![4.0, 3.99, 3.9, 3.0, 2.9];
    let t = Table::new(x, y, Interpolation::Monotone).unwrap();
    let values: Vec<f64> = (0..=5000).map(|i| t.eval(f64::from(i) / 1000.0).0).collect();
    assert!(values.windows(2).all(|w| w[1] <= w[0]));
}

#[test]
fn slope_is_the_derivative_everywhere() {
    let (x, y) = grid(13, |x| (5.0 * x).sin());
    let linear = Table::new(x.clone(), y.clone(), Interpolation::Linear).unwrap();
    let cubic = Table::new(x, y, Interpolation::Monotone).unwrap();
    let uniform = UniformTable::new(0.0, 1.0, 13, |x| ((5.0 * x).sin(), 5.0 * (5.0 * x).cos())).unwrap();
    let evals: [&dyn Fn(f64) -> (f64, f64); 3] = [&|x| linear.eval(x), &|x| cubic.eval(x), &|x| uniform.eval(x)];
    for f in evals {
        for x in [-0.31, 0.013, 0.4021, 0.777, 0.999, 1.4] {
            let central = (f(x + 1e-6).0 - f(x - 1e-6).0) / 2e-6;
            assert!((f(x).1 - central).abs() < 1e-6, "at {x}: {} against {central}", f(x).1);
        }
    }
}

#[test]
fn falling_abscissae_are_turned_and_bad_ones_refused() {
    let t = Table::new(vec![2.0, 1.0, 0.0], vec![4.0, 1.0, 0.0], Interpolation::Linear).unwrap();
    assert_eq!(t.range(), (0.0, 2.0));
    assert_eq!(t.eval(1.5).0, 2.5);
    assert!(t.eval(f64::NAN).0.is_nan());
    let e = |x: Vec<f64>, y: Vec<f64>| Table::new(x, y, Interpolation::Monotone).unwrap_err();
    assert_eq!(e(vec![0.0, 1.0, 1.0], vec![0.0; 3]), TableError::NotMonotone { index: 2 });
    assert_eq!(e(vec![0.0], vec![0.0]), TableError::Shape { x: 1, y: 1 });
    assert_eq!(e(vec![0.0, 1.0], vec![0.0, f64::NAN]), TableError::NotFinite { index: 1 });
    assert!(UniformTable::new(1.0, 0.0, 4, |x| (x, 1.0)).is_err());
}
