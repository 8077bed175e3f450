//! From data to drawing coordinates: limits, margins, text widths, stacking.

use super::figure::{Axis, Figure, Series, Stroke};
use super::ticks;

/// Where the plot area lies in the drawing and which values its edges stand for.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Left, top, width, height of the plot area.
    pub area: [f64; 4],
    /// Values at the left and right edge.
    pub x: [f64; 2],
    /// Values at the lower and upper edge.
    pub y: [f64; 2],
    /// Ticks of the horizontal axis.
    pub x_ticks: Vec<(f64, String)>,
    /// Ticks of the vertical axis.
    pub y_ticks: Vec<(f64, String)>,
    log: [bool; 2],
}

impl Layout {
    /// Chooses limits, ticks and margins so that every label fits.
    pub fn new(figure: &Figure) -> Self {
        let [width, height] = figure.size;
        let (mut xs, mut ys) = (Range::default(), Range::default());
        for series in figure.series.iter().filter(|s| s.stroke != Stroke::Area) {
            for (&x, &y) in series.x.iter().zip(&series.y) {
                if x.is_finite() && y.is_finite() {
                    xs.add(x, figure.x.log);
                    ys.add(y, figure.y.log);
                }
            }
        }
        for area in stacked(&figure.series) {
            area.series.x.iter().for_each(|&x| xs.add(x, figure.x.log));
            area.parts.iter().flatten().flatten().for_each(|&y| ys.add(y, figure.y.log));
        }
        figure.limits.iter().for_each(|l| ys.add(l.y, figure.y.log));
        let rows = ((height - 70.0) / 34.0).clamp(2.0, 8.0) as usize;
        let y = limits(&figure.y, &ys, rows, false);
        let x = limits(&figure.x, &xs, 8, true);
        let y_ticks = axis_ticks(&figure.y, y, rows);
        let widest = y_ticks.iter().map(|t| text_width(&t.1, 12.0)).fold(0.0, f64::max);
        let left = (widest + 36.0).max(68.0).ceil();
        let columns = ((width - left) / 74.0).clamp(2.0, 9.0) as usize;
        let x_ticks = axis_ticks(&figure.x, x, columns);
        let tail = x_ticks.last().map_or(0.0, |t| text_width(&t.1, 12.0) / 2.0);
        let top = if figure.bands.iter().any(|b| !b.label.is_empty()) {
            24.0
        } else {
            10.0
        };
        let scale = figure.raster.as_ref().map_or(0.0, |r| {
            let labels = ticks::linear_labels(&ticks::linear(r.limits[0], r.limits[1], 6));
            58.0 + labels.iter().map(|t| text_width(t, 12.0)).fold(0.0, f64::max)
        });
        let right = (tail + 4.0).max(14.0) + scale;
        Self {
            area: [left, top, width - left - right, height - top - 46.0],
            x,
            y,
            x_ticks,
            y_ticks,
            log: [figure.x.log, figure.y.log],
        }
    }

    /// Horizontal drawing coordinate of a value.
    pub fn px(&self, x: f64) -> f64 {
        self.area[0] + self.area[2] * share(x, self.x, self.log[0])
    }

    /// Vertical drawing coordinate of a value.
    pub fn py(&self, y: f64) -> f64 {
        self.area[1] + self.area[3] * (1.0 - share(y, self.y, self.log[1]))
    }

    /// Left, top, right and bottom edge of the plot area.
    pub fn edges(&self) -> [f64; 4] {
        let [l, t, w, h] = self.area;
        [l, t, l + w, t + h]
    }
}

#[derive(Debug, Clone, Copy)]
struct Range {
    lo: f64,
    hi: f64,
}

impl Default for Range {
    fn default() -> Self {
        Self {
            lo: f64::INFINITY,
            hi: f64::NEG_INFINITY,
        }
    }
}

impl Range {
    fn add(&mut self, v: f64, log: bool) {
        if v.is_finite() && (!log || v > 0.0) {
            self.lo = self.lo.min(v);
            self.hi = self.hi.max(v);
        }
    }
}

fn share(v: f64, [lo, hi]: [f64; 2], log: bool) -> f64 {
    let s = if log {
        (v.ln() - lo.ln()) / (hi.ln() - lo.ln())
    } else {
        (v - lo) / (hi - lo)
    };
    if s.is_nan() { f64::NAN } else { s.clamp(-8.0, 9.0) }
}

fn limits(axis: &Axis, found: &Range, most: usize, tight: bool) -> [f64; 2] {
    if let Some([lo, hi]) = axis.limits
        && lo.is_finite()
        && hi > lo
        && (!axis.log || lo > 0.0)
    {
        return [lo, hi];
    }
    let (lo, hi) = (found.lo, found.hi);
    if lo > hi {
        return if axis.log { [0.1, 10.0] } else { [0.0, 1.0] };
    }
    if axis.log {
        let pad = ((hi / lo).log10() * 0.06).max(0.08);
        return [lo * 10f64.powf(-pad), hi * 10f64.powf(pad)];
    }
    if tight && hi - lo > 1e-9 * hi.abs().max(lo.abs()) {
        return [lo, hi];
    }
    let pad = 0.03 * (hi - lo);
    let floor = if lo >= 0.0 { (lo - pad).max(0.0) } else { lo - pad };
    ticks::round_limits(floor, hi + pad, most).into()
}

fn axis_ticks(axis: &Axis, [lo, hi]: [f64; 2], most: usize) -> Vec<(f64, String)> {
    if !axis.ticks.is_empty() {
        return axis.ticks.clone();
    }
    if axis.log {
        return ticks::logarithmic(lo, hi);
    }
    let values = ticks::linear(lo, hi, most);
    let labels = ticks::linear_labels(&values);
    values.into_iter().zip(labels).collect()
}

/// An area of a stack: lower and upper edge of its positive part, and of its negative part where it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Stacked<'a> {
    /// The series drawn.
    pub series: &'a Series,
    /// Edges, lower and upper, of each part.
    pub parts: Vec<[Vec<f64>; 2]>,
}

/// The areas of a figure: positive values pile up, negative values pile down. A series that changes sign has a part in each pile, so
/// that no edge ever crosses from one to the other.
pub fn stacked(series: &[Series]) -> Vec<Stacked<'_>> {
    let areas: Vec<&Series> = series.iter().filter(|s| s.stroke == Stroke::Area).collect();
    let n = areas.iter().map(|s| s.x.len().min(s.y.len())).min().unwrap_or(0);
    let (mut up, mut down) = (vec![0.0; n], vec![0.0; n]);
    areas
        .into_iter()
        .map(|series| {
            let value = |i: usize| if series.y[i].is_finite() { series.y[i] } else { 0.0 };
            let mut parts = Vec::new();
            if (0..n).any(|i| value(i) > 0.0) || (0..n).all(|i| value(i) == 0.0) {
                let lower = up.clone();
                (0..n).for_each(|i| up[i] += value(i).max(0.0));
                parts.push([lower, up.clone()]);
            }
            if (0..n).any(|i| value(i) < 0.0) {
                let upper = down.clone();
                (0..n).for_each(|i| down[i] += value(i).min(0.0));
                parts.push([down.clone(), upper]);
            }
            Stacked { series, parts }
        })
        .collect()
}

/// Width of a text in the sans-serif face of the page, by letter classes; errs on the wide side.
pub fn text_width(text: &str, size: f64) -> f64 {
    let em: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '|' | '\'' | 'I' | '!' => 0.29,
            'f' | 't' | 'r' | ' ' | '(' | ')' | '/' | '-' => 0.37,
            'm' | 'w' | 'M' | 'W' | '%' | '@' | 'Ω' => 0.88,
            'A'..='Z' => 0.68,
            '⁰'..='⁹' | '₀'..='₉' | '²' | '³' | '¹' | '⁻' => 0.42,
            _ => 0.59,
        })
        .sum();
    em * size
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::colour::Colour;

    #[test]
    fn limits_hold_the_data_and_labels_have_room() {
        let figure = Figure {
            size: [640.0, 290.0],
            x: Axis::new("Test time / h"),
            y: Axis::new("Voltage / V"),
            series: vec![Series::line("V", Colour::Ink, vec![0.0, 1.0, 3.28], vec![2.99, f64::NAN, 4.21])],
            ..Figure::default()
        };
        let layout = Layout::new(&figure);
        assert_eq!(layout.x, [0.0, 3.28]);
        assert!(layout.y[0] <= 2.99 && layout.y[1] >= 4.21);
        assert!((layout.px(0.0) - layout.area[0]).abs() < 1e-9);
        let [_, top, _, bottom] = layout.edges();
        assert!(layout.py(4.21) >= top && layout.py(2.99) <= bottom);
        let empty = Layout::new(&Figure {
            size: [640.0, 290.0],
            ..Figure::default()
        });
        assert!(empty.x[1] > empty.x[0] && empty.y[1] > empty.y[0]);
    }

    #[test]
    fn areas_pile_up_and_down() {
        let area = |y: Vec<f64>| Series::line("a", Colour::Ink, vec![0.0, 1.0], y).drawn(Stroke::Area);
        let series = [area(vec![1.0, -1.0]), area(vec![2.0, 3.0]), area(vec![-1.0, -1.0])];
        let stack = stacked(&series);
        assert_eq!(
            stack[0].parts,
            [[vec![0.0, 0.0], vec![1.0, 0.0]], [vec![0.0, -1.0], vec![0.0, 0.0]]]
        );
        assert_eq!(stack[1].parts, [[vec![1.0, 0.0], vec![3.0, 3.0]]]);
        assert_eq!(stack[2].parts, [[vec![-1.0, -2.0], vec![0.0, -1.0]]]);
    }
}
