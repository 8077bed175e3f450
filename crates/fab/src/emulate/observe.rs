//! What the design rules want to know of the geometry after a step.

use super::chip::Chip;
use crate::fabrication::Region;
use crate::plan::{Deposit, Verb};
use crate::rules::observed::{Bridge, Film, Observed, Plated};
use cellwright_device::Role;
use cellwright_device::field::lateral::Feature;
use cellwright_device::partition::{Fineness, Partition};
use cellwright_device::tape::{OPEN, RegionId, SEALED};
use std::collections::{BTreeMap, BTreeSet};

/// Whether electrons pass through a body.
pub fn conducts(region: &Region) -> bool {
    matches!(region.role, Role::Collector | Role::Negative | Role::Positive | Role::Adhesion)
}

/// All conducting regions.
pub fn conductors(regions: &[Region]) -> Vec<RegionId> {
    let all = regions.iter().enumerate();
    all.filter(|(_, r)| conducts(r)).map(|(i, _)| i as RegionId).collect()
}

/// Pieces smaller than this are rounding of the geometry, not bodies, m³.
pub fn grain(fineness: Fineness) -> f64 {
    (3.0 * fineness.finest).powi(3)
}

/// Components joined by a relation, as groups of component indices.
fn groups(partition: &Partition, joins: impl Fn(RegionId, RegionId) -> bool) -> Vec<Vec<u32>> {
    let mut of: Vec<u32> = (0..partition.components.len() as u32).collect();
    fn root(of: &mut [u32], i: u32) -> u32 {
        let up = of[i as usize];
        if up == i {
            return i;
        }
        let top = root(of, up);
        of[i as usize] = top;
        top
    }
    for ([a, b], area) in partition.touching() {
        let [la, lb] = [a, b].map(|c| partition.components[c as usize].label);
        if area > 0.0 && joins(la, lb) {
            let (x, y) = (root(&mut of, a), root(&mut of, b));
            of[x.max(y) as usize] = x.min(y);
        }
    }
    let mut sets: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for i in 0..of.len() as u32 {
        sets.entry(root(&mut of, i)).or_default().push(i);
    }
    sets.into_values().collect()
}

/// Reads the state of the chip after a step from its divided box.
pub fn after_step(
    chip: &Chip<'_>,
    step: usize,
    partition: &Partition,
    fineness: Fineness,
    thickness: &BTreeMap<RegionId, f64>,
) -> Observed {
    let solid = |l: RegionId| l < SEALED;
    let mut around: BTreeMap<u32, f64> = BTreeMap::new();
    for (pair, area) in partition.touching() {
        for c in pair {
            *around.entry(c).or_default() += area;
        }
    }
    // Slivers between two views of one surface are thinner than the tolerance.
    let real = |c: &u32| {
        let volume = partition.components[*c as usize].volume;
        volume > grain(fineness) && volume > 0.5 * fineness.tolerance * around.get(c).copied().unwrap_or(0.0)
    };
    // Neighbouring views of a rounded edge part by a few tolerances: a hollow is wider than that.
    let hollow = |c: u32| partition.components[c as usize].volume > 8.0 * fineness.tolerance * around.get(&c).copied().unwrap_or(0.0);
    let mut contacts: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let mut exposed: BTreeMap<usize, f64> = BTreeMap::new();
    for ([a, b], area) in partition.touching() {
        let [a, b] = [a, b].map(|c| partition.components[c as usize].label);
        match (solid(a), solid(b)) {
            (true, true) => *contacts.entry((usize::from(a.min(b)), usize::from(a.max(b)))).or_default() += area,
            (true, false) if b == OPEN => *exposed.entry(usize::from(a)).or_default() += area,
            (false, true) if a == OPEN => *exposed.entry(usize::from(b)).or_default() += area,
            _ => {}
        }
    }
    let conducting = |l: RegionId| solid(l) && conducts(&chip.regions[usize::from(l)]);
    let joined = groups(partition, |a, b| conducting(a) && conducting(b))
        .into_iter()
        .map(|g| {
            let labels: BTreeSet<usize> = g
                .iter()
                .filter(|c| real(c) && conducting(partition.components[**c as usize].label))
                .map(|c| usize::from(partition.components[*c as usize].label))
                .collect();
            labels.into_iter().collect::<Vec<_>>()
        })
        .filter(|g: &Vec<usize>| !g.is_empty())
        .collect();
    let fibre = matches!(chip.plan.substrate.form, crate::plan::Form::Fibre { .. });
    let voids = partition
        .components
        .iter()
        .enumerate()
        .filter(|(i, c)| {
            c.label == OPEN
                && real(&(*i as u32))
                && hollow(*i as u32)
                && !c.reaches[5]
                && !(fibre && (c.reaches[4] || c.reaches[2] || c.reaches[3]))
        })
        .map(|(_, c)| (c.volume, c.centre))
        .collect();
    let mut loose = Vec::new();
    for group in groups(partition, |a, b| solid(a) && solid(b)) {
        let held = group.iter().any(|c| partition.components[*c as usize].label == 0);
        for c in group.iter().filter(|c| !held && real(c)) {
            let c = &partition.components[*c as usize];
            if solid(c.label) {
                loose.push((usize::from(c.label), c.volume));
            }
        }
    }
    let mut films = Vec::new();
    let mut electrolyte: Option<(f64, [f64; 3])> = None;
    for (region, nominal) in thickness {
        let spread = partition.spreads.get(region);
        let place = spread.map_or(chip.tape.block.c, |s| s.at);
        let t = spread.map_or([*nominal; 3], |s| [s.least, s.mean, s.greatest]);
        let owner = &chip.regions[usize::from(*region)];
        if let Some(step) = owner.step {
            films.push(Film { step, thickness: t, place });
        }
        if owner.role == Role::Electrolyte && electrolyte.is_none_or(|e| t[0] < e.0) {
            electrolyte = Some((t[0], place));
        }
    }
    Observed {
        step: Some(step),
        regions: chip.regions.clone(),
        contacts: contacts.into_iter().map(|((a, b), area)| (a, b, area)).collect(),
        joined,
        voids,
        loose,
        films,
        exposed: exposed.into_iter().collect(),
        electrolyte,
        unreached: vec![],
        plated: vec![],
        bridges: vec![],
        plane: plane(chip, step),
        balance: None,
    }
}

/// After polishing: the bodies in the plane.
fn plane(chip: &Chip<'_>, step: usize) -> Option<Vec<usize>> {
    let Verb::Planarise { height } = chip.plan.steps[step].verb else {
        return None;
    };
    let block = &chip.tape.block;
    let mut found = BTreeSet::new();
    let n = 24;
    for i in 0..n {
        for j in 0..n {
            let at = |axis: usize, k: usize| {
                let [low, high] = block.span(axis);
                low + (high - low) * (k as f64 + 0.5) / n as f64
            };
            let label = chip.tape.region_at([at(0, i), at(1, j), height - 1e-4 * block.h[2]]);
            if label < SEALED {
                found.insert(usize::from(label));
            }
        }
    }
    Some(found.into_iter().collect())
}

/// Before a plating step: openings whose ground is joined to the rest of the chip, and those whose ground is not.
pub fn seeds(chip: &Chip<'_>, step: usize, on: &[RegionId], partition: &Partition, fineness: Fineness) -> Plated {
    let conducting = |l: RegionId| l < SEALED && conducts(&chip.regions[usize::from(l)]);
    let mut plated = Plated {
        step,
        seeded: 0,
        unseeded: 0,
        place: [0.0; 3],
    };
    let open_to = partition.touching();
    for group in groups(partition, |a, b| conducting(a) && conducting(b)) {
        // Beyond the sides of the window the conductor goes on to the contact.
        let reaches = |c: &u32| {
            let c = &partition.components[*c as usize];
            conducting(c.label) && c.reaches[..4].iter().any(|r| *r)
        };
        let joined = group.iter().any(reaches);
        for c in group.iter().filter(|c| {
            let c = &partition.components[**c as usize];
            on.contains(&c.label) && c.volume > grain(fineness)
        }) {
            let exposed = open_to
                .keys()
                .any(|pair| pair.contains(c) && pair.iter().any(|o| partition.components[*o as usize].label == OPEN));
            if !exposed {
                continue;
            }
            if joined {
                plated.seeded += 1;
            } else {
                plated.unseeded += 1;
                plated.place = partition.components[*c as usize].centre;
            }
        }
    }
    plated
}

/// Before direct ink writing: stretches of the tool path under which nothing carries the first filament.
pub fn bridges(chip: &Chip<'_>, step: usize, d: &Deposit) -> Vec<Bridge> {
    let Some(shapes) = d.mask.as_ref().and_then(|m| chip.laterals.get(m)) else {
        return vec![];
    };
    let layers = f64::from(d.recipe.layers.unwrap_or(1).max(1));
    let Some(filament) = super::deposit::nominal(d).map(|t| t / layers) else {
        return vec![];
    };
    let spans: Vec<Bridge> = chip
        .tape
        .fields
        .shapes(*shapes)
        .features
        .iter()
        .filter_map(|f| match *f {
            Feature::Capsule { a, b, radius } => Some((a, b, radius)),
            _ => None,
        })
        .flat_map(|(a, b, radius)| {
            let n = 128;
            let at = |i: usize| {
                let s = i as f64 / n as f64;
                [a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1])]
            };
            let ground: Vec<Option<f64>> = (0..=n).map(|i| chip.ground(at(i))).collect();
            let base = super::deposit::middle(ground.iter().flatten().copied().collect()).unwrap_or(0.0);
            let hollow = |i: usize| ground[i].is_some_and(|z| z < base - 0.5 * filament);
            let step_length = (b[0] - a[0]).hypot(b[1] - a[1]) / n as f64;
            let mut found = Vec::new();
            let mut start = None;
            for i in 0..=n {
                match (hollow(i), start) {
                    (true, None) => start = Some(i),
                    (false, Some(from)) => {
                        let middle = at((from + i) / 2);
                        found.push(Bridge {
                            step,
                            length: (i - from) as f64 * step_length,
                            width: 2.0 * radius,
                            place: [middle[0], middle[1], base],
                        });
                        start = None;
                    }
                    _ => {}
                }
            }
            found
        })
        .collect();
    spans
}
