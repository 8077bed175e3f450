//! The unit symbols that can be read, their size in SI, and their English words.

use super::Dimension;
use crate::constants;

/// One unit symbol.
pub(super) struct Atom {
    /// Spelling in a file.
    pub symbol: &'static str,
    /// Size in SI base units.
    pub factor: f64,
    /// Its dimension.
    pub dimension: Dimension,
    /// English word.
    pub word: &'static str,
    /// Whether metric prefixes may stand before it.
    pub prefixes: bool,
}

const fn atom(symbol: &'static str, factor: f64, dimension: Dimension, word: &'static str, prefixes: bool) -> Atom {
    Atom {
        symbol,
        factor,
        dimension,
        word,
        prefixes,
    }
}

const ATOMS: &[Atom] = &[
    atom("m", 1.0, Dimension::LENGTH, "metre", true),
    atom("g", 1e-3, Dimension::MASS, "gram", true),
    atom("s", 1.0, Dimension::TIME, "second", true),
    atom("sec", 1.0, Dimension::TIME, "second", false),
    atom("second", 1.0, Dimension::TIME, "second", false),
    atom("seconds", 1.0, Dimension::TIME, "second", false),
    atom("min", 60.0, Dimension::TIME, "minute", false),
    atom("minute", 60.0, Dimension::TIME, "minute", false),
    atom("minutes", 60.0, Dimension::TIME, "minute", false),
    atom("h", 3600.0, Dimension::TIME, "hour", false),
    atom("hour", 3600.0, Dimension::TIME, "hour", false),
    atom("hours", 3600.0, Dimension::TIME, "hour", false),
    atom("d", 86_400.0, Dimension::TIME, "day", false),
    atom("day", 86_400.0, Dimension::TIME, "day", false),
    atom("days", 86_400.0, Dimension::TIME, "day", false),
    atom("week", 604_800.0, Dimension::TIME, "week", false),
    atom("weeks", 604_800.0, Dimension::TIME, "week", false),
    atom("year", constants::JULIAN_YEAR, Dimension::TIME, "year", false),
    atom("years", constants::JULIAN_YEAR, Dimension::TIME, "year", false),
    atom("A", 1.0, Dimension::CURRENT, "ampere", true),
    atom("Ah", 3600.0, Dimension::CAPACITY, "ampere-hour", true),
    atom("C", 1.0, Dimension::CAPACITY, "coulomb", true),
    atom("K", 1.0, Dimension::TEMPERATURE, "kelvin", true),
    atom("mol", 1.0, Dimension::AMOUNT, "mole", true),
    atom("M", 1e3, Dimension::CONCENTRATION, "mole per litre", true),
    atom("L", 1e-3, Dimension::VOLUME, "litre", true),
    atom("l", 1e-3, Dimension::VOLUME, "litre", true),
    atom("V", 1.0, Dimension::VOLTAGE, "volt", true),
    atom("W", 1.0, Dimension::POWER, "watt", true),
    atom("Wh", 3600.0, Dimension::ENERGY, "watt-hour", true),
    atom("J", 1.0, Dimension::ENERGY, "joule", true),
    atom("eV", 1.602_176_634e-19, Dimension::ENERGY, "electronvolt", true),
    atom("ohm", 1.0, Dimension::RESISTANCE, "ohm", true),
    atom("Ohm", 1.0, Dimension::RESISTANCE, "ohm", true),
    atom("\u{3a9}", 1.0, Dimension::RESISTANCE, "ohm", true),
    atom("\u{2126}", 1.0, Dimension::RESISTANCE, "ohm", true),
    atom("S", 1.0, Dimension::CONDUCTANCE, "siemens", true),
    atom("F", 1.0, Dimension::CAPACITANCE, "farad", true),
    atom("N", 1.0, Dimension::FORCE, "newton", true),
    atom("Pa", 1.0, Dimension::PRESSURE, "pascal", true),
    atom("bar", 1e5, Dimension::PRESSURE, "bar", true),
    atom("Torr", 101_325.0 / 760.0, Dimension::PRESSURE, "torr", true),
    atom("Hz", 1.0, Dimension::FREQUENCY, "hertz", true),
    atom("Langmuir", 1e-6 * 101_325.0 / 760.0, Dimension::EXPOSURE, "langmuir", true),
    atom("rad", 1.0, Dimension::DIMENSIONLESS, "radian", true),
    atom("deg", std::f64::consts::PI / 180.0, Dimension::DIMENSIONLESS, "degree", false),
    atom("\u{b0}", std::f64::consts::PI / 180.0, Dimension::DIMENSIONLESS, "degree", false),
    atom("%", 1e-2, Dimension::DIMENSIONLESS, "percent", false),
    atom("ppm", 1e-6, Dimension::DIMENSIONLESS, "part per million", false),
    atom("1", 1.0, Dimension::DIMENSIONLESS, "one", false),
    atom("inch", 0.0254, Dimension::LENGTH, "inch", false),
    atom("angstrom", 1e-10, Dimension::LENGTH, "angstrom", false),
    atom("\u{c5}", 1e-10, Dimension::LENGTH, "angstrom", false),
    atom("degC", 1.0, Dimension::TEMPERATURE, "degree Celsius", false),
    atom("\u{b0}C", 1.0, Dimension::TEMPERATURE, "degree Celsius", false),
    atom("\u{2103}", 1.0, Dimension::TEMPERATURE, "degree Celsius", false),
];

const PREFIXES: &[(&str, f64, &str)] = &[
    ("f", 1e-15, "femto"),
    ("p", 1e-12, "pico"),
    ("n", 1e-9, "nano"),
    ("u", 1e-6, "micro"),
    ("\u{b5}", 1e-6, "micro"),
    ("\u{3bc}", 1e-6, "micro"),
    ("m", 1e-3, "milli"),
    ("c", 1e-2, "centi"),
    ("d", 1e-1, "deci"),
    ("k", 1e3, "kilo"),
    ("M", 1e6, "mega"),
    ("G", 1e9, "giga"),
    ("T", 1e12, "tera"),
];

/// A symbol resolved to its size, dimension and word.
pub(super) struct Resolved {
    pub factor: f64,
    pub dimension: Dimension,
    pub word: String,
    /// Celsius has an offset and may only stand alone.
    pub celsius: bool,
    pub electronvolt: bool,
}

/// Looks a symbol up: the exact spelling first, then prefix and symbol.
pub(super) fn resolve(symbol: &str) -> Option<Resolved> {
    let find = |s: &str| ATOMS.iter().find(|a| a.symbol == s);
    let make = |a: &Atom, scale: f64, prefix: &str| Resolved {
        factor: a.factor * scale,
        dimension: a.dimension,
        word: format!("{prefix}{}", a.word),
        celsius: a.word == "degree Celsius",
        electronvolt: a.word == "electronvolt",
    };
    if let Some(a) = find(symbol) {
        return Some(make(a, 1.0, ""));
    }
    PREFIXES.iter().find_map(|(p, scale, word)| {
        let a = find(symbol.strip_prefix(p)?).filter(|a| a.prefixes)?;
        Some(make(a, *scale, word))
    })
}

/// All spellings without prefix, for suggestions.
pub(super) fn symbols() -> impl Iterator<Item = &'static str> {
    ATOMS.iter().map(|a| a.symbol).filter(|s| *s != "Ohm")
}

/// Joules per mole in one electronvolt per particle.
pub(super) const ELECTRONVOLT_PER_PARTICLE: f64 = constants::AVOGADRO;
