//! The parser, second half: when a step ends.

use std::ops::Range;

use cellwright_base::units::Dimension;

use super::amount::Amount;
use super::ast::{Action, Capacity, Crossing, Rate, Termination};
use super::parse::{Fault, Parser, fault, not_positive, with, wrong_kind};

/// Longest duration accepted, s: about 3000 years.
const MAX_DURATION: f64 = 1e11;

impl Parser<'_> {
    /// Reads `for` and `until` as long as they come.
    pub(super) fn clauses(&mut self, action: &Action) -> Result<(Vec<Termination>, Option<f64>), Fault> {
        let (mut until, mut duration) = (Vec::new(), None);
        let mut bare = false;
        loop {
            let start = self.here().start;
            if self.skip_word(&["for"]) {
                let seconds = self.positive("a duration", "for 20 min", Dimension::TIME)?;
                let span = start..self.end();
                if matches!(action, Action::Impedance { .. }) {
                    return Err(unfit(
                        span,
                        "an impedance spectrum has no duration",
                        "remove this; use `Rest for 1 h` before it to wait",
                    ));
                }
                if seconds > MAX_DURATION {
                    let f = fault("E046", "the duration is longer than 3000 years", span);
                    return Err(with(f, |d| d.label(format!("{seconds:e} s")).help("for 10 years")));
                }
                if duration.replace(seconds).is_some() {
                    return Err(unfit(span, "two durations in one step", "keep one `for`"));
                }
            } else if self.skip_word(&["until"]) || bare {
                let (termination, span) = self.condition(action)?;
                if until.contains(&termination) {
                    return Err(unfit(span, "the same condition twice", "remove one of them"));
                }
                until.push(termination);
            } else {
                return Ok((until, duration));
            }
            bare = self.skip_word(&["or"]);
            if bare && self.peek().is_none() {
                return Err(with(fault("E042", "expected a condition after `or`", self.here()), |d| {
                    d.label("missing here").help("for example: or until 3.0 V")
                }));
            }
        }
    }

    fn condition(&mut self, action: &Action) -> Result<(Termination, Range<usize>), Fault> {
        const EXAMPLE: &str = "until 3.0 V";
        let start = self.here().start;
        let crossing = if self.skip_word(&["below"]) {
            Some(Crossing::Falling)
        } else if self.skip_word(&["above"]) {
            Some(Crossing::Rising)
        } else {
            None
        };
        let (amount, span) = self.amount("a voltage, current or capacity", EXAMPLE)?;
        let whole = start..span.end;
        let positive = |what: &str| {
            if amount.number() > 0.0 {
                Ok(())
            } else {
                Err(not_positive(what, "until C/50", span.clone()))
            }
        };
        let termination = match amount {
            Amount::Quantity(volts, Dimension::VOLTAGE) => Termination::Voltage {
                volts,
                crossing: crossing.unwrap_or_else(|| action.implied_crossing()),
            },
            Amount::CRate(c) => positive("the current").map(|()| Termination::Current(Rate::C(c)))?,
            Amount::Quantity(i, Dimension::CURRENT) => positive("the current").map(|()| Termination::Current(Rate::Absolute(i)))?,
            Amount::Quantity(j, Dimension::CURRENT_DENSITY) => positive("the current").map(|()| Termination::Current(Rate::PerArea(j)))?,
            Amount::Quantity(q, Dimension::CAPACITY) => positive("the capacity").map(|()| Termination::Capacity(Capacity::Absolute(q)))?,
            Amount::Quantity(q, Dimension::AREAL_CAPACITY) => {
                positive("the capacity").map(|()| Termination::Capacity(Capacity::PerArea(q)))?
            }
            Amount::Quantity(_, Dimension::TIME) => {
                let help = format!("for {}", self.text(&span));
                return Err(unfit(whole, "a time is not a state of the cell", &help));
            }
            other => return Err(wrong_kind(other, "a voltage, current or capacity", EXAMPLE, span)),
        };
        if crossing.is_some() && !matches!(termination, Termination::Voltage { .. }) {
            return Err(unfit(whole, "`above` and `below` go with voltages only", "remove the word"));
        }
        match (action, &termination) {
            (Action::Impedance { .. }, _) => Err(unfit(whole, "an impedance spectrum ends by itself", "remove this condition")),
            (Action::Voltage(_) | Action::Sweep { .. }, Termination::Voltage { .. }) => Err(unfit(
                whole,
                "this step imposes the voltage, so the voltage cannot end it",
                "end it by current or time: until C/50, for 1 h",
            )),
            (Action::Voltage(_) | Action::Resistance(_), Termination::Current(_)) => Ok((termination, whole)),
            (_, Termination::Current(_)) => Err(unfit(
                whole,
                "a current ends only a voltage hold or a discharge through a resistance",
                "end this step by voltage, capacity or time",
            )),
            (Action::Rest, Termination::Capacity(_)) => Err(unfit(whole, "no charge passes at rest", "end it by time: Rest for 10 min")),
            _ => Ok((termination, whole)),
        }
    }
}

fn unfit(span: Range<usize>, message: &str, help: &str) -> Fault {
    with(fault("E044", message, span), |d| d.label("cannot end this step").help(help))
}
