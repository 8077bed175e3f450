//! Rules on prints and filaments: resolution, gap, nozzle, height of walls.

use super::drawn::{Drawings, Drawn};
use super::limits::Kind;
use super::{Knowledge, Where, deposits, finding, mask_of, point, um};
use crate::fabrication::Finding;
use crate::plan::{Mask, Plan, Shape};
use cellwright_device::Role;
use std::rc::Rc;

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, drawings: &Drawings, out: &mut Vec<Finding>) {
    // Both electrodes together, so that the gap between them is seen.
    let mut electrodes: Vec<Shape> = vec![];
    for (i, name, d, limits) in deposits(plan, know).filter(|(.., l)| matches!(l.kind, Kind::Print | Kind::Filament)) {
        let Some(mask) = mask_of(plan, d.mask.as_ref()) else { continue };
        let allowed = limits.min_space.max(2.0 * limits.bleed);
        let mut drawn = drawings.of(mask, allowed.max(limits.min_width));
        let place = |at: [f64; 2]| Where {
            step: Some(i),
            mask: Some(mask),
            at: Some([at[0], at[1], 0.0]),
        };
        let width = drawn.narrower(0, limits.min_width);
        if let Some((found, at)) = width.filter(|w| w.0 < limits.min_width * (1.0 - 1e-6)) {
            let message = format!(
                "`{name}` prints a line {} wide at {}, but {} resolves {}",
                um(found),
                point(at),
                d.technique,
                um(limits.min_width)
            );
            out.push(finding(
                plan,
                "PRINT.RES",
                place(at),
                message,
                format!("draw lines of at least \"{}\"", um(limits.min_width)),
            ));
        }
        if matches!(d.role, Role::Negative | Role::Positive) {
            electrodes.extend_from_slice(&mask.shapes);
            drawn = Rc::new(Drawn::of(&[&electrodes], allowed));
        }
        if let Some((found, at)) = drawn.closer(0, allowed).filter(|s| s.0 < allowed * (1.0 - 1e-6)) {
            let message = format!(
                "`{name}` leaves a gap of {} at {}, but {} needs {}: it resolves {} and each edge spreads by {}",
                um(found),
                point(at),
                d.technique,
                um(allowed),
                um(limits.min_space),
                um(limits.bleed)
            );
            out.push(finding(
                plan,
                "PRINT.GAP",
                place(at),
                message,
                format!("draw gaps of at least \"{}\"", um(allowed)),
            ));
        }
        if limits.kind == Kind::Filament {
            filament(plan, name, d.recipe.nozzle, d.thickness, mask, limits.aspect_ratio, &place, out);
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one caller, all different things")]
fn filament<'a>(
    plan: &Plan,
    name: &str,
    nozzle: Option<f64>,
    height: f64,
    mask: &Mask,
    tallest: f64,
    place: &impl Fn([f64; 2]) -> Where<'a>,
    out: &mut Vec<Finding>,
) {
    let Some((width, at)) = mask.shapes.iter().filter_map(thinnest).min_by(|a, b| a.0.total_cmp(&b.0)) else {
        return;
    };
    if let Some(nozzle) = nozzle.filter(|n| width < n * (1.0 - 1e-9)) {
        let message = format!("`{name}` lays a filament {} wide from a nozzle {} wide", um(width), um(nozzle));
        out.push(finding(plan, "DIW.NOZ", place(at), message, format!("nozzle = \"{}\"", um(width))));
    }
    if height / width > tallest {
        let message = format!(
            "the walls of `{name}` are {} tall and {} wide: a ratio of {:.1}, allowed {tallest}",
            um(height),
            um(width),
            height / width
        );
        out.push(finding(
            plan,
            "DIW.WALL",
            place(at),
            message,
            format!("print at most \"{}\" tall", um(tallest * width)),
        ));
    }
}

/// Width and start of the thinnest path in a shape.
fn thinnest(shape: &Shape) -> Option<(f64, [f64; 2])> {
    match shape {
        Shape::Path { points, width } => points.first().map(|p| (*width, *p)),
        Shape::Array { shape, .. } => thinnest(shape),
        _ => None,
    }
}
