mod criteria;
mod deadlined;
mod framed;
mod minato;
mod page;
mod random;
mod speed;
mod table;
