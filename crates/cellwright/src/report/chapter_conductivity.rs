//! Part "Conductivity against temperature" of the chapter on materials: the Arrhenius line of the electrolyte.

use super::colour::Colour;
use super::data::Report;
use super::escape::marked;
use super::figure::{Axis, Figure, Series, Stroke};
use super::figure_html::figure;
use super::kind::Kind;
use super::plot::Plot;
use super::typeset;
use std::fmt::Write;

/// S/m in S/cm.
const PER_CM: f64 = 1e-2;

/// log σ against 1000/T with the temperature of the cell.
pub fn figures(report: &Report) -> Vec<Figure> {
    let Some(line) = report.conductivity.as_ref().filter(|l| l.temperature.len() > 1) else {
        return Vec::new();
    };
    let x = line.temperature.iter().map(|t| 1e3 / t).collect();
    let y = line.conductivity.iter().map(|s| PER_CM * s).collect();
    let here = Kind::Temperature.text(line.at[0]);
    vec![Figure {
        id: "p-arrh".into(),
        title: format!("Ionic conductivity of {}", typeset::prose(&line.material)),
        finding: line.lede.replace("**", ""),
        note: line.note.clone(),
        size: [580.0, 320.0],
        x: Axis::new("1000/T / K⁻¹"),
        y: Axis::new("σ / S cm⁻¹")
            .logarithmic()
            .with_column("Ionic Conductivity / S cm-1", 1.0),
        series: vec![
            Series {
                exact: true,
                ..Series::line("of the material", Colour::Electrolyte, x, y)
            },
            Series {
                end: here.clone(),
                ..Series::line(
                    format!("cell, {here}"),
                    Colour::Ink,
                    vec![1e3 / line.at[0]],
                    vec![PER_CM * line.at[1]],
                )
                .drawn(Stroke::Rings)
            },
        ],
        nearest: true,
        ..Figure::default()
    }]
}

/// The finding and the plot; empty where nothing is known of the electrolyte.
pub fn block(report: &Report, plots: &[Plot]) -> String {
    let Some(line) = &report.conductivity else { return String::new() };
    let mut out = String::from(r#"<h3 class="gap" id="conductivity">Conductivity against temperature</h3>"#);
    let class = if plots.is_empty() { "empty" } else { "lede" };
    let _ = write!(out, r#"<p class="{class}">{}</p>"#, marked(&typeset::prose(&line.lede)));
    let drawn: String = plots.iter().map(figure).collect();
    if !drawn.is_empty() {
        let _ = write!(out, r#"<div class="g2">{drawn}</div>"#);
    }
    out
}
