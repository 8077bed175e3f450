//! From a design to a device and to the cell that the equations see; every property that is used is written down.

use crate::design::{Design, ModelKind as Wanted, Structure as Inner, Thermal, roles};
use cellwright_base::constants::{FARADAY, STANDARD_TEMPERATURE};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_base::units::{Dimension, format_quantity};
use cellwright_device::{Device, Layer, Porous, Role, Structure};
use cellwright_electrochem::host::Curvature;
use cellwright_electrochem::kinetics::Kinetics;
use cellwright_electrochem::spec::{
    ActiveMaterial, CellSpec, Electrode, ElectrolyteLaw, ExchangeCurrent, LumpedHeat, ModelKind, Resolution, Separator,
};
use cellwright_materials::{Class, Library, Material, Property, Provenance, key};

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
    /// Properties that enter.
    pub used: Vec<Used>,
    /// Remarks: estimated or neglected things.
    pub warnings: Vec<Diagnostic>,
    /// Capacity that 1C moves in an hour, C.
    pub capacity: f64,
    /// Stoichiometries of both electrodes at full charge, where known.
    pub full: [Option<f64>; 2],
    /// Capacity of both electrodes over their usable windows, C; `None` for lithium metal and where the window is unknown.
    pub electrode_capacity: [Option<f64>; 2],
}

/// Builds device and cell from a design.
///
/// # Errors
/// Unknown materials, gaps (`E031`), roles that do not fit, stoichiometries out of range.
pub fn build(design: &Design, shelf: &Library) -> Result<Cell, Vec<Diagnostic>> {
    let library = design.library(shelf)?;
    let role = roles::assign(design, &library)?;
    let device = device(design, &role);
    let mut b = Builder {
        design,
        library: &library,
        used: vec![],
        warnings: vec![],
    };
    b.cell(&role, device).map_err(|e| vec![*e])
}

fn device(design: &Design, roles: &[Role]) -> Device {
    let layers = design.films.iter().zip(roles).map(|(f, role)| Layer {
        name: f.name.value.clone(),
        material: f.material.value.clone(),
        role: *role,
        thickness: f.thickness.value,
        technique: f.technique.as_ref().map(|t| t.value.clone()),
        structure: match &f.structure {
            Inner::Dense => Structure::Dense,
            Inner::Porous(p) => Structure::Porous(Porous {
                porosity: p.porosity.value,
                active_fraction: p.active_fraction.as_ref().map_or(0.0, |v| v.value),
                particle_radius: p.particle_radius.as_ref().map_or(0.0, |v| v.value),
                transport_efficiency: p.transport_efficiency,
                solid_transport_efficiency: p.solid_transport_efficiency,
                electrolyte: p.electrolyte.as_ref().map_or(String::new(), |e| e.value.clone()),
            }),
        },
    });
    Device {
        name: design.name.clone(),
        die: [design.footprint.die[0].value, design.footprint.die[1].value],
        active_area: design.footprint.active_area(),
        layers: layers.collect(),
    }
}

type Fault = Box<Diagnostic>;

struct Builder<'a> {
    design: &'a Design,
    library: &'a Library,
    used: Vec<Used>,
    warnings: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    /// The `[cell]` table.
    fn limits(&self) -> Option<&'a crate::design::Cell> {
        self.design.cell.as_ref()
    }

    fn material(&self, name: &str, place: &Place) -> Result<&Material, Fault> {
        self.library.get(name).map_err(|e| Box::new(e.diagnostic().at(place.clone())))
    }

    /// A property that must be there.
    fn need(&mut self, name: &str, key: &str, place: &Place) -> Result<Property, Fault> {
        let material = self.material(name, place)?;
        let property = material
            .require(key)
            .map_err(|e| Box::new(e.diagnostic().at(place.clone())))?
            .clone();
        self.note(name, &property);
        Ok(property)
    }

    /// A property that may be missing.
    fn have(&mut self, name: &str, key: &str) -> Option<Property> {
        let property = self.library.get(name).ok()?.get(key)?.clone();
        self.note(name, &property);
        Some(property)
    }

    fn constant(&mut self, name: &str, key: &str, place: &Place) -> Result<f64, Fault> {
        Ok(self.need(name, key, place)?.eval(0.0, self.design.temperature.value).value)
    }

    fn note(&mut self, name: &str, property: &Property) {
        if !self.used.iter().any(|u| u.material == name && u.property.key == property.key) {
            let symbol = self.library.get(name).map_or(name, |m| m.symbol.as_str()).to_owned();
            self.used.push(Used {
                material: name.to_owned(),
                symbol,
                property: property.clone(),
            });
        }
    }

    fn cell(&mut self, roles: &[Role], device: Device) -> Result<Cell, Fault> {
        let find = |role| roles.iter().position(|r| *r == role).map_or(0, |i| i);
        let (n, e, p) = (find(Role::Negative), find(Role::Electrolyte), find(Role::Positive));
        let area = device.active_area;
        let (separator, liquid_name) = self.separator(e)?;
        let electrolyte = self.electrolyte(&liquid_name, &self.design.films[e].material.place.clone())?;
        let charge = self.limits().and_then(|c| c.state_of_charge.as_ref()).map(|s| s.value);
        let (negative, negative_capacity) = self.electrode(n, area, charge, true)?;
        let (positive, positive_capacity) = self.electrode(p, area, charge, false)?;
        let limiting = [negative_capacity, positive_capacity].into_iter().flatten().reduce(f64::min);
        let capacity = match (self.limits().and_then(|c| c.capacity.as_ref()), limiting) {
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
            self.warnings
                .push(Diagnostic::warning("W205", text).at(self.design.films[n].thickness.place.clone()));
        }
        let contact = self
            .limits()
            .and_then(|c| c.contact_resistance.as_ref())
            .map_or(0.0, |r| r.value / area);
        let series = self.limits().and_then(|c| c.series_resistance.as_ref()).map_or(0.0, |r| r.value);
        let (heat, ambient) = self.heat(&device)?;
        let porous = |e: &Electrode| matches!(e, Electrode::Porous { .. });
        let two_species = matches!(electrolyte, ElectrolyteLaw::TwoSpecies { .. });
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
                separator,
                positive,
                electrolyte,
                series_resistance: contact + series,
                heat,
                kind,
                current_1c: capacity / 3600.0,
                resolution: resolution(self.design, any_porous, two_species),
            },
            device,
            used: std::mem::take(&mut self.used),
            warnings: std::mem::take(&mut self.warnings),
            capacity,
            full: [n, p].map(|i| self.full(i)),
            electrode_capacity: [negative_capacity, positive_capacity],
        })
    }

    /// Separator geometry and the name of the electrolyte in the cell.
    fn separator(&self, index: usize) -> Result<(Separator, String), Fault> {
        let film = &self.design.films[index];
        let thickness = film.thickness.value;
        match &film.structure {
            Inner::Dense => Ok((
                Separator {
                    thickness,
                    porosity: 1.0,
                    transport_efficiency: 1.0,
                },
                film.material.value.clone(),
            )),
            Inner::Porous(p) => {
                let separator = Separator {
                    thickness,
                    porosity: p.porosity.value,
                    transport_efficiency: p.transport_efficiency,
                };
                let is_electrolyte = self.material(&film.material.value, &film.material.place)?.class.is_electrolyte();
                let name = match &p.electrolyte {
                    Some(e) => e.value.clone(),
                    None if is_electrolyte => film.material.value.clone(),
                    None => {
                        let d = Diagnostic::error(
                            ErrorKind::Input,
                            "E057",
                            format!("nothing fills the pores of `{}`", film.name.value),
                        )
                        .at(film.place.clone())
                        .help("add  electrolyte = \"LiPF6-EC-DMC\"  to this film");
                        return Err(Box::new(d));
                    }
                };
                Ok((separator, name))
            }
        }
    }

    fn electrolyte(&mut self, name: &str, place: &Place) -> Result<ElectrolyteLaw, Fault> {
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

    /// The electrode and its capacity over the usable window, C.
    fn electrode(&mut self, index: usize, area: f64, charge: Option<f64>, negative: bool) -> Result<(Electrode, Option<f64>), Fault> {
        let film = &self.design.films[index];
        let (name, place) = (film.material.value.clone(), film.material.place.clone());
        let class = self.material(&name, &place)?.class;
        if class == Class::Metal {
            let exchange = self.have(&name, "exchange_current_density");
            let (exchange_current, kinetics) = match exchange {
                Some(property) => {
                    let order = self
                        .have(&name, "electrolyte_reaction_order")
                        .map_or(0.5, |p| p.eval(0.0, STANDARD_TEMPERATURE).value);
                    let anodic = self
                        .have(&name, "charge_transfer_coefficient")
                        .map_or(0.5, |p| p.eval(0.0, STANDARD_TEMPERATURE).value);
                    (
                        Some(ExchangeCurrent {
                            property,
                            electrolyte_order: order,
                        }),
                        Kinetics::ButlerVolmer { anodic },
                    )
                }
                None => {
                    let d = Diagnostic::warning(
                        "W202",
                        format!("charge transfer at {name} is neglected: no exchange-current density is known for it"),
                    )
                    .at(place.clone())
                    .help(format!(
                        "[materials.\"{name}\".exchange_current_density]\nvalue = \"1 mA/cm2\"\nsource = \"…\"\nconfidence = \"assumed\""
                    ));
                    self.warnings.push(d);
                    (None, Kinetics::Reversible)
                }
            };
            return Ok((
                Electrode::Metal {
                    exchange_current,
                    kinetics,
                    film_resistance: 0.0,
                },
                None,
            ));
        }
        let (active, window) = self.active(index, &name, &place, charge, negative)?;
        let thickness = film.thickness.value;
        let per_volume = window.map(|w| FARADAY * active.maximum_concentration * w);
        match &film.structure {
            Inner::Dense => {
                let conductivity = self
                    .have(&name, "electronic_conductivity")
                    .map(|p| p.eval(active.initial_stoichiometry, STANDARD_TEMPERATURE).value);
                let electrode = Electrode::Film {
                    thickness,
                    electronic_conductivity: conductivity.unwrap_or(f64::INFINITY),
                    active,
                };
                Ok((electrode, per_volume.map(|c| c * thickness * area)))
            }
            Inner::Porous(p) => {
                let missing = |what: &str, example: &str| {
                    let d = Diagnostic::error(
                        ErrorKind::Input,
                        "E059",
                        format!("the porous electrode `{}` needs its {what}", film.name.value),
                    )
                    .at(film.place.clone())
                    .help(format!("add  {example}  to this film"));
                    Box::new(d)
                };
                let fraction = p
                    .active_fraction
                    .as_ref()
                    .ok_or_else(|| missing("active fraction", "active_fraction = 0.6"))?
                    .value;
                let radius = p
                    .particle_radius
                    .as_ref()
                    .ok_or_else(|| missing("particle radius", "particle_radius = \"5 um\""))?
                    .value;
                let (porosity, efficiency, solid) = (p.porosity.value, p.transport_efficiency, p.solid_transport_efficiency);
                let sigma = self
                    .need(&name, "electronic_conductivity", &place)?
                    .eval(0.5, self.design.temperature.value)
                    .value;
                let electrode = Electrode::Porous {
                    thickness,
                    porosity,
                    transport_efficiency: efficiency,
                    solid_conductivity: sigma * solid,
                    area_per_volume: 3.0 * fraction / radius,
                    radius,
                    curvature: Curvature::Sphere,
                    active,
                };
                Ok((electrode, per_volume.map(|c| c * fraction * thickness * area)))
            }
        }
    }

    fn active(
        &mut self,
        index: usize,
        name: &str,
        place: &Place,
        charge: Option<f64>,
        negative: bool,
    ) -> Result<(ActiveMaterial, Option<f64>), Fault> {
        let film = &self.design.films[index];
        let full = self
            .have(name, "stoichiometry_at_full")
            .map(|p| p.eval(0.0, STANDARD_TEMPERATURE).value);
        let empty = self
            .have(name, "stoichiometry_at_empty")
            .map(|p| p.eval(0.0, STANDARD_TEMPERATURE).value);
        let initial = match (&film.stoichiometry, full, empty) {
            (Some(x), ..) => x.value,
            (None, Some(full), Some(empty)) => empty + charge.unwrap_or(1.0) * (full - empty),
            (None, None, _) => {
                self.need(name, "stoichiometry_at_full", place)?;
                1.0
            }
            (None, _, None) => {
                self.need(name, "stoichiometry_at_empty", place)?;
                1.0
            }
        };
        if !(initial > 0.0 && initial < 1.0) {
            let at = film.stoichiometry.as_ref().map_or(place, |s| &s.place);
            let d = Diagnostic::error(
                ErrorKind::OutOfRange,
                "E054",
                format!("the stoichiometry {initial} of `{}` is out of range", film.name.value),
            )
            .at(at.clone())
            .note("allowed: above 0 and below 1, in units of the maximum concentration")
            .help(if negative {
                "0.9 is a charged negative electrode"
            } else {
                "0.5 is a charged LiCoO2 electrode"
            });
            return Err(Box::new(d));
        }
        let window = full.zip(empty).map(|(a, b)| (a - b).abs());
        let potential = self.need(name, "open_circuit_potential", place)?;
        let reference_temperature = potential.provenance.temperature.unwrap_or(STANDARD_TEMPERATURE);
        let exchange = self.need(name, "exchange_current_density", place)?;
        let anodic = self
            .have(name, "charge_transfer_coefficient")
            .map_or(0.5, |p| p.eval(0.0, STANDARD_TEMPERATURE).value);
        // Butler–Volmer with c₊^α_a unless the material says otherwise; without effect in single-ion conductors.
        let order = self
            .have(name, "electrolyte_reaction_order")
            .map_or(1.0 - anodic, |p| p.eval(0.0, STANDARD_TEMPERATURE).value);
        let active = ActiveMaterial {
            open_circuit_potential: potential,
            entropic_coefficient: self.have(name, "entropic_coefficient"),
            reference_temperature,
            diffusion: self.need(name, "diffusion", place)?,
            maximum_concentration: self.constant(name, "maximum_concentration", place)?,
            exchange_current: ExchangeCurrent {
                property: exchange,
                electrolyte_order: order,
            },
            kinetics: Kinetics::ButlerVolmer { anodic },
            double_layer: self.double_layer(name, place)?,
            film_resistance: 0.0,
            initial_stoichiometry: initial,
        };
        Ok((active, window))
    }

    /// Double-layer capacitance if the design asks for it, F/m².
    fn double_layer(&mut self, name: &str, place: &Place) -> Result<f64, Fault> {
        if !self.design.model.double_layer {
            return Ok(0.0);
        }
        Ok(self
            .need(name, "double_layer_capacitance", place)?
            .eval(0.0, STANDARD_TEMPERATURE)
            .value)
    }

    /// Stoichiometry of the electrode film `index` at full charge; `None` for metals and where nobody gave it.
    fn full(&self, index: usize) -> Option<f64> {
        let material = self.library.get(&self.design.films[index].material.value).ok()?;
        Some(material.get("stoichiometry_at_full")?.eval(0.0, STANDARD_TEMPERATURE).value)
    }

    fn heat(&mut self, device: &Device) -> Result<(Option<LumpedHeat>, f64), Fault> {
        let Thermal::Lumped {
            ambient,
            heat_transfer,
            area,
            heat_capacity,
        } = &self.design.thermal
        else {
            return Ok((None, self.design.temperature.value));
        };
        let total = match heat_capacity {
            Some(c) => c.value,
            None => {
                let mut sum = 0.0;
                for (film, layer) in self.design.films.iter().zip(&device.layers) {
                    let (name, place) = (&film.material.value, &film.material.place);
                    let density = self.constant(name, "density", place)?;
                    let specific = self.constant(name, "specific_heat", place)?;
                    let on_die = matches!(layer.role, Role::Substrate | Role::Encapsulation | Role::Insulator);
                    sum += density * specific * layer.thickness * if on_die { device.die_area() } else { device.active_area };
                }
                sum
            }
        };
        let cooled = area.as_ref().map_or(2.0 * device.die_area(), |a| a.value);
        Ok((
            Some(LumpedHeat {
                heat_capacity: total,
                cooling: heat_transfer.value * cooled,
            }),
            *ambient,
        ))
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
