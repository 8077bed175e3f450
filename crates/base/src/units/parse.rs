//! Reading a quantity: a number, then a unit, checked against the dimension that is expected.

use super::{Dimension, atoms};
use crate::constants::ZERO_CELSIUS;
use crate::diagnostic::{Diagnostic, ErrorKind, Place, nearest};

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
        QuantityError { code, message: message.into(), found: found.into(), expected: expected.words(), hint }
    }

    fn hint(mut self, hint: impl Into<String>) -> QuantityError {
        self.hint = Some(hint.into());
        self
    }

    /// The finding to show to the user, without a place when `place` is `None`.
    pub fn diagnostic(&self, place: Option<Place>) -> Diagnostic {
        let kind = if self.code == "E023" { ErrorKind::OutOfRange } else { ErrorKind::Input };
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
/// A quantity is a number and a unit: `"5 um"`, `"0.1 mA/cm2"`, `"10 W/(m2 K)"`, `"0.1 mA cm-2"`, `"1.5e-9 m^2 s^-1"`. A pure number needs no unit and may carry `%`.
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
        return Err(QuantityError::new("E020", expected, format!("expected {}, found a text of {} bytes", expected.words(), trimmed.len()), "too long for a quantity"));
    }
    let (number, rest) = split_number(trimmed, expected)?;
    let unit_text = rest.trim();
    let unit = if unit_text.is_empty() { Unit::none() } else { parse_unit(unit_text).map_err(|e| e.into_error(expected))? };
    let wrong = || {
        let found = unit.dimension.words();
        let label = if unit_text.is_empty() { "a number without a unit".to_owned() } else { unit.words() };
        let message = if unit_text.is_empty() { format!("expected {}, found a number without a unit", expected.words()) } else { format!("expected {}, found {found}", expected.words()) };
        QuantityError::new("E021", expected, message, label)
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
        return Err(QuantityError::new("E023", expected, "the number is too large", format!("{number:e}")));
    }
    if expected == Dimension::TEMPERATURE && si < 0.0 {
        return Err(QuantityError::new("E023", expected, "the temperature is below absolute zero", format!("{si} K")));
    }
    Ok(si)
}

/// Size in SI and dimension of a unit written alone, such as `"uA/cm2"` or `"J/(kg K)"`. `degC` has an offset and is refused here.
///
/// # Errors
/// [`QuantityError`] if the unit cannot be read.
pub fn unit_factor(unit: &str) -> Result<(f64, Dimension), QuantityError> {
    if unit.len() > LONGEST {
        return Err(QuantityError::new("E020", Dimension::DIMENSIONLESS, "the unit is too long", "too long for a unit"));
    }
    let u = parse_unit(unit.trim()).map_err(|e| e.into_error(Dimension::DIMENSIONLESS))?;
    if u.celsius {
        return Err(QuantityError::new("E020", Dimension::TEMPERATURE, "degC has an offset and is not a unit of a difference", unit).hint("write K"));
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
        let e = QuantityError::new("E020", expected, format!("expected {}, found no number", expected.words()), format!("`{text}`"));
        if word.starts_with("nan") || word.starts_with("inf") { QuantityError { code: "E023", message: "the number is not finite".to_owned(), ..e } } else { e }
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
        return Err(QuantityError::new("E023", expected, "the number is too large", format!("`{}`", &text[..end])));
    }
    Ok((sign * number, &text[end..]))
}

struct Unit {
    factor: f64,
    dimension: Dimension,
    parts: Vec<(String, i32)>,
    celsius: bool,
    electronvolt: bool,
}

impl Unit {
    fn none() -> Unit {
        Unit { factor: 1.0, dimension: Dimension::DIMENSIONLESS, parts: vec![], celsius: false, electronvolt: false }
    }

    /// The unit in English: `"milligram per square centimetre"`.
    fn words(&self) -> String {
        let power = |word: &str, n: i32| match n {
            1 => word.to_owned(),
            2 => format!("square {word}"),
            3 => format!("cubic {word}"),
            n => format!("{word} to the power {n}"),
        };
        let over: Vec<String> = self.parts.iter().filter(|(_, n)| *n > 0).map(|(w, n)| power(w, *n)).collect();
        let under: Vec<String> = self.parts.iter().filter(|(_, n)| *n < 0).map(|(w, n)| power(w, -n)).collect();
        let mut text = over.join(" ");
        if !under.is_empty() {
            text.push_str(if text.is_empty() { "per " } else { " per " });
            text.push_str(&under.join(" and "));
        }
        text
    }
}

/// What is wrong with a unit, before the expected dimension is known.
struct UnitFault {
    message: String,
    found: String,
    hint: Option<String>,
}

impl UnitFault {
    fn new(message: impl Into<String>, found: impl Into<String>) -> UnitFault {
        UnitFault { message: message.into(), found: found.into(), hint: None }
    }

    fn into_error(self, expected: Dimension) -> QuantityError {
        let e = QuantityError::new("E020", expected, self.message, self.found);
        if let Some(h) = self.hint { e.hint(h) } else { e }
    }
}

/// Reads factors separated by space, `*`, `·`, `.` or `/`, with powers and one level of parentheses after `/`.
fn parse_unit(text: &str) -> Result<Unit, UnitFault> {
    let chars: Vec<char> = text.chars().collect();
    let (mut i, mut sign, mut group) = (0, 1, None::<i32>);
    let mut unit = Unit::none();
    let mut pending_slash = false;
    while i < chars.len() {
        match chars[i] {
            ' ' | '*' | '\u{b7}' | '\u{22c5}' | '.' => i += 1,
            '/' => {
                if pending_slash || (group.is_none() && unit.parts.is_empty()) {
                    return Err(UnitFault::new("a `/` with nothing before it", format!("`{text}`")));
                }
                pending_slash = true;
                sign = -group.unwrap_or(1);
                i += 1;
            }
            '(' if group.is_none() => {
                group = Some(sign);
                pending_slash = false;
                i += 1;
            }
            ')' if group.is_some() => {
                group = None;
                sign = 1;
                i += 1;
            }
            _ => {
                let (symbol, exponent, next) = read_factor(&chars, i, text)?;
                add_factor(&mut unit, &symbol, exponent * sign, text)?;
                pending_slash = false;
                sign = group.unwrap_or(1);
                i = next;
            }
        }
    }
    if group.is_some() || pending_slash || unit.parts.is_empty() {
        return Err(UnitFault::new("the unit is incomplete", format!("`{text}`")));
    }
    if unit.celsius && unit.parts != [("degree Celsius".to_owned(), 1)] {
        return Err(UnitFault { hint: Some("write K".to_owned()), ..UnitFault::new("degC has an offset and stands alone", format!("`{text}`")) });
    }
    Ok(unit)
}

fn add_factor(unit: &mut Unit, symbol: &str, exponent: i32, text: &str) -> Result<(), UnitFault> {
    let Some(r) = atoms::resolve(symbol) else {
        let hint = nearest(symbol, atoms::symbols()).map(|s| format!("did you mean `{s}`?"));
        return Err(UnitFault { hint, ..UnitFault::new(format!("unknown unit `{symbol}`"), format!("`{text}`")) });
    };
    let dimension = unit.dimension.times_power(r.dimension, exponent);
    let Some(dimension) = dimension.filter(|_| exponent.abs() <= 9 && unit.parts.len() < 12) else {
        return Err(UnitFault::new("the unit is out of all proportion", format!("`{text}`")));
    };
    unit.dimension = dimension;
    unit.factor *= r.factor.powi(exponent);
    unit.celsius |= r.celsius;
    unit.electronvolt |= r.electronvolt && exponent == 1;
    if symbol != "1" {
        unit.parts.push((r.word, exponent));
    } else {
        unit.parts.push((String::new(), 0));
    }
    Ok(())
}

/// One symbol and its exponent: `cm2`, `cm-2`, `cm^2`, `cm^-2`, `cm**2`, `cm²`, `s⁻¹`.
fn read_factor(chars: &[char], start: usize, text: &str) -> Result<(String, i32, usize), UnitFault> {
    let mut i = start;
    if chars[i] == '1' {
        return Ok(("1".to_owned(), 1, i + 1));
    }
    while i < chars.len() && (chars[i].is_alphabetic() || matches!(chars[i], '%' | '\u{b0}')) && !is_superscript(chars[i]) {
        i += 1;
    }
    if i == start {
        return Err(UnitFault::new(format!("unexpected `{}` in a unit", chars[i]), format!("`{text}`")));
    }
    let symbol: String = chars[start..i].iter().collect();
    let digit = |c: Option<&char>| c.and_then(|c| c.to_digit(10).or_else(|| superscript(*c)));
    let mut k = i;
    let explicit = if chars.get(k) == Some(&'^') {
        k += 1;
        true
    } else if chars.get(k) == Some(&'*') && chars.get(k + 1) == Some(&'*') {
        k += 2;
        true
    } else {
        false
    };
    let mut sign = 1;
    if matches!(chars.get(k), Some('-' | '\u{2212}' | '\u{207b}')) {
        sign = -1;
        k += 1;
    } else if chars.get(k) == Some(&'+') {
        k += 1;
    }
    let Some(first) = digit(chars.get(k)) else {
        if explicit || k > i {
            return Err(UnitFault::new(format!("`{symbol}` has no readable power"), format!("`{text}`")));
        }
        return Ok((symbol, 1, i));
    };
    let mut value = first as i32;
    k += 1;
    while let Some(d) = digit(chars.get(k)) {
        value = (value * 10 + d as i32).min(1000);
        k += 1;
    }
    let fraction = chars.get(k) == Some(&'.') && chars.get(k + 1).is_some_and(char::is_ascii_digit);
    if fraction || (explicit && chars.get(k) == Some(&'/') && chars.get(k + 1).is_some_and(char::is_ascii_digit)) {
        let fault = UnitFault::new(format!("a fractional power of `{symbol}` is not a unit"), format!("`{text}`"));
        return Err(UnitFault { hint: Some("give the quantity at a stated reference state in whole units, such as an exchange current density in \"mA/cm2\"".to_owned()), ..fault });
    }
    if value == 0 {
        return Err(UnitFault::new(format!("`{symbol}` to the power 0"), format!("`{text}`")));
    }
    Ok((symbol, sign * value, k))
}

fn superscript(c: char) -> Option<u32> {
    "\u{2070}\u{b9}\u{b2}\u{b3}\u{2074}\u{2075}\u{2076}\u{2077}\u{2078}\u{2079}".chars().position(|s| s == c).map(|p| p as u32)
}

fn is_superscript(c: char) -> bool {
    superscript(c).is_some() || c == '\u{207b}'
}
