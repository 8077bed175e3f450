//! The transference number of an electrolyte: what a small step of voltage between lithium gives, beside what the model was given and what the
//! theory of concentrated solutions foretells.

use crate::prepare::Prepared;
use cellwright_base::diagnostic::Diagnostic;
use cellwright_electrochem::spec::{CellSpec, Electrode, ElectrolyteLaw};
use cellwright_lab::protocol::{Action, Step};
use cellwright_lab::solution::Solution;
use cellwright_lab::transference::{Arc, Doubt, Experiment, experiments, newman};
use serde::Serialize;

/// Difference between ρ₊ and t₊, relative, beyond which an electrolyte is not dilute in this experiment.
const DILUTE: f64 = 0.02;

/// All steps of voltage of a run, and what they should give.
#[derive(Clone, Debug)]
pub struct Transference {
    /// The experiments.
    pub experiments: Vec<Experiment>,
    /// What the model was given.
    pub truth: Truth,
}

/// Transport of the electrolyte at its initial concentration.
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    /// Transference number that was put in.
    pub number: f64,
    /// Newman's number.
    pub newman: f64,
    /// Thermodynamic factor, 1 + dln f/dln c.
    pub thermodynamic_factor: f64,
    /// Its carriers come from a dissociation that goes on while the current flows.
    pub dissociates: bool,
}

impl Truth {
    /// The steady over the initial current without interfaces, `ρ₊ = 1/(1 + Ne)`.
    pub fn current_ratio(&self) -> f64 {
        1.0 / (1.0 + self.newman)
    }

    /// Whether the experiment gives t₊.
    pub fn dilute(&self) -> bool {
        (self.current_ratio() / self.number - 1.0).abs() <= DILUTE
    }
}

/// The experiments of a run; none without lithium on both sides.
pub fn find(prepared: &Prepared, solution: &Solution) -> Option<Transference> {
    let spec = &prepared.cell.spec;
    if !symmetric(spec) {
        return None;
    }
    let experiments = experiments(&prepared.protocol, solution, spec.area, spec.temperature);
    (!experiments.is_empty()).then(|| Transference {
        experiments,
        truth: truth(&spec.electrolyte, spec.temperature, spec.separator.thickness),
    })
}

fn symmetric(spec: &CellSpec) -> bool {
    [&spec.negative, &spec.positive]
        .iter()
        .all(|e| matches!(e, Electrode::Metal { .. }))
}

/// What an electrolyte of a thickness, m, was given, at a temperature, K.
///
/// # Equation
/// Concentrated: [`newman`]. Two species with dissociation: the anions stand still at the electrodes only; over `ℓ = √(D/λ)`, with
/// `D = 2 D₊ D₋/(D₊ + D₋)` and the rate `λ = k_d + 2 k_r c` at which a concentration returns to equilibrium, the reaction lets them move, so that
/// `Ne = (D₋/D₊) tanh(z)/z`, `z = L/(2 ℓ)`: t₊ of a plain salt for thin films or slow reactions, no polarisation at all for thick ones.
///
/// # Verification
/// `cellwright validate transference`
pub fn truth(law: &ElectrolyteLaw, temperature: f64, thickness: f64) -> Truth {
    let c = law.initial_concentration();
    match law {
        ElectrolyteLaw::Concentrated {
            conductivity,
            diffusion,
            transference_number,
            thermodynamic_factor,
            ..
        } => {
            let [kappa, d, t, factor] =
                [conductivity, diffusion, transference_number, thermodynamic_factor].map(|p| p.eval(c, temperature).value);
            Truth {
                number: t,
                newman: newman(kappa, d, t, factor, c, temperature),
                thermodynamic_factor: factor,
                dissociates: false,
            }
        }
        ElectrolyteLaw::TwoSpecies {
            total_lithium,
            mobile_fraction,
            recombination,
            cation,
            anion,
        } => {
            let [k, p, n] = [recombination, cation, anion].map(|d| d.eval(c, temperature).value);
            let dissociation = k * total_lithium * mobile_fraction.powi(2) / (1.0 - mobile_fraction);
            let rate = dissociation + 2.0 * k * c;
            let z = 0.5 * thickness * (rate * (p + n) / (2.0 * p * n)).sqrt();
            Truth {
                number: p / (p + n),
                newman: n / p * if z > 0.0 { z.tanh() / z } else { 1.0 },
                thermodynamic_factor: 1.0,
                dissociates: k > 0.0,
            }
        }
        ElectrolyteLaw::SingleIon { .. } => Truth {
            number: 1.0,
            newman: 0.0,
            thermodynamic_factor: 1.0,
            dissociates: false,
        },
    }
}

/// Holds between lithium and lithium that give no transference number, as they lack a spectrum on one side.
pub fn remarks(prepared: &Prepared) -> Vec<Diagnostic> {
    if !symmetric(&prepared.cell.spec) {
        return vec![];
    }
    let steps: Vec<&Step> = prepared.protocol.unrolled().take(MOST_CHECKED).map(|l| l.step).collect();
    let spectrum = |mut beside: Box<dyn Iterator<Item = &&Step> + '_>| {
        beside
            .find(|s| s.action != Action::Rest)
            .is_some_and(|s| matches!(s.action, Action::Impedance { .. }))
    };
    let lacking = steps.iter().enumerate().filter(|(_, s)| matches!(s.action, Action::Voltage(_))).filter_map(|(k, s)| {
        let (before, after) = (spectrum(Box::new(steps[..k].iter().rev())), spectrum(Box::new(steps[k + 1..].iter())));
        let lacks = match (before, after) {
            (true, true) => return None,
            (false, false) => "before and after it",
            (false, true) => "before it",
            (true, false) => "after it",
        };
        let d = Diagnostic::warning("W213", format!("\"{}\" between lithium and lithium has no spectrum {lacks}", s.text))
            .note("a transference number needs the resistance of the interfaces before and after the step (Evans, Vincent, Bruce 1987)")
            .help("steps = [\"Impedance from 1 mHz to 1 MHz at 10 points per decade\", \"Hold at 10 mV for 2 h\", \"Impedance from 1 mHz to 1 MHz at 10 points per decade\"]");
        Some(match prepared.place(&s.place) {
            Some(place) => d.at(place).label("gives a current, but no transference number"),
            None => d,
        })
    });
    lacking.take(1).collect()
}

/// Steps of a protocol that are looked at.
const MOST_CHECKED: usize = 1000;

/// Words for a doubt.
pub fn words(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Unsteady => "the current still changed at the end: hold longer",
        Doubt::Large => "the step is not small against RT/F: take 10 mV",
        Doubt::NoArc => {
            "no arc of the interfaces in a spectrum, so their resistance is not taken out: double_layer = \"on\" under [model], frequencies around 1 kHz"
        }
        Doubt::Overlap => "the arc of the interfaces runs into that of diffusion",
        Doubt::Interface => "most of the voltage is lost at the interfaces: a small error of their resistance is a large one of the number",
    }
}

/// One experiment in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TransferenceSummary {
    /// As written.
    pub step: String,
    /// Step of voltage, V.
    pub voltage_v: f64,
    /// Before the salt moves, A.
    pub initial_current_a: f64,
    /// At the end, A.
    pub steady_current_a: f64,
    /// Change over the last tenth of the step, relative.
    pub drift: f64,
    /// Resistance of the electrolyte before it, ohm.
    pub electrolyte_ohm: Option<f64>,
    /// Resistance of the interfaces before and after, ohm; `null` without an arc.
    pub interface_ohm: [Option<f64>; 2],
    /// Extracted.
    pub transference_number: f64,
    /// Steady over initial current, not corrected.
    pub current_ratio: f64,
    /// Put in.
    pub truth: f64,
    /// Newman's number of the electrolyte.
    pub newman: f64,
    /// Foretold for a concentrated electrolyte, 1/(1 + Ne).
    pub foretold: f64,
    /// Thermodynamic factor of the electrolyte.
    pub thermodynamic_factor: f64,
    /// Whether what is measured is the transference number.
    pub dilute: bool,
    /// Reasons not to believe it.
    pub doubts: Vec<&'static str>,
}

impl Transference {
    /// The experiments in numbers.
    pub fn summary(&self, solution: &Solution) -> Vec<TransferenceSummary> {
        let one = |e: &Experiment| TransferenceSummary {
            step: solution.steps[e.step].text.clone(),
            voltage_v: e.voltage,
            initial_current_a: e.initial,
            steady_current_a: e.steady,
            drift: e.drift,
            electrolyte_ohm: e.arcs[0].map(|a| a.electrolyte),
            interface_ohm: e.arcs.map(|a| a.map(|a: Arc| a.interface)),
            transference_number: e.number,
            current_ratio: e.steady / e.initial,
            truth: self.truth.number,
            newman: self.truth.newman,
            foretold: self.truth.current_ratio(),
            thermodynamic_factor: self.truth.thermodynamic_factor,
            dilute: self.truth.dilute(),
            doubts: e.doubts.iter().map(|d| words(*d)).collect(),
        };
        self.experiments.iter().map(one).collect()
    }
}
