//! Meshes of any device: the cells of a grid, cut by the surfaces of the bodies.
//!
//! Every cell holds one control volume for each body in it (more if another body parts it), with its exact volume. Volumes of one body are
//! joined over the planes of the grid through their common area; where bodies touch, the true area of their contact counts.
//!
//! # Equation
//! Inside a body the value of a volume is that at the middle of the *whole* cell, also where that lies outside the body, and
//! `T = κ A / h` with the wetted area `A`. A reacting surface carries `I = A (V_e - V_P) / (R + φ/κ)` with the signed distance `φ` of that
//! middle from the surface. Volumes with `φ < -κR/2` become one with the volume in front of them, see `front.rs`: none where `κR` is the
//! cell size, all whose middle is behind the surface where there is no resistance.
//!
//! The second derivative along the normal, `∂²V/∂n² = -2H ∂V/∂n - Δ_t V` with the sum `2H` of both curvatures, is left out where `κR` is
//! not below the cell size: there its two terms are of one order, and `φ` has both signs. Without resistance `V` is constant along the
//! surface, only the first is left, and it is kept: `φ (1 - H φ)` takes the place of `φ`, with `H` in proportion to `1 - 1.5 κR / h`.
//!
//! A body between two surfaces in one cell (a film thinner than the cells) is `V/ΣA` away from both of them.
//! Where two meshed bodies touch, the distances are those of their centres of gravity.
//!
//! # Validity
//! Smooth surfaces: second order in the cell size for any `R`. Two meshed media with a slanting surface between them: first order.
//!
//! # Source
//! Values at whole cells: rule D of the project's mesh study. The limits 1/2 and 2/3 were found on spheres and cylinders with Biot numbers
//! from 0.1 to 10⁴: with them the error over `h²` stays the same where the treatment changes.
//!
//! # Verification
//! `tests/mesh_mixed.rs`

mod around;
mod behind;
mod chop;
mod front;
mod rims;
mod surface;
mod touch;
mod volumes;

use super::class::{Class, Classes, Meeting, Side};
use super::complex::{Complex, Meshed};
use super::grid::Grid;
use super::report::{MeshError, MeshReport};
use super::sheets::Edge;
use super::tensor::check;
use crate::partition::Partition;
use crate::tape::RegionId;
use crate::vector::{add, dot};
use around::{Around, Bundle};
use chop::Fragments;
use std::collections::BTreeMap;
use surface::{Slice, slices as slices_of};
use volumes::{Group, Groups};

/// Options of a mixed mesh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MixedOptions {
    /// Conductivity of the electrolyte times interface resistance `κR` of the negative and the positive electrode, m: how far behind a
    /// curved surface values may lie. Default infinite, right for any interface whose `κR` is not below the cell size.
    pub resistance: [f64; 2],
    /// Volumes smaller than this part of a neighbour are given to it. Default 1e-3.
    pub smallest: f64,
    /// How many thicknesses a film is charged beyond the end of the electrolyte that covers it. Default 3.
    pub reach: f64,
    /// Sides of the box where the sheets of the negative and the positive electrode are contacted. Default none.
    pub tabs: Option<[Edge; 2]>,
}

impl Default for MixedOptions {
    fn default() -> MixedOptions {
        MixedOptions {
            resistance: [f64::INFINITY; 2],
            smallest: 1e-3,
            reach: 3.0,
            tabs: None,
        }
    }
}

/// Least distance of a value from a surface without resistance, in cell sizes.
const LEAST: f64 = 1e-3;

/// Length `κR`, in cell sizes, below which a surface is more and more an equipotential and the field spreads with its curvature.
const EQUIPOTENTIAL: f64 = 2.0 / 3.0;

/// Half thickness over cell size below which a body is a film.
const THIN: f64 = 0.15;

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
    /// `κR` of each electrode, m.
    resistance: [f64; 2],
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
        resistance: options.resistance,
    };
    let mut complex = Complex::default();
    complex.report.at_surface = work.sizes();
    work.measure();
    work.find_thin();
    work.groups.give_away_small(options.smallest);
    let mut around = Around::new(&work);
    work.close_behind(&around);
    around.hand_over(&work);
    work.groups.number();
    let faces = work.build(&mut complex, &around);
    work.correct_edges(&mut complex, &faces, options.resistance);
    let films = work.films(&complex, &faces, &around, options.reach);
    if let Some(tabs) = options.tabs {
        complex.contact(grid, tabs);
    }
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
                let resistance = s.reacts.map_or(f64::INFINITY, |(e, _)| self.resistance[e as usize]);
                let area = s.area;
                let group = &mut self.groups.list[g];
                group.area += area;
                group.closure = add(group.closure, area, outward);
                group.media |= media || matches!(other, Class::Metal(_) | Class::Wiring) && group.class != Class::Electrolyte;
                group.resistance = group.resistance.min(resistance);
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

    /// Makes all volumes and faces; returns the outer face of each reacting slice that has one of its own.
    fn build(&mut self, complex: &mut Complex, around: &Around) -> BTreeMap<usize, usize> {
        for g in self.groups.kept() {
            complex.volumes.push(self.groups.volume(g, self.grid));
        }
        self.inside(complex);
        self.between(complex, around)
    }

    /// Faces inside bodies, over planes of the grid.
    fn inside(&self, complex: &mut Complex) {
        for ((g, h, axis), area) in self.groups.caps(self.grid) {
            let (a, b) = (self.groups.get(g), self.groups.get(h));
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
                Meeting::Joined | Meeting::Interface | Meeting::Supplied => {
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
                    let d = self.height(around, root, &bundle, side);
                    let label = first.labels[other];
                    if let Some(mut outer) = complex.outer(meeting, number, bundle.area, d, bundle.place, label) {
                        outer.film = self.film(label, bundle.place, bundle.normal);
                        for k in &bundle.slices {
                            faces.entry(*k).or_insert(complex.outers.len());
                        }
                        complex.outers.push(outer);
                    }
                }
                Meeting::Short | Meeting::None => {}
            }
        }
        faces
    }

    /// Distance of the value of a group from a reacting surface, negative behind it.
    fn height(&self, around: &Around, g: usize, bundle: &Bundle, side: Side) -> f64 {
        let group = self.groups.get(g);
        if group.between() {
            return group.half_thickness();
        }
        let cell = self.grid.cell(group.cell);
        let middle = self.grid.middle(cell);
        let size: f64 = (0..3).map(|i| bundle.normal[i].abs() * self.grid.width(cell, i)).sum();
        let resistance = self.resistance[side as usize];
        let lowest = LEAST * size - front::BEHIND * resistance;
        let mut height = around.distance(self, middle, group.cell, bundle);
        if height < -front::BEHIND * resistance {
            // Behind the plane of one side of a corner but not behind the corner.
            height = around.depth(self, middle, group.cell, group.label);
        }
        let bent = (1.0 - resistance / (EQUIPOTENTIAL * size)).max(0.0);
        if bent > 0.0 {
            let turn = around.curvature(self, group.cell, bundle) * height;
            height *= 1.0 - 0.5 * bent * turn.clamp(-1.0, 1.0);
        }
        height.max(lowest)
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
