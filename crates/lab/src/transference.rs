//! The transference number that a laboratory extracts from a small step of voltage on lithium | electrolyte | lithium (Bruce and Vincent).
//!
//! # Equation
//! `t₊ = I_s (ΔV - I₀ R₀)/(I₀ (ΔV - I_s R_s))`: current I₀ before the salt moves and I_s when it has come to rest, resistance of both interfaces before,
//! R₀, and after, R_s, from their arc in the spectra. With arcs `I₀ = ΔV/(R_e + R₀)`, R_e the resistance of the electrolyte at their upper end: the first
//! current that is recorded charges the double layers.
//!
//! # Validity
//! An ideal dilute salt. A concentrated one gives `ρ₊ = 1/(1 + Ne)` instead, with Newman's number [`newman`]. What the measurement itself shows to
//! be broken is in [`Experiment::doubts`].
//!
//! # Source
//! Evans, Vincent, Bruce, Polymer 28 (1987) 2324, <https://doi.org/10.1016/0032-3861(87)90394-6>; Balsara, Newman, J. Electrochem. Soc. 162 (2015)
//! A2720, <https://doi.org/10.1149/2.0651514jes>; arcs by their capacitance: Irvine, Sinclair, West, Adv. Mater. 2 (1990) 132,
//! <https://doi.org/10.1002/adma.19900020304>.
//!
//! # Verification
//! `cellwright validate transference`

use crate::impedance::Spectrum;
use crate::impedance::features::Mark;
use crate::protocol::{Action, Protocol};
use crate::results::Quantity;
use crate::solution::Solution;
use crate::steps::Steps;
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use std::f64::consts::TAU;

/// Largest step over RT/F that counts as small.
pub const SMALL: f64 = 0.5;
/// Change of the current over the last tenth of the step, relative, beyond which it had not come to rest.
const STEADY: f64 = 2e-3;
/// Part of the step at whose start the current is compared with that at its end.
const LAST: f64 = 0.1;
/// Height of the foot over that of the arc above it beyond which two arcs overlap.
const APART: f64 = 0.1;
/// Voltage over the interfaces over that over the electrolyte, beyond which the former decides.
const INTERFACE: f64 = 5.0;
/// Capacitance of what is an interface, F/m²: below is the bulk, above is diffusion.
const INTERFACE_CAPACITANCE: [f64; 2] = [3e-4, 10.0];

/// A reason not to believe a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The current still changed at the end.
    Unsteady,
    /// The step is not small against RT/F.
    Large,
    /// A spectrum shows no arc of the interfaces.
    NoArc,
    /// The arc of the interfaces runs into that of diffusion.
    Overlap,
    /// Most of the voltage is lost at the interfaces.
    Interface,
}

/// What a spectrum tells of the interfaces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arc {
    /// Resistance at its upper end: that of the electrolyte, ohm.
    pub electrolyte: f64,
    /// Its width: resistance of both interfaces, ohm.
    pub interface: f64,
    /// -Im Z at its lower foot over that at its top; 0 without a foot.
    pub overlap: f64,
}

/// One step of voltage between two spectra.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// Step of the solution.
    pub step: usize,
    /// Step of voltage, V.
    pub voltage: f64,
    /// Current before the salt moves, A; of the sign of the step.
    pub initial: f64,
    /// Current at the end, A.
    pub steady: f64,
    /// The spectra before and after, where they show an arc.
    pub arcs: [Option<Arc>; 2],
    /// Extracted transference number.
    pub number: f64,
    /// Change of the current over the last tenth of the step, relative.
    pub drift: f64,
    /// What the measurement itself puts in doubt.
    pub doubts: Vec<Doubt>,
}

/// Transference number from a small step of voltage: `I_s (ΔV - I₀ R₀)/(I₀ (ΔV - I_s R_s))`.
///
/// # Units
/// A, V, ohm.
pub fn bruce_vincent(voltage: f64, initial: f64, steady: f64, resistance: [f64; 2]) -> f64 {
    steady * (voltage - initial * resistance[0]) / (initial * (voltage - steady * resistance[1]))
}

/// Newman's number of a binary salt of single charges: how much of the steady resistance is concentration.
///
/// # Equation
/// `Ne = 2 κ R T (1 - t₊)² (1 + dln f/dln c)/(F² D c)`
///
/// # Units
/// Conductivity S/m, diffusivity m²/s, concentration mol/m³, temperature K.
///
/// # Source
/// Balsara and Newman 2015.
pub fn newman(
    conductivity: f64,
    diffusivity: f64,
    transference: f64,
    thermodynamic_factor: f64,
    concentration: f64,
    temperature: f64,
) -> f64 {
    let anion = 1.0 - transference;
    2.0 * conductivity * GAS_CONSTANT * temperature * anion * anion * thermodynamic_factor
        / (FARADAY * FARADAY * diffusivity * concentration)
}

/// The arc of the interfaces in a spectrum of a cell of `area`, m².
pub fn arc(spectrum: &Spectrum, area: f64) -> Option<Arc> {
    let last = spectrum.frequency.len().checked_sub(1)?;
    let feet = spectrum.feet();
    let around = |top: &Mark| {
        let above = feet
            .iter()
            .rfind(|f| f.frequency > top.frequency)
            .copied()
            .unwrap_or(spectrum.mark(0));
        let below = feet.iter().find(|f| f.frequency < top.frequency).copied();
        (above, below)
    };
    let tops: Vec<Mark> = spectrum.tops();
    let interfaces: Vec<&Mark> = tops
        .iter()
        .filter(|top| {
            let (above, below) = around(top);
            let width = below.unwrap_or(spectrum.mark(last)).real - above.real;
            let capacitance = 1.0 / (TAU * top.frequency * width * area);
            (INTERFACE_CAPACITANCE[0]..INTERFACE_CAPACITANCE[1]).contains(&capacitance)
        })
        .collect();
    let (first, lowest) = (interfaces.first()?, interfaces.last()?);
    let (upper, foot) = (around(first).0, around(lowest).1);
    Some(Arc {
        electrolyte: upper.real,
        interface: foot.unwrap_or(spectrum.mark(last)).real - upper.real,
        overlap: foot.map_or(0.0, |f| f.imaginary / lowest.imaginary),
    })
}

/// Steps of voltage between two spectra, rests allowed in between, in a cell of `area`, m², and temperature, K.
pub fn experiments(protocol: &Protocol, solution: &Solution, area: f64, temperature: f64) -> Vec<Experiment> {
    let steps = Steps::new(protocol, solution);
    let spectrum = |k: usize| solution.spectra.iter().find(|s| s.step == solution.steps[k].index);
    let beside = |mut places: Box<dyn Iterator<Item = usize>>| places.find(|k| !steps.rest(*k)).and_then(spectrum);
    let (time, current) = (solution.column(Quantity::TestTime), solution.column(Quantity::Current));
    let one = |k: usize| {
        let Some(Action::Voltage(held)) = steps.actions[k] else {
            return None;
        };
        let before = beside(Box::new((0..k).rev()))?;
        let after = beside(Box::new(k + 1..solution.steps.len()))?;
        let voltage = held - before.voltage;
        let rows = steps.rows(k);
        let (first, last) = (rows.start, rows.end.checked_sub(1).filter(|l| *l > rows.start)?);
        let late = time[last] - LAST * (time[last] - time[first]);
        let earlier = rows.clone().rfind(|r| time[*r] <= late)?;
        let [start, steady] = [first, last].map(|r| -current[r]);
        let arcs = [before, after].map(|s| arc(s, area));
        let (initial, resistance) = match arcs {
            [Some(a), Some(b)] => (voltage / (a.electrolyte + a.interface), [a.interface, b.interface]),
            _ => (start, [0.0; 2]),
        };
        let number = bruce_vincent(voltage, initial, steady, resistance);
        let drift = ((current[earlier] + steady) / steady).abs();
        let lost = steady * resistance[1];
        let doubts = [
            (drift > STEADY, Doubt::Unsteady),
            (voltage.abs() > SMALL * GAS_CONSTANT * temperature / FARADAY, Doubt::Large),
            (arcs.iter().any(Option::is_none), Doubt::NoArc),
            (arcs.iter().flatten().any(|a| a.overlap > APART), Doubt::Overlap),
            (lost.abs() > INTERFACE * (voltage - lost).abs(), Doubt::Interface),
        ];
        number.is_finite().then(|| Experiment {
            step: k,
            voltage,
            initial,
            steady,
            arcs,
            number,
            drift,
            doubts: doubts.into_iter().filter(|d| d.0).map(|d| d.1).collect(),
        })
    };
    (0..solution.steps.len()).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex64;

    /// Electrolyte, interface beside its capacitance, and a slow arc of the size of salt diffusion, ohm and F over 1 m².
    fn spectrum(slow: [f64; 2]) -> Spectrum {
        let frequency = crate::impedance::frequencies(1e-5, 1e6, 10);
        let arc = |r: f64, c: f64, f: f64| r / Complex64::new(1.0, TAU * f * r * c);
        let impedance = frequency
            .iter()
            .map(|f| 2.0 + arc(5.0, 1e-1, *f) + arc(slow[0], slow[1], *f))
            .collect();
        Spectrum {
            step: 0,
            text: String::new(),
            time: 0.0,
            voltage: 0.0,
            unrest: 0.0,
            stoichiometry: [None; 2],
            temperature: 298.15,
            frequency,
            impedance,
            parts: vec![],
        }
    }

    #[test]
    fn the_arc_of_the_interfaces_is_told_by_its_capacitance() {
        let found = arc(&spectrum([4.0, 1e4]), 1.0).expect("arc");
        assert!(
            (found.electrolyte - 2.0).abs() < 1e-3 && (found.interface - 5.0).abs() < 0.02,
            "{found:?}"
        );
        // A cell of a thousandth of the area has a thousand times the capacitance per area: diffusion, not interface.
        assert_eq!(arc(&spectrum([4.0, 1e4]), 1e-3), None);
        let near = arc(&spectrum([4.0, 1e1]), 1.0).expect("arc");
        assert!(near.overlap > found.overlap);
    }

    #[test]
    fn without_concentration_all_of_the_current_stays() {
        let r: [f64; 2] = [3.0, 7.0];
        let current = 1e-2 / (r[0] + r[1]);
        assert!((bruce_vincent(1e-2, current, current, [r[1]; 2]) - 1.0).abs() < 1e-12);
        // A salt of equal diffusivities: Ne = D₋/D₊ = 1.
        let d = 1e-10;
        let kappa = FARADAY * FARADAY * 1000.0 * 2.0 * d / (GAS_CONSTANT * 298.15);
        assert!((newman(kappa, d, 0.5, 1.0, 1000.0, 298.15) - 1.0).abs() < 1e-12);
    }
}
