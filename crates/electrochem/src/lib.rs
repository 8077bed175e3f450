//! The physics of a cell as one DAE: conservation laws on control volumes and faces, interface reactions, lithium hosts, heat.
//!
//! [`spec::CellSpec`] says what a cell is made of, in the words of the equations; [`model::Model`] puts it on a mesh and implements
//! [`cellwright_dae::System`], so that time integration, initialisation and events come from the kernel. The assembly (`assembly.rs`)
//! knows volumes and faces only: more dimensions add meshes, not equations. Elimination of hosts and sites is in `solve.rs`; the
//! single-particle models are the same balances with a uniform reaction (`uniform.rs`). From a state come the voltage
//! ([`model::Model::voltage`]), its losses by cause ([`model::Model::losses`]), profiles and inventories.
//!
//! ```
//! use cellwright_dae::{InitialOptions, consistent_initial_conditions};
//! use cellwright_electrochem::kinetics::Kinetics;
//! use cellwright_electrochem::model::{Control, Model};
//! use cellwright_electrochem::spec::*;
//! use cellwright_materials::{Confidence, Property, Provenance, key};
//!
//! // Lithium | 1.5 µm of a single-ion conductor | lithium: 10 A/m² over 1.5e-6 m / 1e-4 S/m lose 150 mV.
//! let source = Provenance { source: "example".into(), temperature: None, confidence: Confidence::Assumed, note: String::new() };
//! let conductivity = Property::constant(key("ionic_conductivity").expect("a key of the library"), 1e-4, source);
//! let lithium = Electrode::Metal { exchange_current: None, kinetics: Kinetics::Reversible, double_layer: 0.0, film_resistance: 0.0 };
//! let mut model = Model::new(CellSpec {
//!     area: 1e-4,
//!     temperature: 298.15,
//!     ambient: 298.15,
//!     negative: lithium.clone(),
//!     separator: Separator { thickness: 1.5e-6, porosity: 1.0, transport_efficiency: 1.0, relative_permittivity: 0.0 },
//!     positive: lithium,
//!     electrolyte: ElectrolyteLaw::SingleIon { conductivity },
//!     series_resistance: 0.0,
//!     heat: None,
//!     kind: ModelKind::Dfn,
//!     current_1c: 1e-3,
//!     resolution: Resolution::default(),
//! });
//! model.control = Control::Current(1e-3);
//! let mut y = model.initial_state();
//! let mut yp = vec![0.0; y.len()];
//! consistent_initial_conditions(&mut model, 0.0, &mut y, &mut yp, &InitialOptions::default())?;
//! assert!((model.voltage(&y) + 0.150).abs() < 1e-9);
//! # Ok::<(), cellwright_dae::DaeError>(())
//! ```
//!
//! This crate does not read files, know material names, run protocols or fabricate anything.

mod assembly;
pub mod balance;
mod coefficients;
mod conditions;
pub mod control;
pub mod curve;
mod dense;
pub mod depletion;
mod direct;
pub mod electrolyte;
mod faces;
pub mod group;
pub mod heat;
pub mod host;
pub mod host_group;
mod interface;
pub mod kinetics;
mod laminated;
pub mod leakage;
mod lines;
pub mod losses;
pub mod maps;
mod metal;
pub mod model;
pub mod open_circuit;
mod pattern;
pub mod profiles;
pub mod shelf;
mod shells;
pub mod side;
mod sites;
pub mod small_signal;
mod solve;
mod sparse;
pub mod spec;
mod system;
mod uniform;
mod volumes;
pub mod wear;
mod workspace;
