//! Temperatures where the equations need them: one for all, or one for every volume and site.

/// Temperature of volumes and sites, K.
pub(crate) trait Temperature: Copy + Send + Sync {
    /// That of a control volume.
    fn volume(self, k: usize) -> f64;
    /// That of an interface site.
    fn site(self, s: usize) -> f64;
    /// That of all, if they have the same.
    fn uniform(self) -> Option<f64>;
}

impl Temperature for f64 {
    #[inline(always)]
    fn volume(self, _: usize) -> f64 {
        self
    }

    #[inline(always)]
    fn site(self, _: usize) -> f64 {
        self
    }

    #[inline(always)]
    fn uniform(self) -> Option<f64> {
        Some(self)
    }
}

/// The temperatures of a field at one state, K.
#[derive(Clone, Debug, Default)]
pub(crate) struct Local {
    /// Mean over the cell.
    pub mean: f64,
    /// Of each control volume.
    pub volumes: Vec<f64>,
    /// Of each interface site.
    pub sites: Vec<f64>,
}

impl Temperature for &Local {
    #[inline(always)]
    fn volume(self, k: usize) -> f64 {
        self.volumes[k]
    }

    #[inline(always)]
    fn site(self, s: usize) -> f64 {
        self.sites[s]
    }

    #[inline(always)]
    fn uniform(self) -> Option<f64> {
        None
    }
}
