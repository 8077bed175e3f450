//! The laboratory: what is done to a cell, and what comes out of it.
//!
//! [`protocol`] is the language of the experiments, [`results`] holds time series and fields and writes them in formats that other
//! programs read, [`checkpoint`] freezes a run so that it can go on later. Nothing here opens a file: texts and bytes go in and out.

pub mod checkpoint;
pub mod impedance;
pub mod jump;
mod maps;
pub mod protocol;
pub mod pulse_train;
mod recorder;
pub mod results;
pub mod run;
pub mod solution;
mod steps;
pub mod temperature;
pub mod titration;
pub mod transference;
pub mod voltammetry;
mod wearing;
