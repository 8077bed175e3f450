//! Meshes of any device: the cells of a grid, cut by the surfaces of the bodies.
//!
//! Every cell holds one control volume for each body in it (more if another body parts it), with its exact volume. Volumes of one body are
//! joined over the planes of the grid through their common area; where bodies touch, the true area of their contact counts.
//!
//! # Equation
//! Inside a body the value of a volume is that at the middle of the *whole* cell, also where that lies outside the body, and
//! `T = κ A / h` with the wetted area `A`. A reacting surface carries `I = A (V_e - V_P) / (R + φ/κ)` with the signed distance `φ` of that
//! middle from the surface: exact to second order where `κR` is not below the cell size `h`. Where it is, the unknowns are the cells
//! whose middle lies in the electrolyte, and the reaction runs on the cell faces around them, with the area `|n·e|` times that of the
//! face, scaled to the true area of the surface, and `φ > 0`.
//! A body between two surfaces in one cell (a film thinner than the cells) is `V/ΣA` away from both of them.
//! Where two meshed bodies touch, the distances are those of their centres of gravity.
//!
//! # Validity
//! Smooth surfaces: second order in the cell size for any `R`. Two meshed media with a slanting surface between them: first order.
//!
//! # Source
//! Measured rules C and D of the project's mesh study.
//!
//! # Verification
//! `tests/mesh_mixed.rs`

mod around;
mod chop;
mod surface;
mod touch;
mod volumes;

use super::Film;
use super::class::{Class, Classes, Meeting, Side};
use super::complex::{Complex, Meshed};
use super::films::{Films, Part};
use super::grid::Grid;
use super::nearest::Nearest;
use super::report::{MeshError, MeshReport};
use super::tensor::check;
use crate::partition::Partition;
use crate::tape::RegionId;
use crate::vector::{Vector, add, dot, norm};
use around::Around;
use chop::{Fragments, chord};
use std::collections::BTreeMap;
use surface::{Slice, slices as slices_of};
use volumes::{Group, Groups};

/// Options of a mixed mesh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MixedOptions {
    /// Conductivity of the electrolyte times interface resistance `κR` of the negative and the positive electrode, m: decides how curved
    /// surfaces are treated. Default infinite (cut cells), right for any interface that is not nearly without resistance.
    pub resistance: [f64; 2],
    /// Volumes smaller than this part of a neighbour are given to it. Default 1e-3.
    pub smallest: f64,
    /// How many thicknesses a film is charged beyond the end of the electrolyte that covers it. Default 3.
    pub reach: f64,
}

impl Default for MixedOptions {
    fn default() -> MixedOptions {
        MixedOptions {
            resistance: [f64::INFINITY; 2],
            smallest: 1e-3,
            reach: 3.0,
        }
    }
}

/// Part of a cell by which the polygons of a surface may differ from the pieces beside it.
const SLACK: f64 = 0.05;

/// Half thickness over cell size below which a body is a film.
const THIN: f64 = 0.15;

/// The other side of a film is looked for within 60 degrees of straight ahead.
const AHEAD: f64 = 0.5;

/// Everything about a contact that faces are made of.
struct Work<'a> {
    partition: &'a Partition,
    grid: &'a Grid,
    classes: &'a Classes,
    fragments: Fragments,
    slices: Vec<Slice>,
    /// The other sides of the films, by cell.
    backs: BTreeMap<usize, Vec<Slice>>,
    groups: Groups,
    /// Whether the faces around whole cells are used, for each electrode.
    stairs: [bool; 2],
}

/// The mesh of a divided box on a grid.
///
/// # Errors
/// [`MeshError`] where the lines do not rise, the box is overfull, or no electrolyte touches an electrode or joins both.
pub fn mixed(partition: &Partition, grid: &Grid, classes: &Classes, options: MixedOptions) -> Result<Meshed, MeshError> {
    check(grid)?;
    if partition.overfull {
        return Err(MeshError::Overfull);
    }
    let class = |piece: u32| classes.of(partition.pieces[piece as usize].label);
    let meshed = |c: Class| c.region().is_some();
    let fragments = Fragments::of(partition, grid, |i| {
        let c = class(i as u32);
        meshed(c) || matches!(c, Class::Film(_))
    });
    let slices = slices_of(partition, &fragments, grid, classes, |p| {
        p.iter().any(|i| class(*i).region().is_some())
    });
    let mut backs: BTreeMap<usize, Vec<Slice>> = BTreeMap::new();
    let back = |p: [u32; 2]| {
        let [a, b] = p.map(class);
        let film = |c: Class| matches!(c, Class::Film(_));
        (film(a) || film(b)) && !meshed(a) && !meshed(b)
    };
    for s in slices_of(partition, &fragments, grid, classes, back) {
        let cell = [0, 1, 2].map(|i| grid.find(i, s.centre[i]));
        backs.entry(grid.number(cell)).or_default().push(s);
    }
    let groups = Groups::of(partition, &fragments, grid, classes);
    let mut work = Work {
        partition,
        grid,
        classes,
        fragments,
        slices,
        backs,
        groups,
        stairs: [false; 2],
    };
    let mut complex = Complex::default();
    complex.report.at_surface = work.sizes();
    for side in [Side::Negative, Side::Positive] {
        work.stairs[side as usize] = options.resistance[side as usize] < complex.report.at_surface[side as usize];
    }
    work.measure();
    work.find_thin();
    work.groups.give_away_small(options.smallest);
    let around = Around::new(&work);
    if work.stairs.contains(&true) {
        work.inner_cells(&around);
    }
    work.groups.number();
    let faces = work.build(&mut complex, &around);
    let films = work.films(&complex, &faces, &around, options.reach);
    let mut made = complex.finish(films)?;
    work.compare(&mut made);
    Ok(made)
}

impl Work<'_> {
    fn class(&self, slice: &Slice, side: usize) -> Class {
        self.classes.of(slice.labels[side])
    }

    /// Group of the meshed body on one side of a slice.
    fn group(&self, slice: &Slice, side: usize) -> Option<usize> {
        slice.fragments[side].and_then(|f| self.groups.of_fragment(f))
    }

    /// Mean size of the cells at the reacting surfaces, along their normal.
    fn sizes(&self) -> [f64; 2] {
        let mut sums = [[0.0; 2]; 2];
        for s in &self.slices {
            let Some((side, e)) = s.reacts else { continue };
            let Some(f) = s.fragments[e] else { continue };
            let cell = self.grid.cell(self.fragments.list[f].cell);
            let size: f64 = (0..3).map(|i| s.normal[i].abs() * self.grid.width(cell, i)).sum();
            let sum = &mut sums[side as usize];
            *sum = [sum[0] + s.area * size, sum[1] + s.area];
        }
        sums.map(|[s, a]| if a > 0.0 { s / a } else { 0.0 })
    }

    /// Area and closure of every group, and which other bodies bound it.
    fn measure(&mut self) {
        for k in 0..self.slices.len() {
            for side in 0..2 {
                let s = &self.slices[k];
                let Some(g) = self.group(s, side) else { continue };
                let outward = s.normal.map(|v| if side == 0 { v } else { -v });
                let other = self.class(s, 1 - side);
                let media = self.class(s, side).meets(other) != Meeting::None && other.region().is_some();
                let stair = s.reacts.is_some_and(|(e, _)| self.stairs[e as usize]);
                // What lies in a plane of the grid does not narrow the faces across it.
                let flat = (0..3).any(|i| s.normal[i].abs() > 1.0 - 1e-9 && chop::on_side(self.grid, i, s.centre[i]));
                let area = s.area;
                let group = &mut self.groups.list[g];
                group.area += area;
                group.closure = add(group.closure, area, outward);
                group.media |= media || matches!(other, Class::Metal(_)) && group.class != Class::Electrolyte;
                group.stair |= stair;
                group.blocked |= !stair && !flat;
            }
        }
    }

    /// Marks bodies that are thinner than the cells everywhere.
    fn find_thin(&mut self) {
        let mut sums: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for g in &self.groups.list {
            let sum = sums.entry(g.component).or_default();
            *sum = (sum.0 + g.volume, sum.1 + g.area);
        }
        for g in &mut self.groups.list {
            let (volume, area) = sums[&g.component];
            let cell = self.grid.cell(g.cell);
            let least = (0..3)
                .filter(|i| self.grid.shape()[*i] > 1)
                .map(|i| self.grid.width(cell, i))
                .fold(f64::INFINITY, f64::min);
            g.half = (area > 0.0 && volume / area < THIN * least).then_some(volume / area);
        }
    }

    /// With faces around whole cells, volumes whose middle is not in the electrolyte go to a neighbour.
    fn inner_cells(&mut self, around: &Around) {
        let _ = around;
        let outside: Vec<bool> = (0..self.groups.list.len())
            .map(|g| {
                let group = &self.groups.list[g];
                if !group.stair || group.between() || group.class != Class::Electrolyte || self.groups.root(g) != g {
                    return false;
                }
                let p = self.grid.middle(self.grid.cell(group.cell));
                !group.fragments.iter().any(|f| match &self.fragments.list[*f].solid {
                    None => true,
                    Some(solid) => chord(solid, p, [0.577, 0.5773, 0.5777]).is_some_and(|[a, b]| a <= 0.0 && b >= 0.0),
                })
            })
            .collect();
        self.groups.give_away_outside(&outside);
    }

    /// Makes all volumes and faces; returns the outer face of each reacting slice that has one of its own.
    fn build(&mut self, complex: &mut Complex, around: &Around) -> BTreeMap<usize, usize> {
        for g in self.groups.kept() {
            complex.volumes.push(self.groups.volume(g, self.grid));
        }
        self.inside(complex);
        let faces = self.between(complex, around);
        self.staircase(complex, around);
        faces
    }

    /// Faces inside bodies, over planes of the grid.
    fn inside(&self, complex: &mut Complex) {
        for ((g, h, axis), area) in self.groups.caps() {
            let (a, b) = (self.groups.get(g), self.groups.get(h));
            let (p, q) = (self.groups.root_of(g), self.groups.root_of(h));
            let (low, high) = (self.grid.cell(a.cell), self.grid.cell(b.cell));
            let plane = self.grid.lines[axis][low[axis] + 1];
            let distance = [(a, low), (b, high)].map(|(v, cell)| {
                let width = self.grid.width(cell, axis);
                if v.media && !v.between() {
                    (v.centre[axis] - plane).abs().max(1e-3 * width)
                } else {
                    0.5 * width
                }
            });
            // Around whole cells nothing but the electrode narrows the face.
            let whole = (a.stair || b.stair) && !a.between() && !b.between() && !a.blocked && !b.blocked;
            let both_own = p == g && q == h;
            let area = if whole && both_own {
                self.groups.whole_area(g, axis, self.grid)
            } else {
                area
            };
            complex.join(
                Meeting::Joined,
                [self.groups.number_of(g), self.groups.number_of(h)],
                area,
                distance,
            );
        }
    }

    /// Faces and outer faces where bodies touch.
    fn between(&self, complex: &mut Complex, around: &Around) -> BTreeMap<usize, usize> {
        let mut faces = BTreeMap::new();
        for bundle in around.bundles() {
            let first = &self.slices[bundle.slices[0]];
            let (own, other) = (bundle.side, 1 - bundle.side);
            let (a, b) = (self.class(first, own), self.class(first, other));
            complex.note([first.labels[own], first.labels[other]], [a, b], bundle.area, bundle.place);
            let meeting = a.meets(b);
            let root = self.groups.root_of(bundle.group);
            let group = self.groups.get(root);
            let number = self.groups.number_of(root);
            let floor = |v: &Group| 1e-3 * v.volume / v.area.max(f64::MIN_POSITIVE);
            // Towards the surface: the normal of the bundle points out of the group.
            let centred = |v: &Group, sign: f64| {
                if v.between() {
                    v.half_thickness()
                } else {
                    let to = add(bundle.place, -1.0, v.centre);
                    (sign * dot(to, bundle.normal)).max(floor(v))
                }
            };
            match meeting {
                Meeting::Joined | Meeting::Interface | Meeting::Supplied(_) => {
                    let Some(over) = bundle.over else { continue };
                    let there = self.groups.root_of(over);
                    let distance = [centred(group, 1.0), centred(self.groups.get(there), -1.0)];
                    let to = self.groups.number_of(there);
                    if to != number {
                        complex.join(meeting, [number, to], bundle.area, distance);
                    }
                }
                Meeting::Terminal(_) => {
                    let d = centred(group, 1.0);
                    complex
                        .outers
                        .extend(complex.outer(meeting, number, bundle.area, d, bundle.place, first.labels[other]));
                }
                Meeting::Reacting(side) => {
                    if self.stairs[side as usize] && !group.between() {
                        continue;
                    }
                    let d = if group.between() {
                        group.half_thickness()
                    } else {
                        let middle = self.grid.middle(self.grid.cell(group.cell));
                        around.distance(self, middle, group.cell, &bundle)
                    };
                    let label = first.labels[other];
                    if let Some(mut outer) = complex.outer(meeting, number, bundle.area, d, bundle.place, label) {
                        outer.film = self.film(label, bundle.place, bundle.normal);
                        faces.extend(bundle.slices.iter().map(|k| (*k, complex.outers.len())));
                        complex.outers.push(outer);
                    }
                }
                Meeting::Short | Meeting::None => {}
            }
        }
        faces
    }

    /// Outer faces around whole cells, scaled to the true area of each surface.
    fn staircase(&self, complex: &mut Complex, around: &Around) {
        if !self.stairs.contains(&true) {
            return;
        }
        let mut found: BTreeMap<(RegionId, RegionId, u32, Side), Vec<super::complex::Outer>> = BTreeMap::new();
        for g in self.groups.kept() {
            let group = self.groups.get(g);
            if group.class != Class::Electrolyte || group.between() {
                continue;
            }
            let cell = self.grid.cell(group.cell);
            let middle = self.grid.middle(cell);
            for axis in 0..3 {
                for up in [false, true] {
                    let Some(next) = self.grid.beside(cell, axis, up) else { continue };
                    if self.groups.reaches(g, self.grid.number(next)) {
                        continue;
                    }
                    let mut at = middle;
                    at[axis] = self.grid.lines[axis][cell[axis] + usize::from(up)];
                    let beyond = self.grid.middle(next);
                    let Some(k) = around.nearest(self, at, [group.cell, self.grid.number(next)], |s| {
                        s.reacts
                            .is_some_and(|(side, e)| self.stairs[side as usize] && s.labels[e] == group.label)
                    }) else {
                        continue;
                    };
                    let s = &self.slices[k];
                    let Some((side, e)) = s.reacts else { continue };
                    let away = |p: Vector| if e == 1 { s.height(p) } else { -s.height(p) };
                    let width = self.grid.width(cell, axis);
                    if away(beyond) > SLACK * width || away(middle) < -SLACK * width {
                        continue;
                    }
                    let area = self.groups.whole_area_of(cell, axis, self.grid) * s.normal[axis].abs();
                    if area <= 0.0 {
                        continue;
                    }
                    let near = around
                        .nearest(self, middle, [group.cell, self.grid.number(next)], |t| t.labels == s.labels)
                        .unwrap_or(k);
                    let t = &self.slices[near];
                    let height = if e == 1 { t.height(middle) } else { -t.height(middle) };
                    let place = s.foot(at);
                    let label = s.labels[1 - e];
                    let outward = s.normal.map(|v| if e == 0 { v } else { -v });
                    if let Some(mut outer) = complex.outer(
                        Meeting::Reacting(side),
                        self.groups.number_of(g),
                        area,
                        height.max(1e-3 * width),
                        place,
                        label,
                    ) {
                        outer.film = self.film(label, place, outward);
                        found
                            .entry((s.labels[e], label, s.components[1 - e], side))
                            .or_default()
                            .push(outer);
                    }
                }
            }
        }
        // True area of the same surfaces, without what thin bodies between two surfaces carry already.
        let mut areas: BTreeMap<(RegionId, RegionId, u32, Side), f64> = BTreeMap::new();
        for bundle in around.bundles() {
            let s = &self.slices[bundle.slices[0]];
            if let Some((side, e)) = s.reacts
                && self.stairs[side as usize]
                && !self.groups.get(self.groups.root_of(bundle.group)).between()
            {
                *areas
                    .entry((s.labels[e], s.labels[1 - e], s.components[1 - e], side))
                    .or_insert(0.0) += bundle.area;
            }
        }
        for (key, mut outers) in found {
            let sum: f64 = outers.iter().map(|o| o.area).sum();
            let scale = areas.get(&key).copied().unwrap_or(sum) / sum;
            for o in &mut outers {
                o.area *= scale;
            }
            complex.outers.append(&mut outers);
        }
    }

    /// The film behind a place of the surface, with its thickness; `None` for bodies that are no film.
    fn film(&self, label: RegionId, place: Vector, outward: Vector) -> Option<Film> {
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
    fn films(&self, complex: &Complex, faces: &BTreeMap<usize, usize>, around: &Around, reach: f64) -> Films {
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

    /// Volumes and areas of the mesh against those of the device.
    fn compare(&self, made: &mut Meshed) {
        let report: &mut MeshReport = &mut made.report;
        let mut found: BTreeMap<RegionId, f64> = BTreeMap::new();
        for (v, label) in made.mesh.volumes.iter().zip(&made.labels) {
            *found.entry(*label).or_insert(0.0) += v;
        }
        for finding in &report.findings {
            if let super::Finding::FloatingElectrolyte { region, volume, .. } = finding {
                *found.entry(*region).or_insert(0.0) += volume;
            }
        }
        for (label, volume) in self.partition.volumes() {
            if let Some(f) = found.get(&label) {
                report.volume_error.insert(label, f / volume - 1.0);
            }
        }
        let mut areas: BTreeMap<Side, f64> = BTreeMap::new();
        let faces = [(Side::Negative, &made.mesh.negative), (Side::Positive, &made.mesh.positive)];
        for (side, list) in faces {
            let reacting = |f: &&super::BoundaryFace| made.mesh.regions[f.cell] == super::ELECTROLYTE;
            *areas.entry(side).or_insert(0.0) += list.iter().filter(reacting).map(|f| f.area).sum::<f64>();
        }
        let mut exact: BTreeMap<Side, (f64, [RegionId; 2])> = BTreeMap::new();
        for s in &self.slices {
            if let Some((side, e)) = s.reacts {
                exact.entry(side).or_insert((0.0, [s.labels[e], s.labels[1 - e]])).0 += s.area;
            }
        }
        for (side, (area, labels)) in exact {
            let found = areas.get(&side).copied().unwrap_or(0.0);
            report.area_error.insert(labels, found / area - 1.0);
        }
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
