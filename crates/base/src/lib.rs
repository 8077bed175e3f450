//! What every part of Cellwright shares: physical constants, quantities with units, interpolation tables and diagnostics.

pub mod constants;
pub mod diagnostic;
pub mod table;
pub mod units;
