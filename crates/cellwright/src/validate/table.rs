//! The outcomes as an aligned text table.

use super::Outcome;

/// Case, quantity, expected, found, difference, allowed and verdict, one line each, with remarks below.
pub fn table(outcomes: &[Outcome]) -> String {
    let head = ["case", "quantity", "expected", "found", "difference", "allowed", "unit", "verdict"].map(str::to_owned);
    let rows: Vec<[String; 8]> = std::iter::once(head)
        .chain(outcomes.iter().map(|o| {
            [
                o.case.to_owned(),
                o.quantity.clone(),
                number(o.expected),
                number(o.found),
                format!("{:.1e}", o.found - o.expected),
                format!("{:.1e}", o.tolerance),
                o.unit.to_owned(),
                o.verdict().to_owned(),
            ]
        }))
        .collect();
    let width: [usize; 8] = std::array::from_fn(|k| rows.iter().map(|r| r[k].chars().count()).max().unwrap_or(0));
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (k, cell) in row.iter().enumerate() {
            let pad = " ".repeat(width[k] - cell.chars().count());
            let numeric = (2..6).contains(&k);
            line += &if numeric {
                format!("{pad}{cell}  ")
            } else {
                format!("{cell}{pad}  ")
            };
        }
        text += line.trim_end();
        text.push('\n');
    }
    for o in outcomes.iter().filter(|o| !o.note.is_empty() && (!o.passed || o.expected_to_miss)) {
        text += &format!("\n{}, {}: {}", o.case, o.quantity, o.note);
    }
    text
}

fn number(x: f64) -> String {
    let size = x.abs();
    if x == 0.0 {
        "0".to_owned()
    } else if (0.1..1e5).contains(&size) {
        let digits = (5 - size.log10().floor() as i32).clamp(0, 6) as usize;
        format!("{x:.digits$}")
    } else {
        format!("{x:.3e}")
    }
}
