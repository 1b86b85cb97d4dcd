mod minato;
mod random;
mod table;
