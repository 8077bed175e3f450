//! The material library as one design sees it: the shelf, completed by the design's own values, with every film's material on it.

use super::Design;
use cellwright_base::diagnostic::{Diagnostic, Place};
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
        let unknown: Vec<Diagnostic> = names
            .filter_map(|n| library.get(&n.value).err().map(|e| placed(&e, &n.place)))
            .collect();
        if unknown.is_empty() { Ok(library) } else { Err(unknown) }
    }
}

fn placed(error: &UnknownMaterial, place: &Place) -> Diagnostic {
    error.diagnostic().at(place.clone()).label("not in the library")
}
