//! What surrounds the curves of a plot: bands, picture, strata, axes, guides.

use super::escape::escape;
use super::layout::text_width;
use super::plot::Plot;
use super::png;
use super::ticks;
use std::fmt::Write;

impl Plot {
    pub(super) fn bands(&self, out: &mut String) {
        let [left, top, right, _] = self.layout.edges();
        for band in &self.figure.bands {
            let (a, b) = (
                self.layout.px(band.span[0]).clamp(left, right),
                self.layout.px(band.span[1]).clamp(left, right),
            );
            let _ = match (band.colour, band.shaded) {
                (Some(colour), _) => write!(
                    out,
                    r#"<rect class="bandc" x="{a:.1}" y="{top:.1}" width="{:.1}" height="{:.1}" style="fill:{}"/>"#,
                    b - a,
                    self.layout.area[3],
                    colour.css()
                ),
                (None, true) => write!(
                    out,
                    r#"<rect class="band1" x="{a:.1}" y="{top:.1}" width="{:.1}" height="{:.1}"/>"#,
                    b - a,
                    self.layout.area[3]
                ),
                (None, false) => Ok(()),
            };
        }
        for band in &self.figure.bands {
            let (a, b) = (
                self.layout.px(band.span[0]).clamp(left, right),
                self.layout.px(band.span[1]).clamp(left, right),
            );
            let width = text_width(&band.label, 11.5);
            if width + 5.0 <= b - a && !band.label.is_empty() {
                let _ = if band.colour.is_some() {
                    write!(
                        out,
                        r#"<text class="bandl" text-anchor="middle" x="{:.1}" y="{:.1}">{}</text>"#,
                        (a + b) / 2.0,
                        top - 7.0,
                        escape(&band.label)
                    )
                } else {
                    write!(
                        out,
                        r#"<text class="bandl" x="{:.1}" y="{:.1}">{}</text>"#,
                        a + 3.0,
                        top - 7.0,
                        escape(&band.label)
                    )
                };
            }
        }
    }

    pub(super) fn picture(&self, out: &mut String) {
        let Some(raster) = &self.figure.raster else { return };
        let [left, top, width, height] = self.layout.area;
        let id = escape(&self.figure.id);
        let x = left + width + 12.0;
        let _ = write!(
            out,
            r#"<image class="map" x="{left:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}" preserveAspectRatio="none" href="{}"/><defs>{}</defs><rect x="{x:.1}" y="{top:.1}" width="12" height="{height:.1}" fill="url(#{id}-g)"/><g class="tick">"#,
            escape(&raster.uri),
            png::gradient(&format!("{id}-g"))
        );
        let values = ticks::linear(raster.limits[0], raster.limits[1], 6);
        let mut widest = 0.0f64;
        for (v, text) in values.iter().zip(ticks::linear_labels(&values)) {
            let y = top + height * (1.0 - (v - raster.limits[0]) / (raster.limits[1] - raster.limits[0]));
            let _ = write!(out, r#"<text x="{:.1}" y="{:.1}">{}</text>"#, x + 17.0, y + 4.0, escape(&text));
            widest = widest.max(text_width(&text, 12.0));
        }
        let _ = write!(
            out,
            r#"</g><text class="axl" transform="translate({:.1} {:.1}) rotate(-90)" text-anchor="middle">{}</text>"#,
            x + 17.0 + widest + 19.0,
            top + height / 2.0,
            escape(&raster.label)
        );
    }

    pub(super) fn strata(&self, out: &mut String) {
        let [left, top, right, bottom] = self.layout.edges();
        for (i, stratum) in self.figure.strata.iter().enumerate() {
            let (lower, upper) = (self.layout.py(stratum.span[0]), self.layout.py(stratum.span[1]));
            if i > 0 && lower < bottom - 0.5 && lower > top + 0.5 {
                let _ = write!(out, r#"<path class="cutl" d="M{left:.1} {lower:.1}H{right:.1}"/>"#);
            }
            if lower - upper > 17.0 {
                let _ = write!(
                    out,
                    r#"<text class="onmap" x="{:.1}" y="{:.1}">{}</text>"#,
                    left + 7.0,
                    upper + 14.0,
                    escape(&stratum.label)
                );
            }
        }
    }

    pub(super) fn axes(&self, out: &mut String) {
        let (f, l) = (&self.figure, &self.layout);
        let [left, top, right, bottom] = l.edges();
        let inside = |v: f64, lo: f64, hi: f64| v >= lo - 0.5 && v <= hi + 0.5;
        let ruled = f.raster.is_none();
        out.push_str(r#"<path class="grid" d=""#);
        for (x, text) in l.x_ticks.iter().filter(|_| ruled) {
            let x = l.px(*x);
            if inside(x, left, right) && (!text.is_empty() || f.x.log) && f.x.warp.is_empty() {
                let _ = write!(out, "M{x:.1} {top:.1}V{bottom:.1}");
            }
        }
        for (y, text) in l.y_ticks.iter().filter(|_| ruled) {
            let y = l.py(*y);
            if inside(y, top, bottom) && (!text.is_empty() || f.y.log) {
                let _ = write!(out, "M{left:.1} {y:.1}H{right:.1}");
            }
        }
        out.push_str(r#""/><g class="tick">"#);
        let mut free = f64::NEG_INFINITY;
        for (x, text) in &l.x_ticks {
            let (x, half) = (l.px(*x), text_width(text, 12.0) / 2.0);
            if inside(x, left, right) && !text.is_empty() && x - half > free {
                let _ = write!(
                    out,
                    r#"<text x="{x:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
                    bottom + 17.0,
                    escape(text)
                );
                free = x + half + 3.0;
            }
        }
        let mut free = f64::INFINITY;
        for (y, text) in &l.y_ticks {
            let y = l.py(*y);
            if inside(y, top, bottom) && !text.is_empty() && y < free {
                free = y - 13.0;
                let _ = write!(
                    out,
                    r#"<text x="{:.1}" y="{:.1}" text-anchor="end">{}</text>"#,
                    left - 8.0,
                    y + 4.0,
                    escape(text)
                );
            }
        }
        out.push_str("</g>");
        if l.y[0] < 0.0 && l.y[1] > 0.0 && !f.y.log {
            let _ = write!(out, r#"<path class="zero" d="M{left:.1} {:.1}H{right:.1}"/>"#, l.py(0.0));
        }
        let _ = write!(
            out,
            r#"<path class="axis" d="M{left:.1} {top:.1}V{bottom:.1}H{right:.1}"/><text class="axl" x="{:.1}" y="{:.1}" text-anchor="middle">{}</text><text class="axl" transform="translate(15 {:.1}) rotate(-90)" text-anchor="middle">{}</text>"#,
            (left + right) / 2.0,
            bottom + 38.0,
            escape(&f.x.label),
            (top + bottom) / 2.0,
            escape(&f.y.label)
        );
    }

    pub(super) fn guides(&self, out: &mut String) {
        for guide in &self.figure.guides {
            let l = &self.layout;
            let (to_x, to_y) = (l.px(guide.to[0]), l.py(guide.to[1]));
            let _ = write!(
                out,
                r#"<path class="iso" d="M{:.1} {:.1}L{to_x:.1} {to_y:.1}"/>"#,
                l.px(guide.from[0]),
                l.py(guide.from[1])
            );
            let _ = write!(
                out,
                r#"<text class="bandl" text-anchor="end" x="{:.1}" y="{:.1}">{}</text>"#,
                to_x - 4.0,
                to_y + 14.0,
                escape(&guide.label)
            );
        }
    }
}
