//! The sections of a BPX file, read into a [`BpxCell`].

use super::json::{Fallible, Section, out_of_range, wrong_type};
use super::parts::{FRACTION, electrode, electrolyte, separator};
use super::{BpxCell, BpxElectrode, BpxExperiment, BpxModel, Unsupported};
use crate::material::Role;
use cellwright_base::constants::STANDARD_TEMPERATURE;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};
use serde_json::Value as Json;

const KELVIN: (f64, f64) = (100.0, 2000.0);

/// What is collected beside the cell itself.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) unsupported: Vec<Unsupported>,
    pub(super) warnings: Vec<Diagnostic>,
}

impl Findings {
    pub(super) fn unsupported(&mut self, path: String, feature: impl Into<String>, consequence: &str) {
        self.unsupported.push(Unsupported {
            path,
            feature: feature.into(),
            consequence: consequence.to_owned(),
        });
    }

    /// An unknown key near a known one is a slip of the pen and an error; any other is reported and left out.
    pub(super) fn check_keys(&mut self, section: &Section<'_>, known: &[&str]) -> Fallible<()> {
        for found in section.map.keys().filter(|k| !known.contains(&k.as_str())) {
            if let Some(n) = nearest(found, known.iter().copied().filter(|k| !section.map.contains_key(*k))) {
                let d = Diagnostic::error(ErrorKind::Input, "E012", format!("unknown key `{}`", section.at(found)))
                    .help(format!("a key with a similar name exists: `{n}`"));
                return Err(Box::new(d));
            }
            self.unsupported(section.at(found), "unknown key", "it is ignored");
        }
        Ok(())
    }
}

/// Where functions of a file say they come from, and how they depend on temperature.
pub(super) struct Context {
    pub(super) source: String,
    pub(super) reference_temperature: f64,
}

pub(super) fn read(json: &Json) -> Fallible<BpxCell> {
    let mut findings = Findings::default();
    let root = Section::root(json)?;
    let header = root.section("Header")?;
    let schema = schema_version(&header)?;
    let named_model = model(&header)?;
    let all = root.section("Parameterisation")?;
    let cell = all.section("Cell")?;
    findings.check_keys(&cell, CELL_KEYS)?;
    let state = root.optional_section("State")?;
    let in_state = |part: &str| state.as_ref().map(|s| s.optional_section(part)).transpose().map(Option::flatten);
    let (initial, environment) = (in_state("Initial conditions")?, in_state("Thermal environment")?);
    if let Some(degradation) = in_state("Degradation")? {
        findings.unsupported(degradation.path.clone(), "initial degradation state", "the cell starts fresh");
    }
    let from = |section: &Option<Section<'_>>, key: &str, allowed| {
        section
            .as_ref()
            .map(|s| s.optional_number(key, allowed))
            .transpose()
            .map(Option::flatten)
    };

    let ambient = from(&environment, "Ambient temperature [K]", KELVIN)?.or(cell.optional_number("Ambient temperature [K]", KELVIN)?);
    let reference = cell.optional_number("Reference temperature [K]", KELVIN)?;
    let initial_temperature =
        from(&initial, "Initial temperature [K]", KELVIN)?.or(cell.optional_number("Initial temperature [K]", KELVIN)?);
    let title = header.text("Title")?.unwrap_or_default();
    let short: String = title.chars().take(120).collect();
    let context = Context {
        source: if short.is_empty() {
            format!("BPX file, schema {schema}")
        } else {
            format!("BPX file: {short}")
        },
        reference_temperature: reference.unwrap_or(STANDARD_TEMPERATURE),
    };
    let ambient_temperature = ambient.or(initial_temperature).unwrap_or(context.reference_temperature);
    if let Some(initial) = &initial {
        for k in initial.map.keys().filter(|k| k.starts_with("Initial hysteresis state")) {
            findings.unsupported(initial.at(k), "open-circuit potential hysteresis", "the single `OCP [V]` is used");
        }
    }
    if let Some(user) = all.optional_section("User-defined")? {
        for k in user.map.keys().filter(|k| k.as_str() != "description") {
            let hysteresis = k.contains("lithiation OCP") || k.contains("hysteresis");
            let feature = if hysteresis {
                "user-defined open-circuit potential hysteresis"
            } else {
                "user-defined parameter"
            };
            findings.unsupported(
                user.at(k),
                feature,
                if hysteresis {
                    "the single `OCP [V]` is used"
                } else {
                    "it is ignored"
                },
            );
        }
    }
    let electrolyte_section = all.optional_section("Electrolyte")?;
    let rest = from(&initial, "Initial electrolyte concentration [mol.m-3]", (1.0, 2e4))?;
    let electrolyte = electrolyte_section
        .map(|s| electrolyte(&s, rest, &context, &mut findings))
        .transpose()?;
    let separator = all
        .optional_section("Separator")?
        .map(|s| separator(&s, &mut findings))
        .transpose()?;
    let negative = electrode(
        &all.section("Negative electrode")?,
        "negative",
        Role::Negative,
        &context,
        &mut findings,
    )?;
    let positive = electrode(
        &all.section("Positive electrode")?,
        "positive",
        Role::Positive,
        &context,
        &mut findings,
    )?;
    let porous = |e: &BpxElectrode| e.porosity.is_some() && e.transport_efficiency.is_some() && e.conductivity.is_some();
    let complete = electrolyte.is_some() && separator.is_some() && porous(&negative) && porous(&positive);
    if !complete && named_model != BpxModel::Spm {
        let what = if electrolyte.is_none() {
            "Electrolyte"
        } else if separator.is_none() {
            "Separator"
        } else {
            "Porosity, Transport efficiency or Conductivity of an electrode"
        };
        let d = Diagnostic::error(
            ErrorKind::Input,
            "E041",
            format!(
                "the header asks for the {} model, but the file has no {what}",
                header.text("Model")?.unwrap_or_default()
            ),
        );
        return Err(Box::new(d.help("add the section, or set Header / Model to \"SPM\"")));
    }
    let (lower, upper) = (
        cell.number("Lower voltage cut-off [V]", (-5.0, 10.0))?,
        cell.number("Upper voltage cut-off [V]", (-5.0, 10.0))?,
    );
    if lower >= upper {
        return Err(out_of_range(&cell.at("Lower voltage cut-off [V]"), lower, (-5.0, upper)));
    }
    let pairs = cell.number(PAIRS, (1.0, 1e5))?;
    if pairs.fract() != 0.0 {
        return Err(wrong_type(&cell.at(PAIRS), "a whole number", &Json::from(pairs)));
    }
    Ok(BpxCell {
        title,
        description: header.text("Description")?.unwrap_or_default(),
        schema,
        model: if complete { named_model } else { BpxModel::Spm },
        electrode_area: cell.number("Electrode area [m2]", (1e-12, 1e4))?,
        n_electrode_pairs: pairs as u32,
        external_surface_area: cell.optional_number("External surface area [m2]", (1e-12, 1e4))?,
        volume: cell.optional_number("Volume [m3]", (1e-18, 1e3))?,
        nominal_capacity: cell.number("Nominal cell capacity [A.h]", (1e-12, 1e6))? * 3600.0,
        lower_voltage: lower,
        upper_voltage: upper,
        ambient_temperature,
        initial_temperature: initial_temperature.unwrap_or(ambient_temperature),
        reference_temperature: context.reference_temperature,
        initial_state_of_charge: from(&initial, "Initial state-of-charge", FRACTION)?,
        density: cell.optional_number("Density [kg.m-3]", (1.0, 5e4))?,
        specific_heat: cell.optional_number("Specific heat capacity [J.K-1.kg-1]", (1.0, 1e5))?,
        thermal_conductivity: cell.optional_number("Thermal conductivity [W.m-1.K-1]", (1e-6, 1e5))?,
        heat_transfer: from(&environment, "Heat transfer coefficient [W.m-2.K-1]", (0.0, 1e6))?,
        electrolyte,
        negative,
        positive,
        separator,
        experiments: experiments(&root)?,
        unsupported: findings.unsupported,
        warnings: findings.warnings,
    })
}

const PAIRS: &str = "Number of electrode pairs connected in parallel to make a cell";
const CELL_KEYS: &[&str] = &[
    "Electrode area [m2]",
    "External surface area [m2]",
    "Volume [m3]",
    PAIRS,
    "Lower voltage cut-off [V]",
    "Upper voltage cut-off [V]",
    "Nominal cell capacity [A.h]",
    "Ambient temperature [K]",
    "Initial temperature [K]",
    "Reference temperature [K]",
    "Density [kg.m-3]",
    "Specific heat capacity [J.K-1.kg-1]",
    "Thermal conductivity [W.m-1.K-1]",
];

fn schema_version(header: &Section<'_>) -> Fallible<String> {
    let version = match header.get("BPX") {
        None => return Err(header.missing("BPX")),
        Some(Json::String(s)) => s.trim().chars().take(20).collect(),
        Some(Json::Number(n)) => n.to_string(),
        Some(other) => return Err(wrong_type(&header.at("BPX"), "a version such as \"0.4.0\"", other)),
    };
    match version.split('.').next().and_then(|m| m.parse::<u32>().ok()) {
        Some(0 | 1) => Ok(version),
        _ => {
            let d = Diagnostic::error(ErrorKind::Unsupported, "E045", "unknown version of the BPX schema")
                .label(format!("Header / BPX is `{}`", version.escape_debug()));
            Err(Box::new(d.note("allowed: 0.x and 1.x")))
        }
    }
}

fn model(header: &Section<'_>) -> Fallible<BpxModel> {
    let word = header.text("Model")?.ok_or_else(|| header.missing("Model"))?;
    match word.as_str() {
        "SPM" => Ok(BpxModel::Spm),
        "SPMe" => Ok(BpxModel::SpmE),
        "DFN" => Ok(BpxModel::Dfn),
        _ => {
            let kind = if word == "Partial" {
                ErrorKind::Unsupported
            } else {
                ErrorKind::Input
            };
            let d = Diagnostic::error(kind, "E045", "unknown model in the BPX header").label(format!(
                "Header / Model is `{}`",
                word.chars().take(40).collect::<String>().escape_debug()
            ));
            Err(Box::new(d.note("allowed: SPM, SPMe, DFN")))
        }
    }
}

fn experiments(root: &Section<'_>) -> Fallible<Vec<BpxExperiment>> {
    let Some(all) = root.optional_section("Validation")? else {
        return Ok(vec![]);
    };
    let mut experiments = vec![];
    for name in all.map.keys() {
        let s = all.section(name)?;
        let column = |key: &str| s.series(key)?.ok_or_else(|| s.missing(key));
        let (time, voltage) = (column("Time [s]")?, column("Voltage [V]")?);
        let current: Vec<f64> = column("Current [A]")?.into_iter().map(|i| -i).collect();
        let temperature = s.series("Temperature [K]")?;
        let lengths = [
            Some(time.len()),
            Some(current.len()),
            Some(voltage.len()),
            temperature.as_ref().map(Vec::len),
        ];
        if lengths.iter().flatten().any(|n| *n != time.len()) {
            let d = Diagnostic::error(ErrorKind::Input, "E044", format!("{} has columns of different length", s.path));
            return Err(Box::new(
                d.label(lengths.iter().flatten().map(usize::to_string).collect::<Vec<_>>().join(", ")),
            ));
        }
        experiments.push(BpxExperiment {
            name: name.chars().take(80).collect(),
            time,
            current,
            voltage,
            temperature,
        });
    }
    Ok(experiments)
}
