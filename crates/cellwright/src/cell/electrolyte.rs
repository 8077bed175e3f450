//! Electrolytes: the law that a material's class stands for.

use super::builder::{Builder, Fault};
use cellwright_base::constants::STANDARD_TEMPERATURE;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_electrochem::spec::ElectrolyteLaw;
use cellwright_materials::Class;

impl Builder<'_> {
    /// Relative permittivity of a solid electrolyte, where an impedance spectrum asks for it; 0 leaves displacement current out.
    pub fn permittivity(&mut self, name: &str, place: &Place) -> f64 {
        let class = self.library.get(name).map(|m| m.class);
        let solid = matches!(class, Ok(Class::ElectrolyteSolidTwoSpecies | Class::ElectrolyteSolidSingleIon));
        if !solid || !self.design.protocol.as_ref().is_some_and(|p| p.steps.measures_impedance()) {
            return 0.0;
        }
        if let Some(p) = self.have(name, "relative_permittivity") {
            return p.eval(0.0, STANDARD_TEMPERATURE).value;
        }
        let d = Diagnostic::warning(
            "W210",
            format!("no relative permittivity of {name} is known: its impedance is a plain resistance"),
        )
        .at(place.clone())
        .note("the arc of the electrolyte at the highest frequencies will be missing")
        .help(format!(
            "[materials.\"{name}\".relative_permittivity]\nvalue = 17\nsource = \"…\"\nconfidence = \"assumed\""
        ));
        self.warnings.push(d);
        0.0
    }

    pub fn electrolyte(&mut self, name: &str, place: &Place) -> Result<ElectrolyteLaw, Fault> {
        match self.material(name, place)?.class {
            Class::ElectrolyteLiquid => {
                let reference = self.constant(name, "reference_concentration", place)?;
                Ok(ElectrolyteLaw::Concentrated {
                    conductivity: self.need(name, "conductivity", place)?,
                    diffusion: self.need(name, "diffusion", place)?,
                    transference_number: self.need(name, "transference_number", place)?,
                    thermodynamic_factor: self.need(name, "thermodynamic_factor", place)?,
                    initial_concentration: reference,
                    reference_concentration: reference,
                })
            }
            Class::ElectrolyteSolidTwoSpecies => Ok(ElectrolyteLaw::TwoSpecies {
                total_lithium: self.constant(name, "total_lithium_concentration", place)?,
                mobile_fraction: self.constant(name, "mobile_fraction", place)?,
                recombination: self.need(name, "recombination_rate", place)?,
                cation: self.need(name, "diffusion_cation", place)?,
                anion: self.need(name, "diffusion_anion", place)?,
            }),
            Class::ElectrolyteSolidSingleIon => Ok(ElectrolyteLaw::SingleIon {
                conductivity: self.need(name, "ionic_conductivity", place)?,
            }),
            other => {
                let d = Diagnostic::error(ErrorKind::Input, "E058", format!("`{name}` is no electrolyte"))
                    .at(place.clone())
                    .label(format!("its class is {}", other.as_str()))
                    .help("cellwright materials list --role electrolyte");
                Err(Box::new(d))
            }
        }
    }
}
