//! The virtual fabrication as the facade sees it: a plan goes in, the device with its files and pictures comes out.

use crate::publish::Staging;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_device::tape::Tape;
use cellwright_fab::emulate;
use cellwright_fab::export::ExportError;
use cellwright_fab::export::flow_strip::flow_strip;
use cellwright_fab::export::mask_svg::mask_svg;
use cellwright_fab::export::section_svg::{fitted, section_svg};
use cellwright_fab::fabrication::{Fabrication, Finding};
use cellwright_fab::files as fab_files;
use cellwright_fab::pictures;
use cellwright_fab::pictures::body::{MOST_CELLS, MOST_SHOWN};
use cellwright_fab::pictures::cut::Cut;
use cellwright_fab::pictures::section::Range;
use cellwright_fab::plan::Plan;
use cellwright_fab::rules::RULES;
use cellwright_layout::LayoutError;
use cellwright_materials::Library;

/// A fabricated device with everything that is published of it.
#[derive(Clone, Debug)]
pub struct Made {
    /// What was made: regions, steps, inventory, findings.
    pub fabrication: Fabrication,
    /// What is where.
    pub tape: Tape,
    /// Lowest and greatest height of what the cross-section shows, m.
    pub heights: [f64; 2],
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
        for (name, picture) in [("section.svg", &self.section), ("masks.svg", &self.masks)] {
            if !picture.is_empty() {
                staging.add(name, picture.clone().into_bytes());
            }
        }
        if !self.strip.is_empty() {
            let title = crate::report::escape::escape(&self.fabrication.plan.name);
            let page = format!(
                "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><body style=\"margin:16px\">{}",
                self.strip
            );
            staging.add("flow.html", page.into_bytes());
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

/// Which design rules are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every rule.
    Everything,
    /// A stack of films, which says nothing of masks, package and contacts, and often nothing of techniques and temperatures: only rules on the
    /// films themselves.
    Stack,
}

/// Rules on the films themselves.
const OF_FILMS: [&str; 4] = ["ANNEAL", "BALANCE", "ELYTE.PIN", "SHORT"];

impl Scope {
    fn judges(self, rule: &str) -> bool {
        self == Scope::Everything || OF_FILMS.contains(&rule)
    }

    /// Number of judged rules without a finding.
    fn hold(self, findings: &[Finding]) -> usize {
        let broken = |id: &str| findings.iter().any(|f| f.diagnostic.code == id);
        RULES.iter().filter(|rule| self.judges(rule.id) && !broken(rule.id)).count()
    }
}

/// Fabricates a plan; `stop` is asked between steps, `step` is told which one begins.
///
/// # Errors
/// What cannot be made, and `E029` if it was stopped.
pub fn make(
    plan: &Plan,
    library: &Library,
    scope: Scope,
    stop: &dyn Fn() -> bool,
    step: &mut dyn FnMut(usize),
) -> Result<Made, Vec<Diagnostic>> {
    let made = shape(plan, library, scope, stop, step)?;
    published(&made, scope)
}

/// The device with its geometry, before anything is drawn.
///
/// # Errors
/// As [`make`].
pub fn shape(
    plan: &Plan,
    library: &Library,
    scope: Scope,
    stop: &dyn Fn() -> bool,
    step: &mut dyn FnMut(usize),
) -> Result<emulate::Made, Vec<Diagnostic>> {
    let mut go = |i: usize| {
        step(i);
        !stop()
    };
    let made = emulate::fabricate_while(plan, library, &emulate::Options::default(), &mut go)?;
    let Some(mut made) = made.filter(|_| !stop()) else {
        let stopped = format!("the fabrication of \"{}\" was stopped", plan.name);
        return Err(vec![Diagnostic::error(ErrorKind::Unsupported, "E029", stopped)]);
    };
    made.fabrication.findings.retain(|f| scope.judges(f.diagnostic.code));
    Ok(made)
}

/// Checks the design rules: the device is made and judged after every step.
///
/// # Errors
/// What keeps the rules from being checked.
pub fn rules(plan: &Plan, library: &Library, scope: Scope) -> Result<Ruling, Vec<Diagnostic>> {
    let made = emulate::fabricate(plan, library, &emulate::Options::default())?;
    let mut findings = made.fabrication.findings;
    findings.retain(|f| scope.judges(f.diagnostic.code));
    Ok(Ruling {
        hold: scope.hold(&findings),
        findings,
    })
}

/// Draws and writes everything that is published.
///
/// # Errors
/// What cannot be drawn or written.
pub fn published(made: &emulate::Made, scope: Scope) -> Result<Made, Vec<Diagnostic>> {
    let fabrication = &made.fabrication;
    let cut = pictures::cut::telling(made);
    let range = pictures::section::range(made, &cut);
    let paints = pictures::paints(&fabrication.regions);
    // In a stack nothing but the edges of films changes sideways.
    let [full, small] = match scope {
        Scope::Everything => [pictures::section::FULL, pictures::section::SMALL],
        Scope::Stack => [[220, 120], [44, 60]],
    };
    let section = pictures::section::section(made, &cut, range, None, full).map_err(undrawn)?;
    let (_, exaggeration) = fitted(&section, [540.0, 480.0], [150.0, 220.0]);
    let strip = pictures::strip::strip(made, &cut, range, small).map_err(undrawn)?;
    let proofs = fabrication
        .findings
        .iter()
        .enumerate()
        .map(|(i, f)| pictures::proof::proof(made, f, &cut, range, &format!("proof-{}", i + 1)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(undrawn)?;
    Ok(Made {
        section: section_svg(&section, &paints, &[], "section"),
        masks: match fabrication.plan.masks.is_empty() {
            true => String::new(),
            false => mask_svg(&pictures::masks::plan(&fabrication.plan, None), &[], "masks"),
        },
        strip: flow_strip(&strip, &paints, "flow"),
        proofs: proofs.into_iter().map(Option::unwrap_or_default).collect(),
        exaggeration,
        rules_hold: scope.hold(&fabrication.findings),
        files: files(made, &cut, range, scope)?,
        fabrication: fabrication.clone(),
        tape: made.lasting.clone(),
        heights: range.z,
    })
}

/// Masks, models and tool paths.
fn files(made: &emulate::Made, cut: &Cut, range: Range, scope: Scope) -> Result<Vec<(String, Vec<u8>)>, Vec<Diagnostic>> {
    let plan = &made.fabrication.plan;
    let mut files = Vec::new();
    if !plan.masks.is_empty() {
        let layout = fab_files::layout(plan).map_err(unwritten)?;
        files.push(("masks.gds".to_owned(), fab_files::gds(&layout).map_err(unwritten)?));
        files.push(("masks.oas".to_owned(), fab_files::oas(&layout).map_err(unwritten)?));
    }
    if scope == Scope::Stack {
        // A stack is thousands of times as wide as high: a model of it is a sheet.
        return Ok(files);
    }
    let block = pictures::body::behind(made, cut, range);
    let mut divided = pictures::body::divided(made, block, MOST_SHOWN);
    files.push((
        "device.glb".to_owned(),
        pictures::body::glb(made, &divided, &block).map_err(undrawn)?,
    ));
    files.push(("device.stl".to_owned(), pictures::body::stl(made, &block).map_err(undrawn)?));
    if divided.pieces.len() > MOST_CELLS {
        divided = pictures::body::divided(made, block, MOST_CELLS);
    }
    files.push(("regions.vtu".to_owned(), pictures::cells::vtu(made, &divided).map_err(undrawn)?));
    for print in pictures::print::prints(made).map_err(undrawn)? {
        let name: String = print.step.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        files.push((format!("print-{name}.gcode"), print.program.text.into_bytes()));
        files.push((format!("print-{name}.svg"), print.preview.into_bytes()));
    }
    Ok(files)
}

fn undrawn(error: ExportError) -> Vec<Diagnostic> {
    let message = format!("the device cannot be drawn: {error}");
    vec![Diagnostic::error(error.kind(), "E086", message).help("look for a dimension in the design that is far from all others")]
}

fn unwritten(error: LayoutError) -> Vec<Diagnostic> {
    let message = format!("the masks cannot be written: {error}");
    vec![Diagnostic::error(error.kind(), "E087", message).help("look for a mask far away from the die")]
}
