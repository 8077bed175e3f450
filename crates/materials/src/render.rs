//! The library as text tables for the terminal and as plain data for `--json`.

mod data;
mod table;

pub use data::{MaterialData, PropertyData};
pub use table::{ListRow, SortKey, list, list_text};

use crate::material::Material;
use crate::property::{Argument, Property, Value};
use cellwright_base::constants::STANDARD_TEMPERATURE;
use cellwright_base::units::{format_as, format_number, format_quantity};
use std::fmt::Write;

/// Four dots, filled from the left: `●●●○`.
pub fn dots(filled: usize) -> String {
    (0..4).map(|i| if i < filled { '●' } else { '○' }).collect()
}

/// Everything known about a material, as text for `cellwright materials show NAME`.
pub fn show(material: &Material) -> String {
    let roles = material.roles.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(", ");
    let mut out = format!(
        "{}  {}\n{}, class {}, role {roles}\n\n",
        material.name,
        material.symbol,
        material.title,
        material.class.as_str()
    );
    let rows: Vec<[String; 4]> = material
        .properties
        .iter()
        .map(|p| {
            let c = p.provenance.confidence;
            [
                p.key.to_owned(),
                value_text(p),
                format!("{} {}", dots(c.dots()), c.as_str()),
                p.provenance.source.clone(),
            ]
        })
        .collect();
    out.push_str(&columns(&["property", "value", "confidence", "source"], &rows));
    let notes: Vec<&Property> = material.properties.iter().filter(|p| !p.provenance.note.is_empty()).collect();
    if !notes.is_empty() {
        out.push_str("\nnotes\n");
        for p in notes {
            let _ = writeln!(out, "  {}: {}", p.key, p.provenance.note);
        }
    }
    let gaps = material
        .gaps()
        .map(|k| format!("{} ({})", k.words, k.name))
        .collect::<Vec<_>>()
        .join(", ");
    if !gaps.is_empty() {
        let _ = writeln!(out, "\ngaps: {gaps}");
    }
    for text in [&material.note, &material.origin].into_iter().filter(|t| !t.is_empty()) {
        let _ = write!(out, "\n{text}\n");
    }
    out
}

/// The value of a property in its display unit: a number, or its ends over the valid range.
pub fn value_text(p: &Property) -> String {
    let name = if p.argument == Argument::Concentration { "c" } else { "x" };
    let t = p.provenance.temperature.unwrap_or(STANDARD_TEMPERATURE);
    let number = |x: f64| {
        let text = format_as(p.eval(x, t).value, p.unit, 4);
        text.strip_suffix(p.unit).map_or(text.clone(), |s| s.trim_end().to_owned())
    };
    let unit = if p.unit == "1" { String::new() } else { format!(" {}", p.unit) };
    let mut text = match (&p.value, p.argument) {
        (Value::Constant(_), _) | (_, Argument::None) => format!("{}{unit}", number(0.0)),
        (_, Argument::Concentration) => format!("{}{unit} at 1 mol/L", number(1000.0)),
        _ => {
            let (low, high) = p.valid.unwrap_or((0.05, 0.95));
            format!(
                "{} .. {}{unit} for {name} = {} .. {}",
                number(low),
                number(high),
                format_number(low, 3),
                format_number(high, 3)
            )
        }
    };
    if let Some(a) = p.activation {
        let _ = write!(text, ", {} kJ/mol", format_number(a.energy / 1e3, 4));
    }
    if let Some((low, high)) = p.spread {
        let _ = write!(
            text,
            " ({} .. {})",
            format_as(low, p.unit, 3).trim_end_matches(p.unit).trim_end(),
            format_as(high, p.unit, 3).trim_end_matches(p.unit).trim_end()
        );
    }
    if let Some(t) = p.provenance.temperature.filter(|t| (t - STANDARD_TEMPERATURE).abs() > 0.5) {
        let _ = write!(text, " at {}", format_quantity(t, cellwright_base::units::Dimension::TEMPERATURE));
    }
    text
}

/// Left-aligned columns two spaces apart, without trailing space.
fn columns<const N: usize>(header: &[&str; N], rows: &[[String; N]]) -> String {
    let width = |i: usize| {
        rows.iter()
            .map(|r| r[i].chars().count())
            .chain([header[i].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let mut out = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut text = String::new();
        for (cell, w) in cells.zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(w - cell.chars().count() + 2));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(&mut header.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    out
}

#[cfg(test)]
mod tests;
