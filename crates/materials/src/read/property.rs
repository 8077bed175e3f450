//! Reading one property table: value, table or formula, with unit, range, source and confidence.

use super::Reader;
use crate::expression::Expression;
use crate::keys::Key;
use crate::material::Class;
use crate::property::{Activation, Argument, Confidence, Property, Provenance, Value};
use cellwright_base::constants::STANDARD_TEMPERATURE;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_base::table::{Interpolation, Table};
use cellwright_base::units::{Dimension, format_as, parse_quantity, unit_factor};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const FIELDS: &[&str] = &[
    "value",
    "expression",
    "rows",
    "unit",
    "argument_unit",
    "interpolation",
    "activation_energy",
    "reference_temperature",
    "valid",
    "valid_temperature",
    "spread",
    "source",
    "temperature",
    "confidence",
    "note",
];

/// Most points of a table.
const MAX_ROWS: usize = 20_000;

impl Reader<'_> {
    pub(super) fn property(&mut self, key: &'static Key, table: &DeTable<'_>, span: Range<usize>, class: Class) -> Option<Property> {
        for name in table.keys() {
            let found: &str = name.get_ref();
            if !FIELDS.contains(&found) {
                self.unknown_key(name.span(), found, &format!("property {}", key.name), FIELDS);
            }
        }
        let before = self.findings.len();
        let argument = match (key.argument, class) {
            (Argument::Any, Class::Electrode) => Argument::Stoichiometry,
            (Argument::Any, c) if c.is_electrolyte() => Argument::Concentration,
            (Argument::Any, _) => Argument::None,
            (a, _) => a,
        };
        let argument_factor = self.argument_factor(table, argument)?;
        let value = self.value(key, table, &span, argument, argument_factor)?;
        let argument = if matches!(value, Value::Constant(_)) {
            Argument::None
        } else {
            argument
        };
        let mut property = Property::new(key, argument, value, self.provenance(key, table, &span)?);
        property.activation = self.activation(table);
        property.valid = self.pair(table, "valid", |r, v| r.number(v, "valid").map(|n| n * argument_factor));
        property.valid_temperature = self.pair(table, "valid_temperature", |r, v| {
            r.quantity(v, "valid_temperature", Dimension::TEMPERATURE)
        });
        property.spread = self.pair(table, "spread", |r, v| r.quantity(v, "spread", key.dimension));
        if let (None, Value::Table(t)) = (property.valid, &property.value) {
            property.valid = Some(t.range());
        }
        self.check_bounds(key, &property, &span);
        (self.findings.len() == before).then_some(property)
    }

    fn argument_factor(&mut self, table: &DeTable<'_>, argument: Argument) -> Option<f64> {
        let Some((unit, span)) = self.string(table, "argument_unit") else {
            return Some(1.0);
        };
        let expected = if argument == Argument::Concentration {
            Dimension::CONCENTRATION
        } else {
            Dimension::DIMENSIONLESS
        };
        match unit_factor(&unit) {
            Ok((f, d)) if d == expected => Some(f),
            Ok((_, d)) => {
                self.report(
                    span,
                    Diagnostic::error(
                        ErrorKind::Input,
                        "E021",
                        format!("expected {}, found {}", expected.words(), d.words()),
                    ),
                );
                None
            }
            Err(e) => {
                self.findings.push(e.diagnostic(Some(self.place(span))));
                None
            }
        }
    }

    fn value(&mut self, key: &Key, table: &DeTable<'_>, span: &Range<usize>, argument: Argument, argument_factor: f64) -> Option<Value> {
        let given: Vec<&str> = ["value", "expression", "rows"]
            .into_iter()
            .filter(|f| table.get(*f).is_some())
            .collect();
        let [form] = given[..] else {
            let d = Diagnostic::error(
                ErrorKind::Input,
                "E015",
                format!("property {} needs exactly one of value, expression, rows", key.name),
            )
            .label(if given.is_empty() {
                "none given".to_owned()
            } else {
                format!("found {}", given.join(" and "))
            });
            self.report(span.clone(), d);
            return None;
        };
        let raw = table.get(form)?;
        if form == "value" {
            return self.quantity(raw, "value", key.dimension).map(Value::Constant);
        }
        let factor = self.value_unit(key, table, span)?;
        if form == "rows" {
            return self.rows(raw, table, argument, argument_factor, factor);
        }
        let (text, text_span) = self.string(table, "expression")?;
        match Expression::parse(&text) {
            Ok(e) if argument == Argument::None && e.uses_argument() => {
                let d = Diagnostic::error(ErrorKind::Input, "E016", format!("{} may depend on temperature T only", key.name));
                self.report(text_span, d);
                None
            }
            Ok(e) => Some(Value::Expression(e.scaled(argument_factor, factor))),
            Err(e) => {
                // One byte for the opening quote of a simple string.
                let at = text_span.start + 1 + e.position;
                let mut d = Diagnostic::error(ErrorKind::Input, "E016", "unreadable formula").label(e.message.clone());
                if let Some(h) = &e.hint {
                    d = d.help(h.clone());
                }
                self.report(at.min(text_span.end)..(at + 1).min(text_span.end), d);
                None
            }
        }
    }

    fn value_unit(&mut self, key: &Key, table: &DeTable<'_>, span: &Range<usize>) -> Option<f64> {
        let Some((unit, unit_span)) = self.string(table, "unit") else {
            if key.dimension == Dimension::DIMENSIONLESS {
                return Some(1.0);
            }
            let d = Diagnostic::error(
                ErrorKind::Input,
                "E015",
                format!("property {} needs the `unit` of its values", key.name),
            )
            .help(format!("unit = \"{}\"", key.unit));
            self.report(span.clone(), d);
            return None;
        };
        match unit_factor(&unit) {
            Ok((f, d)) if d == key.dimension => Some(f),
            Ok((_, d)) => {
                let d = Diagnostic::error(
                    ErrorKind::Input,
                    "E021",
                    format!("expected {}, found {}", key.dimension.words(), d.words()),
                )
                .help(format!("unit = \"{}\"", key.unit));
                self.report(unit_span, d);
                None
            }
            Err(e) => {
                self.findings.push(e.diagnostic(Some(self.place(unit_span))));
                None
            }
        }
    }

    fn rows(
        &mut self,
        raw: &Spanned<DeValue<'_>>,
        table: &DeTable<'_>,
        argument: Argument,
        argument_factor: f64,
        factor: f64,
    ) -> Option<Value> {
        let DeValue::Array(items) = raw.get_ref() else {
            self.wrong_type(raw.span(), "rows", "a list of [argument, value] pairs", raw.get_ref());
            return None;
        };
        if argument == Argument::None {
            self.report(
                raw.span(),
                Diagnostic::error(
                    ErrorKind::Input,
                    "E016",
                    "this property does not depend on a stoichiometry or concentration",
                ),
            );
            return None;
        }
        if items.len() > MAX_ROWS {
            self.report(
                raw.span(),
                Diagnostic::error(ErrorKind::OutOfRange, "E023", format!("more than {MAX_ROWS} rows")),
            );
            return None;
        }
        let kind = match self.string(table, "interpolation") {
            None => Interpolation::Monotone,
            Some((w, s)) => match w.as_str() {
                "monotone" => Interpolation::Monotone,
                "linear" => Interpolation::Linear,
                _ => {
                    self.not_a_word(s, "interpolation", &w, &["monotone", "linear"]);
                    return None;
                }
            },
        };
        let (mut x, mut y) = (vec![], vec![]);
        for item in items.iter() {
            let pair = match item.get_ref() {
                DeValue::Array(p) if p.len() == 2 => p,
                other => {
                    self.wrong_type(item.span(), "rows", "a list of [argument, value] pairs", other);
                    return None;
                }
            };
            x.push(self.number(&pair[0], "rows")? * argument_factor);
            y.push(self.number(&pair[1], "rows")? * factor);
        }
        match Table::new(x, y, kind) {
            Ok(t) => Some(Value::Table(t)),
            Err(e) => {
                self.report(raw.span(), Diagnostic::error(ErrorKind::Input, "E017", e.to_string()));
                None
            }
        }
    }

    fn number(&mut self, value: &Spanned<DeValue<'_>>, key: &str) -> Option<f64> {
        let parsed = match value.get_ref() {
            DeValue::Float(f) => f.as_str().parse::<f64>().ok(),
            DeValue::Integer(i) if i.radix() == 10 => i.as_str().parse::<f64>().ok(),
            other => {
                self.wrong_type(value.span(), key, "a number", other);
                return None;
            }
        };
        let finite = parsed.filter(|n| n.is_finite() && n.abs() < 1e60);
        if finite.is_none() {
            self.report(
                value.span(),
                Diagnostic::error(ErrorKind::OutOfRange, "E023", "the number is not finite or too large"),
            );
        }
        finite
    }

    fn quantity(&mut self, value: &Spanned<DeValue<'_>>, key: &str, dimension: Dimension) -> Option<f64> {
        match value.get_ref() {
            DeValue::String(s) => match parse_quantity(s, dimension) {
                Ok(v) => Some(v),
                Err(e) => {
                    self.findings.push(e.diagnostic(Some(self.place(value.span()))));
                    None
                }
            },
            DeValue::Float(_) | DeValue::Integer(_) if dimension == Dimension::DIMENSIONLESS => self.number(value, key),
            other => {
                let expected = dimension
                    .example()
                    .map_or_else(|| "a number".to_owned(), |e| format!("a text with unit, like \"{e}\""));
                self.wrong_type(value.span(), key, &expected, other);
                None
            }
        }
    }

    fn pair(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        read: impl Fn(&mut Self, &Spanned<DeValue<'_>>) -> Option<f64>,
    ) -> Option<(f64, f64)> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Array(a) if a.len() == 2 => {
                let (low, high) = (read(self, &a[0])?, read(self, &a[1])?);
                if low < high {
                    return Some((low, high));
                }
                self.report(
                    value.span(),
                    Diagnostic::error(ErrorKind::Input, "E017", format!("`{key}` must be [lower, higher]")),
                );
            }
            other => self.wrong_type(value.span(), key, "a pair [lower, higher]", other),
        }
        None
    }

    fn activation(&mut self, table: &DeTable<'_>) -> Option<Activation> {
        let energy = self.quantity(table.get("activation_energy")?, "activation_energy", Dimension::MOLAR_ENERGY)?;
        let reference_temperature = match table.get("reference_temperature") {
            Some(v) => self.quantity(v, "reference_temperature", Dimension::TEMPERATURE)?,
            None => STANDARD_TEMPERATURE,
        };
        if energy.abs() > 5e5 || reference_temperature < 1.0 {
            let span = table.get("activation_energy").map_or(0..0, Spanned::span);
            self.report(
                span,
                Diagnostic::error(
                    ErrorKind::OutOfRange,
                    "E023",
                    "an activation energy lies between -500 and 500 kJ/mol",
                ),
            );
            return None;
        }
        Some(Activation {
            energy,
            reference_temperature,
        })
    }

    fn provenance(&mut self, key: &Key, table: &DeTable<'_>, span: &Range<usize>) -> Option<Provenance> {
        let words = Confidence::ALL.map(Confidence::as_str);
        let source = self.string(table, "source").map(|(s, _)| s).filter(|s| !s.is_empty());
        let confidence = self.word(table, "confidence", Confidence::parse, &words);
        for (name, missing, help) in [
            ("source", source.is_none(), "source = \"doi:...\""),
            (
                "confidence",
                confidence.is_none() && table.get("confidence").is_none(),
                "confidence = \"assumed\"",
            ),
        ] {
            if missing {
                let mut d = Diagnostic::error(ErrorKind::Input, "E015", format!("property {} needs a `{name}`", key.name)).help(help);
                if name == "confidence" {
                    d = d.note(format!("allowed: {}", words.join(", ")));
                }
                self.report(span.clone(), d);
            }
        }
        let temperature = table
            .get("temperature")
            .and_then(|v| self.quantity(v, "temperature", Dimension::TEMPERATURE));
        let note = self.string(table, "note").map(|(s, _)| s).unwrap_or_default();
        Some(Provenance {
            source: source?,
            temperature,
            confidence: confidence?,
            note,
        })
    }

    /// Every value the property can take in its range must be finite and physically possible.
    fn check_bounds(&mut self, key: &Key, property: &Property, span: &Range<usize>) {
        let (low, high) = property.valid.unwrap_or(match property.argument {
            Argument::Concentration => (100.0, 2000.0),
            _ => (0.05, 0.95),
        });
        let t = property.provenance.temperature.unwrap_or(STANDARD_TEMPERATURE);
        let samples: Vec<f64> = match &property.value {
            Value::Constant(v) => vec![*v],
            Value::Table(table) => table.points().map(|(_, y)| y).collect(),
            Value::Expression(e) => (0..=20)
                .map(|i| e.eval(low + (high - low) * f64::from(i) / 20.0, t).value)
                .collect(),
        };
        let (least, most) = key.bounds;
        if let Some(bad) = samples.iter().find(|v| !(least..=most).contains(*v)) {
            let show = |v: f64| format_as(v, key.unit, 3);
            let d = Diagnostic::error(ErrorKind::OutOfRange, "E023", format!("{} out of range", key.words))
                .label(format!("found {}", show(*bad)))
                .note(format!("allowed: {} .. {}", show(least), show(most)));
            self.report(span.clone(), d);
        }
    }
}
