//! Figures of published cells with our own: energy against power per footprint, capacity kept against rate.

use super::{How, System, systems};
use crate::report::colour::Colour;
use crate::report::figure::{Axis, Figure, Series, Stroke};
use crate::report::kind::Kind;

/// Size, user units: the width of the page.
const SIZE: [f64; 2] = [1180.0, 470.0];
/// Room around the outermost points on a logarithmic axis.
const ROOM: f64 = 1.8;

/// A cell of ours.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Its name.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
    /// Mean power, W/m², and energy, J/m², per footprint of the cell, slow to fast.
    pub ragone: Vec<[f64; 2]>,
    /// C-rate and capacity relative to the slowest discharge, slow to fast.
    pub kept: Vec<[f64; 2]>,
}

/// Both figures, each where there is something of ours to show.
pub fn figures(own: &[Own]) -> Vec<Figure> {
    let pairs = |c: &[[f64; 2]], [x, y]: [f64; 2]| c.iter().map(|p| [p[0] * x, p[1] * y]).collect::<Vec<_>>();
    let (power, energy) = (Kind::ArealPower.unit(MIDDLE), Kind::ArealEnergy.unit(MIDDLE * 3600.0));
    let absolute = [power.of(1.0), energy.of(1.0)];
    let ragone = Figure {
        id: "p-pub-ragone".into(),
        title: "Ragone beside published cells, per footprint of the cell".into(),
        finding: "Energy against mean power per footprint of the cell, own and published.".into(),
        note: "Footprint of the cell without the rest of the die; the published ones as their sources count it. **Filled squares**: derived from numbers of the source. **Open squares**: with an assumed voltage. **Dashed**: largest energy and largest power, not of one discharge; the curve runs below and to the left of the corner. What is published per volume of electrodes is in the table only."
            .into(),
        size: SIZE,
        x: Axis::new(power.label("Mean power")).logarithmic(),
        y: Axis::new(energy.label("Energy")).logarithmic(),
        nearest: true,
        ..Figure::default()
    };
    let kept = Figure {
        id: "p-pub-kept".into(),
        title: "Capacity kept by rate, beside published cells".into(),
        finding: "Capacity relative to a slow discharge against C-rate, own and published.".into(),
        note: "Relative to the slowest discharge of each; what published ones refer to is in the table.".into(),
        size: SIZE,
        x: Axis::new("C-rate / 1/h").logarithmic(),
        y: Axis::new("Capacity kept / %").with_limits(0.0, 112.0),
        nearest: true,
        ..Figure::default()
    };
    [
        draw(
            ragone,
            own.iter().map(|o| (o, pairs(&o.ragone, absolute))),
            |s| pairs(&s.ragone(), absolute),
            true,
        ),
        draw(
            kept,
            own.iter().map(|o| (o, pairs(&o.kept, [1.0, 100.0]))),
            |s| pairs(&s.kept(), [1.0, 100.0]),
            false,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A power per footprint in the middle of what is published, W/m²; chooses the units.
const MIDDLE: f64 = 10.0;

fn draw<'a>(
    figure: Figure,
    own: impl Iterator<Item = (&'a Own, Vec<[f64; 2]>)>,
    published: impl Fn(&System) -> Vec<[f64; 2]>,
    corners: bool,
) -> Option<Figure> {
    let own: Vec<_> = own.filter(|(_, c)| !c.is_empty()).collect();
    let others: Vec<(&System, Vec<[f64; 2]>)> = systems().iter().map(|s| (s, published(s))).filter(|(_, c)| !c.is_empty()).collect();
    if own.is_empty() {
        return None;
    }
    let all = || own.iter().map(|o| &o.1).chain(others.iter().map(|o| &o.1)).flatten();
    let bounds = |axis: usize| {
        let ends = all().fold([f64::INFINITY, 0.0f64], |a, p| [a[0].min(p[axis]), a[1].max(p[axis])]);
        [ends[0] / ROOM, ends[1] * ROOM]
    };
    let (x, y) = (bounds(0), bounds(1));
    let mut series = Vec::new();
    let mut labels = Vec::new();
    for (s, points) in &others {
        let (xs, ys): (Vec<f64>, Vec<f64>) = points.iter().map(|p| (p[0], p[1])).unzip();
        let line = Series {
            unlisted: true,
            exact: true,
            ..Series::line(name(s), Colour::Muted, xs.clone(), ys.clone())
        };
        let corner = corners && s.how == How::Largest;
        if corner {
            let edge = Series::line("", Colour::Muted, vec![x[0], xs[0], xs[0]], vec![ys[0], ys[0], y[0]]);
            series.push(Series { unlisted: true, ..edge }.drawn(Stroke::Dashed));
        }
        let open = corners && matches!(s.how, How::VoltageAssumed | How::Largest);
        series.push(line.drawn(if open { Stroke::OpenSquares } else { Stroke::Squares }));
        let at = if corner { 0 } else { points.len() / 2 };
        labels.push(label(s.short.clone(), [xs[at], ys[at]]));
    }
    for (o, points) in &own {
        let (xs, ys): (Vec<f64>, Vec<f64>) = points.iter().map(|p| (p[0], p[1])).unzip();
        if let (1, Some(last)) = (own.len(), points.last()) {
            labels.push(label(o.label.clone(), *last));
        }
        series.push(Series::line(o.label.clone(), o.colour, xs, ys).drawn(Stroke::Rings));
    }
    series.append(&mut labels);
    let fixed = |axis: Axis, [lo, hi]: [f64; 2]| if axis.limits.is_some() { axis } else { axis.with_limits(lo, hi) };
    Some(Figure {
        x: fixed(figure.x.clone(), x),
        y: fixed(figure.y.clone(), y),
        series,
        ..figure
    })
}

/// Words beside a point.
fn label(end: String, [x, y]: [f64; 2]) -> Series {
    Series {
        end,
        unlisted: true,
        ..Series::line("", Colour::Muted, vec![x], vec![y])
    }
}

/// Name in the read-out: who, how the numbers were come by, how far to trust them.
fn name(s: &System) -> String {
    format!("{} ({}; {})", s.short, s.how.word(), s.confidence)
}
