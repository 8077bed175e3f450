//! Integrates the slow changes of a model along the accepted steps, by the trapezoidal rule.

use crate::checkpoint::{Checkpoint, CheckpointError};
use cellwright_electrochem::model::Model;

/// What has come together since it was applied last.
#[derive(Clone, Debug, Default)]
pub struct Wearing {
    last: Option<(f64, Vec<f64>)>,
    /// Integral of every rate.
    pub sums: Vec<f64>,
}

impl Wearing {
    /// Freezes it with what the model has come to.
    pub fn store(&self, model: &Model, c: &mut Checkpoint) {
        c.arrays.insert("wearing".into(), self.sums.clone());
        c.arrays.insert("worn".into(), model.wears.iter().map(|w| w.total).collect());
        c.arrays.insert("isolated".into(), model.isolated.to_vec());
    }

    /// Takes it up again, with a new model.
    ///
    /// # Errors
    /// [`CheckpointError`] if something is missing or does not fit the model.
    pub fn restore(model: &mut Model, c: &Checkpoint) -> Result<Wearing, CheckpointError> {
        let (worn, isolated) = (c.array("worn")?, c.array("isolated")?);
        let [negative, positive] = *isolated else {
            return Err(CheckpointError::Damaged {
                what: "isolated lithium of another number of electrodes",
            });
        };
        if worn.len() != model.wears.len() {
            return Err(CheckpointError::Damaged {
                what: "slow changes of another number",
            });
        }
        model.restore_wear(worn, [negative, positive]);
        Ok(Wearing {
            last: None,
            sums: c.array("wearing")?.to_vec(),
        })
    }

    /// Goes on to the state `y` at `time`; the first call after a start only looks.
    pub fn advance(&mut self, model: &mut Model, y: &[f64], time: f64) {
        if model.wears.is_empty() {
            return;
        }
        self.sums.resize(model.wears.len(), 0.0);
        let rates = model.wear_rates(y);
        if let Some((before, old)) = self.last.replace((time, rates.clone())) {
            for (sum, (a, b)) in self.sums.iter_mut().zip(old.iter().zip(&rates)) {
                *sum += 0.5 * (a + b) * (time - before);
            }
        }
    }

    /// Applies it to the model.
    pub fn apply(&mut self, model: &mut Model, y: &[f64]) {
        model.wear(&self.sums, y);
        self.sums.fill(0.0);
        self.last = None;
    }
}
