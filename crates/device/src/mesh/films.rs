//! Films that are not meshed: every part of their volume is given to the reaction face nearest to it.

use super::complex::{Outer, Volume};
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
    /// The outer face it belongs to and how far away that is, m, where the generator knows.
    pub face: Option<(usize, f64)>,
}

/// All parts of all films.
#[derive(Clone, Debug, Default)]
pub(super) struct Films {
    pub parts: Vec<Part>,
    /// How many thicknesses beyond the end of the reaction a film is charged.
    pub reach: f64,
}

/// Faces with less than this part of the film that belongs behind them share with their neighbour.
const POOR: f64 = 0.1;

/// Faces of one volume on one film.
struct Patch {
    faces: Vec<usize>,
    area: f64,
    place: Vector,
    /// Area times thickness.
    slab: f64,
    /// True volume.
    volume: f64,
    /// Distance at which film still belongs to it.
    reach: f64,
}

impl Films {
    /// Sets the films of the reacting faces, whose `film` holds the thickness already (0: unknown).
    pub fn give(&self, outers: &mut [Outer], volumes: &[Volume], report: &mut MeshReport) {
        let mut behind: BTreeMap<RegionId, BTreeMap<usize, Vec<usize>>> = BTreeMap::new();
        for (i, o) in outers.iter().enumerate().filter(|(_, o)| o.reacts && o.film.is_some()) {
            behind.entry(o.behind).or_default().entry(o.cell).or_default().push(i);
        }
        let mut lost: BTreeMap<(RegionId, u32), (f64, Vector)> = BTreeMap::new();
        let mut of_label: BTreeMap<RegionId, Vec<&Part>> = BTreeMap::new();
        for part in &self.parts {
            of_label.entry(part.label).or_default().push(part);
        }
        for (label, parts) in of_label {
            let cells = behind.remove(&label).unwrap_or_default();
            let volume: f64 = parts.iter().map(|p| p.volume).sum();
            fill_unknown(outers, cells.values().flatten(), volume);
            let mut patches: Vec<Patch> = cells.iter().map(|(c, faces)| self.patch(outers, &volumes[*c], faces)).collect();
            let tree = Nearest::new(patches.iter().map(|p| p.place).collect());
            let number: BTreeMap<usize, usize> = cells.keys().enumerate().map(|(n, c)| (*c, n)).collect();
            for part in parts {
                let known = part.face.and_then(|(f, _)| number.get(&outers[f].cell).copied());
                let near = known.map_or_else(|| tree.find(part.centre), |k| vec![k]);
                let within = |i: &usize| match part.face {
                    Some((_, away)) => away <= patches[*i].reach,
                    None => norm(add(patches[*i].place, -1.0, part.centre)) <= patches[*i].reach,
                };
                if near.is_empty() || !near.iter().all(within) {
                    let lost = lost.entry((label, part.component)).or_insert((0.0, [0.0; 3]));
                    (lost.0, lost.1) = (lost.0 + part.volume, add(lost.1, part.volume, part.centre));
                    continue;
                }
                let area: f64 = near.iter().map(|i| patches[*i].area).sum();
                for i in near {
                    patches[i].volume += part.volume * patches[i].area / area;
                }
            }
            share(&mut patches);
            mend(outers, &mut patches);
            for p in &patches {
                for i in &p.faces {
                    if let Some(film) = &mut outers[*i].film {
                        film.fullness = p.volume / p.slab;
                    }
                }
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
    }

    fn patch(&self, outers: &[Outer], volume: &Volume, faces: &[usize]) -> Patch {
        let area: f64 = faces.iter().map(|i| outers[*i].area).sum();
        let place = faces
            .iter()
            .fold([0.0; 3], |sum, i| add(sum, outers[*i].area / area, outers[*i].place));
        let slab: f64 = faces
            .iter()
            .map(|i| outers[*i].area * outers[*i].film.map_or(0.0, |f| f.thickness))
            .sum();
        let [low, high] = volume.bounds;
        Patch {
            faces: faces.to_vec(),
            area,
            place,
            slab,
            volume: 0.0,
            reach: self.reach * slab / area + norm(add(high, -1.0, low)),
        }
    }
}

/// Thicknesses that could not be measured become the mean of the others, or of the whole film.
fn fill_unknown<'a>(outers: &mut [Outer], faces: impl Iterator<Item = &'a usize> + Clone, volume: f64) {
    let all: f64 = faces.clone().map(|i| outers[*i].area).sum();
    let (mut area, mut slab) = (0.0, 0.0);
    for i in faces.clone() {
        if let Some(film) = outers[*i].film.filter(|f| f.thickness > 0.0) {
            (area, slab) = (area + outers[*i].area, slab + outers[*i].area * film.thickness);
        }
    }
    for i in faces {
        if let Some(film) = outers[*i].film.as_mut().filter(|f| f.thickness <= 0.0) {
            film.thickness = if area > 0.0 { slab / area } else { volume / all };
        }
    }
}

/// A thickness far below the mean with far more film behind it than that was measured in a splinter.
fn mend(outers: &mut [Outer], patches: &mut [Patch]) {
    let slab: f64 = patches.iter().map(|p| p.slab).sum();
    let area: f64 = patches.iter().map(|p| p.area).sum();
    for p in patches.iter_mut() {
        for i in &p.faces {
            let splinter = |t: f64| t < 0.3 * p.volume / p.area && t < 0.5 * slab / area;
            if let Some(film) = outers[*i].film.as_mut().filter(|f| splinter(f.thickness)) {
                film.thickness = slab / area;
            }
        }
        p.slab = p
            .faces
            .iter()
            .map(|i| outers[*i].area * outers[*i].film.map_or(0.0, |f| f.thickness))
            .sum();
    }
}

/// Patches with next to nothing behind them share with the nearest one that has more.
fn share(patches: &mut [Patch]) {
    let poor: Vec<usize> = (0..patches.len())
        .filter(|i| patches[*i].volume < POOR * patches[*i].slab)
        .collect();
    let rich: Vec<usize> = (0..patches.len())
        .filter(|i| patches[*i].volume >= POOR * patches[*i].slab)
        .collect();
    if poor.is_empty() || rich.is_empty() {
        return;
    }
    let tree = Nearest::new(rich.iter().map(|i| patches[*i].place).collect());
    let mut pools: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for i in poor {
        if let Some(k) = tree.find(patches[i].place).first() {
            pools.entry(rich[*k]).or_default().push(i);
        }
    }
    for (first, others) in pools {
        let members: Vec<usize> = std::iter::once(first).chain(others).collect();
        let volume: f64 = members.iter().map(|i| patches[*i].volume).sum();
        let slab: f64 = members.iter().map(|i| patches[*i].slab).sum();
        for i in members {
            patches[i].volume = volume * patches[i].slab / slab;
        }
    }
}
