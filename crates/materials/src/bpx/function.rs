//! Numbers and functions of a BPX file as properties, checked over the range in which they will be used.

use super::json::{Fallible, Section, numbers, out_of_range, wrong_type};
use super::sections::{Context, Findings};
use crate::expression::Expression;
use crate::keys::{Key, key};
use crate::property::{Activation, Argument, Confidence, Property, Provenance, Value};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_base::table::{Interpolation, Table};
use serde_json::Value as Json;

/// Most points of a table or measurement.
const MAX_POINTS: usize = 1_000_000;

fn provenance(context: &Context, confidence: Confidence, note: &str) -> Provenance {
    Provenance {
        source: context.source.clone(),
        temperature: Some(context.reference_temperature),
        confidence,
        note: note.to_owned(),
    }
}

fn known_key(name: &str) -> &'static Key {
    key(name).expect("invariant: names in this file are property keys")
}

pub(super) fn scalar(name: &str, value: f64, context: &Context, confidence: Confidence, note: &str) -> Fallible<Property> {
    Ok(Property::constant(known_key(name), value, provenance(context, confidence, note)))
}

pub(super) fn activation(s: &Section<'_>, key: &str, context: &Context) -> Fallible<Option<Activation>> {
    let energy = s.optional_number(key, (-5e5, 5e5))?.filter(|e| *e != 0.0);
    Ok(energy.map(|energy| Activation {
        energy,
        reference_temperature: context.reference_temperature,
    }))
}

/// A number, an expression in `x`, or a table `{"x": [...], "y": [...]}`, checked over the range in which it will be used.
#[allow(
    clippy::too_many_arguments,
    reason = "all eight are different things and the function has two callers"
)]
pub(super) fn function(
    s: &Section<'_>,
    name: &str,
    json_key: &str,
    energy_key: &str,
    argument: Argument,
    range: (f64, f64),
    context: &Context,
    findings: &mut Findings,
) -> Fallible<Option<Property>> {
    let key = known_key(name);
    let path = s.at(json_key);
    let value = match s.get(json_key) {
        None => return Ok(None),
        Some(Json::Number(n)) => Value::Constant(n.as_f64().unwrap_or(f64::NAN)),
        Some(Json::String(text)) => match text.trim().parse::<f64>() {
            Ok(v) => Value::Constant(v),
            Err(_) => Value::Expression(expression(&path, text)?),
        },
        Some(Json::Object(map)) => Value::Table(table(&Section { map, path: path.clone() })?),
        Some(other) => {
            return Err(wrong_type(
                &path,
                "a number, an expression in x, or a table {\"x\": [...], \"y\": [...]}",
                other,
            ));
        }
    };
    let used = if matches!(value, Value::Constant(_)) {
        Argument::None
    } else {
        argument
    };
    let mut property = Property::new(key, used, value, provenance(context, Confidence::Derived, "as the file gives it"));
    if !energy_key.is_empty() {
        property.activation = activation(s, energy_key, context)?;
    }
    for i in 0..=40 {
        let x = range.0 + (range.1 - range.0) * f64::from(i) / 40.0;
        let j = property.eval(x, context.reference_temperature);
        if !(key.bounds.0..=key.bounds.1).contains(&j.value) || !j.is_finite() {
            let mut d = out_of_range(&path, j.value, key.bounds);
            d.notes.push(format!("evaluated at x = {x}"));
            return Err(d);
        }
    }
    if name == "open_circuit_potential" && used == Argument::None {
        let d = Diagnostic::warning("W202", format!("{path} is a constant"))
            .note("an electrode whose potential does not depend on its lithium has no state of charge");
        findings.warnings.push(d);
    }
    if let (Value::Table(t), Argument::Stoichiometry) = (&property.value, used) {
        let (first, last) = t.range();
        if first > range.0 + 1e-9 || last < range.1 - 1e-9 {
            let d = Diagnostic::warning("W203", format!("{path} is extrapolated"))
                .label(format!("table from {first} to {last}"))
                .note(format!("used from {} to {}", range.0, range.1));
            findings.warnings.push(d);
        }
    }
    if used != Argument::None {
        property.valid = Some(range);
    }
    Ok(Some(property))
}

fn expression(path: &str, text: &str) -> Fallible<Expression> {
    let refuse = |message: String, hint: Option<&str>| {
        let d = Diagnostic::error(ErrorKind::Input, "E044", format!("{path} is not a formula in x")).label(message);
        let d = d.help(hint.unwrap_or("write a formula in x such as \"8.5e-15 * exp(-3 * x)\", a number, or a table"));
        Box::new(d.note("allowed: numbers, x, + - * / **, parentheses, exp log log10 sqrt tanh sinh cosh sin cos tan atan abs pow min max"))
    };
    let e = Expression::parse(text).map_err(|e| {
        let start = text
            .char_indices()
            .map(|(i, _)| i)
            .find(|i| *i >= e.position.saturating_sub(8))
            .unwrap_or(text.len());
        let near: String = text[start..].chars().take(24).collect();
        refuse(format!("{e}, near `{}`", near.escape_debug()), None)
    })?;
    if e.uses_temperature() {
        return Err(refuse(
            "it uses the temperature `T`".to_owned(),
            Some("BPX functions depend on x only; give an activation energy"),
        ));
    }
    Ok(e)
}

fn table(s: &Section<'_>) -> Fallible<Table> {
    let column = |key: &str| s.get(key).ok_or_else(|| s.missing(key)).and_then(|v| numbers(&s.at(key), v));
    let (x, y) = (column("x")?, column("y")?);
    if x.len() > MAX_POINTS {
        return Err(out_of_range(
            &format!("{}: number of points", s.path),
            x.len() as f64,
            (2.0, MAX_POINTS as f64),
        ));
    }
    Table::new(x, y, Interpolation::Monotone)
        .map_err(|e| Box::new(Diagnostic::error(ErrorKind::Input, "E044", format!("{} is not a table", s.path)).label(e.to_string())))
}
