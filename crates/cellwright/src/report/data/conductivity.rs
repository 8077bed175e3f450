//! Conductivity of the electrolyte against temperature.

use serde::{Deserialize, Serialize};

/// The part of the chapter on materials.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConductivityLine {
    /// Finding, *marked text*.
    pub lede: String,
    /// What the line is and over which range, *marked text*.
    pub note: String,
    /// "LiPON".
    pub material: String,
    /// K; empty without a temperature dependence.
    pub temperature: Vec<f64>,
    /// S/m.
    pub conductivity: Vec<f64>,
    /// Temperature of the cell, K, and conductivity there, S/m.
    pub at: [f64; 2],
}
