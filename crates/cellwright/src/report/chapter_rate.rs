//! Chapter "Rate and Ragone": discharge curves by rate, energy against power, the table.

use super::chapter_cycle::capacity_axis;
use super::colour::Colour;
use super::data::{RateStudy, Report};
use super::escape::{escape, marked};
use super::figure::{Axis, Figure, Guide, Series, Stroke};
use super::figure_html::figure;
use super::kind::Kind;
use super::number::significant;
use super::plot::Plot;
use crate::published;
use std::fmt::Write;

/// The plots of the chapter.
pub fn figures(report: &Report) -> Vec<Figure> {
    let Some(rate) = &report.rate else { return Vec::new() };
    let mut out = Vec::new();
    let drawn: Vec<_> = rate
        .rows
        .iter()
        .filter(|r| r.curve_capacity.len() > 1 && r.curve_capacity.len() == r.curve_voltage.len())
        .collect();
    if !drawn.is_empty() {
        let largest = drawn.iter().flat_map(|r| &r.curve_capacity).fold(0.0f64, |a, v| a.max(v.abs()));
        let (area, unit, label) = capacity_axis(report.cycle.area.as_ref(), largest);
        let n = drawn.len();
        let series = drawn.iter().enumerate().map(|(i, r)| Series {
            end: r.label.clone(),
            ..Series::line(
                r.label.clone(),
                Colour::ramp(i, n),
                r.curve_capacity.iter().map(|q| unit.of(q / area)).collect(),
                r.curve_voltage.clone(),
            )
        });
        out.push(Figure {
            id: "p-rate".into(),
            title: "Discharge by rate".into(),
            finding: format!("Voltage against capacity at {} rates, slow light to fast dark.", n),
            note: "Slow is light, fast is dark.".into(),
            size: [580.0, 360.0],
            x: Axis::new(label).with_limits(0.0, 1.07 * unit.of(largest / area)),
            y: Axis::new("Voltage / V"),
            series: series.collect(),
            ..Figure::default()
        });
    }
    out.extend(ragone(rate));
    out.extend(published::figures(&own(rate)));
    out
}

/// This design as it stands beside published cells.
fn own(rate: &RateStudy) -> Vec<published::Own> {
    let drawn = rate.rows.iter().filter(|r| r.power > 0.0 && r.energy > 0.0);
    let Some(full) = rate.rows.first().map(|r| r.capacity).filter(|q| rate.footprint > 0.0 && *q > 0.0) else {
        return vec![];
    };
    vec![published::Own {
        label: "This design".into(),
        colour: Colour::Positive,
        ragone: drawn
            .clone()
            .map(|r| [r.power / rate.footprint, r.energy / rate.footprint])
            .collect(),
        kept: drawn.filter(|r| r.c_rate > 0.0).map(|r| [r.c_rate, r.capacity / full]).collect(),
    }]
}

fn ragone(rate: &RateStudy) -> Option<Figure> {
    let rows: Vec<_> = rate.rows.iter().filter(|r| r.power > 0.0 && r.energy > 0.0).collect();
    if rows.len() < 2 || rate.area.partial_cmp(&0.0) != Some(std::cmp::Ordering::Greater) {
        return None;
    }
    let middle = |values: Vec<f64>| values.iter().map(|v| v.ln()).sum::<f64>() / values.len() as f64;
    let power = Kind::ArealPower.unit(middle(rows.iter().map(|r| r.power / rate.area).collect()).exp());
    let energy = Kind::ArealEnergy.unit(middle(rows.iter().map(|r| r.energy / rate.area).collect()).exp());
    let p: Vec<f64> = rows.iter().map(|r| power.of(r.power / rate.area)).collect();
    let e: Vec<f64> = rows.iter().map(|r| energy.of(r.energy / rate.area)).collect();
    let bounds = |v: &[f64]| {
        let (lo, hi) = v.iter().fold((f64::INFINITY, 0.0f64), |a, x| (a.0.min(*x), a.1.max(*x)));
        [lo / 1.8, hi * 1.8]
    };
    let (px, ey) = (bounds(&p), bounds(&e));
    let hours = |h: f64| h * 3600.0 * power.factor / energy.factor;
    let guides = [
        (100.0, "100 h"),
        (10.0, "10 h"),
        (1.0, "1 h"),
        (0.1, "6 min"),
        (0.01, "36 s"),
        (0.001, "3.6 s"),
    ]
    .into_iter()
    .filter_map(|(h, label)| {
        let slope = hours(h);
        let (from, to) = (px[0].max(ey[0] / slope), px[1].min(ey[1] / slope));
        (to > from * 1.3).then(|| Guide {
            from: [from, from * slope],
            to: [to, to * slope],
            label: label.into(),
        })
    });
    let n = rows.len();
    let mut series = vec![Series::line("This design", Colour::Positive, p.clone(), e.clone()).drawn(Stroke::Rings)];
    for (i, r) in rows.iter().enumerate().filter(|(i, _)| *i == 0 || *i == n - 1 || *i == n / 2) {
        series.push(Series {
            end: r.label.clone(),
            unlisted: true,
            ..Series::line("", Colour::Positive, vec![p[i]], vec![e[i]])
        });
    }
    Some(Figure {
        id: "p-rag".into(),
        title: format!("Ragone: energy against power per {}", rate.basis),
        finding: format!(
            "Energy per {0} falls from {1} at {2} to {3} at {4}.",
            rate.basis,
            significant(e[0], 3),
            rows[0].label,
            significant(e[n - 1], 3),
            rows[n - 1].label
        ),
        note: format!("{} Dotted: time to empty.", rate.note).trim().into(),
        size: [580.0, 360.0],
        x: Axis::new(power.label("Mean power")).with_limits(px[0], px[1]).logarithmic(),
        y: Axis::new(energy.label("Energy")).with_limits(ey[0], ey[1]).logarithmic(),
        series,
        guides: guides.collect(),
        nearest: true,
        ..Figure::default()
    })
}

/// Body of the chapter.
pub fn chapter(report: &Report, plots: &[Plot]) -> String {
    let Some(rate) = &report.rate else {
        let line = if report.rate_hint.is_empty() {
            String::new()
        } else {
            format!(" To compute it: <code>{}</code>", escape(&report.rate_hint))
        };
        return format!(
            r#"<p class="lede">Not asked for in this run.</p><p class="empty">Discharge curves at several rates, energy against power, capacity and loss by rate.{line}</p>"#
        );
    };
    let lede = if rate.lede.is_empty() {
        String::new()
    } else {
        format!(r#"<p class="lede">{}</p>"#, marked(&rate.lede))
    };
    let (beside, plots): (Vec<&Plot>, Vec<&Plot>) = plots.iter().partition(|p| p.figure.id.starts_with("p-pub"));
    let all = |plots: Vec<&Plot>| plots.into_iter().map(figure).collect::<String>();
    let others = if beside.is_empty() {
        String::new()
    } else {
        format!(r#"<div class="stackc gap">{}</div>{}"#, all(beside), published::table())
    };
    format!(r#"{lede}<div class="g2">{}</div>{}{others}"#, all(plots), table(rate))
}

fn table(rate: &RateStudy) -> String {
    let largest = |f: fn(&super::data::RateRow) -> f64| rate.rows.iter().map(f).fold(0.0, f64::max);
    let (q, e) = (
        Kind::Capacity.unit(largest(|r| r.capacity)),
        Kind::Energy.unit(largest(|r| r.energy)),
    );
    let mut out = format!(
        r#"<div class="tw gap"><table class="t"><thead><tr><th>Rate</th><th class="n">Capacity / {}</th><th class="n">Mean voltage / V</th><th class="n">Energy / {}</th><th class="n">Mean power</th><th class="n">Mean loss / mV</th></tr></thead><tbody>"#,
        escape(&q.symbol),
        escape(&e.symbol)
    );
    for r in &rate.rows {
        let _ = write!(
            out,
            r#"<tr><td>{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td></tr>"#,
            escape(&r.label),
            significant(q.of(r.capacity), 3),
            significant(r.mean_voltage, 3),
            significant(e.of(r.energy), 3),
            escape(&Kind::Power.text(r.power)),
            r.loss.map_or("—".into(), |v| significant(v * 1e3, 3))
        );
    }
    out + "</tbody></table></div>"
}
