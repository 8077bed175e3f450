//! The way from a design to the device on its chip: `read → plan → make → report → publish`, without electrochemistry.

use crate::build_summary::{self, BuildSummary};
use crate::design::{Architecture, Design, laminated, roles, write_custom};
use crate::device::{self, Made, Scope};
use crate::pipeline::{self, Failure, Input, Progress};
use crate::publish::{self, Staging};
use crate::{fill, masks};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Severity};
use cellwright_fab::plan::Plan;
use cellwright_lab::results::write_json;
use cellwright_materials::Library;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// A build as asked for.
#[derive(Clone, Debug)]
pub struct BuildRequest {
    /// The design file.
    pub design: PathBuf,
    /// Folder for the results.
    pub out: PathBuf,
    /// The command line, for the report's last chapter.
    pub command: String,
    /// Today, for the report's heading.
    pub date: String,
}

/// A design with everything that fabrication needs.
#[derive(Clone, Debug)]
pub struct Blueprint {
    /// The design.
    pub design: Design,
    /// The library with the values of the design.
    pub library: Library,
    /// Substrate, masks and steps, mask files read.
    pub plan: Plan,
    /// Remarks from reading.
    pub warnings: Vec<Diagnostic>,
}

impl Blueprint {
    /// The design rules that concern it.
    pub fn scope(&self) -> Scope {
        match self.design.architecture {
            Architecture::Laminated => Scope::Stack,
            Architecture::Template(_) | Architecture::Custom => Scope::Everything,
        }
    }
}

/// A finished build.
#[derive(Clone, Debug)]
pub struct Built {
    /// Numbers, as in `summary.json`.
    pub summary: BuildSummary,
    /// Remarks and broken rules, errors first.
    pub findings: Vec<Diagnostic>,
    /// The report; `None` if it was stopped, and nothing was written then.
    pub report: Option<PathBuf>,
    /// Its size, bytes.
    pub report_bytes: u64,
}

/// Reads a design and plans how it is made.
///
/// # Errors
/// Every fault found.
pub fn read(path: &Path) -> Result<Blueprint, Failure> {
    let file = path.display().to_string();
    let (design, warnings) = Design::parse(&file, &publish::read_text(path)?)?;
    let mut beside = |name: &str| publish::read_bytes(&path.parent().unwrap_or(Path::new(".")).join(name));
    Ok(blueprint(design, warnings, &mut beside)?)
}

/// Plans how a design is made; `beside` reads its mask files.
///
/// # Errors
/// Unknown materials, films whose role cannot be told, mask files that cannot be used.
pub fn blueprint(
    design: Design,
    warnings: Vec<Diagnostic>,
    beside: &mut dyn FnMut(&str) -> Result<Vec<u8>, Diagnostic>,
) -> Result<Blueprint, Vec<Diagnostic>> {
    let library = design.library(&Library::embedded())?;
    let mut plan = match &design.plan {
        Some(plan) => plan.clone(),
        None => {
            let roles = roles::assign(&design, &library)?;
            laminated::plan(&design, &roles).ok_or_else(|| vec![Diagnostic::error(ErrorKind::Input, "E051", "the stack has no film")])?
        }
    };
    masks::complete(&mut plan, &design.mask_files, beside)?;
    Ok(Blueprint {
        design,
        library,
        plan,
        warnings,
    })
}

/// The masks and process steps that a design stands for, as a custom design; remarks beside it.
///
/// # Errors
/// As [`read`], except that mask files are named, not read.
pub fn expand(path: &Path) -> Result<(String, Vec<Diagnostic>), Failure> {
    let file = path.display().to_string();
    let (design, warnings) = Design::parse(&file, &publish::read_text(path)?)?;
    let named = Design {
        mask_files: vec![],
        ..design.clone()
    };
    let blueprint = blueprint(named, warnings, &mut |_| Ok(vec![]))?;
    Ok((write_custom(&blueprint.plan, &design), blueprint.warnings))
}

/// What can be said of a design without making or simulating it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its title.
    pub title: String,
    /// Design rules that hold.
    pub rules_hold: usize,
    /// Broken rules and remarks, errors first.
    pub findings: Vec<Diagnostic>,
}

/// Reads a design, asks the library for every property it needs, and checks its design rules.
///
/// # Errors
/// Every fault that keeps it from being made or run; broken rules are findings.
pub fn check(path: &Path) -> Result<Checked, Failure> {
    let blueprint = read(path)?;
    let mut findings = match blueprint.design.architecture {
        Architecture::Laminated => {
            let input = Input::Design(path.to_owned());
            pipeline::prepare(&input, &AtomicBool::new(false), &mut |_| {})?.0.warnings
        }
        Architecture::Template(_) | Architecture::Custom => blueprint.warnings.clone(),
    };
    let ruling = device::rules(&blueprint.plan, &blueprint.library, blueprint.scope())?;
    findings.extend(ruling.findings.into_iter().map(|f| f.diagnostic));
    findings.sort_by_key(|d| d.severity == Severity::Warning);
    Ok(Checked {
        title: blueprint.design.name,
        rules_hold: ruling.hold,
        findings,
    })
}

/// Makes the device and publishes what there is to see of it.
///
/// # Errors
/// Faults of the design, of the fabrication, of the file system. A broken rule is none: it is in the findings.
pub fn build(request: &BuildRequest, cancel: &AtomicBool, progress: &mut dyn FnMut(Progress)) -> Result<Built, Failure> {
    let started = Instant::now();
    let blueprint = read(&request.design)?;
    progress(Progress::Checked {
        title: blueprint.design.name.clone(),
        warnings: blueprint.warnings.len(),
    });
    progress(Progress::Built { text: words(&blueprint) });
    let Some(made) = make(&blueprint, cancel, progress)? else {
        return Ok(Built {
            summary: BuildSummary::default(),
            findings: vec![],
            report: None,
            report_bytes: 0,
        });
    };
    let summary = build_summary::summarise(&blueprint, &made, started.elapsed().as_secs_f64());
    let report_bytes = publish_results(request, &blueprint, &made, &summary)?;
    let mut findings: Vec<Diagnostic> = made.fabrication.findings.iter().map(|f| f.diagnostic.clone()).collect();
    findings.extend(blueprint.warnings);
    findings.sort_by_key(|d| d.severity == Severity::Warning);
    Ok(Built {
        summary,
        findings,
        report: Some(request.out.join("report.html")),
        report_bytes,
    })
}

/// Makes the device; nothing if it was stopped.
fn make(blueprint: &Blueprint, cancel: &AtomicBool, progress: &mut dyn FnMut(Progress)) -> Result<Option<Made>, Failure> {
    let steps = &blueprint.plan.steps;
    let mut step = |index: usize| {
        progress(Progress::Making {
            index,
            total: steps.len(),
            text: steps.get(index).map_or_else(String::new, |s| s.name.clone()),
        });
    };
    let stop = || cancel.load(Ordering::Relaxed);
    let made = device::make(&blueprint.plan, &blueprint.library, blueprint.scope(), &stop, &mut step);
    if stop() { Ok(None) } else { Ok(Some(made?)) }
}

fn publish_results(request: &BuildRequest, blueprint: &Blueprint, made: &Made, summary: &BuildSummary) -> Result<u64, Failure> {
    let mut staging = Staging::new(&request.out);
    let mut bytes = Vec::new();
    write_json(summary, &mut bytes).expect("invariant: writing to memory does not fail");
    staging.add("summary.json", bytes);
    staging.add("design.toml", blueprint.design.source.clone().into_bytes());
    made.add_files(&mut staging);
    let report = fill::fabricated::report(request, blueprint, made, summary, &staging.listing());
    let page = crate::report::render(&report).into_bytes();
    let size = page.len() as u64;
    staging.add("report.html", page);
    staging.publish()?;
    Ok(size)
}

/// In words: architecture, size, steps.
fn words(blueprint: &Blueprint) -> String {
    use cellwright_base::units::{Dimension, format_quantity};
    let length = |si: f64| format_quantity(si, Dimension::LENGTH);
    let plan = &blueprint.plan;
    let kind = match blueprint.design.architecture {
        Architecture::Custom => "custom flow",
        other => other.as_str(),
    };
    format!(
        "{kind} on a die of {} x {}, {} masks, {} steps",
        length(plan.die[0]),
        length(plan.die[1]),
        plan.masks.len(),
        plan.steps.len()
    )
}
