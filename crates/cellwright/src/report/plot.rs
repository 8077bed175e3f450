//! A figure drawn as SVG.

use super::escape::escape;
use super::figure::{Figure, Series, Stroke};
use super::layout::{Layout, stacked, text_width};
use super::thin::thin;
use std::fmt::Write;

/// Points kept per series.
const POINTS: usize = 600;
/// Distance, in drawing units, by which a thinned curve may differ.
const TOLERANCE: f64 = 0.06;

/// A figure after thinning, with its layout: the same points go to the drawing, the table and the script.
#[derive(Debug, Clone)]
pub struct Plot {
    /// The figure with thinned series.
    pub figure: Figure,
    /// Coordinates.
    pub layout: Layout,
}

impl Plot {
    /// Lays the figure out and thins its series.
    pub fn new(mut figure: Figure) -> Self {
        let layout = Layout::new(&figure);
        for series in figure.series.iter_mut().filter(|s| !s.exact && s.stroke != Stroke::Area) {
            thin_series(series, &layout);
        }
        Self { figure, layout }
    }

    /// The `<svg>` element. Styles come from the page or from [`super::svg_plot`].
    pub fn svg(&self) -> String {
        let (f, l) = (&self.figure, &self.layout);
        let id = escape(&f.id);
        let [left, top, right, bottom] = l.edges();
        let mut out = String::with_capacity(16 << 10);
        let _ = write!(
            out,
            r#"<svg class="plot" id="{id}" viewBox="0 0 {} {}" role="img" aria-labelledby="{id}-t {id}-d" tabindex="0"><title id="{id}-t">{}</title><desc id="{id}-d">{}</desc>"#,
            f.size[0],
            f.size[1],
            escape(&f.title),
            escape(&f.finding)
        );
        self.bands(&mut out);
        self.picture(&mut out);
        self.axes(&mut out);
        self.strata(&mut out);
        let _ = write!(
            out,
            r#"<clipPath id="{id}-c"><rect x="{left:.1}" y="{top:.1}" width="{:.1}" height="{:.1}"/></clipPath><g clip-path="url(#{id}-c)">"#,
            l.area[2], l.area[3]
        );
        self.guides(&mut out);
        self.curves(&mut out);
        out.push_str("</g>");
        self.points_and_ends(&mut out);
        for limit in &f.limits {
            let y = l.py(limit.y);
            let _ = write!(
                out,
                r#"<path class="lim" d="M{left:.1} {y:.1}H{right:.1}"/><text class="bandl" text-anchor="end" x="{:.1}" y="{:.1}">{}</text>"#,
                right - 5.0,
                y - 5.0,
                escape(&limit.label)
            );
        }
        let _ = write!(
            out,
            r#"<g class="cur" visibility="hidden"><path class="curl" d="M0 {top:.1}V{bottom:.1}"/><g class="curd"></g></g>"#
        );
        if let Some(now) = f.now {
            let _ = write!(
                out,
                r#"<path class="now" d="M{left:.1} {top:.1}V{bottom:.1}" transform="translate({:.1} 0)"/>"#,
                l.px(now) - left
            );
        }
        let _ = write!(
            out,
            r#"<rect class="hit" fill="none" pointer-events="all" x="{left:.1}" y="{top:.1}" width="{:.1}" height="{:.1}"/></svg>"#,
            l.area[2], l.area[3]
        );
        out
    }

    fn curves(&self, out: &mut String) {
        let areas = stacked(&self.figure.series);
        for (i, series) in self.figure.series.iter().enumerate() {
            let colour = series.colour.css();
            if let Some(area) = areas.iter().find(|a| std::ptr::eq(a.series, series)) {
                let edge = |ys: &[f64], reversed: bool| {
                    let mut points: Vec<(f64, f64)> = ys
                        .iter()
                        .zip(&series.x)
                        .map(|(&y, &x)| (self.layout.px(x), self.layout.py(y)))
                        .collect();
                    if reversed {
                        points.reverse();
                    }
                    let kept = thin(&points, TOLERANCE, POINTS);
                    kept.into_iter().map(|k| points[k]).collect::<Vec<_>>()
                };
                let outline = |[lower, upper]: &[Vec<f64>; 2]| {
                    let mut points = edge(upper, false);
                    points.extend(edge(lower, true));
                    path(&points) + "Z"
                };
                let d: String = area.parts.iter().map(outline).collect();
                let _ = write!(out, r#"<path class="s area" data-s="{i}" d="{d}" style="fill:{colour}"/>"#);
                continue;
            }
            let points: Vec<(f64, f64)> = series
                .x
                .iter()
                .zip(&series.y)
                .map(|(&x, &y)| (self.layout.px(x), self.layout.py(y)))
                .collect();
            let (class, more) = match series.stroke {
                Stroke::Dashed => ("s ln", r#" stroke-dasharray="5 4""#),
                Stroke::Thin | Stroke::Squares | Stroke::OpenSquares => ("s ln thin", ""),
                _ if series.exact => ("s ln bold", ""),
                _ => ("s ln", ""),
            };
            let _ = write!(
                out,
                r#"<path class="{class}" data-s="{i}" d="{}" style="stroke:{colour}"{more}/>"#,
                path(&points)
            );
        }
    }

    fn points_and_ends(&self, out: &mut String) {
        let [left, top, right, bottom] = self.layout.edges();
        let mut placed: Vec<[f64; 4]> = Vec::new();
        let named = self.figure.series.iter().enumerate().filter(|(_, s)| !s.end.is_empty());
        let ends: Vec<(usize, (f64, f64))> = named
            .filter_map(|(i, s)| {
                let last = s.x.iter().zip(&s.y).rev().find(|(x, y)| x.is_finite() && y.is_finite())?;
                Some((i, (self.layout.px(*last.0), self.layout.py(*last.1))))
            })
            .collect();
        for (i, series) in self.figure.series.iter().enumerate() {
            let points = series
                .x
                .iter()
                .zip(&series.y)
                .map(|(&x, &y)| (self.layout.px(x), self.layout.py(y)));
            let visible: Vec<(f64, f64)> = points
                .filter(|p| p.0 >= left - 0.5 && p.0 <= right + 0.5 && p.1 >= top - 0.5 && p.1 <= bottom + 0.5)
                .collect();
            let colour = series.colour.css();
            for (x, y) in &visible {
                let _ = match series.stroke {
                    Stroke::Rings => write!(
                        out,
                        r#"<circle class="s ring" data-s="{i}" cx="{x:.1}" cy="{y:.1}" r="3.8" style="stroke:{colour}"/>"#
                    ),
                    Stroke::Squares => write!(
                        out,
                        r#"<path class="s" data-s="{i}" d="M{x:.1} {y:.1}m-3-3h6v6h-6z" style="fill:{colour}"/>"#
                    ),
                    Stroke::OpenSquares => write!(
                        out,
                        r#"<path class="s ring" data-s="{i}" d="M{x:.1} {y:.1}m-3-3h6v6h-6z" style="stroke:{colour}"/>"#
                    ),
                    _ => Ok(()),
                };
            }
            if let Some((x, y)) = visible.last().filter(|_| !series.end.is_empty()) {
                let width = text_width(&series.end, 12.0);
                let fits = |x0: f64, y0: f64| {
                    let b = [x0, y0 - 10.0, x0 + width, y0 + 3.0];
                    (b[0] >= left + 2.0 && b[2] <= right + 2.0 && b[1] >= top - 2.0 && b[3] <= bottom)
                        .then_some(b)
                        .filter(|b| {
                            ends.iter()
                                .all(|(j, e)| *j == i || e.0 < b[0] || e.0 > b[2] || e.1 < b[1] || e.1 > b[3])
                        })
                        .filter(|b| {
                            placed
                                .iter()
                                .all(|p| b[2] + 4.0 < p[0] || p[2] + 4.0 < b[0] || b[3] < p[1] || p[3] < b[1])
                        })
                };
                let tries = if series.x.len() == 1 {
                    vec![(x + 6.0, y - 8.0), (x + 6.0, y + 15.0), (x - width - 6.0, y - 8.0)]
                } else if x + 5.0 + width <= right + 2.0 {
                    vec![(x + 5.0, y + 4.0)]
                } else {
                    vec![(x - width - 5.0, y - 6.0), (x - width - 6.0, y + 14.0)]
                };
                if let Some(b) = tries.into_iter().find_map(|(x0, y0)| fits(x0, y0)) {
                    let _ = write!(
                        out,
                        r#"<text class="endl s" data-s="{i}" x="{:.1}" y="{:.1}">{}</text>"#,
                        b[0],
                        b[3] - 3.0,
                        escape(&series.end)
                    );
                    placed.push(b);
                }
            }
        }
    }
}

fn thin_series(series: &mut Series, layout: &Layout) {
    let n = series.x.len().min(series.y.len());
    let points: Vec<(f64, f64)> = (0..n).map(|i| (layout.px(series.x[i]), layout.py(series.y[i]))).collect();
    let mut kept = Vec::new();
    let mut start = 0;
    while start < n {
        let finite = |p: &(f64, f64)| p.0.is_finite() && p.1.is_finite();
        let end = start + points[start..].iter().position(|p| !finite(p)).unwrap_or(n - start);
        kept.extend(thin(&points[start..end], TOLERANCE, POINTS).into_iter().map(|k| k + start));
        if end < n {
            kept.push(end);
        }
        start = end + 1;
    }
    series.x = kept.iter().map(|&k| series.x[k]).collect();
    series.y = kept.iter().map(|&k| series.y[k]).collect();
}

/// Path data with relative steps of a tenth of a unit; a point that is not finite lifts the pen.
pub(super) fn path(points: &[(f64, f64)]) -> String {
    let mut out = String::with_capacity(points.len() * 8);
    let mut pen: Option<(i64, i64)> = None;
    let tenth = |v: i64| {
        let (sign, v) = if v < 0 { ("-", -v) } else { ("", v) };
        match (v / 10, v % 10) {
            (whole, 0) => format!("{sign}{whole}"),
            (0, part) => format!("{sign}.{part}"),
            (whole, part) => format!("{sign}{whole}.{part}"),
        }
    };
    for &(x, y) in points {
        if !(x.is_finite() && y.is_finite()) {
            pen = None;
            continue;
        }
        let p = ((x * 10.0).round() as i64, (y * 10.0).round() as i64);
        let (op, dx, dy) = match pen {
            None => ("M", p.0, p.1),
            Some(q) if q == p => continue,
            Some(q) => ("l", p.0 - q.0, p.1 - q.1),
        };
        let (dx, dy) = (tenth(dx), tenth(dy));
        let gap = if dy.starts_with('-') { "" } else { " " };
        let _ = write!(out, "{op}{dx}{gap}{dy}");
        pen = Some(p);
    }
    out
}
