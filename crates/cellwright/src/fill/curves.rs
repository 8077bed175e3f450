//! Curves: time series, capacity, dQ/dV, losses over time, rates.

use super::heading::{COLOURS, short_step};
use super::shown::{over_life, shown};
use crate::prepare::Prepared;
use crate::report::data::{CapacityCurve, Cycle, DifferentialCurve, LossComponent, Losses, RateRow, RateStudy, Step, TimeSeries};
use crate::report::kind::Kind;
use crate::study::{Study, rows};
use crate::summary::{ended, loss_names};
use crate::temperature;
use cellwright_lab::results::Quantity;
use cellwright_lab::solution::FIRST_LOSS;

/// Most curves in the capacity plot.
const MOST_CURVES: usize = 6;
/// Most steps listed.
const MOST_STEPS: usize = 60;

/// Steps, series, capacity curves and dQ/dV.
pub fn cycle(prepared: &Prepared, study: &Study) -> Cycle {
    let s = &study.solution;
    let shown = shown(study);
    let steps = s.steps[..shown.steps].iter().take(MOST_STEPS).map(|r| {
        let verb = if r.charge > 0.0 {
            "Discharge"
        } else if r.charge < 0.0 {
            "Charge"
        } else {
            "Rest"
        };
        let short = short_step(&r.text);
        Step {
            label: r.text.clone(),
            short: if r.text.to_lowercase().starts_with("rest") {
                "Rest".into()
            } else if r.text.to_lowercase().starts_with("hold") {
                format!("Hold {short}")
            } else {
                format!("{verb} {short}")
            },
            start: r.start,
            end: r.end,
            ends: ended(&r.ended),
            charge: Some(r.charge),
        }
    });
    let thermal = prepared.cell.spec.heat.is_some();
    let column = |quantity| s.column(quantity)[..shown.rows].to_vec();
    let series = TimeSeries {
        time: column(Quantity::TestTime),
        voltage: column(Quantity::Voltage),
        current: column(Quantity::Current),
        temperature: if thermal { column(Quantity::SurfaceTemperature) } else { vec![] },
        extremes: ["Lowest Temperature", "Highest Temperature"]
            .map(|name| s.series.named(name).map_or(vec![], |v| v[..shown.rows].to_vec())),
        heat_note: temperature::note(prepared, study),
        equilibrium: s.series.named("Open-Circuit Voltage").map_or(vec![], |v| v[..shown.rows].to_vec()),
    };
    let mut curves = Vec::new();
    let mut differential = Vec::new();
    let drawn: Vec<usize> = match shown.cycles {
        Some(_) => over_life(study, MOST_CURVES),
        None => (0..s.steps.len()).filter(|m| s.steps[*m].charge != 0.0).take(MOST_CURVES).collect(),
    };
    for m in drawn {
        let r = &s.steps[m];
        let (q, v) = capacity_curve(study, m);
        let verb = if r.charge > 0.0 { "Discharge" } else { "Charge" };
        let label = match shown.cycles {
            Some(_) => format!("Cycle {}", r.cycle),
            None => format!("{verb} {}", short_step(&r.text)),
        };
        if let Some((volts, value)) = differentiate(&q, &v) {
            differential.push(DifferentialCurve {
                label: label.clone(),
                voltage: volts,
                value,
            });
        }
        curves.push(CapacityCurve {
            label,
            capacity: q,
            voltage: v,
        });
    }
    Cycle {
        lede: shown.cycles.map_or(String::new(), |n| first_cycles(study, n)),
        steps: steps.collect(),
        main_step: study.main.filter(|m| *m < MOST_STEPS.min(shown.steps)),
        series,
        curves,
        differential,
        area: Some((prepared.cell.device.active_area, "active area".into())),
    }
}

/// "The first 5 of 5000 cycles over time: ...".
fn first_cycles(study: &Study, shown: u64) -> String {
    let s = &study.solution;
    let texts: Vec<&str> = s.steps.iter().filter(|r| r.cycle == shown).map(|r| r.text.as_str()).collect();
    let all = s.steps.last().map_or(shown, |r| r.cycle);
    let first = if shown == 1 {
        "The first".to_owned()
    } else {
        format!("The first {shown}")
    };
    format!(
        "{first} of {all} cycles: {}. Capacity over all of them is in chapter 3, Ageing.",
        texts.join("; ")
    )
}

/// Magnitude of the charge since the start of step `m`, and voltage.
fn capacity_curve(study: &Study, m: usize) -> (Vec<f64>, Vec<f64>) {
    let s = &study.solution;
    let range = rows(s, m);
    let start = s.passed(range.start);
    let q = range.clone().map(|r| (s.passed(r) - start).abs()).collect();
    (q, s.column(Quantity::Voltage)[range].to_vec())
}

/// |dQ/dV| on a uniform voltage grid; `None` unless the voltage moves enough and one way.
fn differentiate(q: &[f64], v: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
    const POINTS: usize = 160;
    let (first, last) = (*v.get(1)?, *v.last()?);
    if v.len() < 12 || (last - first).abs() < 0.05 {
        return None;
    }
    let sign = (last - first).signum();
    // Keep the part that moves on monotonically.
    let mut points: Vec<(f64, f64)> = vec![(first, q[1])];
    for (v, q) in v.iter().zip(q).skip(2) {
        if points.last().is_some_and(|p| (v - p.0) * sign > 0.0) {
            points.push((*v, *q));
        }
    }
    let at = |x: f64| {
        let i = points.partition_point(|p| (p.0 - x) * sign <= 0.0).clamp(1, points.len() - 1);
        let (a, b) = (points[i - 1], points[i]);
        a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0)
    };
    let step = (last - first) / POINTS as f64;
    let volts: Vec<f64> = (0..POINTS).map(|i| first + (i as f64 + 0.5) * step).collect();
    let value = volts
        .iter()
        .map(|x| ((at(x + 0.5 * step) - at(x - 0.5 * step)) / step).abs())
        .collect();
    Some((volts, value))
}

/// Losses at the frames.
pub fn losses(prepared: &Prepared, study: &Study, frames: &[usize]) -> Option<Losses> {
    let s = &study.solution;
    let columns = s.series.columns();
    if s.frames.is_empty() || columns.len() <= FIRST_LOSS {
        return None;
    }
    let current = s.column(Quantity::Current);
    let names = loss_names(prepared);
    // The table heads with the main step where the report has it.
    let drawn = study.main.is_some_and(|m| m < MOST_STEPS.min(shown(study).steps));
    let mut components = Vec::new();
    for (k, (name, colour)) in names.into_iter().zip(COLOURS).enumerate() {
        // On charge the parts are negative; what is lost is their magnitude.
        let loss: Vec<f64> = frames
            .iter()
            .map(|f| {
                let row = s.frames[*f].row;
                let sign = if current[row] < 0.0 { -1.0 } else { 1.0 };
                sign * columns[FIRST_LOSS + k].values[row]
            })
            .collect();
        if loss.iter().any(|l| l.abs() > 1e-6) {
            let mean = study.discharge.as_ref().filter(|_| drawn).map(|d| d.losses[k]);
            components.push(LossComponent { name, colour, loss, mean });
        }
    }
    let closure = format!(
        "The parts add up to open-circuit minus terminal voltage within {} at all times with current (Tellegen's theorem).",
        small_voltage(s.balances.loss_closure)
    );
    let lede = study.discharge.as_ref().map_or(String::new(), |d| {
        format!(
            "On average {} of the main discharge is lost between the open-circuit and the terminal voltage.",
            Kind::Voltage.text(d.loss())
        )
    });
    Some(Losses { lede, components, closure })
}

fn small_voltage(v: f64) -> String {
    match v {
        v if v < 1e-9 => "1 nV".into(),
        v if v < 1e-6 => format!("{:.0} nV", v * 1e9),
        v if v < 1e-3 => format!("{:.2} µV", v * 1e6),
        v => format!("{:.2} mV", v * 1e3),
    }
}

/// Rate series.
pub fn rates(prepared: &Prepared, study: &Study) -> Option<RateStudy> {
    let mut done: Vec<_> = study.rates.iter().filter_map(|r| r.discharge.as_ref().map(|d| (r, d))).collect();
    done.sort_by(|a, b| a.0.current.total_cmp(&b.0.current));
    let (slow, fast) = (done.first()?, done.last()?);
    let lede = format!(
        "Each from full charge. From {} to {} the capacity falls from {} to {}.",
        slow.0.label,
        fast.0.label,
        Kind::Capacity.text(slow.1.capacity),
        Kind::Capacity.text(fast.1.capacity)
    );
    let failed: Vec<&str> = study
        .rates
        .iter()
        .filter(|r| r.discharge.is_none())
        .map(|r| r.label.as_str())
        .collect();
    let note = if failed.is_empty() {
        String::new()
    } else {
        format!("The cell cannot carry {}.", failed.join(", "))
    };
    let rows = done.iter().map(|(r, d)| RateRow {
        label: r.label.clone(),
        c_rate: r.current * 3600.0 / prepared.basis.capacity,
        capacity: d.capacity,
        mean_voltage: d.mean_voltage(),
        energy: d.energy,
        power: d.mean_power(),
        loss: Some(d.loss()),
        curve_capacity: d.curve.0.clone(),
        curve_voltage: d.curve.1.clone(),
    });
    Some(RateStudy {
        lede,
        rows: rows.collect(),
        area: prepared.cell.device.die_area(),
        basis: "die area".into(),
        footprint: prepared.cell.device.active_area,
        note,
    })
}
