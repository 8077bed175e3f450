//! The physics of a cell as one DAE.
pub mod assembly;
pub mod balance;
pub mod curve;
pub mod electrolyte;
pub mod host;
pub mod host_group;
pub mod kinetics;
pub mod losses;
pub mod model;
pub mod profiles;
pub mod solve;
pub mod spec;
pub mod system;
pub mod uniform;
