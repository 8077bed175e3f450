//! A stack of conformal films over an array, cut to a mesa, sealed, with its two contacts.

use super::Misfit;
use super::build::{Flow, Rect, cells, centred, frame, grown, rectangle};
use super::chosen::{Chosen, fits};
use crate::plan::{Shape, Window};

/// An array of unit cells in the middle of the die and the mesa around it.
pub(super) struct Mesa {
    /// Columns and rows.
    pub count: [u32; 2],
    /// The array.
    pub array: Rect,
    mesa: Rect,
    opening: Rect,
    sealed: Rect,
    pitch: f64,
}

impl Mesa {
    /// Fits as many cells of `pitch` into the cell as there is room for.
    pub fn new(c: &Chosen<'_>, pitch: f64) -> Result<Mesa, Misfit> {
        let (seal, pad, die) = (c.get("seal_width"), c.get("pad"), c.values.die);
        let size = [c.get("cell_width"), c.get("cell_depth")];
        fits(
            "pitch",
            "not even two by two unit cells fit into the cell",
            2.0 * pitch,
            size[0].min(size[1]),
            "widen the cell or narrow the pitch",
        )?;
        // The tab that carries the upper contact keeps half a pad of film around its opening.
        let tab = 2.0 * pad;
        fits(
            "cell_width",
            "cell with tab, seal and pad is wider than the die",
            size[0] + tab + 2.0 * seal + pad,
            die[0],
            "make the cell narrower or the die wider",
        )?;
        let depth = size[1].max(tab) + 2.0 * seal;
        fits(
            "cell_depth",
            "cell with its seal is deeper than the die",
            depth,
            die[1],
            "make the cell less deep or the die deeper",
        )?;
        let count = [cells(size[0], pitch), cells(size[1], pitch)];
        // Left to right: lower pad, seal, array, tab, seal.
        let left = (die[0] - (size[0] + tab + 2.0 * seal + pad)) / 2.0 + pad + seal;
        let middle = die[1] / 2.0;
        let array = centred(
            [left + size[0] / 2.0, middle],
            [f64::from(count[0]) * pitch, f64::from(count[1]) * pitch],
        );
        let half = (size[1] / 2.0).max(pad);
        let mesa = [left, middle - half, left + size[0] + tab, middle + half];
        Ok(Mesa {
            count,
            array,
            opening: centred([left + size[0] + tab / 2.0, middle], [pad, pad]),
            sealed: grown(mesa, seal),
            mesa,
            pitch,
        })
    }

    /// One unit cell in the middle of the array.
    pub fn window(&self) -> Window {
        let from = [0, 1].map(|i| self.array[i] + f64::from(self.count[i] / 2) * self.pitch);
        Window {
            from,
            to: [from[0] + self.pitch, from[1] + self.pitch],
            repeats: f64::from(self.count[0]) * f64::from(self.count[1]),
            tabs: None,
        }
    }

    /// A disc in the middle of every unit cell.
    pub fn discs(&self, diameter: f64) -> Shape {
        Shape::Array {
            shape: Box::new(Shape::Circle {
                centre: [self.array[0] + self.pitch / 2.0, self.array[1] + self.pitch / 2.0],
                diameter,
            }),
            pitch: [self.pitch, self.pitch],
            count: self.count,
        }
    }

    /// Cuts the named films to the mesa and seals it, with an opening to the uppermost film on the tab.
    pub fn cut_and_seal(&self, flow: &mut Flow, c: &Chosen<'_>, films: &[&str], celsius: f64) {
        flow.mask("mesa", vec![rectangle(self.mesa)]);
        flow.mask("encapsulation", frame(self.sealed, self.opening));
        flow.etch("mesa-etch", "rie", "mesa", |e| {
            e.inside = false;
            e.only = films.iter().map(|f| (*f).to_owned()).collect();
        });
        flow.film(c.film("encapsulation"), celsius, |d| d.mask = Some("encapsulation".to_owned()));
    }
}
