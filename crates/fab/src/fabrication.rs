//! The outcome of a process flow: what stands on the chip, what it weighs, what breaks a rule.

use crate::plan::Plan;
use cellwright_base::diagnostic::Diagnostic;
use cellwright_device::Role;

/// A body that a step left behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Name: that of the step, or `substrate`.
    pub name: String,
    /// Name of the material in the library.
    pub material: String,
    /// What it is for.
    pub role: Role,
    /// Index of the step that made it; `None` for the substrate.
    pub step: Option<usize>,
    /// Void fraction inside it that electrolyte fills.
    pub porosity: f64,
}

/// What one step did.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRecord {
    /// Name of the step.
    pub name: String,
    /// In words: `deposit LiPON, atomic layer deposition, 20 nm`.
    pub words: String,
    /// Temperature, K.
    pub temperature: f64,
    /// Process time, s.
    pub duration: f64,
    /// Relative cost, 1 (cheap) to 5, times the share of the step's time is not taken: a plain sum over steps is shown.
    pub cost: f64,
    /// Least, mean and greatest thickness of a film on the real surface, m.
    pub thickness: Option<[f64; 3]>,
    /// Number of operations on the tape after this step.
    pub operations: usize,
}

/// A rule that is broken, with the picture that proves it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Rule id as code, severity, message, place in the design file, hints.
    pub diagnostic: Diagnostic,
    /// Index of the step after which it shows.
    pub step: Option<usize>,
    /// Point on the chip, m.
    pub at: Option<[f64; 3]>,
    /// What it is about, whatever the step: a fault that stays has the same code and subject after every later step.
    pub subject: String,
}

/// Volume, mass and areas of one region, for the whole chip (window times repeats).
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Index into [`Fabrication::regions`].
    pub region: usize,
    /// Volume, m³.
    pub volume: f64,
    /// Mass, kg; `None` if the density is a gap.
    pub mass: Option<f64>,
    /// Area of its whole surface, m².
    pub surface: f64,
    /// Capacity, C, of an electrode; `None` if the material has no specific capacity.
    pub capacity: Option<f64>,
}

/// What stands on the chip, counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Inventory {
    /// One per region that is left.
    pub items: Vec<Item>,
    /// Open space in the window box, m³.
    pub void: f64,
    /// Volume of the box, m³ (window times repeats); items and void add up to it.
    pub box_volume: f64,
    /// Footprint of what is examined (window times repeats), m².
    pub footprint: f64,
    /// Area between electrolyte and negative, and electrolyte and positive electrode, m².
    pub active_area: [f64; 2],
    /// Smaller active area over footprint.
    pub area_enhancement: f64,
    /// Capacity of the negative and the positive electrode per footprint, C/m².
    pub areal_capacity: [Option<f64>; 2],
    /// Negative over positive capacity; `None` where one is lithium metal without host or unknown.
    pub balance: Option<f64>,
    /// Volume of the device with its package, m³.
    pub device_volume: f64,
    /// Sum of the process times, s.
    pub process_time: f64,
    /// Sum of the relative costs of the steps.
    pub relative_cost: f64,
}

/// The heat that a body went through, its own deposition excluded.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// Index into [`Fabrication::regions`].
    pub region: usize,
    /// Hottest later step: its index and temperature in K; `None` if nothing came later.
    pub hottest: Option<(usize, f64)>,
    /// Temperature that the material survives, K; `None` if it is not known.
    pub limit: Option<f64>,
}

/// The outcome of a process flow.
#[derive(Clone, Debug)]
pub struct Fabrication {
    /// What was made.
    pub plan: Plan,
    /// Bodies, in the order they were made; the first is the substrate.
    pub regions: Vec<Region>,
    /// What each step did.
    pub steps: Vec<StepRecord>,
    /// Counted.
    pub inventory: Inventory,
    /// Thermal budget of every body that is left.
    pub heat: Vec<Heat>,
    /// Rules that are broken, errors first.
    pub findings: Vec<Finding>,
}
