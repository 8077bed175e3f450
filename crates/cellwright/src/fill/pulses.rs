//! Pulse trains for the report.

use crate::pulses::Train;
use crate::report::data::{PulseRow, PulseTrain};
use crate::report::kind::Kind;
use crate::report::number::significant;
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_lab::pulse_train::{LoadPulse, Reach};

/// Most pulses that are drawn.
const MOST_DRAWN: usize = 200;
/// Most pulses in the table.
const MOST_ROWS: usize = 10;

/// The train for the chapter, and its finding.
pub fn train(t: &Train) -> (PulseTrain, String) {
    let drawn: Vec<(usize, &LoadPulse)> = t.chosen(MOST_DRAWN).into_iter().map(|k| (k, &t.pulses[k])).collect();
    let values = |f: fn(&LoadPulse) -> f64| drawn.iter().map(|(_, p)| f(p)).collect::<Vec<f64>>();
    let row = |k: usize| {
        let p = &t.pulses[k];
        PulseRow {
            number: k + 1,
            current: p.current,
            before: p.before,
            instantaneous: p.instantaneous_drop(),
            end: p.end_drop(),
            recovery: p.recovery(),
            lowest: p.lowest,
        }
    };
    let data = PulseTrain {
        number: drawn.iter().map(|(k, _)| (k + 1) as f64).collect(),
        instantaneous: values(LoadPulse::resistance),
        whole: values(|p| p.end_drop() / p.current),
        lowest: values(|p| p.lowest),
        before: values(|p| p.before),
        limit: t.limit,
        rows: t.chosen(MOST_ROWS).into_iter().map(row).collect(),
    };
    (data, finding(t))
}

fn finding(t: &Train) -> String {
    let (Some(first), Some(last)) = (t.pulses.first(), t.pulses.last()) else {
        return String::new();
    };
    let ohms = |p: &LoadPulse| format_quantity(p.resistance(), Dimension::RESISTANCE);
    let limit = format!("{} V", significant(t.limit, 3));
    let until = match t.reach {
        Some(Reach::Reached(k)) => format!(" Pulse {k} is the first that comes down to {limit}."),
        Some(Reach::Expected(k)) => format!(
            " If charge and drop stay those of the last pulse, number **{}** will be the first that comes down to {limit}.",
            significant(k, 3)
        ),
        Some(Reach::Beyond) => format!(" Pulses like these never come down to {limit}."),
        None => String::new(),
    };
    format!(
        "{} pulses: the first drops {} at once and {} at its end, the last {} and {}; resistance at once {} and {}. The lowest voltage is {}.{until}",
        t.pulses.len(),
        Kind::Voltage.text(first.instantaneous_drop()),
        Kind::Voltage.text(first.end_drop()),
        Kind::Voltage.text(last.instantaneous_drop()),
        Kind::Voltage.text(last.end_drop()),
        ohms(first),
        ohms(last),
        Kind::Voltage.text(t.lowest())
    )
}
