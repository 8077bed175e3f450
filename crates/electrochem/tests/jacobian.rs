//! The factored Jacobian against central differences of the residual, column by column, for every kind of cell and control.
#![allow(clippy::unwrap_used)]
#[path = "common/cells.rs"]
mod cells;
mod common;
#[path = "common/meshes.rs"]
mod meshes;
#[path = "common/run.rs"]
mod run;
#[path = "common/sides.rs"]
mod sides;

use cellwright_dae::{Bdf, BdfOptions, InitialOptions, StepOutcome, System, Tolerance, consistent_initial_conditions};
use cellwright_electrochem::depletion::TRACE;
use cellwright_electrochem::model::{BLOCK, Control, Model, TEMPERATURE};
use cellwright_electrochem::spec::{CellSpec, ElectrolyteLaw, ModelKind};

/// A state some way into a discharge, where nothing is uniform.
fn state(model: &mut Model) -> (f64, Vec<f64>, Vec<f64>) {
    let tol = Tolerance::new(1e-6, 1e-8);
    model.control = Control::Current(model.spec.current_1c);
    let mut y = model.initial_state();
    let mut yp = vec![0.0; y.len()];
    let options = InitialOptions {
        tolerance: tol.clone(),
        ..InitialOptions::default()
    };
    consistent_initial_conditions(model, 0.0, &mut y, &mut yp, &options).unwrap();
    let mut bdf = Bdf::new(model, 0.0, &y, &yp, BdfOptions::with_tolerance(tol)).unwrap();
    while !matches!(bdf.step(model, Some(300.0)).unwrap(), StepOutcome::Reached(_)) {}
    (300.0, bdf.y().to_vec(), bdf.yp().to_vec())
}

/// Concentration below which the laws of the electrolyte are continued.
fn trace(model: &Model) -> f64 {
    TRACE * model.spec.electrolyte.initial_concentration()
}

/// Typical size of every unknown.
fn scales(model: &Model, y: &[f64]) -> Vec<f64> {
    let b = model.border_offset();
    let current = model.spec.current_1c;
    (0..y.len())
        .map(|i| {
            let (_, unknown) = model.describe(i);
            match unknown {
                "salt concentration" if y[i] < 2.0 * trace(model) => trace(model),
                "salt concentration" => y[i].abs().max(1.0),
                "lithium concentration" => 1e3,
                "interface current" => {
                    let g = model.groups.iter().find(|g| g.sites.contains(&(i - model.sites_offset()))).unwrap();
                    current / g.area()
                }
                "current" => current,
                "temperature" => 10.0,
                "charge" => 1e3 * current,
                "energy" => 3e3 * current,
                "dissociated lithium" => 1e-2 * current,
                "lithium in the solid" => 0.1,
                "side reaction current" => current / model.groups[0].area(),
                "lithium taken by a side reaction" => 1e-4,
                "leaked charge" => 1e3 * current,
                _ => 0.025,
            }
            .max(if i == b { 0.025 } else { 0.0 })
        })
        .collect()
}

/// Largest deviation of `J⁻¹ (J e_k)` from `e_k` in units of the scales, with the unknowns involved.
fn worst_column(model: &mut Model, t: f64, y: &[f64], yp: &[f64], cj: f64) -> (f64, String) {
    let n = y.len();
    let scale = scales(model, y);
    // Held fixed inside an iteration: the temperature, and a concentration that cannot change.
    let dead = matches!(model.spec.electrolyte, ElectrolyteLaw::SingleIon { .. }) || model.spec.kind == ModelKind::Spm;
    let heat = model.border_offset() + TEMPERATURE;
    // Nor is, in the single-particle models, what salt does to the potential of side reactions.
    let dead = dead || model.spec.kind == ModelKind::Spme && model.groups.iter().any(|g| g.sides.is_some());
    let skip = |i: usize| i == heat || dead && model.describe(i).1 == "salt concentration";
    let skip: Vec<bool> = (0..n).map(skip).collect();
    let mut worst = (0.0, String::new());
    let (mut yy, mut pp) = (y.to_vec(), yp.to_vec());
    let (mut up, mut down, mut further) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
    for k in (0..n).filter(|k| !skip[*k]) {
        // Fourth-order differences: truncation far below 1e-5 even where potentials are steep.
        let h = 1e-3 * scale[k];
        let mut column = vec![0.0; n];
        for (factor, weight) in [(1.0, 2.0 / 3.0), (2.0, -1.0 / 12.0)] {
            for (sign, out) in [(1.0, &mut up), (-1.0, &mut down)] {
                yy[k] = y[k] + sign * factor * h;
                pp[k] = yp[k] + sign * factor * h * cj;
                model.residual(t, &yy, &pp, out).unwrap();
            }
            for (c, (u, d)) in column.iter_mut().zip(up.iter().zip(&down)) {
                *c += weight * (u - d) / h * scale[k];
            }
        }
        (yy[k], pp[k]) = (y[k], yp[k]);
        model.factor(t, y, yp, cj).unwrap();
        further.copy_from_slice(&column);
        model.solve(&mut further);
        for i in (0..n).filter(|i| !skip[*i]) {
            let e = (further[i] / scale[i] - f64::from(u8::from(i == k))).abs();
            if e > worst.0 || !e.is_finite() {
                worst = (e, format!("column {k} {:?} in row {i} {:?}", model.describe(k), model.describe(i)));
            }
        }
    }
    worst
}

fn check(name: &str, spec: CellSpec, control: Option<fn(&Model, &[f64]) -> Control>) -> Option<String> {
    let model = Model::new(CellSpec {
        resolution: cells::SMALL,
        ..spec
    });
    check_model(name, model, control)
}

fn check_model(name: &str, mut model: Model, control: Option<fn(&Model, &[f64]) -> Control>) -> Option<String> {
    let (t, mut y, yp) = state(&mut model);
    // Away from the kink where all plated lithium is gone.
    model
        .groups
        .iter()
        .filter_map(|g| g.sides.as_ref())
        .flat_map(|s| s.amounts())
        .for_each(|i| y[i] += 3e-5);
    if let Some(c) = control {
        model.control = c(&model, &y);
    }
    let mut report = None;
    for cj in [1e-2, 10.0] {
        let (error, place) = worst_column(&mut model, t, &y, &yp, cj);
        println!("{name}, cj {cj:e}: {error:.1e}");
        if error.is_nan() || error >= 1e-5 {
            report = Some(format!("{name}, cj {cj}: {error:e}, {place}"));
        }
    }
    report
}

#[test]
fn every_cell() {
    let failures: Vec<String> = cells::all()
        .into_iter()
        .filter_map(|(name, spec)| check(name, spec, None))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Around the trace of salt below which the laws are continued: a volume above it, one below it, one below nothing.
#[test]
fn every_cell_without_salt() {
    let mut failures = Vec::new();
    for (name, spec) in cells::all() {
        let mut model = Model::new(CellSpec {
            resolution: cells::SMALL,
            ..spec
        });
        if matches!(model.spec.electrolyte, ElectrolyteLaw::SingleIon { .. }) || model.spec.kind == ModelKind::Spm {
            continue;
        }
        let (t, mut y, yp) = state(&mut model);
        let trace = trace(&model);
        // The drop over half a volume beside a film would leave its interface far below nothing.
        let film = usize::from(model.groups[1].hosts.is_some() && model.groups[1].distances[0] != 0.0);
        for (k, traces) in (0..model.mesh.n_cells()).rev().skip(film).zip([-2.5, 0.6, 1.6]) {
            y[BLOCK * k] = traces * trace;
        }
        let (error, place) = worst_column(&mut model, t, &y, &yp, 1e-2);
        println!("{name}: {error:.1e}");
        if error.is_nan() || error >= 1e-5 {
            failures.push(format!("{name}: {error:e}, {place}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_mesh() {
    const METAL: [f64; 2] = [f64::INFINITY; 2];
    let mut failures = Vec::new();
    for (name, spec) in cells::all().into_iter().filter(|(_, s)| s.kind == ModelKind::Dfn) {
        let spec = CellSpec {
            resolution: cells::SMALL,
            ..spec
        };
        let wide = meshes::widened(&meshes::one(&spec), &[0.4, 0.6]);
        let mut films = wide.clone();
        for (i, f) in films.negative.iter_mut().chain(&mut films.positive).enumerate() {
            let thickness = 300e-9 * (1.0 + 0.1 * i as f64);
            f.film = Some(cellwright_device::mesh::Film { thickness, fullness: 0.9 });
        }
        failures.extend(check_model(&format!("{name}, wide"), Model::on(films, spec.clone(), METAL), None));
        let sheet = meshes::with_positive_collector(wide, 1e-6);
        failures.extend(check_model(
            &format!("{name}, on a sheet"),
            Model::on(sheet, spec.clone(), [1e9; 2]),
            None,
        ));
    }
    for electrolyte in [cells::single_ion(), cells::two_species()] {
        let spec = cells::film(electrolyte, cells::variable_diffusion(2e-15));
        let mesh = meshes::widened(&meshes::resolved(spec.area, (1.5e-6, 4), (320e-9, 5), 1.2), &[0.4, 0.6]);
        failures.extend(check_model("film in volumes", Model::on(mesh, spec, METAL), None));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Layers resist here, but their growth within an iteration is not in the matrix: an infinite conductivity leaves nothing out.
#[test]
fn every_side_reaction() {
    let failures: Vec<String> = cells::all()
        .into_iter()
        .filter_map(|(name, spec)| {
            let resolution = cells::SMALL;
            let mut model = Model::new(CellSpec { resolution, ..spec });
            model.add_side_reactions(0, sides::all());
            model.add_side_reactions(1, vec![sides::interphase(None)]);
            model.leakage = 1e-3 * model.spec.current_1c;
            check_model(&format!("{name}, ageing"), model, None)
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_control() {
    type Make = fn(&Model, &[f64]) -> Control;
    let controls: [(&str, Make); 5] = [
        ("voltage", |m, y| Control::Voltage(m.voltage(y))),
        ("ramp", |m, y| Control::Ramp {
            from: m.voltage(y),
            rate: 1e-3,
            start: 300.0,
        }),
        ("power", |m, y| Control::Power(m.voltage(y) * m.spec.current_1c)),
        ("resistance", |m, y| Control::Resistance(m.voltage(y) / m.spec.current_1c)),
        ("current ramp", |m, _| Control::CurrentRamp {
            from: m.spec.current_1c,
            rate: 1e-3,
            start: 300.0,
        }),
    ];
    let mut failures = Vec::new();
    for (cell, spec) in cells::all()
        .into_iter()
        .filter(|(n, _)| ["DFN, Marquis", "SPMe", "SPM", "film, two species", "film, single ion", "half cell"].contains(n))
    {
        for (name, control) in controls {
            failures.extend(check(&format!("{cell}, {name}"), spec.clone(), Some(control)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
