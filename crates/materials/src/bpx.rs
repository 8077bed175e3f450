//! Cells in the Battery Parameter eXchange format (BPX), schema 0.x and 1.x: bytes in, plain data with properties out.
//!
//! The standard is <https://bpxstandard.com>. A number, an expression in `x`, or a table stands for each function. Reaction rates follow
//! its kinetics,
//! i₀ = F k √(c_e/c_e⁰) √(x (1 − x)), and activation energies become Arrhenius factors about the reference temperature.
//! What a cell asks for and this version cannot honour is listed by name in [`BpxCell::unsupported`], never dropped.

mod function;
mod json;
mod parts;
mod sections;
mod state;

pub use state::StateOfCharge;

use crate::material::Material;
use cellwright_base::diagnostic::Diagnostic;

/// Largest file read, in bytes.
pub const MAX_BYTES: usize = 16 << 20;

/// The model a parameter set was made for, and so the richest one it can feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BpxModel {
    /// Single particle model: no electrolyte in the file.
    Spm,
    /// Single particle model with electrolyte.
    SpmE,
    /// Doyle-Fuller-Newman model.
    Dfn,
}

/// A cell read from a BPX file; all numbers in SI.
#[derive(Clone, Debug, PartialEq)]
pub struct BpxCell {
    /// Title of the file.
    pub title: String,
    /// Description of the file.
    pub description: String,
    /// Version of the schema, such as `0.4.0`.
    pub schema: String,
    /// Model named in the header, lowered to what the sections of the file can feed.
    pub model: BpxModel,
    /// Area of one electrode pair, m2.
    pub electrode_area: f64,
    /// Electrode pairs in parallel.
    pub n_electrode_pairs: u32,
    /// Outer surface of the cell, m2.
    pub external_surface_area: Option<f64>,
    /// Volume of the cell, m3.
    pub volume: Option<f64>,
    /// Nominal capacity, C.
    pub nominal_capacity: f64,
    /// Lower cut-off, V.
    pub lower_voltage: f64,
    /// Upper cut-off, V.
    pub upper_voltage: f64,
    /// Ambient temperature, K.
    pub ambient_temperature: f64,
    /// Initial temperature, K; the ambient one if the file gives none.
    pub initial_temperature: f64,
    /// Temperature at which activation energies have no effect, K; 298.15 K if the file gives none.
    pub reference_temperature: f64,
    /// Initial state of charge 0 to 1, if the file gives it (schema 1.x).
    pub initial_state_of_charge: Option<f64>,
    /// Lumped density, kg/m3.
    pub density: Option<f64>,
    /// Lumped specific heat, J/(kg K).
    pub specific_heat: Option<f64>,
    /// Lumped thermal conductivity, W/(m K).
    pub thermal_conductivity: Option<f64>,
    /// Heat transfer coefficient to the ambient, W/(m2 K) (schema 1.x).
    pub heat_transfer: Option<f64>,
    /// Electrolyte; none in a file for the single particle model.
    pub electrolyte: Option<BpxElectrolyte>,
    /// Negative electrode.
    pub negative: BpxElectrode,
    /// Positive electrode.
    pub positive: BpxElectrode,
    /// Separator; none in a file for the single particle model.
    pub separator: Option<BpxPorous>,
    /// Measurements that came with the parameters.
    pub experiments: Vec<BpxExperiment>,
    /// What the file asks for and this version does not do.
    pub unsupported: Vec<Unsupported>,
    /// Doubtful but usable input.
    pub warnings: Vec<Diagnostic>,
}

/// Liquid electrolyte of a BPX cell.
#[derive(Clone, Debug, PartialEq)]
pub struct BpxElectrolyte {
    /// Concentration at rest, mol/m3; also the reference of the kinetics.
    pub initial_concentration: f64,
    /// conductivity, diffusion, transference_number, thermodynamic_factor (1 by the standard), reference_concentration.
    pub material: Material,
}

/// A porous layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BpxPorous {
    /// Thickness, m.
    pub thickness: f64,
    /// Volume fraction of electrolyte.
    pub porosity: f64,
    /// Effective over bulk transport in the electrolyte (inverse MacMullin number).
    pub transport_efficiency: f64,
}

/// An electrode of a BPX cell.
#[derive(Clone, Debug, PartialEq)]
pub struct BpxElectrode {
    /// Thickness, m.
    pub thickness: f64,
    /// Volume fraction of electrolyte; none in a file for the single particle model.
    pub porosity: Option<f64>,
    /// Effective over bulk transport in the electrolyte; none in a file for the single particle model.
    pub transport_efficiency: Option<f64>,
    /// Effective electronic conductivity of the porous electrode, S/m; none in a file for the single particle model.
    pub conductivity: Option<f64>,
    /// Kinds of particles: one, or several in a blended electrode.
    pub particles: Vec<BpxParticle>,
}

/// One kind of particle in an electrode.
#[derive(Clone, Debug, PartialEq)]
pub struct BpxParticle {
    /// Name in a blended electrode, else the name of the electrode.
    pub name: String,
    /// Radius, m.
    pub radius: f64,
    /// Surface per volume of electrode, 1/m.
    pub surface_area_per_volume: f64,
    /// Smallest stoichiometry between the cut-offs.
    pub minimum_stoichiometry: f64,
    /// Largest stoichiometry between the cut-offs.
    pub maximum_stoichiometry: f64,
    /// open_circuit_potential, entropic_coefficient, diffusion, maximum_concentration, exchange_current_density,
    /// charge_transfer_coefficient, electrolyte_reaction_order.
    pub material: Material,
}

impl BpxParticle {
    /// Volume fraction of these particles in the electrode, as spheres: a R/3.
    pub fn active_fraction(&self) -> f64 {
        self.surface_area_per_volume * self.radius / 3.0
    }
}

/// A measurement delivered with a parameter set.
#[derive(Clone, Debug, PartialEq)]
pub struct BpxExperiment {
    /// Name in the file.
    pub name: String,
    /// Time, s.
    pub time: Vec<f64>,
    /// Current in the sign of this project, A: discharge positive.
    pub current: Vec<f64>,
    /// Voltage, V.
    pub voltage: Vec<f64>,
    /// Temperature, K, if measured.
    pub temperature: Option<Vec<f64>>,
}

/// One thing a file asks for that this version does not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Path of keys, joined by ` / `.
    pub path: String,
    /// What it is.
    pub feature: String,
    /// What is done instead.
    pub consequence: String,
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}): {}", self.feature, self.path, self.consequence)
    }
}

impl BpxCell {
    /// Reads a BPX file.
    ///
    /// # Errors
    /// One finding with the path of keys, what was found, what is allowed and a hint, for anything unreadable, missing, out of range or not
    /// a formula.
    ///
    /// # Verification
    /// `the_five_example_files_load`, `hostile_files_give_one_clear_finding`.
    pub fn from_bytes(bytes: &[u8]) -> Result<BpxCell, Box<Diagnostic>> {
        sections::read(&json::parse(bytes)?)
    }

    /// Electrode pairs times area, m2.
    pub fn total_area(&self) -> f64 {
        self.electrode_area * f64::from(self.n_electrode_pairs)
    }
}
