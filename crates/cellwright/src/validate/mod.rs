//! Validation: exact solutions, independent code, a measurement and conservation, each run through the same model as a user's cell.
//!
//! Every case states what it compares with, what it found and what it allows. Cases that a published model is known not to fit are
//! shown as such, never tuned away. The reference numbers are in `data/`, with their origin in `data/README.md`.
//!
//! ```
//! let outcomes = cellwright::validate::run(Some("sand"), |_| {});
//! assert!(outcomes.iter().all(|o| o.passed));
//! ```

mod ageing;
mod cells;
mod conservation;
mod danilov;
mod danilov_rates;
mod diffusion;
mod drive;
mod electrolyte;
mod fabrication;
mod geometry;
mod impedance;
mod ladder;
mod mechanics;
mod pulses;
mod pybamm;
mod pybamm_cells;
mod rate_capability;
mod reference;
mod section_stress;
mod shelf;
mod table;
mod table_2;
mod thermal;
mod titration;
mod transference;
mod voltammetry;
mod worn;

pub use impedance::chen_half_full;
pub use pybamm_cells::{chen, chen_interphase};
pub use table::table;
pub use table_2::table_2;
pub use worn::{capacities, cycle_options, cycles, worn};

use serde::Serialize;

/// What a case compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// A closed form.
    Exact,
    /// Another program.
    Independent,
    /// A published model or experiment.
    Measurement,
    /// What must not change.
    Conservation,
}

/// One case.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Case {
    /// Short name, as given to `cellwright validate`.
    pub name: &'static str,
    /// What it compares with.
    pub group: Group,
    /// Where the expected numbers come from.
    pub source: &'static str,
    #[serde(skip)]
    solve: fn(&mut Sheet) -> Result<(), Fault>,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Name of the case.
    pub case: &'static str,
    /// What was compared.
    pub quantity: String,
    /// Reference value.
    pub expected: f64,
    /// Value found.
    pub found: f64,
    /// Allowed difference, in the same unit; for an observed order the allowed shortfall.
    pub tolerance: f64,
    /// Unit of the three.
    pub unit: &'static str,
    /// Within the tolerance, or a miss that is expected and explained.
    pub passed: bool,
    /// True if the reference itself is known not to fit; the note says why.
    pub expected_to_miss: bool,
    /// Remark.
    pub note: String,
}

/// Why a case could not be carried out.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Solver(#[from] cellwright_dae::DaeError),
    #[error(transparent)]
    Run(#[from] cellwright_lab::run::RunError),
    #[error(transparent)]
    Material(#[from] cellwright_materials::UnknownMaterial),
    #[error("material {material} has no {key}")]
    Property { material: String, key: &'static str },
    #[error("the model stopped before {time} s")]
    Stopped { time: f64 },
    #[error("{0}")]
    Input(String),
}

/// Collects the comparisons of one case.
struct Sheet {
    case: &'static str,
    outcomes: Vec<Outcome>,
}

impl Sheet {
    fn push(
        &mut self,
        quantity: impl Into<String>,
        [expected, found, tolerance]: [f64; 3],
        unit: &'static str,
        passed: bool,
    ) -> &mut Outcome {
        let outcome = Outcome {
            case: self.case,
            quantity: quantity.into(),
            expected,
            found,
            tolerance,
            unit,
            passed,
            expected_to_miss: false,
            note: String::new(),
        };
        self.outcomes.push(outcome);
        let last = self.outcomes.len() - 1;
        &mut self.outcomes[last]
    }

    /// `found` must be within `tolerance` of `expected`.
    fn near(&mut self, quantity: impl Into<String>, expected: f64, found: f64, tolerance: f64, unit: &'static str) -> &mut Outcome {
        self.push(quantity, [expected, found, tolerance], unit, (found - expected).abs() <= tolerance)
    }

    /// A relative difference, given in parts of one.
    fn close(&mut self, quantity: impl Into<String>, expected: f64, found: f64, relative: f64, unit: &'static str) -> &mut Outcome {
        self.near(quantity, expected, found, relative * expected.abs(), unit)
    }

    /// A size that must stay below `limit`.
    fn below(&mut self, quantity: impl Into<String>, found: f64, limit: f64, unit: &'static str) -> &mut Outcome {
        self.push(quantity, [0.0, found, limit], unit, found.abs() <= limit)
    }

    /// Order of accuracy from errors at doubled resolution; second order is expected, 1.8 enough.
    fn order(&mut self, quantity: impl Into<String>, errors: &[f64]) -> &mut Outcome {
        let found = errors.windows(2).map(|e| (e[0] / e[1]).log2()).fold(f64::INFINITY, f64::min);
        let listed: Vec<String> = errors.iter().map(|e| format!("{e:.1e}")).collect();
        let outcome = self.push(quantity, [2.0, found, 0.2], "", found >= 1.8);
        outcome.note = format!("smallest order of the errors {} at doubled resolution", listed.join(", "));
        outcome
    }
}

impl Outcome {
    /// Marks a comparison that the reference itself is known to fail, with the reason.
    fn known_miss(&mut self, reason: &str) {
        self.expected_to_miss = true;
        self.passed = true;
        self.note = reason.to_owned();
    }

    fn remark(&mut self, text: impl Into<String>) {
        self.note = text.into();
    }

    /// Word of the table.
    pub fn verdict(&self) -> &'static str {
        match (self.passed, self.expected_to_miss) {
            (_, true) => "known miss",
            (true, false) => "ok",
            (false, false) => "FAILED",
        }
    }
}

const CASES: &[Case] = &[
    Case {
        name: "diffusion",
        group: Group::Exact,
        source: "Crank, Mathematics of Diffusion; Carslaw and Jaeger",
        solve: diffusion::solve,
    },
    Case {
        name: "rate-capability",
        group: Group::Exact,
        source: "diffusion to a surface that fills, series solution",
        solve: rate_capability::solve,
    },
    Case {
        name: "symmetric-cell",
        group: Group::Exact,
        source: "Newman and Thomas-Alyea, ideal binary salt between lithium",
        solve: electrolyte::symmetric,
    },
    Case {
        name: "sand",
        group: Group::Exact,
        source: "Sand 1901 with transference number",
        solve: electrolyte::sand,
    },
    Case {
        name: "salt-transient",
        group: Group::Exact,
        source: "Carslaw and Jaeger, slab between constant fluxes",
        solve: electrolyte::transient,
    },
    Case {
        name: "ladder",
        group: Group::Exact,
        source: "Newman and Tobias 1962, linear kinetics",
        solve: ladder::solve,
    },
    Case {
        name: "heat",
        group: Group::Exact,
        source: "exponential approach of a lumped body",
        solve: thermal::solve,
    },
    Case {
        name: "heat-conduction",
        group: Group::Exact,
        source: "slab with a source and convection; first eigenmode; layers in series; limit of a lumped body; balance of heat",
        solve: thermal::conduction,
    },
    Case {
        name: "fingers",
        group: Group::Exact,
        source: "Igreja and Dias 2004, doi:10.1016/j.sna.2004.01.040, elliptic functions",
        solve: geometry::interdigitated,
    },
    Case {
        name: "coaxial",
        group: Group::Exact,
        source: "cylinder between two radii",
        solve: geometry::coaxial,
    },
    Case {
        name: "impedance-diffusion",
        group: Group::Exact,
        source: "finite Warburg elements, coth(s)/s and tanh(s)/s",
        solve: impedance::warburg,
    },
    Case {
        name: "impedance-circuit",
        group: Group::Exact,
        source: "Randles circuit; Igreja and Dias 2004 with a complex conductivity",
        solve: impedance::circuits,
    },
    Case {
        name: "voltammetry",
        group: Group::Exact,
        source: "Randles 1948, Ševčík 1948, Nicholson and Shain 1964; surface-confined couple in closed form",
        solve: voltammetry::solve,
    },
    Case {
        name: "titration",
        group: Group::Exact,
        source: "the diffusivity put in; Weppner and Huggins 1977",
        solve: titration::solve,
    },
    Case {
        name: "transference",
        group: Group::Exact,
        source: "Evans, Vincent and Bruce 1987; Balsara and Newman 2015, 1/(1 + Ne)",
        solve: transference::solve,
    },
    Case {
        name: "pulses",
        group: Group::Exact,
        source: "ohmic and linear charge-transfer resistance; √t polarisation of a film without an end, Sand 1901",
        solve: pulses::solve,
    },
    Case {
        name: "fab-films",
        group: Group::Exact,
        source: "Steiner's formula: bodies grown by a ball",
        solve: fabrication::films,
    },
    Case {
        name: "fab-exposure",
        group: Group::Exact,
        source: "Gordon 2003, doi:10.1002/cvde.200390005",
        solve: fabrication::gordon,
    },
    Case {
        name: "fab-coverage",
        group: Group::Exact,
        source: "view factors of a cosine source, no re-emission",
        solve: fabrication::step_coverage,
    },
    Case {
        name: "mechanics-bow",
        group: Group::Exact,
        source: "Stoney 1909, doi:10.1098/rspa.1909.0021; Freund and Suresh 2004, doi:10.1017/CBO9780511754715",
        solve: mechanics::bows,
    },
    Case {
        name: "mechanics-film",
        group: Group::Exact,
        source: "loop of an elastic, perfectly plastic film",
        solve: mechanics::films,
    },
    Case {
        name: "mechanics-diffusion",
        group: Group::Exact,
        source: "Cheng and Verbrugge 2009, doi:10.1016/j.jpowsour.2009.01.021",
        solve: mechanics::diffusion,
    },
    Case {
        name: "mechanics-section",
        group: Group::Exact,
        source: "Lame's cylinders with a misfit, plane strain",
        solve: mechanics::section,
    },
    Case {
        name: "section-stress",
        group: Group::Exact,
        source: "a clamped film in closed form; Lamé's cylinders",
        solve: section_stress::solve,
    },
    Case {
        name: "shelf-leakage",
        group: Group::Exact,
        source: "Ohm's law; cylinder between two radii; Igreja and Dias 2004, doi:10.1016/j.sna.2004.01.040",
        solve: shelf::leakage,
    },
    Case {
        name: "shelf-water",
        group: Group::Exact,
        source: "2 Li + 2 H2O -> 2 LiOH + H2, by weight",
        solve: shelf::water,
    },
    Case {
        name: "shelf-decade",
        group: Group::Exact,
        source: "linear differential equation with constant coefficients",
        solve: shelf::decade,
    },
    Case {
        name: "ageing-interphase",
        group: Group::Exact,
        source: "growth through the layer itself, L^2 = L0^2 + 2 V c D t/z; Ploehn, Ramadass, White 2004, doi:10.1149/1.1644601",
        solve: ageing::interphase,
    },
    Case {
        name: "ageing-leak",
        group: Group::Exact,
        source: "Ohm's law",
        solve: ageing::leak,
    },
    Case {
        name: "pybamm-discharge",
        group: Group::Independent,
        source: "PyBaMM 26.10.1.1 (BSD-3), extrapolated over four meshes",
        solve: pybamm::discharges,
    },
    Case {
        name: "pybamm-heat",
        group: Group::Independent,
        source: "PyBaMM 26.10.1.1 (BSD-3), lumped heat",
        solve: pybamm::heat,
    },
    Case {
        name: "pybamm-heat-field",
        group: Group::Independent,
        source: "PyBaMM 26.10.1.1 (BSD-3), heat conducted along the cell (x-full), extrapolated over meshes",
        solve: pybamm::heat_field,
    },
    Case {
        name: "pybamm-cycle",
        group: Group::Independent,
        source: "PyBaMM 26.10.1.1 (BSD-3), CCCV cycle",
        solve: pybamm::cycle,
    },
    Case {
        name: "impedance-pybamm",
        group: Group::Independent,
        source: "PyBaMM 26.10.1.1 (BSD-3), impedance of the DFN, extrapolated over meshes",
        solve: impedance::pybamm,
    },
    Case {
        name: "danilov",
        group: Group::Measurement,
        source: "Danilov, Niessen, Notten 2011, doi:10.1149/1.3521414",
        solve: danilov::solve,
    },
    Case {
        name: "danilov-rates",
        group: Group::Measurement,
        source: "Danilov, Niessen, Notten 2011, doi:10.1149/1.3521414",
        solve: danilov_rates::solve,
    },
    Case {
        name: "table-2",
        group: Group::Measurement,
        source: "Wang et al. 2022, doi:10.1039/d2na00566b, Table 2, against Faraday's law and the shelf",
        solve: table_2::solve,
    },
    Case {
        name: "conservation",
        group: Group::Conservation,
        source: "lithium and charge",
        solve: conservation::solve,
    },
    Case {
        name: "ageing-inventory",
        group: Group::Conservation,
        source: "lithium and charge",
        solve: ageing::inventory,
    },
    Case {
        name: "ageing-jumping",
        group: Group::Conservation,
        source: "the same cycles, all carried out",
        solve: ageing::jumping,
    },
];

/// All cases.
pub fn cases() -> &'static [Case] {
    CASES
}

/// Runs the cases whose name or group contains `filter`; `progress` hears the name of each before it starts.
pub fn run(filter: Option<&str>, mut progress: impl FnMut(&Case)) -> Vec<Outcome> {
    let wanted =
        |c: &&Case| filter.is_none_or(|f| c.name.contains(f) || format!("{:?}", c.group).to_lowercase().contains(&f.to_lowercase()));
    let mut outcomes = Vec::new();
    for case in CASES.iter().filter(wanted) {
        progress(case);
        let mut sheet = Sheet {
            case: case.name,
            outcomes: Vec::new(),
        };
        if let Err(e) = (case.solve)(&mut sheet) {
            sheet.push("carried out", [1.0, 0.0, 0.0], "", false).remark(e.to_string());
        }
        outcomes.append(&mut sheet.outcomes);
    }
    outcomes
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_outcome_passes() {
        let outcomes = super::run(None, |c| eprintln!("{}", c.name));
        println!("{}", super::table(&outcomes));
        let failed: Vec<_> = outcomes.iter().filter(|o| !o.passed).collect();
        assert!(failed.is_empty(), "{failed:#?}");
    }
}
