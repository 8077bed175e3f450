//! Words and numbers in drawings: lengths, round steps, subscripts, escaping, line breaks.

use cellwright_base::units::{Dimension, format_quantity};

/// A length with three digits and a prefix: "20 nm".
pub fn length(metres: f64) -> String {
    if metres.is_finite() {
        format_quantity(metres, Dimension::LENGTH).replace('-', "−")
    } else {
        "—".into()
    }
}

/// Symbol and size of the unit in which lengths up to `most` (m) read well on an axis.
pub fn axis_unit(most: f64) -> (&'static str, f64) {
    match most.abs() {
        s if s < 0.8e-6 => ("nm", 1e-9),
        s if s < 3e-3 => ("µm", 1e-6),
        s if s < 3.0 => ("mm", 1e-3),
        _ => ("m", 1.0),
    }
}

/// Largest of 1, 2, 5 times a power of ten that is not above `value`.
pub fn round_down(value: f64) -> f64 {
    let decade = 10f64.powf(value.log10().floor());
    let rest = value / decade * (1.0 + 1e-9);
    decade
        * if rest >= 5.0 {
            5.0
        } else if rest >= 2.0 {
            2.0
        } else {
            1.0
        }
}

/// Smallest of 1, 2, 5 times a power of ten that is not below `value`.
pub fn round_up(value: f64) -> f64 {
    let decade = 10f64.powf(value.log10().floor());
    let rest = value / decade * (1.0 - 1e-9);
    decade
        * if rest <= 1.0 {
            1.0
        } else if rest <= 2.0 {
            2.0
        } else if rest <= 5.0 {
            5.0
        } else {
            10.0
        }
}

/// Ticks at multiples of a round step, about `most` of them, from `low` to `high`.
pub fn ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    let step = round_up((high - low) / most.max(1) as f64);
    if !(step > 0.0 && step.is_finite()) {
        return Vec::new();
    }
    let first = (low / step - 1e-9).ceil();
    let count = (((high / step + 1e-9).floor() - first).max(-1.0) + 1.0).min(50.0) as usize;
    (0..count).map(|i| (first + i as f64) * step).collect()
}

/// A tick label without trailing zeros and with a true minus.
pub fn tick_label(value: f64) -> String {
    cellwright_base::units::format_number((value * 1e9).round() / 1e9, 6).replace('-', "−")
}

/// Escapes text for element content and double-quoted attributes, and drops control characters that XML forbids.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// Subscripts in the words that are chemical formulas: "LiCoO2 film" becomes "LiCoO₂ film".
pub fn formula(text: &str) -> String {
    text.split(' ')
        .map(|word| if is_formula(word) { subscript(word) } else { word.into() })
        .collect::<Vec<_>>()
        .join(" ")
}

fn subscript(word: &str) -> String {
    let mut after_symbol = false;
    word.chars()
        .map(|c| {
            let low = c.to_digit(10).filter(|_| after_symbol).and_then(|d| char::from_u32('₀' as u32 + d));
            after_symbol = c.is_ascii_alphabetic() || c == ')' || (after_symbol && (c.is_ascii_digit() || c == '.'));
            low.unwrap_or(c)
        })
        .collect()
}

/// Whether a word with a digit in it splits into element symbols, numbers and brackets.
fn is_formula(word: &str) -> bool {
    const ELEMENTS: &str = " H Li Be B C N O F Na Mg Al Si P S Cl K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Rb Sr Y Zr Nb Mo Ru Rh Pd Ag Cd In Sn Sb Te I Cs Ba La Ce Hf Ta W Re Os Ir Pt Au Pb Bi ";
    let known = |symbol: &str| ELEMENTS.contains(&format!(" {symbol} "));
    let bytes = word.as_bytes();
    let (mut i, mut digits) = (0, false);
    while i < bytes.len() {
        match bytes[i] {
            b'A'..=b'Z' => match word.get(i..i + 2).filter(|s| s.as_bytes()[1].is_ascii_lowercase()) {
                Some(symbol) if known(symbol) => i += 2,
                None if known(&word[i..=i]) => i += 1,
                _ => return false,
            },
            b'0'..=b'9' | b'.' if i > 0 => {
                digits = true;
                i += 1;
            }
            b'(' | b')' => i += 1,
            _ => return false,
        }
    }
    digits
}

/// Width of a text in a sans-serif face, by letter classes; errs on the wide side.
pub fn width(text: &str, size: f64) -> f64 {
    let em: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '|' | '\'' | 'I' | '!' => 0.29,
            'f' | 't' | 'r' | ' ' | '(' | ')' | '/' | '-' => 0.37,
            'm' | 'w' | 'M' | 'W' | '%' | '@' | 'Ω' => 0.88,
            'A'..='Z' => 0.68,
            '⁰'..='⁹' | '₀'..='₉' | '²' | '³' | '¹' | '⁻' => 0.42,
            _ => 0.59,
        })
        .sum();
    em * size
}

/// The text, cut with an ellipsis where it is wider than `most`.
pub fn shortened(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.into();
    }
    let mut out = String::new();
    for c in text.chars() {
        out.push(c);
        if width(&out, size) > most - 0.8 * size {
            out.pop();
            break;
        }
    }
    out.trim_end().to_owned() + "…"
}

/// The text in lines no wider than `most`; a single word that is wider gets a line of its own. A unit stays with its number.
pub fn wrapped(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let unit = word.chars().count() <= 3 && word.starts_with(|c: char| c.is_alphabetic() || c == '%');
        match words.last_mut() {
            Some(number) if unit && number.trim_start_matches('(').parse::<f64>().is_ok() => {
                number.push('\u{a0}');
                number.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(" ", size) + width(&word, size) <= most => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers() {
        assert_eq!(formula("LiCoO2 film"), "LiCoO₂ film");
        assert_eq!(formula("LiNi0.5Mn1.5O4"), "LiNi₀.₅Mn₁.₅O₄");
        assert_eq!(formula("film 2"), "film 2");
        assert_eq!(formula("10 µm"), "10 µm");
        assert_eq!(length(20e-9), "20 nm");
        assert_eq!(length(-3e-6), "−3 µm");
        assert_eq!(tick_label(-0.30000000000000004), "−0.3");
        assert_eq!([round_down(0.99), round_down(1.0), round_down(7.0)], [0.5, 1.0, 5.0]);
        assert_eq!([round_up(0.99), round_up(1.0), round_up(7.0)], [1.0, 1.0, 10.0]);
        assert_eq!(ticks(-0.4, 2.2, 4), [0.0, 1.0, 2.0]);
        assert!(ticks(0.0, 0.0, 4).is_empty());
        assert_eq!(wrapped("a bb ccc", 10.0, 30.0), ["a bb", "ccc"]);
        assert_eq!(wrapped("gap of 50 nm", 10.0, 50.0), ["gap of", "50\u{a0}nm"]);
        assert_eq!(shortened("LiCoO₂", 12.0, 200.0), "LiCoO₂");
        assert!(shortened("a long name of a film", 12.0, 50.0).ends_with('…'));
        assert_eq!(escape("<b>\u{0}\"&"), "&lt;b&gt;&quot;&amp;");
    }
}
