//! Stress on a section of a fabricated device: what the lithium that a run moves does to all bodies together.
//!
//! # Equation
//! Plane strain ([`cellwright_mechanics::plane_strain`]) with the free strain `ε* = ln[(1 + β x)/(1 + β x₀)]/3` in the electrodes, x from the maps of the
//! run, x₀ at its start, β the volume gained from stoichiometry 0 to 1. Nothing moves through the sides of the repeating window, which are mirrors, nor
//! through the floor in a section that stands upright; the rest is free. A liquid carries nothing.
//!
//! # Validity
//! Small strain, linear elasticity, perfect adhesion, no stress at the start. A device that is the same all along one axis is cut square to it, and the
//! section is exact in that sense; any other is cut level, and its columns are taken as long and held at their length by the substrate. Round and slanting
//! borders are stairs: the stress beside them is rough. Corners between bodies have no finite stress: the maximum there grows with every finer grid.
//!
//! # Verification
//! `cellwright validate section-stress`

pub mod grid;
mod lithium;
pub mod state;
mod summary;

pub use summary::{ExtremeSummary, MomentSummary, SectionStressSummary};

use crate::cell::Used;
use crate::fill::maps::cut;
use crate::lookup::Lookup;
use crate::prepare::Prepared;
use cellwright_device::Role;
use cellwright_device::tape::{RegionId, Tape};
use cellwright_fab::fabrication::Fabrication;
use cellwright_lab::solution::Solution;
use cellwright_materials::Class;
use cellwright_mechanics::elastic::Elastic;
use cellwright_mechanics::fracture::{Mode, judge};
use grid::{Grid, Sides};
use state::{State, balance, hydrostatic};

/// Elements along a direction at most, about, and on the coarse grid of the error estimate.
const MOST: usize = 120;
const COARSE: usize = 60;
/// Substrate that is looked at below the lowest film, over the height of the films.
const DEPTH: f64 = 0.6;
/// Levels among which the one of a level cut is chosen.
const LEVELS: usize = 24;
/// Deviation of its area, relative, beyond which a body is not resolved.
const LOST: f64 = 0.1;
/// Points along each direction that a level is judged by.
const SAMPLES: usize = 24;
/// Free strain beyond which linear elasticity of small strains no longer holds.
pub const SMALL: f64 = 0.05;

/// A body of the section.
#[derive(Clone, Debug)]
pub struct Body {
    /// Name of its material in the library.
    pub material: String,
    /// Its symbol.
    pub symbol: String,
    /// 0 negative, 1 positive electrode; none for what takes no lithium.
    pub electrode: Option<usize>,
    elastic: Option<Elastic>,
    expansion: f64,
    /// Yield stress at the start, Pa, where the library has it.
    pub yields_at: Option<f64>,
    /// Energy that a crack needs, J/m², and the thickness of the film on an open surface, m.
    pub fracture: Option<[f64; 2]>,
}

/// A moment of the run.
#[derive(Clone, Debug)]
pub struct Moment {
    /// "end of discharge".
    pub label: &'static str,
    /// The step as written.
    pub step: String,
    /// Test time, s.
    pub time: f64,
    /// Least and greatest free strain.
    pub free_strain: [f64; 2],
    /// The section in equilibrium.
    pub state: State,
    /// The same on the coarse grid: greatest and mean von Mises stress, Pa.
    pub coarse: [f64; 2],
}

/// Stress on the section of a device.
#[derive(Clone, Debug)]
pub struct SectionStress {
    /// Axis across the section, and where it is cut, m.
    pub across: usize,
    /// Coordinate of the cut, m.
    pub at: f64,
    /// The device is the same all along that axis.
    pub even: bool,
    /// The grid.
    pub grid: Grid,
    /// What stands on it.
    pub bodies: Vec<Body>,
    /// End of charge and of discharge, in the order of the run.
    pub moments: Vec<Moment>,
    /// Bodies whose area on the grid is wrong by more than a tenth: they are thinner than its elements.
    pub lost: Vec<usize>,
    /// What is missing; then there are no moments.
    pub gaps: Vec<String>,
    /// Properties that were used.
    pub used: Vec<Used>,
}

/// Where the section lies.
struct Plane<'a> {
    tape: &'a Tape,
    across: usize,
    at: f64,
    span: [[f64; 2]; 2],
    /// Body of every region.
    bodies: Vec<Option<usize>>,
}

impl Plane<'_> {
    /// A point of the section in the device.
    fn point(&self, [h, v]: [f64; 2]) -> [f64; 3] {
        match self.across {
            0 => [self.at, h, v],
            1 => [h, self.at, v],
            _ => [h, v, self.at],
        }
    }

    fn place(&self, points: &[[f64; 2]]) -> Vec<Option<usize>> {
        let regions = self.tape.regions_at(points.iter().map(|p| self.point(*p)));
        regions
            .into_iter()
            .map(|r| self.bodies.get(usize::from(r)).copied().flatten())
            .collect()
    }

    fn sides(&self) -> Sides {
        match self.across {
            2 => [[true; 2]; 2],
            _ => [[true; 2], [true, false]],
        }
    }
}

/// The stress at the ends of charge and discharge; none for stacks, and for electrodes that do not swell.
pub fn of(prepared: &Prepared, solution: &Solution) -> Option<SectionStress> {
    let made = prepared.made.as_ref()?;
    let model = prepared.cell.model(prepared.cell.spec.clone());
    if !model.has_maps() || prepared.cell.is_stack() {
        return None;
    }
    let mut found = Lookup::new(prepared);
    let (bodies, of_region) = bodies(prepared, &made.fabrication, &mut found);
    let cut = cut::choose(&model, &model.spots());
    let block = &made.tape.block;
    let mut plane = Plane {
        tape: &made.tape,
        across: cut.across,
        at: cut.at,
        span: [[0.0; 2]; 2],
        bodies: of_region,
    };
    let mut low = made.heights[0];
    if cut.whole {
        (plane.across, plane.at) = (2, level(&plane, &bodies, made.heights));
    } else {
        low = (low - DEPTH * (made.heights[1] - low)).max(block.span(2)[0]);
    }
    let axes: Vec<usize> = (0..3).filter(|a| *a != plane.across).collect();
    let ends = |a: usize| if a == 2 { [low, made.heights[1]] } else { block.span(a) };
    plane.span = [0, 1].map(|end| [ends(axes[0])[end], ends(axes[1])[end]]);
    let grid = Grid::of(&|p| plane.place(p), plane.span, MOST);
    let mut gaps = found.gaps;
    gaps.extend(porous(prepared));
    gaps.sort();
    gaps.dedup();
    let mut out = SectionStress {
        across: plane.across,
        at: plane.at,
        even: !cut.whole,
        grid,
        bodies,
        moments: vec![],
        lost: vec![],
        gaps,
        used: found.used,
    };
    if out.bodies.iter().all(|b| b.expansion == 0.0) && out.gaps.is_empty() {
        return None;
    }
    if !out.gaps.is_empty() {
        return Some(out);
    }
    let resolved = out.grid.resolved(&|p| plane.place(p), out.bodies.len());
    out.lost = (0..resolved.len())
        .filter(|k| resolved[*k].is_some_and(|r| (r - 1.0).abs() > LOST))
        .collect();
    let coarse = Grid::of(&|p| plane.place(p), plane.span, COARSE);
    for (label, step) in ends_of(solution) {
        let at = |grid: &Grid| lithium::free_strains(&model, solution, step, grid, &out.bodies, &|p| plane.point(p));
        let (Some(free), Some(rough)) = (at(&out.grid), at(&coarse)) else {
            continue;
        };
        let elastic: Option<Vec<Elastic>> = out.bodies.iter().map(|b| b.elastic).collect();
        let solved = elastic.map(|e| {
            let fine = balance(&out.grid, &e, &free, plane.span, plane.sides());
            (fine, balance(&coarse, &e, &rough, plane.span, plane.sides()))
        });
        match solved {
            Some((Ok(state), Ok(rough))) => out.moments.push(Moment {
                label,
                step: solution.steps[step].text.clone(),
                time: solution.steps[step].end,
                free_strain: free.iter().fold([0.0f64; 2], |a, f| [a[0].min(*f), a[1].max(*f)]),
                state,
                coarse: [rough.von_mises.value, rough.mean],
            }),
            Some((Err(e), _) | (_, Err(e))) => out.gaps.push(format!("the section itself ({e})")),
            None => {}
        }
    }
    Some(out)
}

/// The charge and the discharge that move most, in the order of the run.
fn ends_of(solution: &Solution) -> Vec<(&'static str, usize)> {
    let most = |sign: f64| {
        let moved = solution
            .steps
            .iter()
            .enumerate()
            .filter(|(_, s)| sign * s.charge > 0.0 && !s.settling);
        moved
            .max_by(|a, b| (sign * a.1.charge).total_cmp(&(sign * b.1.charge)))
            .map(|s| s.0)
    };
    let mut out: Vec<(&'static str, usize)> = [("end of charge", most(-1.0)), ("end of discharge", most(1.0))]
        .into_iter()
        .filter_map(|(label, step)| Some((label, step?)))
        .collect();
    out.sort_by_key(|s| s.1);
    out
}

/// The bodies of a device that carry a stress, and which of them every region belongs to.
fn bodies(prepared: &Prepared, made: &Fabrication, found: &mut Lookup) -> (Vec<Body>, Vec<Option<usize>>) {
    let spec = &prepared.cell.spec;
    let mut out: Vec<Body> = vec![];
    let mut of_region = vec![];
    for (k, r) in made.regions.iter().enumerate() {
        let left = made.inventory.items.iter().any(|i| i.region == k && i.volume > 0.0);
        let solid = found.library.get(&r.material).is_ok_and(|m| m.class != Class::ElectrolyteLiquid);
        if !(left && solid) {
            of_region.push(None);
            continue;
        }
        let electrode = match r.role {
            Role::Negative => Some(0),
            Role::Positive => Some(1),
            _ => None,
        };
        let known = out.iter().position(|b| b.material == r.material && b.electrode == electrode);
        of_region.push(Some(known.unwrap_or(out.len())));
        if known.is_some() {
            continue;
        }
        let active = electrode.and_then(|e| [&spec.negative, &spec.positive][e].active());
        let start = active.map_or(0.0, |a| a.initial_stoichiometry);
        let name = r.material.as_str();
        let thickness = prepared.cell.device.layers.iter().find(|l| l.material == name).map(|l| l.thickness);
        let energy = found.have(name, "fracture_energy").map(|p| p.eval(start, found.temperature).value);
        out.push(Body {
            material: name.to_owned(),
            symbol: found.symbol(name),
            electrode: active.is_some().then_some(electrode).flatten(),
            elastic: if r.porosity > 0.0 { None } else { found.elastic(name, start) },
            expansion: active
                .filter(|_| r.porosity == 0.0)
                .map_or(0.0, |a| found.expansion(name, a).unwrap_or(0.0)),
            yields_at: found.have(name, "yield_strength").map(|p| p.eval(start, found.temperature).value),
            fracture: energy.zip(thickness).map(|(e, t)| [e, t]),
        });
    }
    (out, of_region)
}

/// Porous bodies: how stiff they are, and how much of the swelling goes into the pores, is not known.
fn porous(prepared: &Prepared) -> Vec<String> {
    let regions = prepared.made.iter().flat_map(|m| &m.fabrication.regions);
    regions
        .filter(|r| r.porosity > 0.0)
        .map(|r| format!("stiffness of porous {}", r.material))
        .collect()
}

/// The level that meets most of the electrode it meets less of.
fn level(plane: &Plane, bodies: &[Body], [low, high]: [f64; 2]) -> f64 {
    let block = &plane.tape.block;
    let share = |k: usize, n: usize| (k as f64 + 0.5) / n as f64;
    let ends = [0, 1].map(|a| block.span(a));
    let met = |z: f64| {
        let points = (0..SAMPLES * SAMPLES).map(|k| {
            let [x, y] = [(0, k % SAMPLES), (1, k / SAMPLES)].map(|(a, k)| ends[a][0] + share(k, SAMPLES) * (ends[a][1] - ends[a][0]));
            [x, y, z]
        });
        let mut count = [0usize; 2];
        for region in plane.tape.regions_at(points) {
            let body = plane.bodies.get(usize::from(region as RegionId)).copied().flatten();
            if let Some(e) = body.and_then(|b| bodies[b].electrode) {
                count[e] += 1;
            }
        }
        count[0].min(count[1])
    };
    let levels: Vec<f64> = (0..LEVELS).map(|k| low + share(k, LEVELS) * (high - low)).collect();
    let most = levels.iter().map(|z| met(*z)).max().unwrap_or(0);
    let best: Vec<f64> = levels.into_iter().filter(|z| met(*z) == most).collect();
    best.get(best.len() / 2).copied().unwrap_or(0.5 * (low + high))
}

impl SectionStress {
    /// Names of the directions in the picture.
    pub fn directions(&self) -> [&'static str; 2] {
        [["y", "z"], ["x", "z"], ["x", "y"]][self.across]
    }

    /// A body in words: its symbol, with the electrode it is of.
    pub fn name(&self, body: usize) -> String {
        let b = &self.bodies[body];
        match b.electrode {
            Some(e) => format!("{} ({} electrode)", b.symbol, ["negative", "positive"][e]),
            None => b.symbol.clone(),
        }
    }

    /// Channel cracks of a body with a known fracture energy: whether they run at a stress, Pa.
    pub fn cracks(&self, body: usize, tension: f64) -> Option<bool> {
        let b = &self.bodies[body];
        let [energy, thickness] = b.fracture?;
        judge(Mode::Channel, &b.elastic?, tension, thickness, energy).ok().map(|v| v.runs())
    }

    /// Values of the elements with a body: mean stress, von Mises stress.
    pub fn fields(&self, moment: &Moment) -> [Vec<f64>; 2] {
        let of = |f: &dyn Fn(&cellwright_mechanics::plane_strain::Stress) -> f64| moment.state.stresses.iter().map(f).collect();
        [of(&hydrostatic), of(&|s| s.von_mises())]
    }
}
