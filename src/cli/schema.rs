//! `scalr schema`

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::{Context, Outcome, Status};
use scalr_model::schema::{self, BuiltInSchema};

/// Print a JSON schema (draft 2020-12): of the files that scalr reads and of what it prints
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  scalr schema manifest > schemas/app-manifest.schema.json\n  scalr schema answers"
)]
pub(crate) struct SchemaArgs {
    /// Which schema
    #[arg(value_name = "NAME", default_value = "manifest", value_parser = parser())]
    name: &'static BuiltInSchema,
}

fn parser() -> impl TypedValueParser<Value = &'static BuiltInSchema> {
    let values =
        schema::ALL.iter().map(|schema| PossibleValue::new(schema.name).help(schema.describes.to_string()));
    PossibleValuesParser::new(values).try_map(|name| schema::built_in(&name).ok_or("no schema has this name"))
}

pub(super) fn run(context: &Context, args: &SchemaArgs) -> Outcome {
    context.printer.answer(args.name.text)?;
    Ok(Status::Done)
}
