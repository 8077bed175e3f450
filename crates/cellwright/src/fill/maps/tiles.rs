//! What is drawn: the boxes of volumes, films beside them, and groups of these where they are too many.

use cellwright_device::vector::Vector;
use cellwright_electrochem::maps::{Map, Spot};
use cellwright_electrochem::model::{Model, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR, REGION_NEGATIVE, REGION_POSITIVE};
use std::collections::BTreeMap;

/// Films thinner than this part of the longest side are drawn this thick.
const LEAST_FILM: f64 = 0.014;
/// Across a side that is many times shorter, and is drawn stretched, so many of that side count as the longest.
const SLENDER: f64 = 5.0;

/// A volume that fills less than this part of its box is not drawn: its value belongs to the middle of the box, far outside.
const LEAST_PART: f64 = 0.03;

/// Where the values of a tile come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Source {
    /// A control volume.
    Volume(usize),
    /// The site inside the volume of a porous electrode.
    Inside(usize),
    /// The site in front of a film that is not meshed.
    Film(usize),
    /// The site on the face of a meshed film.
    Face(usize),
}

/// A box that is drawn in one colour.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Low and high corner, m.
    pub bounds: [Vector; 2],
    /// 0 negative side, 1 electrolyte, 2 positive side.
    pub place: usize,
    /// On the positive side.
    pub positive: bool,
    sources: Vec<(Source, f64)>,
}

impl Tile {
    /// Mean of the finite values of the sources, by their weight; NaN without any.
    pub fn mean(&self, value: impl Fn(Source) -> f32) -> f32 {
        let mut sum = [0.0; 2];
        for (source, weight) in &self.sources {
            let v = value(*source);
            if v.is_finite() {
                sum[0] += weight * f64::from(v);
                sum[1] += weight;
            }
        }
        (sum[0] / sum[1]) as f32
    }

    /// Control volumes behind it.
    pub fn volumes(&self) -> impl Iterator<Item = usize> {
        self.sources.iter().filter_map(|(s, _)| match s {
            Source::Volume(k) => Some(*k),
            _ => None,
        })
    }

    /// Ionic current density, A/m²; zero without electrolyte.
    pub fn vector(&self, map: &Map) -> [f32; 3] {
        [0, 1, 2].map(|i| {
            let v = self.mean(|s| match s {
                Source::Volume(k) => map.ionic_current[k][i],
                _ => f32::NAN,
            });
            if v.is_finite() { v } else { 0.0 }
        })
    }
}

/// All volumes and films of a mesh.
pub fn all(model: &Model, spots: &[Spot]) -> Vec<Tile> {
    let mesh = &model.mesh;
    let filled = |k: usize| {
        let [low, high] = mesh.boxes[k];
        mesh.volumes[k] / (0..3).map(|i| high[i] - low[i]).product::<f64>()
    };
    let usual = usual(&mesh.regions, &filled);
    let part = |k: usize| (filled(k) / usual[&mesh.regions[k]]).min(1.0);
    let sides = open_sides(model);
    let mut out: Vec<Tile> = (0..mesh.n_cells())
        .map(|k| {
            let place = match mesh.regions[k] {
                REGION_NEGATIVE | NEGATIVE_COLLECTOR => 0,
                REGION_POSITIVE | POSITIVE_COLLECTOR => 2,
                _ => 1,
            };
            Tile {
                bounds: shrunk(&mesh.boxes[k], part(k), sides[k]),
                place,
                positive: place == 2,
                sources: vec![(Source::Volume(k), mesh.volumes[k])],
            }
        })
        .collect();
    let sides = [0, 1, 2].map(|i| extent(&out, i)).map(|[a, b]| b - a);
    let longest = sides.iter().copied().fold(0.0, f64::max);
    let least = sides.map(|side| LEAST_FILM * longest.min(SLENDER * side));
    for (s, spot) in spots.iter().enumerate() {
        if spot.outward == [0.0; 3] {
            out[spot.cell].sources.push((Source::Inside(s), mesh.volumes[spot.cell]));
            continue;
        }
        let source = if spot.film.is_some() { Source::Film(s) } else { Source::Face(s) };
        let axis = (0..3)
            .max_by(|a, b| spot.outward[*a].abs().total_cmp(&spot.outward[*b].abs()))
            .unwrap_or(0);
        let thickness = spot.film.unwrap_or(0.0).max(least[axis]);
        let mut bounds = mesh.boxes[spot.cell];
        let ends = [spot.place[axis], spot.place[axis] + thickness.copysign(spot.outward[axis])];
        bounds[0][axis] = ends[0].min(ends[1]);
        bounds[1][axis] = ends[0].max(ends[1]);
        out.push(Tile {
            bounds,
            place: 2 * spot.electrode,
            positive: spot.electrode == 1,
            sources: vec![(source, spot.area)],
        });
    }
    let mut number = 0;
    out.retain(|_| {
        number += 1;
        number > mesh.n_cells() || part(number - 1) >= LEAST_PART
    });
    out
}

/// The median part of their boxes that the volumes of each region fill: that of an uncut volume (all windows of the chip count), or of a
/// film thinner than its boxes.
fn usual(regions: &[usize], filled: &dyn Fn(usize) -> f64) -> BTreeMap<usize, f64> {
    let mut all: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (k, region) in regions.iter().enumerate() {
        all.entry(*region).or_default().push(filled(k));
    }
    all.into_iter()
        .map(|(region, mut parts)| {
            parts.sort_by(f64::total_cmp);
            (region, parts[parts.len() / 2])
        })
        .collect()
}

/// Area (m²) over which each volume goes on in another of the same medium, per axis below and above.
fn open_sides(model: &Model) -> Vec<[[f64; 2]; 3]> {
    let mesh = &model.mesh;
    let mut out = vec![[[0.0; 2]; 3]; mesh.n_cells()];
    for face in &mesh.faces {
        let [a, b] = face.cells;
        if mesh.regions[a] != mesh.regions[b] {
            continue;
        }
        for (lower, upper) in [(a, b), (b, a)] {
            let (below, above) = (mesh.boxes[lower], mesh.boxes[upper]);
            if let Some(i) = (0..3).find(|i| below[1][*i] <= above[0][*i]) {
                out[lower][i][1] += face.area;
                out[upper][i][0] += face.area;
            }
        }
    }
    out
}

/// The part of a box that a volume fills, if a surface cuts off the rest: the side on which the volume goes on.
fn shrunk(bounds: &[Vector; 2], part: f64, open: [[f64; 2]; 3]) -> [Vector; 2] {
    let mut out = *bounds;
    let [low, high] = bounds;
    let size = [0, 1, 2].map(|i| high[i] - low[i]);
    let uneven = |i: usize| (open[i][0] - open[i][1]).abs() * size[i];
    let axis = (0..3).max_by(|a, b| uneven(*a).total_cmp(&uneven(*b))).unwrap_or(0);
    if part > 0.97 || uneven(axis) == 0.0 {
        return out;
    }
    if open[axis][0] > open[axis][1] {
        out[1][axis] = low[axis] + part * size[axis];
    } else {
        out[0][axis] = high[axis] - part * size[axis];
    }
    out
}

/// Lowest and highest coordinate along an axis, m.
pub fn extent(tiles: &[Tile], axis: usize) -> [f64; 2] {
    tiles.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], t| {
        [a.min(t.bounds[0][axis]), b.max(t.bounds[1][axis])]
    })
}

/// Tiles that the plane at `at` along the axis `across` goes through.
pub fn cut(tiles: &[Tile], across: usize, at: f64) -> Vec<Tile> {
    let hit = |t: &&Tile| t.bounds[0][across] <= at && at < t.bounds[1][across];
    tiles.iter().filter(hit).cloned().collect()
}

/// The tiles, in groups of neighbours of one place if there are more than `most`.
pub fn merged(tiles: &[Tile], most: usize) -> Vec<Tile> {
    if tiles.len() <= most {
        return tiles.to_vec();
    }
    let lines: [Vec<f64>; 3] = [0, 1, 2].map(|i| {
        let mut at: Vec<f64> = tiles.iter().map(|t| t.bounds[0][i]).collect();
        at.sort_by(f64::total_cmp);
        at.dedup();
        at
    });
    let mut step = 1;
    loop {
        step += 1;
        let mut groups: BTreeMap<(usize, bool, [usize; 3]), Tile> = BTreeMap::new();
        for t in tiles {
            let film = !matches!(t.sources[0].0, Source::Volume(_));
            let at = [0, 1, 2].map(|i| lines[i].partition_point(|x| *x < t.bounds[0][i]) / step);
            groups
                .entry((t.place, film, at))
                .and_modify(|g| {
                    for i in 0..3 {
                        g.bounds[0][i] = g.bounds[0][i].min(t.bounds[0][i]);
                        g.bounds[1][i] = g.bounds[1][i].max(t.bounds[1][i]);
                    }
                    g.sources.extend(&t.sources);
                })
                .or_insert_with(|| t.clone());
        }
        if groups.len() <= most || step > 64 {
            return groups.into_values().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: usize) -> Vec<Tile> {
        let tile = |k: usize| Tile {
            bounds: [[k as f64, 0.0, 0.0], [k as f64 + 1.0, 1.0, 1.0]],
            place: usize::from(k >= n / 2),
            positive: false,
            sources: vec![(Source::Volume(k), 1.0 + k as f64)],
        };
        (0..n).map(tile).collect()
    }

    #[test]
    fn groups_keep_places_apart_and_means_right() {
        let tiles = row(10);
        assert_eq!(merged(&tiles, 10).len(), 10);
        let few = merged(&tiles, 6);
        assert_eq!(few.iter().map(|t| t.sources.len()).sum::<usize>(), 10);
        assert!(few.len() <= 6 && few.iter().all(|t| t.bounds[1][0] - t.bounds[0][0] == t.sources.len() as f64));
        let value = |s| match s {
            Source::Volume(k) => k as f32,
            _ => f32::NAN,
        };
        assert!((few[0].mean(value) - 2.0 / 3.0).abs() < 1e-6, "weighted by volume");
        assert!(few[0].mean(|_| f32::NAN).is_nan());
    }

    #[test]
    fn what_is_cut_off_is_not_drawn() {
        let bounds = [[0.0; 3], [1.0, 1.0, 4.0]];
        let open = [[1.0, 1.0], [1.0, 0.9], [1.0, 0.0]];
        assert_eq!(shrunk(&bounds, 0.25, open), [[0.0; 3], [1.0, 1.0, 1.0]]);
        assert_eq!(
            shrunk(&bounds, 0.25, [[1.0, 1.0], [0.0, 0.0], [0.0, 1.0]]),
            [[0.0, 0.0, 3.0], [1.0, 1.0, 4.0]]
        );
        assert_eq!(shrunk(&bounds, 1.0, open), bounds);
        assert_eq!(shrunk(&bounds, 0.5, [[0.0; 2]; 3]), bounds);
    }

    #[test]
    fn a_plane_meets_every_place_once() {
        let tiles = row(10);
        assert_eq!(cut(&tiles, 0, 3.0).len(), 1);
        assert_eq!(cut(&tiles, 1, 0.5).len(), 10);
        assert_eq!(extent(&tiles, 0), [0.0, 10.0]);
    }
}
