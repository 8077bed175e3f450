//! A figure in the page: caption, legend, drawing, read-out, the numbers as a table.

use super::escape::{escape, marked};
use super::figure::{Series, Stroke};
use super::number::significant;
use super::plot::Plot;
use std::fmt::Write;

/// Rows of the table that stands in for a plot.
const ROWS: usize = 13;

/// The `<figure>` element of a plot.
pub fn figure(plot: &Plot) -> String {
    let f = &plot.figure;
    let id = escape(&f.id);
    let note = if f.note.is_empty() {
        String::new()
    } else {
        format!(r#"<p class="note">{}</p>"#, marked(&f.note))
    };
    format!(
        r#"<figure class="fig" id="{id}-f"><figcaption><b>{}</b>{}</figcaption>{}<div class="pw">{}<output class="read" for="{id}" aria-live="polite"></output></div>{note}{}</figure>"#,
        escape(&f.title),
        tools(&id),
        legend(plot),
        plot.svg(),
        details(&table(plot))
    )
}

/// Copy buttons; hidden until the script runs.
pub fn tools(id: &str) -> String {
    format!(
        r#"<span class="tools"><button type="button" data-csv="{id}">Copy data</button><button type="button" data-svg="{id}">Copy SVG</button></span>"#
    )
}

/// Folds a table away under a plot.
pub fn details(table: &str) -> String {
    details_named("Numbers", table)
}

/// Folds a table away under a heading.
pub fn details_named(heading: &str, table: &str) -> String {
    format!(
        r#"<details class="num"><summary>{}</summary><div class="tw">{table}</div></details>"#,
        escape(heading)
    )
}

fn legend(plot: &Plot) -> String {
    let listed: Vec<(usize, &Series)> = plot.figure.series.iter().enumerate().filter(|(_, s)| !s.unlisted).collect();
    if listed.len() < 2 {
        return String::new();
    }
    let mut out = String::from(r#"<div class="leg">"#);
    for (i, s) in listed {
        let class = match s.stroke {
            Stroke::Area => "a",
            Stroke::Dashed => "l dsh",
            Stroke::Rings => "l p",
            _ => "l",
        };
        let _ = write!(
            out,
            r#"<button type="button" data-p="{}" data-s="{i}" aria-pressed="true"><i class="{class}" style="--c:{}"></i>{}</button>"#,
            escape(&plot.figure.id),
            s.colour.css(),
            escape(&s.name)
        );
    }
    out + "</div>"
}

/// Value of a series at `x`: linear between its points, nothing outside or in a gap.
fn at(series: &Series, x: f64, log: bool) -> Option<f64> {
    let s = |v: f64| if log { v.ln() } else { v };
    let pair =
        series.x.windows(2).zip(series.y.windows(2)).find(|(xs, ys)| {
            xs.iter().chain(ys.iter()).all(|v| v.is_finite()) && ((xs[0] <= x && x <= xs[1]) || (xs[1] <= x && x <= xs[0]))
        });
    let (xs, ys) = pair?;
    if xs[0] == xs[1] {
        return Some(ys[1]);
    }
    Some(ys[0] + (ys[1] - ys[0]) * (s(x) - s(xs[0])) / (s(xs[1]) - s(xs[0])))
}

fn table(plot: &Plot) -> String {
    let f = &plot.figure;
    let cell = |v: Option<f64>| v.map_or("—".into(), |v| significant(v, 4));
    let mut out = String::from(r#"<table class="t"><thead><tr>"#);
    if f.nearest {
        let _ = write!(
            out,
            r#"<th>Series</th><th class="n">{}</th><th class="n">{}</th></tr></thead><tbody>"#,
            escape(&f.x.label),
            escape(&f.y.label)
        );
        // A series without a name holds labels of points that another one has.
        let several = f.series.len() > 1;
        for s in f.series.iter().filter(|s| !several || !s.name.is_empty()) {
            let step = s.x.len().div_ceil(ROWS).max(1);
            for (x, y) in s.x.iter().zip(&s.y).step_by(step).filter(|(x, y)| x.is_finite() && y.is_finite()) {
                let _ = write!(
                    out,
                    r#"<tr><td>{}</td><td class="n">{}</td><td class="n">{}</td></tr>"#,
                    escape(&s.name),
                    significant(*x, 4),
                    significant(*y, 4)
                );
            }
        }
        return out + "</tbody></table>";
    }
    let _ = write!(out, r#"<th class="n">{}</th>"#, escape(&f.x.label));
    let shown: Vec<&Series> = f.series.iter().filter(|s| s.stroke != Stroke::Thin).collect();
    for s in &shown {
        let _ = write!(
            out,
            r#"<th class="n">{}</th>"#,
            escape(if shown.len() > 1 { &s.name } else { &f.y.label })
        );
    }
    out.push_str("</tr></thead><tbody>");
    let [lo, hi] = plot.layout.x;
    for i in 0..ROWS {
        let q = i as f64 / (ROWS - 1) as f64;
        let x = if f.x.log {
            (lo.ln() + q * (hi.ln() - lo.ln())).exp()
        } else {
            lo + q * (hi - lo)
        };
        let values: Vec<Option<f64>> = shown.iter().map(|s| at(s, x, f.x.log)).collect();
        if values.iter().all(Option::is_none) {
            continue;
        }
        let _ = write!(out, r#"<tr><td class="n">{}</td>"#, significant(warped(&f.x.warp, x), 4));
        for v in values {
            let _ = write!(out, r#"<td class="n">{}</td>"#, cell(v));
        }
        out.push_str("</tr>");
    }
    let unit = if shown.len() > 1 {
        format!(r#"<caption>{}</caption>"#, escape(&f.y.label))
    } else {
        String::new()
    };
    format!(
        "{}</tbody></table>",
        out.replacen(r#"<table class="t">"#, &format!(r#"<table class="t">{unit}"#), 1)
    )
}

fn warped(warp: &[[f64; 2]], x: f64) -> f64 {
    match warp.windows(2).find(|w| x <= w[1][0]).or_else(|| warp.windows(2).last()) {
        Some(w) if w[1][0] > w[0][0] => w[0][1] + (w[1][1] - w[0][1]) * (x - w[0][0]) / (w[1][0] - w[0][0]),
        Some(w) => w[0][1],
        None => x,
    }
}
