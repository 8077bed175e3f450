//! Chapter "What limits it": losses over time, their means, sensitivities.

use super::chapter_cycle::bands;
use super::data::Report;
use super::escape::{escape, marked};
use super::figure::{Axis, Figure, Series, Stroke};
use super::figure_html::figure;
use super::frames;
use super::kind::Kind;
use super::number::{compact, formula, signed, significant};
use super::plot::Plot;
use std::fmt::Write;

/// The stacked losses over time.
pub fn figures(report: &Report) -> Vec<Figure> {
    let Some(losses) = report.losses.as_ref() else { return Vec::new() };
    let n = report.frames.len();
    if n < 2 || losses.components.is_empty() || losses.components.iter().any(|c| c.loss.len() != n) {
        return Vec::new();
    }
    let unit = frames::time_unit(report);
    let t = unit.all(&report.frames);
    let series: Vec<Series> = losses
        .components
        .iter()
        .map(|c| Series::line(formula(&c.name), c.colour, t.clone(), c.loss.iter().map(|v| v * 1e3).collect()).drawn(Stroke::Area))
        .collect();
    let sum = |i: usize, sign: f64| losses.components.iter().map(|c| (sign * c.loss[i]).max(0.0)).sum::<f64>() * 1e3;
    let up: Vec<f64> = (0..n).map(|i| sum(i, 1.0)).collect();
    let down: Vec<f64> = (0..n).map(|i| sum(i, -1.0)).collect();
    let (top, peak) = cut(&t, &up);
    let (bottom, dip) = cut(&t, &down);
    let (lo, hi) = super::ticks::round_limits(if bottom > 0.02 * top { -bottom } else { 0.0 }, top.max(1e-3), 6);
    let mut note = String::from("Hue names the place, shade the mechanism.");
    if peak > hi * 1.001 || dip > -lo * 1.001 && lo < 0.0 {
        let _ = write!(note, " The axis is cut; the sum reaches {} mV.", significant(peak.max(dip), 3));
    }
    if !losses.closure.is_empty() {
        let _ = write!(note, " {}", losses.closure);
    }
    vec![Figure {
        id: "p-loss".into(),
        title: "Where the voltage goes".into(),
        finding: format!(
            "Stacked losses over time. {}.",
            means(report)
                .iter()
                .map(|m| format!("{}: mean {} mV", m.0, significant(m.2 * 1e3, 3)))
                .collect::<Vec<_>>()
                .join("; ")
        ),
        note,
        size: [640.0, 330.0],
        x: Axis::new(unit.label("Test time")).with_column("Test Time / s", unit.factor),
        y: Axis::new("Loss / mV").with_limits(lo.min(0.0), hi),
        series,
        bands: bands(report, &unit),
        now: Some(unit.of(report.frames[frames::opening(report)])),
        ..Figure::default()
    }]
}

/// Upper limit of an axis that leaves out a short spike, and the true peak.
fn cut(time: &[f64], sum: &[f64]) -> (f64, f64) {
    let peak = sum.iter().copied().fold(0.0, f64::max);
    let mut spans: Vec<(f64, f64)> = time
        .windows(2)
        .zip(sum.windows(2))
        .map(|(t, s)| (s[0].max(s[1]), t[1] - t[0]))
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = spans.iter().map(|s| s.1).sum();
    let mut seen = 0.0;
    let usual = spans.iter().find(|s| {
        seen += s.1;
        seen >= 0.985 * total
    });
    let usual = usual.map_or(peak, |s| s.0);
    (
        if peak > 2.0 * usual && usual > 0.0 {
            1.35 * usual
        } else {
            1.04 * peak
        },
        peak,
    )
}

/// Mean of each component over the main step (over everything without one): name, colour, volt.
fn means(report: &Report) -> Vec<(String, &'static str, f64)> {
    let Some(losses) = &report.losses else { return Vec::new() };
    let step = report.cycle.main_step.and_then(|i| report.cycle.steps.get(i));
    let inside = |t: f64| step.is_none_or(|s| t >= s.start - 1e-9 * s.end && t <= s.end + 1e-9 * s.end);
    losses
        .components
        .iter()
        .map(|c| {
            if let Some(mean) = c.mean {
                return (formula(&c.name), c.colour.css(), mean);
            }
            let (mut area, mut span) = (0.0, 0.0);
            for i in 1..report.frames.len().min(c.loss.len()) {
                let (a, b) = (report.frames[i - 1], report.frames[i]);
                if inside(a) && inside(b) {
                    area += 0.5 * (c.loss[i] + c.loss[i - 1]) * (b - a);
                    span += b - a;
                }
            }
            (formula(&c.name), c.colour.css(), if span > 0.0 { area / span } else { 0.0 })
        })
        .collect()
}

/// Body of the chapter.
pub fn chapter(report: &Report, plots: &[Plot]) -> String {
    let Some(losses) = &report.losses else {
        return r#"<p class="lede">Not computed in this run.</p><p class="empty">The division of the losses was not recorded.</p>"#.into();
    };
    let lede = if losses.lede.is_empty() {
        String::new()
    } else {
        format!(r#"<p class="lede">{}</p>"#, marked(&losses.lede))
    };
    let body: String = plots.iter().map(figure).collect();
    format!(
        r#"{lede}<div class="g32">{body}<div class="stackc">{}{}</div></div>"#,
        mean_table(report),
        sensitivity(report)
    )
}

fn mean_table(report: &Report) -> String {
    let rows = means(report);
    if rows.is_empty() {
        return String::new();
    }
    let total: f64 = rows.iter().map(|r| r.2).sum();
    let largest = rows.iter().map(|r| r.2).fold(1e-12, f64::max);
    let step = report.cycle.main_step.and_then(|i| report.cycle.steps.get(i));
    let head = step.map_or("Mean over the run".to_string(), |s| {
        format!("Mean over “{}”", if s.short.is_empty() { &s.label } else { &s.short })
    });
    let mut out = format!(
        r#"<div class="tw"><table class="t"><thead><tr><th>{}</th><th class="n">Mean / mV</th><th class="n">Share / %</th><th class="n live">Now / mV</th></tr></thead><tbody>"#,
        escape(&head)
    );
    for (i, (name, colour, mean)) in rows.iter().enumerate() {
        let _ = write!(
            out,
            r#"<tr><td><i class="sw" style="background:{colour}"></i>{}<span class="mb"><i style="width:{}%;background:{colour}"></i></span></td><td class="n">{}</td><td class="n">{}</td><td class="n live" data-now-loss="{i}"></td></tr>"#,
            escape(name),
            compact(100.0 * (mean / largest).max(0.0), 3),
            significant(mean * 1e3, 3),
            significant(100.0 * mean / total, 2)
        );
    }
    let _ = write!(
        out,
        r#"<tr class="sum"><td>Sum</td><td class="n">{}</td><td class="n">100</td><td class="n live" data-now-loss="sum"></td></tr></tbody></table></div>"#,
        significant(total * 1e3, 3)
    );
    out
}

fn sensitivity(report: &Report) -> String {
    if report.sensitivity.is_empty() {
        return String::new();
    }
    let largest = report.sensitivity.iter().fold(0.0f64, |a, s| a.max(s.capacity.abs()));
    let unit = Kind::Capacity.unit(largest);
    let mut out = format!(
        r#"<div class="tw"><table class="t"><thead><tr><th>If you change</th><th class="n">Loss / mV</th><th class="n">Capacity / {}</th></tr></thead><tbody>"#,
        escape(&unit.symbol)
    );
    for s in &report.sensitivity {
        let _ = write!(
            out,
            r#"<tr><td>{}</td><td class="n">{}</td><td class="n">{}</td></tr>"#,
            escape(&s.change),
            signed(s.loss * 1e3, 2),
            signed(unit.of(s.capacity), 2)
        );
    }
    out + "</tbody></table></div>"
}
