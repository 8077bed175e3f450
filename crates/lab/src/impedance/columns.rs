//! Spectra as the columns of a file.

use super::Spectrum;
use crate::results::{Quantity, TimeSeries};
use cellwright_electrochem::small_signal::PARTS;

/// Names of the parts of an impedance, in the order of [`Spectrum::parts`].
pub const fn part_names() -> [&'static str; PARTS] {
    [
        "Positive Diffusion",
        "Positive Charge Transfer",
        "Electrolyte Concentration",
        "Electrolyte Ohmic",
        "Negative Charge Transfer",
        "Negative Diffusion",
        "Electronic",
        "Series Resistance",
        "Stored Charge",
    ]
}

/// All spectra below each other: one row per frequency, with the state of the cell beside it; `area` (m²) is that of the ohm cm².
pub fn columns(spectra: &[Spectrum], area: f64) -> TimeSeries {
    let mut out = TimeSeries::new(&[
        Quantity::TestTime,
        Quantity::Voltage,
        Quantity::StepCount,
        Quantity::SurfaceTemperature,
    ]);
    let stoichiometry = ["Negative", "Positive"].map(|e| out.add(&format!("{e} Stoichiometry"), "1"));
    debug_assert_eq!(stoichiometry, [4, 5]);
    for (name, unit) in [
        ("Frequency", "Hz"),
        ("Real Impedance", "ohm"),
        ("Imaginary Impedance", "ohm"),
        ("Absolute Impedance", "ohm"),
        ("Phase", "deg"),
        ("Real Area Impedance", "ohm cm2"),
        ("Imaginary Area Impedance", "ohm cm2"),
    ] {
        out.add(name, unit);
    }
    for name in part_names() {
        out.add(&format!("{name} Real Part"), "ohm");
        out.add(&format!("{name} Imaginary Part"), "ohm");
    }
    let cm2 = area * 1e4;
    for s in spectra {
        let [n, p] = s.stoichiometry.map(|x| x.unwrap_or(f64::NAN));
        for ((f, z), parts) in s.frequency.iter().zip(&s.impedance).zip(&s.parts) {
            let mut row = vec![s.time, s.voltage, s.step as f64 + 1.0, s.temperature, n, p, *f];
            row.extend([z.re, z.im, z.norm(), z.arg().to_degrees(), z.re * cm2, z.im * cm2]);
            row.extend(parts.iter().flat_map(|p| [p.re, p.im]));
            out.push(&row);
        }
    }
    out
}
