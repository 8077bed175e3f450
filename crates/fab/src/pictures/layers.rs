//! The bodies on the tape in the order in which they are painted over each other.

use cellwright_device::field::FieldId;
use cellwright_device::tape::{OPEN, Operation, RegionId, SEALED, Tape};

/// What is left of every body as the field to paint it by, the latest first: older bodies are painted over later ones, since the field of
/// a film holds what it grew on inside itself.
///
/// Where a body is taken away from under a later one, or a void was sealed before it, the later field is cut out there, too: nothing older
/// would cover it.
pub fn layers(tape: &mut Tape) -> Vec<(RegionId, FieldId)> {
    let operations = tape.operations().to_vec();
    let fields = &mut tape.fields;
    let mut bodies: Vec<(RegionId, FieldId)> = Vec::new();
    let mut voids: Vec<FieldId> = Vec::new();
    for operation in operations {
        match operation {
            Operation::Add { region: SEALED, field } => voids.push(field),
            Operation::Add { region, mut field } => {
                for void in &voids {
                    field = fields.difference(field, *void);
                }
                bodies.push((region, field));
            }
            Operation::Remove { field: cut, only } => {
                let attacked = |r: RegionId| r != OPEN && only.as_ref().is_none_or(|o| o.contains(&r));
                let outside = fields.complement(cut);
                let mut gone: Vec<FieldId> = Vec::new();
                for body in &mut bodies {
                    if attacked(body.0) {
                        let taken = fields.intersection(body.1, cut);
                        gone.push(taken);
                        body.1 = fields.intersection(body.1, outside);
                    } else {
                        for taken in &gone {
                            body.1 = fields.difference(body.1, *taken);
                        }
                    }
                }
            }
        }
    }
    bodies.reverse();
    bodies
}
