//! The table: one column per design under its cross-section.

use super::data::{Column, Measured, Point, measured, same_rate};
use super::figures::colour;
use super::losses::{LOSSES, one_c};
use super::remarks::percent;
use crate::report::data::Picture;
use crate::report::escape::escape;
use crate::report::kind::Kind;
use crate::report::number::{formula, significant};
use crate::report::picture::picture;
use std::fmt::Write;

/// SI value of 1 mAh/cm² and of 1 mWh/cm².
pub const PER_CM2: f64 = 3.6e4;
/// SI value of 1 mW/cm².
pub const MW_CM2: f64 = 10.0;
/// SI value of 1 Ah.
pub const AMPERE_HOUR: f64 = 3600.0;
/// SI value of 1 Wh/L.
pub const WH_L: f64 = 3.6e6;

/// A row: what it shows, how it is counted, and the text for a design.
struct Row<'a> {
    name: String,
    basis: &'a str,
    text: Box<dyn Fn(&Measured) -> String + 'a>,
}

fn row<'a>(name: impl Into<String>, basis: &'a str, text: impl Fn(&Measured) -> String + 'a) -> Row<'a> {
    Row {
        name: name.into(),
        basis,
        text: Box::new(text),
    }
}

/// The table.
pub fn table(columns: &[Column]) -> String {
    let mut out = String::from(r#"<div class="tw"><table class="t cmp"><thead><tr><td></td>"#);
    for (i, c) in columns.iter().enumerate() {
        let _ = write!(out, "<td>{}</td>", thumbnail(i, c));
    }
    out.push_str("</tr><tr><td></td>");
    for (i, c) in columns.iter().enumerate() {
        let _ = write!(
            out,
            r#"<th scope="col"><i class="sw" style="background:{}"></i>{}</th>"#,
            colour(i).css(),
            escape(&formula(&c.label))
        );
    }
    out.push_str("</tr></thead><tbody>");
    if columns.iter().any(|c| c.result.is_err()) {
        out.push_str(r#"<tr><th scope="row">Could not be run</th>"#);
        for c in columns {
            let _ = write!(out, "<td>{}</td>", errors(c));
        }
        out.push_str("</tr>");
    }
    for (heading, rows) in groups(columns) {
        let _ = write!(out, r#"<tr class="grp"><th colspan="{}">{heading}</th></tr>"#, columns.len() + 1);
        for r in rows {
            let basis = if r.basis.is_empty() {
                String::new()
            } else {
                format!("<small>{}</small>", r.basis)
            };
            let _ = write!(out, r#"<tr><th scope="row">{}{basis}</th>"#, escape(&r.name));
            for c in columns {
                let text = c.result.as_ref().map_or("—".to_owned(), |m| escape(&(r.text)(m)));
                let _ = write!(out, "<td>{text}</td>");
            }
            out.push_str("</tr>");
        }
    }
    out + "</tbody></table></div>"
}

fn thumbnail(i: usize, c: &Column) -> String {
    let Some(m) = c.result.as_ref().ok().filter(|m| !m.section.is_empty()) else {
        return r#"<p class="empty">Not drawn</p>"#.to_owned();
    };
    let note = match m.exaggeration {
        e if (e - 1.0).abs() < 1e-6 => "True scale.".to_owned(),
        e => format!("Heights {} times.", significant(e, 2)),
    };
    picture(&Picture {
        id: format!("section-{}", i + 1),
        title: String::new(),
        description: format!("Cross-section of {}.", c.label),
        note,
        file: String::new(),
        svg: cropped(&m.section),
    })
}

/// The drawing without axes and names: what its first clip rectangle shows.
fn cropped(svg: &str) -> String {
    let whole = || svg.to_owned();
    let Some((_, clip)) = svg.split_once("<clipPath") else {
        return whole();
    };
    let number = |name: &str| -> Option<f64> {
        let (_, rest) = clip.split_once(&format!(" {name}=\""))?;
        rest.split('"').next()?.parse().ok()
    };
    let (Some(x), Some(y), Some(w), Some(h)) = (number("x"), number("y"), number("width"), number("height")) else {
        return whole();
    };
    let Some((before, rest)) = svg.split_once("viewBox=\"") else {
        return whole();
    };
    let Some((_, after)) = rest.split_once('"') else { return whole() };
    format!("{before}viewBox=\"{x} {y} {w} {h}\"{after}")
}

fn errors(c: &Column) -> String {
    c.errors()
        .filter(|d| d.severity == cellwright_base::diagnostic::Severity::Error)
        .map(|d| {
            let place = d.place.as_ref().map_or(String::new(), |p| format!(", line {}", p.line));
            let helps: String = d.helps.iter().map(|h| format!("<br><small>{}</small>", escape(h))).collect();
            format!(
                r#"<p class="err"><code>{}</code> {}{place}{helps}</p>"#,
                escape(d.code),
                escape(&d.message)
            )
        })
        .collect()
}

fn groups(columns: &[Column]) -> Vec<(&'static str, Vec<Row<'static>>)> {
    let energy = |m: &Measured, per: f64, unit: f64| slow(m, |d| significant(d.energy / per / unit, 3));
    let mut groups = vec![
        (
            "Device",
            vec![
                row("Architecture", "", |m| m.architecture.clone()),
                row("Materials", "negative | electrolyte | positive", |m| m.materials.join(" | ")),
                row("Footprint", "examined windows, or active area of a stack", |m| {
                    Kind::Area.text(m.footprint)
                }),
                row("Die", "", |m| Kind::Area.text(m.die)),
                row("Device volume", "", |m| {
                    format!("{} ({})", Kind::Volume.text(m.volume), m.volume_basis)
                }),
                row("Active area", "negative and positive against electrolyte, pores not counted", |m| {
                    pair(m.active_area.map(|a| Some(Kind::Area.text(a))))
                }),
                row("Reacting area", "negative and positive, pores counted", |m| {
                    pair(m.reacting_area.map(|a| Some(Kind::Area.text(a))))
                }),
                row("Area enhancement", "smaller active area over footprint", |m| {
                    significant(m.enhancement, 3)
                }),
            ],
        ),
        (
            "Energy and power",
            vec![
                row("Capacity / mAh cm⁻²", "of footprint, at C/5 or the lowest rate", |m| {
                    slow(m, |d| significant(d.capacity / m.footprint / PER_CM2, 3))
                }),
                row("Energy / mWh cm⁻²", "of footprint, same rate", move |m| {
                    energy(m, m.footprint, PER_CM2)
                }),
                row("Energy / mWh cm⁻²", "of die, same rate", move |m| energy(m, m.die, PER_CM2)),
                row("Energy / Wh/L", "of device volume, same rate", move |m| energy(m, m.volume, WH_L)),
                row("Mean power at 1C / mW cm⁻²", "of footprint", |m| {
                    one_c(m).map_or("—".into(), |d| significant(d.mean_power() / m.footprint / MW_CM2, 3))
                }),
                row(
                    "Peak power / mW cm⁻²",
                    "greatest mean power that still delivers a tenth of the capacity",
                    |m| {
                        m.peak().map_or("—".into(), |(p, w)| {
                            format!("{} at {}", significant(w / m.footprint / MW_CM2, 3), p.label)
                        })
                    },
                ),
            ],
        ),
        (
            "Utilisation / %: delivered over usable capacity of the limiting electrode",
            rates(columns)
                .into_iter()
                .map(|(label, c)| row(label, "", move |m| used(m, c)))
                .collect(),
        ),
        (
            "What limits",
            vec![
                row("Limiting electrode", "with its usable capacity", |m| match m.limiting() {
                    Some(k) => format!("{}, {}", ["negative", "positive"][k], Kind::Capacity.text(m.usable())),
                    None => format!("not known; nominal {}", Kind::Capacity.text(m.nominal)),
                }),
                row(
                    "Spread of the reaction",
                    "standard deviation over mean of the current density, negative and positive, at mid-discharge",
                    spread,
                ),
            ],
        ),
        ("Mean losses at 1C / mV", vec![]),
        (
            "Making",
            vec![
                row("Process time", "", |m| m.process_time.map_or("—".into(), |t| Kind::Time.text(t))),
                row("Relative cost", "sum over the steps, 1 to 5 each", |m| {
                    m.relative_cost.map_or("—".into(), |c| significant(c, 3))
                }),
                row("Smallest feature", "line or gap of a mask", |m| {
                    m.smallest_feature.map_or("no mask".into(), |d| Kind::Length.text(d))
                }),
                row("Thinnest film", "", |m| {
                    m.thinnest_film.map_or("—".into(), |d| Kind::Length.text(d))
                }),
                row("Volumes and unknowns", "of the model", |m| format!("{}, {}", m.size.0, m.size.1)),
            ],
        ),
    ];
    let losses = &mut groups[4].1;
    losses.push(row("All", "", |m| {
        one_c(m).map_or("—".into(), |d| significant(d.loss() * 1e3, 3))
    }));
    for (k, (_, words, _)) in LOSSES.iter().enumerate() {
        losses.push(row(capitalised(words), "", move |m| {
            one_c(m).map_or("—".into(), |d| millivolt(d.losses[k]))
        }));
    }
    groups
}

fn capitalised(words: &str) -> String {
    let mut c = words.chars();
    c.next().map_or(String::new(), |first| first.to_uppercase().chain(c).collect())
}

/// Millivolts; less than a microvolt is nothing.
fn millivolt(volt: f64) -> String {
    if volt.abs() < 1e-6 {
        "0".into()
    } else {
        significant(volt * 1e3, 3)
    }
}

fn slow(m: &Measured, text: impl Fn(&crate::study::Discharge) -> String) -> String {
    m.slow().map_or("—".into(), |(p, d)| format!("{} at {}", text(d), p.label))
}

fn pair([a, b]: [Option<String>; 2]) -> String {
    match (a, b) {
        (Some(a), Some(b)) if a == b => a,
        (a, b) => [a, b].map(|t| t.unwrap_or("—".into())).join(", "),
    }
}

/// All rates that any design was asked for, slow to fast.
fn rates(columns: &[Column]) -> Vec<(String, f64)> {
    let mut out: Vec<(String, f64)> = Vec::new();
    let designs = measured(columns);
    for p in designs.iter().flat_map(|d| &d.2.points) {
        if !out.iter().any(|(_, c)| same_rate(*c, p.c_rate)) {
            out.push((rate_words(p), p.c_rate));
        }
    }
    out.sort_by(|a, b| a.1.total_cmp(&b.1));
    out
}

fn rate_words(p: &Point) -> String {
    match p.label.contains('C') {
        true => p.label.clone(),
        false => format!("{} ({}C)", p.label, significant(p.c_rate, 3)),
    }
}

fn used(m: &Measured, c: f64) -> String {
    match m.points.iter().find(|p| same_rate(p.c_rate, c)).map(|p| &p.outcome) {
        Some(Ok(d)) => percent(m.utilisation(d)),
        Some(Err(why)) => why.clone(),
        None => String::new(),
    }
}

fn spread(m: &Measured) -> String {
    let each = [0, 1].map(|k| match (m.spread[k], m.sites[k]) {
        (_, 0) | (None, _) => None,
        (Some(_), 1) => Some("one site".to_owned()),
        (Some(s), _) if s < 1e-6 => Some("0 %".to_owned()),
        (Some(s), _) => Some(format!("{} %", significant(100.0 * s, 2))),
    });
    match (&m.spread_at, m.sites) {
        (None, _) => "—".into(),
        (Some(_), [1, 1]) => "even: one dimension".into(),
        (Some(at), _) => format!("{} at {at}", pair(each)),
    }
}
