//! The way from what the user gave to what the user gets. Read this file first.
//!
//! `read → prepare → model → run(protocol) → study → report → publish`: every arrow is one function of values.

use crate::bpx;
use crate::fill;
use crate::prepare::{Prepared, Profiles};
use crate::publish::{self, CHECKPOINT, Staging};
use crate::study::{self, Study};
use crate::summary::{self, Summary};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind};
use cellwright_electrochem::spec::ModelKind;
use cellwright_lab::checkpoint::{Checkpoint, hash};
use cellwright_lab::protocol::CurrentProfile;
use cellwright_lab::run::{Demand, Observer, RunError, RunEvent, RunOptions, run as run_protocol};
use cellwright_lab::solution::{Solution, StepEnd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What to simulate.
#[derive(Clone, Debug)]
pub enum Input {
    /// A design file.
    Design(PathBuf),
    /// A Battery Parameter eXchange file with a protocol.
    Bpx {
        /// The file.
        file: PathBuf,
        /// Steps separated by `;`.
        protocol: String,
        /// Terms that are on; `None` takes the fullest that the file supports.
        kind: Option<ModelKind>,
        /// State of charge at the start, 0 to 1.
        state_of_charge: f64,
        /// Volumes per electrode, separator and particle; `None` is the default mesh.
        cells: Option<usize>,
    },
}

impl Input {
    /// The file behind it.
    pub fn file(&self) -> &Path {
        match self {
            Input::Design(file) | Input::Bpx { file, .. } => file,
        }
    }
}

/// A run as asked for.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// What.
    pub input: Input,
    /// Folder for the results.
    pub out: PathBuf,
    /// Take up the checkpoint in `out`.
    pub resume: bool,
    /// The command line, for the report's last chapter.
    pub command: String,
    /// Today, for the report's heading.
    pub date: String,
}

/// What is told while it runs.
#[derive(Clone, Debug)]
pub enum Progress {
    /// The input is in order.
    Checked {
        /// Title of the cell.
        title: String,
        /// Remarks so far.
        warnings: usize,
    },
    /// The model stands.
    Built {
        /// In words: chemistry, area, volumes.
        text: String,
    },
    /// A step began.
    StepStarted {
        /// Number from 0.
        index: u64,
        /// Of how many.
        total: u64,
        /// As written.
        text: String,
    },
    /// A step goes on.
    StepProgress {
        /// Part done.
        fraction: Option<f64>,
        /// Test time, s.
        time: f64,
        /// Terminal voltage, V.
        voltage: f64,
    },
    /// A step ended.
    StepEnded {
        /// As written.
        text: String,
        /// Duration, s.
        duration: f64,
        /// In words.
        ends: String,
    },
    /// A process step of the fabrication began.
    Making {
        /// Number from 0.
        index: usize,
        /// Of how many.
        total: usize,
        /// Its name.
        text: String,
    },
    /// The rate series and the error estimates run.
    Studying,
}

/// What could not be done; never empty.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Errors first.
    pub diagnostics: Vec<Diagnostic>,
    /// Report of the results up to a solver failure, if any.
    pub partial_report: Option<PathBuf>,
}

impl Failure {
    /// Kind of the first error.
    pub fn kind(&self) -> ErrorKind {
        self.diagnostics.first().map_or(ErrorKind::Bug, |d| d.kind)
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(diagnostics: Vec<Diagnostic>) -> Failure {
        Failure {
            diagnostics,
            partial_report: None,
        }
    }
}

impl From<Diagnostic> for Failure {
    fn from(d: Diagnostic) -> Failure {
        vec![d].into()
    }
}

/// A finished (or interrupted) run.
#[derive(Clone, Debug)]
pub struct RunSummary {
    /// Numbers, as in `summary.json`.
    pub summary: Summary,
    /// Remarks.
    pub warnings: Vec<Diagnostic>,
    /// The report; `None` if interrupted.
    pub report: Option<PathBuf>,
    /// Its size, bytes.
    pub report_bytes: u64,
    /// Where an interrupted run stopped: step number from 1, of how many, test time in s.
    pub stopped: Option<(u64, u64, f64)>,
}

/// Reads and prepares; runs nothing.
///
/// # Errors
/// Every fault found.
pub fn prepare(input: &Input, cancel: &AtomicBool, progress: &mut dyn FnMut(Progress)) -> Result<(Prepared, Profiles), Failure> {
    let path = input.file();
    let name = path.display().to_string();
    let prepared = match input {
        Input::Design(_) => {
            let mut beside = |name: &str| publish::read_bytes(&path.parent().unwrap_or(Path::new(".")).join(name));
            let stop = || cancel.load(Ordering::Relaxed);
            let mut step = |index, total, text: &str| {
                let text = text.to_owned();
                progress(Progress::Making { index, total, text });
            };
            Prepared::from_any_design(&name, &publish::read_text(path)?, &mut beside, &stop, &mut step)?
        }
        Input::Bpx {
            protocol,
            kind,
            state_of_charge,
            cells,
            ..
        } => bpx::prepare(&name, &publish::read_bytes(path)?, protocol, *kind, *state_of_charge, *cells)?,
    };
    let mut profiles = Profiles::new();
    for file in prepared.profile_files() {
        let beside = path.parent().unwrap_or(Path::new(".")).join(&file);
        let (profile, _) = CurrentProfile::parse(&file, &publish::read_text(&beside)?).map_err(|d| Failure::from(*d))?;
        profiles.insert(file, profile);
    }
    Ok((prepared, profiles))
}

/// Runs everything and publishes the results.
///
/// # Errors
/// Faults of the input, of the solver (with a partial report), of the file system.
pub fn run(request: &RunRequest, cancel: &AtomicBool, progress: &mut dyn FnMut(Progress)) -> Result<RunSummary, Failure> {
    let started = Instant::now();
    let (mut prepared, profiles) = prepare(&request.input, cancel, progress)?;
    prepared.fabricate(cancel);
    progress(Progress::Checked {
        title: prepared.title.clone(),
        warnings: prepared.warnings.len(),
    });
    let design_hash = hash(prepared.text.as_bytes()) ^ hash(prepared.protocol.to_string().as_bytes());
    let checkpoint_file = request.out.join(CHECKPOINT);
    let resume = if request.resume {
        Some(read_checkpoint(&checkpoint_file, design_hash)?)
    } else {
        None
    };
    let mut model = prepared.cell.model(prepared.cell.spec.clone());
    progress(Progress::Built {
        text: summary::built(&prepared, &model),
    });
    let options = RunOptions {
        tolerance: prepared.tolerance.clone(),
        basis: prepared.basis,
        profiles: profiles.clone(),
        details: true,
        jump: prepared.cell.ageing.jump,
    };
    let mut watcher = Watcher {
        cancel,
        progress,
        folder: request.out.clone(),
        design_hash,
        saved: Instant::now(),
        fault: None,
    };
    let outcome = run_protocol(&mut model, &prepared.protocol, &options, resume.as_ref(), &mut watcher);
    if let Some(fault) = watcher.fault {
        return Err(fault.into());
    }
    let solution = match outcome {
        Ok(s) if !s.complete => return Ok(interrupted(&prepared, s)),
        Ok(s) => match crate::failure::nothing_happened(&s, &prepared) {
            Some(d) => return Err(d.into()),
            None => s,
        },
        Err(e) => return Err(failed(e, request, &prepared, started)),
    };
    progress(Progress::Studying);
    let study = study::complete(&prepared, &profiles, solution);
    let mut done = publish_results(request, &prepared, &study, started, None)?;
    done.warnings = fill::warnings(&prepared, &study);
    Ok(done)
}

fn publish_results(
    request: &RunRequest,
    prepared: &Prepared,
    study: &Study,
    started: Instant,
    failure: Option<&Diagnostic>,
) -> Result<RunSummary, Failure> {
    let summary = summary::summarise(prepared, study, started.elapsed().as_secs_f64());
    let mut staging = Staging::new(&request.out);
    summary::add_files(&mut staging, prepared, study, &summary);
    if let Some(made) = &prepared.made {
        made.add_files(&mut staging);
    }
    let report = fill::report(request, prepared, study, &summary, &staging.listing(), failure);
    let page = crate::report::render(&report).into_bytes();
    let report_bytes = page.len() as u64;
    staging.add("report.html", page);
    staging.publish()?;
    Ok(RunSummary {
        summary,
        warnings: vec![],
        report: Some(request.out.join("report.html")),
        report_bytes,
        stopped: None,
    })
}

fn interrupted(prepared: &Prepared, solution: Solution) -> RunSummary {
    let (step, time) = (
        solution.steps.len() as u64 + 1,
        solution.column(cellwright_lab::results::Quantity::TestTime).last().copied(),
    );
    let total = prepared.protocol.unrolled_len();
    RunSummary {
        summary: Summary::default(),
        warnings: vec![],
        report: None,
        report_bytes: 0,
        stopped: Some((step, total, time.unwrap_or(0.0))),
    }
}

/// Turns a solver failure into the user's words and keeps the results so far in a report of their own.
fn failed(error: RunError, request: &RunRequest, prepared: &Prepared, started: Instant) -> Failure {
    let (mut diagnostic, partial) = crate::failure::explain(error, prepared);
    let mut report = None;
    if let Some(partial) = partial.filter(|p| p.series.len() > 2) {
        let study = study::partial(prepared, *partial);
        if let Ok(done) = publish_results(request, prepared, &study, started, Some(&diagnostic)) {
            if let Some(path) = &done.report {
                diagnostic = diagnostic.help(format!("results up to there are kept: {}", path.display()));
            }
            report = done.report;
        }
    }
    Failure {
        diagnostics: vec![diagnostic],
        partial_report: report,
    }
}

fn read_checkpoint(file: &Path, design_hash: u64) -> Result<Checkpoint, Failure> {
    let bytes = publish::read_bytes(file)?;
    let checkpoint = Checkpoint::from_bytes(&bytes).and_then(|c| c.check_design(design_hash).map(|()| c));
    checkpoint.map_err(|e| Failure::from(e.diagnostic().help("run again without --resume to start afresh")))
}

/// Every how often a running test is checkpointed.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(10);

struct Watcher<'a> {
    cancel: &'a AtomicBool,
    progress: &'a mut dyn FnMut(Progress),
    folder: PathBuf,
    design_hash: u64,
    saved: Instant,
    fault: Option<Diagnostic>,
}

impl Observer for Watcher<'_> {
    fn event(&mut self, event: RunEvent<'_>) -> Demand {
        let in_progress = matches!(event, RunEvent::StepProgress { .. });
        (self.progress)(match event {
            RunEvent::StepStarted { index, total, text } => Progress::StepStarted {
                index,
                total,
                text: text.to_owned(),
            },
            RunEvent::StepProgress { fraction, time, voltage } => Progress::StepProgress { fraction, time, voltage },
            RunEvent::StepEnded(r) => {
                let ends = match &r.ended {
                    StepEnd::Time => "time over".to_owned(),
                    StepEnd::Limit(t) => format!("ends at {t}"),
                    StepEnd::AtOnce(t) => format!("ended at once: {t}"),
                    StepEnd::Interrupted => "interrupted".to_owned(),
                };
                Progress::StepEnded {
                    text: r.text.clone(),
                    duration: r.end - r.start,
                    ends,
                }
            }
        });
        if in_progress && (self.cancel.load(Ordering::Relaxed) || self.fault.is_some()) {
            Demand::Stop
        } else if in_progress && self.saved.elapsed() > CHECKPOINT_INTERVAL {
            Demand::Checkpoint
        } else {
            Demand::Continue
        }
    }

    fn checkpoint(&mut self, mut checkpoint: Checkpoint) {
        checkpoint.design_hash = self.design_hash;
        self.saved = Instant::now();
        if let Err(fault) = publish::replace(&self.folder, CHECKPOINT, &checkpoint.to_bytes()) {
            self.fault = Some(fault);
        }
    }
}
