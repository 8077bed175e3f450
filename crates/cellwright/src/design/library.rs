//! The material library as one design sees it: the shelf, completed by the design's own values, with every film's material on it.

use super::Design;
use cellwright_base::diagnostic::{Diagnostic, Place};
use cellwright_fab::plan::{Plan, Verb};
use cellwright_materials::{Library, UnknownMaterial};

impl Design {
    /// A copy of `shelf` with the values of the design, in which every material that the design names exists.
    ///
    /// # Errors
    /// Faulty `[materials]` tables, and unknown materials (`E030`) where the design names them.
    pub fn library(&self, shelf: &Library) -> Result<Library, Vec<Diagnostic>> {
        let mut library = shelf.clone();
        if !self.materials.is_empty() {
            library.override_text(&self.file, &self.source)?;
        }
        let liquids = self.films.iter().filter_map(|f| match &f.structure {
            super::Structure::Porous(p) => p.electrolyte.as_ref(),
            super::Structure::Dense => None,
        });
        let names = self.films.iter().map(|f| &f.material).chain(liquids);
        let mut unknown: Vec<Diagnostic> = names
            .filter_map(|n| library.get(&n.value).err().map(|e| placed(&e, Some(&n.place))))
            .collect();
        for (name, place) in self.plan.iter().flat_map(plan_materials) {
            unknown.extend(library.get(name).err().map(|e| placed(&e, place)));
        }
        if unknown.is_empty() { Ok(library) } else { Err(unknown) }
    }
}

/// Materials of substrate and steps, with the place of the step.
fn plan_materials(plan: &Plan) -> Vec<(&str, Option<&Place>)> {
    let of_steps = plan.steps.iter().filter_map(|step| match &step.verb {
        Verb::Deposit(d) => Some((d.material.as_str(), step.place.as_ref())),
        Verb::Infill(i) => Some((i.material.as_str(), step.place.as_ref())),
        _ => None,
    });
    std::iter::once((plan.substrate.material.as_str(), None)).chain(of_steps).collect()
}

fn placed(error: &UnknownMaterial, place: Option<&Place>) -> Diagnostic {
    let unknown = error.diagnostic().label("not in the library");
    match place {
        Some(place) => unknown.at(place.clone()),
        None => unknown,
    }
}
