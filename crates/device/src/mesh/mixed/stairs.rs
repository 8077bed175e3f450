//! Reacting surfaces as the faces around whole cells, for interfaces that are nearly without resistance.

use super::Work;
use super::around::Around;
use super::chop::chord;
use crate::mesh::class::{Class, Meeting, Side};
use crate::mesh::complex::{Complex, Outer};
use crate::tape::RegionId;
use crate::vector::Vector;
use std::collections::BTreeMap;

/// Part of a cell by which the polygons of a surface may differ from the pieces beside it.
const SLACK: f64 = 0.05;

/// A surface: electrolyte, electrode, connected part of it, and which electrode.
type Key = (RegionId, RegionId, u32, Side);

impl Work<'_> {
    /// With faces around whole cells, volumes whose middle is not in the electrolyte go to a neighbour.
    pub(super) fn inner_cells(&mut self) {
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

    /// Outer faces around whole cells, scaled to the true area of each surface.
    pub(super) fn staircase(&self, complex: &mut Complex, around: &Around, faces: &mut BTreeMap<usize, usize>) {
        if !self.stairs.contains(&true) {
            return;
        }
        let mut found: BTreeMap<Key, Vec<(Outer, usize)>> = BTreeMap::new();
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
                    // The surface that closes this side, whatever it is.
                    let cells = [group.cell, self.grid.number(next)];
                    let Some(k) = around.nearest(self, at, cells, |s| s.labels.contains(&group.label)) else {
                        continue;
                    };
                    let s = &self.slices[k];
                    let Some((side, e)) = s
                        .reacts
                        .filter(|(side, e)| self.stairs[*side as usize] && s.labels[*e] == group.label)
                    else {
                        continue;
                    };
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
                            .push((outer, k));
                    }
                }
            }
        }
        // True area of the same surfaces, without what thin bodies between two surfaces carry already.
        let mut areas: BTreeMap<Key, f64> = BTreeMap::new();
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
        for (key, outers) in found {
            let sum: f64 = outers.iter().map(|(o, _)| o.area).sum();
            let scale = areas.get(&key).copied().unwrap_or(sum) / sum;
            for (mut o, k) in outers {
                o.area *= scale;
                let flat = self.slices[k].normal.iter().any(|n| n.abs() > 1.0 - 1e-6);
                if flat {
                    faces.insert(k, complex.outers.len());
                }
                complex.outers.push(o);
            }
        }
    }
}
