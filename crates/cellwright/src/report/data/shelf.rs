//! What is left of the cell after years on the shelf.

use super::super::colour::Colour;
use serde::{Deserialize, Serialize};

/// Charge over years, divided by cause.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OnShelf {
    /// The finding, *marked text*.
    pub lede: String,
    /// Years since it was put there.
    pub years: Vec<f64>,
    /// Charge left and charge lost by cause, in drawing order.
    pub parts: Vec<ShelfPart>,
    /// What was found, in the order of reading.
    pub rows: Vec<ShelfRow>,
    /// What is not counted because it is not known, *marked text*.
    pub gaps: Vec<String>,
}

/// Where charge is, or went.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShelfPart {
    /// "Leakage through LiPON".
    pub name: String,
    /// Hue of the place.
    pub colour: Colour,
    /// Share of the charge at the start, at each time.
    pub share: Vec<f64>,
}

/// One finding.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShelfRow {
    /// "Leakage through LiPON".
    pub quantity: String,
    /// In the first year: "3.42 µAh".
    pub first_year: String,
    /// Over the whole time.
    pub whole: String,
    /// Over the whole time as share of the charge at the start, %.
    pub share: Option<f64>,
    /// What it means and on what it rests, *marked text*.
    pub meaning: String,
}
