//! Lithium metal that is used up: an electrode of metal delivers what it has, plus what was plated, minus what side reactions took.
//!
//! # Equation
//! `N = N₀ ∓ Q/F - Σ A n` with the charge Q that went through the electrode (− negative, + positive) and the amounts n of its side reactions.
//! A step of discharge ends where N is zero; a cell without an anode starts with `N₀ = 0` and lives on what charging plates.
//!
//! # Validity
//! Metal that is left conducts and covers its whole area to the last: how it thins out unevenly is not followed.

use crate::model::Model;
use cellwright_base::constants::FARADAY;

impl Model {
    /// Lithium left in a metal electrode (0 negative, 1 positive), mol; `None` where it is not counted ([`Model::metal`]).
    pub fn metal_left(&self, y: &[f64], electrode: usize) -> Option<f64> {
        let sides = self.groups[electrode].sides.as_ref();
        let taken = || -> f64 { sides.map_or(0.0, |s| s.taken(y, &self.groups[electrode].areas).iter().map(|t| t.1).sum()) };
        let through = self.groups[electrode].sign * self.charge_through(y) / FARADAY;
        self.metal[electrode].map(|start| start - through - taken())
    }

    /// Electrodes whose metal is counted.
    pub fn counted_metal(&self) -> impl Iterator<Item = usize> + '_ {
        (0..2).filter(|e| self.metal[*e].is_some())
    }

    /// Root functions of metal that is dissolving: what is left over the lithium of one hour at 1C.
    pub(crate) fn metal_events(&self, y: &[f64], out: &mut [f64]) {
        let hour = 3600.0 * self.spec.current_1c.abs() / FARADAY;
        let current = self.internal_current(y);
        for (out, e) in out.iter_mut().zip(self.counted_metal()) {
            let dissolving = self.groups[e].sign * current > 0.0;
            *out = match self.metal_left(y, e) {
                Some(left) if dissolving => left / hour,
                _ => 1.0,
            };
        }
    }
}
