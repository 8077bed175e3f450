//! Drawing of tool paths: filaments with their true width, layer by layer.

use super::colour::{Colour, Hue};
use super::gcode::{PrintLayer, PrintSettings};
use super::svg::{Drawing, lines};
use super::text::{formula, length, wrapped};
use super::tone::bounds;
use std::fmt::Write;

/// Most layers drawn one by one.
const MOST: usize = 6;
/// Most corners of a panel.
const CORNERS: usize = 3000;

/// The drawing as an SVG element: one panel for each group of equal layers, filaments in their true width, moves without ink dashed, the
/// layer below pale.
pub fn print_preview(layers: &[PrintLayer], settings: &PrintSettings, hue: Hue, id: &str) -> String {
    let mut drawing = Drawing::new(id);
    drawing.text("b", 14.0, 22.0, "start", &formula(&settings.title));
    let groups = groups(layers);
    let half = 0.5 * settings.filament_width;
    let all = layers.iter().flat_map(|l| l.paths.iter().flatten().copied());
    let [low, high] = bounds(all).unwrap_or([[0.0; 2], [1e-3; 2]]);
    let (low, high) = (low.map(|v| v - 2.0 * half), high.map(|v| v + 2.0 * half));
    let real = [0, 1].map(|i| (high[i] - low[i]).max(1e-12));
    let shown = groups.len().min(MOST);
    let columns = shown.clamp(1, if shown == 1 { 1 } else { 2 });
    let most = if columns == 1 { 520.0 } else { 370.0 };
    let scale = most / real[0].max(real[1] * most / 420.0);
    let size = real.map(|v| (v * scale).max(4.0));
    let step = [size[0].max(240.0) + 24.0, size[1] + 40.0];
    for (k, (first, last)) in groups.iter().take(MOST).enumerate() {
        let corner = [15.0 + step[0] * (k % columns) as f64, 58.0 + step[1] * (k / columns) as f64];
        let [x, y] = corner;
        let place = move |p: [f64; 2]| [x + (p[0] - low[0]) * scale, y + size[1] - (p[1] - low[1]) * scale];
        let caption = if first == last {
            format!("Layer {}", first + 1)
        } else {
            format!("Layers {} to {}", first + 1, last + 1)
        };
        drawing.text("m", x, y - 8.0, "start", &format!("{caption}, up to {}", length(layers[*last].z)));
        let edge = format!(r#"x="{x:.1}" y="{y:.1}" width="{:.1}" height="{:.1}""#, size[0], size[1]);
        let _ = write!(drawing.body, r#"<rect class="sf" {edge}/>"#);
        let width = (settings.filament_width * scale).max(0.6);
        let stroke = drawing.stroke(Colour::plain(hue));
        let shape = format!(r#"fill="none" stroke-width="{width:.2}" stroke-linecap="round" stroke-linejoin="round""#);
        if let Some(below) = first.checked_sub(1) {
            let d = lines(&within(&layers[below].paths), 1, place);
            let _ = write!(drawing.body, r#"<path class="{stroke}" {shape} opacity=".25" d="{d}"/>"#);
        }
        let paths = within(&layers[*first].paths);
        let d = lines(&paths, 1, place);
        let _ = write!(drawing.body, r#"<path class="{stroke}" {shape} opacity=".85" d="{d}"/>"#);
        let travels: Vec<Vec<[f64; 2]>> = paths.windows(2).filter_map(|w| Some(vec![*w[0].last()?, *w[1].first()?])).collect();
        let _ = write!(
            drawing.body,
            r#"<path class="ln" stroke-dasharray="3 3" d="{}"/>"#,
            lines(&travels, 1, place)
        );
        if let Some(start) = paths.first().and_then(|p| p.first()) {
            let [sx, sy] = place(*start);
            let _ = write!(drawing.body, r#"<circle class="dt" cx="{sx:.1}" cy="{sy:.1}" r="3"/>"#);
        }
        let _ = write!(drawing.body, r#"<rect class="ln" {edge}/>"#);
    }
    let rows = shown.div_ceil(columns).max(1);
    let wide = (15.0 + step[0] * columns as f64 - 9.0).max(360.0);
    let mut y = 58.0 + step[1] * rows as f64 - 40.0 + 20.0;
    drawing.scale_bar(15.0, y, 0.3 * size[0], scale);
    y += 24.0;
    let mut note = format!(
        "Filaments {} wide in layers of {}, drawn with their true width. The dot is the start; moves without ink are dashed; the layer below is pale.",
        length(settings.filament_width),
        length(settings.layer_height)
    );
    if groups.len() > MOST {
        let _ = write!(note, " {} more groups of layers are not drawn.", groups.len() - MOST);
    }
    if layers.iter().any(|l| l.paths.iter().map(Vec::len).sum::<usize>() > CORNERS) {
        let _ = write!(note, " Of long layers the first {CORNERS} corners are drawn.");
    }
    y = drawing.lines("m", 15.0, y, &wrapped(&note, 11.5, wide - 30.0));
    let told = format!("{} layers of tool paths. {note}", layers.len());
    drawing.finish([wide, y - 2.0], &formula(&settings.title), &told)
}

/// First and last layer of each run of layers with the same paths.
fn groups(layers: &[PrintLayer]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (i, layer) in layers.iter().enumerate() {
        match out.last_mut() {
            Some((first, last)) if layers[*first].paths == layer.paths => *last = i,
            _ => out.push((i, i)),
        }
    }
    out
}

/// As many paths as the drawing can hold.
fn within(paths: &[Vec<[f64; 2]>]) -> Vec<Vec<[f64; 2]>> {
    let mut left = CORNERS;
    let mut out = Vec::new();
    for path in paths {
        let take = path.len().min(left);
        if take > 1 {
            out.push(path[..take].to_vec());
        }
        left -= take;
    }
    out
}
