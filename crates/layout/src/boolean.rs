//! Boolean operations and sizing of polygon sets, exact up to the rounding of new corners to database units.
//!
//! Every result is a list of rings in which each counter-clockwise outer ring is followed by its clockwise holes.
//! The arithmetic is that of the `i_overlay` crate: integer coordinates, new corners where edges cross are rounded
//! to the nearest database unit, so edges may move by up to one unit there.

use crate::box_tree::BoxTree;
use crate::hierarchy::{Bounds, Point};
use crate::rings::{Ring, twice_area};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::integer::OverlayInt;
use i_overlay::core::overlay::{Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::angle::Angle;
use i_overlay::i_float::int::number::int::IntNumber;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::i_shape::int::shape::IntShapes;
use i_overlay::mesh::int::arc::ArcOptions;
use i_overlay::mesh::int::outline::offset::IntOutlineOffset;
use i_overlay::mesh::int::style::{IntLineJoin, IntOutlineStyle};

/// Largest coordinate of the fast 32-bit engine.
const SMALL: i32 = (1 << 30) - 1;

/// Union of drawn polygons: each ring is one filled polygon, either way round.
///
/// Polygons that stand alone and are convex are passed through without the sweep, which most of a mask consists of.
/// A polygon that crosses itself counts as filled where its winding number is not zero.
pub fn merged(polygons: &[Ring]) -> Vec<Ring> {
    let boxes: Vec<Option<Bounds>> = polygons.iter().map(|ring| Bounds::of(ring)).collect();
    let tree = BoxTree::new(boxes.iter().map(|b| b.map_or([0, 0, 0, 0], |b| corner_box(&b))));
    let mut alone = vec![true; polygons.len()];
    tree.pairs(
        0,
        |_, _| true,
        |i, j| {
            alone[i as usize] = false;
            alone[j as usize] = false;
        },
    );
    let mut out = Vec::with_capacity(polygons.len());
    let mut rest: Vec<Ring> = vec![];
    for (ring, alone) in polygons.iter().zip(alone) {
        match alone.then(|| convex(ring)).flatten() {
            Some(simple) => out.push(simple),
            None => {
                let mut ring = ring.clone();
                if twice_area(&ring) < 0 {
                    ring.reverse();
                }
                rest.push(ring);
            }
        }
    }
    if !rest.is_empty() {
        out.extend(overlay(&rest, &[], OverlayRule::Subject));
    }
    out
}

/// What lies in both of two merged sets.
pub fn intersection(a: &[Ring], b: &[Ring]) -> Vec<Ring> {
    overlay(a, b, OverlayRule::Intersect)
}

/// What lies in either of two merged sets.
pub fn union(a: &[Ring], b: &[Ring]) -> Vec<Ring> {
    overlay(a, b, OverlayRule::Union)
}

/// What lies in the first but not in the second of two merged sets.
pub fn difference(a: &[Ring], b: &[Ring]) -> Vec<Ring> {
    overlay(a, b, OverlayRule::Difference)
}

/// What lies in exactly one of two merged sets.
pub fn exclusive(a: &[Ring], b: &[Ring]) -> Vec<Ring> {
    overlay(a, b, OverlayRule::Xor)
}

/// Merged set grown (positive) or shrunk (negative) by `distance` database units, corners mitred.
///
/// Corners that turn by up to 90° stay sharp; sharper ones are cut off where both edges reach `distance` beyond the
/// corner (KLayout's sizing mode 2).
pub fn sized(rings: &[Ring], distance: i32) -> Vec<Ring> {
    // A hair below the right angle, so that the rounded directions of an exact corner never count as sharper.
    let right_angle = Angle::from_bits((1 << 30) - (1 << 12));
    let style = IntOutlineStyle::<i64>::new(i64::from(distance)).miter_min_turn(Angle::from_bits(0));
    outline(rings, style.line_join(IntLineJoin::Miter(right_angle)))
}

/// Merged set grown (positive) or shrunk (negative) by `distance` database units as by a rolling disc: a conformal film.
///
/// Arcs are replaced by chords that deviate by at most `sagitta` database units, but no finer than 1024 and no coarser
/// than 8 to the full circle.
pub fn sized_round(rings: &[Ring], distance: i32, sagitta: f64) -> Vec<Ring> {
    let radius = f64::from(distance).abs().max(1.0);
    let step = 2.0 * (1.0 - (sagitta / radius).clamp(0.0, 1.0)).acos() / std::f64::consts::TAU;
    let max_step = Angle::from_bits((step.clamp(0.0, 0.25) * 2_f64.powi(32)) as u32);
    let arc = ArcOptions {
        max_step,
        rotation_precision: 32,
    };
    outline(rings, IntOutlineStyle::new(i64::from(distance)).line_join(IntLineJoin::Round(arc)))
}

fn outline(rings: &[Ring], style: IntOutlineStyle<i64>) -> Vec<Ring> {
    let paths: Vec<Vec<IntPoint<i64>>> = rings.iter().map(|ring| ring.iter().map(|p| wide(*p)).collect()).collect();
    // The outline only fails on its optional range check: 32-bit coordinates and sizes are far inside the 64-bit engine.
    paths.outline(&style).map(collect).unwrap_or_default()
}

fn overlay(a: &[Ring], b: &[Ring], rule: OverlayRule) -> Vec<Ring> {
    let small = a.iter().chain(b).flatten().flatten().all(|v| (-SMALL..=SMALL).contains(v));
    if small {
        run(a, b, rule, |p| IntPoint::new(p[0], p[1]))
    } else {
        run(a, b, rule, wide)
    }
}

fn run<I: OverlayInt>(a: &[Ring], b: &[Ring], rule: OverlayRule, point: impl Fn(Point) -> IntPoint<I>) -> Vec<Ring> {
    let mut overlay = Overlay::<I>::new(a.iter().chain(b).map(Vec::len).sum());
    for (rings, kind) in [(a, ShapeType::Subject), (b, ShapeType::Clip)] {
        for ring in rings {
            overlay.add_path_iter(ring.iter().map(|p| point(*p)), kind);
        }
    }
    collect(overlay.overlay(rule, FillRule::NonZero))
}

fn wide(p: Point) -> IntPoint<i64> {
    IntPoint::new(i64::from(p[0]), i64::from(p[1]))
}

fn collect<I: IntNumber>(shapes: IntShapes<I>) -> Vec<Ring> {
    let saturated = |v: I| v.to_f64().clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32;
    let ring = |contour: Vec<IntPoint<I>>| contour.into_iter().map(|p| [saturated(p.x), saturated(p.y)]).collect();
    shapes.into_iter().flatten().map(ring).collect()
}

fn corner_box(b: &Bounds) -> [i32; 4] {
    [b.min[0], b.min[1], b.max[0], b.max[1]].map(|v| v as i32)
}

/// The ring counter-clockwise and without points on straight edges, if it is strictly convex and goes round once.
fn convex(ring: &[Point]) -> Option<Ring> {
    let mut out = ring.to_vec();
    if twice_area(&out) < 0 {
        out.reverse();
    }
    let turn = |a: Point, b: Point, c: Point| {
        let d = |p: Point, q: Point, k: usize| i128::from(q[k]) - i128::from(p[k]);
        d(a, b, 0) * d(b, c, 1) - d(a, b, 1) * d(b, c, 0)
    };
    let n = out.len();
    let mut straight = vec![];
    // A convex ring changes between going right and going left exactly twice.
    let (mut changes, mut before) = (0, None);
    for i in 0..=n {
        let (a, b, c) = (out[i % n], out[(i + 1) % n], out[(i + 2) % n]);
        if a == b {
            return None;
        }
        let direction = a[0] < b[0] || (a[0] == b[0] && a[1] < b[1]);
        if before.is_some_and(|d| d != direction) {
            changes += 1;
        }
        before = Some(direction);
        match turn(a, b, c) {
            t if t < 0 => return None,
            0 if i < n => straight.push((i + 1) % n),
            _ => {}
        }
    }
    if changes != 2 || n < 3 || straight.len() + 3 > n {
        return None;
    }
    if !straight.is_empty() {
        straight.sort_unstable();
        for i in straight.into_iter().rev() {
            out.remove(i);
        }
    }
    Some(out)
}

#[cfg(test)]
#[path = "boolean_tests.rs"]
mod tests;
