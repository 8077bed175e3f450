//! The tape without what does not last: resist that was dissolved, and what went with it.
//!
//! Surfaces of vanished bodies divide the box for nothing. Films that came while they stood are limited by them instead, which leaves
//! the same bodies.

use cellwright_device::tape::{Operation, RegionId, SEALED, Tape};

/// A tape that makes the same bodies as `tape` does at its end, without the regions of `gone`, which were stripped altogether, as far as
/// their removal can be said beforehand.
pub fn without(tape: &Tape, gone: &[RegionId]) -> Tape {
    let mut operations = tape.operations().to_vec();
    let mut fields = tape.fields.clone();
    for region in gone {
        let Some(life) = Life::of(&operations, *region) else { continue };
        // What the films of that time must stay out of.
        let mut limits = vec![fields.complement(operations[life.added].field())];
        for i in &life.taken {
            limits.push(fields.complement(operations[*i].field()));
        }
        for operation in &mut operations[life.added + 1..life.stripped] {
            if let Operation::Add { field, .. } = operation {
                *field = limits.iter().fold(*field, |f, limit| fields.intersection(f, *limit));
            }
        }
        let mut number = 0..;
        operations.retain(|_| {
            number
                .next()
                .is_some_and(|i| i != life.added && i != life.stripped && !life.taken.contains(&i))
        });
    }
    let mut lasting = Tape::new(fields, tape.block);
    for operation in operations {
        match operation {
            Operation::Add { region: SEALED, field } => lasting.seal(field),
            Operation::Add { region, field } => lasting.add(region, field),
            Operation::Remove { field, only } => lasting.remove(field, only),
        }
    }
    lasting
}

/// Operations, by index, that made a vanished body, took away all films of its time, and took away itself.
struct Life {
    added: usize,
    taken: Vec<usize>,
    stripped: usize,
}

impl Life {
    /// `None` where space that opened during that time was filled again: the order matters then.
    fn of(operations: &[Operation], region: RegionId) -> Option<Life> {
        let added = operations
            .iter()
            .position(|o| matches!(o, Operation::Add { region: r, .. } if *r == region))?;
        let stripped = operations
            .iter()
            .rposition(|o| matches!(o, Operation::Remove { only: Some(only), .. } if only == &[region]))?;
        let during = operations.get(added + 1..stripped)?;
        let films: Vec<RegionId> = during
            .iter()
            .map_while(|o| match o {
                Operation::Add { region, .. } if *region != SEALED => Some(*region),
                _ => None,
            })
            .collect();
        let later = &during[films.len()..];
        if later.iter().any(|o| matches!(o, Operation::Add { .. })) {
            return None;
        }
        let before: Vec<RegionId> = operations[..added]
            .iter()
            .filter_map(|o| match o {
                Operation::Add { region, .. } => Some(*region),
                Operation::Remove { .. } => None,
            })
            .collect();
        // A cut through all films of that time and nothing older.
        let all_films = |o: &Operation| match o {
            Operation::Remove { only: Some(only), .. } => {
                films.iter().all(|f| only.contains(f)) && before.iter().all(|b| !only.contains(b))
            }
            _ => false,
        };
        let taken = (0..later.len())
            .filter(|i| all_films(&later[*i]))
            .map(|i| added + 1 + films.len() + i);
        Some(Life {
            added,
            taken: taken.collect(),
            stripped,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cellwright_device::field::Fields;
    use cellwright_device::field::bound::Block;
    use cellwright_device::partition::{Fineness, Partition};

    /// Ground, resist on one half, a film over both, lifted off; then another film.
    fn lifted() -> Tape {
        let mut fields = Fields::default();
        let ground = fields.below(0.0);
        let half = fields.half_space([1.0, 0.0, 0.0], 0.1);
        let tall = fields.below(2.0);
        let resist = fields.intersection(half, tall);
        let mut tape = Tape::new(fields, Block::between([-1.0, -1.0, -1.0], [1.0, 1.0, 3.0]));
        tape.add(0, ground);
        tape.add(1, resist);
        tape.grow(2, 0.3);
        let (wide, above) = (tape.fields.grow(half, 0.4), tape.fields.above(0.35));
        let rim = tape.fields.intersection(wide, above);
        let cut = tape.fields.union(half, rim);
        tape.remove(cut, Some(vec![2]));
        tape.strip(&[1]);
        tape.grow(3, 0.2);
        tape
    }

    #[test]
    fn the_same_bodies_stand_without_the_resist() {
        let tape = lifted();
        let lasting = without(&tape, &[1]);
        assert_eq!((tape.operations().len(), lasting.operations().len()), (6, 3));
        let fine = Fineness {
            tolerance: 1e-3,
            finest: 1e-2,
        };
        let [whole, less] = [&tape, &lasting].map(|t| Partition::of(t, fine));
        assert!(less.pieces.len() <= whole.pieces.len());
        let (a, b) = (whole.volumes(), less.volumes());
        for (region, volume) in &b {
            // Rounded edges are divided at other places.
            assert!((volume / a[region] - 1.0).abs() < 1e-3, "{region}: {volume} {}", a[region]);
        }
        for i in 0..4000 {
            let at = |k: u32, low: f64, size: f64| low + size * (f64::from(i) * [0.618_034, 0.754_877_7, 0.569_840_3][k as usize]).fract();
            let p = [at(0, -1.0, 2.0), at(1, -1.0, 2.0), at(2, -1.0, 4.0)];
            assert_eq!(tape.region_at(p), lasting.region_at(p), "{p:?}");
        }
    }

    #[test]
    fn what_filled_space_that_had_opened_meanwhile_is_kept_as_it_was() {
        let mut tape = lifted();
        let before = tape.operations().len();
        let pit = tape.fields.above(-0.5);
        let (resist, film) = (tape.fields.below(1.0), tape.fields.below(-0.2));
        tape.add(4, resist);
        tape.remove(pit, Some(vec![0]));
        tape.add(5, film);
        tape.strip(&[4]);
        assert_eq!(without(&tape, &[4]).operations().len(), before + 4);
    }
}
