//! The headline numbers of a run in two columns, and the line that says what they cost.

use crate::terminal::{Style, Terminal};
use cellwright::summary::Summary;
use cellwright_base::units::{Dimension, format_number, format_quantity};

/// Computing time, steps and balances in one line.
pub fn work(summary: &Summary) -> String {
    let [accepted, rejected, ..] = summary.work;
    let mut line = format!(
        "in {}, {accepted} steps, {rejected} rejected",
        format_quantity(summary.wall_s, Dimension::TIME)
    );
    line.push_str(&format!("; lithium balance {}", format_number(summary.lithium_balance, 1)));
    if let Some(mesh) = summary.mesh_error {
        line.push_str(&format!(", mesh error {} %", format_number(100.0 * mesh, 2)));
    }
    line
}

/// Capacity, energy, mean voltage and loss of the main discharge, two columns, then the rate series.
pub fn headline(summary: &Summary, terminal: Terminal) -> String {
    let Some(main) = &summary.main_step else {
        return match transference(summary, terminal) + &spectra(summary, terminal) {
            none if none.is_empty() => "  the protocol holds no discharge\n".to_owned(),
            spectra => spectra,
        };
    };
    let value = |si: f64, dimension: Dimension| terminal.paint(Style::Bold, &format!("{:>10}", format_quantity(si, dimension)));
    let per_die = format_quantity(summary.capacity_per_die_ah_cm2 * 3.6e7, Dimension::AREAL_CAPACITY);
    let volume = format!("{} Wh/L of device", format_number(summary.energy_per_device_volume_wh_l, 3));
    let mut text = format!("  {main}\n\n");
    let capacity = value(summary.capacity_ah * 3600.0, Dimension::CAPACITY);
    let voltage = terminal.paint(Style::Bold, &format!("{} V", format_number(summary.mean_voltage_v, 3)));
    text.push_str(&format!(
        "  capacity {capacity}   {:<28} mean voltage  {voltage}\n",
        format!("{per_die} of die")
    ));
    let energy = value(summary.energy_wh * 3600.0, Dimension::ENERGY);
    text.push_str(&format!(
        "  energy   {energy}   {volume:<28} mean loss     {}\n",
        loss(summary, terminal)
    ));
    if !summary.rates.is_empty() {
        text.push_str("\n  rate          capacity   mean voltage   time\n");
        for rate in &summary.rates {
            let numbers = rate.capacity_ah.zip(rate.mean_voltage_v).zip(rate.duration_s);
            let line = match numbers {
                None => "cannot start at this rate".to_owned(),
                Some(((capacity, voltage), duration)) => {
                    let [capacity, duration] =
                        [(capacity * 3600.0, Dimension::CAPACITY), (duration, Dimension::TIME)].map(|(v, d)| format_quantity(v, d));
                    format!("{capacity:>10}   {:>12}   {duration}", format!("{} V", format_number(voltage, 3)))
                }
            };
            text.push_str(&format!("  {:<10} {line}\n", rate.rate));
        }
    }
    let spectra = transference(summary, terminal) + &spectra(summary, terminal);
    if !spectra.is_empty() {
        text.push_str(&format!("\n{spectra}"));
    }
    text
}

/// Transference numbers as extracted, foretold and put in.
fn transference(summary: &Summary, terminal: Terminal) -> String {
    let lines = summary.transference.iter().map(|t| {
        let [found, foretold, truth] = [t.transference_number, t.foretold, t.truth].map(|v| format_number(v, 3));
        let doubt = if t.doubts.is_empty() { "" } else { ", in doubt" };
        format!(
            "  {:<28}  transference number {}, foretold {foretold}, put in {truth}{doubt}\n",
            t.step,
            terminal.paint(Style::Bold, &found)
        )
    });
    lines.collect()
}

/// Most spectra that are printed.
const MOST_SPECTRA: usize = 4;

/// Ends, arcs and feet of the impedance spectra.
fn spectra(summary: &Summary, terminal: Terminal) -> String {
    let mut text = String::new();
    for s in summary.impedance.iter().take(MOST_SPECTRA) {
        let title = format!("  impedance at {} V", format_number(s.voltage_v, 4));
        text.push_str(&format!("{title:<30}  frequency   Re Z / ohm cm2   -Im Z / ohm cm2\n"));
        let mut rows = vec![("highest frequency", &s.high), ("lowest frequency", &s.low)];
        rows.extend(s.tops.iter().map(|p| ("top of an arc", p)));
        rows.extend(s.feet.iter().map(|p| ("foot between arcs", p)));
        rows.sort_by(|a, b| b.1.frequency_hz.total_cmp(&a.1.frequency_hz));
        for (what, p) in rows {
            let frequency = format_quantity(p.frequency_hz, Dimension::FREQUENCY);
            let real = terminal.paint(Style::Bold, &format!("{:>14}", format_number(p.real_ohm_cm2, 3)));
            let imaginary = format_number(p.minus_imaginary_ohm_cm2, 3);
            text.push_str(&format!("    {what:<26}  {frequency:>9}   {real}   {imaginary:>15}\n"));
        }
    }
    if summary.impedance.len() > MOST_SPECTRA {
        text.push_str(&format!("  {} more in impedance.csv\n", summary.impedance.len() - MOST_SPECTRA));
    }
    text
}

/// Sum of the losses and the largest one by name.
fn loss(summary: &Summary, terminal: Terminal) -> String {
    let millivolts = |v: f64| format_number(1e3 * v, 3);
    let total: f64 = summary.losses_v.iter().map(|(_, v)| v).sum();
    let largest = summary.losses_v.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let sum = terminal.paint(Style::Bold, &format!("{} mV", millivolts(total)));
    largest.map_or(sum.clone(), |(name, v)| format!("{sum}, {name} {}", millivolts(*v)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headline_reads_like_the_mock() {
        let summary = Summary {
            main_step: Some("Discharge at 1C until 3.0 V".into()),
            capacity_ah: 29.7e-6,
            capacity_per_die_ah_cm2: 119e-6,
            energy_wh: 116e-6,
            mean_voltage_v: 3.89,
            energy_per_device_volume_wh_l: 38.9,
            losses_v: vec![("LiCoO₂: Li diffusion".into(), 0.080), ("LiPON: ohmic".into(), 0.033)],
            ..Summary::default()
        };
        let plain = Terminal {
            color: false,
            unicode: true,
            interactive: false,
        };
        let expected = "  Discharge at 1C until 3.0 V\n\n  capacity   29.7 µAh   119 µAh/cm2 of die           mean voltage  3.89 V\n  energy      116 µWh   38.9 Wh/L of device          mean loss     113 mV, LiCoO₂: Li diffusion 80\n";
        assert_eq!(headline(&summary, plain), expected);
    }
}
