//! Published cells beside our own: energy, power and capacity by rate as the literature states them, each with source and confidence.
//!
//! Energies per footprint are drawn with energies per footprint only, relative capacities with relative capacities; what fits neither is listed with
//! the reason. The numbers are in `ragone.toml`.

mod figures;
mod table;

pub use figures::{Own, figures};
pub use table::table;

use std::sync::OnceLock;
use toml::de::{DeTable, DeValue};

const FILE: &str = include_str!("ragone.toml");

/// How energy and power were come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// As the source states them.
    Read,
    /// From other numbers of the source.
    Derived,
    /// From capacity or current of the source and a voltage that it does not state.
    VoltageAssumed,
    /// The largest energy and the largest power, of different discharges.
    Largest,
}

impl How {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            How::Read => "read",
            How::Derived => "derived",
            How::VoltageAssumed => "derived, voltage assumed",
            How::Largest => "largest of each, not one discharge",
        }
    }

    fn named(word: &str) -> Option<How> {
        match word {
            "read" => Some(How::Read),
            "derived" => Some(How::Derived),
            "voltage assumed" => Some(How::VoltageAssumed),
            "largest" => Some(How::Largest),
            _ => None,
        }
    }
}

/// A published cell.
#[derive(Clone, Debug, PartialEq)]
pub struct System {
    /// First author and year, or a name: the label in plots.
    pub short: String,
    /// What it is made of.
    pub cell: String,
    /// Citation.
    pub source: String,
    /// What was opened to read the numbers.
    pub confidence: String,
    /// Which area the numbers are divided by.
    pub footprint: String,
    /// How energy and power were come by.
    pub how: How,
    /// Remark; empty without.
    pub note: String,
    /// What relative capacities refer to; empty without them.
    pub kept_of: String,
    /// Why it is drawn nowhere.
    pub left_out: Option<String>,
    /// Its discharges, slow to fast.
    pub points: Vec<Point>,
}

/// A discharge of a published cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Rate in the words of the source.
    pub rate: String,
    /// Capacity per footprint, C/m².
    pub capacity: Option<f64>,
    /// Energy per footprint, J/m².
    pub energy: Option<f64>,
    /// Power per footprint, W/m².
    pub power: Option<f64>,
    /// Rate relative to the capacity, 1/h.
    pub c_rate: Option<f64>,
    /// Capacity relative to [`System::kept_of`].
    pub kept: Option<f64>,
}

impl System {
    /// Power, W/m², and energy, J/m², of the discharges that have both.
    pub fn ragone(&self) -> Vec<[f64; 2]> {
        let drawn = self.points.iter().filter(|_| self.left_out.is_none());
        drawn.filter_map(|p| Some([p.power?, p.energy?])).collect()
    }

    /// C-rate and relative capacity of the discharges that have both.
    pub fn kept(&self) -> Vec<[f64; 2]> {
        let drawn = self.points.iter().filter(|_| self.left_out.is_none());
        drawn.filter_map(|p| Some([p.c_rate?, p.kept?])).collect()
    }
}

/// SI value of 1 µAh/cm² and of 1 µWh/cm².
const PER_CM2: f64 = 36.0;
/// SI value of 1 mW/cm².
const MW_CM2: f64 = 10.0;

/// All published cells of the program.
pub fn systems() -> &'static [System] {
    static SYSTEMS: OnceLock<Vec<System>> = OnceLock::new();
    SYSTEMS.get_or_init(|| read(FILE).expect("invariant: ragone.toml is complete, which a test checks"))
}

fn read(text: &str) -> Option<Vec<System>> {
    let root = DeTable::parse(text).ok()?;
    list(root.get_ref(), "system")?.map(system).collect()
}

fn list<'a>(table: &'a DeTable<'_>, key: &str) -> Option<impl Iterator<Item = &'a DeTable<'a>>> {
    let all = table.get(key)?.get_ref().as_array()?;
    Some(all.iter().filter_map(|v| v.get_ref().as_table()))
}

fn system(table: &DeTable<'_>) -> Option<System> {
    let word = |key: &str| table.get(key).and_then(|v| v.get_ref().as_str()).map(str::to_owned);
    Some(System {
        short: word("short")?,
        cell: word("cell")?,
        source: word("source")?,
        confidence: word("confidence")?,
        footprint: word("footprint")?,
        how: How::named(&word("how")?)?,
        note: word("note").unwrap_or_default(),
        kept_of: word("kept_of").unwrap_or_default(),
        left_out: word("left_out"),
        points: list(table, "points")?.map(point).collect::<Option<_>>()?,
    })
}

fn point(table: &DeTable<'_>) -> Option<Point> {
    let number = |key: &str, unit: f64| match table.get(key)?.get_ref() {
        DeValue::Float(f) => f.as_str().parse::<f64>().ok().map(|v| v * unit),
        _ => None,
    };
    Some(Point {
        rate: table.get("rate")?.get_ref().as_str()?.to_owned(),
        capacity: number("capacity_uah_cm2", PER_CM2),
        energy: number("energy_uwh_cm2", PER_CM2),
        power: number("power_mw_cm2", MW_CM2),
        c_rate: number("c_rate", 1.0),
        kept: number("kept", 1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_and_every_value_has_its_basis() {
        let all = read(FILE).expect("complete");
        assert_eq!(all.iter().map(|s| s.points.len()).sum::<usize>(), 26);
        for s in &all {
            let absolute = s.points.iter().any(|p| p.capacity.or(p.energy).or(p.power).is_some());
            assert!(!absolute || !s.footprint.starts_with("none"), "{}", s.short);
            let relative = s.left_out.is_none() && s.points.iter().any(|p| p.kept.is_some());
            assert_eq!(relative, !s.kept_of.is_empty() && s.left_out.is_none(), "{}", s.short);
            assert_eq!(s.left_out.is_some(), s.ragone().is_empty() && s.kept().is_empty(), "{}", s.short);
        }
    }

    /// Absolute values and relative ones never meet in a figure, and a cell without a footprint is in no plot per footprint.
    #[test]
    fn unlike_bases_stay_apart() {
        for s in systems() {
            assert!(s.ragone().is_empty() || !s.footprint.starts_with("none"), "{}", s.short);
        }
        let own = Own {
            label: "own".into(),
            ragone: vec![[10.0, 3.6e4]],
            kept: vec![[1.0, 1.0]],
            ..Own::default()
        };
        let [absolute, relative] = &figures(&[own])[..] else {
            panic!("two figures")
        };
        let has = |f: &crate::report::figure::Figure, short: &str| f.series.iter().any(|s| s.name.starts_with(short));
        for (short, in_absolute, in_relative) in [
            ("Danilov", true, true),
            ("Liu 2014", false, true),
            ("Ning", true, false),
            ("Pikul", false, false),
        ] {
            assert_eq!((has(absolute, short), has(relative, short)), (in_absolute, in_relative), "{short}");
        }
        assert!(absolute.x.label.contains("cm") && absolute.title.contains("footprint"));
        let none: Vec<Own> = vec![];
        assert!(figures(&none).is_empty());
        let page = table();
        assert!(
            systems().iter().all(
                |s| page.contains(&crate::report::escape::escape(&s.short)) && page.contains(&crate::report::escape::escape(&s.source))
            )
        );
    }

    /// Energy over capacity is a voltage of the cell, and power over energy the time of the discharge: numbers of one discharge fit together.
    #[test]
    fn points_of_one_discharge_agree_with_themselves() {
        for s in systems().iter().filter(|s| s.how != How::Largest) {
            for p in &s.points {
                let (Some(q), Some(e), Some(w)) = (p.capacity, p.energy, p.power) else {
                    continue;
                };
                let voltage = e / q;
                assert!((1.4..4.2).contains(&voltage), "{} {}: {voltage} V", s.short, p.rate);
                let current = w / voltage;
                let stated = p.c_rate.expect("rate");
                let reference = q / p.kept.expect("relative capacity");
                let rate = current * 3600.0 / reference;
                assert!((rate / stated - 1.0).abs() < 0.02, "{} {}: {rate} {stated}", s.short, p.rate);
            }
        }
    }
}
