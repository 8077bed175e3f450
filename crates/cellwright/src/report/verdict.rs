//! The verdict sentence, written from numbers.

use super::data::LossBar;
use super::first_screen::millivolt;
use super::number::{formula, significant};

/// A cause must take this share of the loss to be named as the cause.
const DOMINANT: f64 = 0.3;

/// What the verdict is written from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict<'a> {
    /// "29.7 µAh".
    pub capacity: &'a str,
    /// "1C".
    pub rate: &'a str,
    /// Share of the capacity at the slow rate, and that rate: `(0.82, "C/10")`.
    pub of_slow: Option<(f64, &'a str)>,
    /// Mean losses of that discharge.
    pub losses: Option<&'a LossBar>,
    /// What would or would not help, *marked text*; empty for nothing.
    pub advice: &'a str,
}

/// Capacity, share of the slow rate, the largest loss with its share; "no single cause" where none exceeds 30 %. *Marked text.*
pub fn sentence(v: &Verdict) -> String {
    let mut out = format!("Delivers **{} at {}**", v.capacity, v.rate);
    if let Some((share, slow)) = v.of_slow {
        out.push_str(&format!(", {} % of what it gives at {slow}", significant(share * 100.0, 2)));
    }
    out.push('.');
    if let Some(bar) = v.losses {
        let total: f64 = bar.parts.iter().map(|p| p.mean).sum();
        if let Some(worst) = bar.parts.iter().max_by(|a, b| a.mean.total_cmp(&b.mean)).filter(|_| total > 0.0) {
            let name = formula(&worst.name);
            if worst.mean >= DOMINANT * total {
                let share = significant((100.0 * worst.mean / total).min(100.0), 2);
                out.push_str(&format!(
                    " **{name} costs {}**, {share} % of the {} mean loss.",
                    millivolt(worst.mean),
                    millivolt(total)
                ));
            } else {
                out.push_str(&format!(
                    " The mean loss is {}; no single cause takes more than 30 %, the largest is {name} with {}.",
                    millivolt(total),
                    millivolt(worst.mean)
                ));
            }
        }
    }
    if !v.advice.is_empty() {
        out.push(' ');
        out.push_str(v.advice);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::data::LossPart;

    #[test]
    fn names_a_cause_only_if_it_dominates() {
        let bar = |means: &[f64]| LossBar {
            of: "1C discharge".into(),
            parts: means
                .iter()
                .enumerate()
                .map(|(i, &mean)| LossPart {
                    name: format!("part {i}"),
                    mean,
                    ..LossPart::default()
                })
                .collect(),
        };
        let say = |bar: &LossBar| {
            sentence(&Verdict {
                capacity: "29.7 µAh",
                rate: "1C",
                of_slow: Some((0.82, "C/10")),
                losses: Some(bar),
                advice: "",
            })
        };
        assert_eq!(
            say(&bar(&[0.08, 0.033])),
            "Delivers **29.7 µAh at 1C**, 82 % of what it gives at C/10. **part 0 costs 80.0 mV**, 71 % of the 113 mV mean loss."
        );
        assert!(say(&bar(&[0.01; 4])).contains("no single cause"));
        assert!(!say(&bar(&[])).contains("loss"));
    }
}
