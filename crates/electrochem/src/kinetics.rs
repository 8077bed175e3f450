//! Charge transfer at an interface, written as overpotential of current: η(j), smooth and nearly linear for Newton.
//!
//! Butler–Volmer: `j = i0 [exp(α_a F η/RT) - exp(-α_c F η/RT)]`, α_c = 1 - α_a, j > 0 anodic (solid to electrolyte).

use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_dae::lanes::{Real, SMALL_ASINH};

/// Rate law of an interface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kinetics {
    /// Butler–Volmer with the anodic transfer coefficient α_a in (0, 1).
    ButlerVolmer {
        /// Anodic transfer coefficient.
        anodic: f64,
    },
    /// Linearised Butler–Volmer, `j = i0 F η/RT`; valid for |η| ≪ RT/F = 25.7 mV.
    Linear,
    /// Infinitely fast: η = 0.
    Reversible,
}

/// Overpotential and its slope.
#[derive(Clone, Copy, Debug)]
pub struct Overpotential<N = f64> {
    /// η, V.
    pub value: N,
    /// ∂η/∂j at constant i0, ohm m². `∂η/∂ln i0 = -j ∂η/∂j` for every law here, since η depends on j/i0 only.
    pub slope: N,
}

impl Kinetics {
    /// The symmetric law as `η = ± 2RT/F ln(argument)`, the sign that of `j`: argument and slope dη/dj. `None` for other laws, and for
    /// currents so small that the logarithm would lose digits.
    #[inline(always)]
    pub fn as_logarithm(self, j: f64, i0: f64, temperature: f64) -> Option<(f64, f64)> {
        let Kinetics::ButlerVolmer { anodic: 0.5 } = self else {
            return None;
        };
        let x = j.abs() / (2.0 * i0);
        let root = (x * x + 1.0).sqrt();
        (x > SMALL_ASINH).then(|| (x + root, GAS_CONSTANT * temperature / FARADAY / (i0 * root)))
    }

    /// Overpotential of the current density `j` (A/m²) at exchange-current density `i0` (A/m²) and temperature (K).
    #[inline]
    pub fn overpotential(self, j: f64, i0: f64, temperature: f64) -> Overpotential {
        let thermal = GAS_CONSTANT * temperature / FARADAY;
        match self {
            Kinetics::ButlerVolmer { anodic } if anodic != 0.5 => asymmetric(j / i0, anodic, thermal, i0),
            _ => self.in_closed_form(j, i0, thermal),
        }
    }

    /// True if the law has a closed form.
    pub(crate) fn has_closed_form(self) -> bool {
        !matches!(self, Kinetics::ButlerVolmer { anodic } if anodic != 0.5)
    }

    /// The same for laws that have a closed form, which for Butler–Volmer is the symmetric one; `thermal` is RT/F, V.
    #[inline(always)]
    pub(crate) fn in_closed_form<N: Real>(self, j: N, i0: N, thermal: N) -> Overpotential<N> {
        match self {
            Kinetics::Reversible => Overpotential {
                value: N::all(0.0),
                slope: N::all(0.0),
            },
            Kinetics::Linear => Overpotential {
                value: thermal * j / i0,
                slope: thermal / i0,
            },
            Kinetics::ButlerVolmer { .. } => {
                let x = j / (i0 * 2.0);
                let root = (x * x + 1.0).sqrt();
                Overpotential {
                    value: thermal * 2.0 * x.asinh_with(root),
                    slope: thermal / (i0 * root),
                }
            }
        }
    }
}

/// Inverse of the asymmetric law by Newton on a function that is monotone; quadratic from the symmetric guess.
fn asymmetric(ratio: f64, anodic: f64, thermal: f64, i0: f64) -> Overpotential {
    let cathodic = 1.0 - anodic;
    // Large currents: Tafel branch as the guess; otherwise the symmetric inverse.
    let mut u = if ratio > 3.0 {
        ratio.ln() / anodic
    } else if ratio < -3.0 {
        -(-ratio).ln() / cathodic
    } else {
        2.0 * (0.5 * ratio).asinh()
    };
    let mut slope = 1.0;
    for _ in 0..60 {
        let (a, c) = ((anodic * u).exp_m1(), (-cathodic * u).exp_m1());
        slope = anodic * (a + 1.0) + cathodic * (c + 1.0);
        let step = (a - c - ratio) / slope;
        u -= step.clamp(-2.0, 2.0);
        if step.abs() < 1e-14 * (1.0 + u.abs()) {
            break;
        }
    }
    Overpotential {
        value: thermal * u,
        slope: thermal / (i0 * slope),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_gives_back_the_current() {
        let thermal = GAS_CONSTANT * 300.0 / FARADAY;
        for anodic in [0.2, 0.5, 0.7] {
            for j in [-5e4, -30.0, -1.0, -1e-9, 0.0, 1e-6, 0.3, 2.0, 1e3, 1e6] {
                let o = Kinetics::ButlerVolmer { anodic }.overpotential(j, 1.7, 300.0);
                let back = 1.7 * ((anodic * o.value / thermal).exp_m1() - (-(1.0 - anodic) * o.value / thermal).exp_m1());
                assert!((back - j).abs() <= 1e-11 * j.abs(), "{anodic} {j} {back}");
                let h = 1e-5 * j.abs().max(1e-3);
                let up = Kinetics::ButlerVolmer { anodic }.overpotential(j + h, 1.7, 300.0).value;
                let down = Kinetics::ButlerVolmer { anodic }.overpotential(j - h, 1.7, 300.0).value;
                assert!(((up - down) / (2.0 * h) / o.slope - 1.0).abs() < 1e-5, "{anodic} {j}");
            }
        }
    }

    #[test]
    fn the_logarithm_is_the_overpotential() {
        let law = Kinetics::ButlerVolmer { anodic: 0.5 };
        let thermal = GAS_CONSTANT * 300.0 / FARADAY;
        for j in [-5e4, -3.0, 0.2, 1.0, 1e3] {
            let (argument, slope) = law.as_logarithm(j, 1.7, 300.0).expect("a symmetric law");
            let o = law.overpotential(j, 1.7, 300.0);
            assert!(((2.0 * thermal * argument.ln()).copysign(j) / o.value - 1.0).abs() < 1e-14, "{j}");
            assert!((slope / o.slope - 1.0).abs() < 1e-14, "{j}");
        }
        assert!(law.as_logarithm(1e-3, 1.7, 300.0).is_none() && Kinetics::Linear.as_logarithm(1.0, 1.7, 300.0).is_none());
    }

    #[test]
    fn small_currents_agree_with_the_linear_law() {
        let (b, l) = (
            Kinetics::ButlerVolmer { anodic: 0.5 }.overpotential(1e-4, 1.0, 298.15),
            Kinetics::Linear.overpotential(1e-4, 1.0, 298.15),
        );
        assert!((b.value / l.value - 1.0).abs() < 1e-8);
    }
}
