//! How films are made: what each technique can do and the thickness it leaves on a surface.
