//! The heat balance of the device: one temperature, or conduction with the materials of all films.

use super::Cell;
use super::builder::{Builder, Fault};
use super::made::ChipMesh;
use crate::design::{Spanned, Thermal};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_device::{Device, Role};
use cellwright_electrochem::heat::{Conduction, Conductor, Cooling, Heat, LumpedHeat, Slab};
use cellwright_electrochem::spec::{Electrode, ModelKind};
use cellwright_fab::emulate;

impl Builder<'_> {
    /// Lumped heat with the ambient temperature; conduction comes when the mesh is known.
    pub(super) fn heat(&mut self, device: &Device) -> Result<(Option<Heat>, f64), Fault> {
        let (ambient, heat_transfer, area, heat_capacity) = match &self.design.thermal {
            Thermal::Isothermal => return Ok((None, self.design.temperature.value)),
            Thermal::Conduction { ambient, .. } => return Ok((None, *ambient)),
            Thermal::Lumped {
                ambient,
                heat_transfer,
                area,
                heat_capacity,
            } => (*ambient, heat_transfer, area, heat_capacity),
        };
        let total = match heat_capacity {
            Some(c) => c.value,
            None => {
                let mut sum = 0.0;
                for (film, layer) in self.design.films.iter().zip(&device.layers) {
                    let (name, place) = (&film.material.value, &film.material.place);
                    let density = self.constant(name, "density", place)?;
                    let specific = self.constant(name, "specific_heat", place)?;
                    sum += density * specific * layer.thickness * covered(layer.role, device);
                }
                sum
            }
        };
        let cooled = area.as_ref().map_or(2.0 * device.die_area(), |a| a.value);
        Ok((
            Some(Heat::Lumped(LumpedHeat {
                heat_capacity: total,
                cooling: heat_transfer.value * cooled,
            })),
            ambient,
        ))
    }

    /// Heat capacity of a fabricated device of one temperature, from all its bodies, where the design does not say it. Substrate and cover
    /// reach over the whole die.
    pub(super) fn lump_made(&mut self, made: &emulate::Made, cell: &mut Cell) -> Result<(), Fault> {
        let Some(Heat::Lumped(lumped)) = &mut cell.spec.heat else {
            return Ok(());
        };
        if matches!(&self.design.thermal, Thermal::Lumped { heat_capacity: None, .. }) {
            let f = &made.fabrication;
            let mut sum = 0.0;
            for item in &f.inventory.items {
                let (name, place) = self.body_material(made, item.region);
                let capacity = self.constant(&name, "density", &place)? * self.constant(&name, "specific_heat", &place)?;
                let wide = matches!(f.regions[item.region].role, Role::Substrate | Role::Encapsulation);
                let die = cell.device.die_area().max(f.inventory.footprint) / f.inventory.footprint;
                sum += capacity * item.volume * if wide { die } else { 1.0 };
            }
            lumped.heat_capacity = sum;
            cell.used.append(&mut self.used);
        }
        Ok(())
    }

    /// Material of a region of a device, and where the design says so.
    pub(super) fn body_material(&self, made: &emulate::Made, region: usize) -> (String, Place) {
        let f = &made.fabrication;
        let whole = || Place::in_source(&self.design.file, &self.design.source, 0..0);
        let place = f.regions[region]
            .step
            .and_then(|s| f.plan.steps[s].place.clone())
            .unwrap_or_else(whole);
        (f.regions[region].material.clone(), place)
    }

    /// Conduction through a laminated cell, if the design asks for it.
    ///
    /// Properties of a porous film are those of the film with what fills its pores.
    pub(super) fn conduct_stack(&mut self, roles: &[Role], cell: &mut Cell) -> Result<(), Fault> {
        let Some(cooling) = self.cooling(cell)? else { return Ok(()) };
        let find = |role| roles.iter().position(|r| *r == role).unwrap_or(0);
        let (n, e, p) = (find(Role::Negative), find(Role::Electrolyte), find(Role::Positive));
        let films: Vec<Conductor> = (0..roles.len()).map(|f| self.film_conductor(f)).collect::<Result<_, _>>()?;
        let thickness = |f: usize| cell.device.layers[f].thickness;
        let slab = |f: usize| Slab {
            name: cell.device.layers[f].name.clone(),
            thickness: thickness(f),
            area: covered(roles[f], &cell.device),
            material: films[f],
        };
        let mut collectors = [films[n], films[p]];
        let mut outside = [vec![], vec![]];
        for (side, (electrode, spec)) in [(n, &cell.spec.negative), (p, &cell.spec.positive)].into_iter().enumerate() {
            let beyond: Vec<usize> = if electrode > e {
                (electrode..roles.len()).collect()
            } else {
                (0..=electrode).rev().collect()
            };
            let mut meshed = vec![];
            if matches!(spec, Electrode::Porous { .. }) || cell.meshed.is_some() {
                meshed.push(electrode);
            }
            if cell.meshed.is_some() {
                // The sheet of the collector with what conducts beside it.
                let sheet = self.conducting(roles, [Role::Negative, Role::Positive][side]);
                let whole: f64 = sheet.iter().map(|f| thickness(*f)).sum();
                let mean = |of: &dyn Fn(&Conductor) -> f64| sheet.iter().map(|f| thickness(*f) * of(&films[*f])).sum::<f64>() / whole;
                collectors[side] = Conductor {
                    conductivity: mean(&|c| c.conductivity),
                    capacity: mean(&|c| c.capacity),
                };
                meshed.extend(sheet);
            }
            outside[side] = beyond.into_iter().filter(|f| !meshed.contains(f)).map(slab).collect();
        }
        let cooling = if n < p { cooling } else { [cooling[1], cooling[0]] };
        cell.spec.heat = Some(Heat::Conduction(Box::new(Conduction {
            regions: [films[n], films[e], films[p], collectors[0], collectors[1]],
            outside,
            bodies: [0.0; 2],
            cooling,
        })));
        cell.used.append(&mut self.used);
        Ok(())
    }

    /// Conduction through a fabricated device, if the design asks for it: its bodies by what they are made of and how much of it there is.
    pub(super) fn conduct_made(&mut self, made: &emulate::Made, meshed: &ChipMesh, cell: &mut Cell) -> Result<(), Fault> {
        let Some(cooling) = self.cooling(cell)? else { return Ok(()) };
        let f = &made.fabrication;
        let footprint = f.inventory.footprint;
        let mut regions = [None; 3];
        let mut heat = [0.0; 3];
        let mut outside = [vec![], vec![]];
        let mut wiring = 0.0;
        for item in &f.inventory.items {
            let region = &f.regions[item.region];
            let (name, place) = self.body_material(made, item.region);
            let material = self.conductor(&name, &place)?;
            let slab = |area: f64| Slab {
                name: region.name.clone(),
                thickness: item.volume / footprint,
                area,
                material,
            };
            match region.role {
                Role::Negative | Role::Electrolyte | Role::Positive => {
                    let at = match region.role {
                        Role::Negative => 0,
                        Role::Electrolyte => 1,
                        _ => 2,
                    };
                    regions[at].get_or_insert(material);
                    heat[at] += material.capacity * item.volume;
                }
                Role::Collector => wiring += material.capacity * item.volume,
                Role::Encapsulation => outside[1].push(slab(cell.device.die_area().max(footprint))),
                Role::Substrate => outside[0].push(slab(cell.device.die_area().max(footprint))),
                Role::Insulator => outside[0].insert(0, slab(footprint)),
                _ => {}
            }
        }
        let [Some(n), Some(e), Some(p)] = regions else { return Ok(()) };
        // What of an electrode is not in the mesh, and half of the wiring.
        let inside = |region: usize, material: &Conductor| {
            let volumes = meshed.mesh.regions.iter().zip(&meshed.mesh.volumes);
            material.capacity * volumes.filter(|(r, _)| **r == region).map(|(_, v)| v).sum::<f64>()
        };
        let bodies = [(0, 0, n), (2, 2, p)].map(|(at, region, material)| (heat[at] - inside(region, &material)).max(0.0) + 0.5 * wiring);
        cell.spec.heat = Some(Heat::Conduction(Box::new(Conduction {
            regions: [n, e, p, n, p],
            outside,
            bodies,
            cooling,
        })));
        cell.used.append(&mut self.used);
        Ok(())
    }

    /// Cooling of the lower and the upper face; `None` without conduction.
    fn cooling(&self, cell: &Cell) -> Result<Option<[Cooling; 2]>, Fault> {
        let Thermal::Conduction {
            heat_transfer,
            heat_transfer_below,
            area,
            ..
        } = &self.design.thermal
        else {
            return Ok(None);
        };
        if cell.spec.kind != ModelKind::Dfn {
            let text = format!("{} does not say where in an electrode heat is released", cell.spec.kind.as_str());
            let d = Diagnostic::error(ErrorKind::Unsupported, "E066", text);
            return Err(Box::new(
                d.at(heat_transfer.place.clone())
                    .help("remove  kind  from [model], or write mode = \"lumped\""),
            ));
        }
        let area = area.as_ref().map_or(cell.device.die_area(), |a| 0.5 * a.value);
        let below: &Spanned<f64> = heat_transfer_below.as_ref().unwrap_or(heat_transfer);
        Ok(Some(
            [below.value, heat_transfer.value].map(|coefficient| Cooling { coefficient, area }),
        ))
    }

    fn film_conductor(&mut self, film: usize) -> Result<Conductor, Fault> {
        let material = &self.design.films[film].material;
        self.conductor(&material.value, &material.place)
    }

    fn conductor(&mut self, name: &str, place: &Place) -> Result<Conductor, Fault> {
        let density = self.constant(name, "density", place)?;
        let specific = self.constant(name, "specific_heat", place)?;
        Ok(Conductor {
            conductivity: self.constant(name, "thermal_conductivity", place)?,
            capacity: density * specific,
        })
    }
}

/// Area of a film of this role, m².
fn covered(role: Role, device: &Device) -> f64 {
    if matches!(role, Role::Substrate | Role::Encapsulation | Role::Insulator) {
        device.die_area()
    } else {
        device.active_area
    }
}
