//! Conductivity of the cell's electrolyte against temperature, from its material alone: the Arrhenius line and its activation energy.
//!
//! # Equation
//! Arrhenius `ln σ = ln σ₀ - E/(RT)`; the same for `ln σT`, which a hopping ion follows; Vogel, Tammann and Fulcher `ln σ = ln σ₀ - B/(T - T₀)`, T₀ > 0. A law is
//! recognised when its least-squares line leaves less than [`EXACT`] of ln σ everywhere. Two mobile species: `σ = F² c (D₊ + D₋)/(RT)` (Nernst–Einstein).
//!
//! # Units
//! K, S/m, J/mol.
//!
//! # Source
//! Vogel, Phys. Z. 22 (1921) 645; Fulcher, J. Am. Ceram. Soc. 8 (1925) 339; Tammann, Hesse, Z. anorg. allg. Chem. 156 (1926) 245.
//!
//! # Verification
//! `arrhenius::tests`: energies and VTF constants that were put in come back within 1e-6.

use crate::prepare::Prepared;
use crate::summary::symbols;
use cellwright_base::constants::{FARADAY, GAS_CONSTANT, ZERO_CELSIUS};
use cellwright_electrochem::spec::ElectrolyteLaw;
use cellwright_materials::Property;
use serde::Serialize;

/// Residual of ln σ below which a law is that of the property.
pub const EXACT: f64 = 1e-8;
/// Range where the property names none, K: that of devices.
const USUAL: [f64; 2] = [ZERO_CELSIUS - 20.0, ZERO_CELSIUS + 60.0];
/// Points of the line.
const POINTS: usize = 41;

/// How a conductivity goes with temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// ln σ is a straight line.
    Arrhenius,
    /// ln σT is a straight line.
    Hopping,
    /// Vogel, Tammann, Fulcher.
    Vtf {
        /// B, K.
        b: f64,
        /// T₀, K.
        t0: f64,
    },
    /// None of these; the energy is that of the best line.
    Bent,
}

/// A conductivity along a range of temperatures.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Temperatures, rising, K.
    pub temperature: Vec<f64>,
    /// Conductivity there, S/m.
    pub conductivity: Vec<f64>,
    /// Law found.
    pub law: Law,
    /// Activation energy of the straight line through ln σ (of [`Law::Hopping`]: ln σT), J/mol.
    pub energy: f64,
}

/// Conductivity of the electrolyte of a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Conductivity {
    /// Symbol of the electrolyte.
    pub material: String,
    /// Salt concentration, mol/m³; none where it does not matter.
    pub concentration: Option<f64>,
    /// Temperature of the cell, K.
    pub at: f64,
    /// Conductivity there, S/m.
    pub value: f64,
    /// Whether the property names the range of temperatures in which it holds.
    pub range_given: bool,
    /// The line; none without a temperature dependence.
    pub line: Option<Line>,
}

/// Conductivity of the electrolyte of the cell against temperature.
pub fn of(prepared: &Prepared) -> Conductivity {
    let spec = &prepared.cell.spec;
    let (concentration, properties): (Option<f64>, Vec<&Property>) = match &spec.electrolyte {
        ElectrolyteLaw::SingleIon { conductivity } => (None, vec![conductivity]),
        ElectrolyteLaw::Concentrated {
            conductivity,
            initial_concentration,
            ..
        } => (Some(*initial_concentration), vec![conductivity]),
        ElectrolyteLaw::TwoSpecies {
            cation,
            anion,
            total_lithium,
            mobile_fraction,
            ..
        } => (Some(total_lithium * mobile_fraction), vec![cation, anion]),
    };
    let c = concentration.unwrap_or(0.0);
    let sigma = |t: f64| {
        let sum: f64 = properties.iter().map(|p| p.eval(c, t).value).sum();
        match spec.electrolyte {
            ElectrolyteLaw::TwoSpecies { .. } => FARADAY * FARADAY * c * sum / (GAS_CONSTANT * t),
            _ => sum,
        }
    };
    // Where both name a range, what they have in common.
    let given = properties
        .iter()
        .filter_map(|p| p.valid_temperature)
        .reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)));
    let [low, high] = given.filter(|(a, b)| a < b).map_or(USUAL, |(a, b)| [a, b]);
    let depends = properties.iter().any(|p| depends_on_temperature(p, c, [low, high]));
    Conductivity {
        material: symbols(prepared)[1].clone(),
        concentration: concentration.filter(|_| properties.iter().any(|p| !p.is_constant())),
        at: spec.temperature,
        value: sigma(spec.temperature),
        range_given: given.is_some(),
        line: if depends { line(sigma, [low, high]) } else { None },
    }
}

/// Whether the value changes with temperature anywhere in a range.
fn depends_on_temperature(p: &Property, x: f64, [low, high]: [f64; 2]) -> bool {
    (0..=8).any(|i| p.eval(x, low + (high - low) * f64::from(i) / 8.0).dt != 0.0)
}

/// The line of a conductivity (S/m of K) over a range, at points even in 1/T; none where it is not positive throughout.
pub fn line(sigma: impl Fn(f64) -> f64, [low, high]: [f64; 2]) -> Option<Line> {
    let at = |i: usize| {
        let part = i as f64 / (POINTS - 1) as f64;
        1.0 / (1.0 / low + part * (1.0 / high - 1.0 / low))
    };
    let temperature: Vec<f64> = (0..POINTS).map(at).collect();
    let conductivity: Vec<f64> = temperature.iter().map(|t| sigma(*t)).collect();
    if !conductivity.iter().all(|s| *s > 0.0 && s.is_finite()) {
        return None;
    }
    let log: Vec<f64> = conductivity.iter().map(|s| s.ln()).collect();
    let inverse = |t0: f64| temperature.iter().map(|t| 1.0 / (t - t0)).collect::<Vec<f64>>();
    let product: Vec<f64> = log.iter().zip(&temperature).map(|(l, t)| l + t.ln()).collect();
    let (plain, hopping) = (straight(&inverse(0.0), &log), straight(&inverse(0.0), &product));
    let (law, slope) = if plain.residual < EXACT {
        (Law::Arrhenius, plain.slope)
    } else if hopping.residual < EXACT {
        (Law::Hopping, hopping.slope)
    } else {
        let t0 = vogel(&temperature, &log);
        let bent = straight(&inverse(t0), &log);
        let law = if bent.residual < EXACT {
            Law::Vtf { b: -bent.slope, t0 }
        } else {
            Law::Bent
        };
        (law, plain.slope)
    };
    Some(Line {
        energy: -GAS_CONSTANT * slope,
        temperature,
        conductivity,
        law,
    })
}

/// T₀ between nothing and the coldest temperature of the best line of ln σ over 1/(T - T₀), K.
fn vogel(temperature: &[f64], log: &[f64]) -> f64 {
    let squares = |t0: f64| {
        let x: Vec<f64> = temperature.iter().map(|t| 1.0 / (t - t0)).collect();
        straight(&x, log).squares
    };
    let most = temperature[0] - 1.0;
    let grid: Vec<f64> = (0..=200).map(|i| most * f64::from(i) / 200.0).collect();
    let best = (0..grid.len())
        .min_by(|a, b| squares(grid[*a]).total_cmp(&squares(grid[*b])))
        .unwrap_or(0);
    // The sum of squares has one minimum between the neighbours: its slope changes sign there, which finds it closer than its value would.
    let (mut low, mut high) = (grid[best.saturating_sub(1)], grid[(best + 1).min(grid.len() - 1)]);
    let rises = |t0: f64| {
        let h = 1e-3;
        squares(t0 + h) > squares(t0 - h)
    };
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if rises(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}

/// A straight line by least squares.
struct Straight {
    slope: f64,
    /// Sum of the squares of what it leaves.
    squares: f64,
    /// Largest of what it leaves.
    residual: f64,
}

fn straight(x: &[f64], y: &[f64]) -> Straight {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let pairs = || x.iter().zip(y).map(|(a, b)| (a - mx, b - my));
    let slope = pairs().map(|(a, b)| a * b).sum::<f64>() / pairs().map(|(a, _)| a * a).sum::<f64>();
    let left = || pairs().map(|(a, b)| b - slope * a);
    Straight {
        slope,
        squares: left().map(|r| r * r).sum(),
        residual: left().map(f64::abs).fold(0.0, f64::max),
    }
}

/// The conductivity in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ConductivitySummary {
    /// Electrolyte.
    pub material: String,
    /// Temperature of the cell, K.
    pub temperature_k: f64,
    /// At the temperature of the cell, S/cm.
    pub conductivity_s_cm: f64,
    /// Salt concentration, mol/L; `null` where it does not matter.
    pub concentration_mol_l: Option<f64>,
    /// `Arrhenius`, `Arrhenius of sigma T`, `VTF`, `bent`; `null` without a temperature dependence.
    pub law: Option<&'static str>,
    /// Of the fitted line, eV; `null` without a temperature dependence.
    pub activation_energy_ev: Option<f64>,
    /// kJ/mol.
    pub activation_energy_kj_mol: Option<f64>,
    /// B of VTF, K.
    pub vtf_b_k: Option<f64>,
    /// T₀ of VTF, K.
    pub vtf_t0_k: Option<f64>,
    /// Range of the line, K.
    pub range_k: Option<[f64; 2]>,
    /// True if the property names that range, false if it is the usual one of devices.
    pub range_given: bool,
}

impl Law {
    /// The word in `summary.json`.
    pub fn word(self) -> &'static str {
        match self {
            Law::Arrhenius => "Arrhenius",
            Law::Hopping => "Arrhenius of sigma T",
            Law::Vtf { .. } => "VTF",
            Law::Bent => "bent",
        }
    }
}

impl Line {
    /// Activation energy, eV per ion.
    pub fn energy_ev(&self) -> f64 {
        self.energy / FARADAY
    }

    /// First and last temperature, K.
    pub fn range(&self) -> [f64; 2] {
        [self.temperature[0], self.temperature[self.temperature.len() - 1]]
    }
}

impl Conductivity {
    /// In numbers.
    pub fn summary(&self) -> ConductivitySummary {
        let line = self.line.as_ref();
        let vtf = line.and_then(|l| match l.law {
            Law::Vtf { b, t0 } => Some((b, t0)),
            _ => None,
        });
        ConductivitySummary {
            material: self.material.clone(),
            temperature_k: self.at,
            conductivity_s_cm: 1e-2 * self.value,
            concentration_mol_l: self.concentration.map(|c| 1e-3 * c),
            law: line.map(|l| l.law.word()),
            activation_energy_ev: line.map(Line::energy_ev),
            activation_energy_kj_mol: line.map(|l| 1e-3 * l.energy),
            vtf_b_k: vtf.map(|v| v.0),
            vtf_t0_k: vtf.map(|v| v.1),
            range_k: line.map(Line::range),
            range_given: self.range_given,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cellwright_materials::{Activation, Provenance, Value, key};

    fn property(value: f64, energy: Option<f64>) -> Property {
        let source = Provenance {
            source: "test".into(),
            temperature: None,
            confidence: cellwright_materials::Confidence::Assumed,
            note: String::new(),
        };
        let mut p = Property::constant(key("ionic_conductivity").expect("a key of the library"), value, source);
        p.activation = energy.map(|energy| Activation {
            energy,
            reference_temperature: 298.15,
        });
        p
    }

    fn found(sigma: impl Fn(f64) -> f64) -> Line {
        line(sigma, USUAL).expect("positive throughout")
    }

    #[test]
    fn the_activation_energy_that_was_put_in_comes_back() {
        for energy in [12e3, 0.55 * FARADAY, 120e3] {
            let p = property(2.3e-4, Some(energy));
            let l = found(|t| p.eval(0.0, t).value);
            assert_eq!(l.law, Law::Arrhenius);
            assert!((l.energy / energy - 1.0).abs() < 1e-6, "{} for {energy}", l.energy);
            assert!((l.energy_ev() * FARADAY / energy - 1.0).abs() < 1e-6);
        }
        let hopping = found(|t| 3e5 / t * (-45e3 / (GAS_CONSTANT * t)).exp());
        assert_eq!(hopping.law, Law::Hopping);
        assert!((hopping.energy / 45e3 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_vtf_property_is_recognised() {
        for (b, t0) in [(700.0, 195.0), (1500.0, 150.0)] {
            let l = found(|t| 5.0 * (-b / (t - t0)).exp());
            let Law::Vtf { b: b_found, t0: t0_found } = l.law else {
                panic!("{:?}", l.law)
            };
            assert!(
                (b_found / b - 1.0).abs() < 1e-6 && (t0_found / t0 - 1.0).abs() < 1e-6,
                "{b_found} K, {t0_found} K"
            );
        }
        assert_eq!(found(|t| 1e-3 * (t - 200.0).powi(2)).law, Law::Bent);
        assert!(line(|t| 250.0 - t, USUAL).is_none());
    }

    #[test]
    fn without_temperature_dependence_there_is_no_line() {
        assert!(!depends_on_temperature(&property(1e-4, None), 0.0, USUAL));
        assert!(depends_on_temperature(&property(1e-4, Some(3e4)), 0.0, USUAL));
        let mut p = property(1e-4, None);
        p.value = Value::Expression(cellwright_materials::Expression::parse("1e-4 + 1e-6 * c").expect("parses"));
        assert!(!depends_on_temperature(&p, 1000.0, USUAL));
    }
}
