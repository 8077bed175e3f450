//! Bounded JSON reading: every value knows its path, every refusal names it.

use super::MAX_BYTES;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place, nearest};
use cellwright_base::units::format_number;
use serde_json::{Map, Value};

/// Deepest nesting accepted.
const MAX_DEPTH: usize = 24;

pub(super) type Fallible<T> = Result<T, Box<Diagnostic>>;

/// Parses the bytes within the bounds of size and depth.
pub(super) fn parse(bytes: &[u8]) -> Fallible<Value> {
    if bytes.len() > MAX_BYTES {
        let d = Diagnostic::error(ErrorKind::Input, "E040", "the BPX file is too large")
            .label(format!("{} bytes", bytes.len()))
            .note(format!("allowed: {MAX_BYTES} bytes"));
        return Err(Box::new(d));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let d = Diagnostic::error(ErrorKind::Input, "E040", "the BPX file is not UTF-8 text").label(format!("byte {}", e.valid_up_to()));
        Box::new(d.help("save it as JSON in UTF-8"))
    })?;
    let too_deep = || {
        Diagnostic::error(ErrorKind::Input, "E040", format!("the BPX file is nested deeper than {MAX_DEPTH}"))
            .note("a BPX file needs 5 levels")
    };
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| {
        let place = Place {
            file: String::new(),
            line: e.line(),
            column: e.column().max(1),
            length: 1,
            text: text
                .lines()
                .nth(e.line().saturating_sub(1))
                .unwrap_or_default()
                .chars()
                .take(200)
                .collect(),
        };
        let full = e.to_string();
        if full.contains("recursion limit") {
            return Box::new(too_deep());
        }
        let reason = full.split(" at line").next().unwrap_or("unreadable").to_owned();
        let d = Diagnostic::error(ErrorKind::Input, "E040", format!("the BPX file is not JSON: {reason}")).at(place);
        Box::new(d.note("JSON knows no NaN, no Infinity, no comments and no trailing commas"))
    })?;
    if depth(&value) > MAX_DEPTH {
        Err(Box::new(too_deep()))
    } else {
        Ok(value)
    }
}

/// Nesting of a value; recursion is bounded by the JSON reader itself.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(a) => 1 + a.iter().map(depth).max().unwrap_or(0),
        Value::Object(o) => 1 + o.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// An object of the file and the path of keys that leads to it.
#[derive(Clone)]
pub(super) struct Section<'a> {
    pub(super) map: &'a Map<String, Value>,
    pub(super) path: String,
}

impl<'a> Section<'a> {
    pub(super) fn root(value: &'a Value) -> Fallible<Section<'a>> {
        match value {
            Value::Object(map) => Ok(Section { map, path: String::new() }),
            other => Err(wrong_type("the file", "an object {...}", other)),
        }
    }

    /// Path of a key below this section.
    pub(super) fn at(&self, key: &str) -> String {
        let key: String = key.chars().take(80).collect();
        if self.path.is_empty() {
            key
        } else {
            format!("{} / {key}", self.path)
        }
    }

    /// The value of a key; `null` counts as absent.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|v| !v.is_null())
    }

    pub(super) fn missing(&self, key: &str) -> Box<Diagnostic> {
        let mut d = Diagnostic::error(ErrorKind::Input, "E041", format!("the BPX file has no `{key}`"))
            .label(format!("looked for {}", self.at(key)));
        if let Some(n) = nearest(key, self.map.keys().map(String::as_str)) {
            d = d.help(format!("a key with a similar name is there: `{n}`"));
        }
        Box::new(d)
    }

    pub(super) fn section(&self, key: &str) -> Fallible<Section<'a>> {
        self.optional_section(key)?.ok_or_else(|| self.missing(key))
    }

    pub(super) fn optional_section(&self, key: &str) -> Fallible<Option<Section<'a>>> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Section { map, path: self.at(key) })),
            Some(other) => Err(wrong_type(&self.at(key), "an object {...}", other)),
        }
    }

    pub(super) fn text(&self, key: &str) -> Fallible<Option<String>> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(s)) => Ok(Some(s.chars().take(20_000).collect())),
            Some(other) => Err(wrong_type(&self.at(key), "a text", other)),
        }
    }

    pub(super) fn number(&self, key: &str, allowed: (f64, f64)) -> Fallible<f64> {
        self.optional_number(key, allowed)?.ok_or_else(|| self.missing(key))
    }

    pub(super) fn optional_number(&self, key: &str, allowed: (f64, f64)) -> Fallible<Option<f64>> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Number(n)) => {
                let v = n.as_f64().unwrap_or(f64::NAN);
                if (allowed.0..=allowed.1).contains(&v) {
                    Ok(Some(v))
                } else {
                    Err(out_of_range(&self.at(key), v, allowed))
                }
            }
            Some(other) => Err(wrong_type(&self.at(key), "a number", other)),
        }
    }

    /// Numbers of a list.
    pub(super) fn series(&self, key: &str) -> Fallible<Option<Vec<f64>>> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => numbers(&self.at(key), value).map(Some),
        }
    }
}

pub(super) fn numbers(path: &str, value: &Value) -> Fallible<Vec<f64>> {
    let Value::Array(items) = value else {
        return Err(wrong_type(path, "a list of numbers", value));
    };
    items
        .iter()
        .map(|v| {
            v.as_f64()
                .filter(|n| n.is_finite())
                .ok_or_else(|| wrong_type(path, "a list of numbers", v))
        })
        .collect()
}

pub(super) fn wrong_type(path: &str, expected: &str, found: &Value) -> Box<Diagnostic> {
    let found = match found {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => format!("the truth value {b}"),
        Value::Number(n) => format!("the number {n}"),
        Value::String(s) => format!("the text \"{}\"", s.chars().take(60).collect::<String>().escape_debug()),
        Value::Array(a) => format!("a list of {}", a.len()),
        Value::Object(_) => "an object".to_owned(),
    };
    Box::new(Diagnostic::error(ErrorKind::Input, "E042", format!("{path} must be {expected}")).label(found))
}

pub(super) fn out_of_range(path: &str, found: f64, allowed: (f64, f64)) -> Box<Diagnostic> {
    let (low, high) = (format_number(allowed.0, 3), format_number(allowed.1, 3));
    let d = Diagnostic::error(ErrorKind::OutOfRange, "E043", format!("{path} is out of range")).label(format_number(found, 6));
    Box::new(
        d.note(format!("allowed: {low} .. {high}"))
            .help("BPX numbers are SI, in the unit named in the key"),
    )
}
