//! The virtual fabrication as the facade sees it: a plan goes in, the device with its files and pictures comes out.

use crate::publish::Staging;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_fab::fabrication::{Fabrication, Finding};
use cellwright_fab::plan::Plan;
use cellwright_materials::Library;

/// A fabricated device with everything that is published of it.
#[derive(Clone, Debug)]
pub struct Made {
    /// What was made: regions, steps, inventory, findings.
    pub fabrication: Fabrication,
    /// Files for the results folder: masks, meshes, tool paths.
    pub files: Vec<(String, Vec<u8>)>,
    /// Cross-section, SVG.
    pub section: String,
    /// Mask plan, SVG.
    pub masks: String,
    /// Process strip: the cross-section after every step, SVG.
    pub strip: String,
    /// Picture of each finding in the order of the findings, SVG; empty where there is none.
    pub proofs: Vec<String>,
    /// How many times heights are stretched in the cross-section; 1 is true scale.
    pub exaggeration: f64,
    /// Number of design rules that were checked and hold.
    pub rules_hold: usize,
}

impl Made {
    /// Adds the pictures and files to what is published.
    pub fn add_files(&self, staging: &mut Staging) {
        for (name, picture) in [
            ("section.svg", &self.section),
            ("masks.svg", &self.masks),
            ("flow.svg", &self.strip),
        ] {
            if !picture.is_empty() {
                staging.add(name, picture.clone().into_bytes());
            }
        }
        for (name, file) in &self.files {
            staging.add(name.clone(), file.clone());
        }
    }
}

/// What the design rules say of a plan without making it.
#[derive(Clone, Debug, Default)]
pub struct Ruling {
    /// Rules that hold.
    pub hold: usize,
    /// Rules that are broken, errors first.
    pub findings: Vec<Finding>,
}

/// Fabricates a plan; `stop` is asked between steps, `step` is told which one begins.
///
/// # Errors
/// What cannot be made.
pub fn make(plan: &Plan, library: &Library, stop: &dyn Fn() -> bool, step: &mut dyn FnMut(usize)) -> Result<Made, Vec<Diagnostic>> {
    let _ = (library, stop, step);
    Err(vec![unsupported(plan)])
}

/// Checks the design rules.
///
/// # Errors
/// What keeps the rules from being checked.
pub fn rules(plan: &Plan, library: &Library) -> Result<Ruling, Vec<Diagnostic>> {
    let _ = (plan, library);
    Ok(Ruling::default())
}

fn unsupported(plan: &Plan) -> Diagnostic {
    Diagnostic::error(
        ErrorKind::Unsupported,
        "E029",
        format!("the fabrication of \"{}\" is not in this version", plan.name),
    )
}
