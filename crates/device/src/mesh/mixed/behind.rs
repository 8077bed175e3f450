//! The films behind reacting faces: how thick they are there, and which parts of them belong to which face.

use super::Work;
use super::around::Around;
use super::chop::chord;
use super::surface::Slice;
use crate::mesh::Film;
use crate::mesh::class::Class;
use crate::mesh::complex::Complex;
use crate::mesh::films::{Films, Part};
use crate::mesh::nearest::Nearest;
use crate::tape::RegionId;
use crate::vector::{Vector, add, dot, norm};
use std::collections::BTreeMap;

/// The other side of a film is looked for within 60 degrees of straight ahead.
const AHEAD: f64 = 0.5;

impl Work<'_> {
    /// The film behind a place of the surface, with its thickness; `None` for bodies that are no film.
    pub(super) fn film(&self, label: RegionId, place: Vector, outward: Vector) -> Option<Film> {
        if !matches!(self.classes.of(label), Class::Film(_)) {
            return None;
        }
        let mut intervals: Vec<[f64; 2]> = Vec::new();
        let mut cell = [0, 1, 2].map(|i| self.grid.find(i, place[i]));
        let size = (0..3).map(|i| self.grid.width(cell, i)).fold(0.0, f64::max);
        // Neighbouring parts of the divided device do not quite agree where a bent surface is.
        let (grain, seam) = (1e-6 * size, 0.02 * size);
        let mut reached: Option<[f64; 2]> = None;
        loop {
            for &f in &self.fragments.in_cell[self.grid.number(cell)] {
                let fragment = &self.fragments.list[f as usize];
                if self.partition.pieces[fragment.piece as usize].label != label {
                    continue;
                }
                let span = match &fragment.solid {
                    Some(solid) => chord(solid, place, outward),
                    None => through(self.grid.bounds(cell), place, outward),
                };
                intervals.extend(span.filter(|s| s[1] > -grain));
            }
            intervals.sort_by(|a, b| a[0].total_cmp(&b[0]));
            for s in &intervals {
                match &mut reached {
                    None if s[0] <= 0.1 * size => reached = Some(*s),
                    Some(r) if s[0] <= r[1] + seam => r[1] = r[1].max(s[1]),
                    _ => {}
                }
            }
            // On to the next cell along the line.
            let Some([_, exit]) = through(self.grid.bounds(cell), place, outward) else {
                break;
            };
            if reached.is_some_and(|r| r[1] < exit - seam) || reached.is_none() && exit > 0.1 * size {
                break;
            }
            let axis = (0..3)
                .filter(|i| outward[*i].abs() > 1e-12)
                .min_by(|a, b| {
                    let to = |i: usize| (self.grid.lines[i][cell[i] + usize::from(outward[i] > 0.0)] - place[i]) / outward[i];
                    to(*a).total_cmp(&to(*b))
                })
                .unwrap_or(0);
            match self.grid.beside(cell, axis, outward[axis] > 0.0) {
                Some(next) => cell = next,
                None => break,
            }
        }
        let straight = reached.map_or(0.0, |r| r[1] - r[0].max(-0.1 * size));
        let thickness = self.back(label, place, outward, straight).unwrap_or(straight);
        Some(Film { thickness, fullness: 1.0 })
    }

    /// Distance to the other side of a film where it is nearer than straight ahead: in a hollow the straight line runs along the film on
    /// the wall beside it.
    fn back(&self, label: RegionId, place: Vector, outward: Vector, straight: f64) -> Option<f64> {
        let mut best: Option<f64> = None;
        let shape = self.grid.shape();
        let ends = [0, 1, 2].map(|i| [-1.0, 1.0].map(|s| self.grid.find(i, place[i] + s * straight)));
        let first = [0, 1, 2].map(|i| ends[i][0].saturating_sub(1));
        let last = [0, 1, 2].map(|i| (ends[i][1] + 1).min(shape[i] - 1));
        for x in first[0]..=last[0] {
            for y in first[1]..=last[1] {
                for z in first[2]..=last[2] {
                    let cell = [x, y, z];
                    let [low, high] = self.grid.bounds(cell);
                    let away = (0..3)
                        .map(|i| (low[i] - place[i]).max(place[i] - high[i]).max(0.0))
                        .fold(0.0, f64::max);
                    if away > best.unwrap_or(straight) {
                        continue;
                    }
                    for s in self.backs.get(&self.grid.number(cell)).into_iter().flatten() {
                        if !s.labels.contains(&label) {
                            continue;
                        }
                        if s.distance(place, best.unwrap_or(straight)).is_none() {
                            continue;
                        }
                        let to = add(s.foot(place), -1.0, place);
                        let distance = norm(to);
                        if dot(to, outward) > AHEAD * distance && distance < best.unwrap_or(straight) {
                            best = Some(distance);
                        }
                    }
                }
            }
        }
        best
    }

    /// Every part of a film with the outer face that the surface nearest to it belongs to.
    pub(super) fn films(&self, complex: &Complex, faces: &BTreeMap<usize, usize>, around: &Around, reach: f64) -> Films {
        let mut places: BTreeMap<RegionId, (Vec<usize>, Nearest)> = BTreeMap::new();
        for label in self.classes.0.keys().filter(|l| matches!(self.classes.of(**l), Class::Film(_))) {
            let own: Vec<usize> = (0..complex.outers.len())
                .filter(|i| complex.outers[*i].reacts && complex.outers[*i].behind == *label)
                .collect();
            let tree = Nearest::new(own.iter().map(|i| complex.outers[*i].place).collect());
            places.insert(*label, (own, tree));
        }
        let mut parts = Vec::new();
        for f in &self.fragments.list {
            let piece = f.piece as usize;
            let label = self.partition.pieces[piece].label;
            let Some((own, tree)) = places.get(&label) else { continue };
            let reacts = |s: &Slice| s.labels.contains(&label) && s.reacts.is_some();
            let face = around.nearest_of_all(self, f.centre, f.cell, reacts).and_then(|(k, away)| {
                let known = faces.get(&k).copied();
                let face = known.or_else(|| tree.find(self.slices[k].centre).first().map(|i| own[*i]));
                face.map(|face| (face, away))
            });
            parts.push(Part {
                label,
                component: self.partition.component[piece],
                volume: f.volume,
                centre: f.centre,
                face,
            });
        }
        Films { parts, reach }
    }
}

/// Where a line enters and leaves a box.
fn through([low, high]: [Vector; 2], from: Vector, along: Vector) -> Option<[f64; 2]> {
    let (mut enter, mut leave) = (f64::NEG_INFINITY, f64::INFINITY);
    for i in 0..3 {
        if along[i].abs() < 1e-12 {
            if from[i] < low[i] || from[i] > high[i] {
                return None;
            }
            continue;
        }
        let (s, t) = ((low[i] - from[i]) / along[i], (high[i] - from[i]) / along[i]);
        (enter, leave) = (enter.max(s.min(t)), leave.min(s.max(t)));
    }
    (enter <= leave).then_some([enter, leave])
}
