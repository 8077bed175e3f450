//! Maps: what every control volume and every interface site of a mesh holds at a state.

use crate::model::{BLOCK, Medium, Model, REGION_NEGATIVE, REGION_POSITIVE};
use cellwright_device::mesh::BoundaryFace;
use cellwright_device::vector::Vector;

/// Fields at one state. NaN where a quantity does not exist.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// Salt concentration of each volume, mol/m³.
    pub concentration: Vec<f32>,
    /// Electrolyte potential of each volume, V; the negative terminal is at 0.
    pub electrolyte_potential: Vec<f32>,
    /// Potential of the solid of each volume, V.
    pub electrode_potential: Vec<f32>,
    /// Mean stoichiometry of each volume of an electrode: of its particles, or of the dense film itself.
    pub stoichiometry: Vec<f32>,
    /// Density of the ionic current in each volume, A/m².
    pub ionic_current: Vec<[f32; 3]>,
    /// Temperature of each volume above the mean of all at this state, K; empty without a temperature field.
    pub temperature: Vec<f32>,
    /// Mean stoichiometry behind each site.
    pub site_mean: Vec<f32>,
    /// Stoichiometry at the surface of each site.
    pub site_surface: Vec<f32>,
    /// Reaction current density of each site, A/m², anodic positive.
    pub reaction: Vec<f32>,
}

impl Map {
    /// Numbers that a map of so many volumes, sites and temperatures holds.
    pub fn len([n_volumes, n_sites, n_temperatures]: [usize; 3]) -> usize {
        7 * n_volumes + 3 * n_sites + n_temperatures
    }

    /// All numbers in a row.
    pub fn values(&self) -> impl Iterator<Item = f32> {
        let volumes = [
            &self.concentration,
            &self.electrolyte_potential,
            &self.electrode_potential,
            &self.stoichiometry,
        ];
        let sites = [&self.site_mean, &self.site_surface, &self.reaction];
        volumes
            .into_iter()
            .flatten()
            .chain(self.ionic_current.iter().flatten())
            .chain(sites.into_iter().flatten())
            .chain(&self.temperature)
            .copied()
    }

    /// The map whose [`Map::values`] these are; `None` if their number does not fit.
    pub fn from_values(shape: [usize; 3], values: &[f32]) -> Option<Map> {
        if values.len() != Map::len(shape) {
            return None;
        }
        let [n_volumes, n_sites, n_temperatures] = shape;
        let mut rest = values;
        let mut take = |n: usize| {
            let (head, tail) = rest.split_at(n);
            rest = tail;
            head.to_vec()
        };
        Some(Map {
            concentration: take(n_volumes),
            electrolyte_potential: take(n_volumes),
            electrode_potential: take(n_volumes),
            stoichiometry: take(n_volumes),
            ionic_current: take(3 * n_volumes).chunks_exact(3).map(|v| [v[0], v[1], v[2]]).collect(),
            site_mean: take(n_sites),
            site_surface: take(n_sites),
            reaction: take(n_sites),
            temperature: take(n_temperatures),
        })
    }
}

/// Where an interface site lies in the mesh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Control volume of the electrolyte at the site.
    pub cell: usize,
    /// 0 negative, 1 positive electrode.
    pub electrode: usize,
    /// Area, m².
    pub area: f64,
    /// Middle of the interface, m; in a porous electrode that of its volume.
    pub place: Vector,
    /// From the electrolyte into the electrode, of length one; zero in a porous electrode.
    pub outward: Vector,
    /// Thickness of the film behind it where that is not meshed, m.
    pub film: Option<f64>,
}

impl Model {
    /// True if the volumes have places in space: only then are there maps.
    pub fn has_maps(&self) -> bool {
        !self.mesh.boxes.is_empty()
    }

    /// Numbers of volumes, sites and temperatures of its maps.
    pub fn map_shape(&self) -> [usize; 3] {
        let n = self.mesh.n_cells();
        [n, self.n_sites(), if self.has_field() { n } else { 0 }]
    }

    /// Places of all sites, in their order; empty without maps.
    pub fn spots(&self) -> Vec<Spot> {
        if !self.has_maps() {
            return vec![];
        }
        let mut out = Vec::with_capacity(self.n_sites());
        for (electrode, g) in self.groups.iter().enumerate() {
            let (faces, region) = if electrode == 0 {
                (&self.mesh.negative, REGION_NEGATIVE)
            } else {
                (&self.mesh.positive, REGION_POSITIVE)
            };
            // The same choice and order as in the layout of the sites.
            let reacting = |f: &&BoundaryFace| self.media[f.cell].has_electrolyte();
            let mut outer = faces.iter().filter(reacting);
            let mut inner = self.mesh.interfaces.iter().filter(|f| self.mesh.regions[f.cells[1]] == region);
            for (s, &cell) in g.cells.iter().enumerate() {
                let middle = self.middle(cell);
                let (place, film) = if self.media[cell] == Medium::Porous {
                    (middle, None)
                } else if g.dense.is_some() {
                    (inner.next().map_or(middle, |f| self.between(f.cells)), None)
                } else {
                    outer
                        .next()
                        .map_or((middle, None), |f| (f.place, f.film.map(|film| film.thickness)))
                };
                let away: Vector = std::array::from_fn(|i| place[i] - middle[i]);
                let length = away.iter().map(|v| v * v).sum::<f64>().sqrt();
                out.push(Spot {
                    cell,
                    electrode,
                    area: g.areas[s],
                    place,
                    outward: if length > 0.0 { away.map(|v| v / length) } else { [0.0; 3] },
                    film,
                });
            }
        }
        out
    }

    /// The map at the state `y`; empty for stacks.
    pub fn map(&mut self, y: &[f64]) -> Map {
        if !self.has_maps() {
            return Map::default();
        }
        // A state out of bounds leaves the last good surfaces in place.
        let _ = self.surfaces(y);
        let n = self.mesh.n_cells();
        let with_c = self.electrolyte.has_concentration();
        let volume = |which: usize, there: &dyn Fn(Medium) -> bool| -> Vec<f32> {
            let value = |k: usize| {
                if there(self.media[k]) {
                    y[BLOCK * k + which] as f32
                } else {
                    f32::NAN
                }
            };
            (0..n).map(value).collect()
        };
        let mut map = Map {
            concentration: volume(0, &|m| with_c && m.has_electrolyte()),
            electrolyte_potential: volume(1, &Medium::has_electrolyte),
            electrode_potential: volume(2, &Medium::has_solid),
            stoichiometry: vec![f32::NAN; n],
            ionic_current: self.ionic_current(y),
            temperature: self.deviations(y).iter().take(n).map(|t| *t as f32).collect(),
            site_mean: vec![f32::NAN; self.n_sites()],
            site_surface: vec![f32::NAN; self.n_sites()],
            reaction: y[self.sites_offset()..self.border_offset()].iter().map(|v| *v as f32).collect(),
        };
        for (g, region) in self.groups.iter().zip([REGION_NEGATIVE, REGION_POSITIVE]) {
            if let Some(d) = &g.dense {
                for k in (0..n).filter(|k| self.mesh.regions[*k] == region) {
                    map.stoichiometry[k] = (y[BLOCK * k] / d.maximum_concentration) as f32;
                }
            }
            for (s, &cell) in g.cells.iter().enumerate() {
                let site = g.sites.start + s;
                if g.active.is_some() {
                    map.site_surface[site] = self.work.theta[site] as f32;
                }
                if let Some(h) = &g.hosts {
                    map.site_mean[site] = h.mean(y, s) as f32;
                    if self.media[cell] == Medium::Porous {
                        map.stoichiometry[cell] = map.site_mean[site];
                    }
                }
            }
        }
        map
    }

    /// Ionic current density in every volume, A/m², from what passes its faces.
    ///
    /// # Equation
    /// `i = 1/V Σ I_f (x_f - x)`: exact where the current is even, since `∫ i dV = ∮ x (i·n) dA` without sources, and those of a
    /// porous electrode have their centre in that of the volume. In a volume that a surface cuts off, whose faces span more than it
    /// holds, `Σ A_f |x_f - x|` takes the place of `V`, so that no component is larger than on the faces.
    fn ionic_current(&self, y: &[f64]) -> Vec<[f32; 3]> {
        let local = self.local(y);
        let n = self.mesh.n_cells();
        let ionic = |k: usize| self.media[k].has_electrolyte();
        let coefficients: Vec<_> = (0..n)
            .map(|k| ionic(k).then(|| self.electrolyte.coefficients(y[BLOCK * k], local.volumes[k])))
            .collect();
        let (mut moment, mut spanned) = (vec![[0.0; 3]; n], vec![[0.0f64; 3]; n]);
        let mut add = |cell: usize, place: Vector, area: f64, outflow: f64| {
            let middle = self.middle(cell);
            for i in 0..3 {
                moment[cell][i] += outflow * (place[i] - middle[i]);
                spanned[cell][i] += area * (place[i] - middle[i]).abs();
            }
        };
        for face in &self.mesh.faces {
            let [a, b] = face.cells;
            let (Some(ca), Some(cb)) = (&coefficients[a], &coefficients[b]) else {
                continue;
            };
            let current = self.ionic_flux(y, face, ca, cb).current;
            let place = self.between(face.cells);
            add(a, place, face.area, current);
            add(b, place, face.area, -current);
        }
        for (spot, j) in self.spots().iter().zip(self.site_currents(y)) {
            add(spot.cell, spot.place, spot.area, -j * spot.area);
        }
        let mean = |(k, m): (usize, &Vector)| {
            if ionic(k) {
                std::array::from_fn(|i| (m[i] / spanned[k][i].max(self.mesh.volumes[k])) as f32)
            } else {
                [f32::NAN; 3]
            }
        };
        moment.iter().enumerate().map(mean).collect()
    }

    fn middle(&self, cell: usize) -> Vector {
        let [low, high] = self.mesh.boxes[cell];
        std::array::from_fn(|i| 0.5 * (low[i] + high[i]))
    }

    /// Middle of what the boxes of two volumes share.
    fn between(&self, [a, b]: [usize; 2]) -> Vector {
        let ([la, ha], [lb, hb]) = (self.mesh.boxes[a], self.mesh.boxes[b]);
        std::array::from_fn(|i| 0.5 * (la[i].max(lb[i]) + ha[i].min(hb[i])))
    }
}
