//! Random parameter sets and what must hold of the chip that each makes.

use cellwright_fab::emulate::{Options, fabricate};
use cellwright_fab::plan::Plan;
use cellwright_fab::template::{Template, Values};
use cellwright_materials::Library;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// A linear congruential generator (Knuth, MMIX): the same sets on every machine.
pub struct Dice(pub u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Evenly spread in the logarithm.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        (low.ln() + self.unit() * (high / low).ln()).exp().clamp(low, high)
    }
}

/// A third of the dimensions anywhere within their bounds, the others within half and twice their default.
pub fn random(t: &Template, dice: &mut Dice) -> Values {
    let mut v = t.defaults("random", [10e-3, 10e-3]);
    for ((_, value), p) in v.parameters.iter_mut().zip(t.parameters) {
        let wild = dice.unit() < 0.33;
        let (low, high) = if wild {
            p.bounds
        } else {
            (p.bounds.0.max(p.default / 2.0), p.bounds.1.min(p.default * 2.0))
        };
        *value = dice.between(low, high);
        if p.whole {
            *value = value.round().clamp(p.bounds.0, p.bounds.1);
        }
    }
    for film in v.films.iter_mut().filter(|f| f.thickness.is_finite()) {
        film.thickness *= dice.between(0.5, 2.0);
    }
    v
}

/// The sets of an architecture, one after the other.
pub fn sets(t: &Template, seed: u64) -> impl Iterator<Item = Values> {
    let name: u64 = t.name.bytes().map(u64::from).sum();
    let mut dice = Dice(seed + name);
    std::iter::repeat_with(move || random(t, &mut dice))
}

/// What came of a sweep.
pub struct Outcome {
    /// Sets that the template refused with a reason.
    pub refused: usize,
    /// What failed and for which set.
    pub failures: Vec<String>,
    /// Longest time of one set.
    pub slowest: Duration,
}

/// Makes `n` random chips of an architecture.
pub fn sweep(t: &Template, n: usize, seed: u64) -> Outcome {
    let library = Library::embedded();
    let mut out = Outcome {
        refused: 0,
        failures: vec![],
        slowest: Duration::ZERO,
    };
    for (i, values) in sets(t, seed).take(n).enumerate() {
        let Ok(plan) = (t.expand)(&values) else {
            out.refused += 1;
            continue;
        };
        let start = Instant::now();
        // The set is part of the report, so a panic must not end the sweep.
        let fault = catch_unwind(AssertUnwindSafe(|| fault(&plan, &library))).unwrap_or_else(|_| Some("panicked".to_owned()));
        out.slowest = out.slowest.max(start.elapsed());
        if let Some(fault) = fault {
            out.failures.push(format!("{} set {i}: {fault}\n    {}", t.name, shown(&values)));
        }
    }
    out
}

/// The parameters and thicknesses of a set.
fn shown(values: &Values) -> String {
    let parameters = values.parameters.iter().map(|(n, v)| format!("{n} {v:.6e}"));
    let films = values
        .films
        .iter()
        .filter(|f| f.thickness.is_finite())
        .map(|f| format!("{}.thickness {:.6e}", f.name, f.thickness));
    parameters.chain(films).collect::<Vec<_>>().join(", ")
}

/// What does not hold of the chip.
pub fn fault(plan: &Plan, library: &Library) -> Option<String> {
    let options = Options {
        coarseness: 6.0,
        every_step: false,
    };
    let made = match fabricate(plan, library, &options) {
        Ok(made) => made,
        Err(faults) => return Some(format!("refused: {}", faults[0].message)),
    };
    let inventory = &made.fabrication.inventory;
    let name = |region: usize| &made.fabrication.regions[region].name;
    for item in &inventory.items {
        if !(item.volume.is_finite() && item.volume >= 0.0) {
            return Some(format!("volume of `{}` is {:e}", name(item.region), item.volume));
        }
        if !(item.surface.is_finite() && item.surface >= 0.0) {
            return Some(format!("surface of `{}` is {:e}", name(item.region), item.surface));
        }
        if item.mass.is_some_and(|m| !(m.is_finite() && m >= 0.0)) {
            return Some(format!("mass of `{}` is {:?}", name(item.region), item.mass));
        }
    }
    if !(inventory.void.is_finite() && inventory.void >= -1e-9 * inventory.box_volume) {
        return Some(format!("void is {:e}", inventory.void));
    }
    let sum: f64 = inventory.items.iter().map(|i| i.volume).sum::<f64>() + inventory.void;
    let off = (sum / inventory.box_volume - 1.0).abs();
    if off.is_nan() || off >= 1e-6 {
        return Some(format!("items and void over box is {:.9}", sum / inventory.box_volume));
    }
    if !inventory.active_area.iter().all(|a| a.is_finite() && *a >= 0.0) {
        return Some(format!("active areas are {:?}", inventory.active_area));
    }
    let lost = made
        .fabrication
        .steps
        .iter()
        .find(|s| !(s.duration.is_finite() && s.duration >= 0.0));
    lost.map(|s| format!("`{}` takes {} s", s.name, s.duration))
}
