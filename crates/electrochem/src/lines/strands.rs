//! Lines of volumes in a mesh: the columns of a cell between its collectors, and what joins them.

use crate::model::{Medium, Model};
use crate::workspace::Workspace;
use cellwright_device::mesh::Face;

/// Blocks of the Jacobian, 3×3.
type Block = [[f64; 3]; 3];

/// A face is weak if less goes through it, for the same difference, than this part of what goes through the best faces of both its
/// volumes. Whether a weak coupling may be left to Newton's iteration is measured later.
const WEAK: f64 = 1e-4;
/// Largest part of the volumes that may be left outside of lines.
const OUTSIDE: f64 = 0.25;

/// What couples two volumes: a face, or behind all faces a site whose electrons come from elsewhere.
#[derive(Clone, Copy, Debug)]
struct Source {
    number: u32,
    /// Its first volume is the first of the pair.
    forward: bool,
}

/// Two volumes that are coupled.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub cells: [usize; 2],
    source: Source,
    /// What else couples them: sites along a jagged surface.
    more: Vec<Source>,
    weak: bool,
}

/// What joins a volume to another one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Join {
    Nothing,
    /// A single face, of which it is the first volume or the second.
    Face {
        number: u32,
        of_first: bool,
    },
    /// All that a pair holds.
    Pair(u32),
}

/// All pairs of coupled volumes.
#[derive(Clone, Debug)]
pub(crate) struct Pairs {
    pub pairs: Vec<Pair>,
    n_faces: usize,
}

impl Pairs {
    pub(crate) fn of(model: &Model, remote: &[[usize; 2]]) -> Pairs {
        let best = best_faces(model);
        let faces = model.mesh.faces.iter().map(|f| {
            let metal = f.cells.iter().all(|k| model.media[*k] == Medium::Metal);
            (f.cells, !metal && f.cells.iter().all(|k| carried(f) < WEAK * best[*k]))
        });
        let all = faces.chain(remote.iter().map(|cells| (*cells, false)));
        let mut all: Vec<([usize; 2], u32, bool, bool)> = all
            .enumerate()
            .map(|(n, ([a, b], weak))| ([a.min(b), a.max(b)], n as u32, a < b, weak))
            .collect();
        all.sort_unstable();
        let mut pairs: Vec<Pair> = vec![];
        for (cells, number, forward, weak) in all {
            let source = Source { number, forward };
            match pairs.last_mut() {
                Some(pair) if pair.cells == cells => {
                    pair.more.push(source);
                    pair.weak = false;
                }
                _ => pairs.push(Pair {
                    cells,
                    source,
                    more: vec![],
                    weak,
                }),
            }
        }
        let n_faces = model.mesh.faces.len();
        Pairs { pairs, n_faces }
    }

    /// What volume `row` of pair `p` feels of the other one.
    pub(crate) fn block(&self, work: &Workspace, p: u32, row: usize) -> Block {
        let pair = &self.pairs[p as usize];
        let first = pair.cells[0] == row;
        let mut sum = self.part(work, pair.source, first);
        for source in &pair.more {
            let block = self.part(work, *source, first);
            for (sum, row) in sum.iter_mut().zip(block) {
                sum.iter_mut().zip(row).for_each(|(s, v)| *s += v);
            }
        }
        sum
    }

    /// How pair `p` joins volume `row` to the other one.
    pub(crate) fn join(&self, p: u32, row: usize) -> Join {
        let pair = &self.pairs[p as usize];
        let (number, first) = (pair.source.number, pair.cells[0] == row);
        match (number as usize) < self.n_faces && pair.more.is_empty() {
            true => Join::Face {
                number,
                of_first: pair.source.forward == first,
            },
            false => Join::Pair(p),
        }
    }

    #[inline(always)]
    fn part(&self, work: &Workspace, source: Source, first: bool) -> Block {
        let (n, of_first) = (source.number as usize, source.forward == first);
        if n >= self.n_faces {
            work.remote[n - self.n_faces][usize::from(!of_first)]
        } else {
            work.couplings.block(n, of_first)
        }
    }
}

/// What goes through a face for a given difference, m.
fn carried(face: &Face) -> f64 {
    face.area / (face.distance[0] + face.distance[1])
}

/// Most that a face of each volume carries for the same difference, m.
fn best_faces(model: &Model) -> Vec<f64> {
    let mut best = vec![0.0_f64; model.mesh.n_cells()];
    for f in &model.mesh.faces {
        for k in f.cells {
            best[k] = best[k].max(carried(f));
        }
    }
    best
}

/// Volumes in lines, each coupled to the next, and the others.
#[derive(Clone, Debug)]
pub(crate) struct Strands {
    pub lines: Vec<Vec<u32>>,
    /// Pair that joins each volume of a line to the next.
    pub links: Vec<Vec<u32>>,
    /// Volumes outside of lines.
    pub outside: Vec<u32>,
    /// Weak pairs that no line and no pair of volumes outside of lines takes care of.
    pub weak: Vec<u32>,
}

impl Strands {
    /// The lines of a mesh, if it is mostly made of them.
    pub(crate) fn of(pairs: &Pairs, n: usize) -> Option<Strands> {
        let mut strong: Vec<Vec<(usize, u32)>> = vec![vec![]; n];
        for (p, pair) in pairs.pairs.iter().enumerate().filter(|(_, pair)| !pair.weak) {
            let [a, b] = pair.cells;
            strong[a].push((b, p as u32));
            strong[b].push((a, p as u32));
        }
        let mut free: Vec<bool> = strong.iter().map(|s| s.len() <= 2).collect();
        let mut outside: Vec<u32> = (0..n as u32).filter(|k| !free[*k as usize]).collect();
        let (mut lines, mut links) = (vec![], vec![]);
        let neighbours = |k: usize, free: &[bool]| strong[k].iter().filter(|(b, _)| free[*b]).count();
        // First the lines with ends; what is then left are rings, which are opened at any of their volumes.
        for rings in [false, true] {
            for start in 0..n {
                if !free[start] || !rings && neighbours(start, &free) == 2 {
                    continue;
                }
                if rings {
                    free[start] = false;
                    outside.push(start as u32);
                }
                let first = if rings {
                    strong[start].iter().map(|(b, _)| *b).find(|b| free[*b])
                } else {
                    Some(start)
                };
                let Some(first) = first else { continue };
                let (line, link) = follow(first, &strong, &mut free);
                lines.push(line);
                links.push(link);
            }
        }
        let mut inside = vec![true; n];
        outside.iter().for_each(|k| inside[*k as usize] = false);
        let left = |(_, pair): &(usize, &Pair)| pair.weak && pair.cells.iter().any(|k| inside[*k]);
        let weak = pairs.pairs.iter().enumerate().filter(left).map(|(p, _)| p as u32).collect();
        let mostly = outside.len() as f64 <= OUTSIDE * n as f64;
        mostly.then_some(Strands {
            lines,
            links,
            outside,
            weak,
        })
    }
}

/// The line that begins with volume `k`, whose volumes are taken.
fn follow(mut k: usize, strong: &[Vec<(usize, u32)>], free: &mut [bool]) -> (Vec<u32>, Vec<u32>) {
    let (mut line, mut link) = (vec![k as u32], vec![]);
    free[k] = false;
    while let Some(&(next, pair)) = strong[k].iter().find(|(b, _)| free[*b]) {
        line.push(next as u32);
        link.push(pair);
        free[next] = false;
        k = next;
    }
    (line, link)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(cells: &[([usize; 2], bool)]) -> Pairs {
        Pairs {
            pairs: cells
                .iter()
                .map(|(cells, weak)| Pair {
                    cells: *cells,
                    source: Source { number: 0, forward: true },
                    more: vec![],
                    weak: *weak,
                })
                .collect(),
            n_faces: 0,
        }
    }

    /// Two columns of four volumes, joined weakly, between two plates of two volumes.
    #[test]
    fn columns_between_plates() {
        let column = |first: usize| (first..first + 3).map(|k| ([k, k + 1], false));
        let mut all: Vec<([usize; 2], bool)> = column(0).chain(column(4)).collect();
        all.extend((0..4).map(|k| ([k, k + 4], true)));
        // Plates 8, 9 and 10, 11, of which 8 and 10 are held by a third neighbour 12 to 15.
        all.extend([([0, 8], false), ([4, 9], false), ([3, 10], false), ([7, 11], false)]);
        all.extend([
            ([8, 9], false),
            ([10, 11], false),
            ([8, 12], false),
            ([10, 13], false),
            ([9, 14], false),
            ([11, 15], false),
        ]);
        let strands = Strands::of(&pairs(&all), 16).expect("four of sixteen are outside");
        assert_eq!(strands.outside, [8, 9, 10, 11]);
        assert_eq!(strands.lines[..2], [vec![0, 1, 2, 3], vec![4, 5, 6, 7]]);
        assert_eq!(strands.links[0], [0, 1, 2]);
        assert_eq!(strands.weak, [6, 7, 8, 9]);
    }

    #[test]
    fn a_ring_is_opened_and_a_block_is_refused() {
        let ring: Vec<_> = (0..6).map(|k| ([k, (k + 1) % 6], false)).collect();
        let strands = Strands::of(&pairs(&ring), 6).expect("one of six is outside");
        assert_eq!((strands.outside, strands.lines.len(), strands.lines[0].len()), (vec![0], 1, 5));
        let all: Vec<_> = (0..5).flat_map(|a| (a + 1..5).map(move |b| ([a, b], false))).collect();
        assert!(Strands::of(&pairs(&all), 5).is_none());
    }
}
