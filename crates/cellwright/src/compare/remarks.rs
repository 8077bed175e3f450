//! What must be known before unlike designs are compared: bases that differ.

use super::data::{Measured, same_rate};
use crate::report::kind::Kind;
use crate::report::number::{fixed, significant};

type Entry<'a> = (usize, &'a str, &'a Measured);

/// Remarks on the bases, in *marked text*.
pub fn remarks(designs: &[Entry<'_>]) -> Vec<String> {
    let mut out = Vec::new();
    if designs.len() < 2 {
        return out;
    }
    let roles = ["negative electrode", "electrolyte", "positive electrode"].iter().enumerate();
    let unlike: Vec<String> = roles
        .filter_map(|(k, role)| Some(format!("{role} {}", differing(designs, |m| m.names[k].clone())?)))
        .collect();
    if !unlike.is_empty() {
        out.push(format!(
            "**Materials differ**, and are compared here as well as shapes: {}.",
            unlike.join("; ")
        ));
    }
    if unequal(designs, |m| m.footprint, 0.01) {
        let list = listed(designs, |m| Kind::Area.text(m.footprint));
        out.push(format!(
            "**Footprints differ**: {list}. Numbers per area are divided by the footprint of each; seals, buses and pads are outside it."
        ));
    }
    if unequal(designs, |m| m.footprint / m.die, 0.02) {
        let list = listed(designs, |m| format!("{} %", significant(100.0 * m.footprint / m.die, 3)));
        out.push(format!("**The footprint is a different share of the die**: {list}."));
    }
    if let Some(list) = differing(designs, |m| m.volume_basis.clone()) {
        out.push(format!("**Device volumes have different bases**: {list}."));
    }
    let bare: Vec<&str> = designs.iter().filter(|d| !d.2.substrate).map(|d| d.1).collect();
    if !bare.is_empty() && bare.len() < designs.len() {
        out.push(format!(
            "**Device volumes do not hold the same**: the design of {} names no substrate.",
            bare.join(" and ")
        ));
    }
    if let Some(list) = differing(designs, |m| {
        format!("{} to {} V", significant(m.voltage[0], 3), significant(m.voltage[1], 3))
    }) {
        out.push(format!("**Voltage limits differ**: {list}."));
    }
    if let Some(list) = differing(designs, |m| Kind::Temperature.text(m.temperature)) {
        out.push(format!("**Temperatures differ**: {list}."));
    }
    let asked = |m: &Measured, c: f64| m.points.iter().any(|p| same_rate(p.c_rate, c));
    let missing = |a: &Measured, b: &Measured| a.points.iter().any(|p| !asked(b, p.c_rate));
    if designs.iter().any(|a| designs.iter().any(|b| missing(a.2, b.2))) {
        out.push("**Rate series differ**: a rate that a design was not asked for is left blank. 1C is always run.".into());
    }
    for (_, label, m) in designs {
        if (m.nominal / m.usable() - 1.0).abs() > 0.05 {
            out.push(format!(
                "**1C of {label} is set by its design**: it moves {} in an hour, and the limiting electrode holds {}.",
                Kind::Capacity.text(m.nominal),
                Kind::Capacity.text(m.usable())
            ));
        }
    }
    if designs.iter().any(|d| d.2.stack) && designs.iter().any(|d| !d.2.stack) {
        let names: Vec<&str> = designs.iter().filter(|d| d.2.stack).map(|d| d.1).collect();
        out.push(format!(
            "**{} normal only**, the others in their real shape.",
            match &names[..] {
                [one] => format!("{one} is solved along its"),
                many => format!("{} are solved along their", many.join(" and ")),
            }
        ));
    }
    out
}

/// Whether a number differs by more than a relative tolerance.
fn unequal(designs: &[Entry<'_>], of: impl Fn(&Measured) -> f64, tolerance: f64) -> bool {
    let values = || designs.iter().map(|d| of(d.2));
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
    high > low * (1.0 + tolerance)
}

/// "LiCoO₂ (A), LiFePO₄ (B)" if not all are equal.
fn differing(designs: &[Entry<'_>], of: impl Fn(&Measured) -> String) -> Option<String> {
    let first = of(designs.first()?.2);
    designs.iter().any(|d| of(d.2) != first).then(|| listed(designs, of))
}

fn listed(designs: &[Entry<'_>], of: impl Fn(&Measured) -> String) -> String {
    let each: Vec<String> = designs.iter().map(|(_, label, m)| format!("{} ({label})", of(m))).collect();
    each.join(", ")
}

/// A share in percent with sensible figures.
pub fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if value >= 99.95 { fixed(value, 0) } else { significant(value, 3) }
}
