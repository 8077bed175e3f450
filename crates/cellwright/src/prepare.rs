//! From what the user gave (a design file or a BPX file with a protocol) to everything a run needs.

use crate::build;
use crate::cell::{self, Cell};
use crate::design::{Architecture, Design, NamedRate};
use crate::device::{self, Made};
use crate::transference;
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Place, Severity};
use cellwright_dae::Tolerance;
use cellwright_lab::protocol::{CurrentProfile, Protocol, RateBasis, StepPlace};
use cellwright_materials::Library;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Default relative tolerance of the time integration.
pub const RELATIVE_TOLERANCE: f64 = 1e-5;
/// The same in two and three dimensions, where meshes are coarser than that.
pub const RELATIVE_TOLERANCE_MESHED: f64 = 1e-4;
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
        Prepared::from_any_design(file, text, &mut |name| Err(not_beside(name)), &|| false, &mut |_, _, _| {})
    }

    /// Prepares a design of any architecture: what is not laminated is fabricated first. `beside` reads mask files, `stop` is asked between
    /// process steps and `step` told which one begins.
    ///
    /// # Errors
    /// As [`Prepared::from_design`], and what cannot be made or meshed.
    pub fn from_any_design(
        file: &str,
        text: &str,
        beside: &mut dyn FnMut(&str) -> Result<Vec<u8>, Diagnostic>,
        stop: &dyn Fn() -> bool,
        step: &mut dyn FnMut(usize, usize, &str),
    ) -> Result<Prepared, Vec<Diagnostic>> {
        let (design, warnings) = Design::parse(file, text)?;
        if design.architecture == Architecture::Laminated {
            let cell = cell::build(&design, &Library::embedded())?;
            return Prepared::of(design, cell, None, warnings);
        }
        if design.cell.is_none() || design.protocol.is_none() {
            return Err(vec![nothing_to_run(&design)]);
        }
        let blueprint = build::blueprint(design, warnings, beside)?;
        let (plan, library, scope) = (&blueprint.plan, &blueprint.library, blueprint.scope());
        let mut named = |i: usize| step(i, plan.steps.len(), plan.steps.get(i).map_or("", |s| &s.name));
        let shape = device::shape(plan, library, scope, stop, &mut named)?;
        let cell = cell::build_made(&blueprint.design, library, &shape)?;
        let made = device::published(&shape, scope)?;
        let mut warnings = blueprint.warnings;
        warnings.extend(shape.fabrication.findings.iter().map(|f| Diagnostic {
            severity: Severity::Warning,
            ..f.diagnostic.clone()
        }));
        Prepared::of(blueprint.design, cell, Some(made), warnings)
    }

    fn of(design: Design, mut cell: Cell, made: Option<Made>, mut warnings: Vec<Diagnostic>) -> Result<Prepared, Vec<Diagnostic>> {
        let (Some(limits), Some(protocol)) = (&design.cell, &design.protocol) else {
            return Err(vec![nothing_to_run(&design)]);
        };
        let (voltage, protocol) = ([limits.voltage[0].value, limits.voltage[1].value], protocol.steps.clone());
        let library = design.library(&Library::embedded())?;
        cell.count_metal(&library);
        cell.age(&design, &library)?;
        warnings.extend(cell.warnings.iter().cloned());
        let basis = RateBasis {
            capacity: cell.capacity,
            area: cell.device.active_area,
        };
        let rates = design.rate_series.as_ref().map_or(vec![], |r| r.rates.clone());
        if design.model.host_modes.is_none() {
            cell.resolve_layers(&protocol, &rates, &basis, voltage);
        }
        let die = [design.footprint.die[0].value, design.footprint.die[1].value];
        let volume = match &made {
            Some(made) => made.fabrication.inventory.device_volume,
            None => design.package.volume(die, cell.device.height()),
        };
        let usual = if cell.meshed.is_some() {
            RELATIVE_TOLERANCE_MESHED
        } else {
            RELATIVE_TOLERANCE
        };
        let packaged = design.package.thickness.is_some() || design.package.height.is_some() || design.package.margin.is_some();
        let mut prepared = Prepared {
            title: design.name.clone(),
            file: design.file.clone(),
            text: design.source.clone(),
            protocol,
            places: vec![],
            basis,
            voltage,
            rates,
            tolerance: Tolerance::new(
                design.model.relative_tolerance.as_ref().map_or(usual, |v| v.value),
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
            made,
            design: Some(Box::new(design)),
        };
        let remarks = transference::remarks(&prepared);
        prepared.warnings.extend(remarks);
        Ok(prepared)
    }

    /// Prepares a cell that came without a design file; `line` is the protocol.
    ///
    /// # Errors
    /// Faults of the protocol.
    pub fn from_cell(
        title: &str,
        file: &str,
        text: &str,
        mut cell: Cell,
        voltage: [f64; 2],
        line: &str,
    ) -> Result<Prepared, Vec<Diagnostic>> {
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
        cell.resolve_layers(&protocol, &[], &basis, voltage);
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

    /// The shelf with the overrides of the design.
    pub fn library(&self) -> Library {
        let shelf = Library::embedded();
        let own = self.design.as_ref().and_then(|d| d.library(&shelf).ok());
        own.unwrap_or(shelf)
    }

    /// Fabricates the films of a laminated design for the chapter on the device; what cannot be made is a remark.
    pub fn fabricate(&mut self, cancel: &AtomicBool) {
        let Some(design) = self.design.as_ref().filter(|_| self.made.is_none()) else {
            return;
        };
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

    /// Water that comes through the package, kg/(m² s), where the design says so.
    pub fn water_vapour_transmission(&self) -> Option<f64> {
        let package = &self.design.as_ref()?.package;
        package.water_vapour_transmission.as_ref().map(|v| v.value)
    }

    /// Word of the architecture; none for a cell that came without a design file.
    pub fn architecture(&self) -> Option<&str> {
        self.design.as_ref().map(|d| d.architecture.as_str())
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

/// A design given as text has no files beside it.
fn not_beside(name: &str) -> Diagnostic {
    Diagnostic::error(ErrorKind::Io, "E080", format!("cannot read `{name}`"))
}

/// What a design lacks that says how to make a device but not what to do with it.
fn nothing_to_run(design: &Design) -> Diagnostic {
    let word = design.architecture.as_str();
    let message = format!("this `{word}` design says what to make, but not what to do with it");
    let d = Diagnostic::error(ErrorKind::Input, "E011", message)
        .help("add  [cell] voltage = [\"2.5 V\", \"4.2 V\"]  and  [protocol] steps = [\"Discharge at 1C until 2.5 V\"]")
        .note(format!("cellwright build {} --out out  makes the device alone", design.file));
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
