//! Looking up properties for a cell, and writing down which were used.

use super::Used;
use crate::design::{self, Design, Spanned};
use cellwright_base::constants::STANDARD_TEMPERATURE;
use cellwright_base::diagnostic::{Diagnostic, Place};
use cellwright_materials::{Library, Material, Property};

pub(super) type Fault = Box<Diagnostic>;

/// An electrode, as a film of a stack or a region of a device.
pub(super) struct Body {
    /// Name of the film or step.
    pub name: String,
    /// Name of its material.
    pub material: String,
    /// Where the design says so.
    pub place: Place,
    /// Thickness of a film, m.
    pub thickness: f64,
    /// Volume of the whole body, m³.
    pub volume: f64,
    /// Pores and particles; `None` for a dense film.
    pub porous: Option<Pores>,
    /// Stoichiometry at the start, if the design says it.
    pub stoichiometry: Option<Spanned<f64>>,
}

/// Inner structure of a porous electrode.
pub(super) struct Pores {
    pub porosity: f64,
    pub transport_efficiency: f64,
    pub solid_transport_efficiency: f64,
    pub active_fraction: Option<f64>,
    pub particle_radius: Option<f64>,
    /// True if the active material coats a scaffold of metal, which then carries the electrons.
    pub on_metal: bool,
}

pub(super) struct Builder<'a> {
    pub design: &'a Design,
    pub library: &'a Library,
    pub used: Vec<Used>,
    pub warnings: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    pub fn new(design: &'a Design, library: &'a Library) -> Builder<'a> {
        Builder {
            design,
            library,
            used: vec![],
            warnings: vec![],
        }
    }

    /// The `[cell]` table.
    pub fn limits(&self) -> Option<&'a design::Cell> {
        self.design.cell.as_ref()
    }

    pub fn material(&self, name: &str, place: &Place) -> Result<&Material, Fault> {
        self.library.get(name).map_err(|e| Box::new(e.diagnostic().at(place.clone())))
    }

    /// A property that must be there.
    pub fn need(&mut self, name: &str, key: &str, place: &Place) -> Result<Property, Fault> {
        let material = self.material(name, place)?;
        let property = material
            .require(key)
            .map_err(|e| Box::new(e.diagnostic().at(place.clone())))?
            .clone();
        self.note(name, &property);
        Ok(property)
    }

    /// A property that may be missing.
    pub fn have(&mut self, name: &str, key: &str) -> Option<Property> {
        let property = self.library.get(name).ok()?.get(key)?.clone();
        self.note(name, &property);
        Some(property)
    }

    pub fn constant(&mut self, name: &str, key: &str, place: &Place) -> Result<f64, Fault> {
        Ok(self.need(name, key, place)?.eval(0.0, self.design.temperature.value).value)
    }

    pub fn note(&mut self, name: &str, property: &Property) {
        if !self.used.iter().any(|u| u.material == name && u.property.key == property.key) {
            let symbol = self.library.get(name).map_or(name, |m| m.symbol.as_str()).to_owned();
            self.used.push(Used {
                material: name.to_owned(),
                symbol,
                property: property.clone(),
            });
        }
    }

    /// Stoichiometry of a material at full charge; `None` for metals and where nobody gave it.
    pub fn full(&self, material: &str) -> Option<f64> {
        let material = self.library.get(material).ok()?;
        Some(material.get("stoichiometry_at_full")?.eval(0.0, STANDARD_TEMPERATURE).value)
    }
}
