//! Quantities along the cell: the profile at the chosen time and the map over depth and time.

use super::colour::Colour;
use super::data::{Profile, Report};
use super::figure::{Axis, Band, Figure, Raster, Series, Stroke};
use super::frames;
use super::kind::{Kind, Unit};
use super::number;
use super::png;
use super::ticks;

/// Columns and rows of the map picture.
const MAP: (usize, usize) = (112, 48);
/// Regions whose widths differ by more than this factor are drawn stretched.
const STRETCH: f64 = 8.0;

/// A part of the position axis: a region, or a gap between two.
#[derive(Debug, Clone)]
struct Segment {
    region: Option<usize>,
    x: [f64; 2],
    u: [f64; 2],
}

/// A profile prepared for drawing.
pub struct Field<'a> {
    profile: &'a Profile,
    report: &'a Report,
    segments: Vec<Segment>,
    unit: Unit,
    length: Unit,
    limits: [f64; 2],
    stretched: bool,
    index: usize,
}

impl<'a> Field<'a> {
    /// Prepares profile `index` of a report; nothing if its sizes do not fit together or it holds no number.
    pub fn new(report: &'a Report, index: usize) -> Option<Self> {
        let profile = report.profiles.get(index)?;
        let finite = profile.values.iter().copied().filter(|v| v.is_finite());
        let (lo, hi) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |a, v| (a.0.min(v), a.1.max(v)));
        let spans_hold = profile.regions.iter().all(|r| !r.x.is_empty() && r.span[1] > r.span[0]);
        if report.frames.is_empty() || profile.width() * report.frames.len() != profile.values.len() || lo > hi || !spans_hold {
            return None;
        }
        let unit = profile.kind.unit(lo.abs().max(hi.abs()));
        let (a, b) = ticks::round_limits(unit.of(lo), unit.of(hi), 6);
        let (segments, stretched) = segments(profile);
        let length = Kind::Length.unit(segments.last().map_or(1.0, |s| s.x[1]) - segments.first().map_or(0.0, |s| s.x[0]));
        Some(Self {
            profile,
            report,
            segments,
            unit,
            length,
            limits: [a, b],
            stretched,
            index,
        })
    }

    /// Names of the two figures in the page.
    pub fn ids(&self) -> (String, String) {
        let safe: String = self.profile.id.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        (format!("p-{safe}{}", self.index), format!("m-{safe}{}", self.index))
    }

    fn value_label(&self) -> String {
        self.unit.label(&self.profile.quantity)
    }

    fn to_u(&self, region: usize, x: f64) -> f64 {
        let segment = self.segments.iter().find(|s| s.region == Some(region));
        segment.map_or(0.0, |s| s.u[0] + (s.u[1] - s.u[0]) * (x - s.x[0]) / (s.x[1] - s.x[0]))
    }

    fn positions(&self) -> Vec<Vec<f64>> {
        let regions = self.profile.regions.iter().enumerate();
        regions.map(|(i, r)| r.x.iter().map(|&x| self.to_u(i, x)).collect()).collect()
    }

    fn frame(&self, k: usize) -> &[f64] {
        let n = self.profile.width();
        &self.profile.values[k * n..(k + 1) * n]
    }

    fn position_axis(&self, room: f64) -> Axis {
        let u_of = |x: f64| {
            self.segments
                .iter()
                .find(|s| x <= s.x[1] + 1e-15)
                .map(|s| s.u[0] + (s.u[1] - s.u[0]) * (x - s.x[0]) / (s.x[1] - s.x[0]))
        };
        let (x0, x1) = (self.segments[0].x[0], self.segments[self.segments.len() - 1].x[1]);
        let label = if self.profile.position.is_empty() {
            "Distance"
        } else {
            &self.profile.position
        };
        let mut axis = Axis::new(self.length.label(label)).with_limits(0.0, 1.0);
        if self.stretched {
            let mut found: Vec<(f64, String)> = Vec::new();
            for s in &self.segments {
                found.push((s.u[0], number::compact(self.length.of(s.x[0]), 3)));
                let count = ((s.u[1] - s.u[0]) * room) as usize;
                if count >= 2 {
                    let inner = ticks::linear(self.length.of(s.x[0]), self.length.of(s.x[1]), count);
                    for (v, text) in inner.iter().zip(ticks::linear_labels(&inner)) {
                        let u = s.u[0] + (s.u[1] - s.u[0]) * (v * self.length.factor - s.x[0]) / (s.x[1] - s.x[0]);
                        if u > s.u[0] + 0.6 / room && u < s.u[1] - 0.6 / room {
                            found.push((u, text));
                        }
                    }
                }
            }
            found.push((1.0, number::compact(self.length.of(x1), 3)));
            axis.ticks = found;
        } else {
            let values = ticks::linear(self.length.of(x0), self.length.of(x1), room.max(3.0) as usize);
            let labels = ticks::linear_labels(&values);
            axis.ticks = values
                .iter()
                .zip(labels)
                .map(|(v, t)| (u_of(v * self.length.factor).unwrap_or(1.0), t))
                .collect();
        }
        axis.warp = self
            .segments
            .iter()
            .flat_map(|s| [[s.u[0], self.length.of(s.x[0])], [s.u[1], self.length.of(s.x[1])]])
            .collect();
        axis.warp.dedup();
        axis
    }

    fn snapshots(&self) -> Vec<usize> {
        if !self.profile.snapshots.is_empty() {
            return self
                .profile
                .snapshots
                .iter()
                .copied()
                .filter(|&k| k < self.report.frames.len())
                .take(6)
                .collect();
        }
        let cycle = &self.report.cycle;
        let (start, end) = match cycle.main_step.and_then(|i| cycle.steps.get(i)) {
            Some(step) => (step.start, step.end),
            None => (self.report.frames[0], self.report.frames[self.report.frames.len() - 1]),
        };
        let mut found: Vec<usize> = (0..4)
            .map(|i| frames::nearest(&self.report.frames, start + (end - start) * f64::from(i) / 3.0))
            .collect();
        found.dedup();
        found
    }

    /// The profile: grey snapshots, and the frame of the slider in the colours of the regions.
    pub fn figure(&self) -> Figure {
        let us = self.positions();
        let time = frames::time_unit(self.report);
        let broken: Vec<f64> = us.iter().flat_map(|u| u.iter().copied().chain([f64::NAN])).collect();
        let mut series = Vec::new();
        let snapshots = self.snapshots();
        for &k in &snapshots {
            let mut y = Vec::with_capacity(broken.len());
            let mut values = self.frame(k).iter();
            for u in &us {
                y.extend(values.by_ref().take(u.len()).map(|&v| self.unit.of(v)));
                y.push(f64::NAN);
            }
            let name = frames::time_text(&time, self.report.frames[k]);
            series.push(Series {
                end: name.clone(),
                unlisted: true,
                ..Series::line(name, Colour::Muted, broken.clone(), y).drawn(Stroke::Thin)
            });
        }
        let mut values = self.frame(frames::opening(self.report)).iter();
        for (region, u) in self.profile.regions.iter().zip(us) {
            let y = values.by_ref().take(u.len()).map(|&v| self.unit.of(v)).collect();
            series.push(Series {
                exact: true,
                unlisted: true,
                ..Series::line(number::formula(&region.name), region.colour, u, y)
            });
        }
        let bands = self.segments.iter().filter_map(|s| {
            let region = &self.profile.regions[s.region?];
            Some(Band {
                span: s.u,
                label: number::formula(&region.name),
                shaded: false,
                colour: Some(region.colour),
            })
        });
        let mut note = String::from("Thick line: the chosen time. Grey: four moments of the main step.");
        if snapshots.len() != 4 {
            note = "Thick line: the chosen time. Grey: other moments.".into();
        }
        if self.stretched {
            note.push_str(" Regions are not drawn to one scale; the axis is labelled at their edges.");
        }
        if !self.profile.note.is_empty() {
            note = format!("{} {note}", self.profile.note);
        }
        Figure {
            id: self.ids().0,
            title: self.profile.title.clone(),
            finding: format!(
                "{} along the cell; over the whole run between {} and {}.",
                self.value_label(),
                number::significant(self.extreme().0, 3),
                number::significant(self.extreme().1, 3)
            ),
            note,
            size: [580.0, 350.0],
            x: self.position_axis(7.0),
            y: Axis::new(self.value_label()).with_limits(self.limits[0], self.limits[1]),
            series,
            bands: bands.collect(),
            ..Figure::default()
        }
    }

    fn extreme(&self) -> (f64, f64) {
        let finite = self.profile.values.iter().copied().filter(|v| v.is_finite());
        let (lo, hi) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |a, v| (a.0.min(v), a.1.max(v)));
        (self.unit.of(lo), self.unit.of(hi))
    }

    /// The map over depth and time.
    pub fn map(&self) -> Figure {
        let time = frames::time_unit(self.report);
        let times = &self.report.frames;
        let (t0, t1) = (times[0], times[times.len() - 1]);
        let strata = self.segments.iter().map(|s| Band {
            span: s.u,
            label: s.region.map(|i| number::formula(&self.profile.regions[i].name)).unwrap_or_default(),
            ..Band::default()
        });
        let (t0, t1) = if t1 > t0 { (time.of(t0), time.of(t1)) } else { (0.0, 1.0) };
        Figure {
            id: self.ids().1,
            title: format!("{} over depth and time", self.profile.short),
            finding: format!(
                "Map of {} over test time and position; the colour limits are the same at all times.",
                self.value_label()
            ),
            note: "Colour limits are fixed over time.".into(),
            size: [580.0, 350.0],
            x: Axis::new(time.label("Test time"))
                .with_limits(t0, t1)
                .with_column("Test Time / s", time.factor),
            y: self.position_axis(8.0),
            now: Some(time.of(times[frames::opening(self.report)])),
            raster: Some(Raster {
                uri: self.picture(),
                limits: self.limits,
                label: self.value_label(),
                field: self.index,
            }),
            strata: strata.collect(),
            ..Figure::default()
        }
    }

    fn picture(&self) -> String {
        let times = &self.report.frames;
        let us = self.positions();
        let rows: Vec<Option<(usize, usize, f64)>> = (0..MAP.1)
            .map(|row| {
                let u = 1.0 - (row as f64 + 0.5) / MAP.1 as f64;
                let region = self.segments.iter().find(|s| u <= s.u[1]).and_then(|s| s.region)?;
                let offset: usize = us[..region].iter().map(Vec::len).sum();
                let xs = &us[region];
                let i = xs.partition_point(|&x| x < u).clamp(1, xs.len().max(2) - 1).min(xs.len()) - 1;
                let next = (i + 1).min(xs.len() - 1);
                let f = if xs[next] > xs[i] {
                    ((u - xs[i]) / (xs[next] - xs[i])).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                Some((offset + i, offset + next, f))
            })
            .collect();
        let mut shares = vec![f64::NAN; MAP.0 * MAP.1];
        for column in 0..MAP.0 {
            let t = times[0] + (times[times.len() - 1] - times[0]) * (column as f64 + 0.5) / MAP.0 as f64;
            let k = times.partition_point(|&x| x < t).clamp(1, times.len().max(2) - 1).min(times.len()) - 1;
            let next = (k + 1).min(times.len() - 1);
            let f = if times[next] > times[k] {
                ((t - times[k]) / (times[next] - times[k])).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let (a, b) = (self.frame(k), self.frame(next));
            for (row, place) in rows.iter().enumerate() {
                if let Some((i, j, g)) = *place {
                    let v = (1.0 - f) * ((1.0 - g) * a[i] + g * a[j]) + f * ((1.0 - g) * b[i] + g * b[j]);
                    shares[row * MAP.0 + column] = (self.unit.of(v) - self.limits[0]) / (self.limits[1] - self.limits[0]);
                }
            }
        }
        png::data_uri(&shares, MAP.0)
    }

    /// The values for the script: 16-bit integers between the limits of the axis, and where to draw them.
    pub fn json(&self) -> String {
        let text = |s: &str| serde_json::Value::from(s).to_string();
        let shown = self.unit.all(&self.profile.values);
        let (figure, map) = self.ids();
        format!(
            r#"{{"p":{},"m":{},"s":{},"n":[{}],"lo":{},"hi":{},"q":{},"v":"{}"}}"#,
            text(&figure),
            text(&map),
            self.snapshots().len(),
            self.profile
                .regions
                .iter()
                .map(|r| r.x.len().to_string())
                .collect::<Vec<_>>()
                .join(","),
            number::compact(self.limits[0], 9),
            number::compact(self.limits[1], 9),
            text(&self.value_label()),
            png::quantised(&shown, self.limits[0], self.limits[1])
        )
    }
}

fn segments(profile: &Profile) -> (Vec<Segment>, bool) {
    let mut found: Vec<Segment> = Vec::new();
    for (i, region) in profile.regions.iter().enumerate() {
        if let Some(last) = found.last() {
            let from = last.x[1];
            if region.span[0] > from + 1e-6 * (region.span[1] - region.span[0]) {
                found.push(Segment {
                    region: None,
                    x: [from, region.span[0]],
                    u: [0.0; 2],
                });
            }
        }
        found.push(Segment {
            region: Some(i),
            x: region.span,
            u: [0.0; 2],
        });
    }
    let widths: Vec<f64> = found.iter().map(|s| (s.x[1] - s.x[0]).max(1e-30)).collect();
    let (thin, wide) = widths.iter().fold((f64::INFINITY, 0.0f64), |a, &w| (a.0.min(w), a.1.max(w)));
    let stretched = wide / thin > STRETCH;
    let shares: Vec<f64> = widths
        .iter()
        .map(|w| if stretched { (w / wide).powf(0.3).max(0.3) } else { *w })
        .collect();
    let sum: f64 = shares.iter().sum();
    let mut u = 0.0;
    for (segment, share) in found.iter_mut().zip(shares) {
        segment.u = [u, u + share / sum];
        u += share / sum;
    }
    if let Some(last) = found.last_mut() {
        last.u[1] = 1.0;
    }
    (found, stretched)
}
