//! Electrons that leak through the electrolyte: the cell discharges itself.
//!
//! # Equation
//! `I = σ_e G U` with the residual electronic conductivity σ_e (S/m), the open-circuit voltage U (V) and the length G (m) of the body of
//! electrolyte between both electrodes: area over thickness for a film, else from `div(grad φ) = 0` in its real geometry.
//!
//! # Validity
//! Ohmic conduction with both ends blocking no electrons, which overestimates where a contact blocks. The lithium that moves with the
//! electrons ends in the other electrode: charging brings it back.

use crate::kinetics::Kinetics;
use crate::model::{Control, Model};
use crate::spec::{CellSpec, Electrode, ElectrolyteLaw, ModelKind};
use cellwright_dae::{DaeError, InitialOptions, consistent_initial_conditions};
use cellwright_device::mesh::{BoundaryFace, ELECTROLYTE, Face, Mesh, NEGATIVE, NEGATIVE_COLLECTOR};
use cellwright_materials::{Confidence, Property, Provenance, key};

/// Leakage current density through a film, A/m²: `σ_e U / L` with the conductivity in S/m, the voltage in V and the thickness in m.
pub fn current_density(conductivity: f64, voltage: f64, thickness: f64) -> f64 {
    conductivity * voltage / thickness
}

/// Length G, m, of the electrolyte between both electrodes: its conductance over its conductivity.
///
/// Pores of the electrodes take no part: the electrons are in the solid there. Metal that the electrolyte touches is an end too where it
/// is meshed.
///
/// # Errors
/// [`DaeError`] if the potential cannot be found, as where electrolyte joins nothing.
///
/// # Verification
/// `tests/leakage.rs`, `cellwright validate shelf`
pub fn length(model: &Model) -> Result<f64, DaeError> {
    let metal = || Electrode::Metal {
        exchange_current: None,
        kinetics: Kinetics::Reversible,
        film_resistance: 0.0,
        double_layer: 0.0,
    };
    let unit = Provenance {
        source: String::from("a unit"),
        temperature: None,
        confidence: Confidence::Measured,
        note: String::new(),
    };
    let key = key("ionic_conductivity").expect("invariant: a key of the library");
    let law = ElectrolyteLaw::SingleIon {
        conductivity: Property::constant(key, 1.0, unit),
    };
    let spec = CellSpec {
        negative: metal(),
        positive: metal(),
        electrolyte: law,
        series_resistance: 0.0,
        heat: None,
        kind: ModelKind::Dfn,
        ..model.spec.clone()
    };
    let mesh = between(&model.mesh);
    // A current that costs about one volt, so that tolerances mean what they say.
    let mut current = model.spec.area;
    let mut found = f64::NAN;
    for _ in 0..2 {
        let spec = CellSpec {
            current_1c: current,
            ..spec.clone()
        };
        let mut ohmic = Model::on(mesh.clone(), spec, [f64::INFINITY; 2]);
        ohmic.control = Control::Current(current);
        let mut y = ohmic.initial_state();
        let mut rates = vec![0.0; y.len()];
        consistent_initial_conditions(&mut ohmic, 0.0, &mut y, &mut rates, &InitialOptions::default())?;
        found = -current / ohmic.voltage(&y);
        current = found;
    }
    Ok(found)
}

/// The volumes of electrolyte alone; what they touch is their outer face.
fn between(mesh: &Mesh) -> Mesh {
    let kept: Vec<usize> = (0..mesh.n_cells()).filter(|k| mesh.regions[*k] == ELECTROLYTE).collect();
    let mut place = vec![usize::MAX; mesh.n_cells()];
    kept.iter().enumerate().for_each(|(new, old)| place[*old] = new);
    let pick = |values: &[f64]| kept.iter().map(|k| values[*k]).collect();
    let mut out = Mesh {
        volumes: pick(&mesh.volumes),
        regions: vec![ELECTROLYTE; kept.len()],
        position: pick(&mesh.position),
        boxes: kept.iter().filter_map(|k| mesh.boxes.get(*k).copied()).collect(),
        ..Mesh::default()
    };
    for face in mesh.faces.iter().chain(&mesh.interfaces) {
        let here = face.cells.map(|k| mesh.regions[k] == ELECTROLYTE);
        match here {
            [true, true] => out.faces.push(Face {
                cells: face.cells.map(|k| place[k]),
                ..*face
            }),
            [false, false] => {}
            _ => {
                let (inside, beyond) = if here[0] { (0, face.cells[1]) } else { (1, face.cells[0]) };
                let outer = BoundaryFace::flat(place[face.cells[inside]], face.area, face.distance[inside]);
                let side = match mesh.regions[beyond] {
                    NEGATIVE | NEGATIVE_COLLECTOR => &mut out.negative,
                    _ => &mut out.positive,
                };
                side.push(outer);
            }
        }
    }
    for (from, to) in [(&mesh.negative, &mut out.negative), (&mesh.positive, &mut out.positive)] {
        let outer = from.iter().filter(|f| mesh.regions[f.cell] == ELECTROLYTE);
        to.extend(outer.map(|f| BoundaryFace {
            cell: place[f.cell],
            film: None,
            supply: None,
            ..*f
        }));
    }
    out
}
