//! A flat section as four-cornered elements, each of one material.

use crate::error::MechanicsError;

/// Nodes and elements.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Places of the nodes, m.
    pub nodes: Vec<[f64; 2]>,
    /// Corners of each element, counter-clockwise.
    pub elements: Vec<[usize; 4]>,
    /// Number of the material of each element.
    pub materials: Vec<usize>,
}

impl Section {
    /// A grid of `columns` times `rows` elements, bent by a map of its lines; elements without a material are left out, with their nodes.
    ///
    /// `place(i, j)` is where line i across meets line j up, `material(i, j)` what the element between the lines i, i+1 and j, j+1 is.
    pub fn mapped(
        [columns, rows]: [usize; 2],
        place: impl Fn(usize, usize) -> [f64; 2],
        material: impl Fn(usize, usize) -> Option<usize>,
    ) -> Section {
        let mut section = Section::default();
        let mut numbers = vec![None; (columns + 1) * (rows + 1)];
        for j in 0..rows {
            for i in 0..columns {
                let Some(m) = material(i, j) else { continue };
                let corner = |(a, b): (usize, usize)| {
                    *numbers[b * (columns + 1) + a].get_or_insert_with(|| {
                        section.nodes.push(place(a, b));
                        section.nodes.len() - 1
                    })
                };
                let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)].map(corner);
                section.elements.push(corners);
                section.materials.push(m);
            }
        }
        section
    }

    /// The grid between two lists of rising coordinates, m.
    pub fn tensor(x: &[f64], y: &[f64], material: impl Fn(usize, usize) -> Option<usize>) -> Section {
        let size = [x.len().saturating_sub(1), y.len().saturating_sub(1)];
        Section::mapped(size, |i, j| [x[i], y[j]], material)
    }

    /// Middle of an element, m.
    pub fn middle(&self, element: usize) -> [f64; 2] {
        let corners = self.elements[element].map(|n| self.nodes[n]);
        [0, 1].map(|axis| 0.25 * corners.iter().map(|c| c[axis]).sum::<f64>())
    }

    /// Nodes of which the place fulfils a condition.
    pub fn nodes_where(&self, condition: impl Fn([f64; 2]) -> bool) -> impl Iterator<Item = usize> {
        self.nodes.iter().enumerate().filter(move |(_, p)| condition(**p)).map(|(n, _)| n)
    }

    /// Checks numbers and orientation.
    ///
    /// # Errors
    /// [`MechanicsError`] for a section without elements, wrong numbers, or elements that are turned inside out.
    pub fn check(&self, n_materials: usize) -> Result<(), MechanicsError> {
        if self.elements.is_empty() {
            let (what, found, least) = ("elements of the section", 0, 1);
            return Err(MechanicsError::TooFew { what, found, least });
        }
        let (found, expected) = (self.materials.len(), self.elements.len());
        if found != expected {
            let what = "materials of elements";
            return Err(MechanicsError::Mismatched { what, found, expected });
        }
        if let Some(m) = self.materials.iter().find(|m| **m >= n_materials) {
            let (what, found, least) = ("materials of the section", n_materials, m + 1);
            return Err(MechanicsError::TooFew { what, found, least });
        }
        if let Some(n) = self.elements.iter().flatten().find(|n| **n >= self.nodes.len()) {
            let (what, found, least) = ("nodes of the section", self.nodes.len(), n + 1);
            return Err(MechanicsError::TooFew { what, found, least });
        }
        Ok(())
    }
}
