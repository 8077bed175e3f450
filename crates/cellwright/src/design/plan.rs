//! A custom design: substrate, masks, steps and window read into a plan, and what must hold between them.

use super::reader::{TableReader, shorten};
use super::{Footprint, MaskFile, masks, sections, steps};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place, nearest};
use cellwright_device::Role;
use cellwright_fab::plan::{Bus, Form, Plan, Step, Substrate, Tabs, Verb, Window};

/// Name that stands for the substrate where steps are named.
const SUBSTRATE: &str = "substrate";

/// Reads the plan; mask files are named beside it, to be read by the caller.
pub(super) fn custom(root: &TableReader<'_, '_>, name: Option<&str>, footprint: Option<&Footprint>) -> Option<(Plan, Vec<MaskFile>)> {
    let substrate = root.table("substrate").map(|t| substrate(&t));
    let masks = match root.entry("mask") {
        None => Some(Vec::new()),
        Some(_) => root.tables("mask").and_then(|list| {
            list.iter()
                .map(masks::mask)
                .collect::<Vec<_>>()
                .into_iter()
                .collect::<Option<Vec<_>>>()
        }),
    };
    let steps = root.tables("step").and_then(|list| {
        list.iter()
            .map(steps::step)
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Option<Vec<_>>>()
    });
    let die = footprint.map(|f| [f.die[0].value, f.die[1].value]);
    let window = match (root.table("window"), die) {
        (Some(t), _) => window(&t, die),
        (None, die) => die.map(|to| Window {
            from: [0.0, 0.0],
            to,
            repeats: 1.0,
            tabs: None,
        }),
    };
    let (masks, files): (Vec<_>, Vec<_>) = masks?.into_iter().unzip();
    let plan = Plan {
        finger: None,
        name: name?.to_owned(),
        die: die?,
        substrate: substrate??,
        masks,
        steps: steps?,
        window: window?,
    };
    let faults = check(&plan);
    faults.iter().for_each(|fault| root.context.report(fault.clone()));
    faults.is_empty().then(|| (plan, files.into_iter().flatten().collect()))
}

fn substrate(t: &TableReader<'_, '_>) -> Option<Substrate> {
    let material = t.text("material");
    let (thickness, diameter) = (t.quantity("thickness"), t.quantity("diameter"));
    let role = if t.entry("role").is_some() {
        steps::role(t)
    } else {
        Some(Role::Substrate)
    };
    let form = match (t.entry("thickness").is_some(), t.entry("diameter").is_some()) {
        (true, false) => Form::Wafer {
            thickness: thickness?.value,
        },
        (false, true) => Form::Fibre { diameter: diameter?.value },
        (both, _) => {
            let code = if both { "E019" } else { "E011" };
            let wrong =
                Diagnostic::error(ErrorKind::Input, code, "the substrate needs a thickness or a diameter, one of them").at(t.place.clone());
            t.context
                .report(wrong.help("write  thickness = \"500 um\"  for a wafer,  diameter = \"100 um\"  for a fibre"));
            return None;
        }
    };
    Some(Substrate {
        material: material?.value,
        role: role?,
        form,
    })
}

fn window(t: &TableReader<'_, '_>, die: Option<[f64; 2]>) -> Option<Window> {
    let (from, to, repeats, tabs) = (t.pair("from"), t.pair("to"), t.number("repeats"), tabs(t));
    let (from, to) = (from?, to?);
    for i in 0..2 {
        if from[i].value >= to[i].value {
            let empty = Diagnostic::error(ErrorKind::OutOfRange, "E026", "the window has no area").at(to[i].place.clone());
            t.context
                .report(empty.help("`from` is its lower left corner, `to` its upper right one"));
            return None;
        }
        if die.is_some_and(|die| to[i].value > die[i] * (1.0 + 1e-12)) {
            let over = Diagnostic::error(ErrorKind::Input, "E026", "the window reaches beyond the die").at(to[i].place.clone());
            t.context.report(over.help("make the die larger or the window smaller"));
            return None;
        }
    }
    let repeats = match (t.entry("repeats"), repeats) {
        (None, _) => 1.0,
        (Some(_), read) => read?.value,
    };
    Some(Window {
        from: [from[0].value, from[1].value],
        to: [to[0].value, to[1].value],
        repeats,
        tabs: tabs?,
    })
}

/// Where the window is contacted; `None` after a report, `Some(None)` for ideal collectors.
fn tabs(t: &TableReader<'_, '_>) -> Option<Option<Tabs>> {
    let (edges, bus, pad) = (sections::tabs(t, "[window]"), t.pair("bus"), t.pair("pad"));
    let said = |name: &str| t.entry(name).is_some();
    let lacks = |name: &str, needs: &str, help: &str| {
        if let Some(place) = t.place_of(name).filter(|_| !said(needs)) {
            let missing = Diagnostic::error(ErrorKind::Input, "E011", format!("missing key `{needs}` in [window]")).at(place);
            t.context.report(missing.help(help.to_owned()));
        }
    };
    let finger_length = t.quantity("finger_length").map(|l| l.value);
    lacks(
        "finger_length",
        "negative_tab",
        "say which ends of the fingers are contacted:  negative_tab = \"bottom\"",
    );
    lacks(
        "bus",
        "negative_tab",
        "say which sides of the window end on the buses:  negative_tab = \"bottom\"",
    );
    lacks(
        "bus",
        "pad",
        "add  pad = [\"500 um\", \"500 um\"]  (its width along the bus, the way to its contact)",
    );
    lacks("pad", "bus", "add  bus = [\"300 um\", \"10 mm\"]  (width and length)");
    let wanted = ["negative_tab", "positive_tab", "finger_length", "bus", "pad"]
        .into_iter()
        .any(said);
    let bus = match (bus, pad) {
        (Some(b), Some(p)) => Some(Bus {
            width: b[0].value,
            length: b[1].value,
            pad: [p[0].value, p[1].value],
        }),
        _ => None,
    };
    match edges {
        None => (!wanted).then_some(None),
        Some(_) if said("bus") && bus.is_none() || said("finger_length") && finger_length.is_none() => None,
        Some(edges) => Some(Some(Tabs {
            edges: edges.map(|e| e.value),
            finger_length,
            bus,
        })),
    }
}

/// Names are unique, and every name that is used stands earlier in the file.
fn check(plan: &Plan) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let masks: Vec<(&str, &Option<Place>)> = plan.masks.iter().map(|m| (m.name.as_str(), &m.place)).collect();
    let steps: Vec<(&str, &Option<Place>)> = plan.steps.iter().map(|s| (s.name.as_str(), &s.place)).collect();
    unique("masks", &masks, &mut faults);
    unique("steps", &steps, &mut faults);
    let mut names: Vec<&str> = plan.masks.iter().map(|m| m.name.as_str()).collect();
    names.dedup();
    for (i, step) in plan.steps.iter().enumerate() {
        if let Some(mask) = mask_of(step).filter(|mask| !names.contains(mask)) {
            faults.push(unknown("mask", mask, &names, step));
        }
        let mut earlier: Vec<&str> = plan.steps.iter().take(i).map(|s| s.name.as_str()).collect();
        earlier.push(SUBSTRATE);
        for name in steps_of(step) {
            if !earlier.contains(&name) {
                faults.push(unknown("earlier step", name, &earlier, step));
            }
        }
        if step.name == SUBSTRATE {
            let taken = Diagnostic::error(ErrorKind::Input, "E018", "a step cannot be called `substrate`");
            faults.push(placed(taken, step.place.as_ref()).help("that name stands for what everything is made on"));
        }
    }
    faults
}

/// The mask a step names.
fn mask_of(step: &Step) -> Option<&str> {
    match &step.verb {
        Verb::Deposit(d) => d.mask.as_deref(),
        Verb::Etch(e) => e.mask.as_deref(),
        Verb::Infill(i) => i.mask.as_deref(),
        _ => None,
    }
}

/// The earlier steps a step names.
fn steps_of(step: &Step) -> Vec<&str> {
    match &step.verb {
        Verb::Deposit(d) => d.on.iter().map(String::as_str).collect(),
        Verb::Etch(e) => e.only.iter().map(String::as_str).collect(),
        Verb::LiftOff { resist } => vec![resist],
        Verb::Lithiate { electrode, .. } => vec![electrode],
        _ => vec![],
    }
}

fn unique(what: &str, names: &[(&str, &Option<Place>)], faults: &mut Vec<Diagnostic>) {
    for (i, (name, place)) in names.iter().enumerate() {
        if let Some((_, first)) = names.iter().take(i).find(|(n, _)| n == name) {
            let twice = Diagnostic::error(ErrorKind::Input, "E018", format!("two {what} are called `{}`", shorten(name)));
            let line = first.as_ref().map_or(0, |p| p.line);
            faults.push(
                placed(twice, place.as_ref())
                    .label(format!("the first one is on line {line}"))
                    .help(format!("give all {what} names of their own")),
            );
        }
    }
}

fn unknown(what: &str, name: &str, known: &[&str], step: &Step) -> Diagnostic {
    let fault = Diagnostic::error(
        ErrorKind::Input,
        "E028",
        format!(
            "the step \"{}\" names the {what} `{}`, and there is none",
            shorten(&step.name),
            shorten(name)
        ),
    );
    let fault = placed(fault, step.place.as_ref());
    match nearest(name, known.iter().copied()) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => fault.help(format!("add  [[mask]] name = \"{}\"", shorten(name))),
        None => fault.note(format!(
            "known here: {}",
            known.iter().take(20).copied().collect::<Vec<_>>().join(", ")
        )),
    }
}

fn placed(fault: Diagnostic, place: Option<&Place>) -> Diagnostic {
    match place {
        Some(place) => fault.at(place.clone()),
        None => fault,
    }
}
