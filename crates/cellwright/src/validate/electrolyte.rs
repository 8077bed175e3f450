//! Salt between lithium electrodes: steady voltage and limiting current, Sand's time, and the transient of the interface.

use super::cells::{TEMPERATURE, ideal_salt, number, of_concentration, symmetric_cell};
use super::drive::Drive;
use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_base::constants::{FARADAY, GAS_CONSTANT};
use cellwright_electrochem::model::{BLOCK, Control, Stop};
use cellwright_electrochem::spec::ElectrolyteLaw;
use std::f64::consts::PI;

const CATION: f64 = 1e-10;
const ANION: f64 = 4e-10;
const THICKNESS: f64 = 1e-5;
const SALT: f64 = 1000.0;

fn limiting_current() -> f64 {
    4.0 * FARADAY * CATION * SALT / THICKNESS
}

/// Steady dimensionless voltage at a part of the limiting current, and the interface concentrations over the mean.
fn steady(part: f64, cells: usize, grading: f64) -> Result<(f64, [f64; 2]), Fault> {
    let spec = symmetric_cell(ideal_salt(CATION, ANION), THICKNESS, cells, grading);
    let mut drive = Drive::start(spec, Control::Current(part * limiting_current()), vec![], 1e-7)?;
    drive.to(20.0 * THICKNESS * THICKNESS / CATION)?;
    let voltage = -drive.voltage() * FARADAY / (GAS_CONSTANT * TEMPERATURE);
    Ok((voltage, [0, 1].map(|e| drive.interface_concentration(e) / SALT)))
}

pub(super) fn symmetric(sheet: &mut Sheet) -> Result<(), Fault> {
    let table = Table::new(include_str!("data/li_symmetric_cell_steady.csv"));
    for row in table.rows() {
        let (voltage, c) = steady(row[0], 40, 1.3)?;
        sheet.close(format!("V F/RT at I/Ilim = {}", row[0]), row[1], voltage, 1e-3, "");
        if row[0] > 0.98 {
            sheet.close(
                "limiting current, from the interface concentration at 0.99",
                1.0,
                row[0] / (1.0 - c[1]),
                1e-3,
                "Ilim",
            );
        }
    }
    let exact = 2.0 * (1.75f64 / 0.25).ln();
    let mut errors = [0.0; 4];
    for (e, n) in errors.iter_mut().zip([10, 20, 40, 80]) {
        *e = (steady(0.75, n, 1.0)?.0 - exact).abs();
    }
    sheet.order("charge in the electrolyte, order from 10 to 80 volumes", &errors[1..]);
    Ok(())
}

/// Time at which the interface runs dry over Sand's, for a salt diffusivity and transference number.
fn sand_ratio(law: ElectrolyteLaw, diffusion: f64, transference: f64) -> Result<f64, Fault> {
    // Diffusion has reached a tenth of the thickness by then.
    let tau = 0.01 * THICKNESS * THICKNESS / diffusion;
    let current = 0.5 * FARADAY * SALT / (1.0 - transference) * (PI * diffusion / tau).sqrt();
    let mut drive = Drive::start(symmetric_cell(law, THICKNESS, 160, 1.05), Control::Current(current), vec![], 1e-7)?;
    // c = c0 (1 - sqrt(t/tau)): the last stretch is extrapolated in sqrt(t).
    let mut points = [(0.0, 0.0); 2];
    for (p, part) in points.iter_mut().zip([0.9, 0.98]) {
        drive.to(part * tau)?;
        *p = ((part * tau).sqrt(), drive.interface_concentration(1));
    }
    let [(s0, c0), (s1, c1)] = points;
    Ok((s1 + c1 * (s1 - s0) / (c0 - c1)).powi(2) / tau)
}

/// Voltage limit of the starved cell, V: 29 thermal voltages below the ohmic drop at the start.
const STARVED: f64 = -1.5;

/// Time at which the voltage limit is reached over Sand's, and the change of the whole salt over what the current moved.
fn starved(law: ElectrolyteLaw, diffusion: f64, transference: f64, cells: usize, tolerance: f64) -> Result<[f64; 2], Fault> {
    let tau = 0.01 * THICKNESS * THICKNESS / diffusion;
    let current = 0.5 * FARADAY * SALT / (1.0 - transference) * (PI * diffusion / tau).sqrt();
    let spec = symmetric_cell(law, THICKNESS, cells, 1.05);
    let mut drive = Drive::start(spec, Control::Current(current), vec![Stop::VoltageBelow(STARVED)], tolerance)?;
    let salt = |drive: &Drive| -> f64 {
        let volumes = drive.model.mesh.volumes.iter().enumerate();
        volumes.map(|(k, v)| v * drive.state()[BLOCK * k]).sum()
    };
    let before = salt(&drive);
    let time = drive.until_stop()?;
    let moved = current * time / FARADAY;
    Ok([time / tau, (salt(&drive) - before).abs() / moved])
}

pub(super) fn sand(sheet: &mut Sheet) -> Result<(), Fault> {
    let (d, t) = (2.0 * CATION * ANION / (CATION + ANION), CATION / (CATION + ANION));
    sheet.close(
        "Sand's time over its closed form, t+ = 0.2 from two diffusivities",
        1.0,
        sand_ratio(ideal_salt(CATION, ANION), d, t)?,
        1e-3,
        "",
    );
    let liquid = ElectrolyteLaw::Concentrated {
        conductivity: of_concentration("conductivity", "1e-3 * c"),
        diffusion: number("diffusion", 3e-10),
        transference_number: number("transference_number", 0.4),
        thermodynamic_factor: number("thermodynamic_factor", 1.0),
        initial_concentration: SALT,
        reference_concentration: SALT,
    };
    sheet.close(
        "Sand's time over its closed form, concentrated electrolyte, t+ = 0.4",
        1.0,
        sand_ratio(liquid.clone(), 3e-10, 0.4)?,
        1e-3,
        "",
    );
    for (name, law, d, t) in [
        ("two diffusivities", ideal_salt(CATION, ANION), d, t),
        ("concentrated electrolyte", liquid, 3e-10, 0.4),
    ] {
        for (cells, tolerance) in [(160, 1e-5), (40, 1e-4)] {
            let [time, salt] = starved(law.clone(), d, t, cells, tolerance)?;
            let at = format!("beyond the limiting current, {name}, {cells} volumes");
            sheet.close(format!("{at}: voltage limit over Sand's time"), 1.0, time, 1e-2, "");
            sheet.below(format!("{at}: salt lost over salt moved"), salt, 1e-9, "");
        }
    }
    Ok(())
}

/// Interface concentration over the mean at Fourier number `fo` and half the limiting current.
fn transient_series(fo: f64) -> f64 {
    let sum: f64 = (0..200)
        .map(|k| f64::from(2 * k + 1))
        .map(|n| (-n * n * PI * PI * fo).exp() / (n * n))
        .sum();
    1.0 - 0.5 * (1.0 - 8.0 / (PI * PI) * sum)
}

pub(super) fn transient(sheet: &mut Sheet) -> Result<(), Fault> {
    let diffusion = 2.0 * CATION * ANION / (CATION + ANION);
    let fourier = [0.02, 0.05, 0.2];
    let worst = |cells: usize| -> Result<f64, Fault> {
        let spec = symmetric_cell(ideal_salt(CATION, ANION), THICKNESS, cells, 1.0);
        let mut drive = Drive::start(spec, Control::Current(0.5 * limiting_current()), vec![], 1e-8)?;
        let mut worst: f64 = 0.0;
        for fo in fourier {
            drive.to(fo * THICKNESS * THICKNESS / diffusion)?;
            worst = worst.max((drive.interface_concentration(1) / SALT - transient_series(fo)).abs());
        }
        Ok(worst)
    };
    let errors = [worst(20)?, worst(40)?, worst(80)?];
    sheet.below("c/c0 at the interface, Dt/L2 = 0.02, 0.05, 0.2, 80 volumes", errors[2], 1e-4, "");
    sheet.order("salt in the electrolyte, order from 20 to 80 volumes", &errors);
    Ok(())
}
