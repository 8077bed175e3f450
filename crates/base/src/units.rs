//! Quantities with units at the edges of the program: text such as `"5 um"` in, SI `f64` inside, text such as `"1.5 µm"` out.

mod atoms;
mod dimension;
mod exact;
mod format;
mod parse;
mod unit;

pub use dimension::Dimension;
pub use exact::{write_angle, write_quantity};
pub use format::{format_as, format_number, format_quantity};
pub use parse::{QuantityError, parse_quantity, unit_factor};

#[cfg(test)]
mod tests;
