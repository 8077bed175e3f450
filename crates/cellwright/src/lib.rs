//! The facade of Cellwright: design documents, the pipeline from design to report, validation.

pub mod arrhenius;
pub mod bpx;
pub mod build;
pub mod build_summary;
pub mod cell;
pub mod compare;
pub mod device;
pub mod electrical;
pub mod failure;
pub mod fields;
pub mod fill;
pub mod life;
mod lookup;
pub mod masks;
pub mod mesh;
pub mod pipeline;
pub mod prepare;
pub mod publish;
mod published;
pub mod pulses;
pub mod report;
mod result_dir;
pub mod section_stress;
pub mod shelf;
pub mod spectra;
pub mod study;
pub mod summary;
pub mod temperature;
pub mod transference;
pub mod validate;

pub mod design;
