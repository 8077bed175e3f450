//! The tests of fabrication through its public face, in one program: it is linked once, and slow ones run beside each other.

mod emulate;
mod export_files;
mod export_gcode;
mod fabricate_random;
mod pictures;
mod random;
mod rules_emulated;
mod rules_speed;
mod technique_ald;
mod technique_growth;
mod technique_library;
mod technique_sky;
mod template_expand;
mod template_rules;
