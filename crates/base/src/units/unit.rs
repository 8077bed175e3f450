//! Reading a unit: factors with powers, separated by space, `*`, `·`, `.` or `/`.

use super::{Dimension, atoms};
use crate::diagnostic::nearest;

/// A unit read from text.
pub(super) struct Unit {
    pub(super) factor: f64,
    pub(super) dimension: Dimension,
    parts: Vec<(String, i32)>,
    pub(super) celsius: bool,
    pub(super) electronvolt: bool,
}

impl Unit {
    pub(super) fn none() -> Unit {
        Unit {
            factor: 1.0,
            dimension: Dimension::DIMENSIONLESS,
            parts: vec![],
            celsius: false,
            electronvolt: false,
        }
    }

    /// The unit in English: `"milligram per square centimetre"`.
    pub(super) fn words(&self) -> String {
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
pub(super) struct UnitFault {
    pub(super) message: String,
    pub(super) found: String,
    pub(super) hint: Option<String>,
}

impl UnitFault {
    fn new(message: impl Into<String>, found: impl Into<String>) -> UnitFault {
        UnitFault {
            message: message.into(),
            found: found.into(),
            hint: None,
        }
    }
}

/// Reads factors separated by space, `*`, `·`, `.` or `/`, with powers and one level of parentheses after `/`.
pub(super) fn parse_unit(text: &str) -> Result<Unit, UnitFault> {
    let chars: Vec<char> = text.chars().collect();
    let (mut i, mut sign, mut group) = (0, 1, None::<i32>);
    let mut unit = Unit::none();
    let mut pending_slash = false;
    while i < chars.len() {
        match chars[i] {
            ' ' | '*' | '\u{b7}' | '\u{22c5}' | '.' => i += 1,
            '/' => {
                if pending_slash {
                    return Err(UnitFault::new("two `/` in a row", format!("`{text}`")));
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
        return Err(UnitFault {
            hint: Some("write K".to_owned()),
            ..UnitFault::new("degC has an offset and stands alone", format!("`{text}`"))
        });
    }
    Ok(unit)
}

fn add_factor(unit: &mut Unit, symbol: &str, exponent: i32, text: &str) -> Result<(), UnitFault> {
    let Some(r) = atoms::resolve(symbol) else {
        let hint = nearest(symbol, atoms::symbols()).map(|s| format!("did you mean `{s}`?"));
        return Err(UnitFault {
            hint,
            ..UnitFault::new(format!("unknown unit `{symbol}`"), format!("`{text}`"))
        });
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
        return Err(UnitFault {
            hint: Some(
                "give the quantity at a stated reference state in whole units, such as an exchange current density in \"mA/cm2\""
                    .to_owned(),
            ),
            ..fault
        });
    }
    if value == 0 {
        return Err(UnitFault::new(format!("`{symbol}` to the power 0"), format!("`{text}`")));
    }
    Ok((symbol, sign * value, k))
}

fn superscript(c: char) -> Option<u32> {
    "\u{2070}\u{b9}\u{b2}\u{b3}\u{2074}\u{2075}\u{2076}\u{2077}\u{2078}\u{2079}"
        .chars()
        .position(|s| s == c)
        .map(|p| p as u32)
}

fn is_superscript(c: char) -> bool {
    superscript(c).is_some() || c == '\u{207b}'
}
