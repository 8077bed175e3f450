//! The run loop: carries out a protocol on a model, step by step, and keeps what the report needs.

use crate::checkpoint::Checkpoint;
use crate::impedance;
use crate::jump::{Jumped, Jumper};
use crate::protocol::{Action, Crossing, CurrentProfile, Leaf, Protocol, RateBasis, Termination};
use crate::recorder::Recorder;
use crate::solution::{Solution, StepEnd, StepRecord};
use crate::wearing::Wearing;
use cellwright_dae::{
    Bdf, BdfOptions, DaeError, InitialOptions, JacobianPolicy, StepFailure, StepOutcome, Tolerance, consistent_initial_conditions, settle,
};
use cellwright_electrochem::model::{CHARGE, CURRENT, Control, ENERGY, Model, POTENTIAL, Stop};
use std::collections::BTreeMap;

/// A step that lasts longer than this without reaching its end is given up, s (about thirty years).
const LONGEST_STEP: f64 = 1e9;

/// Step in which charged interfaces settle at a start, s: far below their time constants of milliseconds.
const SETTLING: f64 = 1e-8;

/// Distance from the open-circuit voltage beyond which a cell is not at rest, V: less is what a laboratory waits for.
const UNREST: f64 = 1e-3;

/// What a run needs besides model and protocol.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Tolerance of the time integration.
    pub tolerance: Tolerance,
    /// What rates refer to.
    pub basis: RateBasis,
    /// Current profiles by file name.
    pub profiles: BTreeMap<String, CurrentProfile>,
    /// Keep losses and profile frames (switch off for bare speed).
    pub details: bool,
    /// Jump over passes of a repeat, see [`crate::jump`]: allowed error relative to the capacity.
    pub jump: Option<f64>,
}

/// What the run loop tells while it runs.
#[derive(Clone, Debug)]
pub enum RunEvent<'a> {
    /// A step begins.
    StepStarted {
        /// Running number.
        index: u64,
        /// Number of steps.
        total: u64,
        /// As written.
        text: &'a str,
    },
    /// A step goes on.
    StepProgress {
        /// Part of the step that is done, if it can be known.
        fraction: Option<f64>,
        /// Test time, s.
        time: f64,
        /// Terminal voltage, V.
        voltage: f64,
    },
    /// A step is done.
    StepEnded(&'a StepRecord),
}

/// What the caller wants the run loop to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Go on.
    Continue,
    /// Hand a checkpoint to the caller and go on.
    Checkpoint,
    /// Stop with a checkpoint.
    Stop,
}

/// The caller's side of a run.
pub trait Observer {
    /// Something happened; the answer is obeyed at [`RunEvent::StepProgress`].
    fn event(&mut self, event: RunEvent<'_>) -> Demand;
    /// A checkpoint was asked for.
    fn checkpoint(&mut self, checkpoint: Checkpoint);
}

/// An observer that never interferes.
pub struct Silent;

impl Observer for Silent {
    fn event(&mut self, _event: RunEvent<'_>) -> Demand {
        Demand::Continue
    }
    fn checkpoint(&mut self, _checkpoint: Checkpoint) {}
}

/// Voltage that no cell has, series resistance left out, V: a step without a voltage limit that gets there asks for more than the cell can give.
const NO_CELL: f64 = 10.0;

/// Where and why the solver gave up.
#[derive(Clone, Debug)]
pub struct Breakdown {
    /// Step text.
    pub step: String,
    /// Item and span of the step in the protocol.
    pub place: crate::protocol::StepPlace,
    /// Test time, s.
    pub time: f64,
    /// Region at fault.
    pub region: &'static str,
    /// Unknown at fault.
    pub unknown: &'static str,
    /// In words.
    pub cause: String,
    /// True if the step could not even start.
    pub at_start: bool,
    /// Results up to there.
    pub partial: Solution,
}

/// Why a run could not go on; the results so far are kept.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The solver could not continue.
    #[error("could not continue at {time:.6e} s in \"{step}\": {region}, {unknown}: {cause}", time = .0.time, step = .0.step, region = .0.region, unknown = .0.unknown, cause = .0.cause)]
    NotConverged(Box<Breakdown>),
    /// A profile file is missing from the options.
    #[error("no current profile was read for \"{file}\"")]
    MissingProfile {
        /// Name in the protocol.
        file: String,
    },
    /// The step is not in this version.
    #[error("\"{step}\" is not in this version")]
    Unsupported {
        /// Step text.
        step: String,
        /// Item and span of the step in the protocol.
        place: crate::protocol::StepPlace,
    },
    /// A checkpoint does not fit this model.
    #[error(transparent)]
    Checkpoint(#[from] crate::checkpoint::CheckpointError),
}

/// Runs `protocol` from the model's initial state, or from a checkpoint.
///
/// # Errors
/// [`RunError`]; a solver failure carries the results so far.
pub fn run(
    model: &mut Model,
    protocol: &Protocol,
    options: &RunOptions,
    resume: Option<&Checkpoint>,
    observer: &mut dyn Observer,
) -> Result<Solution, RunError> {
    let mut y = model.initial_state();
    let mut wearing = Wearing::default();
    let mut recorder = Recorder::new(model, &y, options.details);
    let (mut first, mut time, mut into_step) = (0, 0.0, 0.0);
    let mut resumed_step = None;
    if let Some(c) = resume {
        recorder.restore(c, &mut y)?;
        wearing = Wearing::restore(model, c)?;
        (first, time, into_step) = (c.step, c.time, c.step_time);
        resumed_step = Some(StepStart {
            charge: c.array("step")?[0],
            energy: c.array("step")?[1],
        });
    }
    let mut test = Test {
        model,
        options,
        observer,
        recorder,
        y,
        time,
        origin: time,
        bdf: None,
        wearing,
        settling: false,
        total: protocol.unrolled_len(),
    };
    let mut jumper = Jumper::new(protocol, options.jump);
    let mut leaves = protocol.unrolled_from(first);
    while let Some(leaf) = leaves.next() {
        test.settling = jumper.settling();
        let done = test.step(leaf, into_step, resumed_step.take())?;
        into_step = 0.0;
        if !done {
            return Ok(test.finish(false, jumper.jumped));
        }
        let next = jumper.after(leaf.index, test.model, &mut test.y, &mut test.time, &mut test.recorder);
        if let Some(next) = next {
            leaves = protocol.unrolled_from(next);
        }
    }
    Ok(test.finish(true, jumper.jumped))
}

#[derive(Clone, Copy)]
struct StepStart {
    charge: f64,
    energy: f64,
}

struct Test<'a> {
    model: &'a mut Model,
    options: &'a RunOptions,
    observer: &'a mut dyn Observer,
    recorder: Recorder,
    y: Vec<f64>,
    time: f64,
    /// Test time at which the integrator was started: it counts from there, so that late starts are as fine as early ones.
    origin: f64,
    bdf: Option<Bdf>,
    wearing: Wearing,
    settling: bool,
    total: u64,
}

impl Test<'_> {
    fn finish(self, complete: bool, jumped: Jumped) -> Solution {
        let statistics = self.bdf.map(|b| *b.statistics()).unwrap_or_default();
        let mut solution = self.recorder.finish(self.model, self.y, statistics, complete);
        solution.jumped = jumped;
        solution
    }

    /// Runs one step; false if the run was interrupted.
    fn step(&mut self, leaf: Leaf<'_>, into_step: f64, resumed: Option<StepStart>) -> Result<bool, RunError> {
        let step = leaf.step;
        let start_time = self.time - into_step;
        self.observer.event(RunEvent::StepStarted {
            index: leaf.index,
            total: self.total,
            text: &step.text,
        });
        let border = |y: &[f64], which| self.model.border(y, which);
        let begin = resumed.unwrap_or(StepStart {
            charge: border(&self.y, CHARGE),
            energy: border(&self.y, ENERGY),
        });
        let duration = self.duration(step, start_time)?;
        let mut ended = None;
        let first_row = self.recorder.rows();
        self.recorder.begin_step(leaf.index, leaf.cycle, into_step > 0.0);
        let mut corner = start_time + into_step;
        if let Action::Impedance {
            fmin,
            fmax,
            points_per_decade,
        } = step.action
        {
            if !self.spectrum(leaf, &impedance::frequencies(fmin, fmax, points_per_decade))? {
                return Ok(false);
            }
            ended = Some(StepEnd::Time);
        }
        while ended.is_none() {
            // One segment: the control is smooth, or a straight line of a profile.
            let segment_end = self.set_control(step, start_time, corner)?;
            let limit = (start_time + duration).min(segment_end);
            let first_segment = corner <= start_time + into_step;
            if first_segment {
                self.set_stops(step, begin.charge);
            }
            self.initialise(leaf)?;
            if first_segment {
                if into_step == 0.0 {
                    ended = self.already_met();
                }
                self.recorder.row(self.model, &self.y, self.time, true);
                self.wearing.advance(self.model, &self.y, self.time);
                if ended.is_some() {
                    self.recorder
                        .remark(format!("\"{}\" ended at once: {}", step.text, describe(ended.as_ref())));
                    break;
                }
            }
            let reached = self.integrate(leaf, start_time, limit, begin)?;
            match reached {
                Reached::Stopped => return Ok(false),
                Reached::Event(index) => ended = Some(StepEnd::Limit(self.stop_text(index))),
                Reached::Time if limit >= start_time + duration => ended = Some(StepEnd::Time),
                Reached::Time => corner = limit,
            }
        }
        let record = StepRecord {
            index: leaf.index,
            cycle: leaf.cycle,
            text: step.text.clone(),
            start: start_time,
            end: self.time,
            charge: self.model.border(&self.y, CHARGE) - begin.charge,
            energy: self.model.border(&self.y, ENERGY) - begin.energy,
            voltage: self.model.voltage(&self.y),
            current: self.model.border(&self.y, CURRENT),
            ended: ended.unwrap_or(StepEnd::Time),
            first_row,
            settling: self.settling,
        };
        self.observer.event(RunEvent::StepEnded(&record));
        let last = leaf.index + 1 == self.total;
        self.recorder.end_step(self.model, &self.y, record, last);
        self.wearing.apply(self.model, &self.y);
        Ok(true)
    }

    /// Impedance at the present state, which a step without current does not change; false if it was interrupted.
    fn spectrum(&mut self, leaf: Leaf<'_>, frequencies: &[f64]) -> Result<bool, RunError> {
        self.set_control(leaf.step, self.time, self.time)?;
        self.set_stops(leaf.step, 0.0);
        self.initialise(leaf)?;
        let (time, voltage) = (self.time, self.model.voltage(&self.y));
        let observer = &mut *self.observer;
        let mut each = |fraction| {
            let progress = RunEvent::StepProgress {
                fraction: Some(fraction),
                time,
                voltage,
            };
            observer.event(progress) != Demand::Stop
        };
        let measured = impedance::measure(self.model, &self.y, frequencies, &mut each);
        let mut spectrum = measured.map_err(|cause| self.failure(leaf, &DaeError::Unusable { t: time, cause }, true))?;
        if spectrum.frequency.len() < frequencies.len() {
            // The state is as it was before the step: a resumed run measures the whole spectrum.
            let y = &self.y;
            let border = |which| self.model.border(y, which);
            let mut c = self.recorder.checkpoint(leaf.index, time, 0.0, y, [border(CHARGE), border(ENERGY)]);
            self.wearing.store(self.model, &mut c);
            self.observer.checkpoint(c);
            return Ok(false);
        }
        self.recorder.row(self.model, &self.y, self.time, true);
        // Lithium on both sides: what a hold leaves is meant to be there, and the transference number is read from fast arcs.
        let rests = spectrum.stoichiometry != [None; 2];
        if rests && spectrum.unrest.abs() > UNREST {
            self.recorder.remark(format!(
                "\"{}\" was measured {:.1} mV away from the open-circuit voltage: the cell was not at rest, so a measured spectrum would drift at low frequency; put `Rest for 2 h` before it",
                leaf.step.text,
                spectrum.unrest.abs() * 1e3
            ));
        }
        (spectrum.step, spectrum.time, spectrum.text) = (leaf.index, time, leaf.step.text.clone());
        self.recorder.spectrum(spectrum);
        Ok(true)
    }

    /// Longest duration of the step, s.
    fn duration(&self, step: &crate::protocol::Step, start: f64) -> Result<f64, RunError> {
        let own = match &step.action {
            Action::Profile { file } => self.profile(file)?.duration(),
            Action::Sweep { from, to, rate } => {
                let into = (to - self.sweep_start(*from, *to, *rate, start)).abs();
                into / rate
            }
            _ => LONGEST_STEP,
        };
        Ok(step.duration.unwrap_or(LONGEST_STEP).min(own))
    }

    /// Voltage at which a sweep begins: as written, or what the terminals have; a sweep that is taken up again began further back.
    fn sweep_start(&self, from: Option<f64>, to: f64, rate: f64, start: f64) -> f64 {
        from.unwrap_or_else(|| {
            let now = self.model.voltage(&self.y);
            now - (to - now).signum() * rate * (self.time - start)
        })
    }

    fn profile(&self, file: &str) -> Result<&CurrentProfile, RunError> {
        self.options
            .profiles
            .get(file)
            .ok_or_else(|| RunError::MissingProfile { file: file.to_owned() })
    }

    /// Imposes the step's control from the test time `at` on; returns when it has to be renewed.
    fn set_control(&mut self, step: &crate::protocol::Step, start: f64, at: f64) -> Result<f64, RunError> {
        let basis = &self.options.basis;
        let mut renew = f64::INFINITY;
        self.model.control = match &step.action {
            Action::Current(rate) => Control::Current(rate.amperes(basis)),
            Action::Rest => Control::Current(0.0),
            Action::Voltage(v) => Control::Voltage(*v),
            Action::Power(p) => Control::Power(p.watts(basis)),
            Action::Resistance(r) => Control::Resistance(r.ohms(basis)),
            Action::Sweep { from, to, rate } => {
                let from = self.sweep_start(*from, *to, *rate, start);
                Control::Ramp {
                    from,
                    rate: rate * (to - from).signum(),
                    start: start - at,
                }
            }
            Action::Profile { file } => {
                let profile = self.profile(file)?;
                let (t, from) = (at - start, profile.at(at - start).amperes(basis));
                match profile.next_corner(t) {
                    Some(next) => {
                        renew = start + next;
                        Control::CurrentRamp {
                            from,
                            rate: (profile.before(next).amperes(basis) - from) / (next - t),
                            start: 0.0,
                        }
                    }
                    None => Control::Current(from),
                }
            }
            Action::Impedance { .. } => Control::Current(0.0),
            Action::Repeat { .. } => {
                return Err(RunError::Unsupported {
                    step: step.text.clone(),
                    place: step.place.clone(),
                });
            }
        };
        Ok(renew)
    }

    /// Sets the model's stops and their texts.
    fn set_stops(&mut self, step: &crate::protocol::Step, mark: f64) {
        let basis = &self.options.basis;
        let now = self.model.voltage(&self.y);
        let mut texts = Vec::new();
        self.model.stops = step
            .until
            .iter()
            .map(|u| match u {
                Termination::Voltage { volts, crossing } => {
                    texts.push(format!("{} V", short(*volts)));
                    let falling = match crossing {
                        Crossing::Falling => true,
                        Crossing::Rising => false,
                        Crossing::Either => now > *volts,
                    };
                    if falling {
                        Stop::VoltageBelow(*volts)
                    } else {
                        Stop::VoltageAbove(*volts)
                    }
                }
                Termination::Current(rate) => {
                    let limit = rate.amperes(basis).abs();
                    texts.push(cellwright_base::units::format_quantity(
                        limit,
                        cellwright_base::units::Dimension::CURRENT,
                    ));
                    Stop::CurrentBelow(limit)
                }
                Termination::Capacity(c) => {
                    let amount = c.coulombs(basis).abs();
                    texts.push(cellwright_base::units::format_quantity(
                        amount,
                        cellwright_base::units::Dimension::CAPACITY,
                    ));
                    Stop::ChargePassed { mark, amount }
                }
            })
            .collect();
        self.recorder.stop_texts = texts;
    }

    fn stop_text(&self, index: usize) -> String {
        if let Some(text) = self.recorder.stop_texts.get(index) {
            return text.clone();
        }
        let electrode = self.model.counted_metal().nth(index - self.recorder.stop_texts.len());
        let side = ["negative", "positive"][electrode.unwrap_or(0)];
        format!("the last lithium of the {side} electrode")
    }

    fn already_met(&mut self) -> Option<StepEnd> {
        let mut g = vec![1.0; cellwright_dae::System::n_events(self.model)];
        let yp = vec![0.0; self.y.len()];
        cellwright_dae::System::events(self.model, self.time, &self.y, &yp, &mut g);
        g.iter().position(|g| *g <= 0.0).map(|i| StepEnd::AtOnce(self.stop_text(i)))
    }

    /// Consistent state under the new control; restarts the integrator.
    fn initialise(&mut self, leaf: Leaf<'_>) -> Result<(), RunError> {
        self.origin = self.time;
        let mut yp = vec![0.0; self.y.len()];
        let options = InitialOptions {
            tolerance: self.options.tolerance.clone(),
            ..InitialOptions::default()
        };
        let solved = if self.model.stores_charge() {
            settle(self.model, 0.0, &mut self.y, &mut yp, SETTLING, &options)
        } else {
            consistent_initial_conditions(self.model, 0.0, &mut self.y, &mut yp, &options).map(|_| ())
        };
        let started = solved.and_then(|()| match &mut self.bdf {
            Some(b) => b.restart(0.0, &self.y, &yp),
            None => {
                let mut o = BdfOptions::with_tolerance(self.options.tolerance.clone());
                o.max_steps = usize::MAX;
                if !self.model.factors_cheaply() {
                    o.jacobian = JacobianPolicy::WhenNeeded;
                }
                self.bdf = Some(Bdf::new(self.model, 0.0, &self.y, &yp, o)?);
                Ok(())
            }
        });
        started.map_err(|e| self.failure(leaf, &e, true))
    }

    fn integrate(&mut self, leaf: Leaf<'_>, start: f64, limit: f64, begin: StepStart) -> Result<Reached, RunError> {
        let Some(mut bdf) = self.bdf.take() else { return Ok(Reached::Time) };
        let v_start = self.model.voltage(&self.y);
        let i_start = self.model.border(&self.y, CURRENT);
        let result = loop {
            if limit <= self.time || limit - self.origin <= bdf.t() {
                break Ok(Reached::Time);
            }
            let outcome = match bdf.step(self.model, Some(limit - self.origin)) {
                Ok(o) => o,
                Err(e) => break Err(e),
            };
            self.time = match outcome {
                StepOutcome::Event { t, .. } => self.origin + t,
                StepOutcome::Reached(_) => limit,
                StepOutcome::Stepped => self.origin + bdf.t(),
            };
            self.y.copy_from_slice(bdf.y());
            self.recorder
                .row(self.model, &self.y, self.time, matches!(outcome, StepOutcome::Stepped));
            self.wearing.advance(self.model, &self.y, self.time);
            match outcome {
                StepOutcome::Event { index, .. } => break Ok(Reached::Event(index)),
                StepOutcome::Reached(_) => break Ok(Reached::Time),
                StepOutcome::Stepped => {}
            }
            if self.model.border(&self.y, POTENTIAL).abs() > NO_CELL {
                self.bdf = Some(bdf);
                return Err(self.collapsed(leaf));
            }
            let fraction = self.fraction(start, limit, v_start, i_start, begin);
            let demand = self.observer.event(RunEvent::StepProgress {
                fraction,
                time: self.time,
                voltage: self.model.voltage(&self.y),
            });
            if demand != Demand::Continue {
                let mut c = self
                    .recorder
                    .checkpoint(leaf.index, self.time, self.time - start, &self.y, [begin.charge, begin.energy]);
                self.wearing.store(self.model, &mut c);
                self.observer.checkpoint(c);
                if demand == Demand::Stop {
                    break Ok(Reached::Stopped);
                }
            }
        };
        self.bdf = Some(bdf);
        result.map_err(|e| self.failure(leaf, &e, false))
    }

    /// Progress towards the nearest stop: time, voltage, current or charge.
    fn fraction(&self, start: f64, limit: f64, v_start: f64, i_start: f64, begin: StepStart) -> Option<f64> {
        let (v, i, q) = (
            self.model.voltage(&self.y),
            self.model.border(&self.y, CURRENT),
            self.model.border(&self.y, CHARGE),
        );
        let by_time = (limit - start < LONGEST_STEP).then(|| (self.time - start) / (limit - start));
        let by_stop = self.model.stops.iter().map(|s| match *s {
            Stop::VoltageBelow(l) | Stop::VoltageAbove(l) => (v - v_start) / (l - v_start),
            Stop::CurrentBelow(l) => ((i_start.abs() / i.abs()).ln() / (i_start.abs() / l).ln()).clamp(0.0, 1.0),
            Stop::CurrentAbove(l) => i.abs() / l,
            Stop::ChargePassed { amount, .. } => (q - begin.charge).abs() / amount,
        });
        by_stop
            .chain(by_time)
            .filter(|f| f.is_finite())
            .reduce(f64::max)
            .map(|f| f.clamp(0.0, 1.0))
    }

    fn failure(&mut self, leaf: Leaf<'_>, error: &DaeError, at_start: bool) -> RunError {
        let (index, cause) = match error {
            DaeError::StepTooSmall { worst_unknown, cause, .. }
            | DaeError::RepeatedFailure { worst_unknown, cause, .. }
            | DaeError::InitialConditions { worst_unknown, cause, .. } => match cause {
                StepFailure::Unusable(u) => (u.index().unwrap_or(*worst_unknown), u.to_string()),
                other => (*worst_unknown, other.to_string()),
            },
            DaeError::NewtonDiverged { worst_unknown, .. } => (*worst_unknown, error.to_string()),
            DaeError::Unusable { cause, .. } => (cause.index().unwrap_or(0), cause.to_string()),
            other => (0, other.to_string()),
        };
        self.breakdown(leaf, index, cause, at_start)
    }

    /// A step whose voltage has left what a cell can have, and what has run out.
    fn collapsed(&mut self, leaf: Leaf<'_>) -> RunError {
        let voltage = self.model.border(&self.y, POTENTIAL);
        let (index, what) = self.model.exhausted(&self.y).unwrap_or((
            self.model.border_offset() + POTENTIAL,
            "the current is more than the cell can carry",
        ));
        let cause = format!("the voltage has gone beyond {:.0} V: {what}", NO_CELL.copysign(voltage));
        self.breakdown(leaf, index, cause, false)
    }

    fn breakdown(&mut self, leaf: Leaf<'_>, index: usize, cause: String, at_start: bool) -> RunError {
        let (region, unknown) = self.model.describe(index);
        let recorder = self.recorder.clone();
        let statistics = self.bdf.as_ref().map(|b| *b.statistics()).unwrap_or_default();
        let partial = recorder.finish(self.model, self.y.clone(), statistics, false);
        RunError::NotConverged(Box::new(Breakdown {
            step: leaf.step.text.clone(),
            place: leaf.step.place.clone(),
            time: self.time,
            region,
            unknown,
            cause,
            at_start,
            partial,
        }))
    }
}

enum Reached {
    Event(usize),
    Time,
    Stopped,
}

fn short(x: f64) -> String {
    let text = format!("{x:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

fn describe(end: Option<&StepEnd>) -> String {
    match end {
        Some(StepEnd::AtOnce(t) | StepEnd::Limit(t)) => format!("{t} was reached before it began"),
        _ => String::new(),
    }
}
