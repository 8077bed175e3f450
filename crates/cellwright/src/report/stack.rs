//! The film stack as an isometric drawing, cut open in steps, with leader lines and thicknesses.

use super::data::{Device, Layer, Role};
use super::escape::escape;
use super::kind::Kind;
use super::number::formula;
use std::fmt::Write;

/// Left to front edge of the die in the drawing.
const A: (f64, f64) = (172.0, 79.0);
/// Front to right edge.
const B: (f64, f64) = (132.0, -85.0);

/// Name, with subscripts where it is a formula.
pub fn layer_name(layer: &Layer) -> String {
    formula(if layer.name.is_empty() { &layer.material } else { &layer.name })
}

/// Colour of a layer: that of its role, the lower collector in the lighter metal.
pub fn layer_colour(device: &Device, index: usize) -> &'static str {
    let role = device.layers[index].role;
    let bottom = role == Role::Collector
        && device.layers[..index]
            .iter()
            .all(|l| matches!(l.role, Role::Substrate | Role::Insulator | Role::Other | Role::Collector));
    if bottom {
        super::colour::Colour::MetalLight.css()
    } else {
        role.colour().css()
    }
}

/// Drawn height of a layer: grows with the logarithm of its thickness, so that 50 nm and 500 µm are both seen.
pub fn readable_height(layer: &Layer) -> f64 {
    let um = (layer.thickness * 1e6).max(0.0);
    let base = 5.0 + 11.0 * (1.0 + um / 0.25).log10() + if um > 20.0 { 5.0 } else { 0.0 };
    if layer.role == Role::Substrate {
        base.clamp(30.0, 46.0)
    } else {
        base.min(40.0)
    }
}

/// Whether a layer is drawn shortened with a break mark: much thicker than all the others together.
pub fn is_shortened(device: &Device, index: usize) -> bool {
    let thickness = device.layers[index].thickness;
    let others: f64 = device
        .layers
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != index)
        .map(|(_, l)| l.thickness)
        .sum();
    device.layers.len() > 1 && (device.layers[index].role == Role::Substrate || thickness > 4.0 * others) && thickness > 0.5 * others
}

/// Moves label positions apart so that neighbours are at least `gap` from each other, keeping them inside `low..=high`.
pub fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut y = wanted.to_vec();
    let gap = if y.len() > 1 {
        gap.min((high - low) / (y.len() - 1) as f64)
    } else {
        gap
    };
    for i in 0..y.len() {
        let floor = if i == 0 { low } else { y[i - 1] + gap };
        y[i] = y[i].max(floor);
    }
    for i in (0..y.len()).rev() {
        let ceiling = if i + 1 == y.len() { high } else { y[i + 1] - gap };
        y[i] = y[i].min(ceiling);
    }
    y
}

/// The cut-away drawing.
pub fn cutaway(device: &Device) -> String {
    let n = device.layers.len();
    if n == 0 {
        return String::new();
    }
    let heights: Vec<f64> = device.layers.iter().map(readable_height).collect();
    let squeeze = (230.0 / heights.iter().sum::<f64>()).min(1.25);
    let base = device
        .layers
        .iter()
        .take_while(|l| matches!(l.role, Role::Substrate | Role::Insulator))
        .count();
    let films = n - base;
    let step = (0.46 / films.max(1) as f64).min(0.075);
    let margin = if base > 0 { 0.045 } else { 0.0 };
    let mut body = String::new();
    let mut anchors = Vec::with_capacity(n);
    let mut z = 0.0;
    for (i, layer) in device.layers.iter().enumerate() {
        let height = heights[i] * squeeze;
        let cut = if i < base { 0.0 } else { margin + step * (i - base) as f64 };
        let m = if i < base { 0.0 } else { margin };
        let (u0, u1, v0, v1) = (m, 1.0 - cut, cut, 1.0 - m);
        let p = |u: f64, v: f64, h: f64| (A.0 * u + B.0 * v, A.1 * u + B.1 * v - z - h);
        let face = |points: [(f64, f64); 4]| {
            let mut d = String::new();
            for (k, (x, y)) in points.iter().enumerate() {
                let _ = write!(d, "{}{x:.1} {y:.1}", if k == 0 { "M" } else { "L" });
            }
            d + "Z"
        };
        let left = face([p(u0, v0, 0.0), p(u1, v0, 0.0), p(u1, v0, height), p(u0, v0, height)]);
        let right = face([p(u1, v0, 0.0), p(u1, v1, 0.0), p(u1, v1, height), p(u1, v0, height)]);
        let top = face([p(u0, v0, height), p(u1, v0, height), p(u1, v1, height), p(u0, v1, height)]);
        let _ = write!(
            body,
            r#"<g style="--f:{}" class="bx"><title>{}, {}</title><path class="l" d="{left}"/><path class="r" d="{right}"/><path class="t" d="{top}"/>"#,
            layer_colour(device, i),
            escape(&layer_name(layer)),
            escape(&thickness_text(layer))
        );
        if layer.porous {
            let _ = write!(body, r#"<path class="por" d="{left}"/><path class="por" d="{right}"/>"#);
        }
        if is_shortened(device, i) {
            let left_break = zigzag(|q| p(u0 + (u1 - u0) * q, v0, height * 0.42), 18);
            let right_break = zigzag(|q| p(u1, v0 + (v1 - v0) * q, height * 0.42), 16);
            let _ = write!(body, r#"<path class="brk" d="M{left_break}L{right_break}"/>"#);
        }
        body.push_str("</g>");
        let (x, y) = p(u1, v1 - 0.025, height / 2.0);
        anchors.push((x, y));
        z += height;
    }
    let bottom = A.1 + if device.die.is_some() { 26.0 } else { 8.0 };
    let top = B.1 + A.1 * margin - z - 8.0;
    let label_x = A.0 + B.0 + 30.0;
    let wanted: Vec<f64> = anchors.iter().rev().map(|a| a.1).collect();
    let rows = spread(&wanted, 22.0, top + 10.0, bottom - 30.0);
    let name_width = device
        .layers
        .iter()
        .map(|l| super::layout::text_width(&layer_name(l), 12.5))
        .fold(60.0, f64::max)
        .min(170.0);
    let right = label_x + 14.0 + name_width + 62.0;
    let mut labels = String::new();
    for (row, i) in (0..n).rev().enumerate() {
        let ((x, y), to) = (anchors[i], rows[row]);
        let layer = &device.layers[i];
        let _ = write!(
            labels,
            r#"<path class="lead" d="M{x:.1} {y:.1}L{:.1} {to:.1}h7"/><circle cx="{x:.1}" cy="{y:.1}" r="1.8" class="ld"/><text class="dl" x="{:.1}" y="{:.1}">{}</text><text class="dd" x="{right:.1}" y="{:.1}" text-anchor="end">{}</text>"#,
            label_x,
            label_x + 12.0,
            to + 4.0,
            escape(&shortened_text(&layer_name(layer), name_width)),
            to + 4.0,
            escape(&Kind::Length.text(layer.thickness))
        );
    }
    let mut sizes = String::new();
    if let Some([a, b]) = device.die {
        let angle = |v: (f64, f64)| v.1.atan2(v.0).to_degrees();
        let _ = write!(
            sizes,
            r#"<path class="dim" d="M-3 13L{:.1} {:.1}M-6 9v8M{:.1} {:.1}v8"/><text class="dd" transform="translate({:.1} {:.1}) rotate({:.1})" text-anchor="middle">{}</text>"#,
            A.0 - 4.0,
            A.1 + 13.0,
            A.0 - 3.0,
            A.1 + 9.0,
            A.0 / 2.0 - 10.0,
            A.1 / 2.0 + 29.0,
            angle(A),
            escape(&Kind::Length.text(a))
        );
        let _ = write!(
            sizes,
            r#"<path class="dim" d="M{:.1} {:.1}L{:.1} {:.1}M{:.1} {:.1}v8M{:.1} {:.1}v8"/><text class="dd" transform="translate({:.1} {:.1}) rotate({:.1})" text-anchor="middle">{}</text>"#,
            A.0 + 4.0,
            A.1 + 13.0,
            A.0 + B.0 + 3.0,
            A.1 + B.1 + 13.0,
            A.0 + 3.0,
            A.1 + 9.0,
            A.0 + B.0 + 4.0,
            A.1 + B.1 + 9.0,
            A.0 + B.0 / 2.0 + 11.0,
            A.1 + B.1 / 2.0 + 29.0,
            angle(B),
            escape(&Kind::Length.text(b))
        );
    }
    let (x0, width, height) = (-14.0, right + 24.0, bottom - top);
    format!(
        r#"<svg class="dev" viewBox="{x0} {top:.1} {width:.1} {height:.1}" role="img" aria-labelledby="dev-t dev-d"><title id="dev-t">Cut-away drawing of the device</title><desc id="dev-d">{}</desc>{PORES}{body}{labels}{sizes}</svg>"#,
        escape(&describe(device))
    )
}

/// Grain pattern of porous layers.
pub const PORES: &str = r#"<defs><pattern id="por" width="9" height="9" patternUnits="userSpaceOnUse"><circle cx="2.2" cy="2.4" r="1.9"/><circle cx="6.8" cy="6.6" r="2.1"/><circle cx="6.9" cy="1.4" r="1"/><circle cx="2" cy="7.2" r="1.1"/></pattern></defs>"#;

/// The stack in words, from the bottom up.
pub fn describe(device: &Device) -> String {
    let films: Vec<String> = device
        .layers
        .iter()
        .map(|l| format!("{}, {}", layer_name(l), thickness_text(l)))
        .collect();
    format!("From the bottom up: {}.", films.join("; "))
}

fn thickness_text(layer: &Layer) -> String {
    Kind::Length.text(layer.thickness)
}

fn shortened_text(text: &str, width: f64) -> String {
    if super::layout::text_width(text, 12.5) <= width + 1.0 {
        return text.into();
    }
    let mut out = String::new();
    for c in text.chars() {
        if super::layout::text_width(&out, 12.5) > width - 14.0 {
            break;
        }
        out.push(c);
    }
    out.trim_end().to_string() + "…"
}

fn zigzag(at: impl Fn(f64) -> (f64, f64), teeth: usize) -> String {
    let points: Vec<String> = (0..=teeth)
        .map(|k| {
            let (x, y) = at(k as f64 / teeth as f64);
            let shift = if k == 0 || k == teeth {
                0.0
            } else if k % 2 == 0 {
                2.6
            } else {
                -2.6
            };
            format!("{x:.1} {:.1}", y + shift)
        })
        .collect();
    points.join("L")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_overlap() {
        let rows = spread(&[5.0, 6.0, 7.0, 100.0, 101.0], 20.0, 0.0, 110.0);
        assert!(rows.windows(2).all(|w| w[1] - w[0] >= 20.0 - 1e-9), "{rows:?}");
        assert!(rows[0] >= 0.0 && rows[4] <= 110.0);
        let crowded = spread(&[50.0; 12], 22.0, 0.0, 110.0);
        assert!(crowded.windows(2).all(|w| w[1] - w[0] >= 9.9));
        assert!(spread(&[], 20.0, 0.0, 1.0).is_empty());
    }
}
