//! What stands on the chip, counted: volumes, masses, areas, capacities.

use super::chip::Chip;
use crate::fabrication::{Inventory, Item, StepRecord};
use crate::plan::{Form, Verb};
use cellwright_device::Role;
use cellwright_device::partition::Partition;
use cellwright_device::tape::{OPEN, RegionId, SEALED};
use cellwright_materials::{Class, Library, Material};
use std::collections::BTreeMap;

/// Counts the divided box, times the repeats of the window.
pub fn count(chip: &Chip<'_>, partition: &Partition, library: &Library, steps: &[StepRecord]) -> Inventory {
    let repeats = chip.plan.window.repeats;
    let volumes = partition.volumes();
    let mut surface: BTreeMap<RegionId, f64> = BTreeMap::new();
    let mut touching: BTreeMap<[RegionId; 2], f64> = BTreeMap::new();
    for ([a, b], area) in partition.touching() {
        let [a, b] = [a, b].map(|c| partition.components[c as usize].label);
        for l in [a, b] {
            *surface.entry(l).or_default() += area;
        }
        *touching.entry([a, b]).or_default() += area;
    }
    let solid = volumes.iter().filter(|(l, v)| **l < SEALED && **v > 0.0);
    let items: Vec<Item> = solid
        .map(|(label, volume)| {
            let region = &chip.regions[usize::from(*label)];
            let material = library.get(&region.material).ok();
            let volume = volume * repeats;
            let density = material.and_then(|m| constant(m, "density"));
            let mass = density.map(|d| d * volume * (1.0 - region.porosity));
            let electrode = matches!(region.role, Role::Negative | Role::Positive);
            let capacity = material.filter(|_| electrode).and_then(Material::volumetric_capacity);
            Item {
                region: usize::from(*label),
                volume,
                mass,
                surface: surface.get(label).copied().unwrap_or(0.0) * repeats,
                capacity: capacity.map(|c| c * volume * (1.0 - region.porosity)),
            }
        })
        .collect();
    let void: f64 = [OPEN, SEALED].iter().filter_map(|l| volumes.get(l)).sum::<f64>() * repeats;
    let window = &chip.plan.window;
    let footprint = (window.to[0] - window.from[0]) * (window.to[1] - window.from[1]) * repeats;
    let active_area = [Role::Negative, Role::Positive].map(|role| active(chip, &touching, role) * repeats);
    let sum = |role: Role| {
        let of: Vec<Option<f64>> = items
            .iter()
            .filter(|i| chip.regions[i.region].role == role)
            .map(|i| i.capacity)
            .collect();
        (!of.is_empty()).then(|| of.into_iter().sum::<Option<f64>>()).flatten()
    };
    let capacity = [sum(Role::Negative), sum(Role::Positive)];
    let metal = items.iter().any(|i| {
        let region = &chip.regions[i.region];
        region.role == Role::Negative && library.get(&region.material).is_ok_and(|m| m.class == Class::Metal)
    });
    let balance = match capacity {
        [Some(n), Some(p)] if p > 0.0 && !metal => Some(n / p),
        _ => None,
    };
    Inventory {
        void,
        box_volume: chip.tape.block.volume() * repeats,
        footprint,
        active_area,
        area_enhancement: active_area[0].min(active_area[1]) / footprint,
        areal_capacity: capacity.map(|c| c.map(|c| c / footprint)),
        balance,
        device_volume: device_volume(chip, partition),
        process_time: steps.iter().map(|s| s.duration).sum(),
        relative_cost: steps.iter().map(|s| s.cost).sum(),
        items,
    }
}

/// Area between an electrode and the electrolyte in the window, m²; inside a porous electrode that of its pores, where it is known.
fn active(chip: &Chip<'_>, touching: &BTreeMap<[RegionId; 2], f64>, role: Role) -> f64 {
    let role_of = |l: RegionId| chip.regions.get(usize::from(l)).filter(|_| l < SEALED).map(|r| r.role);
    touching
        .iter()
        .filter(|([a, b], _)| {
            let pair = [role_of(*a), role_of(*b)];
            pair.contains(&Some(role)) && pair.contains(&Some(Role::Electrolyte))
        })
        .map(|(_, area)| area)
        .sum()
}

/// The die from the lowest to the highest point, m³.
fn device_volume(chip: &Chip<'_>, partition: &Partition) -> f64 {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for p in partition.pieces.iter().filter(|p| p.label < SEALED) {
        for z in p.faces.iter().flat_map(|f| &f.points).map(|p| p[2]) {
            (low, high) = (low.min(z), high.max(z));
        }
    }
    let [width, depth] = chip.plan.die;
    match chip.plan.substrate.form {
        Form::Wafer { .. } => width * depth * (high - low),
        // Round cells are counted as the bodies themselves.
        Form::Fibre { .. } => {
            let solids = partition.volumes().into_iter().filter(|(l, _)| *l < SEALED).map(|(_, v)| v);
            solids.sum::<f64>() * chip.plan.window.repeats
        }
    }
}

fn constant(material: &Material, key: &str) -> Option<f64> {
    material
        .get(key)
        .map(|p| p.eval(0.5, cellwright_base::constants::STANDARD_TEMPERATURE).value)
}

/// What the step says in a table.
pub fn words(verb: &Verb, thickness: Option<f64>) -> String {
    use cellwright_base::units::{Dimension, format_quantity};
    let length = |v: f64| format_quantity(v, Dimension::LENGTH);
    match verb {
        Verb::Deposit(d) => {
            let title = crate::technique::find(&d.technique).map_or(d.technique.as_str(), |t| t.title.as_str());
            match thickness {
                Some(t) => format!("{} {}, {title}", length(t), d.material),
                None => format!("{}, {title}", d.material),
            }
        }
        Verb::Etch(e) => {
            let title = crate::technique::find(&e.technique).map_or(e.technique.as_str(), |t| t.title.as_str());
            match (e.depth, e.only.is_empty()) {
                (Some(depth), _) => format!("etch {} deep, {title}", length(depth)),
                (None, false) => format!("etch {}, {title}", e.only.join(", ")),
                (None, true) => format!("etch, {title}"),
            }
        }
        Verb::LiftOff { resist } => format!("lift off {resist}"),
        Verb::Anneal { duration } => format!("anneal for {}", format_quantity(*duration, Dimension::TIME)),
        Verb::Planarise { height } => format!("polish to {}", length(*height)),
        Verb::Infill(i) => format!("fill with {} to {}", i.material, length(i.level)),
        Verb::Lithiate { electrode, stoichiometry } => format!("lithiate {electrode} to x = {stoichiometry}"),
    }
}
