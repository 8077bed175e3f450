//! Spectra in a checkpoint.

use super::Spectrum;
use crate::checkpoint::{Checkpoint, CheckpointError};
use cellwright_electrochem::small_signal::PARTS;
use num_complex::Complex64;

/// Numbers per frequency: f, Z and its parts.
const WIDTH: usize = 1 + 2 * (1 + PARTS);
/// Numbers before them.
const HEAD: usize = 7;

pub(crate) fn save(spectra: &[Spectrum], c: &mut Checkpoint) {
    for (k, s) in spectra.iter().enumerate() {
        let [n, p] = s.stoichiometry.map(|x| x.unwrap_or(f64::NAN));
        let mut values = vec![s.step as f64, s.time, s.voltage, s.unrest, n, p, s.temperature];
        for ((f, z), parts) in s.frequency.iter().zip(&s.impedance).zip(&s.parts) {
            values.push(*f);
            values.extend(std::iter::once(z).chain(parts).flat_map(|z| [z.re, z.im]));
        }
        c.arrays.insert(format!("spectrum {k:06}"), values);
        c.texts.insert(format!("spectrum {k:06}"), s.text.clone());
    }
}

/// # Errors
/// [`CheckpointError`] if a spectrum has another layout.
pub(crate) fn load(c: &Checkpoint) -> Result<Vec<Spectrum>, CheckpointError> {
    let mut out = vec![];
    while let Some(values) = c.arrays.get(&format!("spectrum {:06}", out.len())) {
        if values.len() < HEAD || !(values.len() - HEAD).is_multiple_of(WIDTH) {
            return Err(CheckpointError::Damaged {
                what: "a spectrum of another size",
            });
        }
        let (head, body) = values.split_at(HEAD);
        let known = |x: f64| (!x.is_nan()).then_some(x);
        let mut s = Spectrum {
            step: head[0] as u64,
            text: c.text(&format!("spectrum {:06}", out.len()))?.to_owned(),
            time: head[1],
            voltage: head[2],
            unrest: head[3],
            stoichiometry: [known(head[4]), known(head[5])],
            temperature: head[6],
            frequency: vec![],
            impedance: vec![],
            parts: vec![],
        };
        for row in body.chunks_exact(WIDTH) {
            let z = |k: usize| Complex64::new(row[1 + 2 * k], row[2 + 2 * k]);
            s.frequency.push(row[0]);
            s.impedance.push(z(0));
            s.parts.push(std::array::from_fn(|k| z(k + 1)));
        }
        out.push(s);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spectra_come_back_from_a_checkpoint() {
        let z = Complex64::new(3.0, -0.25);
        let one = Spectrum {
            step: 4,
            text: "Impedance from 1 Hz to 10 Hz at 1 points per decade".into(),
            time: 7200.0,
            voltage: 3.9,
            unrest: 1e-5,
            stoichiometry: [None, Some(0.5)],
            temperature: 298.15,
            frequency: vec![10.0, 1.0],
            impedance: vec![z, 2.0 * z],
            parts: vec![[z; PARTS], [-z; PARTS]],
        };
        let mut c = Checkpoint::default();
        save(&[one.clone(), one.clone()], &mut c);
        assert_eq!(load(&c).expect("whole"), [one.clone(), one]);
        c.arrays.insert("spectrum 000001".into(), vec![0.0; HEAD + 1]);
        assert!(load(&c).is_err());
    }
}
