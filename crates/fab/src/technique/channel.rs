//! Shape of an opening as gas transport sees it: how deep it is and how narrow.

use std::f64::consts::PI;

/// An opening that a gas has to fill: depth and the dimensionless depth that decides exposure and coverage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channel {
    /// Depth, m.
    pub depth: f64,
    /// Depth over hydraulic diameter, a = L p/(4A): perimeter p and open area A of the cross-section of the void.
    pub a: f64,
}

impl Channel {
    /// The channel of depth `depth` whose void has the perimeter `perimeter` (m) and the open area `area` (m²) in cross-section.
    ///
    /// # Equation
    /// a = L p/(4A); 4A/p is the hydraulic diameter: the diameter of a round hole, the side of a square one, twice the width of a trench.
    ///
    /// # Validity
    /// Exact for round holes in the free molecular regime; for other sections it keeps the ratio of coated wall to open area, which is what
    /// the leading term 3a²/2 of the exposure needs.
    ///
    /// # Source
    /// Gordon et al., Chem. Vap. Deposition 9 (2003) 73, doi:10.1002/cvde.200390005.
    pub fn new(depth: f64, perimeter: f64, area: f64) -> Channel {
        Channel {
            depth,
            a: depth * perimeter / (4.0 * area),
        }
    }

    /// A round hole: a = L/d.
    pub fn hole(depth: f64, diameter: f64) -> Channel {
        Channel {
            depth,
            a: depth / diameter,
        }
    }

    /// A square hole: a = L/w.
    pub fn square(depth: f64, width: f64) -> Channel {
        Channel { depth, a: depth / width }
    }

    /// A long trench: a = L/(2w).
    pub fn trench(depth: f64, width: f64) -> Channel {
        Channel {
            depth,
            a: depth / (2.0 * width),
        }
    }

    /// The space between round pillars on a square grid: a = H 2πr/(4 (P² − πr²)).
    ///
    /// # Validity
    /// Estimate for pillars several times taller than their gap. Pillars that touch leave no space: a is infinite.
    pub fn pillars(height: f64, radius: f64, pitch: f64) -> Channel {
        let area = (pitch * pitch - PI * radius * radius).max(0.0);
        Channel::new(height, 2.0 * PI * radius, area)
    }

    /// Hydraulic diameter 4A/p, m: depth divided by a.
    pub fn hydraulic_diameter(&self) -> f64 {
        self.depth / self.a
    }

    /// The same channel seen only down to `depth`.
    pub fn cut_at(&self, depth: f64) -> Channel {
        Channel {
            depth,
            a: self.a * depth / self.depth,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_follow_from_perimeter_and_area() {
        let (l, w) = (50e-6, 4e-6);
        let close = |x: f64, y: f64| assert!((x / y - 1.0).abs() < 1e-12, "{x} {y}");
        close(Channel::hole(l, w).a, Channel::new(l, PI * w, PI * w * w / 4.0).a);
        close(Channel::square(l, w).a, Channel::new(l, 4.0 * w, w * w).a);
        // Per unit length of a long trench: two walls, width w.
        close(Channel::trench(l, w).a, Channel::new(l, 2.0, w).a);
        close(Channel::hole(l, w).cut_at(l / 5.0).a, 2.5);
        close(Channel::hole(l, w).hydraulic_diameter(), w);
    }

    #[test]
    fn pillars_of_the_reference_device() {
        // r = 5, P = 20, H = 50 µm: 1.22.
        assert!((Channel::pillars(50e-6, 5e-6, 20e-6).a - 1.22).abs() < 0.005);
        assert!(Channel::pillars(50e-6, 10e-6, 17e-6).a.is_infinite());
    }
}
