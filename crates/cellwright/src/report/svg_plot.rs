//! A figure as an SVG file of its own: legend inside, colours of both themes inside, no page around it.

use super::escape::escape;
use super::figure::{Figure, Stroke};
use super::layout::text_width;
use super::plot::Plot;
use std::fmt::Write;

const STYLE: &str = include_str!("style.css");

/// A complete SVG document that follows the colour scheme of where it is shown.
pub fn svg_plot(figure: &Figure) -> String {
    let plot = Plot::new(figure.clone());
    let [width, height] = figure.size;
    let mut head = String::new();
    let _ = write!(head, r#"<text x="14" y="22" class="ttl">{}</text>"#, escape(&figure.title));
    let (mut x, mut y) = (14.0, 42.0);
    let listed: Vec<_> = figure.series.iter().filter(|s| !s.unlisted).collect();
    if listed.len() > 1 {
        for s in listed {
            let step = 22.0 + text_width(&s.name, 12.5) + 14.0;
            if x + step > width && x > 14.0 {
                (x, y) = (14.0, y + 18.0);
            }
            let colour = s.colour.css();
            let _ = match s.stroke {
                Stroke::Area => write!(
                    head,
                    r#"<rect x="{x:.1}" y="{:.1}" width="11" height="11" rx="2" style="fill:{colour}"/>"#,
                    y - 10.0
                ),
                Stroke::Dashed => write!(
                    head,
                    r#"<path d="M{x:.1} {:.1}h16" class="ln" stroke-dasharray="5 4" style="stroke:{colour}"/>"#,
                    y - 4.0
                ),
                _ => write!(head, r#"<path d="M{x:.1} {:.1}h16" class="ln" style="stroke:{colour}"/>"#, y - 4.0),
            };
            let _ = write!(
                head,
                r#"<text x="{:.1}" y="{y:.1}" class="dl">{}</text>"#,
                x + 22.0,
                escape(&s.name)
            );
            x += step;
        }
        y += 12.0;
    } else {
        y = 32.0;
    }
    let inner = plot.svg();
    let body = inner.split_once('>').map_or("", |(_, rest)| rest).trim_end_matches("</svg>");
    let themes = STYLE.split_once("/* page */").map_or("", |s| s.0);
    let plots = STYLE
        .split_once("/* plots */")
        .and_then(|s| s.1.split_once("/* end of plots */"))
        .map_or("", |s| s.0);
    let id = escape(&figure.id);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {:.0}" width="{width}" role="img" aria-labelledby="{id}-t {id}-d" font-family="Inter, system-ui, sans-serif"><style>{themes}{plots}.ttl{{font-size:14px;font-weight:600;fill:var(--ink)}}.cur,.now,.hit{{display:none}}</style><rect width="100%" height="100%" style="fill:var(--paper)"/>{head}<g transform="translate(0 {y:.1})">{body}</g></svg>
"#,
        height + y
    )
}
