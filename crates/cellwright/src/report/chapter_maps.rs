//! The chapter on fields in the real geometry: section maps, and the whole window to turn around.

use super::data::{MapView, Maps, Report};
use super::escape::{escape, marked};
use super::frames;
use super::number;
use super::png::base64;
use super::section_map::{Scale, Shading, carriers, direction, drawing, shown};
use std::fmt::Write;

const SCRIPT: &str = include_str!("maps.js");
const VIEWER: &str = include_str!("solid.js");

/// Heading of the chapter.
pub const HEADING: &str = "Where it happens";

/// The maps of a report, if it has any that can be drawn.
pub fn of(report: &Report) -> Option<&Maps> {
    report.maps.as_ref().filter(|m| m.section.holds() && !report.frames.is_empty())
}

/// Maps and viewer.
pub fn chapter(report: &Report, maps: &Maps) -> String {
    let unit = frames::time_unit(report);
    let opening = frames::opening(report);
    let view = &maps.section;
    let scale = Scale::new(view);
    let k = shown(view, opening, &report.frames);
    let mut out = format!(
        r#"<p class="lede">{} Shown at <b id="ptime">{}</b>.<span class="js"> The slider, or a click on any plot over time, moves the time everywhere.</span></p><div class="g2 maps">"#,
        marked(&maps.lede),
        escape(&frames::time_text(
            &unit,
            report.frames[view.frames[k].min(report.frames.len() - 1)]
        ))
    );
    for (i, field) in view.fields.iter().enumerate() {
        let shading = Shading::new(field);
        let mut note = field.note.clone();
        let mut say = |text: &str| {
            if !note.is_empty() {
                note.push(' ');
            }
            note.push_str(text);
        };
        if scale.stretch != [1.0; 2] {
            say(&scale.words());
        }
        if shading.clipped {
            say("A few values lie beyond the ends of the colours.");
        }
        say("Colour limits are fixed over time.");
        let _ = write!(
            out,
            r#"<figure class="fig" id="map{i}-f"><figcaption><b>{}</b></figcaption><div class="pw">{}<output class="read" aria-live="polite"></output></div><p class="note">{}</p></figure>"#,
            escape(&number::formula(&field.title)),
            drawing(view, field, &scale, &shading, &format!("map{i}"), k),
            marked(&note)
        );
    }
    out.push_str("</div>");
    if let Some(solid) = solid(maps) {
        out.push_str(&viewer(solid));
    }
    out
}

fn solid(maps: &Maps) -> Option<&MapView> {
    maps.solid.as_ref().filter(|v| v.holds() && !v.fields.is_empty())
}

/// The frame of the viewer; the script fills it.
fn viewer(view: &MapView) -> String {
    let options: String = view
        .fields
        .iter()
        .enumerate()
        .map(|(i, f)| format!(r#"<option value="{i}">{}</option>"#, escape(&number::formula(&f.title))))
        .collect();
    format!(
        r#"<div class="gap js"><figure class="fig" id="solid"><figcaption><b>The whole window</b></figcaption><div class="solidbar"><label>Show <select id="sq">{options}</select></label> <label>Cut along <select id="sa"><option value="0">x</option><option value="1">y</option><option value="2">z</option></select></label> <label>at <input id="sc" type="range" min="0" max="1000" value="1000" aria-label="Place of the cut"></label> <button type="button" id="sr">Reset view</button></div><canvas id="sv" width="1100" height="560" tabindex="0" role="img" aria-label="The repeating window in three dimensions; the section above shows the same quantities"></canvas><p class="solidkey"><span id="slo"></span><i id="sbar"></i><span id="shi"></span> <span id="slab"></span></p><p class="note">Drag to turn, wheel or two fingers to zoom. The time is that of the slider. {}</p></figure></div>"#,
        match stretched(view).as_slice() {
            [] => "True to scale.".to_owned(),
            some => format!("Not to scale: {}.", some.join(", ")),
        }
    )
}

/// Data and scripts behind the page's own.
pub fn scripts(report: &Report) -> String {
    let Some(maps) = of(report) else {
        return String::new();
    };
    let section = section_data(&maps.section);
    let (solid, viewer) = match solid(maps) {
        Some(view) => (solid_data(view), VIEWER),
        None => ("null".to_owned(), ""),
    };
    let data = super::escape::json(&format!(r#"{{"section":{section},"solid":{solid}}}"#));
    format!(r#"<script type="application/json" id="M">{data}</script><script>{SCRIPT}{viewer}</script>"#)
}

fn words(values: impl Iterator<Item = u16>) -> String {
    base64(&values.flat_map(u16::to_le_bytes).collect::<Vec<u8>>())
}

fn text(s: &str) -> String {
    serde_json::Value::from(s).to_string()
}

fn list(values: impl Iterator<Item = usize>) -> String {
    values.map(|v| v.to_string()).collect::<Vec<_>>().join(",")
}

/// Limits, unit, members and values of every quantity; `more` adds to each.
fn fields(view: &MapView, more: impl Fn(usize, &Shading) -> String) -> String {
    let all = view.fields.iter().enumerate().map(|(i, f)| {
        let shading = Shading::new(f);
        let bytes: Vec<u8> = f.values.iter().map(|v| shading.byte(*v)).collect();
        format!(
            r#"{{"lo":{},"hi":{},"q":{},"i":"{}","v":"{}"{}}}"#,
            number::compact(shading.limits[0], 6),
            number::compact(shading.limits[1], 6),
            text(&shading.label(f)),
            words(f.boxes.iter().map(|b| *b as u16)),
            base64(&bytes),
            more(i, &shading)
        )
    });
    all.collect::<Vec<_>>().join(",")
}

/// Boxes as rectangles of the drawing in tenths of its units.
fn section_data(view: &MapView) -> String {
    let scale = Scale::new(view);
    let boxes = words(
        view.boxes
            .iter()
            .flat_map(|b| scale.rectangle(b).map(|v| (10.0 * v).round().clamp(0.0, 65_535.0) as u16)),
    );
    let arrows = |i: usize, shading: &Shading| {
        let f = &view.fields[i];
        if f.arrows.is_empty() {
            return String::new();
        }
        let at = carriers(view, f, &scale);
        let n = f.boxes.len();
        let bytes: Vec<u8> = (0..view.frames.len())
            .flat_map(|k| at.iter().map(|a| direction(f, &scale, shading, k * n + a)).collect::<Vec<_>>())
            .collect();
        format!(r#","a":[{}],"d":"{}""#, list(at.iter().copied()), base64(&bytes))
    };
    format!(
        r#"{{"f":[{}],"b":"{boxes}","m":[{}]}}"#,
        list(view.frames.iter().copied()),
        fields(view, arrows)
    )
}

/// Lengths of the sides of the window, m, and its lowest corner.
fn sides(view: &MapView) -> ([f64; 3], [f64; 3]) {
    let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for b in &view.boxes {
        for i in 0..3 {
            (low[i], high[i]) = (low[i].min(b[0][i]), high[i].max(b[1][i]));
        }
    }
    ([0, 1, 2].map(|i| (high[i] - low[i]).max(1e-12)), low)
}

/// How many times each side of a flat or slender window is stretched.
fn stretch(view: &MapView) -> [f64; 3] {
    let (sides, _) = sides(view);
    let longest = sides.iter().copied().fold(0.0, f64::max);
    // Heights are seldom much; a slender width is one in a hundred.
    let (slender, flat) = (0.05 * longest, 0.15 * sides[0].max(sides[1]));
    let round = |side: f64, least: f64| {
        [1.0, 2.0, 5.0, 10.0, 20.0, 50.0]
            .into_iter()
            .find(|s| s * side > least)
            .unwrap_or(100.0)
    };
    let across = |side: f64| if side < slender { round(side, 0.2 * longest) } else { 1.0 };
    [across(sides[0]), across(sides[1]), round(sides[2], flat)]
}

/// What is stretched, in words.
fn stretched(view: &MapView) -> Vec<String> {
    let named = ["x", "y", "z"].iter().zip(stretch(view)).filter(|(_, s)| *s > 1.0);
    named.map(|(name, s)| format!("{name} is drawn {s:.0} times as large")).collect()
}

/// Boxes in parts of the longest side.
fn solid_data(view: &MapView) -> String {
    let ((sides, low), stretch) = (sides(view), stretch(view));
    let boxes = words(view.boxes.iter().flat_map(|b| {
        b.iter()
            .flatten()
            .enumerate()
            .map(|(n, v)| ((v - low[n % 3]) / sides[n % 3] * 65_535.0).round() as u16)
    }));
    let size = [0, 1, 2].map(|i| sides[i] * stretch[i]);
    let longest = size.iter().copied().fold(0.0, f64::max);
    format!(
        r#"{{"f":[{}],"b":"{boxes}","s":[{}],"m":[{}]}}"#,
        list(view.frames.iter().copied()),
        size.map(|s| number::compact(s / longest, 5)).join(","),
        fields(view, |_, _| String::new())
    )
}
