//! GITT and PITT: what was put in must come back where the assumptions hold.

use super::cells::{number, reversible_active, single_ion, symmetric_cell};
use super::{Fault, Sheet};
use cellwright_base::constants::FARADAY;
use cellwright_dae::Tolerance;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::{CellSpec, Electrode};
use cellwright_lab::protocol::{Protocol, RateBasis};
use cellwright_lab::run::{RunOptions, Silent, run};
use cellwright_lab::solution::Solution;
use cellwright_lab::titration::{Doubt, Host, holds, pulses};
use std::collections::BTreeMap;

const THICKNESS: f64 = 1e-6;
const START: f64 = 0.6;
const MAXIMUM: f64 = 5e4;
const D: f64 = 2e-15;
/// L²/D, s.
const TIME: f64 = THICKNESS * THICKNESS / D;

/// Lithium | solid electrolyte | film, 1 m², with charge transfer.
fn film(potential: &str) -> CellSpec {
    let mut spec = symmetric_cell(single_ion(2e-4), 1e-6, 20, 1.3);
    let mut active = reversible_active(potential, number("diffusion", D), START);
    active.kinetics = Kinetics::ButlerVolmer { anodic: 0.5 };
    active.exchange_current.property = number("exchange_current_density", 10.0);
    spec.current_1c = capacity() / 3600.0;
    spec.positive = Electrode::Film {
        thickness: THICKNESS,
        electronic_conductivity: f64::INFINITY,
        active,
    };
    spec
}

fn capacity() -> f64 {
    FARADAY * MAXIMUM * THICKNESS
}

const HOST: Host = Host {
    depth: THICKNESS,
    capacity: FARADAY * MAXIMUM * THICKNESS,
    start: START,
    sign: 1.0,
};

pub(super) fn tested(spec: CellSpec, steps: &[String], tolerance: f64) -> Result<(Protocol, Solution), Fault> {
    let (protocol, _) = Protocol::parse(steps).map_err(|e| Fault::Input(e.to_string()))?;
    let options = RunOptions {
        tolerance: Tolerance::new(tolerance, 1e-2 * tolerance),
        basis: RateBasis {
            capacity: capacity(),
            area: spec.area,
        },
        profiles: BTreeMap::new(),
        details: false,
        jump: None,
    };
    let solution = run(&mut Model::new(spec), &protocol, &options, None, &mut Silent)?;
    Ok((protocol, solution))
}

fn worst(found: impl Iterator<Item = f64>) -> f64 {
    found
        .map(|d| d / D)
        .max_by(|a, b| (a - 1.0).abs().total_cmp(&(b - 1.0).abs()))
        .unwrap_or(f64::NAN)
}

fn pulsed(part: f64) -> Result<Vec<cellwright_lab::titration::Pulse>, Fault> {
    let steps = format!(
        "Repeat 6 times: (Rest for {:?} s; Discharge at C/5 for {:?} s; Rest for {:?} s)",
        5.0 * TIME,
        part * TIME,
        5.0 * TIME
    );
    let (protocol, solution) = tested(film("4.2 - 0.9 * x + 0.1 * x^2"), &[steps], 1e-7)?;
    Ok(pulses(&protocol, &solution, &HOST))
}

pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    let short = pulsed(0.04)?;
    let trusted = short.iter().filter(|p| p.doubts.is_empty());
    sheet.close(
        "GITT, pulses of 0.04 L²/D: number of pulses without doubt",
        6.0,
        trusted.clone().count() as f64,
        0.0,
        "",
    );
    sheet.close(
        "D extracted over D put in, the worst of them",
        1.0,
        worst(trusted.map(|p| p.diffusivity)),
        0.02,
        "",
    );
    let long = pulsed(1.0)?;
    let doubted = long.iter().filter(|p| p.doubts.contains(&Doubt::Long)).count();
    sheet
        .close(
            "GITT, pulses of L²/D: number that say they are too long",
            6.0,
            doubted as f64,
            0.0,
            "",
        )
        .remark(format!("they would give {:.2} D", worst(long.iter().map(|p| p.diffusivity))));

    let staircase: Vec<String> = (1..=4)
        .map(|k| format!("Hold at {:?} V for {:?} s", 4.2 - 0.9 * START - 5e-3 * f64::from(k), 8.0 * TIME))
        .collect();
    let mut spec = film("4.2 - 0.9 * x");
    // A resistance before the host slows the decay, by twice its share of that of diffusion: here 0.3 %.
    if let Electrode::Film { active, .. } = &mut spec.positive {
        active.exchange_current.property = number("exchange_current_density", 100.0);
    }
    spec.electrolyte = single_ion(1.0);
    let (protocol, solution) = tested(spec, &staircase, 1e-5)?;
    let steps = holds(&protocol, &solution, &HOST);
    sheet.close(
        "PITT, steps of 5 mV over 8 L²/D: number without doubt",
        4.0,
        steps.iter().filter(|h| h.doubts.is_empty()).count() as f64,
        0.0,
        "",
    );
    sheet.close(
        "D extracted over D put in, the worst of them",
        1.0,
        worst(steps.iter().map(|h| h.diffusivity)),
        0.02,
        "",
    );
    Ok(())
}
