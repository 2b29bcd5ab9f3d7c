import { isIP } from 'node:net';
import type { Environment } from '../../kernel/environment.ts';
import {
  orderLimits,
  type AppObject,
  type AppStart,
  type BrowserStart,
  type OrderKind,
  type OrderRequest,
  type OrderStart,
  type PhoneStart,
  type QrStart,
  type SignRequirement,
  type WebObject,
} from '../sign-order.ts';

/** Certificate policies of BankID on card. */
const CARD = '1.2.752.78.1.2';
const TEST_CARD = '1.2.3.4.10';

const REFERRING_DOMAIN = /^[0-9a-z.-]+$/;
const PERSONAL_NUMBER = /^\d{12}$/;

/** After base64. */
const textLimits: Readonly<Record<OrderKind, { readonly visible: number; readonly nonVisible: number }>> = {
  sign: { visible: 40_000, nonVisible: 200_000 },
  auth: { visible: 1500, nonVisible: 1500 },
};

/** What an order has of the service itself. */
interface Installation {
  /** The origin whose pages start the order. */
  readonly issuer: string;
  readonly environment: Environment;
}

export type OrderEndpoint = 'sign' | 'auth' | 'phone/sign' | 'phone/auth';

interface Texts {
  readonly userVisibleData: string;
  readonly userNonVisibleData: string;
}

interface Conditions {
  readonly pinCode?: true;
  readonly cardReader?: 'class1' | 'class2';
  readonly certificatePolicies?: readonly string[];
}

/** The body of /sign and /auth under its wire names. */
export interface DeviceBody extends Texts {
  readonly endUserIp: string;
  readonly returnRisk: true;
  readonly returnUrl?: string;
  readonly requirement?: Conditions & { readonly personalNumber?: string; readonly mrtd?: true };
  readonly web?: WebObject;
  readonly app?: AppObject;
}

/** The body of /phone/sign and /phone/auth. BankID knows neither the caller's device nor a risk. */
export interface PhoneBody extends Texts {
  readonly personalNumber: string;
  readonly callInitiator: 'user' | 'RP';
  readonly requirement?: Conditions;
}

export type OrderBody = DeviceBody | PhoneBody;

export function endpointOf(kind: OrderKind, way: OrderStart['way']): OrderEndpoint {
  return way === 'phone' ? `phone/${kind}` : kind;
}

/**
 * The body for a request, checked against BankID's limits.
 * @throws RangeError if the request exceeds a limit, which is a bug of the caller
 * @see BankID, Relying Party API v6, `/sign`, `/auth`, `/phone/sign`, `/phone/auth`
 */
export function orderBody(request: OrderRequest, installation: Installation): OrderBody {
  const { start } = request;
  return start.way === 'phone'
    ? phoneBody(request, start, installation)
    : { ...deviceBody(request, start, installation), ...pageOf(start, installation) };
}

function deviceBody(
  { kind, requirement, ...request }: OrderRequest,
  start: Exclude<OrderStart, PhoneStart>,
  { environment }: Installation,
): Omit<DeviceBody, 'web' | 'app'> {
  return {
    endUserIp: plainAddress(start.endUserIp),
    ...textsOf(kind, request),
    returnRisk: true,
    ...returnUrlOf(start),
    ...(Object.keys(requirement).length > 0 ? { requirement: withPolicies(requirement, environment) } : {}),
  };
}

function phoneBody({ kind, requirement, ...request }: OrderRequest, start: PhoneStart, own: Installation): PhoneBody {
  const { personalNumber, mrtd, ...conditions } = requirement;
  if (personalNumber === undefined || !PERSONAL_NUMBER.test(personalNumber))
    throw new RangeError('a phone order names its person');
  if (mrtd) throw new RangeError('BankID reads no documents in a phone call');
  return {
    personalNumber,
    callInitiator: start.callInitiator,
    ...textsOf(kind, request),
    ...(Object.keys(conditions).length > 0 ? { requirement: withPolicies(conditions, own.environment) } : {}),
  };
}

function textsOf(kind: OrderKind, request: Pick<OrderRequest, 'visibleData' | 'nonVisibleData'>): Texts {
  const { visible, nonVisible } = textLimits[kind];
  return {
    userVisibleData: within('userVisibleData', base64(request.visibleData), visible),
    userNonVisibleData: within('userNonVisibleData', base64(request.nonVisibleData), nonVisible),
  };
}

/** After a scanned QR code the phone would open the address in a browser that is not bound to the request. */
function returnUrlOf(start: BrowserStart | AppStart | QrStart): { readonly returnUrl?: string } {
  if (start.way === 'qr' || (start.way === 'browser' && start.device === 'other')) return {};
  return { returnUrl: within('returnUrl', start.returnUrl, orderLimits.returnUrl) };
}

/** Which page or app started the order: ours, or what the TPP says of its own. */
function pageOf(
  start: BrowserStart | AppStart | QrStart,
  { issuer }: Installation,
): { readonly web?: WebObject; readonly app?: AppObject } {
  if (start.way === 'browser') return { web: ourPage(start, issuer) };
  const { app, web } = start;
  if (app && web) throw new RangeError('BankID accepts app or web, not both');
  if (app) return { app: checkApp(app) };
  return web ? { web: checkWeb(web) } : {};
}

function ourPage({ userAgent, deviceIdentifier }: BrowserStart, issuer: string): WebObject {
  return checkWeb({
    referringDomain: referringDomain(issuer),
    userAgent: userAgent.slice(0, orderLimits.userAgent) || 'unknown',
    deviceIdentifier,
  });
}

function checkApp({ appIdentifier, deviceOS, deviceModelName, deviceIdentifier }: AppObject): AppObject {
  return {
    appIdentifier: within('appIdentifier', appIdentifier, orderLimits.appIdentifier),
    deviceOS: within('deviceOS', deviceOS, orderLimits.deviceOS),
    deviceModelName: within('deviceModelName', deviceModelName, orderLimits.deviceModelName),
    deviceIdentifier: within('deviceIdentifier', deviceIdentifier, orderLimits.deviceIdentifier),
  };
}

function checkWeb({ referringDomain: domain, userAgent, deviceIdentifier }: WebObject): WebObject {
  if (!REFERRING_DOMAIN.test(domain)) throw new RangeError('referringDomain is not a domain in Punycode');
  return {
    referringDomain: within('referringDomain', domain, orderLimits.referringDomain),
    userAgent: within('userAgent', userAgent, orderLimits.userAgent),
    deviceIdentifier: within('deviceIdentifier', deviceIdentifier, orderLimits.deviceIdentifier),
  };
}

/**
 * An address as BankID accepts it: `::ffff:192.0.2.1`, which a dual-stack socket reports, becomes `192.0.2.1`.
 * @throws RangeError if it is not an address
 */
export function plainAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  if (isIP(plain) === 0 || plain.includes('%')) throw new RangeError('endUserIp is not an IP address');
  return plain;
}

/** A card reader is required together with the policy of BankID on card: without it, BankID's answer is undefined. */
function withPolicies<T extends SignRequirement>(requirement: T, environment: Environment): T & Conditions {
  if (requirement.cardReader === undefined) return requirement;
  return { ...requirement, certificatePolicies: [environment === 'production' ? CARD : TEST_CARD] };
}

/** In Punycode, because the URL parser converts names to ASCII; without the port. */
function referringDomain(issuer: string): string {
  return new URL(issuer).hostname.replaceAll(/[^0-9a-z.-]/g, '');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function within(name: string, value: string, max: number): string {
  if (value.length < 1 || value.length > max) throw new RangeError(`${name} must be 1 to ${max} characters`);
  return value;
}
