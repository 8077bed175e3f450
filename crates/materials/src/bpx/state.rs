//! State of charge of a BPX cell, as stoichiometries of its electrodes.

use super::{BpxCell, BpxElectrode};
use cellwright_base::constants::FARADAY;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};

/// What 0 and 100 % state of charge mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateOfCharge {
    /// The minimum and maximum stoichiometries of the file, as the BPX standard says.
    Stoichiometries,
    /// The open-circuit voltages equal to the cut-offs, with the lithium that the file's stoichiometries at full charge imply.
    /// PyBaMM sets the state of charge of a BPX cell in this way; it differs by what the file's rounding of the limits is worth, a few
    /// millivolts.
    Voltages,
}

/// Lithium capacity per area of one electrode pair, C/m2.
fn capacity(e: &BpxElectrode) -> f64 {
    let c_max = |p: &super::BpxParticle| p.material.get("maximum_concentration").map_or(0.0, |p| p.eval(0.0, 298.15).value);
    e.particles
        .iter()
        .map(|p| FARADAY * c_max(p) * p.active_fraction() * e.thickness)
        .sum()
}

impl BpxCell {
    /// Open-circuit voltage at a negative and positive stoichiometry, at the reference temperature, V.
    ///
    /// # Equation
    /// U = U₊(x₊) − U₋(x₋), each of the first particle kind.
    pub fn open_circuit_voltage(&self, negative: f64, positive: f64) -> f64 {
        let u = |e: &BpxElectrode, x: f64| {
            let p = e.particles.first().and_then(|p| p.material.get("open_circuit_potential"));
            p.map_or(f64::NAN, |p| p.eval(x, self.reference_temperature).value)
        };
        u(&self.positive, positive) - u(&self.negative, negative)
    }

    /// Stoichiometries (negative, positive) at a state of charge between 0 and 1.
    ///
    /// # Equation
    /// Limits x₋ = min + s (max − min), x₊ = max − s (max − min); for [`StateOfCharge::Voltages`] the ends solve
    /// U₊(x₊) − U₋(x₋) = cut-off on the line C₋ x₋ + C₊ x₊ = lithium, and s is linear between them.
    ///
    /// # Errors
    /// A state of charge outside 0 to 1, or cut-offs that the open-circuit voltage does not reach (for instance with a constant `OCP [V]`).
    ///
    /// # Verification
    /// `state_of_charge_by_limits_and_by_voltages`.
    pub fn stoichiometries(&self, state_of_charge: f64, meaning: StateOfCharge) -> Result<(f64, f64), Box<Diagnostic>> {
        if !(0.0..=1.0).contains(&state_of_charge) {
            let d =
                Diagnostic::error(ErrorKind::OutOfRange, "E043", "the state of charge is out of range").label(format!("{state_of_charge}"));
            return Err(Box::new(d.note("allowed: 0 .. 1")));
        }
        let ends = match meaning {
            StateOfCharge::Stoichiometries => {
                let limits = |e: &BpxElectrode| {
                    e.particles
                        .first()
                        .map_or((0.0, 1.0), |p| (p.minimum_stoichiometry, p.maximum_stoichiometry))
                };
                let (n, p) = (limits(&self.negative), limits(&self.positive));
                [(n.0, p.1), (n.1, p.0)]
            }
            StateOfCharge::Voltages => [self.balance_at(self.lower_voltage)?, self.balance_at(self.upper_voltage)?],
        };
        let mix = |a: f64, b: f64| (1.0 - state_of_charge) * a + state_of_charge * b;
        Ok((mix(ends[0].0, ends[1].0), mix(ends[0].1, ends[1].1)))
    }

    /// Stoichiometries (negative, positive) at which the open-circuit voltage is `voltage`, with the lithium of the file's fully charged
    /// state.
    ///
    /// # Errors
    /// No such state lies between empty and full electrodes.
    pub fn balance_at(&self, voltage: f64) -> Result<(f64, f64), Box<Diagnostic>> {
        let (full_negative, full_positive) = self.stoichiometries(1.0, StateOfCharge::Stoichiometries)?;
        let (cn, cp) = (capacity(&self.negative), capacity(&self.positive));
        let lithium = cn * full_negative + cp * full_positive;
        let positive_of = |x: f64| (lithium - cn * x) / cp;
        let mut low = ((lithium - cp) / cn).max(0.0);
        let mut high = (lithium / cn).min(1.0);
        let miss = |x: f64| self.open_circuit_voltage(x, positive_of(x)) - voltage;
        // The voltage rises with the lithium in the negative electrode: bisection always closes in.
        let reached = miss(low) <= 0.0 && miss(high) >= 0.0;
        if !reached || miss(low) == miss(high) {
            let span = [low, high].map(|x| self.open_circuit_voltage(x, positive_of(x)));
            let d = Diagnostic::error(
                ErrorKind::OutOfRange,
                "E046",
                format!("the open-circuit voltage never reaches {voltage} V"),
            );
            return Err(Box::new(
                d.note(format!("it runs from {:.3} to {:.3} V", span[0], span[1]))
                    .help("check the cut-offs, the stoichiometry limits and `OCP [V]`"),
            ));
        }
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if miss(middle) < 0.0 { low = middle } else { high = middle }
        }
        let x = 0.5 * (low + high);
        Ok((x, positive_of(x)))
    }
}
