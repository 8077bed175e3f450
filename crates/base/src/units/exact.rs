//! Writing a quantity so that reading it gives the same number back: as few digits as that takes, in a unit that reads well.

use super::{Dimension, format_number, format_quantity, parse_quantity, unit_factor};
use crate::constants::ZERO_CELSIUS;

/// Relative error that a written quantity may have when it is read again.
const EXACT: f64 = 4e-15;

/// The quantity in the unit an experimenter would use, with as many digits as it takes to read the same number again (to 4e-15), in ASCII.
///
/// ```
/// use cellwright_base::units::{Dimension, write_quantity};
/// assert_eq!(write_quantity(12.5e-6, Dimension::LENGTH), "12.5 um");
/// assert_eq!(write_quantity(973.15, Dimension::TEMPERATURE), "700 degC");
/// assert_eq!(write_quantity(1e-6 / 3.0, Dimension::LENGTH), "333.333333333333 nm");
/// ```
pub fn write_quantity(si: f64, dimension: Dimension) -> String {
    let shown = format_quantity(si, dimension).replace('µ', "u").replace("°C", "degC");
    let unit = match shown.split_once(' ') {
        Some(("0", "m")) => "um",
        Some((_, unit)) => unit,
        None => "",
    };
    write_in(si, unit, dimension)
}

/// An angle in degrees, with as many digits as it takes.
pub fn write_angle(radians: f64) -> String {
    write_in(radians, "deg", Dimension::DIMENSIONLESS)
}

fn write_in(si: f64, unit: &str, dimension: Dimension) -> String {
    let value = match unit {
        "" => si,
        "degC" => si - ZERO_CELSIUS,
        _ => si / unit_factor(unit).map_or(1.0, |(factor, _)| factor),
    };
    let text = |digits| format!("{} {unit}", format_number(value, digits)).trim_end().to_owned();
    let exact = |text: &String| parse_quantity(text, dimension).is_ok_and(|back| (back - si).abs() <= EXACT * si.abs());
    (3..17).map(text).find(exact).unwrap_or_else(|| text(17))
}
