//! Plan view of masks: the whole die, and beside it the examined window enlarged.

use super::colour::Colour;
use super::picture::{Mark, MaskPicture, MaskPlan, Ring};
use super::simplify::{ring_area, simplify_ring};
use super::svg::{Drawing, path};
use super::text::{escape, formula, length, shortened, width, wrapped};
use super::tone::{bounds, coverage, smoothed};
use std::fmt::Write;

/// Most corners of one panel that are drawn one by one.
const CORNERS: usize = 3600;
/// Side of a square of a tone, in drawing units.
const SQUARE: f64 = 5.0;

/// A rectangle of the plan and where it stands in the drawing.
struct Panel {
    from: [f64; 2],
    corner: [f64; 2],
    size: [f64; 2],
    scale: f64,
}

impl Panel {
    fn new([from, to]: [[f64; 2]; 2], corner: [f64; 2], most: f64) -> Panel {
        let real = [to[0] - from[0], to[1] - from[1]].map(|v| if v > 0.0 && v.is_finite() { v } else { 1e-30 });
        let scale = most / real[0].max(real[1]);
        Panel {
            from,
            corner,
            size: real.map(|v| (v * scale).max(2.0)),
            scale,
        }
    }

    fn place(&self, p: [f64; 2]) -> [f64; 2] {
        [
            self.corner[0] + (p[0] - self.from[0]) * self.scale,
            self.corner[1] + self.size[1] - (p[1] - self.from[1]) * self.scale,
        ]
    }

    fn holds(&self, [low, high]: [[f64; 2]; 2]) -> bool {
        (0..2).all(|i| high[i] >= self.from[i] && low[i] <= self.from[i] + self.size[i] / self.scale)
    }
}

/// The drawing as an SVG element. A mask with more shapes than can be told apart is drawn as a tone, which is said below the picture.
pub fn mask_svg(plan: &MaskPlan, marks: &[Mark], id: &str) -> String {
    let mut drawing = Drawing::new(id);
    drawing.text("b", 14.0, 22.0, "start", &formula(&plan.title));
    let die = Panel::new([[0.0, 0.0], plan.die], [15.0, 56.0], 400.0);
    let zoom = plan
        .window
        .filter(|[from, to]| (0..2).all(|i| to[i] > from[i]) && (to[0] - from[0]).max(to[1] - from[1]) < 0.6 * plan.die[0].max(plan.die[1]))
        .map(|window| Panel::new(window, [15.0 + die.size[0] + 56.0, 56.0], die.size[1].clamp(180.0, 400.0)));
    let mut notes = Vec::new();
    let size = |v: [f64; 2]| format!("{} × {}", length(v[0]), length(v[1]));
    panel(&mut drawing, plan, &die, &format!("Die, {}", size(plan.die)), "c", &mut notes);
    let mut wide = die.corner[0] + die.size[0] + 15.0;
    let mut lower = die.corner[1] + die.size[1];
    if let Some([from, to]) = plan.window {
        let (a, b) = (die.place([from[0], to[1]]), die.place([to[0], from[1]]));
        // A window too small to see is drawn as a square of five units.
        let half = [(0.5 * (b[0] - a[0])).max(2.5), (0.5 * (b[1] - a[1])).max(2.5)];
        let centre = [0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1])];
        if let Some(zoom) = &zoom {
            let x = zoom.corner[0];
            let _ = write!(
                drawing.body,
                r#"<path class="ln" d="M{:.1} {:.1}L{x:.1} {:.1}M{:.1} {:.1}L{x:.1} {:.1}"/>"#,
                centre[0] + half[0],
                centre[1] - half[1],
                zoom.corner[1],
                centre[0] + half[0],
                centre[1] + half[1],
                zoom.corner[1] + zoom.size[1]
            );
            let caption = format!("Window, {}", size([to[0] - from[0], to[1] - from[1]]));
            panel(&mut drawing, plan, zoom, &caption, "w", &mut notes);
            wide = x + zoom.size[0].max(width(&caption, 11.5)) + 15.0;
            lower = lower.max(zoom.corner[1] + zoom.size[1]);
        }
        let _ = write!(
            drawing.body,
            r#"<rect class="wn" x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}"/>"#,
            centre[0] - half[0],
            centre[1] - half[1],
            2.0 * half[0],
            2.0 * half[1]
        );
    }
    wide = wide.max(360.0);
    for panel in std::iter::once(&die).chain(&zoom) {
        drawing.scale_bar(panel.corner[0], lower + 18.0, 0.3 * panel.size[0], panel.scale);
        for (i, mark) in marks.iter().enumerate().filter(|(_, m)| panel.holds([m.at, m.at])) {
            let [x, y] = panel.place(mark.at);
            drawing.mark(i + 1, x, y, panel.corner[0] + panel.size[0]);
        }
    }
    let mut y = legend(&mut drawing, &plan.masks, lower + 50.0, wide);
    for note in &notes {
        y = drawing.lines("m", 15.0, y, &wrapped(note, 11.5, wide - 30.0)) + 3.0;
    }
    if !marks.is_empty() {
        y = drawing.mark_list(marks, 15.0, y + 4.0, wide - 30.0);
    }
    let names: Vec<String> = plan
        .masks
        .iter()
        .map(|m| format!("{}, layer {}/{}, {}", m.name, m.layer.0, m.layer.1, shapes(m.rings.len())))
        .collect();
    let mut told = format!("Masks on a die of {}: {}.", size(plan.die), names.join("; "));
    for note in notes {
        let _ = write!(told, " {note}");
    }
    for mark in marks {
        let _ = write!(told, " Marked: {}.", mark.label.trim_end_matches('.'));
    }
    drawing.finish([wide, y - 4.0], &formula(&plan.title), &told)
}

/// One view of the plan with its caption.
fn panel(drawing: &mut Drawing, plan: &MaskPlan, panel: &Panel, caption: &str, name: &str, notes: &mut Vec<String>) {
    let [x, y] = panel.corner;
    let edge = format!(
        r#"x="{x:.1}" y="{y:.1}" width="{:.1}" height="{:.1}""#,
        panel.size[0], panel.size[1]
    );
    let clip = drawing.part(name);
    drawing.text("m", x, y - 8.0, "start", caption);
    let _ = write!(
        drawing.body,
        r#"<clipPath id="{clip}"><rect {edge}/></clipPath><rect class="sf" {edge}/><g clip-path="url(#{clip})">"#
    );
    // What covers most lies lowest.
    let mut order: Vec<&MaskPicture> = plan.masks.iter().collect();
    let covered = |m: &MaskPicture| m.rings.iter().map(|r| ring_area(r).abs()).sum::<f64>();
    order.sort_by(|a, b| covered(b).total_cmp(&covered(a)));
    for mask in order {
        let colour = Colour::of_mask(mask.colour);
        let inside: Vec<&Ring> = mask
            .rings
            .iter()
            .filter(|ring| bounds(ring.iter().copied()).is_some_and(|b| panel.holds(b)))
            .collect();
        let fill = drawing.fill(colour);
        let most = CORNERS / plan.masks.len().max(1);
        // Rounds look round where there are few.
        let smooth = corners(panel, &inside, most, 0.03);
        match smooth.or_else(|| corners(panel, &inside, most, 0.12)) {
            Some(rings) => {
                let d = path(&rings, 1, |p| p);
                if !d.is_empty() {
                    let stroke = drawing.stroke(colour);
                    let _ = write!(drawing.body, r#"<path class="{fill} {stroke}" fill-opacity=".26" d="{d}"/>"#);
                }
            }
            None => {
                tone(drawing, panel, &mask.rings, &fill);
                let note = format!(
                    "{}: {} are too many to tell apart on the {}; they are drawn as a tone, darker where they cover more.",
                    formula(&mask.name),
                    shapes(inside.len()),
                    if name == "c" { "die" } else { "window" }
                );
                notes.push(note);
            }
        }
    }
    let _ = write!(drawing.body, r#"</g><rect class="ln" {edge}/>"#);
}

/// The rings in drawing units, true to a tolerance, if they have no more than `most` corners and can be told apart.
fn corners(panel: &Panel, rings: &[&Ring], most: usize, tolerance: f64) -> Option<Vec<Ring>> {
    let (mut out, mut count, mut tiny) = (Vec::new(), 0, 0);
    for ring in rings {
        let placed: Ring = ring.iter().map(|p| panel.place(*p)).collect();
        let [low, high] = bounds(placed.iter().copied())?;
        if high[0] - low[0] < 1.2 && high[1] - low[1] < 1.2 {
            tiny += 1;
        }
        let simple = simplify_ring(&placed, tolerance).unwrap_or_else(|| {
            let wide = |i: usize| [low[i], high[i].max(low[i] + 0.6)];
            let ([l, r], [t, b]) = (wide(0), wide(1));
            vec![[l, t], [r, t], [r, b], [l, b]]
        });
        count += simple.len();
        if count > most || tiny > 200 {
            return None;
        }
        out.push(simple);
    }
    Some(out)
}

fn tone(drawing: &mut Drawing, panel: &Panel, rings: &[Ring], fill: &str) {
    let grid = [0, 1].map(|i| (panel.size[i] / SQUARE).ceil() as usize);
    let tone = smoothed(&coverage(rings, panel.from, SQUARE / panel.scale, grid), grid);
    const LEVELS: usize = 8;
    // Squares that differ little from most others take their level, so that a regular array is one even tone.
    let mut covered: Vec<f64> = tone.iter().copied().filter(|v| *v > 0.004).collect();
    covered.sort_by(f64::total_cmp);
    let usual = covered.get(covered.len() / 2).copied().unwrap_or(0.0);
    let mut paths = vec![String::new(); LEVELS + 1];
    for row in 0..grid[1] {
        let level = |column: usize| {
            let v = tone[row * grid[0] + column];
            let v = if (v - usual).abs() < 0.15 * usual { usual } else { v };
            if v > 0.004 {
                ((v * LEVELS as f64).round() as usize).clamp(1, LEVELS)
            } else {
                0
            }
        };
        let mut column = 0;
        while column < grid[0] {
            let here = level(column);
            let end = (column..grid[0]).find(|&c| level(c) != here).unwrap_or(grid[0]);
            if here > 0 {
                let (x, y) = (
                    panel.corner[0] + column as f64 * SQUARE,
                    panel.corner[1] + panel.size[1] - (row + 1) as f64 * SQUARE,
                );
                let run = (end - column) as f64 * SQUARE;
                let _ = write!(paths[here], "M{x:.1} {y:.1}h{run:.0}v{SQUARE}h-{run:.0}z");
            }
            column = end;
        }
    }
    for (level, d) in paths.iter().enumerate().filter(|(_, d)| !d.is_empty()) {
        // Even a thin cover stays visible.
        let opacity = 0.18 + 0.62 * level as f64 / LEVELS as f64;
        let _ = write!(
            drawing.body,
            r#"<path class="{fill}" fill-opacity="{opacity:.2}" shape-rendering="crispEdges" d="{d}"/>"#
        );
    }
}

/// One entry per mask in as many columns as there is room for; the base line of what comes next.
fn legend(drawing: &mut Drawing, masks: &[MaskPicture], y: f64, wide: f64) -> f64 {
    let columns = ((wide - 30.0) / 330.0).floor().max(1.0);
    let step = (wide - 30.0) / columns;
    let name_room = (step - 190.0).max(80.0);
    let names: Vec<String> = masks.iter().map(|m| shortened(&formula(&m.name), 12.5, name_room)).collect();
    let widest = names.iter().map(|n| width(n, 12.5)).fold(0.0, f64::max);
    for (i, (mask, name)) in masks.iter().zip(&names).enumerate() {
        let (x, y) = (
            15.0 + step * (i % columns as usize) as f64,
            y + 20.0 * (i / columns as usize) as f64,
        );
        let colour = Colour::of_mask(mask.colour);
        let class = format!("{} {}", drawing.fill(colour), drawing.stroke(colour));
        let _ = write!(
            drawing.body,
            r#"<rect class="{class}" fill-opacity=".26" x="{:.1}" y="{:.1}" width="12" height="10" rx="1"/>"#,
            x + 0.5,
            y - 9.5
        );
        drawing.text("t", x + 21.0, y, "start", name);
        let count = format!("layer {}/{}, {}", mask.layer.0, mask.layer.1, shapes(mask.rings.len()));
        let _ = write!(
            drawing.body,
            r#"<text class="m" x="{:.1}" y="{y:.1}"><title>layer / datatype</title>{}</text>"#,
            x + 21.0 + widest + 14.0,
            escape(&count)
        );
    }
    y + 20.0 * (masks.len() as f64 / columns).ceil() + 4.0
}

fn shapes(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) && digits.len() > 4 {
            text.push('\u{202f}');
        }
        text.push(c);
    }
    format!("{text} {}", if n == 1 { "shape" } else { "shapes" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_of_a_hundred_thousand_shapes_stays_small() {
        let square = |x: f64, y: f64, a: f64| vec![[x, y], [x + a, y], [x + a, y + a], [x, y + a]];
        let array: Vec<Ring> = (0..100_489)
            .map(|i| square(1e-4 + f64::from(i % 317) * 15e-6, 1e-4 + f64::from(i / 317) * 15e-6, 6e-6))
            .collect();
        let plan = MaskPlan {
            title: "Masks".into(),
            die: [5e-3, 5e-3],
            window: Some([[1e-4, 1e-4], [1.3e-4, 1.3e-4]]),
            masks: vec![
                MaskPicture {
                    name: "pillars".into(),
                    layer: (7, 0),
                    rings: array,
                    colour: 0,
                },
                MaskPicture {
                    name: "pad".into(),
                    layer: (2, 1),
                    rings: vec![square(0.0, 0.0, 1e-3)],
                    colour: 1,
                },
            ],
        };
        let svg = mask_svg(&plan, &[], "m");
        assert!(svg.len() < 40_000, "{}", svg.len());
        assert!(svg.contains("100\u{202f}489 shapes") && svg.contains("drawn as a tone") && svg.contains("2/1, 1 shape<"));
    }

    #[test]
    fn nonsense_does_not_panic() {
        let plan = MaskPlan {
            title: String::new(),
            die: [f64::NAN, 0.0],
            window: Some([[0.0, 0.0], [f64::INFINITY, -1.0]]),
            masks: vec![MaskPicture {
                name: "x".into(),
                layer: (0, 0),
                rings: vec![Vec::new(), vec![[f64::NAN, 1.0]]],
                colour: usize::MAX,
            }],
        };
        assert!(mask_svg(&plan, &[], "m").ends_with("</svg>"));
    }
}
