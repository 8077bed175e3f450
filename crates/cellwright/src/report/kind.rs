//! Physical kinds and the unit a value is shown in, chosen by its size.

use super::number;
use serde::{Deserialize, Serialize};

/// What a number is; decides the family of display units. Values are SI.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// s.
    Time,
    /// m.
    Length,
    /// m².
    Area,
    /// m³.
    Volume,
    /// kg, shown in grams.
    Mass,
    /// V.
    Voltage,
    /// A.
    Current,
    /// A/m², shown per square centimetre.
    CurrentDensity,
    /// W.
    Power,
    /// C, shown in ampere hours.
    Capacity,
    /// J, shown in watt hours.
    Energy,
    /// C/m², shown in ampere hours per square centimetre.
    ArealCapacity,
    /// J/m², shown in watt hours per square centimetre.
    ArealEnergy,
    /// W/m², shown per square centimetre.
    ArealPower,
    /// J/m³, shown in watt hours per litre.
    VolumetricEnergy,
    /// mol/m³, shown per litre.
    Concentration,
    /// Ω m², shown in ohm square centimetre.
    AreaResistance,
    /// Pa.
    Pressure,
    /// Hz.
    Frequency,
    /// K, shown in degrees Celsius.
    Temperature,
    /// K.
    TemperatureDifference,
    /// 1.
    #[default]
    Fraction,
    /// 1, shown in percent.
    Percent,
}

/// A display unit: shown value = (SI − offset) / factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// SI value of one unit.
    pub factor: f64,
    /// SI value of the zero of the unit.
    pub offset: f64,
    /// "µAh"; empty for plain numbers.
    pub symbol: String,
}

impl Unit {
    /// The value as shown.
    pub fn of(&self, si: f64) -> f64 {
        (si - self.offset) / self.factor
    }

    /// All values as shown.
    pub fn all(&self, si: &[f64]) -> Vec<f64> {
        si.iter().map(|&v| self.of(v)).collect()
    }

    /// "Quantity / unit", or the quantity alone.
    pub fn label(&self, quantity: &str) -> String {
        if self.symbol.is_empty() {
            quantity.into()
        } else {
            format!("{quantity} / {}", self.symbol)
        }
    }
}

impl Kind {
    /// The unit in which a value (or the span of an axis) of this size reads best.
    pub fn unit(self, size: f64) -> Unit {
        let size = if size.is_finite() { size.abs() } else { 1.0 };
        let plain = |factor: f64, symbol: &str| Unit {
            factor,
            offset: 0.0,
            symbol: symbol.into(),
        };
        match self {
            Kind::Time => match size {
                s if s < 0.5 => prefixed(s, 1.0, "s", ""),
                s if s < 180.0 => plain(1.0, "s"),
                s if s < 7200.0 => plain(60.0, "min"),
                s if s < 4.0 * 86400.0 => plain(3600.0, "h"),
                _ => plain(86400.0, "d"),
            },
            Kind::Length => match size {
                s if s < 0.9995 => prefixed(s, 1.0, "m", ""),
                _ => plain(1.0, "m"),
            },
            Kind::Area => match size {
                s if s < 1e-6 * 0.01 => plain(1e-12, "µm²"),
                s if s < 1e-4 => plain(1e-6, "mm²"),
                s if s < 1.0 => plain(1e-4, "cm²"),
                _ => plain(1.0, "m²"),
            },
            Kind::Volume => match size {
                s if s < 1e-13 => plain(1e-18, "µm³"),
                s if s < 1e-6 => plain(1e-9, "mm³"),
                _ => plain(1e-6, "cm³"),
            },
            Kind::Mass => prefixed(size, 1e-3, "g", ""),
            Kind::Voltage => plain(if size < 0.5 { 1e-3 } else { 1.0 }, if size < 0.5 { "mV" } else { "V" }),
            Kind::Current => prefixed(size, 1.0, "A", ""),
            Kind::CurrentDensity => prefixed(size, 1e4, "A", " cm⁻²"),
            Kind::Power => prefixed(size, 1.0, "W", ""),
            Kind::Capacity => prefixed(size, 3600.0, "Ah", ""),
            Kind::Energy => prefixed(size, 3600.0, "Wh", ""),
            Kind::ArealCapacity => prefixed(size, 3.6e7, "Ah", " cm⁻²"),
            Kind::ArealEnergy => prefixed(size, 3.6e7, "Wh", " cm⁻²"),
            Kind::ArealPower => prefixed(size, 1e4, "W", " cm⁻²"),
            Kind::VolumetricEnergy => plain(3.6e6, "Wh/L"),
            Kind::Concentration => plain(if size < 0.5 { 1.0 } else { 1e3 }, if size < 0.5 { "mmol/L" } else { "mol/L" }),
            Kind::AreaResistance => prefixed(size, 1e-4, "Ω cm²", ""),
            Kind::Pressure if size >= 0.9995e9 => plain(1e9, "GPa"),
            Kind::Pressure => prefixed(size, 1.0, "Pa", ""),
            Kind::Frequency => prefixed(size, 1.0, "Hz", ""),
            Kind::Temperature => Unit {
                factor: 1.0,
                offset: 273.15,
                symbol: "°C".into(),
            },
            Kind::TemperatureDifference => prefixed(size, 1.0, "K", ""),
            Kind::Fraction => plain(1.0, ""),
            Kind::Percent => plain(0.01, "%"),
        }
    }

    /// Value with three significant figures and unit, apart.
    pub fn split(self, si: f64) -> (String, String) {
        let unit = self.unit(si);
        (number::significant(unit.of(si), 3), unit.symbol)
    }

    /// "29.7 µAh".
    pub fn text(self, si: f64) -> String {
        let (value, unit) = self.split(si);
        if unit.is_empty() { value } else { format!("{value} {unit}") }
    }
}

/// Scales by thousands so that the shown number lies between 1 and 1000; `base` is the SI value of the unit without prefix.
fn prefixed(size: f64, base: f64, unit: &str, tail: &str) -> Unit {
    const PREFIXES: [(f64, &str); 7] = [
        (1e-12, "p"),
        (1e-9, "n"),
        (1e-6, "µ"),
        (1e-3, "m"),
        (1.0, ""),
        (1e3, "k"),
        (1e6, "M"),
    ];
    let shown = size / base;
    let (factor, prefix) = PREFIXES
        .iter()
        .rev()
        .find(|(f, _)| shown >= 0.9995 * f)
        .copied()
        .unwrap_or(PREFIXES[0]);
    let (factor, prefix) = if size == 0.0 { (1.0, "") } else { (factor, prefix) };
    Unit {
        factor: factor * base,
        offset: 0.0,
        symbol: format!("{prefix}{unit}{tail}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_follow_the_size() {
        assert_eq!(Kind::Capacity.text(29.7e-6 * 3600.0), "29.7 µAh");
        assert_eq!(Kind::Capacity.text(5.0 * 3600.0), "5.00 Ah");
        assert_eq!(Kind::Length.text(320e-9), "320 nm");
        assert_eq!(Kind::Length.text(100e-6), "100 µm");
        assert_eq!(Kind::Temperature.text(298.15), "25.0 °C");
        assert_eq!(Kind::TemperatureDifference.text(12.3e-9), "12.3 nK");
        assert_eq!(Kind::Voltage.text(0.113), "113 mV");
        assert_eq!(Kind::ArealCapacity.text(119e-6 * 3600.0 * 1e4), "119 µAh cm⁻²");
        assert_eq!(Kind::Time.unit(11_800.0).symbol, "h");
        assert_eq!(Kind::VolumetricEnergy.text(38.9 * 3.6e6), "38.9 Wh/L");
        assert_eq!(Kind::Area.text(21.2e-6), "21.2 mm²");
        assert_eq!(Kind::Volume.text(3.2e-12), "0.00320 mm³");
        assert_eq!(Kind::Mass.text(4.5e-9), "4.50 µg");
        assert_eq!(Kind::Current.text(0.0), "0 A");
        assert_eq!(Kind::Current.unit(f64::NAN).factor, 1.0);
    }
}
