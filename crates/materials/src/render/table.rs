//! `cellwright materials list`: one line per material, columns by role, sorted by a key.

use super::{columns, dots};
use crate::library::Library;
use crate::material::{Class, Material, Role};
use crate::property::{Confidence, Property};
use cellwright_base::constants::STANDARD_TEMPERATURE;
use cellwright_base::units::format_number;
use serde::Serialize;

/// What a list is sorted by; numbers fall, names rise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SortKey {
    /// Name.
    #[default]
    Name,
    /// Volumetric capacity.
    Capacity,
    /// Diffusion coefficient.
    Diffusion,
    /// Ionic conductivity of an electrolyte, electronic conductivity of anything else.
    Conductivity,
    /// Density.
    Density,
    /// Lowest confidence of the shown properties.
    Confidence,
}

impl SortKey {
    /// All keys with their words.
    pub const ALL: [(&'static str, SortKey); 6] = [
        ("name", SortKey::Name),
        ("capacity", SortKey::Capacity),
        ("diffusion", SortKey::Diffusion),
        ("conductivity", SortKey::Conductivity),
        ("density", SortKey::Density),
        ("confidence", SortKey::Confidence),
    ];

    /// The key of a word on the command line.
    pub fn parse(word: &str) -> Option<SortKey> {
        Self::ALL.into_iter().find(|(w, _)| *w == word).map(|(_, k)| k)
    }
}

/// One line of a list; numbers carry their unit in the name, a gap is nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListRow {
    /// Name used in designs.
    pub name: String,
    /// Formula with subscripts.
    pub symbol: String,
    /// One line saying what it is.
    pub title: String,
    /// Class.
    pub class: &'static str,
    /// Roles.
    pub roles: Vec<&'static str>,
    /// Capacity of the usable window, µAh per cm2 and µm.
    pub volumetric_capacity_uah_cm2_um: Option<f64>,
    /// Voltage window, V.
    pub window_v: Option<(f64, f64)>,
    /// Diffusion coefficient in the middle of its range, m2/s.
    pub diffusion_m2_s: Option<f64>,
    /// Lowest and highest reported diffusion coefficient, m2/s.
    pub diffusion_spread_m2_s: Option<(f64, f64)>,
    /// Ionic conductivity of an electrolyte (at 1 mol/L in a liquid), electronic conductivity of anything else, S/cm.
    pub conductivity_s_cm: Option<f64>,
    /// Density, g/cm3.
    pub density_g_cm3: Option<f64>,
    /// Lowest confidence of the properties shown for its class.
    pub confidence: &'static str,
    /// The same as filled dots of four.
    pub confidence_dots: usize,
}

fn row(m: &Material) -> ListRow {
    let at = |p: &Property| {
        let x = p.valid.map_or(0.5, |(a, b)| 0.5 * (a + b));
        p.eval(if m.class == Class::ElectrolyteLiquid { 1000.0 } else { x }, STANDARD_TEMPERATURE)
            .value
    };
    let conductor = match m.class {
        Class::ElectrolyteLiquid => "conductivity",
        c if c.is_electrolyte() => "ionic_conductivity",
        _ => "electronic_conductivity",
    };
    let shown: &[&str] = match m.class {
        Class::Electrode => &[
            "specific_capacity",
            "maximum_concentration",
            "voltage_window_low",
            "voltage_window_high",
            "diffusion",
        ],
        c if c.is_electrolyte() => &["conductivity", "ionic_conductivity", "voltage_window_low", "voltage_window_high"],
        _ => &["electronic_conductivity", "density"],
    };
    let confidence = shown
        .iter()
        .filter_map(|k| m.get(k))
        .map(|p| p.provenance.confidence)
        .min()
        .unwrap_or(Confidence::Assumed);
    let value = |key: &str| m.get(key).map(at);
    ListRow {
        name: m.name.clone(),
        symbol: m.symbol.clone(),
        title: m.title.clone(),
        class: m.class.as_str(),
        roles: m.roles.iter().map(|r| r.as_str()).collect(),
        volumetric_capacity_uah_cm2_um: m.volumetric_capacity().map(|q| q / 3.6e7),
        window_v: value("voltage_window_low").zip(value("voltage_window_high")),
        diffusion_m2_s: value("diffusion"),
        diffusion_spread_m2_s: m.get("diffusion").and_then(|p| p.spread),
        conductivity_s_cm: value(conductor).map(|s| s / 100.0),
        density_g_cm3: value("density").map(|d| d / 1000.0),
        confidence: confidence.as_str(),
        confidence_dots: confidence.dots(),
    }
}

/// The materials of a role (all of them without one), sorted.
pub fn list(library: &Library, role: Option<Role>, sort: SortKey) -> Vec<ListRow> {
    let mut rows: Vec<ListRow> = library
        .iter()
        .filter(|m| role.is_none_or(|r| m.roles.contains(&r)))
        .map(row)
        .collect();
    let number = |r: &ListRow| match sort {
        SortKey::Name => None,
        SortKey::Capacity => r.volumetric_capacity_uah_cm2_um,
        SortKey::Diffusion => r.diffusion_m2_s,
        SortKey::Conductivity => r.conductivity_s_cm,
        SortKey::Density => r.density_g_cm3,
        SortKey::Confidence => Some(r.confidence_dots as f64),
    };
    rows.sort_by(|a, b| {
        let (x, y) = (number(a).unwrap_or(f64::NEG_INFINITY), number(b).unwrap_or(f64::NEG_INFINITY));
        y.total_cmp(&x).then_with(|| a.name.to_lowercase().cmp(&b.name.to_lowercase()))
    });
    rows
}

/// The list as text; `total` is the number of materials in the library.
pub fn list_text(rows: &[ListRow], role: Option<Role>, total: usize) -> String {
    const GAP: &str = "gap";
    let number = |v: Option<f64>| v.map_or_else(|| GAP.to_owned(), |v| format_number(v, 3));
    let range = |v: Option<(f64, f64)>| v.map(|(a, b)| format!("{} .. {}", format_number(a, 3), format_number(b, 3)));
    let trust = |r: &ListRow| format!("{} {}", dots(r.confidence_dots), r.confidence);
    let window = |r: &ListRow| r.window_v.map_or_else(|| GAP.to_owned(), |(a, b)| format!("{a:.1} .. {b:.1}"));
    let mut out = match role {
        Some(Role::Positive | Role::Negative) => {
            let cells = |r: &ListRow| {
                let diffusion = range(r.diffusion_spread_m2_s).unwrap_or_else(|| number(r.diffusion_m2_s));
                [
                    r.name.clone(),
                    number(r.volumetric_capacity_uah_cm2_um),
                    window(r),
                    diffusion,
                    trust(r),
                ]
            };
            columns(
                &[
                    "material",
                    "capacity / µAh cm-2 µm-1",
                    "window / V",
                    "diffusion / m2 s-1",
                    "confidence",
                ],
                &rows.iter().map(cells).collect::<Vec<_>>(),
            )
        }
        Some(Role::Electrolyte) => {
            let cells = |r: &ListRow| [r.name.clone(), number(r.conductivity_s_cm), window(r), trust(r)];
            columns(
                &["material", "conductivity / S cm-1", "window / V", "confidence"],
                &rows.iter().map(cells).collect::<Vec<_>>(),
            )
        }
        Some(Role::Collector | Role::Inert) => {
            let cells = |r: &ListRow| [r.name.clone(), number(r.conductivity_s_cm), number(r.density_g_cm3), trust(r)];
            columns(
                &["material", "conductivity / S cm-1", "density / g cm-3", "confidence"],
                &rows.iter().map(cells).collect::<Vec<_>>(),
            )
        }
        None => {
            let cells = |r: &ListRow| [r.name.clone(), r.roles.join(", "), r.title.clone(), trust(r)];
            columns(
                &["material", "role", "what it is", "confidence"],
                &rows.iter().map(cells).collect::<Vec<_>>(),
            )
        }
    };
    let example = rows.first().map_or("NAME", |r| r.name.as_str());
    out.push_str(&format!(
        "\n{} of {total} materials. Lowest confidence of the shown properties counts. Details: cellwright materials show {example}\n",
        rows.len()
    ));
    out
}
