//! Nested dissection: in which order to eliminate the unknowns of a mesh so that little fills in.

/// Neighbours of the vertices of a graph, one list after the other.
#[derive(Debug)]
pub(super) struct Graph {
    starts: Vec<usize>,
    neighbours: Vec<u32>,
}

impl Graph {
    /// The symmetric graph of `n` vertices with the given edges; repetitions and loops are dropped.
    pub(super) fn new(n: usize, edges: impl Iterator<Item = (u32, u32)>) -> Graph {
        let mut pairs: Vec<(u32, u32)> = edges.filter(|(a, b)| a != b).flat_map(|(a, b)| [(a, b), (b, a)]).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0; n + 1];
        pairs.iter().for_each(|(a, _)| starts[*a as usize + 1] += 1);
        (0..n).for_each(|k| starts[k + 1] += starts[k]);
        let neighbours = pairs.into_iter().map(|(_, b)| b).collect();
        Graph { starts, neighbours }
    }

    pub(super) fn of(&self, vertex: u32) -> &[u32] {
        &self.neighbours[self.starts[vertex as usize]..self.starts[vertex as usize + 1]]
    }
}

/// Vertices that are eliminated together, after those of the children.
#[derive(Debug)]
pub(super) struct Part {
    pub vertices: Vec<u32>,
    /// Places of the children in the list of parts, all before this one.
    pub children: Vec<usize>,
}

/// Divides a graph by separators across the axis on which the separator is lightest, down to parts of at most `leaf` by weight.
///
/// Children come before their parents and a part with everything below it is contiguous in the list. No vertex of one child has a
/// neighbour in the other.
///
/// # Source
/// A. George, SIAM J. Numer. Anal. 10 (1973) 345, doi:10.1137/0710032.
pub(super) fn dissect(graph: &Graph, places: &[[f64; 3]], weights: &[u32], leaf: u32) -> Vec<Part> {
    let mut work = Dissection {
        graph,
        places,
        weights,
        leaf,
        side: vec![NOWHERE; places.len()],
        parts: vec![],
    };
    work.divide((0..places.len() as u32).collect());
    work.parts
}

/// Marks of the vertices while a set is cut.
const NOWHERE: u8 = 0;
const LOW: u8 = 1;
const HIGH: u8 = 2;

struct Dissection<'a> {
    graph: &'a Graph,
    places: &'a [[f64; 3]],
    weights: &'a [u32],
    leaf: u32,
    side: Vec<u8>,
    parts: Vec<Part>,
}

/// Vertices below the cut, above it, and those in between.
struct Cut {
    halves: [Vec<u32>; 2],
    separator: Vec<u32>,
    weight: u32,
}

impl Dissection<'_> {
    fn weight(&self, set: &[u32]) -> u32 {
        set.iter().map(|v| self.weights[*v as usize]).sum()
    }

    /// Adds the parts of a set and returns the place of the last.
    fn divide(&mut self, set: Vec<u32>) -> usize {
        let cut = if self.weight(&set) > self.leaf { self.best_cut(&set) } else { None };
        let part = match cut {
            None => Part {
                vertices: set,
                children: vec![],
            },
            Some(cut) => {
                drop(set);
                let children = cut.halves.into_iter().filter(|half| !half.is_empty());
                let children = children.map(|half| self.divide(half)).collect();
                Part {
                    vertices: cut.separator,
                    children,
                }
            }
        };
        self.parts.push(part);
        self.parts.len() - 1
    }

    fn best_cut(&mut self, set: &[u32]) -> Option<Cut> {
        (0..3).filter_map(|axis| self.cut(set, axis)).min_by_key(|cut| cut.weight)
    }

    /// Cuts a set at its middle across an axis; none if all its vertices have the same coordinate.
    fn cut(&mut self, set: &[u32], axis: usize) -> Option<Cut> {
        let at = |v: &u32| self.places[*v as usize][axis];
        let mut sorted = set.to_vec();
        sorted.sort_unstable_by(|a, b| at(a).total_cmp(&at(b)));
        let half = self.weight(set) / 2;
        let mut below = 0;
        // Between different coordinates only, so that a plane of a grid stays together.
        let (mut middle, mut off) = (None, u32::MAX);
        for (k, pair) in sorted.windows(2).enumerate() {
            below += self.weights[pair[0] as usize];
            if at(&pair[0]) < at(&pair[1]) && below.abs_diff(half) < off {
                (middle, off) = (Some(k + 1), below.abs_diff(half));
            }
        }
        let (low, high) = sorted.split_at(middle?);
        low.iter().for_each(|v| self.side[*v as usize] = LOW);
        high.iter().for_each(|v| self.side[*v as usize] = HIGH);
        let touches = |set: &[u32], other: u8| -> Vec<bool> {
            let beyond = |v: &u32| self.graph.of(*v).iter().any(|n| self.side[*n as usize] == other);
            set.iter().map(beyond).collect()
        };
        let sides = [(low, touches(low, HIGH)), (high, touches(high, LOW))];
        set.iter().for_each(|v| self.side[*v as usize] = NOWHERE);
        let pick = |(set, touches): &(&[u32], Vec<bool>), wanted: bool| -> Vec<u32> {
            let chosen = set.iter().zip(touches).filter(|(_, t)| **t == wanted);
            chosen.map(|(v, _)| *v).collect()
        };
        let separators = [pick(&sides[0], true), pick(&sides[1], true)];
        let [a, b] = [self.weight(&separators[0]), self.weight(&separators[1])];
        let [first, second] = separators;
        Some(if a <= b {
            Cut {
                halves: [pick(&sides[0], false), high.to_vec()],
                separator: first,
                weight: a,
            }
        } else {
            Cut {
                halves: [low.to_vec(), pick(&sides[1], false)],
                separator: second,
                weight: b,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_edge_joins_two_children() {
        let (nx, ny) = (17_u32, 9_u32);
        let at = |i: u32, j: u32| i * ny + j;
        let mut edges = vec![(at(0, 0), at(16, 8))];
        for i in 0..nx {
            for j in 0..ny {
                edges.extend((i + 1 < nx).then(|| (at(i, j), at(i + 1, j))));
                edges.extend((j + 1 < ny).then(|| (at(i, j), at(i, j + 1))));
            }
        }
        let places: Vec<[f64; 3]> = (0..nx * ny).map(|k| [f64::from(k / ny), f64::from(k % ny), 0.0]).collect();
        let graph = Graph::new(places.len(), edges.into_iter());
        let parts = dissect(&graph, &places, &vec![1; places.len()], 6);
        let mut owner = vec![usize::MAX; places.len()];
        for (k, part) in parts.iter().enumerate() {
            assert!(part.children.iter().all(|c| *c < k));
            part.vertices.iter().for_each(|v| owner[*v as usize] = k);
        }
        let mut parent = vec![usize::MAX; parts.len()];
        for (k, part) in parts.iter().enumerate() {
            part.children.iter().for_each(|c| parent[*c] = k);
        }
        let above = |mut low: usize, high: usize| {
            while low < high {
                low = parent[low];
            }
            low == high
        };
        for v in 0..places.len() as u32 {
            for n in graph.of(v) {
                let (a, b) = (owner[v as usize], owner[*n as usize]);
                assert!(above(a.min(b), a.max(b)), "{v} and {n}");
            }
        }
    }
}
