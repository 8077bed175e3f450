//! Drawing of a cross-section: regions, axes, legend with true thicknesses, marked places, and its scales in words.

use super::legend::{self, View};
use super::picture::{Mark, Paint, SectionPicture};
use super::simplify::simplify_ring;
use super::svg::{Drawing, path};
use super::text::{axis_unit, formula, length, tick_label, ticks, width, wrapped};
use std::fmt::Write;

/// Least drawn thickness of a film.
const THIN: f64 = 1.8;
/// Most that films move outwards to make room for thin ones below them.
const MOST_MOVED: f64 = 8.0;

/// The drawing as an SVG element that follows the theme of a page it stands in, and has its own colours in a file.
///
/// Heights are stretched by 1, 2, 5, 10 … so that the picture has a sensible form (very tall pictures: widths), which is said in it.
/// Films thinner than a line are drawn as a line, which is said, too. `id` distinguishes the drawings of a page.
pub fn section_svg(picture: &SectionPicture, palette: &[Paint], marks: &[Mark], id: &str) -> String {
    let mut drawing = Drawing::new(id);
    let (size, stretch) = fitted(picture, [540.0, 480.0], [150.0, 220.0]);
    let view = View {
        corner: [58.0, 54.0],
        scale: [
            size[0] / picture.width.max(1e-30),
            size[1] / (picture.top - picture.bottom).max(1e-30),
        ],
        size,
    };
    let rows = legend::rows(picture, palette, &view);
    let high = size[1].max(legend::high(&rows));
    let wide = (view.corner[0] + size[0] + legend::wide(&rows) + 12.0).max(420.0);
    let clip = drawing.part("c");
    let _ = write!(
        drawing.body,
        r#"<clipPath id="{clip}"><rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}"/></clipPath>"#,
        view.corner[0], view.corner[1], size[0], size[1]
    );
    drawing.text("b", 14.0, 22.0, "start", &formula(&picture.title));
    let cut = if picture.cut.is_empty() {
        "Section".to_owned()
    } else {
        format!("Section at {}", picture.cut)
    };
    let scales = scale_words(stretch);
    drawing.text("m", 14.0, 41.0, "start", &format!("{cut}, {scales}"));
    let thick = paint(&mut drawing, picture, palette, &view, &clip, 2);
    axes(&mut drawing, picture, &view);
    let middle = view.corner[1] + 0.5 * high;
    let room = [middle - 0.5 * high, middle + 0.5 * high];
    legend::draw(&mut drawing, &rows, palette, &view, room);
    let corner = view.corner[0] + size[0];
    for (i, mark) in marks.iter().enumerate() {
        let [x, y] = view.place(picture, mark.at);
        drawing.mark(i + 1, x, y, corner);
    }
    let mut y = view.corner[1] + high.max(size[1] + 40.0) + 22.0;
    if !thick.is_empty() {
        let names: Vec<String> = thick.iter().map(|&r| named(picture, palette, r)).collect();
        let note = format!("Drawn thicker than to scale: {}.", names.join(", "));
        y = drawing.lines("m", 14.0, y, &wrapped(&note, 11.5, wide - 28.0)) + 4.0;
    }
    y = drawing.mark_list(marks, 14.0, y, wide - 28.0);
    let mut told = format!(
        "{cut}: {} wide, {} high, {scales}.",
        length(picture.width),
        length(picture.top - picture.bottom)
    );
    let regions: Vec<String> = palette
        .iter()
        .enumerate()
        .filter(|(r, _)| picture.layers.iter().any(|(region, rings)| region == r && !rings.is_empty()))
        .map(|(r, _)| named(picture, palette, r))
        .collect();
    if !regions.is_empty() {
        let _ = write!(told, " Regions in the order they were made: {}.", regions.join("; "));
    }
    for mark in marks {
        let _ = write!(told, " Marked: {}.", mark.label.trim_end_matches('.'));
    }
    drawing.finish([wide, y - 8.0], &formula(&picture.title), &told)
}

/// Name, material and thickness of a region in words.
fn named(picture: &SectionPicture, palette: &[Paint], region: usize) -> String {
    let Some(paint) = palette.get(region) else {
        return format!("region {region}");
    };
    let mut words = formula(&paint.name);
    if paint.material != paint.name {
        let _ = write!(words, " of {}", formula(&paint.material));
    }
    if let Some(t) = picture.thickness_of(region) {
        let _ = write!(words, " ({})", length(t));
    }
    words
}

/// Size of the picture within `most`, if possible not below `least`, and the factor by which heights are stretched to reach it.
pub fn fitted(picture: &SectionPicture, most: [f64; 2], least: [f64; 2]) -> ([f64; 2], f64) {
    let ratio = (picture.top - picture.bottom) / picture.width;
    if !(ratio > 0.0 && ratio.is_finite()) {
        return ([most[0], least[1]], 1.0);
    }
    let size = |stretch: f64| {
        let form = ratio * stretch;
        if form * most[0] > most[1] {
            [most[1] / form, most[1]]
        } else {
            [most[0], most[0] * form]
        }
    };
    let steps: Vec<f64> = (0..9).flat_map(|k| [1.0, 2.0, 5.0].map(|m| m * 10f64.powi(k))).collect();
    let flat = steps.iter().copied().find(|s| size(*s)[1] >= least[1]);
    let tall = steps.iter().map(|s| 1.0 / s).find(|s| size(*s)[0] >= least[0]);
    let stretch = if size(1.0)[1] < least[1] { flat } else { tall }.unwrap_or(1.0);
    let [w, h] = size(stretch);
    ([w.max(8.0), h.clamp(8.0, most[1])], stretch)
}

/// "true to scale", "heights ×20", "widths ×5".
pub fn scale_words(stretch: f64) -> String {
    if stretch > 1.0 {
        format!("heights ×{}", tick_label(stretch))
    } else if stretch < 1.0 {
        format!("widths ×{}", tick_label(1.0 / stretch))
    } else {
        "true to scale".into()
    }
}

/// Paints all layers; the regions that had to be drawn thicker than they are.
pub fn paint(drawing: &mut Drawing, picture: &SectionPicture, palette: &[Paint], view: &View, clip: &str, decimals: usize) -> Vec<usize> {
    let tolerance = 0.4 * 10f64.powi(-(decimals as i32)).max(0.04);
    // A film that is too thin is drawn as a line along its outer edge, half of which lies below what is painted later; the films around
    // it move out by as much, so that none of them is covered.
    let scale = {
        let [a, b] = view.scale;
        a.min(b).max(0.5 * a.max(b))
    };
    let mut thick = Vec::new();
    let mut moved = vec![0.0; picture.layers.len()];
    let mut out = 0.0;
    for (k, (region, _)) in picture.layers.iter().enumerate().rev() {
        let Some(thickness) = picture.thickness_of(*region) else { continue };
        let missing = (THIN - thickness * scale).max(0.0);
        out = f64::min(out + missing, MOST_MOVED);
        moved[k] = out;
        if missing > 0.1 * THIN && !thick.contains(region) {
            thick.push(*region);
        }
    }
    let _ = write!(drawing.body, r#"<g clip-path="url(#{clip})">"#);
    for ((region, rings), moved) in picture.layers.iter().zip(moved) {
        let Some(entry) = palette.get(*region) else { continue };
        let placed: Vec<Vec<[f64; 2]>> = rings
            .iter()
            .filter_map(|ring| {
                let points: Vec<[f64; 2]> = ring.iter().map(|p| view.place(picture, *p)).collect();
                simplify_ring(&points, tolerance)
            })
            .collect();
        let d = path(&placed, decimals, |p| p);
        if d.is_empty() {
            continue;
        }
        let mut class = drawing.fill(entry.colour);
        let mut line = String::new();
        if moved > 0.02 {
            line = format!(r#" stroke-width="{:.2}" stroke-linejoin="round""#, 2.0 * moved);
            class = format!("{class} {}", drawing.stroke(entry.colour));
        }
        let _ = write!(drawing.body, r#"<path class="{class}" fill-rule="evenodd"{line} d="{d}"/>"#);
    }
    drawing.body.push_str("</g>");
    thick
}

/// Ticks and titles at the left and below.
fn axes(drawing: &mut Drawing, picture: &SectionPicture, view: &View) {
    let [left, upper] = view.corner;
    let [w, h] = view.size;
    let lower = upper + h;
    let _ = write!(
        drawing.body,
        r#"<rect class="gr" x="{left:.1}" y="{upper:.1}" width="{w:.1}" height="{h:.1}"/>"#
    );
    let (unit, size) = axis_unit(picture.width);
    let columns = ticks(0.0, picture.width / size, ((w / 64.0) as usize).max(2));
    let mut marks = String::new();
    for t in &columns {
        let x = left + t * size * view.scale[0];
        let _ = write!(marks, "M{x:.1} {lower:.1}v4");
        drawing.text("m", x, lower + 17.0, "middle", &tick_label(*t));
    }
    drawing.text("m", left + 0.5 * w, lower + 34.0, "middle", &format!("Distance / {unit}"));
    let (unit, size) = axis_unit((picture.top - picture.bottom).max(picture.top.abs()));
    let heights = ticks(picture.bottom / size, picture.top / size, ((h / 40.0) as usize).max(2));
    for t in &heights {
        let y = upper + (picture.top - t * size) * view.scale[1];
        let _ = write!(marks, "M{left:.1} {y:.1}h-4");
        drawing.text("m", left - 8.0, y + 4.0, "end", &tick_label(*t));
    }
    let _ = write!(drawing.body, r#"<path class="ln" d="{marks}"/>"#);
    let widest = heights.iter().map(|t| width(&tick_label(*t), 11.5)).fold(0.0, f64::max);
    let (x, y) = ((left - 16.0 - widest).max(12.0), upper + 0.5 * h);
    let _ = write!(
        drawing.body,
        r#"<text class="m" text-anchor="middle" transform="translate({x:.1} {y:.1}) rotate(-90)">Height / {unit}</text>"#
    );
}

#[cfg(test)]
mod tests {
    use super::super::picture::palette;
    use super::*;
    use cellwright_device::Role;

    fn picture(width: f64, top: f64) -> SectionPicture {
        let slab = |z: f64| vec![vec![[0.0, -1e-6], [width, -1e-6], [width, z], [0.0, z]]];
        SectionPicture {
            width,
            bottom: -1e-6,
            top,
            layers: vec![(1, slab(0.9 * top)), (0, slab(0.9 * top - 20e-9))],
            thickness: vec![(1, 20e-9)],
            cut: "y = 10 µm".into(),
            title: "Pillar <1>".into(),
        }
    }

    #[test]
    fn stretch_is_round_and_keeps_the_form() {
        for (width, top) in [(20e-6, 60e-6), (5e-3, 10e-6), (1e-6, 400e-6), (1e-3, 1e-3), (2e-2, 3e-8)] {
            let p = picture(width, top);
            let ([w, h], stretch) = fitted(&p, [540.0, 480.0], [150.0, 220.0]);
            let form = (top + 1e-6) / width;
            assert!((h / w / (form * stretch) - 1.0).abs() < 1e-9, "{width} {top}: {w} {h} {stretch}");
            assert!(
                w >= 149.9 && h >= 219.9 && w <= 540.1 && h <= 480.1,
                "{width} {top}: {w} {h} {stretch}"
            );
        }
        assert_eq!(fitted(&picture(1e-3, 1e-3), [540.0, 480.0], [150.0, 220.0]).1, 1.0);
    }

    #[test]
    fn says_scale_and_thin_films_and_survives_nonsense() {
        let paints = palette(&[("wafer", "Si", Role::Substrate), ("LiPON", "LiPON", Role::Electrolyte)]);
        let mark = Mark {
            at: [1e-3, 5e-6],
            label: "thinner than 15 nm".into(),
        };
        let svg = section_svg(&picture(5e-3, 10e-6), &paints, std::slice::from_ref(&mark), "a b");
        for text in [
            "heights ×200",
            "20 nm",
            "Drawn thicker than to scale: LiPON (20 nm)",
            "Pillar &lt;1&gt;",
            "y = 10 µm",
            "thinner than 15 nm",
        ] {
            assert!(svg.contains(text), "{text} in {svg}");
        }
        let mut broken = picture(f64::NAN, 1.0);
        broken.layers.push((7, vec![vec![[f64::INFINITY, 0.0]], Vec::new()]));
        assert!(section_svg(&broken, &paints, &[], "x").ends_with("</svg>"));
        assert!(section_svg(&picture(0.0, 0.0), &[], &[mark], "x").ends_with("</svg>"));
    }
}
