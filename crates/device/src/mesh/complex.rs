//! Volumes and contacts as a generator finds them, and the mesh that becomes of them.

use super::class::{Class, Meeting, Side};
use super::films::Films;
use super::report::{Finding, MeshError, MeshReport};
use super::sets::Sets;
use super::{BoundaryFace, ELECTROLYTE, Edge, Face, Grid, Mesh};
use crate::tape::RegionId;
use crate::vector::{Vector, add};
use std::collections::BTreeMap;

/// A mesh with what is known about its origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Meshed {
    /// The mesh.
    pub mesh: Mesh,
    /// Body of each volume.
    pub labels: Vec<RegionId>,
    /// Numbers about it.
    pub report: MeshReport,
}

/// A control volume.
#[derive(Clone, Copy, Debug)]
pub(super) struct Volume {
    pub volume: f64,
    pub label: RegionId,
    pub class: Class,
    pub bounds: [Vector; 2],
}

impl Volume {
    pub fn middle(&self) -> Vector {
        [0, 1, 2].map(|i| 0.5 * (self.bounds[0][i] + self.bounds[1][i]))
    }
}

/// An outer face.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outer {
    pub cell: usize,
    pub side: Side,
    /// Whether the reaction runs here, or electrons leave.
    pub reacts: bool,
    pub area: f64,
    pub distance: f64,
    pub place: Vector,
    /// The body behind it.
    pub behind: RegionId,
    pub film: Option<super::Film>,
    pub supply: Option<usize>,
}

/// All parts of a mesh to be.
#[derive(Clone, Debug, Default)]
pub(super) struct Complex {
    pub volumes: Vec<Volume>,
    pub faces: Vec<Face>,
    pub interfaces: Vec<Face>,
    pub outers: Vec<Outer>,
    pub report: MeshReport,
    /// Area where both electrodes touch, or bare metal touches electrolyte.
    pub shorts: BTreeMap<[RegionId; 2], (f64, Vector)>,
    pub bare: BTreeMap<RegionId, (f64, Vector)>,
}

impl Complex {
    /// Adds a face between two volumes of classes that meet.
    pub fn join(&mut self, meeting: Meeting, cells: [usize; 2], area: f64, distance: [f64; 2]) {
        let face = |cells, distance| Face { cells, area, distance };
        match meeting {
            // Electrons pass a plain face; ions find no electrolyte behind it.
            Meeting::Joined | Meeting::Supplied => self.faces.push(face(cells, distance)),
            Meeting::Interface if self.volumes[cells[0]].class == Class::Electrolyte => self.interfaces.push(face(cells, distance)),
            Meeting::Interface => self.interfaces.push(face([cells[1], cells[0]], [distance[1], distance[0]])),
            _ => {}
        }
    }

    /// An outer face, if the classes make one.
    pub fn outer(&self, meeting: Meeting, cell: usize, area: f64, distance: f64, place: Vector, behind: RegionId) -> Option<Outer> {
        let (side, reacts) = match meeting {
            Meeting::Reacting(side) => (side, true),
            Meeting::Terminal(side) => (side, false),
            _ => return None,
        };
        Some(Outer {
            cell,
            side,
            reacts,
            area,
            distance,
            place,
            behind,
            film: None,
            supply: None,
        })
    }

    /// Ends sheets on their terminals where they reach a side of the box.
    pub fn contact(&mut self, grid: &Grid, tabs: [Edge; 2]) {
        for (side, tab) in [Side::Negative, Side::Positive].into_iter().zip(tabs) {
            let (axis, end) = (tab.axis(), usize::from(tab.is_high()));
            let lines = &grid.lines[axis];
            let border = if end == 1 { lines[lines.len() - 1] } else { lines[0] };
            let outer = |(cell, v): (usize, &Volume)| {
                let width = v.bounds[1][axis] - v.bounds[0][axis];
                let mut place = v.middle();
                place[axis] = border;
                (v.class == Class::Sheet(side) && v.bounds[end][axis] == border).then_some(Outer {
                    cell,
                    side,
                    reacts: false,
                    area: v.volume / width,
                    distance: 0.5 * width,
                    place,
                    behind: v.label,
                    film: None,
                    supply: None,
                })
            };
            let tabs: Vec<Outer> = self.volumes.iter().enumerate().filter_map(outer).collect();
            self.outers.extend(tabs);
        }
    }

    /// Notes contacts that must not be, or that have no effect.
    pub fn note(&mut self, labels: [RegionId; 2], classes: [Class; 2], area: f64, place: Vector) {
        let [a, b] = classes;
        if a.meets(b) == Meeting::Short {
            let key = [labels[0].min(labels[1]), labels[0].max(labels[1])];
            self.shorts.entry(key).or_insert((0.0, place)).0 += area;
        }
        for (i, pair) in [[a, b], [b, a]].into_iter().enumerate() {
            if let [Class::Metal(_) | Class::Wiring | Class::Sheet(_), Class::Electrolyte] = pair {
                self.bare.entry(labels[i]).or_insert((0.0, place)).0 += area;
            }
        }
    }

    /// Leaves out electrolyte that no electrode touches, gives films to their faces and makes the mesh.
    pub fn finish(mut self, films: Films) -> Result<Meshed, MeshError> {
        if !self
            .volumes
            .iter()
            .any(|v| v.class == Class::Electrolyte || matches!(v.class, Class::Porous(_)))
        {
            return Err(MeshError::NoElectrolyte);
        }
        self.drop_floating()?;
        films.give(&mut self.outers, &self.volumes, &mut self.report);
        self.supplies();
        self.findings();
        let mut mesh = Mesh::default();
        let low = self.volumes.iter().map(|v| v.bounds[0][0]).fold(f64::INFINITY, f64::min);
        // An axis with one cell has no size of its own.
        let several = [0, 1, 2].map(|i| self.volumes.iter().any(|v| v.bounds[0][i] != self.volumes[0].bounds[0][i]));
        let mut sizes = [f64::INFINITY, 0.0f64];
        let mut aspect = 1.0f64;
        for v in &self.volumes {
            let region = v.class.region().unwrap_or(ELECTROLYTE);
            *self.report.volumes.entry(region).or_insert(0) += 1;
            mesh.volumes.push(v.volume);
            mesh.regions.push(region);
            mesh.position.push(v.middle()[0] - low);
            mesh.boxes.push(v.bounds);
            let sides: Vec<f64> = (0..3).filter(|i| several[*i]).map(|i| v.bounds[1][i] - v.bounds[0][i]).collect();
            let sides = if sides.is_empty() {
                (0..3).map(|i| v.bounds[1][i] - v.bounds[0][i]).collect()
            } else {
                sides
            };
            let (least, most) = (
                sides.iter().fold(f64::INFINITY, |m, s| m.min(*s)),
                sides.iter().fold(0.0f64, |m, s| m.max(*s)),
            );
            sizes = [sizes[0].min(least), sizes[1].max(most)];
            aspect = aspect.max(most / least);
        }
        (self.report.sizes, self.report.aspect) = (sizes, aspect);
        mesh.faces = self.faces;
        mesh.interfaces = self.interfaces;
        for o in &self.outers {
            let face = BoundaryFace {
                cell: o.cell,
                area: o.area,
                distance: o.distance,
                film: o.film,
                supply: o.supply,
                place: o.place,
            };
            match o.side {
                Side::Negative => mesh.negative.push(face),
                Side::Positive => mesh.positive.push(face),
            }
            self.report.hosts += usize::from(o.film.is_some());
        }
        let labels = self.volumes.iter().map(|v| v.label).collect();
        Ok(Meshed {
            mesh,
            labels,
            report: self.report,
        })
    }

    /// Which electrodes each part of the electrolyte touches.
    fn drop_floating(&mut self) -> Result<(), MeshError> {
        let n = self.volumes.len();
        let mut ionic = Sets::new(n);
        let conducts = |v: &Volume| v.class == Class::Electrolyte || matches!(v.class, Class::Porous(_));
        for f in &self.faces {
            if f.cells.iter().all(|c| conducts(&self.volumes[*c])) {
                ionic.join(f.cells[0], f.cells[1]);
            }
        }
        let mut touches: BTreeMap<usize, [bool; 2]> = BTreeMap::new();
        let mut touch = |root: usize, side: Side| touches.entry(root).or_default()[side as usize] = true;
        for (i, v) in self.volumes.iter().enumerate() {
            if let Class::Porous(side) = v.class {
                touch(ionic.root(i), side);
            }
        }
        for o in self.outers.iter().filter(|o| o.reacts) {
            touch(ionic.root(o.cell), o.side);
        }
        for f in &self.interfaces {
            if let Class::Dense(side) = self.volumes[f.cells[1]].class {
                touch(ionic.root(f.cells[0]), side);
            }
        }
        for side in [Side::Negative, Side::Positive] {
            if !touches.values().any(|t| t[side as usize]) {
                return Err(MeshError::NoReaction { side });
            }
        }
        let mut parts: BTreeMap<usize, (f64, Vector, RegionId)> = BTreeMap::new();
        for (i, v) in self.volumes.iter().enumerate().filter(|(_, v)| conducts(v)) {
            let part = parts.entry(ionic.root(i)).or_insert((0.0, [0.0; 3], v.label));
            (part.0, part.1) = (part.0 + v.volume, add(part.1, v.volume, v.middle()));
        }
        if !touches.values().any(|t| t[0] && t[1]) {
            let largest = parts
                .iter()
                .filter(|(root, _)| touches.contains_key(root))
                .max_by(|a, b| a.1.0.total_cmp(&b.1.0))
                .map_or((0, [0.0; 3]), |(_, p)| (p.2, p.1.map(|x| x / p.0)));
            return Err(MeshError::Disconnected {
                region: largest.0,
                place: largest.1,
            });
        }
        let mut kept = vec![true; n];
        for (root, (volume, sum, region)) in parts.iter().filter(|(root, _)| !touches.contains_key(root)) {
            for (i, k) in kept.iter_mut().enumerate() {
                *k &= !(conducts(&self.volumes[i]) && ionic.root(i) == *root);
            }
            self.report.findings.push(Finding::FloatingElectrolyte {
                region: *region,
                place: sum.map(|x| x / volume),
                volume: *volume,
            });
        }
        self.keep(&kept);
        Ok(())
    }

    fn keep(&mut self, kept: &[bool]) {
        if kept.iter().all(|k| *k) {
            return;
        }
        let mut number = vec![usize::MAX; kept.len()];
        let mut next = 0;
        for (i, k) in kept.iter().enumerate() {
            if *k {
                number[i] = next;
                next += 1;
            }
        }
        let volumes = std::mem::take(&mut self.volumes);
        self.volumes = volumes.into_iter().enumerate().filter(|(i, _)| kept[*i]).map(|(_, v)| v).collect();
        for faces in [&mut self.faces, &mut self.interfaces] {
            faces.retain_mut(|f| {
                f.cells = f.cells.map(|c| number[c]);
                !f.cells.contains(&usize::MAX)
            });
        }
        self.outers.retain_mut(|o| {
            o.cell = number[o.cell];
            o.supply = o.supply.map(|s| number[s]);
            o.cell != usize::MAX
        });
    }

    /// Electrons of a film come from the nearest volume of metal sheet of its side, if there is one.
    fn supplies(&mut self) {
        for side in [Side::Negative, Side::Positive] {
            let sheets: Vec<usize> = (0..self.volumes.len())
                .filter(|i| self.volumes[*i].class == Class::Sheet(side))
                .collect();
            if sheets.is_empty() {
                continue;
            }
            let tree = super::nearest::Nearest::new(sheets.iter().map(|i| self.volumes[*i].middle()).collect());
            for o in self.outers.iter_mut().filter(|o| o.side == side && o.reacts && o.supply.is_none()) {
                o.supply = tree.find(o.place).first().map(|k| sheets[*k]);
            }
        }
    }

    fn findings(&mut self) {
        for (regions, (area, place)) in &self.shorts {
            self.report.findings.push(Finding::Short {
                regions: *regions,
                place: *place,
                area: *area,
            });
        }
        for (region, (area, place)) in &self.bare {
            self.report.findings.push(Finding::BareMetal {
                region: *region,
                place: *place,
                area: *area,
            });
        }
        let electronic = |v: &Volume| matches!(v.class, Class::Porous(_) | Class::Dense(_) | Class::Sheet(_));
        let mut sets = Sets::new(self.volumes.len());
        for f in &self.faces {
            if f.cells.iter().all(|c| electronic(&self.volumes[*c])) {
                sets.join(f.cells[0], f.cells[1]);
            }
        }
        let supplied: std::collections::BTreeSet<usize> = self
            .outers
            .iter()
            .filter(|o| !o.reacts && o.supply.is_none())
            .map(|o| sets.root(o.cell))
            .collect();
        let mut lost: BTreeMap<usize, (f64, Vector, RegionId)> = BTreeMap::new();
        for (i, v) in self.volumes.iter().enumerate().filter(|(_, v)| electronic(v)) {
            if !supplied.contains(&sets.root(i)) {
                let part = lost.entry(sets.root(i)).or_insert((0.0, [0.0; 3], v.label));
                (part.0, part.1) = (part.0 + v.volume, add(part.1, v.volume, v.middle()));
            }
        }
        for (volume, sum, region) in lost.into_values() {
            self.report.findings.push(Finding::WithoutTerminal {
                region,
                place: sum.map(|x| x / volume),
                volume,
            });
        }
    }
}
