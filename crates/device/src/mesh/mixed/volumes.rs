//! Control volumes: fragments of one body that hang together in a cell, and what becomes of small ones.

use super::chop::Fragments;
use super::touch::together;
use crate::mesh::class::{Class, Classes};
use crate::mesh::complex::Volume;
use crate::mesh::grid::{Cell, Grid};
use crate::partition::Partition;
use crate::tape::RegionId;
use crate::vector::{Vector, add, norm};
use std::collections::BTreeMap;

/// Fragments of one body that hang together in a cell.
#[derive(Clone, Debug)]
pub struct Group {
    pub cell: usize,
    pub label: RegionId,
    pub class: Class,
    pub volume: f64,
    /// Centre of gravity.
    pub centre: Vector,
    pub fragments: Vec<usize>,
    /// Area of all its contacts with other bodies, m².
    pub area: f64,
    /// Sum of their areas times outward normals, m².
    pub closure: Vector,
    /// Whether it touches another meshed body or its metal.
    pub media: bool,
    /// Least `κR` of the electrodes that react on it, m.
    pub resistance: f64,
    /// Connected part of the device that it belongs to.
    pub component: u32,
    /// Half the mean thickness of that part where it is a film thinner than the cells, m.
    pub half: Option<f64>,
}

impl Group {
    /// Whether it lies between two surfaces, as a film in a larger cell does.
    pub fn between(&self) -> bool {
        self.half.is_some() || self.area > 0.0 && norm(self.closure) < 0.5 * self.area
    }

    /// Half its own thickness, m, if it lies between two surfaces.
    pub fn half_thickness(&self) -> f64 {
        let own = self.volume / self.area.max(f64::MIN_POSITIVE);
        match self.half {
            // A splinter of a film is as thick as the film.
            Some(half) if !(0.3 * half..3.0 * half).contains(&own) => half,
            _ => own,
        }
    }
}

/// All groups, and to which other group each was given.
pub struct Groups {
    pub list: Vec<Group>,
    of_fragment: Vec<usize>,
    /// Faces over planes of the grid: groups below and above, axis.
    caps: BTreeMap<(usize, usize, usize), f64>,
    into: Vec<usize>,
    /// Given away because their middle lies too far behind the surface.
    closed: Vec<bool>,
    number: Vec<usize>,
    /// Cells that a kept group has neighbours in.
    reach: Vec<Vec<usize>>,
}

impl Groups {
    pub fn of(partition: &Partition, fragments: &Fragments, grid: &Grid, classes: &Classes) -> Groups {
        let label = |f: usize| partition.pieces[fragments.list[f].piece as usize].label;
        let meshed = |f: usize| classes.of(label(f)).region().is_some();
        let mut sets = together(fragments, grid, |f| meshed(f).then(|| label(f)));
        let mut groups = Groups {
            list: vec![],
            of_fragment: vec![usize::MAX; fragments.list.len()],
            caps: BTreeMap::new(),
            into: vec![],
            closed: vec![],
            number: vec![],
            reach: vec![],
        };
        for members in &fragments.in_cell {
            for &f in members {
                let f = f as usize;
                if !meshed(f) {
                    continue;
                }
                let root = sets.root(f);
                if groups.of_fragment[root] == usize::MAX {
                    groups.of_fragment[root] = groups.list.len();
                    groups.list.push(Group {
                        cell: fragments.list[f].cell,
                        label: label(f),
                        class: classes.of(label(f)),
                        volume: 0.0,
                        centre: [0.0; 3],
                        fragments: vec![],
                        area: 0.0,
                        closure: [0.0; 3],
                        media: false,
                        resistance: f64::INFINITY,
                        component: partition.component[fragments.list[f].piece as usize],
                        half: None,
                    });
                }
                let g = groups.of_fragment[root];
                groups.of_fragment[f] = g;
                let group = &mut groups.list[g];
                group.volume += fragments.list[f].volume;
                group.centre = add(group.centre, fragments.list[f].volume, fragments.list[f].centre);
                group.fragments.push(f);
            }
        }
        for g in &mut groups.list {
            g.centre = g.centre.map(|c| c / g.volume);
        }
        for c in &fragments.caps {
            let [g, h] = c.fragments.map(|f| groups.of_fragment[f]);
            if g != usize::MAX && h != usize::MAX {
                *groups.caps.entry((g, h, c.axis)).or_insert(0.0) += c.area;
            }
        }
        groups.into = (0..groups.list.len()).collect();
        groups.closed = vec![false; groups.list.len()];
        groups
    }

    pub fn of_fragment(&self, f: usize) -> Option<usize> {
        Some(self.of_fragment[f]).filter(|g| *g != usize::MAX)
    }

    pub fn get(&self, g: usize) -> &Group {
        &self.list[g]
    }

    /// The group that this one was given to in the end.
    pub fn root(&self, g: usize) -> usize {
        let mut g = g;
        while self.into[g] != g {
            g = self.into[g];
        }
        g
    }

    pub fn root_of(&self, g: usize) -> usize {
        self.root(g)
    }

    pub fn number_of(&self, g: usize) -> usize {
        self.number[self.root(g)]
    }

    /// Neighbours of each group over planes of the grid, with the area.
    fn neighbours(&self) -> Vec<Vec<(usize, f64)>> {
        let mut all = vec![Vec::new(); self.list.len()];
        for ((g, h, _), area) in &self.caps {
            all[*g].push((*h, *area));
            all[*h].push((*g, *area));
        }
        all
    }

    fn give(&mut self, g: usize, to: usize) {
        self.into[g] = to;
        let (volume, area, closure) = (self.list[g].volume, self.list[g].area, self.list[g].closure);
        let centre = self.list[g].centre;
        let taker = &mut self.list[to];
        let total = taker.volume + volume;
        taker.centre = add(taker.centre, volume / total, add(centre, -1.0, taker.centre));
        taker.volume = total;
        taker.area += area;
        taker.closure = add(taker.closure, 1.0, closure);
        self.list[to].media |= self.list[g].media;
        self.list[to].resistance = self.list[to].resistance.min(self.list[g].resistance);
    }

    /// Volumes much smaller than the neighbour they share most area with are given to it.
    pub fn give_away_small(&mut self, smallest: f64) {
        let neighbours = self.neighbours();
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by(|a, b| self.list[*a].volume.total_cmp(&self.list[*b].volume).then(a.cmp(b)));
        for g in order {
            let best = neighbours[g]
                .iter()
                .map(|(h, area)| (self.root(*h), *area))
                .filter(|(h, _)| *h != g)
                .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            if let Some((to, _)) = best
                && self.list[g].volume < smallest * self.list[to].volume
            {
                self.give(g, to);
            }
        }
    }

    /// Volumes that are `outside` are given to neighbours that are not, over one or more others.
    pub fn give_away_outside(&mut self, outside: &[bool]) {
        let neighbours = self.neighbours();
        let mut waiting: Vec<usize> = (0..self.list.len()).filter(|g| outside[*g] && self.into[*g] == *g).collect();
        loop {
            let mut moves = Vec::new();
            for &g in &waiting {
                let best = neighbours[g]
                    .iter()
                    .map(|(h, area)| (self.root(*h), *area))
                    .filter(|(h, _)| *h != g && !(outside[*h] && self.into[*h] == *h))
                    .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
                moves.extend(best.map(|(to, _)| (g, to)));
            }
            if moves.is_empty() {
                return;
            }
            for (g, to) in moves {
                self.give(g, to);
                self.closed[g] = true;
            }
            waiting.retain(|g| self.into[*g] == *g);
        }
    }

    /// Numbers the groups that are left and finds their neighbours.
    pub fn number(&mut self) {
        self.number = vec![usize::MAX; self.list.len()];
        for (n, g) in (0..self.list.len()).filter(|g| self.into[*g] == *g).enumerate() {
            self.number[g] = n;
        }
        self.reach = vec![Vec::new(); self.list.len()];
        for (g, h, _) in self.caps.keys() {
            if self.root(*g) == *g && self.root(*h) == *h {
                self.reach[*g].push(self.list[*h].cell);
                self.reach[*h].push(self.list[*g].cell);
            }
        }
    }

    pub fn kept(&self) -> Vec<usize> {
        (0..self.list.len()).filter(|g| self.into[*g] == *g).collect()
    }

    /// All faces over planes of the grid.
    pub fn all_caps(&self) -> impl Iterator<Item = ((usize, usize, usize), f64)> + '_ {
        self.caps.iter().map(|(key, area)| (*key, *area))
    }

    /// Whether a group was given away because its middle lies too far behind the surface.
    pub fn is_closed(&self, g: usize) -> bool {
        self.closed[g]
    }

    /// Whether two closed groups were given to groups that lie to each other as they do.
    pub fn move_alike(&self, g: usize, h: usize, grid: &Grid) -> bool {
        let moved = |g: usize| {
            let [from, to] = [g, self.root(g)].map(|g| grid.cell(self.list[g].cell));
            [0, 1, 2].map(|i| to[i].wrapping_sub(from[i]))
        };
        self.closed[g] && self.closed[h] && moved(g) == moved(h)
    }

    /// Faces over planes of the grid between different volumes.
    pub fn caps<'a>(&'a self, grid: &'a Grid) -> impl Iterator<Item = ((usize, usize, usize), f64)> + 'a {
        let open = |g: usize, h: usize| !self.closed[g] && !self.closed[h] || self.move_alike(g, h, grid);
        self.all_caps()
            .filter(move |((g, h, _), _)| self.root(*g) != self.root(*h) && open(*g, *h))
    }

    pub fn volume(&self, g: usize, grid: &Grid) -> Volume {
        let group = &self.list[g];
        Volume {
            volume: group.volume,
            label: group.label,
            class: group.class,
            bounds: grid.bounds(grid.cell(group.cell)),
        }
    }

    pub fn whole_area_of(&self, cell: Cell, axis: usize, grid: &Grid) -> f64 {
        grid.width(cell, (axis + 1) % 3) * grid.width(cell, (axis + 2) % 3)
    }
}
