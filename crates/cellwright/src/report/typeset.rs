//! Plain text of files and libraries, set as print sets it: powers of ten, superscripts in units, middle dots in expressions.

use super::number::superscript;

/// A value or an expression: `8.794e-11*c^2 - 3e-10` becomes "8.794 × 10⁻¹¹·c² − 3 × 10⁻¹⁰".
pub fn expression(text: &str) -> String {
    let text = prose(text)
        .replace("**", "^")
        .replace(" * ", "·")
        .replace('*', "·")
        .replace(" - ", " − ");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('^') {
        let tail = &rest[at + 1..];
        let signed = tail.strip_prefix('-').unwrap_or(tail);
        let digits = signed.bytes().take_while(u8::is_ascii_digit).count();
        let end = tail.len() - signed.len() + digits;
        let fraction = tail[end..].starts_with('.');
        match tail[..end].parse::<i32>() {
            Ok(power) if !fraction => {
                out.push_str(&rest[..at]);
                out.push_str(&superscript(power));
                rest = &tail[end..];
            }
            _ => {
                out.push_str(&rest[..=at]);
                rest = tail;
            }
        }
    }
    out + rest
}

/// Running text: numbers like `2.3e-6` and units like `cm2`; addresses and DOIs stay as they are.
pub fn prose(text: &str) -> String {
    let words = text.split_inclusive([' ', '\n', '(', ')', ',', ';', '*']);
    words
        .map(|w| {
            if w.contains("doi") || w.contains("10.") && w.contains('/') {
                w.into()
            } else {
                word(w)
            }
        })
        .collect()
}

/// A unit: `mA/cm2` becomes "mA/cm²".
pub fn unit(text: &str) -> String {
    prose(text)
}

fn word(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut i = 0;
    while i < chars.len() {
        let before = i.checked_sub(1).map(|k| chars[k]);
        if chars[i].is_ascii_digit() && before.is_none_or(|c| !c.is_alphanumeric() && c != '.' && c != '_') {
            let end = number_end(&chars, i);
            let token: String = chars[i..end].iter().collect();
            match token.split_once(['e', 'E']).map(|(m, e)| (m, e.parse::<i32>())) {
                Some((mantissa, Ok(exponent))) if (-2..=3).contains(&exponent) => {
                    let value: f64 = format!("{mantissa}e{exponent}").parse().unwrap_or(f64::NAN);
                    out.push_str(&super::number::compact(value, 8));
                }
                Some((mantissa, Ok(exponent))) => out.push_str(&format!("{mantissa} × 10{}", superscript(exponent))),
                _ => out.push_str(&token),
            }
            i = end;
            continue;
        }
        let power = matches!(chars[i], '2' | '3') && before == Some('m') && chars.get(i + 1).is_none_or(|c| !c.is_alphanumeric());
        let start = out
            .rfind(|c: char| !c.is_alphabetic())
            .map_or(0, |k| k + out[k..].chars().next().map_or(1, char::len_utf8));
        if power && matches!(&out[start..], "m" | "cm" | "mm" | "um" | "µm" | "μm" | "nm" | "dm") {
            out.push(if chars[i] == '2' { '²' } else { '³' });
        } else {
            out.push(chars[i]);
        }
        i += 1;
    }
    out
}

/// End of the number that starts at `i`, with its exponent where it has one.
fn number_end(chars: &[char], i: usize) -> usize {
    let digits = |mut k: usize| {
        while chars.get(k).is_some_and(char::is_ascii_digit) {
            k += 1;
        }
        k
    };
    let mut end = digits(i);
    if chars.get(end) == Some(&'.') && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
        end = digits(end + 1);
    }
    if matches!(chars.get(end), Some('e' | 'E')) {
        let sign = usize::from(matches!(chars.get(end + 1), Some('+' | '-')));
        let last = digits(end + 1 + sign);
        let whole_word = chars.get(last).is_none_or(|c| !c.is_alphanumeric());
        if last > end + 1 + sign && whole_word {
            return last;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_set_and_addresses_are_left_alone() {
        assert_eq!(expression("2.3e-6"), "2.3 × 10⁻⁶");
        assert_eq!(expression("8.794e-11*c^2 - 2.51*c^1.5 + 3"), "8.794 × 10⁻¹¹·c² − 2.51·c^1.5 + 3");
        assert_eq!(expression("exp(-39.3631 * x)"), "exp(-39.3631·x)");
        assert_eq!(unit("mA/cm2"), "mA/cm²");
        assert_eq!(unit("mol/m3"), "mol/m³");
        assert_eq!(prose("published 1e-16 to 4e3 m2/s"), "published 1 × 10⁻¹⁶ to 4000 m²/s");
        assert_eq!(
            prose("doi:10.1149/1.3521414; spread over 8.6 ohm cm2"),
            "doi:10.1149/1.3521414; spread over 8.6 ohm cm²"
        );
        assert_eq!(prose("NMC811-Chen2020 table 2e"), "NMC811-Chen2020 table 2e");
        assert_eq!(prose("µ½1e5é"), "µ½1e5é");
        assert_eq!(expression("^^-"), "^^-");
    }
}
