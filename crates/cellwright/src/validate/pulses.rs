//! Pulse trains: the drop of a film cell in closed form, and a short train that foretells a long one.

use super::cells::{TEMPERATURE, number, of_stoichiometry, reversible_active, single_ion, symmetric_cell};
use super::{Fault, Sheet};
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_dae::Tolerance;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::{CellSpec, Electrode, ExchangeCurrent};
use cellwright_lab::protocol::{Protocol, RateBasis};
use cellwright_lab::pulse_train::{LoadPulse, Reach, load_pulses, reach};
use cellwright_lab::run::{RunOptions, Silent, run};
use std::collections::BTreeMap;

const CONDUCTIVITY: f64 = 2e-4;
const ELECTROLYTE: f64 = 1e-6;
const FILM: f64 = 1e-6;
const START: f64 = 0.6;
const MAXIMUM: f64 = 5e4;
const D: f64 = 2e-15;
const METAL: f64 = 20.0;
/// Exchange-current density of the film at every stoichiometry, as in the formula below, A/m².
const HOST: f64 = 10.0;
/// Slope of the open-circuit voltage in the stoichiometry, V.
const SLOPE: f64 = 0.9;
/// Contact, ohm.
const CONTACT: f64 = 1e-3;
const CAPACITY: f64 = FARADAY * MAXIMUM * FILM;

/// Lithium | solid electrolyte | film, 1 m², linear kinetics on both sides.
fn cell() -> CellSpec {
    let mut spec = symmetric_cell(single_ion(CONDUCTIVITY), ELECTROLYTE, 20, 1.3);
    spec.negative = Electrode::Metal {
        exchange_current: Some(ExchangeCurrent {
            property: number("exchange_current_density", METAL),
            electrolyte_order: 0.0,
        }),
        kinetics: Kinetics::Linear,
        double_layer: 0.0,
        film_resistance: 0.0,
    };
    let mut active = reversible_active("4.2 - 0.9 * x", number("diffusion", D), START);
    active.kinetics = Kinetics::Linear;
    active.exchange_current.property = of_stoichiometry("exchange_current_density", "10 + 0 * x");
    spec.positive = Electrode::Film {
        thickness: FILM,
        electronic_conductivity: f64::INFINITY,
        active,
    };
    spec.series_resistance = CONTACT;
    spec.current_1c = CAPACITY / 3600.0;
    spec
}

/// The pulses of `count` times `seconds` at `rate` times 1C with rests in between.
fn train(count: usize, rate: f64, seconds: f64, rest: f64) -> Result<Vec<LoadPulse>, Fault> {
    let line = format!("Repeat {count} times: (Discharge at {rate:?}C for {seconds:?} s; Rest for {rest:?} s)");
    let (protocol, _) = Protocol::parse_line(&line).map_err(|e| Fault::Input(e.to_string()))?;
    let options = RunOptions {
        tolerance: Tolerance::new(1e-7, 1e-9),
        basis: RateBasis {
            capacity: CAPACITY,
            area: 1.0,
        },
        profiles: BTreeMap::new(),
        details: true,
        jump: None,
    };
    let solution = run(&mut Model::new(cell()), &protocol, &options, None, &mut Silent)?;
    Ok(load_pulses(&protocol, &solution, 4.2 - SLOPE * START))
}

fn worst(found: impl Iterator<Item = f64>, expected: f64) -> f64 {
    found
        .max_by(|a, b| (a - expected).abs().total_cmp(&(b - expected).abs()))
        .unwrap_or(f64::NAN)
}

pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    let (rate, seconds) = (5.0, 0.01 * FILM * FILM / D);
    let current = rate * CAPACITY / 3600.0;
    let bursts = train(5, rate, seconds, 2.0 * FILM * FILM / D)?;
    sheet.close("five bursts: number of pulses found", 5.0, bursts.len() as f64, 0.0, "");
    let thermal = GAS_CONSTANT * TEMPERATURE / FARADAY;
    let resistance = ELECTROLYTE / CONDUCTIVITY + thermal / METAL + thermal / HOST + CONTACT;
    sheet.close(
        "instantaneous resistance: conduction, two charge transfers and the contact, the worst of them",
        resistance,
        worst(bursts.iter().map(LoadPulse::resistance), resistance),
        1e-6,
        "ohm",
    );
    // Into a film without an end: the surface moves as √t (Cottrell's problem with constant current, Sand 1901).
    let diffusion = SLOPE * 2.0 * current / (FARADAY * MAXIMUM) * (seconds / (std::f64::consts::PI * D)).sqrt();
    sheet.close(
        "polarisation of the film at the end of the first burst against √t",
        diffusion,
        bursts[0].end_drop() - bursts[0].instantaneous_drop(),
        2e-3,
        "V",
    );
    // After the rest only what the burst has taken is missing.
    let taken = SLOPE * current * seconds / CAPACITY;
    sheet.close(
        "recovery after the first burst: its drop without what it took",
        bursts[0].end_drop() - taken,
        bursts[0].recovery().unwrap_or(f64::NAN),
        1e-3,
        "V",
    );
    // 20 s at 3C take a sixtieth of the film.
    let whole = train(7, 3.0, 20.0, 2000.0)?;
    let limit = whole[4].lowest - 1e-4;
    let known = |part: &[LoadPulse]| {
        let passed: f64 = part[..part.len() - 1].iter().map(|p| p.charge).sum();
        reach(part, limit, |q| {
            let x = START + (passed + q) / CAPACITY;
            (x <= 1.0).then_some(4.2 - SLOPE * x)
        })
    };
    let number = |r: Option<Reach>| match r {
        Some(Reach::Reached(k)) => k as f64,
        Some(Reach::Expected(k)) => k,
        Some(Reach::Beyond) | None => f64::NAN,
    };
    sheet.close("pulses until a limit, all of them run", 6.0, number(known(&whole)), 0.0, "");
    sheet.close("the same foretold after two of them", 6.0, number(known(&whole[..2])), 0.0, "");
    Ok(())
}
