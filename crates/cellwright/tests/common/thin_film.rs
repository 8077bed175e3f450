//! The cell of tests of a whole life.

/// A thin-film cell of 1 cm² that is charged from empty; `ANODE` stands for its negative material.
pub const DESIGN: &str = r#"format       = 1
name         = "ANODE | LiPON | LiCoO2"
architecture = "laminated"
temperature  = "25 degC"

[footprint]
die    = ["11 mm", "11 mm"]
active = ["10 mm", "10 mm"]

[[film]]
name      = "cathode"
role      = "positive"
material  = "LiCoO2"
thickness = "300 nm"

[[film]]
name      = "electrolyte"
material  = "LiPON"
thickness = "1.2 um"

[[film]]
name      = "anode"
role      = "negative"
material  = "ANODE"
thickness = "25 nm"

[cell]
voltage         = ["3.0 V", "4.2 V"]
state_of_charge = "0 %"

[protocol]
steps = ["Charge at 1C until 4.2 V"]
"#;
