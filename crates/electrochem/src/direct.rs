//! Direct factorisation of the matrix of the control volumes.

use cellwright_dae::linear::{Field, LinearSolver, MultifrontalLu, SparseLu, Stored};

/// Products per unknown up to which a direct factorisation is used: beyond, a discharge takes less work with GMRES (on two cores both take
/// 10 s at 25 000 unknowns in the plane, of which a direct factorisation keeps both busy).
const WORTH: f64 = 4e3;
/// Unknowns up to which it is used in any case: iterations might fail, and would save a second (in space half of one or two).
const FEW: usize = 10_000;
/// Numbers of the factors up to which a direct factorisation is used, 0.8 GB.
const LARGEST: usize = 100_000_000;

/// A direct factorisation: by fronts, whose factors are kept in numbers `F`, and with exchanges of any rows should a matrix not bear that.
pub(crate) struct Direct<S, F = S> {
    pub fronts: MultifrontalLu<S, F>,
    pivoting: Option<SparseLu<S>>,
    /// True if the last matrix was factored with exchanges of any rows.
    pivoted: bool,
}

impl<S: Field, F: Stored<S>> Direct<S, F> {
    /// The matrix with unknowns at the given places and entries at the given positions.
    pub(crate) fn new(places: &[[f64; 3]], positions: &[(usize, usize)]) -> Self {
        Self {
            fronts: MultifrontalLu::new(places, positions.iter().copied()),
            pivoting: None,
            pivoted: false,
        }
    }

    /// The same matrix without numbers, whose factors may be kept otherwise.
    pub(crate) fn emptied<G: Stored<S>>(&self) -> Direct<S, G> {
        Direct {
            fronts: self.fronts.emptied(),
            pivoting: None,
            pivoted: false,
        }
    }

    /// True if nothing else would be much faster, or fit.
    pub(crate) fn is_worthwhile(&self) -> bool {
        let n = self.fronts.len();
        (n <= FEW || self.fronts.work() <= WORTH * n as f64) && self.fronts.n_factors() <= LARGEST
    }

    /// Factors the matrix as filled; false if it is singular.
    pub(crate) fn factor(&mut self) -> bool {
        self.pivoted = self.fronts.factor().is_err();
        !self.pivoted || self.factor_pivoting().is_some()
    }

    fn factor_pivoting(&mut self) -> Option<()> {
        let lu = match &mut self.pivoting {
            Some(lu) => lu,
            empty => empty.insert(SparseLu::new(self.fronts.len(), self.fronts.positions()).ok()?),
        };
        for (at, value) in self.fronts.positions().zip(self.fronts.values()) {
            let slot = lu.slot(at.0, at.1)?;
            lu.values_mut()[slot] = *value;
        }
        lu.factor().ok()
    }

    /// Replaces `b` by the solution.
    pub(crate) fn solve(&mut self, b: &mut [S]) {
        match &mut self.pivoting {
            Some(lu) if self.pivoted => lu.solve(b),
            _ => self.fronts.solve(b),
        }
    }
}
