//! What supports the numbers: materials, balances, numerical quality, model, reproduction.

use serde::{Deserialize, Serialize};

/// What one change of the design would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sensitivity {
    /// "LiCoO₂ 2.5 → 1.25 µm".
    pub change: String,
    /// Change of the mean loss, V.
    pub loss: f64,
    /// Change of the capacity, C.
    pub capacity: f64,
}

/// How a value became known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Taken without evidence.
    #[default]
    Assumed,
    /// Order of magnitude from related materials.
    Estimated,
    /// Computed from other published values.
    Derived,
    /// Read off a published figure.
    Digitised,
    /// Measured and tabulated.
    Measured,
}

impl Confidence {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Assumed => "assumed",
            Confidence::Estimated => "estimated",
            Confidence::Derived => "derived",
            Confidence::Digitised => "digitised",
            Confidence::Measured => "measured",
        }
    }

    /// Filled dots, none to four.
    pub fn dots(self) -> usize {
        self as usize
    }
}

/// One material value the run used.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MaterialValue {
    /// "LiCoO₂".
    pub material: String,
    /// "Chemical diffusion coefficient".
    pub property: String,
    /// "3.0 × 10⁻¹⁵", "table, 47 points", or an expression. [`crate::report::number::significant`] formats a number.
    pub value: String,
    /// "m² s⁻¹".
    pub unit: String,
    /// "25 °C", or empty.
    pub at: String,
    /// Paper, table or file; an address or DOI stays text.
    pub source: String,
    /// How it became known.
    pub confidence: Confidence,
    /// Share of the spread of the headline number, 0 to 1, where a study gave it.
    pub share: Option<f64>,
    /// "x 0.5 to 1.0", or why the value is doubtful.
    pub validity: String,
}

/// One check of conservation or consistency.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Balance {
    /// "Lithium".
    pub check: String,
    /// What was found, relative or in `unit`.
    pub found: f64,
    /// Empty for a relative number.
    pub unit: String,
    /// What it is relative to: "of 7.6 µmol".
    pub scale: String,
    /// The limit; the verdict is "within" where |found| does not exceed it, and "stated" without one.
    pub allowed: Option<f64>,
}

/// Numerical error and effort.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quality {
    /// Estimated relative error of the capacity from the mesh.
    pub mesh_error: Option<f64>,
    /// How it was found: "against a mesh twice as fine".
    pub mesh_method: String,
    /// Estimated error of the voltage from the time steps, V.
    pub time_error: Option<f64>,
    /// How it was found.
    pub time_method: String,
    /// Volumes.
    pub cells: Option<usize>,
    /// Unknowns.
    pub unknowns: Option<usize>,
    /// Accepted time steps.
    pub steps: Option<usize>,
    /// Rejected time steps.
    pub rejected: Option<usize>,
    /// Newton iterations.
    pub newton: Option<usize>,
    /// Matrix factorisations.
    pub factorisations: Option<usize>,
    /// Time of the computation, s.
    pub wall: Option<f64>,
    /// Anything more.
    pub more: Vec<Fact>,
}

/// A labelled statement.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fact {
    /// "Relative tolerance".
    pub label: String,
    /// "1 × 10⁻⁴".
    pub value: String,
}

/// One term of the model, printed because the choice matters.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelTerm {
    /// "Charge transfer at Li | LiPON".
    pub name: String,
    /// In the equations of this run.
    pub on: bool,
    /// The form taken, or why it is off: "Butler–Volmer, i₀ constant".
    pub text: String,
}

/// A chapter this report does not hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Absent {
    /// "Impedance".
    pub chapter: String,
    /// What it would show.
    pub text: String,
    /// Why it is not here.
    pub reason: AbsentReason,
}

/// Why a chapter is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AbsentReason {
    /// This version cannot compute it.
    #[default]
    NotInThisVersion,
    /// Nobody asked; the command line that would compute it.
    NotAskedFor(String),
}

/// What is needed to run it again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reproduce {
    /// "cellwright run implant-5mm.toml --out out".
    pub command: String,
    /// "Cellwright 0.1.0".
    pub version: String,
    /// "linux x86-64".
    pub platform: String,
    /// Hashes of what went in.
    pub hashes: Vec<Hash>,
    /// The design file, as it was read.
    pub design_text: String,
    /// Files written beside the report.
    pub files: Vec<FileWritten>,
    /// How to cite it; empty leaves it out.
    pub cite: String,
}

/// A named checksum.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hash {
    /// "design".
    pub of: String,
    /// "sha256 7f3a91c2…".
    pub value: String,
}

/// A file the run wrote.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileWritten {
    /// "timeseries.csv".
    pub name: String,
    /// "voltage, current, temperature at every step".
    pub what: String,
    /// Size.
    pub bytes: Option<u64>,
}
