//! Transference numbers for the report.

use crate::report::data::{KeyNumber, TransferenceStep, TransferenceTest};
use crate::report::kind::Kind;
use crate::report::number::significant;
use crate::study::{Study, rows};
use crate::transference::{Transference, words};
use cellwright_lab::results::Quantity;
use cellwright_lab::transference::Experiment;

/// Departure of the thermodynamic factor from 1 up to which a salt is called ideal.
const IDEAL: f64 = 0.1;

/// Current over the steps, and the numbers.
pub fn test(t: &Transference, study: &Study) -> TransferenceTest {
    let s = &study.solution;
    let (time, current) = (s.column(Quantity::TestTime), s.column(Quantity::Current));
    let one = |e: &Experiment| {
        let rows = rows(s, e.step);
        let start = time[rows.start];
        let corrected = e.arcs.iter().all(Option::is_some);
        TransferenceStep {
            label: s.steps[e.step].text.clone(),
            time: rows.clone().map(|r| time[r] - start).collect(),
            current: rows.map(|r| current[r].abs()).collect(),
            voltage: e.voltage,
            initial: e.initial.abs(),
            from_spectrum: corrected,
            steady: e.steady.abs(),
            electrolyte: e.arcs[0].map(|a| a.electrolyte),
            interface: e.arcs.map(|a| a.map(|a| a.interface)),
            number: e.number,
            doubts: e.doubts.iter().map(|d| words(*d).to_owned()).collect(),
        }
    };
    TransferenceTest {
        steps: t.experiments.iter().map(one).collect(),
        truth: t.truth.number,
        newman: t.truth.newman,
        foretold: t.truth.current_ratio(),
        note: assumption(t),
    }
}

/// Whether the experiment measures what it is named after.
fn assumption(t: &Transference) -> String {
    let [number, rho, ne, factor] = [
        t.truth.number,
        t.truth.current_ratio(),
        t.truth.newman,
        t.truth.thermodynamic_factor,
    ]
    .map(|v| significant(v, 3));
    if t.truth.dilute() {
        let why = if (t.truth.thermodynamic_factor - 1.0).abs() < IDEAL {
            "as of an ideal dilute salt".to_owned()
        } else {
            format!("though the salt is not ideal (thermodynamic factor {factor}): what departs from that cancels here")
        };
        format!("With Ne = {ne}, 1/(1 + Ne) = {rho} is t₊ = {number}: the step of voltage measures t₊ of this electrolyte, {why}.")
    } else if t.truth.dissociates {
        format!(
            "**Not t₊.** The carriers of this electrolyte come from a dissociation that goes on while the current flows and evens out their concentration: what a step of voltage measures is 1/(1 + Ne) = **{rho}**, with Ne = {ne} from diffusion and reaction over the thickness, not t₊ = {number}."
        )
    } else {
        format!(
            "**Not t₊.** With Ne = {ne} and a thermodynamic factor of {factor} this electrolyte is no ideal dilute salt, and what a step of voltage measures is ρ₊ = 1/(1 + Ne) = **{rho}**, not t₊ = {number}."
        )
    }
}

/// "A step of 10 mV gives 0.381; …".
pub fn finding(t: &Transference) -> String {
    let Some(e) = t.experiments.first() else { return String::new() };
    let doubts = match e.doubts.len() {
        0 => "",
        1 => " There is a reason for doubt, in the chapter on tests.",
        _ => " There are reasons for doubt, in the chapter on tests.",
    };
    format!(
        "A step of {} between lithium and lithium gives **{}**; the transference number put in is {}, and {} is foretold for this electrolyte.{}{doubts}",
        Kind::Voltage.text(e.voltage.abs()),
        significant(e.number, 3),
        significant(t.truth.number, 3),
        significant(t.truth.current_ratio(), 3),
        if t.truth.dilute() {
            ""
        } else {
            " It is no ideal dilute salt: the step does not measure t₊."
        }
    )
}

/// Headline numbers of a run that is such an experiment.
pub fn key_numbers(t: &Transference) -> Vec<KeyNumber> {
    let Some(e) = t.experiments.first() else { return vec![] };
    let foretold = if t.truth.dissociates {
        "1/(1 + Ne), diffusion and dissociation"
    } else {
        "ρ₊ = 1/(1 + Ne), Balsara and Newman"
    };
    let mut out = vec![
        KeyNumber::new("Extracted", e.number, Kind::Fraction, "Bruce–Vincent, interfaces taken out"),
        KeyNumber::new("Foretold", t.truth.current_ratio(), Kind::Fraction, foretold),
        KeyNumber::new("Transference number", t.truth.number, Kind::Fraction, "put in"),
        KeyNumber::new("Initial current", e.initial.abs(), Kind::Current, "before the salt moves"),
        KeyNumber::new("Steady current", e.steady.abs(), Kind::Current, "at the end of the step"),
    ];
    if e.arcs.iter().any(Option::is_none) {
        out[0].basis = "Bruce–Vincent, interfaces not taken out".into();
    }
    out.push(KeyNumber::new(
        "Newman's number",
        t.truth.newman,
        Kind::Fraction,
        "share of concentration over that of conduction",
    ));
    out
}
