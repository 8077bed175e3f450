//! The section map of one quantity as a drawing: boxes grouped by colour, borders, axes, colour bar.

use super::data::{MapField, MapView};
use super::escape::escape;
use super::frames;
use super::kind::{Kind, Unit};
use super::layout::text_width;
use super::number;
use super::png::{CIVIDIS, cividis};
use super::ticks;
use std::fmt::Write;

/// Colours of a map.
pub const SHADES: usize = 64;
/// Width of the picture and of what stands left of it, in user units.
const WIDTH: f64 = 480.0;
const LEFT: f64 = 54.0;
/// Least and greatest height of a picture.
const HEIGHT: [f64; 2] = [84.0, 380.0];
/// Width below which widths are stretched, and to which.
const NARROW: [f64; 2] = [30.0, 200.0];
/// Factors of a stretch.
const ROUND: [f64; 12] = [1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0, 200.0, 500.0, 1000.0];

/// How a view is laid out: the same for all its quantities.
pub struct Scale {
    low: [f64; 2],
    /// User units per metre, horizontal and vertical.
    pub per_metre: [f64; 2],
    /// Size of the picture, user units.
    pub size: [f64; 2],
    /// How many times widths and heights are stretched.
    pub stretch: [f64; 2],
    /// Indices of the two coordinates.
    pub axes: [usize; 2],
}

impl Scale {
    /// True to scale, unless that would be too flat or too narrow to be read: then heights or widths are stretched by a round number.
    pub fn new(view: &MapView) -> Scale {
        let axes = [0, 1].map(|k| ["x", "y", "z"].iter().position(|n| *n == view.directions[k]).unwrap_or([0, 2][k]));
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for b in &view.boxes {
            for (k, i) in axes.into_iter().enumerate() {
                (low[k], high[k]) = (low[k].min(b[0][i]), high[k].max(b[1][i]));
            }
        }
        let [width, height] = [0, 1].map(|k| (high[k] - low[k]).max(1e-12));
        let mut unit = WIDTH / width;
        if height * unit > HEIGHT[1] {
            unit = HEIGHT[1] / height;
        }
        let round = |least: f64, size: f64| ROUND.into_iter().find(|s| s * size >= least).unwrap_or(1000.0);
        let wide = if width * unit < NARROW[0] {
            round(NARROW[1], width * unit)
        } else {
            1.0
        };
        let stretch = [wide, round(HEIGHT[0], height * unit)];
        let per_metre = stretch.map(|s| unit * s);
        Scale {
            low,
            per_metre,
            size: [width * per_metre[0], height * per_metre[1]],
            stretch,
            axes,
        }
    }

    /// What is not to scale, in words; empty if all is.
    pub fn words(&self) -> String {
        match self.stretch {
            [1.0, 1.0] => String::new(),
            [1.0, s] => format!("Heights are drawn {s:.0} times as large."),
            [s, 1.0] => format!("Widths are drawn {s:.0} times as large."),
            [a, b] => format!("Widths are drawn {a:.0} times as large, heights {b:.0} times."),
        }
    }

    /// Place in the drawing.
    pub fn at(&self, [h, v]: [f64; 2]) -> [f64; 2] {
        [
            LEFT + (h - self.low[0]) * self.per_metre[0],
            8.0 + self.size[1] - (v - self.low[1]) * self.per_metre[1],
        ]
    }

    /// Left, top, width and height of a box in the drawing.
    pub fn rectangle(&self, b: &[[f64; 3]; 2]) -> [f64; 4] {
        let [i, k] = self.axes;
        // Edges on whole tenths, so that neighbours leave no gap.
        let tenths = |p: [f64; 2]| p.map(|v| (10.0 * v).round() / 10.0);
        let ([x0, y1], [x1, y0]) = (tenths(self.at([b[0][i], b[0][k]])), tenths(self.at([b[1][i], b[1][k]])));
        [x0, y0, x1 - x0, y1 - y0]
    }
}

/// A quantity prepared for drawing: unit, and the ends of its colours over all times.
pub struct Shading {
    /// Unit of the colour bar.
    pub unit: Unit,
    /// Values at both ends, in that unit.
    pub limits: [f64; 2],
    /// Some values lie beyond the ends.
    pub clipped: bool,
}

/// Part of the values that may lie beyond an end of the colours.
const BEYOND: f64 = 0.004;

impl Shading {
    /// Limits that hold for all but a few of the values at all times.
    pub fn new(field: &MapField) -> Shading {
        let mut sorted: Vec<f64> = field.values.iter().map(|v| f64::from(*v)).filter(|v| v.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        let (Some(first), Some(last)) = (sorted.first().copied(), sorted.last().copied()) else {
            return Shading {
                unit: field.kind.unit(1.0),
                limits: [0.0, 1.0],
                clipped: false,
            };
        };
        let skip = (BEYOND * n as f64) as usize;
        let (mut lo, mut hi) = (sorted[skip], sorted[n - 1 - skip]);
        // Leave no value out unless that makes room for the others.
        if last - hi < 0.3 * (hi - lo) {
            hi = last;
        }
        if lo - first < 0.3 * (hi - lo) {
            lo = first;
        }
        let unit = field.kind.unit(lo.abs().max(hi.abs()));
        let limits = if hi > lo {
            [unit.of(lo), unit.of(hi)]
        } else {
            [unit.of(lo) - 0.5, unit.of(lo) + 0.5]
        };
        Shading {
            unit,
            limits,
            clipped: hi < last || lo > first,
        }
    }

    /// The value as a byte between the ends.
    pub fn byte(&self, value: f32) -> u8 {
        let share = (self.unit.of(f64::from(value)) - self.limits[0]) / (self.limits[1] - self.limits[0]);
        (share.clamp(0.0, 1.0) * 255.0).round() as u8
    }

    /// Name with unit.
    pub fn label(&self, field: &MapField) -> String {
        self.unit.label(&field.quantity)
    }
}

/// The drawing of a quantity at frame `k` of the view; `id` is unique in the page.
pub fn drawing(view: &MapView, field: &MapField, scale: &Scale, shading: &Shading, id: &str, k: usize) -> String {
    let [w, h] = scale.size;
    let total = [LEFT + WIDTH.max(w) + 14.0, 8.0 + h + 92.0];
    let label = shading.label(field);
    let mut out = format!(
        r#"<svg id="{id}" class="map" viewBox="0 0 {:.0} {:.0}" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{}</title><desc id="{id}-d">{} in the section, between {} and {} over the whole run.</desc>"#,
        total[0],
        total[1],
        escape(&field.title),
        escape(&label),
        number::significant(shading.limits[0], 3),
        number::significant(shading.limits[1], 3)
    );
    let n = field.boxes.len();
    let values = &field.values[k * n..(k + 1) * n];
    let mut shades = vec![String::new(); SHADES];
    for (b, v) in field.boxes.iter().zip(values) {
        let [x, y, w, h] = scale.rectangle(&view.boxes[*b as usize]);
        let shade = usize::from(shading.byte(*v)) * SHADES / 256;
        let _ = write!(shades[shade], "M{x:.1} {y:.1}h{w:.1}v{h:.1}h-{w:.1}z");
    }
    let _ = write!(
        out,
        r#"<rect class="void" x="{LEFT}" y="8" width="{w:.1}" height="{h:.1}"/><g class="mtiles">"#
    );
    for (i, d) in shades.iter().enumerate() {
        let [r, g, b] = cividis(i as f64 / (SHADES - 1) as f64);
        let _ = write!(out, r#"<path fill="rgb({r},{g},{b})" d="{d}"/>"#);
    }
    out.push_str("</g>");
    let mut d = String::new();
    for [a, b] in &view.outlines {
        let ([x0, y0], [x1, y1]) = (scale.at(*a), scale.at(*b));
        let _ = write!(d, "M{x0:.1} {y0:.1}L{x1:.1} {y1:.1}");
    }
    let _ = write!(
        out,
        r##"<defs><path id="{id}-o" d="{d}"/></defs><use href="#{id}-o" class="mo"/><use href="#{id}-o" class="mo mi"/>"##
    );
    if !field.arrows.is_empty() {
        let _ = write!(out, r#"<path class="ma" d="{}"/>"#, arrows(view, field, scale, shading, k));
    }
    let mut named: Vec<[f64; 2]> = Vec::new();
    for body in &view.bodies {
        let ([x0, y1], [x1, y0]) = (scale.at(body.span[0]), scale.at(body.span[1]));
        let text = number::formula(&body.name);
        let room = text_width(&text, 12.0) + 6.0;
        let (cx, cy) = (0.5 * (x0 + x1), 0.5 * (y0 + y1));
        // Inside if there is room, upright in a tall film, else above.
        let (x, y, turn) = match () {
            () if x1 - x0 > room && y1 - y0 > 15.0 => (cx, cy + 4.0, 0),
            () if y1 - y0 > room => (cx.clamp(LEFT + 10.0, (LEFT + w - 4.0).max(LEFT + 10.0)) + 4.0, cy, -90),
            () => (
                cx.clamp(LEFT + 0.5 * room, (LEFT + w - 0.5 * room).max(LEFT + 0.5 * room)),
                (y0 - 5.0).max(20.0),
                0,
            ),
        };
        if named.iter().all(|n| (n[0] - x).abs() > 0.7 * room || (n[1] - y).abs() > 16.0) {
            named.push([x, y]);
            let _ = write!(
                out,
                r#"<text class="onmap" transform="translate({x:.1} {y:.1})rotate({turn})" text-anchor="middle">{}</text>"#,
                escape(&text)
            );
        }
    }
    axes(&mut out, view, scale);
    bar(&mut out, shading, &label, id, 8.0 + h + 52.0);
    let _ = write!(
        out,
        r#"<rect class="hit" x="{LEFT}" y="8" width="{w:.1}" height="{h:.1}" fill="none" pointer-events="all"/></svg>"#
    );
    out
}

/// Boxes that carry an arrow: about evenly spread.
pub fn carriers(view: &MapView, field: &MapField, scale: &Scale) -> Vec<usize> {
    const STEP: f64 = 30.0;
    let mut taken = std::collections::BTreeMap::new();
    for (i, b) in field.boxes.iter().enumerate() {
        let [x, y, w, h] = scale.rectangle(&view.boxes[*b as usize]);
        let (cx, cy) = (x + 0.5 * w - LEFT, y + 0.5 * h - 8.0);
        let key = ((cy / STEP) as i64, (cx / STEP) as i64);
        let off = ((cx / STEP).fract() - 0.5).hypot((cy / STEP).fract() - 0.5);
        let entry = taken.entry(key).or_insert((off, i));
        if off < entry.0 {
            *entry = (off, i);
        }
    }
    taken.into_values().map(|t| t.1).collect()
}

/// Direction of an arrow as a byte: 255 for none, else 254 parts of a turn, clockwise from the right in the drawing.
pub fn direction(field: &MapField, scale: &Scale, shading: &Shading, at: usize) -> u8 {
    let [h, v] = field.arrows[at].map(f64::from);
    let small = shading.unit.of(f64::from(field.values[at])) < 0.03 * shading.limits[1];
    if small || h.hypot(v) == 0.0 || h.is_nan() || v.is_nan() {
        return 255;
    }
    let turn = (-v * scale.stretch[1]).atan2(h * scale.stretch[0]) / std::f64::consts::TAU;
    (turn.rem_euclid(1.0) * 254.0).round() as u8 % 254
}

fn arrows(view: &MapView, field: &MapField, scale: &Scale, shading: &Shading, k: usize) -> String {
    let n = field.boxes.len();
    let mut d = String::new();
    for i in carriers(view, field, scale) {
        let byte = direction(field, scale, shading, k * n + i);
        if byte == 255 {
            continue;
        }
        let [x, y, w, h] = scale.rectangle(&view.boxes[field.boxes[i] as usize]);
        let a = f64::from(byte) / 254.0 * std::f64::consts::TAU;
        let (cx, cy) = (x + 0.5 * w, y + 0.5 * h);
        let end = |length: f64, turn: f64| [cx + length * (a + turn).cos(), cy + length * (a + turn).sin()];
        let ([x0, y0], [x1, y1]) = (end(-8.0, 0.0), end(8.0, 0.0));
        let ([xl, yl], [xr, yr]) = (end(5.0, 0.6), end(5.0, -0.6));
        let _ = write!(
            d,
            "M{x0:.1} {y0:.1}L{x1:.1} {y1:.1}M{xl:.1} {yl:.1}L{x1:.1} {y1:.1}L{xr:.1} {yr:.1}"
        );
    }
    d
}

fn axes(out: &mut String, view: &MapView, scale: &Scale) {
    let [w, h] = scale.size;
    let extent = [w / scale.per_metre[0], h / scale.per_metre[1]];
    let unit = Kind::Length.unit(extent[0].max(extent[1]));
    let bottom = 8.0 + h;
    let _ = write!(
        out,
        r#"<rect class="axis" x="{LEFT}" y="8" width="{w:.1}" height="{h:.1}"/><g class="tick">"#
    );
    for (k, most) in [(0, (w / 70.0).clamp(2.0, 8.0)), (1, (h / 36.0).clamp(2.0, 7.0))] {
        let values = ticks::linear(0.0, unit.of(extent[k]), most as usize);
        for (v, text) in values.iter().zip(ticks::linear_labels(&values)) {
            let p = v * unit.factor * scale.per_metre[k];
            let _ = if k == 0 {
                let x = LEFT + p;
                write!(
                    out,
                    r#"<path class="axis" d="M{x:.1} {bottom:.1}v4"/><text x="{x:.1}" y="{:.1}" text-anchor="middle">{text}</text>"#,
                    bottom + 17.0
                )
            } else {
                let y = bottom - p;
                write!(
                    out,
                    r#"<path class="axis" d="M{LEFT} {y:.1}h-4"/><text x="{:.1}" y="{:.1}" text-anchor="end">{text}</text>"#,
                    LEFT - 7.0,
                    y + 4.0
                )
            };
        }
    }
    let _ = write!(
        out,
        r#"</g><text class="axl" x="{:.1}" y="{:.1}" text-anchor="middle">{}</text><text class="axl" transform="translate(14 {:.1})rotate(-90)" text-anchor="middle">{}</text>"#,
        LEFT + 0.5 * w,
        bottom + 33.0,
        escape(&unit.label(&view.directions[0])),
        8.0 + 0.5 * h,
        escape(&unit.label(&view.directions[1]))
    );
}

fn bar(out: &mut String, shading: &Shading, label: &str, id: &str, y: f64) {
    let stops: String = CIVIDIS
        .iter()
        .enumerate()
        .map(|(i, [r, g, b])| format!(r#"<stop offset="{:.3}" stop-color="rgb({r},{g},{b})"/>"#, i as f64 / 9.0))
        .collect();
    let room = text_width(label, 12.5) + 12.0;
    let (x, w) = (LEFT + room, (WIDTH - room).max(120.0));
    let _ = write!(
        out,
        r#"<linearGradient id="{id}-g">{stops}</linearGradient><text class="axl" x="{LEFT}" y="{:.1}">{}</text><rect x="{x:.1}" y="{y:.1}" width="{w:.1}" height="12" fill="url(#{id}-g)"/><g class="tick">"#,
        y + 10.5,
        escape(label)
    );
    let [lo, hi] = shading.limits;
    let values: Vec<f64> = ticks::linear(lo, hi, (w / 62.0).clamp(2.0, 6.0) as usize)
        .into_iter()
        .filter(|v| *v >= lo && *v <= hi)
        .collect();
    for (v, text) in values.iter().zip(ticks::linear_labels(&values)) {
        let at = x + w * (v - lo) / (hi - lo);
        let _ = write!(
            out,
            r#"<path class="axis" d="M{at:.1} {:.1}v4"/><text x="{at:.1}" y="{:.1}" text-anchor="middle">{text}</text>"#,
            y + 12.0,
            y + 28.0
        );
    }
    out.push_str("</g>");
}

/// Position in the frames of the view that is next to a frame of the report.
pub fn shown(view: &MapView, opening: usize, times: &[f64]) -> usize {
    let at: Vec<f64> = view.frames.iter().map(|f| times.get(*f).copied().unwrap_or(0.0)).collect();
    frames::nearest(&at, times.get(opening).copied().unwrap_or(0.0))
}

#[cfg(test)]
#[path = "section_map_tests.rs"]
mod tests;
