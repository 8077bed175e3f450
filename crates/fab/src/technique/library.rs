//! The library of techniques: limits, rates and usual conditions, each with its source.

use super::error::TechniqueError;
use super::read;
use cellwright_base::diagnostic::nearest;
use cellwright_base::units::Dimension;
use cellwright_materials::Confidence;
use std::sync::LazyLock;

/// A usual value with its range and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Sourced {
    /// Usual value, SI.
    pub value: f64,
    /// Lowest and highest usual value, SI.
    pub range: Option<(f64, f64)>,
    /// DOI, paper or origin; never empty.
    pub source: String,
    /// Trust mark.
    pub confidence: Confidence,
    /// Reason or trap.
    pub note: String,
}

/// How the material finds its place, or what the step does instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Atoms fly straight from a source.
    LineOfSight,
    /// A self-limiting reaction covers every surface the gas reaches.
    Conformal,
    /// A gas reacts with a sticking probability.
    Diffusive,
    /// Grows out of a conducting surface.
    BottomUp,
    /// A substrate turns into the film.
    Conversion,
    /// A liquid or slurry spreads over everything.
    Coat,
    /// A plate, screen or jet puts ink where the pattern is.
    Print,
    /// A nozzle lays filaments.
    Extrude,
    /// A periodic scaffold that other steps fill.
    Template,
    /// A ready film, foil or lid is put on.
    Transfer,
    /// Resist is patterned with light, or dissolved.
    Pattern,
    /// Material is removed.
    Etch,
    /// Material is polished down to a plane.
    Planarise,
    /// A liquid or gel fills open space.
    Infill,
    /// Heat only.
    Anneal,
    /// Lithium is brought in.
    Lithiate,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 16] = [
        Kind::LineOfSight,
        Kind::Conformal,
        Kind::Diffusive,
        Kind::BottomUp,
        Kind::Conversion,
        Kind::Coat,
        Kind::Print,
        Kind::Extrude,
        Kind::Template,
        Kind::Transfer,
        Kind::Pattern,
        Kind::Etch,
        Kind::Planarise,
        Kind::Infill,
        Kind::Anneal,
        Kind::Lithiate,
    ];

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::LineOfSight => "line-of-sight",
            Kind::Conformal => "conformal",
            Kind::Diffusive => "diffusive",
            Kind::BottomUp => "bottom-up",
            Kind::Conversion => "conversion",
            Kind::Coat => "coat",
            Kind::Print => "print",
            Kind::Extrude => "extrude",
            Kind::Template => "template",
            Kind::Transfer => "transfer",
            Kind::Pattern => "pattern",
            Kind::Etch => "etch",
            Kind::Planarise => "planarise",
            Kind::Infill => "infill",
            Kind::Anneal => "anneal",
            Kind::Lithiate => "lithiate",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// How a value is written in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Written {
    /// A quantity with a unit.
    As(Dimension),
    /// An angle in `deg`.
    Angle,
}

macro_rules! values {
    ($($(#[$doc:meta])* $name:ident $written:expr, $low:literal $high:literal;)*) => {
        /// A way of making, patterning or removing a film. Values that no one has given are `None`.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Technique {
            /// The word used in design files.
            pub name: String,
            /// In plain words.
            pub title: String,
            /// How the material finds its place.
            pub kind: Kind,
            /// Other words that are understood.
            pub aliases: Vec<String>,
            /// Traps that concern the whole technique.
            pub note: String,
            $($(#[$doc])* pub $name: Option<Sourced>,)*
        }

        /// Key, how it is written, and the range that is physically possible (SI).
        pub(super) const VALUES: &[(&str, Written, f64, f64)] = &[$((stringify!($name), $written, $low, $high)),*];

        impl Technique {
            pub(super) fn new(name: String, kind: Kind) -> Technique {
                Technique { name, title: String::new(), kind, aliases: vec![], note: String::new(), $($name: None),* }
            }

            pub(super) fn set(&mut self, key: &str, value: Sourced) {
                match key {
                    $(stringify!($name) => self.$name = Some(value),)*
                    _ => {}
                }
            }

            /// All values that are given, with their keys as in the file.
            pub fn values(&self) -> impl Iterator<Item = (&'static str, &Sourced)> {
                [$((stringify!($name), self.$name.as_ref())),*].into_iter().filter_map(|(k, v)| v.map(|v| (k, v)))
            }
        }
    };
}

use Dimension as D;
values! {
    /// Smallest width it makes, m.
    minimum_feature Written::As(D::LENGTH), 1e-10 1.0;
    /// Smallest gap between two features, m.
    minimum_space Written::As(D::LENGTH), 1e-10 1.0;
    /// Film thickness or depth, m.
    thickness Written::As(D::LENGTH), 1e-11 1.0;
    /// Growth or removal rate, m/s.
    rate Written::As(D::VELOCITY), 1e-15 10.0;
    /// Growth per cycle, m.
    growth_per_cycle Written::As(D::LENGTH), 1e-13 1e-8;
    /// Time of one cycle, s.
    cycle_time Written::As(D::TIME), 1e-3 1e5;
    /// Speed of a nozzle, web or squeegee, m/s.
    speed Written::As(D::VELOCITY), 1e-9 100.0;
    /// Temperature of the wafer, K.
    temperature Written::As(D::TEMPERATURE), 50.0 3000.0;
    /// Depth over width of an opening that is still coated or etched.
    aspect_ratio Written::As(D::DIMENSIONLESS), 1e-3 1e5;
    /// How far a printed edge spreads beyond the drawn one, m.
    edge_bleed Written::As(D::LENGTH), 0.0 1e-2;
    /// Error of placement against what is already there, m.
    alignment Written::As(D::LENGTH), 1e-9 1e-2;
    /// Thickness on the wall over thickness on top.
    conformality Written::As(D::DIMENSIONLESS), 0.0 1.0;
    /// Sticking probability per wall collision.
    sticking Written::As(D::DIMENSIONLESS), 0.0 1.0;
    /// Angle between wall and floor, rad.
    sidewall Written::Angle, 0.1 3.0;
    /// Lateral over vertical etch rate.
    isotropy Written::As(D::DIMENSIONLESS), 0.0 1.0;
    /// Etch rate over that of the mask.
    selectivity Written::As(D::DIMENSIONLESS), 0.1 1e6;
    /// Resist thickness over film thickness that lift-off needs.
    resist_ratio Written::As(D::DIMENSIONLESS), 1.0 100.0;
    /// Solids volume fraction of ink, slurry or paste.
    solids Written::As(D::DIMENSIONLESS), 1e-6 1.0;
    /// Void fraction of the dry body.
    porosity Written::As(D::DIMENSIONLESS), 0.0 0.999;
    /// Time to load, pump, heat and unload, s.
    set_up_time Written::As(D::TIME), 1.0 1e6;
    /// Rank of the equipment, 1 cheap to 5 dear.
    cost Written::As(D::DIMENSIONLESS), 1.0 5.0;
    /// Rank of the time, 1 fast to 5 slow.
    effort Written::As(D::DIMENSIONLESS), 1.0 5.0;
}

const FILE: &str = "data/techniques.toml";

static EMBEDDED: LazyLock<Vec<Technique>> = LazyLock::new(|| {
    let read = read::read(FILE, include_str!("../../data/techniques.toml"));
    assert!(read.is_ok(), "invariant: the embedded library is tested: {:?}", read.err());
    read.unwrap_or_default()
});

/// All techniques of the library, in the order of the file.
pub fn all() -> &'static [Technique] {
    &EMBEDDED
}

/// The technique of that name or alias, upper or lower case.
pub fn find(name: &str) -> Option<&'static Technique> {
    let is = |s: &String| s.eq_ignore_ascii_case(name.trim());
    all()
        .iter()
        .find(|t| is(&t.name))
        .or_else(|| all().iter().find(|t| t.aliases.iter().any(is)))
}

/// As [`find`], with the nearest known name if there is none.
///
/// # Errors
/// [`TechniqueError::Unknown`].
pub fn get(name: &str) -> Result<&'static Technique, TechniqueError> {
    find(name).ok_or_else(|| {
        let words = all()
            .iter()
            .flat_map(|t| std::iter::once(&t.name).chain(&t.aliases))
            .map(String::as_str);
        let slip = nearest(name, words).and_then(find);
        let begins = || {
            all()
                .iter()
                .find(|t| name.len() >= 3 && t.name.starts_with(&name.to_ascii_lowercase()))
        };
        TechniqueError::Unknown {
            name: name.to_owned(),
            suggestion: slip.or_else(begins).map(|t| t.name.clone()),
        }
    })
}
