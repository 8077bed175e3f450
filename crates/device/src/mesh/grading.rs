//! Grid lines for a device, from where its surfaces are and how far apart.

use super::class::{Class, Classes};
use super::grid::Grid;
use super::lines::{Growth, Stop, graded};
use super::report::MeshError;
use crate::partition::Partition;
use crate::partition::clip::{Piece, area_vector};
use crate::vector::{Vector, norm};
use std::collections::BTreeMap;

/// Options of automatic lines.
#[derive(Clone, Debug, PartialEq)]
pub struct GradingOptions {
    /// Volumes across the narrowest gap that is wide enough to be resolved. Default 5; below 3 is an error.
    pub across_gap: usize,
    /// Volumes per radius of curved surfaces: 6 give about 0.5 %, 10 give 0.2 %. Default 8.
    pub per_radius: usize,
    /// Gaps and films thinner than this part of the curved shape (or of the box) are not resolved: they are films inside larger volumes.
    /// Default 0.05.
    pub thin: f64,
    /// How sizes grow. Default ratio 1.2.
    pub growth: Growth,
    /// Axis along which little changes, and the number of volumes over its longest stretch between two planes: fingers from end to end.
    /// Default none.
    pub long: Option<(usize, usize)>,
    /// Number of volumes wanted at most; sizes are made larger to keep it, as far as gaps allow. Default 20 000.
    pub target: usize,
    /// Number of volumes that is an error. Default 200 000.
    pub most: usize,
}

impl Default for GradingOptions {
    fn default() -> GradingOptions {
        GradingOptions {
            across_gap: 5,
            per_radius: 8,
            thin: 0.05,
            growth: Growth {
                ratio: 1.2,
                ..Growth::default()
            },
            long: None,
            target: 20_000,
            most: 200_000,
        }
    }
}

/// Lines found for a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Graded {
    /// The grid.
    pub grid: Grid,
    /// The narrowest gap that is resolved, m; infinite if none.
    pub gap: f64,
    /// How much larger than wished all sizes were made to keep the number of volumes.
    pub coarsened: f64,
}

/// Share of the cross-section that a plane must have to become a line.
const PLANE: f64 = 1e-4;

/// Sizes are made no more than this times larger than wished.
const COARSEST: f64 = 4.0;

/// What is known of one axis.
#[derive(Default)]
struct Axis {
    /// Coordinates of planes across it with their area, by rising coordinate.
    planes: Vec<(f64, f64)>,
    /// Ends of reacting and of slanting surfaces, with the area of the contact.
    ends: Vec<(f64, f64)>,
    /// Area across it.
    section: f64,
    /// Ranges of slanting surfaces.
    slanting: Vec<[f64; 2]>,
    /// Whether anything changes along it.
    changes: bool,
}

/// Lines for the box of a divided device, whose sides are mirrors.
///
/// Planes that bound meshed bodies become lines, and so do the ends of electrodes and of curved surfaces. An axis along which nothing
/// changes has one cell: sections and stacks are recognised.
///
/// # Errors
/// [`MeshError::TooMany`] if three volumes across the narrowest gap are more than allowed in all.
pub fn grading(partition: &Partition, classes: &Classes, options: &GradingOptions) -> Result<Graded, MeshError> {
    let [low, high] = bounds(partition);
    let size = [0, 1, 2].map(|i| high[i] - low[i]);
    let axes = survey(partition, classes, [low, high]);
    let radius = axes
        .iter()
        .filter(|a| a.changes)
        .flat_map(|a| a.slanting.iter().map(|r| 0.5 * (r[1] - r[0])))
        .fold(0.0, f64::max);
    // The rounded edges of films are smaller than what is curved itself.
    let radius = if radius > 0.0 { radius } else { f64::INFINITY };
    let feature = radius.min(
        (0..3)
            .filter(|i| axes[*i].changes)
            .map(|i| axes[i].extent(size[i]))
            .fold(f64::INFINITY, f64::min),
    );
    let gap = narrowest(partition, classes, &axes, options.thin * feature);
    let build = |factor: f64| {
        let across_gap = gap / options.across_gap.max(1) as f64 * factor.min(options.across_gap as f64 / 3.0).max(1.0);
        let per_radius = feature / options.per_radius.max(1) as f64 * factor;
        let at_surface = across_gap.min(per_radius);
        let curved = (radius / options.per_radius.max(1) as f64 * factor).min(at_surface);
        Grid {
            lines: [0, 1, 2].map(|i| match options.long {
                Some((axis, n)) if axis == i => along(&axes[i], [low[i], high[i]], n),
                _ => lines(&axes[i], [low[i], high[i]], at_surface, curved, options),
            }),
        }
    };
    let boxes: Vec<Extent> = partition
        .pieces
        .iter()
        .filter(|p| classes.of(p.label).region().is_some())
        .map(Extent::of)
        .collect();
    // Cells inside the meshed bodies and cells across their surfaces.
    let surface: f64 = partition
        .contacts
        .iter()
        .filter(|c| bounds_body(partition, classes, c.pieces))
        .map(|c| c.area)
        .sum();
    let count = |grid: &Grid| {
        let (n, shape) = (grid.n_cells() as f64, grid.shape());
        let changing: Vec<usize> = (0..3).filter(|i| shape[*i] > 1).collect();
        let extent: f64 = changing.iter().map(|i| size[*i]).product();
        let mean = (extent / n).powf(1.0 / changing.len().max(1) as f64);
        let face = (0..3).map(|i| if shape[i] > 1 { mean } else { size[i] }).product::<f64>() / mean;
        let inside: f64 = boxes.iter().map(|b| b.cells(grid)).sum();
        (inside + 0.5 * surface / face).min(n).ceil() as usize
    };
    let mut factor = 1.0;
    let mut grid = build(factor);
    while count(&grid) > options.target && factor < COARSEST {
        factor *= 1.1;
        grid = build(factor);
    }
    if count(&grid) > options.most || grid.n_cells() > 100 * options.most {
        return Err(MeshError::TooMany {
            wanted: count(&grid),
            allowed: options.most,
            gap,
        });
    }
    Ok(Graded {
        grid,
        gap,
        coarsened: factor,
    })
}

impl Axis {
    /// From the first to the last surface, m; the size of the box where there is but one.
    fn extent(&self, size: f64) -> f64 {
        let all = self
            .planes
            .iter()
            .map(|p| p.0)
            .chain(self.ends.iter().map(|e| e.0))
            .chain(self.slanting.iter().flatten().copied());
        let [low, high] = all.fold([f64::INFINITY, f64::NEG_INFINITY], |r, x| [r[0].min(x), r[1].max(x)]);
        if high - low > 1e-6 * size { high - low } else { size }
    }
}

/// The box around a piece and the part of it that the piece fills.
struct Extent {
    low: Vector,
    high: Vector,
    part: f64,
}

impl Extent {
    fn of(piece: &Piece) -> Extent {
        let points = piece.faces.iter().flat_map(|f| &f.points);
        let [low, high] = points.fold([[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]], |[l, h], p| {
            [[0, 1, 2].map(|i| l[i].min(p[i])), [0, 1, 2].map(|i| h[i].max(p[i]))]
        });
        let whole: f64 = (0..3).map(|i| high[i] - low[i]).product();
        Extent {
            low,
            high,
            part: (piece.volume() / whole).clamp(0.0, 1.0),
        }
    }

    /// Number of cells that fit in the piece.
    fn cells(&self, grid: &Grid) -> f64 {
        let number = |axis: usize, x: f64| {
            let (lines, k) = (&grid.lines[axis], grid.find(axis, x));
            k as f64 + (x - lines[k]) / (lines[k + 1] - lines[k])
        };
        let cells: f64 = (0..3).map(|i| number(i, self.high[i]) - number(i, self.low[i])).product();
        self.part * cells
    }
}

fn bounds(partition: &Partition) -> [Vector; 2] {
    let points = partition.pieces.iter().flat_map(|p| p.faces.iter().flat_map(|f| &f.points));
    points.fold([[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]], |[l, h], p| {
        [[0, 1, 2].map(|i| l[i].min(p[i])), [0, 1, 2].map(|i| h[i].max(p[i]))]
    })
}

/// Whether a contact bounds a meshed body.
fn bounds_body(partition: &Partition, classes: &Classes, pieces: [u32; 2]) -> bool {
    let class = pieces.map(|p| classes.of(partition.pieces[p as usize].label));
    class[0] != class[1] && class.iter().any(|c| c.region().is_some())
}

/// Planes, ends and slanting ranges of all surfaces of meshed bodies.
fn survey(partition: &Partition, classes: &Classes, [low, high]: [Vector; 2]) -> [Axis; 3] {
    let mut axes: [Axis; 3] = Default::default();
    let mut planes: [Vec<(f64, f64)>; 3] = Default::default();
    // Ranges by the two bodies, of all of their contact and of the part that slants towards each axis.
    type Ranges = BTreeMap<[u32; 2], ([Vector; 2], [[f64; 2]; 3], f64)>;
    let mut ranges: Ranges = BTreeMap::new();
    let empty = [f64::INFINITY, f64::NEG_INFINITY];
    for c in &partition.contacts {
        if !bounds_body(partition, classes, c.pieces) {
            continue;
        }
        let n = area_vector(&c.points);
        let area = norm(n);
        if area <= 0.0 {
            continue;
        }
        let key = c.pieces.map(|p| partition.component[p as usize]);
        let entry = ranges.entry([key[0].min(key[1]), key[0].max(key[1])]).or_insert((
            [[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]],
            [empty; 3],
            0.0,
        ));
        entry.2 += area;
        let flat = (0..3).find(|i| n[*i].abs() > (1.0 - 1e-6) * area);
        if let Some(axis) = flat {
            planes[axis].push((c.points.iter().map(|p| p[axis]).sum::<f64>() / c.points.len() as f64, area));
        }
        for i in 0..3 {
            for p in &c.points {
                (entry.0[0][i], entry.0[1][i]) = (entry.0[0][i].min(p[i]), entry.0[1][i].max(p[i]));
                if flat.is_none() && n[i].abs() > 0.05 * area {
                    let range = &mut entry.1[i];
                    *range = [range[0].min(p[i]), range[1].max(p[i])];
                }
            }
        }
    }
    for i in 0..3 {
        let size = high[i] - low[i];
        let section: f64 = (0..3).filter(|j| *j != i).map(|j| high[j] - low[j]).product();
        planes[i].sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut merged: Vec<(f64, f64)> = Vec::new();
        for (at, area) in &planes[i] {
            match merged.last_mut() {
                Some(last) if at - last.0 <= 1e-7 * size => last.1 += area,
                _ => merged.push((*at, *area)),
            }
        }
        axes[i].planes = merged.into_iter().filter(|(_, a)| *a > PLANE * section).collect();
        axes[i].section = section;
        for (all, slant, area) in ranges.values() {
            for end in [all[0][i], all[1][i]] {
                if end - low[i] > 1e-7 * size && high[i] - end > 1e-7 * size {
                    axes[i].ends.push((end, *area));
                }
            }
            if slant[i][1] > slant[i][0] {
                axes[i].slanting.push(slant[i]);
            }
        }
        axes[i].changes = !axes[i].planes.is_empty() || !axes[i].ends.is_empty() || !axes[i].slanting.is_empty();
    }
    axes
}

/// The narrowest resolvable gap: between neighbouring planes, and the mean width of the electrolyte between its surfaces.
fn narrowest(partition: &Partition, classes: &Classes, axes: &[Axis; 3], thin: f64) -> f64 {
    let mut gap = f64::INFINITY;
    for axis in axes.iter().filter(|a| a.changes) {
        for pair in axis.planes.windows(2) {
            let width = pair[1].0 - pair[0].0;
            if width > thin {
                gap = gap.min(width);
            }
        }
    }
    let areas = partition.touching();
    for (i, c) in partition
        .components
        .iter()
        .enumerate()
        .filter(|(_, c)| classes.of(c.label) == Class::Electrolyte)
    {
        let reacting: f64 = areas
            .iter()
            .filter(|(key, _)| key.contains(&(i as u32)))
            .filter(|(key, _)| {
                let other = if key[0] as usize == i { key[1] } else { key[0] };
                classes.of(partition.components[other as usize].label).side().is_some()
            })
            .map(|(_, a)| a)
            .sum();
        let width = 2.0 * c.volume / reacting;
        if reacting > 0.0 && width > thin {
            gap = gap.min(width);
        }
    }
    gap
}

/// Size ratio of neighbours along a finger: the current changes most towards its ends.
const ALONG: f64 = 3.0;
/// Volumes between the end of a finger and the bus of the other comb.
const BEYOND: f64 = 3.0;

/// Planes and ends as lines. Volumes fill the stretches before and behind the longest one as [`BEYOND`] says and grow into that, up to the
/// `n`th part of it.
fn along(axis: &Axis, [low, high]: [f64; 2], n: usize) -> Vec<f64> {
    let close = 1e-3 * (high - low);
    let mut at: Vec<f64> = vec![low, high];
    // Slivers that a division leaves end anywhere.
    let ends = axis.ends.iter().filter(|e| e.1 > PLANE * axis.section);
    for (place, _) in axis.planes.iter().chain(ends) {
        if at.iter().all(|s| (s - place).abs() > close) {
            at.push(*place);
        }
    }
    at.sort_by(f64::total_cmp);
    let longest = (1..at.len())
        .max_by(|i, j| (at[*i] - at[i - 1]).total_cmp(&(at[*j] - at[j - 1])))
        .unwrap_or(1);
    let cap = (at[longest] - at[longest - 1]) / n as f64;
    let beyond = [at[longest - 1] - low, high - at[longest]].map(|z| if z > 0.0 { (z / BEYOND).min(cap) } else { cap });
    let stops: Vec<Stop> = (0..at.len()).map(|i| Stop::new(at[i], beyond[usize::from(i >= longest)])).collect();
    graded(
        &stops,
        Growth {
            ratio: ALONG,
            cap,
            divide: 1,
        },
    )
}

fn lines(axis: &Axis, [low, high]: [f64; 2], at_surface: f64, curved: f64, options: &GradingOptions) -> Vec<f64> {
    if !axis.changes {
        return vec![low, high];
    }
    let finest = at_surface.min(curved);
    let mut wanted: Vec<(f64, f64, f64)> = axis.planes.iter().map(|(at, area)| (*at, at_surface, *area)).collect();
    wanted.extend(axis.ends.iter().map(|(at, _)| (*at, finest, 0.0)));
    // Of planes closer together than half a volume the larger one becomes a line.
    wanted.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.total_cmp(&b.0)));
    let close = if finest.is_finite() {
        0.5 * finest
    } else {
        options.thin * 0.1 * (high - low)
    };
    let mut stops = vec![Stop::new(low, f64::INFINITY), Stop::new(high, f64::INFINITY)];
    for (at, size, _) in wanted {
        if stops.iter().all(|s| (s.at - at).abs() > close) {
            stops.push(Stop::new(at, size));
        }
    }
    stops.sort_by(|a, b| a.at.total_cmp(&b.at));
    for i in 0..stops.len() - 1 {
        let middle = 0.5 * (stops[i].at + stops[i + 1].at);
        if axis.slanting.iter().any(|r| r[0] < middle && middle < r[1]) {
            stops[i].cap = curved;
        }
    }
    graded(&stops, options.growth)
}
