//! Narrowest line, closest gap and enclosure of drawn shapes, by the checks of the layout crate.

use super::drawn::{Drawn, GRID};
use crate::plan::Shape;
use cellwright_layout::boolean::{difference, intersection};
use cellwright_layout::rings::{Ring, signed_area};
use cellwright_layout::rules::{Marker, Rule, RuleBetween, markers, markers_between};
use std::collections::BTreeMap;

pub use super::drawn::{bounds_of, near};

/// Lower left x, y, upper right x, y, m.
pub type Box4 = [f64; 4];

/// A distance in m and its middle.
pub type Place = (f64, [f64; 2]);

/// Box around a shape.
pub fn bounds(shape: &Shape) -> Box4 {
    let around = |points: &[[f64; 2]], by: f64| {
        points
            .iter()
            .fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |b, p| {
                [b[0].min(p[0] - by), b[1].min(p[1] - by), b[2].max(p[0] + by), b[3].max(p[1] + by)]
            })
    };
    match shape {
        Shape::Rectangle(a, b) => around(&[*a, *b], 0.0),
        Shape::Circle { centre, diameter } => around(&[*centre], diameter / 2.0),
        Shape::Polygon(points) => around(points, 0.0),
        Shape::Path { points, width } => around(points, width / 2.0),
        Shape::Array { shape, pitch, count } => {
            let b = bounds(shape);
            let far = [0, 1].map(|i| pitch[i] * f64::from(count[i].saturating_sub(1)));
            [
                b[0] + far[0].min(0.0),
                b[1] + far[1].min(0.0),
                b[2] + far[0].max(0.0),
                b[3] + far[1].max(0.0),
            ]
        }
    }
}

/// Box around two boxes.
pub fn joined(a: Box4, b: Box4) -> Box4 {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

impl Drawn {
    /// Narrowest place of a mask.
    pub fn narrowest(&self, mask: usize) -> Option<Place> {
        worst(self.masks.get(mask)?, Rule::Width, |b| self.is_whole(b))
    }

    /// Closest gap of a mask.
    pub fn closest(&self, mask: usize) -> Option<Place> {
        worst(self.masks.get(mask)?, Rule::Space, |b| self.is_whole(b))
    }

    /// Narrowest place of a mask if it is narrower than `limit`, m.
    pub fn narrower(&self, mask: usize, limit: f64) -> Option<Place> {
        below(self.masks.get(mask)?, Rule::Width, units(limit), &|b| self.is_whole(b))
    }

    /// Closest gap of a mask if it is less than `limit`, m.
    pub fn closer(&self, mask: usize, limit: f64) -> Option<Place> {
        below(self.masks.get(mask)?, Rule::Space, units(limit), &|b| self.is_whole(b))
    }

    /// Where the first mask comes closer than `limit`, m, to the edge of `outer` (nm) that carries it: polygons whose middle is carried.
    pub fn enclosed(&self, outer: &[Ring], limit: f64) -> Option<Place> {
        let carried = carried(self.masks.first()?, outer);
        let crossing = difference(&carried, outer);
        let mut corners = crossing.iter().flatten().map(|p| metres([f64::from(p[0]), f64::from(p[1])]));
        if let Some(p) = corners.find(|p| self.is_whole([p[0], p[1], p[0], p[1]])) {
            return Some((0.0, p));
        }
        let found = markers_between(&carried, outer, RuleBetween::Enclosure, units(limit));
        best(found.iter().map(|m| (m.distance, m.first, m.second)), |b| self.is_whole(b))
    }
}

/// The worst place that `real` accepts (given the box around it, m); looked for over doubling distances, as far as the shapes reach.
pub(super) fn worst(rings: &[Ring], rule: Rule, real: impl Fn(Box4) -> bool) -> Option<Place> {
    let extent = box_of(rings)?;
    let far = i64::from(extent[2]) - i64::from(extent[0]) + i64::from(extent[3]) - i64::from(extent[1]);
    let first = if rule == Rule::Width { None } else { least_box_gap(rings) };
    let mut limit: i64 = first.map_or(1024, |g| g + 2);
    loop {
        let capped = i32::try_from(limit).unwrap_or(i32::MAX / 2);
        if let Some(found) = below(rings, rule, capped, &real) {
            return Some(found);
        }
        if limit > far || limit > i64::from(i32::MAX / 4) {
            return None;
        }
        limit *= 2;
    }
}

/// The worst place less than `limit` nm apart that `real` accepts.
///
/// Within one polygon only distances straight across count: a chord of a disc is not its width.
fn below(rings: &[Ring], rule: Rule, limit: i32, real: &dyn Fn(Box4) -> bool) -> Option<Place> {
    if rule == Rule::Width {
        return thinner(rings, limit, real);
    }
    let all = markers(rings, rule, limit);
    let counted = all.iter().filter(|m| m.polygons[0] != m.polygons[1] || straight_across(m));
    best(counted.map(|m| (m.distance, m.first, m.second)), real)
}

/// The thinnest place of a polygon; polygons that are the same but for their place are measured once.
fn thinner(rings: &[Ring], limit: i32, real: &dyn Fn(Box4) -> bool) -> Option<Place> {
    let mut kinds: BTreeMap<Vec<Ring>, Vec<[i32; 2]>> = BTreeMap::new();
    let mut from = 0;
    for to in 1..=rings.len() {
        if rings.get(to).is_some_and(|r| signed_area(r) <= 0.0) {
            continue;
        }
        let origin = rings[from].first().copied().unwrap_or_default();
        let moved = |r: &Ring| {
            r.iter()
                .map(|p| [p[0].saturating_sub(origin[0]), p[1].saturating_sub(origin[1])])
                .collect()
        };
        kinds.entry(rings[from..to].iter().map(moved).collect()).or_default().push(origin);
        from = to;
    }
    let found = kinds.iter().filter_map(|(polygon, places)| {
        let all = markers(polygon, Rule::Width, limit);
        let across = all.iter().filter(|m| straight_across(m));
        let moved = |b: Box4, by: &[i32; 2]| [0, 1, 2, 3].map(|k| b[k] + f64::from(by[k % 2]) * GRID);
        let somewhere = |b: Box4| places.iter().find(|by| real(moved(b, by)));
        let (width, at) = best(across.map(|m| (m.distance, m.first, m.second)), |b| somewhere(b).is_some())?;
        let by = somewhere([at[0], at[1], at[0], at[1]])?;
        Some((width, [0, 1].map(|k| at[k] + f64::from(by[k]) * GRID)))
    });
    found.min_by(|a, b| a.0.total_cmp(&b.0))
}

/// Least gap between the boxes of polygons, nm: where to look first. `None` if boxes overlap or there are too many to compare.
fn least_box_gap(rings: &[Ring]) -> Option<i64> {
    let boxes: Vec<[i32; 4]> = rings
        .iter()
        .filter(|r| signed_area(r) > 0.0)
        .filter_map(|r| box_of(std::slice::from_ref(r)))
        .collect();
    if boxes.len() > 1000 {
        return None;
    }
    let gap = |a: &[i32; 4], b: &[i32; 4]| {
        let along = |k: usize| {
            (i64::from(b[k]) - i64::from(a[k + 2]))
                .max(i64::from(a[k]) - i64::from(b[k + 2]))
                .max(0)
        };
        along(0).max(along(1))
    };
    let pairs = boxes
        .iter()
        .enumerate()
        .flat_map(|(i, a)| boxes[..i].iter().map(move |b| gap(a, b)));
    pairs.min().filter(|g| *g > 0)
}

/// Whether the shortest way between two pieces of edges is perpendicular to one of them, but for the rounding of corners.
fn straight_across(m: &Marker) -> bool {
    let direction = |s: [[i32; 2]; 2]| [0, 1].map(|k| f64::from(s[1][k]) - f64::from(s[0][k]));
    let ends = [m.first, m.second].map(|s| s.map(|p| p.map(f64::from)));
    [(0, 1), (1, 0)].into_iter().any(|(i, j)| {
        let d = direction([m.first, m.second][i]);
        let length = d[0].hypot(d[1]);
        // Shorter pieces have no direction on the grid.
        if length < 20.0 {
            return false;
        }
        let from = ends[i][0];
        ends[j].iter().any(|q| {
            let r = [q[0] - from[0], q[1] - from[1]];
            let (along, across) = ((r[0] * d[0] + r[1] * d[1]) / length, (r[0] * d[1] - r[1] * d[0]).abs() / length);
            let beside = (-along).max(along - length).max(0.0);
            beside <= 2.0 + 1e-3 * across && (across - m.distance).abs() <= 2.0 + 2e-3 * m.distance
        })
    })
}

/// Whether a point, m, lies in merged rings.
pub fn covers(rings: &[Ring], p: [f64; 2]) -> bool {
    let p = p.map(|v| v / GRID);
    let mut odd = false;
    for ring in rings {
        for i in 0..ring.len() {
            let (a, b) = (ring[i].map(f64::from), ring[(i + 1) % ring.len()].map(f64::from));
            if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) {
                odd = !odd;
            }
        }
    }
    odd
}

/// Area, m², and perimeter, m, of the part of merged rings in a rectangle; its border is a mirror plane and no wall.
pub fn within(rings: &[Ring], rect: Box4) -> (f64, f64) {
    let r = rect.map(|v| (v / GRID).round().clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32);
    let window = vec![[r[0], r[1]], [r[2], r[1]], [r[2], r[3]], [r[0], r[3]]];
    if r[0] >= r[2] || r[1] >= r[3] {
        return (0.0, 0.0);
    }
    let inside = intersection(rings, &[window]);
    let on_border = |a: [i32; 2], b: [i32; 2]| (0..4).any(|k| a[k % 2] == r[k] && b[k % 2] == r[k]);
    let length = |ring: &Ring| -> f64 {
        (0..ring.len())
            .map(|i| (ring[i], ring[(i + 1) % ring.len()]))
            .filter(|(a, b)| !on_border(*a, *b))
            .map(|(a, b)| (f64::from(a[0]) - f64::from(b[0])).hypot(f64::from(a[1]) - f64::from(b[1])))
            .sum()
    };
    let area: f64 = inside.iter().map(|ring| signed_area(ring)).sum();
    (area * GRID * GRID, inside.iter().map(length).sum::<f64>() * GRID)
}

/// Area, m², and perimeter, m, of one ring.
pub fn whole(ring: &Ring) -> (f64, f64) {
    let perimeter = cellwright_layout::rings::perimeter(std::slice::from_ref(ring));
    (signed_area(ring).abs() * GRID * GRID, perimeter * GRID)
}

/// Polygons (outer ring and holes) whose middle lies in `outer`.
pub fn carried(rings: &[Ring], outer: &[Ring]) -> Vec<Ring> {
    let mut keep = false;
    let mut out = vec![];
    for ring in rings {
        if signed_area(ring) > 0.0 {
            keep = covers(outer, middle(ring));
        }
        if keep {
            out.push(ring.clone());
        }
    }
    out
}

/// Everything but the rings, as far as masks go.
pub fn complement(rings: &[Ring]) -> Vec<Ring> {
    let Some(b) = box_of(rings) else { return vec![] };
    // A millimetre of margin: the edge of the world is no edge of a shape.
    let out = |v: i32, by: i32| v.saturating_add(by);
    let [x0, y0, x1, y1] = [
        out(b[0], -1_000_000),
        out(b[1], -1_000_000),
        out(b[2], 1_000_000),
        out(b[3], 1_000_000),
    ];
    difference(&[vec![[x0, y0], [x1, y0], [x1, y1], [x0, y1]]], rings)
}

/// Mean of the corners of a ring, m.
pub fn middle(ring: &Ring) -> [f64; 2] {
    let n = ring.len().max(1) as f64;
    [0, 1].map(|axis| ring.iter().map(|p| f64::from(p[axis])).sum::<f64>() / n * GRID)
}

/// Edges of rings, m; the inside lies to the left.
pub fn edges(rings: &[Ring]) -> impl Iterator<Item = [[f64; 2]; 2]> + '_ {
    rings
        .iter()
        .flat_map(|r| (0..r.len()).map(move |i| [r[i], r[(i + 1) % r.len()]].map(|p| metres(p.map(f64::from)))))
}

fn units(length: f64) -> i32 {
    (length / GRID).round().clamp(0.0, f64::from(i32::MAX / 2)) as i32
}

fn metres(p: [f64; 2]) -> [f64; 2] {
    p.map(|v| v * GRID)
}

fn box_of(rings: &[Ring]) -> Option<[i32; 4]> {
    rings
        .iter()
        .flatten()
        .map(|p| [p[0], p[1], p[0], p[1]])
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

/// A place from its two ends in nm, with the box around them in m.
fn spot(distance: f64, from: [f64; 2], to: [f64; 2]) -> (Place, Box4) {
    let (p, q) = (metres(from), metres(to));
    let middle = [0, 1].map(|k| (p[k] + q[k]) / 2.0);
    let b = [p[0].min(q[0]), p[1].min(q[1]), p[0].max(q[0]), p[1].max(q[1])];
    ((distance * GRID, middle), b)
}

/// The closest of pairs of pieces that is real; pieces are represented by the ends that are nearest to each other.
fn best(pairs: impl Iterator<Item = (f64, [[i32; 2]; 2], [[i32; 2]; 2])>, real: impl Fn(Box4) -> bool) -> Option<Place> {
    let mut found: Option<Place> = None;
    for (distance, first, second) in pairs {
        if distance <= 0.0 || found.is_some_and(|f| f.0 <= distance * GRID) {
            continue;
        }
        let mid = |s: [[i32; 2]; 2]| [0, 1].map(|k| (f64::from(s[0][k]) + f64::from(s[1][k])) / 2.0);
        let (place, b) = spot(distance, mid(first), mid(second));
        if real(b) {
            found = Some(place);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const UM: f64 = 1e-6;

    fn rect(a: f64, b: f64, c: f64, d: f64) -> Shape {
        Shape::Rectangle([a * UM, b * UM], [c * UM, d * UM])
    }

    fn widths(shapes: &[Shape]) -> (Option<f64>, Option<f64>) {
        let drawn = Drawn::of(&[shapes], 0.0);
        (drawn.narrowest(0).map(|w| w.0 / UM), drawn.closest(0).map(|w| w.0 / UM))
    }

    #[test]
    fn joined_rectangles_are_one() {
        // An L of two rectangles that meet: 3 wide, no gap. The notch between its arms is not between facing edges.
        let (w, s) = widths(&[rect(0.0, 0.0, 10.0, 3.0), rect(0.0, 3.0, 3.0, 10.0)]);
        assert!((w.expect("width") - 3.0).abs() < 1e-9 && s.is_none());
        // A U: the gap is 4.
        let (w, s) = widths(&[rect(0.0, 0.0, 10.0, 3.0), rect(0.0, 3.0, 3.0, 10.0), rect(7.0, 2.0, 10.0, 10.0)]);
        assert!((w.expect("width") - 3.0).abs() < 1e-9 && (s.expect("gap") - 4.0).abs() < 1e-9);
    }

    #[test]
    fn discs_on_a_grid() {
        let discs = Shape::Array {
            shape: Box::new(Shape::Circle {
                centre: [5.0 * UM, 5.0 * UM],
                diameter: 10.0 * UM,
            }),
            pitch: [20.0 * UM, 17.0 * UM],
            count: [100, 100],
        };
        // Corners lie on the grid of 1 nm, so slanted sides are off by up to one step at each end.
        let (w, s) = widths(std::slice::from_ref(&discs));
        assert!((w.expect("width") - 10.0).abs() < 2e-3 && (s.expect("gap") - 7.0).abs() < 1e-9);
        let near = near(&[discs], [95.0 * UM, 80.0 * UM, 115.0 * UM, 97.0 * UM]);
        assert!(!near.is_empty() && near.len() <= 9, "{}", near.len());
    }

    #[test]
    fn slanted_gap_and_path() {
        let a = Shape::Polygon(vec![[0.0, 0.0], [10.0 * UM, 0.0], [10.0 * UM, 10.0 * UM], [0.0, 10.0 * UM]]);
        // Left side leans away: 2 at the bottom, 4 at the top.
        let b = Shape::Polygon(vec![
            [12.0 * UM, 0.0],
            [20.0 * UM, 0.0],
            [20.0 * UM, 10.0 * UM],
            [14.0 * UM, 10.0 * UM],
        ]);
        let (_, s) = widths(&[a, b]);
        // The foot of the perpendicular from (10, 0) lies beyond the leaning side, so its corner (12, 0) is nearest.
        assert!((s.expect("gap") - 2.0).abs() < 1e-9, "{s:?}");
        let path = Shape::Path {
            points: vec![[0.0, 0.0], [50.0 * UM, 0.0]],
            width: 6.0 * UM,
        };
        assert!((widths(&[path]).0.expect("width") - 6.0).abs() < 2e-3);
    }

    #[test]
    fn part_of_a_ring_in_a_rectangle() {
        let disc = Shape::Circle {
            centre: [0.0, 0.0],
            diameter: 2e-3,
        };
        let (a, p) = within(&near(&[disc], [-1.0, -1.0, 1.0, 1.0]), [0.0, 0.0, 5e-3, 5e-3]);
        let quarter = std::f64::consts::FRAC_PI_4 * 1e-6;
        assert!((a / quarter - 1.0).abs() < 2e-3 && (p / (std::f64::consts::FRAC_PI_2 * 1e-3) - 1.0).abs() < 2e-3);
    }

    #[test]
    fn enclosure_by_a_mask_and_by_openings_of_resist() {
        let (inner, outer) = ([rect(10.0, 10.0, 20.0, 20.0)], [rect(7.0, 0.0, 40.0, 40.0)]);
        let both = Drawn::of(&[&inner, &outer], 5.0 * UM);
        assert!((both.enclosed(&both.masks[1], 5.0 * UM).expect("close").0 - 3.0 * UM).abs() < 1e-12);
        assert!(both.enclosed(&both.masks[1], 2.0 * UM).is_none());
        let crossing = [rect(0.0, 10.0, 30.0, 20.0)];
        let both = Drawn::of(&[&crossing, &outer], 5.0 * UM);
        assert_eq!(both.enclosed(&both.masks[1], 5.0 * UM).expect("crosses").0, 0.0);
        let resist = [rect(0.0, 0.0, 8.0, 30.0), rect(22.0, 0.0, 30.0, 30.0)];
        let both = Drawn::of(&[&inner, &resist], 5.0 * UM);
        assert!((both.enclosed(&complement(&both.masks[1]), 5.0 * UM).expect("close").0 - 2.0 * UM).abs() < 1e-12);
    }
}
