//! The part "Ageing" of the report, in words.

use crate::life::Life;
use crate::prepare::Prepared;
use crate::report::data::{LifeRow, OverCycles};
use crate::report::kind::Kind;
use crate::report::number::significant;
use cellwright_base::units::{Dimension, format_quantity};

/// The part, for a cell that ages or is cycled.
pub fn over_cycles(prepared: &Prepared, life: &Life) -> OverCycles {
    OverCycles {
        lede: lede(life),
        cycles: life.cycles.iter().map(|c| c.0 as f64).collect(),
        capacity: life.cycles.iter().map(|c| c.1).collect(),
        rows: rows(prepared, life),
        method: method(life),
    }
}

fn charge(coulombs: f64) -> String {
    Kind::Capacity.text(coulombs)
}

fn lede(life: &Life) -> String {
    let mut out = String::new();
    if let (Some(retention), [(first, q), .., (last, _)]) = (life.retention(), life.cycles.as_slice()) {
        out = format!(
            "Of the {} that cycle {first} delivers, cycle {last} delivers **{} %**.",
            charge(*q),
            significant(100.0 * retention, 4)
        );
    }
    let lost: f64 = life.lost.iter().map(|l| l.lithium_ah * 3600.0).sum();
    if let Some(first) = life.lost.iter().max_by(|a, b| a.lithium_ah.total_cmp(&b.lithium_ah))
        && lost > 0.0
    {
        out += &format!(
            " Lithium for {} is lost, {} % of it to {}.",
            charge(lost),
            significant(100.0 * first.lithium_ah * 3600.0 / lost, 3),
            article(first.cause)
        );
    }
    if !life.ages {
        out += " The design names no mechanism of ageing: what changes is what the protocol does.";
    }
    out.trim().to_owned()
}

/// The cause as it stands in a sentence.
fn article(cause: &str) -> String {
    match cause {
        "solid-electrolyte interphase" | "interphase on fresh surface" => format!("the {cause}"),
        other => other.to_owned(),
    }
}

fn rows(prepared: &Prepared, life: &Life) -> Vec<LifeRow> {
    let sentence = |text: &str| {
        let mut letters = text.chars();
        letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect())
    };
    let mut out: Vec<LifeRow> = life
        .lost
        .iter()
        .map(|l| {
            let lost = 3600.0 * l.lithium_ah;
            LifeRow {
                quantity: format!("{}, {} electrode", sentence(l.cause), l.electrode),
                value: charge(lost),
                share: life.hosts.map(|all| lost / all),
                meaning: match life.hosts {
                    Some(_) => "Lithium out of use; share of all that the hosts held at the start.".into(),
                    None => "Lithium out of use.".into(),
                },
            }
        })
        .collect();
    for w in &life.degradation {
        let (value, meaning) = if w.resistance {
            (Kind::AreaResistance.text(w.amount), "Added to the interface.")
        } else {
            (
                format!("{} %", significant(100.0 * w.amount, 3)),
                "Of the active material, with the lithium in it.",
            )
        };
        out.push(LifeRow {
            quantity: format!("{}, {} electrode", sentence(w.cause), w.electrode),
            value,
            share: None,
            meaning: meaning.into(),
        });
    }
    if prepared.cell.ageing.leakage > 0.0 {
        out.push(LifeRow {
            quantity: "Leakage through the electrolyte".into(),
            value: charge(life.leaked),
            share: None,
            meaning: format!(
                "Electrons through {} of residual conductance; **charging brings it back**.",
                format_quantity(prepared.cell.ageing.leakage, Dimension::CONDUCTANCE)
            ),
        });
    }
    out
}

fn method(life: &Life) -> String {
    let mut out = String::new();
    let jumped = &life.jumped;
    if jumped.jumps > 0 {
        out = format!(
            "{} cycles were carried out and {} jumped over, in {} jumps. After each jump the cell settles for one cycle, which is not drawn. The capacity may be off by {} % for the jumps, as estimated from how the change of a cycle changes. ",
            life.carried_out(),
            jumped.passes,
            jumped.jumps,
            significant(100.0 * jumped.error, 2)
        );
    }
    if !life.lost.is_empty() {
        out += &format!(
            "Lithium in the hosts, in the electrolyte and lost adds up to what was there at the start within {} of what was moved.",
            significant(life.closure.max(f64::EPSILON), 1)
        );
    }
    out.trim().to_owned()
}
