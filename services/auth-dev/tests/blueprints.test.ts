/**
 * Authentik's image can't be had by these tests, so what services/auth is told is held against Authentik's own API schema
 * and against what this server does with the same manifest. tests/commands/auth.rs keeps the sample what scalr writes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse, type ScalarTag, type CollectionTag, YAMLMap, YAMLSeq } from 'yaml';
import { describe, expect, it } from 'vitest';
import { toApp } from '../src/manifests.ts';
import { originsOf } from '../src/provider.ts';

const here = import.meta.dirname;
const PUBLISHED = join(here, '../../auth/blueprints');

interface Entry {
  model: string;
  id?: string;
  conditions?: unknown[];
  identifiers?: Record<string, unknown>;
  attrs?: Record<string, unknown>;
}
interface Blueprint {
  version: number;
  metadata: { name: string };
  entries: Entry[];
}
type Value = Record<string, unknown>;

const read = (path: string) => readFileSync(path, 'utf8');

/** The models that blueprints use, and the requests of the API that describe their fields. */
const REQUESTS: Record<string, string> = {
  'authentik_core.group': 'GroupRequest',
  'authentik_core.application': 'ApplicationRequest',
  'authentik_providers_oauth2.oauth2provider': 'OAuth2ProviderRequest',
  'authentik_policies.policybinding': 'PolicyBindingRequest',
};
/** Models whose keys are numbers; those of all others are UUIDs. */
const NUMBERED = new Set(['authentik_providers_oauth2.oauth2provider']);
/** What a fresh Authentik brings (its blueprints `default/` and `system/`, and its first certificate). */
const BUILT_IN: Record<string, string[]> = {
  'authentik_flows.flow.slug': [
    'default-provider-authorization-implicit-consent',
    'default-provider-invalidation-flow',
  ],
  'authentik_crypto.certificatekeypair.name': ['authentik Self-signed Certificate'],
  'authentik_providers_oauth2.scopemapping.managed': [
    'goauthentik.io/providers/oauth2/scope-openid',
    'goauthentik.io/providers/oauth2/scope-profile',
    'goauthentik.io/providers/oauth2/scope-email',
    'goauthentik.io/providers/oauth2/scope-offline_access',
  ],
  'authentik_providers_oauth2.scopemapping.scope_name': ['goauthentik.io/api'],
};
const UUID = '00000000-0000-4000-8000-000000000000';

/** Resolves the tags as authentik/blueprints/v1/common.py does. */
function load(text: string, env: Record<string, string>): Blueprint {
  const models = new Map<string, string>();
  const scalar = (tag: string, resolve: (text: string) => unknown): ScalarTag => ({
    tag,
    resolve: (value) => resolve(value),
  });
  const list = (tag: string, resolve: (items: unknown[]) => unknown): CollectionTag => ({
    tag,
    collection: 'seq',
    nodeClass: YAMLSeq,
    resolve: (value) => {
      if (value instanceof YAMLMap) throw new Error(`${tag} takes a list`);
      // What is inside is resolved already.
      return resolve(value.toJSON());
    },
  });
  const lookUp = (name: unknown, otherwise: unknown = null) => env[String(name)] || otherwise;
  const parsed = parse(text, {
    version: '1.1',
    merge: false,
    customTags: [
      scalar('!KeyOf', (id) => `key of ${id}`),
      scalar('!Env', (name) => lookUp(name)),
      list('!Env', ([name, otherwise]) => lookUp(name, otherwise)),
      list('!Format', (items) => {
        const [format = '', ...values] = items as string[];
        const parts = format.split('%s');
        expect(parts).toHaveLength(values.length + 1);
        return parts.map((part, at) => `${part}${values[at] ?? ''}`).join('');
      }),
      list('!If', ([condition, yes, no]) => (condition ? yes : no)),
      list('!Find', ([model, ...pairs]) => {
        expect(pairs).toHaveLength(1);
        const [field, value] = pairs[0] as [string, string];
        expect(BUILT_IN[`${String(model)}.${field}`], `${String(model)} by ${field}`).toContain(
          value,
        );
        return UUID;
      }),
    ],
  }) as Blueprint;
  for (const { id, model } of parsed.entries) if (id !== undefined) models.set(id, model);
  const known = new Set<string>();
  for (const entry of parsed.entries) {
    const resolve = (value: unknown): unknown => {
      if (typeof value !== 'string' || !value.startsWith('key of ')) return value;
      const id = value.slice('key of '.length);
      expect([...known], `${id} has to come before`).toContain(id);
      return NUMBERED.has(models.get(id) ?? '') ? 1 : UUID;
    };
    for (const values of [entry.identifiers ?? {}, entry.attrs ?? {}]) {
      for (const [key, value] of Object.entries(values)) values[key] = resolve(value);
    }
    if (entry.id !== undefined) known.add(entry.id);
  }
  return parsed;
}

const api = parse(
  read(
    join(createRequire(import.meta.url).resolve('@goauthentik/api/package.json'), '../schema.yml'),
  ),
) as { components: { schemas: Record<string, { properties: Value }> } };
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  formats: {
    uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    uri: (text: string) => URL.canParse(text),
  },
});
ajv.addSchema({ $id: 'authentik', components: api.components });

function expectToConform(blueprint: Blueprint) {
  expect(blueprint.version).toBe(1);
  for (const { model, identifiers, attrs } of blueprint.entries) {
    if (model === 'authentik_blueprints.metaapplyblueprint') {
      expect(Object.keys(attrs ?? {}).sort()).toEqual(['identifiers', 'required']);
      continue;
    }
    const name = REQUESTS[model];
    if (name === undefined) throw new Error(`${model} is not known to this test`);
    const body = { ...identifiers, ...attrs };
    expect(Object.keys(api.components.schemas[name]?.properties ?? {})).toEqual(
      expect.arrayContaining(Object.keys(body)),
    );
    const valid = ajv.validate({ $ref: `authentik#/components/schemas/${name}` }, body);
    expect(valid, `${model}: ${ajv.errorsText()}`).toBe(true);
  }
}

const find = (blueprint: Blueprint, model: string) =>
  blueprint.entries.filter((entry) => entry.model === model);

describe('a blueprint', () => {
  const text = read(join(here, 'blueprint/blueprint.yaml'));
  const manifest = parse(read(join(here, 'blueprint/manifest.yml'))) as Value;
  const app = toApp(manifest);
  if (app === undefined) throw new Error('the sample is no client');

  it.each([{}, { SCALR_PUBLIC_DOMAIN: 'example.org' }])(
    'is what Authentik takes, with %j',
    (env) => {
      expectToConform(load(text, env));
    },
  );

  it('would be refused with a mistake in it', () => {
    expect(() => {
      expectToConform(load(text.replace('grant_types: [auth', 'grant_types: [oauth'), {}));
    }).toThrow(/grant_types/);
    expect(() => {
      expectToConform(load(text.replace('client_type:', 'client_typo:'), {}));
    }).toThrow();
  });

  it('keeps name and description as they are', () => {
    const [application] = find(load(text, {}), 'authentik_core.application');
    expect(application?.attrs?.['name']).toBe(manifest['name']);
    expect(application?.attrs?.['meta_description']).toBe(manifest['description']);
  });

  it('describes the client that this server has for the manifest', () => {
    const [provider] = find(load(text, {}), 'authentik_providers_oauth2.oauth2provider');
    const uris = provider?.attrs?.['redirect_uris'] as {
      url: string;
      redirect_uri_type?: string;
    }[];
    const here = uris.filter(({ url }) => !url.includes('.invalid/'));
    const of = (type: string | undefined) =>
      here.filter((uri) => uri.redirect_uri_type === type).map(({ url }) => url);
    const origins = originsOf(app, 'http://auth.localhost');
    expect(of(undefined)).toEqual(
      origins.flatMap((at) => [`${at}/auth/callback`, `${at}/auth/silent`]),
    );
    expect(of('logout')).toEqual(origins.map((at) => `${at}/`));
    expect(provider?.attrs?.['client_id']).toBe(app.clientId);
    expect(provider?.attrs?.['grant_types']).toEqual(['authorization_code', 'refresh_token']);
    expect(provider?.attrs?.['client_type']).toBe('public');
  });

  it('allows the scopes that the manifest asks for, beside the usual ones', () => {
    const scopes = text.match(/\[scope_name, "(.*)"\]/g);
    expect(scopes).toEqual(['[scope_name, "goauthentik.io/api"]']);
    const [provider] = find(load(text, {}), 'authentik_providers_oauth2.oauth2provider');
    expect(provider?.attrs?.['property_mappings']).toHaveLength(5);
  });

  it('lets in only the groups', () => {
    const blueprint = load(text, {});
    const groups = find(blueprint, 'authentik_core.group');
    expect(groups.map(({ identifiers }) => identifiers?.['name'])).toEqual(app.groups);
    const raw = text.split('authentik_policies.policybinding').slice(1);
    expect(raw).toHaveLength(app.groups.length);
    raw.forEach((binding, at) => {
      expect(binding).toContain(`group: !KeyOf group-${String(at + 1)}\n`);
    });
  });

  it('leads to the public address where there is one', () => {
    const addresses = (env: Record<string, string>) => {
      const blueprint = load(text, env);
      const [provider] = find(blueprint, 'authentik_providers_oauth2.oauth2provider');
      const [application] = find(blueprint, 'authentik_core.application');
      const uris = provider?.attrs?.['redirect_uris'] as { url: string }[];
      return [uris.map(({ url }) => url), application?.attrs?.['meta_launch_url']];
    };
    const [uris, launch] = addresses({ SCALR_PUBLIC_DOMAIN: 'example.org' });
    expect(uris).toContain('https://order-desk.example.org/auth/callback');
    expect(launch).toBe('https://order-desk.example.org/');
    expect(addresses({ SCALR_PUBLIC_DOMAIN: '' })[1]).toBe('http://order-desk.localhost/');
  });
});

describe('the blueprints of this repository', () => {
  const files = readdirSync(PUBLISHED).filter((name) => name.endsWith('.yaml'));
  it.each(files.length > 0 ? files : ['none'])('%s is what Authentik takes', (name) => {
    if (name !== 'none') expectToConform(load(read(join(PUBLISHED, name)), {}));
  });
});
