//! Parts that all drawings share: the frame with its style, paths, scale bars, marks and labels that keep apart.

use super::colour::{Colour, hex};
use super::picture::Mark;
use super::text::{escape, length, round_down, wrapped};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Inks of the page: token, light, dark. Names of the report page win where the drawing stands in one.
const INKS: [(&str, &str, &str); 6] = [
    ("paper", "#ffffff", "#191c20"),
    ("ink", "#1b1f24", "#e8e8e3"),
    ("mut", "#646b73", "#a0a7ae"),
    ("rule", "#dcddd8", "#33383e"),
    ("soft", "#eeeeea", "#262a2f"),
    ("bad", "#b3261e", "#ff7b6e"),
];

/// A drawing in the making.
pub struct Drawing {
    /// What is drawn so far.
    pub body: String,
    id: String,
    colours: BTreeSet<Colour>,
}

impl Drawing {
    /// An empty drawing; `id` distinguishes it from the others on a page.
    pub fn new(id: &str) -> Drawing {
        let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        Drawing {
            body: String::new(),
            id: format!("cwx-{id}"),
            colours: BTreeSet::new(),
        }
    }

    /// Name of a part, unique on the page.
    pub fn part(&self, name: &str) -> String {
        format!("{}-{name}", self.id)
    }

    /// Class that fills with a colour.
    pub fn fill(&mut self, colour: Colour) -> String {
        self.colours.insert(colour);
        format!("f-{}", colour.name())
    }

    /// Class that draws lines in a colour.
    pub fn stroke(&mut self, colour: Colour) -> String {
        self.colours.insert(colour);
        format!("s-{}", colour.name())
    }

    /// A line of text; `class` is `t` (ink), `b` (bold) or `m` (small, muted).
    pub fn text(&mut self, class: &str, x: f64, y: f64, anchor: &str, text: &str) {
        let anchor = if anchor == "start" {
            String::new()
        } else {
            format!(r#" text-anchor="{anchor}""#)
        };
        let _ = write!(
            self.body,
            r#"<text class="{class}" x="{x:.1}" y="{y:.1}"{anchor}>{}</text>"#,
            escape(text)
        );
    }

    /// Lines of text that follow each other downwards from `y`; the base line of the one that would come next.
    pub fn lines(&mut self, class: &str, x: f64, y: f64, lines: &[String]) -> f64 {
        for (i, line) in lines.iter().enumerate() {
            self.text(class, x, y + 16.0 * i as f64, "start", line);
        }
        y + 16.0 * lines.len() as f64
    }

    /// A horizontal scale bar of a round length, at most `room` wide, its left end at (x, y); `scale` in drawing units per metre.
    pub fn scale_bar(&mut self, x: f64, y: f64, room: f64, scale: f64) {
        let bar = round_down(room / scale);
        if !(bar > 0.0 && bar.is_finite()) {
            return;
        }
        let _ = write!(
            self.body,
            r#"<path class="ln" d="M{x:.1} {:.1}v8m0 -4h{:.1}m0 -4v8"/>"#,
            y - 4.0,
            bar * scale
        );
        self.text("m", x + bar * scale + 8.0, y + 4.0, "start", &length(bar));
    }

    /// A numbered ring around a place; the number stands beside it, away from the edge at `right`.
    pub fn mark(&mut self, number: usize, x: f64, y: f64, right: f64) {
        let side = if x + 34.0 > right { -1.0 } else { 1.0 };
        let (bx, by) = (x + side * 19.0, y - 13.0);
        let _ = write!(
            self.body,
            r#"<g class="mk"><circle class="h" cx="{x:.1}" cy="{y:.1}" r="9"/><circle cx="{x:.1}" cy="{y:.1}" r="9"/><circle class="d" cx="{bx:.1}" cy="{by:.1}" r="8"/><text x="{bx:.1}" y="{:.1}" text-anchor="middle">{number}</text></g>"#,
            by + 4.0
        );
    }

    /// The labels of numbered marks as a list; the base line of what would come next.
    pub fn mark_list(&mut self, marks: &[Mark], x: f64, mut y: f64, width: f64) -> f64 {
        for (i, mark) in marks.iter().enumerate() {
            let _ = write!(
                self.body,
                r#"<g class="mk"><circle class="d" cx="{:.1}" cy="{:.1}" r="8"/><text x="{:.1}" y="{y:.1}" text-anchor="middle">{}</text></g>"#,
                x + 8.0,
                y - 4.0,
                x + 8.0,
                i + 1
            );
            y = self
                .lines("t", x + 24.0, y, &wrapped(&mark.label, 12.5, width - 24.0))
                .max(y + 16.0)
                + 4.0;
        }
        y
    }

    /// The finished SVG element with its own style, title and description.
    pub fn finish(self, size: [f64; 2], title: &str, description: &str) -> String {
        let [w, h] = size;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="cwx" viewBox="0 0 {w:.0} {h:.0}" width="{w:.0}" height="{h:.0}" style="max-width:100%;height:auto" role="img" aria-labelledby="{id}-t {id}-d"><title id="{id}-t">{}</title><desc id="{id}-d">{}</desc><style>{}</style><rect class="pp" width="{w:.0}" height="{h:.0}"/>{}</svg>"#,
            escape(title),
            escape(description),
            style(&self.colours, &self.body),
            self.body,
            id = self.id
        )
    }
}

/// Style rules. Every value stands twice, plain and as a variable: programs that do not know variables keep the first. The rules of two
/// drawings on one page agree, so that it does not matter which of them the browser takes. Rules that `body` does not need are left out.
fn style(colours: &BTreeSet<Colour>, body: &str) -> String {
    let mut rules = String::new();
    let [mut light, mut dark] = [String::new(), String::new()];
    for &colour in colours {
        let name = colour.name();
        let [day, night] = [colour.light(), colour.dark()].map(hex);
        for (theme, value) in [(&mut light, &day), (&mut dark, &night)] {
            let _ = match colour.token() {
                Some(token) => write!(theme, "--x-{name}:var(--{token},{value});"),
                None => write!(theme, "--x-{name}:{value};"),
            };
        }
        for (letter, property) in [('f', "fill"), ('s', "stroke")] {
            if body.contains(&format!("{letter}-{name}")) {
                let _ = write!(rules, ".cwx .{letter}-{name}{{{property}:{day};{property}:var(--x-{name})}}");
            }
        }
    }
    let uses = |class: &str| class == "pp" || body.contains(&format!("class=\"{class}\""));
    for (selector, class, inks, rest) in RULES {
        if !uses(class) {
            continue;
        }
        let _ = write!(rules, ".cwx {selector}{{");
        for (property, ink) in *inks {
            let Some((_, day, night)) = INKS.iter().find(|i| i.0 == *ink) else {
                continue;
            };
            let _ = write!(rules, "{property}:{day};{property}:var(--x-{ink});");
            for (theme, value) in [(&mut light, day), (&mut dark, night)] {
                let rule = format!("--x-{ink}:var(--{ink},{value});");
                if !theme.contains(&rule) {
                    theme.push_str(&rule);
                }
            }
        }
        let _ = write!(rules, "{rest}}}");
    }
    format!(
        ".cwx{{{light}}}@media screen{{@media (prefers-color-scheme:dark){{:root:not([data-theme=light]) .cwx,.cwx:root{{{dark}}}}}:root[data-theme=dark] .cwx{{{dark}}}}}{rules}"
    )
}

/// A style rule: selector, the class that calls for it, its properties with their inks, its other declarations.
type Rule = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const RULES: &[Rule] = &[
    (".pp", "pp", &[("fill", "paper")], ""),
    (".t", "t", &[("fill", "ink")], FONT),
    (".b", "b", &[("fill", "ink")], FONT_TITLE),
    (".m", "m", &[("fill", "mut")], FONT_SMALL),
    (".sf", "sf", &[("fill", "soft")], ""),
    (".ln", "ln", &[("stroke", "mut")], "fill:none;stroke-width:1"),
    (".gr", "gr", &[("stroke", "rule")], "fill:none;stroke-width:1"),
    (".dt", "dt", &[("fill", "ink")], ""),
    (".wn", "wn", &[("stroke", "ink")], "fill:none;stroke-width:1.3"),
    (".mk circle", "mk", &[("stroke", "bad")], "fill:none;stroke-width:2"),
    (".mk .h", "mk", &[("stroke", "paper")], "stroke-width:5"),
    (".mk .d", "mk", &[("fill", "bad")], "stroke:none"),
    (".mk text", "mk", &[("fill", "paper")], FONT_MARK),
];

const FONT: &str = "font:12.5px Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const FONT_TITLE: &str = "font:600 14px Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const FONT_SMALL: &str = "font:11.5px Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const FONT_MARK: &str = "font:600 11px Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/// Rings as one path, corners rounded to `decimals`; points that fall together are written once.
pub fn path(rings: &[Vec<[f64; 2]>], decimals: usize, place: impl Fn([f64; 2]) -> [f64; 2]) -> String {
    let mut d = String::new();
    for ring in rings {
        let points = rounded(ring, decimals, &place);
        if points.len() >= 3 {
            push_line(&mut d, &points, decimals);
            d.push('Z');
        }
    }
    d
}

/// Open lines as one path.
pub fn lines(paths: &[Vec<[f64; 2]>], decimals: usize, place: impl Fn([f64; 2]) -> [f64; 2]) -> String {
    let mut d = String::new();
    for line in paths {
        push_line(&mut d, &rounded(line, decimals, &place), decimals);
    }
    d
}

/// Points in whole units of the last decimal.
fn rounded(points: &[[f64; 2]], decimals: usize, place: impl Fn([f64; 2]) -> [f64; 2]) -> Vec<[i64; 2]> {
    let unit = 10f64.powi(decimals as i32);
    let mut out: Vec<[i64; 2]> = points
        .iter()
        .map(|p| place(*p))
        .filter(|p| p.iter().all(|v| v.is_finite()))
        .map(|p| p.map(|v| (v.clamp(-1e6, 1e6) * unit).round() as i64))
        .collect();
    out.dedup();
    out
}

/// Steps relative to the point before, which is where most of the size of a drawing goes.
fn push_line(d: &mut String, points: &[[i64; 2]], decimals: usize) {
    let unit = 10f64.powi(decimals as i32);
    let number = |v: i64| {
        let text = format!("{}", v as f64 / unit);
        match text.strip_prefix("0.") {
            Some(rest) => format!(".{rest}"),
            None => text.replacen("-0.", "-.", 1),
        }
    };
    let pair = |d: &mut String, a: i64, b: i64| {
        let (a, b) = (number(a), number(b));
        if !d.ends_with(|c: char| c.is_ascii_alphabetic()) && !a.starts_with('-') {
            d.push(' ');
        }
        d.push_str(&a);
        if !b.starts_with('-') {
            d.push(' ');
        }
        d.push_str(&b);
    };
    for (i, p) in points.iter().enumerate() {
        match i.checked_sub(1).map(|k| points[k]) {
            None => {
                d.push('M');
                pair(d, p[0], p[1]);
            }
            Some(before) => {
                if i == 1 {
                    d.push('l');
                }
                pair(d, p[0] - before[0], p[1] - before[1]);
            }
        }
    }
}

/// Moves label positions (sorted) apart so that neighbours are at least `gap` from each other, keeping them inside `low..=high`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_short_and_do_not_drift() {
        let ring = vec![[0.0, 0.0], [10.0, 0.0], [10.0, 0.001], [10.0, 5.55], [0.0, 5.55]];
        assert_eq!(path(&[ring], 1, |p| p), "M0 0l10 0 0 5.6-10 0Z");
        let circle: Vec<[f64; 2]> = (0..1000)
            .map(|i| f64::from(i) * 0.01)
            .map(|a| [a.cos() * 50.0, a.sin() * 50.0])
            .collect();
        let d = lines(std::slice::from_ref(&circle), 1, |p| p);
        let numbers: Vec<f64> = d[1..]
            .replace('l', " ")
            .replace('-', " -")
            .split_whitespace()
            .filter_map(|t| t.parse().ok())
            .collect();
        let end = numbers.chunks(2).fold([0.0, 0.0], |s, p| [s[0] + p[0], s[1] + p[1]]);
        assert!(
            (end[0] - circle[999][0]).abs() < 0.06 && (end[1] - circle[999][1]).abs() < 0.06,
            "{end:?}"
        );
        assert_eq!(path(&[vec![[f64::NAN, 0.0], [1.0, 1.0], [2.0, 2.0]]], 1, |p| p), "");
    }

    #[test]
    fn labels_never_overlap() {
        let rows = spread(&[5.0, 6.0, 7.0, 100.0, 101.0], 20.0, 0.0, 110.0);
        assert!(rows.windows(2).all(|w| w[1] - w[0] >= 20.0 - 1e-9), "{rows:?}");
        assert!(rows[0] >= 0.0 && rows[4] <= 110.0);
        assert!(spread(&[], 20.0, 0.0, 1.0).is_empty());
    }
}
