//! Amounts in a protocol: C-rates and quantities with units, classified by what they measure.

use cellwright_base::diagnostic::nearest;
use cellwright_base::units::{Dimension, unit_factor};

const FORMS: &str = "amounts look like C/2, 0.5C, 2 mA, 50 uA/cm2, 3 mW, 10 kohm, 4.2 V, 20 min";

/// V/s.
pub(super) const SWEEP_RATE: Dimension = Dimension::new(2, 1, -4, -1, 0, 0);

/// What an amount is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Amount {
    /// A multiple of the C-rate.
    CRate(f64),
    /// Anything else, in SI.
    Quantity(f64, Dimension),
}

impl Amount {
    pub fn number(self) -> f64 {
        let (Amount::CRate(x) | Amount::Quantity(x, _)) = self;
        x
    }

    /// What it is, in words with an article.
    pub fn words(self) -> String {
        match self {
            Amount::CRate(_) => "a C-rate".to_owned(),
            Amount::Quantity(_, d) => dimension_words(d),
        }
    }
}

/// Name of a dimension; knows the sweep rate too.
pub(super) fn dimension_words(d: Dimension) -> String {
    if d == SWEEP_RATE { "a sweep rate".to_owned() } else { d.words() }
}

/// Why an amount cannot be read.
pub(super) struct Unreadable {
    pub message: String,
    pub label: String,
    pub help: Option<String>,
}

impl Unreadable {
    fn new(message: impl Into<String>, label: impl Into<String>) -> Unreadable {
        Unreadable {
            message: message.into(),
            label: label.into(),
            help: None,
        }
    }

    fn help(mut self, help: impl Into<String>) -> Unreadable {
        self.help = Some(help.into());
        self
    }
}

/// Reads an amount: `C/2`, `0.5C`, `2 mA`, `50 uA/cm2`, `1 h 30 min`.
pub(super) fn read(text: &str) -> Result<Amount, Unreadable> {
    if let Some(rate) = c_rate(text)? {
        return Ok(Amount::CRate(rate));
    }
    let mut total: Option<(f64, Dimension)> = None;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (number, after) = split_number(rest)?;
        let end = next_number(after);
        let (value, dimension) = in_unit(number, after[..end].trim(), text)?;
        total = match total {
            None => Some((value, dimension)),
            Some((sum, Dimension::TIME)) if dimension == Dimension::TIME => Some((sum + value, Dimension::TIME)),
            Some(_) => {
                return Err(Unreadable::new(
                    format!("two numbers in one amount: `{text}`"),
                    "only times may be added up, as in `1 h 30 min`",
                ));
            }
        };
        rest = after[end..].trim_start();
    }
    match total {
        Some((value, dimension)) if value.is_finite() => Ok(Amount::Quantity(value, dimension)),
        Some(_) => Err(Unreadable::new("the number is too large", format!("`{text}`"))),
        None => Err(Unreadable::new("an amount is missing", "nothing found here")),
    }
}

/// Byte position of the next word that starts like a number.
fn next_number(text: &str) -> usize {
    let mut after_blank = false;
    for (i, c) in text.char_indices() {
        if after_blank && (c.is_ascii_digit() || c == '.') {
            return i;
        }
        after_blank = c.is_whitespace();
    }
    text.len()
}

/// `C/2`, `0.5C`, `C`, `2C/3`, blanks allowed anywhere.
fn c_rate(text: &str) -> Result<Option<f64>, Unreadable> {
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let Some((before, after)) = tight.split_once(['C', 'c']) else {
        return Ok(None);
    };
    let (factor, divisor) = match (before, after.strip_prefix('/')) {
        ("", _) if after.is_empty() => (1.0, 1.0),
        ("", Some(n)) => (1.0, strict_number(n)?),
        (n, None) if after.is_empty() && strict_number(n).is_ok() => (strict_number(n)?, 1.0),
        (n, Some(m)) if strict_number(n).is_ok() && strict_number(m).is_ok() => (strict_number(n)?, strict_number(m)?),
        _ => return Ok(None),
    };
    let rate = factor / divisor;
    if rate.is_finite() {
        Ok(Some(rate))
    } else {
        Err(Unreadable::new("the C-rate is not a finite number", format!("`{text}`")))
    }
}

/// The whole text as a number, without the words that Rust also takes (`inf`, `NaN`).
pub(super) fn strict_number(text: &str) -> Result<f64, Unreadable> {
    let (number, rest) = split_number(text)?;
    if rest.is_empty() {
        Ok(number)
    } else {
        Err(Unreadable::new(
            format!("`{text}` is not a number"),
            format!("`{rest}` does not belong to it"),
        ))
    }
}

/// The number that `text` starts with, and the rest.
fn split_number(text: &str) -> Result<(f64, &str), Unreadable> {
    let bytes = text.as_bytes();
    let minus = text.starts_with('\u{2212}');
    let start = if minus {
        '\u{2212}'.len_utf8()
    } else {
        usize::from(matches!(bytes.first(), Some(b'+' | b'-')))
    };
    let digits = |mut i: usize| {
        while bytes.get(i).is_some_and(u8::is_ascii_digit) {
            i += 1;
        }
        i
    };
    let mut end = digits(start);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if bytes.get(end) == Some(&b',') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        return Err(Unreadable::new("a comma inside a number", format!("`{text}`"))
            .help(format!("write a decimal point: {}", text.replace(',', "."))));
    }
    if !bytes[start..end].iter().any(u8::is_ascii_digit) {
        return Err(Unreadable::new(format!("expected an amount, found `{text}`"), "not a number").help(FORMS));
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let k = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if digits(k) > k {
            end = digits(k);
        }
    }
    let number: f64 = text[start..end].parse().unwrap_or(f64::INFINITY);
    if !number.is_finite() {
        return Err(Unreadable::new("the number is too large", format!("`{}`", &text[..end])));
    }
    let negative = minus || bytes.first() == Some(&b'-');
    Ok((if negative { -number } else { number }, &text[end..]))
}

fn in_unit(number: f64, unit: &str, whole: &str) -> Result<(f64, Dimension), Unreadable> {
    if unit.is_empty() {
        return Err(Unreadable::new(format!("`{whole}` has no unit"), "a number alone is ambiguous").help(FORMS));
    }
    if let Some(seconds) = time_word(unit) {
        return Ok((number * seconds, Dimension::TIME));
    }
    match unit_factor(unit) {
        Ok((factor, dimension)) => {
            // Dividing by an exact power of ten rounds once, so that `50 uA` is the same number as `50e-6`.
            let inverse = (1.0 / factor).round();
            let value = if factor < 1.0 && 1.0 / inverse == factor {
                number / inverse
            } else {
                number * factor
            };
            Ok((value, dimension))
        }
        Err(e) => {
            let mut u = Unreadable::new(format!("cannot read the unit of `{whole}`"), e.message.clone());
            let near = nearest(
                unit,
                [
                    "V", "mV", "mA", "uA", "mW", "uW", "ohm", "kohm", "s", "min", "minutes", "hours", "uAh", "mAh", "uA/cm2", "mA/cm2",
                ],
            );
            u.help = Some(near.map_or_else(|| FORMS.to_owned(), |n| format!("did you mean `{n}`?")));
            Err(u)
        }
    }
}

/// Seconds in a unit of time; words of three letters or more are taken in any case.
fn time_word(unit: &str) -> Option<f64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        _ if unit.len() < 3 => return None,
        "sec" | "secs" | "second" | "seconds" => 1.0,
        "min" | "mins" | "minute" | "minutes" => 60.0,
        "hrs" | "hour" | "hours" => 3600.0,
        "day" | "days" => 86_400.0,
        "week" | "weeks" => 604_800.0,
        _ => return None,
    })
}
