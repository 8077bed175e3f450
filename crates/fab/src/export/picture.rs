//! What is to be drawn, as plain values: the legend, a cross-section, masks, marked places.

use super::colour::{Colour, Hue};
use cellwright_device::Role;

/// Legend entry of a region; the index in the palette is the number of the region.
#[derive(Clone, Debug, PartialEq)]
pub struct Paint {
    /// Name given by the user.
    pub name: String,
    /// Name of the material in the library.
    pub material: String,
    /// What it is for.
    pub role: Role,
    /// Its colour.
    pub colour: Colour,
}

/// Colours for regions (name, material, role) in the order in which they were made: the hue tells the role, the shade tells regions of
/// one role apart. The same list always gives the same colours. A collector below everything active takes the lighter metal first.
///
/// ```
/// use cellwright_device::Role;
/// use cellwright_fab::export::palette;
/// let paints = palette(&[("base", "Cu", Role::Collector), ("cathode", "LiCoO2", Role::Positive), ("lid", "Al", Role::Collector)]);
/// assert_eq!(paints.iter().map(|p| p.colour.name()).collect::<Vec<_>>(), ["met2", "cat", "met"]);
/// ```
pub fn palette<T: AsRef<str>>(regions: &[(T, T, Role)]) -> Vec<Paint> {
    let mut paints: Vec<Paint> = Vec::with_capacity(regions.len());
    let mut active = false;
    for (name, material, role) in regions {
        active |= matches!(role, Role::Negative | Role::Electrolyte | Role::Positive);
        let hue = Hue::of_role(*role);
        let first = u8::from(hue == Hue::Metal && !active);
        let free = |shade: &u8| !paints.iter().any(|p| p.colour == Colour { hue, shade: *shade });
        let shade = [first, 1 - first].into_iter().chain(2..=u8::MAX).find(free).unwrap_or(u8::MAX);
        paints.push(Paint {
            name: name.as_ref().to_owned(),
            material: material.as_ref().to_owned(),
            role: *role,
            colour: Colour { hue, shade },
        });
    }
    paints
}

/// A closed polygon without its first point repeated, m.
pub type Ring = Vec<[f64; 2]>;

/// A cross-section: s runs along the cut from 0 to `width`, z upwards from `bottom` to `top`, all in m.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionPicture {
    /// Length of the cut, m.
    pub width: f64,
    /// Lowest height drawn, m.
    pub bottom: f64,
    /// Greatest height drawn, m.
    pub top: f64,
    /// Region and rings (even-odd) in the order of painting: the outermost film first, older ones over it.
    pub layers: Vec<(usize, Vec<Ring>)>,
    /// True thickness of the regions that are films, (region, m); shown in the legend, and what decides whether a film is too thin to see.
    pub thickness: Vec<(usize, f64)>,
    /// Where the cut is, in words: "y = 10 µm".
    pub cut: String,
    /// Title.
    pub title: String,
}

impl SectionPicture {
    /// True thickness of a region, m, where it is a film.
    pub fn thickness_of(&self, region: usize) -> Option<f64> {
        self.thickness.iter().find(|(r, _)| *r == region).map(|(_, t)| *t)
    }
}

/// A place to look at, such as a broken design rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// (s, z) in a section, (x, y) in a plan, m.
    pub at: [f64; 2],
    /// What is to be seen there.
    pub label: String,
}

/// One mask as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct MaskPicture {
    /// Name.
    pub name: String,
    /// GDSII layer and datatype.
    pub layer: (u16, u16),
    /// Its shapes, one ring each, m.
    pub rings: Vec<Ring>,
    /// Its colour: see [`Colour::of_mask`].
    pub colour: usize,
}

/// Masks over each other on the die, whose lower left corner is the origin.
#[derive(Clone, Debug, PartialEq)]
pub struct MaskPlan {
    /// Title.
    pub title: String,
    /// Width and depth of the die, m.
    pub die: [f64; 2],
    /// The part that is examined: lower left and upper right corner, m.
    pub window: Option<[[f64; 2]; 2]>,
    /// The masks, the lowest first.
    pub masks: Vec<MaskPicture>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_regions_share_a_colour() {
        let roles = [
            Role::Substrate,
            Role::Adhesion,
            Role::Collector,
            Role::Positive,
            Role::Electrolyte,
            Role::Negative,
        ];
        let regions: Vec<(String, String, Role)> = (0..60)
            .map(|i| (format!("film {i}"), "Si".to_owned(), roles[i % roles.len()]))
            .collect();
        let paints = palette(&regions);
        for (i, a) in paints.iter().enumerate() {
            assert!(paints[..i].iter().all(|b| a.colour != b.colour), "{a:?}");
        }
        assert_eq!(paints, palette(&regions));
    }
}
