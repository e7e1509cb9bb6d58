//! Starting and stopping subprojects, as far as it can be seen without an engine: a fake Compose and a fake
//! engine show how scalr calls them and what it makes of their answers. tests/engine has the real ones.

mod calls;
mod doctor;
mod documents;
mod exec;
mod fake;
mod images;
mod logs;
mod missing;
mod smoke;
mod terminal;
