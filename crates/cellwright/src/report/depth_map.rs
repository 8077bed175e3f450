//! The map of a quantity over depth and time, and the field the script animates.

use super::figure::{Axis, Band, Figure, Raster};
use super::frames;
use super::number;
use super::png;
use super::profiles::Field;

/// Columns and rows of the map picture.
const MAP: (usize, usize) = (112, 48);

impl Field<'_> {
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
