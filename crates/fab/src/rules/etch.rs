//! Rules on etching, and the openings that etching and plating leave for later films.

use super::drawn::{Drawings, Drawn};
use super::limits::{ETCH_MASK, Kind};
use super::polygon::{covers, near, whole, within, worst};
use super::{Knowledge, Where, deposits, finding, mask_of, point, resist_at, um};
use crate::fabrication::Finding;
use crate::plan::{Etch, Mask, Plan, Shape, Verb};
use cellwright_layout::rings::Ring;
use cellwright_layout::rules::Rule;
use std::f64::consts::{FRAC_PI_2, PI};

/// Space that later films have to coat: a hole, a trench, or what lies between pillars.
pub(super) struct Opening<'a> {
    /// Index of the step after which it stands open.
    pub step: usize,
    /// Mask that draws it.
    pub mask: &'a Mask,
    /// Narrowest width, m, and where.
    pub gap: (f64, [f64; 2]),
    /// Depth, m.
    pub depth: f64,
    /// Whether walls close around (hole), or stand apart (trench, pillars).
    pub hole: bool,
    area: f64,
    perimeter: f64,
    /// How the perimeter changes with film thickness: -2 pi for a hole, +2 pi for each pillar.
    turn: f64,
}

impl Opening<'_> {
    /// Gordon's aspect ratio depth x perimeter / (4 x area) under films of a total thickness; infinite once closed.
    pub fn ratio(&self, films: f64) -> f64 {
        let left = self.area - self.perimeter * films - self.turn / 2.0 * films * films;
        let around = self.perimeter + self.turn * films;
        if left <= 0.0 || around <= 0.0 || 2.0 * films >= self.gap.0 {
            return f64::INFINITY;
        }
        self.depth * around / (4.0 * left)
    }
}

/// Openings of all masked etches with a depth and of all plated pillars.
pub(super) fn openings<'a>(plan: &'a Plan, know: &Knowledge<'_>, drawings: &Drawings) -> Vec<Opening<'a>> {
    let mut out = vec![];
    let w = [plan.window.from[0], plan.window.from[1], plan.window.to[0], plan.window.to[1]];
    let window = (w[2] - w[0]) * (w[3] - w[1]);
    for (i, step) in plan.steps.iter().enumerate() {
        let Verb::Etch(e) = &step.verb else { continue };
        let (Some(mask), Some(depth)) = (mask_of(plan, e.mask.as_ref()), local_depth(plan, i, e)) else {
            continue;
        };
        let drawn = drawings.of(mask, 0.0);
        if e.inside {
            // The opening that is hardest to reach stands for all.
            let sizes = drawn.masks[0].iter().map(whole).filter(|(area, _)| *area > 0.0);
            let worst = sizes.max_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
            let (Some((area, perimeter)), Some(gap)) = (worst, drawn.narrowest(0)) else {
                continue;
            };
            out.push(Opening {
                step: i,
                mask,
                gap,
                depth,
                hole: perimeter < 6.0 * area.sqrt(),
                area,
                perimeter,
                turn: -2.0 * PI,
            });
        } else if let Some(gap) = drawn.closest(0) {
            let near = near(&mask.shapes, w);
            let (covered, perimeter) = within(&near, w);
            let share = |r: &Ring| within(std::slice::from_ref(r), w).0 / whole(r).0;
            out.push(Opening {
                step: i,
                mask,
                gap,
                depth,
                hole: false,
                area: window - covered,
                perimeter,
                turn: 2.0 * PI * near.iter().map(share).sum::<f64>(),
            });
        }
    }
    for (i, _, d, limits) in deposits(plan, know) {
        if limits.kind != Kind::Plating || !d.thickness.is_finite() {
            continue;
        }
        let Some((r, Some(gone))) = resist_at(plan, know, i) else {
            continue;
        };
        let Verb::Deposit(resist) = &plan.steps[r].verb else { continue };
        let Some(mask) = mask_of(plan, resist.mask.as_ref()) else {
            continue;
        };
        let near = near(&mask.shapes, w);
        // Around the window elements are missing: only what touches it counts.
        let seen = |b: [f64; 4]| b[0] <= w[2] && b[2] >= w[0] && b[1] <= w[3] && b[3] >= w[1];
        let Some(gap) = worst(&near, Rule::Width, seen) else { continue };
        let (area, perimeter) = within(&near, w);
        out.push(Opening {
            step: gone,
            mask,
            gap,
            depth: d.thickness,
            hole: false,
            area,
            perimeter,
            turn: 2.0 * PI,
        });
    }
    out
}

/// Depth below the floor from which this etch starts.
fn local_depth(plan: &Plan, step: usize, e: &Etch) -> Option<f64> {
    let depth = e.depth?;
    let mask = mask_of(plan, e.mask.as_ref())?;
    let first = mask.shapes.first().and_then(corner)?;
    let floor = plan.steps[..step].iter().filter_map(|s| {
        let Verb::Etch(before) = &s.verb else { return None };
        let held = mask_of(plan, before.mask.as_ref())?;
        let drawn = near(&held.shapes, [first[0], first[1], first[0], first[1]]);
        (before.inside && covers(&drawn, first)).then_some(before.depth?)
    });
    Some(depth - floor.fold(0.0, f64::max)).filter(|d| *d > 0.0)
}

/// A corner of a shape, or the middle of a round one.
fn corner(shape: &Shape) -> Option<[f64; 2]> {
    match shape {
        Shape::Rectangle(a, _) => Some(*a),
        Shape::Circle { centre, .. } => Some(*centre),
        Shape::Polygon(points) | Shape::Path { points, .. } => points.first().copied(),
        Shape::Array { shape, .. } => corner(shape),
    }
}

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, drawings: &Drawings, openings: &[Opening<'_>], out: &mut Vec<Finding>) {
    for o in openings {
        let Verb::Etch(e) = &plan.steps[o.step].verb else { continue };
        let Some(limits) = (know.limits)(&e.technique) else { continue };
        let step = &plan.steps[o.step].name;
        let place = Where {
            step: Some(o.step),
            mask: Some(o.mask),
            at: Some([o.gap.1[0], o.gap.1[1], -o.depth]),
        };
        let (gap, at) = (o.gap.0, point(o.gap.1));
        let ratio = o.depth / gap;
        if ratio > limits.aspect_ratio {
            let message = format!(
                "`{step}` is {} deep in an opening {} wide at {at}: depth over width {ratio:.1}, but {} reaches {}",
                um(o.depth),
                um(gap),
                e.technique,
                limits.aspect_ratio
            );
            let help = format!(
                "etch at most \"{}\" deep, or open at least \"{}\"",
                um(limits.aspect_ratio * gap),
                um(o.depth / limits.aspect_ratio)
            );
            out.push(finding(plan, "DRIE.AR", place, message, help));
        }
        if o.depth / limits.selectivity > ETCH_MASK {
            let message = format!(
                "`{step}` is {} deep and wears {} of mask, but {} of resist is the most that {} is given",
                um(o.depth),
                um(o.depth / limits.selectivity),
                um(ETCH_MASK),
                e.technique
            );
            out.push(finding(
                plan,
                "DRIE.MASK",
                place,
                message,
                format!("etch at most \"{}\" deep", um(limits.selectivity * ETCH_MASK)),
            ));
        }
        lean(plan, o, e, &drawings.of(o.mask, 0.0), place, out);
        if e.inside {
            spread(plan, o, &drawings.of(o.mask, 0.0), place, out);
        }
    }
}

/// Walls that lean: holes close, pillars end in a point.
fn lean(plan: &Plan, o: &Opening<'_>, e: &Etch, drawn: &Drawn, place: Where<'_>, out: &mut Vec<Finding>) {
    let off = FRAC_PI_2 - e.sidewall;
    if off.abs() < 1e-9 {
        return;
    }
    let (width, what) = if off > 0.0 {
        (Some(o.gap), "opening")
    } else if e.inside {
        (drawn.closest(0), "wall or pillar")
    } else {
        (drawn.narrowest(0), "wall or pillar")
    };
    let Some((width, at)) = width else { return };
    let lost = 2.0 * o.depth * off.abs().tan();
    if lost >= width * (1.0 - 1e-9) {
        let message = format!(
            "walls of {:.1} degrees end the {} {what} at {} after {}, but `{}` is {} deep",
            e.sidewall.to_degrees(),
            um(width),
            point(at),
            um(width / (2.0 * off.abs().tan())),
            plan.steps[o.step].name,
            um(o.depth)
        );
        out.push(finding(
            plan,
            "DRIE.TAPER",
            place,
            message,
            format!("etch less than \"{}\" deep", um(width / (2.0 * off.abs().tan()))),
        ));
    }
}

fn spread(plan: &Plan, o: &Opening<'_>, drawn: &Drawn, place: Where<'_>, out: &mut Vec<Finding>) {
    // Equal openings are measured once.
    let mut openings: Vec<Ring> = drawn.masks.concat().iter().map(at_origin).collect();
    openings.sort_unstable();
    openings.dedup();
    let widths: Vec<f64> = openings
        .iter()
        .filter_map(|r| worst(std::slice::from_ref(r), Rule::Width, |_| true))
        .map(|w| w.0)
        .collect();
    let (least, most) = widths.iter().fold((f64::INFINITY, 0.0f64), |(l, m), w| (l.min(*w), m.max(*w)));
    if most > super::limits::LAG * least {
        let message = format!(
            "openings of mask `{}` are {} to {} wide, a ratio of {:.1}; up to {} etch alike",
            o.mask.name,
            um(least),
            um(most),
            most / least,
            super::limits::LAG
        );
        out.push(finding(
            plan,
            "DRIE.LAG",
            place,
            message,
            "draw openings of one width, or etch them in two steps".to_owned(),
        ));
    }
}

/// A ring moved so that its first point is the origin.
fn at_origin(ring: &Ring) -> Ring {
    let from = ring.first().copied().unwrap_or_default();
    ring.iter()
        .map(|p| [p[0].saturating_sub(from[0]), p[1].saturating_sub(from[1])])
        .collect()
}
