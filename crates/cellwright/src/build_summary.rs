//! The numbers of a build as data (`summary.json`): what stands on the chip, and what breaks a rule.

use crate::build::Blueprint;
use crate::device::Made;
use cellwright_base::diagnostic::Severity;
use serde::Serialize;

/// One body on the chip; SI, whole chip.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PartSummary {
    /// Name of the film.
    pub name: String,
    /// Name in the library.
    pub material: String,
    /// Word of the role.
    pub role: String,
    /// Least, mean and greatest thickness, m.
    pub thickness_m: Option<[f64; 3]>,
    /// Void fraction.
    pub porosity: f64,
    /// m³.
    pub volume_m3: f64,
    /// kg; `null` where the density is a gap.
    pub mass_kg: Option<f64>,
    /// Ah, of an electrode.
    pub capacity_ah: Option<f64>,
    /// m².
    pub surface_m2: f64,
}

/// One process step.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StepSummary {
    /// Its name.
    pub name: String,
    /// In words.
    pub words: String,
    /// K.
    pub temperature_k: f64,
    /// s.
    pub duration_s: f64,
    /// 1 to 5.
    pub relative_cost: f64,
}

/// One broken rule.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FindingSummary {
    /// Rule id.
    pub code: String,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// What is broken.
    pub message: String,
    /// Found and allowed.
    pub label: String,
    /// Name of the step after which it shows.
    pub step: Option<String>,
    /// Point on the chip, m.
    pub at_m: Option<[f64; 3]>,
    /// Line in the design file.
    pub line: Option<usize>,
}

/// What a build found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BuildSummary {
    /// Version of this layout.
    pub format: u32,
    /// Program and version.
    pub program: String,
    /// Title.
    pub title: String,
    /// Design file.
    pub file: String,
    /// Hash of its text, hexadecimal.
    pub design_hash: String,
    /// Word of the architecture.
    pub architecture: String,
    /// m².
    pub footprint_m2: f64,
    /// Negative and positive electrode against electrolyte, m².
    pub active_area_m2: [f64; 2],
    /// Smaller active area over footprint.
    pub area_enhancement: f64,
    /// Negative and positive capacity per footprint, Ah/cm².
    pub areal_capacity_ah_cm2: [Option<f64>; 2],
    /// Negative over positive capacity.
    pub capacity_balance: Option<f64>,
    /// With package, m³.
    pub device_volume_m3: f64,
    /// Box around the device, m³; parts and open space add up to it.
    pub box_volume_m3: f64,
    /// Open space in that box, m³.
    pub void_m3: f64,
    /// (parts + open space − box) / box: how well the volumes add up.
    pub volume_closure: f64,
    /// s.
    pub process_time_s: f64,
    /// Sum over the steps.
    pub relative_cost: f64,
    /// What stands on the chip, from the substrate up.
    pub parts: Vec<PartSummary>,
    /// Process steps.
    pub steps: Vec<StepSummary>,
    /// Rules that hold.
    pub rules_hold: usize,
    /// Broken rules, errors first.
    pub findings: Vec<FindingSummary>,
    /// Computing time, s.
    pub wall_s: f64,
}

/// The numbers of a build.
pub fn summarise(blueprint: &Blueprint, made: &Made, wall_s: f64) -> BuildSummary {
    let f = &made.fabrication;
    let i = &f.inventory;
    let design = &blueprint.design;
    let filled: f64 = i.items.iter().map(|item| item.volume).sum();
    let parts = i.items.iter().filter_map(|item| {
        let region = f.regions.get(item.region)?;
        Some(PartSummary {
            name: region.name.clone(),
            material: region.material.clone(),
            role: region.role.as_str().to_owned(),
            thickness_m: region.step.and_then(|k| f.steps.get(k)).and_then(|s| s.thickness),
            porosity: region.porosity,
            volume_m3: item.volume,
            mass_kg: item.mass,
            capacity_ah: item.capacity.map(|c| c / 3600.0),
            surface_m2: item.surface,
        })
    });
    let findings = f.findings.iter().map(|finding| FindingSummary {
        code: finding.diagnostic.code.to_owned(),
        severity: match finding.diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: finding.diagnostic.message.clone(),
        label: finding.diagnostic.label.clone(),
        step: finding.step.and_then(|k| f.plan.steps.get(k)).map(|s| s.name.clone()),
        at_m: finding.at,
        line: finding.diagnostic.place.as_ref().map(|p| p.line),
    });
    BuildSummary {
        format: 1,
        program: concat!("cellwright ", env!("CARGO_PKG_VERSION")).to_owned(),
        title: design.name.clone(),
        file: design.file.clone(),
        design_hash: format!("{:016x}", cellwright_lab::checkpoint::hash(design.source.as_bytes())),
        architecture: design.architecture.as_str().to_owned(),
        footprint_m2: i.footprint,
        active_area_m2: i.active_area,
        area_enhancement: i.area_enhancement,
        areal_capacity_ah_cm2: i.areal_capacity.map(|q| q.map(|q| q / 3.6e7)),
        capacity_balance: i.balance,
        device_volume_m3: i.device_volume,
        box_volume_m3: i.box_volume,
        void_m3: i.void,
        volume_closure: (filled + i.void - i.box_volume) / i.box_volume,
        process_time_s: i.process_time,
        relative_cost: i.relative_cost,
        parts: parts.collect(),
        steps: f
            .steps
            .iter()
            .map(|s| StepSummary {
                name: s.name.clone(),
                words: s.words.clone(),
                temperature_k: s.temperature,
                duration_s: s.duration,
                relative_cost: s.cost,
            })
            .collect(),
        rules_hold: made.rules_hold,
        findings: findings.collect(),
        wall_s,
    }
}
