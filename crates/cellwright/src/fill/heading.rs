//! The first screen: conditions, verdict, six numbers, loss bar.

use crate::prepare::Prepared;
use crate::report::colour::Colour;
use crate::report::data::{KeyNumber, LossBar, LossPart};
use crate::report::kind::Kind;
use crate::report::verdict::{Verdict, sentence};
use crate::study::Study;
use crate::summary::{Summary, loss_names};
use cellwright_base::constants::ZERO_CELSIUS;
use cellwright_base::diagnostic::Diagnostic;

/// Colours of the losses, in the order of `losses::LOSSES`.
pub const COLOURS: [Colour; 8] = [
    Colour::Positive,
    Colour::PositiveLight,
    Colour::ElectrolyteLight,
    Colour::Electrolyte,
    Colour::NegativeLight,
    Colour::Negative,
    Colour::Metal,
    Colour::MetalLight,
];

/// "22 Nov 2026 · 25 °C, isothermal".
pub fn conditions(prepared: &Prepared, date: &str) -> String {
    let spec = &prepared.cell.spec;
    let mode = if spec.heat.is_some() { "at the start" } else { "throughout" };
    let degrees = crate::report::number::significant(spec.temperature - ZERO_CELSIUS, 3);
    let kind = if spec.kind == cellwright_electrochem::spec::ModelKind::Dfn {
        String::new()
    } else {
        format!(" · {}", spec.kind.as_str())
    };
    format!("{date} · {degrees} °C {mode}{kind}")
}

/// Short name of the main step: the rate, or the step's words.
pub fn main_rate(study: &Study) -> String {
    let Some(m) = study.main else { return "rest".into() };
    short_step(&study.solution.steps[m].text)
}

/// "1C" of "Discharge at 1C until 3.0 V"; otherwise the text up to its end condition.
pub fn short_step(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let end = words
        .iter()
        .position(|w| ["until", "for", "or"].contains(&w.to_lowercase().as_str()))
        .unwrap_or(words.len());
    match words
        .iter()
        .position(|w| w.eq_ignore_ascii_case("at") || w.eq_ignore_ascii_case("through"))
    {
        Some(at) if at + 1 < end => words[at + 1..end].join(" "),
        _ => words[..end].join(" "),
    }
}

/// What the cell delivers, and where the voltage goes.
pub fn verdict(prepared: &Prepared, study: &Study, failure: Option<&Diagnostic>) -> String {
    if let Some(f) = failure {
        return format!("**The run broke off:** {}: {}. Everything below ends there.", f.message, f.label);
    }
    if let Some(t) = &study.tests.transference {
        return super::transference::finding(t);
    }
    let Some(d) = &study.discharge else {
        return super::impedance::chapter(prepared, study)
            .map_or_else(|| "The protocol holds no discharge: nothing was delivered.".into(), |c| c.lede);
    };
    let bar = loss_bar(prepared, study);
    let slow = study
        .rates
        .iter()
        .filter_map(|r| r.discharge.as_ref().map(|x| (r, x.capacity)))
        .min_by(|a, b| a.0.current.total_cmp(&b.0.current));
    let of_slow = slow
        .filter(|(_, q)| *q > d.capacity * 1.000_1)
        .map(|(r, q)| (d.capacity / q, r.label.as_str()));
    let advice = advice(study, d.loss(), d.capacity);
    sentence(&Verdict {
        capacity: &Kind::Capacity.text(d.capacity),
        rate: &main_rate(study),
        of_slow,
        losses: bar.as_ref(),
        advice: &advice,
    })
}

/// The change that saves most loss per capacity given up, and one that hardly helps.
fn advice(study: &Study, loss: f64, capacity: f64) -> String {
    // A change that keeps the capacity: thinner electrodes trade one for the other and are left to the table.
    let kept = |q: f64| q > 0.97 * capacity;
    let mut useful: Vec<_> = study.changes.iter().filter(|c| kept(c.after.1) && c.after.0 < loss).collect();
    useful.sort_by(|a, b| a.after.0.total_cmp(&b.after.0));
    let Some(best) = useful.first().filter(|c| c.after.0 < 0.9 * loss) else {
        return String::new();
    };
    let saved = Kind::Voltage.text(loss - best.after.0);
    let worst = useful.iter().rev().find(|c| c.after.0 > 0.97 * loss);
    let not = worst.map_or(String::new(), |w| format!("; {} hardly helps", w.label));
    format!("{} would save {saved}{not}.", capital(&best.label))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}

/// Mean losses of the main discharge; parts below a thousandth of the whole are left out.
pub fn loss_bar(prepared: &Prepared, study: &Study) -> Option<LossBar> {
    let d = study.discharge.as_ref()?;
    let total: f64 = d.losses.iter().map(|l| l.abs()).sum();
    let names = loss_names(prepared);
    let parts = d.losses.iter().zip(names).zip(COLOURS).filter(|((l, _), _)| l.abs() > 1e-3 * total);
    let parts = parts.map(|((mean, name), colour)| LossPart { name, colour, mean: *mean }).collect();
    Some(LossBar {
        of: format!("{} discharge", main_rate(study)),
        parts,
    })
}

/// Six headline numbers.
pub fn key_numbers(prepared: &Prepared, study: &Study, summary: &Summary) -> Vec<KeyNumber> {
    if let Some(t) = &study.tests.transference {
        return super::transference::key_numbers(t);
    }
    let Some(d) = &study.discharge else { return vec![] };
    let rate = main_rate(study);
    let device = &prepared.cell.device;
    let die = device.die_area();
    let basis = if device.layer(cellwright_device::Role::Substrate).is_some() {
        "die"
    } else {
        "electrode"
    };
    let [low, high] = prepared.voltage;
    let mut out = vec![
        KeyNumber::new(
            &format!("Capacity, {rate}"),
            d.capacity,
            Kind::Capacity,
            &format!("{} of {basis}", per(Kind::ArealCapacity.text(d.capacity / die))),
        ),
        KeyNumber::new(
            &format!("Energy, {rate}"),
            d.energy,
            Kind::Energy,
            &format!("{} of {basis}", per(Kind::ArealEnergy.text(d.energy / die))),
        ),
        KeyNumber::new(
            &format!("Mean voltage, {rate}"),
            d.mean_voltage(),
            Kind::Voltage,
            &format!("window {low} to {high} V"),
        ),
    ];
    let fast = study
        .rates
        .iter()
        .filter_map(|r| r.discharge.as_ref().map(|x| (r, x)))
        .filter(|(_, x)| x.capacity >= 0.1 * d.capacity)
        .max_by(|a, b| a.0.current.total_cmp(&b.0.current));
    let (label, power) = fast.map_or((rate.clone(), d.mean_power()), |(r, x)| (r.label.clone(), x.mean_power()));
    out.push(KeyNumber::new(
        &format!("Power, {label} mean"),
        power,
        Kind::Power,
        &format!("{} of {basis}", per(Kind::ArealPower.text(power / die))),
    ));
    let volume = prepared.volume;
    let active = device.active_volume();
    out.push(KeyNumber::new(
        "Energy per volume",
        d.energy / volume,
        Kind::VolumetricEnergy,
        &format!(
            "{}, {} mm³\n{} electrodes, electrolyte, collectors",
            prepared.volume_basis,
            crate::report::number::significant(volume * 1e9, 3),
            Kind::VolumetricEnergy.text(d.energy / active)
        ),
    ));
    out.push(match summary.energy_efficiency {
        Some(e) => KeyNumber::new("Energy efficiency", e, Kind::Percent, "delivered over taken up, whole protocol"),
        None => KeyNumber::new(
            "Mean loss",
            d.loss(),
            Kind::Voltage,
            &format!(
                "{} of the open-circuit voltage",
                Kind::Percent.text(d.loss() / (d.mean_voltage() + d.loss()))
            ),
        ),
    });
    out
}

/// "119 µAh cm⁻²" as "119 µAh per cm²".
fn per(text: String) -> String {
    text.replace(" cm⁻²", " per cm²")
}
