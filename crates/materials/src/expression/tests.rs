//! Grammar, derivatives, bounds and hostile input of formulas.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

fn value(text: &str, x: f64, t: f64) -> f64 {
    Expression::parse(text).unwrap().eval(x, t).value
}

#[test]
fn python_precedence() {
    for (text, expected) in [
        ("-x^2", -9.0),
        ("-x**2", -9.0),
        ("2**3**2", 512.0),
        ("2**-1", 0.5),
        ("8/4/2", 1.0),
        ("1-2-3", -4.0),
        ("2*x**2", 18.0),
        ("+1.5e+1 - .5", 14.5),
        ("pow(x, 2) + min(x, 1) + max(x, 5)", 15.0),
        ("log10(100) + ln(exp(2)) + log(1)", 4.0),
        ("c*T", 900.0),
        ("abs(-x)", 3.0),
    ] {
        assert!((value(text, 3.0, 300.0) - expected).abs() < 1e-12, "{text}");
    }
}

#[test]
fn derivatives_agree_with_central_differences() {
    for text in [
        "exp(-3*x)*T",
        "log(x)+log10(x*T)",
        "sqrt(x)/T",
        "tanh(5*x-2)*sinh(x)*cosh(x)",
        "sin(x)*cos(T/100)*tan(x)",
        "atan(10*x)",
        "abs(x-2)",
        "x^2.5 + 2^x + x^(T/300)",
        "(1/x - x/T)**3",
        "min(x*x, x)+max(T, x)",
    ] {
        let e = Expression::parse(text).unwrap();
        for x in [0.2, 0.71] {
            let (j, h) = (e.eval(x, 310.0), 1e-5);
            let dx = (e.eval(x + h, 310.0).value - e.eval(x - h, 310.0).value) / (2.0 * h);
            let dt = (e.eval(x, 310.0 + 1e-3).value - e.eval(x, 310.0 - 1e-3).value) / 2e-3;
            assert!((j.dx - dx).abs() < 1e-6 * (1.0 + dx.abs()), "{text}: {} against {dx}", j.dx);
            assert!((j.dt - dt).abs() < 1e-7 * (1.0 + dt.abs()), "{text}: {} against {dt}", j.dt);
        }
    }
}

#[test]
fn scaling_turns_units() {
    let e = Expression::parse("2*c").unwrap().scaled(1000.0, 0.1);
    assert_eq!(
        e.eval(1500.0, 300.0),
        Jet {
            value: 0.30000000000000004,
            dx: 0.0002,
            dt: 0.0
        }
    );
}

#[test]
fn foreign_code_is_refused_at_its_place() {
    for (text, position) in [
        ("__import__('os')", 0),
        ("1 + y", 4),
        ("exp(x", 5),
        ("x x", 2),
        ("", 0),
        ("2 *", 3),
        ("x if x else 1", 2),
        ("x;x", 1),
        ("exp x", 4),
        ("pow(x)", 5),
        ("1e999", 0),
        ("x[0]", 1),
        ("lambda: x", 0),
        ("x.real", 0),
        ("\u{3c7}", 0),
    ] {
        let e = Expression::parse(text).unwrap_err();
        assert_eq!(e.position, position, "{text}: {e}");
    }
}

#[test]
fn bounds_hold() {
    assert!(Expression::parse(&format!("{}x{}", "(".repeat(63), ")".repeat(63))).is_ok());
    assert!(Expression::parse(&format!("{}x{}", "(".repeat(65), ")".repeat(65))).is_err());
    assert!(Expression::parse(&"-".repeat(9_000)).is_err());
    assert!(Expression::parse(&format!("x{}", "^x".repeat(100))).is_err());
    assert!(Expression::parse(&format!("x{}", "+x".repeat(1_900))).is_ok());
    assert!(Expression::parse(&format!("x{}", "+x".repeat(2_100))).is_err());
    assert!(Expression::parse(&format!("1{}", "+1".repeat(2_100))).is_err());
    assert!(Expression::parse(&" ".repeat(10_001)).is_err());
}

#[test]
fn constants_fold() {
    assert_eq!(Expression::parse("2*(3+4)*x").unwrap().size(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,80}") {
        if let Ok(e) = Expression::parse(&text) {
            e.eval(0.5, 300.0);
        }
    }

    #[test]
    fn formula_like_text_never_panics(text in "([-+*/^(), x0-9.eT]|exp|tanh|pow|min|log){0,60}") {
        if let Ok(e) = Expression::parse(&text) {
            e.eval(0.5, 300.0);
        }
    }
}
