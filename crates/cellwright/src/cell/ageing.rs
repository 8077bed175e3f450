//! What ages in a cell: the mechanisms of a design, made ready for a model of it.

use super::{Cell, Used};
use crate::design::{Ageing as Wanted, Design};
use crate::shelf::electrolyte;
use cellwright_base::constants::FARADAY;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place};
use cellwright_electrochem::leakage;
use cellwright_electrochem::model::Model;
use cellwright_electrochem::shelf::water_current_density;
use cellwright_electrochem::side::{FreshSurface, SideReaction};
use cellwright_electrochem::spec::Electrode;
use cellwright_electrochem::wear::Wear;
use cellwright_materials::Library;

/// Mechanisms of a cell.
#[derive(Clone, Debug, Default)]
pub struct Ageing {
    /// Side reactions on the negative electrode, with their sources.
    pub side: Vec<(SideReaction, String)>,
    /// Slow changes of an electrode, with their sources.
    pub wear: Vec<(usize, Wear, String)>,
    /// Electronic conductance of the electrolyte, S.
    pub leakage: f64,
    /// Lithium that water takes from the negative electrode, mol/s.
    pub water: f64,
    /// Allowed error of the capacity for cycle-jumping.
    pub jump: Option<f64>,
}

impl Ageing {
    /// True if nothing ages.
    pub fn is_empty(&self) -> bool {
        self.side.is_empty() && self.wear.is_empty() && self.leakage == 0.0 && self.water == 0.0
    }

    /// Adds the mechanisms to a new model of the cell.
    pub fn add_to(&self, model: &mut Model) {
        let mut side: Vec<SideReaction> = self.side.iter().map(|s| s.0).collect();
        if self.water > 0.0 {
            side.push(SideReaction::Water(self.water / model.groups[0].area()));
        }
        if !side.is_empty() {
            model.add_side_reactions(0, side);
        }
        self.wear.iter().for_each(|(e, wear, _)| model.add_wear(*e, *wear));
        model.leakage = self.leakage;
    }
}

fn unfit(message: &str, place: &Place, help: &str) -> Vec<Diagnostic> {
    vec![
        Diagnostic::error(ErrorKind::Input, "E065", message.to_owned())
            .at(place.clone())
            .help(help.to_owned()),
    ]
}

impl Cell {
    /// Takes up what the design says of ageing.
    ///
    /// # Errors
    /// `E065` for a mechanism that does not fit the cell, `E031` for a conductivity that nobody published.
    pub fn age(&mut self, design: &Design, library: &Library) -> Result<(), Vec<Diagnostic>> {
        let Some(wanted) = &design.ageing else { return Ok(()) };
        let mut ageing = Ageing {
            jump: wanted.cycle_jumping,
            ..Ageing::default()
        };
        self.side_reactions(wanted, &mut ageing)?;
        let model = self.model(self.spec.clone());
        for (e, wear) in &wanted.wear {
            let host = model.groups[*e].hosts.is_some();
            if !host && !matches!(wear.law, Wear::Resistance(_)) {
                let message = "this electrode has no active material that could be lost: it is metal, or meshed itself";
                return Err(unfit(message, &wear.place, "leave this table out"));
            }
            ageing.wear.push((*e, wear.law, wear.source.clone()));
        }
        if let Some(place) = &wanted.leakage {
            let (leak, used) = leak(&model, self, library, place)?;
            ageing.leakage = leak;
            self.used.push(used);
        }
        if let Some(place) = &wanted.water {
            let Some(transmission) = &design.package.water_vapour_transmission else {
                let missing = Diagnostic::error(ErrorKind::Input, "E011", "missing key `water_vapour_transmission` in [package]");
                let missing = missing.at(place.clone()).label("water comes through the package");
                return Err(vec![
                    missing.help("add under [package]  water_vapour_transmission = \"1e-4 g/m2/day\""),
                ]);
            };
            ageing.water = water_current_density(transmission.value) * self.device.die_area() / FARADAY;
        }
        self.ageing = ageing;
        Ok(())
    }

    fn side_reactions(&self, wanted: &Wanted, ageing: &mut Ageing) -> Result<(), Vec<Diagnostic>> {
        let first = wanted
            .interphase
            .as_ref()
            .map(|i| &i.place)
            .or(wanted.plating.as_ref().map(|p| &p.place))
            .or(wanted.water.as_ref());
        let Some(first) = first else { return Ok(()) };
        if self.model(self.spec.clone()).groups[0].dense.is_some() {
            let message =
                "side reactions are computed on particles, films at a face and metal, and here the negative film is meshed itself";
            return Err(unfit(
                message,
                first,
                "use a porous electrode or a film that is thin for its surface",
            ));
        }
        if let Some(interphase) = &wanted.interphase {
            let layer = interphase.law.layer;
            ageing.side.push((SideReaction::Sei(layer), interphase.source.clone()));
            if let Some([cracked, volume]) = interphase.law.fresh {
                let (radius, shape) = match &self.spec.negative {
                    Electrode::Porous { radius, curvature, .. } => (*radius, curvature.exponent()),
                    Electrode::Film { thickness, .. } => (*thickness, 0),
                    Electrode::Metal { .. } => {
                        return Err(unfit(
                            "lithium metal has no host whose expansion could crack the interphase",
                            &interphase.place,
                            "leave `cracked_share` and `partial_molar_volume` out",
                        ));
                    }
                };
                let covered = layer.lithium * layer.initial_thickness / layer.molar_volume;
                let share = cracked * covered * 2.0 / 3.0 * volume * f64::from(shape + 1) / radius;
                ageing
                    .side
                    .push((SideReaction::FreshSurface(FreshSurface { share }), interphase.source.clone()));
            }
        }
        if let Some(plating) = &wanted.plating {
            if matches!(self.spec.negative, Electrode::Metal { .. }) {
                let message = "the negative electrode is lithium: plating is its main reaction";
                return Err(unfit(message, &plating.place, "leave [ageing.plating] out"));
            }
            ageing.side.push((SideReaction::Plating(plating.law), plating.source.clone()));
        }
        Ok(())
    }
}

/// Conductance of the electrolyte for electrons, S, with the property that it follows from.
fn leak(model: &Model, cell: &Cell, library: &Library, place: &Place) -> Result<(f64, Used), Vec<Diagnostic>> {
    const KEY: &str = "residual_electronic_conductivity";
    let name = electrolyte(&cell.device.layers).unwrap_or("the electrolyte");
    let found = library.get(name).ok();
    let Some((material, property)) = found.and_then(|m| Some((m, m.get(KEY)?.clone()))) else {
        let gap = Diagnostic::error(
            ErrorKind::Input,
            "E031",
            format!("nobody published the residual electronic conductivity of {name}"),
        );
        let gap = gap.at(place.clone()).label("leakage needs it");
        return Err(vec![
            gap.help(format!("give it under [materials.\"{name}\".{KEY}], or write leakage = \"off\"")),
        ]);
    };
    let length = leakage::length(model).map_err(|e| {
        unfit(
            &format!("the way of the electrons through {name} was not found: {e}"),
            place,
            "write leakage = \"off\"",
        )
    })?;
    let sigma = property.eval(0.0, cell.spec.temperature).value;
    let used = Used {
        material: name.to_owned(),
        symbol: material.symbol.clone(),
        property,
    };
    Ok((sigma * length, used))
}
