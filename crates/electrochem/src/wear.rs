//! Slow changes of an electrode that no unknown follows: active material that is lost, interfaces that resist more and more.
//!
//! Their rates are evaluated along the way; what has come together is applied between the steps of a protocol ([`Model::wear`]), where a
//! sudden change of area or resistance does no harm. Lithium in lost material is counted ([`Model::isolated`]).

use crate::balance::Inventory;
use crate::model::{CHARGE, Model, TEMPERATURE};
use crate::side::Arrhenius;
use crate::spec::Electrode;
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};

/// One slow change of an electrode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wear {
    /// Active material lost by stress.
    Stress(StressLoss),
    /// Active material dissolved.
    Dissolution(Dissolution),
    /// Interface resistance that grows.
    Resistance(ResistanceGrowth),
}

/// Active material that stress breaks off.
///
/// # Equation
/// `d ln A/dt = -β (|σ|/σ_c)^m` with the tangential stress at the surface of the host, `σ = E Ω (c_r - c_s)/(3 (1 - ν))`: c_r is the mean
/// concentration of a free host, and the one at the start of a film on a substrate.
///
/// # Source
/// Laresgoiti, Käbitz, Ecker, Sauer, J. Power Sources 300 (2015) 112, <https://doi.org/10.1016/j.jpowsour.2015.09.033>; stress: Zhang, Shyy,
/// Sastry, J. Electrochem. Soc. 154 (2007) A910, <https://doi.org/10.1149/1.2759840>.
///
/// # Validity
/// Elastic, isotropic, small strain; β and m are fitted to experiments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StressLoss {
    /// β, 1/s.
    pub rate: Arrhenius,
    /// σ_c, Pa.
    pub critical_stress: f64,
    /// m.
    pub exponent: f64,
    /// E, Pa.
    pub youngs_modulus: f64,
    /// ν.
    pub poisson_ratio: f64,
    /// Ω, m³/mol.
    pub partial_molar_volume: f64,
}

/// Active material that dissolves in the electrolyte, as manganese from spinel.
///
/// # Equation
/// `d ln A/dt = -k exp(α F (E - U)/RT)` with the potential E of the electrode against lithium.
///
/// # Source
/// Tafel law with the activation energy in k: Kindermann, Keil, Frank, Jossen, J. Electrochem. Soc. 164 (2017) E287,
/// <https://doi.org/10.1149/2.0321712jes>.
///
/// # Validity
/// One rate for the whole electrode; what dissolved manganese does to the other electrode is left to its interphase.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dissolution {
    /// k, 1/s.
    pub rate: Arrhenius,
    /// U, V against lithium.
    pub potential: f64,
    /// α.
    pub transfer_coefficient: f64,
}

/// Interface resistance with the square root of time, as of a layer that grows by diffusion through itself.
///
/// # Equation
/// `d(R²)/dt = k`: `R = √(R₀² + k t)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ResistanceGrowth {
    /// k, (ohm m²)²/s.
    pub rate: Arrhenius,
}

/// A slow change with what it has done so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worn {
    /// Negative (0) or positive (1) electrode.
    pub electrode: usize,
    /// The law.
    pub wear: Wear,
    /// Integral of its rate: `-ln A`, or the growth of R², (ohm m²)².
    pub total: f64,
}

impl Wear {
    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Wear::Stress(_) => "active material lost by stress",
            Wear::Dissolution(_) => "active material dissolved",
            Wear::Resistance(_) => "growth of the interface resistance",
        }
    }
}

impl Model {
    /// Rate of a slow change of electrode `e` at the state `y`: of `-ln A` (1/s), or of R² ((ohm m²)²/s).
    fn wear_rate(&mut self, e: usize, wear: &Wear, y: &[f64]) -> f64 {
        let temperature = self.border(y, TEMPERATURE);
        match wear {
            Wear::Resistance(w) => w.rate.at(temperature),
            Wear::Dissolution(w) => {
                if self.surfaces(y).is_err() {
                    return 0.0;
                }
                let slope = w.transfer_coefficient * FARADAY / (GAS_CONSTANT * temperature);
                w.rate.at(temperature) * self.mean_over_sites(e, |theta, _, u| (slope * (u(theta) - w.potential)).exp())
            }
            Wear::Stress(w) => {
                if self.surfaces(y).is_err() {
                    return 0.0;
                }
                let per_content = w.youngs_modulus * w.partial_molar_volume / (3.0 * (1.0 - w.poisson_ratio));
                let (start, film) = match [&self.spec.negative, &self.spec.positive][e] {
                    Electrode::Film { active, .. } => (active.initial_stoichiometry, true),
                    _ => (0.0, false),
                };
                let g = &self.groups[e];
                let Some(h) = &g.hosts else { return 0.0 };
                let each = |theta: f64, s: usize, _: &dyn Fn(f64) -> f64| {
                    let reference = if film { start } else { h.mean(y, s) };
                    let stress = per_content * h.maximum_concentration * (reference - theta);
                    (stress.abs() / w.critical_stress).powf(w.exponent)
                };
                w.rate.at(temperature) * self.mean_over_sites(e, each)
            }
        }
    }

    /// Mean over the interface of an electrode of a function of surface stoichiometry, site and potential.
    fn mean_over_sites(&self, e: usize, f: impl Fn(f64, usize, &dyn Fn(f64) -> f64) -> f64) -> f64 {
        let g = &self.groups[e];
        let temperature = self.spec.temperature;
        let u = |theta: f64| g.potential(theta, temperature).0;
        let of = |(s, area): (usize, &f64)| area * f(self.work.theta[g.sites.start + s], s, &u);
        g.areas.iter().enumerate().map(of).sum::<f64>() / g.area()
    }

    /// Adds a slow change to the negative (0) or positive (1) electrode.
    pub fn add_wear(&mut self, electrode: usize, wear: Wear) {
        self.wears.push(Worn {
            electrode,
            wear,
            total: 0.0,
        });
    }

    /// Rates of all slow changes at the state `y`.
    pub fn wear_rates(&mut self, y: &[f64]) -> Vec<f64> {
        (0..self.wears.len())
            .map(|k| {
                let Worn { electrode, wear, .. } = self.wears[k];
                self.wear_rate(electrode, &wear, y)
            })
            .collect()
    }

    /// Applies what has come together of every slow change; the lithium in what is lost is isolated.
    pub fn wear(&mut self, increments: &[f64], y: &[f64]) {
        if increments.iter().all(|i| *i == 0.0) {
            return;
        }
        let before = self.inventory(y);
        self.apply(increments);
        let after = self.inventory(y);
        for e in 0..2 {
            self.isolated[e] += bound(&before, e) - bound(&after, e);
        }
    }

    /// Sets how much lithium of electrode `e` is isolated (mol), when the state `y` is not the one in which it was: what is too much goes
    /// into the other electrode by charging or discharging the cell.
    pub fn correct_isolated(&mut self, y: &mut [f64], e: usize, amount: f64) {
        let back = self.isolated[e] - amount;
        self.isolated[e] = amount;
        y[self.border_offset() + CHARGE] += self.groups[e].sign * FARADAY * back;
        let other = &self.groups[1 - e];
        if let Some(h) = &other.hosts {
            let whole: f64 = other.areas.iter().enumerate().map(|(s, a)| a * h.content(s)).sum();
            (0..other.areas.len()).for_each(|s| h.shift(y, s, back / whole));
        }
    }

    /// Takes up a model that was worn before: totals in the order of [`Model::add_wear`], and isolated lithium (mol).
    pub fn restore_wear(&mut self, totals: &[f64], isolated: [f64; 2]) {
        self.apply(totals);
        self.isolated = isolated;
    }

    fn apply(&mut self, increments: &[f64]) {
        for (worn, by) in self.wears.iter_mut().zip(increments) {
            let g = &mut self.groups[worn.electrode];
            if matches!(worn.wear, Wear::Resistance(_)) {
                let film = match [&self.spec.negative, &self.spec.positive][worn.electrode] {
                    Electrode::Metal { film_resistance, .. } => *film_resistance,
                    Electrode::Film { active, .. } | Electrode::Porous { active, .. } => active.film_resistance,
                };
                let of = |total: f64| (film * film + total).sqrt();
                let more = of(worn.total + by) - of(worn.total);
                g.resistance.iter_mut().for_each(|r| *r += more);
            } else {
                g.areas.iter_mut().for_each(|a| *a *= (-by).exp());
            }
            worn.total += by;
        }
    }
}

/// Lithium of an electrode that a change of its area must not lose, mol.
fn bound(i: &Inventory, e: usize) -> f64 {
    [i.negative, i.positive][e] + i.taken[e] - i.double_layer[e] / FARADAY
}
