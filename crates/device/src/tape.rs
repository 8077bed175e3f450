//! The device as a tape of operations: replayed forward, it tells what is where after any step.
//!
//! Older solids win: a new film claims only what is still open, and a cut gives space back. Nothing is voxelised, and a film is never
//! resampled by a later operation.

use crate::field::bound::Block;
use crate::field::thickness::Thickness;
use crate::field::value::Probe;
use crate::field::{FieldId, Fields};
use crate::vector::Vector;

/// A body: everything that one operation added.
pub type RegionId = u16;

/// Label of open space.
pub const OPEN: RegionId = RegionId::MAX;
/// Label of open space that is sealed off: no later film reaches it.
pub const SEALED: RegionId = RegionId::MAX - 1;

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// The region takes all open space inside the field.
    Add {
        /// The new region.
        region: RegionId,
        /// Where.
        field: FieldId,
    },
    /// Solids inside the field become open space.
    Remove {
        /// Where.
        field: FieldId,
        /// Only these regions; every one if `None`.
        only: Option<Vec<RegionId>>,
    },
}

impl Operation {
    /// Where it acts.
    pub fn field(&self) -> FieldId {
        match self {
            Operation::Add { field, .. } | Operation::Remove { field, .. } => *field,
        }
    }
}

/// Operations over fields, inside a box whose sides are mirrors.
#[derive(Clone, Debug, PartialEq)]
pub struct Tape {
    /// The fields that the operations refer to.
    pub fields: Fields,
    /// The box that is looked at.
    pub block: Block,
    operations: Vec<Operation>,
    /// Every region with the field of what is left of it (and of what it grew on).
    bodies: Vec<(RegionId, FieldId)>,
    surface: Option<FieldId>,
}

impl Tape {
    /// An empty box over these fields.
    pub fn new(fields: Fields, block: Block) -> Tape {
        Tape {
            fields,
            block,
            operations: vec![],
            bodies: vec![],
            surface: None,
        }
    }

    /// What was done so far.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Field of all solids: the surface that the next film grows on. `None` while there is nothing.
    pub fn surface(&self) -> Option<FieldId> {
        self.surface
    }

    /// Field of some regions only, together with what they grew on.
    pub fn surface_of(&mut self, regions: &[RegionId]) -> Option<FieldId> {
        let fields: Vec<FieldId> = self.bodies.iter().filter(|(r, _)| regions.contains(r)).map(|(_, f)| *f).collect();
        self.union_of(&fields)
    }

    fn union_of(&mut self, fields: &[FieldId]) -> Option<FieldId> {
        let (first, rest) = fields.split_first()?;
        Some(rest.iter().fold(*first, |all, f| self.fields.union(all, *f)))
    }

    /// Adds a body of a given shape.
    pub fn add(&mut self, region: RegionId, field: FieldId) {
        self.operations.push(Operation::Add { region, field });
        self.bodies.push((region, field));
        self.surface = Some(match self.surface {
            Some(surface) => self.fields.union(surface, field),
            None => field,
        });
    }

    /// Grows a film of the same thickness on everything.
    pub fn grow(&mut self, region: RegionId, thickness: f64) {
        if let Some(surface) = self.surface {
            let field = self.fields.grow(surface, thickness);
            self.cover(region, field);
        }
    }

    /// Grows a film whose thickness depends on height and facet.
    pub fn coat(&mut self, region: RegionId, thickness: Thickness) {
        if let Some(surface) = self.surface {
            let field = self.fields.coat(surface, thickness);
            self.cover(region, field);
        }
    }

    /// Adds a film that holds the present surface inside itself.
    fn cover(&mut self, region: RegionId, field: FieldId) {
        self.operations.push(Operation::Add { region, field });
        self.bodies.push((region, field));
        self.surface = Some(field);
    }

    /// Cuts a shape out of some regions, or out of everything.
    pub fn remove(&mut self, cut: FieldId, only: Option<Vec<RegionId>>) {
        let outside = self.fields.complement(cut);
        for i in 0..self.bodies.len() {
            let (region, field) = self.bodies[i];
            if only.as_ref().is_none_or(|o| o.contains(&region)) {
                self.bodies[i].1 = self.fields.intersection(field, outside);
            }
        }
        self.surface = match &only {
            None => self.surface.map(|s| self.fields.intersection(s, outside)),
            Some(_) => {
                let fields: Vec<FieldId> = self.bodies.iter().map(|(_, f)| *f).collect();
                self.union_of(&fields)
            }
        };
        self.operations.push(Operation::Remove { field: cut, only });
    }

    /// Takes regions away altogether.
    pub fn strip(&mut self, regions: &[RegionId]) {
        let everywhere = self.fields.everywhere();
        self.bodies.retain(|(r, _)| !regions.contains(r));
        let fields: Vec<FieldId> = self.bodies.iter().map(|(_, f)| *f).collect();
        self.surface = self.union_of(&fields);
        self.operations.push(Operation::Remove {
            field: everywhere,
            only: Some(regions.to_vec()),
        });
    }

    /// Seals open space inside the field: later films do not reach it.
    pub fn seal(&mut self, field: FieldId) {
        self.operations.push(Operation::Add { region: SEALED, field });
    }

    /// The tape as it was after the first `n` operations; its surface is not kept.
    pub fn after(&self, n: usize) -> Tape {
        let mut earlier = self.clone();
        earlier.operations.truncate(n);
        earlier.bodies.clear();
        earlier.surface = None;
        earlier
    }

    /// What is at a point.
    pub fn region_at(&self, p: Vector) -> RegionId {
        self.regions_at([p]).first().copied().unwrap_or(OPEN)
    }

    /// What is at many points.
    pub fn regions_at(&self, points: impl IntoIterator<Item = Vector>) -> Vec<RegionId> {
        let points: Vec<Vector> = points.into_iter().collect();
        let (low, high) = points.iter().fold(([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]), |(low, high), p| {
            (
                [0, 1, 2].map(|i| f64::min(low[i], p[i])),
                [0, 1, 2].map(|i| f64::max(high[i], p[i])),
            )
        });
        let around = Block::between(low, high);
        let (c, h) = ([around.c[0], around.c[1]], [around.h[0], around.h[1]]);
        let lists = self.fields.listed_near(c, h, &self.fields.all_listed());
        let mut probe = Probe::new(&self.fields);
        let at = |p: Vector| {
            probe.next_point();
            let mut label = OPEN;
            for operation in &self.operations {
                match operation {
                    Operation::Add { region, field } if label == OPEN && probe.here(*field, p, &lists).v <= 0.0 => label = *region,
                    Operation::Remove { field, only } if attacked(label, only.as_deref()) && probe.here(*field, p, &lists).v <= 0.0 => {
                        label = OPEN
                    }
                    _ => {}
                }
            }
            label
        };
        points.into_iter().map(at).collect()
    }

    /// What is left of every body, as the field to draw it by. Painted from the last to the first, older ones over newer ones, they
    /// show the device: a field holds what the body grew on inside itself.
    pub fn painted(&mut self) -> Vec<(RegionId, FieldId)> {
        let operations = self.operations.clone();
        let mut bodies: Vec<(RegionId, FieldId)> = Vec::new();
        for operation in operations {
            match operation {
                Operation::Add { region, field } => bodies.push((region, field)),
                Operation::Remove { field, only } => {
                    let outside = self.fields.complement(field);
                    for body in bodies.iter_mut().filter(|b| attacked(b.0, only.as_deref())) {
                        body.1 = self.fields.intersection(body.1, outside);
                    }
                }
            }
        }
        bodies.reverse();
        bodies
    }
}

/// Whether a cut takes something away from what carries this label.
pub(crate) fn attacked(label: RegionId, only: Option<&[RegionId]>) -> bool {
    label != OPEN && only.is_none_or(|o| o.contains(&label))
}
