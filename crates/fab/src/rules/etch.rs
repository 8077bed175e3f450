//! Rules on etching, and the openings that etching and plating leave for later films.

use super::limits::{ETCH_MASK, Kind};
use super::polygon::{Drawn, Edge, Ring, area, closest, covers, narrowest, outline, perimeter, rings, within};
use super::{Knowledge, Where, deposits, finding, mask_of, point, resist_at, um};
use crate::fabrication::Finding;
use crate::plan::{Etch, Mask, Plan, Verb};
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
pub(super) fn openings<'a>(plan: &'a Plan, know: &Knowledge<'_>) -> Vec<Opening<'a>> {
    let mut out = vec![];
    let w = [plan.window.from[0], plan.window.from[1], plan.window.to[0], plan.window.to[1]];
    let window = (w[2] - w[0]) * (w[3] - w[1]);
    for (i, step) in plan.steps.iter().enumerate() {
        let Verb::Etch(e) = &step.verb else { continue };
        let (Some(mask), Some(depth)) = (mask_of(plan, e.mask.as_ref()), local_depth(plan, i, e)) else {
            continue;
        };
        let drawn = rings(&mask.shapes, Drawn::Corners);
        if e.inside {
            // The ring that is hardest to reach stands for all.
            let worst = drawn
                .iter()
                .max_by(|a, b| (perimeter(a) / area(a)).total_cmp(&(perimeter(b) / area(b))));
            let (Some(worst), Some(gap)) = (worst, narrowest(&drawn)) else {
                continue;
            };
            out.push(Opening {
                step: i,
                mask,
                gap,
                depth,
                hole: perimeter(worst) < 6.0 * area(worst).sqrt(),
                area: area(worst),
                perimeter: perimeter(worst),
                turn: -2.0 * PI,
            });
        } else if let Some(gap) = closest(&drawn) {
            let near = rings(&mask.shapes, Drawn::Near(w));
            let parts: Vec<(f64, f64)> = near.iter().map(|r| within(r, w)).collect();
            let whole: f64 = near.iter().zip(&parts).map(|(r, p)| p.0 / area(r)).sum();
            out.push(Opening {
                step: i,
                mask,
                gap,
                depth,
                hole: false,
                area: window - parts.iter().map(|p| p.0).sum::<f64>(),
                perimeter: parts.iter().map(|p| p.1).sum(),
                turn: 2.0 * PI * whole,
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
        let near = rings(&mask.shapes, Drawn::Near(w));
        let Some(gap) = narrowest(&near) else { continue };
        out.push(Opening {
            step: gone,
            mask,
            gap,
            depth: d.thickness,
            hole: false,
            area: near.iter().map(|r| within(r, w).0).sum::<f64>().min(window),
            perimeter: length_in(&outline(&near), w),
            turn: 2.0 * PI,
        });
    }
    out
}

/// Depth below the floor from which this etch starts.
fn local_depth(plan: &Plan, step: usize, e: &Etch) -> Option<f64> {
    let depth = e.depth?;
    let mask = mask_of(plan, e.mask.as_ref())?;
    let first = rings(&mask.shapes, Drawn::Corners).first().and_then(|r| r.first().copied())?;
    let floor = plan.steps[..step].iter().filter_map(|s| {
        let Verb::Etch(before) = &s.verb else { return None };
        let held = mask_of(plan, before.mask.as_ref())?;
        let drawn: Vec<Ring> = rings(&held.shapes, Drawn::Near([first[0], first[1], first[0], first[1]]));
        (before.inside && covers(&drawn, first)).then_some(before.depth?)
    });
    Some(depth - floor.fold(0.0, f64::max)).filter(|d| *d > 0.0)
}

fn length_in(edges: &[Edge], w: [f64; 4]) -> f64 {
    edges
        .iter()
        .map(|e| {
            let d = [e.b[0] - e.a[0], e.b[1] - e.a[1]];
            let (mut low, mut high) = (0.0f64, 1.0f64);
            for axis in [0, 1] {
                let (near, far) = (w[axis] - e.a[axis], w[axis + 2] - e.a[axis]);
                if d[axis].abs() < 1e-15 {
                    // On the border it is a mirror plane, not a wall.
                    if near >= -1e-12 || far <= 1e-12 {
                        return 0.0;
                    }
                } else {
                    let (t, s) = (near / d[axis], far / d[axis]);
                    low = low.max(t.min(s));
                    high = high.min(t.max(s));
                }
            }
            (high - low).max(0.0) * d[0].hypot(d[1])
        })
        .sum()
}

pub(super) fn check(plan: &Plan, know: &Knowledge<'_>, out: &mut Vec<Finding>) {
    for o in openings(plan, know) {
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
        lean(plan, &o, e, place, out);
        if e.inside {
            spread(plan, &o, place, out);
        }
    }
}

/// Walls that lean: holes close, pillars end in a point.
fn lean(plan: &Plan, o: &Opening<'_>, e: &Etch, place: Where<'_>, out: &mut Vec<Finding>) {
    let off = FRAC_PI_2 - e.sidewall;
    let drawn = rings(&o.mask.shapes, Drawn::Corners);
    let pillar = if e.inside { closest(&drawn) } else { narrowest(&drawn) };
    let (width, what) = if off > 0.0 {
        (Some(o.gap), "opening")
    } else {
        (pillar, "wall or pillar")
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

fn spread(plan: &Plan, o: &Opening<'_>, place: Where<'_>, out: &mut Vec<Finding>) {
    let widths: Vec<f64> = rings(&o.mask.shapes, Drawn::Corners)
        .iter()
        .filter_map(|r| narrowest(std::slice::from_ref(r)))
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
