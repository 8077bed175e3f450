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
}

impl Spacing {
    /// Widths of `n` volumes that fill `length`, m.
    pub fn widths(self, length: f64, n: usize) -> Vec<f64> {
        let weight = |i: usize| match self {
            Spacing::Uniform => 1.0,
            Spacing::BothEnds { ratio } => ratio.powi(i.min(n - 1 - i) as i32),
        };
        let total: f64 = (0..n).map(weight).sum();
        (0..n).map(|i| length * weight(i) / total).collect()
    }
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
}
