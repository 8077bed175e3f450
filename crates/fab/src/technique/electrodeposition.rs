//! Electrodeposition: thickness from charge, and the time to fill a template from its bottom.

use cellwright_base::constants::FARADAY;

/// What is plated, and how well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deposit {
    /// Molar mass of one formula unit, kg/mol.
    pub molar_mass: f64,
    /// Electrons that one formula unit takes.
    pub electrons: f64,
    /// Density of the deposit as it grows, kg/m³.
    pub density: f64,
    /// Current efficiency, 0 to 1.
    pub efficiency: f64,
}

impl Deposit {
    /// Volume grown per charge, m³/C: M η/(z F ρ) (Faraday's law).
    pub fn volume_per_charge(&self) -> f64 {
        self.molar_mass * self.efficiency / (self.electrons * FARADAY * self.density)
    }

    /// Growth rate at a current density (A/m²), m/s.
    pub fn rate(&self, current_density: f64) -> f64 {
        current_density * self.volume_per_charge()
    }

    /// Thickness after `duration` (s) at a current density (A/m² of growing surface), m.
    pub fn thickness(&self, current_density: f64, duration: f64) -> f64 {
        self.rate(current_density) * duration
    }

    /// Time to grow a thickness (m) at a current density (A/m²), s.
    pub fn duration(&self, thickness: f64, current_density: f64) -> f64 {
        thickness / self.rate(current_density)
    }

    /// Time to fill a template of the given depth (m) from its bottom, s; `open_fraction` of the floor is open and grows.
    ///
    /// `current_density` is per footprint, A/m²: a template with half its area open grows twice as fast at the same current.
    pub fn fill_time(&self, depth: f64, current_density: f64, open_fraction: f64) -> f64 {
        self.duration(depth, current_density / open_fraction)
    }

    /// Height above the rim after `duration` (s), m: zero while the template is not full. What grows above the rim spreads sideways as far.
    pub fn overgrowth(&self, depth: f64, current_density: f64, open_fraction: f64, duration: f64) -> f64 {
        (self.thickness(current_density / open_fraction, duration) - depth).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NICKEL: Deposit = Deposit {
        molar_mass: 58.693e-3,
        electrons: 2.0,
        density: 8908.0,
        efficiency: 1.0,
    };

    #[test]
    fn nickel_by_hand() {
        // 10 mA/cm² for one hour: 36 C/cm² = 0.18656 mmol/cm² = 10.9495 mg/cm² = 12.2918 µm.
        assert!((NICKEL.thickness(100.0, 3600.0) / 12.2918e-6 - 1.0).abs() < 1e-4);
        assert!((NICKEL.duration(12.2918e-6, 100.0) / 3600.0 - 1.0).abs() < 1e-4);
    }

    #[test]
    fn mass_follows_the_charge() {
        let (i, t) = (250.0, 700.0);
        let grams = NICKEL.thickness(i, t) * NICKEL.density;
        assert!((grams / (i * t / (2.0 * FARADAY) * NICKEL.molar_mass) - 1.0).abs() < 1e-14);
        let half = Deposit { efficiency: 0.5, ..NICKEL };
        assert!((half.duration(1e-6, i) / NICKEL.duration(1e-6, i) - 2.0).abs() < 1e-14);
    }

    #[test]
    fn a_template_fills_then_overgrows() {
        let t = NICKEL.fill_time(10e-6, 100.0, 0.26);
        assert!((NICKEL.duration(10e-6, 100.0) * 0.26 / t - 1.0).abs() < 1e-14);
        assert_eq!(NICKEL.overgrowth(10e-6, 100.0, 0.26, 0.9 * t), 0.0);
        assert!((NICKEL.overgrowth(10e-6, 100.0, 0.26, 1.5 * t) / 5e-6 - 1.0).abs() < 1e-12);
    }
}
