//! Quantities along the cell: the profile at the chosen time and the map over depth and time.

use super::colour::Colour;
use super::data::{Profile, Report};
use super::figure::{Axis, Band, Figure, Series, Stroke};
use super::frames;
use super::kind::{Kind, Unit};
use super::number;
use super::ticks;

/// Regions whose widths differ by more than this factor are drawn stretched.
const STRETCH: f64 = 8.0;

/// A part of the position axis: a region, or a gap between two.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) region: Option<usize>,
    x: [f64; 2],
    pub(super) u: [f64; 2],
}

/// A profile prepared for drawing.
pub struct Field<'a> {
    pub(super) profile: &'a Profile,
    pub(super) report: &'a Report,
    pub(super) segments: Vec<Segment>,
    pub(super) unit: Unit,
    length: Unit,
    pub(super) limits: [f64; 2],
    stretched: bool,
    pub(super) index: usize,
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

    pub(super) fn value_label(&self) -> String {
        self.unit.label(&self.profile.quantity)
    }

    fn to_u(&self, region: usize, x: f64) -> f64 {
        let segment = self.segments.iter().find(|s| s.region == Some(region));
        segment.map_or(0.0, |s| s.u[0] + (s.u[1] - s.u[0]) * (x - s.x[0]) / (s.x[1] - s.x[0]))
    }

    pub(super) fn positions(&self) -> Vec<Vec<f64>> {
        let regions = self.profile.regions.iter().enumerate();
        regions.map(|(i, r)| r.x.iter().map(|&x| self.to_u(i, x)).collect()).collect()
    }

    pub(super) fn frame(&self, k: usize) -> &[f64] {
        let n = self.profile.width();
        &self.profile.values[k * n..(k + 1) * n]
    }

    pub(super) fn position_axis(&self, room: f64) -> Axis {
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

    pub(super) fn snapshots(&self) -> Vec<usize> {
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
