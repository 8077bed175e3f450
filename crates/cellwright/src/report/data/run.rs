//! What happened in the run: steps, curves, losses, profiles, rates.

use crate::report::colour::Colour;
use crate::report::kind::Kind;
use serde::{Deserialize, Serialize};

/// The protocol and its curves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cycle {
    /// One sentence under the heading, *marked text*; empty lists the steps.
    pub lede: String,
    /// Steps in order.
    pub steps: Vec<Step>,
    /// Index of the step the headline numbers refer to.
    pub main_step: Option<usize>,
    /// Terminal quantities over time, as fine as the run has them; thinned when drawn.
    pub series: TimeSeries,
    /// Voltage against capacity, one curve per step worth showing.
    pub curves: Vec<CapacityCurve>,
    /// dQ/dV; empty leaves the figure out.
    pub differential: Vec<DifferentialCurve>,
    /// Area the capacity axes refer to, m², with its name ("active area"); none keeps the capacity of the whole cell.
    pub area: Option<(f64, String)>,
}

/// One step of the protocol.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Step {
    /// "Discharge at 1C until 3.0 V".
    pub label: String,
    /// At most about twelve letters, written into the plots: "Discharge 1C".
    pub short: String,
    /// s.
    pub start: f64,
    /// s.
    pub end: f64,
    /// Why it ended: "3.000 V reached".
    pub ends: String,
    /// Charge passed, C, discharge positive.
    pub charge: Option<f64>,
}

/// Terminal quantities over time; optional ones are empty or as long as `time`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TimeSeries {
    /// s, never decreasing; a repeated time is a jump.
    pub time: Vec<f64>,
    /// V.
    pub voltage: Vec<f64>,
    /// A, discharge positive.
    pub current: Vec<f64>,
    /// K; of a field the mean over the cell.
    pub temperature: Vec<f64>,
    /// Lowest and highest temperature of the cell, K; empty without a field.
    pub extremes: [Vec<f64>; 2],
    /// What there is to say of the temperature, *marked text*.
    pub heat_note: String,
    /// Equilibrium voltage at the mean filling, V.
    pub equilibrium: Vec<f64>,
}

/// Voltage against the charge passed in one step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CapacityCurve {
    /// "Discharge 1C".
    pub label: String,
    /// Charge passed since the start of the step, C.
    pub capacity: Vec<f64>,
    /// V.
    pub voltage: Vec<f64>,
}

/// dQ/dV against voltage of one step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DifferentialCurve {
    /// "Discharge C/10".
    pub label: String,
    /// V.
    pub voltage: Vec<f64>,
    /// C/V; the sign as given.
    pub value: Vec<f64>,
}

/// Voltage losses by cause, over the frames of the report.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Losses {
    /// Finding under the heading, *marked text*.
    pub lede: String,
    /// The causes, in stacking order.
    pub components: Vec<LossComponent>,
    /// How well the parts add up, *marked text*: "The parts add up to the difference within 0.02 mV at all times."
    pub closure: String,
}

/// One cause of loss over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LossComponent {
    /// "LiCoO₂: Li diffusion".
    pub name: String,
    /// Hue of the place, shade of the mechanism.
    pub colour: Colour,
    /// Loss at each frame, V; positive takes from the cell. Same length as `Report::frames`.
    pub loss: Vec<f64>,
    /// Mean over the main step, V; none takes it from the frames.
    pub mean: Option<f64>,
}

/// One quantity along the cell (or along a particle radius) at every frame.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Letters and digits, unique: "lithium".
    pub id: String,
    /// Short name on the switch: "Lithium fraction".
    pub short: String,
    /// Heading of the figure: "Lithium in LiCoO₂".
    pub title: String,
    /// Name of the value, without unit: "x in LiₓCoO₂", "Salt concentration".
    pub quantity: String,
    /// How the values are scaled.
    pub kind: Kind,
    /// Name of the position: "Distance from the negative collector", "Radius".
    pub position: String,
    /// Regions from left to right; they may leave gaps.
    pub regions: Vec<ProfileRegion>,
    /// Frame by frame, all positions of all regions: `frames.len() × Σ region.x.len()` values, SI.
    pub values: Vec<f64>,
    /// Frames drawn in grey for comparison; empty picks four over the main step.
    pub snapshots: Vec<usize>,
    /// Note under the figure, *marked text*.
    pub note: String,
}

impl Profile {
    /// Positions of one frame.
    pub fn width(&self) -> usize {
        self.regions.iter().map(|r| r.x.len()).sum()
    }
}

/// One region of a profile.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileRegion {
    /// "LiCoO₂".
    pub name: String,
    /// Region colour.
    pub colour: Colour,
    /// Left and right end, m.
    pub span: [f64; 2],
    /// Positions of the values inside the span, m, increasing.
    pub x: Vec<f64>,
}

/// Discharge at several rates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RateStudy {
    /// Finding under the heading, *marked text*.
    pub lede: String,
    /// From slow to fast.
    pub rows: Vec<RateRow>,
    /// Area of the Ragone plot, m².
    pub area: f64,
    /// Name of that area: "die area".
    pub basis: String,
    /// Footprint of the cell, m², for the comparison with published cells; 0 leaves it out.
    pub footprint: f64,
    /// Note under the Ragone plot, *marked text*.
    pub note: String,
}

/// One discharge of a rate study.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RateRow {
    /// "C/10".
    pub label: String,
    /// Rate relative to the nominal capacity, 1/h.
    pub c_rate: f64,
    /// C.
    pub capacity: f64,
    /// V.
    pub mean_voltage: f64,
    /// J.
    pub energy: f64,
    /// Mean power, W.
    pub power: f64,
    /// Mean loss, V.
    pub loss: Option<f64>,
    /// Charge passed (C) of the curve.
    pub curve_capacity: Vec<f64>,
    /// Voltage (V) of the curve.
    pub curve_voltage: Vec<f64>,
}
