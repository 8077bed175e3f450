//! From what the user gave (a design file or a BPX file with a protocol) to everything a run needs.

use crate::build;
use crate::cell::{self, Cell};
use crate::design::{Design, NamedRate};
use crate::device::{self, Made};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place, Severity};
use cellwright_dae::Tolerance;
use cellwright_lab::protocol::{CurrentProfile, Protocol, RateBasis, StepPlace};
use cellwright_materials::Library;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Default relative tolerance of the time integration.
pub const RELATIVE_TOLERANCE: f64 = 1e-5;
/// Default absolute tolerance, in scaled unknowns.
pub const ABSOLUTE_TOLERANCE: f64 = 1e-7;

/// Everything a run needs; no file is read any more.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Title of the report.
    pub title: String,
    /// File as the user named it.
    pub file: String,
    /// Its text, kept for the report and for the hash.
    pub text: String,
    /// Device, equations' view, provenance.
    pub cell: Cell,
    /// What is done to the cell.
    pub protocol: Protocol,
    /// Lines of the protocol with their places, for messages.
    places: Vec<(String, Option<Place>)>,
    design: Option<Box<Design>>,
    /// What rates refer to.
    pub basis: RateBasis,
    /// Lower and upper voltage limit, V.
    pub voltage: [f64; 2],
    /// Rates of the rate capability series.
    pub rates: Vec<NamedRate>,
    /// Tolerance of the time integration.
    pub tolerance: Tolerance,
    /// Volume of the packaged device, m³.
    pub volume: f64,
    /// Words for the basis of the device volume.
    pub volume_basis: String,
    /// Remarks from reading.
    pub warnings: Vec<Diagnostic>,
    /// The device as it would be fabricated; only for a design file, and only where its films can be made.
    pub made: Option<Made>,
}

impl Prepared {
    /// Prepares a design file.
    ///
    /// # Errors
    /// Every fault that was found, each with its place.
    pub fn from_design(file: &str, text: &str) -> Result<Prepared, Vec<Diagnostic>> {
        let (design, mut warnings) = Design::parse(file, text)?;
        let (Some(limits), Some(protocol), None) = (&design.cell, &design.protocol, &design.plan) else {
            return Err(vec![not_yet(&design)]);
        };
        let (voltage, protocol) = ([limits.voltage[0].value, limits.voltage[1].value], protocol.steps.clone());
        let cell = cell::build(&design, &Library::embedded())?;
        warnings.extend(cell.warnings.iter().cloned());
        let basis = RateBasis {
            capacity: cell.capacity,
            area: cell.device.active_area,
        };
        let die = [design.footprint.die[0].value, design.footprint.die[1].value];
        let volume = design.package.volume(die, cell.device.height());
        let packaged = design.package.thickness.is_some() || design.package.height.is_some() || design.package.margin.is_some();
        Ok(Prepared {
            title: design.name.clone(),
            file: file.to_owned(),
            text: text.to_owned(),
            protocol,
            places: vec![],
            basis,
            voltage,
            rates: design.rate_series.as_ref().map_or(vec![], |r| r.rates.clone()),
            tolerance: Tolerance::new(
                design.model.relative_tolerance.as_ref().map_or(RELATIVE_TOLERANCE, |v| v.value),
                design.model.absolute_tolerance.as_ref().map_or(ABSOLUTE_TOLERANCE, |v| v.value),
            ),
            volume,
            volume_basis: if packaged {
                "die with package".into()
            } else {
                "die without package".into()
            },
            warnings,
            cell,
            made: None,
            design: Some(Box::new(design)),
        })
    }

    /// Prepares a cell that came without a design file; `line` is the protocol.
    ///
    /// # Errors
    /// Faults of the protocol.
    pub fn from_cell(title: &str, file: &str, text: &str, cell: Cell, voltage: [f64; 2], line: &str) -> Result<Prepared, Vec<Diagnostic>> {
        let (protocol, findings) = Protocol::parse_line(line).map_err(|e| {
            e.findings
                .into_iter()
                .map(|f| placed(f.diagnostic, line, f.span))
                .collect::<Vec<_>>()
        })?;
        let mut warnings: Vec<Diagnostic> = findings.into_iter().map(|f| placed(f.diagnostic, line, f.span)).collect();
        warnings.extend(cell.warnings.iter().cloned());
        let basis = RateBasis {
            capacity: cell.capacity,
            area: cell.device.active_area,
        };
        let volume = cell.device.device_volume();
        Ok(Prepared {
            title: title.to_owned(),
            file: file.to_owned(),
            text: text.to_owned(),
            protocol,
            places: vec![(line.to_owned(), None)],
            design: None,
            basis,
            voltage,
            rates: vec![],
            tolerance: Tolerance::new(RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE),
            volume,
            volume_basis: "electrode stack".into(),
            warnings,
            cell,
            made: None,
        })
    }

    /// Fabricates the films of a laminated design for the chapter on the device; what cannot be made is a remark.
    pub fn fabricate(&mut self, cancel: &AtomicBool) {
        let Some(design) = &self.design else { return };
        let stop = || cancel.load(Ordering::Relaxed);
        let made = build::blueprint((**design).clone(), vec![], &mut |name| Err(not_beside(name)))
            .and_then(|b| device::make(&b.plan, &b.library, b.scope(), &stop, &mut |_| {}));
        match made {
            Ok(made) => self.made = Some(made),
            Err(faults) => {
                let told = faults.into_iter().filter(|d| d.kind != ErrorKind::Unsupported);
                self.warnings.extend(told.map(|d| Diagnostic {
                    severity: Severity::Warning,
                    code: "W108",
                    message: format!("the films cannot be fabricated as listed: {}", d.message),
                    ..d
                }));
            }
        }
    }

    /// Place of a protocol step in the user's file or command line.
    pub fn place(&self, step: &StepPlace) -> Option<Place> {
        if let Some(design) = &self.design {
            return design.protocol.as_ref()?.place(step);
        }
        let (line, _) = self.places.get(step.item)?;
        Some(Place::in_source("--protocol", line, step.span.clone()))
    }

    /// Names of the current profiles that the protocol follows.
    pub fn profile_files(&self) -> Vec<String> {
        self.protocol.profile_files().into_iter().map(str::to_owned).collect()
    }
}

/// Current profiles read by the caller, by name.
pub type Profiles = BTreeMap<String, CurrentProfile>;

fn placed(d: Diagnostic, line: &str, span: std::ops::Range<usize>) -> Diagnostic {
    d.at(Place::in_source("--protocol", line, span))
}

/// A laminated cell has no mask files.
fn not_beside(name: &str) -> Diagnostic {
    Diagnostic::error(ErrorKind::Io, "E080", format!("cannot read `{name}`"))
}

/// Why a design of another architecture cannot be run, and what can be done with it.
fn not_yet(design: &Design) -> Diagnostic {
    let word = design.architecture.as_str();
    let message = format!("the electrochemistry of `{word}` is not in this version, so this design cannot be run");
    let d = Diagnostic::error(ErrorKind::Unsupported, "E029", message)
        .note(
            "`run` simulates laminated cells; the other architectures are fabricated: shape, masks, process flow, inventory, design rules",
        )
        .help(format!("cellwright build {} --out out", design.file));
    match architecture_line(&design.file, &design.source) {
        Some(place) => d.at(place),
        None => d,
    }
}

/// Where the design says its architecture.
fn architecture_line(file: &str, source: &str) -> Option<Place> {
    let document = toml::de::DeTable::parse(source).ok()?;
    let value = document.get_ref().get("architecture")?;
    Some(Place::in_source(file, source, value.span()))
}
