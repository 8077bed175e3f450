//! The metal of both combs as part of the mesh: which of it belongs to which terminal, how well it conducts, and the bus behind it.

use super::builder::{Builder, Fault};
use super::made::classes;
use super::sheets::unresolved;
use crate::design::Design;
use cellwright_base::diagnostic::{Diagnostic, Place};
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_device::Role;
use cellwright_device::mesh::{Bus, Class, Classes, Edge, Mesh, Side};
use cellwright_device::partition::Partition;
use cellwright_device::tape::RegionId;
use cellwright_fab::{emulate, plan};
use std::collections::BTreeMap;

/// Loss in ideal collectors at 1C above which it is remarked, V.
const LOSS: f64 = 1e-3;

/// Collectors whose resistance is followed.
pub struct Fingers {
    /// The device with the metal of each terminal as a body of its own.
    pub partition: Partition,
    /// What its bodies are.
    pub classes: Classes,
    /// Conductivity of the metal, negative first, S/m.
    pub conductivity: [f64; 2],
    /// Sides of the window where it is contacted.
    pub tabs: [Edge; 2],
    /// Length of the fingers if the window is a slice of them, m.
    pub finger_length: Option<f64>,
    /// Cross-sections of the metal along all fingers together, negative first, m², where other metal stands on it: the window is then one
    /// period, in which the metal of either comb is one piece.
    pub sections: Option<[f64; 2]>,
    /// What joins the fingers.
    pub bus: Option<Bus>,
    /// Region behind each body that was split.
    regions: BTreeMap<RegionId, RegionId>,
}

impl Fingers {
    /// Axis along which the fingers run; `None` if their tabs are at sides that are no opposites.
    pub fn axis(&self) -> Option<usize> {
        let [a, b] = self.tabs.map(Edge::axis);
        (a == b).then_some(a)
    }

    /// Whether a mesh is one volume thick along the fingers.
    pub fn is_section(&self, mesh: &Mesh) -> bool {
        let Some(axis) = self.axis() else { return false };
        mesh.boxes
            .iter()
            .all(|b| [0, 1].iter().all(|end| b[*end][axis] == mesh.boxes[0][*end][axis]))
    }

    /// What is followed.
    pub fn words(&self) -> String {
        let fingers = match self.finger_length {
            Some(_) if self.sections.is_some() => "fingers from end to end with what stands on them, tips left out",
            Some(_) => "fingers from end to end, tips left out",
            None => "fingers from end to end with their tips",
        };
        let bus = if self.bus.is_some() { ", buses and pads" } else { "" };
        let [a, b] = self.conductivity.map(|s| format_quantity(s, Dimension::CONDUCTIVITY));
        let metal = if a == b { a } else { format!("{a} and {b}") };
        format!("{fingers}{bus}, metal of {metal}")
    }

    /// Why a slice cannot be continued.
    pub fn no_section(&self, design: &Design) -> Box<Diagnostic> {
        let text = "the section of the window changes along the fingers, or the tabs are not at their ends";
        unfollowed(design, text, "make the window as long as the fingers and remove  finger_length")
    }

    /// The region of the device that a body of the mesh is part of.
    pub fn region(&self, label: RegionId) -> RegionId {
        self.regions.get(&label).copied().unwrap_or(label)
    }
}

/// The metal of both electrodes in the window.
struct Metals {
    /// The terminal of every body of wiring, by component.
    sides: BTreeMap<usize, Option<Belongs>>,
    /// Volume of what runs along the fingers, negative first, m³.
    volume: [f64; 2],
    /// Other metal stands on it.
    stands: bool,
    /// Mean conductivity of what carries the current side by side, S/m.
    conductivity: [f64; 2],
    /// Thickness of the film that lies lowest, m.
    thickness: [f64; 2],
}

impl Metals {
    /// The bus as drawn, with the thickness of this metal.
    fn bus(&self, drawn: plan::Bus) -> Bus {
        Bus {
            width: drawn.width,
            length: drawn.length,
            pad: drawn.pad,
            thickness: self.thickness,
        }
    }
}

impl Builder<'_> {
    /// The collectors of a device whose window says where they are contacted.
    pub(super) fn fingers(&mut self, made: &emulate::Made) -> Result<Option<Fingers>, Fault> {
        let Some(tabs) = &made.fabrication.plan.window.tabs else {
            return Ok(None);
        };
        let mut classes = classes(self.library, made);
        let metals = self.metals(made, &classes)?;
        let mut partition = made.partition.clone();
        let mut split: BTreeMap<RegionId, RegionId> = BTreeMap::new();
        let mut labels: Vec<RegionId> = partition.components.iter().map(|c| c.label).collect();
        for (k, side) in &metals.sides {
            let Some(Belongs::To(side)) = side else { continue };
            let region = partition.components[*k].label;
            let label = made.fabrication.regions.len() as RegionId + 2 * region + *side as RegionId;
            classes.0.insert(label, Class::Sheet(*side));
            split.insert(label, region);
            labels[*k] = label;
        }
        for (k, piece) in partition.pieces.iter_mut().enumerate() {
            piece.label = labels[partition.component[k] as usize];
        }
        for (component, label) in partition.components.iter_mut().zip(&labels) {
            component.label = *label;
        }
        let bus = tabs.bus.map(|b| metals.bus(b));
        let repeats = made.fabrication.plan.window.repeats;
        let sections = tabs
            .finger_length
            .filter(|_| metals.stands)
            .map(|l| metals.volume.map(|v| v * repeats / l));
        Ok(Some(Fingers {
            partition,
            classes,
            conductivity: metals.conductivity,
            tabs: tabs.edges,
            finger_length: tabs.finger_length,
            sections,
            bus,
            regions: split,
        }))
    }

    /// A remark where collectors that are taken as ideal would lose more than [`LOSS`] at 1C.
    pub(super) fn ideal_metal(&mut self, made: &emulate::Made, current: f64) -> Option<Diagnostic> {
        let plan = &made.fabrication.plan;
        let tabs = plan.finger?.tabs?;
        let length = tabs.finger_length.unwrap_or(plan.finger?.to[1] - plan.finger?.from[1]);
        let metals = self.metals(made, &classes(self.library, made)).ok()?;
        let slices = plan.window.repeats / length;
        let lost = |side: usize| {
            let sigma = metals.conductivity[side];
            // A third of the whole, as for a bus.
            let fingers = length / (3.0 * sigma * metals.volume[side] * slices);
            let bus = tabs.bus.map_or(0.0, |b| metals.bus(b).resistance(side, sigma).iter().sum());
            current.abs() * (fingers + bus)
        };
        let lost = lost(0) + lost(1);
        (lost > LOSS).then(|| {
            let text = format!("the collectors are taken as ideal, but would lose about {:.2} mV at 1C", 1e3 * lost);
            Diagnostic::warning("W214", text).help("collectors = \"resolved\"  under [model] follows them along fingers, buses and pads")
        })
    }

    fn metals(&mut self, made: &emulate::Made, classes: &Classes) -> Result<Metals, Fault> {
        let (regions, partition) = (&made.fabrication.regions, &made.partition);
        let sides = sides(partition, classes);
        let mut volumes: [BTreeMap<RegionId, f64>; 2] = Default::default();
        // A window from bus to bus ends on them, each finger at one end only. Fingers run along y.
        let sliced = |window: &plan::Window| window.tabs.is_some_and(|t| t.finger_length.is_some());
        let plan = &made.fabrication.plan;
        let slice = sliced(&plan.window) || plan.window.tabs.is_none() && plan.finger.as_ref().is_some_and(sliced);
        let mut stands = false;
        for (k, side) in &sides {
            let component = &partition.components[*k];
            match side {
                Some(Belongs::To(_)) if slice && !(component.reaches[2] && component.reaches[3]) => stands = true,
                Some(Belongs::To(side)) => *volumes[*side as usize].entry(component.label).or_insert(0.0) += component.volume,
                Some(Belongs::ToBoth) => {
                    let text = format!("`{}` joins both electrodes", regions[usize::from(component.label)].name);
                    return Err(unfollowed(self.design, &text, "look at the cross-section: the combs touch"));
                }
                None => {}
            }
        }
        let mut found = Metals {
            sides,
            volume: [0.0; 2],
            stands,
            conductivity: [0.0; 2],
            thickness: [0.0; 2],
        };
        for (i, role) in [Role::Negative, Role::Positive].into_iter().enumerate() {
            let Some(first) = volumes[i].keys().next() else {
                let text = format!("no collector along the fingers touches the {} electrode", role.as_str());
                return Err(unfollowed(self.design, &text, "add a metal with  role = \"collector\"  below it"));
            };
            found.thickness[i] = made.thickness.get(first).copied().unwrap_or(0.0);
            for (region, volume) in &volumes[i] {
                let (material, place) = self.body_material(made, usize::from(*region));
                let sigma = self.constant(&material, "electronic_conductivity", &place)?;
                found.volume[i] += volume;
                found.conductivity[i] += sigma * volume;
            }
            found.conductivity[i] /= found.volume[i];
        }
        Ok(found)
    }
}

fn unfollowed(design: &Design, text: &str, help: &str) -> Fault {
    let whole = || Place::in_source(&design.file, &design.source, 0..0);
    let place = design.model.collectors.clone().unwrap_or_else(whole);
    unresolved(text.to_owned(), place, help)
}

/// Which terminal a body of metal is part of.
#[derive(Clone, Copy, PartialEq)]
enum Belongs {
    To(Side),
    ToBoth,
}

/// The terminal of every body of wiring: that of the electrode it touches, also through other metal.
fn sides(partition: &Partition, classes: &Classes) -> BTreeMap<usize, Option<Belongs>> {
    let class = |k: u32| classes.of(partition.components[k as usize].label);
    let mut found: BTreeMap<usize, Option<Belongs>> = (0..partition.components.len())
        .filter(|k| class(*k as u32) == Class::Wiring)
        .map(|k| (k, None))
        .collect();
    let touching: Vec<[u32; 2]> = partition.touching().into_keys().collect();
    // From metal to metal until nothing changes.
    loop {
        let before = found.clone();
        for pair in touching.iter().flat_map(|[a, b]| [[*a, *b], [*b, *a]]) {
            let [metal, other] = pair;
            if !found.contains_key(&(metal as usize)) {
                continue;
            }
            let there = match class(other) {
                Class::Wiring => found[&(other as usize)],
                other => other.side().map(Belongs::To),
            };
            let Some(there) = there else { continue };
            let here = found.entry(metal as usize).or_default();
            *here = Some(match *here {
                Some(known) if known != there => Belongs::ToBoth,
                _ => there,
            });
        }
        if found == before {
            return found;
        }
    }
}
