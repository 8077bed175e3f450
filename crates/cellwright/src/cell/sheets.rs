//! The resistance of the collectors of a laminated cell: columns of the stack between two sheets, contacted along an edge.

use super::builder::{Builder, Fault};
use super::{Cell, ChipMesh};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_device::Role;
use cellwright_device::mesh::{Edge, Mesh, MeshReport, Sheet, sheets};
use cellwright_electrochem::model::Model;
use cellwright_electrochem::spec::{CellSpec, ModelKind};
use std::sync::Arc;

/// Pieces along each side where the design says nothing.
const PIECES: usize = 8;

impl Builder<'_> {
    /// Puts the collectors of a stack into its mesh if the design says where they are contacted.
    pub(super) fn resolve_collectors(&mut self, roles: &[Role], cell: &mut Cell) -> Result<(), Fault> {
        let Some(tabs) = &self.design.footprint.tabs else { return Ok(()) };
        if cell.spec.kind != ModelKind::Dfn {
            let text = format!("{} knows one dimension only", cell.spec.kind.as_str());
            return Err(unresolved(text, tabs[0].place.clone(), "remove  kind  from [model], or the tabs"));
        }
        let mut sheet = [Sheet {
            thickness: 0.0,
            tab: Edge::Left,
        }; 2];
        let mut conductivity = [0.0; 2];
        for (side, role) in [Role::Negative, Role::Positive].into_iter().enumerate() {
            let films = self.conducting(roles, role);
            if films.is_empty() {
                let text = format!("no collector lies on the {} electrode", role.as_str());
                return Err(unresolved(
                    text,
                    tabs[side].place.clone(),
                    "add a [[film]] of metal beyond it, or remove the tabs",
                ));
            }
            let mut conductance = 0.0;
            for f in films {
                let film = &self.design.films[f];
                let sigma = self.constant(&film.material.value, "electronic_conductivity", &film.material.place)?;
                sheet[side].thickness += film.thickness.value;
                conductance += sigma * film.thickness.value;
            }
            sheet[side].tab = tabs[side].value;
            conductivity[side] = conductance / sheet[side].thickness;
        }
        cell.used.append(&mut self.used);
        let sides = self.sides();
        let pieces = self.design.model.plane.as_ref().map_or(PIECES, |p| p.value);
        let coarse = CellSpec {
            resolution: cell.spec.resolution.coarsened(),
            ..cell.spec.clone()
        };
        let chip = |spec: &CellSpec, n: usize| chip(spec, sides.map(|s| vec![s / n as f64; n]), sheet);
        let mesh = chip(&cell.spec, pieces);
        cell.meshed = Some(Arc::new(ChipMesh {
            coarse: chip(&coarse, pieces.div_ceil(2).max(2)),
            collectors: conductivity,
            report: report(&mesh),
            repeats: 1.0,
            followed: None,
            stack: true,
            mesh,
        }));
        Ok(())
    }

    /// Films that carry the current of an electrode along the chip: its collector, and the electrode itself if it is a metal.
    pub(super) fn conducting(&self, roles: &[Role], role: Role) -> Vec<usize> {
        let find = |role: Role| roles.iter().position(|r| *r == role).unwrap_or(0);
        let (electrode, electrolyte) = (find(role), find(Role::Electrolyte));
        let beyond: Vec<usize> = if electrode > electrolyte {
            (electrode + 1..roles.len()).collect()
        } else {
            (0..electrode).rev().collect()
        };
        let metal = |f: usize| {
            let name = &self.design.films[f].material.value;
            self.library.get(name).is_ok_and(|m| m.class == cellwright_materials::Class::Metal)
        };
        let collector = beyond.into_iter().find(|f| roles[*f] == Role::Collector);
        collector.into_iter().chain(metal(electrode).then_some(electrode)).collect()
    }

    /// Width and depth of the overlap of both electrodes, m.
    fn sides(&self) -> [f64; 2] {
        let footprint = &self.design.footprint;
        let [a, b] = footprint.active.as_ref().unwrap_or(&footprint.die);
        [a.value, b.value]
    }
}

/// The mesh of the chip from the stack of `spec`.
fn chip(spec: &CellSpec, pieces: [Vec<f64>; 2], sheet: [Sheet; 2]) -> Mesh {
    sheets(&Model::new(spec.clone()).mesh, [&pieces[0], &pieces[1]], sheet)
}

/// Numbers about the mesh; its volumes and areas are those of the films.
fn report(mesh: &Mesh) -> MeshReport {
    let mut out = MeshReport {
        sizes: [f64::INFINITY, 0.0],
        ..MeshReport::default()
    };
    for (region, [low, high]) in mesh.regions.iter().zip(&mesh.boxes) {
        *out.volumes.entry(*region).or_default() += 1;
        let sides = [0, 1, 2].map(|i| high[i] - low[i]);
        let (least, most) = sides.iter().fold((f64::INFINITY, 0.0_f64), |(a, b), s| (a.min(*s), b.max(*s)));
        out.sizes = [out.sizes[0].min(least), out.sizes[1].max(most)];
        out.aspect = out.aspect.max(most / least);
    }
    out
}

/// Why the current cannot be followed along the collectors.
pub(super) fn unresolved(text: String, place: Place, help: &str) -> Fault {
    let d = Diagnostic::error(
        ErrorKind::Input,
        "E064",
        format!("the collectors cannot be followed along the chip: {text}"),
    );
    Box::new(d.at(place).help(help.to_owned()))
}

/// Refuses tabs where the architecture says how the electrodes are contacted.
pub(super) fn refuse_tabs(tabs: Option<&crate::design::Spanned<Edge>>) -> Result<(), Fault> {
    match tabs {
        None => Ok(()),
        Some(tab) => Err(unresolved(
            "tabs are for laminated cells".into(),
            tab.place.clone(),
            "remove  negative_tab  and  positive_tab ; combs are followed with  collectors = \"resolved\"  under [model]",
        )),
    }
}
