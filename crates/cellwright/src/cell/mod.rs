//! From a design to a device and to the cell that the equations see; every property that is used is written down.

mod ageing;
mod builder;
mod electrode;
mod electrolyte;
mod fingers;
mod heat;
mod made;
mod metal;
mod sheets;
mod stack;
mod surface_layer;

use crate::design::{Design, ModelKind as Wanted, Structure, roles};
use builder::{Body, Builder, Fault};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_device::Device;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::{CellSpec, Electrode, ElectrolyteLaw, ModelKind, Resolution, Separator};
use cellwright_materials::{Class, Library, Property, Provenance, key};
use std::sync::Arc;

pub use ageing::Ageing;
pub use fingers::Fingers;
pub use made::{ChipMesh, build as build_made, classes};

/// A property that enters the result.
#[derive(Clone, Debug)]
pub struct Used {
    /// Name of the material.
    pub material: String,
    /// Its symbol.
    pub symbol: String,
    /// The property.
    pub property: Property,
}

/// Everything known before the first equation is solved.
#[derive(Clone, Debug)]
pub struct Cell {
    /// What stands on the chip.
    pub device: Device,
    /// What the equations see.
    pub spec: CellSpec,
    /// Control volumes in the real geometry; `None` for a stack, whose mesh follows from `spec`.
    pub meshed: Option<Arc<ChipMesh>>,
    /// Properties that enter.
    pub used: Vec<Used>,
    /// Lithium in films of metal, mol; `None`: not counted.
    pub metal: [Option<f64>; 2],
    /// What ages in it.
    pub ageing: Ageing,
    /// Remarks: estimated or neglected things.
    pub warnings: Vec<Diagnostic>,
    /// Capacity that 1C moves in an hour, C.
    pub capacity: f64,
    /// Stoichiometries of both electrodes at full charge, where known.
    pub full: [Option<f64>; 2],
    /// Capacity of both electrodes over their usable windows, C; `None` for lithium metal and where the window is unknown.
    pub electrode_capacity: [Option<f64>; 2],
    /// Thinnest layer of lithium that the protocol makes below the surface of each electrode's material, m, where that can be told.
    pub layers: [Option<f64>; 2],
}

impl Cell {
    /// True for films on top of each other, also where the mesh follows the current along their collectors.
    pub fn is_stack(&self) -> bool {
        self.meshed.as_ref().is_none_or(|m| m.stack)
    }

    /// The model of this cell, or of a variant of it with the same geometry.
    pub fn model(&self, spec: CellSpec) -> Model {
        self.aged(match &self.meshed {
            None => Model::new(spec),
            Some(m) => Model::on(m.mesh.clone(), spec, m.collectors),
        })
    }

    /// The model for series of runs: that of a stack, or the one on the coarse mesh.
    pub fn quick_model(&self, spec: CellSpec) -> Model {
        match &self.meshed {
            None => self.model(spec),
            Some(_) => self.coarse_model(spec),
        }
    }

    /// The same on about half as many volumes a direction.
    pub fn coarse_model(&self, spec: CellSpec) -> Model {
        let spec = CellSpec {
            resolution: spec.resolution.coarsened(),
            ..spec
        };
        self.aged(match &self.meshed {
            None => Model::new(spec),
            Some(m) => Model::on(m.coarse.clone(), spec, m.collectors),
        })
    }

    fn aged(&self, mut model: Model) -> Model {
        self.ageing.add_to(&mut model);
        self.with_metal(model)
    }
}

/// Builds device and cell from a laminated design.
///
/// # Errors
/// Unknown materials, gaps (`E031`), roles that do not fit, stoichiometries out of range.
pub fn build(design: &Design, shelf: &Library) -> Result<Cell, Vec<Diagnostic>> {
    let library = design.library(shelf)?;
    let role = roles::assign(design, &library)?;
    let device = stack::device(design, &role);
    Builder::new(design, &library)
        .stack(&role, device)
        .map_err(|e| vec![with_gaps(*e, design, &library)])
}

/// A gap ends a run at the first property that is missing; the rest of what is missing for electrodes and electrolytes is told with it.
fn with_gaps(finding: Diagnostic, design: &Design, library: &Library) -> Diagnostic {
    if finding.code != "E031" {
        return finding;
    }
    let mut names: Vec<&str> = vec![];
    for film in &design.films {
        names.push(&film.material.value);
        if let Structure::Porous(porous) = &film.structure {
            names.extend(porous.electrolyte.iter().map(|e| e.value.as_str()));
        }
    }
    names.sort_unstable();
    names.dedup();
    let electrochemical = |class: Class| class == Class::Electrode || class.is_electrolyte();
    names
        .into_iter()
        .filter_map(|name| library.get(name).ok())
        .filter(|m| electrochemical(m.class))
        .map(|m| (m, m.gaps().map(|k| k.words).collect::<Vec<_>>()))
        .filter(|(_, gaps)| !gaps.is_empty())
        .fold(finding, |d, (m, gaps)| d.note(format!("gaps of {}: {}", m.name, gaps.join(", "))))
}

/// What a cell is put together from.
struct Parts {
    negative: Body,
    positive: Body,
    separator: Separator,
    electrolyte: ElectrolyteLaw,
    two_species: bool,
    /// Where to point when the negative electrode is too small.
    warned: Place,
}

impl Builder<'_> {
    fn finish(&mut self, parts: Parts, device: Device) -> Result<Cell, Fault> {
        let area = device.active_area;
        let limits = self.limits();
        let charge = limits.and_then(|c| c.state_of_charge.as_ref()).map(|s| s.value);
        let (negative, negative_capacity) = self.electrode(&parts.negative, charge, true)?;
        let (positive, positive_capacity) = self.electrode(&parts.positive, charge, false)?;
        let limiting = [negative_capacity, positive_capacity].into_iter().flatten().reduce(f64::min);
        let capacity = match (limits.and_then(|c| c.capacity.as_ref()), limiting) {
            (Some(c), _) => c.value * area,
            (None, Some(c)) => c,
            (None, None) => {
                let d = Diagnostic::error(
                    ErrorKind::Input,
                    "E055",
                    "no capacity to base C-rates on: no electrode has a known range of stoichiometry",
                )
                .help("add  capacity = \"1 mAh/cm2\"  under [cell], or give currents in A or A/cm2");
                return Err(Box::new(d));
            }
        };
        if let (Some(a), Some(b)) = (negative_capacity, positive_capacity)
            && (a < 0.9 * b)
        {
            let text = format!(
                "the negative electrode holds {} and the positive {}: lithium would be plated on full charge",
                format_quantity(a, Dimension::CAPACITY),
                format_quantity(b, Dimension::CAPACITY)
            );
            self.warnings.push(Diagnostic::warning("W205", text).at(parts.warned));
        }
        let contact = limits.and_then(|c| c.contact_resistance.as_ref()).map_or(0.0, |r| r.value / area);
        let series = limits.and_then(|c| c.series_resistance.as_ref()).map_or(0.0, |r| r.value);
        let (heat, ambient) = self.heat(&device)?;
        let porous = |e: &Electrode| matches!(e, Electrode::Porous { .. });
        let any_porous = porous(&negative) || porous(&positive);
        let kind = match self.design.model.kind {
            Wanted::Auto | Wanted::Dfn => ModelKind::Dfn,
            Wanted::Spme => ModelKind::Spme,
            Wanted::Spm => ModelKind::Spm,
        };
        if kind != ModelKind::Dfn && !any_porous {
            let d = Diagnostic::error(
                ErrorKind::Unsupported,
                "E056",
                format!("{} is a model of porous electrodes, and this cell has none", kind.as_str()),
            )
            .help("remove  kind  from [model]: a film cell needs no simplification");
            return Err(Box::new(d));
        }
        Ok(Cell {
            spec: CellSpec {
                area,
                temperature: self.design.temperature.value,
                ambient,
                negative,
                separator: parts.separator,
                positive,
                electrolyte: parts.electrolyte,
                series_resistance: contact + series,
                heat,
                kind,
                current_1c: capacity / 3600.0,
                resolution: resolution(self.design, any_porous, parts.two_species),
            },
            device,
            ageing: Ageing::default(),
            metal: [None; 2],
            meshed: None,
            used: std::mem::take(&mut self.used),
            warnings: std::mem::take(&mut self.warnings),
            capacity,
            full: [&parts.negative, &parts.positive].map(|b| self.full(&b.material)),
            electrode_capacity: [negative_capacity, positive_capacity],
            layers: [None; 2],
        })
    }
}

/// Mesh: 20 volumes per porous region; in a film cell 40 graded ones, or 120 where the electrolyte has a dissociation reaction, whose
/// layers at the interfaces are tens of nanometres thin.
fn resolution(design: &Design, porous: bool, two_species: bool) -> Resolution {
    let default = Resolution::default();
    let [n, _, p] = default.cells;
    let base = match (two_species, porous) {
        (true, _) => Resolution {
            cells: [n, 120, p],
            grading: 1.04,
            ..default
        },
        (false, true) => default,
        (false, false) => Resolution {
            cells: [n, 40, p],
            ..default
        },
    };
    let cells = design.model.cells.as_ref().map_or(base.cells, |c| [c.value; 3]);
    let modes = design.model.host_modes.as_ref().map_or(base.modes, |m| m.value);
    let shells = design.model.cells.as_ref().map_or(base.shells, |c| base.shells.max(2 * c.value));
    Resolution {
        cells,
        modes,
        shells,
        ..base
    }
}

/// Provenance of a number that the user gave on the command line or that a file brought without a source.
pub fn given(source: &str) -> Provenance {
    Provenance {
        source: source.to_owned(),
        temperature: None,
        confidence: cellwright_materials::Confidence::Assumed,
        note: String::new(),
    }
}

/// A constant property from a number.
pub fn constant(name: &str, value: f64, source: &str) -> Property {
    let key = key(name).expect("invariant: the key is one of the library's");
    Property::constant(key, value, given(source))
}
