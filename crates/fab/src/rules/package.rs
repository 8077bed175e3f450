//! Rules on the package: sealing ring and contact pads.

use super::drawn::{Drawn, bounds_of};
use super::limits::{Kind, PAD, RING};
use super::polygon::{edges, joined};
use super::{Knowledge, Where, deposits, finding, mask_of, resist_at, um};
use crate::fabrication::Finding;
use crate::plan::{Form, Mask, Plan, Verb};
use cellwright_device::Role;

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    let seals: Vec<(usize, &Mask)> = deposits(plan, know)
        .filter(|(_, _, d, _)| d.role == Role::Encapsulation)
        .filter_map(|(i, _, d, _)| mask_of(plan, d.mask.as_ref()).map(|m| (i, m)))
        .collect();
    let blanket = deposits(plan, know).any(|(_, _, d, _)| d.role == Role::Encapsulation && d.mask.is_none());
    let Some((first, _)) = seals.first() else {
        if !blanket {
            let message = format!("the cell has no encapsulation: ring 0 um, needed {}", um(RING));
            out.push(finding(
                plan,
                "ENCAP.RING",
                Where::default(),
                message,
                "role = \"encapsulation\"".to_owned(),
            ));
        }
        return;
    };
    if matches!(plan.substrate.form, Form::Fibre { .. }) {
        wrap(plan, know, &seals, out);
    } else {
        ring(plan, know, &seals, out);
    }
    contacts(plan, know, &seals, *first, out);
}

/// Distance from what must stay dry to the outer edge of the seal.
fn ring(plan: &Plan, know: &Knowledge<'_>, seals: &[(usize, &Mask)], out: &mut Vec<Finding>) {
    let Some(cell) = cell(plan, know) else { return };
    let Some(outer) = bounds_of(seals.iter().flat_map(|(_, m)| &m.shapes)) else {
        return;
    };
    let sides = [cell[0] - outer[0], cell[1] - outer[1], outer[2] - cell[2], outer[3] - cell[3]];
    let least = sides.into_iter().fold(f64::INFINITY, f64::min);
    let (step, mask) = seals[seals.len() - 1];
    let thin = seals
        .iter()
        .filter_map(|(_, m)| Drawn::of(&[&m.shapes], RING).narrower(0, RING))
        .map(|w| w.0)
        .fold(f64::INFINITY, f64::min);
    let found = least.min(thin);
    if found < RING * (1.0 - 1e-6) {
        let place = Where {
            step: Some(step),
            mask: Some(mask),
            at: Some([outer[0], outer[1], 0.0]),
        };
        let message = format!("the seal is {} wide around the cell, needed {}", um(found), um(RING));
        out.push(finding(
            plan,
            "ENCAP.RING",
            place,
            message,
            format!("seal at least \"{}\" wide", um(RING)),
        ));
    }
}

/// A wrap has no ring: it encloses the cell and must reach as far as what it covers. Wires leave it at both ends.
fn wrap(plan: &Plan, know: &Knowledge<'_>, seals: &[(usize, &Mask)], out: &mut Vec<Finding>) {
    let (Some(cell), Some(outer)) = (cell(plan, know), bounds_of(seals.iter().flat_map(|(_, m)| &m.shapes))) else {
        return;
    };
    let bare = [outer[0] - cell[0], outer[1] - cell[1], cell[2] - outer[2], cell[3] - outer[3]];
    let bare = bare.into_iter().fold(0.0, f64::max);
    if bare > 1e-9 {
        let (step, mask) = seals[seals.len() - 1];
        let place = Where {
            step: Some(step),
            mask: Some(mask),
            at: Some([outer[0], outer[1], 0.0]),
        };
        let message = format!(
            "the wrap `{}` leaves {} of the cell bare, 0 is allowed",
            plan.steps[step].name,
            um(bare)
        );
        out.push(finding(
            plan,
            "ENCAP.RING",
            place,
            message,
            format!("let mask `{}` reach \"{}\" further", mask.name, um(bare)),
        ));
    }
}

/// What must stay dry under the seal.
fn wet(role: Role) -> bool {
    matches!(role, Role::Negative | Role::Positive | Role::Electrolyte)
}

/// Whether a step of this name deposits an electrode or electrolyte.
fn is_wet(plan: &Plan, name: &str) -> bool {
    plan.steps
        .iter()
        .any(|s| s.name == name && matches!(&s.verb, Verb::Deposit(d) if wet(d.role)))
}

/// Box around electrodes and electrolyte.
fn cell(plan: &Plan, know: &Knowledge<'_>) -> Option<[f64; 4]> {
    let names: Vec<&String> = plan
        .steps
        .iter()
        .filter_map(|s| match &s.verb {
            Verb::Deposit(d) if wet(d.role) && (know.limits)(&d.technique).is_none_or(|l| l.kind != Kind::Sheet) => d.mask.as_ref(),
            Verb::Infill(f) => f.mask.as_ref(),
            // A mesa: what stays of the films that must stay dry.
            Verb::Etch(e) if !e.inside && e.only.iter().any(|n| is_wet(plan, n)) => e.mask.as_ref(),
            _ => None,
        })
        .collect();
    names
        .into_iter()
        .filter_map(|n| mask_of(plan, Some(n)))
        .filter_map(|m| bounds_of(&m.shapes))
        .reduce(joined)
}

/// Every drawn collector under the seal must come out of it by a pad.
fn contacts(plan: &Plan, know: &Knowledge<'_>, seals: &[(usize, &Mask)], first: usize, out: &mut Vec<Finding>) {
    let Some(sealed) = bounds_of(seals.iter().flat_map(|(_, m)| &m.shapes)) else {
        return;
    };
    for (i, name, d, limits) in deposits(plan, know).filter(|(i, _, d, _)| *i < first && d.role == Role::Collector) {
        let reach = if let Some(mask) = mask_of(plan, d.mask.as_ref()) {
            bounds_of(&mask.shapes).map_or(0.0, |b| beyond(b, sealed))
        } else if let Some((r, Some(_))) = resist_at(plan, know, i).filter(|_| limits.kind == Kind::Directional) {
            let Verb::Deposit(resist) = &plan.steps[r].verb else { continue };
            let Some(mask) = mask_of(plan, resist.mask.as_ref()) else {
                continue;
            };
            opening_beyond(plan, mask, sealed)
        } else {
            continue;
        };
        if reach < PAD * (1.0 - 1e-6) {
            let place = Where {
                step: Some(i),
                mask: mask_of(plan, d.mask.as_ref()),
                at: None,
            };
            let message = format!("`{name}` comes {} out of the seal, but a pad needs {}", um(reach.max(0.0)), um(PAD));
            out.push(finding(
                plan,
                "TAB",
                place,
                message,
                format!("let `{name}` reach at least \"{}\" beyond the seal", um(PAD)),
            ));
        }
    }
}

/// How far a box sticks out of another.
fn beyond(b: [f64; 4], outer: [f64; 4]) -> f64 {
    [outer[0] - b[0], outer[1] - b[1], b[2] - outer[2], b[3] - outer[3]]
        .into_iter()
        .fold(0.0, f64::max)
}

/// How far the openings of resist reach out of the seal, measured by the edges of the resist that are not the edge of the die.
fn opening_beyond(plan: &Plan, mask: &Mask, sealed: [f64; 4]) -> f64 {
    let drawn = Drawn::of(&[&mask.shapes], 0.0);
    let on_die = |p: [f64; 2]| (0.0..=plan.die[0]).contains(&p[0]) && (0.0..=plan.die[1]).contains(&p[1]);
    let mut reach: f64 = 0.0;
    for [a, b] in edges(&drawn.masks[0]) {
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        // Resist lies to the left; two nanometres to the right there must be an opening on the die.
        let right = [
            (a[0] + b[0]) / 2.0 + 2e-9 * (b[1] - a[1]) / length,
            (a[1] + b[1]) / 2.0 - 2e-9 * (b[0] - a[0]) / length,
        ];
        if on_die(right) {
            let b = [a[0].min(b[0]), a[1].min(b[1]), a[0].max(b[0]), a[1].max(b[1])];
            reach = reach.max(beyond(b, sealed));
        }
    }
    reach
}
