//! Contacts gathered by volume and direction, and the distance of a point from the surface near it.

use super::Work;
use super::surface::Slice;
use crate::tape::RegionId;
use crate::vector::{Vector, add, dot, norm};
use std::collections::BTreeMap;

/// Slices whose normals differ by more than this (cosine) are different faces of a volume.
const TURN: f64 = 0.64;

/// Cells in any direction in which the surface of a film is looked for.
const FARTHEST: usize = 12;

/// Contacts of one group with one other body, in about one direction.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The group, on the side `side` of the slices.
    pub group: usize,
    pub side: usize,
    /// The group on the other side.
    pub over: Option<usize>,
    /// Bodies on this and on the other side.
    pub labels: [RegionId; 2],
    pub slices: Vec<usize>,
    pub area: f64,
    /// Out of the group, length 1.
    pub normal: Vector,
    /// A point of the surface in the middle.
    pub place: Vector,
}

impl Bundle {
    /// Whether another bundle, of a closed volume, is of the same surface.
    pub fn continues(&self, work: &Work<'_>, other: &Bundle) -> bool {
        let component = |b: &Bundle| work.slices[b.slices[0]].components[1 - b.side];
        self.labels == other.labels && component(self) == component(other) && dot(self.normal, other.normal) > TURN
    }

    /// Takes a part of the area of another bundle.
    pub fn take(&mut self, other: &Bundle, area: f64) {
        let share = area / (self.area + area);
        self.area += area;
        self.normal = add(self.normal, share, add(other.normal, -1.0, self.normal));
        self.normal = self.normal.map(|v| v / norm(self.normal));
        self.place = add(self.place, share, add(other.place, -1.0, self.place));
        self.slices.extend(&other.slices);
    }

    /// Moves the middle to the nearest point of the slices.
    pub fn onto_surface(&mut self, work: &Work<'_>) {
        let feet = self.slices.iter().map(|k| work.slices[*k].foot(self.place));
        self.place = feet
            .min_by(|p, q| norm(add(*p, -1.0, self.place)).total_cmp(&norm(add(*q, -1.0, self.place))))
            .unwrap_or(self.place);
    }
}

/// Slices by cell, and the bundles.
pub struct Around {
    by_cell: BTreeMap<usize, Vec<usize>>,
    bundles: Vec<Bundle>,
}

impl Around {
    pub fn new(work: &Work<'_>) -> Around {
        let mut by_cell: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut gathered: BTreeMap<(usize, Option<usize>, u16, u32), Vec<usize>> = BTreeMap::new();
        for (k, s) in work.slices.iter().enumerate() {
            let groups = [0, 1].map(|side| work.group(s, side));
            let Some(side) = (0..2).find(|i| groups[*i].is_some()) else {
                continue;
            };
            // From the electrolyte, if one is.
            let side = match (groups[0], groups[1]) {
                (Some(_), Some(_)) if work.class(s, 1).meets(work.class(s, 0)) != super::Meeting::None => {
                    if work.class(s, 0).meets(work.class(s, 1)) == super::Meeting::None || work.class(s, 1) == super::Class::Electrolyte {
                        1
                    } else {
                        0
                    }
                }
                _ => side,
            };
            let Some(g) = groups[side] else { continue };
            let cells = [0, 1].map(|i| s.fragments[i].map(|f| work.fragments.list[f].cell));
            for cell in cells.iter().flatten() {
                let list = by_cell.entry(*cell).or_default();
                if list.last() != Some(&k) {
                    list.push(k);
                }
            }
            gathered
                .entry((g, groups[1 - side], s.labels[1 - side], s.components[1 - side]))
                .or_default()
                .push(2 * k + side);
        }
        let mut bundles = Vec::new();
        for ((group, over, _, _), members) in gathered {
            let first = bundles.len();
            for m in members {
                let (k, side) = (m / 2, m % 2);
                let s = &work.slices[k];
                let out = s.normal.map(|v| if side == 0 { v } else { -v });
                let fits = |b: &Bundle| dot(b.normal, out) > TURN * norm(b.normal);
                let at = (first..bundles.len()).find(|b| fits(&bundles[*b]));
                let at = at.unwrap_or_else(|| {
                    bundles.push(Bundle {
                        group,
                        side,
                        over,
                        labels: [s.labels[side], s.labels[1 - side]],
                        slices: vec![],
                        area: 0.0,
                        normal: [0.0; 3],
                        place: [0.0; 3],
                    });
                    bundles.len() - 1
                });
                let b = &mut bundles[at];
                b.slices.push(k);
                b.side = if b.slices.len() == 1 { side } else { b.side };
                b.area += s.area;
                b.normal = add(b.normal, s.area.abs(), out);
                b.place = add(b.place, s.area.abs(), s.centre);
            }
        }
        let mut around = Around { by_cell, bundles };
        for i in 0..around.bundles.len() {
            around.settle(work, i);
        }
        around.collect_strays();
        around
    }

    /// Normal to length one, and the middle onto the surface.
    fn settle(&mut self, work: &Work<'_>, i: usize) {
        let b = &mut self.bundles[i];
        let weight: f64 = b.slices.iter().map(|k| work.slices[*k].area.abs()).sum();
        let length = norm(b.normal);
        if weight <= 0.0 || length <= 0.0 {
            return;
        }
        b.normal = b.normal.map(|v| v / length);
        b.place = b.place.map(|v| v / weight);
        b.onto_surface(work);
    }

    /// Area that is not above zero goes to the nearest bundle between the same bodies.
    fn collect_strays(&mut self) {
        let strays: Vec<usize> = (0..self.bundles.len()).filter(|i| self.bundles[*i].area <= 0.0).collect();
        for i in strays {
            let (place, area, group) = (self.bundles[i].place, self.bundles[i].area, self.bundles[i].group);
            let labels = self.bundles[i].labels;
            let same = |b: &Bundle| b.labels == labels && b.area > -2.0 * area && b.area > 0.0;
            let away = |b: &Bundle| norm(add(b.place, -1.0, place)) * if b.group == group { 0.1 } else { 1.0 };
            let to = (0..self.bundles.len())
                .filter(|j| same(&self.bundles[*j]))
                .min_by(|a, b| away(&self.bundles[*a]).total_cmp(&away(&self.bundles[*b])));
            if let Some(to) = to {
                self.bundles[to].area += area;
            }
            self.bundles[i].area = 0.0;
        }
        self.bundles.retain(|b| b.area > 0.0);
    }

    pub fn bundles(&self) -> impl Iterator<Item = Bundle> + '_ {
        self.bundles.iter().cloned()
    }

    /// Distance of a point from the reacting surfaces of a body near it.
    pub fn depth(&self, work: &Work<'_>, p: Vector, cell: usize, label: RegionId) -> f64 {
        let reacts = |s: &Slice| s.reacts.is_some_and(|(_, e)| s.labels[e] == label);
        let nearest = self.nearest(work, p, [cell; 2], reacts);
        nearest.map_or(0.0, |k| norm(add(work.slices[k].foot(p), -1.0, p)))
    }

    /// Takes these bundles for all that there were.
    pub fn replace(&mut self, bundles: Vec<Bundle>) {
        self.bundles = bundles;
    }

    /// Distance of a point from the surface of a bundle, positive in front of it (inside the group).
    pub fn distance(&self, work: &Work<'_>, p: Vector, cell: usize, bundle: &Bundle) -> f64 {
        let labels = |s: &Slice, side: usize| [s.labels[side], s.labels[1 - side]];
        let first = &work.slices[bundle.slices[0]];
        let wanted = labels(first, bundle.side);
        let fits = |s: &Slice| {
            (0..2).any(|side| labels(s, side) == wanted && dot(s.normal.map(|v| if side == 0 { v } else { -v }), bundle.normal) > TURN)
        };
        let at = work.group(first, bundle.side).map_or(cell, |g| work.groups.get(g).cell);
        let nearest = self.nearest(work, p, [cell, at], fits).unwrap_or(bundle.slices[0]);
        let s = &work.slices[nearest];
        let side = usize::from(s.labels[0] != wanted[0]);
        if side == 0 { -s.height(p) } else { s.height(p) }
    }

    /// Sum of both curvatures of the surface of a bundle as seen from the middle of a cell, 1/m, positive where it bulges into the group:
    /// the Laplacian of the distance. Sides of the box are mirrors.
    pub fn curvature(&self, work: &Work<'_>, cell: usize, bundle: &Bundle) -> f64 {
        let c = work.grid.cell(cell);
        let middle = work.grid.middle(c);
        let here = self.distance(work, middle, cell, bundle);
        let second = |axis: usize| {
            let (lines, step) = (&work.grid.lines[axis], work.grid.width(c, axis));
            let [low, high] = [lines[0], lines[lines.len() - 1]];
            let sum: f64 = [middle[axis] - step, middle[axis] + step]
                .map(|at| {
                    let mut p = middle;
                    p[axis] = at + 2.0 * (low - at).max(0.0) - 2.0 * (at - high).max(0.0);
                    let number = work.grid.number([0, 1, 2].map(|i| work.grid.find(i, p[i])));
                    self.distance(work, p, number, bundle)
                })
                .iter()
                .sum();
            (sum - 2.0 * here) / (step * step)
        };
        (0..3).filter(|axis| work.grid.shape()[*axis] > 1).map(second).sum()
    }

    /// The slice nearest to a point however far away it is (within reason), and its distance.
    pub fn nearest_of_all(&self, work: &Work<'_>, p: Vector, cell: usize, wanted: impl Fn(&Slice) -> bool) -> Option<(usize, f64)> {
        let (centre, shape) = (work.grid.cell(cell), work.grid.shape());
        let mut best: Option<(f64, usize)> = None;
        for shell in 0..=FARTHEST {
            let first = centre.map(|c| c.saturating_sub(shell));
            let last = [0, 1, 2].map(|i| (centre[i] + shell).min(shape[i] - 1));
            for x in first[0]..=last[0] {
                for y in first[1]..=last[1] {
                    let rim = centre[0].abs_diff(x) == shell || centre[1].abs_diff(y) == shell;
                    let step = if rim { 1 } else { (2 * shell).max(1) };
                    let low = if rim { first[2] } else { centre[2].wrapping_sub(shell) };
                    for z in (0..=2 * shell / step).map(|k| low.wrapping_add(k * step)).filter(|z| *z <= last[2]) {
                        for &k in self.by_cell.get(&work.grid.number([x, y, z])).into_iter().flatten() {
                            best = closer(work, p, k, best, &wanted);
                        }
                    }
                }
            }
            // Whatever lies in shells further out is at least this far away.
            let beyond = (0..3)
                .flat_map(|i| {
                    let lines = &work.grid.lines[i];
                    let low = (centre[i] > shell).then(|| p[i] - lines[centre[i] - shell]);
                    let high = (centre[i] + shell + 1 < lines.len() - 1).then(|| lines[centre[i] + shell + 1] - p[i]);
                    low.into_iter().chain(high)
                })
                .fold(f64::INFINITY, f64::min);
            if best.is_some_and(|b| b.0 <= beyond) {
                break;
            }
        }
        best.map(|b| (b.1, b.0))
    }

    /// The slice nearest to a point in and around two cells.
    pub fn nearest(&self, work: &Work<'_>, p: Vector, cells: [usize; 2], wanted: impl Fn(&Slice) -> bool) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        let mut look = |cell: usize| {
            for &k in self.by_cell.get(&cell).into_iter().flatten() {
                best = closer(work, p, k, best, &wanted);
            }
        };
        let shape = work.grid.shape();
        let [a, b] = cells.map(|c| work.grid.cell(c));
        let range = |i: usize| a[i].min(b[i]).saturating_sub(1)..=(a[i].max(b[i]) + 1).min(shape[i] - 1);
        for x in range(0) {
            for y in range(1) {
                for z in range(2) {
                    look(work.grid.number([x, y, z]));
                }
            }
        }
        best.map(|b| b.1)
    }
}

/// The nearest slice so far, with its distance, after a look at slice `k`; of two as near the one with the lower number.
fn closer(work: &Work<'_>, p: Vector, k: usize, best: Option<(f64, usize)>, wanted: &impl Fn(&Slice) -> bool) -> Option<(f64, usize)> {
    let slice = &work.slices[k];
    if !wanted(slice) {
        return best;
    }
    match slice.distance(p, best.map_or(f64::INFINITY, |b| b.0)) {
        Some(d) if best.is_none_or(|b| (d, k) < b) => Some((d, k)),
        _ => best,
    }
}
