//! The cross-section of the stack at three vertical scales: readable, films to scale with thick layers cut, everything to scale.

use super::data::Device;
use super::escape::escape;
use super::kind::Kind;
use super::stack::{PORES, describe, is_shortened, layer_colour, layer_name, readable_height, spread};
use std::fmt::Write;

const TOP: f64 = 12.0;
const WIDTH: f64 = 660.0;
const LABELS: f64 = 470.0;

/// The figure with its three-way switch; the switch is made of radio buttons and works without scripts.
pub fn section(device: &Device) -> String {
    let n = device.layers.len();
    if n == 0 {
        return String::new();
    }
    let height = (30.0 * n as f64 + 40.0).clamp(230.0, 460.0);
    let room = height - 24.0;
    let readable = scaled(device.layers.iter().map(readable_height).collect(), room);
    let cut = cut_heights(device, room);
    let all = scaled(device.layers.iter().map(|l| l.thickness).collect(), room);
    let any_cut = (0..n).any(|i| is_shortened(device, i));
    let modes: &[(&str, &str, &[f64])] = if any_cut {
        &[
            ("r", "Readable", &readable),
            ("c", "To scale, cut", &cut),
            ("t", "True scale", &all),
        ]
    } else {
        &[("r", "Readable", &readable), ("t", "True scale", &all)]
    };
    let tops: Vec<Vec<f64>> = modes.iter().map(|m| tops(m.2)).collect();
    let step = (150.0 / n as f64).min(16.0);
    let mut rects = String::new();
    for (i, layer) in device.layers.iter().enumerate() {
        let mut style = format!("--f:{}", layer_colour(device, i));
        for (k, (name, _, heights)) in modes.iter().enumerate() {
            let _ = write!(style, ";--y{name}:{:.2}px;--h{name}:{:.2}px", tops[k][i], heights[i]);
        }
        let width = LABELS - 34.0 - step * i as f64;
        let _ = write!(
            rects,
            r#"<g style="{style}"><title>{}, {}</title><rect class="xl" x="14" y="{:.1}" width="{width:.1}" height="{:.1}"/>"#,
            escape(&layer_name(layer)),
            escape(&Kind::Length.text(layer.thickness)),
            tops[0][i],
            readable[i]
        );
        if layer.porous {
            let _ = write!(
                rects,
                r#"<rect class="xl por" x="14" y="{:.1}" width="{width:.1}" height="{:.1}"/>"#,
                tops[0][i], readable[i]
            );
        }
        rects.push_str("</g>");
    }
    let mut labels = String::new();
    for (k, (name, _, heights)) in modes.iter().enumerate() {
        let _ = write!(labels, r#"<g class="x{name}">"#);
        let middles: Vec<f64> = (0..n).rev().map(|i| tops[k][i] + heights[i] / 2.0).collect();
        let rows = spread(&middles, 21.0, TOP + 6.0, height - 14.0);
        for (row, i) in (0..n).rev().enumerate() {
            let (x, y, to) = (LABELS - 18.0 - step * i as f64, middles[row], rows[row]);
            let layer = &device.layers[i];
            let _ = write!(
                labels,
                r#"<path class="lead" d="M{x:.1} {y:.1}H{:.1}L{LABELS} {to:.1}h6"/><text class="dl" x="{}" y="{:.1}">{}</text><text class="dd" x="{}" y="{:.1}" text-anchor="end">{}</text>"#,
                (LABELS - 14.0).max(x),
                LABELS + 12.0,
                to + 4.0,
                escape(&layer_name(layer)),
                WIDTH - 4.0,
                to + 4.0,
                escape(&Kind::Length.text(layer.thickness))
            );
            if *name != "t" && is_shortened(device, i) {
                let width = LABELS - 34.0 - step * i as f64;
                let _ = write!(labels, r#"<path class="brk" d="{}"/>"#, wave(14.0, width, y));
            }
        }
        labels.push_str("</g>");
    }
    let mut out = String::from(r#"<figure class="fig xs"><figcaption><b>Cross-section through the active area</b></figcaption>"#);
    out.push_str(r#"<div class="seg" role="radiogroup" aria-label="Vertical scale">"#);
    for (k, (name, text, _)) in modes.iter().enumerate() {
        let _ = write!(
            out,
            r#"<label><input type="radio" name="xs" value="{name}"{}><span>{text}</span></label>"#,
            if k == 0 { " checked" } else { "" }
        );
    }
    let share = device.layers.iter().filter(|l| is_film(l.role)).map(|l| l.thickness).sum::<f64>() / device.height().max(1e-30);
    let note = if share < 0.995 {
        format!(
            "Widths are not to scale. At true scale the electrodes and the electrolyte are {} of the height.",
            percent(share)
        )
    } else {
        "Widths are not to scale.".into()
    };
    let _ = write!(
        out,
        r#"</div><div class="pw"><svg class="xsec" id="xsec" viewBox="0 0 {WIDTH} {height:.0}" role="img" aria-labelledby="xs-t xs-d"><title id="xs-t">Cross-section of the film stack</title><desc id="xs-d">{}</desc>{}{rects}{labels}</svg></div><p class="note">{}</p></figure>"#,
        escape(&describe(device)),
        PORES.replace("\"por\"", "\"por2\""),
        escape(&note)
    );
    out
}

fn percent(share: f64) -> String {
    format!("{} %", super::number::significant(share * 100.0, 2))
}

fn is_film(role: super::data::Role) -> bool {
    use super::data::Role;
    matches!(
        role,
        Role::PositiveElectrode | Role::NegativeElectrode | Role::Electrolyte | Role::Separator
    )
}

fn scaled(heights: Vec<f64>, room: f64) -> Vec<f64> {
    let sum: f64 = heights.iter().sum();
    heights.iter().map(|h| h * room / sum.max(1e-30)).collect()
}

/// Films to one scale; layers marked as shortened get a fixed height of their own.
fn cut_heights(device: &Device, room: f64) -> Vec<f64> {
    let cut: Vec<bool> = (0..device.layers.len()).map(|i| is_shortened(device, i)).collect();
    let kept: f64 = device.layers.iter().zip(&cut).filter(|(_, c)| !**c).map(|(l, _)| l.thickness).sum();
    let fixed = 46.0;
    let free = room - fixed * cut.iter().filter(|c| **c).count() as f64;
    device
        .layers
        .iter()
        .zip(&cut)
        .map(|(l, c)| if *c { fixed } else { l.thickness * free / kept.max(1e-30) })
        .collect()
}

/// Top edge of each layer, the last layer being uppermost.
fn tops(heights: &[f64]) -> Vec<f64> {
    let mut y = TOP + heights.iter().sum::<f64>();
    heights
        .iter()
        .map(|h| {
            y -= h;
            y
        })
        .collect()
}

fn wave(x: f64, width: f64, y: f64) -> String {
    let n = (width / 9.0).floor() as usize;
    let mut d = format!("M{x:.1} {y:.1}");
    for k in 0..n {
        let _ = write!(d, "l{:.2} {}", width / n as f64, if k % 2 == 0 { 5 } else { -5 });
    }
    d
}
