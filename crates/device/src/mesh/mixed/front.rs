//! Volumes whose middle lies too far behind a reacting surface become one with the volume in front of them.
//!
//! # Equation
//! The value of a cut volume is that at the middle of its cell, also behind the surface: `I = A (V_e - V_P) / (R + φ/κ)`. This needs
//! `κR + φ` well above zero, wherefore volumes with `φ < -κR/2` are given to the neighbour `Q` they share most area with, as part of one
//! volume with the value at the middle of `Q`. Faces between two such volumes join those that took them, if these lie side by side in the
//! same way. Through the common area `α` with another volume `S` in front flows, where `V - V_e` rises as `φ + κR` does,
//! `κ α (V_P - V_S) / h = α n (V_e - V_S) / (R + φ_S/κ)`, with the component `n` of the normal across the face: `S` takes the area `α n` of
//! the surface, `Q` what is left. By the theorem of Gauss a field that rises along the normal of a flat surface is exact, whatever `R`.

use super::Work;
use super::around::{Around, Bundle};
use super::chop::chord;
use crate::mesh::class::{Class, Meeting};
use crate::vector::Vector;
use std::collections::{BTreeMap, BTreeSet};

/// Part of the length `κR` up to which values behind a surface are used. The rest is for kinetics away from rest: its differential
/// resistance is half of that at rest at an overpotential of 2.6 `RT/F`.
pub const BEHIND: f64 = 0.5;

/// Neighbours of each group over planes of the grid: number, common area, axis and whether it lies above.
type Beside = BTreeMap<usize, Vec<(usize, f64, usize, bool)>>;

impl Work<'_> {
    /// Gives volumes of electrolyte whose middle lies too far behind the surface to a neighbour.
    pub(super) fn close_behind(&mut self, around: &Around) {
        let outside: Vec<bool> = (0..self.groups.list.len())
            .map(|g| {
                let group = &self.groups.list[g];
                if group.resistance == f64::INFINITY || group.between() || group.class != Class::Electrolyte || self.groups.root(g) != g {
                    return false;
                }
                let p = self.grid.middle(self.grid.cell(group.cell));
                !self.holds(g, p) && around.depth(self, p, group.cell, group.label) > BEHIND * group.resistance
            })
            .collect();
        self.groups.give_away_outside(&outside);
    }

    /// Whether a point lies in a group.
    fn holds(&self, g: usize, p: Vector) -> bool {
        self.groups.get(g).fragments.iter().any(|f| match &self.fragments.list[*f].solid {
            None => true,
            Some(solid) => chord(solid, p, [0.577, 0.5773, 0.5777]).is_some_and(|[a, b]| a <= 0.0 && b >= 0.0),
        })
    }

    /// Volumes that take the surface of a closed one, with the area of each.
    fn receivers(&self, beside: &Beside, bundle: &Bundle) -> BTreeMap<usize, f64> {
        let (g, groups) = (bundle.group, &self.groups);
        let root = groups.root(g);
        let mut found = BTreeMap::new();
        for &(h, common, axis, up) in beside.get(&g).into_iter().flatten() {
            let part = common * bundle.normal[axis] * if up { -1.0 } else { 1.0 };
            if part > 0.0 && groups.root(h) != root && !groups.move_alike(g, h, self.grid) {
                *found.entry(groups.root(h)).or_insert(0.0) += part;
            }
        }
        let sum: f64 = found.values().sum();
        // In a corner the normal of one side says nothing about the others.
        let share = (bundle.area / sum).min(1.0);
        found.values_mut().for_each(|area| *area *= share);
        let rest = bundle.area - found.values().sum::<f64>();
        if rest > 0.0 {
            *found.entry(root).or_insert(0.0) += rest;
        }
        found
    }
}

impl Around {
    /// Hands the reacting surfaces in closed volumes to volumes in front of them.
    pub(super) fn hand_over(&mut self, work: &Work<'_>) {
        let reacts = |b: &Bundle| {
            let s = &work.slices[b.slices[0]];
            matches!(work.class(s, b.side).meets(work.class(s, 1 - b.side)), Meeting::Reacting(_))
        };
        let closed = |b: &Bundle| work.groups.is_closed(b.group) && reacts(b);
        let (gone, mut kept): (Vec<Bundle>, Vec<Bundle>) = self.bundles().partition(closed);
        if gone.is_empty() {
            return;
        }
        let mut beside = Beside::new();
        for ((g, h, axis), area) in work.groups.all_caps() {
            beside.entry(g).or_default().push((h, area, axis, true));
            beside.entry(h).or_default().push((g, area, axis, false));
        }
        let mut of_group: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, b) in kept.iter().enumerate() {
            of_group.entry(work.groups.root(b.group)).or_default().push(i);
        }
        let mut changed = BTreeSet::new();
        for bundle in gone {
            for (group, area) in work.receivers(&beside, &bundle) {
                let own = of_group.entry(group).or_default();
                let same = own.iter().copied().find(|i| kept[*i].continues(work, &bundle));
                if let Some(i) = same {
                    kept[i].take(&bundle, area);
                    changed.insert(i);
                } else {
                    own.push(kept.len());
                    kept.push(Bundle {
                        group,
                        area,
                        ..bundle.clone()
                    });
                }
            }
        }
        for i in changed {
            kept[i].onto_surface(work);
        }
        self.replace(kept);
    }
}
