//! Structure of the page: complete, well formed, self-contained, safe with any text, within its budget.

#![allow(clippy::unwrap_used)]

use super::colour::Colour;
use super::data::Report;
use super::figure::{Axis, Figure, Series};
use super::{figures, render, sample, sample_impedance, sample_maps, svg_plot};

/// Checks that markup is well-formed XML as far as tags, attributes and entities go; returns the element names.
fn well_formed(text: &str) -> Vec<String> {
    let (mut open, mut names, mut rest) = (Vec::<String>::new(), Vec::new(), text);
    while let Some(start) = rest.find('<') {
        assert_text(&rest[..start]);
        let mut quote = None;
        let end = rest[start..]
            .char_indices()
            .find(|&(_, c)| {
                match (quote, c) {
                    (None, '"') => quote = Some('"'),
                    (Some('"'), '"') => quote = None,
                    (None, '>') => return true,
                    _ => {}
                }
                false
            })
            .unwrap_or_else(|| panic!("unclosed tag at {}", &rest[start..rest.len().min(start + 80)]))
            .0;
        let tag = &rest[start + 1..start + end];
        rest = &rest[start + end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |t| (t, true));
        let name = tag.split_whitespace().next().unwrap().to_string();
        let attributes = tag[name.len()..].trim();
        assert_eq!(attributes.matches('"').count() % 2, 0, "{tag}");
        let mut seen = Vec::new();
        for (i, part) in attributes.split('"').enumerate() {
            if i % 2 == 0 && !part.trim().is_empty() {
                let key = part
                    .trim()
                    .strip_suffix('=')
                    .unwrap_or_else(|| panic!("attribute without value in <{tag}>"));
                assert!(
                    key.chars().all(|c| c.is_ascii_alphanumeric() || "-:".contains(c)) && !seen.contains(&key),
                    "{tag}"
                );
                seen.push(key);
            } else if i % 2 == 1 {
                assert_text(part);
                assert!(!part.contains('<'), "{part}");
            }
        }
        if !empty {
            open.push(name.clone());
        }
        names.push(name);
    }
    assert!(open.is_empty(), "left open: {open:?}");
    names
}

fn assert_text(text: &str) {
    for part in text.split('&').skip(1) {
        let entity = part.split(';').next().unwrap();
        assert!(["amp", "lt", "gt", "quot", "#39"].contains(&entity), "&{entity} in {text}");
    }
}

fn svgs(html: &str) -> Vec<&str> {
    html.match_indices("<svg")
        .map(|(i, _)| &html[i..i + html[i..].find("</svg>").unwrap() + 6])
        .collect()
}

#[test]
fn page_is_complete_and_well_formed() {
    for report in [
        sample::thin_film(),
        sample::laminated(),
        crate::fill::sample::built(),
        sample_maps::mapped(9),
        sample_impedance::measured(2),
        Report::default(),
    ] {
        let html = render(&report);
        for svg in svgs(&html) {
            let names = well_formed(svg);
            assert!(names.contains(&"title".to_string()) && names.contains(&"desc".to_string()));
        }
        let body = &html[html.find("<main").unwrap()..html.find("</main>").unwrap() + 7];
        let body = body
            .replace("<br>", "<br/>")
            .replace("&nbsp;", " ")
            .replace(" checked>", r#" checked="">"#);
        let mut plain = String::new();
        let mut rest = body.as_str();
        while let Some(i) = rest.find("<style>") {
            plain.push_str(&rest[..i]);
            rest = &rest[i + rest[i..].find("</style>").unwrap() + 8..];
        }
        plain.push_str(rest);
        let closed = plain.replace("<input ", "<input_ ");
        let mut fixed = String::new();
        let mut rest = closed.as_str();
        while let Some(i) = rest.find("<input_ ") {
            let end = i + rest[i..].find('>').unwrap();
            fixed.push_str(&rest[..end]);
            fixed.push_str("/>");
            rest = &rest[end + 1..];
        }
        fixed.push_str(rest);
        well_formed(&fixed);
        for anchor in [
            "device",
            "cycle",
            "limits",
            "profiles",
            "rate",
            "impedance",
            "tests",
            "materials",
            "balances",
            "absent",
            "reproduce",
        ] {
            assert!(html.contains(&format!(r#"<section id="{anchor}">"#)), "{anchor}");
            assert!(html.contains(&format!(r##"href="#{anchor}""##)), "{anchor}");
        }
        assert!(!html.contains("NaN") && !html.contains("inf"), "no number that is none");
    }
}

#[test]
fn every_id_is_unique_and_every_reference_resolves() {
    for report in [
        sample::laminated(),
        crate::fill::sample::built(),
        sample_maps::mapped(9),
        sample_impedance::measured(2),
    ] {
        let html = render(&report);
        references(&html[html.find("<main").unwrap()..]);
    }
}

fn references(html: &str) {
    let ids: Vec<&str> = html
        .match_indices(" id=\"")
        .map(|(i, m)| html[i + m.len()..].split('"').next().unwrap())
        .filter(|id| !id.contains('$'))
        .collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len());
    for (i, m) in html.match_indices("url(#") {
        let id = html[i + m.len()..].split(')').next().unwrap();
        assert!(unique.contains(&id), "url(#{id})");
    }
    for (i, m) in html.match_indices("<use href=\"#") {
        let id = html[i + m.len()..].split('"').next().unwrap();
        assert!(unique.contains(&id), "use #{id}");
    }
}

#[test]
fn page_is_self_contained_and_within_budget() {
    let html = render(&sample::thin_film());
    assert!(html.contains("default-src 'none'"));
    for forbidden in [
        "http:",
        "https:",
        "//cdn",
        "@import",
        "<link",
        "<iframe",
        " src=",
        "fetch(",
        "XMLHttpRequest",
    ] {
        let found: Vec<_> = html
            .match_indices(forbidden)
            .map(|(i, _)| &html[i..html.len().min(i + 60)])
            .filter(|s| !s.contains("www.w3.org"))
            .collect();
        assert!(found.is_empty(), "{found:?}");
    }
    assert!(html.len() < 300_000, "{} bytes", html.len());
    assert!(include_str!("report.js").len() < 16 << 10);
    assert!(include_str!("style.css").len() < 20 << 10);
}

#[test]
fn hostile_text_stays_text() {
    let evil = "\"><script>alert(1)</script>'&amp;</svg>\u{0}]]>";
    for report in [
        sample::laminated(),
        crate::fill::sample::built(),
        sample_maps::mapped(9),
        sample_impedance::measured(2),
    ] {
        stays_text(&report, evil);
    }
}

fn stays_text(report: &Report, evil: &str) {
    let text = serde_json::to_string(report).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    poison(&mut value, evil);
    let clean = render(report);
    let report: Report = serde_json::from_value(value).unwrap();
    let html = render(&report);
    assert_eq!(html.matches("<script").count(), clean.matches("<script").count());
    assert_eq!(html.matches("</script").count(), clean.matches("</script").count());
    assert_eq!(svgs(&html).len(), svgs(&clean).len());
    svgs(&html).into_iter().for_each(|s| drop(well_formed(s)));
    figures(&report).iter().for_each(|f| drop(well_formed(&svg_plot(f))));
}

fn poison(value: &mut serde_json::Value, evil: &str) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, v) in map.iter_mut() {
                if !["colour", "role", "kind", "confidence", "reason", "id", "svg", "not_run"].contains(&key.as_str()) {
                    poison(v, evil);
                }
            }
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(|v| poison(v, evil)),
        serde_json::Value::String(s) => *s = format!("{evil}{s}"),
        _ => {}
    }
}

#[test]
fn maps_are_drawn_without_script_and_within_budget() {
    let report = sample_maps::mapped(20);
    let html = render(&report);
    assert!(html.contains("Where it happens") && !html.contains("Profiles and maps"));
    let shades = html.split("class=\"mtiles\"").nth(1).unwrap().split("</g>").next().unwrap();
    assert_eq!(shades.matches("<path fill=\"rgb(").count(), super::section_map::SHADES);
    assert_eq!(shades.matches("M").count(), 400, "every box is there");
    assert!(html.contains("class=\"ma\" d=\"M") && html.contains("id=\"sv\"") && html.contains("Quantity / "));
    assert!(html.len() - render(&sample::thin_film()).len() < 1_500_000, "{} bytes", html.len());
    assert_eq!(html, render(&report), "the same again");
    assert!(include_str!("maps.js").len() < 6 << 10 && include_str!("solid.js").len() < 10 << 10);
    let mut flat = report.clone();
    flat.maps.as_mut().unwrap().solid = None;
    assert!(!render(&flat).contains("webgl2"));
    let mut wrong = report;
    wrong.maps.as_mut().unwrap().section.fields[0].values.pop();
    assert!(!render(&wrong).contains("Where it happens"), "sizes that do not fit are left out");
}

#[test]
fn data_survives_serialisation() {
    let report = sample::thin_film();
    let back: Report = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
    assert_eq!(render(&back).len(), render(&report).len());
}

#[test]
fn labels_and_limits_of_the_standard_figures() {
    let all = figures(&sample::thin_film());
    let label = |id: &str| {
        all.iter()
            .find(|f| f.id == id)
            .map(|f| format!("{} | {}", f.x.label, f.y.label))
            .unwrap()
    };
    assert_eq!(label("p-volt"), "Test time / h | Voltage / V");
    assert_eq!(label("p-cur"), "Test time / h | Current / µA");
    assert_eq!(label("p-cap"), "Capacity per active area / µAh cm⁻² | Voltage / V");
    assert_eq!(label("p-dqdv"), "Voltage / V | dQ/dV / mAh cm⁻² V⁻¹");
    assert_eq!(label("p-loss"), "Test time / h | Loss / mV");
    assert_eq!(label("p-lithium0"), "Distance from Pt / µm | x in LiₓCoO₂");
    assert_eq!(label("m-potential1"), "Test time / h | Distance from Cu / µm");
    assert_eq!(label("p-rag"), "Mean power / µW cm⁻² | Energy / µWh cm⁻²");
    for f in &all {
        let plot = super::plot::Plot::new(f.clone());
        let [left, top, right, bottom] = plot.layout.edges();
        assert!(
            left > 40.0 && top >= 10.0 && right <= f.size[0] - 12.0 && bottom <= f.size[1] - 40.0,
            "{}",
            f.id
        );
        assert!(plot.figure.series.iter().all(|s| s.x.len() <= 640), "{}", f.id);
    }
}

#[test]
fn inconsistent_sizes_are_left_out_not_drawn_wrong() {
    let mut report = sample::thin_film();
    report.cycle.series.voltage.pop();
    report.losses.as_mut().unwrap().components[0].loss.pop();
    report.profiles[0].values.pop();
    report.frames.truncate(0);
    let html = render(&report);
    assert!(!html.contains(r#"id="p-volt""#) && !html.contains(r#"id="p-loss""#) && !html.contains(r#"id="tsl""#));
}

#[test]
fn a_broken_balance_is_said_on_the_first_screen() {
    let mut report = sample::thin_film();
    assert!(!render(&report).contains("not close"));
    report.balances[0].found = f64::NAN;
    report.balances[1].found = -1e-3;
    let html = render(&report);
    let first = &html[..html.find(r#"<section id="device">"#).unwrap()];
    assert!(first.contains("2 balances do not close</b>: Lithium, Charge."));
}

#[test]
fn single_files_are_complete_documents() {
    let figure = Figure {
        id: "one".into(),
        title: "Voltage".into(),
        size: [640.0, 300.0],
        x: Axis::new("Test time / h"),
        y: Axis::new("Voltage / V"),
        series: vec![
            Series::line("a", Colour::Positive, vec![0.0, 1.0], vec![3.0, 4.0]),
            Series::line("b & c", Colour::Muted, vec![0.0, 1.0], vec![4.0, 3.0]),
        ],
        ..Figure::default()
    };
    let svg = svg_plot(&figure);
    assert!(svg.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg""#));
    assert!(svg.contains("prefers-color-scheme:dark") && svg.contains("b &amp; c"));
    well_formed(&svg.replace('\n', " "));
}

/// Writes the samples to the folder named in `CELLWRIGHT_SAMPLES`, to look at them in a browser.
#[test]
fn samples_for_the_eye() {
    let Ok(folder) = std::env::var("CELLWRIGHT_SAMPLES") else { return };
    std::fs::write(format!("{folder}/report-sample.html"), render(&sample::thin_film())).unwrap();
    std::fs::write(
        format!("{folder}/report-sample.json"),
        serde_json::to_string(&sample::thin_film()).unwrap(),
    )
    .unwrap();
    std::fs::write(format!("{folder}/report-laminated.html"), render(&sample::laminated())).unwrap();
    std::fs::write(format!("{folder}/report-built.html"), render(&crate::fill::sample::built())).unwrap();
    for f in figures(&sample::thin_film()) {
        std::fs::write(format!("{folder}/{}.svg", f.id), svg_plot(&f)).unwrap();
    }
}
