//! A small template that the tests read designs of: bare posts of one metal on a wafer.

use cellwright_base::units::Dimension;
use cellwright_device::Role;
use cellwright_fab::plan::{Deposit, Etch, Form, Mask, Plan, Recipe, Shape, Step, Substrate, Verb, Window};
use cellwright_fab::template::{Misfit, Parameter, Slot, Template, Values};
use std::f64::consts::{FRAC_PI_2, PI};

/// The template.
pub(in crate::design) static POSTS: Template = Template {
    name: "test-posts",
    title: "Posts for the tests",
    doc: "Posts of silicon, etched from the wafer and covered with a film. They hold no cell.",
    parameters: &[
        Parameter {
            name: "post_diameter",
            doc: "Diameter of a post.",
            dimension: Dimension::LENGTH,
            bounds: (1e-7, 1e-3),
            default: 10e-6,
            shown: "10 um",
            whole: false,
        },
        Parameter {
            name: "pitch",
            doc: "Distance from post to post.",
            dimension: Dimension::LENGTH,
            bounds: (1e-7, 1e-3),
            default: 20e-6,
            shown: "20 um",
            whole: false,
        },
        Parameter {
            name: "rows",
            doc: "Posts along each side.",
            dimension: Dimension::DIMENSIONLESS,
            bounds: (1.0, 10_000.0),
            default: 50.0,
            shown: "50",
            whole: true,
        },
        Parameter {
            name: "sidewall",
            doc: "Angle of the walls.",
            dimension: Dimension::DIMENSIONLESS,
            bounds: (80.0 * PI / 180.0, FRAC_PI_2),
            default: 88.0 * PI / 180.0,
            shown: "88 deg",
            whole: false,
        },
        Parameter {
            name: "porosity",
            doc: "Void fraction of the film.",
            dimension: Dimension::DIMENSIONLESS,
            bounds: (0.0, 0.9),
            default: 0.3,
            shown: "0.3",
            whole: false,
        },
    ],
    films: &[
        Slot {
            name: "wafer",
            role: Role::Substrate,
            material: "Si",
            technique: "wafer",
            thickness: 500e-6,
        },
        Slot {
            name: "skin",
            role: Role::Positive,
            material: "LiCoO2",
            technique: "atomic-layer-deposition",
            thickness: 100e-9,
        },
        Slot {
            name: "filling",
            role: Role::Negative,
            material: "Li4Ti5O12",
            technique: "slurry-coating",
            thickness: f64::NAN,
        },
    ],
    expand,
};

fn expand(values: &Values) -> Result<Plan, Misfit> {
    let value = |name: &str| values.parameters.iter().find(|(n, _)| *n == name).map_or(f64::NAN, |(_, v)| *v);
    let (diameter, pitch, rows) = (value("post_diameter"), value("pitch"), value("rows"));
    if diameter >= pitch {
        return Err(Misfit {
            parameter: "post_diameter",
            message: format!("posts of {:.0} um do not fit on a pitch of {:.0} um", diameter * 1e6, pitch * 1e6),
            hint: "make the pitch larger than the post".into(),
        });
    }
    let post = Shape::Circle {
        centre: [0.5 * pitch; 2],
        diameter,
    };
    let deposit = |film: usize, role, thickness, porosity| {
        Verb::Deposit(Deposit {
            technique: values.films[film].technique.clone(),
            material: values.films[film].material.clone(),
            role,
            thickness,
            mask: None,
            on: vec![],
            porosity,
            recipe: Recipe::default(),
        })
    };
    let step = |name: &str, verb| Step {
        name: name.into(),
        verb,
        temperature: None,
        place: None,
    };
    Ok(Plan {
        finger: None,
        name: values.name.clone(),
        die: values.die,
        substrate: Substrate {
            material: values.films[0].material.clone(),
            role: Role::Substrate,
            form: Form::Wafer {
                thickness: values.films[0].thickness,
            },
        },
        masks: vec![Mask {
            name: "posts".into(),
            layer: (1, 0),
            shapes: vec![Shape::Array {
                shape: Box::new(post),
                pitch: [pitch; 2],
                count: [rows as u32; 2],
            }],
            place: None,
        }],
        steps: vec![
            step(
                "post etch",
                Verb::Etch(Etch {
                    technique: "drie".into(),
                    mask: Some("posts".into()),
                    inside: false,
                    depth: Some(50e-6),
                    sidewall: value("sidewall"),
                    only: vec!["substrate".into()],
                }),
            ),
            step("skin", deposit(1, Role::Positive, values.films[1].thickness, 0.0)),
            step("filling", deposit(2, Role::Negative, f64::NAN, value("porosity"))),
        ],
        window: Window {
            from: [0.0; 2],
            to: [0.5 * pitch; 2],
            repeats: 4.0 * rows * rows,
            tabs: None,
        },
    })
}
