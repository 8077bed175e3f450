//! The computations behind a report: the protocol itself, the rate series, the error estimates and what a change would bring.

use crate::arrhenius::{self, Conductivity};
use crate::electrical::{self, Tests};
use crate::life::{self, Life};
use crate::prepare::{Prepared, Profiles};
use crate::section_stress::{self, SectionStress};
use crate::shelf::{self, Shelf};
use crate::spectra::{self, Reading};
use cellwright_dae::Tolerance;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::{ActiveMaterial, CellSpec, Electrode, ElectrolyteLaw};
use cellwright_lab::impedance::Spectrum;
use cellwright_lab::protocol::{Action, Crossing, Protocol, Rate, Step, Termination};
use cellwright_lab::results::Quantity;
use cellwright_lab::run::{RunOptions, Silent, run};
use cellwright_lab::solution::{FIRST_LOSS, Solution, StepRecord};
use cellwright_materials::{Confidence, Property, Value};

/// One discharge of the rate series.
#[derive(Clone, Debug)]
pub struct RateResult {
    /// As written.
    pub label: String,
    /// Current, A.
    pub current: f64,
    /// Result; `None` if the cell cannot start at this rate.
    pub discharge: Option<Discharge>,
}

/// Numbers of one discharge.
#[derive(Clone, Debug)]
pub struct Discharge {
    /// Charge delivered, C.
    pub capacity: f64,
    /// Energy delivered, J.
    pub energy: f64,
    /// Duration, s.
    pub duration: f64,
    /// Mean losses, V, in the order of `losses::LOSSES`, weighted with charge.
    pub losses: [f64; 8],
    /// Capacity, C, and voltage, V, along the discharge.
    pub curve: (Vec<f64>, Vec<f64>),
}

impl Discharge {
    /// Energy over charge, V.
    pub fn mean_voltage(&self) -> f64 {
        self.energy / self.capacity
    }

    /// Energy over time, W.
    pub fn mean_power(&self) -> f64 {
        self.energy / self.duration
    }

    /// Sum of the mean losses, V.
    pub fn loss(&self) -> f64 {
        self.losses.iter().sum()
    }
}

/// What one change would bring.
#[derive(Clone, Debug)]
pub struct Change {
    /// In words.
    pub label: String,
    /// Mean loss and capacity after the change: V, C.
    pub after: (f64, f64),
}

/// A value of low confidence that moves the answer.
#[derive(Clone, Debug)]
pub struct Driver {
    /// Material.
    pub material: String,
    /// Property key.
    pub key: &'static str,
    /// Words for the range and the capacities at its ends, C.
    pub range: (f64, f64),
    /// Capacity at both ends, C.
    pub capacity: (f64, f64),
}

/// Differences against a coarser mesh and a looser tolerance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Errors {
    /// Estimated relative error of the capacity (or of the mean voltage, if larger) from the mesh.
    pub mesh: Option<f64>,
    /// Estimated error of the mean voltage from time stepping, V.
    pub time: Option<f64>,
}

/// Everything computed for one report.
#[derive(Clone, Debug)]
pub struct Study {
    /// The protocol's result.
    pub solution: Solution,
    /// Step whose numbers head the report: the discharge that moves most charge.
    pub main: Option<usize>,
    /// Its numbers.
    pub discharge: Option<Discharge>,
    /// Rate series.
    pub rates: Vec<RateResult>,
    /// What changes would bring.
    pub changes: Vec<Change>,
    /// Values of low confidence that move the answer.
    pub drivers: Vec<Driver>,
    /// Error estimates.
    pub errors: Errors,
    /// What is found in the impedance spectra, in their order.
    pub readings: Vec<Reading>,
    /// Voltammetry, titration and pulses.
    pub tests: Tests,
    /// Conductivity of the electrolyte against temperature.
    pub conductivity: Conductivity,
    /// Stress on a section of the device.
    pub section_stress: Option<SectionStress>,
    /// What is left after years on the shelf.
    pub shelf: Option<Shelf>,
    /// What the cycles did to the cell.
    pub life: Option<Life>,
    /// Volumes and unknowns.
    pub size: (usize, usize),
}

/// Runs everything that hangs on the finished main run.
pub fn complete(prepared: &Prepared, profiles: &Profiles, solution: Solution) -> Study {
    let spec = &prepared.cell.spec;
    let model = prepared.cell.model(spec.clone());
    let size = (model.mesh.n_cells(), model.n());
    let main = main_step(&solution);
    let discharge = main.map(|m| discharge_of(&solution, m));
    let mut study = Study {
        solution,
        main,
        discharge,
        rates: vec![],
        changes: vec![],
        drivers: vec![],
        errors: Errors::default(),
        readings: vec![],
        tests: Tests::default(),
        conductivity: arrhenius::of(prepared),
        section_stress: None,
        shelf: None,
        life: None,
        size,
    };
    study.tests = electrical::find(prepared, &study.solution);
    study.readings = spectra::read(&study.solution, &coarse_spectra(prepared, profiles, &study.solution));
    study.section_stress = section_stress::of(prepared, &study.solution);
    study.shelf = shelf::of(prepared, &study.solution);
    study.life = life::of(prepared, &study.solution);
    study.rates = prepared
        .rates
        .iter()
        .map(|r| rate(prepared, r.text.value.clone(), r.rate))
        .collect();
    if let (Some(m), Some(d)) = (main, study.discharge.clone()) {
        let again = Again {
            prepared,
            profiles,
            protocol: up_to(&prepared.protocol, study.solution.steps[m].index),
            step: m,
        };
        study.errors = again.errors(&d);
        if prepared.cell.meshed.is_none() {
            study.changes = again.changes();
            study.drivers = again.drivers(&d);
        }
    }
    study
}

/// What can be said of a run that broke off: its rows, no estimates.
pub fn partial(prepared: &Prepared, solution: Solution) -> Study {
    let model = prepared.cell.model(prepared.cell.spec.clone());
    let main = main_step(&solution);
    Study {
        discharge: main.map(|m| discharge_of(&solution, m)),
        main,
        readings: spectra::read(&solution, &[]),
        tests: electrical::find(prepared, &solution),
        conductivity: arrhenius::of(prepared),
        life: life::of(prepared, &solution),
        solution,
        rates: vec![],
        changes: vec![],
        drivers: vec![],
        errors: Errors::default(),
        section_stress: None,
        shelf: None,
        size: (model.mesh.n_cells(), model.n()),
    }
}

/// The discharge that moves most charge.
fn main_step(solution: &Solution) -> Option<usize> {
    let moved = |s: &StepRecord| s.charge;
    let steps = solution
        .steps
        .iter()
        .enumerate()
        .filter(|(_, s)| s.charge > 0.0 && s.end > s.start && !s.settling);
    // The first of equals: later cycles repeat it.
    steps
        .fold(None, |best: Option<(usize, f64)>, (i, s)| match best {
            Some((_, q)) if moved(s) <= q * (1.0 + 1e-6) => best,
            _ => Some((i, moved(s))),
        })
        .map(|(i, _)| i)
}

/// Rows of step `m`.
pub fn rows(solution: &Solution, m: usize) -> std::ops::Range<usize> {
    let end = solution.steps.get(m + 1).map_or(solution.series.len(), |s| s.first_row);
    solution.steps[m].first_row..end
}

/// The spectra of the same protocol on the coarse mesh; empty if the protocol is too long to repeat.
fn coarse_spectra(prepared: &Prepared, profiles: &Profiles, solution: &Solution) -> Vec<Spectrum> {
    let Some(last) = solution.spectra.last().map(|s| s.step) else {
        return vec![];
    };
    if last >= MOST_STEPS as u64 {
        return vec![];
    }
    let mut model = prepared.cell.coarse_model(prepared.cell.spec.clone());
    let options = RunOptions {
        details: false,
        jump: prepared.cell.ageing.jump,
        ..options(prepared, profiles, prepared.tolerance.clone())
    };
    run(&mut model, &up_to(&prepared.protocol, last), &options, None, &mut Silent).map_or(vec![], |s| s.spectra)
}

/// Numbers of step `m` from the recorded rows.
pub fn discharge_of(solution: &Solution, m: usize) -> Discharge {
    let record = &solution.steps[m];
    let range = rows(solution, m);
    let q: Vec<f64> = {
        let (d, c) = (
            solution.column(Quantity::DischargingCapacity),
            solution.column(Quantity::ChargingCapacity),
        );
        range.clone().map(|r| d[r] - c[r]).collect()
    };
    let v = solution.column(Quantity::Voltage)[range.clone()].to_vec();
    let mut losses = [0.0; 8];
    let columns = solution.series.columns();
    for (k, loss) in losses.iter_mut().enumerate() {
        let values = &columns[FIRST_LOSS + k].values[range.clone()];
        let sum: f64 = (1..q.len()).map(|i| 0.5 * (values[i] + values[i - 1]) * (q[i] - q[i - 1])).sum();
        *loss = sum / record.charge;
    }
    let start = q.first().copied().unwrap_or(0.0);
    Discharge {
        capacity: record.charge,
        energy: record.energy,
        duration: record.end - record.start,
        losses,
        curve: (q.iter().map(|x| x - start).collect(), v),
    }
}

fn options(prepared: &Prepared, profiles: &Profiles, tolerance: Tolerance) -> RunOptions {
    RunOptions {
        tolerance,
        basis: prepared.basis,
        profiles: profiles.clone(),
        details: true,
        jump: None,
    }
}

/// The cell fully charged; electrodes whose full charge is unknown stay as the design has them.
pub(crate) fn charged(prepared: &Prepared) -> CellSpec {
    let mut spec = prepared.cell.spec.clone();
    for (e, full) in [&mut spec.negative, &mut spec.positive].into_iter().zip(prepared.cell.full) {
        with_active(e, |a| a.initial_stoichiometry = full.unwrap_or(a.initial_stoichiometry));
    }
    spec
}

/// One discharge from full charge to the lower voltage limit.
fn rate(prepared: &Prepared, label: String, rate: Rate) -> RateResult {
    let step = Step::new(
        Action::Current(rate),
        vec![Termination::Voltage {
            volts: prepared.voltage[0],
            crossing: Crossing::Falling,
        }],
        None,
    );
    let protocol = Protocol { steps: vec![step] };
    let mut model = prepared.cell.quick_model(charged(prepared));
    let solved = run(
        &mut model,
        &protocol,
        &options(prepared, &Profiles::new(), prepared.tolerance.clone()),
        None,
        &mut Silent,
    );
    let discharge = solved
        .ok()
        .filter(|s| s.steps.first().is_some_and(|r| r.charge > 0.0))
        .map(|s| discharge_of(&s, 0));
    RateResult {
        label,
        current: rate.amperes(&prepared.basis),
        discharge,
    }
}

/// The first leaf steps of a protocol, up to and with number `last`.
fn up_to(protocol: &Protocol, last: u64) -> Protocol {
    Protocol {
        steps: protocol.unrolled().take(last as usize + 1).map(|l| l.step.clone()).collect(),
    }
}

/// Steps beyond this are too many to repeat for estimates.
const MOST_STEPS: usize = 24;

struct Again<'a> {
    prepared: &'a Prepared,
    profiles: &'a Profiles,
    protocol: Protocol,
    step: usize,
}

impl Again<'_> {
    /// Loss and capacity of the main step with another cell.
    fn with(&self, spec: CellSpec, tolerance: Tolerance) -> Option<Discharge> {
        self.solved(self.prepared.cell.model(spec), tolerance)
    }

    fn solved(&self, mut model: Model, tolerance: Tolerance) -> Option<Discharge> {
        if self.protocol.steps.len() > MOST_STEPS {
            return None;
        }
        let solution = run(
            &mut model,
            &self.protocol,
            &options(self.prepared, self.profiles, tolerance),
            None,
            &mut Silent,
        )
        .ok()?;
        (solution.steps.len() > self.step && solution.steps[self.step].charge > 0.0).then(|| discharge_of(&solution, self.step))
    }

    /// Ten times the tolerance: enough for differences of more than a per mille.
    fn loose(&self) -> Tolerance {
        let t = &self.prepared.tolerance;
        let atol = match &t.atol {
            cellwright_dae::AbsoluteTolerance::Scalar(a) => *a,
            cellwright_dae::AbsoluteTolerance::PerUnknown(_) => crate::prepare::ABSOLUTE_TOLERANCE,
        };
        Tolerance::new(10.0 * t.rtol, 10.0 * atol)
    }

    fn errors(&self, base: &Discharge) -> Errors {
        let spec = &self.prepared.cell.spec;
        let t = &self.prepared.tolerance;
        let change = |d: Discharge| {
            let capacity = (d.capacity / base.capacity - 1.0).abs();
            capacity.max((d.mean_voltage() / base.mean_voltage() - 1.0).abs())
        };
        let cell = &self.prepared.cell;
        let coarse = self.solved(cell.coarse_model(spec.clone()), t.clone());
        let reference = if cell.meshed.is_some() {
            coarse.clone()
        } else {
            Some(base.clone())
        };
        let loose = self.solved(cell.quick_model(spec.clone()), self.loose());
        Errors {
            // Second order: the error of the fine mesh is a third of the difference to one with half the volumes.
            mesh: coarse.map(|d| change(d) / 3.0),
            // The error falls about in proportion to the tolerance; in the real geometry it is estimated on the coarse mesh.
            time: loose.zip(reference).map(|(d, r)| (d.mean_voltage() - r.mean_voltage()).abs() / 9.0),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let mut out = Vec::new();
        let spec = &self.prepared.cell.spec;
        let mut push = |label: String, spec: CellSpec| {
            if let Some(d) = self.with(spec, self.loose()) {
                out.push(Change {
                    label,
                    after: (d.loss(), d.capacity),
                });
            }
        };
        for (side, negative) in [("positive", false), ("negative", true)] {
            let electrode = if negative { &spec.negative } else { &spec.positive };
            if electrode.active().is_none() {
                continue;
            }
            let edit = |f: &dyn Fn(&mut Electrode)| {
                let mut s = spec.clone();
                f(if negative { &mut s.negative } else { &mut s.positive });
                s
            };
            push(format!("{side} electrode half as thick"), edit(&|e| scale_thickness(e, 0.5)));
            push(
                format!("diffusion in the {side} electrode ×2"),
                edit(&|e| with_active(e, |a| scale(&mut a.diffusion, 2.0))),
            );
            push(
                format!("exchange current of the {side} electrode ×2"),
                edit(&|e| with_active(e, |a| scale(&mut a.exchange_current.property, 2.0))),
            );
        }
        let mut s = spec.clone();
        s.separator.thickness *= 0.5;
        push("electrolyte layer half as thick".into(), s);
        let mut s = spec.clone();
        match &mut s.electrolyte {
            ElectrolyteLaw::Concentrated { conductivity, .. } | ElectrolyteLaw::SingleIon { conductivity } => scale(conductivity, 2.0),
            ElectrolyteLaw::TwoSpecies { cation, anion, .. } => {
                scale(cation, 2.0);
                scale(anion, 2.0);
            }
        }
        push("ions in the electrolyte twice as mobile".into(), s);
        out
    }

    /// Runs the ends of the published range of every doubtful value.
    fn drivers(&self, base: &Discharge) -> Vec<Driver> {
        let mut out = Vec::new();
        for used in &self.prepared.cell.used {
            let p = &used.property;
            let doubtful = p.provenance.confidence <= Confidence::Derived;
            let (Some((low, high)), true) = (p.spread, doubtful) else {
                continue;
            };
            let ends: Vec<f64> = [low, high]
                .iter()
                .filter_map(|v| {
                    self.with(self.replaced(p, *v)?, self.prepared.tolerance.clone())
                        .map(|d| d.capacity)
                })
                .collect();
            if let [a, b] = ends[..]
                && ((a - base.capacity).abs() > 0.1 * base.capacity || (b - base.capacity).abs() > 0.1 * base.capacity)
            {
                out.push(Driver {
                    material: used.symbol.clone(),
                    key: p.key,
                    range: (low, high),
                    capacity: (a, b),
                });
            }
        }
        out
    }

    /// The cell with one property set to a constant; `None` if it does not enter through a property.
    fn replaced(&self, property: &Property, value: f64) -> Option<CellSpec> {
        let mut spec = self.prepared.cell.spec.clone();
        let set = |p: &mut Property| {
            if p.key == property.key && p.provenance == property.provenance {
                p.value = Value::Constant(value);
                return true;
            }
            false
        };
        let mut hit = false;
        for e in [&mut spec.negative, &mut spec.positive] {
            with_active(e, |a| hit |= set(&mut a.diffusion) | set(&mut a.exchange_current.property));
        }
        match &mut spec.electrolyte {
            ElectrolyteLaw::Concentrated {
                conductivity, diffusion, ..
            } => hit |= set(conductivity) | set(diffusion),
            ElectrolyteLaw::SingleIon { conductivity } => hit |= set(conductivity),
            ElectrolyteLaw::TwoSpecies {
                recombination,
                cation,
                anion,
                ..
            } => hit |= set(recombination) | set(cation) | set(anion),
        }
        hit.then_some(spec)
    }
}

fn with_active(e: &mut Electrode, f: impl FnOnce(&mut ActiveMaterial)) {
    if let Electrode::Film { active, .. } | Electrode::Porous { active, .. } = e {
        f(active);
    }
}

fn scale_thickness(e: &mut Electrode, factor: f64) {
    if let Electrode::Film { thickness, .. } | Electrode::Porous { thickness, .. } = e {
        *thickness *= factor;
    }
}

/// Multiplies a property by a factor, whatever its form, through its Arrhenius prefactor.
fn scale(p: &mut Property, factor: f64) {
    p.value = match p.value.clone() {
        Value::Constant(v) => Value::Constant(v * factor),
        Value::Expression(e) => Value::Expression(e.scaled(1.0, factor)),
        Value::Table(t) => {
            let (x, y): (Vec<f64>, Vec<f64>) = t.points().map(|(x, y)| (x, y * factor)).unzip();
            let kind = t.interpolation();
            cellwright_base::table::Table::new(x, y, kind).map_or(Value::Table(t), Value::Table)
        }
    };
}
