//! Numbers and formulas as a reader expects them: significant figures, true minus, superscripts, subscripts.

/// A number with `digits` significant figures: plain between 10⁻³ and 10⁵, otherwise with a power of ten.
pub fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "—".into();
    }
    if value == 0.0 {
        return "0".into();
    }
    let digits = digits.max(1);
    let scientific = format!("{:.*e}", digits - 1, value);
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-3..5).contains(&exponent) {
        let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
        let rounded: f64 = scientific.parse().unwrap_or(value);
        return minus(&format!("{rounded:.decimals$}"));
    }
    format!("{} × 10{}", minus(mantissa), superscript(exponent))
}

/// A number with a fixed count of decimals and a true minus; no minus before zero.
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "—".into();
    }
    let text = format!("{value:.decimals$}");
    if text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) {
        text.trim_start_matches('-').into()
    } else {
        minus(&text)
    }
}

/// A change, with its sign always shown.
pub fn signed(value: f64, digits: usize) -> String {
    let text = significant(value, digits);
    if value > 0.0 && value.is_finite() {
        format!("+{text}")
    } else {
        text
    }
}

/// An integer power in superscript digits.
pub fn superscript(exponent: i32) -> String {
    exponent
        .to_string()
        .chars()
        .map(|c| {
            if c == '-' {
                '⁻'
            } else {
                ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][c as usize - 48]
            }
        })
        .collect()
}

/// The shortest text of a number that keeps `digits` significant figures, for the data of the script.
pub fn compact(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "null".into();
    }
    if value == 0.0 {
        return "0".into();
    }
    let places = digits.max(1) as i32 - 1 - value.abs().log10().floor() as i32;
    let rounded = match 10f64.powi(places.abs()) {
        scale if places.abs() > 22 || !scale.is_finite() => format!("{:.*e}", digits.max(1) - 1, value).parse().unwrap_or(value),
        scale if places >= 0 => (value * scale).round() / scale,
        scale => (value / scale).round() * scale,
    };
    if (1e-3..1e6).contains(&rounded.abs()) {
        return format!("{rounded}");
    }
    let (plain, scientific) = (format!("{rounded}"), format!("{rounded:e}"));
    if scientific.len() < plain.len() { scientific } else { plain }
}

/// Subscripts for a chemical formula; any other text is returned unchanged.
///
/// A text counts as a formula when every word of it that holds a digit splits into element symbols, numbers and brackets.
pub fn formula(text: &str) -> String {
    text.split(' ')
        .map(|word| if is_formula(word) { subscript(word) } else { word.into() })
        .collect::<Vec<_>>()
        .join(" ")
}

fn minus(text: &str) -> String {
    text.replace('-', "−")
}

fn subscript(word: &str) -> String {
    let mut after_symbol = false;
    word.chars()
        .map(|c| {
            let out = match c {
                '0'..='9' if after_symbol => char::from_u32('₀' as u32 + (c as u32 - 48)).unwrap_or(c),
                _ => c,
            };
            after_symbol = c.is_ascii_alphabetic() || c == ')' || (after_symbol && (c.is_ascii_digit() || c == '.'));
            out
        })
        .collect()
}

fn is_formula(word: &str) -> bool {
    const ELEMENTS: &str = " H Li Be B C N O F Na Mg Al Si P S Cl K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Rb Sr Y Zr Nb Mo Ru Rh Pd Ag Cd In Sn Sb Te I Cs Ba La Ce Hf Ta W Re Os Ir Pt Au Pb Bi ";
    let bytes = word.as_bytes();
    let known = |symbol: &str| ELEMENTS.contains(&format!(" {symbol} "));
    let (mut i, mut digits) = (0, false);
    while i < bytes.len() {
        match bytes[i] {
            b'A'..=b'Z' => {
                let two = word.get(i..i + 2).filter(|s| s.as_bytes()[1].is_ascii_lowercase());
                match two {
                    Some(symbol) if known(symbol) => i += 2,
                    None if known(&word[i..=i]) => i += 1,
                    _ => return false,
                }
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(significant(29.71, 3), "29.7");
        assert_eq!(significant(-0.01234, 3), "−0.0123");
        assert_eq!(significant(999.6, 3), "1000");
        assert_eq!(significant(3.8e-13, 2), "3.8 × 10⁻¹³");
        assert_eq!(significant(0.0, 3), "0");
        assert_eq!(significant(f64::NAN, 3), "—");
        assert_eq!(fixed(-0.0001, 2), "0.00");
        assert_eq!(signed(12.0, 2), "+12");
        assert_eq!(compact(0.00001234567, 5), "1.2346e-5");
        assert_eq!(compact(-0.0, 5), "0");
        assert_eq!(compact(1.0 / 3.0, 5), "0.33333");
        assert_eq!(compact(-123_456_789.0, 3), "-1.23e8");
        assert_eq!(compact(9.99999, 3), "10");
        assert_eq!(compact(1.5e-300, 3), "1.5e-300");
    }

    #[test]
    fn formulas() {
        assert_eq!(formula("LiCoO2"), "LiCoO₂");
        assert_eq!(formula("LiNi0.5Mn1.5O4"), "LiNi₀.₅Mn₁.₅O₄");
        assert_eq!(formula("NMC811"), "NMC811");
        assert_eq!(formula("Parylene C + Al2O3"), "Parylene C + Al₂O₃");
        assert_eq!(formula("LiPON"), "LiPON");
        assert_eq!(formula("µ2 <b>"), "µ2 <b>");
    }
}
