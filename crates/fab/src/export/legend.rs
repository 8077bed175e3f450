//! The legend of a section: one row per region with its true thickness, led to the place where the region is seen.

use super::picture::{Paint, SectionPicture};
use super::svg::{Drawing, spread};
use super::text::{formula, length, shortened, width};
use super::visible::visible;
use std::fmt::Write;

/// Distance of two rows.
const ROW: f64 = 21.0;

/// A row.
pub struct Row {
    region: usize,
    name: String,
    material: String,
    thickness: String,
    /// Where the leader starts, in drawing units, and whether that is on the right edge of the picture.
    anchor: Option<([f64; 2], bool)>,
}

/// Where the picture stands in the drawing.
#[derive(Clone, Copy)]
pub struct View {
    /// Left and upper edge.
    pub corner: [f64; 2],
    /// Drawing units per metre in s and z.
    pub scale: [f64; 2],
    /// Width and height.
    pub size: [f64; 2],
}

impl View {
    /// A point of the picture in the drawing.
    pub fn place(&self, picture: &SectionPicture, [s, z]: [f64; 2]) -> [f64; 2] {
        [
            self.corner[0] + s * self.scale[0],
            self.corner[1] + (picture.top - z) * self.scale[1],
        ]
    }
}

/// Rows of all regions that are painted, from the highest anchor down.
pub fn rows(picture: &SectionPicture, palette: &[Paint], view: &View) -> Vec<Row> {
    const COLUMNS: usize = 160;
    let mut best: Vec<Option<(f64, [f64; 2], bool)>> = vec![None; palette.len()];
    for k in 0..=COLUMNS {
        let edge = k == COLUMNS;
        let share = if edge { 1.0 - 1e-7 } else { (k as f64 + 0.5) / COLUMNS as f64 };
        let s = share * picture.width;
        for stretch in visible(picture, s) {
            let seen = ((stretch.top - stretch.bottom) * view.scale[1]).clamp(1.5, 6.0);
            // A leader that starts at the edge crosses nothing: it is worth more than any height inside.
            let score = seen * if edge { 4.0 } else { 0.7 + 0.3 * share };
            let at = view.place(
                picture,
                [if edge { picture.width } else { s }, 0.5 * (stretch.bottom + stretch.top)],
            );
            if let Some(found) = best.get_mut(stretch.region)
                && found.is_none_or(|(before, _, _)| score > before)
            {
                *found = Some((score, at, edge));
            }
        }
    }
    let mut rows: Vec<Row> = palette
        .iter()
        .enumerate()
        .filter(|(region, _)| picture.layers.iter().any(|(r, rings)| r == region && !rings.is_empty()))
        .map(|(region, paint)| Row {
            region,
            name: formula(&paint.name),
            material: if paint.material == paint.name {
                String::new()
            } else {
                formula(&paint.material)
            },
            thickness: picture.thickness_of(region).map(length).unwrap_or_default(),
            anchor: best[region].map(|(_, at, edge)| (at, edge)),
        })
        .collect();
    let y = |row: &Row| row.anchor.map_or(f64::INFINITY, |(at, _)| at[1]);
    rows.sort_by(|a, b| y(a).total_cmp(&y(b)));
    rows
}

const MOST_NAME: f64 = 150.0;
const MOST_MATERIAL: f64 = 120.0;

/// Widths of the columns: name, material, thickness.
fn columns(rows: &[Row]) -> [f64; 3] {
    let widest = |size: f64, text: fn(&Row) -> &str| rows.iter().map(|r| width(text(r), size)).fold(0.0, f64::max);
    [
        widest(12.5, |r| &r.name).min(MOST_NAME),
        widest(11.5, |r| &r.material).min(MOST_MATERIAL),
        widest(11.5, |r| &r.thickness),
    ]
}

/// Width that the rows need, with the leaders.
pub fn wide(rows: &[Row]) -> f64 {
    let [name, material, thickness] = columns(rows);
    30.0 + 20.0 + name + 12.0 + material + 12.0 + thickness
}

/// Height that the rows need.
pub fn high(rows: &[Row]) -> f64 {
    ROW * rows.len() as f64
}

/// Draws leaders and rows to the right of the picture, between the heights `low` and `high`.
pub fn draw(drawing: &mut Drawing, rows: &[Row], palette: &[Paint], view: &View, [low, high]: [f64; 2]) {
    let edge = view.corner[0] + view.size[0];
    let left = edge + 30.0;
    let [name, material, thickness] = columns(rows);
    let wanted: Vec<f64> = rows.iter().map(|r| r.anchor.map_or(high, |(at, _)| at[1])).collect();
    let places = spread(&wanted, ROW, low + 0.5 * ROW, high - 0.5 * ROW);
    for (row, y) in rows.iter().zip(places) {
        if let Some((at, on_edge)) = row.anchor {
            if on_edge {
                let _ = write!(
                    drawing.body,
                    r#"<path class="ln" d="M{edge:.1} {:.1}h4L{:.1} {y:.1}h4"/>"#,
                    at[1],
                    left - 6.0
                );
            } else {
                let _ = write!(
                    drawing.body,
                    r#"<path class="ln" d="M{:.1} {:.1}H{:.1}L{:.1} {y:.1}h4"/><circle class="dt" cx="{:.1}" cy="{:.1}" r="1.8"/>"#,
                    at[0],
                    at[1],
                    edge + 4.0,
                    left - 6.0,
                    at[0],
                    at[1]
                );
            }
        }
        let class = drawing.fill(palette[row.region].colour);
        let _ = write!(
            drawing.body,
            r#"<rect class="{class}" x="{:.1}" y="{:.1}" width="11" height="11" rx="2"/>"#,
            left + 2.0,
            y - 5.5
        );
        let x = left + 20.0;
        drawing.text("t", x, y + 4.0, "start", &shortened(&row.name, 12.5, MOST_NAME));
        if !row.material.is_empty() {
            drawing.text(
                "m",
                x + name + 12.0,
                y + 4.0,
                "start",
                &shortened(&row.material, 11.5, MOST_MATERIAL),
            );
        }
        if !row.thickness.is_empty() {
            drawing.text("m", x + name + 12.0 + material + 12.0 + thickness, y + 4.0, "end", &row.thickness);
        }
    }
}
