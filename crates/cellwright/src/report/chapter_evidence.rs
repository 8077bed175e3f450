//! Chapters that support the numbers: materials, balances and numerical quality, what is not here, reproduction.

use super::data::{AbsentReason, Confidence, MaterialValue, Report};
use super::escape::{escape, marked};
use super::kind::Kind;
use super::number::{formula, significant};
use super::typeset;
use std::fmt::Write;

/// Chapter "Materials".
pub fn materials(report: &Report) -> String {
    let rows = &report.materials;
    if rows.is_empty() {
        return r#"<p class="empty">No material value was recorded.</p>"#.into();
    }
    let weak = rows.iter().filter(|r| r.confidence <= Confidence::Estimated).count();
    let weak_text = match weak {
        0 => "None is estimated or assumed.".to_string(),
        1 => "One is **estimated or assumed**.".to_string(),
        n => format!("{n} are **estimated or assumed**."),
    };
    let share = rows.iter().any(|r| r.share.is_some());
    let validity = rows.iter().any(|r| !r.validity.is_empty());
    let mut sorted: Vec<&MaterialValue> = rows.iter().collect();
    if share {
        sorted.sort_by(|a, b| b.share.unwrap_or(-1.0).total_cmp(&a.share.unwrap_or(-1.0)));
    }
    let order = if share {
        "Sorted by how much each one moves the answer. "
    } else {
        ""
    };
    let mut out = format!(
        r#"<p class="lede">{}</p><div class="tw"><table class="t mat"><thead><tr><th>Material</th><th>Property</th><th class="n">Value</th><th>Unit</th><th>At</th><th>Source</th><th>Confidence</th>{}{}</tr></thead><tbody>"#,
        marked(&format!("{order}Every value the run used, {} in all. {weak_text}", rows.len())),
        if validity { "<th>Valid for</th>" } else { "" },
        if share { r#"<th class="n">Share of spread / %</th>"# } else { "" }
    );
    let mut previous = "";
    for r in sorted {
        let same = r.material == previous;
        let _ = write!(
            out,
            r#"<tr{}><td>{}</td><td>{}</td><td class="n val">{}</td><td class="nw">{}</td><td class="nw">{}</td><td class="src">{}</td><td class="conf c{}"><span aria-hidden="true">{}{}</span>{}</td>"#,
            if same { r#" class="same""# } else { "" },
            escape(&formula(&r.material)),
            escape(&r.property),
            escape(&typeset::expression(&r.value)),
            escape(&typeset::unit(&r.unit)),
            escape(&r.at),
            escape(&typeset::prose(&r.source)),
            r.confidence.dots(),
            "●".repeat(r.confidence.dots()),
            "○".repeat(4 - r.confidence.dots()),
            r.confidence.word()
        );
        if validity {
            let _ = write!(out, "<td>{}</td>", escape(&typeset::prose(&r.validity)));
        }
        if share {
            let cell = r.share.map_or("—".into(), |s| {
                format!(r#"<i class="sb" style="--v:{:.0}"></i>{}"#, s * 100.0, significant(s * 100.0, 2))
            });
            let _ = write!(out, r#"<td class="n">{cell}</td>"#);
        }
        out.push_str("</tr>");
        previous = if share { "" } else { &r.material };
    }
    out + "</tbody></table></div>"
}

/// Chapter "Balances and numerical quality", with the terms of the model.
pub fn balances(report: &Report) -> String {
    let broken = report.balances.iter().filter(|b| !within(b)).count();
    let lede = match (report.balances.len(), broken) {
        (0, _) => "No balance was recorded.".to_string(),
        (_, 0) => "What went in came out.".to_string(),
        (_, 1) => "**One balance does not close.** Distrust the numbers above.".to_string(),
        (_, n) => format!("**{n} balances do not close.** Distrust the numbers above."),
    };
    let mut out = format!(r#"<p class="lede">{}</p>"#, marked(&lede));
    if !report.balances.is_empty() {
        out.push_str(r#"<div class="tw"><table class="t"><thead><tr><th>Check</th><th class="n">Found</th><th>Scale</th><th class="n">Allowed</th><th>Verdict</th></tr></thead><tbody>"#);
        for b in &report.balances {
            let with_unit = |v: f64| {
                if b.unit.is_empty() {
                    significant(v, 2)
                } else {
                    format!("{} {}", significant(v, 2), b.unit)
                }
            };
            let verdict = match (b.allowed, within(b)) {
                (None, _) => r#"<span class="mutd">stated</span>"#,
                (_, true) => r#"<span class="ok">✓ within</span>"#,
                (_, false) => r#"<span class="no">✗ outside</span>"#,
            };
            let _ = write!(
                out,
                r#"<tr><td>{}</td><td class="n">{}</td><td>{}</td><td class="n">{}</td><td>{verdict}</td></tr>"#,
                escape(&b.check),
                escape(&with_unit(b.found)),
                escape(&typeset::prose(&b.scale)),
                escape(&b.allowed.map_or("—".into(), |v| with_unit(v).replacen(".0 ×", " ×", 1)))
            );
        }
        out.push_str("</tbody></table></div>");
    }
    let facts = quality(report);
    let terms = model(report);
    if !facts.is_empty() || !terms.is_empty() {
        let _ = write!(out, r#"<div class="g2 gap">{facts}{terms}</div>"#);
    }
    out
}

pub(super) fn within(balance: &super::data::Balance) -> bool {
    balance.allowed.is_none_or(|a| balance.found.abs() <= a)
}

fn quality(report: &Report) -> String {
    let q = &report.quality;
    let mut facts: Vec<(String, String)> = Vec::new();
    let how = |text: &str| if text.is_empty() { String::new() } else { format!(", {text}") };
    if let Some(e) = q.mesh_error {
        facts.push((
            "Mesh error".into(),
            format!("{} % of the capacity{}", significant(e * 100.0, 2), how(&q.mesh_method)),
        ));
    }
    if let Some(e) = q.time_error {
        facts.push((
            "Time error".into(),
            format!("{} mV{}", significant(e * 1e3, 2), how(&q.time_method)),
        ));
    }
    let size = [(q.cells, "volumes"), (q.unknowns, "unknowns")];
    let work = [
        (q.steps, "steps"),
        (q.rejected, "rejected"),
        (q.newton, "Newton iterations"),
        (q.factorisations, "factorisations"),
    ];
    let list = |parts: &[(Option<usize>, &str)]| {
        parts
            .iter()
            .filter_map(|(n, w)| n.map(|n| format!("{n} {w}")))
            .collect::<Vec<_>>()
            .join(", ")
    };
    for (label, text) in [("Size", list(&size)), ("Effort", list(&work))] {
        if !text.is_empty() {
            facts.push((label.into(), text));
        }
    }
    if let Some(w) = q.wall {
        facts.push(("Computing time".into(), Kind::Time.text(w)));
    }
    facts.extend(q.more.iter().map(|f| (f.label.clone(), f.value.clone())));
    if facts.is_empty() {
        return String::new();
    }
    let rows: String = facts
        .iter()
        .map(|(l, v)| format!("<dt>{}</dt><dd>{}</dd>", escape(l), escape(&typeset::prose(v))))
        .collect();
    format!(r#"<div class="card"><h3>Numerical quality</h3><dl class="facts">{rows}</dl></div>"#)
}

fn model(report: &Report) -> String {
    if report.model.is_empty() {
        return String::new();
    }
    let rows: String = report
        .model
        .iter()
        .map(|t| {
            let (class, state) = if t.on { ("on", "on") } else { ("offt", "off") };
            format!(
                r#"<li class="{class}"><b>{state}</b><span>{}<small>{}</small></span></li>"#,
                escape(&t.name),
                escape(&t.text)
            )
        })
        .collect();
    format!(r#"<div class="card"><h3>Terms of the model</h3><ul class="terms">{rows}</ul></div>"#)
}

/// Chapter "Not in this report".
pub fn absent(report: &Report) -> String {
    if report.absent.is_empty() {
        return r#"<p class="lede">Nothing was left out.</p>"#.into();
    }
    let mut out = String::from(
        r#"<p class="lede">None of this was computed, so nothing above depends on it.</p><div class="tw"><table class="t"><tbody>"#,
    );
    for a in &report.absent {
        let reason = reason(&a.reason);
        let _ = write!(
            out,
            "<tr><td><b>{}</b></td><td>{}</td><td>{reason}</td></tr>",
            escape(&a.chapter),
            marked(&a.text)
        );
    }
    out + "</tbody></table></div>"
}

fn reason(reason: &AbsentReason) -> String {
    match reason {
        AbsentReason::NotInThisVersion => "Not in this version".to_string(),
        AbsentReason::NotAskedFor(line) if line.is_empty() => "Not asked for in this run".into(),
        AbsentReason::NotAskedFor(line) => format!("Not asked for in this run: <code>{}</code>", escape(line)),
    }
}

/// The body of a chapter that holds nothing, with the reason.
pub fn why_empty(why: &AbsentReason) -> String {
    format!(r#"<p class="empty">{}</p>"#, reason(why))
}

/// Chapter "Reproduce".
pub fn reproduce(report: &Report) -> String {
    let r = &report.reproduce;
    let mut facts = Vec::new();
    if !r.version.is_empty() {
        facts.push((
            "Version",
            escape(
                &[r.version.as_str(), r.platform.as_str()]
                    .iter()
                    .filter(|s| !s.is_empty())
                    .copied()
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
        ));
    }
    for hash in &r.hashes {
        facts.push(("Checksum", format!("{} <code>{}</code>", escape(&hash.of), escape(&hash.value))));
    }
    if !r.cite.is_empty() {
        facts.push(("Cite", escape(&r.cite)));
    }
    let facts: String = facts.iter().map(|(l, v)| format!("<dt>{l}</dt><dd>{v}</dd>")).collect();
    let mut files = String::new();
    for f in &r.files {
        let size = f.bytes.map_or("—".into(), bytes);
        let _ = write!(
            files,
            r#"<tr><td><code>{}</code></td><td>{}</td><td class="n">{size}</td></tr>"#,
            escape(&f.name),
            escape(&f.what)
        );
    }
    if !files.is_empty() {
        files = format!(
            r#"<div class="tw"><table class="t"><thead><tr><th>File</th><th>Holds</th><th class="n">Size</th></tr></thead><tbody>{files}</tbody></table></div>"#
        );
    }
    let design = if r.design_text.is_empty() {
        String::new()
    } else {
        format!(
            r#"<details class="design"><summary>The design, <code>{}</code></summary><button type="button" class="tb js" id="dldes" data-name="{}">Save the design</button><pre id="destext">{}</pre></details>"#,
            escape(&report.design_file),
            escape(&report.design_file),
            escape(&r.design_text)
        )
    };
    let command = if r.command.is_empty() {
        String::new()
    } else {
        format!("<pre>{}</pre>", escape(&r.command))
    };
    format!(
        r#"<p class="lede">Everything needed to run this again is in this file.</p><div class="g2"><div class="stackc">{command}<div class="card"><dl class="facts">{facts}</dl></div></div>{files}</div>{design}"#
    )
}

fn bytes(n: u64) -> String {
    match n {
        0..1000 => format!("{n} B"),
        1000..1_000_000 => format!("{} kB", significant(n as f64 / 1e3, 3)),
        _ => format!("{} MB", significant(n as f64 / 1e6, 3)),
    }
}
