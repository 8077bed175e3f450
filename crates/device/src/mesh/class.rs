//! What a body is for the electrochemistry: which bodies are meshed, and which are outer faces only.

use super::{ELECTROLYTE, NEGATIVE, NEGATIVE_COLLECTOR, POSITIVE, POSITIVE_COLLECTOR};
use crate::tape::RegionId;
use std::collections::BTreeMap;

/// One of the two electrodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Negative electrode.
    Negative,
    /// Positive electrode.
    Positive,
}

/// What a body is for the electrochemistry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Conducts ions only: volumes of region [`ELECTROLYTE`].
    Electrolyte,
    /// Solid and electrolyte mixed: volumes of the electrode, joined to the electrolyte by plain faces.
    Porous(Side),
    /// Dense electrode that is meshed: volumes of the electrode, joined to the electrolyte by reacting interfaces.
    Dense(Side),
    /// Dense electrode film that is not meshed: outer faces of the electrolyte, with the thickness and true volume of the film behind.
    Film(Side),
    /// Electrode that reacts at its surface alone (lithium metal): outer faces of the electrolyte without a film.
    Electrode(Side),
    /// Metal of one potential: outer faces of porous and dense electrodes. It does not react where electrolyte touches it.
    Metal(Side),
    /// Metal whose separate pieces join whichever electrode touches them to its terminal: one film that was patterned for both.
    Wiring,
    /// Metal whose resistance counts: volumes of the collector, which outer faces take their electrons from.
    Sheet(Side),
    /// Everything else: insulators, the wafer, open space.
    Inert,
}

impl Class {
    /// Region of the volumes of this class; `None` if it has no volumes.
    pub fn region(self) -> Option<usize> {
        match self {
            Class::Electrolyte => Some(ELECTROLYTE),
            Class::Porous(Side::Negative) | Class::Dense(Side::Negative) => Some(NEGATIVE),
            Class::Porous(Side::Positive) | Class::Dense(Side::Positive) => Some(POSITIVE),
            Class::Sheet(Side::Negative) => Some(NEGATIVE_COLLECTOR),
            Class::Sheet(Side::Positive) => Some(POSITIVE_COLLECTOR),
            Class::Film(_) | Class::Electrode(_) | Class::Metal(_) | Class::Wiring | Class::Inert => None,
        }
    }

    /// The electrode it belongs to.
    pub fn side(self) -> Option<Side> {
        match self {
            Class::Porous(s) | Class::Dense(s) | Class::Film(s) | Class::Electrode(s) | Class::Metal(s) | Class::Sheet(s) => Some(s),
            Class::Electrolyte | Class::Wiring | Class::Inert => None,
        }
    }

    /// The electrode whose reaction runs where electrolyte touches this class, if it is not meshed.
    pub fn reacts(self) -> Option<Side> {
        match self {
            Class::Film(s) | Class::Electrode(s) => Some(s),
            _ => None,
        }
    }

    /// How a contact between two classes enters the mesh.
    pub(super) fn meets(self, other: Class) -> Meeting {
        use Class::{Dense, Electrode, Electrolyte, Film, Metal, Porous, Sheet};
        match (self, other) {
            (Electrolyte, Electrolyte | Porous(_)) | (Porous(_), Electrolyte) => Meeting::Joined,
            (Electrolyte, Dense(_)) | (Dense(_), Electrolyte) => Meeting::Interface,
            (Electrolyte, Film(side) | Electrode(side)) => Meeting::Reacting(side),
            (Porous(a) | Dense(a) | Sheet(a), Porous(b) | Dense(b) | Sheet(b)) if a == b => match (self, other) {
                (Sheet(_), Sheet(_)) | (Porous(_) | Dense(_), Porous(_) | Dense(_)) => Meeting::Joined,
                _ => Meeting::Supplied,
            },
            (Porous(a) | Dense(a) | Sheet(a), Metal(b)) if a == b => Meeting::Terminal(a),
            (Porous(a) | Dense(a) | Sheet(a), Class::Wiring) => Meeting::Terminal(a),
            (a, b) if a.side().is_some() && b.side().is_some() && a.side() != b.side() => Meeting::Short,
            _ => Meeting::None,
        }
    }
}

/// How a contact enters the mesh, seen from the first class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meeting {
    /// Plain face between volumes.
    Joined,
    /// Reacting face between volumes.
    Interface,
    /// Outer face where the reaction runs.
    Reacting(Side),
    /// Outer face on metal of one potential.
    Terminal(Side),
    /// Plain face between an electrode and a volume of metal.
    Supplied,
    /// Both electrodes touch.
    Short,
    /// Nothing passes.
    None,
}

/// Classes of all bodies; those not named are inert.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classes(pub BTreeMap<RegionId, Class>);

impl Classes {
    /// Class of a body.
    pub fn of(&self, label: RegionId) -> Class {
        self.0.get(&label).copied().unwrap_or(Class::Inert)
    }
}

impl<const N: usize> From<[(RegionId, Class); N]> for Classes {
    fn from(list: [(RegionId, Class); N]) -> Classes {
        Classes(list.into())
    }
}
