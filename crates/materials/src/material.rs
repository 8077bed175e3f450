//! A material: name, class and its known properties.

use crate::{keys, property::Property};
use cellwright_base::constants::{FARADAY, STANDARD_TEMPERATURE};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};

/// What a material is used for; decides which properties a model asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Lithium metal or another metal that is plated and stripped.
    Metal,
    /// Stores lithium between its atoms.
    Electrode,
    /// Salt in a liquid or gel.
    ElectrolyteLiquid,
    /// Solid in which only lithium moves.
    ElectrolyteSolidSingleIon,
    /// Solid with mobile lithium and mobile counter-charge (Danilov 2011).
    ElectrolyteSolidTwoSpecies,
    /// Carries electrons to the terminal.
    Collector,
    /// Takes no part: substrate, barrier, package.
    Inert,
}

impl Class {
    /// All classes.
    pub const ALL: [Class; 7] = [
        Class::Metal,
        Class::Electrode,
        Class::ElectrolyteLiquid,
        Class::ElectrolyteSolidSingleIon,
        Class::ElectrolyteSolidTwoSpecies,
        Class::Collector,
        Class::Inert,
    ];

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Metal => "metal",
            Class::Electrode => "electrode",
            Class::ElectrolyteLiquid => "electrolyte-liquid",
            Class::ElectrolyteSolidSingleIon => "electrolyte-solid-single-ion",
            Class::ElectrolyteSolidTwoSpecies => "electrolyte-solid-two-species",
            Class::Collector => "collector",
            Class::Inert => "inert",
        }
    }

    /// The class of a word.
    pub fn parse(word: &str) -> Option<Class> {
        Self::ALL.into_iter().find(|c| c.as_str() == word)
    }

    /// Properties that models of this class ask for; those a material lacks are its gaps.
    pub fn expected_properties(self) -> &'static [&'static str] {
        match self {
            Class::Metal => &["exchange_current_density", "density", "electronic_conductivity"],
            Class::Electrode => &[
                "open_circuit_potential",
                "diffusion",
                "maximum_concentration",
                "stoichiometry_at_full",
                "stoichiometry_at_empty",
                "exchange_current_density",
                "electronic_conductivity",
                "density",
            ],
            Class::ElectrolyteLiquid => &[
                "conductivity",
                "diffusion",
                "transference_number",
                "thermodynamic_factor",
                "reference_concentration",
            ],
            Class::ElectrolyteSolidSingleIon => &["ionic_conductivity", "residual_electronic_conductivity"],
            Class::ElectrolyteSolidTwoSpecies => &[
                "total_lithium_concentration",
                "mobile_fraction",
                "recombination_rate",
                "diffusion_cation",
                "diffusion_anion",
            ],
            Class::Collector => &["electronic_conductivity", "density"],
            Class::Inert => &["density"],
        }
    }

    /// Any of the three electrolyte classes.
    pub fn is_electrolyte(self) -> bool {
        matches!(
            self,
            Class::ElectrolyteLiquid | Class::ElectrolyteSolidSingleIon | Class::ElectrolyteSolidTwoSpecies
        )
    }
}

/// Which electrode a material usually makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Positive electrode (cathode on discharge).
    Positive,
    /// Negative electrode (anode on discharge).
    Negative,
    /// Between the electrodes.
    Electrolyte,
    /// Current collector.
    Collector,
    /// Substrate, barrier or package.
    Inert,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 5] = [Role::Positive, Role::Negative, Role::Electrolyte, Role::Collector, Role::Inert];

    /// The word used in files and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Positive => "positive",
            Role::Negative => "negative",
            Role::Electrolyte => "electrolyte",
            Role::Collector => "collector",
            Role::Inert => "inert",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Role> {
        Self::ALL.into_iter().find(|r| r.as_str() == word)
    }
}

/// A material of the library.
#[derive(Clone, Debug, PartialEq)]
pub struct Material {
    /// Name used in designs, plain ASCII, such as `LiCoO2`.
    pub name: String,
    /// Formula or name for display, with subscripts, such as `LiCoO₂`.
    pub symbol: String,
    /// One line saying what it is.
    pub title: String,
    /// Other words for it, such as `LTO`; they find it, and designs use the name.
    pub also_called: Vec<String>,
    /// What it is.
    pub class: Class,
    /// What it is usually used for.
    pub roles: Vec<Role>,
    /// Derivations and traps that concern the whole material.
    pub note: String,
    /// Where the file comes from and under which licence, if its data were copied.
    pub origin: String,
    /// Known properties, in the order of [`crate::KEYS`].
    pub properties: Vec<Property>,
}

/// A property that nobody has given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{material} has no {words}: not found in any source")]
pub struct MaterialError {
    /// Name of the material.
    pub material: String,
    /// Name of the property.
    pub key: String,
    /// The property in plain words.
    pub words: String,
    /// Unit in which to give it.
    pub unit: String,
    /// Set when the name of the property itself is unknown: the nearest known name.
    pub suggestion: Option<&'static str>,
}

impl MaterialError {
    /// The finding E031 with the lines to paste into a design.
    pub fn diagnostic(&self) -> Diagnostic {
        let example = if self.unit == "1" {
            "0.5".to_owned()
        } else {
            format!("... {}", self.unit)
        };
        let name = &self.material;
        let help = format!(
            "give one, with its source, in this design:\n[materials.\"{name}\".{}]\nvalue      = \"{example}\"\nsource     = \"doi:...\"\nconfidence = \"assumed\"",
            self.key
        );
        let mut d = Diagnostic::error(ErrorKind::Input, "E031", "no value for a property this model needs")
            .label(format!("{name}: {}: not found in any source", self.words))
            .help(help)
            .note("Cellwright never fills a gap by itself");
        if let Some(s) = self.suggestion {
            d = d.note(format!("a property with a similar name exists: `{s}`"));
        }
        d
    }
}

impl Material {
    /// An empty material, for importers.
    pub fn new(name: impl Into<String>, class: Class) -> Material {
        let name = name.into();
        Material {
            symbol: name.clone(),
            title: name.clone(),
            name,
            also_called: vec![],
            class,
            roles: vec![],
            note: String::new(),
            origin: String::new(),
            properties: vec![],
        }
    }

    /// The property of that name, if anybody has given it.
    pub fn get(&self, key: &str) -> Option<&Property> {
        self.properties.iter().find(|p| p.key == key)
    }

    /// The property of that name.
    ///
    /// # Errors
    /// [`MaterialError`] (E031) naming the gap; values are never filled in.
    pub fn require(&self, key: &str) -> Result<&Property, MaterialError> {
        self.get(key).ok_or_else(|| {
            let known = keys::key(key);
            MaterialError {
                material: self.name.clone(),
                key: key.to_owned(),
                words: known.map_or_else(|| key.to_owned(), |k| k.words.to_owned()),
                unit: known.map_or_else(|| "1".to_owned(), |k| k.unit.to_owned()),
                suggestion: if known.is_some() {
                    None
                } else {
                    nearest(key, keys::KEYS.iter().map(|k| k.name))
                },
            }
        })
    }

    /// Capacity per volume of the usable window, C/m3: specific capacity times density where both are known, else from the stoichiometries.
    ///
    /// # Equation
    /// q = q_m ρ, or q = F c_max |x_full − x_empty|
    pub fn volumetric_capacity(&self) -> Option<f64> {
        let value = |key: &str| self.get(key).map(|p| p.eval(0.5, STANDARD_TEMPERATURE).value);
        if let (Some(q), Some(d)) = (value("specific_capacity"), value("density")) {
            return Some(q * d);
        }
        let window = (value("stoichiometry_at_full")? - value("stoichiometry_at_empty")?).abs();
        Some(FARADAY * value("maximum_concentration")? * window)
    }

    /// Properties that models of its class ask for and nobody has given.
    pub fn gaps(&self) -> impl Iterator<Item = &'static keys::Key> + '_ {
        self.class
            .expected_properties()
            .iter()
            .filter(|k| self.get(k).is_none())
            .filter_map(|k| keys::key(k))
    }

    /// Adds or replaces a property.
    pub fn set(&mut self, property: Property) {
        match self.properties.iter_mut().find(|p| p.key == property.key) {
            Some(p) => *p = property,
            None => self.properties.push(property),
        }
        self.properties.sort_by_key(|p| keys::KEYS.iter().position(|k| k.name == p.key));
    }
}
