//! Virtual fabrication: masks and a process flow go in, the device that would stand on the chip comes out.

pub mod emulate;
pub mod export;
pub mod fabrication;
pub mod files;
pub mod pictures;
pub mod plan;
pub mod rules;
pub mod technique;
pub mod template;
