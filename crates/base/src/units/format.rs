//! Writing a quantity: three significant digits and the unit an experimenter would use.

use super::{Dimension, unit_factor};
use crate::constants::ZERO_CELSIUS;

/// How a dimension is shown: unit text, its size in SI, and whether a metric prefix may be put before it.
struct Style {
    dimension: Dimension,
    unit: &'static str,
    si: f64,
    prefixed: bool,
}

const fn style(dimension: Dimension, unit: &'static str, si: f64, prefixed: bool) -> Style {
    Style {
        dimension,
        unit,
        si,
        prefixed,
    }
}

const STYLES: &[Style] = &[
    style(Dimension::LENGTH, "m", 1.0, true),
    style(Dimension::VOLTAGE, "V", 1.0, true),
    style(Dimension::CURRENT, "A", 1.0, true),
    style(Dimension::CURRENT_DENSITY, "A/cm2", 1e4, true),
    style(Dimension::POWER, "W", 1.0, true),
    style(Dimension::POWER_DENSITY, "W/cm2", 1e4, true),
    style(Dimension::RESISTANCE, "ohm", 1.0, true),
    style(Dimension::AREA_RESISTANCE, "ohm cm2", 1e-4, true),
    style(Dimension::RESISTIVITY, "ohm m", 1.0, false),
    style(Dimension::CONDUCTIVITY, "S/cm", 1e2, false),
    style(Dimension::CONDUCTANCE, "S", 1.0, true),
    style(Dimension::DIFFUSIVITY, "m2/s", 1.0, false),
    style(Dimension::CONCENTRATION, "mol/L", 1e3, false),
    style(Dimension::DENSITY, "g/cm3", 1e3, false),
    style(Dimension::SURFACE_DENSITY, "mg/cm2", 1e-2, false),
    style(Dimension::CAPACITY, "Ah", 3600.0, true),
    style(Dimension::AREAL_CAPACITY, "Ah/cm2", 3.6e7, true),
    style(Dimension::VOLUMETRIC_CAPACITY, "mAh/cm3", 3.6e6, false),
    style(Dimension::SPECIFIC_CAPACITY, "mAh/g", 3600.0, false),
    style(Dimension::ENERGY, "Wh", 3600.0, true),
    style(Dimension::SPECIFIC_ENERGY, "Wh/kg", 3600.0, false),
    style(Dimension::MOLAR_ENERGY, "kJ/mol", 1e3, false),
    style(Dimension::CAPACITANCE, "F", 1.0, true),
    style(Dimension::AREAL_CAPACITANCE, "F/cm2", 1e4, true),
    style(Dimension::SPECIFIC_HEAT, "J/(kg K)", 1.0, false),
    style(Dimension::HEAT_CAPACITY, "J/K", 1.0, true),
    style(Dimension::THERMAL_CONDUCTIVITY, "W/(m K)", 1.0, false),
    style(Dimension::HEAT_TRANSFER, "W/(m2 K)", 1.0, false),
    style(Dimension::PRESSURE, "Pa", 1.0, true),
    style(Dimension::ENERGY_PER_AREA, "J/m2", 1.0, false),
    style(Dimension::EXPOSURE, "Pa s", 1.0, true),
    style(Dimension::FREQUENCY, "Hz", 1.0, true),
    style(Dimension::ENTROPIC_COEFFICIENT, "mV/K", 1e-3, false),
    style(Dimension::MOLAR_VOLUME, "cm3/mol", 1e-6, false),
    style(Dimension::AMOUNT, "mol", 1.0, true),
    style(Dimension::RECOMBINATION_RATE, "m3/(mol s)", 1.0, false),
    style(Dimension::MOLAR_FLUX, "mol/(m2 s)", 1.0, false),
    style(Dimension::MASS_FLUX, "g/(m2 day)", 1e-3 / 86_400.0, false),
    style(Dimension::PER_LENGTH, "1/m", 1.0, false),
    style(Dimension::PER_TEMPERATURE, "1/K", 1.0, false),
    style(Dimension::VELOCITY, "m/s", 1.0, true),
];

const PREFIXES: &[(i32, &str)] = &[(9, "G"), (6, "M"), (3, "k"), (0, ""), (-3, "m"), (-6, "µ"), (-9, "n"), (-12, "p")];

/// The number with `digits` significant digits and no trailing zeros: plain between 1e-3 and 1e5, else as `2.44e-6`.
pub fn format_number(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return value.to_string();
    }
    let digits = digits.clamp(1, 17);
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |s: &str| {
        if s.contains('.') {
            s.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            s.to_owned()
        }
    };
    if (-3..5).contains(&exponent) {
        let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
        let rounded: f64 = scientific.parse().unwrap_or(value);
        trim(&format!("{rounded:.decimals$}"))
    } else {
        format!("{}e{exponent}", trim(mantissa))
    }
}

/// The quantity in the unit an experimenter would use, with three significant digits.
///
/// ```
/// use cellwright_base::units::{Dimension, format_quantity};
/// assert_eq!(format_quantity(320e-9, Dimension::LENGTH), "320 nm");
/// assert_eq!(format_quantity(2.44e-4, Dimension::CONDUCTIVITY), "2.44e-6 S/cm");
/// assert_eq!(format_quantity(298.15, Dimension::TEMPERATURE), "25 °C");
/// ```
pub fn format_quantity(si: f64, dimension: Dimension) -> String {
    match dimension {
        Dimension::DIMENSIONLESS => format_number(si, 3),
        Dimension::TEMPERATURE => {
            let celsius = (si - ZERO_CELSIUS) * 10.0;
            format!("{} °C", celsius.round() / 10.0)
        }
        Dimension::TIME => format_time(si),
        Dimension::AREA | Dimension::VOLUME => {
            let power = i32::from(dimension.m);
            // A length below which the next smaller unit reads better: 1e-2 of the larger unit's power.
            let (unit, size) = [("m", 1.0), ("cm", 1e-2), ("mm", 1e-3), ("µm", 1e-6)]
                .into_iter()
                .find(|(_, size): &(&str, f64)| si.abs() >= 0.999_5 * size.powi(power))
                .unwrap_or(("µm", 1e-6));
            format!("{} {unit}{power}", format_number(si / size.powi(power), 3))
        }
        _ => match STYLES.iter().find(|s| s.dimension == dimension) {
            Some(s) if s.prefixed => {
                let (number, prefix) = engineering(si / s.si);
                format!("{number} {prefix}{}", s.unit)
            }
            Some(s) => format!("{} {}", format_number(si / s.si, 3), s.unit),
            None => format!("{} {}", format_number(si, 3), dimension.base_units()),
        },
    }
}

/// The quantity in the given unit with `digits` significant digits: `format_as(0.0265, "uA/cm2", 3)` is `"2.65 uA/cm2"`.
/// A unit that cannot be read is named in the text, beside the bare SI number.
pub fn format_as(si: f64, unit: &str, digits: usize) -> String {
    match (unit, unit_factor(unit)) {
        ("degC" | "°C", _) => format!("{} {unit}", format_number(si - ZERO_CELSIUS, digits)),
        (_, Ok((factor, _))) => format!("{} {unit}", format_number(si / factor, digits)),
        (_, Err(_)) => format!("{} in SI (unknown unit `{unit}`)", format_number(si, digits)),
    }
}

fn engineering(value: f64) -> (String, &'static str) {
    if value == 0.0 || !value.is_finite() {
        return (format_number(value, 3), "");
    }
    for (exponent, prefix) in PREFIXES {
        // Rounding to three digits first, so that 999.7 nm becomes 1 µm.
        if value.abs() >= 0.999_5 * 10f64.powi(*exponent) {
            return (format_number(value / 10f64.powi(*exponent), 3), prefix);
        }
    }
    (format_number(value, 3), "")
}

fn format_time(si: f64) -> String {
    let magnitude = si.abs();
    let (unit, size) = match magnitude {
        m if m >= 2.0 * 86_400.0 => ("d", 86_400.0),
        m if m >= 5400.0 => ("h", 3600.0),
        m if m >= 90.0 => ("min", 60.0),
        m if m >= 0.999_5 || m == 0.0 => ("s", 1.0),
        _ => {
            let (number, prefix) = engineering(si);
            return format!("{number} {prefix}s");
        }
    };
    format!("{} {unit}", format_number(si / size, 3))
}
