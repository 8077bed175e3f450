//! What swelling does to the films of a run.

use serde::{Deserialize, Serialize};

/// Stress, bow, cracks and swelling.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stress {
    /// What was found, in the order of reading.
    pub rows: Vec<StressRow>,
    /// What could not be judged because a property is missing: "fracture energy of LiCoO2".
    pub gaps: Vec<String>,
}

/// One finding.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StressRow {
    /// "Stress in the negative electrode".
    pub quantity: String,
    /// "-1.2 GPa .. 0.9 GPa".
    pub value: String,
    /// What it means and on what it rests, *marked text*.
    pub meaning: String,
}
