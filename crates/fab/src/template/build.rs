//! Masks and steps in few words: what the templates are written with.

use super::chosen::{Chosen, ChosenFilm};
use super::{Parameter, Slot};
use crate::plan::{Deposit, Etch, Form, Infill, Mask, Plan, Recipe, Shape, Step, Substrate, Verb, Window};
use cellwright_base::constants::ZERO_CELSIUS;
use cellwright_base::units::Dimension;
use cellwright_device::Role;

/// A wall at a right angle to the floor, rad.
pub(super) const VERTICAL: f64 = std::f64::consts::FRAC_PI_2;

/// Rectangle as lower left x, y and upper right x, y, m.
pub(super) type Rect = [f64; 4];

/// The rectangle moved outwards by `by` on all sides.
pub(super) fn grown(r: Rect, by: f64) -> Rect {
    [r[0] - by, r[1] - by, r[2] + by, r[3] + by]
}

/// The rectangle as a shape.
pub(super) fn rectangle(r: Rect) -> Shape {
    Shape::Rectangle([r[0], r[1]], [r[2], r[3]])
}

/// Rectangle of a size around a point.
pub(super) fn centred(centre: [f64; 2], size: [f64; 2]) -> Rect {
    [
        centre[0] - size[0] / 2.0,
        centre[1] - size[1] / 2.0,
        centre[0] + size[0] / 2.0,
        centre[1] + size[1] / 2.0,
    ]
}

/// The frame between two rectangles as four pieces that meet at their edges.
pub(super) fn frame(outer: Rect, inner: Rect) -> Vec<Shape> {
    [
        [outer[0], outer[1], outer[2], inner[1]],
        [outer[0], inner[3], outer[2], outer[3]],
        [outer[0], inner[1], inner[0], inner[3]],
        [inner[2], inner[1], outer[2], inner[3]],
    ]
    .into_iter()
    .filter(|r| r[2] > r[0] && r[3] > r[1])
    .map(rectangle)
    .collect()
}

/// A plan under construction.
pub(super) struct Flow {
    plan: Plan,
}

impl Flow {
    /// Starts on a flat substrate.
    pub fn on_wafer(chosen: &Chosen<'_>, substrate: &str, window: Window) -> Flow {
        let film = chosen.film(substrate);
        Flow::start(
            chosen,
            substrate,
            Form::Wafer {
                thickness: film.film.thickness,
            },
            window,
        )
    }

    /// Starts on a fibre.
    pub fn on_fibre(chosen: &Chosen<'_>, substrate: &str, diameter: f64, window: Window) -> Flow {
        Flow::start(chosen, substrate, Form::Fibre { diameter }, window)
    }

    fn start(chosen: &Chosen<'_>, substrate: &str, form: Form, window: Window) -> Flow {
        let film = chosen.film(substrate);
        Flow {
            plan: Plan {
                finger: None,
                name: chosen.values.name.clone(),
                die: chosen.values.die,
                substrate: Substrate {
                    material: film.film.material.clone(),
                    role: film.role,
                    form,
                },
                masks: vec![],
                steps: vec![],
                window,
            },
        }
    }

    /// What is examined where the resistance of the collectors is followed.
    pub fn finger(&mut self, window: Window) {
        self.plan.finger = Some(window);
    }

    /// Adds a mask on the next free layer.
    pub fn mask(&mut self, name: &str, shapes: Vec<Shape>) {
        let layer = (self.plan.masks.len() as u16 + 1, 0);
        self.plan.masks.push(Mask {
            name: name.to_owned(),
            layer,
            shapes,
            place: None,
        });
    }

    /// Adds a step at a temperature in °C.
    pub fn step(&mut self, name: &str, celsius: Option<f64>, verb: Verb) {
        self.plan.steps.push(Step {
            name: name.to_owned(),
            verb,
            temperature: celsius.map(|c| c + ZERO_CELSIUS),
            place: None,
        });
    }

    /// Adds a film of the template; the step carries the name of the film. The temperature is dropped when the user chose another technique.
    pub fn film(&mut self, film: ChosenFilm<'_>, celsius: f64, deposit: impl FnOnce(&mut Deposit)) {
        self.film_as(film.film.name, film, celsius, deposit);
    }

    /// Adds a film under another step name.
    pub fn film_as(&mut self, name: &str, film: ChosenFilm<'_>, celsius: f64, deposit: impl FnOnce(&mut Deposit)) {
        let mut d = Deposit {
            technique: film.film.technique.clone(),
            material: film.film.material.clone(),
            role: film.role,
            thickness: film.film.thickness,
            mask: None,
            on: vec![],
            porosity: 0.0,
            recipe: Recipe::default(),
        };
        deposit(&mut d);
        self.step(name, film.usual.then_some(celsius), Verb::Deposit(d));
    }

    /// Adds resist that stays on the shapes of a mask.
    pub fn resist(&mut self, name: &str, mask: &str, thickness: f64) {
        let verb = Verb::Deposit(Deposit {
            technique: "lithography".to_owned(),
            material: "photoresist".to_owned(),
            role: Role::Insulator,
            thickness,
            mask: Some(mask.to_owned()),
            on: vec![],
            porosity: 0.0,
            recipe: Recipe::default(),
        });
        self.step(name, Some(110.0), verb);
    }

    /// Adds the removal of resist and of what rests on it.
    pub fn lift_off(&mut self, name: &str, resist: &str) {
        let resist = resist.to_owned();
        self.step(name, Some(25.0), Verb::LiftOff { resist });
    }

    /// Adds a heat treatment of a duration in s.
    pub fn anneal(&mut self, name: &str, celsius: f64, duration: f64) {
        self.step(name, Some(celsius), Verb::Anneal { duration });
    }

    /// Adds an etch.
    pub fn etch(&mut self, name: &str, technique: &str, mask: &str, etch: impl FnOnce(&mut Etch)) {
        let mut e = Etch {
            technique: technique.to_owned(),
            mask: Some(mask.to_owned()),
            inside: true,
            depth: None,
            sidewall: VERTICAL,
            only: vec![],
        };
        etch(&mut e);
        self.step(name, Some(20.0), Verb::Etch(e));
    }

    /// Adds a liquid or gel up to a level.
    pub fn infill(&mut self, film: ChosenFilm<'_>, level: f64, mask: Option<&str>) {
        let verb = Verb::Infill(Infill {
            material: film.film.material.clone(),
            level,
            mask: mask.map(str::to_owned),
        });
        self.step(film.film.name, Some(25.0), verb);
    }

    /// The plan.
    pub fn finish(self) -> Plan {
        self.plan
    }
}

/// Number of cells of a pitch that fit into a length, at least 0.
pub(super) fn cells(length: f64, pitch: f64) -> u32 {
    // A picometre of slack: 3 mm must hold 150 cells of 20 um despite rounding.
    ((length + 1e-12) / pitch).floor().max(0.0) as u32
}

/// Two polygons that fill a cell around a round hole: what resist leaves open. The polygon has the area of the circle.
pub(super) fn cell_with_hole(cell: Rect, diameter: f64) -> [Shape; 2] {
    const SEGMENTS: usize = 32;
    let (cx, cy) = ((cell[0] + cell[2]) / 2.0, (cell[1] + cell[3]) / 2.0);
    let step = std::f64::consts::PI / SEGMENTS as f64;
    // A regular polygon with 2n corners on radius R has the area n R² sin(π/n).
    let radius = diameter / 2.0 * (step / step.sin()).sqrt();
    let half = |side: f64, edge: f64| {
        let mut points: Vec<[f64; 2]> = (0..=SEGMENTS)
            .map(|i| {
                let (s, c) = (i as f64 * step).sin_cos();
                // The two ends lie exactly on the middle line, so that the halves meet without a sliver.
                let s = if i == 0 || i == SEGMENTS { 0.0 } else { s };
                [cx + side * radius * s, cy - radius * c]
            })
            .collect();
        points.extend([[cx, cell[3]], [edge, cell[3]], [edge, cell[1]], [cx, cell[1]]]);
        Shape::Polygon(points)
    };
    [half(-1.0, cell[0]), half(1.0, cell[2])]
}

/// A length that the user may set, m.
pub(super) const fn length(name: &'static str, bounds: (f64, f64), default: f64, shown: &'static str, doc: &'static str) -> Parameter {
    Parameter {
        name,
        doc,
        dimension: Dimension::LENGTH,
        bounds,
        default,
        shown,
        whole: false,
    }
}

/// A count that the user may set.
pub(super) const fn count(name: &'static str, bounds: (f64, f64), default: f64, shown: &'static str, doc: &'static str) -> Parameter {
    Parameter {
        dimension: Dimension::DIMENSIONLESS,
        whole: true,
        ..length(name, bounds, default, shown, doc)
    }
}

/// A fraction that the user may set.
pub(super) const fn fraction(name: &'static str, bounds: (f64, f64), default: f64, shown: &'static str, doc: &'static str) -> Parameter {
    Parameter {
        dimension: Dimension::DIMENSIONLESS,
        ..length(name, bounds, default, shown, doc)
    }
}

/// A film of a template.
pub(super) const fn slot(name: &'static str, role: Role, material: &'static str, technique: &'static str, thickness: f64) -> Slot {
    Slot {
        name,
        role,
        material,
        technique,
        thickness,
    }
}

/// Width of the sealing ring, of the pads, and of a bus: the same for every comb.
pub(super) const SEAL: Parameter = length(
    "seal_width",
    (50e-6, 1e-3),
    300e-6,
    "300 um",
    "Width of the sealing ring around the cell; wider keeps water out longer and costs area.",
);
/// Side of a contact pad.
pub(super) const PAD: Parameter = length(
    "pad",
    (50e-6, 1e-3),
    400e-6,
    "400 um",
    "Side of a contact pad outside the seal; a bond wire needs about 100 um.",
);
/// Width of the bus that joins the fingers of a comb.
pub(super) const BUS: Parameter = length(
    "bus_width",
    (5e-6, 500e-6),
    100e-6,
    "100 um",
    "Width of the bus that joins the fingers of a comb; wider lowers its resistance and costs area.",
);
