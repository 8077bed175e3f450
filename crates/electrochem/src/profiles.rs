//! Profiles along the cell: electrolyte concentration and potential, stoichiometry in films and at particle surfaces.

use crate::model::{BLOCK, Model, REGION_NEGATIVE, REGION_POSITIVE};
use crate::spec::{Electrode, ModelKind};

/// What a profile shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProfileQuantity {
    /// Electrolyte concentration, mol/m³.
    ElectrolyteConcentration,
    /// Electrolyte potential against a lithium reference, V.
    ElectrolytePotential,
    /// Stoichiometry across a dense film of the negative electrode.
    NegativeFilm,
    /// Stoichiometry across a dense film of the positive electrode.
    PositiveFilm,
    /// Mean and surface stoichiometry of the particles along the negative electrode.
    NegativeSurface,
    /// Surface stoichiometry of the particles along the positive electrode.
    PositiveSurface,
    /// Temperature above the mean of the cell, K, through the cell and the layers around it.
    Temperature,
}

/// Positions (m from the negative side of the electrolyte-bearing stack; in films from their electrolyte side) of one quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileAxis {
    /// What.
    pub quantity: ProfileQuantity,
    /// Where, m.
    pub position: Vec<f64>,
}

/// Points across a film.
const FILM_POINTS: usize = 41;

impl Model {
    /// The profiles this model has: of a stack only.
    pub fn profile_axes(&self) -> Vec<ProfileAxis> {
        if !self.mesh.is_chain() {
            return vec![];
        }
        let mut out = Vec::new();
        let cells = &self.mesh.position;
        if self.electrolyte.has_concentration() && self.spec.kind != ModelKind::Spm {
            out.push(ProfileAxis {
                quantity: ProfileQuantity::ElectrolyteConcentration,
                position: cells.clone(),
            });
        }
        if self.spec.kind == ModelKind::Dfn {
            out.push(ProfileAxis {
                quantity: ProfileQuantity::ElectrolytePotential,
                position: cells.clone(),
            });
        }
        if self.has_field() {
            let places = self.field_positions();
            out.push(ProfileAxis {
                quantity: ProfileQuantity::Temperature,
                position: self.along_stack().into_iter().map(|k| places[k]).collect(),
            });
        }
        for (e, electrode, film, surface, region) in [
            (
                0,
                &self.spec.negative,
                ProfileQuantity::NegativeFilm,
                ProfileQuantity::NegativeSurface,
                REGION_NEGATIVE,
            ),
            (
                1,
                &self.spec.positive,
                ProfileQuantity::PositiveFilm,
                ProfileQuantity::PositiveSurface,
                REGION_POSITIVE,
            ),
        ] {
            match electrode {
                Electrode::Film { thickness, .. } => {
                    let n = FILM_POINTS - 1;
                    out.push(ProfileAxis {
                        quantity: film,
                        position: (0..=n).map(|i| thickness * i as f64 / n as f64).collect(),
                    });
                }
                Electrode::Porous { .. } if self.groups[e].cells.len() > 1 => {
                    let position = (0..cells.len())
                        .filter(|k| self.mesh.regions[*k] == region)
                        .map(|k| cells[k])
                        .collect();
                    out.push(ProfileAxis {
                        quantity: surface,
                        position,
                    });
                }
                _ => {}
            }
        }
        out
    }

    /// The volumes of heat in the order of their positions.
    fn along_stack(&self) -> Vec<usize> {
        let places = self.field_positions();
        let mut order: Vec<usize> = (0..places.len()).collect();
        order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));
        order
    }

    /// Values of one profile at the state `y`.
    pub fn profile(&mut self, y: &[f64], quantity: ProfileQuantity) -> Vec<f64> {
        let n = self.mesh.n_cells();
        let film = |e: usize| {
            // ρ = 1 is the surface that faces the electrolyte.
            let rho: Vec<f64> = (0..FILM_POINTS).map(|i| 1.0 - i as f64 / (FILM_POINTS - 1) as f64).collect();
            self.groups[e].hosts.as_ref().map_or(vec![], |h| h.profile(y, 0, &rho))
        };
        match quantity {
            ProfileQuantity::ElectrolyteConcentration => (0..n).map(|k| y[BLOCK * k]).collect(),
            ProfileQuantity::ElectrolytePotential => (0..n).map(|k| y[BLOCK * k + 1]).collect(),
            ProfileQuantity::Temperature => {
                let found = self.deviations(y);
                self.along_stack().into_iter().map(|k| found[k]).collect()
            }
            ProfileQuantity::NegativeFilm => film(0),
            ProfileQuantity::PositiveFilm => film(1),
            ProfileQuantity::NegativeSurface | ProfileQuantity::PositiveSurface => {
                let e = usize::from(quantity == ProfileQuantity::PositiveSurface);
                // A state out of bounds leaves the last good surfaces in place.
                let _ = self.surfaces(y);
                self.work.theta[self.groups[e].sites.clone()].to_vec()
            }
        }
    }
}
