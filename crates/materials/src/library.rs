//! The shelf of materials: the embedded files, and what a user adds or overrides.

use crate::material::{Class, Material, MaterialError};
use crate::property::Property;
use crate::read::Reader;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, nearest};

/// The files of the shelf with their text, sorted by name.
const EMBEDDED: &[(&str, &str)] = &[
    ("library/Al.toml", include_str!("../library/Al.toml")),
    ("library/Al2O3.toml", include_str!("../library/Al2O3.toml")),
    ("library/Au.toml", include_str!("../library/Au.toml")),
    ("library/CNT.toml", include_str!("../library/CNT.toml")),
    ("library/Co.toml", include_str!("../library/Co.toml")),
    ("library/Cr.toml", include_str!("../library/Cr.toml")),
    ("library/Cu.toml", include_str!("../library/Cu.toml")),
    ("library/LATP.toml", include_str!("../library/LATP.toml")),
    ("library/LLZO.toml", include_str!("../library/LLZO.toml")),
    ("library/Li-Xu2019.toml", include_str!("../library/Li-Xu2019.toml")),
    ("library/Li.toml", include_str!("../library/Li.toml")),
    ("library/Li2CO3.toml", include_str!("../library/Li2CO3.toml")),
    ("library/Li2PO2N-ALD.toml", include_str!("../library/Li2PO2N-ALD.toml")),
    ("library/Li3Fe2(PO4)3.toml", include_str!("../library/Li3Fe2(PO4)3.toml")),
    (
        "library/Li3PO4-Danilov2011.toml",
        include_str!("../library/Li3PO4-Danilov2011.toml"),
    ),
    ("library/Li4Ti5O12.toml", include_str!("../library/Li4Ti5O12.toml")),
    ("library/LiClO4-EC-DEC.toml", include_str!("../library/LiClO4-EC-DEC.toml")),
    ("library/LiClO4-EC-DMC.toml", include_str!("../library/LiClO4-EC-DMC.toml")),
    ("library/LiClO4-PC.toml", include_str!("../library/LiClO4-PC.toml")),
    (
        "library/LiCoO2-Danilov2011.toml",
        include_str!("../library/LiCoO2-Danilov2011.toml"),
    ),
    (
        "library/LiCoO2-Marquis2019.toml",
        include_str!("../library/LiCoO2-Marquis2019.toml"),
    ),
    ("library/LiCoO2.toml", include_str!("../library/LiCoO2.toml")),
    ("library/LiFePO4.toml", include_str!("../library/LiFePO4.toml")),
    ("library/LiMn2O4.toml", include_str!("../library/LiMn2O4.toml")),
    ("library/LiMnO2.toml", include_str!("../library/LiMnO2.toml")),
    ("library/LiNi0.5Mn1.5O4.toml", include_str!("../library/LiNi0.5Mn1.5O4.toml")),
    ("library/LiPF6-EC-DEC.toml", include_str!("../library/LiPF6-EC-DEC.toml")),
    (
        "library/LiPF6-EC-DMC-Marquis2019.toml",
        include_str!("../library/LiPF6-EC-DMC-Marquis2019.toml"),
    ),
    ("library/LiPF6-EC-DMC.toml", include_str!("../library/LiPF6-EC-DMC.toml")),
    (
        "library/LiPF6-EC-EMC-Colclasure2020.toml",
        include_str!("../library/LiPF6-EC-EMC-Colclasure2020.toml"),
    ),
    ("library/LiPF6-EC-EMC-DMC.toml", include_str!("../library/LiPF6-EC-EMC-DMC.toml")),
    (
        "library/LiPF6-EC-EMC-Ecker2015.toml",
        include_str!("../library/LiPF6-EC-EMC-Ecker2015.toml"),
    ),
    (
        "library/LiPF6-EC-EMC-Nyman2008.toml",
        include_str!("../library/LiPF6-EC-EMC-Nyman2008.toml"),
    ),
    ("library/LiPF6-EC-EMC.toml", include_str!("../library/LiPF6-EC-EMC.toml")),
    ("library/LiPF6-EMC-FEC.toml", include_str!("../library/LiPF6-EMC-FEC.toml")),
    ("library/LiPF6-PC-EC-DMC.toml", include_str!("../library/LiPF6-PC-EC-DMC.toml")),
    ("library/LiPF6-Xu2019.toml", include_str!("../library/LiPF6-Xu2019.toml")),
    (
        "library/LiPF6-carbonate-Kim2011.toml",
        include_str!("../library/LiPF6-carbonate-Kim2011.toml"),
    ),
    ("library/LiPON-ALD.toml", include_str!("../library/LiPON-ALD.toml")),
    ("library/LiPON.toml", include_str!("../library/LiPON.toml")),
    ("library/MoO3.toml", include_str!("../library/MoO3.toml")),
    ("library/NCA.toml", include_str!("../library/NCA.toml")),
    ("library/NMC.toml", include_str!("../library/NMC.toml")),
    ("library/NMC532-Xu2019.toml", include_str!("../library/NMC532-Xu2019.toml")),
    ("library/NMC811-Chen2020.toml", include_str!("../library/NMC811-Chen2020.toml")),
    ("library/Nb2O5.toml", include_str!("../library/Nb2O5.toml")),
    ("library/Ni.toml", include_str!("../library/Ni.toml")),
    ("library/Ni5P4.toml", include_str!("../library/Ni5P4.toml")),
    ("library/NiSn.toml", include_str!("../library/NiSn.toml")),
    ("library/PEO-LiTFSI.toml", include_str!("../library/PEO-LiTFSI.toml")),
    ("library/Pt.toml", include_str!("../library/Pt.toml")),
    ("library/SU-8.toml", include_str!("../library/SU-8.toml")),
    ("library/Sb2S3.toml", include_str!("../library/Sb2S3.toml")),
    ("library/Si.toml", include_str!("../library/Si.toml")),
    ("library/Si3N4.toml", include_str!("../library/Si3N4.toml")),
    ("library/SiO2.toml", include_str!("../library/SiO2.toml")),
    ("library/Sn-Si.toml", include_str!("../library/Sn-Si.toml")),
    ("library/Sn.toml", include_str!("../library/Sn.toml")),
    ("library/Sn3N4.toml", include_str!("../library/Sn3N4.toml")),
    ("library/SnO.toml", include_str!("../library/SnO.toml")),
    ("library/SnO2.toml", include_str!("../library/SnO2.toml")),
    ("library/SnS2.toml", include_str!("../library/SnS2.toml")),
    ("library/Ti.toml", include_str!("../library/Ti.toml")),
    ("library/TiN.toml", include_str!("../library/TiN.toml")),
    ("library/TiO2-anatase.toml", include_str!("../library/TiO2-anatase.toml")),
    ("library/TiO2.toml", include_str!("../library/TiO2.toml")),
    ("library/V2O5.toml", include_str!("../library/V2O5.toml")),
    ("library/a-Si.toml", include_str!("../library/a-Si.toml")),
    ("library/carbon-foam.toml", include_str!("../library/carbon-foam.toml")),
    ("library/carbon.toml", include_str!("../library/carbon.toml")),
    ("library/gamma-LiV2O5.toml", include_str!("../library/gamma-LiV2O5.toml")),
    ("library/gel-PVDF-HFP.toml", include_str!("../library/gel-PVDF-HFP.toml")),
    ("library/glass.toml", include_str!("../library/glass.toml")),
    ("library/graphite-Chen2020.toml", include_str!("../library/graphite-Chen2020.toml")),
    (
        "library/graphite-Marquis2019.toml",
        include_str!("../library/graphite-Marquis2019.toml"),
    ),
    ("library/graphite.toml", include_str!("../library/graphite.toml")),
    ("library/ionogel.toml", include_str!("../library/ionogel.toml")),
    ("library/parylene-C.toml", include_str!("../library/parylene-C.toml")),
    ("library/photoresist.toml", include_str!("../library/photoresist.toml")),
    ("library/polyimide.toml", include_str!("../library/polyimide.toml")),
    ("library/polystyrene.toml", include_str!("../library/polystyrene.toml")),
];

/// A set of materials by name.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Library {
    materials: Vec<Material>,
}

/// A name that is not in the library.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown material `{name}`")]
pub struct UnknownMaterial {
    /// Name that was asked for.
    pub name: String,
    /// Nearest known name.
    pub suggestion: Option<String>,
}

impl UnknownMaterial {
    /// The finding E030.
    pub fn diagnostic(&self) -> Diagnostic {
        let d = Diagnostic::error(ErrorKind::Input, "E030", self.to_string()).note("list them: cellwright materials list");
        match &self.suggestion {
            Some(s) => d.help(format!("did you mean `{s}`?")),
            None => d,
        }
    }
}

impl Library {
    /// A library without materials.
    pub fn empty() -> Library {
        Library::default()
    }

    /// The materials that ship with Cellwright.
    ///
    /// # Verification
    /// `whole_library_reads_and_holds_its_promises`.
    pub fn embedded() -> Library {
        let mut library = Library::empty();
        for (file, text) in EMBEDDED {
            let read = library.insert_text(file, text);
            assert!(
                read.is_ok(),
                "invariant: embedded material files are tested: {file}: {:?}",
                read.err()
            );
        }
        library
    }

    /// All materials, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Material> {
        self.materials.iter()
    }

    /// All names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.materials.iter().map(|m| m.name.as_str())
    }

    /// The material of that name.
    ///
    /// # Errors
    /// [`UnknownMaterial`] with the nearest known name.
    pub fn get(&self, name: &str) -> Result<&Material, UnknownMaterial> {
        self.materials.iter().find(|m| m.name == name).ok_or_else(|| {
            let same = self
                .names()
                .find(|n| n.eq_ignore_ascii_case(name))
                .or_else(|| self.called(name).map(|m| m.name.as_str()));
            let begins = || {
                self.names()
                    .find(|n| n.to_ascii_lowercase().starts_with(&name.to_ascii_lowercase()) && name.len() >= 3)
            };
            let suggestion = same.or_else(|| nearest(name, self.names())).or_else(begins).map(str::to_owned);
            UnknownMaterial {
                name: name.to_owned(),
                suggestion,
            }
        })
    }

    /// The material that is also called by that word, such as `LTO`; capitals do not matter.
    pub fn called(&self, word: &str) -> Option<&Material> {
        self.materials
            .iter()
            .find(|m| m.also_called.iter().any(|c| c.eq_ignore_ascii_case(word)))
    }

    /// The property of a material, by their names.
    ///
    /// # Errors
    /// The finding E030 for an unknown material or E031 for a gap.
    pub fn property(&self, material: &str, key: &str) -> Result<&Property, Box<Diagnostic>> {
        self.get(material)
            .map_err(|e| Box::new(e.diagnostic()))?
            .require(key)
            .map_err(|e: MaterialError| Box::new(e.diagnostic()))
    }

    /// Adds a material, or replaces the one of the same name.
    pub fn insert(&mut self, material: Material) {
        match self.materials.iter_mut().find(|m| m.name == material.name) {
            Some(m) => *m = material,
            None => self.materials.push(material),
        }
        self.materials.sort_by_key(|m| m.name.to_lowercase());
    }

    /// Adds the material in a file of the library format; returns its name.
    ///
    /// # Errors
    /// All findings with their places in the file.
    pub fn insert_text(&mut self, file: &str, text: &str) -> Result<String, Vec<Diagnostic>> {
        let mut reader = Reader::new(file, text);
        let material = reader.material_file();
        let material = reader.finish(material)?;
        let name = material.name.clone();
        self.insert(material);
        Ok(name)
    }

    /// Merges the `[materials."NAME".property]` tables of a design file into the library; returns the names that changed.
    ///
    /// A table for a known material replaces the named properties and keeps the others. A new material needs a `class`, or `based_on =
    /// "..."` to start as a copy.
    /// Other tables of the file are left alone. Nothing changes if there is a finding.
    ///
    /// # Errors
    /// All findings with their places in the file.
    pub fn override_text(&mut self, file: &str, text: &str) -> Result<Vec<String>, Vec<Diagnostic>> {
        let mut reader = Reader::new(file, text);
        let changed = reader.overrides(|name, base| {
            let mut m = self.get(base.unwrap_or(name)).ok()?.clone();
            if base.is_some() {
                m.name = name.to_owned();
            }
            Some(m)
        });
        let changed = reader.finish(changed)?;
        let names = changed.iter().map(|m| m.name.clone()).collect();
        changed.into_iter().for_each(|m| self.insert(m));
        Ok(names)
    }

    /// Materials of a class.
    pub fn of_class(&self, class: Class) -> impl Iterator<Item = &Material> {
        self.materials.iter().filter(move |m| m.class == class)
    }
}
