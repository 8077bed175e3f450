//! One-dimensional meshes of stacks.

use super::{BoundaryFace, Face, Mesh};

/// How the volumes of a segment are spaced.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spacing {
    /// All alike.
    Uniform,
    /// Growing from both ends to the middle by this ratio from volume to volume.
    BothEnds {
        /// Width ratio of neighbouring volumes, above 1.
        ratio: f64,
    },
    /// Denser at the ends: the number of volumes per length goes as `1 + d₀ e^(-ξ/δ) + d₁ e^(-(1-ξ)/δ)`, ξ from 0 to 1 along the segment. The shape
    /// is the same whatever the number of volumes, so that refining it is second order.
    Crowded {
        /// Additional density at the start and at the end, d₀ and d₁.
        ends: [f64; 2],
        /// Depth of the dense parts over the length of the segment, δ.
        depth: f64,
    },
}

impl Spacing {
    /// Widths of `n` volumes that fill `length`, m.
    pub fn widths(self, length: f64, n: usize) -> Vec<f64> {
        let ratio = match self {
            Spacing::Uniform => 1.0,
            Spacing::BothEnds { ratio } => ratio,
            Spacing::Crowded { ends, depth } => {
                let edges: Vec<f64> = (0..=n).map(|i| crowded(i as f64 / n as f64, ends, depth)).collect();
                return edges.windows(2).map(|e| length * (e[1] - e[0])).collect();
            }
        };
        let weight = |i: usize| ratio.powi(i.min(n - 1 - i) as i32);
        let total: f64 = (0..n).map(weight).sum();
        (0..n).map(|i| length * weight(i) / total).collect()
    }
}

/// Place ξ up to which the share `part` of all volumes lies.
fn crowded(part: f64, ends: [f64; 2], depth: f64) -> f64 {
    let rest = (-1.0 / depth).exp();
    let below = |x: f64| {
        let [start, end] = [-(-x / depth).exp_m1(), ((x - 1.0) / depth).exp() - rest];
        x + depth * (ends[0] * start + ends[1] * end)
    };
    let wanted = part * below(1.0);
    // Below and above: halving finds a place to rounding, and the ends exactly.
    let (mut low, mut high) = (0.0, 1.0);
    if part <= 0.0 || part >= 1.0 {
        return part.clamp(low, high);
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if below(middle) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// One region of a one-dimensional stack.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// Region index given to its volumes.
    pub region: usize,
    /// Thickness, m.
    pub length: f64,
    /// Number of volumes.
    pub cells: usize,
    /// How they are spaced.
    pub spacing: Spacing,
}

/// One-dimensional mesh of a stack with the given area, from the negative to the positive side.
pub fn stack(area: f64, segments: &[Segment]) -> Mesh {
    let mut mesh = Mesh::default();
    let mut x = 0.0;
    let mut half = Vec::new();
    for s in segments {
        for w in s.spacing.widths(s.length, s.cells) {
            mesh.volumes.push(area * w);
            mesh.regions.push(s.region);
            mesh.position.push(x + 0.5 * w);
            half.push(0.5 * w);
            x += w;
        }
    }
    for f in 0..half.len().saturating_sub(1) {
        mesh.faces.push(Face {
            cells: [f, f + 1],
            area,
            distance: [half[f], half[f + 1]],
        });
    }
    if let (Some(first), Some(last)) = (half.first(), half.last()) {
        mesh.negative.push(BoundaryFace::flat(0, area, *first));
        mesh.positive.push(BoundaryFace::flat(half.len() - 1, area, *last));
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graded_stack_fills_its_length_and_is_a_chain() {
        let segments = [
            Segment {
                region: 0,
                length: 85e-6,
                cells: 20,
                spacing: Spacing::Uniform,
            },
            Segment {
                region: 1,
                length: 12e-6,
                cells: 21,
                spacing: Spacing::BothEnds { ratio: 1.4 },
            },
        ];
        let mesh = stack(2.0, &segments);
        assert!((mesh.volumes.iter().sum::<f64>() / (2.0 * 97e-6) - 1.0).abs() < 1e-14);
        assert!(mesh.is_chain());
        let w = Spacing::BothEnds { ratio: 1.4 }.widths(1.0, 21);
        assert!((w[1] / w[0] - 1.4).abs() < 1e-12 && (w[20] - w[0]).abs() < 1e-15);
    }

    #[test]
    fn crowded_volumes_have_the_density_asked_for_and_one_shape() {
        let (ends, depth) = ([3.0, 1.0], 0.07);
        let spacing = Spacing::Crowded { ends, depth };
        let fine = spacing.widths(2e-6, 2000);
        assert!((fine.iter().sum::<f64>() / 2e-6 - 1.0).abs() < 1e-13);
        // Widths go as one over the density.
        let (first, middle, last) = (fine[0], fine.iter().copied().fold(0.0, f64::max), fine[1999]);
        assert!((middle / first / 4.0 - 1.0).abs() < 0.01, "{}", middle / first);
        assert!((middle / last / 2.0 - 1.0).abs() < 0.01, "{}", middle / last);
        // Half the volumes: each is two of the fine ones.
        let coarse = spacing.widths(2e-6, 1000);
        for (pair, one) in fine.chunks(2).zip(&coarse) {
            assert!(((pair[0] + pair[1]) / one - 1.0).abs() < 1e-9);
        }
        let even = Spacing::Crowded { ends: [0.0; 2], depth }.widths(1.0, 7);
        assert!(even.iter().all(|w| (w - 1.0 / 7.0).abs() < 1e-14));
    }
}
