//! Pictures and files for other programs, from plain polygons, meshes and distance functions.
//!
//! Nothing here knows how a device is represented. Sections and masks are rings in metres, shapes are closures that are negative
//! inside, meshes are lists of triangles; what comes out is text (SVG, HTML, G-code) or bytes (glTF, STL, VTU).
//!
//! | from | to | with |
//! |---|---|---|
//! | a closure in a plane | rings | [`contour::contour`] |
//! | a closure in space | triangles | [`isosurface::isosurface`] |
//! | rings of a section | drawing | [`section_svg::section_svg`], [`flow_strip::flow_strip`] |
//! | rings of masks | drawing | [`mask_svg::mask_svg`] |
//! | triangles, cells | files | [`gltf::write_glb`], [`stl::write_stl`], [`vtu::write_vtu`] |
//! | tool paths | program, drawing | [`gcode::program`], [`print_preview::print_preview`] |

pub mod colour;
pub mod contour;
pub mod error;
pub mod flow_strip;
pub mod gcode;
pub mod gcode_read;
pub mod gltf;
pub mod isosurface;
mod legend;
pub mod mask_svg;
pub mod mesh;
mod normals;
pub mod picture;
pub mod print_preview;
pub mod section_svg;
pub mod simplify;
pub mod stl;
mod svg;
mod text;
mod tone;
pub mod triangulate;
pub mod visible;
pub mod vtu;

pub use colour::Colour;
pub use error::ExportError;
pub use mesh::TriangleMesh;
pub use picture::{Mark, MaskPicture, MaskPlan, Paint, SectionPicture, palette};
