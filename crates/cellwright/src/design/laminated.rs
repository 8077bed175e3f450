//! The plan of a laminated cell: its films as process steps on a wafer, so that it can be fabricated like the others.

use super::{Design, Film, Structure};
use cellwright_device::Role;
use cellwright_fab::plan::{Deposit, Form, Mask, Plan, Recipe, Shape, Step, Substrate, Verb, Window};

/// Name of the mask of the active area.
const ACTIVE: &str = "active area";
/// An anneal whose length the design does not say takes this long, s.
const ANNEAL: f64 = 3600.0;

/// Substrate, mask of the active area and one step per film; `None` without a film.
///
/// The first film is what everything stands on. Insulators, adhesion layers and encapsulation cover the die, everything else the active area,
/// which lies in its middle. A film without a technique is taken as laminated, a porous one as coated from slurry; an anneal lasts an hour.
pub fn plan(design: &Design, roles: &[Role]) -> Option<Plan> {
    let ((first, role), films) = design
        .films
        .iter()
        .zip(roles)
        .collect::<Vec<_>>()
        .split_first()
        .map(|(f, rest)| (*f, rest.to_vec()))?;
    let die = [design.footprint.die[0].value, design.footprint.die[1].value];
    let active = design.footprint.active.as_ref().map_or(die, |a| [a[0].value, a[1].value]);
    let corner = |sign: f64| [0, 1].map(|i| 0.5 * (die[i] + sign * active[i]));
    let place = design.footprint.active.as_ref().map(|a| a[0].place.clone());
    Some(Plan {
        finger: None,
        name: design.name.clone(),
        die,
        substrate: Substrate {
            material: first.material.value.clone(),
            role: *role,
            form: Form::Wafer {
                thickness: first.thickness.value,
            },
        },
        masks: vec![Mask {
            name: ACTIVE.to_owned(),
            layer: (1, 0),
            shapes: vec![Shape::Rectangle(corner(-1.0), corner(1.0))],
            place,
        }],
        steps: films.into_iter().flat_map(|(film, role)| steps(film, *role)).collect(),
        window: Window {
            from: [0.0, 0.0],
            to: die,
            repeats: 1.0,
            tabs: None,
        },
    })
}

fn steps(film: &Film, role: Role) -> Vec<Step> {
    let everywhere = matches!(role, Role::Insulator | Role::Adhesion | Role::Encapsulation | Role::Substrate);
    let (porosity, usual) = match &film.structure {
        Structure::Dense => (0.0, "lamination"),
        Structure::Porous(p) => (p.porosity.value, "slurry-coating"),
    };
    let deposit = Deposit {
        technique: film.technique.as_ref().map_or(usual, |t| t.value.as_str()).to_owned(),
        material: film.material.value.clone(),
        role,
        thickness: film.thickness.value,
        mask: (!everywhere).then(|| ACTIVE.to_owned()),
        on: vec![],
        porosity,
        recipe: Recipe::default(),
    };
    let mut steps = vec![Step {
        name: film.name.value.clone(),
        verb: Verb::Deposit(deposit),
        temperature: None,
        place: Some(film.material.place.clone()),
    }];
    if let Some(anneal) = &film.anneal {
        steps.push(Step {
            name: format!("anneal of {}", film.name.value),
            verb: Verb::Anneal { duration: ANNEAL },
            temperature: Some(anneal.value),
            place: Some(anneal.place.clone()),
        });
    }
    steps
}
