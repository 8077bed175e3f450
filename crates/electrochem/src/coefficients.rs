//! Transport coefficients of all volumes, found for several at a time and stored field by field, so that those of neighbours are read and
//! written together.

use crate::depletion::is_beyond;
use crate::electrolyte::{Coefficients, Electrolyte, SaltTransport};
use crate::heat::Temperature;
use crate::model::{BLOCK, Model};
use cellwright_dae::lanes::{Lanes, groups, vectorised};
use cellwright_dae::{Unusable, parallel};
use std::ops::Range;

/// Coefficients of all volumes, field by field.
#[derive(Clone, Debug)]
pub(crate) struct CoefficientTable([Vec<f64>; FIELDS]);

/// Number of coefficients.
const FIELDS: usize = 10;

/// Coefficients of which each follows from the numbers of its field. Not a function, which would not always be inlined into a loop of the
/// vector unit.
macro_rules! coefficients {
    ($table:expr, $field:ident => $value:expr) => {{
        let [
            resistivity,
            resistivity_c,
            retardation,
            retardation_c,
            chi,
            chi_c,
            transference,
            transference_c,
            inverse_c,
            ln_c,
        ] = &$table.0;
        coefficients!(@ $field => $value, resistivity, resistivity_c, retardation, retardation_c, chi, chi_c, transference, transference_c,
            inverse_c, ln_c)
    }};
    (@ $field:ident => $value:expr, $($name:ident),*) => {
        Coefficients {
            $($name: {
                let $field = $name;
                $value
            }),*
        }
    };
}

impl<N> Coefficients<N> {
    #[inline(always)]
    fn fields(&self) -> [&N; FIELDS] {
        [
            &self.resistivity,
            &self.resistivity_c,
            &self.retardation,
            &self.retardation_c,
            &self.chi,
            &self.chi_c,
            &self.transference,
            &self.transference_c,
            &self.inverse_c,
            &self.ln_c,
        ]
    }
}

impl CoefficientTable {
    pub(crate) fn new(n: usize) -> CoefficientTable {
        CoefficientTable(std::array::from_fn(|_| vec![0.0; n]))
    }

    /// Of volume `k`.
    #[inline(always)]
    pub(crate) fn at(&self, k: usize) -> Coefficients {
        coefficients!(self, field => field[k])
    }

    /// Of up to [`WIDTH`](cellwright_dae::lanes::WIDTH) neighbours.
    #[inline(always)]
    pub(crate) fn of(&self, cells: Range<usize>) -> Coefficients<Lanes> {
        coefficients!(self, field => Lanes::of(&field[cells.clone()]))
    }

    /// Of the volumes `cell(0)`, `cell(1)`, …
    #[inline(always)]
    pub(crate) fn gathered(&self, cell: impl Fn(usize) -> usize) -> Coefficients<Lanes> {
        coefficients!(self, field => Lanes::from_fn(|l| field[cell(l)]))
    }

    #[inline]
    pub(crate) fn set(&mut self, k: usize, coefficients: &Coefficients) {
        for (to, from) in self.0.iter_mut().zip(coefficients.fields()) {
            to[k] = *from;
        }
    }

    /// The same numbers in pieces of equal length.
    fn pieces(&mut self, length: usize) -> Vec<[&mut [f64]; FIELDS]> {
        let mut fields = self.0.each_mut().map(|field| field.chunks_mut(length));
        let n = fields[0].len();
        (0..n)
            .map(|_| fields.each_mut().map(|field| field.next().unwrap_or_default()))
            .collect()
    }
}

/// Concentrations of a group of neighbours; `ours` where there is no electrolyte.
#[inline(always)]
fn concentrations(model: &Model, y: &[f64], cells: &Range<usize>, ours: f64) -> Lanes {
    Lanes::from_fn(|l| {
        let k = (cells.start + l).min(cells.end - 1);
        if model.media[k].has_electrolyte() { y[BLOCK * k] } else { ours }
    })
}

impl Electrolyte {
    /// # Errors
    /// A concentration that no state has.
    #[inline]
    fn checked(&self, k: usize, c: f64) -> Result<f64, Unusable> {
        match is_beyond(c, self.trace()) {
            true => Err(Unusable::at(BLOCK * k, "the electrolyte is depleted of salt")),
            false => Ok(c),
        }
    }
}

impl Model {
    /// Coefficients of all volumes with electrolyte.
    pub(crate) fn find_coefficients<T: Temperature>(&mut self, y: &[f64], temperature: T) -> Result<(), Unusable> {
        let mut table = std::mem::replace(&mut self.work.coefficients, CoefficientTable::new(0));
        let n = self.mesh.n_cells();
        let done = if parallel::worthwhile(n) {
            let pieces = table.pieces(parallel::CHUNK);
            let work = |k, piece| self.coefficients_of_piece(parallel::CHUNK * k, y, temperature, piece);
            parallel::each(pieces, work).into_iter().collect()
        } else {
            self.coefficients_of_piece(0, y, temperature, table.0.each_mut().map(Vec::as_mut_slice))
        };
        self.work.coefficients = table;
        done
    }

    fn coefficients_of_piece<T: Temperature>(
        &self,
        begin: usize,
        y: &[f64],
        temperature: T,
        mut out: [&mut [f64]; FIELDS],
    ) -> Result<(), Unusable> {
        let electrolyte = &self.electrolyte;
        vectorised(
            #[inline(always)]
            || {
                for here in groups(out[0].len()) {
                    let cells = begin + here.start..begin + here.end;
                    let c = concentrations(self, y, &cells, self.initial_concentration);
                    let together = match temperature.uniform() {
                        Some(temperature) => electrolyte.coefficients_together(c, temperature),
                        None => None,
                    };
                    if let Some(found) = together {
                        for (to, from) in out.iter_mut().zip(found.fields()) {
                            from.put(&mut to[here.clone()]);
                        }
                        continue;
                    }
                    for k in cells.filter(|k| self.media[*k].has_electrolyte()) {
                        let c = electrolyte.checked(k, y[BLOCK * k])?;
                        let found = electrolyte.coefficients(c, temperature.volume(k));
                        for (to, from) in out.iter_mut().zip(found.fields()) {
                            to[k - begin] = *from;
                        }
                    }
                }
                Ok(())
            },
        )
    }

    /// What closed forms need of all volumes.
    pub(crate) fn find_salt_transport<T: Temperature>(&mut self, y: &[f64], temperature: T) -> Result<(), Unusable> {
        let mut salt = std::mem::take(&mut self.work.salt);
        let done = vectorised(
            #[inline(always)]
            || {
                for cells in groups(salt.len()) {
                    let c = concentrations(self, y, &cells, self.initial_concentration);
                    let together = match temperature.uniform() {
                        Some(temperature) => self.electrolyte.salt_together(c, temperature),
                        None => None,
                    };
                    let out = &mut salt[cells.clone()];
                    if let Some(found) = &together {
                        out.iter_mut().enumerate().for_each(|(l, out)| *out = found.one(l));
                        continue;
                    }
                    for (k, out) in cells.zip(out) {
                        let c = self.electrolyte.checked(k, y[BLOCK * k])?;
                        *out = self.electrolyte.of_salt(c, temperature.volume(k));
                    }
                }
                Ok(())
            },
        );
        self.work.salt = salt;
        done
    }
}

impl SaltTransport<Lanes> {
    /// Of one of several volumes.
    #[inline(always)]
    fn one(&self, l: usize) -> SaltTransport {
        SaltTransport {
            diffusion: self.diffusion.0[l],
            diffusion_c: self.diffusion_c.0[l],
            transference: self.transference.0[l],
            transference_c: self.transference_c.0[l],
            ln_c: self.ln_c.0[l],
        }
    }
}
