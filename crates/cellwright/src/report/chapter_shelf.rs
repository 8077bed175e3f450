//! Part "On the shelf" of the chapter on limits: charge left after years, and where the rest went.

use super::data::Report;
use super::escape::{escape, marked};
use super::figure::{Axis, Figure, Series, Stroke};
use super::figure_html::figure;
use super::number::significant;
use super::plot::Plot;
use super::typeset;
use std::fmt::Write;

/// Charge left and lost over the years.
pub fn figures(report: &Report) -> Vec<Figure> {
    let Some(shelf) = &report.shelf else { return Vec::new() };
    if shelf.years.len() < 2 || shelf.parts.iter().any(|p| p.share.len() != shelf.years.len()) {
        return Vec::new();
    }
    let series = shelf.parts.iter().map(|p| {
        let percent = p.share.iter().map(|v| 100.0 * v).collect();
        Series::line(typeset::prose(&p.name), p.colour, shelf.years.clone(), percent).drawn(Stroke::Area)
    });
    let ends = shelf.parts.iter().map(|p| {
        let last = p.share.last().copied().unwrap_or(0.0);
        format!("{} {} %", p.name, significant(100.0 * last, 3))
    });
    vec![Figure {
        id: "p-shelf".into(),
        title: "Charge left, and lost by cause".into(),
        finding: format!(
            "Charge left and lost over years. At the end: {}.",
            ends.collect::<Vec<_>>().join("; ")
        ),
        size: [1100.0, 260.0],
        x: Axis::new("Time on the shelf / a").with_limits(0.0, shelf.years.last().copied().unwrap_or(1.0)),
        y: Axis::new("Charge / %").with_limits(0.0, 100.0),
        series: series.collect(),
        ..Figure::default()
    }]
}

/// The plot, the losses as a table, and what is not counted; empty if there is neither.
pub fn block(report: &Report, plots: &[Plot]) -> String {
    let Some(shelf) = &report.shelf else { return String::new() };
    let mut out = String::from(r#"<h3 class="gap" id="shelf">On the shelf</h3>"#);
    if !shelf.lede.is_empty() {
        let _ = write!(out, r#"<p class="lede">{}</p>"#, marked(&typeset::prose(&shelf.lede)));
    }
    out.push_str(&table(report));
    let drawn: String = plots.iter().map(figure).collect();
    if !drawn.is_empty() {
        let _ = write!(out, r#"<div class="gap">{drawn}</div>"#);
    }
    if !shelf.gaps.is_empty() {
        let _ = write!(
            out,
            r#"<p class="empty">Not counted, because it is not known: {}.</p>"#,
            marked(&typeset::prose(&shelf.gaps.join("; ")))
        );
    }
    out
}

fn table(report: &Report) -> String {
    let rows = report.shelf.as_ref().map_or(&[][..], |s| &s.rows);
    if rows.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        r#"<div class="tw"><table class="t"><thead><tr><th>Cause</th><th class="n">First year</th><th class="n">All years</th><th class="n">Share / %</th><th>Meaning</th></tr></thead><tbody>"#,
    );
    for r in rows {
        let _ = write!(
            out,
            r#"<tr><td>{}</td><td class="n nw">{}</td><td class="n nw">{}</td><td class="n">{}</td><td>{}</td></tr>"#,
            escape(&typeset::prose(&r.quantity)),
            escape(&typeset::prose(&r.first_year)),
            escape(&typeset::prose(&r.whole)),
            r.share.map_or(String::new(), |s| significant(100.0 * s, 3)),
            marked(&typeset::prose(&r.meaning))
        );
    }
    out + "</tbody></table></div>"
}
