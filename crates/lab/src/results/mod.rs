//! Results as data and as files: a columnar time series and its writers.
//!
//! Inside everything is SI with discharge positive. The written files follow the
//! [Battery Data Format](https://github.com/battery-data-alliance/battery-data-format): its labels and units, and its sign, **charge positive**
//! (the format's ontology defines net and cumulative capacity as ∫ I dt = charged − discharged). The change of sign and units happens in
//! the writers, nowhere else; see [`Quantity`].
//!
//! ```
//! use cellwright_lab::results::{Quantity, TimeSeries, write_csv};
//!
//! let mut series = TimeSeries::new(&[Quantity::TestTime, Quantity::Voltage, Quantity::Current]);
//! series.push(&[0.0, 4.0, 1e-6]); // 1 µA of discharge
//! let mut csv = Vec::new();
//! write_csv(&series, &mut csv)?;
//! assert_eq!(csv, b"Test Time / s,Voltage / V,Current / A\n0.0,4.0,-1e-6\n");
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Writers take a sink; putting files on a disk is not done here.

mod csv;
mod fields;
mod json;
mod parquet;
mod series;

#[cfg(test)]
mod tests;

pub use csv::write_csv;
pub use fields::{CellField, FieldMesh, write_pvd, write_vtu};
pub use json::write_json;
pub use parquet::write_parquet;
pub use series::{Column, Quantity, TimeSeries};
