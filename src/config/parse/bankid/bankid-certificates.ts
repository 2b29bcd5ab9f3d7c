import { isJsonObject, type JsonObject } from '../../../kernel/json.ts';
import { ConfigError, type RpCertificate } from '../../config.ts';
import { DEFAULT_RP_CERTIFICATE, RP_CERTIFICATE_ID } from '../../rp-certificates.ts';
import { parseRpCertificate, type CertificateNames } from './bankid-client.ts';
import { fault, Faults } from '../faults.ts';
import { parseJsonFile } from '../key-rings.ts';
import type { Variables } from '../variables.ts';

const NAME = 'BANKID_CERTIFICATES_FILE';

const members = {
  certificate: 'certificateFile',
  key: 'keyFile',
  p12: 'p12File',
  passphrase: 'passphrase',
} as const satisfies CertificateNames;
type Member = (typeof members)[keyof typeof members];
const known: ReadonlySet<string> = new Set(['id', ...Object.values(members), `${members.passphrase}_FILE`]);

/**
 * `{"certificates":[{"id":"…","certificateFile":"…","keyFile":"…"},{"id":"…","p12File":"…","passphrase":"…"}]}`: RP certificates beside
 * the default one. Other processes of the machine must not read the file, which may hold passphrases.
 * @throws ConfigError with the faults of all entries
 */
export function parseFurtherCertificates(variables: Variables): ReadonlyMap<string, RpCertificate> {
  if (variables.find(NAME) === undefined) return new Map();
  const { certificates, ...others } = parseJsonFile(variables, NAME);
  if (Object.keys(others).length > 0) throw fault(`${NAME} has unknown members.`);
  if (!Array.isArray(certificates)) throw fault(`${NAME} has no array "certificates".`);
  const faults = new Faults();
  const parsed = (certificates as readonly unknown[]).map((entry, index) =>
    faults.collect(() => parseEntry(variables, entry, index)),
  );
  faults.throwIfAny();
  const ring = parsed.map((entry) => entry());
  if (new Map(ring).size < ring.length) throw fault(`${NAME} has the same id twice.`);
  return new Map(ring);
}

/** One certificate under two ids would let a client be registered with that of another. */
export function checkDistinctCertificates(own: RpCertificate, further: ReadonlyMap<string, RpCertificate>): void {
  const all = [own, ...further.values()].map(({ certificate }) => certificate.toString('base64'));
  if (new Set(all).size < all.length) throw fault(`${NAME} holds the same certificate twice, or the default one.`);
}

function parseEntry(variables: Variables, entry: unknown, index: number): readonly [string, RpCertificate] {
  const object = isJsonObject(entry) ? entry : {};
  const id = object['id'];
  if (typeof id !== 'string' || !RP_CERTIFICATE_ID.test(id) || id === DEFAULT_RP_CERTIFICATE)
    throw fault(`${NAME}: entry ${index} has no id of a-z, 0-9 and - that is not ${DEFAULT_RP_CERTIFICATE}.`);
  const unknown = Object.keys(object).filter((name) => !known.has(name));
  if (unknown.length > 0) throw fault(`${NAME}: ${id} has unknown members (${unknown.join(', ')}).`);
  try {
    return [id, parseRpCertificate(variables.of(textsOf(object)), members)];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.faults.map((text) => `${NAME}: ${id}: ${text}`));
  }
}

function textsOf({ id: _id, ...object }: JsonObject): Partial<Record<Member, string>> {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      if (typeof value !== 'string') throw fault(`${name} is not a string.`);
      return [name, value];
    }),
  );
}
