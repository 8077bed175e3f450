//! What the electrical tests of a run show: voltammograms with their peaks, titrations with the diffusivity they give, trains of pulses, transference
//! numbers.

use crate::prepare::Prepared;
use crate::pulses::{self, Train};
use crate::transference::{self, Transference};
use cellwright_base::constants::FARADAY;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::Electrode;
use cellwright_lab::solution::Solution;
use cellwright_lab::titration::{Doubt, Hold, Host, Pulse, holds, pulses};
use cellwright_lab::voltammetry::{Pair, Scan, exponent, pairs, scans};
use serde::Serialize;

/// Fewest pulses, or steps of voltage, that make a titration.
const FEWEST: usize = 3;
/// Share of the host that a pulse moves at least when it titrates: less is a load, whose rests show no step of the open-circuit voltage.
const SMALLEST: f64 = 5e-5;

/// The electrical tests that a run holds.
#[derive(Clone, Debug, Default)]
pub struct Tests {
    /// Sweeps of the voltage.
    pub scans: Vec<Scan>,
    /// Their peaks by rate.
    pub pairs: Vec<Pair>,
    /// Exponent of the peak current of falling and rising sweeps in the rate.
    pub exponents: [Option<f64>; 2],
    /// Titration of the one host against lithium.
    pub titration: Option<Titration>,
    /// Pulses of a load.
    pub train: Option<Train>,
    /// Steps of voltage between lithium and lithium.
    pub transference: Option<Transference>,
}

/// A titration beside the truth.
#[derive(Clone, Debug)]
pub struct Titration {
    /// What is titrated.
    pub host: Host,
    /// 0 negative, 1 positive.
    pub electrode: usize,
    /// By pulses of current.
    pub pulses: Vec<Pulse>,
    /// By steps of voltage.
    pub holds: Vec<Hold>,
    /// Diffusivity of the model at the stoichiometries of the pulses, then of the holds, m²/s.
    pub truth: Vec<f64>,
}

/// Finds the tests in a run.
pub fn find(prepared: &Prepared, solution: &Solution) -> Tests {
    let scans = scans(&prepared.protocol, solution);
    let pairs = pairs(&scans);
    let of = |peak: fn(&Pair) -> f64| exponent(&pairs.iter().map(|p| (p.rate, peak(p))).collect::<Vec<_>>());
    Tests {
        exponents: [of(|p| p.falling.current), of(|p| p.rising.current)],
        titration: titration(prepared, solution),
        train: pulses::find(prepared, solution),
        transference: transference::find(prepared, solution),
        scans,
        pairs,
    }
}

/// Only a cell with lithium on one side shows the host of the other.
fn titration(prepared: &Prepared, solution: &Solution) -> Option<Titration> {
    let spec = &prepared.cell.spec;
    let electrode = match (&spec.negative, &spec.positive) {
        (Electrode::Metal { .. }, other) if other.active().is_some() => 1,
        (other, Electrode::Metal { .. }) if other.active().is_some() => 0,
        _ => return None,
    };
    let model = prepared.cell.model(spec.clone());
    let host = host(&model, electrode)?;
    let (mut pulses, holds) = (
        pulses(&prepared.protocol, solution, &host),
        holds(&prepared.protocol, solution, &host),
    );
    pulses.retain(|p| solution.steps[p.step].charge.abs() >= SMALLEST * host.capacity);
    let enough = |n: usize| n >= FEWEST;
    let pulses = if enough(pulses.len()) { pulses } else { vec![] };
    let holds = if enough(holds.len()) { holds } else { vec![] };
    let active = if electrode == 0 { &spec.negative } else { &spec.positive }.active()?;
    let places = pulses.iter().map(|p| p.stoichiometry).chain(holds.iter().map(|h| h.stoichiometry));
    let truth = places.map(|x| active.diffusion.eval(x, spec.temperature).value).collect();
    (!pulses.is_empty() || !holds.is_empty()).then_some(Titration {
        host,
        electrode,
        pulses,
        holds,
        truth,
    })
}

/// Volume over surface, capacity and start of the host of an electrode.
pub(crate) fn host(model: &Model, electrode: usize) -> Option<Host> {
    let y = model.initial_state();
    let group = &model.groups[electrode];
    let maximum = match (&group.hosts, &group.dense) {
        (Some(h), _) => h.maximum_concentration,
        (None, Some(d)) => d.maximum_concentration,
        (None, None) => return None,
    };
    let start = model.mean_stoichiometry(&y, electrode)?;
    let inventory = model.inventory(&y);
    let lithium = [inventory.negative, inventory.positive][electrode] / start;
    Some(Host {
        depth: lithium / (maximum * group.area()),
        capacity: FARADAY * lithium,
        start,
        sign: [-1.0, 1.0][electrode],
    })
}

/// Words for a doubt.
pub fn words(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Long => "pulse too long: it reaches the end of the host",
        Doubt::Unrested => "a rest had not ended",
        Doubt::Curved => "the open-circuit curve bends within the pulse",
        Doubt::Short => "step too short: the current had not died away",
    }
}

/// One rate of a voltammogram in numbers; discharge positive.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct VoltammetrySummary {
    /// V/s.
    pub rate_v_s: f64,
    /// Peak of the falling sweep, A and V.
    pub falling_a: f64,
    /// V.
    pub falling_v: f64,
    /// Peak of the rising sweep, A and V.
    pub rising_a: f64,
    /// V.
    pub rising_v: f64,
    /// Distance of the peaks, V.
    pub separation_v: f64,
}

/// One pulse or step of a titration in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TitrationSummary {
    /// `GITT` or `PITT`.
    pub method: &'static str,
    /// Stoichiometry.
    pub stoichiometry: f64,
    /// V.
    pub voltage_v: f64,
    /// Extracted, m²/s.
    pub diffusivity_m2_s: f64,
    /// Of the model, m²/s.
    pub truth_m2_s: f64,
    /// Reasons not to believe it.
    pub doubts: Vec<&'static str>,
}

impl Tests {
    /// Peaks in numbers.
    pub fn voltammetry(&self) -> Vec<VoltammetrySummary> {
        let one = |p: &Pair| VoltammetrySummary {
            rate_v_s: p.rate,
            falling_a: p.falling.current,
            falling_v: p.falling.voltage,
            rising_a: p.rising.current,
            rising_v: p.rising.voltage,
            separation_v: p.separation(),
        };
        self.pairs.iter().map(one).collect()
    }

    /// Titrations in numbers.
    pub fn titrations(&self) -> Vec<TitrationSummary> {
        let Some(t) = &self.titration else { return vec![] };
        let pulses = t
            .pulses
            .iter()
            .map(|p| ("GITT", p.stoichiometry, p.voltage, p.diffusivity, &p.doubts));
        let holds = t
            .holds
            .iter()
            .map(|h| ("PITT", h.stoichiometry, h.voltage, h.diffusivity, &h.doubts));
        pulses
            .chain(holds)
            .zip(&t.truth)
            .map(
                |((method, stoichiometry, voltage_v, diffusivity_m2_s, doubts), truth)| TitrationSummary {
                    method,
                    stoichiometry,
                    voltage_v,
                    diffusivity_m2_s,
                    truth_m2_s: *truth,
                    doubts: doubts.iter().map(|d| words(*d)).collect(),
                },
            )
            .collect()
    }
}
