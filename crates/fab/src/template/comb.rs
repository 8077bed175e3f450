//! Two interlocking combs with their pads: the collectors of every interdigital architecture.
//!
//! Fingers run along y. The negative comb hangs on a bus at the bottom, the positive one on a bus at the top; the fingers
//! alternate along x, beginning with a negative one.

use super::Misfit;
use super::build::{Rect, centred, grown, rectangle};
use super::chosen::{Chosen, fits};
use crate::plan::{Bus, Shape, Tabs, Window};
use cellwright_device::mesh::Edge;

/// Dimensions of the combs, m.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comb {
    /// Fingers per electrode, at least 2.
    pub fingers: u32,
    /// Width of a finger of the collector.
    pub width: f64,
    /// Distance between neighbouring fingers, and from a tip to the opposite bus.
    pub gap: f64,
    /// Length of a finger.
    pub length: f64,
    /// Width of the bus.
    pub bus: f64,
    /// Side of a contact pad, which is also how far it sticks out of the seal.
    pub pad: f64,
    /// Width of the sealing ring around fingers and buses.
    pub seal: f64,
}

/// The combs as drawn.
pub(super) struct Combs {
    /// Fingers and buses.
    pub body: Rect,
    /// Body and sealing ring.
    pub sealed: Rect,
    /// First finger of the negative and of the positive comb.
    pub first: [Rect; 2],
    /// Part of the height where fingers of both combs stand side by side.
    pub overlap: [f64; 2],
    rectangles: [Vec<Rect>; 2],
    comb: Comb,
}

impl Comb {
    /// Distance from a finger to the next one of the same comb.
    pub fn period(&self) -> f64 {
        2.0 * (self.width + self.gap)
    }

    /// Draws the combs in the middle of the die.
    pub fn draw(self, chosen: &Chosen<'_>, count: &'static str) -> Result<Combs, Misfit> {
        let die = chosen.values.die;
        let n = f64::from(self.fingers);
        let size = [n * self.period() - self.gap, self.length + self.gap + 2.0 * self.bus];
        let needed = [size[0].max(self.pad) + 2.0 * self.seal, size[1] + 2.0 * (self.seal + self.pad)];
        fits(
            count,
            "combs with their seal are wider than the die",
            needed[0],
            die[0],
            "use fewer or narrower fingers, or a wider die",
        )?;
        fits(
            "finger_length",
            "combs with seal and pads are longer than the die",
            needed[1],
            die[1],
            "shorten the fingers or use a longer die",
        )?;
        fits(
            "gap",
            "fingers of the two combs do not overlap",
            self.gap,
            self.length * 0.9,
            "lengthen the fingers or narrow the gap",
        )?;
        let body = centred([die[0] / 2.0, die[1] / 2.0], size);
        let sealed = grown(body, self.seal);
        let (bottom, top) = (body[1] + self.bus, body[3] - self.bus);
        let finger = |i: u32, negative: bool| {
            let x = body[0] + f64::from(i) * self.period() + if negative { 0.0 } else { self.width + self.gap };
            let (low, high) = if negative {
                (bottom, top - self.gap)
            } else {
                (bottom + self.gap, top)
            };
            [x, low, x + self.width, high]
        };
        let centre = die[0] / 2.0;
        let pads = [
            [centre - self.pad / 2.0, sealed[1] - self.pad, centre + self.pad / 2.0, body[1]],
            [centre - self.pad / 2.0, body[3], centre + self.pad / 2.0, sealed[3] + self.pad],
        ];
        let buses = [[body[0], body[1], body[2], bottom], [body[0], top, body[2], body[3]]];
        let fingers = [true, false].map(|negative| (0..self.fingers).map(|i| finger(i, negative)).collect::<Vec<_>>());
        let rectangles = [0, 1].map(|k| fingers[k].iter().copied().chain([buses[k], pads[k]]).collect());
        Ok(Combs {
            body,
            sealed,
            first: [fingers[0][0], fingers[1][0]],
            overlap: [bottom + self.gap, top - self.gap],
            rectangles,
            comb: self,
        })
    }
}

impl Combs {
    /// Distance from a finger to the next one of the same comb.
    pub fn period(&self) -> f64 {
        self.comb.period()
    }

    /// Fingers per electrode.
    pub fn fingers(&self) -> u32 {
        self.comb.fingers
    }

    /// Repeats a shape drawn on the first finger of a comb on all its fingers.
    pub fn on_fingers(&self, shape: Shape) -> Shape {
        Shape::Array {
            shape: Box::new(shape),
            pitch: [self.comb.period(), 0.0],
            count: [self.comb.fingers, 1],
        }
    }

    /// What resist covers so that the combs stay open: the die without the negative (0) and the positive (1) comb, as chosen.
    pub fn resist_around(&self, open: &[usize], die: [f64; 2]) -> Vec<Shape> {
        let holes: Vec<Rect> = open.iter().flat_map(|k| self.rectangles[*k].iter().copied()).collect();
        complement(&holes, die).into_iter().map(rectangle).collect()
    }

    /// From the middle of a negative finger to the middle of the next one, `slice` long around `middle`: mirror planes on all sides.
    pub fn window(&self, middle: f64, slice: f64, slices: f64) -> Window {
        // Each of the 2 n - 1 gaps is half a window.
        let k = f64::from((self.comb.fingers - 2) / 2);
        let x = self.first[0][0] + self.comb.width / 2.0 + k * self.comb.period();
        Window {
            from: [x, middle - slice / 2.0],
            to: [x + self.comb.period(), middle + slice / 2.0],
            repeats: (f64::from(self.comb.fingers) - 0.5) * slices,
            tabs: None,
        }
    }

    /// From the middle of a negative finger to the middle of the positive one beside it, from bus to bus.
    pub fn finger(&self) -> Window {
        let comb = &self.comb;
        let k = f64::from((comb.fingers - 1) / 2);
        let x = self.first[0][0] + comb.width / 2.0 + k * comb.period();
        Window {
            from: [x, self.body[1] + comb.bus],
            to: [x + comb.period() / 2.0, self.body[3] - comb.bus],
            // As many as there are gaps.
            repeats: 2.0 * f64::from(comb.fingers) - 1.0,
            tabs: Some(Tabs {
                edges: [Edge::Bottom, Edge::Top],
                finger_length: None,
                bus: Some(self.bus()),
            }),
        }
    }

    /// A window as a slice of fingers of the given length whose tips are left out.
    pub fn sliced(&self, window: Window, length: f64) -> Window {
        Window {
            tabs: Some(Tabs {
                edges: [Edge::Bottom, Edge::Top],
                finger_length: Some(length),
                bus: Some(self.bus()),
            }),
            ..window
        }
    }

    fn bus(&self) -> Bus {
        let comb = &self.comb;
        Bus {
            width: comb.bus,
            length: self.body[2] - self.body[0],
            pad: [comb.pad, comb.seal + comb.pad / 2.0],
        }
    }

    /// Window as long as it is wide, or as the fingers overlap if that is less.
    pub fn square_window(&self) -> Window {
        let length = self.overlap[1] - self.overlap[0];
        let slice = self.comb.period().min(length);
        self.window((self.overlap[0] + self.overlap[1]) / 2.0, slice, length / slice)
    }
}

/// The die without the rectangles, cut into rectangles: horizontal bands, merged upwards where neighbours have the same sides.
pub(super) fn complement(holes: &[Rect], die: [f64; 2]) -> Vec<Rect> {
    let mut levels: Vec<f64> = holes.iter().flat_map(|r| [r[1], r[3]]).chain([0.0, die[1]]).collect();
    levels.retain(|y| (0.0..=die[1]).contains(y));
    levels.sort_by(f64::total_cmp);
    levels.dedup_by(|a, b| *a - *b < 1e-12);
    let mut done: Vec<Rect> = vec![];
    let mut open: Vec<Rect> = vec![];
    for band in levels.windows(2) {
        let middle = (band[0] + band[1]) / 2.0;
        let mut sides: Vec<[f64; 2]> = holes
            .iter()
            .filter(|r| r[1] < middle && middle < r[3])
            .map(|r| [r[0], r[2]])
            .collect();
        sides.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let mut spans: Vec<[f64; 2]> = vec![];
        let mut x = 0.0;
        for [left, right] in sides {
            if left - x > 1e-12 {
                spans.push([x, left]);
            }
            x = right.max(x);
        }
        if die[0] - x > 1e-12 {
            spans.push([x, die[0]]);
        }
        let mut next = vec![];
        for [left, right] in spans {
            match open
                .iter()
                .position(|r| (r[0] - left).abs() < 1e-12 && (r[2] - right).abs() < 1e-12)
            {
                Some(i) => {
                    let below = open.swap_remove(i);
                    next.push([left, below[1], right, band[1]]);
                }
                None => next.push([left, band[0], right, band[1]]),
            }
        }
        done.append(&mut open);
        open = next;
    }
    done.append(&mut open);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complement_and_holes_fill_the_die() {
        let holes = [[1.0, 1.0, 3.0, 2.0], [1.0, 2.0, 2.0, 4.0], [5.0, 0.0, 6.0, 5.0]];
        let rest = complement(&holes, [7.0, 5.0]);
        let area = |rs: &[Rect]| rs.iter().map(|r| (r[2] - r[0]) * (r[3] - r[1])).sum::<f64>();
        assert!((area(&rest) + area(&holes) - 35.0).abs() < 1e-12);
        for (i, a) in rest.iter().enumerate() {
            for b in rest.iter().skip(i + 1).chain(&holes) {
                let wide = a[2].min(b[2]) - a[0].max(b[0]);
                let high = a[3].min(b[3]) - a[1].max(b[1]);
                assert!(wide <= 1e-12 || high <= 1e-12, "{a:?} overlaps {b:?}");
            }
        }
    }
}
