//! Tool paths of direct ink writing over the whole chip, as programs and pictures.

use crate::emulate::Made;
use crate::export::ExportError;
use crate::export::colour::Hue;
use crate::export::gcode::{PrintLayer, PrintProgram, PrintSettings, program};
use crate::export::print_preview::print_preview;
use crate::plan::{Deposit, Shape, Verb};
use crate::technique::{self, Kind};

/// A printed step.
#[derive(Clone, Debug)]
pub struct Print {
    /// Name of the step.
    pub step: String,
    /// The program and what it takes.
    pub program: PrintProgram,
    /// Its picture, SVG.
    pub preview: String,
}

/// Speed of moves without ink, m/s, and how far the nozzle is lifted for them, m: settings of the printer, to be changed in the head of the
/// program; they do not change the print.
const TRAVEL: (f64, f64) = (20e-3, 0.5e-3);
/// Inner diameter of a 3 ml syringe barrel, m; scales the extrusion only.
const SYRINGE: f64 = 8.66e-3;

/// One program per step that lays filaments; the paths of its mask, arrays written out, layer by layer.
///
/// # Errors
/// [`ExportError::Setting`] for a filament that cannot be laid.
pub fn prints(made: &Made) -> Result<Vec<Print>, ExportError> {
    let plan = &made.fabrication.plan;
    let mut found = Vec::new();
    for (i, step) in plan.steps.iter().enumerate() {
        let Verb::Deposit(d) = &step.verb else { continue };
        let Some(technique) = technique::find(&d.technique).filter(|t| t.kind == Kind::Extrude) else {
            continue;
        };
        let Some(mask) = plan.masks.iter().find(|m| Some(&m.name) == d.mask.as_ref()) else {
            continue;
        };
        let (mut paths, mut width) = (Vec::new(), 0.0);
        for shape in &mask.shapes {
            collect(shape, [0.0, 0.0], &mut paths, &mut width);
        }
        let (false, Some(thickness)) = (paths.is_empty(), made.fabrication.steps[i].thickness) else {
            continue;
        };
        let settings = settings(
            step.name.as_str(),
            d,
            technique.speed.as_ref().map(|s| s.value),
            width,
            thickness[1],
        );
        let count = d.recipe.layers.unwrap_or(1).max(1);
        let layers: Vec<PrintLayer> = (1..=count)
            .map(|k| PrintLayer {
                z: f64::from(k) * settings.layer_height,
                paths: paths.clone(),
            })
            .collect();
        found.push(Print {
            step: step.name.clone(),
            program: program(&layers, &settings)?,
            preview: print_preview(&layers, &settings, Hue::of_role(d.role), &format!("print-{}", i + 1)),
        });
    }
    Ok(found)
}

fn settings(name: &str, d: &Deposit, speed: Option<f64>, width: f64, thickness: f64) -> PrintSettings {
    let layer_height = thickness / f64::from(d.recipe.layers.unwrap_or(1).max(1));
    PrintSettings {
        title: format!("Print of {name}"),
        ink: d.material.clone(),
        nozzle: d.recipe.nozzle.unwrap_or(width),
        layer_height,
        filament_width: width.max(layer_height),
        speed: speed.unwrap_or(1e-3),
        travel_speed: TRAVEL.0,
        lift: TRAVEL.1,
        syringe_diameter: SYRINGE,
    }
}

/// Paths of a shape, moved; arrays written out.
fn collect(shape: &Shape, by: [f64; 2], paths: &mut Vec<Vec<[f64; 2]>>, width: &mut f64) {
    match shape {
        Shape::Path { points, width: w } => {
            *width = w.max(*width);
            paths.push(points.iter().map(|p| [p[0] + by[0], p[1] + by[1]]).collect());
        }
        Shape::Array { shape, pitch, count } => {
            for i in 0..count[0] {
                for j in 0..count[1] {
                    let moved = [by[0] + f64::from(i) * pitch[0], by[1] + f64::from(j) * pitch[1]];
                    collect(shape, moved, paths, width);
                }
            }
        }
        Shape::Rectangle(..) | Shape::Circle { .. } | Shape::Polygon(_) => {}
    }
}
