//! Part "Ageing" of the chapter on limits: capacity over the cycles, and lithium lost by cause.

use super::colour::Colour;
use super::data::Report;
use super::escape::{escape, marked};
use super::figure::{Axis, Figure, Series, Stroke};
use super::figure_html::figure;
use super::kind::Kind;
use super::number::significant;
use super::plot::Plot;
use super::typeset;
use std::fmt::Write;

/// Capacity over the cycles.
pub fn figures(report: &Report) -> Vec<Figure> {
    let Some(life) = &report.life else { return Vec::new() };
    if life.cycles.len() < 2 || life.cycles.len() != life.capacity.len() {
        return Vec::new();
    }
    let most = life.capacity.iter().copied().fold(0.0, f64::max);
    let unit = Kind::Capacity.unit(most);
    let values = unit.all(&life.capacity);
    let ends = [&values[0], &values[values.len() - 1]].map(|v| significant(*v, 4));
    vec![Figure {
        id: "p-life".into(),
        title: "Capacity over the cycles".into(),
        finding: format!(
            "Capacity over the cycles: {} {} in cycle {}, {} {} in cycle {}.",
            ends[0],
            unit.symbol,
            life.cycles[0],
            ends[1],
            unit.symbol,
            life.cycles[life.cycles.len() - 1]
        ),
        size: [1100.0, 260.0],
        x: Axis::new("Cycle"),
        y: Axis::new(unit.label("Capacity")).with_column("Discharging Capacity / C", unit.factor),
        series: vec![Series::line("Discharge", Colour::Positive, life.cycles.clone(), values).drawn(Stroke::Rings)],
        ..Figure::default()
    }]
}

/// The finding, the plot, the losses as a table and how they were computed; empty for a cell that does not age.
pub fn block(report: &Report, plots: &[Plot]) -> String {
    let Some(life) = &report.life else { return String::new() };
    let mut out = String::from(r#"<h3 class="gap" id="life">Ageing</h3>"#);
    if !life.lede.is_empty() {
        let _ = write!(out, r#"<p class="lede">{}</p>"#, marked(&typeset::prose(&life.lede)));
    }
    let drawn: String = plots.iter().map(figure).collect();
    if !drawn.is_empty() {
        let _ = write!(out, r#"<div class="gap">{drawn}</div>"#);
    }
    out.push_str(&table(report));
    if !life.method.is_empty() {
        let _ = write!(out, r#"<p class="empty">{}</p>"#, marked(&typeset::prose(&life.method)));
    }
    out
}

fn table(report: &Report) -> String {
    let rows = report.life.as_ref().map_or(&[][..], |l| &l.rows);
    if rows.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        r#"<div class="tw gap"><table class="t"><thead><tr><th>Changed</th><th class="n">Amount</th><th class="n">Share / %</th><th>Meaning</th></tr></thead><tbody>"#,
    );
    for row in rows {
        let share = row.share.map_or(String::new(), |s| significant(100.0 * s, 3));
        let _ = write!(
            out,
            r#"<tr><td>{}</td><td class="n">{}</td><td class="n">{share}</td><td>{}</td></tr>"#,
            escape(&typeset::prose(&row.quantity)),
            escape(&row.value),
            marked(&typeset::prose(&row.meaning))
        );
    }
    out + "</tbody></table></div>"
}
