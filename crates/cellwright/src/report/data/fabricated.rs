//! What fabrication left on the chip: pictures, counted parts, masks, steps and broken rules.

use super::{KeyNumber, Role};
use serde::{Deserialize, Serialize};

/// The fabricated device.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fabricated {
    /// One or two sentences under the heading, *marked text*.
    pub lede: String,
    /// Cross-section, masks, process strip, in this order.
    pub pictures: Vec<Picture>,
    /// Footprint, areas, capacities, volume, time, cost: each with its basis.
    pub figures: Vec<KeyNumber>,
    /// What stands on the chip, from the substrate up.
    pub parts: Vec<Part>,
    /// The masks.
    pub masks: Vec<MaskRow>,
    /// The process steps.
    pub steps: Vec<ProcessStep>,
    /// Rules that are broken, errors first.
    pub findings: Vec<RuleFinding>,
    /// Number of rules that hold.
    pub rules_hold: usize,
}

/// A drawing made elsewhere, as SVG.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Picture {
    /// Word for references, letters and `-` only: "section".
    pub id: String,
    /// "Cross-section".
    pub title: String,
    /// What is seen, for those who cannot see it.
    pub description: String,
    /// What must be known to read it: exaggeration, order, colours. *Marked text*.
    pub note: String,
    /// File of the same picture beside the report; empty if there is none.
    pub file: String,
    /// The drawing.
    pub svg: String,
}

/// One body on the chip.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// Name of the film.
    pub name: String,
    /// Material in symbols.
    pub material: String,
    /// Colour and meaning.
    pub role: Role,
    /// How it was made.
    pub technique: String,
    /// Least, mean and greatest thickness on the real surface, m.
    pub thickness: Option<[f64; 3]>,
    /// Void fraction inside it.
    pub porosity: f64,
    /// Volume on the whole chip, m³.
    pub volume: f64,
    /// Mass on the whole chip, kg; nothing where the density is a gap.
    pub mass: Option<f64>,
    /// Capacity of an electrode on the whole chip, C.
    pub capacity: Option<f64>,
    /// Whole surface, m².
    pub surface: f64,
    /// Hottest later step and what the material survives: "250 °C at `negative`, survives 500 °C"; empty if nothing came later.
    pub heat: String,
}

/// One mask.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MaskRow {
    /// Its name.
    pub name: String,
    /// "3/0".
    pub layer: String,
    /// Number of drawn shapes, copies in arrays counted.
    pub shapes: u64,
    /// Steps that use it.
    pub used_by: Vec<String>,
}

/// One process step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProcessStep {
    /// Its name.
    pub name: String,
    /// "deposit LiPON, rf-sputter, 1 µm".
    pub words: String,
    /// K.
    pub temperature: f64,
    /// s.
    pub duration: f64,
    /// 1 cheap to 5 dear.
    pub cost: f64,
}

/// A broken rule with its proof.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleFinding {
    /// "DRIE.AR".
    pub code: String,
    /// An error; otherwise a warning.
    pub error: bool,
    /// What is broken.
    pub message: String,
    /// Found and allowed.
    pub label: String,
    /// Reasons and what to do.
    pub notes: Vec<String>,
    /// "step 4, pillar etch".
    pub step: String,
    /// Point on the chip, m.
    pub at: Option<[f64; 3]>,
    /// Line in the design file: "pillars.toml:14".
    pub place: String,
    /// The picture, if there is one.
    pub picture: Option<Picture>,
}
