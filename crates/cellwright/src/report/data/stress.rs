//! What swelling does to the films of a run.

use super::MapView;
use serde::{Deserialize, Serialize};

/// Stress, bow, cracks and swelling.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stress {
    /// What was found, in the order of reading.
    pub rows: Vec<StressRow>,
    /// What could not be judged because a property is missing: "fracture energy of LiCoO2".
    pub gaps: Vec<String>,
    /// Stress on the section of a device.
    pub section: Option<StressOnSection>,
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

/// Stress on the section of a device, with everything that is in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StressOnSection {
    /// What was found, *marked text*.
    pub lede: String,
    /// Maps, each a view with one quantity at one time.
    pub maps: Vec<MapView>,
    /// Extremes by moment.
    pub rows: Vec<SectionExtreme>,
    /// Verdicts and limits, *marked text*, one paragraph each.
    pub notes: Vec<String>,
}

/// A greatest value in the section.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SectionExtreme {
    /// "End of discharge".
    pub moment: String,
    /// "Von Mises stress".
    pub quantity: String,
    /// With unit.
    pub value: String,
    /// Where, with units.
    pub place: String,
    /// In which body.
    pub body: String,
}
