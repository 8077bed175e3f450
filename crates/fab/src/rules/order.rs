//! Rules on the order of steps: temperature, lift-off, vacuum after liquid, usual thickness.

use super::limits::{Kind, ears, lift_ratio};
use super::{Knowledge, Where, deposits, earlier, finding, um};
use crate::fabrication::Finding;
use crate::plan::{Plan, Verb};
use cellwright_base::units::{Dimension, format_quantity};

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    heat(plan, know, out);
    lift(plan, know, out);
    vacuum(plan, know, out);
    for (i, name, d, limits) in deposits(plan, know) {
        let (low, high) = limits.thickness;
        // Plans hold sums of micrometres: compare with the slack of their rounding.
        if d.thickness < low * (1.0 - 1e-9) || d.thickness > high * (1.0 + 1e-9) {
            let place = Where {
                step: Some(i),
                ..Where::default()
            };
            let message = format!(
                "`{name}` is {} thick, but {} usually makes {} to {}",
                um(d.thickness),
                d.technique,
                um(low),
                um(high)
            );
            let nearest = d.thickness.clamp(low, high);
            out.push(finding(
                plan,
                "RANGE",
                place,
                message,
                format!("thickness = \"{}\", or another technique", um(nearest)),
            ));
        }
    }
}

/// Temperature of a step, K: its own or the technique's usual one.
fn temperature(plan: &Plan, know: &Knowledge<'_>, step: usize) -> Option<f64> {
    let s = &plan.steps[step];
    s.temperature.or_else(|| match &s.verb {
        Verb::Deposit(d) => (know.limits)(&d.technique).map(|l| l.temperature),
        Verb::Etch(e) => (know.limits)(&e.technique).map(|l| l.temperature),
        _ => None,
    })
}

fn heat(plan: &Plan, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    let celsius = |t| format_quantity(t, Dimension::TEMPERATURE);
    // Most delicate material present: temperature, material, step.
    let mut present: Vec<(f64, &str, &str)> = vec![];
    if let Some(t) = (know.max_temperature)(&plan.substrate.material) {
        present.push((t, &plan.substrate.material, "substrate"));
    }
    for (i, s) in plan.steps.iter().enumerate() {
        let weakest = present.iter().min_by(|a, b| a.0.total_cmp(&b.0));
        if let (Some((limit, material, made)), Some(t)) = (weakest, temperature(plan, know, i))
            && t > *limit
        {
            let id = if matches!(s.verb, Verb::Anneal { .. }) { "ANNEAL" } else { "TEMP" };
            let place = Where {
                step: Some(i),
                ..Where::default()
            };
            let message = format!(
                "`{}` heats to {}, but {material} of `{made}` survives {}",
                s.name,
                celsius(t),
                celsius(*limit)
            );
            let help = format!(
                "move `{}` before `{made}`, or set temperature = \"{}\"",
                s.name,
                celsius(*limit).replace("°C", "degC")
            );
            out.push(finding(plan, id, place, message, help));
        }
        let material = match &s.verb {
            Verb::Deposit(d) => &d.material,
            Verb::Infill(f) => &f.material,
            Verb::LiftOff { resist } => {
                present.retain(|(_, _, made)| made != resist);
                continue;
            }
            _ => continue,
        };
        if let Some(t) = (know.max_temperature)(material) {
            present.push((t, material, &s.name));
        }
    }
}

fn lift(plan: &Plan, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    let (needed, ears) = (lift_ratio(), ears());
    for (i, s) in plan.steps.iter().enumerate() {
        let Verb::LiftOff { resist } = &s.verb else { continue };
        let place = Where {
            step: Some(i),
            ..Where::default()
        };
        let Some(r) = earlier(plan, i, resist) else { continue };
        let Verb::Deposit(made) = &plan.steps[r].verb else { continue };
        // Plating fills openings and leaves the top of the resist free.
        let films = || deposits(plan, know).filter(|(k, .., l)| (r + 1..i).contains(k) && l.kind != Kind::Plating);
        let total: f64 = films().map(|(_, _, d, _)| d.thickness).filter(|t| t.is_finite()).sum();
        if made.thickness < needed * total * (1.0 - 1e-9) {
            let message = format!(
                "`{}` removes {} of film with {} of resist `{resist}`; {} is needed",
                s.name,
                um(total),
                um(made.thickness),
                um(needed * total)
            );
            out.push(finding(
                plan,
                "LIFT.1",
                place,
                message,
                format!("thickness = \"{}\" for `{resist}`", um(needed * total)),
            ));
        }
        for (_, name, d, limits) in films().filter(|(.., l)| l.conformality > ears) {
            let message = format!(
                "`{}` lifts off `{name}`, which {} puts on walls at {} of its thickness; up to {ears} tears cleanly",
                s.name, d.technique, limits.conformality
            );
            out.push(finding(
                plan,
                "LIFT.2",
                place,
                message,
                "technique = \"e-beam-evaporation\"".to_owned(),
            ));
        }
    }
}

fn vacuum(plan: &Plan, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    let Some(wet) = plan.steps.iter().position(|s| matches!(s.verb, Verb::Infill(_))) else {
        return;
    };
    for (i, s) in plan.steps.iter().enumerate().skip(wet + 1) {
        let technique = match &s.verb {
            Verb::Deposit(d) => &d.technique,
            Verb::Etch(e) => &e.technique,
            _ => continue,
        };
        if (know.limits)(technique).is_some_and(|l| l.vacuum) {
            let place = Where {
                step: Some(i),
                ..Where::default()
            };
            let message = format!(
                "step {} `{}` by {technique} pumps the chip, but `{}` filled in liquid in step {}",
                i + 1,
                s.name,
                plan.steps[wet].name,
                wet + 1
            );
            out.push(finding(plan, "INFILL.VAC", place, message, "technique = \"lamination\"".to_owned()));
        }
    }
}
