//! Any bytes as app.manifest.yml: by itself, and beside an app that uses the same values.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use scalr_fuzz::{hold, path};
use scalr_model::document::DocumentKind;
use scalr_model::manifest;
use scalr_model::schema::{MANIFEST, Schema};
use scalr_model::validate::{self, Scope};
use scalr_model::workspace::{App, EnvFile, Workspace};

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::compile(DocumentKind::Manifest, MANIFEST).expect("the built-in schema"));

const OTHER: &[u8] = b"schema_version: 1\nid: 7f2f4a0e-6c0b-4d7e-9a44-0d5f4b8f6a11\nslug: shop\nname: Shop\n\
    description: x\nkind: product\ncreated: 2026-11-22\nports: {frontend: 20010, backend: 30010, db: 40001}\n\
    depends_on: [shop]\nevents_subscribe: [a.b]\n";

fuzz_target!(|bytes: &[u8]| {
    let file = path("apps/x/app.manifest.yml");
    let (mut findings, manifest) = manifest::check(&file, bytes, &SCHEMA);
    assert!(manifest.is_some() || manifest::has_errors(&findings));
    if let Some(manifest) = manifest {
        let other = manifest::check(&path("apps/products/shop/app.manifest.yml"), OTHER, &SCHEMA).1;
        let apps = [Some(manifest), other].into_iter().flatten();
        let app = |manifest| {
            App { manifest: Box::new(manifest), compose: false }
        };
        let mut workspace = Workspace { apps: apps.map(app).collect(), ..Workspace::default() };
        for app in &workspace.apps {
            workspace.findings.extend(validate::within(app, &EnvFile::Missing));
        }
        findings.extend(validate::all(&workspace, &Scope::everything()));
    }
    hold(&findings, &file, bytes);
});
