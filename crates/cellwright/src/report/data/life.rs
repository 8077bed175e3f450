//! How the cell ages over its cycles.

use serde::{Deserialize, Serialize};

/// Capacity over the cycles, and what was lost by cause.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OverCycles {
    /// The finding, *marked text*.
    pub lede: String,
    /// Cycles that were carried out.
    pub cycles: Vec<f64>,
    /// Charge that each delivered, C.
    pub capacity: Vec<f64>,
    /// What was lost, in the order of reading.
    pub rows: Vec<LifeRow>,
    /// How it was computed, *marked text*.
    pub method: String,
}

/// One loss.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LifeRow {
    /// "Solid-electrolyte interphase, negative electrode".
    pub quantity: String,
    /// "1.2 µAh".
    pub value: String,
    /// Share of the lithium in the hosts at the start.
    pub share: Option<f64>,
    /// On what it rests, *marked text*.
    pub meaning: String,
}
