//! What a comparison knows of each design; SI, whole chip, discharge positive.

use crate::study::Discharge;
use cellwright_base::diagnostic::Diagnostic;
use std::path::Path;

/// C-rate at which areal capacity and energy are stated, if the design was run there.
const SLOW: f64 = 0.2;

/// One design of the comparison.
#[derive(Clone, Debug)]
pub struct Column {
    /// File as the user named it.
    pub file: String,
    /// Name in plots and tables, unique.
    pub label: String,
    /// Its numbers, or why there are none.
    pub result: Result<Box<Measured>, Vec<Diagnostic>>,
}

impl Column {
    /// The column of a design file.
    pub fn new(file: &Path, result: Result<Measured, Vec<Diagnostic>>) -> Column {
        let stem = file.file_stem().map(|s| s.to_string_lossy().into_owned());
        let label = match &result {
            Ok(m) => m.title.clone(),
            Err(_) => stem.unwrap_or_default(),
        };
        Column {
            file: file.display().to_string(),
            label,
            result: result.map(Box::new),
        }
    }

    /// Why the design could not be run.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.result.as_ref().err().into_iter().flatten()
    }

    /// Remarks on a design that was run.
    pub fn warnings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.result.as_ref().ok().into_iter().flat_map(|m| &m.warnings)
    }
}

/// A discharge at one rate.
#[derive(Clone, Debug)]
pub struct Point {
    /// As written.
    pub label: String,
    /// Current over the current that moves the nominal capacity in an hour.
    pub c_rate: f64,
    /// Current, A.
    pub current: f64,
    /// Numbers, or why there are none.
    pub outcome: Result<Discharge, String>,
}

/// Numbers of one design.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Title of the design.
    pub title: String,
    /// Word of the architecture.
    pub architecture: String,
    /// Symbols of negative electrode, electrolyte and positive electrode.
    pub materials: [String; 3],
    /// Their names in the library.
    pub names: [String; 3],
    /// Temperature, K.
    pub temperature: f64,
    /// Lower and upper voltage limit, V.
    pub voltage: [f64; 2],
    /// Footprint of the examined windows, or the active area of a stack, m².
    pub footprint: f64,
    /// Die, m².
    pub die: f64,
    /// Device volume, m³.
    pub volume: f64,
    /// What the device volume holds.
    pub volume_basis: String,
    /// Whether the design names what it stands on, so that the device volume holds it.
    pub substrate: bool,
    /// Area between negative electrode and electrolyte, and positive electrode and electrolyte, without pores, m².
    pub active_area: [f64; 2],
    /// Reacting area of negative and positive electrode, pores included, m².
    pub reacting_area: [f64; 2],
    /// Smaller active area over footprint.
    pub enhancement: f64,
    /// Charge that 1C moves in an hour, C.
    pub nominal: f64,
    /// Usable capacity of negative and positive electrode, C; `None` for lithium metal and where the window is not known.
    pub electrodes: [Option<f64>; 2],
    /// The rate series by increasing rate.
    pub points: Vec<Point>,
    /// Rate that the state at mid-discharge belongs to.
    pub spread_at: Option<String>,
    /// Standard deviation over mean of the reaction current density over negative and positive interface.
    pub spread: [Option<f64>; 2],
    /// Sites of negative and positive interface.
    pub sites: [usize; 2],
    /// True for a stack, which is solved along its normal only.
    pub stack: bool,
    /// Volumes and unknowns.
    pub size: (usize, usize),
    /// Sum of the process times, s.
    pub process_time: Option<f64>,
    /// Sum of the relative costs of the steps, 1 to 5 each.
    pub relative_cost: Option<f64>,
    /// Narrowest line or gap of all masks, m.
    pub smallest_feature: Option<f64>,
    /// Thinnest film, m.
    pub thinnest_film: Option<f64>,
    /// Cross-section, SVG.
    pub section: String,
    /// How many times heights are stretched in it.
    pub exaggeration: f64,
    /// Remarks.
    pub warnings: Vec<Diagnostic>,
}

impl Measured {
    /// The discharges that were possible, by increasing rate.
    pub fn discharges(&self) -> impl Iterator<Item = (&Point, &Discharge)> {
        self.points.iter().filter_map(|p| Some((p, p.outcome.as_ref().ok()?)))
    }

    /// The discharge at a C-rate.
    pub fn at(&self, c_rate: f64) -> Option<(&Point, &Discharge)> {
        self.discharges().find(|(p, _)| same_rate(p.c_rate, c_rate))
    }

    /// C/5, or the lowest rate.
    pub fn slow(&self) -> Option<(&Point, &Discharge)> {
        self.at(SLOW).or_else(|| self.discharges().next())
    }

    /// Usable capacity of the limiting electrode, C; the nominal capacity where no window is known.
    pub fn usable(&self) -> f64 {
        self.electrodes.into_iter().flatten().reduce(f64::min).unwrap_or(self.nominal)
    }

    /// Which electrode limits: 0 negative, 1 positive; `None` where neither is known.
    pub fn limiting(&self) -> Option<usize> {
        match self.electrodes {
            [Some(a), Some(b)] => Some(usize::from(b < a)),
            [Some(_), None] => Some(0),
            [None, Some(_)] => Some(1),
            [None, None] => None,
        }
    }

    /// Delivered over usable capacity of the limiting electrode.
    pub fn utilisation(&self, d: &Discharge) -> f64 {
        d.capacity / self.usable()
    }

    /// Whether a discharge delivers enough to be drawn as energy and power: a hundredth of the usable capacity.
    pub fn counts(&self, d: &Discharge) -> bool {
        self.utilisation(d) >= 0.01
    }

    /// Greatest mean power of the discharges that deliver a tenth of the usable capacity, W, with its rate.
    pub fn peak(&self) -> Option<(&Point, f64)> {
        let enough = self.discharges().filter(|(_, d)| self.utilisation(d) >= 0.1);
        enough
            .map(|(p, d)| (p, d.mean_power()))
            .fold(None, |best: Option<(&Point, f64)>, next| match best {
                Some(b) if b.1 >= next.1 => Some(b),
                _ => Some(next),
            })
    }
}

/// Whether two C-rates are meant to be the same.
pub fn same_rate(a: f64, b: f64) -> bool {
    (a / b).ln().abs() < 1e-6
}

/// The designs that were run, with their place among all columns.
pub fn measured(columns: &[Column]) -> Vec<(usize, &str, &Measured)> {
    let all = columns.iter().enumerate();
    all.filter_map(|(i, c)| Some((i, c.label.as_str(), c.result.as_ref().ok()?.as_ref())))
        .collect()
}

/// Columns with labels that differ: equal ones get the name of the file, and a number if that does not help.
pub fn labelled(mut columns: Vec<Column>) -> Vec<Column> {
    let titles: Vec<String> = columns.iter().map(|c| c.label.clone()).collect();
    let equal = |labels: &[String], i: usize| labels.iter().filter(|l| **l == labels[i]).count() > 1;
    for (i, c) in columns.iter_mut().enumerate().filter(|(i, _)| equal(&titles, *i)) {
        let stem = Path::new(&c.file).file_stem().map(|s| s.to_string_lossy().into_owned());
        c.label = format!("{} ({})", titles[i], stem.unwrap_or_default());
    }
    let named: Vec<String> = columns.iter().map(|c| c.label.clone()).collect();
    for (i, c) in columns.iter_mut().enumerate().filter(|(i, _)| equal(&named, *i)) {
        c.label = format!("{} {}", named[i], i + 1);
    }
    columns
}
