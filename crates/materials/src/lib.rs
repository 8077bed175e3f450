//! Materials with provenance: properties that carry unit, source, temperature and confidence, and exact derivatives.
//!
//! The embedded [`Library`] is a set of human-readable files, one per material, in `library/`. A property that nobody has published is left
//! out: asking for it gives
//! the named gap E031, never a silent default. User text in the same format adds or overrides values.
//!
//! ```
//! use cellwright_materials::Library;
//! let library = Library::embedded();
//! let film = library.get("LiCoO2-Danilov2011").unwrap();
//! let potential = film.require("open_circuit_potential").unwrap().eval(0.7, 298.15);
//! assert!(potential.value > 3.9 && potential.dx < 0.0);
//! assert!(film.require("youngs_modulus").unwrap_err().to_string().contains("not found in any source"));
//! ```
//!
//! What this crate does not do: it solves nothing, and it chooses no model; it answers what a property is and how sure anybody is of it.

pub mod bpx;
mod expression;
mod jet;
mod keys;
mod library;
mod material;
mod property;
mod read;
pub mod render;

pub use expression::{Expression, ExpressionError};
pub use jet::Jet;
pub use keys::{KEYS, Key, key};
pub use library::{Library, UnknownMaterial};
pub use material::{Class, Material, MaterialError, Role};
pub use property::{Activation, Argument, Confidence, Property, Provenance, Value};
