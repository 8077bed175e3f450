//! Part "Pulses" of the chapter on electrical tests: resistance and lowest voltage by pulse, and some pulses in numbers.

use super::colour::Colour;
use super::data::{PulseTrain, Report};
use super::escape::escape;
use super::figure::{Axis, Figure, Series, Stroke};
use super::kind::Kind;
use super::number::{fixed, significant};
use cellwright_base::units::{Dimension, format_quantity};
use std::fmt::Write;

const SIZE: [f64; 2] = [580.0, 360.0];
/// Distance of the limit, over the span of all voltages, up to which it is drawn.
const NEAR: f64 = 3.0;

/// Resistance and lowest voltage by pulse.
pub fn figures(report: &Report) -> Vec<Figure> {
    let Some(train) = report.electrical.as_ref().and_then(|e| e.pulses.as_ref()) else {
        return Vec::new();
    };
    if train.number.len() < 2 {
        return Vec::new();
    }
    vec![resistance(train), lowest(train)]
}

fn resistance(train: &PulseTrain) -> Figure {
    let line = |name: &str, colour, values: &[f64]| Series::line(name, colour, train.number.clone(), values.to_vec()).drawn(Stroke::Rings);
    let top = train.whole.iter().chain(&train.instantaneous).copied().fold(0.0, f64::max);
    Figure {
        id: "p-pulse-r".into(),
        title: "Resistance by pulse".into(),
        finding: "Drop over current of every pulse, at once and at its end.".into(),
        note: "At once: conduction, and charge transfer unless the interfaces charge first. At the end: diffusion too.".into(),
        size: SIZE,
        x: Axis::new("Pulse"),
        y: Axis::new("Resistance / Ω").with_limits(0.0, 1.08 * top.max(f64::MIN_POSITIVE)),
        series: vec![
            line("at once", Colour::Electrolyte, &train.instantaneous),
            line("at the end", Colour::Positive, &train.whole),
        ],
        nearest: true,
        ..Figure::default()
    }
}

fn lowest(train: &PulseTrain) -> Figure {
    let ends = [train.number[0], train.number[train.number.len() - 1]];
    let line = |name: &str, colour, values: &[f64]| Series::line(name, colour, train.number.clone(), values.to_vec()).drawn(Stroke::Rings);
    let mut series = vec![
        line("before", Colour::Muted, &train.before),
        line("lowest", Colour::Positive, &train.lowest),
    ];
    let high = train.before.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let low = train.lowest.iter().copied().fold(f64::INFINITY, f64::min);
    // A limit far below would press the pulses into one line.
    if low - train.limit < NEAR * (high - low) {
        series.push(Series::line("limit", Colour::Ink, ends.to_vec(), vec![train.limit; 2]).drawn(Stroke::Dashed));
    }
    Figure {
        id: "p-pulse-v".into(),
        title: "Voltage by pulse".into(),
        finding: "Voltage before every pulse and the lowest one in it.".into(),
        size: SIZE,
        x: Axis::new("Pulse"),
        y: Axis::new("Voltage / V").with_column("Voltage / V", 1.0),
        series,
        nearest: true,
        ..Figure::default()
    }
}

/// Some pulses in numbers.
pub fn table(train: &PulseTrain) -> String {
    let mut out = String::from(
        r#"<div class="tw gap"><table class="t"><thead><tr><th class="n">Pulse</th><th class="n">Current</th><th class="n">Before / V</th><th class="n">Drop at once / mV</th><th class="n">Resistance at once</th><th class="n">Drop at its end / mV</th><th class="n">Recovery / mV</th><th class="n">Lowest / V</th></tr></thead><tbody>"#,
    );
    let millivolts = |v: f64| significant(1e3 * v, 4);
    for row in &train.rows {
        let _ = write!(
            out,
            r#"<tr><td class="n">{}</td><td class="n nw">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n nw">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td></tr>"#,
            row.number,
            escape(&Kind::Current.text(row.current)),
            fixed(row.before, 4),
            millivolts(row.instantaneous),
            escape(&format_quantity(row.instantaneous / row.current, Dimension::RESISTANCE)),
            millivolts(row.end),
            row.recovery.map_or("—".into(), millivolts),
            fixed(row.lowest, 4)
        );
    }
    out + "</tbody></table></div>"
}
