//! The sentence on top: who delivers most energy per footprint when slow, who when fast, and where the curves cross.

use super::crossing::{crossings, ragone};
use super::data::Measured;
use super::table::{MW_CM2, PER_CM2};
use crate::report::number::significant;

/// A design that leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Leader {
    /// Number of its column.
    pub column: usize,
    /// Its name.
    pub label: String,
    /// Rate in words.
    pub rate: String,
    /// Energy per footprint, J/m².
    pub energy: f64,
}

/// Who leads, and where curves cross.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Most energy per footprint at C/5 or the lowest rate.
    pub slow: Option<Leader>,
    /// Most energy per footprint at the highest rate that all designs have run.
    pub fast: Option<Leader>,
    /// Names of two designs, and the mean power per footprint at which their curves cross, W/m².
    pub crossings: Vec<(String, String, f64)>,
    /// In words, *marked text*.
    pub sentence: String,
}

type Entry<'a> = (usize, &'a str, &'a Measured);

/// The verdict on the designs that were run.
pub fn verdict(designs: &[Entry<'_>]) -> Verdict {
    let slow = best(designs, |m| m.slow().map(|(p, d)| (p.label.clone(), d.energy)));
    let common = common_rate(designs);
    let fast = best(designs, |m| {
        let (p, d) = match common {
            Some(c) => m.at(c)?,
            None => m.discharges().last()?,
        };
        Some((p.label.clone(), d.energy))
    });
    let mut all = Vec::new();
    for (i, a) in designs.iter().enumerate() {
        for b in &designs[i + 1..] {
            let powers = crossings(&ragone(a.2, a.2.footprint), &ragone(b.2, b.2.footprint));
            all.extend(powers.into_iter().map(|p| (a.1.to_owned(), b.1.to_owned(), p)));
        }
    }
    let sentence = words(designs, slow.as_ref(), fast.as_ref(), common.is_some(), &all);
    Verdict {
        slow,
        fast,
        crossings: all,
        sentence,
    }
}

/// The highest C-rate at which every design of the list was asked and at least one delivers.
fn common_rate(designs: &[Entry<'_>]) -> Option<f64> {
    let (_, _, first) = designs.first()?;
    let asked = |m: &Measured, c: f64| m.points.iter().any(|p| super::data::same_rate(p.c_rate, c));
    let rates = first.points.iter().map(|p| p.c_rate).rev();
    rates
        .filter(|c| designs.iter().all(|d| asked(d.2, *c)))
        .find(|c| designs.iter().any(|d| d.2.at(*c).is_some()))
}

fn best(designs: &[Entry<'_>], of: impl Fn(&Measured) -> Option<(String, f64)>) -> Option<Leader> {
    let leaders = designs.iter().filter_map(|(column, label, m)| {
        let (rate, energy) = of(m)?;
        Some(Leader {
            column: *column,
            label: (*label).to_owned(),
            rate,
            energy: energy / m.footprint,
        })
    });
    leaders.fold(None, |best: Option<Leader>, next| match best {
        Some(b) if b.energy >= next.energy => Some(b),
        _ => Some(next),
    })
}

fn words(designs: &[Entry<'_>], slow: Option<&Leader>, fast: Option<&Leader>, common: bool, crossings: &[(String, String, f64)]) -> String {
    let (Some(slow), Some(fast)) = (slow, fast) else {
        return "No design could be run.".to_owned();
    };
    let energy = |l: &Leader| format!("{} mWh/cm²", significant(l.energy / PER_CM2, 3));
    if designs.len() < 2 {
        return format!(
            "Only **{}** could be run; it delivers {} of footprint at {}.",
            slow.label,
            energy(slow),
            slow.rate
        );
    }
    let at = if common {
        format!("at {}", fast.rate)
    } else {
        format!("at {}, each at its own highest rate", fast.rate)
    };
    let mut text = if slow.column == fast.column {
        format!(
            "**{}** delivers most energy per footprint, at low rate ({} at {}) as at high rate ({} {at}).",
            slow.label,
            energy(slow),
            slow.rate,
            energy(fast)
        )
    } else {
        format!(
            "At low rate **{}** delivers most energy per footprint ({} at {}), at high rate **{}** ({} {at}).",
            slow.label,
            energy(slow),
            slow.rate,
            fast.label,
            energy(fast)
        )
    };
    // Crossings of the leaders matter; those further down are in the plot.
    let leads = |name: &str| name == slow.label || name == fast.label;
    let told: Vec<_> = match slow.column == fast.column {
        true => crossings.iter().filter(|c| leads(&c.0) || leads(&c.1)).collect(),
        false => crossings.iter().filter(|c| leads(&c.0) && leads(&c.1)).collect(),
    };
    let power = |p: f64| format!("{} mW/cm²", significant(p / MW_CM2, 3));
    text.push_str(&match (&told[..], slow.column == fast.column) {
        ([], true) => " No other curve crosses its own where both were run.".to_owned(),
        ([], false) => " Their curves do not cross where both were run.".to_owned(),
        ([one], true) => {
            let other = if one.0 == slow.label { &one.1 } else { &one.0 };
            format!(" The curve of **{other}** crosses it at {}.", power(one.2))
        }
        ([one], false) => format!(" Their curves cross at **{}**.", power(one.2)),
        (many, true) => {
            let list: Vec<String> = many
                .iter()
                .map(|c| format!("{} at {}", if c.0 == slow.label { &c.1 } else { &c.0 }, power(c.2)))
                .collect();
            format!(" Its curve is crossed by {}.", list.join(", "))
        }
        (many, false) => {
            let list: Vec<String> = many.iter().map(|c| power(c.2)).collect();
            format!(" Their curves cross at {}.", list.join(" and "))
        }
    });
    text
}
