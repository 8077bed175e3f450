//! Fields in the real geometry of a device: a section, and the whole repeating window.

use crate::report::colour::Colour;
use crate::report::kind::Kind;
use serde::{Deserialize, Serialize};

/// Where it happens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Maps {
    /// What is seen, in words, *marked text*: which part of the device, which cut.
    pub lede: String,
    /// The section.
    pub section: MapView,
    /// The whole window, for devices that vary along all three directions.
    pub solid: Option<MapView>,
}

/// Boxes with values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MapView {
    /// Names of the horizontal and the vertical direction: "x", "z".
    pub directions: [String; 2],
    /// Low and high corner of each box, m. In a section the second coordinate lies across the picture.
    pub boxes: Vec<[[f64; 3]; 2]>,
    /// Borders of the bodies in the section: horizontal and vertical coordinates of both ends, m.
    pub outlines: Vec<[[f64; 2]; 2]>,
    /// Names written into the section.
    pub bodies: Vec<Body>,
    /// Frames of the report that are shown, increasing.
    pub frames: Vec<usize>,
    /// Quantities.
    pub fields: Vec<MapField>,
}

/// Name of a body in the section.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Body {
    /// "Li₄Ti₅O₁₂".
    pub name: String,
    /// Its place.
    pub colour: Colour,
    /// Low and high corner around it, m.
    pub span: [[f64; 2]; 2],
}

/// One quantity of a view.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MapField {
    /// Letters; unique in the view.
    pub id: String,
    /// "Concentration in LiPF₆".
    pub title: String,
    /// "Concentration", for the colour bar.
    pub quantity: String,
    /// Its family of units.
    pub kind: Kind,
    /// Note under the map, *marked text*.
    pub note: String,
    /// Boxes that have it.
    pub boxes: Vec<u32>,
    /// Frame by frame the values of these boxes: `frames × boxes`, SI.
    pub values: Vec<f32>,
    /// Horizontal and vertical component of a direction, for arrows, as long as `values`; empty without.
    pub arrows: Vec<[f32; 2]>,
}

impl MapView {
    /// True if every list is as long as it says.
    pub fn holds(&self) -> bool {
        let fits = |f: &MapField| {
            f.values.len() == f.boxes.len() * self.frames.len()
                && (f.arrows.is_empty() || f.arrows.len() == f.values.len())
                && f.boxes.iter().all(|b| (*b as usize) < self.boxes.len())
        };
        !self.boxes.is_empty() && self.boxes.len() < 65_535 && !self.frames.is_empty() && self.fields.iter().all(fits)
    }
}
