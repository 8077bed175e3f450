//! Warnings, materials, balances, numerical quality, model listing and how to reproduce.

use super::impedance;
use crate::cell::{ChipMesh, Used};
use crate::prepare::{Prepared, RELATIVE_TOLERANCE};
use crate::report::data::{
    Absent, AbsentReason, Balance, Confidence, Fact, FileWritten, Hash, MaterialValue, ModelTerm, Quality, Reproduce, Sensitivity,
};
use crate::report::kind::Kind;
use crate::report::number::{compact, significant};
use crate::study::Study;
use crate::summary::{Summary, electrode_words, symbols};
use cellwright_base::constants::{FARADAY, ZERO_CELSIUS};
use cellwright_base::diagnostic::Diagnostic;
use cellwright_base::units::{Dimension, format_quantity, unit_factor};
use cellwright_device::mesh::Finding;
use cellwright_electrochem::heat::{Conduction, Heat};
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::ElectrolyteLaw;
use cellwright_materials::{Confidence as Trust, Property, Value, key};

/// Everything the reader should distrust, worst first.
pub fn warnings(prepared: &Prepared, study: &Study) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for d in &study.drivers {
        let words = key(d.key).map_or(d.key, |k| k.words);
        let used = prepared
            .cell
            .used
            .iter()
            .find(|u| u.symbol == d.material && u.property.key == d.key);
        let trust = used.map_or("assumed", |u| u.property.provenance.confidence.as_str());
        let unit = used.map_or("", |u| u.property.unit);
        let range = format!("{} .. {} {unit}", in_unit(d.range.0, unit), in_unit(d.range.1, unit));
        let ends = format!(
            "{} .. {}",
            Kind::Capacity.text(d.capacity.0.min(d.capacity.1)),
            Kind::Capacity.text(d.capacity.0.max(d.capacity.1))
        );
        out.push(
            Diagnostic::warning("W201", format!("an {trust} value drives the answer: {} of {}", words, d.material))
                .note(format!("across its published range {range} the capacity is {ends}"))
                .help(format!(
                    "give a value of your own under  [materials.\"{}\".{}]",
                    used.map_or("", |u| u.material.as_str()),
                    d.key
                )),
        );
    }
    if study.errors.mesh.is_some_and(|e| e > 0.01) {
        let e = Kind::Percent.text(study.errors.mesh.unwrap_or(0.0));
        out.push(
            Diagnostic::warning("W204", format!("the mesh decides the answer: estimated error {e}"))
                .help("raise  cells  or  host_modes  under [model]"),
        );
    }
    out.extend(impedance::warnings(prepared, study));
    out.extend(prepared.warnings.iter().cloned());
    for r in &study.solution.remarks {
        out.push(Diagnostic::warning("W303", r.clone()));
    }
    out
}

/// How well the losses must add up, V: a microvolt at the usual tolerance of a stack, and as much looser as the tolerance is.
fn closure_allowed(prepared: &Prepared) -> f64 {
    1e-6 * (prepared.tolerance.rtol / RELATIVE_TOLERANCE).max(1.0)
}

/// The line for all that passed.
pub fn passed(prepared: &Prepared, study: &Study, summary: &Summary) -> String {
    let b = &study.solution.balances;
    let mut parts = Vec::new();
    if b.lithium() <= 1e-9 && b.charge() <= 1e-9 {
        parts.push("Lithium and charge balances close to better than 10⁻⁹.".to_owned());
    }
    if b.loss_closure < closure_allowed(prepared) {
        parts.push("The losses add up.".to_owned());
    }
    if let Some(e) = summary.mesh_error.filter(|e| *e <= 0.01) {
        parts.push(format!("Mesh error on capacity and voltage {} %.", significant(100.0 * e, 2)));
    }
    parts.join(" ")
}

/// Changes of the design.
pub fn sensitivity(study: &Study) -> Vec<Sensitivity> {
    let Some(d) = &study.discharge else { return vec![] };
    let (loss, capacity) = (d.loss(), d.capacity);
    study
        .changes
        .iter()
        .map(|c| Sensitivity {
            change: c.label.clone(),
            loss: c.after.0 - loss,
            capacity: c.after.1 - capacity,
        })
        .collect()
}

fn in_unit(si: f64, unit: &str) -> String {
    let factor = unit_factor(unit).map_or(1.0, |(f, _)| f);
    compact(si / factor, 3)
}

fn value_words(p: &Property) -> String {
    match &p.value {
        Value::Constant(v) => in_unit(*v, p.unit),
        Value::Table(t) => format!("table, {} points", t.points().count()),
        Value::Expression(e) => {
            let text = e.text();
            if text.chars().count() > 60 {
                format!("{}…", text.chars().take(58).collect::<String>())
            } else {
                text.to_owned()
            }
        }
    }
}

/// The materials table.
pub fn materials(used: &[Used]) -> Vec<MaterialValue> {
    let trust = |t: Trust| match t {
        Trust::Measured => Confidence::Measured,
        Trust::Digitised => Confidence::Digitised,
        Trust::Derived => Confidence::Derived,
        Trust::Estimated => Confidence::Estimated,
        Trust::Assumed => Confidence::Assumed,
    };
    let rows = used.iter().map(|u| {
        let p = &u.property;
        let words = key(p.key).map_or(p.key, |k| k.words);
        let mut first = words.chars();
        let property = first
            .next()
            .map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + first.as_str());
        let constant = matches!(p.value, Value::Constant(_));
        let unit = if matches!(p.value, Value::Expression(_)) {
            String::new()
        } else {
            p.unit.to_owned()
        };
        let mut validity = match (p.spread, p.activation) {
            (Some((a, b)), _) if constant => format!("published {} to {}", in_unit(a, p.unit), in_unit(b, p.unit)),
            (_, Some(a)) => format!("activation energy {} kJ/mol", significant(a.energy / 1e3, 3)),
            _ => p
                .valid
                .filter(|_| !constant)
                .map_or(String::new(), |(a, b)| format!("from {} to {}", compact(a, 3), compact(b, 3))),
        };
        if validity.is_empty() {
            validity.clone_from(&p.provenance.note);
        }
        MaterialValue {
            material: u.symbol.clone(),
            property,
            value: value_words(p),
            unit: if unit == "1" { String::new() } else { unit },
            at: p
                .provenance
                .temperature
                .map_or(String::new(), |t| format!("{} °C", significant(t - ZERO_CELSIUS, 3))),
            source: p.provenance.source.clone(),
            confidence: trust(p.provenance.confidence),
            share: None,
            validity,
        }
    });
    rows.collect()
}

/// Conservation and consistency.
pub fn balances(prepared: &Prepared, study: &Study) -> Vec<Balance> {
    let b = &study.solution.balances;
    let moved = format!("of {} mol moved", compact(b.lithium_moved, 3));
    let mut out = vec![
        Balance {
            check: "Lithium".into(),
            found: b.lithium(),
            unit: String::new(),
            scale: moved.clone(),
            allowed: Some(1e-9),
        },
        Balance {
            check: "Charge passed against lithium gained".into(),
            found: b.charge(),
            unit: String::new(),
            scale: moved,
            allowed: Some(1e-9),
        },
    ];
    if let Some(w) = study.solution.temperature_extremes() {
        out.push(Balance {
            check: "Heat released, stored and given off".into(),
            found: w.gap,
            unit: String::new(),
            scale: format!(
                "of {} J released, {} J given off, {} J stored",
                compact(w.heat[0], 3),
                compact(w.heat[1], 3),
                compact(w.heat[2], 3)
            ),
            allowed: Some(1e-9),
        });
    }
    if b.current_scale > 0.0 {
        out.push(Balance {
            check: "Interface currents against terminal current".into(),
            found: b.current_gap / b.current_scale,
            unit: String::new(),
            scale: format!("of {}", Kind::Current.text(b.current_scale)),
            allowed: Some(1e-6),
        });
    }
    out.push(Balance {
        check: "Voltage losses add up".into(),
        found: b.loss_closure,
        unit: "V".into(),
        scale: "largest difference with current".into(),
        allowed: Some(closure_allowed(prepared)),
    });
    out
}

/// Errors and effort.
pub fn quality(prepared: &Prepared, study: &Study, summary: &Summary) -> Quality {
    let atol = match &prepared.tolerance.atol {
        cellwright_dae::AbsoluteTolerance::Scalar(a) => *a,
        cellwright_dae::AbsoluteTolerance::PerUnknown(_) => 0.0,
    };
    Quality {
        mesh_error: study.errors.mesh,
        mesh_method: "a third of the difference to a mesh with half the volumes".into(),
        time_error: study.errors.time,
        time_method: "a ninth of the difference to ten times the tolerance".into(),
        cells: Some(study.size.0),
        unknowns: Some(study.size.1),
        steps: Some(summary.work[0]),
        rejected: Some(summary.work[1]),
        newton: Some(summary.work[2]),
        factorisations: Some(summary.work[3]),
        wall: Some(summary.wall_s),
        more: vec![
            Fact {
                label: "Relative tolerance".into(),
                value: compact(prepared.tolerance.rtol, 2),
            },
            Fact {
                label: "Absolute tolerance, scaled".into(),
                value: compact(atol, 2),
            },
            Fact {
                label: "1C".into(),
                value: Kind::Current.text(prepared.cell.spec.current_1c),
            },
        ],
    }
}

/// Mechanisms of ageing, those that are off on one line.
fn ageing(prepared: &Prepared) -> Vec<ModelTerm> {
    let ageing = &prepared.cell.ageing;
    let term = |name: &str, text: String| ModelTerm {
        name: name.to_owned(),
        on: true,
        text,
    };
    let side = ageing
        .side
        .iter()
        .map(|(r, source)| term(r.name(), format!("negative electrode; {source}")));
    let wear = ageing
        .wear
        .iter()
        .map(|(e, w, source)| term(w.name(), format!("{} electrode; {source}", ["negative", "positive"][*e])));
    let mut out: Vec<ModelTerm> = side.chain(wear).collect();
    if ageing.leakage > 0.0 {
        out.push(term(
            "leakage through the electrolyte",
            format!("electronic conductance {}", format_quantity(ageing.leakage, Dimension::CONDUCTANCE)),
        ));
    }
    if ageing.water > 0.0 {
        out.push(term(
            "water through the package",
            format!("takes {} of lithium", Kind::Current.text(ageing.water * FARADAY)),
        ));
    }
    if out.is_empty() {
        out.push(ModelTerm {
            name: "ageing".into(),
            on: false,
            text: "interphase, plating, loss of active material, leakage, water: see [ageing]".into(),
        });
    }
    out
}

/// The terms of the model and the form of each law.
pub fn model(prepared: &Prepared) -> Vec<ModelTerm> {
    let spec = &prepared.cell.spec;
    let model = prepared.cell.model(spec.clone());
    let [n, e, p] = symbols(prepared);
    let term = |name: &str, on: bool, text: String| ModelTerm {
        name: name.to_owned(),
        on,
        text,
    };
    let mut out: Vec<ModelTerm> = spec
        .kind
        .terms()
        .into_iter()
        .map(|(name, on)| term(name, on, spec.kind.as_str().to_owned()))
        .collect();
    out.push(term(
        "negative electrode",
        true,
        format!("{n}: {}", electrode_words(&spec.negative)),
    ));
    out.push(term(
        "positive electrode",
        true,
        format!("{p}: {}", electrode_words(&spec.positive)),
    ));
    let law = match &spec.electrolyte {
        ElectrolyteLaw::Concentrated { .. } => "concentrated binary electrolyte: concentration and potential",
        ElectrolyteLaw::TwoSpecies { .. } => "two mobile species from a dissociation reaction (Danilov 2011)",
        ElectrolyteLaw::SingleIon { .. } => "single-ion conductor: potential only",
    };
    out.push(term("electrolyte", true, format!("{e}: {law}")));
    out.extend(ageing(prepared));
    out.push(term("linear systems", true, model.method()));
    if let Some(m) = &prepared.cell.meshed {
        out.push(term("control volumes", true, volumes(m)));
    }
    for g in &model.groups {
        let side = if g.sign > 0.0 { &n } else { &p };
        let text = if g.exchange.is_some() {
            format!("{:?}", g.kinetics)
        } else {
            "infinitely fast: no exchange-current density known".into()
        };
        let text = text
            .replace("ButlerVolmer { anodic: ", "Butler–Volmer, anodic coefficient ")
            .replace(" }", "");
        out.push(term(&format!("charge transfer at {side}"), g.exchange.is_some(), text));
        if let Some(h) = &g.hosts {
            let layer = prepared.cell.layers[usize::from(g.sign < 0.0)].map_or(String::new(), |l| {
                format!("; thinnest layer of lithium that the protocol makes: {}", Kind::Length.text(l))
            });
            out.push(term(
                &format!("lithium in {side}"),
                true,
                format!(
                    "{} host{}, {}{layer}",
                    h.n_hosts,
                    if h.n_hosts == 1 { "" } else { "s" },
                    h.describe()
                ),
            ));
        }
        if g.active.is_some() {
            out.push(term(
                &format!("double layer at {side}"),
                g.double_layer > 0.0,
                format!("{} F/m²", g.double_layer),
            ));
        }
    }
    let heat = match &spec.heat {
        None => "temperature held constant".to_owned(),
        Some(Heat::Lumped(h)) => format!(
            "one temperature, {} J/K, {} W/K to the surroundings",
            significant(h.heat_capacity, 3),
            significant(h.cooling, 3)
        ),
        Some(Heat::Conduction(law)) => conduction(&model, law),
    };
    out.push(term("heat balance", spec.heat.is_some(), heat));
    out.push(term(
        "series resistance",
        spec.series_resistance > 0.0,
        format!("{} ohm", significant(spec.series_resistance, 3)),
    ));
    out
}

/// The temperature field in words.
fn conduction(model: &Model, law: &Conduction) -> String {
    let mut layers: Vec<&str> = model.field_layers();
    let outside = layers.len();
    layers.dedup();
    let cooling: f64 = law.cooling.iter().map(|c| c.coefficient * c.area).sum();
    let around = match layers.len() {
        0 => String::new(),
        _ => format!(", {outside} in {}", layers.join(", ")),
    };
    format!(
        "conduction: {} volumes in the cell{around}; {} W/K to the surroundings",
        model.mesh.n_cells(),
        significant(cooling, 3)
    )
}

/// The mesh of a device in words.
fn volumes(m: &ChipMesh) -> String {
    let worst = |errors: &mut dyn Iterator<Item = f64>| errors.map(f64::abs).fold(0.0, f64::max);
    let r = &m.report;
    if m.stack {
        return format!(
            "{} in columns between the collectors, {} to {} wide; along the chip only the collectors conduct",
            m.mesh.n_cells(),
            Kind::Length.text(r.sizes[0]),
            Kind::Length.text(r.sizes[1])
        );
    }
    let bare = r.findings.iter().any(|f| matches!(f, Finding::BareMetal { .. }));
    let what = match &m.followed {
        Some(words) => format!("for the whole chip: {words}"),
        None => format!("in the repeating window, of which the chip holds {}", significant(m.repeats, 4)),
    };
    format!(
        "{} {what}; {} to {} wide, up to {} times longer than wide; volumes within {} of the device, reacting areas within {}{}",
        m.mesh.n_cells(),
        Kind::Length.text(r.sizes[0]),
        Kind::Length.text(r.sizes[1]),
        significant(r.aspect, 2),
        compact(worst(&mut r.volume_error.values().copied()), 1),
        compact(worst(&mut r.area_error.values().copied()), 1),
        if bare {
            "; metal that the electrolyte touches is inert"
        } else {
            ""
        }
    )
}

/// Chapters of later versions, and ageing where nobody asked for it.
pub fn absent(ages: bool) -> Vec<Absent> {
    let ageing = Absent {
        chapter: "Ageing".into(),
        text: "interphase, plating, lost active material and what they cost over the cycles: [ageing] in the design".into(),
        reason: AbsentReason::NotAskedFor(String::new()),
    };
    let microsystem = Absent {
        chapter: "Microsystem".into(),
        text: "harvester, power management and load over ten years".into(),
        reason: AbsentReason::NotInThisVersion,
    };
    (!ages).then_some(ageing).into_iter().chain([microsystem]).collect()
}

/// How to run it again.
pub fn reproduce(command: &str, text: &str, design_hash: &str, files: &[(String, u64)]) -> Reproduce {
    let mut listed: Vec<FileWritten> = Vec::new();
    let fields = files.iter().filter(|(n, _)| n.starts_with("fields/")).count();
    for (name, bytes) in files.iter().filter(|(n, _)| !n.starts_with("fields/")) {
        listed.push(FileWritten {
            name: name.clone(),
            what: holds(name).into(),
            bytes: Some(*bytes),
        });
    }
    if fields > 0 {
        listed.push(FileWritten {
            name: "fields/".into(),
            what: format!("{fields} files behind fields.pvd"),
            bytes: None,
        });
    }
    // A large parameter file is beside the report anyway.
    let design_text = if text.len() < 40_000 { text.to_owned() } else { String::new() };
    Reproduce {
        command: command.to_owned(),
        version: concat!("cellwright ", env!("CARGO_PKG_VERSION")).to_owned(),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        hashes: vec![Hash {
            of: "design".into(),
            value: design_hash.to_owned(),
        }],
        design_text,
        files: listed,
        cite: "Cellwright, and the sources in chapter “Materials”".into(),
    }
}

/// What a file of the results folder holds.
fn holds(name: &str) -> &'static str {
    match name {
        "summary.json" => "the numbers of this page",
        "timeseries.csv" => "every time step, Battery Data Format labels (charging current positive)",
        "timeseries.parquet" => "the same, compressed columns",
        "cycles.csv" => "capacity of every cycle that was carried out",
        "impedance.csv" => "every frequency: impedance, its parts by process, the state of the cell",
        "impedance.parquet" => "the same, compressed columns",
        "fields.pvd" => "concentration and potential over time, for ParaView",
        "masks.gds" | "masks.oas" => "the masks, for a mask shop or KLayout",
        "section.svg" => "the cross-section",
        "masks.svg" => "the mask plan",
        "flow.html" => "the cross-section after every process step",
        "device.glb" => "the device in three dimensions, for a viewer",
        "device.stl" => "its surface, for printing or CAD",
        "regions.vtu" => "its regions on a mesh, for ParaView",
        printed if printed.ends_with(".gcode") => "tool paths of a printed body",
        printed if printed.starts_with("print-") => "the same tool paths, drawn",
        _ => "what was run",
    }
}
