//! From a stack to the whole chip: columns of the stack side by side between the sheets of two collectors.
//!
//! # Equation
//! Every piece `l_y × l_z` of the plane is a column of the stack of that area. Its ends are on a piece of either collector; neighbouring
//! pieces of a collector of thickness `δ` are joined over `T = σ δ l / d`, and those along the edge with the tab to the terminal over half
//! a piece.
//!
//! # Validity
//! Stacks much thinner than the pieces: no transport along the plane but that of electrons in the collectors. Of what is left out the
//! part is (thickness / piece)². Tabs reach along the whole edge.
//!
//! # Source
//! Reduction of pouch cells by R. Timms, S. G. Marquis, V. Sulzer, C. P. Please, S. J. Chapman, SIAM J. Appl. Math. 81 (2021) 765,
//! doi:10.1137/20M1336898.
//!
//! # Verification
//! `electrochem/tests/sheets.rs`: two-rail ladders in closed form, order 2.

use super::copies::onto_metal;
use super::{BoundaryFace, Face, Mesh, NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR};

/// Edge of the chip, seen from above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Low first coordinate of the plane.
    Left,
    /// High first coordinate.
    Right,
    /// Low second coordinate.
    Bottom,
    /// High second coordinate.
    Top,
}

impl Edge {
    /// All edges.
    pub const ALL: [Edge; 4] = [Edge::Left, Edge::Right, Edge::Bottom, Edge::Top];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Edge::Left => "left",
            Edge::Right => "right",
            Edge::Bottom => "bottom",
            Edge::Top => "top",
        }
    }

    /// The direction across it: 0 or 1.
    pub fn axis(self) -> usize {
        usize::from(matches!(self, Edge::Bottom | Edge::Top))
    }

    /// Whether it is at the high end of that direction.
    pub fn is_high(self) -> bool {
        matches!(self, Edge::Right | Edge::Top)
    }
}

/// Collector of one electrode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sheet {
    /// Thickness, m.
    pub thickness: f64,
    /// Where its tab is.
    pub tab: Edge,
}

/// The mesh of a chip from that of its stack, whose volumes and areas are those of the whole chip.
///
/// `pieces` are the sides of the pieces along both directions of the plane, m. Columns come one after the other, second direction first;
/// then the pieces of the collectors, negative and positive, in the same order.
///
/// # Panics
/// If the mesh is no stack.
pub fn sheets(stack: &Mesh, pieces: [&[f64]; 2], sheets: [Sheet; 2]) -> Mesh {
    assert!(stack.is_chain(), "columns are made of a stack");
    let n = stack.n_cells();
    let [ny, nz] = pieces.map(<[f64]>::len);
    let plane: f64 = pieces.iter().map(|p| p.iter().sum::<f64>()).product();
    let metal = |column: usize, side: usize| n * ny * nz + 2 * column + side;
    let lows = pieces.map(|p| {
        let mut low = 0.0;
        let next = |l: &f64| {
            low += l;
            low - l
        };
        p.iter().map(next).collect::<Vec<f64>>()
    });
    let mut out = Mesh::default();
    let mut metals = vec![];
    let ends = ends(stack, plane);
    for column in 0..ny * nz {
        let (j, k) = (column / nz, column % nz);
        let (ly, lz) = (pieces[0][j], pieces[1][k]);
        let part = ly * lz / plane;
        let at = |i: usize| column * n + i;
        let slab = |[low, high]: [f64; 2]| [[low, lows[0][j], lows[1][k]], [high, lows[0][j] + ly, lows[1][k] + lz]];
        out.volumes.extend(stack.volumes.iter().map(|v| v * part));
        out.regions.extend(&stack.regions);
        out.position.extend(&stack.position);
        out.boxes.extend(ends.windows(2).map(|w| slab([w[0], w[1]])));
        out.faces.extend(stack.faces.iter().map(|f| Face {
            cells: f.cells.map(at),
            area: f.area * part,
            ..*f
        }));
        for (side, faces) in [&stack.negative, &stack.positive].into_iter().enumerate() {
            for f in faces {
                let own = BoundaryFace {
                    cell: at(f.cell),
                    area: f.area * part,
                    place: [ends[side * n], lows[0][j] + 0.5 * ly, lows[1][k] + 0.5 * lz],
                    ..*f
                };
                onto_metal(&mut out, side, own, metal(column, side));
            }
        }
        for (side, sheet) in sheets.iter().enumerate() {
            let t = sheet.thickness;
            metals.push((
                ly * lz * t,
                [NEGATIVE_COLLECTOR, POSITIVE_COLLECTOR][side],
                slab([[-t, 0.0], [ends[n], ends[n] + t]][side]),
            ));
        }
    }
    for (volume, region, slab) in metals {
        out.volumes.push(volume);
        out.regions.push(region);
        out.position.push(0.5 * (slab[0][0] + slab[1][0]));
        out.boxes.push(slab);
    }
    for (side, sheet) in sheets.iter().enumerate() {
        for column in 0..ny * nz {
            let (j, k) = (column / nz, column % nz);
            let (ly, lz) = (pieces[0][j], pieces[1][k]);
            if j + 1 < ny {
                out.faces.push(Face {
                    cells: [metal(column, side), metal(column + nz, side)],
                    area: sheet.thickness * lz,
                    distance: [0.5 * ly, 0.5 * pieces[0][j + 1]],
                });
            }
            if k + 1 < nz {
                out.faces.push(Face {
                    cells: [metal(column, side), metal(column + 1, side)],
                    area: sheet.thickness * ly,
                    distance: [0.5 * lz, 0.5 * pieces[1][k + 1]],
                });
            }
            let (there, across, along) = match sheet.tab {
                Edge::Left => (j == 0, lz, ly),
                Edge::Right => (j + 1 == ny, lz, ly),
                Edge::Bottom => (k == 0, ly, lz),
                Edge::Top => (k + 1 == nz, ly, lz),
            };
            if there {
                let tab = BoundaryFace::flat(metal(column, side), sheet.thickness * across, 0.5 * along);
                [&mut out.negative, &mut out.positive][side].push(tab);
            }
        }
    }
    out
}

/// Where the volumes of a stack of the given area end, from its negative side, m.
fn ends(stack: &Mesh, area: f64) -> Vec<f64> {
    let mut out = vec![0.0];
    for volume in &stack.volumes {
        out.push(out[out.len() - 1] + volume / area);
    }
    out
}
