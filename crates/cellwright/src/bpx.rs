//! A Battery Parameter eXchange file as a cell: its stack, its equations' view, and the state of charge to start from.

use crate::cell::{Cell, Used, constant};
use crate::prepare::Prepared;
use cellwright_base::constants::FARADAY;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_device::{Device, Layer, Porous, Role, Structure};
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::spec::{
    ActiveMaterial, CellSpec, Electrode, ElectrolyteLaw, ExchangeCurrent, ModelKind, Resolution, Separator,
};
use cellwright_materials::bpx::{BpxCell, BpxElectrode, BpxModel, StateOfCharge};
use cellwright_materials::{Material, Property};

/// Reads and prepares a BPX run.
///
/// # Errors
/// Faults of the file, of the protocol, or features that this version cannot simulate.
pub fn prepare(
    name: &str,
    bytes: &[u8],
    protocol: &str,
    kind: Option<ModelKind>,
    charge: f64,
    cells: Option<usize>,
) -> Result<Prepared, Vec<Diagnostic>> {
    let named = |d: Diagnostic| if d.place.is_none() { d.note(format!("in {name}")) } else { d };
    let file = BpxCell::from_bytes(bytes).map_err(|d| vec![named(*d)])?;
    let cell = cell(&file, kind, charge, cells).map_err(|d| vec![named(*d)])?;
    let title = if file.title.is_empty() {
        name.to_owned()
    } else {
        file.title.clone()
    };
    let text = String::from_utf8_lossy(bytes).into_owned();
    Prepared::from_cell(&title, name, &text, cell, [file.lower_voltage, file.upper_voltage], protocol)
}

type Fault = Box<Diagnostic>;

fn cell(file: &BpxCell, kind: Option<ModelKind>, charge: f64, cells: Option<usize>) -> Result<Cell, Fault> {
    let kind = model_kind(file, kind)?;
    let mut warnings = file.warnings.clone();
    for e in [&file.negative, &file.positive] {
        if e.particles.len() > 1 {
            let d = Diagnostic::error(
                ErrorKind::Unsupported,
                "E084",
                "electrodes blended of several particle kinds cannot be simulated in this version",
            )
            .label(e.particles.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", "))
            .help("keep one kind under `Particle`, or give the electrode's properties directly");
            return Err(Box::new(d));
        }
    }
    for u in &file.unsupported {
        warnings.push(Diagnostic::warning(
            "W206",
            format!("{} at `{}` is not used: {}", u.feature, u.path, u.consequence),
        ));
    }
    // 0 and 100 % are the cut-off voltages at rest; a file without a usable balance falls back on its stoichiometry limits.
    let (x_negative, x_positive) = file
        .stoichiometries(charge, StateOfCharge::Voltages)
        .or_else(|_| file.stoichiometries(charge, StateOfCharge::Stoichiometries))?;
    let area = file.total_area();
    let mut used = Vec::new();
    let negative = electrode(file, &file.negative, x_negative, kind, &mut used)?;
    let positive = electrode(file, &file.positive, x_positive, kind, &mut used)?;
    let (electrolyte, separator) = electrolyte(file, &mut used)?;
    let capacity = file.nominal_capacity;
    let spec = CellSpec {
        area,
        temperature: file.initial_temperature,
        ambient: file.ambient_temperature,
        negative,
        separator,
        positive,
        electrolyte,
        series_resistance: 0.0,
        heat: None,
        kind,
        current_1c: capacity / 3600.0,
        resolution: cells.map_or_else(Resolution::default, |n| Resolution {
            cells: [n; 3],
            ..Resolution::default()
        }),
    };
    Ok(Cell {
        ageing: crate::cell::Ageing::default(),
        metal: [None; 2],
        device: device(file, area),
        layers: [None; 2],
        electrode_capacity: [&file.negative, &file.positive].map(|e| {
            let p = &e.particles[0];
            let c_max = p.material.get("maximum_concentration")?.eval(0.5, file.reference_temperature).value;
            Some(FARADAY * c_max * (p.maximum_stoichiometry - p.minimum_stoichiometry) * p.active_fraction() * e.thickness * area)
        }),
        full: [
            Some(file.negative.particles[0].maximum_stoichiometry),
            Some(file.positive.particles[0].minimum_stoichiometry),
        ],
        spec,
        meshed: None,
        used,
        warnings,
        capacity,
    })
}

/// The model asked for, if the file can feed it; otherwise the fullest one it can.
fn model_kind(file: &BpxCell, wanted: Option<ModelKind>) -> Result<ModelKind, Fault> {
    let richest = match file.model {
        BpxModel::Spm => ModelKind::Spm,
        BpxModel::SpmE | BpxModel::Dfn => ModelKind::Dfn,
    };
    let complete = file.electrolyte.is_some() && file.separator.is_some();
    match wanted {
        None if complete => Ok(richest),
        None | Some(ModelKind::Spm) => Ok(ModelKind::Spm),
        Some(kind) if complete => Ok(kind),
        Some(kind) => {
            let d = Diagnostic::error(
                ErrorKind::Unsupported,
                "E085",
                format!("this file cannot feed the {} model", kind.as_str()),
            )
            .label("it describes no electrolyte")
            .help("add  --model SPM, or complete `Electrolyte` and `Separator`");
            Err(Box::new(d))
        }
    }
}

fn need(m: &Material, key: &str, used: &mut Vec<Used>) -> Result<Property, Fault> {
    let p = m.require(key).map_err(|e| Box::new(e.diagnostic()))?.clone();
    used.push(Used {
        material: m.name.clone(),
        symbol: m.symbol.clone(),
        property: p.clone(),
    });
    Ok(p)
}

fn electrode(file: &BpxCell, e: &BpxElectrode, initial: f64, kind: ModelKind, used: &mut Vec<Used>) -> Result<Electrode, Fault> {
    let particle = &e.particles[0];
    let m = &particle.material;
    let missing = |what: &str| {
        Box::new(Diagnostic::error(
            ErrorKind::Input,
            "E031",
            format!("`{}` has no `{what}`, which the {} model needs", particle.name, kind.as_str()),
        ))
    };
    // The single-particle model has no transport along the electrode: any value serves.
    let free = kind == ModelKind::Spm;
    let or = |v: Option<f64>, what: &str| v.or(if free { Some(1.0) } else { None }).ok_or_else(|| missing(what));
    let anodic = m
        .get("charge_transfer_coefficient")
        .map_or(0.5, |p| p.eval(0.0, file.reference_temperature).value);
    let entropic = m.get("entropic_coefficient").cloned();
    let active = ActiveMaterial {
        open_circuit_potential: need(m, "open_circuit_potential", used)?,
        entropic_coefficient: entropic,
        reference_temperature: file.reference_temperature,
        diffusion: need(m, "diffusion", used)?,
        maximum_concentration: need(m, "maximum_concentration", used)?.eval(0.5, file.reference_temperature).value,
        exchange_current: ExchangeCurrent {
            property: need(m, "exchange_current_density", used)?,
            electrolyte_order: 0.5,
        },
        kinetics: Kinetics::ButlerVolmer { anodic },
        double_layer: 0.0,
        film_resistance: 0.0,
        initial_stoichiometry: initial,
    };
    Ok(Electrode::Porous {
        thickness: e.thickness,
        porosity: or(e.porosity, "Porosity")?,
        transport_efficiency: or(e.transport_efficiency, "Transport efficiency")?,
        solid_conductivity: or(e.conductivity, "Conductivity [S.m-1]")?,
        area_per_volume: particle.surface_area_per_volume,
        radius: particle.radius,
        curvature: Curvature::Sphere,
        active,
    })
}

fn electrolyte(file: &BpxCell, used: &mut Vec<Used>) -> Result<(ElectrolyteLaw, Separator), Fault> {
    let (Some(e), Some(s)) = (&file.electrolyte, &file.separator) else {
        // Only the single-particle model gets here; it has no electrolyte equation.
        let conductivity = constant("ionic_conductivity", 1.0, "not used by the single-particle model");
        return Ok((
            ElectrolyteLaw::SingleIon { conductivity },
            Separator {
                thickness: 1e-5,
                porosity: 1.0,
                transport_efficiency: 1.0,
                relative_permittivity: 0.0,
            },
        ));
    };
    let law = ElectrolyteLaw::Concentrated {
        conductivity: need(&e.material, "conductivity", used)?,
        diffusion: need(&e.material, "diffusion", used)?,
        transference_number: need(&e.material, "transference_number", used)?,
        thermodynamic_factor: match e.material.get("thermodynamic_factor") {
            Some(p) => p.clone(),
            None => constant("thermodynamic_factor", 1.0, "ideal solution, as the BPX standard implies"),
        },
        initial_concentration: e.initial_concentration,
        reference_concentration: e.initial_concentration,
    };
    Ok((
        law,
        Separator {
            thickness: s.thickness,
            porosity: s.porosity,
            transport_efficiency: s.transport_efficiency,
            relative_permittivity: 0.0,
        },
    ))
}

fn device(file: &BpxCell, area: f64) -> Device {
    let layer = |name: &str, role, e: Option<&BpxElectrode>, thickness: f64, structure| Layer {
        name: name.to_owned(),
        material: e.map_or_else(|| "separator".to_owned(), |e| e.particles[0].name.clone()),
        role,
        thickness,
        technique: None,
        structure,
    };
    let porous = |e: &BpxElectrode| {
        Structure::Porous(Porous {
            porosity: e.porosity.unwrap_or(0.0),
            active_fraction: e.particles[0].active_fraction(),
            particle_radius: e.particles[0].radius,
            transport_efficiency: e.transport_efficiency.unwrap_or(1.0),
            solid_transport_efficiency: 1.0,
            electrolyte: String::new(),
        })
    };
    let mut layers = vec![layer(
        "negative electrode",
        Role::Negative,
        Some(&file.negative),
        file.negative.thickness,
        porous(&file.negative),
    )];
    if let Some(s) = &file.separator {
        let structure = Structure::Porous(Porous {
            porosity: s.porosity,
            active_fraction: 0.0,
            particle_radius: 0.0,
            transport_efficiency: s.transport_efficiency,
            solid_transport_efficiency: 1.0,
            electrolyte: String::new(),
        });
        layers.push(layer("separator", Role::Electrolyte, None, s.thickness, structure));
    }
    layers.push(layer(
        "positive electrode",
        Role::Positive,
        Some(&file.positive),
        file.positive.thickness,
        porous(&file.positive),
    ));
    let side = area.sqrt();
    Device {
        name: file.title.clone(),
        die: [side, side],
        active_area: area,
        layers,
    }
}
