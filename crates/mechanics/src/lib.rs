//! The mechanics of films and electrodes: bow, stress while cycling, cracks, stress from diffusion, plane strain, swelling.
//!
//! Plain values in, plain values out, SI throughout; tension is positive. Each module holds one question:
//! [`stoney`] how much the wafer bows, [`bending`] how far a foil may be bent, [`film`] what a cycle does to a clamped film, [`fracture`]
//! how thick it may be, [`diffusion_stress`] what a lithium profile does to a particle, [`plane_strain`] what swelling does to a section of
//! any shape ([`section`]), [`coaxial`] what it does to a pillar, and [`swelling`] whether it fills the gap.
//!
//! ```
//! use cellwright_mechanics::elastic::Elastic;
//! use cellwright_mechanics::stoney::{Layer, bend, bow};
//!
//! // 1 µm with 100 MPa of tension on 525 µm of silicon(100), biaxial modulus 180.3 GPa: 83 m of radius, 15 µm of bow over 100 mm.
//! let silicon = Elastic::new(129.9e9, 0.2795)?;
//! let film = Elastic::new(100e9, 0.25)?;
//! let layers = [Layer::free(525e-6, silicon), Layer::stressed(1e-6, film, 100e6)];
//! let curvature = bend(&layers)?.curvature;
//! assert!((1.0 / curvature - 83.0).abs() < 0.5);
//! assert!((bow(curvature, 0.1) - 15.1e-6).abs() < 0.1e-6);
//! # Ok::<(), cellwright_mechanics::MechanicsError>(())
//! ```
//!
//! It knows no material by name, no process, no design file and no electrochemistry.

pub mod bending;
pub mod coaxial;
pub mod diffusion_stress;
pub mod elastic;
mod error;
pub mod film;
pub mod fracture;
pub mod plane_strain;
pub mod section;
pub mod stoney;
pub mod swelling;

pub use error::MechanicsError;
