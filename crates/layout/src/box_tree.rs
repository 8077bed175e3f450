//! A tree of boxes that finds all neighbours of all boxes, whatever their shapes: long fingers as well as small discs.

/// Lower left and upper right corner: x0, y0, x1, y1.
pub(crate) type Box4 = [i32; 4];

const LEAF: usize = 8;

struct Node {
    bounds: Box4,
    /// First item of a leaf, or first of the two children, which follow each other.
    first: u32,
    /// Items of a leaf; 0 for an inner node.
    count: u32,
    /// Group that all items below belong to, or [`MIXED`].
    group: u32,
}

/// Group of a node whose items belong to several groups.
const MIXED: u32 = u32::MAX;

/// Boxes sorted into a binary tree; built once.
pub(crate) struct BoxTree {
    nodes: Vec<Node>,
    items: Vec<(Box4, u32)>,
}

impl BoxTree {
    /// Sorts the boxes; each is known by its position in the slice.
    pub(crate) fn new(boxes: impl Iterator<Item = Box4>) -> BoxTree {
        let mut items: Vec<(Box4, u32)> = boxes.zip(0..).collect();
        let mut nodes = vec![];
        if !items.is_empty() {
            nodes.push(Node {
                bounds: [0; 4],
                first: 0,
                count: items.len() as u32,
                group: MIXED,
            });
            let mut pending = vec![0_usize];
            while let Some(at) = pending.pop() {
                let (start, count) = (nodes[at].first as usize, nodes[at].count as usize);
                let part = &mut items[start..start + count];
                nodes[at].bounds = part.iter().map(|item| item.0).fold(part[0].0, join);
                if count <= LEAF {
                    continue;
                }
                let axis = split_axis(part);
                let half = count / 2;
                part.select_nth_unstable_by_key(half, |item| i64::from(item.0[axis]) + i64::from(item.0[axis + 2]));
                let children = nodes.len();
                nodes.push(Node {
                    bounds: [0; 4],
                    first: start as u32,
                    count: half as u32,
                    group: MIXED,
                });
                nodes.push(Node {
                    bounds: [0; 4],
                    first: (start + half) as u32,
                    count: (count - half) as u32,
                    group: MIXED,
                });
                nodes[at].first = children as u32;
                nodes[at].count = 0;
                pending.extend([children, children + 1]);
            }
        }
        BoxTree { nodes, items }
    }

    /// Renumbers the boxes by their position in the tree and returns the former number of each: neighbours become neighbours.
    pub(crate) fn renumber(&mut self) -> Vec<u32> {
        let former = self.items.iter().map(|item| item.1).collect();
        self.items.iter_mut().zip(0..).for_each(|(item, number)| item.1 = number);
        former
    }

    /// Tells the group of every box, by which [`BoxTree::pairs`] can leave out whole branches.
    pub(crate) fn set_groups(&mut self, group: impl Fn(u32) -> u32) {
        let groups: Vec<u32> = self.items.iter().map(|item| group(item.1)).collect();
        // Children stand behind their parents.
        for i in (0..self.nodes.len()).rev() {
            let node = &self.nodes[i];
            let first = node.first as usize;
            let same = |a: u32, b: u32| if a == b { a } else { MIXED };
            self.nodes[i].group = match node.count as usize {
                0 => same(self.nodes[first].group, self.nodes[first + 1].group),
                n => groups[first..first + n].iter().copied().fold(groups[first], same),
            };
        }
    }

    /// Calls `found` once for every unordered pair of boxes that are at most `reach` apart along both axes,
    /// leaving out branches that belong to one group each which are not wanted together.
    pub(crate) fn pairs(&self, reach: i64, wanted: impl Fn(u32, u32) -> bool, mut found: impl FnMut(u32, u32)) {
        if self.nodes.is_empty() {
            return;
        }
        let mut pending = vec![(0_u32, 0_u32)];
        while let Some((i, j)) = pending.pop() {
            let (a, b) = (&self.nodes[i as usize], &self.nodes[j as usize]);
            if a.group != MIXED && b.group != MIXED && !wanted(a.group, b.group) {
                continue;
            }
            if i == j {
                if a.count == 0 {
                    let (l, r) = (a.first, a.first + 1);
                    pending.extend([(l, l), (r, r), (l, r)]);
                    continue;
                }
                let items = self.leaf(a);
                for (k, p) in items.iter().enumerate() {
                    for q in &items[k + 1..] {
                        if near(&p.0, &q.0, reach) {
                            found(p.1, q.1);
                        }
                    }
                }
            } else if near(&a.bounds, &b.bounds, reach) {
                step(i, a, j, b, &mut pending, || {
                    for p in self.leaf(a) {
                        for q in self.leaf(b) {
                            if near(&p.0, &q.0, reach) {
                                found(p.1, q.1);
                            }
                        }
                    }
                });
            }
        }
    }

    /// Calls `found` for every pair of a box of this tree and one of the other, at most `reach` apart along both axes.
    pub(crate) fn pairs_with(&self, other: &BoxTree, reach: i64, mut found: impl FnMut(u32, u32)) {
        if self.nodes.is_empty() || other.nodes.is_empty() {
            return;
        }
        let mut pending = vec![(0_u32, 0_u32)];
        while let Some((i, j)) = pending.pop() {
            let (a, b) = (&self.nodes[i as usize], &other.nodes[j as usize]);
            if near(&a.bounds, &b.bounds, reach) {
                step(i, a, j, b, &mut pending, || {
                    for p in self.leaf(a) {
                        for q in other.leaf(b) {
                            if near(&p.0, &q.0, reach) {
                                found(p.1, q.1);
                            }
                        }
                    }
                });
            }
        }
    }

    /// Calls `found` for every box that touches `window`.
    pub(crate) fn touching(&self, window: &Box4, pending: &mut Vec<u32>, mut found: impl FnMut(u32)) {
        pending.clear();
        if !self.nodes.is_empty() {
            pending.push(0);
        }
        while let Some(i) = pending.pop() {
            let node = &self.nodes[i as usize];
            if !near(&node.bounds, window, 0) {
                continue;
            }
            if node.count == 0 {
                pending.extend([node.first, node.first + 1]);
                continue;
            }
            for item in self.leaf(node) {
                if near(&item.0, window, 0) {
                    found(item.1);
                }
            }
        }
    }

    fn leaf(&self, node: &Node) -> &[(Box4, u32)] {
        &self.items[node.first as usize..(node.first + node.count) as usize]
    }
}

/// Two different nodes that are near: both leaves are compared, otherwise the larger one is opened.
fn step(i: u32, a: &Node, j: u32, b: &Node, pending: &mut Vec<(u32, u32)>, compare: impl FnOnce()) {
    let size = |n: &Node| i64::from(n.bounds[2]) - i64::from(n.bounds[0]) + i64::from(n.bounds[3]) - i64::from(n.bounds[1]);
    match (a.count, b.count) {
        (0, 0) if size(a) < size(b) => pending.extend([(i, b.first), (i, b.first + 1)]),
        (0, _) => pending.extend([(a.first, j), (a.first + 1, j)]),
        (_, 0) => pending.extend([(i, b.first), (i, b.first + 1)]),
        _ => compare(),
    }
}

fn join(a: Box4, b: Box4) -> Box4 {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

fn near(a: &Box4, b: &Box4, reach: i64) -> bool {
    let apart = |low: i32, high: i32| i64::from(low) - i64::from(high) > reach;
    !(apart(b[0], a[2]) || apart(a[0], b[2]) || apart(b[1], a[3]) || apart(a[1], b[3]))
}

/// Axis along which the middles spread furthest compared with the lengths of the boxes.
fn split_axis(items: &[(Box4, u32)]) -> usize {
    let score = |axis: usize| {
        let (mut low, mut high, mut length) = (i64::MAX, i64::MIN, 0_i64);
        for (b, _) in items {
            let (from, to) = (i64::from(b[axis]), i64::from(b[axis + 2]));
            low = low.min(from + to);
            high = high.max(from + to);
            length += to - from;
        }
        (high - low) as f64 / (length as f64 / items.len() as f64 + 1.0)
    };
    usize::from(score(1) > score(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn boxes(n: usize) -> impl Strategy<Value = Vec<Box4>> {
        let one = (-100..100_i32, -100..100_i32, 0..60_i32, 0..10_i32).prop_map(|(x, y, w, h)| [x, y, x + w, y + h]);
        proptest::collection::vec(one, 0..n)
    }

    proptest! {
        #[test]
        fn finds_the_same_pairs_as_trying_all(a in boxes(60), b in boxes(60), reach in 0..30_i64) {
            let mut expected = vec![];
            for i in 0..a.len() {
                for j in i + 1..a.len() {
                    if near(&a[i], &a[j], reach) {
                        expected.push((i as u32, j as u32));
                    }
                }
            }
            let tree = BoxTree::new(a.iter().copied());
            let mut found = vec![];
            tree.pairs(reach, |_, _| true, |i, j| found.push((i.min(j), i.max(j))));
            found.sort_unstable();
            prop_assert_eq!(&found, &expected);

            let mut grouped = BoxTree::new(a.iter().copied());
            grouped.set_groups(|i| i / 9);
            let mut found = vec![];
            grouped.pairs(reach, |g, h| g != h, |i, j| found.extend((i / 9 != j / 9).then_some((i.min(j), i.max(j)))));
            found.sort_unstable();
            let expected: Vec<_> = expected.into_iter().filter(|(i, j)| i / 9 != j / 9).collect();
            prop_assert_eq!(found, expected);

            let other = BoxTree::new(b.iter().copied());
            let mut between = vec![];
            tree.pairs_with(&other, reach, |i, j| between.push((i, j)));
            between.sort_unstable();
            let all = (0..a.len()).flat_map(|i| (0..b.len()).map(move |j| (i, j)));
            let expected: Vec<_> = all.filter(|&(i, j)| near(&a[i], &b[j], reach)).map(|(i, j)| (i as u32, j as u32)).collect();
            prop_assert_eq!(between, expected);

            let window = [-20, -20, 20, 20];
            let mut inside = vec![];
            tree.touching(&window, &mut vec![], |i| inside.push(i as usize));
            inside.sort_unstable();
            let expected: Vec<_> = (0..a.len()).filter(|&i| near(&a[i], &window, 0)).collect();
            prop_assert_eq!(inside, expected);
        }
    }
}
