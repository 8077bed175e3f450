//! Reading a program back: the moves of the G-code that [`super::gcode`] writes.

use super::error::ExportError;

/// A straight move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Move {
    /// Start, m.
    pub from: [f64; 3],
    /// End, m.
    pub to: [f64; 3],
    /// Travel of the plunger, m; 0 for a move without ink.
    pub extruded: f64,
    /// Speed, m/s; NaN before the first `F`.
    pub speed: f64,
}

impl Move {
    /// Length, m.
    pub fn length(&self) -> f64 {
        (0..3).map(|i| (self.to[i] - self.from[i]).powi(2)).sum::<f64>().sqrt()
    }
}

/// The moves of a program in millimetres and absolute coordinates (`G21`, `G90`) with relative extrusion (`M83`). A coordinate that has
/// not been set is 0.
///
/// # Errors
/// [`ExportError::Gcode`] with the line for every word that is not understood: nothing is passed over.
pub fn moves(text: &str) -> Result<Vec<Move>, ExportError> {
    let mut out = Vec::new();
    let mut at = [0.0; 3];
    let mut speed = f64::NAN;
    for (index, line) in text.lines().enumerate() {
        let line_number = index + 1;
        let refuse = |found: &str, expected: &'static str| ExportError::Gcode {
            line: line_number,
            found: found.chars().take(40).collect(),
            expected,
        };
        let code = line.split(';').next().unwrap_or("");
        let mut words = code.split_ascii_whitespace();
        let Some(command) = words.next() else { continue };
        match command {
            "G0" | "G1" => {
                let (mut to, mut extruded) = (at, 0.0);
                for word in words {
                    let mut chars = word.chars();
                    let letter = chars.next();
                    let value: f64 = chars
                        .as_str()
                        .parse()
                        .ok()
                        .filter(|v: &f64| v.is_finite())
                        .ok_or_else(|| refuse(word, "a letter followed by a number"))?;
                    match letter {
                        Some('X') => to[0] = value * 1e-3,
                        Some('Y') => to[1] = value * 1e-3,
                        Some('Z') => to[2] = value * 1e-3,
                        Some('E') if command == "G1" => extruded = value * 1e-3,
                        Some('F') if value > 0.0 => speed = value / 6e4,
                        _ => return Err(refuse(word, "X, Y, Z, a positive F, or (with G1) E")),
                    }
                }
                out.push(Move {
                    from: at,
                    to,
                    extruded,
                    speed,
                });
                at = to;
            }
            "G21" | "G90" | "M83" if words.next().is_none() => {}
            "G92" if words.next() == Some("E0") && words.next().is_none() => {}
            "M2" => return Ok(out),
            other => return Err(refuse(other, "G0, G1, G21, G90, G92 E0, M83 or M2")),
        }
    }
    Ok(out)
}
