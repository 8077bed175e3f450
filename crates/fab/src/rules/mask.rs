//! Rules on drawn shapes: line width, gap, height of resist, overlay.

use super::drawn::{Drawings, Drawn};
use super::limits::{Kind, Limits};
use super::polygon::{Place, complement};
use super::{Knowledge, Where, deposits, finding, mask_of, point, resist_at, um};
use crate::fabrication::Finding;
use crate::plan::{Form, Mask, Plan, Verb};
use cellwright_device::Role;

/// Round openings are drawn with 64 sides, which differ from the circle by 0.12 % at most.
const ROUND: f64 = 2e-3;

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, drawings: &Drawings, out: &mut Vec<Finding>) {
    for (i, step) in plan.steps.iter().enumerate() {
        let (name, limits) = match &step.verb {
            Verb::Deposit(d) => (&d.mask, drawn_with(&d.technique, know)),
            Verb::Etch(e) => (&e.mask, (know.limits)(&e.technique).map(|l| (e.technique.clone(), l))),
            _ => continue,
        };
        let (Some(mask), Some((technique, limits))) = (mask_of(plan, name.as_ref()), limits) else {
            continue;
        };
        // Prints and filaments have rules of their own; the wires and the wrap of a fibre come ready and are not cut.
        let ready = limits.kind == Kind::Sheet && matches!(plan.substrate.form, Form::Fibre { .. });
        if ready || matches!(limits.kind, Kind::Print | Kind::Filament) {
            continue;
        }
        let resist = match &step.verb {
            Verb::Deposit(d) if limits.kind == Kind::Lithography => Some(d.thickness),
            _ => None,
        };
        // Looked for once, below whichever limit is wider.
        let upright = resist.map_or(0.0, |t| t / limits.aspect_ratio);
        let limit = [limits.min_width, limits.min_space].map(|l| if upright > l { upright } else { l });
        let drawn = drawings.of(mask, limit[0].max(limit[1]));
        let found = [drawn.narrower(0, limit[0]), drawn.closer(0, limit[1])];
        widths(plan, i, mask, found, &technique, &limits, out);
        if let Some(thickness) = resist {
            resist_height(plan, i, mask, found, thickness, &limits, out);
        }
    }
    overlay(plan, know, out);
}

/// The technique that gives a deposit its shape: gas and plating need a stencil or resist.
fn drawn_with(technique: &str, know: &Knowledge<'_>) -> Option<(String, Limits)> {
    let name = match (know.limits)(technique)?.kind {
        Kind::Directional | Kind::Conformal | Kind::Coat => "shadow-mask",
        Kind::Plating => "lithography",
        _ => technique,
    };
    (know.limits)(name).map(|l| (name.to_owned(), l))
}

fn widths(plan: &Plan, step: usize, mask: &Mask, found: [Option<Place>; 2], technique: &str, limits: &Limits, out: &mut Vec<Finding>) {
    for (id, found, allowed, what) in [
        ("LITHO.W", found[0], limits.min_width, "line"),
        ("LITHO.S", found[1], limits.min_space, "gap"),
    ] {
        let Some((found, at)) = found.filter(|f| f.0 < allowed * (1.0 - ROUND)) else {
            continue;
        };
        let place = Where {
            step: Some(step),
            mask: Some(mask),
            at: Some([at[0], at[1], 0.0]),
        };
        let message = format!(
            "mask `{}` has a {what} {} wide at {}, but {technique} resolves {}",
            mask.name,
            um(found),
            point(at),
            um(allowed)
        );
        out.push(finding(
            plan,
            id,
            place,
            message,
            format!("make every {what} at least \"{}\" wide", um(allowed)),
        ));
    }
}

fn resist_height(
    plan: &Plan,
    step: usize,
    mask: &Mask,
    found: [Option<Place>; 2],
    thickness: f64,
    limits: &Limits,
    out: &mut Vec<Finding>,
) {
    let narrow = found.into_iter().flatten().min_by(|a, b| a.0.total_cmp(&b.0));
    let Some((width, at)) = narrow else { return };
    let ratio = thickness / width;
    if ratio > limits.aspect_ratio {
        let place = Where {
            step: Some(step),
            mask: Some(mask),
            at: Some([at[0], at[1], thickness]),
        };
        let message = format!(
            "`{}` is {} tall and {} wide at {}: height over width {ratio:.1}, allowed {}",
            plan.steps[step].name,
            um(thickness),
            um(width),
            point(at),
            limits.aspect_ratio
        );
        out.push(finding(
            plan,
            "LITHO.AR",
            place,
            message,
            format!("thickness = \"{}\"", um(limits.aspect_ratio * width)),
        ));
    }
}

/// Shapes that a later film must keep to: a drawn mask, or the openings of lifted resist.
#[derive(Clone, Copy)]
struct Outline<'a> {
    mask: &'a Mask,
    /// True if the shapes are what is covered, false if they are what stays free of it.
    inside: bool,
    name: &'a str,
}

/// Electrodes stay inside their collector, solid electrolyte covers the electrodes below it.
fn overlay(plan: &Plan, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    let mut collectors: Vec<Outline<'_>> = vec![];
    let mut electrodes: Vec<Outline<'_>> = vec![];
    for (i, name, d, limits) in deposits(plan, know) {
        let mask = mask_of(plan, d.mask.as_ref());
        let place = Where {
            step: Some(i),
            mask,
            at: None,
        };
        let tolerance = drawn_with(&d.technique, know).map_or(0.0, |(_, l)| l.alignment);
        let drawn = |mask, inside| Outline { mask, inside, name };
        match (d.role, mask) {
            (Role::Negative | Role::Positive, Some(mask)) if limits.kind != Kind::Sheet => {
                let own = drawn(mask, true);
                for c in &collectors {
                    enclosed(plan, own, *c, tolerance, &d.technique, place, out);
                }
                electrodes.push(own);
            }
            (Role::Electrolyte, Some(mask)) => {
                for e in &electrodes {
                    enclosed(plan, *e, drawn(mask, true), tolerance, &d.technique, place, out);
                }
            }
            (Role::Collector, Some(mask)) => collectors.push(drawn(mask, true)),
            (Role::Collector, None) if limits.kind == Kind::Directional => {
                if let Some((r, Some(_))) = resist_at(plan, know, i)
                    && let Verb::Deposit(resist) = &plan.steps[r].verb
                    && let Some(mask) = mask_of(plan, resist.mask.as_ref())
                {
                    collectors.push(drawn(mask, false));
                }
            }
            _ => (),
        }
    }
}

/// A finding if the inner shapes come nearer to the edge of the outer ones than they can be aligned.
fn enclosed(
    plan: &Plan,
    inner: Outline<'_>,
    outer: Outline<'_>,
    tolerance: f64,
    technique: &str,
    place: Where<'_>,
    out: &mut Vec<Finding>,
) {
    let drawn = Drawn::of(&[&inner.mask.shapes, &outer.mask.shapes], tolerance);
    let [_, drawn_outer] = drawn.masks.as_slice() else { return };
    let outside = if outer.inside { vec![] } else { complement(drawn_outer) };
    let outer_rings = if outer.inside { drawn_outer } else { &outside };
    let Some((found, at)) = drawn.enclosed(outer_rings, tolerance) else {
        return;
    };
    let place = Where {
        at: Some([at[0], at[1], 0.0]),
        ..place
    };
    let message = format!(
        "`{}` comes within {} of the edge of `{}` at {}, but {technique} aligns to {}",
        inner.name,
        um(found),
        outer.name,
        point(at),
        um(tolerance)
    );
    let help = format!("keep `{}` inside `{}` by at least \"{}\"", inner.name, outer.name, um(tolerance));
    out.push(finding(plan, "LITHO.OVL", place, message, help));
}
