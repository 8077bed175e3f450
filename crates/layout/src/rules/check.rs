//! The checks: pairs of edges that are too close, the worst place per pair of polygons, and areas.

use super::edges::{Edge, Edges};
use super::near::{Piece, closest, facing};
use super::shield::Shield;
use crate::hierarchy::Point;
use crate::rings::{Ring, twice_area};
use std::collections::HashMap;

/// Rules within one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Least width of a polygon: distance of facing edges across its inside.
    Width,
    /// Least space: distance of facing edges across the outside, of different polygons or of one.
    Space,
    /// Space within one polygon only.
    Notch,
    /// Space between different polygons only.
    Isolation,
}

/// Rules between two layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleBetween {
    /// How far the second layer reaches beyond the first, where it does; see [`crate::boolean::difference`] for where it does not.
    Enclosure,
    /// Width of what lies in both, between an edge of the first and one of the second.
    Overlap,
    /// Space between polygons of the first and the second.
    Separation,
}

/// Two pieces of edges that are too close, rounded to database units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marker {
    /// Piece of the first edge.
    pub first: [Point; 2],
    /// Piece of the second edge.
    pub second: [Point; 2],
    /// Their shortest distance, database units.
    pub distance: f64,
    /// Their polygons, counted by outer rings; the second one in its own layer for rules between layers.
    pub polygons: [usize; 2],
}

/// The closest place of a pair of polygons (twice the same for widths and notches).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorstPlace {
    /// The polygons, counted by outer rings.
    pub polygons: [usize; 2],
    /// Their shortest distance, database units.
    pub distance: f64,
    /// Point on the first edge, database units.
    pub from: [f64; 2],
    /// Point on the second edge, database units.
    pub to: [f64; 2],
}

/// A polygon smaller than allowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmallArea {
    /// The polygon, counted by outer rings.
    pub polygon: usize,
    /// Its area without holes, database units squared.
    pub area: f64,
    /// One of its corners.
    pub at: Point,
}

/// Every pair of edges of a merged layer that is closer than `limit` database units.
pub fn markers(merged: &[Ring], rule: Rule, limit: i32) -> Vec<Marker> {
    let edges = Edges::new(merged);
    let mut out = vec![];
    let mut shield = Shield::default();
    within(&edges, rule, limit, |a, b| {
        let Some((p, q)) = pieces(&a, &b, limit) else { return };
        let sight = shield.sight(&p, &q, Some(&edges));
        out.extend(sight.filter(|s| s.0 < f64::from(limit)).map(|s| marker(&a, &b, &p, &q, s.0)));
    });
    out
}

/// The worst place of every pair of polygons of a merged layer closer than `limit` database units, worst first.
pub fn worst_places(merged: &[Ring], rule: Rule, limit: i32) -> Vec<WorstPlace> {
    let edges = Edges::new(merged);
    let mut worst = Worst::default();
    within(&edges, rule, limit, |a, b| {
        let (a, b) = if a.polygon > b.polygon { (b, a) } else { (a, b) };
        worst.consider(&a, &b, Some(&edges), limit);
    });
    worst.sorted()
}

/// Every pair of edges of two merged layers that is closer than `limit` database units, whatever stands between them.
pub fn markers_between(first: &[Ring], second: &[Ring], rule: RuleBetween, limit: i32) -> Vec<Marker> {
    let (one, two) = (Edges::new(first), Edges::new(second));
    let mut out = vec![];
    let mut shield = Shield::default();
    between(&one, &two, rule, limit, |a, b| {
        let Some((p, q)) = pieces(&a, &b, limit) else { return };
        let sight = shield.sight(&p, &q, None);
        out.extend(sight.filter(|s| s.0 < f64::from(limit)).map(|s| marker(&a, &b, &p, &q, s.0)));
    });
    out
}

/// The worst place of every pair of polygons of two merged layers closer than `limit` database units, worst first.
///
/// Whatever stands between the edges does not matter.
pub fn worst_between(first: &[Ring], second: &[Ring], rule: RuleBetween, limit: i32) -> Vec<WorstPlace> {
    let (one, two) = (Edges::new(first), Edges::new(second));
    let mut worst = Worst::default();
    between(&one, &two, rule, limit, |a, b| {
        worst.consider(&a, &b, None, limit);
    });
    worst.sorted()
}

/// Polygons of a merged layer with less area than `limit`, database units squared.
pub fn small_areas(merged: &[Ring], limit: f64) -> Vec<SmallArea> {
    let mut out: Vec<SmallArea> = vec![];
    for ring in merged {
        let area = twice_area(ring) as f64 / 2.0;
        match out.last_mut() {
            Some(last) if area < 0.0 => last.area += area,
            _ => out.push(SmallArea {
                polygon: out.len(),
                area,
                at: ring.first().copied().unwrap_or_default(),
            }),
        }
    }
    out.retain(|polygon| polygon.area < limit);
    out
}

/// Calls `found` for every pair of edges within one layer that may break the rule, each turned so that the other is to its left.
fn within(edges: &Edges, rule: Rule, limit: i32, mut found: impl FnMut(Edge, Edge)) {
    let wanted = |r: u32, s: u32| {
        if r == s && !edges.may_face_itself(r, limit) {
            return false;
        }
        let (p, q) = (edges.polygon(r), edges.polygon(s));
        match rule {
            Rule::Width => p == q,
            Rule::Notch => p == q && !edges.is_convex(p),
            Rule::Isolation => p != q,
            Rule::Space => p != q || !edges.is_convex(p),
        }
    };
    edges.tree.pairs(i64::from(limit), wanted, |i, j| {
        let (a, b) = (edges.all[i as usize], edges.all[j as usize]);
        if !wanted(a.ring, b.ring) || a.product(&b) >= 0.0 {
            return;
        }
        // Across the outside both edges are looked at from their right.
        let (a, b) = if rule == Rule::Width {
            (a, b)
        } else {
            (a.reversed(), b.reversed())
        };
        found(a, b);
    });
}

fn between(one: &Edges, two: &Edges, rule: RuleBetween, limit: i32, mut found: impl FnMut(Edge, Edge)) {
    one.tree.pairs_with(&two.tree, i64::from(limit), |i, j| {
        let (a, b) = (one.all[i as usize], two.all[j as usize]);
        let (a, b) = match rule {
            RuleBetween::Enclosure => (a.reversed(), b),
            RuleBetween::Overlap => (a, b),
            RuleBetween::Separation => (a.reversed(), b.reversed()),
        };
        if a.product(&b) < 0.0 {
            found(a, b);
        }
    });
}

/// Pieces of two edges that are less than `limit` apart.
fn pieces(a: &Edge, b: &Edge, limit: i32) -> Option<(Piece, Piece)> {
    if !(a.sees(b) && b.sees(a)) {
        return None;
    }
    let (p, q) = (Piece::of(a), Piece::of(b));
    let (ta, tb) = facing(&p, &q, f64::from(limit))?;
    Some((p.cut(ta), q.cut(tb)))
}

fn marker(a: &Edge, b: &Edge, p: &Piece, q: &Piece, distance: f64) -> Marker {
    let rounded = |piece: &Piece| [piece.from, piece.to].map(|end| end.map(|v| v.round() as i32));
    Marker {
        first: rounded(p),
        second: rounded(q),
        distance,
        polygons: [a.polygon as usize, b.polygon as usize],
    }
}

/// Closest places found so far, by pair of polygons.
#[derive(Default)]
struct Worst {
    index: HashMap<(u32, u32), usize>,
    places: Vec<WorstPlace>,
    /// The pair asked for last, and its place: neighbouring edges mostly belong to the same pair.
    last: Option<((u32, u32), Option<usize>)>,
    shield: Shield,
}

impl Worst {
    /// Keeps the pair if it is closer than what is known; only then the costly look for what stands between is taken.
    fn consider(&mut self, a: &Edge, b: &Edge, between: Option<&Edges>, limit: i32) {
        let key = (a.polygon, b.polygon);
        let slot = match self.last {
            Some((last, slot)) if last == key => slot,
            _ => self.index.get(&key).copied(),
        };
        self.last = Some((key, slot));
        let best = slot.map_or(f64::from(limit), |slot| self.places[slot].distance);
        if a.gap(b) >= best {
            return;
        }
        let Some((p, q)) = pieces(a, b, limit).filter(|(p, q)| closest(p, q).0 < best) else {
            return;
        };
        let Some((distance, from, to)) = self.shield.sight(&p, &q, between).filter(|sight| sight.0 < best) else {
            return;
        };
        let place = WorstPlace {
            polygons: [key.0 as usize, key.1 as usize],
            distance,
            from,
            to,
        };
        let slot = *self.index.entry(key).or_insert(self.places.len());
        self.last = Some((key, Some(slot)));
        match self.places.get_mut(slot) {
            Some(known) => *known = place,
            None => self.places.push(place),
        }
    }

    fn sorted(self) -> Vec<WorstPlace> {
        let mut places = self.places;
        places.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.polygons.cmp(&b.polygons)));
        places
    }
}
