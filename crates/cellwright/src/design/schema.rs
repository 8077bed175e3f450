//! The JSON Schema of the design file, written from the same table of keys that the reader uses.

use super::keys::{DESIGN, Key, Kind, Range, Section};
use cellwright_base::units::Dimension;
use serde_json::{Map, Value, json};

/// JSON Schema (draft 2020-12) of `format = 1`, for editors that complete and check TOML.
pub fn schema() -> Value {
    let mut schema = section(&DESIGN);
    if let Some(object) = schema.as_object_mut() {
        object.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
        object.insert("title".into(), json!("Cellwright design"));
        let steps = json!({ "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/step" } });
        let repeat = json!({ "type": "object", "properties": { "repeat": { "type": "integer", "minimum": 1 }, "steps": steps }, "required": ["repeat", "steps"], "additionalProperties": false });
        object.insert(
            "$defs".into(),
            json!({ "step": { "oneOf": [{ "type": "string", "minLength": 1 }, repeat] } }),
        );
    }
    schema
}

fn section(section: &Section) -> Value {
    let properties: Map<String, Value> = section.keys.iter().map(|key| (key.name.to_owned(), described(key))).collect();
    let required: Vec<&str> = section.keys.iter().filter(|k| k.required).map(|k| k.name).collect();
    json!({ "type": "object", "description": section.doc, "properties": properties, "required": required, "additionalProperties": false })
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
        Kind::Table(table) => section(table),
        Kind::Tables(table) => json!({ "type": "array", "minItems": 1, "items": section(table) }),
        Kind::Materials => {
            json!({ "type": "object", "additionalProperties": { "type": "object", "additionalProperties": { "type": "object" } } })
        }
    }
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
