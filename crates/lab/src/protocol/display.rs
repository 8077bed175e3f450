//! Canonical text of a protocol; reading it back gives the same protocol.

use std::fmt::{Display, Formatter, Result, Write as _};

use super::amount;
use super::ast::{Action, Capacity, Power, Protocol, Rate, Resistance, Step, Termination};

/// Units tried in order, with their size in SI; the last one has size 1 and is always exact.
type Units = &'static [(&'static str, f64)];

const CURRENT: Units = &[("nA", 1e-9), ("uA", 1e-6), ("mA", 1e-3), ("A", 1.0)];
const CURRENT_DENSITY: Units = &[("uA/cm2", 1e-2), ("mA/cm2", 10.0), ("A/m2", 1.0)];
const POWER: Units = &[("nW", 1e-9), ("uW", 1e-6), ("mW", 1e-3), ("W", 1.0)];
const POWER_DENSITY: Units = &[("uW/cm2", 1e-2), ("mW/cm2", 10.0), ("W/m2", 1.0)];
const RESISTANCE: Units = &[("kohm", 1e3), ("ohm", 1.0)];
const AREA_RESISTANCE: Units = &[("ohm cm2", 1e-4), ("ohm m2", 1.0)];
const CHARGE: Units = &[("nAh", 3.6e-6), ("uAh", 3.6e-3), ("mAh", 3.6), ("Ah", 3600.0), ("A s", 1.0)];
const AREAL_CHARGE: Units = &[("uAh/cm2", 36.0), ("mAh/cm2", 3.6e4), ("A s/m2", 1.0)];
const TIME: Units = &[("h", 3600.0), ("min", 60.0), ("s", 1.0)];
const FREQUENCY: Units = &[("mHz", 1e-3), ("Hz", 1.0), ("kHz", 1e3), ("MHz", 1e6), ("Hz", 1.0)];
const SWEEP_RATE: Units = &[("mV/s", 1e-3), ("V/s", 1.0)];

/// The number in the first unit that makes it short and reads back exactly; numbers from 1 to 1000 are preferred.
fn in_units(si: f64, units: Units) -> String {
    for range in [1.0..1e3, 0.1..1e6] {
        for (unit, size) in units {
            let n: f64 = format!("{:.11e}", si / size).parse().unwrap_or(f64::NAN);
            let text = format!("{n} {unit}");
            if range.contains(&n.abs()) && n.to_string().len() <= 7 && reads_back(&text, si) {
                return text;
            }
        }
    }
    let unit = units.last().map_or("", |(u, _)| u);
    format!("{si:?} {unit}")
}

fn reads_back(text: &str, si: f64) -> bool {
    matches!(amount::read(text), Ok(a) if a.number() == si)
}

/// A voltage, always in volts with a decimal point.
pub(super) fn volts(v: f64) -> String {
    format!("{v:?} V")
}

impl Display for Rate {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Rate::C(c) => {
                let n = (1.0 / c).round();
                if c.abs() < 1.0 && n.abs() < 1e6 && 1.0 / n == c {
                    write!(f, "C/{n}")
                } else {
                    write!(f, "{}C", short(c))
                }
            }
            Rate::Absolute(x) => f.write_str(&in_units(x, CURRENT)),
            Rate::PerArea(x) => f.write_str(&in_units(x, CURRENT_DENSITY)),
        }
    }
}

/// Plain digits where they are short, scientific notation elsewhere.
fn short(x: f64) -> String {
    let plain = x.to_string();
    if plain.len() <= 8 { plain } else { format!("{x:?}") }
}

impl Display for Power {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Power::Absolute(x) => f.write_str(&in_units(x, POWER)),
            Power::PerArea(x) => f.write_str(&in_units(x, POWER_DENSITY)),
        }
    }
}

impl Display for Resistance {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Resistance::Absolute(x) => f.write_str(&in_units(x, RESISTANCE)),
            Resistance::TimesArea(x) => f.write_str(&in_units(x, AREA_RESISTANCE)),
        }
    }
}

impl Display for Capacity {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Capacity::Absolute(x) => f.write_str(&in_units(x, CHARGE)),
            Capacity::PerArea(x) => f.write_str(&in_units(x, AREAL_CHARGE)),
        }
    }
}

fn verb(number: f64) -> &'static str {
    if number < 0.0 { "Charge" } else { "Discharge" }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.action {
            Action::Current(r) => write!(f, "{} at {}", verb(r.number()), if r.number() < 0.0 { r.reversed() } else { *r })?,
            Action::Power(p) => write!(f, "{} at {}", verb(p.number()), if p.number() < 0.0 { p.reversed() } else { *p })?,
            Action::Resistance(r) => write!(f, "Discharge through {r}")?,
            Action::Voltage(v) => write!(f, "Hold at {}", volts(*v))?,
            Action::Rest => f.write_str("Rest")?,
            Action::Profile { file } => {
                let quote = if file.contains('"') { '\'' } else { '"' };
                write!(f, "Follow {quote}{file}{quote}")?;
            }
            Action::Sweep { from, to, rate } => {
                f.write_str("Sweep ")?;
                if let Some(from) = from {
                    write!(f, "from {} ", volts(*from))?;
                }
                write!(f, "to {} at {}", volts(*to), in_units(*rate, SWEEP_RATE))?;
            }
            Action::Impedance {
                fmin,
                fmax,
                points_per_decade,
            } => {
                let (a, b) = (in_units(*fmin, FREQUENCY), in_units(*fmax, FREQUENCY));
                write!(f, "Impedance from {a} to {b} at {points_per_decade} points per decade")?;
            }
            Action::Repeat { count, steps } => {
                write!(f, "Repeat {count} times: (")?;
                join(steps, f)?;
                f.write_char(')')?;
            }
        }
        let mut or = "";
        if let Some(t) = self.duration {
            write!(f, " for {}", in_units(t, TIME))?;
            or = " or";
        }
        for condition in &self.until {
            match condition {
                Termination::Voltage { volts: v, crossing } => {
                    let word = match crossing {
                        c if *c == self.action.implied_crossing() => "",
                        super::Crossing::Falling => "below ",
                        _ => "above ",
                    };
                    write!(f, "{or} until {word}{}", volts(*v))?;
                }
                Termination::Current(r) => write!(f, "{or} until {r}")?,
                Termination::Capacity(q) => write!(f, "{or} until {q}")?,
            }
            or = " or";
        }
        Ok(())
    }
}

fn join(steps: &[Step], f: &mut Formatter<'_>) -> Result {
    for (i, step) in steps.iter().enumerate() {
        if i > 0 {
            f.write_str("; ")?;
        }
        write!(f, "{step}")?;
    }
    Ok(())
}

impl Display for Protocol {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        join(&self.steps, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_print_the_way_people_write_them() {
        assert_eq!(Rate::C(0.5).to_string(), "C/2");
        assert_eq!(Rate::C(2.0).to_string(), "2C");
        assert_eq!(Rate::C(51.2).to_string(), "51.2C");
        assert_eq!(Rate::Absolute(50e-6).to_string(), "50 uA");
        assert_eq!(Rate::PerArea(0.5).to_string(), "50 uA/cm2");
        assert_eq!(Resistance::Absolute(1e4).to_string(), "10 kohm");
        assert_eq!(Capacity::Absolute(0.018).to_string(), "5 uAh");
        assert_eq!(in_units(1200.0, TIME), "20 min");
        assert_eq!(in_units(90.0, TIME), "1.5 min");
        assert_eq!(in_units(1e6, FREQUENCY), "1 MHz");
        assert!(matches!(amount::read("1.5 h"), Ok(amount::Amount::Quantity(t, _)) if t == 5400.0));
    }
}
