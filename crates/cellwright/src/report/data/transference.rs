//! Transference numbers from steps of voltage between lithium and lithium.

use serde::{Deserialize, Serialize};

/// All steps of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransferenceTest {
    /// The steps.
    pub steps: Vec<TransferenceStep>,
    /// Transference number put in.
    pub truth: f64,
    /// Newman's number.
    pub newman: f64,
    /// 1/(1 + Ne).
    pub foretold: f64,
    /// Whether t₊ is what was measured, *marked text*.
    pub note: String,
}

/// One step of voltage.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TransferenceStep {
    /// As written.
    pub label: String,
    /// Since its start, s.
    pub time: Vec<f64>,
    /// Magnitude, A.
    pub current: Vec<f64>,
    /// Step of voltage, V.
    pub voltage: f64,
    /// Before the salt moves, A.
    pub initial: f64,
    /// That current follows from the spectrum before; else it is the first recorded one.
    pub from_spectrum: bool,
    /// At the end, A.
    pub steady: f64,
    /// Resistance of the electrolyte, ohm.
    pub electrolyte: Option<f64>,
    /// Resistance of the interfaces before and after, ohm.
    pub interface: [Option<f64>; 2],
    /// Extracted number.
    pub number: f64,
    /// Reasons not to believe it.
    pub doubts: Vec<String>,
}
