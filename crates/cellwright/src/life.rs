//! How a cell ages in its protocol: capacity over the cycles, and lithium and active material lost by cause.

use crate::prepare::Prepared;
use cellwright_base::constants::FARADAY;
use cellwright_electrochem::model::LEAKED;
use cellwright_electrochem::wear::Wear;
use cellwright_lab::jump::Jumped;
use cellwright_lab::results::{Quantity, TimeSeries};
use cellwright_lab::solution::Solution;
use serde::Serialize;

/// Lithium that is out of use.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lost {
    /// Electrode: `negative` or `positive`.
    pub electrode: &'static str,
    /// What took it.
    pub cause: &'static str,
    /// How much, Ah.
    pub lithium_ah: f64,
}

/// What wear has done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Degradation {
    /// Electrode: `negative` or `positive`.
    pub electrode: &'static str,
    /// The mechanism.
    pub cause: &'static str,
    /// Active material lost, relative, or area resistance gained, ohm m².
    pub amount: f64,
    /// True for a resistance.
    pub resistance: bool,
}

/// A cell after its protocol.
#[derive(Clone, Debug, Default)]
pub struct Life {
    /// Cycle numbers with the charge that the largest discharge of the cycle delivered, C.
    pub cycles: Vec<(u64, f64)>,
    /// Lithium lost by cause.
    pub lost: Vec<Lost>,
    /// Active material lost and resistance gained by cause.
    pub degradation: Vec<Degradation>,
    /// Charge that leaked, C.
    pub leaked: f64,
    /// Lithium of all hosts at the start, C; `None` beside lithium metal, which has more than is counted.
    pub hosts: Option<f64>,
    /// Difference of the lithium that left the hosts from what was lost, relative to the lithium moved.
    pub closure: f64,
    /// What cycle-jumping did.
    pub jumped: Jumped,
    /// True if the design has mechanisms of ageing.
    pub ages: bool,
}

/// The numbers for `summary.json`.
#[derive(Clone, Debug, Serialize)]
pub struct LifeSummary {
    /// Cycles that were carried out, those among them in which the cell settled after a jump.
    pub carried_out: u64,
    /// Cycles jumped over.
    pub jumped_over: u64,
    /// Estimated error of the capacity by jumping, relative.
    pub jump_error: f64,
    /// Capacity of the first cycle and of the last, Ah.
    pub capacity_ah: [f64; 2],
    /// Number of the last cycle.
    pub last_cycle: u64,
    /// Lithium lost by cause.
    pub lost: Vec<Lost>,
    /// Active material lost and resistance gained.
    pub degradation: Vec<Degradation>,
    /// Charge leaked through the electrolyte, Ah.
    pub leaked_ah: f64,
    /// Closure of the lithium, relative.
    pub closure: f64,
}

impl Life {
    /// Capacity of the last cycle relative to the first.
    pub fn retention(&self) -> Option<f64> {
        let ((_, first), (_, last)) = (self.cycles.first()?, self.cycles.last()?);
        (*first > 0.0).then(|| last / first)
    }

    /// Number and capacity of every cycle, for `cycles.csv`.
    pub fn table(&self) -> TimeSeries {
        let mut out = TimeSeries::new(&[Quantity::CycleCount, Quantity::DischargingCapacity]);
        self.cycles.iter().for_each(|(cycle, charge)| out.push(&[*cycle as f64, *charge]));
        out
    }

    /// Cycles that were carried out: those with a capacity, and those in which the cell settled.
    pub fn carried_out(&self) -> u64 {
        self.cycles.len() as u64 + self.jumped.jumps
    }

    /// The numbers for `summary.json`.
    pub fn summary(&self) -> LifeSummary {
        let capacity = |c: Option<&(u64, f64)>| c.map_or(0.0, |c| c.1 / 3600.0);
        LifeSummary {
            carried_out: self.carried_out(),
            jumped_over: self.jumped.passes,
            jump_error: self.jumped.error,
            capacity_ah: [capacity(self.cycles.first()), capacity(self.cycles.last())],
            last_cycle: self.cycles.last().map_or(0, |c| c.0),
            lost: self.lost.clone(),
            degradation: self.degradation.clone(),
            leaked_ah: self.leaked / 3600.0,
            closure: self.closure,
        }
    }
}

/// Names of the electrodes.
const SIDES: [&str; 2] = ["negative", "positive"];

/// The life of a cell that ages or goes through more than one cycle.
pub fn of(prepared: &Prepared, solution: &Solution) -> Option<Life> {
    let cycles = cycles(solution);
    let ages = !prepared.cell.ageing.is_empty();
    if !ages && cycles.len() < 2 {
        return None;
    }
    let (start, end) = &solution.inventory;
    let mut model = prepared.cell.model(prepared.cell.spec.clone());
    model.restore_wear(&solution.worn, end.isolated);
    let hours = |mol: f64| mol * FARADAY / 3600.0;
    let taken = model.taken(&solution.state).into_iter();
    let mut lost: Vec<Lost> = taken
        .map(|(e, cause, amount)| Lost {
            electrode: SIDES[e],
            cause,
            lithium_ah: hours(amount),
        })
        .collect();
    for (e, amount) in end.isolated.iter().enumerate().filter(|(_, n)| **n != 0.0) {
        lost.push(Lost {
            electrode: SIDES[e],
            cause: "lost active material",
            lithium_ah: hours(*amount),
        });
    }
    let degradation = model.wears.iter().map(|w| {
        let film = [&model.spec.negative, &model.spec.positive][w.electrode]
            .active()
            .map_or(0.0, |a| a.film_resistance);
        let resistance = matches!(w.wear, Wear::Resistance(_));
        Degradation {
            electrode: SIDES[w.electrode],
            cause: w.wear.name(),
            amount: if resistance {
                (film * film + w.total).sqrt() - film
            } else {
                -(-w.total).exp_m1()
            },
            resistance,
        }
    });
    let metal = start.negative == 0.0 || start.positive == 0.0;
    Some(Life {
        cycles,
        degradation: degradation.collect(),
        lost,
        leaked: model.border(&solution.state, LEAKED),
        hosts: (!metal).then_some(FARADAY * (start.negative + start.positive)),
        closure: solution.balances.lithium(),
        jumped: solution.jumped,
        ages,
    })
}

/// Charge of the largest discharge of every cycle that charges too; pulses of one direction are no cycles.
fn cycles(solution: &Solution) -> Vec<(u64, f64)> {
    let mut out: Vec<(u64, f64, bool)> = vec![];
    for step in solution.steps.iter().filter(|s| s.charge != 0.0 && s.cycle > 0 && !s.settling) {
        let (delivered, charges) = (step.charge.max(0.0), step.charge < 0.0);
        match out.last_mut() {
            Some((cycle, most, both)) if *cycle == step.cycle => (*most, *both) = (most.max(delivered), *both || charges),
            _ => out.push((step.cycle, delivered, charges)),
        }
    }
    out.retain(|(_, delivered, both)| *delivered > 0.0 && *both);
    out.into_iter().map(|(cycle, delivered, _)| (cycle, delivered)).collect()
}
