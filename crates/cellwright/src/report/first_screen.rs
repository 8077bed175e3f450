//! The first screen: title, verdict, key numbers, loss bar, drawn device, warnings.

use super::chapter_evidence::within;
use super::data::{LossBar, Report};
use super::escape::{escape, marked};
use super::kind::Kind;
use super::number;
use super::picture::reference;
use super::stack;
use std::fmt::Write;

/// Warnings shown before the rest is only counted.
const WARNINGS: usize = 5;

/// The hero block and the warnings.
pub fn first_screen(report: &Report) -> String {
    let mut out = String::from(r#"<div class="hero"><div class="say">"#);
    let mut sub: Vec<String> = Vec::new();
    if !report.design_file.is_empty() {
        sub.push(format!("<code>{}</code>", escape(&report.design_file)));
    }
    if !report.run_id.is_empty() {
        sub.push(format!("run {}", escape(&report.run_id)));
    }
    if !report.conditions.is_empty() {
        sub.push(escape(&report.conditions));
    }
    let _ = write!(
        out,
        r#"<h1>{}</h1><p class="sub">{}</p>"#,
        escape(&number::formula(&report.title).replace(" | ", "\u{a0}| ")),
        sub.join(" · ")
    );
    if !report.verdict.is_empty() {
        let _ = write!(out, r#"<p class="verdict">{}</p>"#, marked(&report.verdict));
    }
    if !report.key_numbers.is_empty() {
        let columns = if report.key_numbers.len().is_multiple_of(3) { 3 } else { 2 };
        let _ = write!(out, r#"<dl class="kpi k{columns}">"#);
        for k in &report.key_numbers {
            let basis = k.basis.lines().map(escape).collect::<Vec<_>>().join("<br>");
            let _ = write!(
                out,
                r#"<div><dt>{}</dt><dd>{}<u>{}</u></dd><dd class="basis">{basis}</dd></div>"#,
                escape(&k.label),
                escape(&k.value),
                escape(&k.unit)
            );
        }
        out.push_str("</dl>");
    }
    if let Some(bar) = &report.loss_bar {
        out.push_str(&loss_bar(bar));
    }
    out.push_str("</div>");
    out.push_str(&device_box(report));
    out.push_str("</div>");
    out.push_str(&warnings(report));
    out
}

fn loss_bar(bar: &LossBar) -> String {
    let total: f64 = bar.parts.iter().map(|p| p.mean).sum();
    let drawn: f64 = bar.parts.iter().map(|p| p.mean.max(0.0)).sum();
    if drawn <= 0.0 {
        return String::new();
    }
    let mut order: Vec<_> = bar.parts.iter().collect();
    order.sort_by(|a, b| b.mean.total_cmp(&a.mean));
    let mut out = String::from(r#"<div class="lossbar"><div class="bar" aria-hidden="true">"#);
    for p in order.iter().filter(|p| p.mean > 0.0) {
        let _ = write!(
            out,
            r#"<i style="flex:{};background:{}" title="{}: {}"></i>"#,
            number::compact(100.0 * p.mean / drawn, 4),
            p.colour.css(),
            escape(&p.name),
            millivolt(p.mean)
        );
    }
    let _ = write!(
        out,
        "</div><p>Mean loss in {}, <b>{}</b></p><ul>",
        escape(&bar.of),
        millivolt(total)
    );
    for p in order {
        let _ = write!(
            out,
            r#"<li><i style="background:{}"></i>{}&nbsp;<b>{}</b></li>"#,
            p.colour.css(),
            escape(&number::formula(&p.name)),
            number::significant(p.mean * 1e3, if p.mean.abs() < 0.01 { 2 } else { 3 })
        );
    }
    out + "</ul></div>"
}

/// "113 mV".
pub fn millivolt(volt: f64) -> String {
    format!("{} mV", number::significant(volt * 1e3, 3))
}

fn device_box(report: &Report) -> String {
    let device = &report.device;
    if device.layers.is_empty() {
        let drawn = report.fabricated.as_ref().and_then(|f| f.pictures.first());
        return match drawn.and_then(|p| Some((reference(p)?, &p.note))) {
            Some((svg, note)) => format!(r#"<div class="devbox">{svg}<p>{}</p></div>"#, marked(note)),
            None => "<div></div>".into(),
        };
    }
    let mut facts = Vec::new();
    if let Some(d) = device.die {
        facts.push(format!("footprint {}", rectangle(d)));
    }
    match (device.active, device.active_area) {
        (Some(a), area) => facts.push(format!(
            "active area {}{}",
            rectangle(a),
            area.map(|v| format!(" ({})", Kind::Area.text(v))).unwrap_or_default()
        )),
        (None, Some(v)) => facts.push(format!("active area {}", Kind::Area.text(v))),
        (None, None) => {}
    }
    facts.push(format!("total height {}", Kind::Length.text(device.height())));
    let mut text = facts.join(", ");
    if let Some(first) = text.get(..1) {
        text = first.to_uppercase() + &text[1..];
    }
    format!(
        r#"<div class="devbox">{}<p>{}. Cut open in steps; heights are not to scale<span class="scr">, chapter 1 has a true-scale switch</span>.</p></div>"#,
        stack::cutaway(device),
        escape(&text)
    )
}

fn rectangle([a, b]: [f64; 2]) -> String {
    let unit = Kind::Length.unit(a.max(b));
    format!(
        "{} × {} {}",
        number::significant(unit.of(a), 3),
        number::significant(unit.of(b), 3),
        unit.symbol
    )
}

fn warnings(report: &Report) -> String {
    let mut out = String::from(r#"<ul class="warns" aria-label="Warnings and checks">"#);
    let broken: Vec<&str> = report.balances.iter().filter(|b| !within(b)).map(|b| b.check.as_str()).collect();
    if !broken.is_empty() {
        let verb = if broken.len() == 1 { "balance does" } else { "balances do" };
        let _ = write!(
            out,
            r##"<li class="err"><code>✗</code><span><b>{} {verb} not close</b>: {}. Distrust the numbers of this page. <a href="#balances">See balances</a>.</span></li>"##,
            broken.len(),
            escape(&broken.join(", "))
        );
    }
    for w in report.warnings.iter().take(WARNINGS) {
        let anchor: String = w.anchor.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let link = match anchor.as_str() {
            "" => String::new(),
            a => format!(r##" <a href="#{a}">See {}</a>."##, super::page::chapter_name(a).to_lowercase()),
        };
        let _ = write!(
            out,
            "<li{}><code>{}</code><span>{}{link}</span></li>",
            if w.error || w.code.starts_with('E') {
                r#" class="err""#
            } else {
                ""
            },
            escape(&w.code),
            marked(&w.text)
        );
    }
    if report.warnings.len() > WARNINGS {
        let more = report.warnings.len() - WARNINGS;
        let _ = write!(
            out,
            "<li><code>+{more}</code><span>{more} more {}; <code>cellwright check</code> lists all.</span></li>",
            if more == 1 { "warning" } else { "warnings" }
        );
    }
    if !report.passed.is_empty() {
        let _ = write!(
            out,
            r#"<li class="okl"><code class="k">✓</code><span>{}</span></li>"#,
            marked(&report.passed)
        );
    }
    out + "</ul>"
}
