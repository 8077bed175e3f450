//! The page: verdict, remarks, table, plots, loss bars, how to do it again.

use super::data::Column;
use super::{CompareRequest, Comparison, figures, losses, table};
use crate::published;
use crate::report::escape::{escape, marked};
use crate::report::figure_html::figure;
use crate::report::page::{head, tail};
use crate::report::plot::Plot;
use cellwright_base::diagnostic::{Diagnostic, Severity};
use std::fmt::Write;

/// Anchor and heading.
const CHAPTERS: [(&str, &str); 5] = [
    ("ragone", "Ragone"),
    ("table", "Side by side"),
    ("rate", "Rate"),
    ("losses", "Losses"),
    ("reproduce", "Reproduce"),
];

const STYLE: &str = concat!(
    "<style>.cmp th[scope=row]{min-width:13em;max-width:19em;color:var(--ink);font-weight:500;font-size:13.4px;border-bottom:1px solid var(--soft)}",
    ".cmp th small{display:block;font-weight:400;line-height:1.35}.cmp td{min-width:11em}.cmp thead td{border:0;width:24%;vertical-align:bottom}",
    ".cmp thead th{font-size:14px;color:var(--ink)}.cmp .fig{border:0;padding:0;background:none}.cmp figcaption{display:none}",
    ".cmp .pw svg{min-width:0;max-height:170px}.cmp .pic :is(text,.ln,.dt,rect[rx]){display:none}.cmp .note{margin:2px 0 0}.cmp .grp th{padding-top:16px;font-size:13px;color:var(--mut)}",
    ".cmp .err{margin:0 0 6px;color:var(--bad);overflow-wrap:anywhere}.cmp .err small{color:var(--mut)}",
    ".cb{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:8px 14px;margin:10px 0;align-items:center}",
    ".cb dt{max-width:16em;font-size:13.5px}.cb dd{margin:0;display:flex;gap:8px;align-items:center;font-size:13px;white-space:nowrap}",
    ".cb .bar i{flex-basis:0}.verdict{max-width:48em}.hero1{padding:32px 0 6px}",
    "@media print{.cmp td,.cmp th[scope=row]{min-width:0}}</style>"
);

/// The complete HTML file.
pub fn page(c: &Comparison, request: &CompareRequest) -> String {
    let plots: Vec<Plot> = figures::figures(c).into_iter().map(Plot::new).collect();
    let drawn = |ids: &[&str]| -> String { plots.iter().filter(|p| ids.contains(&p.figure.id.as_str())).map(figure).collect() };
    let mut out = String::with_capacity(256 << 10);
    head(&title(c), "comparison", CHAPTERS.into_iter(), &mut out);
    out.push_str(STYLE);
    out.push_str(r#"<main id="main">"#);
    first_screen(c, request, &mut out);
    let pair = |ids: &[&str]| match drawn(ids) {
        d if d.is_empty() => r#"<p class="empty">No design could be run.</p>"#.to_owned(),
        d => format!(r#"<div class="g2">{d}</div>"#),
    };
    let ragone = format!(
        r#"<p class="lede">Energy against mean power of every discharge from full charge to the lower voltage limit. Up and to the right is better.</p>{}"#,
        pair(&["p-ragone-area", "p-ragone-volume"])
    );
    let beside = drawn(&["p-pub-ragone", "p-pub-kept"]);
    let others = if beside.is_empty() {
        String::new()
    } else {
        format!(r#"<div class="stackc gap">{beside}</div>{}"#, published::table())
    };
    section(&mut out, 0, &format!("{ragone}{others}"));
    let lede = r#"<p class="lede">The footprint is that of the examined windows, without seal, buses and pads; numbers per die hold them all. In the cross-sections blue is the positive electrode, grey the negative, yellow the electrolyte, brown metal, green what encloses the cell.</p>"#;
    section(&mut out, 1, &format!("{lede}{}", table::table(&c.columns)));
    let rate = format!(
        r#"<p class="lede">What each design keeps of its own: a C-rate and a capacity are those of the design itself, so that size does not count.</p>{}"#,
        pair(&["p-ragone-capacity", "p-use", "p-curves"])
    );
    section(&mut out, 2, &rate);
    let parts = r#"<p class="lede">Open-circuit voltage minus terminal voltage, averaged over the charge of the discharge at 1C, by place and cause. All bars have one scale.</p>"#;
    section(&mut out, 3, &format!("{parts}{}", losses::bars(&c.columns)));
    section(&mut out, 4, &reproduce(c, request));
    out.push_str("<footer>One file, no network, no tracking. Works with scripts off: every plot is drawn in the page.</footer></main>");
    tail(plots.iter(), &mut out);
    out
}

fn title(c: &Comparison) -> String {
    let labels: Vec<&str> = c.columns.iter().map(|c| c.label.as_str()).collect();
    match &labels[..] {
        [] => "Comparison".to_owned(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} or {last}?", rest.join(", ")),
    }
}

fn first_screen(c: &Comparison, request: &CompareRequest, out: &mut String) {
    let _ = write!(
        out,
        r#"<div class="hero1"><h1>{}</h1><p class="sub">{} designs · {}</p><p class="verdict">{}</p></div>"#,
        escape(&title(c)),
        c.columns.len(),
        escape(&request.date),
        marked(&c.verdict.sentence)
    );
    out.push_str(r#"<ul class="warns" aria-label="Remarks">"#);
    for column in &c.columns {
        for d in column.errors().filter(|d| d.severity == Severity::Error) {
            notice(out, column, d);
        }
    }
    for remark in &c.remarks {
        let _ = write!(out, "<li><code>basis</code><span>{}</span></li>", marked(remark));
    }
    for column in &c.columns {
        for d in column.warnings() {
            notice(out, column, d);
        }
    }
    out.push_str("</ul>");
}

fn notice(out: &mut String, column: &Column, d: &Diagnostic) {
    let class = if d.severity == Severity::Error { r#" class="err""# } else { "" };
    let _ = write!(
        out,
        "<li{class}><code>{}</code><span><b>{}</b>: {}</span></li>",
        escape(d.code),
        escape(&column.label),
        escape(&d.message)
    );
}

fn section(out: &mut String, index: usize, body: &str) {
    let (anchor, heading) = CHAPTERS[index];
    let _ = write!(
        out,
        r#"<section id="{anchor}"><h2><span>{}</span>{heading}</h2>{body}</section>"#,
        index + 1
    );
}

fn reproduce(c: &Comparison, request: &CompareRequest) -> String {
    let mut out = format!(
        "<pre>{}</pre><dl class=\"facts gap\"><dt>Program</dt><dd>cellwright {}</dd>",
        escape(&request.command),
        env!("CARGO_PKG_VERSION")
    );
    for column in &c.columns {
        let _ = write!(
            out,
            "<dt>{}</dt><dd><code>{}</code></dd>",
            escape(&column.label),
            escape(&column.file)
        );
    }
    out + "<dt>Numbers</dt><dd><code>compare.json</code> and <code>compare.csv</code> beside this page</dd></dl>"
}
