//! A cell in its real geometry: from a fabricated device to what the equations see, on control volumes cut out of that device.

use super::builder::{Body, Builder, Fault, Pores};
use super::{Cell, Parts};
use crate::design::Design;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_device::mesh::{Class, Classes, Mesh, MeshReport, Side};
use cellwright_device::tape::RegionId;
use cellwright_device::{Device, Layer, Porous, Role, Structure};
use cellwright_electrochem::spec::{ElectrolyteLaw, Separator};
use cellwright_fab::emulate;
use cellwright_fab::plan::Verb;
use cellwright_materials::{Class as Kind, Library};
use std::sync::Arc;

/// Exponent of the usual relation between porosity and transport through pores (Bruggeman).
const BRUGGEMAN: f64 = 1.5;

/// Control volumes of a device, all windows of the chip together: volumes and areas are those of one window times their number.
#[derive(Clone, Debug)]
pub struct ChipMesh {
    /// What is solved.
    pub mesh: Mesh,
    /// The same with about half as many volumes along every direction, for the error estimate.
    pub coarse: Mesh,
    /// Conductivities of the meshed collectors, S/m, negative first.
    pub collectors: [f64; 2],
    /// Numbers about the mesh.
    pub report: MeshReport,
    /// How many windows the chip holds.
    pub repeats: f64,
    /// How the metal of combs is followed, in words; `None` for collectors of one potential.
    pub followed: Option<String>,
    /// True for columns of a stack between resistive collectors.
    pub stack: bool,
}

/// Builds the cell of a fabricated device.
///
/// # Errors
/// Gaps of the library, electrodes that nothing joins, devices that cannot be meshed.
pub fn build(design: &Design, library: &Library, made: &emulate::Made) -> Result<Cell, Vec<Diagnostic>> {
    super::sheets::refuse_tabs(design.footprint.tabs.as_ref().map(|t| &t[0])).map_err(|e| vec![*e])?;
    let mut b = Builder::new(design, library);
    let parts = b.parts(made).map_err(|e| vec![*e])?;
    let device = device(design, made);
    let mut cell = b.finish(parts, device).map_err(|e| vec![*e])?;
    let mut b = Builder::new(design, library);
    let fingers = b.fingers(made).map_err(|e| vec![*e])?;
    match &fingers {
        Some(_) => cell.used.append(&mut b.used),
        None => cell.warnings.extend(b.ideal_metal(made, cell.capacity / 3600.0)),
    }
    let meshed = crate::mesh::of(design, library, made, &cell.spec, fingers.as_ref()).map_err(|e| vec![*e])?;
    cell.warnings.extend(crate::mesh::remarks(made, &meshed));
    b.lump_made(made, &mut cell).map_err(|e| vec![*e])?;
    b.conduct_made(made, &meshed, &mut cell).map_err(|e| vec![*e])?;
    cell.meshed = Some(Arc::new(meshed));
    Ok(cell)
}

/// What every body of the device is for the equations.
pub fn classes(library: &Library, made: &emulate::Made) -> Classes {
    let metal = |name: &str| library.get(name).is_ok_and(|m| m.class == Kind::Metal);
    let of = |role, porosity: f64, material: &str| {
        let side = if role == Role::Negative { Side::Negative } else { Side::Positive };
        match role {
            Role::Negative | Role::Positive if porosity > 0.0 => Class::Porous(side),
            Role::Negative | Role::Positive if metal(material) => Class::Electrode(side),
            Role::Negative | Role::Positive => Class::Film(side),
            Role::Electrolyte => Class::Electrolyte,
            Role::Collector => Class::Wiring,
            _ => Class::Inert,
        }
    };
    let regions = made.fabrication.regions.iter().enumerate();
    Classes(regions.map(|(i, r)| (i as RegionId, of(r.role, r.porosity, &r.material))).collect())
}

/// The device as films of the thickness that they have on an open surface.
fn device(design: &Design, made: &emulate::Made) -> Device {
    let f = &made.fabrication;
    let layers = f.inventory.items.iter().map(|item| {
        let region = &f.regions[item.region];
        let open = made.thickness.get(&(item.region as RegionId)).copied();
        Layer {
            name: region.name.clone(),
            material: region.material.clone(),
            role: region.role,
            thickness: open.unwrap_or(item.volume / f.inventory.footprint),
            technique: None,
            structure: match region.porosity {
                p if p > 0.0 => Structure::Porous(Porous {
                    porosity: p,
                    active_fraction: 1.0 - p,
                    particle_radius: 0.0,
                    transport_efficiency: p.powf(BRUGGEMAN),
                    solid_transport_efficiency: (1.0 - p).powf(BRUGGEMAN),
                    electrolyte: String::new(),
                }),
                _ => Structure::Dense,
            },
        }
    });
    Device {
        name: design.name.clone(),
        die: [design.footprint.die[0].value, design.footprint.die[1].value],
        active_area: f.inventory.footprint,
        layers: layers.collect(),
    }
}

impl Builder<'_> {
    fn parts(&mut self, made: &emulate::Made) -> Result<Parts, Fault> {
        let (negative, positive) = (self.body(made, Role::Negative)?, self.body(made, Role::Positive)?);
        let (name, place) = self.largest(made, Role::Electrolyte)?;
        let electrolyte = self.electrolyte(&name, &place)?;
        Ok(Parts {
            warned: negative.place.clone(),
            negative,
            positive,
            separator: Separator {
                thickness: 0.0,
                porosity: 1.0,
                transport_efficiency: 1.0,
                relative_permittivity: self.permittivity(&name, &place),
            },
            two_species: matches!(electrolyte, ElectrolyteLaw::TwoSpecies { .. }),
            electrolyte,
        })
    }

    /// Material of a role, which must be the only one, with the place in the design.
    fn largest(&self, made: &emulate::Made, role: Role) -> Result<(String, Place), Fault> {
        let f = &made.fabrication;
        let mut found: Vec<_> = f.inventory.items.iter().filter(|i| f.regions[i.region].role == role).collect();
        found.sort_by(|a, b| b.volume.total_cmp(&a.volume));
        let step = |i: usize| f.regions[i].step.and_then(|s| f.plan.steps[s].place.clone());
        let whole = || Place::in_source(&self.design.file, &self.design.source, 0..0);
        let Some(first) = found.first().map(|i| i.region) else {
            let d = Diagnostic::error(ErrorKind::Input, "E051", format!("the finished device has no {}", role.as_str()));
            return Err(Box::new(d.at(whole()).help(format!("a step with  role = \"{}\"", role.as_str()))));
        };
        let name = f.regions[first].material.clone();
        if let Some(other) = found.iter().map(|i| i.region).find(|i| f.regions[*i].material != name) {
            let text = format!("two materials are the {}: {name} and {}", role.as_str(), f.regions[other].material);
            let d = Diagnostic::error(ErrorKind::Unsupported, "E029", text)
                .note("a run knows one material for each electrode and one electrolyte");
            return Err(Box::new(d.at(step(other).unwrap_or_else(whole))));
        }
        Ok((name, step(first).unwrap_or_else(whole)))
    }

    /// All regions of an electrode as one body.
    fn body(&mut self, made: &emulate::Made, role: Role) -> Result<Body, Fault> {
        let f = &made.fabrication;
        let (material, place) = self.largest(made, role)?;
        let items: Vec<_> = f.inventory.items.iter().filter(|i| f.regions[i.region].role == role).collect();
        let volume = items.iter().map(|i| i.volume).sum();
        let region = items.iter().max_by(|a, b| a.volume.total_cmp(&b.volume)).map_or(0, |i| i.region);
        let porosity = f.regions[region].porosity;
        let thickness = made.thickness.get(&(region as RegionId)).copied().unwrap_or(0.0);
        let template = f.regions[region].step.and_then(|s| match &f.plan.steps[s].verb {
            Verb::Deposit(d) => d.recipe.area_per_volume,
            _ => None,
        });
        let porous = if porosity > 0.0 {
            let radius = match template {
                Some(area) => Some(3.0 * (1.0 - porosity) / area),
                None => Some(self.constant(&material, "particle_radius", &place)?),
            };
            Some(Pores {
                porosity,
                transport_efficiency: porosity.powf(BRUGGEMAN),
                solid_transport_efficiency: (1.0 - porosity).powf(BRUGGEMAN),
                active_fraction: Some(1.0 - porosity),
                particle_radius: radius,
                on_metal: template.is_some(),
            })
        } else {
            None
        };
        Ok(Body {
            name: f.regions[region].name.clone(),
            material,
            place,
            thickness,
            volume,
            porous,
            stoichiometry: None,
        })
    }
}
