//! `scalr new-app`
