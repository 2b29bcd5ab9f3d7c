import { isJsonObject } from '../../../kernel/json.ts';
import type { TimestampAuthorityConfig } from '../../config.ts';
import { fault, Faults } from '../faults.ts';
import { parseJsonFile } from '../key-rings.ts';
import { parseCertificates } from '../tls.ts';
import type { Variables } from '../variables.ts';

const NAME = 'TIMESTAMP_AUTHORITIES_FILE';
const known: ReadonlySet<string> = new Set(['url', 'trustFile', 'policies']);
const OID = /^[0-2](?:\.(?:0|[1-9]\d{0,15})){1,20}$/;

/**
 * `{"authorities":[{"url":"https://…","trustFile":"….pem","policies":["1.2.3"]}]}`: whom the service asks for timestamps, first to last.
 * http is allowed: a token is signed.
 * @throws ConfigError with the faults of all entries
 */
export function parseTimestampAuthorities(variables: Variables): readonly TimestampAuthorityConfig[] {
  if (variables.find(NAME) === undefined) {
    // A day without a timestamp cannot be made up for: a later one proves only the later day.
    if (variables.environment === 'production') throw fault(`${NAME} is not set.`);
    return [];
  }
  const { authorities, ...others } = parseJsonFile(variables, NAME);
  if (Object.keys(others).length > 0) throw fault(`${NAME} has unknown members.`);
  if (!Array.isArray(authorities) || authorities.length === 0) throw fault(`${NAME} names no authorities.`);
  const faults = new Faults();
  const parsed = (authorities as readonly unknown[]).map((entry, index) =>
    faults.collect(() => parseEntry(variables, entry, `${NAME}: entry ${index}`)),
  );
  faults.throwIfAny();
  const list = parsed.map((entry) => entry());
  if (new Set(list.map(({ url }) => url)).size < list.length) throw fault(`${NAME} has the same URL twice.`);
  return list;
}

function parseEntry(variables: Variables, entry: unknown, name: string): TimestampAuthorityConfig {
  const object = isJsonObject(entry) ? entry : {};
  const unknown = Object.keys(object).filter((member) => !known.has(member));
  if (unknown.length > 0) throw fault(`${name} has unknown members (${unknown.join(', ')}).`);
  const { trustFile } = object;
  if (typeof trustFile !== 'string') throw fault(`${name} has no trustFile.`);
  const trust = parseCertificates(name, variables.readFileAt(name, trustFile).toString('utf8')).map(({ raw }) => raw);
  return { url: parseUrl(object['url'], name), trust, policies: parsePolicies(object['policies'], name) };
}

function parseUrl(text: unknown, name: string): string {
  const url = typeof text === 'string' ? URL.parse(text) : null;
  if (!url || !['https:', 'http:'].includes(url.protocol)) throw fault(`${name} has no url of http or https.`);
  // It stands in logs and metrics.
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw fault(`${name}: its url has more than a host and a path.`);
  return url.href;
}

function parsePolicies(list: unknown, name: string): readonly string[] | undefined {
  if (list === undefined) return undefined;
  const isList =
    Array.isArray(list) && list.length > 0 && list.every((oid) => typeof oid === 'string' && OID.test(oid));
  if (!isList) throw fault(`${name}: policies are not object identifiers.`);
  return list as readonly string[];
}
