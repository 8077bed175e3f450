//! A material as plain data for `--json`: every number in the display unit that stands beside it.

use crate::material::Material;
use crate::property::{Argument, Property, Value};
use cellwright_base::constants::{STANDARD_TEMPERATURE, ZERO_CELSIUS};
use cellwright_base::units::unit_factor;
use serde::Serialize;

/// A material with its properties and gaps.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MaterialData {
    /// Name used in designs.
    pub name: String,
    /// Formula with subscripts.
    pub symbol: String,
    /// One line saying what it is.
    pub title: String,
    /// Other words for it.
    pub also_called: Vec<String>,
    /// Class.
    pub class: &'static str,
    /// Roles.
    pub roles: Vec<&'static str>,
    /// Derivations and traps.
    pub note: String,
    /// Origin and licence of copied data.
    pub origin: String,
    /// Known properties.
    pub properties: Vec<PropertyData>,
    /// Names of the properties models ask for and nobody has given.
    pub gaps: Vec<&'static str>,
}

/// A property; `value`, `table` and `spread` are in `unit`, arguments in `1` or `mol/m3`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PropertyData {
    /// Name.
    pub key: &'static str,
    /// Unit of value, table and spread.
    pub unit: &'static str,
    /// `none`, `stoichiometry` or `concentration_mol_m3`.
    pub argument: &'static str,
    /// The constant, or the value in the middle of the valid range, at the temperature of the source.
    pub value: f64,
    /// Formula as written in its file, in the units stated there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// Points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<Vec<[f64; 2]>>,
    /// Activation energy, kJ/mol.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activation_energy_kj_mol: Option<f64>,
    /// Range of the argument in which the value holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid: Option<(f64, f64)>,
    /// Lowest and highest value of different sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread: Option<(f64, f64)>,
    /// Source.
    pub source: String,
    /// Temperature of the source, °C.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_degc: Option<f64>,
    /// Trust mark.
    pub confidence: &'static str,
    /// Note.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl From<&Property> for PropertyData {
    fn from(p: &Property) -> PropertyData {
        let show = |si: f64| {
            if p.unit == "degC" {
                si - ZERO_CELSIUS
            } else {
                si / unit_factor(p.unit).map_or(1.0, |(f, _)| f)
            }
        };
        let middle = p
            .valid
            .map_or(if p.argument == Argument::Concentration { 1000.0 } else { 0.5 }, |(a, b)| {
                0.5 * (a + b)
            });
        PropertyData {
            key: p.key,
            unit: p.unit,
            argument: match p.argument {
                Argument::None | Argument::Any => "none",
                Argument::Stoichiometry => "stoichiometry",
                Argument::Concentration => "concentration_mol_m3",
            },
            value: show(p.eval(middle, p.provenance.temperature.unwrap_or(STANDARD_TEMPERATURE)).value),
            expression: if let Value::Expression(e) = &p.value {
                Some(e.text().to_owned())
            } else {
                None
            },
            table: if let Value::Table(t) = &p.value {
                Some(t.points().map(|(x, y)| [x, show(y)]).collect())
            } else {
                None
            },
            activation_energy_kj_mol: p.activation.map(|a| a.energy / 1e3),
            valid: p.valid,
            spread: p.spread.map(|(a, b)| (show(a), show(b))),
            source: p.provenance.source.clone(),
            temperature_degc: p.provenance.temperature.map(|t| t - ZERO_CELSIUS),
            confidence: p.provenance.confidence.as_str(),
            note: p.provenance.note.clone(),
        }
    }
}

impl From<&Material> for MaterialData {
    fn from(m: &Material) -> MaterialData {
        MaterialData {
            name: m.name.clone(),
            symbol: m.symbol.clone(),
            title: m.title.clone(),
            also_called: m.also_called.clone(),
            class: m.class.as_str(),
            roles: m.roles.iter().map(|r| r.as_str()).collect(),
            note: m.note.clone(),
            origin: m.origin.clone(),
            properties: m.properties.iter().map(PropertyData::from).collect(),
            gaps: m.gaps().map(|k| k.name).collect(),
        }
    }
}
