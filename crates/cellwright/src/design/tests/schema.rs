//! The schema and the reader accept the same keys, and the examples validate.

use super::{CUSTOM, EXAMPLES, POSTS_DESIGN, SMALL, parse};
use crate::design::forms::FORMS;
use crate::design::schema;
use serde_json::{Map, Value, json};
use toml::de::{DeTable, DeValue};

/// The keywords of JSON Schema that the design schema uses; an unknown keyword fails the test.
fn valid(schema: &Value, root: &Value, value: &Value) -> Result<(), String> {
    for (keyword, rule) in schema.as_object().unwrap() {
        let number = |v: &Value| v.as_f64().unwrap_or(f64::NAN);
        let ok = match keyword.as_str() {
            "description" | "examples" | "$comment" | "$schema" | "title" | "$defs" => true,
            "type" => match rule.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "integer" => value.is_u64(),
                "number" => value.is_number(),
                other => panic!("type {other}"),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "minLength" => value.as_str().is_some_and(|s| s.len() as u64 >= rule.as_u64().unwrap()),
            "minItems" => value.as_array().is_some_and(|a| a.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => value.as_array().is_some_and(|a| a.len() as u64 <= rule.as_u64().unwrap()),
            "minimum" => number(value) >= number(rule),
            "maximum" => number(value) <= number(rule),
            "exclusiveMinimum" => number(value) > number(rule),
            "required" => rule.as_array().unwrap().iter().all(|k| value.get(k.as_str().unwrap()).is_some()),
            "items" => value.as_array().is_some_and(|a| a.iter().all(|v| valid(rule, root, v).is_ok())),
            "oneOf" => rule.as_array().unwrap().iter().filter(|s| valid(s, root, value).is_ok()).count() == 1,
            "$ref" => valid(root.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap(), root, value).is_ok(),
            "allOf" => {
                for inner in rule.as_array().unwrap() {
                    valid(inner, root, value)?;
                }
                true
            }
            "if" => {
                if valid(rule, root, value).is_ok() {
                    valid(&schema["then"], root, value)?;
                }
                true
            }
            "then" => true,
            "propertyNames" => value
                .as_object()
                .is_none_or(|o| o.keys().all(|k| valid(rule, root, &json!(k)).is_ok())),
            "properties" => {
                for (name, inner) in rule.as_object().unwrap() {
                    if let Some(v) = value.get(name) {
                        valid(inner, root, v).map_err(|e| format!("{name}: {e}"))?;
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = |name: &String| schema.get("properties").is_some_and(|p| p.get(name).is_some());
                value.as_object().is_some_and(|o| {
                    o.iter()
                        .filter(|(k, _)| !known(k))
                        .all(|(_, v)| rule != &json!(false) && valid(rule, root, v).is_ok())
                })
            }
            other => panic!("keyword {other}"),
        };
        if !ok {
            return Err(format!("{value} fails {keyword} {rule}"));
        }
    }
    Ok(())
}

fn to_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(s) => json!(s),
        DeValue::Integer(i) => json!(i.as_str().parse::<u64>().unwrap()),
        DeValue::Float(f) => json!(f.as_str().parse::<f64>().unwrap()),
        DeValue::Boolean(b) => json!(b),
        DeValue::Datetime(d) => json!(d.to_string()),
        DeValue::Array(a) => a.iter().map(|v| to_json(v.get_ref())).collect(),
        DeValue::Table(t) => table(t),
    }
}

fn table(t: &DeTable<'_>) -> Value {
    Value::Object(
        t.iter()
            .map(|(k, v)| (k.get_ref().to_string(), to_json(v.get_ref())))
            .collect::<Map<_, _>>(),
    )
}

fn document(text: &str) -> Value {
    table(DeTable::parse(text).unwrap().get_ref())
}

/// Whether the schema accepts a text.
pub(super) fn check(schema: &Value, text: &str) -> Result<(), String> {
    valid(schema, schema, &document(text))
}

#[test]
fn examples_validate() {
    let schema = schema();
    for (name, text) in EXAMPLES
        .iter()
        .copied()
        .chain([("small", SMALL), ("custom", CUSTOM), ("posts", POSTS_DESIGN)])
    {
        valid(&schema, &schema, &document(text)).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}

#[test]
fn schema_refuses_what_the_reader_refuses() {
    let schema = schema();
    for (old, new) in [
        ("thickness = \"2 um\"", "thicknes = \"2 um\""),
        ("\"laminated\"", "\"laminate\""),
        ("cells = 20", "cells = 1"),
        ("\"Rest for 10 min\"", "10"),
        ("[package]", "[window]"),
        ("material  = \"LiCoO2\"\n", ""),
    ] {
        let text = SMALL.replacen(old, new, 1);
        assert!(parse(&text).is_err());
        assert!(valid(&schema, &schema, &document(&text)).is_err(), "{new}");
    }
}

/// Every key of the schema, with a value of its kind, is known to the reader: no `unknown key` comes back.
/// The other way round holds by construction (the reader looks every key up in the table the schema is made of) and is tried here too.
#[test]
fn every_key_of_the_schema_is_read() {
    let schema = schema();
    let mut headings = vec![(String::new(), &schema)];
    // The architecture that a table belongs to is written before it.
    let architecture = |heading: &str| match heading.lines().next().unwrap_or_default().trim_matches(['[', ']']) {
        "substrate" | "mask" | "step" | "window" => "architecture = \"custom\"\n".to_owned(),
        table if FORMS.iter().any(|f| f.template.is_some_and(|t| t.name == table)) => format!("architecture = \"{table}\"\n"),
        _ => String::new(),
    };
    let mut tried = 0;
    while let Some((heading, section)) = headings.pop() {
        for (name, rule) in section["properties"].as_object().unwrap() {
            let inner = if rule["type"] == "array" { &rule["items"] } else { rule };
            if inner.get("properties").is_some() {
                let path = match heading.lines().last().unwrap_or_default().trim_matches(['[', ']']) {
                    "" => name.clone(),
                    outer => format!("{outer}.{name}"),
                };
                let own = if rule["type"] == "array" {
                    format!("[[{path}]]")
                } else {
                    format!("[{path}]")
                };
                headings.push((format!("{heading}\n{own}").trim_start().to_owned(), inner));
                continue;
            }
            let line = format!("{}{heading}\n{name} = true\n", architecture(&heading));
            let Err(errors) = parse(&line) else { panic!("{line} accepted") };
            assert!(!errors.iter().any(|d| d.code == "E012"), "{line}: {}", errors[0]);
            assert!(
                name == "note" || errors.iter().any(|d| d.message.contains(&format!("`{name}`"))),
                "{line}"
            );
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried}");
}
