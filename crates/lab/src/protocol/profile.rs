//! Current against time from a CSV file, for `Follow profile.csv`.

use std::ops::Range;

use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_base::units::{Dimension, unit_factor};

use super::amount::strict_number;
use super::ast::Rate;

/// What the values of a profile are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileQuantity {
    /// A.
    Current,
    /// A/m2.
    CurrentDensity,
    /// Multiples of the C-rate.
    CRate,
}

/// A current profile; discharge positive.
///
/// The header names the columns with their units, as in the Battery Data Format: `Test Time / s` (or `Time / h`, …) and one of
///
/// | Column | Positive means |
/// |---|---|
/// | `Current / mA`, `Current Density / uA/cm2`, `C-Rate / C` | charge, as in the Battery Data Format, so that a written `timeseries.csv` can be followed |
/// | `Discharge Current / mA`, `Discharge Current Density / uA/cm2`, `Discharge C-Rate / C` | discharge |
/// | `Charge Current / mA`, … | charge |
///
/// Other columns are ignored. Between the rows the current is linear; two rows with the same time are a jump.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentProfile {
    /// What the values are.
    pub quantity: ProfileQuantity,
    /// Times from the start of the step, s; begins at 0, never decreases.
    pub time: Vec<f64>,
    /// Values at these times.
    pub value: Vec<f64>,
}

impl CurrentProfile {
    /// Reads the text of a CSV file; `file` is its name for messages. Times are shifted to begin at 0.
    ///
    /// # Errors
    /// `E049` with the place in the file.
    pub fn parse(file: &str, text: &str) -> Result<(CurrentProfile, Vec<Diagnostic>), Box<Diagnostic>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let place = |span: Range<usize>| Place::in_source(file, text, span);
        let fail = |span: Range<usize>, message: String| Diagnostic::error(ErrorKind::Input, "E049", message).at(place(span));
        let mut lines = lines(text).filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'));
        let (at, head) = lines.next().unwrap_or((0, ""));
        let header_span = at..at + head.len();
        let header = Header::parse(head).map_err(|m| Box::new(fail(header_span.clone(), m).help(HEADER_HELP)))?;
        let mut profile = CurrentProfile {
            quantity: header.quantity,
            time: vec![],
            value: vec![],
        };
        for (at, line) in lines {
            let row = at..at + line.len();
            let cell = |(column, unit): (usize, f64)| {
                let cell = clean(line.split(',').nth(column).unwrap_or(""));
                let missing =
                    |_| Box::new(fail(row.clone(), format!("no number in column {}", column + 1)).label(format!("found `{cell}`")));
                strict_number(cell).map(|n| n * unit).map_err(missing)
            };
            let (t, v) = (cell(header.time)?, cell(header.current)?);
            if let Some(last) = profile.time.last().filter(|last| t < **last) {
                return Err(Box::new(
                    fail(row, "time runs backwards".to_owned()).label(format!("{t} s after {last} s")),
                ));
            }
            profile.time.push(t);
            profile.value.push(v);
        }
        let start = profile.time.first().copied().unwrap_or(0.0);
        profile.time.iter_mut().for_each(|t| *t -= start);
        if profile.duration() <= 0.0 || !profile.duration().is_finite() || profile.value.iter().any(|v| !v.is_finite()) {
            return Err(Box::new(
                fail(header_span, "a profile needs at least two times, all finite".to_owned()).help(HEADER_HELP),
            ));
        }
        let mut warnings = vec![];
        if !header.says_direction && profile.value.iter().all(|v| *v <= 0.0) && profile.value.iter().any(|v| *v < 0.0) {
            let d = Diagnostic::warning("W043", "this profile only charges")
                .label("positive values charge, as in the Battery Data Format")
                .help("to discharge, put `Discharge` before the name of the column: Discharge Current / uA");
            warnings.push(d.at(place(header_span)));
        }
        Ok((profile, warnings))
    }

    /// Length of the profile, s.
    pub fn duration(&self) -> f64 {
        self.time.last().copied().unwrap_or(0.0)
    }

    /// The rate at time `t` from the start of the step, discharge positive; before and after the profile its end values.
    /// At a jump this is the value after it; see [`CurrentProfile::before`].
    pub fn at(&self, t: f64) -> Rate {
        self.between(self.time.partition_point(|x| *x <= t), t)
    }

    /// As [`CurrentProfile::at`], but the value before a jump.
    pub fn before(&self, t: f64) -> Rate {
        self.between(self.time.partition_point(|x| *x < t), t)
    }

    /// The rate at `t` on the line that ends in row `right`.
    fn between(&self, right: usize, t: f64) -> Rate {
        let row = |i: usize| self.time.get(i).zip(self.value.get(i));
        let value = match (right.checked_sub(1).and_then(row), row(right)) {
            (Some((t0, v0)), Some((t1, v1))) => v0 + (v1 - v0) * (t - t0) / (t1 - t0),
            (Some((_, v)), None) | (None, Some((_, v))) => *v,
            (None, None) => 0.0,
        };
        match self.quantity {
            ProfileQuantity::Current => Rate::Absolute(value),
            ProfileQuantity::CurrentDensity => Rate::PerArea(value),
            ProfileQuantity::CRate => Rate::C(value),
        }
    }

    /// The first row after `t`, s: up to there the current is one straight line.
    pub fn next_corner(&self, t: f64) -> Option<f64> {
        self.time.get(self.time.partition_point(|x| *x <= t)).copied()
    }
}

const HEADER_HELP: &str = "the first line names the columns with their units, for example:\nTime / s,Discharge Current / uA";

/// Which columns matter, with the size of their units; negative where positive values charge.
struct Header {
    time: (usize, f64),
    current: (usize, f64),
    quantity: ProfileQuantity,
    says_direction: bool,
}

impl Header {
    fn parse(line: &str) -> Result<Header, String> {
        let (mut time, mut current) = (None, None);
        for (i, name) in line.split(',').map(clean).enumerate() {
            let again = match column(name)? {
                Column::Other => false,
                Column::Time(unit) => time.replace((i, unit)).is_some(),
                Column::Current(quantity, unit, says_direction) => current.replace((i, unit, quantity, says_direction)).is_some(),
            };
            if again {
                return Err(format!("a second column for the same thing: `{name}`"));
            }
        }
        let time = time.ok_or("the header lacks a time column")?;
        let (i, unit, quantity, says_direction) = current.ok_or("the header lacks a current column")?;
        Ok(Header {
            time,
            current: (i, unit),
            quantity,
            says_direction,
        })
    }
}

enum Column {
    Other,
    /// Size of the unit, s.
    Time(f64),
    /// Size of the unit, negative where positive values charge; whether the name says the direction.
    Current(ProfileQuantity, f64, bool),
}

fn clean(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}

/// Lines with their byte positions.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |l| {
        let start = at;
        at += l.len();
        (start, l.trim_end_matches(['\n', '\r']))
    })
}

/// What a column is, from its heading.
fn column(heading: &str) -> Result<Column, String> {
    let (name, unit) = heading.split_once('/').map_or((heading, ""), |(n, u)| (n, u.trim()));
    let name = name.trim().to_lowercase();
    let (direction, plain) = match name.split_once(' ') {
        Some(("discharge" | "discharging", rest)) => (Some(1.0), rest),
        Some(("charge" | "charging", rest)) => (Some(-1.0), rest),
        _ => (None, name.as_str()),
    };
    let sign = direction.unwrap_or(-1.0);
    let (expected, example) = match plain {
        "time" | "test time" if direction.is_none() => (Dimension::TIME, "Time / s"),
        "current" => (Dimension::CURRENT, "Current / mA"),
        "current density" => (Dimension::CURRENT_DENSITY, "Current Density / uA/cm2"),
        "c-rate" if matches!(unit, "C" | "1" | "") => return Ok(Column::Current(ProfileQuantity::CRate, sign, direction.is_some())),
        "c-rate" => return Err(format!("column `{heading}`: expected a C-rate, such as `C-Rate / C`")),
        _ => return Ok(Column::Other),
    };
    let factor = unit_factor(unit).ok().filter(|(_, d)| *d == expected).map(|(factor, _)| factor);
    let factor = factor.ok_or_else(|| format!("column `{heading}`: expected {}, such as `{example}`", expected.words()))?;
    Ok(match expected {
        Dimension::TIME => Column::Time(factor),
        Dimension::CURRENT => Column::Current(ProfileQuantity::Current, sign * factor, direction.is_some()),
        _ => Column::Current(ProfileQuantity::CurrentDensity, sign * factor, direction.is_some()),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn follows_the_sign_of_the_column() {
        let (p, w) = CurrentProfile::parse("p.csv", "Time / min,Discharge Current / mA\n1,0\n2,3\n2,1\n3,1\n").unwrap();
        assert!(w.is_empty());
        assert_eq!(
            (p.at(0.0), p.at(30.0), p.before(60.0), p.at(60.0), p.at(1e9)),
            (
                Rate::Absolute(0.0),
                Rate::Absolute(1.5e-3),
                Rate::Absolute(3e-3),
                Rate::Absolute(1e-3),
                Rate::Absolute(1e-3)
            )
        );
        assert_eq!(
            (p.duration(), p.next_corner(0.0), p.next_corner(60.0), p.next_corner(120.0)),
            (120.0, Some(60.0), Some(120.0), None)
        );
        let (p, w) = CurrentProfile::parse(
            "p.csv",
            "\u{feff}Test Time / s, Voltage / V, Current Density / uA/cm2\r\n0,4,-50\r\n9,4,-50\r\n",
        )
        .unwrap();
        assert!(w.is_empty());
        assert!(matches!(p.at(1.0), Rate::PerArea(j) if (j - 0.5).abs() < 1e-12));
        let (p, _) = CurrentProfile::parse("p.csv", "time / s,charge c-rate\n0,2\n1,2\n").unwrap();
        assert_eq!(p.at(0.0), Rate::C(-2.0));
        let (_, w) = CurrentProfile::parse("p.csv", "Time / s,Current / A\n0,1\n1,1\n").unwrap();
        assert_eq!(w[0].code, "W043");
    }

    #[test]
    fn faults_name_the_line() {
        let line = |text: &str| CurrentProfile::parse("p.csv", text).unwrap_err().place.map_or(0, |p| p.line);
        assert_eq!(line("Time / s,Current / A\n0,1\n5,nan\n"), 3);
        assert_eq!(line("Time / s,Current / A\n0,1\n\n5,1\n4,1\n"), 5);
        assert_eq!(line("Time / V,Current / A\n0,1\n"), 1);
        assert_eq!(line(""), 1);
        assert_eq!(line("Time / s,Power / W\n0,1\n"), 1);
    }
}
