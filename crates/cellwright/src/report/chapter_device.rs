//! Chapter "Device": the cross-section and the table of films, and what fabrication made of them.

use super::data::{Device, Fabricated};
use super::escape::{escape, marked};
use super::fabricated::fabricated;
use super::kind::Kind;
use super::number::{formula, significant};
use super::section::section;
use super::stack::{layer_colour, layer_name};
use std::fmt::Write;

/// Body of the chapter.
pub fn chapter(device: &Device, made: Option<&Fabricated>) -> String {
    match (device.layers.is_empty(), made) {
        (true, None) => r#"<p class="empty">The design names no layers.</p>"#.into(),
        (true, Some(made)) => fabricated(made),
        (false, None) => stack(device),
        (false, Some(made)) => format!("{}<h3 class=\"gap\">As fabricated</h3>{}", stack(device), fabricated(made)),
    }
}

fn stack(device: &Device) -> String {
    let lede = if device.lede.is_empty() {
        "The films from the top down, as the design gives them."
    } else {
        &device.lede
    };
    format!(
        r#"<p class="lede">{}</p><div class="g32">{}{}</div>"#,
        marked(lede),
        section(device),
        table(device)
    )
}

fn table(device: &Device) -> String {
    let any = |f: fn(&super::data::Layer) -> bool| device.layers.iter().any(f);
    let technique = any(|l| !l.technique.is_empty());
    let capacity = any(|l| l.areal_capacity.is_some());
    let mut head = String::from("<th>Film</th>");
    if technique {
        head.push_str("<th>Technique</th>");
    }
    head.push_str(r#"<th class="n">Thickness</th>"#);
    if capacity {
        head.push_str(r#"<th class="n">Capacity per area</th>"#);
    }
    let mut out = format!(r#"<div class="tw"><table class="t films"><thead><tr>{head}</tr></thead><tbody>"#);
    for (i, layer) in device.layers.iter().enumerate().rev() {
        let name = layer_name(layer);
        let material = formula(&layer.material);
        let below = |text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("<br><small>{}</small>", escape(text))
            }
        };
        let mut small = if material == name { String::new() } else { below(&material) };
        if !technique {
            small.push_str(&below(&layer.note));
        }
        let _ = write!(
            out,
            r#"<tr><td><i class="sw" style="background:{}"></i>{}{small}</td>"#,
            layer_colour(device, i),
            escape(&name)
        );
        if technique {
            let _ = write!(out, "<td>{}{}</td>", dash(&layer.technique), below(&layer.note));
        }
        let spread = layer
            .spread
            .map_or(String::new(), |s| format!(" ± {} %", significant(s * 100.0, 1)));
        let _ = write!(out, r#"<td class="n">{}{spread}</td>"#, escape(&Kind::Length.text(layer.thickness)));
        if capacity {
            let text = layer.areal_capacity.map_or("—".into(), |q| Kind::ArealCapacity.text(q));
            let _ = write!(out, r#"<td class="n">{}</td>"#, escape(&text));
        }
        out.push_str("</tr>");
    }
    out + "</tbody></table></div>"
}

fn dash(text: &str) -> String {
    if text.is_empty() { "—".into() } else { escape(text) }
}
