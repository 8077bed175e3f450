//! The JSON Schema of the design file, written from the same table of keys that the reader uses.

use super::forms::FORMS;
use super::keys::{Key, Kind, Range, Section};
use super::process_keys::ARRAY;
use cellwright_base::units::Dimension;
use serde_json::{Map, Value, json};

/// JSON Schema (draft 2020-12) of `format = 1`, for editors that complete and check TOML.
///
/// The properties of all architectures stand together; a condition per architecture says which of them belong to it and which it needs.
pub fn schema() -> Value {
    let mut properties = Map::new();
    for key in FORMS.iter().flat_map(|form| form.section.keys.iter()) {
        // `film` is the same table with fewer keys in a template, so the laminated one, which comes first, holds for both.
        properties.entry(key.name).or_insert_with(|| described(key));
    }
    let laminated = &FORMS[0].section;
    let common: Vec<&str> = required(laminated)
        .filter(|name| FORMS.iter().all(|f| required(&f.section).any(|n| n == *name)))
        .collect();
    if let Some(film) = properties.get_mut("film").and_then(|f| f.pointer_mut("/items/required")) {
        *film = json!(["name"]);
    }
    let conditions: Vec<Value> = FORMS
        .iter()
        .map(|form| {
            let names: Vec<&str> = form.section.keys.iter().map(|key| key.name).collect();
            let films = form.section.keys.iter().find(|key| key.name == "film").map(|key| kind(&key.kind));
            let then = json!({ "required": required(&form.section).collect::<Vec<_>>(), "propertyNames": { "enum": names }, "properties": films.map_or(json!({}), |f| json!({ "film": f })) });
            json!({ "if": { "properties": { "architecture": { "const": form.architecture } }, "required": ["architecture"] }, "then": then })
        })
        .collect();
    let steps = json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/step" } });
    let repeat = json!({ "type": "object", "properties": { "repeat": { "type": "integer", "minimum": 1 }, "steps": steps }, "required": ["repeat", "steps"], "additionalProperties": false });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cellwright design",
        "type": "object",
        "description": laminated.doc,
        "properties": properties,
        "required": common,
        "additionalProperties": false,
        "allOf": conditions,
        "$defs": { "step": { "oneOf": [{ "type": "string", "minLength": 1 }, repeat] }, "array": section(&ARRAY) },
    })
}

fn required(section: &Section) -> impl Iterator<Item = &'static str> {
    section.keys.iter().filter(|k| k.required).map(|k| k.name)
}

fn section(section: &Section) -> Value {
    let properties: Map<String, Value> = section.keys.iter().map(|key| (key.name.to_owned(), described(key))).collect();
    json!({ "type": "object", "description": section.doc, "properties": properties, "required": required(section).collect::<Vec<_>>(), "additionalProperties": false })
}

/// A section, or a reference to it where it can hold itself.
fn inner(table: &Section) -> Value {
    if table.heading == ARRAY.heading {
        json!({ "$ref": "#/$defs/array" })
    } else {
        section(table)
    }
}

fn described(key: &Key) -> Value {
    let mut value = kind(&key.kind);
    if let Some(object) = value.as_object_mut() {
        object.insert("description".into(), json!(key.doc));
    }
    value
}

fn kind(kind: &Kind) -> Value {
    match kind {
        Kind::Text => json!({ "type": "string", "minLength": 1 }),
        Kind::Texts => json!({ "type": "array", "minItems": 1, "items": { "type": "string", "minLength": 1 } }),
        Kind::Steps => json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/step" } }),
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::Quantity(dimensions, _) => quantity(dimensions),
        Kind::Pair(dimension, _) => json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": quantity(&[*dimension]) }),
        Kind::Number(range) => json!({ "oneOf": [number(*range), { "type": "string", "examples": ["50 %"] }] }),
        Kind::Count(least, most, false) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Count(least, most, true) => {
            json!({ "oneOf": [{ "type": "integer", "minimum": least, "maximum": most }, { "const": "default" }] })
        }
        Kind::Angle(_) => {
            json!({ "type": "string", "minLength": 1, "examples": ["88 deg"], "$comment": "a number with the unit of an angle" })
        }
        Kind::Row(count, what) => row(*count, what),
        Kind::Rows(count, what) => json!({ "type": "array", "minItems": 1, "items": row(*count, what) }),
        Kind::Points(least) => points(*least),
        Kind::Outlines(least) => json!({ "type": "array", "minItems": 1, "items": points(*least) }),
        Kind::Counts(most) => {
            json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "integer", "minimum": 1, "maximum": most } })
        }
        Kind::Table(table) => inner(table),
        Kind::Tables(table) => json!({ "type": "array", "minItems": 1, "items": inner(table) }),
        Kind::Materials => {
            json!({ "type": "object", "additionalProperties": { "type": "object", "additionalProperties": { "type": "object" } } })
        }
    }
}

fn row(count: usize, what: &str) -> Value {
    json!({ "type": "array", "minItems": count, "maxItems": count, "items": quantity(&[Dimension::LENGTH]), "$comment": what })
}

fn points(least: usize) -> Value {
    json!({ "type": "array", "minItems": least, "items": row(2, "x, y") })
}

fn quantity(dimensions: &[Dimension]) -> Value {
    let examples: Vec<&str> = dimensions.iter().filter_map(|d| d.example()).collect();
    let words: Vec<String> = dimensions.iter().map(|d| d.words()).collect();
    json!({ "type": "string", "minLength": 1, "examples": examples, "$comment": format!("a number with the unit of {}", words.join(" or ")) })
}

fn number(range: Range) -> Value {
    let low = if range.open { "exclusiveMinimum" } else { "minimum" };
    json!({ "type": "number", low: range.low, "maximum": range.high })
}
