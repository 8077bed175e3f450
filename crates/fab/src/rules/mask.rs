//! Rules on drawn shapes: line width, gap, height of resist, overlay.

use super::limits::{Kind, Limits};
use super::polygon::{Drawn, Edge, Ring, apart, closest, covers, narrowest, outline, rings};
use super::{Knowledge, Where, deposits, finding, mask_of, point, resist_at, um};
use crate::fabrication::Finding;
use crate::plan::{Mask, Plan, Shape, Verb};
use cellwright_device::Role;

/// Round openings are drawn with 64 sides, which differ from the circle by 0.12 % at most.
const ROUND: f64 = 2e-3;

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    for (i, step) in plan.steps.iter().enumerate() {
        let (name, limits) = match &step.verb {
            Verb::Deposit(d) => (&d.mask, drawn_with(&d.technique, know)),
            Verb::Etch(e) => (&e.mask, (know.limits)(&e.technique).map(|l| (e.technique.clone(), l))),
            _ => continue,
        };
        let (Some(mask), Some((technique, limits))) = (mask_of(plan, name.as_ref()), limits) else {
            continue;
        };
        // Prints and filaments have rules of their own.
        if matches!(limits.kind, Kind::Print | Kind::Filament) {
            continue;
        }
        widths(plan, i, mask, &technique, &limits, out);
        if let Verb::Deposit(d) = &step.verb
            && limits.kind == Kind::Lithography
        {
            resist_height(plan, i, mask, d.thickness, &limits, out);
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

fn widths(plan: &Plan, step: usize, mask: &Mask, technique: &str, limits: &Limits, out: &mut Vec<Finding>) {
    // A line drawn for a sheet is a ready wire: nobody cuts it.
    let cut = |s: &&Shape| limits.kind != Kind::Sheet || !matches!(s, Shape::Path { .. });
    let shapes: Vec<Shape> = mask.shapes.iter().filter(cut).cloned().collect();
    let drawn = rings(&shapes, Drawn::Corners);
    for (id, found, allowed, what) in [
        ("LITHO.W", narrowest(&drawn), limits.min_width, "line"),
        ("LITHO.S", closest(&drawn), limits.min_space, "gap"),
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

fn resist_height(plan: &Plan, step: usize, mask: &Mask, thickness: f64, limits: &Limits, out: &mut Vec<Finding>) {
    let drawn = rings(&mask.shapes, Drawn::Corners);
    let narrow = [narrowest(&drawn), closest(&drawn)]
        .into_iter()
        .flatten()
        .min_by(|a, b| a.0.total_cmp(&b.0));
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
struct Outline<'a> {
    rings: Vec<Ring>,
    edges: Vec<Edge>,
    /// True if the rings are what is covered, false if they are what stays free of it.
    inside: bool,
    name: &'a str,
}

impl<'a> Outline<'a> {
    fn new(name: &'a str, mask: &Mask, inside: bool) -> Outline<'a> {
        let rings = rings(&mask.shapes, Drawn::Corners);
        let edges = outline(&rings);
        Outline {
            rings,
            edges,
            inside,
            name,
        }
    }

    fn holds(&self, p: [f64; 2]) -> bool {
        covers(&self.rings, p) == self.inside
    }
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
        match (d.role, mask) {
            (Role::Negative | Role::Positive, Some(mask)) if limits.kind != Kind::Sheet => {
                let own = Outline::new(name, mask, true);
                let middles: Vec<[f64; 2]> = own.rings.iter().map(middle).collect();
                for c in collectors.iter().filter(|c| middles.iter().any(|p| c.holds(*p))) {
                    enclosed(plan, &own, c, tolerance, &d.technique, place, out);
                }
                electrodes.push(own);
            }
            (Role::Electrolyte, Some(mask)) => {
                let own = Outline::new(name, mask, true);
                for e in electrodes.iter().filter(|e| e.rings.iter().any(|r| own.holds(middle(r)))) {
                    enclosed(plan, e, &own, tolerance, &d.technique, place, out);
                }
            }
            (Role::Collector, Some(mask)) => collectors.push(Outline::new(name, mask, true)),
            (Role::Collector, None) if limits.kind == Kind::Directional => {
                if let Some((r, Some(_))) = resist_at(plan, know, i)
                    && let Verb::Deposit(resist) = &plan.steps[r].verb
                    && let Some(mask) = mask_of(plan, resist.mask.as_ref())
                {
                    collectors.push(Outline::new(name, mask, false));
                }
            }
            _ => (),
        }
    }
}

/// A finding if the inner shapes come nearer to the edge of the outer ones than they can be aligned.
fn enclosed(
    plan: &Plan,
    inner: &Outline<'_>,
    outer: &Outline<'_>,
    tolerance: f64,
    technique: &str,
    place: Where<'_>,
    out: &mut Vec<Finding>,
) {
    let Some((found, at)) = apart(&inner.edges, &outer.edges).filter(|f| f.0 < tolerance * (1.0 - 1e-6)) else {
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

/// Mean of the corners of a ring.
fn middle(ring: &Ring) -> [f64; 2] {
    let n = ring.len().max(1) as f64;
    [0, 1].map(|axis| ring.iter().map(|p| p[axis]).sum::<f64>() / n)
}
