import type { SignatureFunction } from '../pki/payer-certificates.ts';
import {
  address,
  asObject,
  base64,
  base64Text,
  checkMembers,
  checkPresent,
  flag,
  list,
  object,
  personalNumber,
  text,
  wrong,
  type JsonObject,
  type Member,
} from './members.ts';

export const orderEndpoints = ['sign', 'auth', 'phone/sign', 'phone/auth'] as const;

export type OrderEndpoint = (typeof orderEndpoints)[number];

export type CallInitiator = 'user' | 'RP';

/** A checked body of an endpoint that places an order. */
export interface OrderRequest {
  readonly function: SignatureFunction;
  /** Who called whom; undefined for an order that does not belong to a phone call. */
  readonly callInitiator: CallInitiator | undefined;
  /** Undefined for a phone order. */
  readonly endUserIp: string | undefined;
  /** Only an identification may be without. */
  readonly visibleData: Buffer | undefined;
  readonly visibleDataFormat: 'plaintext' | 'simpleMarkdownV1';
  readonly nonVisibleData: Buffer | undefined;
  readonly returnUrl: string | undefined;
  readonly returnRisk: boolean;
  readonly personalNumber: string | undefined;
  /** The payer must enter the security code, whatever else the app would have accepted. */
  readonly pinCode: boolean;
  /** The payer must have the app read an identity document. */
  readonly mrtd: boolean;
  readonly certificatePolicies: readonly string[] | undefined;
}

interface Rule {
  readonly function: SignatureFunction;
  readonly members: Readonly<Record<string, Member>>;
  readonly required: readonly string[];
}

const OID = /^[0-2](?:\.(?:0|[1-9]\d*))+$/;

/** Lengths are counted in characters of base64. */
const signedData: Readonly<Record<SignatureFunction, Readonly<Record<string, Member>>>> = {
  Signing: { userVisibleData: base64Text(40_000), userNonVisibleData: base64(200_000) },
  Identification: { userVisibleData: base64Text(1500), userNonVisibleData: base64(1500) },
};

const format = { userVisibleDataFormat: text(1, 20, /^(?:plaintext|simpleMarkdownV1)$/) };

const conditions = {
  pinCode: flag,
  cardReader: text(6, 6, /^class[12]$/),
  certificatePolicies: list(OID),
};

/** What /sign and /auth have in common. */
const onOwnDevice: Readonly<Record<string, Member>> = {
  endUserIp: address,
  returnUrl: text(1, 512),
  returnRisk: flag,
  requirement: object({ ...conditions, personalNumber, mrtd: flag }),
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

/** What /phone/sign and /phone/auth have in common. */
const onThePhone: Readonly<Record<string, Member>> = {
  personalNumber,
  callInitiator: text(2, 4, /^(?:user|RP)$/),
  requirement: object(conditions),
};

const rules: Readonly<Record<OrderEndpoint, Rule>> = {
  sign: {
    function: 'Signing',
    members: { ...signedData.Signing, ...format, ...onOwnDevice },
    required: ['endUserIp', 'userVisibleData'],
  },
  auth: {
    function: 'Identification',
    members: { ...signedData.Identification, ...format, ...onOwnDevice },
    required: ['endUserIp'],
  },
  'phone/sign': {
    function: 'Signing',
    members: { ...signedData.Signing, ...format, ...onThePhone },
    required: ['personalNumber', 'callInitiator', 'userVisibleData'],
  },
  'phone/auth': {
    function: 'Identification',
    members: { ...signedData.Identification, ...format, ...onThePhone },
    required: ['personalNumber', 'callInitiator'],
  },
};

/**
 * Checks a body as strictly as BankID: unknown members, lengths after base64, `::ffff:` addresses.
 * @throws RpError `invalidParameters`
 */
export function parseOrderRequest(endpoint: OrderEndpoint, body: JsonObject): OrderRequest {
  const rule = rules[endpoint];
  checkMembers(body, rule.members, '');
  checkPresent(body, rule.required);
  if (body['web'] !== undefined && body['app'] !== undefined) throw wrong('web and app');
  const requirement = asObject(body['requirement'] ?? {}, 'requirement');
  return {
    function: rule.function,
    callInitiator: body['callInitiator'] as CallInitiator | undefined,
    endUserIp: findText(body['endUserIp']),
    visibleData: findBytes(body['userVisibleData']),
    visibleDataFormat: body['userVisibleDataFormat'] === 'simpleMarkdownV1' ? 'simpleMarkdownV1' : 'plaintext',
    nonVisibleData: findBytes(body['userNonVisibleData']),
    returnUrl: findText(body['returnUrl']),
    returnRisk: body['returnRisk'] === true,
    personalNumber: findText(body['personalNumber'] ?? requirement['personalNumber']),
    pinCode: requirement['pinCode'] === true,
    mrtd: requirement['mrtd'] === true,
    certificatePolicies: requirement['certificatePolicies'] as readonly string[] | undefined,
  };
}

/** @throws RpError `invalidParameters` unless the body is `{orderRef}` and nothing else */
export function parseOrderRef(body: JsonObject): string {
  checkMembers(body, { orderRef: text(1, 100) }, '');
  checkPresent(body, ['orderRef']);
  return String(body['orderRef']);
}

const findText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const findBytes = (value: unknown): Buffer | undefined =>
  typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
