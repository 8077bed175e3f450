//! Thickness of a film on the surface as it really is: how deep and narrow its openings are, how much of the source each place sees.

use super::chip::Chip;
use crate::plan::Deposit;
use crate::technique::{self, Kind, Quadrature, Source, ThicknessModel, ald::Precursor, channel::Channel, sky_flux};
use cellwright_device::field::bound::Block;
use cellwright_device::field::thickness::Thickness;
use cellwright_device::field::value::{Lists, Probe};
use cellwright_device::partition::clip::area_vector;
use cellwright_device::partition::{Fineness, Partition};
use cellwright_device::tape::{OPEN, Tape};
use cellwright_device::vector::{Vector, add, dot, norm};
use std::cell::RefCell;

/// Depth of the topography relative to its width below which a film from the gas is taken as uniform (conformal) or as on a single
/// step (line of sight).
const SHALLOW: f64 = 0.02;

/// The openings of a surface: how deep, and how wide they are half way down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opening {
    /// Height of the mouth, m.
    pub mouth: f64,
    /// Height of the floor, m.
    pub floor: f64,
    /// Channel for the gas; `None` if the surface is flat or the openings are closed.
    pub channel: Option<Channel>,
}

/// Measures the openings of the present surface.
pub fn opening(chip: &Chip<'_>) -> Option<Opening> {
    let heights = chip.heights(24, None);
    let (floor, mouth) = heights
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), z| (l.min(*z), h.max(*z)));
    if !mouth.is_finite() {
        return None;
    }
    let depth = mouth - floor;
    let channel = (depth > 1e-9)
        .then(|| section(chip.lasting(), 0.5 * (mouth + floor), depth))
        .flatten();
    Some(Opening { mouth, floor, channel })
}

/// A slice half way down: wall length and open area of the cross-section.
fn section(mut slice: Tape, middle: f64, depth: f64) -> Option<Channel> {
    let half = 5e-3 * depth;
    slice.block = slab(&slice.block, middle, half);
    let partition = Partition::of(&slice, coarse(&slice.block));
    let open: f64 = partition.volumes().get(&OPEN).copied().unwrap_or(0.0) / (2.0 * half);
    let walls: f64 = walls(&partition).map(|c| c.1).sum::<f64>() / (2.0 * half);
    (open > 0.0 && walls > 0.0).then(|| Channel::new(depth, walls, open))
}

fn slab(block: &Block, middle: f64, half: f64) -> Block {
    let mut slab = *block;
    (slab.c[2], slab.h[2]) = (middle, half);
    slab
}

/// Fineness for a look rather than for a volume.
fn coarse(block: &Block) -> Fineness {
    let size = 2.0 * block.h[0].min(block.h[1]);
    Fineness {
        tolerance: 2e-3 * size,
        finest: 1e-2 * size,
    }
}

/// A facet towards open space: its middle, its area and its normal into the open.
type Facet = (Vector, f64, Vector);

/// Facets towards open space.
fn walls(partition: &Partition) -> impl Iterator<Item = Facet> + '_ {
    partition.contacts.iter().filter_map(|c| {
        let [a, b] = c.pieces.map(|i| &partition.pieces[i as usize]);
        let (solid, open) = match (a.label == OPEN, b.label == OPEN) {
            (false, true) => (a, b),
            (true, false) => (b, a),
            _ => return None,
        };
        let n = area_vector(&c.points);
        let length = norm(n);
        if length <= 0.0 {
            return None;
        }
        let n = n.map(|v| v / length);
        let across = add(open.middle(), -1.0, solid.middle());
        let sign = if n[0] * across[0] + n[1] * across[1] + n[2] * across[2] < 0.0 {
            -1.0
        } else {
            1.0
        };
        let count = c.points.len() as f64;
        let middle = c.points.iter().fold([0.0; 3], |m, p| add(m, 1.0 / count, *p));
        Some((middle, c.area, n.map(|v| sign * v)))
    })
}

/// Thickness table of a film; `None` if it is the same everywhere.
pub fn film(chip: &Chip<'_>, d: &Deposit, flat: f64, temperature: f64) -> Option<Thickness> {
    let technique = technique::find(&d.technique)?;
    let opening = opening(chip)?;
    match technique.kind {
        Kind::Conformal => {
            let channel = opening.channel.filter(|c| c.a > SHALLOW)?;
            let precursor = Precursor {
                molar_mass: USUAL_PRECURSOR.0,
                site_density: USUAL_PRECURSOR.1,
                temperature,
            };
            let cycles = d.recipe.cycles.or(technique.growth_per_cycle.as_ref().map(|g| flat / g.value))?;
            let exposure = d.recipe.exposure?;
            let model = ThicknessModel::ald(flat / cycles, cycles, &precursor, &channel, exposure, d.recipe.sticking);
            table(&model.ok()?, &opening)
        }
        Kind::Diffusive => {
            let channel = opening.channel.filter(|c| c.a > SHALLOW)?;
            let sticking = d.recipe.sticking.or(technique.sticking.as_ref().map(|s| s.value))?;
            table(&ThicknessModel::cvd(flat, sticking, &channel).ok()?, &opening)
        }
        Kind::LineOfSight => seen(chip, &opening, flat, source(&d.technique)),
        _ => None,
    }
}

/// Molar mass (kg/mol) and sites (1/m²) of the precursor when the recipe names none: trimethylaluminium on an oxide, the case of the
/// reference tables (Gordon 2003, doi:10.1002/cvde.200390005; 4.7 molecules per nm²). Assumed for other chemistries.
const USUAL_PRECURSOR: (f64, f64) = (0.07209, 4.7e18);

/// Emission of a source. Sputter targets are large; evaporation comes as a beam; a laser plume is peaked (power assumed).
fn source(technique: &str) -> Source {
    match technique {
        "thermal-evaporation" | "e-beam-evaporation" => Source::Collimated { tilt: 0.0, azimuth: 0.0 },
        "pulsed-laser-deposition" => Source::Peaked { power: 8.0 },
        _ => Source::Cosine,
    }
}

/// Turns a model over depth into a table over height.
fn table(model: &ThicknessModel, opening: &Opening) -> Option<Thickness> {
    if model.as_uniform().is_some() {
        return None;
    }
    let n = 32;
    let depth = opening.mouth - opening.floor;
    let heights: Vec<f64> = (0..=n).map(|i| opening.floor + depth * f64::from(i) / f64::from(n)).collect();
    let facets = vec![-1.0, 0.0, 1.0];
    let values = heights
        .iter()
        .map(|z| facets.iter().map(|f| model.at(opening.mouth - z, *f)).collect())
        .collect();
    Thickness::new(heights, facets, values).map(|t| t.thinned(2e-3))
}

/// Samples the flux of a line-of-sight source on walls and floors.
fn seen(chip: &Chip<'_>, opening: &Opening, flat: f64, source: Source) -> Option<Thickness> {
    let depth = opening.mouth - opening.floor;
    if depth <= 1e-9 {
        return None;
    }
    let facets = vec![-1.0, 0.0, 1.0];
    let single = |wall: f64| vec![0.0, wall, 1.0];
    if opening.channel.is_none_or(|c| c.a <= SHALLOW) {
        let wall = sky_flux([1.0, 0.0, 0.0], &|w| w[0] > 0.0, source, &Quadrature::default());
        let rows = vec![single(wall).into_iter().map(|f| f * flat).collect()];
        return Thickness::new(vec![opening.floor], facets, rows);
    }
    let mut slice = chip.lasting();
    let divided = Partition::of(&slice, coarse(&slice.block));
    let sky = Sky::new(chip, &divided)?;
    let n = 8;
    let mut heights = Vec::new();
    let mut rows = Vec::new();
    for i in 0..=n {
        // Slices just inside the mouth and just above the floor stand for the ends.
        let z = opening.floor + depth * (f64::from(i) / f64::from(n));
        let inside = z.clamp(opening.floor + 0.01 * depth, opening.mouth - 0.01 * depth);
        slice.block = slab(&chip.tape.block, inside, 4e-3 * depth);
        let partition = Partition::of(&slice, coarse(&slice.block));
        let wall = sky.mean(walls(&partition).filter(|w| w.2[2].abs() < 0.5), source);
        heights.push(z);
        rows.push((wall, z));
    }
    let floors = floors(&divided, opening, &sky, source);
    let lit: Vec<(f64, f64)> = rows.iter().filter_map(|(wall, z)| Some((*z, (*wall)?))).collect();
    let values: Vec<Vec<f64>> = rows
        .into_iter()
        .map(|(_, z)| {
            // A slice through the rounded edge of an earlier film has no wall of its own; the next one speaks for it.
            let wall = if lit.is_empty() { 0.0 } else { between(&lit, z) };
            let floor = between(&floors, z);
            vec![0.0, wall.min(1.0) * flat, floor.min(1.0) * flat]
        })
        .collect();
    Thickness::new(heights, facets, values)
}

/// Flux on horizontal surfaces by height, rising.
fn floors(partition: &Partition, opening: &Opening, sky: &Sky<'_>, source: Source) -> Vec<(f64, f64)> {
    let depth = opening.mouth - opening.floor;
    let mut levels: Vec<(f64, Vec<Facet>)> = Vec::new();
    for wall in walls(partition).filter(|w| w.2[2] > 0.9) {
        let z = wall.0[2];
        match levels.iter_mut().find(|(level, _)| (level - z).abs() < 0.02 * depth) {
            Some((_, list)) => list.push(wall),
            None => levels.push((z, vec![wall])),
        }
    }
    let mut found: Vec<(f64, f64)> = levels
        .into_iter()
        .filter_map(|(z, list)| match opening.mouth - z < 0.02 * depth {
            // The highest surface sees the whole sky.
            true => Some((z, 1.0)),
            false => sky.mean(list.into_iter(), source).map(|f| (z, f)),
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found
}

fn between(points: &[(f64, f64)], z: f64) -> f64 {
    let i = points.partition_point(|p| p.0 <= z);
    match (i.checked_sub(1).and_then(|i| points.get(i)), points.get(i)) {
        (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (z - a.0) / (b.0 - a.0),
        (Some(a), None) | (None, Some(a)) => a.1,
        (None, None) => 1.0,
    }
}

/// What a point sees of the sky, with the window mirrored at its sides.
struct Sky<'a> {
    tape: &'a Tape,
    surface: cellwright_device::field::FieldId,
    lists: Lists,
    probe: RefCell<Probe<'a>>,
    /// Height above which nothing stands, m.
    top: f64,
    /// Size of the window, m.
    size: f64,
}

/// Most places over which the flux is averaged, and those of them that settle it if they agree.
const PLACES: usize = 12;
const FIRST: usize = 4;
/// Relative difference of places that agree.
const ALIKE: f64 = 5e-3;
/// Lift of a ray off its own surface, and that of one along the surface, relative to the size of the window. Along the surface little
/// arrives, and close to it a ray gets on slowly.
const LIFT: [f64; 2] = [1e-4, 1e-2];
/// Sine of the angle to the surface below which a ray is lifted further.
const GRAZING: f64 = 0.05;
/// Steps from a facet to the surface; where the distance is exact, one is enough.
const ONTO: usize = 4;
/// Length of a step relative to the distance that is surely free; whether nothing was passed over is seen from the next distance.
const STRETCH: f64 = 1.6;

impl<'a> Sky<'a> {
    fn new(chip: &'a Chip<'_>, divided: &Partition) -> Option<Sky<'a>> {
        let highest = walls(divided).map(|w| w.0[2]).fold(f64::NEG_INFINITY, f64::max);
        let size = size(&chip.tape.block);
        Some(Sky {
            top: (highest + 0.02 * size).min(chip.tape.block.span(2)[1]),
            size,
            tape: &chip.tape,
            surface: chip.tape.surface()?,
            lists: chip.tape.fields.all_listed(),
            probe: RefCell::new(Probe::new(&chip.tape.fields)),
        })
    }

    /// Mean flux over some of the given places, weighted by area.
    fn mean(&self, places: impl Iterator<Item = Facet>, source: Source) -> Option<f64> {
        let mut places: Vec<Facet> = places.collect();
        places.sort_by(|a, b| b.1.total_cmp(&a.1));
        let places: Vec<Facet> = places.iter().step_by(places.len().div_ceil(PLACES).max(1)).copied().collect();
        let quadrature = Quadrature {
            n_polar: 12,
            n_azimuthal: 32,
            n_splits: 1,
        };
        let (mut weighted, mut area) = (0.0, 0.0);
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        // Every third, then those between: the first ones are of all sizes too.
        let every = places.len().div_ceil(FIRST).max(1);
        let order = (0..every).flat_map(|first| (first..places.len()).step_by(every));
        for (done, (p, a, n)) in order.map(|i| places[i]).enumerate() {
            if done >= FIRST && most - least <= ALIKE * most {
                break;
            }
            let Some(p) = self.onto_surface(p, n) else { continue };
            let flux = sky_flux(n, &|w| self.visible(p, n, w), source, &quadrature);
            (least, most) = (least.min(flux), most.max(flux));
            (weighted, area) = (weighted + a * flux, area + a);
        }
        (area > 0.0).then(|| weighted / area)
    }

    /// Distance that is surely free around a point, m; negative in solid.
    fn free(&self, p: Vector) -> f64 {
        let block = &self.tape.block;
        let folded = [fold(p[0], block.span(0)), fold(p[1], block.span(1)), p[2]];
        self.probe.borrow_mut().at(self.surface, folded, &self.lists).v
    }

    /// The place on the surface beside the middle of a facet, or nothing if there is none along its normal. The facets of a round pillar
    /// are chords: their middles lie within it, where nothing is seen of the sky.
    fn onto_surface(&self, middle: Vector, normal: Vector) -> Option<Vector> {
        let mut p = middle;
        for _ in 0..ONTO {
            let v = self.free(p);
            if v >= -LIFT[0] * self.size {
                return Some(add(p, (-v).max(0.0), normal));
            }
            p = add(p, -v, normal);
        }
        None
    }

    fn visible(&self, from: Vector, normal: Vector, towards: Vector) -> bool {
        let facing = dot(normal, towards);
        if facing < -1e-6 {
            return false;
        }
        let grain = LIFT[0] * self.size;
        let further = LIFT[1] * self.size * (1.0 - facing / GRAZING);
        let mut p = add(from, grain.max(further), normal);
        let mut v = self.free(p);
        if further > grain && v < 0.5 * further {
            // The other side of a narrow gap is near.
            p = add(from, grain, normal);
            v = self.free(p);
        }
        for _ in 0..300 {
            if v <= 0.0 {
                return false;
            }
            let step = v.max(grain);
            let (near, far) = (add(p, step, towards), add(p, STRETCH * step, towards));
            if near[2] >= self.top {
                return true;
            }
            let beyond = self.free(far);
            // Two balls of free space that touch leave nothing between them.
            (p, v) = if beyond + step >= STRETCH * step {
                (far, beyond)
            } else {
                (near, self.free(near))
            };
        }
        // It grazes a surface without meeting it.
        true
    }
}

/// Size of a window, m; its height where that is less.
fn size(block: &Block) -> f64 {
    2.0 * block.h[0].max(block.h[1]).min(block.h[2])
}

/// Reflects a coordinate into an interval.
fn fold(x: f64, [low, high]: [f64; 2]) -> f64 {
    let width = high - low;
    let t = ((x - low) / width).rem_euclid(2.0);
    low + width * if t > 1.0 { 2.0 - t } else { t }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folding_mirrors_at_both_ends() {
        for (x, y) in [(1.5, 1.5), (2.5, 1.5), (-0.25, 0.25), (4.75, 0.75)] {
            assert!((fold(x, [0.0, 2.0]) - y).abs() < 1e-12, "{x}");
        }
    }
}
