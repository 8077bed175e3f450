//! What a run with a temperature field records: its extremes, and where the heat went.

use crate::results::{Quantity, TimeSeries};
use crate::solution::Solution;
use cellwright_electrochem::model::Model;

/// Names and units of the columns.
const COLUMNS: [(&str, &str); 6] = [
    ("Lowest Temperature", "K"),
    ("Highest Temperature", "K"),
    ("Hottest Volume", "1"),
    ("Heat Released", "J"),
    ("Heat Given Off", "J"),
    ("Heat Stored", "J"),
];

pub(crate) fn add_columns(series: &mut TimeSeries) {
    for (name, unit) in COLUMNS {
        series.add(name, unit);
    }
}

/// One row of them.
pub(crate) fn values(model: &Model, y: &[f64]) -> [f64; COLUMNS.len()] {
    let (spread, balance) = (model.temperature_spread(y), model.heat_balance(y));
    [
        spread.least,
        spread.greatest,
        spread.hottest as f64,
        balance.released,
        balance.given_off,
        balance.stored,
    ]
}

/// The temperature field of a run in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TemperatureExtremes {
    /// Highest temperature, K, when, s, and in which control volume.
    pub highest: (f64, f64, usize),
    /// Largest difference within the cell at one time, K, and when, s.
    pub spread: (f64, f64),
    /// Heat released, given off and stored at the end, J.
    pub heat: [f64; 3],
    /// Largest of released minus given off minus stored, over the heat that was moved.
    pub gap: f64,
}

impl Solution {
    /// What the temperature field did; `None` without one, or without details.
    pub fn temperature_extremes(&self) -> Option<TemperatureExtremes> {
        let columns: Vec<&[f64]> = COLUMNS.iter().map(|c| self.series.named(c.0)).collect::<Option<_>>()?;
        let time = self.column(Quantity::TestTime);
        let mut out = TemperatureExtremes::default();
        let (mut gap, mut moved): (f64, f64) = (0.0, 0.0);
        for (row, t) in time.iter().enumerate() {
            let at = |k: usize| columns[k][row];
            if row == 0 || at(1) > out.highest.0 {
                out.highest = (at(1), *t, at(2) as usize);
            }
            if at(1) - at(0) > out.spread.0 {
                out.spread = (at(1) - at(0), *t);
            }
            out.heat = [at(3), at(4), at(5)];
            gap = gap.max((at(3) - at(4) - at(5)).abs());
            moved = out.heat.iter().map(|h| h.abs()).fold(moved, f64::max);
        }
        out.gap = if moved > 0.0 { gap / moved } else { 0.0 };
        Some(out)
    }
}
