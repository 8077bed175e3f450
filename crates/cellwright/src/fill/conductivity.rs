//! Conductivity of the electrolyte against temperature for the report.

use crate::arrhenius::{Conductivity, Law, Line};
use crate::report::data::ConductivityLine;
use crate::report::kind::Kind;
use crate::report::number::significant;

/// The part of the chapter on materials.
pub fn conductivity(c: &Conductivity) -> ConductivityLine {
    let sigma = format!("{} S/cm at {}", significant(1e-2 * c.value, 3), Kind::Temperature.text(c.at));
    let salt = c
        .concentration
        .map_or(String::new(), |c| format!(" with {} mol/L of salt", significant(1e-3 * c, 3)));
    let mut out = ConductivityLine {
        material: c.material.clone(),
        at: [c.at, c.value],
        ..ConductivityLine::default()
    };
    let Some(line) = &c.line else {
        out.lede = format!(
            "{}{salt}: {sigma}. **A gap:** its property names no temperature dependence, so at other temperatures the run takes the same conductivity.",
            c.material
        );
        return out;
    };
    let [low, high] = line.range().map(|t| Kind::Temperature.text(t));
    out.lede = format!("{}{salt}: {sigma}; {}.", c.material, energy(line));
    out.note = if c.range_given {
        format!("From {low} to {high}, the range that the property names.")
    } else {
        format!("From {low} to {high}; the property names no range of temperatures, this is the usual one of devices.")
    };
    if !(line.range()[0]..=line.range()[1]).contains(&c.at) {
        out.note.push_str(" **The cell is outside.**");
    }
    out.temperature.clone_from(&line.temperature);
    out.conductivity.clone_from(&line.conductivity);
    out
}

fn energy(line: &Line) -> String {
    let energy = format!(
        "{} eV ({} kJ/mol)",
        significant(line.energy_ev(), 3),
        significant(1e-3 * line.energy, 3)
    );
    match line.law {
        Law::Arrhenius => format!("activation energy **{energy}**"),
        Law::Hopping => format!("σT has the activation energy **{energy}**"),
        Law::Vtf { b, t0 } => format!(
            "it follows **Vogel, Tammann and Fulcher** with B = {} K and T₀ = {} K; a straight line through it has {energy}",
            significant(b, 3),
            significant(t0, 3)
        ),
        Law::Bent => format!("the line bends, a straight one through it has the activation energy **{energy}**"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arrhenius::line;

    fn found(line: Option<Line>) -> ConductivityLine {
        conductivity(&Conductivity {
            material: "LiPON".into(),
            concentration: None,
            at: 298.15,
            value: 2.3e-4,
            range_given: true,
            line,
        })
    }

    #[test]
    fn a_missing_temperature_dependence_is_said_and_not_drawn() {
        let gap = found(None);
        assert!(gap.lede.contains("**A gap:**") && gap.temperature.is_empty(), "{}", gap.lede);
        let drawn = found(line(|t| 1e3 * (-5e4 / (8.314462618 * t)).exp(), [250.0, 350.0]));
        assert!(
            drawn.lede.contains("0.518 eV (50.0 kJ/mol)") && !drawn.lede.contains("gap"),
            "{}",
            drawn.lede
        );
        assert!(drawn.temperature.len() > 1 && !drawn.note.contains("outside"));
        let cold = found(line(|t| (-5e3 / t).exp(), [200.0, 290.0]));
        assert!(cold.note.contains("outside"), "{}", cold.note);
    }
}
