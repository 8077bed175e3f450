//! The part "On the shelf" of the report, in words.

use crate::report::colour::Colour;
use crate::report::data::{OnShelf, ShelfPart, ShelfRow};
use crate::report::kind::Kind;
use crate::report::number::{compact, formula, significant};
use crate::shelf::{SEAL_COST, Shelf, YEARS};
use cellwright_base::constants::JULIAN_YEAR;
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_electrochem::shelf::Moment;

/// Part of the whole charge below which there is none.
const ROUNDING: f64 = 1e-9;

/// The part, for a cell that can be stored.
pub fn on_shelf(shelf: &Shelf) -> OnShelf {
    let Some([first, last]) = shelf.ends() else {
        return OnShelf {
            rows: seal(shelf).into_iter().collect(),
            gaps: shelf.gaps.clone(),
            ..OnShelf::default()
        };
    };
    let whole = first.left;
    let shares = |f: fn(&Moment) -> f64| shelf.moments.iter().map(|m| f(m) / whole).collect();
    let mut parts = vec![ShelfPart {
        name: "Left".into(),
        colour: Colour::Positive,
        share: shares(|m| m.left),
    }];
    let mut rows = vec![ShelfRow {
        quantity: "Charge left".into(),
        first_year: charge(after_a_year(shelf, |m| m.left), whole),
        whole: charge(last.left, whole),
        share: share(last.left, whole),
        meaning: format!(
            "Of {} when full. What is left and what is lost add up within {}.",
            charge(first.left, whole),
            significant(shelf.closure().max(f64::EPSILON), 1)
        ),
    }];
    if let Some((symbol, sigma, length)) = &shelf.leak {
        let name = format!("Leakage through {}", formula(symbol));
        parts.push(ShelfPart {
            name: name.clone(),
            colour: Colour::Electrolyte,
            share: shares(|m| m.leaked),
        });
        rows.push(ShelfRow {
            quantity: name,
            first_year: charge(after_a_year(shelf, |m| m.leaked), whole),
            whole: charge(last.leaked, whole),
            share: share(last.leaked, whole),
            meaning: format!(
                "Electrons, {} at first, through {}; **charging brings it back**.",
                Kind::Current.text(sigma * length * first.voltage),
                format_quantity(*sigma, Dimension::CONDUCTIVITY)
            ),
        });
    }
    if let Some(transmission) = shelf.transmission {
        let name = "Water through the package".to_owned();
        parts.push(ShelfPart {
            name: name.clone(),
            colour: Colour::Encapsulation,
            share: shares(|m| m.lost_to_water),
        });
        let spare = last.taken - last.lost_to_water;
        let how = if spare > ROUNDING * whole {
            format!(
                " It takes {} of lithium, {} of which is spare.",
                charge(last.taken, whole),
                charge(spare, whole)
            )
        } else {
            String::new()
        };
        rows.push(ShelfRow {
            quantity: name,
            first_year: charge(after_a_year(shelf, |m| m.lost_to_water), whole),
            whole: charge(last.lost_to_water, whole),
            share: share(last.lost_to_water, whole),
            meaning: format!(
                "{} over {} of die, one lithium a molecule: **gone for good**, an upper bound.{how}",
                format_quantity(transmission, Dimension::MASS_FLUX),
                Kind::Area.text(shelf.cover)
            ),
        });
    }
    rows.extend(seal(shelf));
    let state = match shelf.empty_after() {
        Some(years) => format!(
            "Put away full and left alone, the cell is **empty after {} years**.",
            significant(years, 3)
        ),
        None => format!(
            "Put away full and left alone, the cell keeps **{} %** of its charge for {} years.",
            significant(100.0 * last.left / first.left, 3),
            compact(YEARS, 3)
        ),
    };
    OnShelf {
        lede: state,
        years: shelf.moments.iter().map(|m| m.time / JULIAN_YEAR).collect(),
        parts,
        rows,
        gaps: shelf.gaps.clone(),
    }
}

/// What the package must hold back.
fn seal(shelf: &Shelf) -> Option<ShelfRow> {
    let transmission = shelf.seal?;
    Some(ShelfRow {
        quantity: "Seal needed".into(),
        whole: format_quantity(transmission, Dimension::MASS_FLUX),
        meaning: format!(
            "With more water than that through the package, it costs over {} % of the charge in {} years.",
            compact(100.0 * SEAL_COST, 2),
            compact(YEARS, 3)
        ),
        ..ShelfRow::default()
    })
}

/// A charge; what is no more than rounding of the whole is none.
fn charge(value: f64, whole: f64) -> String {
    if value.abs() < ROUNDING * whole {
        "0".into()
    } else {
        Kind::Capacity.text(value)
    }
}

fn share(value: f64, whole: f64) -> Option<f64> {
    Some(if value.abs() < ROUNDING * whole { 0.0 } else { value / whole })
}

/// A quantity after one year, between two moments; at the end of a shorter story.
fn after_a_year(shelf: &Shelf, of: fn(&Moment) -> f64) -> f64 {
    let between = shelf.moments.windows(2).find(|m| m[1].time >= JULIAN_YEAR);
    match between {
        Some([a, b]) => of(a) + (of(b) - of(a)) * (JULIAN_YEAR - a.time) / (b.time - a.time),
        _ => shelf.moments.last().map_or(0.0, of),
    }
}
