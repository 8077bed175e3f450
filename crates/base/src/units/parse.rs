//! Reading a quantity: a number, then a unit, checked against the dimension that is expected.

use super::unit::{Unit, UnitFault, parse_unit};
use super::{Dimension, atoms};
use crate::constants::ZERO_CELSIUS;
use crate::diagnostic::{Diagnostic, ErrorKind, Place};

/// Longest text read as a quantity, in bytes.
const LONGEST: usize = 120;
/// Largest magnitude accepted, in the written unit and in SI.
const LARGEST: f64 = 1e60;

/// Why a text is not the quantity that was expected.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct QuantityError {
    /// Stable code: `E020` unreadable, `E021` wrong dimension, `E023` not finite or too large.
    pub code: &'static str,
    /// One sentence without full stop: what is wrong.
    pub message: String,
    /// What was found, in words, such as `"milligram per square centimetre"`.
    pub found: String,
    /// What was expected, in words, such as `"a length"`.
    pub expected: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl QuantityError {
    fn new(code: &'static str, expected: Dimension, message: impl Into<String>, found: impl Into<String>) -> QuantityError {
        let hint = expected.example().map(|e| format!("write {} like \"{e}\"", expected.words()));
        QuantityError {
            code,
            message: message.into(),
            found: found.into(),
            expected: expected.words(),
            hint,
        }
    }

    fn from_fault(fault: UnitFault, expected: Dimension) -> QuantityError {
        let e = QuantityError::new("E020", expected, fault.message, fault.found);
        if let Some(h) = fault.hint { e.hint(h) } else { e }
    }

    fn hint(mut self, hint: impl Into<String>) -> QuantityError {
        self.hint = Some(hint.into());
        self
    }

    /// The finding to show to the user, without a place when `place` is `None`.
    pub fn diagnostic(&self, place: Option<Place>) -> Diagnostic {
        let kind = if self.code == "E023" {
            ErrorKind::OutOfRange
        } else {
            ErrorKind::Input
        };
        let mut d = Diagnostic::error(kind, self.code, self.message.clone()).label(self.found.clone());
        if let Some(hint) = &self.hint {
            d = d.help(hint.clone());
        }
        d.place = place;
        d
    }
}

/// Reads `text` as a quantity of dimension `expected` and returns it in SI units.
///
/// A quantity is a number and a unit: `"5 um"`, `"0.1 mA/cm2"`, `"10 W/(m2 K)"`, `"0.1 mA cm-2"`, `"1.5e-9 m^2 s^-1"`. A pure number needs
/// no unit and may carry `%`.
/// `degC` is an absolute temperature and stands alone. An energy in `eV` is taken per particle where a molar energy is expected.
///
/// # Errors
/// [`QuantityError`] for unreadable text, a unit of another dimension, or a number that is not finite or beyond 1e60.
///
/// ```
/// use cellwright_base::units::{Dimension, parse_quantity};
/// assert_eq!(parse_quantity("320 nm", Dimension::LENGTH), Ok(320e-9));
/// let e = parse_quantity("2.5 mg/cm2", Dimension::LENGTH).unwrap_err();
/// assert_eq!(e.message, "expected a length, found a surface density");
/// assert_eq!(e.found, "milligram per square centimetre");
/// ```
pub fn parse_quantity(text: &str, expected: Dimension) -> Result<f64, QuantityError> {
    let trimmed = text.trim();
    if trimmed.len() > LONGEST {
        return Err(QuantityError::new(
            "E020",
            expected,
            format!("expected {}, found a text of {} bytes", expected.words(), trimmed.len()),
            "too long for a quantity",
        ));
    }
    let (number, rest) = split_number(trimmed, expected)?;
    let unit_text = rest.trim();
    let unit = if unit_text.is_empty() {
        Unit::none()
    } else {
        parse_unit(unit_text).map_err(|e| QuantityError::from_fault(e, expected))?
    };
    let wrong = || {
        let found = unit.dimension.words();
        let label = if unit_text.is_empty() {
            "a number without a unit".to_owned()
        } else {
            unit.words()
        };
        let message = if unit_text.is_empty() {
            format!("expected {}, found a number without a unit", expected.words())
        } else {
            format!("expected {}, found {found}", expected.words())
        };
        let e = QuantityError::new("E021", expected, message, label);
        if expected == Dimension::TEMPERATURE && unit_text == "C" {
            e.hint(format!("for degrees Celsius write \"{number} degC\""))
        } else {
            e
        }
    };
    let (factor, offset) = if unit.celsius {
        if expected != Dimension::TEMPERATURE {
            return Err(wrong());
        }
        (1.0, ZERO_CELSIUS)
    } else if unit.dimension == expected {
        (unit.factor, 0.0)
    } else if expected == Dimension::MOLAR_ENERGY && unit.electronvolt && unit.dimension == Dimension::ENERGY {
        (unit.factor * atoms::ELECTRONVOLT_PER_PARTICLE, 0.0)
    } else {
        return Err(wrong());
    };
    let si = number * factor + offset;
    if !si.is_finite() || si.abs() > LARGEST {
        return Err(QuantityError::new(
            "E023",
            expected,
            "the number is too large",
            format!("{number:e}"),
        ));
    }
    if expected == Dimension::TEMPERATURE && si < 0.0 {
        return Err(QuantityError::new(
            "E023",
            expected,
            "the temperature is below absolute zero",
            format!("{si} K"),
        ));
    }
    Ok(si)
}

/// Size in SI and dimension of a unit written alone, such as `"uA/cm2"` or `"J/(kg K)"`. `degC` has an offset and is refused here.
///
/// # Errors
/// [`QuantityError`] if the unit cannot be read.
pub fn unit_factor(unit: &str) -> Result<(f64, Dimension), QuantityError> {
    if unit.len() > LONGEST {
        return Err(QuantityError::new(
            "E020",
            Dimension::DIMENSIONLESS,
            "the unit is too long",
            "too long for a unit",
        ));
    }
    let u = parse_unit(unit.trim()).map_err(|e| QuantityError::from_fault(e, Dimension::DIMENSIONLESS))?;
    if u.celsius {
        return Err(QuantityError::new(
            "E020",
            Dimension::TEMPERATURE,
            "degC has an offset and is not a unit of a difference",
            unit,
        )
        .hint("write K"));
    }
    Ok((u.factor, u.dimension))
}

fn split_number(text: &str, expected: Dimension) -> Result<(f64, &str), QuantityError> {
    let bytes = text.as_bytes();
    let minus = text.strip_prefix('\u{2212}');
    let (sign, start) = match (minus, bytes.first()) {
        (Some(_), _) => (-1.0, '\u{2212}'.len_utf8()),
        (None, Some(b'-')) => (-1.0, 1),
        (None, Some(b'+')) => (1.0, 1),
        _ => (1.0, 0),
    };
    let digits = |mut i: usize| {
        while bytes.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        i
    };
    let whole = digits(start);
    let mut end = whole;
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    let has_digits = bytes[start..end].iter().any(u8::is_ascii_digit);
    let unreadable = || {
        let lower = text.to_ascii_lowercase();
        let word = lower.trim_start_matches(['-', '+']);
        let e = QuantityError::new(
            "E020",
            expected,
            format!("expected {}, found no number", expected.words()),
            format!("`{text}`"),
        );
        if word.starts_with("nan") || word.starts_with("inf") {
            QuantityError {
                code: "E023",
                message: "the number is not finite".to_owned(),
                ..e
            }
        } else {
            e
        }
    };
    if !has_digits {
        return Err(unreadable());
    }
    if bytes.get(end) == Some(&b',') {
        return Err(QuantityError::new("E020", expected, "a comma inside a number", format!("`{text}`")).hint("write a decimal point"));
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let mut k = end + 1;
        if matches!(bytes.get(k), Some(b'+' | b'-')) {
            k += 1;
        }
        if digits(k) > k {
            end = digits(k);
        }
    }
    let number: f64 = text[start..end].parse().map_err(|_| unreadable())?;
    if !number.is_finite() || number > LARGEST {
        return Err(QuantityError::new(
            "E023",
            expected,
            "the number is too large",
            format!("`{}`", &text[..end]),
        ));
    }
    Ok((sign * number, &text[end..]))
}
