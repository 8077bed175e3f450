//! Impedance: diffusion elements and circuits in closed form, PyBaMM, the Kramers–Kronig relations.

use super::cells::{
    HOST_AREA, HOST_RADIUS, TEMPERATURE, host_cell, ideal_salt, number, of_stoichiometry, reversible_active, single_ion, symmetric_cell,
};
use super::geometry::fingers;
use super::pybamm_cells::chen;
use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_base::constants::{FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY};
use cellwright_dae::{InitialOptions, consistent_initial_conditions};
use cellwright_device::mesh::Growth;
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::model::{Control, Model};
use cellwright_electrochem::spec::{CellSpec, Electrode, ModelKind, Resolution};
use cellwright_lab::impedance::{Spectrum, frequencies, kramers_kronig, measure};
use cellwright_materials::Property;
use num_complex::Complex64;
use std::f64::consts::{PI, TAU};

/// The spectrum of a cell at rest.
fn spectrum(mut model: Model, frequency: &[f64]) -> Result<Spectrum, Fault> {
    model.control = Control::Current(0.0);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    consistent_initial_conditions(&mut model, 0.0, &mut y, &mut yp, &InitialOptions::default())?;
    measure(&mut model, &y, frequency, &mut |_| true).map_err(|e| Fault::Input(e.to_string()))
}

/// Largest relative difference of two spectra.
fn worst(found: &[Complex64], expected: impl Iterator<Item = Complex64>) -> f64 {
    found
        .iter()
        .zip(expected)
        .map(|(f, e)| (f - e).norm() / e.norm())
        .fold(0.0, f64::max)
}

/// `f(iω)` at every frequency.
fn closed(frequency: &[f64], f: impl Fn(Complex64) -> Complex64) -> Vec<Complex64> {
    frequency.iter().map(|x| f(Complex64::new(0.0, TAU * x))).collect()
}

const DIFFUSIVITY: f64 = 1e-14;

/// Largest difference of a slab host from the reflecting Warburg element, relative.
fn reflecting(diffusion: Property, resolution: Resolution) -> Result<f64, Fault> {
    let table = Table::new(include_str!("data/warburg_finite.csv"));
    let active = reversible_active("4 - x", diffusion, 0.5);
    let tau = HOST_RADIUS * HOST_RADIUS / DIFFUSIVITY;
    let unit = HOST_RADIUS / (FARADAY * active.maximum_concentration * DIFFUSIVITY * HOST_AREA);
    let rows = table.rows();
    let frequency: Vec<f64> = rows.iter().map(|r| r[0] / (TAU * tau)).collect();
    let found = spectrum(Model::new(host_cell(Curvature::Slab, active, resolution)), &frequency)?;
    Ok(worst(&found.impedance, rows.iter().map(|r| unit * Complex64::new(r[3], r[4]))))
}

/// Largest difference of the salt in a symmetric cell from the transmissive Warburg element, relative to it.
fn transmissive(cells: usize, grading: f64) -> Result<f64, Fault> {
    const CATION: f64 = 1e-10;
    const ANION: f64 = 4e-10;
    const SALT: f64 = 1000.0;
    const THICKNESS: f64 = 1e-5;
    let table = Table::new(include_str!("data/warburg_finite.csv"));
    let thermal = GAS_CONSTANT * TEMPERATURE / FARADAY;
    let ohmic = THICKNESS * thermal / (FARADAY * (CATION + ANION) * SALT);
    let steady = thermal * THICKNESS / (FARADAY * CATION * SALT);
    let diffusion = 2.0 * CATION * ANION / (CATION + ANION);
    // By symmetry the concentration stays in the middle: two elements of half the thickness.
    let tau = 0.25 * THICKNESS * THICKNESS / diffusion;
    let rows = table.rows();
    let frequency: Vec<f64> = rows.iter().map(|r| r[0] / (TAU * tau)).collect();
    let found = spectrum(
        Model::new(symmetric_cell(ideal_salt(CATION, ANION), THICKNESS, cells, grading)),
        &frequency,
    )?;
    let salt: Vec<Complex64> = found.impedance.iter().map(|z| (z - ohmic) / (steady - ohmic)).collect();
    Ok(worst(&salt, rows.iter().map(|r| Complex64::new(r[1], r[2]))))
}

pub(super) fn warburg(sheet: &mut Sheet) -> Result<(), Fault> {
    sheet.below(
        "lithium in a film against coth(s)/s, largest relative difference",
        reflecting(number("diffusion", DIFFUSIVITY), Resolution::default())?,
        1e-3,
        "",
    );
    let shells = |shells| {
        let resolution = Resolution {
            shells,
            ..Resolution::default()
        };
        reflecting(of_stoichiometry("diffusion", "1e-14 + 0 * x"), resolution)
    };
    sheet.order(
        "the same with graded shells, order from 120 to 480",
        &[shells(120)?, shells(240)?, shells(480)?],
    );
    sheet.below(
        "salt between lithium electrodes against tanh(s)/s, 160 graded volumes",
        transmissive(160, 1.1)?,
        1e-3,
        "",
    );
    sheet.order(
        "the same on even volumes, order from 100 to 400",
        &[transmissive(100, 1.0)?, transmissive(200, 1.0)?, transmissive(400, 1.0)?],
    );
    Ok(())
}

/// Lithium | solid electrolyte | film: a Randles circuit with the reflecting Warburg element and the capacitance of the electrolyte.
pub(super) fn circuits(sheet: &mut Sheet) -> Result<(), Fault> {
    const THICKNESS: f64 = 1e-6;
    const FILM: f64 = 3e-7;
    const CONDUCTIVITY: f64 = 2e-4;
    const EXCHANGE: f64 = 5.0;
    const DOUBLE_LAYER: f64 = 0.05;
    const PERMITTIVITY: f64 = 16.6;
    const D: f64 = 1e-15;
    let mut spec = symmetric_cell(single_ion(CONDUCTIVITY), THICKNESS, 20, 1.3);
    spec.separator.relative_permittivity = PERMITTIVITY;
    let mut active = reversible_active("4 - x", number("diffusion", D), 0.5);
    (active.kinetics, active.double_layer) = (Kinetics::ButlerVolmer { anodic: 0.5 }, DOUBLE_LAYER);
    active.exchange_current.property = number("exchange_current_density", EXCHANGE);
    let unit = FILM / (FARADAY * active.maximum_concentration * D);
    spec.positive = Electrode::Film {
        thickness: FILM,
        electronic_conductivity: f64::INFINITY,
        active,
    };
    let frequency = frequencies(1e-4, 1e7, 10);
    let transfer = GAS_CONSTANT * TEMPERATURE / (FARADAY * EXCHANGE);
    let exact = closed(&frequency, |s| {
        let p = FILM * (s / D).sqrt();
        let e = (-2.0 * p).exp();
        let faradaic = transfer + unit / p * (1.0 + e) / (1.0 - e);
        1.0 / (CONDUCTIVITY / THICKNESS + s * VACUUM_PERMITTIVITY * PERMITTIVITY / THICKNESS) + 1.0 / (1.0 / faradaic + s * DOUBLE_LAYER)
    });
    let found = spectrum(Model::new(spec), &frequency)?;
    sheet.below(
        "Randles circuit of a thin-film cell, 0.1 mHz to 10 MHz, largest relative difference",
        worst(&found.impedance, exact.iter().copied()),
        1e-3,
        "",
    );
    let test = kramers_kronig::test(&found.frequency, &found.impedance);
    sheet.below("Kramers–Kronig residual of that spectrum", test.largest(), 1e-6, "");
    // Fingers on a floor: the complex conductivity over the cell constant of Igreja and Dias.
    let exact_conductance = 0.5;
    let mut spec = symmetric_cell(single_ion(CONDUCTIVITY), 1.0, 1, 1.0);
    spec.separator.relative_permittivity = PERMITTIVITY;
    let mesh = fingers(0.5, 6.0, Growth::default())?;
    let found = spectrum(Model::on(mesh, spec, [f64::INFINITY; 2]), &frequency)?;
    let exact = closed(&frequency, |s| {
        1.0 / (exact_conductance * (CONDUCTIVITY + s * VACUUM_PERMITTIVITY * PERMITTIVITY))
    });
    sheet
        .below(
            "interdigital fingers, 0.1 mHz to 10 MHz, largest relative difference",
            worst(&found.impedance, exact.into_iter()),
            2e-3,
            "",
        )
        .remark(format!(
            "sparse LU in complex numbers; the angle at 10 MHz is {:.1}°",
            found.impedance[0].arg() * 180.0 / PI
        ));
    Ok(())
}

/// The LG M50 cell (Chen 2020) at 50 % state of charge with 0.2 F/m² on both electrodes: the case of the reference spectrum.
pub fn chen_half_full() -> CellSpec {
    let mut spec = chen();
    for (electrode, stoichiometry) in [(&mut spec.negative, 0.46848), (&mut spec.positive, 0.55891)] {
        if let Electrode::Porous { active, .. } = electrode {
            (active.initial_stoichiometry, active.double_layer) = (stoichiometry, 0.2);
        }
    }
    spec
}

pub(super) fn pybamm(sheet: &mut Sheet) -> Result<(), Fault> {
    let table = Table::new(include_str!("data/EIS_DFN_Chen2020_50soc.csv"));
    let frequency = table.column("freq_Hz");
    let reference: Vec<Complex64> = table.rows().iter().map(|r| Complex64::new(r[1], r[2])).collect();
    let compare = |cells| -> Result<f64, Fault> {
        let resolution = Resolution {
            cells,
            ..Resolution::default()
        };
        let found = spectrum(
            Model::new(CellSpec {
                resolution,
                ..chen_half_full()
            }),
            &frequency,
        )?;
        Ok(100.0 * worst(&found.impedance, reference.iter().copied()))
    };
    for (words, cells, limit) in [
        ("default mesh", [20, 20, 20], 0.5),
        ("60/20/60 volumes", [60, 20, 60], 0.5),
        ("80/40/80 volumes", [80, 40, 80], 0.1),
    ] {
        let name = format!("DFN, Chen2020 at 50 %, 1 mHz to 10 kHz, {words}: largest difference over |Z|");
        sheet.below(name, compare(cells)?, limit, "%");
    }
    let wide = spectrum(Model::new(chen_half_full()), &frequencies(1e-4, 1e6, 10))?;
    let test = kramers_kronig::test(&wide.frequency, &wide.impedance);
    sheet
        .below("Kramers–Kronig residual, 0.1 mHz to 1 MHz", test.largest(), 1e-6, "")
        .remark(format!(
            "least-squares fit of {} relaxation times to {} frequencies",
            test.elements,
            wide.frequency.len()
        ));
    let closure = wide
        .impedance
        .iter()
        .zip(&wide.parts)
        .map(|(z, p)| (p.iter().sum::<Complex64>() - z).norm() / z.norm())
        .fold(0.0, f64::max);
    sheet.below("sum of the parts by process against the whole", closure, 1e-9, "");
    let single = CellSpec {
        kind: ModelKind::Spm,
        ..chen_half_full()
    };
    let slow = [1e-5];
    let (whole, single) = (spectrum(Model::new(chen_half_full()), &slow)?, spectrum(Model::new(single), &slow)?);
    sheet.close(
        "Im Z of DFN and single particles at 10 µHz, where only stored charge is left",
        whole.impedance[0].im,
        single.impedance[0].im,
        1e-2,
        "ohm",
    );
    Ok(())
}
