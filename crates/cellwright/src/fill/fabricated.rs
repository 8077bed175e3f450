//! From a fabricated device to the report's plain data.

use super::{evidence, notice};
use crate::build::{Blueprint, BuildRequest};
use crate::build_summary::BuildSummary;
use crate::cell::Used;
use crate::design::Architecture;
use crate::device::Made;
use crate::report::data::{
    AbsentReason, Fabricated, KeyNumber, MaskRow, Notice, Part, Picture, ProcessStep, Report, Role as Drawn, RuleFinding,
};
use crate::report::kind::Kind;
use crate::report::number::significant;
use cellwright_base::constants::ZERO_CELSIUS;
use cellwright_base::diagnostic::Severity;
use cellwright_device::Role;
use cellwright_fab::fabrication::{Finding, Inventory};
use cellwright_fab::plan::{Plan, Shape, Step, Verb};
use cellwright_materials::Library;

/// The report of a build: the device, and nothing of electrochemistry.
pub fn report(request: &BuildRequest, blueprint: &Blueprint, made: &Made, summary: &BuildSummary, files: &[(String, u64)]) -> Report {
    let design = &blueprint.design;
    let made_of = device(made);
    let mut notices: Vec<Notice> = notices(made);
    notices.extend(blueprint.warnings.iter().map(notice));
    let key_numbers: Vec<KeyNumber> = made_of.figures.iter().take(6).cloned().collect();
    let not_run = match design.architecture {
        Architecture::Laminated => AbsentReason::NotAskedFor(format!("cellwright run {} --out {}", design.file, request.out.display())),
        Architecture::Template(_) | Architecture::Custom => AbsentReason::NotInThisVersion,
    };
    Report {
        title: design.name.clone(),
        design_file: design.file.clone(),
        run_id: summary.design_hash.chars().take(7).collect(),
        conditions: format!("{} · {}", request.date, design.architecture.as_str()),
        verdict: verdict(made),
        key_numbers,
        warnings: notices,
        passed: match made.rules_hold {
            0 => String::new(),
            1 => "One design rule holds.".into(),
            n => format!("{n} design rules hold."),
        },
        fabricated: Some(made_of),
        not_run: Some(not_run),
        rate_hint: "[rate_series] rates = [\"C/10\", \"1C\", \"10C\"]".into(),
        materials: evidence::materials(&used(made, &blueprint.library)),
        absent: evidence::absent(false),
        reproduce: evidence::reproduce(&request.command, &design.source, &summary.design_hash, files),
        ..Report::default()
    }
}

/// The device as the chapter shows it.
pub fn device(made: &Made) -> Fabricated {
    let f = &made.fabrication;
    Fabricated {
        lede: "What the process flow leaves on the chip, counted on its real surfaces. All numbers are for the whole chip.".into(),
        pictures: pictures(made),
        figures: figures(&f.inventory, &f.plan),
        parts: parts(made),
        masks: f.plan.masks.iter().map(|mask| mask_row(mask, &f.plan)).collect(),
        steps: f
            .steps
            .iter()
            .map(|s| ProcessStep {
                name: s.name.clone(),
                words: s.words.clone(),
                temperature: s.temperature,
                duration: s.duration,
                cost: s.cost,
            })
            .collect(),
        findings: f.findings.iter().enumerate().map(|(i, finding)| rule(made, i, finding)).collect(),
        rules_hold: made.rules_hold,
    }
}

/// Broken rules for the first screen.
pub fn notices(made: &Made) -> Vec<Notice> {
    made.fabrication.findings.iter().map(|f| notice(&f.diagnostic)).collect()
}

fn verdict(made: &Made) -> String {
    let f = &made.fabrication;
    let i = &f.inventory;
    let steps = match f.steps.len() {
        1 => "One process step leaves".to_owned(),
        n => format!("{n} process steps leave"),
    };
    let mut text = format!(
        "{steps} **{} times the footprint** as active area",
        significant(i.area_enhancement, 3)
    );
    if let Some(limit) = limiting(i) {
        text.push_str(&format!(" and **{}** of footprint", Kind::ArealCapacity.text(limit)));
    }
    text.push('.');
    let errors = f.findings.iter().filter(|f| f.diagnostic.severity == Severity::Error).count();
    match errors {
        0 => {}
        1 => text.push_str(" **One design rule is broken: it cannot be made like this.**"),
        n => text.push_str(&format!(" **{n} design rules are broken: it cannot be made like this.**")),
    }
    text
}

/// Capacity per footprint of the electrode that limits, C/m².
fn limiting(i: &Inventory) -> Option<f64> {
    match i.areal_capacity {
        [Some(a), Some(b)] => Some(a.min(b)),
        [a, b] => a.or(b),
    }
}

fn figures(i: &Inventory, plan: &Plan) -> Vec<KeyNumber> {
    let gap = |label: &str, basis: &str| KeyNumber {
        label: label.into(),
        value: "—".into(),
        unit: String::new(),
        basis: basis.into(),
    };
    let w = &plan.window;
    let window = format!(
        "{} × {} window, {} of them",
        Kind::Length.text(w.to[0] - w.from[0]),
        Kind::Length.text(w.to[1] - w.from[1]),
        significant(w.repeats, 4).trim_end_matches(".000").to_owned()
    );
    let areal = |label: &str, value: Option<f64>| match value {
        Some(q) => KeyNumber::new(label, q, Kind::ArealCapacity, "of footprint"),
        None => gap(label, "no host of lithium, or its capacity is not known"),
    };
    vec![
        KeyNumber::new(
            "Area enhancement",
            i.area_enhancement,
            Kind::Fraction,
            "smaller active area over footprint",
        ),
        KeyNumber::new("Footprint", i.footprint, Kind::Area, &window),
        areal("Positive capacity", i.areal_capacity[1]),
        areal("Negative capacity", i.areal_capacity[0]),
        match i.balance {
            Some(ratio) => KeyNumber::new("Capacity balance", ratio, Kind::Fraction, "negative over positive"),
            None => gap("Capacity balance", "lithium metal, or a capacity is not known"),
        },
        KeyNumber::new("Device volume", i.device_volume, Kind::Volume, "with its package"),
        KeyNumber::new(
            "Active area, negative",
            i.active_area[0],
            Kind::Area,
            "negative electrode to electrolyte",
        ),
        KeyNumber::new(
            "Active area, positive",
            i.active_area[1],
            Kind::Area,
            "positive electrode to electrolyte",
        ),
        KeyNumber::new("Open space", i.void, Kind::Volume, "in the box around the device"),
        KeyNumber::new("Process time", i.process_time, Kind::Time, "sum over the steps, without queues"),
        KeyNumber::new(
            "Relative cost",
            i.relative_cost,
            Kind::Fraction,
            "sum over the steps, 1 cheap to 5 dear each",
        ),
    ]
}

fn pictures(made: &Made) -> Vec<Picture> {
    let stretch = if (made.exaggeration - 1.0).abs() < 1e-6 {
        "True scale; colours as in the table of parts.".to_owned()
    } else {
        format!(
            "Heights are drawn {} times; colours as in the table of parts.",
            significant(made.exaggeration, 2)
        )
    };
    let picture = |id: &str, title: &str, description: &str, note: String, file: &str, svg: &str| Picture {
        id: id.into(),
        title: title.into(),
        description: description.into(),
        note,
        file: file.into(),
        svg: svg.to_owned(),
    };
    let all = [
        picture(
            "section",
            "Cross-section",
            "The device cut through the window, every part in its colour.",
            stretch,
            "section.svg",
            &made.section,
        ),
        picture(
            "flow",
            "Process flow",
            "The cross-section after every process step.",
            "Left to right, top to bottom.".into(),
            "flow.html",
            &made.strip,
        ),
        picture(
            "masks",
            "Mask plan",
            "All masks over the die, seen from above.",
            String::new(),
            "masks.svg",
            &made.masks,
        ),
    ];
    all.into_iter().filter(|p| !p.svg.is_empty()).collect()
}

fn drawn(role: Role) -> Drawn {
    match role {
        Role::Substrate => Drawn::Substrate,
        Role::Insulator => Drawn::Insulator,
        Role::Adhesion => Drawn::Other,
        Role::Collector => Drawn::Collector,
        Role::Negative => Drawn::NegativeElectrode,
        Role::Electrolyte => Drawn::Electrolyte,
        Role::Positive => Drawn::PositiveElectrode,
        Role::Encapsulation => Drawn::Encapsulation,
    }
}

fn parts(made: &Made) -> Vec<Part> {
    let f = &made.fabrication;
    let part = |item: &cellwright_fab::fabrication::Item| {
        let region = f.regions.get(item.region)?;
        let step = region.step.and_then(|i| f.plan.steps.get(i));
        let technique = match step.map(|s| &s.verb) {
            Some(Verb::Deposit(d)) => d.technique.clone(),
            Some(Verb::Infill(_)) => "infill".into(),
            _ => String::new(),
        };
        Some(Part {
            name: region.name.clone(),
            material: region.material.clone(),
            role: drawn(region.role),
            technique,
            thickness: region.step.and_then(|i| f.steps.get(i)).and_then(|s| s.thickness),
            porosity: region.porosity,
            volume: item.volume,
            mass: item.mass,
            capacity: item.capacity,
            surface: item.surface,
            heat: heat(made, item.region),
        })
    };
    f.inventory.items.iter().filter_map(part).collect()
}

/// Thermal budget of a body in words.
fn heat(made: &Made, region: usize) -> String {
    let f = &made.fabrication;
    let celsius = |k: f64| format!("{:.0} °C", k - ZERO_CELSIUS);
    let Some((heat, (step, temperature))) = f.heat.iter().find(|h| h.region == region).and_then(|h| Some((h, h.hottest?))) else {
        return String::new();
    };
    let name = f.steps.get(step).map_or("", |s| s.name.as_str());
    let limit = heat
        .limit
        .map_or("limit not known".to_owned(), |l| format!("survives {}", celsius(l)));
    format!("{} at {name}, {limit}", celsius(temperature))
}

fn mask_row(mask: &cellwright_fab::plan::Mask, plan: &Plan) -> MaskRow {
    let uses = |step: &&Step| {
        let name = match &step.verb {
            Verb::Deposit(d) => d.mask.as_ref(),
            Verb::Etch(e) => e.mask.as_ref(),
            Verb::Infill(i) => i.mask.as_ref(),
            _ => None,
        };
        name == Some(&mask.name)
    };
    MaskRow {
        name: mask.name.clone(),
        layer: format!("{}/{}", mask.layer.0, mask.layer.1),
        shapes: mask.shapes.iter().map(copies).sum(),
        used_by: plan.steps.iter().filter(uses).map(|s| s.name.clone()).collect(),
    }
}

fn copies(shape: &Shape) -> u64 {
    match shape {
        Shape::Array { shape, count, .. } => copies(shape) * u64::from(count[0]) * u64::from(count[1]),
        _ => 1,
    }
}

fn rule(made: &Made, index: usize, finding: &Finding) -> RuleFinding {
    let d = &finding.diagnostic;
    let step = finding.step.and_then(|i| Some((i, made.fabrication.plan.steps.get(i)?)));
    let svg = made.proofs.get(index).cloned().unwrap_or_default();
    RuleFinding {
        code: d.code.to_owned(),
        error: d.severity == Severity::Error,
        message: d.message.clone(),
        label: d.label.clone(),
        notes: d.helps.iter().chain(&d.notes).cloned().collect(),
        step: step.map_or(String::new(), |(i, step)| format!("step {}, {}", i + 1, step.name)),
        at: finding.at,
        place: d.place.as_ref().map_or(String::new(), |p| format!("{}:{}", p.file, p.line)),
        picture: (!svg.is_empty()).then(|| Picture {
            id: format!("finding-{}", index + 1),
            title: format!("{}, where it shows", d.code),
            description: d.message.clone(),
            svg,
            ..Picture::default()
        }),
    }
}

/// Properties that inventory and rules take from the library.
const COUNTED: [&str; 6] = [
    "density",
    "specific_capacity",
    "maximum_concentration",
    "stoichiometry_at_full",
    "stoichiometry_at_empty",
    "maximum_temperature",
];

fn used(made: &Made, library: &Library) -> Vec<Used> {
    let mut used: Vec<Used> = Vec::new();
    for region in &made.fabrication.regions {
        let Ok(material) = library.get(&region.material) else { continue };
        if used.iter().any(|u| u.material == region.material) {
            continue;
        }
        used.extend(COUNTED.iter().filter_map(|key| material.get(key)).map(|property| Used {
            material: region.material.clone(),
            symbol: material.symbol.clone(),
            property: property.clone(),
        }));
    }
    used
}
