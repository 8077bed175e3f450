//! GDSII stream files: records, numbers, reader and writer.

mod large;
mod read;
mod real;
mod record;
mod write;

pub use read::{Reading, Skipped, read};
pub use write::{WriteOptions, write};

#[cfg(test)]
mod tests;
