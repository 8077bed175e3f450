//! What holds at one interface site (or at several at a time): rate of exchange, potential of the solid, and the condition they make.

use crate::electrolyte::InterfaceState;
use crate::kinetics::Overpotential;
use crate::model::{Exchange, Group};
use cellwright_dae::lanes::{Lanes, Real};

/// What the solid alone decides at a site: open-circuit potential with its slope, and its part of the exchange-current density with the
/// logarithmic derivative.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surface<N = f64> {
    pub(crate) potential: [N; 2],
    pub(crate) exchange: [N; 3],
}

impl Exchange {
    /// `i0 = i0_ref (c/c_ref)^γ (θ/½)^(1-α) ((1-θ)/½)^α` for the standard form, `i0(θ) (c/c_ref)^γ` otherwise.
    #[inline]
    pub(crate) fn eval(&self, c: f64, reference: f64, trace: f64, theta: f64, anodic: f64, temperature: f64) -> f64 {
        let base = self.curve.eval(theta, temperature);
        let [base, solid, _] = self.in_solid([base.value, base.dx], theta, anodic);
        base * self.in_salt(c, reference, trace)[0] * solid
    }

    /// The part of the electrolyte, `(c/c_ref)^γ`, with its logarithmic derivative in c; continued below a trace of salt.
    #[inline]
    pub(crate) fn in_salt(&self, c: f64, reference: f64, trace: f64) -> [f64; 2] {
        if c < trace && self.order != 0.0 {
            self.in_traces(c, reference, trace)
        } else {
            self.in_solution(c, reference)
        }
    }

    /// The same where there is salt.
    #[inline(always)]
    pub(crate) fn in_solution<N: Real>(&self, c: N, reference: f64) -> [N; 2] {
        let ratio = c * (1.0 / reference);
        if self.order == 0.0 {
            [N::all(1.0), N::all(0.0)]
        } else if self.order == 0.5 {
            [ratio.sqrt(), N::all(0.5) / c]
        } else {
            [ratio.map(|x| x.powf(self.order)), N::all(self.order) / c]
        }
    }

    /// The curve, whose value and slope are given, and the factor of the standard form, with the logarithmic derivative of both in θ.
    #[inline(always)]
    pub(crate) fn in_solid<N: Real>(&self, [base, slope]: [N; 2], theta: N, anodic: f64) -> [N; 3] {
        let vacancy = N::all(1.0) - theta;
        if !self.standard {
            let rate = if self.curve.is_uniform() { N::all(0.0) } else { slope / base };
            [base, N::all(1.0), rate]
        } else if anodic == 0.5 {
            let product = theta * vacancy;
            [base, product.sqrt() * 2.0, (vacancy - theta) * 0.5 / product]
        } else {
            let solid = theta.map(|x| x.powf(1.0 - anodic)) * vacancy.map(|x| x.powf(anodic)) * 2.0;
            [base, solid, N::all(1.0 - anodic) / theta - N::all(anodic) / vacancy]
        }
    }
}

/// Where a site sits: its control volume, the distance from its centre (over transport efficiency) and the concentration there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SitePlace {
    pub cell: usize,
    pub distance: f64,
    pub c: f64,
    /// Series area resistance, ohm m².
    pub resistance: f64,
}

/// Interface condition of one site with its derivatives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SiteEquation<N = f64> {
    /// U + η + R j + (φ_e,interface - φ_e): what the potential step φ_s - φ_e must be, V.
    pub step: N,
    pub step_j: N,
    pub step_c: N,
    pub step_theta: N,
    /// U + η, V: the potential that side reactions see.
    pub potential: N,
    /// ∂η/∂j of the main reaction, ohm m².
    pub potential_j: N,
    /// ∂η/∂c, V m³/mol.
    pub potential_c: N,
}

impl<N: Real> SiteEquation<N> {
    /// The condition under the whole current density `j` where `at` is the state in the electrolyte and `resistance` that of all layers;
    /// without a reaction that takes a potential of its own.
    #[inline(always)]
    pub(crate) fn reversible(at: &InterfaceState<N>, j: N, [u, u_theta]: [N; 2], resistance: N) -> SiteEquation<N> {
        let zero = N::all(0.0);
        SiteEquation {
            step: u + at.drop + resistance * j,
            step_j: at.drop_j + resistance,
            step_c: at.drop_c,
            step_theta: u_theta,
            potential: u,
            potential_j: zero,
            potential_c: zero,
        }
    }

    /// The same with the overpotential `eta` of the main reaction, of current density `h`; `log_c` and `log_theta` are the logarithmic
    /// derivatives of its exchange-current density.
    #[inline(always)]
    pub(crate) fn with_overpotential(self, eta: Overpotential<N>, h: N, at: &InterfaceState<N>, log_c: N, log_theta: N) -> SiteEquation<N> {
        let by_log = -h * eta.slope;
        let potential_c = by_log * log_c * at.c_c;
        SiteEquation {
            step: self.step + eta.value,
            step_j: self.step_j + eta.slope + by_log * log_c * at.c_j,
            step_c: self.step_c + potential_c,
            step_theta: self.step_theta + by_log * log_theta,
            potential: self.potential + eta.value,
            potential_j: eta.slope,
            potential_c,
        }
    }
}

impl Group {
    /// Anodic transfer coefficient of the rate law.
    pub(crate) fn anodic(&self) -> f64 {
        match self.kinetics {
            crate::kinetics::Kinetics::ButlerVolmer { anodic } => anodic,
            _ => 0.5,
        }
    }

    /// The solid's part of the interface condition at surface stoichiometry `theta`.
    #[inline(always)]
    pub(crate) fn surface(&self, theta: f64, temperature: f64) -> Surface {
        let (u, slope) = self.potential(theta, temperature);
        let solid = |e: &Exchange| {
            let base = e.curve.eval(theta, temperature);
            e.in_solid([base.value, base.dx], theta, self.anodic())
        };
        Surface {
            potential: [u, slope],
            exchange: self.exchange.as_ref().map_or([0.0; 3], solid),
        }
    }

    /// Series area resistance of site `s` with the layers that side reactions built, ohm m².
    #[inline(always)]
    pub(crate) fn resistance_at(&self, y: &[f64], s: usize) -> f64 {
        match &self.sides {
            None => self.resistance[s],
            Some(sides) => self.resistance[s] + sides.resistance(y, s),
        }
    }

    /// Entropic coefficient dU/dT at surface stoichiometry `theta`, V/K.
    #[inline]
    pub(crate) fn entropic(&self, theta: f64, temperature: f64) -> f64 {
        let entropic = self.active.as_ref().and_then(|a| a.entropic.as_ref());
        entropic.map_or(0.0, |e| e.eval(theta, temperature).value)
    }

    /// Open-circuit potentials and their slopes at several sites.
    #[inline(always)]
    pub(crate) fn potential_together(&self, theta: Lanes, temperature: Lanes) -> [Lanes; 2] {
        let Some(a) = &self.active else { return [Lanes::all(0.0); 2] };
        let [u, slope] = a.potential.eval_together(theta, temperature);
        match &a.entropic {
            Some(e) if temperature != Lanes::all(self.reference_temperature) => {
                let [e, e_theta] = e.eval_together(theta, temperature);
                let dt = temperature - self.reference_temperature;
                [u + dt * e, slope + dt * e_theta]
            }
            _ => [u, slope],
        }
    }

    /// Open-circuit potential and its slope at surface stoichiometry `theta`.
    #[inline(always)]
    pub(crate) fn potential(&self, theta: f64, temperature: f64) -> (f64, f64) {
        let Some(a) = &self.active else { return (0.0, 0.0) };
        let u = a.potential.eval(theta, temperature);
        match &a.entropic {
            Some(e) if temperature != self.reference_temperature => {
                let e = e.eval(theta, temperature);
                let dt = temperature - self.reference_temperature;
                (u.value + dt * e.value, u.dx + dt * e.dx)
            }
            _ => (u.value, u.dx),
        }
    }
}
