//! The emulator: replays a process flow on the bare substrate and reports what comes out.

mod chip;
pub mod deposit;
pub mod growth;
mod inventory;
mod lasting;
pub mod observe;
mod remove;
pub mod shapes;

pub use chip::Chip;

use crate::fabrication::{Fabrication, Finding, Heat, StepRecord};
use crate::plan::{Deposit, Plan, Shape, Step, Verb};
use crate::rules::observed::{Observed, Plated};
use crate::rules::{self, Knowledge};
use crate::technique::{self, Kind, cost::step_cost, time::Work, time::process_time};
use cellwright_base::constants::STANDARD_TEMPERATURE;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_device::partition::{Fineness, Partition};
use cellwright_device::tape::{RegionId, Tape};
use cellwright_materials::Library;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// How carefully the chip is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Fineness relative to the usual one: 2 is twice as coarse.
    pub coarseness: f64,
    /// Whether the geometric rules are judged after every step, or only at the end.
    pub every_step: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            coarseness: 1.0,
            every_step: true,
        }
    }
}

/// What came out, with the geometry it was read from.
pub struct Made {
    /// Everything that is reported.
    pub fabrication: Fabrication,
    /// How the device was made, step by step.
    pub tape: Tape,
    /// The device as it stands: the same bodies, without what was dissolved on the way.
    pub lasting: Tape,
    /// Its box, divided.
    pub partition: Partition,
    /// Thickness of every film on an open surface, m.
    pub thickness: BTreeMap<RegionId, f64>,
}

/// Makes a chip.
///
/// # Errors
/// Names that refer to nothing, steps that say too little. Broken design rules are findings of the result, not errors.
pub fn fabricate(plan: &Plan, library: &Library, options: &Options) -> Result<Made, Vec<Diagnostic>> {
    fabricate_while(plan, library, options, &mut |_| true).map(|made| made.expect("invariant: nobody stops it"))
}

/// Makes a chip as long as `go` says so, which is told the index of each step before it begins; nothing if it was stopped.
///
/// # Errors
/// Those of [`fabricate`].
pub fn fabricate_while(
    plan: &Plan,
    library: &Library,
    options: &Options,
    go: &mut dyn FnMut(usize) -> bool,
) -> Result<Option<Made>, Vec<Diagnostic>> {
    let faults = references(plan, library);
    if !faults.is_empty() {
        return Err(faults);
    }
    let temperature_limit = |m: &str| {
        let property = library.get(m).ok()?.get("maximum_temperature")?;
        Some(property.eval(0.5, STANDARD_TEMPERATURE).value)
    };
    let know = Knowledge {
        max_temperature: &|m| temperature_limit(m).or_else(|| rules::limits::max_temperature(m)),
        ..Knowledge::default()
    };
    let mut findings = rules::check_plan(plan, &know);
    let mut chip = Chip::bare(plan);
    let mut films: BTreeMap<RegionId, f64> = BTreeMap::new();
    let mut steps = Vec::new();
    let mut last: Option<Partition> = None;
    let mut told: BTreeSet<(&'static str, String)> = BTreeSet::new();
    for (i, step) in plan.steps.iter().enumerate() {
        if !go(i) {
            return Ok(None);
        }
        let before = last.take();
        let fine = fineness(&chip, &films, options.coarseness * 4.0);
        let plating = match &step.verb {
            Verb::Deposit(d) if options.every_step && !d.on.is_empty() => {
                let on = chip.regions_named(&d.on);
                let bare;
                let seen = match &before {
                    Some(divided) => divided,
                    None => {
                        bare = Partition::of(&chip.lasting(), fine);
                        &bare
                    }
                };
                Some(observe::seeds(&chip, i, &on, seen, fine))
            }
            _ => None,
        };
        let hollow = match &step.verb {
            Verb::Infill(_) if options.every_step => {
                let bare;
                let divided = match &before {
                    Some(divided) => divided,
                    None => {
                        bare = Partition::of(&chip.lasting(), fine);
                        &bare
                    }
                };
                observe::after_step(&chip, i, divided, fine, &BTreeMap::new()).voids
            }
            _ => vec![],
        };
        let bridges = match &step.verb {
            Verb::Deposit(d) if options.every_step && technique::find(&d.technique).is_some_and(|t| t.kind == Kind::Extrude) => {
                observe::bridges(&chip, i, d)
            }
            _ => vec![],
        };
        let done = chip.tape.operations().len();
        let thickness = apply(&mut chip, i, step, &mut films);
        steps.push(record(&chip, step, thickness, know.limits));
        let finished = i + 1 == plan.steps.len();
        if !options.every_step && !finished {
            continue;
        }
        let fine = fineness(&chip, &films, options.coarseness * if finished { 1.0 } else { 4.0 });
        // Heat and charge move nothing.
        let still = chip.tape.operations().len() == done && !finished;
        let divided = before.filter(|_| still).unwrap_or_else(|| Partition::of(&chip.lasting(), fine));
        if divided.overfull {
            return Err(vec![overfull(plan)]);
        }
        // What lies on resist or beside its walls is judged when the resist is gone.
        let bare = chip.resist.iter().map(|(r, _)| *r).min().unwrap_or(RegionId::MAX);
        let lasting = films.iter().filter(|(r, _)| **r < bare).map(|(r, t)| (*r, *t)).collect();
        let mut seen = observe::after_step(&chip, i, &divided, fine, &lasting);
        seen.unreached = hollow;
        seen.bridges = bridges;
        seen.plated = plating.into_iter().filter(|p: &Plated| p.seeded + p.unseeded > 0).collect();
        keep_new(&mut findings, rules::check_observed(plan, &seen, &know), &mut told);
        last = Some(divided);
    }
    let fine = fineness(&chip, &films, options.coarseness);
    let lasting = chip.lasting();
    let partition = last.unwrap_or_else(|| Partition::of(&lasting, fine));
    if partition.overfull {
        return Err(vec![overfull(plan)]);
    }
    for (region, s) in &partition.spreads {
        if let Some(record) = chip.regions[usize::from(*region)].step.and_then(|i| steps.get_mut(i)) {
            record.thickness = Some([s.least, s.mean, s.greatest]);
        }
    }
    let inventory = inventory::count(&chip, &partition, library, &steps);
    let end = Observed {
        balance: inventory.balance,
        ..observe::after_step(&chip, plan.steps.len().saturating_sub(1), &partition, fine, &films)
    };
    if !plan.steps.is_empty() {
        keep_new(&mut findings, rules::check_finished(plan, &end), &mut told);
    }
    findings.sort_by_key(|f| (std::cmp::Reverse(f.diagnostic.severity), f.step));
    let heat = inventory
        .items
        .iter()
        .map(|item| heat(&chip, item.region, &steps, know.max_temperature))
        .collect();
    let fabrication = Fabrication {
        heat,
        plan: plan.clone(),
        regions: chip.regions.clone(),
        steps,
        inventory,
        findings,
    };
    Ok(Some(Made {
        fabrication,
        tape: chip.tape,
        lasting,
        partition,
        thickness: films,
    }))
}

/// A fault that stays is told after the step that made it, not after every later one.
fn keep_new(all: &mut Vec<Finding>, found: Vec<Finding>, told: &mut BTreeSet<(&'static str, String)>) {
    for f in found {
        if told.insert((f.diagnostic.code, f.subject.clone())) {
            all.push(f);
        }
    }
}

/// Does one step; returns the nominal thickness of a new film.
fn apply(chip: &mut Chip<'_>, i: usize, step: &Step, films: &mut BTreeMap<RegionId, f64>) -> Option<f64> {
    match &step.verb {
        Verb::Deposit(d) => {
            let region = deposit::run(chip, i, &step.name, d, temperature(step, &Knowledge::default()))?;
            let t = deposit::nominal(d)?;
            films.insert(region, t);
            return Some(t);
        }
        Verb::Etch(e) => remove::etch(chip, e),
        Verb::LiftOff { resist } => remove::lift_off(chip, resist),
        Verb::Planarise { height } => remove::planarise(chip, *height),
        Verb::Infill(f) => {
            remove::infill(chip, i, &step.name, f);
        }
        Verb::Anneal { .. } | Verb::Lithiate { .. } => {}
    }
    None
}

/// Temperature of a step, K: as given, else the usual one of its technique.
fn temperature(step: &Step, know: &Knowledge<'_>) -> f64 {
    step.temperature.unwrap_or_else(|| {
        let technique = match &step.verb {
            Verb::Deposit(d) => &d.technique,
            Verb::Etch(e) => &e.technique,
            _ => return STANDARD_TEMPERATURE,
        };
        let usual = technique::find(technique).and_then(|t| t.temperature.as_ref().map(|t| t.value));
        usual
            .or_else(|| (know.limits)(technique).map(|l| l.temperature))
            .unwrap_or(STANDARD_TEMPERATURE)
    })
}

fn record(chip: &Chip<'_>, step: &Step, thickness: Option<f64>, limits: &dyn Fn(&str) -> Option<rules::limits::Limits>) -> StepRecord {
    let know = Knowledge {
        limits,
        ..Knowledge::default()
    };
    let (name, work) = work(step, chip.plan, thickness);
    let time = technique::find(name).and_then(|t| process_time(t, work).ok().map(|time| (t, time)));
    StepRecord {
        name: step.name.clone(),
        words: inventory::words(&step.verb, thickness),
        temperature: temperature(step, &know),
        duration: time.as_ref().map_or(0.0, |(_, time)| time.total()),
        cost: time.as_ref().and_then(|(t, time)| step_cost(t, time).ok()).map_or(0.0, |c| c.index),
        thickness: thickness.map(|t| [t; 3]),
        operations: chip.tape.operations().len(),
    }
}

/// What a body went through after it was made.
fn heat(chip: &Chip<'_>, region: usize, steps: &[StepRecord], limit: &dyn Fn(&str) -> Option<f64>) -> Heat {
    let made = &chip.regions[region];
    let first = made.step.map_or(0, |s| s + 1);
    let later = steps.iter().enumerate().skip(first);
    Heat {
        region,
        hottest: later.map(|(i, s)| (i, s.temperature)).max_by(|a, b| a.1.total_cmp(&b.1)),
        limit: limit(&made.material),
    }
}

/// Technique of a step and the work it has.
fn work<'p>(step: &'p Step, plan: &Plan, thickness: Option<f64>) -> (&'p str, Work) {
    let film = |thickness: f64| Work::Thickness { thickness, rate: None };
    match &step.verb {
        Verb::Deposit(d) => {
            let t = thickness.unwrap_or(0.0);
            let technique = technique::find(&d.technique);
            let cycle = technique.and_then(|t| t.growth_per_cycle.as_ref()).map(|g| g.value);
            let work = match (d.recipe.duration, d.recipe.cycles, cycle, technique) {
                (Some(duration), ..) => Work::Duration(duration),
                (None, Some(cycles), ..) => Work::Cycles { cycles, cycle_time: None },
                (None, None, Some(growth), _) => Work::Cycles {
                    cycles: t / growth,
                    cycle_time: None,
                },
                (.., Some(technique)) if technique.rate.is_some() => film(t),
                (.., Some(technique)) if technique.speed.is_some() => Work::Path {
                    length: path_length(plan, d),
                    speed: None,
                },
                _ => Work::Once,
            };
            (&d.technique, work)
        }
        Verb::Etch(e) => {
            let has_rate = technique::find(&e.technique).is_some_and(|t| t.rate.is_some());
            let work = match e.depth {
                Some(depth) if has_rate && depth > 0.0 => film(depth),
                _ => Work::Once,
            };
            (&e.technique, work)
        }
        Verb::LiftOff { .. } => ("lift-off", Work::Once),
        Verb::Anneal { duration } => ("anneal", Work::Duration(*duration)),
        Verb::Planarise { .. } => ("planarise", Work::Once),
        Verb::Infill(_) => ("infill", Work::Once),
        Verb::Lithiate { .. } => ("lithiation", Work::Once),
    }
}

/// Length that a nozzle or web travels: the tool paths times their layers, else one pass over the die.
fn path_length(plan: &Plan, d: &Deposit) -> f64 {
    fn length(shape: &Shape) -> f64 {
        match shape {
            Shape::Path { points, .. } => points.windows(2).map(|p| (p[1][0] - p[0][0]).hypot(p[1][1] - p[0][1])).sum(),
            Shape::Array { shape, count, .. } => length(shape) * f64::from(count[0]) * f64::from(count[1]),
            _ => 0.0,
        }
    }
    let mask = plan.masks.iter().find(|m| Some(&m.name) == d.mask.as_ref());
    let drawn: f64 = mask.map_or(0.0, |m| m.shapes.iter().map(length).sum());
    if drawn > 0.0 {
        drawn * f64::from(d.recipe.layers.unwrap_or(1))
    } else {
        plan.die[1]
    }
}

/// Fineness for the smallest thing in the window: its width, a drawn round, the thinnest film.
pub fn fineness(chip: &Chip<'_>, films: &BTreeMap<RegionId, f64>, coarseness: f64) -> Fineness {
    let window = &chip.plan.window;
    let mut size = (window.to[0] - window.from[0]).min(window.to[1] - window.from[1]);
    for shape in chip.plan.masks.iter().flat_map(|m| &m.shapes) {
        size = size.min(round(shape).unwrap_or(size));
    }
    let mut fine = Fineness::for_feature(size);
    fine.tolerance *= coarseness;
    fine.finest *= coarseness;
    let thinnest = films.values().copied().fold(f64::INFINITY, f64::min);
    fine.tolerance = fine.tolerance.min(0.25 * thinnest);
    fine
}

fn overfull(plan: &Plan) -> Diagnostic {
    let size = |i: usize| format_quantity(plan.window.to[i] - plan.window.from[i], Dimension::LENGTH);
    let message = format!("the window of {} x {} holds more detail than can be followed", size(0), size(1));
    Diagnostic::error(ErrorKind::Unsupported, "E062", message)
        .note("the emulator follows every surface in the window; about half a million pieces are allowed")
        .help("narrow [window] to the unit of the pattern and say in `repeats` how often the chip holds it")
}

/// Diameter of a drawn round.
fn round(shape: &Shape) -> Option<f64> {
    match shape {
        Shape::Circle { diameter, .. } => Some(*diameter),
        Shape::Path { width, .. } => Some(*width),
        Shape::Array { shape, .. } => round(shape),
        Shape::Rectangle(..) | Shape::Polygon(_) => None,
    }
}

/// Names that refer to nothing.
fn references(plan: &Plan, library: &Library) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut unknown = |step: &Step, what: &str, name: &str, known: &mut dyn Iterator<Item = &str>| {
        let known: Vec<&str> = known.collect();
        if known.contains(&name) {
            return;
        }
        let message = format!("step `{}` names the {what} `{name}`, which does not exist", step.name);
        let mut d = Diagnostic::error(ErrorKind::Input, "E060", message);
        if let Some(place) = &step.place {
            d = d.at(place.clone());
        }
        if let Some(near) = nearest(name, known.iter().copied()) {
            d = d.help(format!("did you mean `{near}`?"));
        }
        faults.push(d.note(format!("{what}s here: {}", known.join(", "))));
    };
    for (i, step) in plan.steps.iter().enumerate() {
        let earlier = || plan.steps[..i].iter().map(|s| s.name.as_str());
        let masks = || plan.masks.iter().map(|m| m.name.as_str());
        match &step.verb {
            Verb::Deposit(d) => {
                if technique::find(&d.technique).is_none() {
                    unknown(
                        step,
                        "technique",
                        &d.technique,
                        &mut technique::all().iter().map(|t| t.name.as_str()),
                    );
                }
                if let Some(m) = &d.mask {
                    unknown(step, "mask", m, &mut masks());
                }
                for on in &d.on {
                    unknown(step, "step", on, &mut earlier().chain(["substrate"]));
                }
                unknown(step, "material", &d.material, &mut library.names());
            }
            Verb::Etch(e) => {
                if let Some(m) = &e.mask {
                    unknown(step, "mask", m, &mut masks());
                }
                for name in &e.only {
                    unknown(step, "step", name, &mut earlier().chain(["substrate"]));
                }
            }
            Verb::LiftOff { resist } => unknown(step, "step", resist, &mut earlier()),
            Verb::Infill(f) => {
                if let Some(m) = &f.mask {
                    unknown(step, "mask", m, &mut masks());
                }
                unknown(step, "material", &f.material, &mut library.names());
            }
            Verb::Lithiate { electrode, .. } => unknown(step, "step", electrode, &mut earlier()),
            Verb::Anneal { .. } | Verb::Planarise { .. } => {}
        }
    }
    for step in &plan.steps {
        if let Verb::Deposit(d) = &step.verb
            && technique::find(&d.technique).is_some()
            && deposit::nominal(d).is_none_or(|t| !t.is_finite() || t <= 0.0)
        {
            let message = format!("step `{}` does not say how thick its film is", step.name);
            let mut fault = Diagnostic::error(ErrorKind::Input, "E061", message);
            if let Some(place) = &step.place {
                fault = fault.at(place.clone());
            }
            faults.push(fault.help("add  thickness = \"1 um\"  (or  cycles = 200, or  wet_thickness = \"20 um\"  with  solids = 0.4)"));
        }
    }
    faults
}
