//! What comes out of a run: time series, losses, profile frames, step records, balances and statistics.

use crate::impedance::Spectrum;
use crate::jump::Jumped;
use crate::results::{Quantity, TimeSeries};
use cellwright_dae::Statistics;
use cellwright_electrochem::balance::Inventory;
use cellwright_electrochem::maps::Map;
use cellwright_electrochem::profiles::ProfileAxis;

/// Columns of every run, in this order; of our own follow open-circuit voltage and the eight losses, and those of a temperature field.
pub const COLUMNS: [Quantity; 13] = Quantity::ALL;
/// Column of the first loss, after the open-circuit voltage.
pub const FIRST_LOSS: usize = COLUMNS.len() + 1;

/// How a step ended.
#[derive(Clone, Debug, PartialEq)]
pub enum StepEnd {
    /// Its duration was over, or its profile or sweep complete.
    Time,
    /// A termination was reached; the text says which.
    Limit(String),
    /// A termination held already when the step began.
    AtOnce(String),
    /// The run was interrupted.
    Interrupted,
}

/// One step that was run.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRecord {
    /// Running number from 0.
    pub index: u64,
    /// Cycle.
    pub cycle: u64,
    /// As written.
    pub text: String,
    /// Start, s.
    pub start: f64,
    /// End, s.
    pub end: f64,
    /// Charge passed, C; discharge positive.
    pub charge: f64,
    /// Energy delivered, J; discharge positive.
    pub energy: f64,
    /// Terminal voltage at the end, V.
    pub voltage: f64,
    /// Current at the end, A.
    pub current: f64,
    /// Why it ended.
    pub ended: StepEnd,
    /// First row of the series that belongs to it.
    pub first_row: usize,
    /// True in the pass after a jump, in which the cell finds its new state: its charge is not that of the cycle.
    pub settling: bool,
}

/// Profiles at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Row of the series it belongs to.
    pub row: usize,
    /// One vector per [`ProfileAxis`].
    pub values: Vec<Vec<f64>>,
    /// Fields on the control volumes, for cells in their real geometry.
    pub map: Option<Map>,
}

/// How well what must be conserved was conserved.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Balances {
    /// Lithium moved through the cell, mol: the scale of the lithium balance.
    pub lithium_moved: f64,
    /// Largest change of the total lithium, mol.
    pub lithium_gap: f64,
    /// Largest difference between lithium gained by an electrode and charge passed, mol.
    pub charge_gap: f64,
    /// Largest difference between interface currents and terminal current, A.
    pub current_gap: f64,
    /// Largest current, A.
    pub current_scale: f64,
    /// Largest difference between open-circuit voltage minus losses and the terminal voltage, V, at the states that were solved for.
    pub loss_closure: f64,
}

impl Balances {
    /// Relative lithium balance.
    pub fn lithium(&self) -> f64 {
        if self.lithium_moved > 0.0 {
            self.lithium_gap / self.lithium_moved
        } else {
            0.0
        }
    }

    /// Relative balance of charge passed against lithium gained.
    pub fn charge(&self) -> f64 {
        if self.lithium_moved > 0.0 {
            self.charge_gap / self.lithium_moved
        } else {
            0.0
        }
    }
}

/// Result of a run.
#[derive(Clone, Debug, Default)]
pub struct Solution {
    /// Rows of accepted steps, in memory SI with discharge positive.
    pub series: TimeSeries,
    /// Steps in order.
    pub steps: Vec<StepRecord>,
    /// What the frames hold.
    pub axes: Vec<ProfileAxis>,
    /// Profiles over time, thinned to a few hundred.
    pub frames: Vec<Frame>,
    /// Impedance spectra, in the order of their steps.
    pub spectra: Vec<Spectrum>,
    /// Conservation.
    pub balances: Balances,
    /// Lithium at the start and at the end.
    pub inventory: (Inventory, Inventory),
    /// Work of the integrator.
    pub statistics: Statistics,
    /// State at the end.
    pub state: Vec<f64>,
    /// Remarks: steps that ended at once, for example.
    pub remarks: Vec<String>,
    /// What every slow change of the model has come to, in its order.
    pub worn: Vec<f64>,
    /// What cycle-jumping did.
    pub jumped: Jumped,
    /// False if the run was interrupted.
    pub complete: bool,
}

impl Solution {
    /// Charge delivered since the start at a row of the series, C; negative after more charging than discharging.
    pub fn passed(&self, row: usize) -> f64 {
        self.column(Quantity::DischargingCapacity)[row] - self.column(Quantity::ChargingCapacity)[row]
    }

    /// Column of a quantity; empty if absent.
    pub fn column(&self, quantity: Quantity) -> &[f64] {
        self.series.get(quantity).unwrap_or(&[])
    }
}
