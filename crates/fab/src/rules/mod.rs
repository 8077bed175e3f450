//! Design rules: what a fab engineer would object to, from the masks and steps alone and from the emulated geometry.
//!
//! [`check_plan`] needs only the plan and the limits of the techniques; [`check_observed`] judges what the emulator measured
//! after a step. Both return findings whose code is the id of a rule in [`RULES`].

mod ald;
pub mod drawn;
mod electrical;
mod etch;
mod geometry;
pub mod limits;
mod mask;
pub mod observed;
mod order;
mod package;
mod plating;
pub mod polygon;
mod print;
mod vapour;

use crate::fabrication::Finding;
use crate::plan::{Deposit, Mask, Plan, Verb};
use cellwright_base::diagnostic::{Diagnostic, ErrorKind, Severity};
use cellwright_base::units::{Dimension, format_quantity};
use drawn::Drawings;
use limits::Limits;
use observed::Observed;

/// A design rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id, which is the code of its findings.
    pub id: &'static str,
    /// Whether the chip cannot work (error) or deserves a second look (warning).
    pub severity: Severity,
    /// The condition in words.
    pub words: &'static str,
    /// Why, and where the numbers come from.
    pub doc: &'static str,
}

const fn error(id: &'static str, words: &'static str, doc: &'static str) -> Rule {
    Rule {
        id,
        severity: Severity::Error,
        words,
        doc,
    }
}

const fn warning(id: &'static str, words: &'static str, doc: &'static str) -> Rule {
    Rule {
        severity: Severity::Warning,
        ..error(id, words, doc)
    }
}

/// All rules.
pub static RULES: &[Rule] = &[
    error(
        "LITHO.W",
        "a line is at least as wide as its technique resolves",
        "Narrower lines do not print or fall over. Limits: the technique's.",
    ),
    error(
        "LITHO.S",
        "a gap is at least as wide as its technique resolves",
        "Narrower gaps do not open. Limits: the technique's.",
    ),
    error(
        "LITHO.AR",
        "resist is not too tall for its narrowest line or gap",
        "Tall thin resist falls over and deep openings do not develop. Limit 10 (assumed).",
    ),
    warning(
        "LITHO.OVL",
        "a film stays inside what carries it by the alignment tolerance",
        "Two layers are never aligned exactly; what reaches over an edge may short or not contact. Tolerance: the technique's.",
    ),
    error(
        "LIFT.1",
        "resist is 1.5 times as thick as what is lifted off",
        "Solvent must reach the resist beside the film. Ratio 1.5 (assumed; 1.5 to 3 is usual).",
    ),
    error(
        "LIFT.2",
        "what is lifted off does not coat walls",
        "A film on the resist wall tears and leaves ears. Conformality above 0.3 (assumed).",
    ),
    error(
        "DRIE.AR",
        "an etched opening is not too deep for its width",
        "Ions and products do not get in and out. Limits: 20 for DRIE, 5 for RIE (assumed).",
    ),
    warning(
        "DRIE.LAG",
        "openings etched together differ at most twofold in width",
        "Narrow openings etch slower than wide ones, so depths differ. Ratio 2 (assumed).",
    ),
    error(
        "DRIE.MASK",
        "the mask outlasts the etch",
        "The mask wears by depth over selectivity. Selectivity 50 and 8 um of resist for DRIE (assumed).",
    ),
    error(
        "DRIE.TAPER",
        "leaning walls do not meet above the floor",
        "Geometry: the walls meet at the depth width / (2 tan(90 degrees - angle)).",
    ),
    error(
        "ALD.EXP",
        "the exposure reaches the bottom of the deepest opening",
        "Needed: S sqrt(2 pi m k T) (1 + 19 a/4 + 3 a^2/2) with a = depth x perimeter / (4 x area), Gordon et al. 2003 (doi:10.1002/cvde.200390005). Precursor of 355 g/mol, 2.5e18 sites/m2 (assumed).",
    ),
    error(
        "ALD.PINCH",
        "conformal films do not close an opening",
        "Geometry: films of total thickness t close an opening 2 t wide, and later films cannot enter.",
    ),
    error(
        "TEMP",
        "no step is hotter than the most delicate material present",
        "Temperatures that materials survive: the library's, else those of the technique limits.",
    ),
    error(
        "ANNEAL",
        "no anneal is hotter than the most delicate material present",
        "Lithium cobalt oxide is annealed before lithium, glassy electrolyte or polymer are there.",
    ),
    error(
        "PVD.SC",
        "a directional film stays closed down to the foot of a wall",
        "Line of sight, cosine source: foot of a trench wall (1 - cos(atan(w/z)))/2, bottom 1/sqrt(1 + 4 AR^2), hole 1/(1 + 4 AR^2). Closed above 15 nm (LiPON, Put et al. 2016) and 10 nm for collectors (assumed).",
    ),
    error(
        "SHORT",
        "no electron path joins the two electrodes",
        "Such a cell discharges itself at once.",
    ),
    error(
        "ELYTE.PIN",
        "solid electrolyte is nowhere thinner than 15 nm",
        "Sputtered LiPON of 15 nm still insulates, Put et al. 2016 (ACS Appl. Mater. Interfaces).",
    ),
    error(
        "ED.SEED",
        "plating grows on something that conducts and is connected",
        "No current, no film.",
    ),
    warning(
        "ED.OVER",
        "plating stops below the top of its resist",
        "Above the resist it spreads sideways like a mushroom and may touch its neighbour.",
    ),
    error(
        "PRINT.RES",
        "a printed line is at least as wide as the technique resolves",
        "Resolution of flexographic 20 um, spray 40 um and screen printing 50 um: doi:10.1039/d2na00566b, Table 1; others assumed.",
    ),
    error(
        "PRINT.GAP",
        "a printed gap is wider than resolution and twice the spread of an edge",
        "Both edges spread towards each other. Spread: the technique's (assumed).",
    ),
    error(
        "DIW.NOZ",
        "a filament is at least as wide as its nozzle",
        "The paste swells or keeps its width; it does not thin without tearing.",
    ),
    error(
        "DIW.SPAN",
        "a filament does not bridge more than 20 widths",
        "Longer bridges sag. Ratio 20 (assumed).",
    ),
    error(
        "DIW.WALL",
        "a printed wall is not too tall for its width",
        "Tall thin walls buckle while they dry. Ratio 15 (assumed; 10 to 20 is usual).",
    ),
    error(
        "INFILL.ACCESS",
        "liquid reaches all the space it is meant to fill",
        "Closed space stays empty.",
    ),
    error(
        "INFILL.VAC",
        "no vacuum step follows a liquid",
        "The solvent evaporates in the pump.",
    ),
    error(
        "ENCAP.RING",
        "a sealing ring is at least 100 um wide",
        "Water creeps along the seal. Width 100 um (assumed; 50 to 200 um are used).",
    ),
    warning(
        "CMP.STOP",
        "polishing ends on a hard layer",
        "Without a stop layer the height depends on time alone.",
    ),
    warning(
        "VOID",
        "films and plating leave no closed hollow",
        "Solvent and gas stay inside, and later steps cannot reach it.",
    ),
    error(
        "FLOAT",
        "every solid body hangs together with the substrate",
        "What floats is washed away.",
    ),
    warning(
        "BALANCE",
        "negative over positive capacity is 1.05 to 1.3",
        "Less plates lithium, more wastes volume. Range assumed.",
    ),
    error(
        "TAB",
        "both electrodes have a collector that reaches a pad outside the seal",
        "No current without a contact; a bond wire needs a pad of about 100 um (assumed).",
    ),
    warning(
        "RANGE",
        "a film is as thick as its technique usually makes it",
        "Ranges of the technique (assumed unless the technique says otherwise).",
    ),
];

/// The rule of this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.id == id)
}

/// What the rules ask about techniques and materials.
#[derive(Clone, Copy)]
pub struct Knowledge<'a> {
    /// Limits of a technique.
    pub limits: &'a dyn Fn(&str) -> Option<Limits>,
    /// Temperature that a material survives, K.
    pub max_temperature: &'a dyn Fn(&str) -> Option<f64>,
}

impl Default for Knowledge<'_> {
    /// The libraries of techniques and materials that are built in.
    fn default() -> Self {
        Knowledge {
            limits: &limits::limits,
            max_temperature: &limits::max_temperature,
        }
    }
}

/// Everything that masks and steps alone tell, errors first.
pub fn check_plan(plan: &Plan, know: &Knowledge<'_>) -> Vec<Finding> {
    let mut out = vec![];
    let drawings = Drawings::default();
    let openings = etch::openings(plan, know, &drawings);
    mask::check(plan, know, &drawings, &mut out);
    etch::check(plan, know, &drawings, &openings, &mut out);
    ald::check(plan, know, &openings, &mut out);
    vapour::check(plan, know, &openings, &mut out);
    plating::check(plan, know, &mut out);
    print::check(plan, know, &drawings, &mut out);
    order::check(plan, know, &mut out);
    package::check(plan, know, &mut out);
    sorted(out)
}

/// What the emulated geometry after one step tells, errors first.
pub fn check_observed(plan: &Plan, seen: &Observed, know: &Knowledge<'_>) -> Vec<Finding> {
    let mut out = vec![];
    geometry::check(plan, seen, know, &mut out);
    electrical::check(plan, seen, &mut out);
    sorted(out)
}

/// Judgements that only make sense once all steps are done: balance, contacts.
pub fn check_finished(plan: &Plan, seen: &Observed) -> Vec<Finding> {
    let mut out = vec![];
    electrical::check_finished(plan, seen, &mut out);
    sorted(out)
}

fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|f| (std::cmp::Reverse(f.diagnostic.severity), f.step));
    findings
}

/// Where a finding belongs.
#[derive(Clone, Copy, Default)]
struct Where<'a> {
    step: Option<usize>,
    mask: Option<&'a Mask>,
    at: Option<[f64; 3]>,
}

/// A finding of a rule.
fn finding(plan: &Plan, id: &str, place: Where<'_>, message: String, help: String) -> Finding {
    let rule = find(id).expect("invariant: checks name rules of the table");
    let mut d = Diagnostic::warning(rule.id, message);
    d.severity = rule.severity;
    if rule.severity == Severity::Error {
        d.kind = ErrorKind::BarFailed;
    }
    d.place = place
        .step
        .and_then(|i| plan.steps.get(i))
        .and_then(|s| s.place.clone())
        .or_else(|| place.mask.and_then(|m| m.place.clone()));
    d.notes.push(format!("rule: {}", rule.words));
    if !help.is_empty() {
        d.helps.push(help);
    }
    let subject = place.mask.map_or_else(String::new, |m| m.name.clone());
    Finding {
        diagnostic: d,
        step: place.step,
        at: place.at,
        subject,
    }
}

impl Finding {
    /// The finding with what it is about.
    fn about(mut self, subject: impl Into<String>) -> Finding {
        self.subject = subject.into();
        self
    }
}

/// A length for a message.
fn um(v: f64) -> String {
    format_quantity(v, Dimension::LENGTH)
}

/// A point on the chip for a message.
fn point(p: [f64; 2]) -> String {
    format!("({}, {})", um(p[0]), um(p[1]))
}

fn mask_of<'a>(plan: &'a Plan, name: Option<&String>) -> Option<&'a Mask> {
    name.and_then(|n| plan.masks.iter().find(|m| &m.name == n))
}

/// Index of an earlier step by name.
fn earlier(plan: &Plan, before: usize, name: &str) -> Option<usize> {
    plan.steps.iter().take(before).position(|s| s.name == name)
}

/// The films of the plan: step index, name, what is deposited and the limits of its technique.
fn deposits<'a>(plan: &'a Plan, know: &'a Knowledge<'_>) -> impl Iterator<Item = (usize, &'a str, &'a Deposit, Limits)> + 'a {
    plan.steps.iter().enumerate().filter_map(|(i, s)| match &s.verb {
        Verb::Deposit(d) => (know.limits)(&d.technique).map(|l| (i, s.name.as_str(), d, l)),
        _ => None,
    })
}

/// Resist that stands when a step is done: index of its step and of the one that removes it.
fn resist_at(plan: &Plan, know: &Knowledge<'_>, step: usize) -> Option<(usize, Option<usize>)> {
    plan.steps[..step].iter().enumerate().rev().find_map(|(i, s)| {
        let Verb::Deposit(d) = &s.verb else { return None };
        if (know.limits)(&d.technique).is_none_or(|l| l.name != "lithography") {
            return None;
        }
        let gone = plan
            .steps
            .iter()
            .position(|t| matches!(&t.verb, Verb::LiftOff { resist } if *resist == s.name));
        (gone.is_none_or(|g| g > step)).then_some((i, gone))
    })
}
