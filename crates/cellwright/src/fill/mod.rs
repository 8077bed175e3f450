//! From a study to the report's plain data: words, units, choices of what to show.

mod conductivity;
mod currents;
mod curves;
mod electrical;
mod evidence;
pub mod fabricated;
mod heading;
mod impedance;
mod layers;
pub(crate) mod maps;
mod on_shelf;
mod over_cycles;
mod profiles;
mod pulses;
#[cfg(test)]
pub mod sample;
mod section_stress;
mod shown;
mod stress;
mod transference;

use crate::cell::Used;
use crate::pipeline::RunRequest;
use crate::prepare::Prepared;
use crate::report::data::{Notice, Report};
use crate::study::Study;
use crate::summary::Summary;
use cellwright_base::diagnostic::{Diagnostic, Severity};

pub use evidence::warnings;

/// Most frames of the time slider.
const MOST_FRAMES: usize = 120;

/// The report of a study; `failure` heads it when the run broke off.
pub fn report(
    request: &RunRequest,
    prepared: &Prepared,
    study: &Study,
    summary: &Summary,
    files: &[(String, u64)],
    failure: Option<&Diagnostic>,
) -> Report {
    let frames = profiles::frames(study, MOST_FRAMES);
    let (mut stress, mut properties) = stress::stress(prepared, study);
    if let Some(found) = &study.section_stress {
        stress.get_or_insert_default().section = Some(section_stress::on_section(found));
        properties.extend(section_stress::further(found, &properties));
    }
    let stored = study.shelf.as_ref().map_or(vec![], |s| s.used.clone());
    let mut notices: Vec<Notice> = failure.iter().map(|d| notice(d)).collect();
    notices.extend(warnings(prepared, study).iter().map(notice));
    notices.extend(prepared.made.iter().flat_map(fabricated::notices));
    Report {
        title: prepared.title.clone(),
        design_file: prepared.file.clone(),
        run_id: summary.design_hash.chars().take(7).collect(),
        conditions: heading::conditions(prepared, &request.date),
        verdict: heading::verdict(prepared, study, failure),
        key_numbers: heading::key_numbers(prepared, study, summary),
        loss_bar: heading::loss_bar(prepared, study),
        warnings: notices,
        passed: evidence::passed(prepared, study, summary),
        device: layers::device(prepared),
        fabricated: prepared.made.as_ref().map(fabricated::device),
        not_run: None,
        cycle: curves::cycle(prepared, study),
        frames: profiles::times(study, &frames),
        losses: curves::losses(prepared, study, &frames),
        sensitivity: evidence::sensitivity(study),
        stress,
        life: study.life.as_ref().map(|l| over_cycles::over_cycles(prepared, l)),
        shelf: study.shelf.as_ref().map(on_shelf::on_shelf),
        profiles: [
            profiles::profiles(prepared, study, &frames),
            currents::profiles(prepared, study, &frames),
        ]
        .concat(),
        maps: maps::maps(prepared, study, &frames),
        rate: curves::rates(prepared, study),
        rate_hint: "[rate_series] rates = [\"C/10\", \"1C\", \"10C\"]".into(),
        impedance: impedance::chapter(prepared, study),
        electrical: electrical::chapter(prepared, study),
        conductivity: Some(conductivity::conductivity(&study.conductivity)),
        materials: evidence::materials(&with(&prepared.cell.used, [properties, stored].concat())),
        balances: evidence::balances(prepared, study),
        quality: evidence::quality(prepared, study, summary),
        model: evidence::model(prepared),
        absent: evidence::absent(!prepared.cell.ageing.is_empty()),
        reproduce: evidence::reproduce(&request.command, &prepared.text, &summary.design_hash, files),
    }
}

/// The properties of the cell, and those of stress and storage that are not among them.
fn with(used: &[Used], further: Vec<Used>) -> Vec<Used> {
    let mut all = used.to_vec();
    for u in further {
        if all.iter().any(|a| a.material == u.material && a.property.key == u.property.key) {
            continue;
        }
        // Beside the others of its material.
        let place = all.iter().rposition(|a| a.material == u.material).map_or(all.len(), |i| i + 1);
        all.insert(place, u);
    }
    all
}

fn notice(d: &Diagnostic) -> Notice {
    let mut text = d.message.clone();
    if d.severity == Severity::Error && !d.label.is_empty() {
        text.push_str(&format!(": {}", d.label));
    }
    for t in d.notes.iter().take(1) {
        text.push_str(&format!(". {t}"));
    }
    let anchor = match d.code {
        code if code.starts_with("W20") => "materials",
        code if code.contains('.') => "device",
        _ => "",
    };
    Notice {
        code: d.code.to_owned(),
        error: d.severity == Severity::Error,
        text,
        anchor: anchor.into(),
    }
}
