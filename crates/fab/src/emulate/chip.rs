//! The chip under construction: tape, regions and the shapes of the masks near the window.

use super::shapes::{Area, lateral};
use crate::fabrication::Region;
use crate::plan::{Form, Plan};
use cellwright_device::field::bound::Block;
use cellwright_device::field::value::{Lists, Probe};
use cellwright_device::field::{FieldId, Fields, LateralId};
use cellwright_device::tape::{RegionId, Tape};
use cellwright_device::vector::Vector;
use std::collections::BTreeMap;

/// State between two steps.
#[derive(Clone, Debug)]
pub struct Chip<'a> {
    /// What is to be made.
    pub plan: &'a Plan,
    /// What was done to it.
    pub tape: Tape,
    /// Bodies so far; the index is the region of the tape.
    pub regions: Vec<Region>,
    /// Shapes of each mask, by name.
    pub laterals: BTreeMap<String, LateralId>,
    /// Resist that stands: region and mask.
    pub resist: Vec<(RegionId, Option<String>)>,
    /// Resist that was dissolved.
    pub gone: Vec<RegionId>,
}

impl<'a> Chip<'a> {
    /// The bare substrate in its box.
    pub fn bare(plan: &'a Plan) -> Chip<'a> {
        let window = &plan.window;
        let reach = reach(plan);
        let area = Area {
            from: window.from.map(|v| v - reach),
            to: window.to.map(|v| v + reach),
        };
        let mut fields = Fields::default();
        let laterals = plan
            .masks
            .iter()
            .map(|m| (m.name.clone(), fields.lateral(lateral(m, area))))
            .collect();
        let [low, high] = heights(plan);
        let block = Block::between([window.from[0], window.from[1], low], [window.to[0], window.to[1], high]);
        let substrate = match plan.substrate.form {
            Form::Wafer { .. } => fields.below(0.0),
            Form::Fibre { diameter } => fields.tube([0.5 * (window.from[1] + window.to[1]), 0.0], 0.5 * diameter),
        };
        let mut tape = Tape::new(fields, block);
        tape.add(0, substrate);
        Chip {
            plan,
            tape,
            regions: vec![Region {
                name: "substrate".into(),
                material: plan.substrate.material.clone(),
                role: plan.substrate.role,
                step: None,
                porosity: 0.0,
            }],
            laterals,
            resist: vec![],
            gone: vec![],
        }
    }

    /// The tape without what was dissolved: the same bodies, with fewer surfaces to follow.
    pub fn lasting(&self) -> Tape {
        super::lasting::without(&self.tape, &self.gone)
    }

    /// Extruded shapes of a mask; all space without one.
    pub fn prism(&mut self, mask: Option<&str>) -> FieldId {
        match mask.and_then(|m| self.laterals.get(m)) {
            Some(shapes) => self.tape.fields.prism(*shapes),
            None => self.tape.fields.everywhere(),
        }
    }

    /// Regions of the named steps.
    pub fn regions_named(&self, names: &[String]) -> Vec<RegionId> {
        let named = |r: &Region| names.contains(&r.name);
        (0..self.regions.len())
            .filter(|i| named(&self.regions[*i]))
            .map(|i| i as RegionId)
            .collect()
    }

    /// Adds a region made by a step.
    pub fn region(&mut self, region: Region) -> RegionId {
        self.regions.push(region);
        self.regions.len() as RegionId - 1
    }

    /// Height of the topmost solid over a raster of the window, where `inside` holds; `None` above a hole through everything.
    pub fn heights(&self, per_side: usize, inside: Option<FieldId>) -> Vec<f64> {
        let Some(surface) = self.tape.surface() else { return vec![] };
        let block = &self.tape.block;
        let (mut probe, all) = (Probe::new(&self.tape.fields), self.tape.fields.all_listed());
        let mut found = Vec::with_capacity(per_side * per_side);
        let at = |axis: usize, k: usize| {
            let [low, high] = block.span(axis);
            low + (high - low) * (k as f64 + 0.5) / per_side as f64
        };
        for i in 0..per_side {
            let x = at(0, i);
            let row = self.tape.fields.listed_near([x, block.c[1]], [0.0, block.h[1]], &all);
            for j in 0..per_side {
                let y = at(1, j);
                let near = self.tape.fields.listed_near([x, y], [0.0, 0.0], &row);
                if inside.is_some_and(|f| probe.at(f, [x, y, 0.0], &near).v > 0.0) {
                    continue;
                }
                let [low, high] = block.span(2);
                if let Some(z) = drop(&mut probe, surface, [x, y, high], low, &near) {
                    found.push(z);
                }
            }
        }
        found
    }
}

impl Chip<'_> {
    /// Height of the topmost solid at a point of the window; `None` outside it or above a hole through everything.
    pub fn ground(&self, p: [f64; 2]) -> Option<f64> {
        let block = &self.tape.block;
        let inside = (0..2).all(|i| (block.span(i)[0]..=block.span(i)[1]).contains(&p[i]));
        let [low, high] = block.span(2);
        let mut probe = Probe::new(&self.tape.fields);
        let from = [p[0], p[1], high];
        self.tape
            .surface()
            .filter(|_| inside)
            .and_then(|s| drop(&mut probe, s, from, low, &self.tape.fields.all_listed()))
    }
}

/// Follows a vertical ray down to the surface.
fn drop(probe: &mut Probe<'_>, surface: FieldId, from: Vector, lowest: f64, lists: &Lists) -> Option<f64> {
    let mut p = from;
    let grain = 1e-6 * (from[2] - lowest);
    for _ in 0..400 {
        let v = probe.at(surface, p, lists).v;
        if v < grain {
            // The last step by the slope, so that flat surfaces are met exactly.
            let value = probe.at(surface, p, lists);
            return Some(p[2] - if value.g[2] > 0.5 { value.v / value.g[2] } else { 0.0 });
        }
        p[2] -= v;
        if p[2] < lowest {
            return None;
        }
    }
    Some(p[2])
}

/// How far beyond the window a drawn shape still matters, m: what films grow sideways and walls lean. Bodies that are thick beside the
/// window (resist, plated columns) rise straight.
fn reach(plan: &Plan) -> f64 {
    use crate::plan::Verb;
    let window = &plan.window;
    let side = (window.to[0] - window.from[0]).min(window.to[1] - window.from[1]);
    let sideways = |v: &Verb| match v {
        Verb::Deposit(d) => super::deposit::nominal(d).filter(|t| *t < 0.25 * side).unwrap_or(0.0),
        Verb::Etch(e) => e.depth.map_or(0.0, |depth| match e.technique.as_str() {
            "wet-etch" => depth.abs(),
            _ => (depth / e.sidewall.tan()).abs(),
        }),
        _ => 0.0,
    };
    0.1 * side + 2.0 * plan.steps.iter().map(|s| sideways(&s.verb)).sum::<f64>()
}

/// Lowest and highest point of the box, m: the whole wafer, and room for every film.
fn heights(plan: &Plan) -> [f64; 2] {
    use crate::plan::Verb;
    let mut high = 0.0;
    for step in &plan.steps {
        match &step.verb {
            Verb::Deposit(d) => high += super::deposit::nominal(d).unwrap_or(0.0),
            Verb::Infill(i) => high = f64::max(high, i.level),
            _ => {}
        }
    }
    let room = 1.15 * high + 1e-7;
    match plan.substrate.form {
        Form::Wafer { thickness } => [-thickness, room],
        Form::Fibre { diameter } => {
            let half = 0.5 * diameter + room;
            [-half, half]
        }
    }
}
