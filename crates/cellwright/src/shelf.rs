//! What is left of the cell of a design after years on the shelf, and where the rest went.

use crate::cell::Used;
use crate::lookup::Lookup;
use crate::prepare::Prepared;
use crate::study::charged;
use cellwright_base::constants::{FARADAY, JULIAN_YEAR};
use cellwright_device::{Layer, Role, Structure};
use cellwright_electrochem::leakage;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::shelf::{Moment, Store, Stored, WATER_MOLAR_MASS, water_current_density};
use cellwright_electrochem::spec::Electrode;
use cellwright_lab::solution::Solution;
use serde::Serialize;

/// Years on the shelf.
pub const YEARS: f64 = 10.0;
/// Part of the charge that water may cost for the seal to be good enough.
pub const SEAL_COST: f64 = 0.1;
/// Nearest stoichiometry to an end at which a potential is asked for.
const END: f64 = 1e-12;

/// A cell on the shelf, at rest and fully charged when it is put there.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// From the first day until the last, or until the cell is empty; nothing where neither cause is known.
    pub moments: Vec<Moment>,
    /// What leaks: symbol of the electrolyte, its electronic conductivity (S/m) and length (m).
    pub leak: Option<(String, f64, f64)>,
    /// Water vapour transmission of the package, kg/(m² s).
    pub transmission: Option<f64>,
    /// Area that water comes through, m².
    pub cover: f64,
    /// Transmission at which water costs a tenth of the charge, kg/(m² s).
    pub seal: Option<f64>,
    /// Properties that went into it.
    pub used: Vec<Used>,
    /// What is not known.
    pub gaps: Vec<String>,
}

/// The numbers for `summary.json`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ShelfSummary {
    /// Time on the shelf, a; shorter than ten where the cell is empty before.
    pub years: f64,
    /// Charge at the start, Ah.
    pub charge_ah: f64,
    /// Charge left, Ah.
    pub left_ah: f64,
    /// Charge lost to leakage through the electrolyte, Ah; `null` if its electronic conductivity is not known.
    pub leakage_ah: Option<f64>,
    /// Charge lost for want of lithium that water took, Ah; `null` if the package is not known.
    pub water_ah: Option<f64>,
    /// Lithium that water took, Ah.
    pub lithium_taken_ah: Option<f64>,
    /// Largest difference of the charge at the start from what is left and lost, relative.
    pub closure: f64,
}

impl Shelf {
    /// First and last moment.
    pub fn ends(&self) -> Option<[&Moment; 2]> {
        Some([self.moments.first()?, self.moments.last()?])
    }

    /// Years until the cell is empty, if it becomes so.
    pub fn empty_after(&self) -> Option<f64> {
        let [_, last] = self.ends()?;
        (last.time < YEARS * JULIAN_YEAR).then_some(last.time / JULIAN_YEAR)
    }

    /// Largest difference of the charge at the start from what is left and lost, relative.
    pub fn closure(&self) -> f64 {
        let Some([first, _]) = self.ends() else { return 0.0 };
        let gap = |m: &Moment| ((m.left + m.leaked + m.lost_to_water) / first.left - 1.0).abs();
        self.moments.iter().map(gap).fold(0.0, f64::max)
    }

    /// The numbers for `summary.json`; `None` where neither cause is known.
    pub fn summary(&self) -> Option<ShelfSummary> {
        let [first, last] = self.ends()?;
        let hours = |charge: f64| charge / 3600.0;
        Some(ShelfSummary {
            years: last.time / JULIAN_YEAR,
            charge_ah: hours(first.left),
            left_ah: hours(last.left),
            leakage_ah: self.leak.as_ref().map(|_| hours(last.leaked)),
            water_ah: self.transmission.map(|_| hours(last.lost_to_water)),
            lithium_taken_ah: self.transmission.map(|_| hours(last.taken)),
            closure: self.closure(),
        })
    }
}

/// The shelf life of the cell of a design; `None` for a cell without one, one that cannot be charged, or one between two metals.
pub fn of(prepared: &Prepared, solution: &Solution) -> Option<Shelf> {
    prepared.architecture()?;
    let mut found = Lookup::new(prepared);
    let cell = &prepared.cell;
    let spec = charged(prepared);
    let model = cell.model(spec.clone());
    let mut shelf = Shelf {
        cover: cell.device.die_area(),
        ..Shelf::default()
    };
    // Hosts: lithium at stoichiometry 1, and what they have when charged.
    let start = &solution.inventory.0;
    let host = |charged: &Electrode, designed: &Electrode, lithium: f64| {
        let (x, was) = (charged.active()?.initial_stoichiometry, designed.active()?.initial_stoichiometry);
        let whole = FARADAY * lithium / was;
        (whole > 0.0).then_some((whole, x, whole * (x - was)))
    };
    let hosts = [
        host(&spec.negative, &cell.spec.negative, start.negative),
        host(&spec.positive, &cell.spec.positive, start.positive),
    ];
    let gained: f64 = hosts.iter().flatten().map(|h| h.2).sum();
    let [negative, positive] = [(0, Role::Negative), (1, Role::Positive)].map(|(e, role)| match hosts[e] {
        Some((whole, x, _)) => Some((whole * x, whole)),
        // What left the host when it was charged was plated.
        None => metal(prepared, &mut found, role).map(|m| (m - gained, f64::INFINITY)),
    });
    if hosts.iter().all(Option::is_none) {
        return None;
    }
    let potential = |e: usize| {
        let active = model.groups[e].active.as_ref();
        let whole = hosts[e].map_or(1.0, |h| h.0);
        move |lithium: f64| {
            let x = (lithium / whole).clamp(END, 1.0 - END);
            active.map_or(0.0, |a| a.potential.eval(x, spec.temperature).value)
        }
    };
    let (below, above) = (potential(0), potential(1));
    let ((n, n_most), (p, p_most)) = negative.zip(positive)?;
    let mut stored = Stored {
        negative: Store {
            lithium: n,
            capacity: n_most,
            potential: &below,
        },
        positive: Store {
            lithium: p,
            capacity: p_most,
            potential: &above,
        },
        lower_limit: prepared.voltage[0],
        leakage: 0.0,
        water: 0.0,
    };
    if stored.left(0.0, 0.0) <= 0.0 {
        return None;
    }
    let electrolyte = electrolyte(&cell.device.layers)?;
    let sigma = found.number(electrolyte, "residual_electronic_conductivity");
    shelf.leak = sigma.and_then(|sigma| leak(&mut found, &model, electrolyte, sigma));
    stored.leakage = shelf.leak.as_ref().map_or(0.0, |(_, sigma, length)| sigma * length);
    shelf.transmission = prepared.water_vapour_transmission();
    stored.water = shelf.transmission.map_or(0.0, |t| water_current_density(t) * shelf.cover);
    if shelf.transmission.is_none() {
        found.gaps.push("`water_vapour_transmission` under `[package]`".into());
    }
    shelf.seal = seal(&stored).map(|a| a * WATER_MOLAR_MASS / FARADAY / shelf.cover);
    if shelf.leak.is_some() || shelf.transmission.is_some() {
        shelf.moments = stored.store(YEARS * JULIAN_YEAR);
    }
    (shelf.used, shelf.gaps) = (found.used, found.gaps);
    Some(shelf)
}

/// The leak through the electrolyte, with its length; what stands against it is a gap.
fn leak(found: &mut Lookup, model: &Model, electrolyte: &str, sigma: f64) -> Option<(String, f64, f64)> {
    match leakage::length(model) {
        Ok(length) => {
            let symbol = found.library.get(electrolyte).map_or(electrolyte, |m| &m.symbol);
            Some((symbol.to_owned(), sigma, length))
        }
        Err(e) => {
            found.gaps.push(format!("way of the electrons through {electrolyte} ({e})"));
            None
        }
    }
}

/// Lithium in the metal of an electrode, C.
fn metal(prepared: &Prepared, found: &mut Lookup, role: Role) -> Option<f64> {
    let device = &prepared.cell.device;
    let (material, volume) = match prepared.made.as_ref().filter(|_| !prepared.cell.is_stack()) {
        Some(made) => {
            let f = &made.fabrication;
            let items: Vec<_> = f.inventory.items.iter().filter(|i| f.regions[i.region].role == role).collect();
            let first = items.first()?;
            (
                f.regions[first.region].material.as_str(),
                items.iter().map(|i| i.volume).sum::<f64>(),
            )
        }
        None => {
            let layer = device.layer(role)?;
            (layer.material.as_str(), layer.thickness * device.active_area)
        }
    };
    let concentration = found.number(material, "maximum_concentration")?;
    Some(FARADAY * concentration * volume)
}

/// Name of the electrolyte between the electrodes.
pub(crate) fn electrolyte(layers: &[Layer]) -> Option<&str> {
    let layer = layers.iter().find(|l| l.role == Role::Electrolyte)?;
    Some(match &layer.structure {
        Structure::Porous(p) if !p.electrolyte.is_empty() => &p.electrolyte,
        _ => &layer.material,
    })
}

/// Lithium that water may take a second, A, to cost a tenth of the charge in the whole time.
fn seal(stored: &Stored) -> Option<f64> {
    const HALVINGS: usize = 60;
    let allowed = (1.0 - SEAL_COST) * stored.left(0.0, 0.0);
    let (mut low, mut high) = (0.0, stored.negative.lithium);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if stored.left(0.0, middle) >= allowed {
            low = middle
        } else {
            high = middle
        }
    }
    (low > 0.0).then_some(low / (YEARS * JULIAN_YEAR))
}
