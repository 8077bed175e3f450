//! `cellwright materials`: what the library knows, with sources and gaps.

use crate::arguments::{Globals, ListFilter};
use crate::messages::Messages;
use crate::terminal::Style;
use cellwright_base::constants::{FARADAY, STANDARD_TEMPERATURE};
use cellwright_base::units::{format_as, format_number};
use cellwright_materials::{Argument, Class, Confidence, Library, Material, Property, Role};
use serde_json::{Value, json};

/// Prints a table of materials.
pub fn list(filter: &ListFilter, globals: &Globals, messages: &mut Messages) -> i32 {
    let library = Library::embedded();
    let role = filter.role.as_deref().and_then(Role::parse);
    let total = library.iter().count();
    let mut rows: Vec<Row> = library
        .iter()
        .filter(|m| role.is_none_or(|r| m.roles.contains(&r)))
        .map(Row::new)
        .collect();
    let descending = |a: Option<f64>, b: Option<f64>| b.unwrap_or(f64::NEG_INFINITY).total_cmp(&a.unwrap_or(f64::NEG_INFINITY));
    match filter.sort.as_deref() {
        Some("capacity") => rows.sort_by(|a, b| descending(a.capacity, b.capacity)),
        Some("diffusion") => rows.sort_by(|a, b| descending(a.diffusion, b.diffusion)),
        Some("confidence") => rows.sort_by_key(|r| std::cmp::Reverse(r.confidence.map(Confidence::dots))),
        Some(_) => {}
        None => rows.sort_by_key(|r| (Class::ALL.iter().position(|c| *c == r.class), r.name.to_lowercase())),
    }
    if globals.json {
        let list: Vec<Value> = rows.iter().map(Row::json).collect();
        return messages.print(&format!("{:#}\n", Value::Array(list)));
    }
    let mut table = vec![
        [
            "material",
            "class",
            "capacity / uAh cm-2 um-1",
            "window / V",
            "transport at 25 degC",
            "confidence",
        ]
        .map(str::to_owned),
    ];
    table.extend(rows.iter().map(Row::cells));
    let mut text = String::new();
    for (i, cells) in table.iter().enumerate() {
        let width = |column: usize| table.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
        let line: Vec<String> = cells
            .iter()
            .enumerate()
            .map(|(j, c)| format!("{c}{}", " ".repeat(width(j) - c.chars().count())))
            .collect();
        let line = line.join("  ");
        text.push_str(&if i == 0 {
            messages.out.paint(Style::Bold, line.trim_end())
        } else {
            line.trim_end().to_owned()
        });
        text.push('\n');
    }
    text.push_str(&format!("\n{} of {total} materials. Transport is the diffusion coefficient or conductivity; confidence is the lowest of capacity and transport. Details: cellwright materials show NAME\n", rows.len()));
    messages.print(&text)
}

/// Headline numbers of one material.
struct Row {
    name: String,
    class: Class,
    /// C/m³ over the usable window.
    capacity: Option<f64>,
    window: Option<(f64, f64)>,
    diffusion: Option<f64>,
    transport: String,
    confidence: Option<Confidence>,
}

impl Row {
    fn new(material: &Material) -> Row {
        let mut lowest: Option<Confidence> = None;
        let mut look = |key: &str, x: f64| {
            let property = material.get(key)?;
            let found = property.provenance.confidence;
            lowest = Some(lowest.map_or(found, |l| if found.dots() < l.dots() { found } else { l }));
            Some(property.eval(x, STANDARD_TEMPERATURE).value)
        };
        let capacity = (|| {
            let swing = look("stoichiometry_at_empty", 0.5)? - look("stoichiometry_at_full", 0.5)?;
            Some(FARADAY * look("maximum_concentration", 0.5)? * swing.abs())
        })();
        let limit = |key: &str| material.get(key).map(|p| p.eval(0.5, STANDARD_TEMPERATURE).value);
        let window = limit("voltage_window_low").zip(limit("voltage_window_high"));
        // One mole per litre, or the middle of the stoichiometry.
        let argument = if material.class == Class::ElectrolyteLiquid { 1000.0 } else { 0.5 };
        let key = match material.class {
            Class::Electrode | Class::ElectrolyteSolidTwoSpecies => "diffusion",
            Class::ElectrolyteLiquid => "conductivity",
            Class::ElectrolyteSolidSingleIon => "ionic_conductivity",
            Class::Metal | Class::Collector | Class::Inert => "electronic_conductivity",
        };
        let key = if material.class == Class::ElectrolyteSolidTwoSpecies {
            "diffusion_cation"
        } else {
            key
        };
        let value = look(key, argument);
        let unit = material.get(key).map_or("", |p| p.unit);
        let transport = match (value, material.class) {
            (Some(v), _) => display(v, unit),
            (None, Class::Inert) => "-".to_owned(),
            (None, _) => "gap".to_owned(),
        };
        let diffusion = if material.class == Class::Electrode { value } else { None };
        Row {
            name: material.name.clone(),
            class: material.class,
            capacity,
            window,
            diffusion,
            transport,
            confidence: lowest,
        }
    }

    /// Micro-ampere-hours per square centimetre and micrometre.
    fn display_capacity(&self) -> Option<f64> {
        self.capacity.map(|c| c * 1e-6 / 36.0)
    }

    fn cells(&self) -> [String; 6] {
        let gap = |class: Class| {
            if class == Class::Electrode {
                "gap".to_owned()
            } else {
                "-".to_owned()
            }
        };
        [
            self.name.clone(),
            self.class.as_str().to_owned(),
            self.display_capacity().map_or_else(|| gap(self.class), |c| format_number(c, 3)),
            self.window.map_or_else(
                || "-".to_owned(),
                |(low, high)| format!("{} .. {}", format_number(low, 3), format_number(high, 3)),
            ),
            self.transport.clone(),
            self.confidence.map_or_else(|| "-".to_owned(), confidence),
        ]
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "class": self.class.as_str(),
            "capacity_uAh_per_cm2_um": self.display_capacity(),
            "voltage_window_V": self.window.map(|(low, high)| [low, high]),
            "transport": self.transport,
            "confidence": self.confidence.map(Confidence::as_str),
        })
    }
}

fn confidence(confidence: Confidence) -> String {
    let dots = confidence.dots();
    format!(
        "{}{} {}",
        "●".repeat(dots),
        "○".repeat(4usize.saturating_sub(dots)),
        confidence.as_str()
    )
}

/// Prints everything that is known of one material.
pub fn show(name: &str, globals: &Globals, messages: &mut Messages) -> i32 {
    let library = Library::embedded();
    let material = match (library.get(name), library.called(name)) {
        (Ok(material), _) | (Err(_), Some(material)) => material,
        (Err(error), None) => return messages.report_all(&[error.diagnostic()]),
    };
    if globals.json {
        let properties: Vec<Value> = material.properties.iter().map(property_json).collect();
        let value = json!({
            "name": material.name, "symbol": material.symbol, "title": material.title, "also_called": material.also_called,
            "class": material.class.as_str(),
            "roles": material.roles.iter().map(|r| r.as_str()).collect::<Vec<_>>(), "note": material.note, "origin": material.origin,
            "properties": properties, "gaps": material.gaps().map(|k| k.name).collect::<Vec<_>>(),
        });
        return messages.print(&format!("{value:#}\n"));
    }
    let mut text = format!(
        "{}\n{} ({})\n",
        messages.out.paint(Style::Bold, &material.name),
        material.title,
        material.class.as_str()
    );
    if !material.also_called.is_empty() {
        text.push_str(&format!("also called {}\n", material.also_called.join(", ")));
    }
    for extra in [&material.note, &material.origin] {
        if !extra.trim().is_empty() {
            text.push_str(&format!("\n{}\n", extra.trim()));
        }
    }
    for property in &material.properties {
        text.push_str(&format!(
            "\n{}  {}\n",
            messages.out.paint(Style::Bold, property.key),
            value_text(property)
        ));
        if let Some((low, high)) = property.spread {
            text.push_str(&format!(
                "    reported from {} to {}\n",
                display(low, property.unit),
                display(high, property.unit)
            ));
        }
        let provenance = &property.provenance;
        text.push_str(&format!("    {}, {}\n", confidence(provenance.confidence), provenance.source));
        if !provenance.note.is_empty() {
            text.push_str(&format!("    {}\n", provenance.note));
        }
    }
    let gaps: Vec<String> = material.gaps().map(|k| format!("{} ({})", k.words, k.name)).collect();
    if !gaps.is_empty() {
        text.push_str(&format!("\n{}  {}\n", messages.out.paint(Style::Bold, "gaps"), gaps.join(", ")));
    }
    messages.print(&text)
}

/// Three digits and the unit; a pure number stands alone.
fn display(si: f64, unit: &str) -> String {
    if unit == "1" {
        format_number(si, 3)
    } else {
        format_as(si, unit, 3)
    }
}

/// The value at 25 °C: one number, or three over the range of its argument.
fn value_text(property: &Property) -> String {
    let show = |x: f64| display(property.eval(x, STANDARD_TEMPERATURE).value, property.unit);
    if property.is_constant() {
        return show(0.5);
    }
    let (low, high) = property.valid.unwrap_or(match property.argument {
        Argument::Concentration => (100.0, 2000.0),
        _ => (0.05, 0.95),
    });
    let at = |x: f64| match property.argument {
        Argument::Concentration => format!("{} at {} mol/L", show(x), format_number(x / 1000.0, 3)),
        _ => format!("{} at x = {}", show(x), format_number(x, 3)),
    };
    if property.argument == Argument::None {
        return show(0.5);
    }
    [low, 0.5 * (low + high), high].map(at).join(", ")
}

fn property_json(property: &Property) -> Value {
    let provenance = &property.provenance;
    json!({
        "key": property.key,
        "value_at_25_degC": value_text(property),
        "constant": property.is_constant(),
        "unit": property.unit,
        "valid": property.valid.map(|(low, high)| [low, high]),
        "valid_temperature_K": property.valid_temperature.map(|(low, high)| [low, high]),
        "source": provenance.source,
        "confidence": provenance.confidence.as_str(),
        "temperature_K": provenance.temperature,
        "note": provenance.note,
    })
}
