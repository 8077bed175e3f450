//! Properties that a part of the report asks the library for: which were there, and which nobody published.

use crate::cell::Used;
use crate::prepare::Prepared;
use cellwright_materials::{Library, Property, key};

/// The library of a design, with a list of what was found in it and of what was not.
pub struct Lookup {
    /// The library with the overrides of the design.
    pub library: Library,
    /// Temperature of the cell, K.
    pub temperature: f64,
    /// Properties that were there.
    pub used: Vec<Used>,
    /// Properties that were not, in words.
    pub gaps: Vec<String>,
}

impl Lookup {
    /// Nothing looked up yet.
    pub fn new(prepared: &Prepared) -> Lookup {
        Lookup {
            library: prepared.library(),
            temperature: prepared.cell.spec.temperature,
            used: vec![],
            gaps: vec![],
        }
    }

    /// A property that may be missing.
    pub fn have(&mut self, material: &str, name: &'static str) -> Option<Property> {
        let found = self.library.get(material).ok()?;
        let property = found.get(name)?.clone();
        if !self.used.iter().any(|u| u.material == material && u.property.key == name) {
            self.used.push(Used {
                material: material.to_owned(),
                symbol: found.symbol.clone(),
                property: property.clone(),
            });
        }
        Some(property)
    }

    /// A property that is a gap if it is missing.
    pub fn need(&mut self, material: &str, name: &'static str) -> Option<Property> {
        let found = self.have(material, name);
        if found.is_none() {
            self.gaps.push(format!("{} of {material}", key(name).map_or(name, |k| k.words)));
        }
        found
    }

    /// The same as a number, SI, where it depends on temperature alone.
    pub fn number(&mut self, material: &str, name: &'static str) -> Option<f64> {
        self.need(material, name).map(|p| p.eval(0.0, self.temperature).value)
    }
}
