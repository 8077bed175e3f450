//! Chapter "Charge and discharge": steps, curves over time, voltage against capacity, dQ/dV.

use super::colour::Colour;
use super::data::{Cycle, Report};
use super::escape::{escape, marked};
use super::figure::{Axis, Band, Figure, Series, Stroke};
use super::figure_html::figure;
use super::frames;
use super::kind::{Kind, Unit};
use super::number::{fixed, significant};
use super::plot::Plot;
use std::fmt::Write;

/// The plots of the chapter, in order; the left column first.
pub fn figures(report: &Report) -> [Vec<Figure>; 2] {
    let cycle = &report.cycle;
    let mut left = Vec::new();
    left.extend(voltage(report));
    left.extend(current(report));
    left.extend(temperature(report));
    let mut right = Vec::new();
    right.extend(capacity(cycle));
    right.extend(differential(cycle));
    [left, right]
}

/// Body of the chapter.
pub fn chapter(report: &Report, plots: [&[Plot]; 2]) -> String {
    let column = |plots: &[Plot]| plots.iter().map(figure).collect::<String>();
    let grid = match (plots[0].is_empty(), plots[1].is_empty()) {
        (true, true) => r#"<p class="empty">No curve was recorded.</p>"#.to_string(),
        (false, false) => format!(
            r#"<div class="g32"><div class="stackc">{}</div><div class="stackc">{}</div></div>"#,
            column(plots[0]),
            column(plots[1])
        ),
        _ => format!(r#"<div class="g2">{}{}</div>"#, column(plots[0]), column(plots[1])),
    };
    format!(r#"<p class="lede">{}</p>{grid}{}"#, lede(&report.cycle), steps(report))
}

fn lede(cycle: &Cycle) -> String {
    if !cycle.lede.is_empty() {
        return marked(&cycle.lede);
    }
    let mut labels: Vec<&str> = cycle.steps.iter().map(|s| s.label.as_str()).take(8).collect();
    if cycle.steps.len() > 8 {
        labels.push("…");
    }
    escape(&labels.join("; "))
}

/// Steps of the protocol as bands of a time axis.
pub fn bands(report: &Report, unit: &Unit) -> Vec<Band> {
    let steps = &report.cycle.steps;
    let band = |(i, s): (usize, &super::data::Step)| Band {
        span: [unit.of(s.start), unit.of(s.end)],
        label: if s.short.is_empty() { s.label.clone() } else { s.short.clone() },
        shaded: i % 2 == 1,
        colour: None,
    };
    steps.iter().enumerate().map(band).collect()
}

fn over_time(report: &Report, id: &str, title: &str, height: f64, y: Axis, series: Vec<Series>) -> Figure {
    let unit = frames::time_unit(report);
    let finding = series.first().map(|s| describe(s, &y.label, &unit)).unwrap_or_default();
    Figure {
        id: id.into(),
        title: title.into(),
        finding,
        size: [640.0, height],
        x: Axis::new(unit.label("Test time")).with_column("Test Time / s", unit.factor),
        y,
        series,
        bands: bands(report, &unit),
        now: (!report.frames.is_empty()).then(|| unit.of(report.frames[frames::opening(report)])),
        ..Figure::default()
    }
}

fn describe(series: &Series, label: &str, unit: &Unit) -> String {
    let finite = || series.y.iter().copied().filter(|v| v.is_finite());
    let (lo, hi) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |a, v| (a.0.min(v), a.1.max(v)));
    let (Some(first), Some(last), Some(end)) = (finite().next(), finite().next_back(), series.x.last()) else {
        return "No data.".into();
    };
    format!(
        "{label}: starts at {}, ends at {} after {} {}, lowest {}, highest {}.",
        significant(first, 4),
        significant(last, 4),
        significant(*end, 3),
        unit.symbol,
        significant(lo, 4),
        significant(hi, 4)
    )
}

fn voltage(report: &Report) -> Option<Figure> {
    let s = &report.cycle.series;
    if s.time.len() < 2 || s.voltage.len() != s.time.len() {
        return None;
    }
    let t = frames::time_unit(report).all(&s.time);
    let mut series = vec![Series::line("Terminal voltage", Colour::Ink, t.clone(), s.voltage.clone())];
    let equilibrium = s.equilibrium.len() == t.len();
    if equilibrium {
        series.push(Series::line("Equilibrium voltage at mean filling", Colour::Muted, t, s.equilibrium.clone()).drawn(Stroke::Dashed));
    }
    let mut f = over_time(
        report,
        "p-volt",
        "Voltage through the protocol",
        300.0,
        Axis::new("Voltage / V").with_column("Voltage / V", 1.0),
        series,
    );
    if equilibrium {
        f.note = "The gap between the two curves is the total loss; chapter 3 divides it.".into();
    }
    Some(f)
}

fn current(report: &Report) -> Option<Figure> {
    let s = &report.cycle.series;
    if s.time.len() < 2 || s.current.len() != s.time.len() {
        return None;
    }
    let unit = Kind::Current.unit(s.current.iter().fold(0.0, |a, v| v.abs().max(a)));
    let series = vec![Series::line(
        "Current",
        Colour::Metal,
        frames::time_unit(report).all(&s.time),
        unit.all(&s.current),
    )];
    let mut f = over_time(
        report,
        "p-cur",
        "Current",
        176.0,
        Axis::new(unit.label("Current")).with_column("Current / A", unit.factor),
        series,
    );
    f.note = "Positive discharges.".into();
    Some(f)
}

fn temperature(report: &Report) -> Option<Figure> {
    let s = &report.cycle.series;
    let (lo, hi) = s
        .temperature
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |a, &v| (a.0.min(v), a.1.max(v)));
    if s.time.len() < 2 || s.temperature.len() != s.time.len() || hi.partial_cmp(&(lo + 1e-3)) != Some(std::cmp::Ordering::Greater) {
        return None;
    }
    let unit = Kind::Temperature.unit(hi);
    let time = frames::time_unit(report).all(&s.time);
    let line = |name: &str, values: &[f64]| Series::line(name, Colour::Pink, time.clone(), unit.all(values));
    let [low, high] = &s.extremes;
    let apart = low.iter().zip(high).map(|(a, b)| b - a).fold(0.0, f64::max);
    let mut series = vec![line("Temperature", &s.temperature)];
    if low.len() == s.time.len() && apart > APART * (hi - lo) {
        series[0].name = "Mean of the cell".into();
        for (name, values) in [("Lowest", low), ("Highest", high)] {
            let mut thin = line(name, values);
            (thin.stroke, thin.colour) = (Stroke::Thin, Colour::Muted);
            series.push(thin);
        }
    }
    let mut f = over_time(
        report,
        "p-temp",
        "Temperature",
        176.0,
        Axis::new(unit.label("Temperature")).with_column("Surface Temperature / degC", 1.0),
        series,
    );
    f.note.clone_from(&s.heat_note);
    Some(f)
}

/// Part of the whole change that lowest and highest temperature must be apart to be drawn.
const APART: f64 = 0.01;

/// Unit and label of a capacity axis, per area where one is given; `largest` in C.
pub fn capacity_axis(area: Option<&(f64, String)>, largest: f64) -> (f64, Unit, String) {
    match area {
        Some((area, name)) if *area > 0.0 => {
            let unit = Kind::ArealCapacity.unit(largest / area);
            let label = unit.label(&format!("Capacity per {name}"));
            (*area, unit, label)
        }
        _ => {
            let unit = Kind::Capacity.unit(largest);
            let label = unit.label("Capacity");
            (1.0, unit, label)
        }
    }
}

fn capacity(cycle: &Cycle) -> Option<Figure> {
    let curves: Vec<_> = cycle
        .curves
        .iter()
        .filter(|c| c.capacity.len() > 1 && c.capacity.len() == c.voltage.len())
        .collect();
    let largest = curves.iter().flat_map(|c| &c.capacity).fold(0.0f64, |a, v| a.max(v.abs()));
    if curves.is_empty() {
        return None;
    }
    let (area, unit, label) = capacity_axis(cycle.area.as_ref(), largest);
    let n = curves.len();
    let series: Vec<Series> = curves
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let colour = if n == 1 { Colour::Ink } else { Colour::ramp(i, n) };
            Series::line(
                c.label.clone(),
                colour,
                c.capacity.iter().map(|q| unit.of(q / area)).collect(),
                c.voltage.clone(),
            )
        })
        .collect();
    let findings: Vec<String> = curves
        .iter()
        .map(|c| {
            format!(
                "{}: {}",
                c.label,
                Kind::Capacity.text(c.capacity.iter().fold(0.0f64, |a, v| a.max(v.abs())))
            )
        })
        .collect();
    Some(Figure {
        id: "p-cap".into(),
        title: "Voltage against capacity".into(),
        finding: format!("Charge passed in each step. {}.", findings.join("; ")),
        size: [500.0, 330.0],
        x: Axis::new(label),
        y: Axis::new("Voltage / V"),
        series,
        ..Figure::default()
    })
}

fn differential(cycle: &Cycle) -> Option<Figure> {
    let curves: Vec<_> = cycle
        .differential
        .iter()
        .filter(|c| c.voltage.len() > 1 && c.voltage.len() == c.value.len())
        .collect();
    let largest = curves
        .iter()
        .flat_map(|c| &c.value)
        .filter(|v| v.is_finite())
        .fold(0.0f64, |a, v| a.max(v.abs()));
    if curves.is_empty() {
        return None;
    }
    let (area, unit, _) = capacity_axis(cycle.area.as_ref(), largest);
    let n = curves.len();
    let series: Vec<Series> = curves
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let colour = if n == 1 { Colour::Ink } else { Colour::ramp(i, n) };
            Series::line(
                c.label.clone(),
                colour,
                c.voltage.clone(),
                c.value.iter().map(|v| unit.of(v / area)).collect(),
            )
        })
        .collect();
    Some(Figure {
        id: "p-dqdv".into(),
        title: if n == 1 {
            format!("dQ/dV: {}", curves[0].label)
        } else {
            "dQ/dV".into()
        },
        finding: "Charge passed per volt; peaks mark plateaus of the voltage.".into(),
        size: [500.0, 270.0],
        x: Axis::new("Voltage / V"),
        y: Axis::new(format!("dQ/dV / {} V⁻¹", unit.symbol)),
        series,
        ..Figure::default()
    })
}

fn steps(report: &Report) -> String {
    let steps = &report.cycle.steps;
    if steps.is_empty() {
        return String::new();
    }
    let unit = frames::time_unit(report);
    let s = &report.cycle.series;
    let most = steps.iter().filter_map(|s| s.charge).fold(0.0f64, |a, q| a.max(q.abs()));
    let mut out = format!(
        r#"<div class="tw gap"><table class="t"><thead><tr><th>Step</th><th class="n">Starts / {0}</th><th class="n">Lasts</th><th class="n">Charge passed</th><th class="n">Ends at / V</th><th>Ended by</th></tr></thead><tbody>"#,
        unit.symbol
    );
    for (i, step) in steps.iter().enumerate() {
        let end = frames::sample(&s.time, &s.voltage, step.end).map_or("—".into(), |v| fixed(v, 3));
        let _ = write!(
            out,
            r#"<tr{}><td>{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{end}</td><td>{}</td></tr>"#,
            if Some(i) == report.cycle.main_step {
                r#" class="main""#
            } else {
                ""
            },
            escape(&step.label),
            fixed(unit.of(step.start), 3),
            escape(&Kind::Time.text(step.end - step.start)),
            step.charge.filter(|q| q.abs() > 1e-9 * most).map_or("—".into(), |q| if q < 0.0 {
                format!("−{}", Kind::Capacity.text(-q))
            } else {
                Kind::Capacity.text(q)
            }),
            escape(&step.ends)
        );
    }
    out + "</tbody></table></div>"
}
