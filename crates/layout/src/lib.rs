//! Masks: polygons on numbered layers in a hierarchy of cells, read from and written to the files that a mask shop takes.
