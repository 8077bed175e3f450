//! The stack for the drawing.

use crate::prepare::Prepared;
use crate::report::data::{Device, Layer, Role};
use cellwright_device::{Role as Part, Structure};

/// Layers from the substrate up, with the areal capacity of the electrodes.
pub fn device(prepared: &Prepared) -> Device {
    let device = &prepared.cell.device;
    let area = device.active_area;
    let library = cellwright_materials::Library::embedded();
    let symbol = |name: &str| {
        let used = prepared.cell.used.iter().find(|u| u.material == name).map(|u| u.symbol.clone());
        used.or_else(|| library.get(name).ok().map(|m| m.symbol.clone()))
            .unwrap_or_else(|| name.to_owned())
    };
    let layers = device.layers.iter().map(|l| {
        let porous = matches!(l.structure, Structure::Porous(_));
        let role = match l.role {
            Part::Substrate => Role::Substrate,
            Part::Insulator => Role::Insulator,
            Part::Adhesion => Role::Other,
            Part::Collector => Role::Collector,
            Part::Negative => Role::NegativeElectrode,
            Part::Electrolyte if porous => Role::Separator,
            Part::Electrolyte => Role::Electrolyte,
            Part::Positive => Role::PositiveElectrode,
            Part::Encapsulation => Role::Encapsulation,
        };
        let capacity = match l.role {
            Part::Negative => prepared.cell.electrode_capacity[0],
            Part::Positive => prepared.cell.electrode_capacity[1],
            _ => None,
        };
        let note = match &l.structure {
            Structure::Porous(p) if p.active_fraction > 0.0 => {
                format!("{:.0} % pores, {:.0} % active", 100.0 * p.porosity, 100.0 * p.active_fraction)
            }
            Structure::Porous(p) => format!("{:.0} % pores", 100.0 * p.porosity),
            Structure::Dense => String::new(),
        };
        Layer {
            name: symbol(&l.material),
            material: l.material.clone(),
            thickness: l.thickness,
            spread: None,
            role,
            technique: l.technique.clone().unwrap_or_default(),
            areal_capacity: capacity.map(|c| c / area),
            note,
            porous,
        }
    });
    // What is not a stack is shown by its cross-section alone.
    let stacked = prepared.cell.is_stack();
    Device {
        layers: layers.filter(|_| stacked).collect(),
        die: Some(device.die),
        active: None,
        active_area: Some(area),
        lede: String::new(),
    }
}
