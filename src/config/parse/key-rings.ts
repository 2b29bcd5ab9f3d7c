import { hasMemberTwice, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts';
import type { KeyRing } from '../key-ring.ts';
import { Secret } from '../../kernel/secret.ts';
import { fault, type Faults } from './faults.ts';
import type { VariableName } from '../settings.ts';
import type { Variables } from './variables.ts';

const KEY_ID = /^[a-z0-9][a-z0-9-]{0,31}$/;
const KEY_TEXT = /^[A-Za-z0-9+/]{43}=$/;

const KEY_FILES = {
  evidenceKeys: 'EVIDENCE_KEY_FILE',
  lookupKeys: 'LOOKUP_KEY_FILE',
  subjectKeys: 'SUBJECT_KEY_FILE',
} as const;

type KeyFile = (typeof KEY_FILES)[keyof KeyRings];

interface KeyRings {
  readonly evidenceKeys: KeyRing;
  readonly lookupKeys: KeyRing;
  readonly subjectKeys: KeyRing;
}

/** Evidence, look-up and subject keys. The rings must have no key in common: a key for finding a person must not decrypt evidence. */
export function collectKeyRings(variables: Variables, faults: Faults): () => KeyRings {
  const evidence = faults.collect(() => parseKeyRing(variables, 'EVIDENCE_KEY_FILE'));
  const lookup = faults.collect(() => parseKeyRing(variables, 'LOOKUP_KEY_FILE'));
  const subjects = faults.collect(() => parseSubjectKey(variables));
  const rings = (): KeyRings => ({ evidenceKeys: evidence(), lookupKeys: lookup(), subjectKeys: subjects() });
  faults.collect(() => checkDistinct(rings()));
  return rings;
}

/** `{"current":"k2","keys":{"k2":"<32 bytes in base64>"},"lost":["k1"]}`, `lost` where there is such a key, and nothing else. */
function parseKeyRing(variables: Variables, name: KeyFile): KeyRing {
  const { current, keys, lost, generatedFor, ...others } = parseJsonFile(variables, name);
  if (Object.keys(others).length > 0) throw fault(`${name} has unknown members.`);
  refuseGenerated(variables, name, generatedFor);
  if (!isJsonObject(keys) || Object.keys(keys).length === 0) throw fault(`${name} has no keys.`);
  const ring = new Map(Object.entries(keys).map(([id, text]) => [id, parseKey(name, id, text)]));
  if (typeof current !== 'string' || !ring.has(current)) throw fault(`${name}: "current" names none of its keys.`);
  return { current, keys: ring, ...parseLost(name, lost, ring) };
}

function parseLost(name: KeyFile, lost: unknown, ring: KeyRing['keys']): Pick<KeyRing, 'lost'> {
  if (lost === undefined) return {};
  const isId = (id: unknown): id is string => typeof id === 'string' && KEY_ID.test(id) && !ring.has(id);
  if (!Array.isArray(lost) || !lost.every(isId))
    throw fault(`${name}: "lost" lists ids of keys that it does not hold.`);
  return { lost: new Set(lost) };
}

/** The pairwise `sub` of every person at every client depends on this key: a second key would give each a second `sub`. */
function parseSubjectKey(variables: Variables): KeyRing {
  const ring = parseKeyRing(variables, KEY_FILES.subjectKeys);
  if (ring.keys.size > 1) throw fault('SUBJECT_KEY_FILE holds more than one key; the subject key is never rotated.');
  return ring;
}

/** The JSON object in a key file. The parser's message is never passed on: it quotes the file. */
export function parseJsonFile(variables: Variables, name: VariableName): JsonObject {
  const text = variables.readSecretFile(name).toString('utf8');
  const value = parseJson(name, text);
  if (!isJsonObject(value)) throw fault(`${name} is not a JSON object.`);
  return value;
}

/** Keys that the sandbox made say so, and are refused elsewhere. */
export function refuseGenerated(variables: Variables, name: string, generatedFor: unknown): void {
  if (generatedFor === undefined) return;
  if (generatedFor !== 'sandbox') throw fault(`${name}: "generatedFor" can only be "sandbox".`);
  const { environment } = variables;
  if (environment !== undefined && environment !== 'sandbox') {
    throw fault(`${name} holds keys generated for the sandbox; ${environment} needs its own.`);
  }
}

/** Undefined if the file is not JSON. @throws ConfigError for a duplicate member: either could be meant */
export function parseJson(name: string, text: string): unknown {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  if (hasMemberTwice(text, value)) throw fault(`${name} has a duplicate member.`);
  return value;
}

function parseKey(name: string, id: string, text: unknown): Secret<Uint8Array> {
  if (!KEY_ID.test(id)) throw fault(`${name}: a key id is 1 to 32 lower-case letters, digits and hyphens.`);
  if (typeof text !== 'string' || !KEY_TEXT.test(text)) throw fault(`${name}: key ${id} is not 32 bytes in base64.`);
  return new Secret<Uint8Array>(Buffer.from(text, 'base64'));
}

function checkDistinct(rings: KeyRings): void {
  const names = Object.keys(KEY_FILES) as (keyof KeyRings)[];
  for (const [at, name] of names.entries()) {
    const other = names.slice(at + 1).find((later) => haveKeyInCommon(rings[name], rings[later]));
    if (other) throw fault(`${KEY_FILES[name]} and ${KEY_FILES[other]} hold the same key; each needs its own.`);
  }
}

function haveKeyInCommon(ring: KeyRing, other: KeyRing): boolean {
  return [...ring.keys.values()].some((key) => hasKey(other, key));
}

function hasKey(ring: KeyRing, key: Secret<Uint8Array>): boolean {
  return [...ring.keys.values()].some((other) => Buffer.from(key.reveal()).equals(other.reveal()));
}
