//! The content of a report as plain data: no physics types, every number SI, everything serialisable.
//!
//! [`Report`] follows the reading order of the page. What is empty is either left out (optional evidence) or said to be missing
//! (chapters): the page never shows an empty frame. Text fields named in their documentation as *marked text* understand two marks,
//! `**bold**` and `` `code` ``; everything else is shown literally, so any name is safe.

mod conductivity;
mod device;
mod electrical;
mod evidence;
mod fabricated;
mod impedance;
mod life;
mod maps;
mod pulses;
mod run;
mod shelf;
mod stress;
mod transference;

pub use conductivity::ConductivityLine;
pub use device::{Device, Layer, Role};
pub use electrical::{Electrical, PeakLine, TitrationSeries, Voltammogram};
pub use evidence::{
    Absent, AbsentReason, Balance, Confidence, Fact, FileWritten, Hash, MaterialValue, ModelTerm, Quality, Reproduce, Sensitivity,
};
pub use fabricated::{Fabricated, MaskRow, Part, Picture, ProcessStep, RuleFinding};
pub use impedance::{Impedance, ImpedancePart, ImpedanceSpectrum};
pub use life::{LifeRow, OverCycles};
pub use maps::{Body, MapField, MapView, Maps};
pub use pulses::{PulseRow, PulseTrain};
pub use run::{
    CapacityCurve, Cycle, DifferentialCurve, LossComponent, Losses, Profile, ProfileRegion, RateRow, RateStudy, Step, TimeSeries,
};
pub use shelf::{OnShelf, ShelfPart, ShelfRow};
pub use stress::{SectionExtreme, Stress, StressOnSection, StressRow};
pub use transference::{TransferenceStep, TransferenceTest};

use super::colour::Colour;
use super::kind::Kind;
use serde::{Deserialize, Serialize};

/// Everything one report page shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Chemistry and form in words: "Li | LiPON | LiCoO₂ thin-film cell, 5 mm die".
    pub title: String,
    /// Name of the design file.
    pub design_file: String,
    /// Short identity of the run (start of a hash).
    pub run_id: String,
    /// Conditions that hold for the whole page: "25 °C unless said".
    pub conditions: String,
    /// The finding in one to three sentences, *marked text*. [`super::verdict::sentence`] writes one from numbers.
    pub verdict: String,
    /// The headline numbers; six fill the grid.
    pub key_numbers: Vec<KeyNumber>,
    /// Mean loss over the main discharge by cause.
    pub loss_bar: Option<LossBar>,
    /// Warnings, worst first; the page shows five and counts the rest.
    pub warnings: Vec<Notice>,
    /// One line for all that passed, *marked text*; empty leaves it out.
    pub passed: String,
    /// The drawn device.
    pub device: Device,
    /// What fabrication left on the chip.
    pub fabricated: Option<Fabricated>,
    /// Why the chapters on charge and discharge are empty, if all of them are.
    pub not_run: Option<AbsentReason>,
    /// The protocol and what the cell did.
    pub cycle: Cycle,
    /// Times (s) of the slider, increasing; ends of steps included. See [`super::thin::choose_frames`].
    pub frames: Vec<f64>,
    /// Losses by cause at each frame.
    pub losses: Option<Losses>,
    /// What a change of the design would do; empty leaves the table out.
    pub sensitivity: Vec<Sensitivity>,
    /// What swelling does to the films.
    pub stress: Option<Stress>,
    /// What the cycles did to the cell.
    pub life: Option<OverCycles>,
    /// What is left after years on the shelf.
    pub shelf: Option<OnShelf>,
    /// Quantities along the cell at each frame.
    pub profiles: Vec<Profile>,
    /// Fields in the real geometry of the device, where it was simulated in it.
    pub maps: Option<Maps>,
    /// Discharge at several rates.
    pub rate: Option<RateStudy>,
    /// The line that would compute the rate chapter, shown when `rate` is absent: "cellwright run design.toml --rates C/10,1C,10C".
    pub rate_hint: String,
    /// Impedance spectra.
    pub impedance: Option<Impedance>,
    /// Voltammetry, titration and pulses.
    pub electrical: Option<Electrical>,
    /// Material values with their provenance.
    pub materials: Vec<MaterialValue>,
    /// Conductivity of the electrolyte against temperature.
    pub conductivity: Option<ConductivityLine>,
    /// Conservation and consistency checks.
    pub balances: Vec<Balance>,
    /// Mesh and time error, effort.
    pub quality: Quality,
    /// The terms of the model, on and off.
    pub model: Vec<ModelTerm>,
    /// Chapters this run does not hold, each with the reason.
    pub absent: Vec<Absent>,
    /// What is needed to run it again.
    pub reproduce: Reproduce,
}

/// One headline number with its unit and what it refers to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyNumber {
    /// "Capacity, 1C".
    pub label: String,
    /// Three significant figures: "29.7".
    pub value: String,
    /// "µAh".
    pub unit: String,
    /// "119 µAh per cm² of die"; a line break makes a second line.
    pub basis: String,
}

impl KeyNumber {
    /// Scales an SI value to a readable unit with three significant figures.
    pub fn new(label: &str, si: f64, kind: Kind, basis: &str) -> Self {
        let (value, unit) = kind.split(si);
        Self {
            label: label.into(),
            value,
            unit,
            basis: basis.into(),
        }
    }
}

/// Mean loss of one discharge, divided by cause.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LossBar {
    /// What it is the mean of: "1C discharge".
    pub of: String,
    /// The parts, in drawing order.
    pub parts: Vec<LossPart>,
}

/// One cause of voltage loss.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LossPart {
    /// "LiCoO₂: Li diffusion".
    pub name: String,
    /// Hue of the place, shade of the mechanism.
    pub colour: Colour,
    /// Mean loss in volt.
    pub mean: f64,
}

/// A warning, or a remark, with code and place to look.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notice {
    /// "W201".
    pub code: String,
    /// An error, not a warning; codes that start with E always are.
    pub error: bool,
    /// *Marked text*.
    pub text: String,
    /// Chapter anchor without `#` ("materials", "device", "limits", "balances", …); empty for none.
    pub anchor: String,
}
