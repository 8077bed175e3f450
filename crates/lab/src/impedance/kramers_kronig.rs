//! Linear Kramers–Kronig test: is a spectrum that of a linear, causal, stable system?
//!
//! # Equation
//! A chain `R₀ + s L + 1/(s C) + Σ R_k/(1 + s τ_k)` obeys the Kramers–Kronig relations whatever its coefficients. It is linear in them once
//! the τ_k are fixed, evenly in the logarithm from a decade above the highest to a decade below the lowest frequency; its best fit, weighted
//! with 1/|Z|, leaves what cannot be causal. Real and imaginary part share the coefficients, so with about as many elements as
//! frequencies half of the data is predicted by the other half.
//!
//! # Source
//! Boukamp, J. Electrochem. Soc. 142 (1995) 1885, <https://doi.org/10.1149/1.2044210>; Schönleber, Klotz, Ivers-Tiffée, Electrochim. Acta
//! 131 (2014) 20, <https://doi.org/10.1016/j.electacta.2014.01.034> (there with fewer elements, against overfitting of noise).
//!
//! # Verification
//! Tests below: circuits and a Warburg element pass, a drift of one part in 10 000 a decade does not.

use super::least_squares::{Columns, residual};
use num_complex::Complex64;

/// What the test says.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// `(Z - Z_fit)/|Z|` at every frequency.
    pub residual: Vec<Complex64>,
    /// Relaxation times of the fit.
    pub elements: usize,
}

impl Test {
    /// Largest magnitude of the residual.
    pub fn largest(&self) -> f64 {
        self.residual.iter().map(|r| r.norm()).fold(0.0, f64::max)
    }
}

/// Decades that the relaxation times reach beyond the frequencies, at either end.
const MARGIN: f64 = 1.0;

/// Tests a spectrum with one relaxation time per frequency. Fewer than four frequencies test nothing: the residual is then empty.
pub fn test(frequency: &[f64], impedance: &[Complex64]) -> Test {
    let n = frequency.len().min(impedance.len());
    let size: Vec<f64> = impedance.iter().map(|z| z.norm()).collect();
    if n < 4 || size.iter().any(|s| !s.is_finite() || *s == 0.0) {
        return Test {
            residual: vec![],
            elements: 0,
        };
    }
    let omega: Vec<f64> = frequency.iter().map(|f| std::f64::consts::TAU * f).collect();
    let (low, high) = omega.iter().fold((f64::INFINITY, 0.0f64), |(l, h), w| (l.min(*w), h.max(*w)));
    let middle = (low * high).sqrt();
    let elements = n;
    let (first, last) = (-high.log10() - MARGIN, -low.log10() + MARGIN);
    let mut a = Columns::new(2 * n);
    let mut push = |z: &dyn Fn(f64) -> Complex64| {
        let column: Vec<Complex64> = omega.iter().zip(&size).map(|(w, s)| z(*w) / s).collect();
        a.push(column.iter().map(|z| z.re).chain(column.iter().map(|z| z.im)));
    };
    push(&|_| Complex64::ONE);
    push(&|w| Complex64::new(0.0, w / middle));
    push(&|w| Complex64::new(0.0, -middle / w));
    for k in 0..elements {
        let tau = 10f64.powf(first + (last - first) * k as f64 / (elements - 1) as f64);
        push(&|w| 1.0 / Complex64::new(1.0, w * tau));
    }
    let relative: Vec<Complex64> = impedance.iter().zip(&size).map(|(z, s)| z / s).collect();
    let b: Vec<f64> = relative.iter().map(|z| z.re).chain(relative.iter().map(|z| z.im)).collect();
    let r = residual(a, &b);
    Test {
        residual: (0..n).map(|k| Complex64::new(r[k], r[n + k])).collect(),
        elements,
    }
}

#[cfg(test)]
mod tests {
    use super::super::frequencies;
    use super::*;

    fn spectrum(z: impl Fn(Complex64) -> Complex64) -> (Vec<f64>, Vec<Complex64>) {
        let f = frequencies(1e-3, 1e6, 10);
        let z = f.iter().map(|f| z(Complex64::new(0.0, std::f64::consts::TAU * f))).collect();
        (f, z)
    }

    fn cell(s: Complex64) -> Complex64 {
        let root = (s * 50.0).sqrt();
        10.0 + 80.0 / (1.0 + s * 3e-6) + 200.0 / (1.0 + s * 4e-3) + 90.0 / root * (1.0 + (-2.0 * root).exp()) / (1.0 - (-2.0 * root).exp())
    }

    #[test]
    fn causal_spectra_pass_and_a_drift_is_found() {
        let (f, z) = spectrum(cell);
        let exact = test(&f, &z).largest();
        assert!(exact < 1e-7, "{exact:e}");
        // The resistance changes while the sweep goes on.
        let drifting: Vec<Complex64> = z.iter().zip(&f).map(|(z, f)| z + 1e-4 * z.norm() * f.log10()).collect();
        let found = test(&f, &drifting).largest();
        assert!(found > 1e-5, "{found:e}");
        // Growing while current flows: a pole on the wrong side.
        let unstable: Vec<Complex64> = z.iter().zip(&f).map(|(z, f)| z + 1.0 / Complex64::new(1.0, -*f)).collect();
        assert!(test(&f, &unstable).largest() > 1e-4);
    }

    #[test]
    fn too_little_is_no_test() {
        assert!(test(&[1.0, 2.0], &[Complex64::ONE; 2]).residual.is_empty());
        assert!(test(&[1.0; 5], &[Complex64::ZERO; 5]).residual.is_empty());
    }
}
