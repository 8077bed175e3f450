//! The plots of a comparison: Ragone per footprint, per volume and per own capacity, use of the capacity, discharge curves.

use super::crossing::ragone;
use super::data::{Measured, measured};
use super::losses::one_c;
use super::table::{AMPERE_HOUR, MW_CM2, PER_CM2, WH_L};
use super::{Column, Comparison};
use crate::published;
use crate::report::colour::Colour;
use crate::report::figure::{Axis, Figure, Guide, Series, Stroke};
use crate::report::kind::{Kind, Unit};

/// Size of a plot, user units.
const SIZE: [f64; 2] = [580.0, 380.0];
/// Colours of the designs.
const COLOURS: [Colour; super::MOST_DESIGNS] = [
    Colour::Positive,
    Colour::Metal,
    Colour::Pink,
    Colour::Ink,
    Colour::Electrolyte,
    Colour::Negative,
    Colour::Encapsulation,
    Colour::MetalLight,
];
/// Areal capacities further apart than this have no common axis.
const UNLIKE: f64 = 12.0;
/// Longest label at a curve, characters.
const LABEL: usize = 26;
/// How much nearer than a label another curve may come to a label.
const LABEL_ROOM: f64 = 0.3;
/// A label nearer to another curve than this (part of the value) could be that of either: such curves are named in the legend only.
const UNCLEAR: f64 = 0.15;
/// Room behind the longest discharge for its label, relative to its length.
const BEHIND: f64 = 0.28;

/// Colour of a design by the number of its column.
pub fn colour(column: usize) -> Colour {
    COLOURS[column % COLOURS.len()]
}

/// All plots.
pub fn figures(c: &Comparison) -> Vec<Figure> {
    let volume = |m: &Measured| m.volume;
    let area = |m: &Measured| m.footprint;
    let mut out = Vec::new();
    out.extend(ragone_plot(
        &c.columns,
        ("p-ragone-area", "Ragone per footprint area"),
        &area,
        [(MW_CM2, "mW cm⁻²"), (PER_CM2, "mWh cm⁻²")],
    ));
    out.extend(ragone_plot(
        &c.columns,
        ("p-ragone-volume", "Ragone per device volume"),
        &volume,
        [(1e3, "W/L"), (WH_L, "Wh/L")],
    ));
    out.extend(ragone_plot(
        &c.columns,
        ("p-ragone-capacity", "Ragone per own capacity"),
        &Measured::usable,
        [(1.0 / AMPERE_HOUR, "W/Ah"), (1.0, "Wh/Ah")],
    ));
    out.extend(published::figures(&own(&c.columns)));
    out.extend(use_plot(&c.columns));
    out.extend(curves(&c.columns));
    out
}

/// The designs as they stand beside published cells.
fn own(columns: &[Column]) -> Vec<published::Own> {
    let one = |(column, label, m): (usize, &str, &Measured)| {
        let delivered: Vec<[f64; 2]> = m
            .discharges()
            .filter(|(_, d)| m.counts(d))
            .map(|(p, d)| [p.c_rate, d.capacity])
            .collect();
        let full = delivered.first().map_or(f64::NAN, |p| p[1]);
        published::Own {
            label: label.to_owned(),
            colour: colour(column),
            ragone: ragone(m, m.footprint),
            kept: delivered.iter().map(|p| [p[0], p[1] / full]).collect(),
        }
    };
    measured(columns).into_iter().map(one).collect()
}

fn short(label: &str) -> String {
    if label.chars().count() <= LABEL {
        return label.to_owned();
    }
    label.chars().take(LABEL - 1).chain(['…']).collect()
}

/// A line with rings for each design, then their labels, each where it stands most alone among the other lines and the labels before it.
fn labelled(designs: &[(usize, &str, &Measured)], curves: &[Vec<[f64; 2]>]) -> Vec<Series> {
    let (mut lines, mut marks) = (Vec::new(), Vec::new());
    let mut taken: Vec<[f64; 2]> = Vec::new();
    for (i, (column, label, _)) in designs.iter().enumerate() {
        let others: Vec<[f64; 2]> = curves
            .iter()
            .enumerate()
            .filter(|(k, _)| *k != i)
            .flat_map(|(_, c)| c.clone())
            .collect();
        let (x, y) = curves[i].iter().map(|p| (p[0], p[1])).unzip();
        lines.push(Series::line(*label, colour(*column), x, y).drawn(Stroke::Rings));
        let at = most_alone(&curves[i], &others, &taken);
        if others.iter().any(|p| apart(p, &at) < UNCLEAR) {
            continue;
        }
        taken.push(at);
        marks.push(Series {
            end: short(label),
            unlisted: true,
            ..Series::line(*label, colour(*column), vec![at[0]], vec![at[1]])
        });
    }
    lines.append(&mut marks);
    lines
}

/// Distance on logarithmic axes.
fn apart(p: &[f64; 2], q: &[f64; 2]) -> f64 {
    (p[0] / q[0]).ln().hypot((p[1] / q[1]).ln())
}

/// The point of a curve that is farthest from other curves and, above all, from labels.
fn most_alone(points: &[[f64; 2]], others: &[[f64; 2]], labels: &[[f64; 2]]) -> [f64; 2] {
    let nearest = |p: &[f64; 2], all: &[[f64; 2]]| all.iter().map(|q| apart(p, q)).fold(f64::INFINITY, f64::min);
    let alone = |p: &[f64; 2]| nearest(p, others).min(LABEL_ROOM * nearest(p, labels));
    // Curves fall to the right: behind the last point a label would lie on its own line.
    let inner = &points[..points.len().saturating_sub(1).max(points.len().min(1))];
    inner
        .iter()
        .max_by(|a, b| alone(a).total_cmp(&alone(b)))
        .copied()
        .unwrap_or([f64::NAN; 2])
}

fn bounds(values: impl Iterator<Item = f64>) -> [f64; 2] {
    let (lo, hi) = values.fold((f64::INFINITY, 0.0f64), |a, v| (a.0.min(v), a.1.max(v)));
    [lo / 1.8, hi * 1.8]
}

fn ragone_plot(columns: &[Column], (id, title): (&str, &str), per: &dyn Fn(&Measured) -> f64, units: [(f64, &str); 2]) -> Option<Figure> {
    let designs = measured(columns);
    let curves: Vec<Vec<[f64; 2]>> = designs.iter().map(|d| ragone(d.2, per(d.2))).collect();
    if curves.iter().all(|c| c.is_empty()) {
        return None;
    }
    let [power, energy] = units.map(|(factor, symbol)| Unit {
        factor,
        offset: 0.0,
        symbol: symbol.into(),
    });
    let shown: Vec<Vec<[f64; 2]>> = curves
        .iter()
        .map(|c| c.iter().map(|p| [power.of(p[0]), energy.of(p[1])]).collect())
        .collect();
    let all = || shown.iter().flatten();
    let (px, ey) = (bounds(all().map(|p| p[0])), bounds(all().map(|p| p[1])));
    let series = labelled(&designs, &shown);
    Some(Figure {
        id: id.into(),
        title: title.into(),
        finding: format!("Energy against mean power of {} designs on logarithmic axes.", designs.len()),
        note: "One ring per rate that delivers a hundredth of the capacity, slow on the left. Dotted: time to empty.".into(),
        size: SIZE,
        x: Axis::new(power.label("Mean power")).with_limits(px[0], px[1]).logarithmic(),
        y: Axis::new(energy.label("Energy")).with_limits(ey[0], ey[1]).logarithmic(),
        series,
        guides: guides(px, ey, 3600.0 * power.factor / energy.factor),
        nearest: true,
        ..Figure::default()
    })
}

/// Lines of equal time to empty; `hour` is energy over power after an hour, in the units shown.
fn guides(px: [f64; 2], ey: [f64; 2], hour: f64) -> Vec<Guide> {
    let times = [
        (100.0, "100 h"),
        (10.0, "10 h"),
        (1.0, "1 h"),
        (0.1, "6 min"),
        (0.01, "36 s"),
        (0.001, "3.6 s"),
    ];
    times
        .into_iter()
        .filter_map(|(hours, label)| {
            let slope = hours * hour;
            let (from, to) = (px[0].max(ey[0] / slope), px[1].min(ey[1] / slope));
            (to > from * 1.3).then(|| Guide {
                from: [from, from * slope],
                to: [to, to * slope],
                label: label.into(),
            })
        })
        .collect()
}

fn use_plot(columns: &[Column]) -> Option<Figure> {
    let designs = measured(columns);
    let curves: Vec<Vec<[f64; 2]>> = designs
        .iter()
        .map(|(_, _, m)| m.discharges().map(|(p, d)| [p.c_rate, 100.0 * m.utilisation(d)]).collect())
        .collect();
    let highest = curves.iter().flatten().map(|p| p[1]).fold(0.0, f64::max);
    if highest <= 0.0 {
        return None;
    }
    let series = labelled(&designs, &curves);
    let rates = bounds(curves.iter().flatten().map(|p| p[0]));
    Some(Figure {
        id: "p-use".into(),
        title: "Use of the capacity against rate".into(),
        finding: "Delivered over usable capacity of the limiting electrode, against C-rate.".into(),
        note: "Delivered over usable capacity of the limiting electrode. 1C is each design's own.".into(),
        size: SIZE,
        x: Axis::new("C-rate / 1/h").with_limits(rates[0], rates[1]).logarithmic(),
        y: Axis::new("Utilisation / %").with_limits(0.0, (1.08 * highest).max(105.0)),
        series,
        nearest: true,
        ..Figure::default()
    })
}

/// Curves at 1C: over areal capacity, or over the share of the usable capacity where the designs are too unlike for one axis.
fn curves(columns: &[Column]) -> Option<Figure> {
    let designs: Vec<_> = measured(columns)
        .into_iter()
        .filter_map(|(i, label, m)| Some((i, label, m, one_c(m)?)))
        .collect();
    let areal: Vec<f64> = designs.iter().map(|(_, _, m, d)| d.capacity / m.footprint).collect();
    let (low, high) = areal.iter().fold((f64::INFINITY, 0.0f64), |a, v| (a.0.min(*v), a.1.max(*v)));
    if high <= 0.0 {
        return None;
    }
    let share = high > UNLIKE * low;
    let unit = Kind::ArealCapacity.unit(high);
    let series = designs.iter().map(|(i, label, m, d)| {
        let x = d
            .curve
            .0
            .iter()
            .map(|q| if share { 100.0 * q / m.usable() } else { unit.of(q / m.footprint) });
        Series {
            end: short(label),
            ..Series::line(*label, colour(*i), x.collect(), d.curve.1.clone())
        }
    });
    let note = if share {
        "Capacities per footprint are too unlike for one axis: shown is the share of the usable capacity."
    } else {
        "Per footprint of each design."
    };
    let axis = match share {
        true => Axis::new("Delivered of usable capacity / %"),
        false => Axis::new(unit.label("Capacity per footprint")),
    };
    let series: Vec<Series> = series.collect();
    let longest = series.iter().flat_map(|s| &s.x).fold(0.0f64, |a, v| a.max(*v));
    Some(Figure {
        id: "p-curves".into(),
        title: "Discharge at 1C".into(),
        finding: format!("Voltage along the discharge at 1C of {} designs.", designs.len()),
        note: note.into(),
        size: SIZE,
        x: axis.with_limits(0.0, (1.0 + BEHIND) * longest),
        y: Axis::new("Voltage / V"),
        series,
        ..Figure::default()
    })
}
