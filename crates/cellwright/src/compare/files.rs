//! The comparison as JSON and CSV: units in the names, whole chip unless a name says otherwise.

use super::Comparison;
use super::data::{Column, Measured, Point};
use super::losses::LOSSES;
use super::table::{AMPERE_HOUR, MW_CM2, PER_CM2, WH_L};
use crate::study::Discharge;
use cellwright_base::diagnostic::Diagnostic;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// `compare.json`.
pub fn json(c: &Comparison) -> Value {
    let v = &c.verdict;
    let leader = |l: &Option<super::verdict::Leader>| {
        l.as_ref()
            .map(|l| json!({ "design": l.label, "rate": l.rate, "energy_mwh_cm2": l.energy / PER_CM2 }))
    };
    json!({
        "format": 1,
        "program": concat!("cellwright ", env!("CARGO_PKG_VERSION")),
        "verdict": plain(&v.sentence),
        "slow": leader(&v.slow),
        "fast": leader(&v.fast),
        "crossings": v.crossings.iter().map(|(a, b, p)| json!({ "designs": [a, b], "power_mw_cm2": p / MW_CM2 })).collect::<Vec<_>>(),
        "remarks": c.remarks.iter().map(|r| plain(r)).collect::<Vec<_>>(),
        "designs": c.columns.iter().map(design).collect::<Vec<_>>(),
    })
}

fn plain(marked: &str) -> String {
    marked.replace("**", "")
}

fn finding(d: &Diagnostic) -> Value {
    json!({
        "code": d.code,
        "message": d.message,
        "label": d.label,
        "line": d.place.as_ref().map(|p| p.line),
        "exit_code": d.kind.exit_code(),
    })
}

fn design(c: &Column) -> Value {
    let m = match &c.result {
        Ok(m) => m,
        Err(faults) => {
            let errors: Vec<Value> = faults.iter().map(finding).collect();
            return json!({ "file": c.file, "label": c.label, "errors": errors });
        }
    };
    let slow = m.slow();
    json!({
        "file": c.file,
        "label": c.label,
        "errors": [],
        "architecture": m.architecture,
        "materials": m.names,
        "temperature_k": m.temperature,
        "voltage_v": m.voltage,
        "footprint_m2": m.footprint,
        "footprint_basis": if m.stack { "active area of the stack" } else { "examined windows" },
        "die_m2": m.die,
        "device_volume_m3": m.volume,
        "device_volume_basis": m.volume_basis,
        "active_area_m2": m.active_area,
        "reacting_area_m2": m.reacting_area,
        "area_enhancement": m.enhancement,
        "nominal_capacity_ah": m.nominal / AMPERE_HOUR,
        "electrode_capacity_ah": m.electrodes.map(|q| q.map(|q| q / AMPERE_HOUR)),
        "limiting_electrode": m.limiting().map(|k| ["negative", "positive"][k]),
        "low_rate": slow.map(|(p, _)| &p.label),
        "areal_capacity_mah_cm2": slow.map(|(_, d)| d.capacity / m.footprint / PER_CM2),
        "areal_energy_mwh_cm2": slow.map(|(_, d)| d.energy / m.footprint / PER_CM2),
        "energy_wh_l": slow.map(|(_, d)| d.energy / m.volume / WH_L),
        "peak_power_mw_cm2": m.peak().map(|(_, w)| w / m.footprint / MW_CM2),
        "peak_power_rate": m.peak().map(|(p, _)| &p.label),
        "reaction_spread": m.spread,
        "reaction_spread_rate": m.spread_at,
        "process_time_s": m.process_time,
        "relative_cost": m.relative_cost,
        "smallest_feature_m": m.smallest_feature,
        "thinnest_film_m": m.thinnest_film,
        "volumes": m.size.0,
        "unknowns": m.size.1,
        "warnings": m.warnings.iter().map(finding).collect::<Vec<_>>(),
        "rates": m.points.iter().map(|p| rate(m, p)).collect::<Vec<_>>(),
    })
}

fn rate(m: &Measured, p: &Point) -> Value {
    let mut out = Map::new();
    out.insert("rate".into(), json!(p.label));
    for (name, value) in numbers(m, p) {
        out.insert(name.into(), json!(value));
    }
    match &p.outcome {
        Ok(d) => {
            let losses = LOSSES.iter().zip(d.losses).map(|((key, ..), v)| ((*key).to_owned(), json!(v)));
            out.insert("losses_v".into(), Value::Object(losses.collect()));
        }
        Err(why) => {
            out.insert("error".into(), json!(why));
        }
    }
    Value::Object(out)
}

/// Columns of one discharge; `None` where it could not be run.
fn numbers(m: &Measured, p: &Point) -> Vec<(&'static str, Option<f64>)> {
    let d = p.outcome.as_ref().ok();
    let of = |f: &dyn Fn(&Discharge) -> f64| d.map(f);
    vec![
        ("c_rate", Some(p.c_rate)),
        ("current_a", Some(p.current)),
        ("capacity_ah", of(&|d| d.capacity / AMPERE_HOUR)),
        ("energy_wh", of(&|d| d.energy / 3600.0)),
        ("duration_s", of(&|d| d.duration)),
        ("mean_voltage_v", of(&|d| d.mean_voltage())),
        ("mean_power_w", of(&|d| d.mean_power())),
        ("utilisation", of(&|d| m.utilisation(d))),
        ("capacity_mah_cm2", of(&|d| d.capacity / m.footprint / PER_CM2)),
        ("energy_mwh_cm2", of(&|d| d.energy / m.footprint / PER_CM2)),
        ("power_mw_cm2", of(&|d| d.mean_power() / m.footprint / MW_CM2)),
        ("energy_wh_l", of(&|d| d.energy / m.volume / WH_L)),
        ("power_w_l", of(&|d| d.mean_power() / m.volume / 1e3)),
        ("energy_wh_ah", of(&|d| d.energy / m.usable())),
        ("power_w_ah", of(&|d| d.mean_power() / m.usable() * AMPERE_HOUR)),
        ("loss_v", of(&|d| d.loss())),
    ]
}

/// `compare.csv`: one line per design and rate; a design that could not be run has one line with its error.
pub fn csv(c: &Comparison) -> String {
    let mut out = String::new();
    let mut width = 0;
    for column in &c.columns {
        let Ok(m) = &column.result else { continue };
        for p in &m.points {
            let numbers = numbers(m, p);
            if out.is_empty() {
                out = heading(&numbers);
            }
            width = numbers.len();
            let values: Vec<String> = numbers.iter().map(|(_, v)| v.map_or(String::new(), |v| format!("{v}"))).collect();
            let losses = LOSSES
                .iter()
                .enumerate()
                .map(|(k, _)| p.outcome.as_ref().map_or(String::new(), |d| format!("{}", d.losses[k])));
            let error = p.outcome.as_ref().err().map_or("", String::as_str);
            let _ = writeln!(
                out,
                "{},{},{},{},{},{}",
                quoted(&column.label),
                quoted(&m.architecture),
                quoted(&p.label),
                values.join(","),
                losses.collect::<Vec<_>>().join(","),
                quoted(error)
            );
        }
    }
    if out.is_empty() {
        out = heading(&[]);
    }
    for column in &c.columns {
        if let Some(d) = column.errors().next() {
            let gap = ",".repeat(width + LOSSES.len());
            let _ = writeln!(out, "{},,{gap},{}", quoted(&column.label), quoted(&d.message));
        }
    }
    out
}

fn heading(numbers: &[(&'static str, Option<f64>)]) -> String {
    let mut names = vec!["design", "architecture", "rate"];
    names.extend(numbers.iter().map(|(n, _)| *n));
    let losses: Vec<String> = LOSSES.iter().map(|(key, ..)| format!("loss_{key}_v")).collect();
    format!("{},{},error\n", names.join(","), losses.join(","))
}

/// A CSV field, quoted where it has to be.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
