//! Electrical tests: voltammetry, titration and pulses.

use super::{PulseTrain, TransferenceTest};
use serde::{Deserialize, Serialize};

/// The chapter.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Electrical {
    /// Findings, one sentence each, *marked text*.
    pub lede: String,
    /// Voltammograms by rate, slow to fast.
    pub voltammograms: Vec<Voltammogram>,
    /// Magnitude of the peak current against rate, of falling and of rising sweeps, with the exponent: A, V/s.
    pub peaks: Vec<PeakLine>,
    /// Area that currents are given per, m².
    pub area: f64,
    /// Diffusivities by method.
    pub titration: Vec<TitrationSeries>,
    /// "x in LiₓCoO₂".
    pub stoichiometry: String,
    /// Reasons not to believe some of the points, *marked text*.
    pub doubts: String,
    /// Pulses of a load.
    pub pulses: Option<PulseTrain>,
    /// Steps of voltage between lithium and lithium.
    pub transference: Option<TransferenceTest>,
}

/// All sweeps at one rate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Voltammogram {
    /// "1 mV/s".
    pub label: String,
    /// V.
    pub voltage: Vec<f64>,
    /// A, discharge positive.
    pub current: Vec<f64>,
}

/// Peak currents against rate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PeakLine {
    /// "discharge, b = 0.52".
    pub label: String,
    /// V/s.
    pub rate: Vec<f64>,
    /// A, positive.
    pub current: Vec<f64>,
}

/// Diffusivities that a titration gives.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TitrationSeries {
    /// "GITT", "of the model".
    pub label: String,
    /// Drawn as a line, not as points.
    pub truth: bool,
    /// Stoichiometry.
    pub stoichiometry: Vec<f64>,
    /// m²/s.
    pub diffusivity: Vec<f64>,
}
