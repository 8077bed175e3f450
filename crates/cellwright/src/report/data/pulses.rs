//! A train of pulses.

use serde::{Deserialize, Serialize};

/// What every pulse asked of the cell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PulseTrain {
    /// Number of each pulse, from 1.
    pub number: Vec<f64>,
    /// Drop right after it was switched on over its current, ohm.
    pub instantaneous: Vec<f64>,
    /// Drop at its end over its current, ohm.
    pub whole: Vec<f64>,
    /// Lowest voltage in it, V.
    pub lowest: Vec<f64>,
    /// Voltage before it, V.
    pub before: Vec<f64>,
    /// Lower limit, V.
    pub limit: f64,
    /// Some of the pulses in numbers, the first and the last among them.
    pub rows: Vec<PulseRow>,
}

/// One pulse in the table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PulseRow {
    /// Number, from 1.
    pub number: usize,
    /// Right after it was switched on, A.
    pub current: f64,
    /// V.
    pub before: f64,
    /// Drop right after it was switched on, V.
    pub instantaneous: f64,
    /// Drop at its end, V.
    pub end: f64,
    /// What the rest brought back, V; none without one.
    pub recovery: Option<f64>,
    /// V.
    pub lowest: f64,
}
