mod criteria;
mod minato;
mod page;
mod random;
mod speed;
mod table;
