//! The page: head, chapters in order, time bar, data for the script.

use super::data::Report;
use super::escape::{escape, json};
use super::figure_html::figure;
use super::first_screen::first_screen;
use super::frames;
use super::number::{self, compact};
use super::plot::Plot;
use super::profiles::Field;
use super::{
    chapter_conductivity, chapter_cycle, chapter_device, chapter_electrical, chapter_evidence, chapter_impedance, chapter_life,
    chapter_limits, chapter_maps, chapter_rate, chapter_shelf, chapter_stress,
};
use std::fmt::Write;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("report.js");

/// Anchor, name in the navigation, heading.
const CHAPTERS: [(&str, &str, &str); 11] = [
    ("device", "Device", "Device"),
    ("cycle", "Cycle", "Charge and discharge"),
    ("limits", "Limits", "What limits it"),
    ("profiles", "Profiles", "Profiles and maps"),
    ("rate", "Rate", "Rate and Ragone"),
    ("impedance", "Impedance", "Impedance"),
    ("tests", "Tests", "Electrical tests"),
    ("materials", "Materials", "Materials and where their numbers come from"),
    ("balances", "Balances", "Balances and numerical quality"),
    ("absent", "Not here", "Not in this report"),
    ("reproduce", "Reproduce", "Reproduce"),
];

/// Name of a chapter in the navigation; an unknown anchor names itself.
pub fn chapter_name(anchor: &str) -> &str {
    CHAPTERS.iter().find(|c| c.0 == anchor).map_or(anchor, |c| c.1)
}

/// The complete HTML file.
pub fn page(report: &Report) -> String {
    let [left, right] = chapter_cycle::figures(report).map(plots);
    let limits = plots(chapter_limits::figures(report));
    let shelf = plots(chapter_shelf::figures(report));
    let life = plots(chapter_life::figures(report));
    let rate = plots(chapter_rate::figures(report));
    let impedance = plots(chapter_impedance::figures(report));
    let tests = plots(chapter_electrical::figures(report));
    let conductivity = plots(chapter_conductivity::figures(report));
    let fields: Vec<Field> = (0..report.profiles.len()).filter_map(|i| Field::new(report, i)).collect();
    let profiles: Vec<[Plot; 2]> = fields.iter().map(|f| [Plot::new(f.figure()), Plot::new(f.map())]).collect();

    let mut out = String::with_capacity(256 << 10);
    let title = if report.title.is_empty() { "Report" } else { &report.title };
    head(title, "report", CHAPTERS.iter().map(|c| (c.0, c.1)), &mut out);
    out.push_str(r#"<main id="main">"#);
    out.push_str(&first_screen(report));
    section(&mut out, 0, &chapter_device::chapter(&report.device, report.fabricated.as_ref()));
    out.push_str(r#"<div class="timed">"#);
    time_bar(report, &mut out);
    let not_run = report.not_run.as_ref().map(chapter_evidence::why_empty);
    let run = |chapter: &dyn Fn() -> String| not_run.clone().unwrap_or_else(chapter);
    section(&mut out, 1, &run(&|| chapter_cycle::chapter(report, [&left, &right])));
    section(
        &mut out,
        2,
        &run(&|| {
            chapter_limits::chapter(report, &limits)
                + &chapter_stress::block(report)
                + &chapter_life::block(report, &life)
                + &chapter_shelf::block(report, &shelf)
        }),
    );
    let heading = match chapter_maps::of(report) {
        Some(_) => chapter_maps::HEADING,
        None => CHAPTERS[3].2,
    };
    section_called(&mut out, 3, heading, &run(&|| profile_chapter(report, &profiles)));
    out.push_str("</div>");
    section(&mut out, 4, &run(&|| chapter_rate::chapter(report, &rate)));
    section(&mut out, 5, &run(&|| chapter_impedance::chapter(report, &impedance)));
    section(&mut out, 6, &run(&|| chapter_electrical::chapter(report, &tests)));
    section(
        &mut out,
        7,
        &(chapter_evidence::materials(report) + &chapter_conductivity::block(report, &conductivity)),
    );
    section(&mut out, 8, &run(&|| chapter_evidence::balances(report)));
    section(&mut out, 9, &chapter_evidence::absent(report));
    section(&mut out, 10, &chapter_evidence::reproduce(report));
    out.push_str(
        r#"<footer>One file, no network, no tracking. Works with scripts off: every plot is drawn in the page.<span class="js"> Keys: <kbd>←</kbd> <kbd>→</kbd> time, <kbd>t</kbd> theme, <kbd>[</kbd> <kbd>]</kbd> chapter, <kbd>?</kbd> this list.</span></footer></main>"#,
    );
    let all = left
        .iter()
        .chain(&right)
        .chain(&limits)
        .chain(&life)
        .chain(&shelf)
        .chain(&rate)
        .chain(&impedance)
        .chain(&tests)
        .chain(&conductivity)
        .chain(profiles.iter().flatten());
    let data = data(report, all, &fields);
    script(&data, &chapter_maps::scripts(report), &mut out);
    out
}

fn plots(figures: Vec<super::figure::Figure>) -> Vec<Plot> {
    figures.into_iter().map(Plot::new).collect()
}

/// Everything up to the navigation; `word` says what the page is.
pub(crate) fn head<'a>(title: &str, word: &str, chapters: impl Iterator<Item = (&'a str, &'a str)>, out: &mut String) {
    let _ = write!(
        out,
        concat!(
            r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">"#,
            r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'">"#,
            r#"<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>{} · Cellwright {word}</title><style>{}</style>"#,
            r#"<script>{{const d=document.documentElement;d.className="js";const t=/[#&]theme=(dark|light)\b/.exec(location.hash);if(t)d.dataset.theme=t[1]}}</script></head>"#,
            r##"<body><a class="skip" href="#main">Skip to the {word}</a>"##,
            r#"<header class="top"><div><span class="brand">Cellwright<small>{word}</small></span><nav aria-label="Chapters">"#
        ),
        escape(title),
        STYLE,
        word = word
    );
    for (anchor, name) in chapters {
        let _ = write!(out, r##"<a href="#{anchor}">{name}</a>"##);
    }
    out.push_str(r#"</nav><button class="tb js" id="theme" type="button">Theme: auto</button></div></header>"#);
}

/// The end of a page without time: its plots for the script, and the script.
pub(crate) fn tail<'a>(plots: impl Iterator<Item = &'a Plot>, out: &mut String) {
    let plots: Vec<String> = plots
        .map(|p| format!("{}:{}", serde_json::Value::from(p.figure.id.as_str()), p.json()))
        .collect();
    let data = format!(
        r#"{{"f":1,"u":"s","t":[],"v":[],"k":[],"steps":[],"ln":[],"loss":[],"prof":[],"plots":{{{}}}}}"#,
        plots.join(",")
    );
    script(&data, "", out);
}

fn script(data: &str, further: &str, out: &mut String) {
    let _ = write!(
        out,
        r#"<script type="application/json" id="D">{}</script><script>{SCRIPT}</script>{further}</body></html>"#,
        json(data)
    );
}

fn section(out: &mut String, index: usize, body: &str) {
    section_called(out, index, CHAPTERS[index].2, body);
}

fn section_called(out: &mut String, index: usize, heading: &str, body: &str) {
    let anchor = CHAPTERS[index].0;
    let _ = write!(
        out,
        r#"<section id="{anchor}"><h2><span>{}</span>{heading}</h2>{body}</section>"#,
        index + 1
    );
}

fn time_bar(report: &Report, out: &mut String) {
    if report.frames.len() < 2 {
        return;
    }
    let _ = write!(
        out,
        r#"<div class="time" role="group" aria-label="Time"><button type="button" id="play">Play</button><input id="tsl" type="range" min="0" max="{}" value="{}" aria-label="Test time"><output id="tout"></output></div>"#,
        report.frames.len() - 1,
        frames::opening(report)
    );
}

fn profile_chapter(report: &Report, plots: &[[Plot; 2]]) -> String {
    let maps = chapter_maps::of(report);
    if plots.is_empty() && maps.is_none() {
        return r#"<p class="lede">Not computed in this run.</p><p class="empty">No profile along the cell was recorded.</p>"#.into();
    }
    let unit = frames::time_unit(report);
    let k = frames::opening(report);
    let mut out = match maps {
        Some(maps) => chapter_maps::chapter(report, maps),
        None => format!(
            r#"<p class="lede">Where things sit at <b id="ptime">{}</b>.<span class="js"> The slider, or a click on any plot over time, moves the time everywhere.</span></p>"#,
            escape(&frames::time_text(&unit, report.frames[k]))
        ),
    };
    if maps.is_some() && !plots.is_empty() {
        out.push_str(r#"<h3 class="gap">Reaction along the electrodes</h3>"#);
    }
    if plots.len() > 1 {
        out.push_str(r#"<div class="seg tabs" role="radiogroup" aria-label="Quantity">"#);
        let mut shown = 0;
        for (i, profile) in report.profiles.iter().enumerate() {
            if Field::new(report, i).is_none() {
                continue;
            }
            let name = if profile.short.is_empty() { &profile.title } else { &profile.short };
            let _ = write!(
                out,
                r#"<label><input type="radio" name="pq" value="{shown}"{}><span>{}</span></label>"#,
                if shown == 0 { " checked" } else { "" },
                escape(name)
            );
            shown += 1;
        }
        out.push_str("</div>");
        let rules: String = (0..plots.len())
            .map(|i| format!(r#"#profiles:has(.tabs input[value="{i}"]:checked) .pq[data-q="{i}"]"#))
            .collect::<Vec<_>>()
            .join(",");
        let _ = write!(
            out,
            "<style>@media screen{{@supports selector(:has(*)){{.pq{{display:none}}{rules}{{display:grid}}}}}}</style>"
        );
    }
    for (i, [profile, map]) in plots.iter().enumerate() {
        let _ = write!(out, r#"<div class="g2 pq" data-q="{i}">{}{}</div>"#, figure(profile), figure(map));
    }
    out
}

fn data<'a>(report: &Report, plots: impl Iterator<Item = &'a Plot>, fields: &[Field]) -> String {
    let text = |s: &str| serde_json::Value::from(s).to_string();
    let unit = frames::time_unit(report);
    let plots: Vec<String> = plots.map(|p| format!("{}:{}", text(&p.figure.id), p.json())).collect();
    let series = &report.cycle.series;
    let steps: Vec<String> = report
        .cycle
        .steps
        .iter()
        .map(|s| text(if s.short.is_empty() { &s.label } else { &s.short }))
        .collect();
    let list = |values: Vec<String>| values.join(",");
    let losses = report
        .losses
        .as_ref()
        .filter(|l| l.components.iter().all(|c| c.loss.len() == report.frames.len()));
    format!(
        r#"{{"f":{},"u":{},"t":[{}],"v":[{}],"k":[{}],"steps":[{}],"ln":[{}],"loss":[{}],"prof":[{}],"plots":{{{}}}}}"#,
        compact(unit.factor, 9),
        text(&unit.symbol),
        list(report.frames.iter().map(|t| compact(*t, 8)).collect()),
        list(
            report
                .frames
                .iter()
                .map(|t| frames::sample(&series.time, &series.voltage, *t).map_or("null".into(), |v| compact(v, 6)))
                .collect()
        ),
        list(
            report
                .frames
                .iter()
                .map(|t| frames::step_at(report, *t).map_or("-1".into(), |k| k.to_string()))
                .collect()
        ),
        list(steps),
        list(losses.map_or(Vec::new(), |l| {
            l.components.iter().map(|c| text(&number::formula(&c.name))).collect()
        })),
        list(losses.map_or(Vec::new(), |l| {
            l.components
                .iter()
                .map(|c| format!("[{}]", c.loss.iter().map(|v| compact(v * 1e3, 4)).collect::<Vec<_>>().join(",")))
                .collect()
        })),
        list(fields.iter().map(Field::json).collect()),
        plots.join(",")
    )
}
