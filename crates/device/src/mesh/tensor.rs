//! Meshes of boxes between grid lines: sections of stacks and fingers, exact where all walls lie on lines.
//!
//! With one cell along y it is a section, with one along y and z a stack. In [`Frame::Axial`] the lines are radii, an angle and heights.
//!
//! # Equation
//! Cartesian: `T = A / (d_a/κ_a + d_b/κ_b)` with half widths. Axial: areas and volumes of rings, and distances
//! `d = r_f |ln(r_f/r_c)|` to the radius `r_f` of the face, so that any potential `a + b ln r` has its exact flux.
//! Faces beside the edges of electrodes are corrected, see [`super::edges`].
//!
//! # Verification
//! `tests/mesh_tensor.rs`

use super::Film;
use super::class::{Class, Meeting};
use super::complex::{Complex, Meshed, Volume};
use super::edges;
use super::films::{Films, Part};
use super::grid::{Cell, Grid};
use super::report::MeshError;
use super::sets::Sets;
use crate::tape::RegionId;
use crate::vector::Vector;
use std::collections::BTreeMap;

/// What the three lines of a grid are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// x, y, z, m.
    Cartesian,
    /// Radius, m; angle (two lines, rad); height, m.
    Axial,
}

/// Options of a tensor mesh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TensorOptions {
    /// Frame of the lines. Default Cartesian.
    pub frame: Frame,
    /// Conductivity of the electrolyte times interface resistance `κR` of the negative and the positive electrode, m. It decides how much
    /// of the edge correction is used. Default 0 (all of it).
    pub resistance: [f64; 2],
    /// Whether faces beside edges of electrodes are corrected. Default true.
    pub edges: bool,
    /// How many thicknesses a film is charged beyond the end of the electrolyte that covers it. Default 3.
    pub reach: f64,
}

impl Default for TensorOptions {
    fn default() -> TensorOptions {
        TensorOptions {
            frame: Frame::Cartesian,
            resistance: [0.0; 2],
            edges: true,
            reach: 3.0,
        }
    }
}

impl Frame {
    fn volume(self, [low, high]: [Vector; 2]) -> f64 {
        let d = [0, 1, 2].map(|i| high[i] - low[i]);
        let across = match self {
            Frame::Cartesian => d[0],
            Frame::Axial => 0.5 * d[0] * (high[0] + low[0]),
        };
        across * d[1] * d[2]
    }

    /// Area of the side of a cell across an axis.
    fn area(self, [low, high]: [Vector; 2], axis: usize, up: bool) -> f64 {
        let d = [0, 1, 2].map(|i| high[i] - low[i]);
        match (self, axis) {
            (Frame::Cartesian, _) => d[(axis + 1) % 3] * d[(axis + 2) % 3],
            (Frame::Axial, 0) => (if up { high[0] } else { low[0] }) * d[1] * d[2],
            (Frame::Axial, 1) => d[0] * d[2],
            (Frame::Axial, _) => 0.5 * d[0] * (high[0] + low[0]) * d[1],
        }
    }

    /// Distance from the centre of a cell to its side.
    fn distance(self, [low, high]: [Vector; 2], axis: usize, up: bool) -> f64 {
        let middle = 0.5 * (high[0] + low[0]);
        match (self, axis) {
            (Frame::Axial, 0) => {
                let r = if up { high[0] } else { low[0] };
                r * (r / middle).ln().abs()
            }
            (Frame::Axial, 1) => 0.5 * (high[1] - low[1]) * middle,
            _ => 0.5 * (high[axis] - low[axis]),
        }
    }
}

/// Checks the lines of a grid.
pub(super) fn check(grid: &Grid) -> Result<(), MeshError> {
    for (axis, lines) in grid.lines.iter().enumerate() {
        if lines.len() < 2 {
            return Err(MeshError::NoCells { axis });
        }
        if let Some(pair) = lines.windows(2).find(|p| p[1].is_nan() || p[1] <= p[0]) {
            return Err(MeshError::NotRising { axis, at: pair[1] });
        }
    }
    Ok(())
}

/// The mesh of a grid whose cells are each of one body.
///
/// `body` tells the body and its class at the middle of each cell (in axial frames of radius, angle, height).
///
/// # Errors
/// [`MeshError`] where the lines do not rise, or no electrolyte touches an electrode or joins both.
pub fn tensor(grid: &Grid, body: impl Fn(Vector) -> (RegionId, Class), options: TensorOptions) -> Result<Meshed, MeshError> {
    check(grid)?;
    let n = grid.n_cells();
    let bodies: Vec<(RegionId, Class)> = (0..n).map(|i| body(grid.middle(grid.cell(i)))).collect();
    let mut complex = Complex::default();
    let mut number = vec![usize::MAX; n];
    for (i, (label, class)) in bodies.iter().enumerate() {
        if class.region().is_some() {
            number[i] = complex.volumes.len();
            let bounds = grid.bounds(grid.cell(i));
            complex.volumes.push(Volume {
                volume: options.frame.volume(bounds),
                label: *label,
                class: *class,
                bounds,
            });
        }
    }
    let factors = if options.edges {
        corrections(grid, &bodies, options.resistance)
    } else {
        BTreeMap::new()
    };
    let factor = |i: usize, axis: usize| factors.get(&(i, axis)).copied().unwrap_or(1.0);
    let mut area_at = [[0.0; 2]; 2];
    for i in 0..n {
        let cell = grid.cell(i);
        for axis in 0..3 {
            let Some(next) = grid.beside(cell, axis, true) else { continue };
            let j = grid.number(next);
            let (a, b) = (bodies[i], bodies[j]);
            let (here, there) = (grid.bounds(cell), grid.bounds(next));
            let area = options.frame.area(here, axis, true);
            let scale = 1.0 / factor(i, axis);
            let distance = [
                scale * options.frame.distance(here, axis, true),
                scale * options.frame.distance(there, axis, false),
            ];
            let mut place = grid.middle(cell);
            place[axis] = here[1][axis];
            if a.1 != b.1 {
                complex.note([a.0, b.0], [a.1, b.1], area, place);
            }
            match (number[i], number[j]) {
                (usize::MAX, usize::MAX) => {}
                (p, q) if p != usize::MAX && q != usize::MAX => {
                    let meeting = if a.1 == b.1 { Meeting::Joined } else { a.1.meets(b.1) };
                    if meeting == Meeting::None {
                        complex.join(b.1.meets(a.1), [q, p], area, [distance[1], distance[0]]);
                    } else {
                        complex.join(meeting, [p, q], area, distance);
                    }
                }
                (p, q) => {
                    let (inside, up, own, other, d) = if q == usize::MAX {
                        (p, true, a, b, distance[0])
                    } else {
                        (q, false, b, a, distance[1])
                    };
                    let Some(mut outer) = complex.outer(own.1.meets(other.1), inside, area, d, place, other.0) else {
                        continue;
                    };
                    if matches!(other.1, Class::Film(_)) && outer.reacts {
                        let from = if up { next } else { cell };
                        let thickness = thickness(grid, &bodies, from, axis, up);
                        outer.film = Some(Film { thickness, fullness: 1.0 });
                    }
                    let sums = &mut area_at[outer.side as usize];
                    let own_width = if up { grid.width(cell, axis) } else { grid.width(next, axis) };
                    *sums = [sums[0] + area * own_width, sums[1] + area];
                    complex.outers.push(outer);
                }
            }
        }
    }
    complex.report.at_surface = area_at.map(|[s, a]| if a > 0.0 { s / a } else { 0.0 });
    complex.finish(films(grid, &bodies, options))
}

/// Thickness of the film that starts at a cell.
fn thickness(grid: &Grid, bodies: &[(RegionId, Class)], from: Cell, axis: usize, up: bool) -> f64 {
    let label = bodies[grid.number(from)].0;
    let (mut cell, mut sum) = (from, 0.0);
    loop {
        sum += grid.width(cell, axis);
        match grid.beside(cell, axis, up) {
            Some(next) if bodies[grid.number(next)].0 == label => cell = next,
            _ => return sum,
        }
    }
}

fn films(grid: &Grid, bodies: &[(RegionId, Class)], options: TensorOptions) -> Films {
    let film = |i: usize| matches!(bodies[i].1, Class::Film(_));
    let mut sets = Sets::new(bodies.len());
    for i in (0..bodies.len()).filter(|i| film(*i)) {
        for axis in 0..3 {
            if let Some(next) = grid.beside(grid.cell(i), axis, true) {
                let j = grid.number(next);
                if bodies[j] == bodies[i] {
                    sets.join(i, j);
                }
            }
        }
    }
    let parts = (0..bodies.len())
        .filter(|i| film(*i))
        .map(|i| Part {
            label: bodies[i].0,
            component: sets.root(i) as u32,
            volume: options.frame.volume(grid.bounds(grid.cell(i))),
            centre: grid.middle(grid.cell(i)),
            face: None,
        })
        .collect();
    Films {
        parts,
        reach: options.reach,
    }
}

/// Factors of the faces (cell below, axis) beside edges of electrodes.
fn corrections(grid: &Grid, bodies: &[(RegionId, Class)], resistance: [f64; 2]) -> BTreeMap<(usize, usize), f64> {
    let mut factors: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let shape = grid.shape();
    for along in 0..3 {
        let (u, v) = ((along + 1) % 3, (along + 2) % 3);
        for i in 0..bodies.len() {
            let cell = grid.cell(i);
            if cell[u] + 1 >= shape[u] || cell[v] + 1 >= shape[v] {
                continue;
            }
            let at = |iu: usize, iv: usize| {
                let mut c = cell;
                (c[u], c[v]) = (c[u] + iu, c[v] + iv);
                c
            };
            let class = |iu: usize, iv: usize| bodies[grid.number(at(iu, iv))].1;
            let electrolyte = |iu, iv| class(iu, iv) == Class::Electrolyte;
            let count = [(0, 0), (1, 0), (0, 1), (1, 1)].iter().filter(|(a, b)| electrolyte(*a, *b)).count();
            let mut scale = |axis: usize, c: Cell, factor: f64| {
                *factors.entry((grid.number(c), axis)).or_insert(1.0) *= factor;
            };
            let Some((eu, ev, side)) = [(0, 0), (1, 0), (0, 1), (1, 1)]
                .into_iter()
                .find_map(|(a, b)| class(a, b).reacts().map(|s| (a, b, s)))
            else {
                continue;
            };
            let (ou, ov) = (1 - eu, 1 - ev);
            let width = |axis: usize, upper: usize| {
                let mut c = cell;
                c[axis] += upper;
                grid.width(c, axis)
            };
            let kr = resistance[side as usize];
            if count == 3 {
                // Electrode in the quadrant (eu, ev): wall on top lies across v, wall on the side across u.
                let (x, y) = ([width(u, eu), width(u, ou)], [width(v, ov), width(v, ev)]);
                let f = edges::corner(x, y);
                let beta = edges::blend(kr, (x[0] * y[0]).sqrt());
                scale(v, at(eu, 0), f[0].powf(beta));
                scale(u, at(0, ov), f[1].powf(beta));
                scale(v, at(ou, 0), f[2].powf(beta));
                scale(u, at(0, ev), f[3].powf(beta));
            } else if count == 2 {
                // Two of electrolyte side by side, along u or along v, and no second electrode below.
                let second = |a: usize, b: usize| class(a, b).reacts().is_some();
                if electrolyte(eu, ov) && electrolyte(ou, ov) && !second(ou, ev) {
                    let f = edges::flat(width(u, eu), width(u, ou), width(v, ov));
                    let beta = edges::blend(kr, (width(u, eu) * width(v, ov)).sqrt());
                    scale(v, at(eu, 0), f[0].powf(beta));
                    scale(u, at(0, ov), f[1].powf(beta));
                } else if electrolyte(ou, ev) && electrolyte(ou, ov) && !second(eu, ov) {
                    let f = edges::flat(width(v, ev), width(v, ov), width(u, ou));
                    let beta = edges::blend(kr, (width(v, ev) * width(u, ou)).sqrt());
                    scale(u, at(0, ev), f[0].powf(beta));
                    scale(v, at(ou, 0), f[1].powf(beta));
                }
            }
        }
    }
    factors
}
