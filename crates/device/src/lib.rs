//! What stands on the chip (a stack of films on its footprint) and the finite-volume meshes made of it.
//!
//! A [`Device`] is a list of [`Layer`]s from the substrate up. [`mesh::Mesh`] is the dimension-free complex of control
//! volumes and faces that the physics is assembled on; [`mesh::stack`] makes the one-dimensional one of a laminated cell.
//! This crate holds geometry only: no unknown, no material property and no equation lives here.
//!
//! ```
//! use cellwright_device::mesh::{Segment, Spacing, stack};
//! let mesh = stack(1e-4, &[Segment { region: 0, length: 1.5e-6, cells: 20, spacing: Spacing::BothEnds { ratio: 1.3 } }]);
//! let volume: f64 = mesh.volumes.iter().sum();
//! assert!((volume - 1.5e-10).abs() < 1e-22);
//! ```

pub mod field;
pub mod layers;
pub mod mesh;
pub mod partition;
pub mod tape;
pub mod vector;

pub use layers::{Device, Layer, Porous, Role, Structure};
