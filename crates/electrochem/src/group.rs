//! The interface sites of one electrode: where they are, where their electrons come from, and the laws that hold there.

use crate::curve::Curve;
use crate::host_group::HostGroup;
use crate::kinetics::Kinetics;
use crate::model::{Medium, Model, POSITIVE_COLLECTOR, REGION_NEGATIVE, REGION_POSITIVE, REGION_SEPARATOR};
use crate::open_circuit::OpenCircuitPotential;
use crate::side::Sides;
use crate::spec::{ActiveMaterial, Electrode, ExchangeCurrent, ModelKind};
use cellwright_device::mesh::BoundaryFace;
use cellwright_materials::Property;
use std::ops::Range;

/// Where the electrons of a site come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Electrons {
    /// The solid phase of a control volume: the site's own in a porous electrode, another one behind a meshed film or on a collector.
    Volume(usize),
    /// The negative terminal.
    Negative,
    /// The positive terminal.
    Positive,
}

/// Prepared exchange-current density.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// A/m².
    pub curve: Curve,
    /// True when `curve` is the value at x = 0.5 that the factor of Butler–Volmer multiplies.
    pub standard: bool,
    /// Exponent of c/c_ref.
    pub order: f64,
}

/// Prepared insertion material.
#[derive(Clone, Debug)]
pub struct Active {
    /// Open-circuit potential, V.
    pub potential: OpenCircuitPotential,
    /// Temperature coefficient, V/K.
    pub entropic: Option<Curve>,
}

/// A dense electrode that is meshed itself.
#[derive(Clone, Debug)]
pub struct Dense {
    /// D(θ, T), m²/s.
    pub diffusion: Curve,
    /// Lithium concentration at stoichiometry one, mol/m³.
    pub maximum_concentration: f64,
    /// Distance from the centre of its volume to the interface, per site, m.
    pub distances: Vec<f64>,
    /// Stoichiometry at the start.
    pub initial: f64,
}

/// All interface sites of one electrode.
#[derive(Clone, Debug)]
pub struct Group {
    /// +1 for the negative electrode (anodic on discharge), -1 for the positive.
    pub sign: f64,
    /// Site numbers.
    pub sites: Range<usize>,
    /// Control volume of each site.
    pub cells: Vec<usize>,
    /// Interface area of each site, m².
    pub areas: Vec<f64>,
    /// Distance from volume centre to interface over transport efficiency, m (0 in porous electrodes).
    pub distances: Vec<f64>,
    /// Volumes that a uniform reaction is spread over, with their shares.
    pub members: Vec<(usize, f64)>,
    /// Electron side of each site.
    pub electrons: Vec<Electrons>,
    /// Exchange-current density, unless the interface is reversible.
    pub exchange: Option<Exchange>,
    /// Rate law.
    pub kinetics: Kinetics,
    /// Series area resistance at each site, ohm m².
    pub resistance: Vec<f64>,
    /// Double-layer capacitance, F/m².
    pub double_layer: f64,
    /// Insertion material; `None` for lithium metal.
    pub active: Option<Active>,
    /// Lithium hosts; `None` for lithium metal and meshed films.
    pub hosts: Option<HostGroup>,
    /// The meshed film.
    pub dense: Option<Dense>,
    /// Temperature of the entropic reference, K.
    pub reference_temperature: f64,
    /// Side reactions.
    pub sides: Option<Sides>,
}

impl Group {
    /// Whole interface area, m².
    pub fn area(&self) -> f64 {
        self.areas.iter().sum()
    }
}

/// What every site of an electrode shares.
struct Laws {
    exchange: Option<Exchange>,
    kinetics: Kinetics,
    double_layer: f64,
    active: Option<Active>,
    reference_temperature: f64,
    film_resistance: f64,
}

/// Where the sites of an electrode are.
#[derive(Default)]
struct Places {
    cells: Vec<usize>,
    areas: Vec<f64>,
    distances: Vec<f64>,
    electrons: Vec<Electrons>,
}

impl Model {
    pub(crate) fn add_groups(&mut self, isothermal: bool) {
        for negative in [true, false] {
            let group = self.group(negative, isothermal);
            self.n_sites += group.cells.len();
            self.groups.push(group);
        }
    }

    fn group(&self, negative: bool, isothermal: bool) -> Group {
        let electrode = if negative { &self.spec.negative } else { &self.spec.positive };
        let region = if negative { REGION_NEGATIVE } else { REGION_POSITIVE };
        let laws = self.laws(electrode, isothermal);
        let (places, hosts, dense, resistance, members);
        match electrode {
            Electrode::Metal { .. } => {
                (places, (hosts, dense)) = (self.at_faces(negative).0, (None, None));
                resistance = vec![laws.film_resistance; places.cells.len()];
                members = even_shares(&places.cells);
            }
            Electrode::Film {
                thickness,
                electronic_conductivity,
                active,
            } => {
                if self.mesh.regions.contains(&region) {
                    (places, hosts) = (self.at_interfaces(region), None);
                    dense = Some(self.dense(region, active, isothermal));
                    resistance = vec![laws.film_resistance; places.cells.len()];
                } else {
                    let (found, faces) = self.at_faces(negative);
                    let of = |f: &BoundaryFace| f.film.map_or((*thickness, 1.0), |film| (film.thickness, film.fullness));
                    let films: Vec<(f64, f64)> = faces.iter().map(of).collect();
                    let diffusion = Curve::new(&active.diffusion, (0.0, 1.0), self.spec.temperature, isothermal);
                    resistance = films.iter().map(|f| laws.film_resistance + f.0 / electronic_conductivity).collect();
                    hosts = Some(HostGroup::films(*thickness, &films, active, diffusion, self.spec.resolution));
                    (places, dense) = (found, None);
                }
                members = even_shares(&places.cells);
            }
            Electrode::Porous {
                area_per_volume,
                radius,
                curvature,
                active,
                ..
            } => {
                (places, members) = self.in_volumes(region, *area_per_volume);
                let diffusion = Curve::new(&active.diffusion, (0.0, 1.0), self.spec.temperature, isothermal);
                let n = places.cells.len();
                hosts = Some(HostGroup::new(n, *radius, *curvature, active, diffusion, self.spec.resolution));
                (dense, resistance) = (None, vec![laws.film_resistance; n]);
            }
        }
        Group {
            sign: if negative { 1.0 } else { -1.0 },
            sites: self.n_sites..self.n_sites + places.cells.len(),
            cells: places.cells,
            areas: places.areas,
            distances: places.distances,
            electrons: places.electrons,
            members,
            exchange: laws.exchange,
            kinetics: laws.kinetics,
            resistance,
            double_layer: laws.double_layer,
            active: laws.active,
            hosts,
            dense,
            reference_temperature: laws.reference_temperature,
            sides: None,
        }
    }

    fn laws(&self, electrode: &Electrode, isothermal: bool) -> Laws {
        let temperature = self.spec.temperature;
        let curve = |p: &Property, isothermal| Curve::new(p, (0.0, 1.0), temperature, isothermal);
        let exchange = |e: &ExchangeCurrent, metal: bool| {
            let curve = curve(&e.property, isothermal);
            Exchange {
                standard: curve.is_uniform() && !metal,
                curve,
                order: e.electrolyte_order,
            }
        };
        match electrode {
            Electrode::Metal {
                exchange_current,
                kinetics,
                double_layer,
                film_resistance,
            } => Laws {
                exchange: exchange_current.as_ref().map(|e| exchange(e, true)),
                kinetics: *kinetics,
                double_layer: *double_layer,
                active: None,
                reference_temperature: temperature,
                film_resistance: *film_resistance,
            },
            Electrode::Film { active, .. } | Electrode::Porous { active, .. } => Laws {
                exchange: Some(exchange(&active.exchange_current, false)),
                kinetics: active.kinetics,
                double_layer: active.double_layer,
                active: Some(Active {
                    potential: OpenCircuitPotential::new(curve(&active.open_circuit_potential, true), temperature),
                    entropic: active.entropic_coefficient.as_ref().map(|p| curve(p, isothermal)),
                }),
                reference_temperature: active.reference_temperature,
                film_resistance: active.film_resistance,
            },
        }
    }

    /// Sites on the outer faces of an electrode.
    fn at_faces(&self, negative: bool) -> (Places, Vec<BoundaryFace>) {
        let (faces, terminal) = if negative {
            (&self.mesh.negative, Electrons::Negative)
        } else {
            (&self.mesh.positive, Electrons::Positive)
        };
        // The single-particle model knows no electrolyte loss, not even in the half-cell at the interface.
        let within = if self.spec.kind == ModelKind::Spm { 0.0 } else { 1.0 };
        let reacting = |f: &&BoundaryFace| self.media[f.cell].has_electrolyte();
        let faces: Vec<BoundaryFace> = faces.iter().filter(reacting).copied().collect();
        let mut places = Places::default();
        for f in &faces {
            places.cells.push(f.cell);
            places.areas.push(f.area);
            places.distances.push(within * f.distance / self.efficiency[f.cell]);
            places.electrons.push(f.supply.map_or(terminal, Electrons::Volume));
        }
        (places, faces)
    }

    /// Sites between electrolyte and the volumes of a dense electrode.
    fn at_interfaces(&self, region: usize) -> Places {
        let mut places = Places::default();
        for f in self.mesh.interfaces.iter().filter(|f| self.mesh.regions[f.cells[1]] == region) {
            places.cells.push(f.cells[0]);
            places.areas.push(f.area);
            places.distances.push(f.distance[0] / self.efficiency[f.cells[0]]);
            places.electrons.push(Electrons::Volume(f.cells[1]));
        }
        places
    }

    fn dense(&self, region: usize, active: &ActiveMaterial, isothermal: bool) -> Dense {
        let of_electrode = self.mesh.interfaces.iter().filter(|f| self.mesh.regions[f.cells[1]] == region);
        Dense {
            diffusion: Curve::new(&active.diffusion, (0.0, 1.0), self.spec.temperature, isothermal),
            maximum_concentration: active.maximum_concentration,
            distances: of_electrode.map(|f| f.distance[1]).collect(),
            initial: active.initial_stoichiometry,
        }
    }

    /// Sites in the volumes of a porous electrode; one for all of them if the reaction is uniform.
    fn in_volumes(&self, region: usize, area_per_volume: f64) -> (Places, Vec<(usize, f64)>) {
        let members: Vec<usize> = (0..self.mesh.n_cells()).filter(|k| self.mesh.regions[*k] == region).collect();
        let volumes: Vec<f64> = members.iter().map(|k| self.mesh.volumes[*k]).collect();
        let whole: f64 = volumes.iter().sum();
        let shares = members.iter().zip(&volumes).map(|(k, v)| (*k, v / whole)).collect();
        let (cells, areas) = if self.spec.kind == ModelKind::Dfn {
            (members, volumes.iter().map(|v| area_per_volume * v).collect())
        } else {
            (vec![members[0]], vec![area_per_volume * whole])
        };
        let places = Places {
            distances: vec![0.0; cells.len()],
            electrons: cells.iter().map(|k| Electrons::Volume(*k)).collect(),
            cells,
            areas,
        };
        (places, shares)
    }

    /// Which medium fills each control volume, with its porosity, transport efficiency and electronic conductivity.
    pub(crate) fn fill_regions(&mut self, collectors: [f64; 2]) {
        for k in 0..self.mesh.n_cells() {
            let region = self.mesh.regions[k];
            let electrode = match region {
                REGION_NEGATIVE => Some(&self.spec.negative),
                REGION_POSITIVE => Some(&self.spec.positive),
                _ => None,
            };
            let (medium, porosity, efficiency, solid) = match electrode {
                Some(Electrode::Porous {
                    porosity,
                    transport_efficiency,
                    solid_conductivity,
                    ..
                }) => (Medium::Porous, *porosity, *transport_efficiency, *solid_conductivity),
                Some(Electrode::Film {
                    electronic_conductivity, ..
                }) => (Medium::Dense, 0.0, 1.0, electronic_conductivity.min(METAL_CONDUCTIVITY)),
                Some(Electrode::Metal { .. }) => (Medium::Metal, 0.0, 1.0, METAL_CONDUCTIVITY),
                None if region == REGION_SEPARATOR => {
                    let s = &self.spec.separator;
                    (Medium::Electrolyte, s.porosity, s.transport_efficiency, 0.0)
                }
                None => {
                    let conductivity = collectors[usize::from(region == POSITIVE_COLLECTOR)];
                    (Medium::Metal, 0.0, 1.0, conductivity)
                }
            };
            self.media[k] = medium;
            (self.porosity[k], self.efficiency[k], self.solid[k]) = (porosity, efficiency, solid);
        }
    }
}

/// Conductivity above which a solid is as good as a metal, S/m: over 10 µm at 20 A/m² it loses 0.2 µV, and more would cost digits
/// beside a solid electrolyte.
const METAL_CONDUCTIVITY: f64 = 1e3;

fn even_shares(cells: &[usize]) -> Vec<(usize, f64)> {
    cells.iter().map(|k| (*k, 1.0 / cells.len() as f64)).collect()
}
