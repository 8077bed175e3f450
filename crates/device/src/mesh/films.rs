//! Films that are not meshed: every part of their volume is given to the reaction face nearest to it.

use super::Film;
use super::complex::Outer;
use super::nearest::Nearest;
use super::report::{Finding, MeshReport};
use crate::tape::RegionId;
use crate::vector::{Vector, add, norm};
use std::collections::BTreeMap;

/// A part of a film.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Which body.
    pub label: RegionId,
    /// Which connected part of it.
    pub component: u32,
    pub volume: f64,
    pub centre: Vector,
}

/// All parts of all films, and the thickness behind each outer face by its number, m.
#[derive(Clone, Debug, Default)]
pub(super) struct Films {
    pub parts: Vec<Part>,
    pub reach: f64,
}

impl Films {
    /// Sets the films of the reacting faces, whose `film` holds the thickness already.
    pub fn give(&self, outers: &mut [Outer], report: &mut MeshReport) {
        let mut volumes = vec![0.0; outers.len()];
        let mut behind: BTreeMap<RegionId, Vec<usize>> = BTreeMap::new();
        for (i, o) in outers.iter().enumerate().filter(|(_, o)| o.reacts && o.film.is_some()) {
            behind.entry(o.behind).or_default().push(i);
        }
        let mut trees: BTreeMap<RegionId, Nearest> = BTreeMap::new();
        for (label, faces) in &behind {
            trees.insert(*label, Nearest::new(faces.iter().map(|i| outers[*i].place).collect()));
        }
        let mut lost: BTreeMap<(RegionId, u32), (f64, Vector)> = BTreeMap::new();
        for part in &self.parts {
            let near = trees.get(&part.label).map(|t| t.find(part.centre)).unwrap_or_default();
            let faces: Vec<usize> = near.iter().map(|k| behind[&part.label][*k]).collect();
            let within = |i: &usize| {
                let thickness = outers[*i].film.map_or(0.0, |f| f.thickness);
                let apart = norm(add(outers[*i].place, -1.0, part.centre));
                apart <= self.reach * thickness + 2.0 * outers[*i].area.sqrt().max(thickness)
            };
            if faces.is_empty() || !faces.iter().all(within) {
                let lost = lost.entry((part.label, part.component)).or_insert((0.0, [0.0; 3]));
                (lost.0, lost.1) = (lost.0 + part.volume, add(lost.1, part.volume, part.centre));
                continue;
            }
            let area: f64 = faces.iter().map(|i| outers[*i].area).sum();
            for i in &faces {
                volumes[*i] += part.volume * outers[*i].area / area;
            }
        }
        for ((region, _), (volume, sum)) in lost {
            *report.inactive.entry(region).or_insert(0.0) += volume;
            report.findings.push(Finding::WithoutElectrolyte {
                region,
                place: sum.map(|x| x / volume),
                volume,
            });
        }
        for (o, volume) in outers.iter_mut().zip(volumes) {
            if let Some(film) = &mut o.film {
                let thickness = if film.thickness > 0.0 { film.thickness } else { volume / o.area };
                *film = Film {
                    thickness,
                    fullness: volume / (o.area * thickness),
                };
            }
        }
    }
}
