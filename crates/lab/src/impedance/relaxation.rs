//! Distribution of relaxation times: which time constants a spectrum is made of.
//!
//! # Equation
//! `Z(s) = R_∞ + 1/(s C) + ∫ γ(ln τ)/(1 + s τ) d ln τ` with γ ≥ 0, from `min |W (Z_fit - Z)|² + λ |γ''|²` over all
//! frequencies, W = 1/|Z|; γ and its second derivative in ln τ are measured by the mean of |Z|. γ is a sum of triangles in ln τ.
//!
//! # Source
//! Regularised deconvolution as in Wan, Saccoccio, Chen, Ciucci, Electrochim. Acta 184 (2015) 483,
//! <https://doi.org/10.1016/j.electacta.2015.09.097>; non-negative least squares by Lawson and Hanson.
//!
//! # Verification
//! Tests below: area, place and width of the distribution of a ZARC element in closed form.

use super::least_squares::{Columns, non_negative};
use num_complex::Complex64;

/// Weight λ of the roughness.
pub const LAMBDA: f64 = 1e-6;

/// Relaxation times per decade.
const PER_DECADE: f64 = 12.0;

/// A distribution of relaxation times.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// τ, s, rising.
    pub time: Vec<f64>,
    /// γ(ln τ), ohm.
    pub gamma: Vec<f64>,
    /// Resistance at infinite frequency, ohm.
    pub high: f64,
    /// 1/C of the stored charge, V/C.
    pub inverse_capacitance: f64,
    /// Largest relative misfit of the spectrum.
    pub misfit: f64,
}

/// One peak of a distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// τ of the maximum, s.
    pub time: f64,
    /// Area between the valleys beside it, ohm.
    pub resistance: f64,
}

/// Finds the distribution of a spectrum; none if there are fewer than four frequencies.
pub fn distribution(frequency: &[f64], impedance: &[Complex64]) -> Option<Distribution> {
    let n = frequency.len();
    if n < 4 || impedance.len() != n || impedance.iter().any(|z| !z.norm().is_finite() || z.norm() == 0.0) {
        return None;
    }
    let omega: Vec<f64> = frequency.iter().map(|f| std::f64::consts::TAU * f).collect();
    let (low, high) = omega.iter().fold((f64::INFINITY, 0.0f64), |(l, h), w| (l.min(*w), h.max(*w)));
    // Half a decade beyond both ends: what relaxes there still bends the spectrum.
    let (first, last) = (-high.log10() - 0.5, -low.log10() + 0.5);
    let m = ((last - first) * PER_DECADE).round() as usize + 1;
    let step = (last - first) / (m - 1) as f64 * std::f64::consts::LN_10;
    let time: Vec<f64> = (0..m)
        .map(|k| 10f64.powf(first + (last - first) * k as f64 / (m - 1) as f64))
        .collect();
    let size: Vec<f64> = impedance.iter().map(|z| z.norm()).collect();
    let scale = size.iter().sum::<f64>() / n as f64;
    let smooth = m - 2;
    let mut a = Columns::new(2 * n + smooth);
    let roughness = (LAMBDA * step).sqrt() / (step * step);
    let column = |z: &dyn Fn(f64) -> Complex64, k: Option<usize>| {
        let values: Vec<Complex64> = omega.iter().zip(&size).map(|(w, s)| z(*w) * scale / s).collect();
        let second = (0..smooth).map(move |i| match k.map(|k| k as i64 - i as i64) {
            Some(0 | 2) => roughness,
            Some(1) => -2.0 * roughness,
            _ => 0.0,
        });
        values
            .iter()
            .map(|z| z.re)
            .chain(values.iter().map(|z| z.im))
            .chain(second)
            .collect::<Vec<f64>>()
    };
    let middle = (low * high).sqrt();
    a.push(column(&|_| Complex64::ONE, None));
    a.push(column(&|w| Complex64::new(0.0, -middle / w), None));
    for (k, tau) in time.iter().enumerate() {
        a.push(column(&|w| step / Complex64::new(1.0, w * tau), Some(k)));
    }
    let relative: Vec<Complex64> = impedance.iter().zip(&size).map(|(z, s)| z / s).collect();
    let mut b: Vec<f64> = relative.iter().map(|z| z.re).chain(relative.iter().map(|z| z.im)).collect();
    b.resize(2 * n + smooth, 0.0);
    let x = non_negative(&a, &b);
    let fit = a.times(&x);
    let misfit = (0..n).map(|k| (fit[k] - b[k]).hypot(fit[n + k] - b[n + k])).fold(0.0, f64::max);
    Some(Distribution {
        time,
        gamma: x[2..].iter().map(|v| v * scale).collect(),
        high: x[0] * scale,
        inverse_capacitance: x[1] * scale * middle,
        misfit,
    })
}

impl Distribution {
    /// Peaks from fast to slow that hold at least one part in a hundred of the resistance.
    pub fn peaks(&self) -> Vec<Peak> {
        let g = &self.gamma;
        let step = (self.time[1] / self.time[0]).ln();
        let total: f64 = g.iter().sum();
        let mut out = vec![];
        let mut start = 0;
        while start < g.len() {
            let top = (start..g.len() - 1).find(|i| g[i + 1] < g[*i]).unwrap_or(g.len() - 1);
            let end = (top..g.len() - 1).find(|i| g[i + 1] > g[*i]).unwrap_or(g.len() - 1);
            let area: f64 = g[start..=end].iter().sum();
            if area > 0.01 * total {
                out.push(Peak {
                    time: self.time[top],
                    resistance: area * step,
                });
            }
            start = end + 1;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::frequencies;
    use super::*;
    use std::f64::consts::{PI, TAU};

    /// A ZARC, R/(1 + (s τ₀)^α): γ = R sin((1-α)π)/(2π (cosh(α ln(τ/τ₀)) - cos((1-α)π))).
    #[test]
    fn a_zarc_has_its_closed_form() {
        let (r, tau, alpha, ohmic) = (50.0, 1e-2, 0.8, 12.0);
        let f = frequencies(1e-3, 1e6, 10);
        let z: Vec<Complex64> = f
            .iter()
            .map(|f| ohmic + r / (1.0 + (Complex64::new(0.0, TAU * f) * tau).powf(alpha)))
            .collect();
        let d = distribution(&f, &z).expect("enough frequencies");
        let exact = |t: f64| {
            let turn = (1.0 - alpha) * PI;
            r * turn.sin() / (2.0 * PI * ((alpha * (t / tau).ln()).cosh() - turn.cos()))
        };
        let worst = d.time.iter().zip(&d.gamma).map(|(t, g)| (g - exact(*t)).abs()).fold(0.0, f64::max);
        assert!(worst < 0.05 * exact(tau), "{worst} of {}", exact(tau));
        let peaks = d.peaks();
        assert_eq!(peaks.len(), 1, "{peaks:?}");
        assert!((peaks[0].resistance / r - 1.0).abs() < 1e-3, "{peaks:?}");
        assert!((peaks[0].time / tau).ln().abs() < 0.1, "{peaks:?}");
        assert!((d.high / ohmic - 1.0).abs() < 1e-3 && d.misfit < 1e-3, "{} {}", d.high, d.misfit);
    }

    #[test]
    fn two_arcs_and_a_capacitor_come_apart() {
        let f = frequencies(1e-2, 1e6, 10);
        let z: Vec<Complex64> = f
            .iter()
            .map(|f| Complex64::new(0.0, TAU * f))
            .map(|s| 20.0 / (1.0 + s * 1e-5) + 60.0 / (1.0 + s * 1e-2) + 1.0 / (s * 0.5))
            .collect();
        let d = distribution(&f, &z).expect("enough frequencies");
        let peaks = d.peaks();
        assert_eq!(peaks.len(), 2, "{peaks:?}");
        for (peak, (r, tau)) in peaks.iter().zip([(20.0, 1e-5), (60.0, 1e-2)]) {
            assert!(
                (peak.resistance / r - 1.0).abs() < 0.02 && (peak.time / tau).ln().abs() < 0.2,
                "{peak:?}"
            );
        }
        assert!((d.inverse_capacitance * 0.5 - 1.0).abs() < 1e-2);
        assert!(distribution(&f[..3], &z[..3]).is_none());
    }
}
