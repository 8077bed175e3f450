//! Printed lines, filaments and films: shapes and amounts that follow from conservation of volume.

use std::f64::consts::PI;

/// Thickness after drying, m: wet thickness times solids volume fraction over the solid fraction of the dry body.
///
/// # Equation
/// h_dry = h_wet φ_s/(1 − ε). The edges stay where the wet film put them, so that all shrinkage is vertical.
pub fn dry_thickness(wet: f64, solids: f64, porosity_dry: f64) -> f64 {
    wet * solids / (1.0 - porosity_dry)
}

/// Wet thickness that dries to a given thickness, m: the inverse of [`dry_thickness`].
pub fn wet_thickness(dry: f64, solids: f64, porosity_dry: f64) -> f64 {
    dry * (1.0 - porosity_dry) / solids
}

/// Cross-section of an extruded filament of width w and height h ≤ w that was pressed flat, m²: (w − h) h + π h²/4.
///
/// # Validity
/// A stadium: flat top and bottom, round sides.
pub fn filament_area(width: f64, height: f64) -> f64 {
    (width - height) * height + PI * height * height / 4.0
}

/// Width of a filament of given cross-section (m²) laid at a height (m), m; the circle if it is too thin to be pressed flat.
pub fn filament_width(area: f64, height: f64) -> f64 {
    let circle = 2.0 * (area / PI).sqrt();
    if circle <= height {
        circle
    } else {
        area / height + height * (1.0 - PI / 4.0)
    }
}

/// Flow that lays a filament of a cross-section (m²) at a speed (m/s), m³/s: Q = v A.
pub fn flow(area: f64, speed: f64) -> f64 {
    speed * area
}

/// Travel of the syringe plunger per travel of the nozzle (the E word of G-code over the path length): A/A_syringe.
pub fn extrusion_per_length(area: f64, syringe_diameter: f64) -> f64 {
    area / (PI / 4.0 * syringe_diameter * syringe_diameter)
}

/// Cap of a drop or line: footprint and height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cap {
    /// Width of the footprint, m.
    pub width: f64,
    /// Height in the middle, m.
    pub height: f64,
}

/// A line of `area` (volume per length, m²) on a surface it wets with `contact_angle` (rad, above 0, below π).
///
/// # Equation
/// Circular segment of radius R: A = R² (θ − sin θ cos θ), width 2 R sin θ (the chord; R itself for θ > 90° bulges over it), height R (1 − cos θ).
///
/// # Validity
/// Lines narrower than the capillary length, with a contact line that has stopped.
///
/// # Source
/// Stringer and Derby, Langmuir 26 (2010) 10365, doi:10.1021/la101296e, for drops of volume V at a spacing p: A = V/p.
pub fn line(area: f64, contact_angle: f64) -> Cap {
    let (s, c) = contact_angle.sin_cos();
    // θ − sin θ cos θ loses its digits for flat lines: 2θ³/3 (1 − θ²/5) there.
    let t = contact_angle;
    let shape = if t < 1e-2 {
        2.0 * t * t * t / 3.0 * (1.0 - t * t / 5.0)
    } else {
        t - s * c
    };
    cap((area / shape).sqrt(), t, s)
}

/// A single drop of `volume` (m³) with `contact_angle` (rad, above 0, below π).
///
/// # Equation
/// Spherical cap: V = π R³/3 (2 + cos θ)(1 − cos θ)².
pub fn drop(volume: f64, contact_angle: f64) -> Cap {
    let half = (0.5 * contact_angle).sin();
    let rise = 2.0 * half * half;
    cap(
        (3.0 * volume / (PI * (3.0 - rise) * rise * rise)).cbrt(),
        contact_angle,
        contact_angle.sin(),
    )
}

fn cap(radius: f64, angle: f64, sine: f64) -> Cap {
    let half = (0.5 * angle).sin();
    Cap {
        width: 2.0 * radius * sine,
        height: radius * 2.0 * half * half,
    }
}

/// Cross-section of a screen or flexographic line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trapezoid {
    /// Width at the bottom, m.
    pub bottom: f64,
    /// Width at the top, m; zero if the bleeding edges meet.
    pub top: f64,
    /// Height, m.
    pub height: f64,
}

impl Trapezoid {
    /// Cross-section, m².
    pub fn area(&self) -> f64 {
        0.5 * (self.bottom + self.top) * self.height
    }
}

/// A line drawn `width` wide and `thickness` thick whose edges bleed outwards by `bleed` (all m).
///
/// # Equation
/// The paste that leaves the edge comes from its inner side: bottom w + 2b, top w − 2b at the full height, so that the area stays w t.
/// Lines narrower than 2b become a triangle of the same area.
///
/// # Validity
/// Model of this program; the bleed is a property of the technique (see the library of techniques).
pub fn bled_line(width: f64, thickness: f64, bleed: f64) -> Trapezoid {
    let bottom = width + 2.0 * bleed;
    let top = width - 2.0 * bleed;
    if top > 0.0 {
        return Trapezoid {
            bottom,
            top,
            height: thickness,
        };
    }
    Trapezoid {
        bottom,
        top: 0.0,
        height: 2.0 * width * thickness / bottom,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drying_keeps_the_solid() {
        let dry = dry_thickness(100e-6, 0.3, 0.4);
        assert!((dry * 0.6 / (100e-6 * 0.3) - 1.0).abs() < 1e-14 && (dry - 50e-6).abs() < 1e-18);
        assert!((wet_thickness(dry, 0.3, 0.4) / 100e-6 - 1.0).abs() < 1e-14);
    }

    #[test]
    fn filaments() {
        let (w, h) = (60e-6, 21e-6);
        let a = filament_area(w, h);
        assert!((filament_width(a, h) / w - 1.0).abs() < 1e-14);
        // A nozzle's worth: the full circle when width and height agree.
        assert!((filament_area(h, h) / (PI * h * h / 4.0) - 1.0).abs() < 1e-14);
        assert!((filament_width(PI * h * h / 16.0, h) / (h / 2.0) - 1.0).abs() < 1e-14);
        // 1 mm of path from a 4.61 mm syringe moves as much ink as the filament holds.
        let e = extrusion_per_length(a, 4.61e-3) * 1e-3;
        assert!((e * PI / 4.0 * 4.61e-3 * 4.61e-3 / (a * 1e-3) - 1.0).abs() < 1e-14);
        assert!((flow(a, 5e-3) * 0.2 / (a * 1e-3) - 1.0).abs() < 1e-14);
    }

    #[test]
    fn caps_hold_their_volume() {
        for angle in [1e-4f64, 0.0099, 0.0101, 0.5, PI / 2.0, 2.5] {
            let l = line(1e-9, angle);
            // Integrate the segment by slices of height: half width sqrt(R² − (y − y0)²), y0 = −R cos θ.
            let r = l.height / (2.0 * (angle / 2.0).sin().powi(2));
            let n = 20_000;
            let (mut area, mut volume) = (0.0, 0.0);
            let d = drop(1e-13, angle);
            let rd = d.height / (2.0 * (angle / 2.0).sin().powi(2));
            for i in 0..n {
                // From the top down, quadratically denser there: y = h (1 − t²).
                let t = (f64::from(i) + 0.5) / f64::from(n);
                let below = |h: f64, r: f64| t * t * h * (2.0 * r - t * t * h);
                area += 2.0 * below(l.height, r).sqrt() * 2.0 * t * l.height / f64::from(n);
                volume += PI * below(d.height, rd) * 2.0 * t * d.height / f64::from(n);
            }
            assert!((area / 1e-9 - 1.0).abs() < 1e-6, "{angle}: {area}");
            assert!((volume / 1e-13 - 1.0).abs() < 1e-6, "{angle}: {volume}");
        }
        // Hemisphere and half circle.
        assert!((drop(2.0 * PI / 3.0, PI / 2.0).height - 1.0).abs() < 1e-14);
        assert!((line(PI / 2.0, PI / 2.0).width - 2.0).abs() < 1e-14);
    }

    #[test]
    fn bleeding_keeps_the_area() {
        for (w, t, b) in [
            (100e-6, 10e-6, 20e-6),
            (30e-6, 10e-6, 20e-6),
            (40e-6, 10e-6, 20e-6),
            (5e-6, 1e-6, 0.0),
        ] {
            assert!((bled_line(w, t, b).area() / (w * t) - 1.0).abs() < 1e-14);
        }
    }
}
