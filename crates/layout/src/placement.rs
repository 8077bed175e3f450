//! Placements of cells: mirror, magnify, rotate, move; and regular arrays of them.

/// How a cell stands in another one: mirrored at the x axis first, then magnified, rotated and moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// Mirrored at the x axis (y changes sign) before everything else.
    pub mirror: bool,
    /// Counter-clockwise rotation in degrees, the unit of the file formats, in which quarter turns are exact.
    pub rotation: f64,
    /// Magnification.
    pub magnification: f64,
    /// Where the origin of the cell goes, database units.
    pub origin: [i32; 2],
}

/// A regular array: element (i, j) is moved by `i column_span / columns + j row_span / rows`.
///
/// The spans reach from the first to one beyond the last element, as in GDSII, so that steps
/// which are no whole number of database units keep their exact positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// Number of columns, at least 1.
    pub columns: u32,
    /// Number of rows, at least 1.
    pub rows: u32,
    /// `columns` times the step from one column to the next, database units.
    pub column_span: [i64; 2],
    /// `rows` times the step from one row to the next, database units.
    pub row_span: [i64; 2],
}

/// A linear map followed by a displacement; exact for quarter turns without magnification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Affine {
    pub matrix: [[f64; 2]; 2],
    pub origin: [f64; 2],
}

impl Default for Placement {
    fn default() -> Placement {
        Placement {
            mirror: false,
            rotation: 0.0,
            magnification: 1.0,
            origin: [0, 0],
        }
    }
}

impl Placement {
    /// Moved only.
    pub fn at(origin: [i32; 2]) -> Placement {
        Placement {
            origin,
            ..Placement::default()
        }
    }

    /// Number of quarter turns if the rotation is a multiple of 90°.
    pub fn quarter_turns(&self) -> Option<u8> {
        let turns = self.rotation / 90.0;
        (turns == turns.round() && turns.abs() < 1e9).then(|| (turns as i64).rem_euclid(4) as u8)
    }

    pub(crate) fn affine(&self) -> Affine {
        let (sin, cos) = match self.quarter_turns() {
            Some(0) => (0.0, 1.0),
            Some(1) => (1.0, 0.0),
            Some(2) => (0.0, -1.0),
            Some(_) => (-1.0, 0.0),
            None => self.rotation.to_radians().sin_cos(),
        };
        let m = self.magnification;
        let flip = if self.mirror { -m } else { m };
        Affine {
            matrix: [[m * cos, -flip * sin], [m * sin, flip * cos]],
            origin: self.origin.map(f64::from),
        }
    }
}

impl Repetition {
    /// An array by its steps, database units.
    pub fn grid(columns: u32, rows: u32, column_step: [i32; 2], row_step: [i32; 2]) -> Repetition {
        Repetition {
            columns,
            rows,
            column_span: column_step.map(|v| i64::from(v) * i64::from(columns)),
            row_span: row_step.map(|v| i64::from(v) * i64::from(rows)),
        }
    }

    /// Displacement of column `i`, row `j`, rounded to database units (half away from zero).
    pub fn displacement(&self, i: u32, j: u32) -> [i64; 2] {
        [0, 1].map(|k| rounded_share(self.column_span[k], i, self.columns) + rounded_share(self.row_span[k], j, self.rows))
    }

    /// Steps of columns and rows if both are whole numbers of database units.
    pub fn whole_steps(&self) -> Option<[[i64; 2]; 2]> {
        let step = |span: [i64; 2], n: u32| {
            let n = i64::from(n.max(1));
            (span[0] % n == 0 && span[1] % n == 0).then(|| span.map(|v| v / n))
        };
        Some([step(self.column_span, self.columns)?, step(self.row_span, self.rows)?])
    }
}

fn rounded_share(span: i64, i: u32, n: u32) -> i64 {
    let (product, n) = (i128::from(span) * i128::from(i), i128::from(n.max(1)));
    let magnitude = (2 * product.abs() + n) / (2 * n);
    (if product < 0 { -magnitude } else { magnitude }) as i64
}

impl Affine {
    pub(crate) const IDENTITY: Affine = Affine {
        matrix: [[1.0, 0.0], [0.0, 1.0]],
        origin: [0.0, 0.0],
    };

    pub(crate) fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [row0, row1] = self.matrix;
        [
            row0[0] * x + row0[1] * y + self.origin[0],
            row1[0] * x + row1[1] * y + self.origin[1],
        ]
    }

    /// First `inner`, then `self`.
    pub(crate) fn after(&self, inner: &Affine) -> Affine {
        let (a, b) = (self.matrix, inner.matrix);
        let entry = |r: usize, c: usize| a[r][0] * b[0][c] + a[r][1] * b[1][c];
        Affine {
            matrix: [[entry(0, 0), entry(0, 1)], [entry(1, 0), entry(1, 1)]],
            origin: self.apply(inner.origin),
        }
    }

    /// Factor by which areas grow.
    pub(crate) fn determinant(&self) -> f64 {
        let [a, b] = self.matrix;
        a[0] * b[1] - a[1] * b[0]
    }

    /// Inverse; none if the map is singular.
    pub(crate) fn inverse(&self) -> Option<Affine> {
        let det = self.determinant();
        if !(det.is_finite() && det != 0.0) {
            return None;
        }
        let [[a, b], [c, d]] = self.matrix;
        let matrix = [[d / det, -b / det], [-c / det, a / det]];
        let turned = Affine {
            matrix,
            origin: [0.0, 0.0],
        }
        .apply(self.origin);
        Some(Affine {
            matrix,
            origin: turned.map(|v| -v),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_turns_are_exact_and_mirror_comes_first() {
        let placement = Placement {
            mirror: true,
            rotation: 90.0,
            magnification: 2.0,
            origin: [100, 7],
        };
        // (3, 5) mirrored (3, -5), doubled (6, -10), turned by 90 degrees (10, 6), moved (110, 13).
        assert_eq!(placement.affine().apply([3.0, 5.0]), [110.0, 13.0]);
        let back = placement.affine().inverse().expect("regular map");
        assert_eq!(back.apply([110.0, 13.0]), [3.0, 5.0]);
        assert_eq!(
            placement.affine().after(&Placement::at([3, 5]).affine()).apply([0.0, 0.0]),
            [110.0, 13.0]
        );
    }

    #[test]
    fn array_steps_that_are_no_whole_number_round_to_the_nearest_unit() {
        let array = Repetition {
            columns: 4,
            rows: 1,
            column_span: [10, -10],
            row_span: [0, 0],
        };
        let places: Vec<_> = (0..4).map(|i| array.displacement(i, 0)).collect();
        assert_eq!(places, [[0, 0], [3, -3], [5, -5], [8, -8]]);
        assert_eq!(array.whole_steps(), None);
        assert_eq!(Repetition::grid(3, 2, [5, 0], [0, 7]).whole_steps(), Some([[5, 0], [0, 7]]));
    }
}
