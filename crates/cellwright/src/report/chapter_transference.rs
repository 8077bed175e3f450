//! Transference numbers in the chapter "Tests": current over the step of voltage, what follows from it, and what it is worth.

use super::colour::Colour;
use super::data::{Report, TransferenceStep, TransferenceTest};
use super::escape::{escape, marked};
use super::figure::{Axis, Figure, Limit, Series};
use super::kind::Kind;
use super::number::significant;
use cellwright_base::units::{Dimension, format_quantity};
use std::fmt::Write;

/// Most steps that are drawn.
const MOST: usize = 4;
/// Start of the logarithmic axis of time, s: what charges the double layers shows, and no more.
const EARLIEST: f64 = 1e-6;
/// Room above the largest and below the smallest current.
const ROOM: f64 = 0.12;

/// Current over time, one figure per step.
pub fn figures(report: &Report) -> Vec<Figure> {
    let test = report.electrical.as_ref().and_then(|e| e.transference.as_ref());
    test.map_or(vec![], |t| {
        t.steps.iter().take(MOST).enumerate().map(|(k, s)| figure(k, s)).collect()
    })
}

fn figure(k: usize, step: &TransferenceStep) -> Figure {
    let largest = step.current.iter().copied().fold(step.initial, f64::max);
    let unit = Kind::Current.unit(largest);
    let (time, current): (Vec<f64>, Vec<f64>) = step
        .time
        .iter()
        .zip(&step.current)
        .filter(|(t, _)| **t >= EARLIEST)
        .map(|(t, i)| (*t, unit.of(*i)))
        .unzip();
    let lowest = current.iter().copied().fold(unit.of(step.steady), f64::min);
    let span = unit.of(largest) - lowest;
    let origin = if step.from_spectrum {
        "ΔV/(Rₑ + R₀) of the spectrum"
    } else {
        "first recorded"
    };
    Figure {
        id: format!("p-tplus-{k}"),
        title: format!("Current after a step of {}", Kind::Voltage.text(step.voltage)),
        finding: "Magnitude of the current over the time since the step of voltage.".into(),
        note: step.label.clone(),
        size: [580.0, 360.0],
        x: Axis::new("Time since the step / s").logarithmic(),
        y: Axis::new(unit.label("Current")).with_limits((lowest - ROOM * span).max(0.0), unit.of(largest) + ROOM * span),
        series: vec![Series::line("Current", Colour::Electrolyte, time, current)],
        limits: vec![
            Limit {
                y: unit.of(step.initial),
                label: format!("I₀, {origin}"),
            },
            Limit {
                y: unit.of(step.steady),
                label: "Iₛ, at the end".into(),
            },
        ],
        ..Figure::default()
    }
}

/// The numbers of all steps, and what they are worth.
pub fn table(test: &TransferenceTest) -> String {
    let mut out = String::from(
        r#"<div class="tw gap"><table class="t"><thead><tr><th>Step</th><th class="n">I₀</th><th class="n">Iₛ</th><th class="n">Rₑ</th><th class="n">R₀</th><th class="n">Rₛ</th><th class="n">Iₛ/I₀</th><th class="n">Extracted</th><th class="n">Foretold, 1/(1 + Ne)</th><th class="n">t₊ put in</th></tr></thead><tbody>"#,
    );
    let ohms = |r: Option<f64>| r.map_or("—".into(), |r| escape(&format_quantity(r, Dimension::RESISTANCE)));
    for s in &test.steps {
        let _ = write!(
            out,
            r#"<tr><td>{}</td><td class="n nw">{}</td><td class="n nw">{}</td><td class="n nw">{}</td><td class="n nw">{}</td><td class="n nw">{}</td><td class="n">{}</td><td class="n"><b>{}</b></td><td class="n">{}</td><td class="n">{}</td></tr>"#,
            escape(&s.label),
            escape(&Kind::Current.text(s.initial)),
            escape(&Kind::Current.text(s.steady)),
            ohms(s.electrolyte),
            ohms(s.interface[0]),
            ohms(s.interface[1]),
            significant(s.steady / s.initial, 3),
            significant(s.number, 3),
            significant(test.foretold, 3),
            significant(test.truth, 3)
        );
    }
    out.push_str("</tbody></table></div>");
    let _ = write!(out, r#"<p class="note">{}</p>"#, marked(&test.note));
    for s in test.steps.iter().filter(|s| !s.doubts.is_empty()) {
        let _ = write!(
            out,
            r#"<p class="note"><b>In doubt</b>, {}: {}.</p>"#,
            escape(&s.label),
            escape(&s.doubts.join("; "))
        );
    }
    out
}
