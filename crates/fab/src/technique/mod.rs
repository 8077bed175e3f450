//! How films are made: what each technique can do and the thickness it leaves on a surface.
//!
//! The library ([`all`], [`find`], [`get`]) knows limits, rates and usual conditions of every technique, each with its source. The other files
//! hold one piece of physics each, as pure functions; [`ThicknessModel`] is what they have in common.
//!
//! ```
//! use cellwright_fab::technique::{self, ald, channel::Channel, ThicknessModel};
//! let printing = technique::find("flexo").unwrap();
//! let resolution = printing.minimum_feature.as_ref().unwrap();
//! assert!((resolution.value - 25e-6).abs() < 1e-12 && resolution.source.contains("Table 1"));
//!
//! // Alumina into holes 50 µm deep and 2 µm wide: the exposure that reaches the bottom, and what half of it leaves there.
//! let trimethylaluminium = ald::Precursor { molar_mass: 0.07209, site_density: 4.7e18, temperature: 473.15 };
//! let hole = Channel::hole(50e-6, 2e-6);
//! let enough = ald::exposure(&trimethylaluminium, hole.a);
//! let film = ThicknessModel::ald(0.1e-9, 200.0, &trimethylaluminium, &hole, 0.5 * enough, None)?;
//! assert_eq!((film.at(0.0, 1.0), film.at(50e-6, 1.0)), (20e-9, 0.0));
//! # Ok::<(), technique::TechniqueError>(())
//! ```
//!
//! What this module does not do: it knows no geometry of a whole device and moves no front; it answers what one surface element gets.

pub mod ald;
pub mod ald_profile;
pub mod channel;
pub mod cost;
pub mod cvd;
pub mod electrodeposition;
mod error;
pub mod etch;
mod growth;
mod library;
pub mod line_of_sight;
pub mod print;
mod read;
pub mod sky;
pub mod thermal;
pub mod time;

pub use error::TechniqueError;
pub use growth::{Opening, ThicknessModel};
pub use library::{Kind, Sourced, Technique, all, find, get};
pub use read::read;
pub use sky::{Quadrature, Source, sky_flux};
