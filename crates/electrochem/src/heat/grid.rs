//! The volumes that heat is balanced in: those of the mesh, the layers outside, and the conductances between them.
//!
//! # Equation
//! Between two centres `G = 1/(d_a/(k_a A_a) + d_b/(k_b A_b))`, half-cells in series; towards the surroundings `1/(d/(k A) + 1/(h A_c))`.
//! The temperature at an interface with reaction is `(G_a T_a + G_b T_b)/(G_a + G_b)`, and the heat released there flows to both sides in
//! the same proportion: the interface eliminated exactly.

use super::{Conduction, Slab};
use crate::group::Electrons;
use crate::model::{Medium, Model, NEGATIVE_COLLECTOR, REGION_NEGATIVE, REGION_POSITIVE};
use crate::spec::Electrode;
use cellwright_device::mesh::Mesh;

/// Volumes across a layer of a stack.
const PIECES: usize = 6;
/// Part of the footprint of a volume that counts as open at least.
const OPEN: f64 = 1e-6;

/// Area resistance of a contact as good as none, K m²/W.
const PERFECT: f64 = 1e-12;

/// A path for heat between two volumes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path {
    pub cells: [usize; 2],
    /// W/K.
    pub conductance: f64,
}

/// Volumes of heat and what joins them. The first ones are those of the mesh.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    /// Number of volumes of the mesh.
    pub n_mesh: usize,
    /// Heat capacities, J/K.
    pub capacity: Vec<f64>,
    pub paths: Vec<Path>,
    /// Volumes with a way to the surroundings, and its conductance, W/K.
    pub outer: Vec<(usize, f64)>,
    /// Where every site is: volumes and weights.
    pub sites: Vec<[(usize, f64); 2]>,
    /// Volumes that the heat of contacts and leads goes to, with weights.
    pub contacts: Vec<(usize, f64)>,
    /// Side and number of the layer of every volume outside the mesh; `None` for the unmeshed body of an electrode.
    pub layer: Vec<Option<(usize, usize)>>,
    /// Positions along a stack, in the measure of the mesh, m; empty otherwise.
    pub position: Vec<f64>,
}

/// A volume with the resistance from its centre to the face in question, K m²/W.
#[derive(Clone, Copy)]
struct Half {
    cell: usize,
    resistance: f64,
}

impl Grid {
    pub(crate) fn new(model: &Model, law: &Conduction) -> Grid {
        let mesh = &model.mesh;
        let n = mesh.n_cells();
        let mut grid = Grid {
            n_mesh: n,
            capacity: (0..n).map(|k| law.regions[mesh.regions[k]].capacity * mesh.volumes[k]).collect(),
            ..Grid::default()
        };
        let resistivity = |k: usize| 1.0 / law.regions[mesh.regions[k]].conductivity;
        for f in mesh.faces.iter().chain(&mesh.interfaces) {
            let half = |i: usize| f.distance[i] * resistivity(f.cells[i]);
            grid.join(f.cells, f.area / (half(0) + half(1)));
        }
        let partners = if mesh.is_chain() {
            grid.stack(model, law)
        } else {
            grid.around(model, law)
        };
        grid.place_sites(model, law, &partners);
        grid
    }

    fn join(&mut self, cells: [usize; 2], conductance: f64) {
        self.paths.push(Path { cells, conductance });
    }

    fn add(&mut self, capacity: f64, layer: Option<(usize, usize)>) -> usize {
        self.capacity.push(capacity);
        self.layer.push(layer);
        self.capacity.len() - 1
    }

    /// Layers on both ends of a stack; returns what is behind the outer faces of either side.
    fn stack(&mut self, model: &Model, law: &Conduction) -> [Vec<Option<Half>>; 2] {
        let mesh = &model.mesh;
        self.position = mesh.position.clone();
        let faces = [&mesh.negative, &mesh.positive];
        let mut behind = [vec![], vec![]];
        for (side, slabs) in law.outside.iter().enumerate() {
            let Some(face) = faces[side].first() else { continue };
            let inner = face.distance / law.regions[mesh.regions[face.cell]].conductivity;
            let direction = [-1.0, 1.0][side];
            let mut at = mesh.position[face.cell] + direction * face.distance;
            // Resistance from the last centre to its outer face, K/W.
            let (mut last, mut rest) = (face.cell, inner / face.area);
            for (i, slab) in slabs.iter().enumerate() {
                let width = slab.thickness / PIECES as f64;
                let half = 0.5 * width / (slab.material.conductivity * slab.area);
                for piece in 0..PIECES {
                    let cell = self.add(slab.material.capacity * slab.area * width, Some((side, i)));
                    self.join([last, cell], 1.0 / (rest + half));
                    if i == 0 && piece == 0 {
                        let resistance = half * face.area;
                        behind[side].push(Some(Half { cell, resistance }));
                        self.contacts.push((cell, 0.5));
                    }
                    self.position.push(at + direction * 0.5 * width);
                    at += direction * width;
                    (last, rest) = (cell, half);
                }
            }
            if slabs.is_empty() {
                behind[side].push(None);
                self.contacts.push((face.cell, 0.5));
            }
            self.cool(law, side, last, rest, 1.0);
        }
        behind
    }

    /// A way from a volume to the surroundings: `rest` from its centre to its outer face (K/W), `share` of the cooled area.
    fn cool(&mut self, law: &Conduction, side: usize, cell: usize, rest: f64, share: f64) {
        let cooling = law.cooling[side];
        let transfer = cooling.coefficient * cooling.area * share;
        if transfer > 0.0 {
            self.outer.push((cell, 1.0 / (rest + 1.0 / transfer)));
        }
    }

    /// What surrounds any other mesh: unmeshed electrodes, and the layers on its low and high side.
    fn around(&mut self, model: &Model, law: &Conduction) -> [Vec<Option<Half>>; 2] {
        let mesh = &model.mesh;
        let sheets = mesh.regions.contains(&NEGATIVE_COLLECTOR);
        let whole: f64 = mesh.volumes.iter().sum();
        self.contacts = mesh.volumes.iter().enumerate().map(|(k, v)| (k, v / whole)).collect();
        let mut bodies = [None; 2];
        let mut behind = [vec![], vec![]];
        for (side, faces) in [&mesh.negative, &mesh.positive].into_iter().enumerate() {
            let electrode = [&model.spec.negative, &model.spec.positive][side];
            let film_material = law.regions[[REGION_NEGATIVE, REGION_POSITIVE][side]];
            for f in faces {
                let usual = match electrode {
                    Electrode::Film { thickness, .. } if model.media[f.cell].has_electrolyte() => *thickness,
                    _ => 0.0,
                };
                let film = f.film.map_or(usual, |film| film.thickness);
                let partner = match f.supply {
                    Some(metal) => {
                        self.capacity[metal] += film_material.capacity * film * f.area * f.film.map_or(1.0, |film| film.fullness);
                        Some(metal)
                    }
                    None if model.media[f.cell] == Medium::Metal || law.bodies[side] <= 0.0 => None,
                    None => Some(*bodies[side].get_or_insert_with(|| self.add(law.bodies[side], None))),
                };
                let half = partner.map(|cell| Half {
                    cell,
                    resistance: film / film_material.conductivity,
                });
                if let Some(half) = half {
                    let inner = f.distance.max(0.0) / law.regions[mesh.regions[f.cell]].conductivity;
                    let whole = (inner + half.resistance).max(PERFECT);
                    self.join([f.cell, half.cell], f.area / whole);
                }
                behind[side].push(half);
            }
        }
        for side in 0..2 {
            let open = open_faces(mesh, usize::from(!sheets) * 2, side);
            if sheets {
                self.columns(law, mesh, side, &open);
            } else {
                self.layers(law, mesh, side, &open, &bodies);
            }
        }
        behind
    }

    /// A column of layers on every open face, joined with those of its neighbours.
    fn columns(&mut self, law: &Conduction, mesh: &Mesh, side: usize, open: &[Open]) {
        let all: f64 = open.iter().map(|o| o.area).sum();
        let mut above: Vec<(usize, f64)> = open.iter().map(|o| (o.cell, o.half(law, mesh) / o.area)).collect();
        let mut place = vec![usize::MAX; mesh.n_cells()];
        open.iter().enumerate().for_each(|(i, o)| place[o.cell] = i);
        for (number, slab) in law.outside[side].iter().enumerate() {
            let first = self.capacity.len();
            for (o, (last, rest)) in open.iter().zip(&mut above) {
                let area = slab.area * o.area / all;
                let half = 0.5 * slab.thickness / (slab.material.conductivity * area);
                let cell = self.add(slab.material.capacity * slab.thickness * area, Some((side, number)));
                self.join([*last, cell], 1.0 / (*rest + half));
                (*last, *rest) = (cell, half);
            }
            for f in &mesh.faces {
                let [a, b] = f.cells.map(|k| place[k]);
                if a != usize::MAX && b != usize::MAX {
                    // The face of the collector, as high as the layer.
                    let area = f.area / open[a].height * slab.thickness;
                    let conductance = slab.material.conductivity * area / (f.distance[0] + f.distance[1]);
                    self.join([first + a, first + b], conductance);
                }
            }
        }
        for (o, (last, rest)) in open.iter().zip(above) {
            self.cool(law, side, last, rest, o.area / all);
        }
    }

    /// Layers of one temperature each below or above a device. What the open faces of the mesh leave of their area is covered by the
    /// bodies of the electrodes.
    fn layers(&mut self, law: &Conduction, mesh: &Mesh, side: usize, open: &[Open], bodies: &[Option<usize>; 2]) {
        let there: Vec<usize> = bodies.iter().flatten().copied().collect();
        let area = law.outside[side].first().map_or(law.cooling[side].area, |s| s.area);
        let rest = (area - open.iter().map(|o| o.area).sum::<f64>()).max(0.0);
        let mut ends: Vec<(usize, f64, f64)> = open.iter().map(|o| (o.cell, o.half(law, mesh), o.area)).collect();
        if rest > OPEN * area {
            ends.extend(there.iter().map(|body| (*body, 0.0, rest / there.len() as f64)));
        }
        let mut last = None;
        for (number, slab) in law.outside[side].iter().enumerate() {
            let half = 0.5 * slab.thickness / slab.material.conductivity;
            let cell = self.add(slab.material.capacity * slab.thickness * slab.area, Some((side, number)));
            match last {
                None => ends
                    .iter()
                    .for_each(|(end, inner, area)| self.join([*end, cell], area / (inner + half))),
                Some((inner, resistance)) => self.join([inner, cell], 1.0 / (resistance + half / slab.area)),
            }
            last = Some((cell, half / slab.area));
        }
        match last {
            Some((cell, resistance)) => self.cool(law, side, cell, resistance, 1.0),
            None => {
                let all: f64 = ends.iter().map(|e| e.2).sum();
                ends.iter()
                    .for_each(|(end, inner, area)| self.cool(law, side, *end, inner / area, area / all));
            }
        }
    }

    /// Where the heat of every site is released.
    fn place_sites(&mut self, model: &Model, law: &Conduction, behind: &[Vec<Option<Half>>; 2]) {
        let mesh = &model.mesh;
        let conductivity = |k: usize| law.regions[mesh.regions[k]].conductivity;
        for (side, g) in model.groups.iter().enumerate() {
            let (faces, region) = if side == 0 {
                (&mesh.negative, REGION_NEGATIVE)
            } else {
                (&mesh.positive, REGION_POSITIVE)
            };
            if g.dense.is_some() {
                for f in mesh.interfaces.iter().filter(|f| mesh.regions[f.cells[1]] == region) {
                    let resistance = [0, 1].map(|i| f.distance[i].max(0.0) / conductivity(f.cells[i]));
                    self.sites.push(shared(f.cells, resistance));
                }
                continue;
            }
            if g.cells.iter().zip(&g.electrons).all(|(c, e)| *e == Electrons::Volume(*c)) {
                self.sites.extend(g.cells.iter().map(|c| [(*c, 1.0), (*c, 0.0)]));
                continue;
            }
            for (f, half) in faces
                .iter()
                .zip(&behind[side])
                .filter(|(f, _)| model.media[f.cell].has_electrolyte())
            {
                let inner = f.distance.max(0.0) / conductivity(f.cell);
                self.sites.push(match half {
                    Some(half) => shared([f.cell, half.cell], [inner, half.resistance]),
                    None => [(f.cell, 1.0), (f.cell, 0.0)],
                });
            }
        }
    }

    /// Number of volumes.
    pub(crate) fn len(&self) -> usize {
        self.capacity.len()
    }
}

/// Weights of two half-cells of the given resistances.
fn shared(cells: [usize; 2], resistance: [f64; 2]) -> [(usize, f64); 2] {
    let sum = resistance[0] + resistance[1];
    if sum <= 0.0 {
        return [(cells[0], 0.5), (cells[1], 0.5)];
    }
    [(cells[0], resistance[1] / sum), (cells[1], resistance[0] / sum)]
}

/// What a volume shows to the outside on one side.
struct Open {
    cell: usize,
    area: f64,
    height: f64,
}

impl Open {
    /// Area resistance of half the volume, K m²/W.
    fn half(&self, law: &Conduction, mesh: &Mesh) -> f64 {
        0.5 * self.height / law.regions[mesh.regions[self.cell]].conductivity
    }
}

/// Volumes whose low (0) or high (1) face along `axis` is covered by nothing of the mesh.
fn open_faces(mesh: &Mesh, axis: usize, side: usize) -> Vec<Open> {
    if mesh.boxes.is_empty() {
        return vec![];
    }
    let height = |k: usize| mesh.boxes[k][1][axis] - mesh.boxes[k][0][axis];
    let mut covered = vec![0.0; mesh.n_cells()];
    for f in mesh.faces.iter().chain(&mesh.interfaces) {
        let [a, b] = f.cells;
        // The upper one of two volumes that meet in a plane across the axis.
        let tolerance = 1e-6 * height(a).min(height(b));
        for (low, high) in [(a, b), (b, a)] {
            if (mesh.boxes[low][1][axis] - mesh.boxes[high][0][axis]).abs() < tolerance {
                covered[[high, low][side]] += f.area;
            }
        }
    }
    for f in mesh.negative.iter().chain(&mesh.positive) {
        for cell in [Some(f.cell), f.supply].into_iter().flatten() {
            let plane = mesh.boxes[cell][side][axis];
            if (f.place[axis] - plane).abs() < 1e-6 * height(cell) {
                covered[cell] += f.area;
            }
        }
    }
    let open = |cell: usize| {
        let footprint = mesh.volumes[cell] / height(cell);
        let area = footprint - covered[cell];
        (area > OPEN * footprint).then_some(Open {
            cell,
            area,
            height: height(cell),
        })
    };
    (0..mesh.n_cells()).filter_map(open).collect()
}

/// Words for the layers outside, in the order of the volumes that are theirs.
pub(crate) fn name(law: &Conduction, layer: Option<(usize, usize)>) -> &str {
    layer
        .and_then(|(side, i)| law.outside[side].get(i))
        .map_or("electrode", |s: &Slab| s.name.as_str())
}
