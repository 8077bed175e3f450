//! The laminated device: films from the substrate up, each with its role, material, thickness and inner structure.

/// What a layer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Carries everything; drawn shortened.
    Substrate,
    /// Electrical insulation or diffusion barrier.
    Insulator,
    /// Glue between two films.
    Adhesion,
    /// Metal that carries electrons to the terminals.
    Collector,
    /// Negative electrode.
    Negative,
    /// Electrolyte or separator.
    Electrolyte,
    /// Positive electrode.
    Positive,
    /// Protects against air and water.
    Encapsulation,
}

impl Role {
    /// The word used in design files.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Substrate => "substrate",
            Role::Insulator => "insulator",
            Role::Adhesion => "adhesion",
            Role::Collector => "collector",
            Role::Negative => "negative",
            Role::Electrolyte => "electrolyte",
            Role::Positive => "positive",
            Role::Encapsulation => "encapsulation",
        }
    }
}

/// Inner structure of a layer.
#[derive(Clone, Debug, PartialEq)]
pub enum Structure {
    /// One solid film.
    Dense,
    /// A porous body filled with electrolyte.
    Porous(Porous),
}

/// Porous body: electrode with particles, or separator.
#[derive(Clone, Debug, PartialEq)]
pub struct Porous {
    /// Volume fraction of electrolyte.
    pub porosity: f64,
    /// Volume fraction of active material (0 for a separator).
    pub active_fraction: f64,
    /// Particle radius, m (0 for a separator).
    pub particle_radius: f64,
    /// Effective over bulk electrolyte conductivity and diffusivity.
    pub transport_efficiency: f64,
    /// Effective over bulk electronic conductivity.
    pub solid_transport_efficiency: f64,
    /// Name of the electrolyte in the pores.
    pub electrolyte: String,
}

/// One film of the stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Name given by the user.
    pub name: String,
    /// Name of the material in the library.
    pub material: String,
    /// What it is for.
    pub role: Role,
    /// Thickness, m.
    pub thickness: f64,
    /// How it is made, in the words of the design.
    pub technique: Option<String>,
    /// Dense or porous.
    pub structure: Structure,
}

/// A laminated device on its die.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// Title.
    pub name: String,
    /// Die width and depth, m.
    pub die: [f64; 2],
    /// Active (overlapping electrode) area, m².
    pub active_area: f64,
    /// Films from the substrate up.
    pub layers: Vec<Layer>,
}

impl Device {
    /// Die area, m².
    pub fn die_area(&self) -> f64 {
        self.die[0] * self.die[1]
    }

    /// Height of the whole stack, m.
    pub fn height(&self) -> f64 {
        self.layers.iter().map(|l| l.thickness).sum()
    }

    /// Volume of electrodes and electrolyte over the active area, m³: the basis "films alone".
    pub fn active_volume(&self) -> f64 {
        let films = self
            .layers
            .iter()
            .filter(|l| matches!(l.role, Role::Negative | Role::Electrolyte | Role::Positive | Role::Collector));
        self.active_area * films.map(|l| l.thickness).sum::<f64>()
    }

    /// Volume of the die with everything on it, m³: the basis "device".
    pub fn device_volume(&self) -> f64 {
        self.die_area() * self.height()
    }

    /// First layer with this role.
    pub fn layer(&self, role: Role) -> Option<&Layer> {
        self.layers.iter().find(|l| l.role == role)
    }
}
