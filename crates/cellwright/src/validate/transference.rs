//! Bruce and Vincent's experiment with its spectra: t₊ of an ideal dilute salt comes back, and of a concentrated one what Balsara and Newman foretell.

use super::cells::{ideal_salt, number, symmetric_cell};
use super::titration::tested;
use super::{Fault, Sheet};
use crate::transference::truth;
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::spec::{CellSpec, Electrode, ElectrolyteLaw, ExchangeCurrent};
use cellwright_lab::transference::{Doubt, Experiment, bruce_vincent, experiments};

const THICKNESS: f64 = 1e-4;
/// Exchange-current density, A/m².
const EXCHANGE: f64 = 400.0;
/// Of each interface, F/m².
const DOUBLE_LAYER: f64 = 0.2;
/// Long after L²/D of both salts, s.
const LONG: f64 = 600.0;

/// Lithium | electrolyte | lithium, 1 m².
fn cell(electrolyte: ElectrolyteLaw, thickness: f64, exchange: f64, double_layer: f64) -> CellSpec {
    let mut spec = symmetric_cell(electrolyte, thickness, 160, 1.1);
    for electrode in [&mut spec.negative, &mut spec.positive] {
        *electrode = Electrode::Metal {
            exchange_current: Some(ExchangeCurrent {
                property: number("exchange_current_density", exchange),
                electrolyte_order: 0.0,
            }),
            kinetics: Kinetics::Linear,
            double_layer,
            film_resistance: 0.0,
        };
    }
    spec
}

/// Resistance of both interfaces, ohm m².
fn transfer(spec: &CellSpec, exchange: f64) -> f64 {
    2.0 * GAS_CONSTANT * spec.temperature / (FARADAY * exchange)
}

/// A salt whose thermodynamic factor is far from that of an ideal one.
fn concentrated() -> ElectrolyteLaw {
    ElectrolyteLaw::Concentrated {
        conductivity: number("conductivity", 1.0),
        diffusion: number("diffusion", 3e-10),
        transference_number: number("transference_number", 0.38),
        thermodynamic_factor: number("thermodynamic_factor", 2.5),
        initial_concentration: 1000.0,
        reference_concentration: 1000.0,
    }
}

/// Two species whose dissociation goes on: the film is 5.6 times as thick as carriers diffuse before they recombine.
fn dissociating(cation: f64, anion: f64) -> ElectrolyteLaw {
    ElectrolyteLaw::TwoSpecies {
        total_lithium: 1e4,
        mobile_fraction: 0.1,
        recombination: number("recombination_rate", 2.5e-4),
        cation: number("diffusion_cation", cation),
        anion: number("diffusion_anion", anion),
    }
}

fn measured(spec: &CellSpec, volts: f64) -> Result<Experiment, Fault> {
    let spectrum = "Impedance from 1 mHz to 10 MHz at 20 points per decade".to_owned();
    let steps = [spectrum.clone(), format!("Hold at {volts:?} V for {LONG:?} s"), spectrum];
    let (protocol, solution) = tested(spec.clone(), &steps, 1e-7)?;
    let found = experiments(&protocol, &solution, spec.area, spec.temperature).into_iter().next();
    found.ok_or_else(|| Fault::Input("no step of voltage between spectra".to_owned()))
}

pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    const CATION: f64 = 1e-10;
    const ANION: f64 = 4e-10;
    let put_in = CATION / (CATION + ANION);
    let salts = [
        ("ideal dilute salt", ideal_salt(CATION, ANION)),
        ("concentrated salt", concentrated()),
        ("dissociating solid", dissociating(CATION, ANION)),
    ];
    for (name, law) in salts {
        let spec = cell(law, THICKNESS, EXCHANGE, DOUBLE_LAYER);
        let truth = truth(&spec.electrolyte, spec.temperature, THICKNESS);
        let found = measured(&spec, 1e-3)?;
        sheet.close(
            format!("{name}, 1 mV between spectra: extracted number, against 1/(1 + Ne)"),
            truth.current_ratio(),
            found.number,
            0.02,
            "",
        );
        sheet.close(
            format!("{name}: resistance of the interfaces, by their arc"),
            transfer(&spec, EXCHANGE),
            found.arcs[0].map_or(f64::NAN, |a| a.interface),
            0.02,
            "Ω m²",
        );
        sheet.near(format!("{name}: reasons for doubt"), 0.0, found.doubts.len() as f64, 0.0, "");
        // All in closed form: conduction and concentration, 1 + Ne times the resistance of the electrolyte, and the interfaces.
        let conductivity = match &spec.electrolyte {
            ElectrolyteLaw::Concentrated { conductivity, .. } => conductivity.eval(1000.0, spec.temperature).value,
            _ => FARADAY * FARADAY * 1000.0 * (CATION + ANION) / (GAS_CONSTANT * spec.temperature),
        };
        let resistance = THICKNESS / conductivity * (1.0 + truth.newman) + transfer(&spec, EXCHANGE);
        sheet.close(format!("{name}: steady current"), 1e-3 / resistance, found.steady, 1e-3, "A");
    }
    let spec = cell(ideal_salt(CATION, ANION), THICKNESS, EXCHANGE, DOUBLE_LAYER);
    let ideal = truth(&spec.electrolyte, spec.temperature, THICKNESS);
    sheet.close("ideal dilute salt: 1/(1 + Ne) is t₊", put_in, ideal.current_ratio(), 1e-12, "");
    let large = measured(&spec, 50e-3)?;
    let doubted = large.doubts.contains(&Doubt::Large);
    sheet.near(
        "a step of 50 mV says that it is too large",
        1.0,
        f64::from(u8::from(doubted)),
        0.0,
        "",
    );

    // Without double layers the first current is the one that the formula asks for, and the interfaces are known exactly.
    const SLOW: f64 = 50.0;
    let spec = cell(ideal_salt(CATION, ANION), 0.1 * THICKNESS, SLOW, 0.0);
    let (_, solution) = tested(spec.clone(), &[format!("Hold at -0.001 V for {LONG:?} s")], 1e-6)?;
    let current = solution.column(cellwright_lab::results::Quantity::Current);
    let (first, last) = (current[0], current[current.len() - 1]);
    sheet.close(
        "ideal dilute salt, interfaces known: transference number",
        put_in,
        bruce_vincent(1e-3, first, last, [transfer(&spec, SLOW); 2]),
        2e-3,
        "",
    );
    Ok(())
}
