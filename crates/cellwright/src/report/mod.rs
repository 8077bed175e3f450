//! The report of a run: one self-contained HTML file, complete with scripts off.
//!
//! [`Report`](data::Report) is plain data; [`render`] turns it into a page. Plots are SVG written here ([`figure::Figure`] →
//! [`plot::Plot`]), the same thinned points go to the drawing, to the folded table under it and to the script. The script adds
//! reading, toggling and time; it never draws what is not already there. Nothing is fetched, and a `Content-Security-Policy` in the
//! page sees to it.
//!
//! - **Colour names the place, shade the mechanism** ([`colour::Colour`]); themes are CSS custom properties.
//! - **One time for the page**: frames ([`frames`]) move the mark in every plot over time, the profiles and the maps.
//! - **Text is data**: everything that comes from outside passes [`escape`].
//!
//! It does not compute physics, choose what is worth saying, or write files.
//!
//! ```
//! use cellwright::report::data::{KeyNumber, Report};
//! use cellwright::report::{kind::Kind, render};
//!
//! let report = Report {
//!     title: "Li | LiPON | LiCoO₂".into(),
//!     verdict: "Delivers **29.7 µAh at 1C**.".into(),
//!     key_numbers: vec![KeyNumber::new("Capacity, 1C", 29.7e-6 * 3600.0, Kind::Capacity, "119 µAh per cm² of die")],
//!     ..Report::default()
//! };
//! let html = render(&report);
//! assert!(html.contains("<b>29.7 µAh at 1C</b>"));
//! ```

pub mod colour;
pub mod data;
pub mod escape;
pub mod figure;
pub mod frames;
pub mod kind;
pub mod layout;
pub mod number;
pub mod plot;
pub mod thin;
pub mod ticks;
pub mod typeset;
pub mod verdict;

mod chapter_conductivity;
mod chapter_cycle;
mod chapter_device;
mod chapter_electrical;
mod chapter_evidence;
mod chapter_impedance;
mod chapter_life;
mod chapter_limits;
mod chapter_maps;
mod chapter_pulses;
mod chapter_rate;
mod chapter_section_stress;
mod chapter_shelf;
mod chapter_stress;
mod chapter_transference;
mod depth_map;
mod fabricated;
pub(crate) mod figure_html;
mod first_screen;
pub(crate) mod page;
pub(crate) mod picture;
mod plot_data;
mod plot_frame;
mod png;
mod profiles;
mod section;
pub(crate) mod section_map;
mod stack;
mod svg_plot;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod sample_impedance;
#[cfg(test)]
mod sample_maps;
#[cfg(test)]
mod tests;

pub use data::Report;
pub use svg_plot::svg_plot;

/// The report as one HTML file.
pub fn render(report: &Report) -> String {
    page::page(report)
}

/// All plots of a report with their names, for single SVG files ([`svg_plot`]).
pub fn figures(report: &Report) -> Vec<figure::Figure> {
    let [left, right] = chapter_cycle::figures(report);
    let fields = (0..report.profiles.len()).filter_map(|i| profiles::Field::new(report, i));
    let profiles: Vec<figure::Figure> = fields.flat_map(|f| [f.figure(), f.map()]).collect();
    left.into_iter()
        .chain(right)
        .chain(chapter_limits::figures(report))
        .chain(profiles)
        .chain(chapter_rate::figures(report))
        .collect()
}
