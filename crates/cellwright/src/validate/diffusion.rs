//! Constant-flux diffusion into slab, cylinder and sphere: exact modes and shells against the series solutions.

use super::cells::{HOST_AREA, HOST_RADIUS, host_cell, number, of_stoichiometry, reversible_active};
use super::drive::Drive;
use super::reference::Table;
use super::{Fault, Sheet};
use cellwright_base::constants::FARADAY;
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::model::Control;
use cellwright_electrochem::spec::Resolution;
use cellwright_materials::Property;
use std::f64::consts::PI;

/// Flux in units of D c_max/R; keeps the surface below full to the end of the table.
const LOAD: f64 = 0.1;
const START: f64 = 0.2;
const DIFFUSIVITY: f64 = 1e-14;

/// Name, shape and columns of the table (surface, centre, middle).
const SHAPES: [(&str, Curvature, [usize; 3]); 3] = [
    ("slab", Curvature::Slab, [1, 2, 3]),
    ("cylinder", Curvature::Cylinder, [4, 5, 6]),
    ("sphere", Curvature::Sphere, [7, 8, 9]),
];

/// Largest difference in D (c - c₀)/(J R) over the table, and the surface part of it at the first row.
fn worst(curvature: Curvature, columns: [usize; 3], diffusion: Property, resolution: Resolution) -> Result<(f64, f64), Fault> {
    let table = Table::new(include_str!("data/diffusion_constant_flux.csv"));
    let active = reversible_active("4 - x", diffusion, START);
    let current = LOAD * DIFFUSIVITY * active.maximum_concentration * FARADAY * HOST_AREA / HOST_RADIUS;
    let mut drive = Drive::start(host_cell(curvature, active, resolution), Control::Current(current), vec![], 1e-8)?;
    let (mut largest, mut first): (f64, f64) = (0.0, f64::NAN);
    for row in table.rows() {
        drive.to(row[0] * HOST_RADIUS * HOST_RADIUS / DIFFUSIVITY)?;
        let inner = drive.inside(1, &[0.0, 0.5]);
        for (found, column) in [drive.surface(1), inner[0], inner[1]].into_iter().zip(columns) {
            let difference = ((found - START) / LOAD - row[column]).abs();
            largest = largest.max(difference);
            if first.is_nan() {
                first = difference;
            }
        }
    }
    Ok((largest, first))
}

/// Depth of the layer √(D t) below the surface over the radius, and the flux in units of D c_max/R that fills it by a third.
const LAYER: f64 = 0.003;
const STEEP_LOAD: f64 = 100.0;

/// Error of the surface over its change when the layer has its depth.
///
/// # Equation
/// Half-space under constant flux, with the first two terms of a curved surface, m = 0, 1, 2 for slab, cylinder, sphere:
/// `R (θ_s - θ₀) D c_max/(J R²) = 2 δ/√π + m δ²/2`, δ = √(D t)/R.
///
/// # Source
/// Carslaw & Jaeger, Conduction of Heat in Solids, 2nd ed., 2.9(8), 7.10 and 9.7 for small times.
fn shallow(curvature: Curvature, diffusion: Property, resolution: Resolution) -> Result<f64, Fault> {
    let active = reversible_active("4 - x", diffusion, START);
    let current = STEEP_LOAD * DIFFUSIVITY * active.maximum_concentration * FARADAY * HOST_AREA / HOST_RADIUS;
    let mut drive = Drive::start(host_cell(curvature, active, resolution), Control::Current(current), vec![], 1e-8)?;
    drive.to(LAYER * LAYER * HOST_RADIUS * HOST_RADIUS / DIFFUSIVITY)?;
    let change = STEEP_LOAD * (2.0 * LAYER / PI.sqrt() + 0.5 * f64::from(curvature.exponent()) * LAYER * LAYER);
    Ok(((drive.surface(1) - START) / change - 1.0).abs())
}

pub(super) fn solve(sheet: &mut Sheet) -> Result<(), Fault> {
    for (name, curvature, columns) in SHAPES {
        let modes = |n| {
            worst(
                curvature,
                columns,
                number("diffusion", DIFFUSIVITY),
                Resolution {
                    modes: n,
                    ..Resolution::default()
                },
            )
        };
        let default = Resolution::default().modes;
        sheet.below(
            format!("{name}, {default} modes, D(c-c0)/JR, surface, centre, middle"),
            modes(default)?.0,
            1e-4,
            "",
        );
        let errors = [modes(6)?.1, modes(12)?.1, modes(24)?.1];
        let decay = (errors[0] / errors[1]).log2().min((errors[1] / errors[2]).log2());
        let passed = decay >= 1.8;
        sheet
            .push(format!("{name}, order from 6 to 12 to 24 modes"), [2.0, decay, 0.2], "", passed)
            .remark(format!(
                "spectral: surface errors at Dt/R2 = 0.001 are {:.1e}, {:.1e}, {:.1e}",
                errors[0], errors[1], errors[2]
            ));
        let formula = || of_stoichiometry("diffusion", "1e-14 + 0 * x");
        let shells = |n| {
            worst(
                curvature,
                columns,
                formula(),
                Resolution {
                    shells: n,
                    ..Resolution::default()
                },
            )
        };
        let errors = [shells(120)?.0, shells(240)?.0, shells(480)?.0];
        sheet.below(
            format!("{name}, 480 shells, D(c-c0)/JR, surface, centre, middle"),
            errors[2],
            1e-4,
            "",
        );
        sheet.order(format!("lithium in the solid, {name}, order from 120 to 480 shells"), &errors);
        let usual = Resolution::default();
        for (kind, diffusion, most) in [("modes", number("diffusion", DIFFUSIVITY), 1e-4), ("shells", formula(), 5e-3)] {
            let (before, after) = (
                shallow(curvature, diffusion.clone(), usual)?,
                shallow(curvature, diffusion, usual.resolving(LAYER))?,
            );
            sheet
                .below(
                    format!("{name}, {kind} for a layer of {LAYER} R, surface against half-space"),
                    after,
                    most,
                    "",
                )
                .remark(format!("{before:.1e} with the usual ones"));
        }
    }
    Ok(())
}
