//! One design through its rate series, and what its model, masks and films say.

use super::data::{Measured, Point, same_rate};
use crate::device::Made;
use crate::failure;
use crate::pipeline::Progress;
use crate::prepare::{Prepared, Profiles};
use crate::study;
use crate::summary;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Severity};
use cellwright_device::{Role, Structure};
use cellwright_electrochem::model::Model;
use cellwright_fab::rules::drawn::Drawn;
use cellwright_lab::checkpoint::Checkpoint;
use cellwright_lab::protocol::{Action, Crossing, Protocol, Rate, Step, Termination};
use cellwright_lab::run::{Demand, Observer, RunError, RunEvent, RunOptions, run};
use cellwright_lab::solution::{Solution, StepEnd};
use std::sync::atomic::{AtomicBool, Ordering};

/// Rates of a design that names none.
const DEFAULT_RATES: [f64; 7] = [1.0 / 5.0, 1.0 / 2.0, 1.0, 2.0, 5.0, 10.0, 20.0];
/// Distance over which the masks are looked at, m.
const REACH: f64 = 20e-6;

/// Runs the rate series of a design.
///
/// # Errors
/// The reason why no rate could be run; when it was stopped, the caller does not look at the result.
pub fn measure(prepared: &Prepared, cancel: &AtomicBool, progress: &mut dyn FnMut(Progress)) -> Result<Measured, Vec<Diagnostic>> {
    let cell = &prepared.cell;
    let model = cell.model(study::charged(prepared));
    progress(Progress::Built {
        text: summary::built(prepared, &model),
    });
    let mut warnings: Vec<Diagnostic> = prepared.warnings.clone();
    let mut points = Vec::new();
    let rates = rates(prepared);
    let total = rates.len() as u64;
    for (index, (label, rate)) in rates.into_iter().enumerate() {
        let current = rate.amperes(&prepared.basis);
        let mut watch = Watch {
            cancel,
            progress: &mut *progress,
            index: index as u64,
            total,
            text: format!("Discharge at {label}"),
        };
        let solved = discharge(prepared, rate, None, true, &mut watch);
        watch.ended(&solved, prepared);
        if cancel.load(Ordering::Relaxed) {
            return Err(vec![]);
        }
        let outcome = match solved {
            Ok(s) => delivered(&s),
            Err(e) => Err(refused(e, prepared, &label, &mut warnings)),
        };
        points.push(Point {
            c_rate: current * 3600.0 / prepared.basis.capacity,
            label,
            current,
            outcome,
        });
    }
    if points.iter().all(|p| p.outcome.is_err()) {
        return Err(nothing_ran(&points, warnings));
    }
    let mut out = described(prepared, &model, points, warnings);
    uniformity(prepared, &model, &mut out, cancel, progress);
    Ok(out)
}

/// The rates of the design or the default ones, with 1C among them, slow to fast.
fn rates(prepared: &Prepared) -> Vec<(String, Rate)> {
    let named = |c: f64| (Rate::C(c).to_string(), Rate::C(c));
    let c_rate = |r: &Rate| r.amperes(&prepared.basis) * 3600.0 / prepared.basis.capacity;
    let mut out: Vec<(String, Rate)> = prepared.rates.iter().map(|r| (r.text.value.clone(), r.rate)).collect();
    if out.is_empty() {
        out.extend(DEFAULT_RATES.map(named));
    }
    if !out.iter().any(|(_, r)| same_rate(c_rate(r), 1.0)) {
        out.push(named(1.0));
    }
    out.sort_by(|a, b| c_rate(&a.1).total_cmp(&c_rate(&b.1)));
    out.dedup_by(|a, b| same_rate(c_rate(&a.1), c_rate(&b.1)));
    out
}

/// From full charge to the lower voltage limit, or for `duration` seconds if that is over first.
fn discharge(prepared: &Prepared, rate: Rate, duration: Option<f64>, details: bool, watch: &mut Watch<'_>) -> Result<Solution, RunError> {
    let limit = Termination::Voltage {
        volts: prepared.voltage[0],
        crossing: Crossing::Falling,
    };
    let protocol = Protocol {
        steps: vec![Step::new(Action::Current(rate), vec![limit], duration)],
    };
    let options = RunOptions {
        tolerance: prepared.tolerance.clone(),
        basis: prepared.basis,
        profiles: Profiles::new(),
        details,
        jump: None,
    };
    let mut model = prepared.cell.model(study::charged(prepared));
    run(&mut model, &protocol, &options, None, watch)
}

fn delivered(s: &Solution) -> Result<study::Discharge, String> {
    match s.steps.first() {
        Some(r) if r.charge > 0.0 && r.end > r.start => Ok(study::discharge_of(s, 0)),
        Some(r) => Err(format!("below the voltage limit at once: {:.3} V", r.voltage)),
        None => Err("it did not start".to_owned()),
    }
}

/// Words for a rate that was not run to its end; a solver that gave up midway is an error of the design.
fn refused(e: RunError, prepared: &Prepared, label: &str, warnings: &mut Vec<Diagnostic>) -> String {
    let at_start = matches!(&e, RunError::NotConverged(b) if b.at_start);
    let (mut d, _) = failure::explain(e, prepared);
    d.place = None;
    d.message = format!("{}: at {label} it {}", prepared.title, d.message);
    if at_start {
        d.severity = Severity::Warning;
        warnings.push(d);
        return "cannot start at this rate".to_owned();
    }
    warnings.push(d);
    "no solution found".to_owned()
}

fn nothing_ran(points: &[Point], warnings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let why = points.first().and_then(|p| p.outcome.as_ref().err()).cloned().unwrap_or_default();
    let (failed, mut rest): (Vec<_>, Vec<_>) = warnings.into_iter().partition(|d| d.kind == ErrorKind::NotConverged);
    let mut out = match failed.into_iter().next() {
        Some(d) => vec![Diagnostic {
            severity: Severity::Error,
            ..d
        }],
        None => vec![
            Diagnostic::error(
                ErrorKind::OutOfRange,
                "E303",
                "the design delivers nothing at any rate of its series",
            )
            .label(why)
            .help("use lower rates in  [rate_series], or another lower voltage limit"),
        ],
    };
    out.append(&mut rest);
    out
}

fn described(prepared: &Prepared, model: &Model, points: Vec<Point>, warnings: Vec<Diagnostic>) -> Measured {
    let (cell, made) = (&prepared.cell, prepared.made.as_ref());
    let stack = cell.is_stack();
    let inventory = made.map(|m| &m.fabrication.inventory);
    let footprint = cell.device.active_area;
    let (active_area, enhancement) = match inventory.filter(|_| !stack) {
        Some(i) => (i.active_area, i.area_enhancement),
        None => ([footprint; 2], 1.0),
    };
    let group = |k: usize| model.groups.get(k);
    Measured {
        title: prepared.title.clone(),
        architecture: prepared.architecture().unwrap_or("cell").to_owned(),
        materials: summary::symbols(prepared),
        names: names(prepared),
        temperature: cell.spec.temperature,
        voltage: prepared.voltage,
        footprint,
        die: cell.device.die_area(),
        volume: prepared.volume,
        volume_basis: prepared.volume_basis.clone(),
        substrate: cell.device.layer(Role::Substrate).is_some(),
        active_area,
        reacting_area: [0, 1].map(|k| group(k).map_or(0.0, |g| g.area())),
        enhancement,
        nominal: cell.capacity,
        electrodes: cell.electrode_capacity,
        points,
        spread_at: None,
        spread: [None; 2],
        sites: [0, 1].map(|k| group(k).map_or(0, |g| g.sites.len())),
        stack,
        size: (model.mesh.n_cells(), model.n()),
        process_time: inventory.map(|i| i.process_time).filter(|t| *t > 0.0),
        relative_cost: inventory.map(|i| i.relative_cost).filter(|c| *c > 0.0),
        smallest_feature: made.and_then(smallest_feature),
        thinnest_film: made.and_then(thinnest_film),
        section: made.map_or(String::new(), |m| m.section.clone()),
        exaggeration: made.map_or(1.0, |m| m.exaggeration),
        warnings,
    }
}

/// Library names of negative electrode, electrolyte and positive electrode.
fn names(prepared: &Prepared) -> [String; 3] {
    [Role::Negative, Role::Electrolyte, Role::Positive].map(|role| match prepared.cell.device.layer(role) {
        Some(layer) => match &layer.structure {
            Structure::Porous(p) if role == Role::Electrolyte && !p.electrolyte.is_empty() => p.electrolyte.clone(),
            _ => layer.material.clone(),
        },
        None => String::new(),
    })
}

/// Narrowest line or gap of all masks, m.
fn smallest_feature(made: &Made) -> Option<f64> {
    let masks = made.fabrication.plan.masks.iter();
    let sizes = masks.flat_map(|m| {
        let drawn = Drawn::of(&[&m.shapes], REACH);
        [drawn.narrowest(0), drawn.closest(0)].into_iter().flatten().map(|p| p.0)
    });
    sizes.filter(|d| *d > 0.0).reduce(f64::min)
}

/// Mean thickness of the thinnest film, m.
fn thinnest_film(made: &Made) -> Option<f64> {
    let films = made.fabrication.steps.iter().filter_map(|s| s.thickness);
    films.map(|t| t[1]).filter(|t| *t > 0.0).reduce(f64::min)
}

/// Runs half a discharge at 1C (or at the slowest rate that could be run) and looks at the reaction current of every site.
fn uniformity(prepared: &Prepared, model: &Model, out: &mut Measured, cancel: &AtomicBool, progress: &mut dyn FnMut(Progress)) {
    let Some((point, whole)) = out.at(1.0).or_else(|| out.discharges().next()) else {
        return;
    };
    let (label, rate, half) = (point.label.clone(), Rate::Absolute(point.current), 0.5 * whole.duration);
    let mut watch = Watch {
        cancel,
        progress,
        index: 0,
        total: 1,
        text: format!("Half a discharge at {label}"),
    };
    if let Ok(s) = discharge(prepared, rate, Some(half), false, &mut watch)
        && s.steps.first().is_some_and(|r| r.ended == StepEnd::Time)
    {
        out.spread = spread(model, &s.state);
        out.spread_at = Some(label);
    }
}

/// Standard deviation over mean of the current density over the interface of each electrode, weighted with area.
///
/// # Equation
/// `s = √(Σ A (j − m)² / Σ A) / |m|`, `m = Σ A j / Σ A`
fn spread(model: &Model, y: &[f64]) -> [Option<f64>; 2] {
    [0, 1].map(|k| {
        let g = model.groups.get(k)?;
        let sites = y.get(model.sites_offset()..)?;
        let pairs: Vec<(f64, f64)> = g
            .sites
            .clone()
            .filter_map(|s| sites.get(s).copied())
            .zip(g.areas.iter().copied())
            .collect();
        relative_deviation(&pairs)
    })
}

/// Standard deviation over mean of values with weights.
pub fn relative_deviation(pairs: &[(f64, f64)]) -> Option<f64> {
    let weight: f64 = pairs.iter().map(|p| p.1).sum();
    let mean = pairs.iter().map(|(j, a)| a * j).sum::<f64>() / weight;
    let square = pairs.iter().map(|(j, a)| a * (j - mean).powi(2)).sum::<f64>() / weight;
    let s = square.sqrt() / mean.abs();
    s.is_finite().then_some(s)
}

/// Tells how a rate goes on and obeys Ctrl-C.
struct Watch<'a> {
    cancel: &'a AtomicBool,
    progress: &'a mut dyn FnMut(Progress),
    index: u64,
    total: u64,
    text: String,
}

impl Watch<'_> {
    fn ended(&mut self, solved: &Result<Solution, RunError>, prepared: &Prepared) {
        let ends = match solved {
            Ok(s) if !s.complete => return,
            Ok(s) => match delivered(s) {
                Ok(d) => format!(
                    "delivers {:.1} % of the nominal capacity",
                    100.0 * d.capacity / prepared.cell.capacity
                ),
                Err(why) => why,
            },
            Err(_) => "could not be run".to_owned(),
        };
        let duration = solved.as_ref().ok().and_then(|s| s.steps.first()).map_or(0.0, |r| r.end - r.start);
        (self.progress)(Progress::StepEnded {
            text: self.text.clone(),
            duration,
            ends,
        });
    }
}

impl Observer for Watch<'_> {
    fn event(&mut self, event: RunEvent<'_>) -> Demand {
        match event {
            RunEvent::StepStarted { .. } => (self.progress)(Progress::StepStarted {
                index: self.index,
                total: self.total,
                text: self.text.clone(),
            }),
            RunEvent::StepProgress { fraction, time, voltage } => {
                (self.progress)(Progress::StepProgress { fraction, time, voltage });
            }
            RunEvent::StepEnded(_) => {}
        }
        if self.cancel.load(Ordering::Relaxed) {
            Demand::Stop
        } else {
            Demand::Continue
        }
    }

    fn checkpoint(&mut self, _checkpoint: Checkpoint) {}
}
