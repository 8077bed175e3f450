//! Impedance spectra: measured on the linearised cell, and read the way a laboratory reads them.
//!
//! [`measure`] sweeps the frequencies on [`cellwright_electrochem::small_signal`]; [`relaxation`] finds the distribution of relaxation
//! times, [`kramers_kronig`] tests a spectrum for causality, [`features`] finds intercepts and arcs.

mod columns;
pub mod features;
mod frozen;
pub mod kramers_kronig;
mod least_squares;
pub mod relaxation;

pub use columns::{columns, part_names};
pub(crate) use frozen::{load, save};

use cellwright_dae::Unusable;
use cellwright_electrochem::model::{Model, TEMPERATURE};
use cellwright_electrochem::small_signal::PARTS;
use num_complex::Complex64;

/// One spectrum, from high to low frequency.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// Running number of its step from 0.
    pub step: u64,
    /// The step as written.
    pub text: String,
    /// Test time, s.
    pub time: f64,
    /// Terminal voltage without current, V.
    pub voltage: f64,
    /// How far the voltage is from the open-circuit voltage of the mean stoichiometries, V.
    pub unrest: f64,
    /// Mean stoichiometries, negative first; none for lithium metal.
    pub stoichiometry: [Option<f64>; 2],
    /// K.
    pub temperature: f64,
    /// Hz, falling.
    pub frequency: Vec<f64>,
    /// Z, ohm.
    pub impedance: Vec<Complex64>,
    /// By process, ohm: the losses of [`cellwright_electrochem::losses::LOSSES`], then stored charge; see [`part_names`].
    pub parts: Vec<[Complex64; PARTS]>,
}

/// Frequencies from `high` down to `low`, both included, evenly spaced in the logarithm with about `per_decade` steps a decade, Hz.
///
/// The step is rounded so that both ends are hit.
pub fn frequencies(low: f64, high: f64, per_decade: u32) -> Vec<f64> {
    let decades = (high / low).log10();
    let steps = (decades * f64::from(per_decade)).round().max(1.0);
    (0..=steps as usize)
        .map(|k| match k as f64 {
            0.0 => high,
            k if k == steps => low,
            k => high * 10f64.powf(-k * decades / steps),
        })
        .collect()
}

/// Measures the impedance at the state `y`, which should be consistent without current. `each` is told the part that is done and may
/// stop the sweep by answering false; the spectrum then ends early.
///
/// # Errors
/// [`Unusable`] if the state is outside the domain of the equations, or singular.
pub fn measure(model: &mut Model, y: &[f64], frequency: &[f64], each: &mut dyn FnMut(f64) -> bool) -> Result<Spectrum, Unusable> {
    let voltage = model.voltage(y);
    let mut spectrum = Spectrum {
        step: 0,
        text: String::new(),
        time: 0.0,
        voltage,
        unrest: voltage - model.open_circuit_voltage(y),
        stoichiometry: [0, 1].map(|e| model.mean_stoichiometry(y, e)),
        temperature: model.border(y, TEMPERATURE),
        frequency: vec![],
        impedance: vec![],
        parts: vec![],
    };
    let mut cell = model.small_signal(y)?;
    for (k, f) in frequency.iter().enumerate() {
        if !each(k as f64 / frequency.len() as f64) {
            break;
        }
        let response = cell.at(*f)?;
        spectrum.frequency.push(*f);
        spectrum.impedance.push(response.impedance);
        spectrum.parts.push(response.parts);
    }
    Ok(spectrum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_and_even_steps() {
        let f = frequencies(1e-3, 1e6, 10);
        assert_eq!((f.len(), f[0], f[90]), (91, 1e6, 1e-3));
        assert!(f.windows(2).all(|w| ((w[0] / w[1]).log10() - 0.1).abs() < 1e-12));
        let odd = frequencies(3.0, 50.0, 5);
        assert_eq!((odd[0], odd[odd.len() - 1]), (50.0, 3.0));
        assert_eq!(frequencies(1.0, 1.01, 1).len(), 2);
    }
}
