//! A laminated cell: films of one footprint, one-dimensional.

use super::builder::{Body, Builder, Fault, Pores};
use super::{Cell, Parts};
use crate::design::{Design, Film, Structure as Inner};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_device::{Device, Layer, Porous, Role, Structure};
use cellwright_electrochem::spec::{ElectrolyteLaw, Separator};

pub(super) fn device(design: &Design, roles: &[Role]) -> Device {
    let layers = design.films.iter().zip(roles).map(|(f, role)| Layer {
        name: f.name.value.clone(),
        material: f.material.value.clone(),
        role: *role,
        thickness: f.thickness.value,
        technique: f.technique.as_ref().map(|t| t.value.clone()),
        structure: match &f.structure {
            Inner::Dense => Structure::Dense,
            Inner::Porous(p) => Structure::Porous(Porous {
                porosity: p.porosity.value,
                active_fraction: p.active_fraction.as_ref().map_or(0.0, |v| v.value),
                particle_radius: p.particle_radius.as_ref().map_or(0.0, |v| v.value),
                transport_efficiency: p.transport_efficiency,
                solid_transport_efficiency: p.solid_transport_efficiency,
                electrolyte: p.electrolyte.as_ref().map_or(String::new(), |e| e.value.clone()),
            }),
        },
    });
    Device {
        name: design.name.clone(),
        die: [design.footprint.die[0].value, design.footprint.die[1].value],
        active_area: design.footprint.active_area(),
        layers: layers.collect(),
    }
}

/// A film as an electrode.
fn body(film: &Film, area: f64) -> Body {
    let porous = match &film.structure {
        Inner::Dense => None,
        Inner::Porous(p) => Some(Pores {
            porosity: p.porosity.value,
            transport_efficiency: p.transport_efficiency,
            solid_transport_efficiency: p.solid_transport_efficiency,
            active_fraction: p.active_fraction.as_ref().map(|v| v.value),
            particle_radius: p.particle_radius.as_ref().map(|v| v.value),
            on_metal: false,
        }),
    };
    Body {
        name: film.name.value.clone(),
        material: film.material.value.clone(),
        place: film.material.place.clone(),
        thickness: film.thickness.value,
        volume: film.thickness.value * area,
        porous,
        stoichiometry: film.stoichiometry.clone(),
    }
}

impl Builder<'_> {
    /// The cell of a stack.
    pub(super) fn stack(&mut self, roles: &[Role], device: Device) -> Result<Cell, Fault> {
        let find = |role| roles.iter().position(|r| *r == role).map_or(0, |i| i);
        let (n, e, p) = (find(Role::Negative), find(Role::Electrolyte), find(Role::Positive));
        let area = device.active_area;
        let films = &self.design.films;
        let (separator, liquid) = self.separator(e)?;
        let electrolyte = self.electrolyte(&liquid, &films[e].material.place)?;
        let parts = Parts {
            negative: body(&films[n], area),
            positive: body(&films[p], area),
            separator,
            two_species: matches!(electrolyte, ElectrolyteLaw::TwoSpecies { .. }),
            electrolyte,
            warned: films[n].thickness.place.clone(),
        };
        let mut cell = self.finish(parts, device)?;
        self.resolve_collectors(roles, &mut cell)?;
        self.conduct_stack(roles, &mut cell)?;
        Ok(cell)
    }

    /// Separator geometry and the name of the electrolyte in the cell.
    pub(super) fn separator(&mut self, index: usize) -> Result<(Separator, String), Fault> {
        let film = &self.design.films[index];
        let thickness = film.thickness.value;
        match &film.structure {
            Inner::Dense => Ok((
                Separator {
                    thickness,
                    porosity: 1.0,
                    transport_efficiency: 1.0,
                    relative_permittivity: self.permittivity(&film.material.value, &film.material.place),
                },
                film.material.value.clone(),
            )),
            Inner::Porous(p) => {
                let separator = Separator {
                    thickness,
                    porosity: p.porosity.value,
                    transport_efficiency: p.transport_efficiency,
                    relative_permittivity: 0.0,
                };
                let is_electrolyte = self.material(&film.material.value, &film.material.place)?.class.is_electrolyte();
                let name = match &p.electrolyte {
                    Some(e) => e.value.clone(),
                    None if is_electrolyte => film.material.value.clone(),
                    None => {
                        let d = Diagnostic::error(
                            ErrorKind::Input,
                            "E057",
                            format!("nothing fills the pores of `{}`", film.name.value),
                        )
                        .at(film.place.clone())
                        .help("add  electrolyte = \"LiPF6-EC-DMC\"  to this film");
                        return Err(Box::new(d));
                    }
                };
                Ok((separator, name))
            }
        }
    }
}
