//! Numbers of a design file: quantities with units, fractions and counts, with their ranges.

use super::Spanned;
use super::keys::{Key, Kind, Range};
use super::reader::{TableReader, example_line, shorten};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_base::units::{Dimension, format_number, format_quantity, parse_quantity};
use toml::Spanned as TomlSpanned;
use toml::de::DeValue;

impl<'a> TableReader<'_, 'a> {
    /// A number with a unit.
    pub fn quantity(&self, name: &str) -> Option<Spanned<f64>> {
        self.quantity_of(name).map(|(value, _)| value)
    }

    /// A number with a unit, and which of the allowed dimensions it has.
    pub fn quantity_of(&self, name: &str) -> Option<(Spanned<f64>, Dimension)> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Quantity(dimensions, range) = key.kind else {
            unreachable!("invariant: `{name}` is a quantity")
        };
        self.quantity_value(key, value, dimensions, range)
    }

    /// Two numbers with a unit.
    pub fn pair(&self, name: &str) -> Option<[Spanned<f64>; 2]> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Pair(dimension, range) = key.kind else {
            unreachable!("invariant: `{name}` is a pair")
        };
        let Some(list) = value.get_ref().as_array() else {
            return self.wrong_type(key, "a list of two texts with units", value);
        };
        if list.len() != 2 {
            let wrong = Diagnostic::error(ErrorKind::Input, "E025", format!("`{name}` needs two values, found {}", list.len()));
            self.context.report(
                wrong
                    .at(self.context.place(value.span()))
                    .note(key.doc)
                    .help(format!("write {}", example_line(key))),
            );
            return None;
        }
        let dimensions = [dimension];
        let read = |i: usize| {
            list.get(i)
                .and_then(|item| self.quantity_value(key, item, &dimensions, range))
                .map(|(v, _)| v)
        };
        let (first, second) = (read(0), read(1));
        Some([first?, second?])
    }

    pub(super) fn quantity_value(
        &self,
        key: &'static Key,
        value: &TomlSpanned<DeValue<'a>>,
        dimensions: &[Dimension],
        range: Range,
    ) -> Option<(Spanned<f64>, Dimension)> {
        let place = self.context.place(value.span());
        let Some(text) = value.get_ref().as_str() else {
            if let (Some(number), Some(&first)) = (bare_number(value.get_ref()), dimensions.first()) {
                let bare = Diagnostic::error(
                    ErrorKind::Input,
                    "E021",
                    format!("expected {}, found a number without a unit", first.words()),
                );
                let bare = bare.at(place).label("write the unit, in quotes");
                // What is never faster than once a second is a rate, no frequency.
                let unit = match first.example() {
                    Some(_) if first == Dimension::FREQUENCY && range.high <= 1.0 => Some("1/s"),
                    example => example.map(unit_of),
                };
                self.context.report(match unit {
                    Some(unit) => bare.help(format!("for example  {} = \"{number} {unit}\"", key.name)),
                    None => bare,
                });
                return None;
            }
            return self.wrong_type(key, "a text with a unit", value);
        };
        let mut first_error = None;
        for &dimension in dimensions {
            match parse_quantity(text, dimension) {
                Ok(si) if range.contains(si) => return Some((Spanned::new(si, place), dimension)),
                Ok(si) => {
                    self.context.report(out_of_range(key, text, si, dimension, range).at(place));
                    return None;
                }
                Err(error) => {
                    first_error.get_or_insert(error);
                }
            }
        }
        let error = first_error.expect("invariant: a quantity has at least one dimension");
        let mut finding = error.diagnostic(Some(place));
        if key.name == "thickness" && parse_quantity(text, Dimension::SURFACE_DENSITY).is_ok() {
            finding = finding.note("a mass loading is not a thickness: divide it by the density of the film (cellwright materials show)");
        }
        self.context.report(finding);
        None
    }

    /// An angle, rad; a text with `deg` or `rad`.
    pub fn angle(&self, name: &str) -> Option<Spanned<f64>> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Angle(range) = key.kind else {
            unreachable!("invariant: `{name}` is an angle")
        };
        let place = self.context.place(value.span());
        let Some(text) = value.get_ref().as_str().filter(|text| has_angle_unit(text)) else {
            return self.wrong_type(key, "an angle with its unit", value);
        };
        match parse_quantity(text, Dimension::DIMENSIONLESS) {
            Ok(si) if range.contains(si) => Some(Spanned::new(si, place)),
            Ok(si) => {
                let degrees = |si: f64| format!("{} deg", format_number(si.to_degrees(), 3));
                let wrong = Diagnostic::error(ErrorKind::OutOfRange, "E023", format!("the {} is out of range", spaced(key.name)));
                let low = if range.open { "more than " } else { "" };
                let allowed = format!("allowed {low}{} .. {}", degrees(range.low), degrees(range.high));
                self.context
                    .report(wrong.at(place).label(format!("found {}; {allowed}", degrees(si))));
                None
            }
            Err(error) => {
                self.context.report(error.diagnostic(Some(place)));
                None
            }
        }
    }

    /// A pure number, bare or as a text such as `"30 %"`.
    pub fn number(&self, name: &str) -> Option<Spanned<f64>> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Number(range) = key.kind else {
            unreachable!("invariant: `{name}` is a number")
        };
        let place = self.context.place(value.span());
        let (number, text) = match (value.get_ref().as_str(), bare_number(value.get_ref())) {
            (Some(text), _) if has_angle_unit(text) => {
                let angle = Diagnostic::error(ErrorKind::Input, "E021", "expected a pure number, found an angle");
                self.context
                    .report(angle.at(place).label(shorten(text)).help(format!("write {}", example_line(key))));
                return None;
            }
            (Some(text), _) => match parse_quantity(text, Dimension::DIMENSIONLESS) {
                Ok(number) => (number, text.to_owned()),
                Err(error) => {
                    let finding = error.diagnostic(Some(place));
                    self.context.report(if range.contains(0.5) {
                        finding
                    } else {
                        finding.note(format!("allowed: {} .. {}", range.low, range.high))
                    });
                    return None;
                }
            },
            (None, Some(number)) => (number, number.to_string()),
            (None, None) => return self.wrong_type(key, "a number", value),
        };
        if range.contains(number) {
            return Some(Spanned::new(number, place));
        }
        self.context
            .report(out_of_range(key, &text, number, Dimension::DIMENSIONLESS, range).at(place));
        None
    }

    /// A whole number; `None` also for the word `"default"`.
    pub fn count(&self, name: &str) -> Option<Spanned<usize>> {
        let (key, (_, value)) = self.entry(name)?;
        let Kind::Count(least, most, default) = key.kind else {
            unreachable!("invariant: `{name}` is a count")
        };
        let place = self.context.place(value.span());
        if default && value.get_ref().as_str() == Some("default") {
            return None;
        }
        let Some(integer) = value.get_ref().as_integer() else {
            let expected = if default {
                "a whole number or \"default\""
            } else {
                "a whole number"
            };
            return self.wrong_type(key, expected, value);
        };
        match usize::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(count) if (least..=most).contains(&count) => Some(Spanned::new(count, place)),
            _ => {
                let wrong = Diagnostic::error(ErrorKind::OutOfRange, "E023", format!("`{name}` is out of range")).at(place);
                let allowed = if least == most {
                    format!("{least}")
                } else {
                    format!("{least} .. {most}")
                };
                self.context.report(
                    wrong
                        .label(format!("found {}, allowed {allowed}", shorten(integer.as_str())))
                        .note(key.doc),
                );
                None
            }
        }
    }
}

fn has_angle_unit(text: &str) -> bool {
    ["deg", "rad", "\u{b0}"].iter().any(|unit| text.trim_end().ends_with(unit))
}

fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

fn out_of_range(key: &Key, text: &str, si: f64, dimension: Dimension, range: Range) -> Diagnostic {
    let name = spaced(key.name);
    let show = |si: f64| format_quantity(si, dimension);
    let low = match range.open {
        true if range.low == 0.0 => "more than 0".to_owned(),
        true => format!("more than {}", show(range.low)),
        false => show(range.low),
    };
    let allowed = format!("allowed {low} .. {}", show(range.high));
    if let Some(unit) = ["MOhm", "Mohm", "M\u{3a9}"].iter().find(|u| text.contains(**u)) {
        let milli = unit.replacen('M', "m", 1);
        let ambiguous = Diagnostic::error(
            ErrorKind::OutOfRange,
            "E022",
            format!("`{unit}` and `{milli}` differ by a factor of 1e9"),
        );
        return ambiguous
            .label(format!("read as megaohm; {allowed}"))
            .help(format!("write \"{}\" if you mean milliohm", text.replace(unit, &milli)));
    }
    let what = if si < 0.0 && range.low >= 0.0 && dimension != Dimension::TEMPERATURE {
        "is negative"
    } else {
        "is out of range"
    };
    Diagnostic::error(ErrorKind::OutOfRange, "E023", format!("the {name} {what}")).label(format!("found {}; {allowed}", show(si)))
}

fn bare_number(value: &DeValue<'_>) -> Option<f64> {
    if let Some(integer) = value.as_integer() {
        return i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|i| i as f64);
    }
    value.as_float().and_then(|f| f.as_str().parse().ok())
}

fn unit_of(example: &str) -> &str {
    example.split_once(' ').map_or("", |(_, unit)| unit)
}
