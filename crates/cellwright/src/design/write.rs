//! Writing design files: the masks and steps that a design stands for, and a commented design of a template to start from.

use super::Design;
use super::forms::is_angle;
use cellwright_base::units::{Dimension, write_angle, write_quantity};
use cellwright_device::Role;
use cellwright_fab::plan::{Deposit, Etch, Form, Mask, Plan, Shape, Step, Substrate, Verb};
use cellwright_fab::template::{Parameter, Template};
use std::f64::consts::FRAC_PI_2;
use std::fmt::Write;
use toml::de::{DeTable, DeValue};

/// Width at which a list of points goes on in the next line.
const WIDTH: usize = 110;
/// Tables that an expanded design keeps as they are.
const KEPT: [&str; 8] = [
    "cell",
    "thermal",
    "model",
    "protocol",
    "rate_series",
    "package",
    "ageing",
    "materials",
];

/// The custom design that `plan` is: substrate, masks and steps spelled out; temperature, protocol and the rest are taken from `design`.
///
/// Reading the text again gives the same plan, numbers to 1e-12.
pub fn write_custom(plan: &Plan, design: &Design) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# {}: the masks and process steps that `{}` stands for.\n",
        one_line(&plan.name),
        design.architecture.as_str()
    );
    let temperature = write_quantity(design.temperature.value, Dimension::TEMPERATURE);
    table(
        &mut out,
        "",
        &[
            ("format", "1".into()),
            ("name", text(&plan.name)),
            ("architecture", text(super::forms::CUSTOM)),
            ("temperature", text(&temperature)),
        ],
    );
    let mut footprint = vec![("die", point(plan.die))];
    if let Some(active) = &design.footprint.active {
        footprint.push(("active", point([active[0].value, active[1].value])));
    }
    table(&mut out, "[footprint]", &footprint);
    table(&mut out, "[substrate]", &substrate(&plan.substrate));
    let w = &plan.window;
    out.push_str("# The part of the die that is fabricated and counted; its sides are mirrors.\n");
    let mut window = vec![("from", point(w.from)), ("to", point(w.to)), ("repeats", number(w.repeats))];
    if let Some(tabs) = &w.tabs {
        window.extend([
            ("negative_tab", text(tabs.edges[0].as_str())),
            ("positive_tab", text(tabs.edges[1].as_str())),
        ]);
        window.extend(tabs.finger_length.map(|l| ("finger_length", length(l))));
        if let Some(bus) = &tabs.bus {
            window.extend([("bus", point([bus.width, bus.length])), ("pad", point(bus.pad))]);
        }
    }
    table(&mut out, "[window]", &window);
    for mask in &plan.masks {
        write_mask(&mut out, mask, design);
    }
    for step in &plan.steps {
        table(&mut out, "[[step]]", &write_step(step));
    }
    if let Ok(document) = DeTable::parse(&design.source) {
        for key in KEPT {
            if let Some(kept) = document.get_ref().get(key).and_then(|v| v.get_ref().as_table()) {
                keep(&mut out, key, kept);
            }
        }
    }
    format!("{}\n", out.trim_end())
}

/// A commented design of a template with every dimension and every film at its default.
pub fn write_template(template: &Template) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}", one_line(template.title));
    comment(&mut out, template.doc);
    let _ = writeln!(
        out,
        "#\n# cellwright build design.toml --out out   makes it: pictures, masks, inventory, design rules"
    );
    let _ = writeln!(
        out,
        "# cellwright build design.toml --expand    prints the masks and process steps it stands for\n"
    );
    table(
        &mut out,
        "",
        &[
            ("format", "1".into()),
            ("name", text(template.title)),
            ("architecture", text(template.name)),
            ("temperature", text("25 degC")),
        ],
    );
    table(&mut out, "[footprint]", &[("die", "[\"5 mm\", \"5 mm\"]".into())]);
    let _ = writeln!(out, "[{}]", template.name);
    let lines: Vec<(String, &str)> = template
        .parameters
        .iter()
        .map(|p| (format!("{} = {}", p.name, default(p)), p.doc))
        .collect();
    let width = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
    for (line, doc) in &lines {
        let _ = writeln!(out, "{line:<width$}  # {}", one_line(doc));
    }
    out.push_str("\n# The films from the substrate up; leave one out and it is made as written here.\n");
    for slot in template.films {
        let mut keys = vec![
            ("name", text(slot.name)),
            ("material", text(slot.material)),
            ("technique", text(slot.technique)),
        ];
        if slot.thickness.is_finite() {
            keys.push(("thickness", length(slot.thickness)));
        }
        table(&mut out, "[[film]]", &keys);
    }
    format!("{}\n", out.trim_end())
}

fn default(p: &Parameter) -> String {
    match p.dimension {
        Dimension::DIMENSIONLESS if p.whole => format!("{}", p.default as i64),
        Dimension::DIMENSIONLESS if is_angle(p) => text(&write_angle(p.default)),
        Dimension::DIMENSIONLESS => number(p.default),
        dimension => text(&write_quantity(p.default, dimension)),
    }
}

fn substrate(s: &Substrate) -> Vec<(&'static str, String)> {
    let mut keys = vec![("material", text(&s.material))];
    keys.push(match s.form {
        Form::Wafer { thickness } => ("thickness", length(thickness)),
        Form::Fibre { diameter } => ("diameter", length(diameter)),
    });
    if s.role != Role::Substrate {
        keys.push(("role", text(s.role.as_str())));
    }
    keys
}

fn write_mask(out: &mut String, mask: &Mask, design: &Design) {
    let layer = |(layer, datatype): (u16, u16)| text(&format!("{layer}/{datatype}"));
    let mut keys = vec![("name", text(&mask.name)), ("layer", layer(mask.layer))];
    if let Some(file) = design.mask_files.iter().find(|f| f.mask == mask.name) {
        keys.push(("file", text(&file.file.value)));
        keys.extend(file.cell.as_ref().map(|cell| ("cell", text(cell))));
        keys.extend((file.layer != mask.layer).then(|| ("source_layer", layer(file.layer))));
        return table(out, "[[mask]]", &keys);
    }
    let mut lists: [(&'static str, Vec<String>); 5] = ["rectangles", "circles", "polygons", "paths", "arrays"].map(|key| (key, vec![]));
    for shape in &mask.shapes {
        let (list, entry) = match shape {
            Shape::Rectangle(a, b) => (0, lengths(&[a[0], a[1], b[0], b[1]])),
            Shape::Circle { centre, diameter } => (1, lengths(&[centre[0], centre[1], *diameter])),
            Shape::Polygon(points) => (2, outline(points)),
            Shape::Path { .. } => (3, inline(shape)),
            Shape::Array { .. } => (4, inline(shape)),
        };
        lists[list].1.push(entry);
    }
    for (key, entries) in lists.into_iter().filter(|(_, entries)| !entries.is_empty()) {
        keys.push((key, wrapped(&entries)));
    }
    table(out, "[[mask]]", &keys);
}

/// A path or an array as a table in braces.
fn inline(shape: &Shape) -> String {
    match shape {
        Shape::Path { points, width } => format!("{{ points = {}, width = {} }}", outline(points), length(*width)),
        Shape::Array { shape, pitch, count } => {
            let inner = match &**shape {
                Shape::Rectangle(a, b) => format!("rectangle = {}", lengths(&[a[0], a[1], b[0], b[1]])),
                Shape::Circle { centre, diameter } => format!("circle = {}", lengths(&[centre[0], centre[1], *diameter])),
                Shape::Polygon(points) => format!("polygon = {}", outline(points)),
                path @ Shape::Path { .. } => format!("path = {}", inline(path)),
                array @ Shape::Array { .. } => format!("array = {}", inline(array)),
            };
            format!("{{ {inner}, pitch = {}, count = [{}, {}] }}", point(*pitch), count[0], count[1])
        }
        Shape::Rectangle(..) | Shape::Circle { .. } | Shape::Polygon(_) => String::new(),
    }
}

fn write_step(step: &Step) -> Vec<(&'static str, String)> {
    let mut keys = vec![("name", text(&step.name))];
    let mut verb = |word: &str, more: Vec<(&'static str, String)>| {
        keys.push(("do", text(word)));
        keys.extend(more);
    };
    match &step.verb {
        Verb::Deposit(d) => verb("deposit", deposit(d)),
        Verb::Etch(e) => verb("etch", etch(e)),
        Verb::LiftOff { resist } => verb("lift-off", vec![("resist", text(resist))]),
        Verb::Anneal { duration } => verb("anneal", vec![("duration", quantity(*duration, Dimension::TIME))]),
        Verb::Planarise { height } => verb("planarise", vec![("height", length(*height))]),
        Verb::Infill(i) => {
            let mut more = vec![("material", text(&i.material)), ("level", length(i.level))];
            more.extend(i.mask.as_ref().map(|mask| ("mask", text(mask))));
            verb("infill", more);
        }
        Verb::Lithiate { electrode, stoichiometry } => verb(
            "lithiate",
            vec![("electrode", text(electrode)), ("stoichiometry", number(*stoichiometry))],
        ),
    }
    keys.extend(step.temperature.map(|t| ("temperature", quantity(t, Dimension::TEMPERATURE))));
    keys
}

fn deposit(d: &Deposit) -> Vec<(&'static str, String)> {
    let mut keys = vec![
        ("technique", text(&d.technique)),
        ("material", text(&d.material)),
        ("role", text(d.role.as_str())),
    ];
    if d.thickness.is_finite() {
        keys.push(("thickness", length(d.thickness)));
    }
    keys.extend(d.mask.as_ref().map(|mask| ("mask", text(mask))));
    if !d.on.is_empty() {
        keys.push(("on", texts(&d.on)));
    }
    if d.porosity != 0.0 {
        keys.push(("porosity", number(d.porosity)));
    }
    let r = &d.recipe;
    keys.extend(r.cycles.map(|v| ("cycles", number(v))));
    keys.extend(r.exposure.map(|v| ("exposure", quantity(v, Dimension::EXPOSURE))));
    keys.extend(r.sticking.map(|v| ("sticking", number(v))));
    keys.extend(
        r.current_density
            .map(|v| ("current_density", quantity(v, Dimension::CURRENT_DENSITY))),
    );
    keys.extend(r.duration.map(|v| ("duration", quantity(v, Dimension::TIME))));
    keys.extend(r.wet_thickness.map(|v| ("wet_thickness", length(v))));
    keys.extend(r.solids.map(|v| ("solids", number(v))));
    keys.extend(r.nozzle.map(|v| ("nozzle", length(v))));
    keys.extend(r.layers.map(|v| ("layers", v.to_string())));
    keys.extend(r.pore_diameter.map(|v| ("pore_diameter", length(v))));
    keys.extend(r.area_per_volume.map(|v| ("area_per_volume", quantity(v, Dimension::PER_LENGTH))));
    keys
}

fn etch(e: &Etch) -> Vec<(&'static str, String)> {
    let mut keys = vec![("technique", text(&e.technique))];
    keys.extend(e.mask.as_ref().map(|mask| ("mask", text(mask))));
    if !e.inside {
        keys.push(("inside", text("kept")));
    }
    keys.extend(e.depth.map(|v| ("depth", length(v))));
    if e.sidewall != FRAC_PI_2 {
        keys.push(("sidewall", text(&write_angle(e.sidewall))));
    }
    if !e.only.is_empty() {
        keys.push(("only", texts(&e.only)));
    }
    keys
}

/// A heading and its keys, the equal signs in one column.
fn table(out: &mut String, heading: &str, keys: &[(&'static str, String)]) {
    if !heading.is_empty() {
        let _ = writeln!(out, "{heading}");
    }
    let width = keys.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
    for (key, value) in keys {
        let _ = writeln!(out, "{key:<width$} = {value}");
    }
    out.push('\n');
}

/// A table of the source, with tables inside it in braces, except those of `[materials]`, which keep their headings.
fn keep(out: &mut String, heading: &str, kept: &DeTable<'_>) {
    let (tables, values): (Vec<_>, Vec<_>) = kept
        .iter()
        .partition(|(_, v)| heading.starts_with("materials") && v.get_ref().is_table());
    if !values.is_empty() {
        let _ = writeln!(out, "[{heading}]");
        let width = values.iter().map(|(key, _)| bare(key.get_ref()).chars().count()).max().unwrap_or(0);
        for (key, value) in &values {
            let _ = writeln!(out, "{:<width$} = {}", bare(key.get_ref()), toml_value(value.get_ref()));
        }
        out.push('\n');
    }
    for (key, value) in tables {
        if let Some(inner) = value.get_ref().as_table() {
            keep(out, &format!("{heading}.{}", bare(key.get_ref())), inner);
        }
    }
}

fn bare(key: &str) -> String {
    let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if plain { key.to_owned() } else { text(key) }
}

fn toml_value(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(s) => text(s),
        DeValue::Integer(i) => match i.radix() {
            10 => i.as_str().to_owned(),
            radix => i64::from_str_radix(i.as_str(), radix).map_or_else(|_| i.as_str().to_owned(), |n| n.to_string()),
        },
        DeValue::Float(f) => f.as_str().to_owned(),
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(d) => d.to_string(),
        DeValue::Array(list) => wrapped(&list.iter().map(|v| toml_value(v.get_ref())).collect::<Vec<_>>()),
        DeValue::Table(inner) => {
            let keys: Vec<String> = inner
                .iter()
                .map(|(key, value)| format!("{} = {}", bare(key.get_ref()), toml_value(value.get_ref())))
                .collect();
            format!("{{ {} }}", keys.join(", "))
        }
    }
}

/// A text in quotes, with everything escaped that TOML does not take literally.
fn text(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text as comment lines of readable width.
fn comment(out: &mut String, text: &str) {
    let mut line = String::from("#");
    for word in one_line(text).split(' ') {
        if line.chars().count() + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{line}");
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(out, "{line}");
}

fn number(value: f64) -> String {
    write_quantity(value, Dimension::DIMENSIONLESS)
}

fn quantity(si: f64, dimension: Dimension) -> String {
    text(&write_quantity(si, dimension))
}

fn length(si: f64) -> String {
    quantity(si, Dimension::LENGTH)
}

fn lengths(values: &[f64]) -> String {
    format!("[{}]", values.iter().map(|v| length(*v)).collect::<Vec<_>>().join(", "))
}

fn point(point: [f64; 2]) -> String {
    lengths(&point)
}

fn outline(points: &[[f64; 2]]) -> String {
    wrapped(&points.iter().map(|p| point(*p)).collect::<Vec<_>>())
}

fn texts(list: &[String]) -> String {
    wrapped(&list.iter().map(|t| text(t)).collect::<Vec<_>>())
}

/// A list in one line if it is short, else with line breaks between its entries.
fn wrapped(entries: &[String]) -> String {
    let whole = format!("[{}]", entries.join(", "));
    if whole.len() <= WIDTH && !whole.contains('\n') {
        return whole;
    }
    let mut out = String::from("[\n ");
    let mut width = 1;
    for entry in entries {
        if width > 1 && width + entry.len() > WIDTH {
            out.push_str("\n ");
            width = 1;
        }
        let _ = write!(out, " {entry},");
        width += entry.len() + 2;
    }
    out + "\n]"
}
