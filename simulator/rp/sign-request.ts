import { isIP } from 'node:net';
import { invalidParameters } from './rp-error.ts';

/** A checked `/sign` request. */
export interface SignRequest {
  readonly endUserIp: string;
  readonly visibleData: Buffer;
  readonly visibleDataFormat: 'plaintext' | 'simpleMarkdownV1';
  readonly nonVisibleData: Buffer | undefined;
  readonly returnUrl: string | undefined;
  readonly returnRisk: boolean;
  readonly personalNumber: string | undefined;
  readonly mrtd: boolean;
  readonly certificatePolicies: readonly string[] | undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;
type Member = (value: unknown, name: string) => void;

const MAX_VISIBLE = 40_000;
const MAX_NON_VISIBLE = 200_000;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const OID = /^[0-2](?:\.(?:0|[1-9]\d*))+$/;

const text =
  (min: number, max: number, pattern = /^[^]*$/): Member =>
  (value, name) => {
    if (typeof value !== 'string' || value.length < min || value.length > max || !pattern.test(value))
      throw wrong(name);
  };

const flag: Member = (value, name) => {
  if (typeof value !== 'boolean') throw wrong(name);
};

const list =
  (pattern: RegExp): Member =>
  (value, name) => {
    if (!Array.isArray(value) || value.length === 0) throw wrong(name);
    for (const item of value) text(1, 100, pattern)(item, name);
  };

const object =
  (members: Readonly<Record<string, Member>>): Member =>
  (value, name) => {
    checkMembers(asObject(value, name), members, name);
  };

const requirementMembers = {
  personalNumber: text(12, 12, /^\d{12}$/),
  pinCode: flag,
  mrtd: flag,
  cardReader: text(6, 6, /^class[12]$/),
  certificatePolicies: list(OID),
};

const members: Readonly<Record<string, Member>> = {
  endUserIp: checkAddress,
  userVisibleData: text(1, MAX_VISIBLE, BASE64),
  userNonVisibleData: text(1, MAX_NON_VISIBLE, BASE64),
  userVisibleDataFormat: text(1, 20, /^(?:plaintext|simpleMarkdownV1)$/),
  returnUrl: text(1, 512),
  returnRisk: flag,
  requirement: object(requirementMembers),
  web: object({
    referringDomain: text(1, 253, /^[0-9a-z.-]+$/),
    userAgent: text(1, 256),
    deviceIdentifier: text(1, 64),
  }),
  app: object({
    appIdentifier: text(1, 256),
    deviceOS: text(1, 64),
    deviceModelName: text(1, 64),
    deviceIdentifier: text(1, 64),
  }),
};

/**
 * Checks a `/sign` body as strictly as BankID: unknown members, lengths after base64, `::ffff:` addresses.
 * @throws RpError `invalidParameters`
 */
export function parseSignRequest(body: JsonObject): SignRequest {
  checkMembers(body, members, '');
  for (const name of ['endUserIp', 'userVisibleData']) if (body[name] === undefined) throw wrong(name);
  if (body['web'] !== undefined && body['app'] !== undefined) throw wrong('web and app');
  const requirement = asObject(body['requirement'] ?? {}, 'requirement');
  return {
    endUserIp: String(body['endUserIp']),
    visibleData: utf8Bytes(String(body['userVisibleData'])),
    visibleDataFormat: body['userVisibleDataFormat'] === 'simpleMarkdownV1' ? 'simpleMarkdownV1' : 'plaintext',
    nonVisibleData:
      typeof body['userNonVisibleData'] === 'string' ? Buffer.from(body['userNonVisibleData'], 'base64') : undefined,
    returnUrl: typeof body['returnUrl'] === 'string' ? body['returnUrl'] : undefined,
    returnRisk: body['returnRisk'] === true,
    personalNumber: requirement['personalNumber'] as string | undefined,
    mrtd: requirement['mrtd'] === true,
    certificatePolicies: requirement['certificatePolicies'] as readonly string[] | undefined,
  };
}

/** @throws RpError `invalidParameters` unless the body is `{orderRef}` and nothing else */
export function parseOrderRef(body: JsonObject): string {
  checkMembers(body, { orderRef: text(1, 100) }, '');
  if (typeof body['orderRef'] !== 'string') throw wrong('orderRef');
  return body['orderRef'];
}

/** @throws RpError `invalidParameters` */
export function asObject(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name);
  return value as JsonObject;
}

function checkMembers(value: JsonObject, known: Readonly<Record<string, Member>>, name: string): void {
  for (const [key, member] of Object.entries(value)) {
    const path = name === '' ? key : `${name}.${key}`;
    if (!Object.hasOwn(known, key)) throw invalidParameters(`Unknown parameter ${path}`);
    known[key]?.(member, path);
  }
}

function checkAddress(value: unknown, name: string): void {
  const address = typeof value === 'string' ? value : '';
  // An IPv4-mapped address is an artefact of the listener's socket, not the payer's address.
  if (isIP(address) === 0 || address.includes('%') || /^::ffff:/i.test(address)) throw wrong(name);
}

function utf8Bytes(encoded: string): Buffer {
  const bytes = Buffer.from(encoded, 'base64');
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw wrong('userVisibleData');
  }
  return bytes;
}

const wrong = (name: string): ReturnType<typeof invalidParameters> => invalidParameters(`Invalid parameter ${name}`);
