//! Where the voltage goes, in one bar per design on one scale.

use super::data::{Column, Measured, measured};
use crate::report::colour::Colour;
use crate::report::escape::escape;
use crate::report::number::{compact, significant};
use std::fmt::Write;

/// Words and colour of each loss, in the order of `electrochem::losses::LOSSES`.
pub const LOSSES: [(&str, &str, Colour); 8] = [
    ("positive_diffusion", "positive electrode: diffusion in the solid", Colour::Positive),
    (
        "positive_charge_transfer",
        "positive electrode: charge transfer",
        Colour::PositiveLight,
    ),
    ("electrolyte_concentration", "electrolyte: concentration", Colour::ElectrolyteLight),
    ("electrolyte_ohmic", "electrolyte: ohmic", Colour::Electrolyte),
    (
        "negative_charge_transfer",
        "negative electrode: charge transfer",
        Colour::NegativeLight,
    ),
    ("negative_diffusion", "negative electrode: diffusion in the solid", Colour::Negative),
    ("electronic", "electronic conduction and interface layers", Colour::Metal),
    ("contact", "contacts and leads", Colour::MetalLight),
];

/// The discharge at 1C, or nothing.
pub fn one_c(m: &Measured) -> Option<&crate::study::Discharge> {
    m.at(1.0).map(|(_, d)| d)
}

/// The bars with their legend.
pub fn bars(columns: &[Column]) -> String {
    let designs = measured(columns);
    let positive = |m: &Measured| one_c(m).map_or(0.0, |d| d.losses.iter().map(|l| l.max(0.0)).sum());
    let longest = designs.iter().map(|d| positive(d.2)).fold(0.0, f64::max);
    if longest <= 0.0 {
        return r#"<p class="empty">No design could be run at 1C.</p>"#.to_owned();
    }
    let mut out = String::from(r#"<figure class="fig lossbar"><figcaption><b>Mean loss at 1C</b></figcaption><dl class="cb">"#);
    for (_, label, m) in &designs {
        let _ = write!(out, "<dt>{}</dt>", escape(label));
        let Some(d) = one_c(m) else {
            out.push_str(r#"<dd class="mutd">not run at 1C</dd>"#);
            continue;
        };
        let _ = write!(
            out,
            r#"<dd><div class="bar" style="width:{}%" aria-hidden="true">"#,
            compact(82.0 * positive(m) / longest, 4)
        );
        for ((_, words, colour), v) in LOSSES.iter().zip(d.losses).filter(|(_, v)| *v > 0.0) {
            let _ = write!(
                out,
                r#"<i style="flex:{} 1 0;background:{}" title="{words}: {} mV"></i>"#,
                compact(v / longest * 1e3, 4),
                colour.css(),
                significant(v * 1e3, 3)
            );
        }
        let _ = write!(out, "</div><b>{} mV</b></dd>", significant(d.loss() * 1e3, 3));
    }
    out.push_str("</dl><ul>");
    let any = |k: usize| designs.iter().any(|d| one_c(d.2).is_some_and(|x| x.losses[k] > 1e-3 * longest));
    for (_, (_, words, colour)) in LOSSES.iter().enumerate().filter(|(k, _)| any(*k)) {
        let _ = write!(out, r#"<li><i style="background:{}"></i>{words}</li>"#, colour.css());
    }
    out + "</ul></figure>"
}
