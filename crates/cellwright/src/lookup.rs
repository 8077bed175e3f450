//! Properties that a part of the report asks the library for: which were there, and which nobody published.

use crate::cell::Used;
use crate::prepare::Prepared;
use crate::report::number::formula;
use cellwright_electrochem::spec::ActiveMaterial;
use cellwright_materials::{Library, Property, key};
use cellwright_mechanics::elastic::Elastic;

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

    /// Symbol of a material, set as a formula.
    pub fn symbol(&self, material: &str) -> String {
        formula(self.library.get(material).map_or(material, |m| &m.symbol))
    }

    /// The elastic solid at a stoichiometry; what is missing for it is a gap.
    pub fn elastic(&mut self, material: &str, x: f64) -> Option<Elastic> {
        let (young, poisson) = (self.need(material, "youngs_modulus"), self.need(material, "poisson_ratio"));
        let at = |p: Property| p.eval(x, self.temperature).value;
        Elastic::new(at(young?), at(poisson?)).ok()
    }

    /// Volume gained from stoichiometry 0 to 1: from the partial molar volume, or from the change over the usable window.
    pub fn expansion(&mut self, material: &str, active: &ActiveMaterial) -> Option<f64> {
        let value = |p: Property, t: f64| p.eval(0.0, t).value;
        let t = self.temperature;
        if let Some(molar) = self.have(material, "molar_volume") {
            return Some(value(molar, t) * active.maximum_concentration);
        }
        let change = self.have(material, "volume_change");
        let ends = ["stoichiometry_at_full", "stoichiometry_at_empty"].map(|k| self.have(material, k));
        if let (Some(change), [Some(full), Some(empty)]) = (change, ends) {
            let window = (value(full, t) - value(empty, t)).abs();
            return (window > 0.0).then(|| value(change, t) / window);
        }
        self.need(material, "molar_volume")
            .map(|p| value(p, t) * active.maximum_concentration)
    }
}
