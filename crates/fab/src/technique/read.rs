//! Reading techniques from TOML text.

use super::error::TechniqueError;
use super::library::{Kind, Sourced, Technique, VALUES, Written};
use cellwright_base::diagnostic::{Place, nearest};
use cellwright_base::units::{Dimension, parse_quantity};
use cellwright_materials::Confidence;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Largest text read, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// Reads a file of `[[technique]]` tables.
///
/// # Errors
/// [`TechniqueError::Data`] with the place of the first fault.
///
/// # Verification
/// `technique_library`: the embedded file, faults with their places, and any text without a panic.
pub fn read(file: &str, text: &str) -> Result<Vec<Technique>, TechniqueError> {
    let r = Reader { file, text };
    if text.len() > MAX_BYTES {
        return Err(r.fault(0..0, format!("{} bytes, at most {MAX_BYTES} are read", text.len())));
    }
    let root = DeTable::parse(text).map_err(|e| {
        let message = e.message().lines().next().unwrap_or("unreadable TOML").to_owned();
        r.fault(e.span().unwrap_or(0..0), message)
    })?;
    let root = root.get_ref();
    for key in root.keys() {
        r.known(key, &["technique"], "the file")?;
    }
    let Some(list) = root.get("technique") else { return Ok(vec![]) };
    let DeValue::Array(list) = list.get_ref() else {
        return Err(r.fault(list.span(), "`technique` must be an array of tables: [[technique]]".to_owned()));
    };
    let mut found: Vec<Technique> = vec![];
    for entry in list {
        let DeValue::Table(table) = entry.get_ref() else {
            return Err(r.fault(entry.span(), "`technique` must be a table: [[technique]]".to_owned()));
        };
        let technique = r.technique(table, entry.span())?;
        let taken = |word: &str| found.iter().any(|t| t.name == word || t.aliases.iter().any(|a| a == word));
        for word in std::iter::once(&technique.name).chain(&technique.aliases) {
            if taken(word) {
                return Err(r.fault(entry.span(), format!("`{word}` names two techniques")));
            }
        }
        found.push(technique);
    }
    Ok(found)
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn fault(&self, span: Range<usize>, message: String) -> TechniqueError {
        TechniqueError::Data {
            place: Place::in_source(self.file, self.text, span),
            message,
        }
    }

    fn known(&self, key: &Spanned<std::borrow::Cow<'_, str>>, allowed: &[&str], place: &str) -> Result<(), TechniqueError> {
        let found: &str = key.get_ref();
        if allowed.contains(&found) {
            return Ok(());
        }
        Err(self.fault(
            key.span(),
            self.not_a_word(found, &format!("unknown key `{found}` in {place}"), allowed),
        ))
    }

    fn not_a_word(&self, found: &str, message: &str, allowed: &[&str]) -> String {
        let hint = nearest(found, allowed.iter().copied()).map_or(String::new(), |n| format!("; did you mean `{n}`?"));
        format!("{message}; allowed: {}{hint}", allowed.join(", "))
    }

    fn string(&self, value: &Spanned<DeValue<'_>>, key: &str) -> Result<String, TechniqueError> {
        match value.get_ref() {
            DeValue::String(s) if !s.trim().is_empty() => Ok(s.trim().to_owned()),
            other => Err(self.fault(
                value.span(),
                format!("`{key}` must be a text in quotes, found {}", other.type_str()),
            )),
        }
    }

    fn required(&self, table: &DeTable<'_>, key: &str, span: Range<usize>, place: &str) -> Result<String, TechniqueError> {
        let value = table.get(key).ok_or_else(|| self.fault(span, format!("{place} has no `{key}`")))?;
        self.string(value, key)
    }

    fn technique(&self, table: &DeTable<'_>, span: Range<usize>) -> Result<Technique, TechniqueError> {
        let name = self.required(table, "name", span.clone(), "a technique")?;
        let general = ["name", "title", "kind", "aliases", "note"];
        let allowed: Vec<&str> = general.iter().copied().chain(VALUES.iter().map(|v| v.0)).collect();
        let word = self.required(table, "kind", span.clone(), &name)?;
        let Some(kind) = Kind::parse(&word) else {
            let words = Kind::ALL.map(Kind::as_str);
            let at = table.get("kind").map_or(span, Spanned::span);
            return Err(self.fault(at, self.not_a_word(&word, &format!("`{word}` is no kind"), &words)));
        };
        let mut technique = Technique::new(name, kind);
        technique.title = self.required(table, "title", span, &technique.name)?;
        for (key, value) in table {
            self.known(key, &allowed, &technique.name)?;
            let found: &str = key.get_ref();
            if found == "note" {
                technique.note = self.string(value, "note")?;
            } else if found == "aliases" {
                let DeValue::Array(list) = value.get_ref() else {
                    return Err(self.fault(
                        value.span(),
                        format!("`aliases` must be a list, found {}", value.get_ref().type_str()),
                    ));
                };
                for alias in list {
                    technique.aliases.push(self.string(alias, "aliases")?);
                }
            } else if let Some(&(key, written, low, high)) = VALUES.iter().find(|v| v.0 == found) {
                let sourced = self.sourced(value, key, written, (low, high))?;
                technique.set(key, sourced);
            }
        }
        Ok(technique)
    }

    fn sourced(&self, value: &Spanned<DeValue<'_>>, key: &str, written: Written, bounds: (f64, f64)) -> Result<Sourced, TechniqueError> {
        let DeValue::Table(table) = value.get_ref() else {
            let message = format!(
                "`{key}` must be a table {{ value, source, confidence }}, found {}",
                value.get_ref().type_str()
            );
            return Err(self.fault(value.span(), message));
        };
        for k in table.keys() {
            self.known(k, &["value", "range", "source", "confidence", "note"], key)?;
        }
        let span = value.span();
        let Some(usual) = table.get("value") else {
            return Err(self.fault(span, format!("`{key}` has no `value`")));
        };
        let word = self.required(table, "confidence", span.clone(), key)?;
        let Some(confidence) = Confidence::parse(&word) else {
            let words = Confidence::ALL.map(Confidence::as_str);
            let at = table.get("confidence").map_or(span, Spanned::span);
            return Err(self.fault(at, self.not_a_word(&word, &format!("`{word}` is no confidence"), &words)));
        };
        let sourced = Sourced {
            value: self.quantity(usual, key, written, bounds)?,
            range: table.get("range").map(|r| self.range(r, key, written, bounds)).transpose()?,
            source: self.required(table, "source", span.clone(), key)?,
            confidence,
            note: table.get("note").map_or(Ok(String::new()), |n| self.string(n, "note"))?,
        };
        if let Some((low, high)) = sourced.range
            && !(low <= sourced.value && sourced.value <= high)
        {
            return Err(self.fault(span, format!("the usual `{key}` lies outside its own range")));
        }
        Ok(sourced)
    }

    fn range(&self, value: &Spanned<DeValue<'_>>, key: &str, written: Written, bounds: (f64, f64)) -> Result<(f64, f64), TechniqueError> {
        match value.get_ref() {
            DeValue::Array(list) if list.len() == 2 => Ok((
                self.quantity(&list[0], key, written, bounds)?,
                self.quantity(&list[1], key, written, bounds)?,
            )),
            _ => Err(self.fault(value.span(), format!("the range of `{key}` must be [lowest, highest]"))),
        }
    }

    fn quantity(&self, value: &Spanned<DeValue<'_>>, key: &str, written: Written, bounds: (f64, f64)) -> Result<f64, TechniqueError> {
        let text = match value.get_ref() {
            DeValue::String(s) => s.trim().to_owned(),
            DeValue::Float(f) => f.as_str().to_owned(),
            DeValue::Integer(i) => i.as_str().to_owned(),
            other => {
                return Err(self.fault(
                    value.span(),
                    format!("`{key}` must be a quantity in quotes, found {}", other.type_str()),
                ));
            }
        };
        let fail = |message: String| self.fault(value.span(), format!("`{key}`: {message}"));
        let read = |text: &str, d: Dimension| parse_quantity(text, d).map_err(|e| fail(e.message));
        let si = match written {
            Written::As(d) => read(&text, d)?,
            Written::Angle => {
                let number = text
                    .strip_suffix("deg")
                    .ok_or_else(|| fail(format!("expected an angle such as \"89 deg\", found `{text}`")))?;
                read(number.trim(), Dimension::DIMENSIONLESS)?.to_radians()
            }
        };
        if bounds.0 <= si && si <= bounds.1 {
            Ok(si)
        } else {
            Err(fail(format!(
                "{si} is out of range; allowed: {} to {} in SI units",
                bounds.0, bounds.1
            )))
        }
    }
}
