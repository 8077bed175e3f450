//! One file per command: each reads its input, calls the library and prints.

pub mod build;
pub mod check;
pub mod compare;
pub mod explain;
pub mod materials;
pub mod new;
pub mod run;
pub mod validate;
