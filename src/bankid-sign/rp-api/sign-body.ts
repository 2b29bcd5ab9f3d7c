import { isIP } from 'node:net';
import type { Environment } from '../../kernel/environment.ts';
import type { SignRequest, SignRequirement } from '../sign-order.ts';

const MAX_VISIBLE = 40_000;
const MAX_NON_VISIBLE = 200_000;
const MAX_RETURN_URL = 512;
const MAX_USER_AGENT = 256;
const MAX_DEVICE_IDENTIFIER = 64;
/** Certificate policies of BankID on card. */
const CARD = '1.2.752.78.1.2';
const TEST_CARD = '1.2.3.4.10';

/** What an order has of the service itself. */
interface Installation {
  /** The origin whose pages start the order. */
  readonly issuer: string;
  readonly environment: Environment;
}

/** The body of /sign under its wire names. */
export interface SignBody {
  readonly endUserIp: string;
  readonly userVisibleData: string;
  readonly userNonVisibleData: string;
  readonly returnRisk: true;
  readonly returnUrl?: string;
  readonly requirement?: {
    readonly personalNumber?: string;
    readonly pinCode?: true;
    readonly mrtd?: true;
    readonly cardReader?: 'class1' | 'class2';
    readonly certificatePolicies?: readonly string[];
  };
  readonly web: { readonly referringDomain: string; readonly userAgent: string; readonly deviceIdentifier: string };
}

/**
 * The body for a request, checked against BankID's limits (which hold after base64).
 * @throws RangeError if the request exceeds a limit, which is a bug of the caller
 * @see BankID, Relying Party API v6, `/sign`
 */
export function signBody(request: SignRequest, { issuer, environment }: Installation): SignBody {
  const { requirement } = request;
  return {
    endUserIp: plainAddress(request.endUserIp),
    userVisibleData: within('userVisibleData', base64(request.visibleData), MAX_VISIBLE),
    userNonVisibleData: within('userNonVisibleData', base64(request.nonVisibleData), MAX_NON_VISIBLE),
    returnRisk: true,
    // After a scanned QR code the phone would open our page in a browser that is not bound to the interaction.
    ...(request.device === 'this' ? { returnUrl: within('returnUrl', request.returnUrl, MAX_RETURN_URL) } : {}),
    ...(Object.keys(requirement).length > 0 ? { requirement: withPolicies(requirement, environment) } : {}),
    web: {
      referringDomain: referringDomain(issuer),
      userAgent: request.userAgent.slice(0, MAX_USER_AGENT) || 'unknown',
      deviceIdentifier: within('deviceIdentifier', request.deviceIdentifier, MAX_DEVICE_IDENTIFIER),
    },
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
function withPolicies(requirement: SignRequirement, environment: Environment): NonNullable<SignBody['requirement']> {
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
