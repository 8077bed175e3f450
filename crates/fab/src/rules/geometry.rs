//! Rules on the emulated geometry: hollows, loose bodies, unreached space, bridges, polishing, thin films.

use super::limits::{Kind, SPAN, continuity};
use super::observed::Observed;
use super::{Knowledge, Where, finding, resist_at, um};
use crate::fabrication::Finding;
use crate::plan::{Form, Plan, Verb};
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_device::Role;

fn volume(v: f64) -> String {
    format_quantity(v, Dimension::VOLUME)
}

fn spot(p: [f64; 3]) -> String {
    format!("({}, {}, {})", um(p[0]), um(p[1]), um(p[2]))
}

/// A place as the subject of a finding: the same for a fault that stays, although the geometry is divided anew after every step.
fn site(p: [f64; 3]) -> String {
    p.map(|v| format!("{:.0}", v / 5e-6)).join(" ")
}

/// Whether a body is a wire beside a fibre, which is held at its ends outside of the window.
fn held_at_ends(plan: &Plan, seen: &Observed, know: &Knowledge<'_>, body: usize) -> bool {
    let step = seen.regions.get(body).and_then(|r| plan.steps.get(r.step?));
    matches!(plan.substrate.form, Form::Fibre { .. })
        && matches!(step.map(|s| &s.verb), Some(Verb::Deposit(d)) if (know.limits)(&d.technique).is_some_and(|l| l.kind == Kind::Sheet))
}

pub(super) fn check(plan: &Plan, seen: &Observed, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    let here = |at: Option<[f64; 3]>| Where {
        step: seen.step,
        mask: None,
        at,
    };
    let step = seen.step.and_then(|i| plan.steps.get(i)).map_or("substrate", |s| s.name.as_str());
    for (v, at) in &seen.voids {
        let message = format!("`{step}` closes a hollow of {} at {}; 0 is allowed", volume(*v), spot(*at));
        out.push(finding(plan, "VOID", here(Some(*at)), message, "open the gap or thin the film".to_owned()).about(site(*at)));
    }
    for (body, v) in seen.loose.iter().filter(|(b, _)| !held_at_ends(plan, seen, know, *b)) {
        let message = format!("`{step}` leaves `{}` unsupported ({}); 0 is allowed", name(seen, *body), volume(*v));
        out.push(finding(plan, "FLOAT", here(None), message, "leave an anchor to the substrate".to_owned()).about(name(seen, *body)));
    }
    for (v, at) in &seen.unreached {
        let message = format!("`{step}` cannot reach {} at {}; 0 is allowed", volume(*v), spot(*at));
        out.push(
            finding(
                plan,
                "INFILL.ACCESS",
                here(Some(*at)),
                message,
                "fill before the lid, or leave a fill port".to_owned(),
            )
            .about(site(*at)),
        );
    }
    for p in seen.plated.iter().filter(|p| p.unseeded > 0) {
        let message = format!(
            "`{step}` finds no connected conductor in {} of {} openings, one at {}",
            p.unseeded,
            p.seeded + p.unseeded,
            spot(p.place)
        );
        out.push(
            finding(
                plan,
                "ED.SEED",
                here(Some(p.place)),
                message,
                "join every opening to the collector".to_owned(),
            )
            .about(step),
        );
    }
    for b in seen.bridges.iter().filter(|b| b.length > SPAN * b.width) {
        let message = format!(
            "`{step}` bridges {} with a filament {} wide, allowed {}",
            um(b.length),
            um(b.width),
            um(SPAN * b.width)
        );
        out.push(
            finding(
                plan,
                "DIW.SPAN",
                here(Some(b.place)),
                message,
                format!("support it every \"{}\"", um(SPAN * b.width)),
            )
            .about(site(b.place)),
        );
    }
    if let Some(plane) = &seen.plane
        && !plane
            .iter()
            .any(|r| seen.regions.get(*r).is_some_and(|r| r.role == Role::Insulator))
    {
        let message = format!(
            "`{step}` polishes {} bodies and none is an insulator that stops it; 1 is needed",
            plane.len()
        );
        out.push(
            finding(
                plan,
                "CMP.STOP",
                here(None),
                message,
                "put an insulator at the height of the plane".to_owned(),
            )
            .about(step),
        );
    }
    thin(plan, seen, know, out);
}

/// Films that are thinner somewhere than what is closed.
fn thin(plan: &Plan, seen: &Observed, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    for f in &seen.films {
        let Some((s, Verb::Deposit(d))) = plan.steps.get(f.step).map(|s| (s, &s.verb)) else {
            continue;
        };
        let needed = continuity(d.role);
        // What rests on resist is gone after lift-off; until then its walls would be taken for those of the chip.
        let lifted = resist_at(plan, know, f.step).and_then(|(_, gone)| gone);
        if lifted.is_some_and(|gone| seen.step.is_none_or(|now| now < gone)) {
            continue;
        }
        let directional = (know.limits)(&d.technique).is_some_and(|l| l.kind == Kind::Directional);
        if directional && f.thickness[0] < needed {
            let message = format!(
                "`{}` is {} thick at {} ({} on average), but closed only above {}",
                s.name,
                um(f.thickness[0]),
                spot(f.place),
                um(f.thickness[1]),
                um(needed)
            );
            let place = Where {
                step: Some(f.step),
                mask: None,
                at: Some(f.place),
            };
            out.push(finding(plan, "PVD.SC", place, message, "technique = \"atomic-layer-deposition\"".to_owned()).about(s.name.as_str()));
        }
    }
}

/// Name of a body.
pub(super) fn name(seen: &Observed, body: usize) -> &str {
    seen.regions.get(body).map_or("?", |r| r.name.as_str())
}
