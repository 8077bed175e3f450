//! Impedance spectra with what is read from them.

use crate::report::colour::Colour;
use serde::{Deserialize, Serialize};

/// The chapter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Impedance {
    /// Finding under the heading, *marked text*.
    pub lede: String,
    /// Note under the plot of the whole spectrum, *marked text*.
    pub note: String,
    /// Spectra in the order of the protocol.
    pub spectra: Vec<ImpedanceSpectrum>,
    /// Weight of the roughness in the distribution of relaxation times.
    pub lambda: f64,
    /// What the consistency test was, *marked text*.
    pub test: String,
}

/// One spectrum, from high to low frequency; impedances times area, Ω m².
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImpedanceSpectrum {
    /// "3.92 V".
    pub label: String,
    /// Hz.
    pub frequency: Vec<f64>,
    /// Re Z.
    pub real: Vec<f64>,
    /// Im Z.
    pub imaginary: Vec<f64>,
    /// By process.
    pub parts: Vec<ImpedancePart>,
    /// Relaxation times, s.
    pub time: Vec<f64>,
    /// Their distribution γ(ln τ), Ω m².
    pub gamma: Vec<f64>,
    /// Residual of the consistency test over |Z|, real and imaginary; empty if it was not made.
    pub residual: [Vec<f64>; 2],
}

/// What one process adds to a spectrum.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImpedancePart {
    /// "LiCoO₂: charge transfer".
    pub name: String,
    /// Hue of the place, shade of the mechanism.
    pub colour: Colour,
    /// Re Z, Ω m².
    pub real: Vec<f64>,
    /// Im Z, Ω m².
    pub imaginary: Vec<f64>,
    /// Frequency of the top of its arc, Hz.
    pub top: Option<f64>,
}
