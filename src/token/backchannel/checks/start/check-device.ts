import { orderLimits, type AppObject, type WebObject } from '../../../../bankid-sign/sign-order.ts';
import { isJsonObject, type JsonObject } from '../../../../kernel/json.ts';
import { invalid } from '../../../form/form.ts';

/** BankID's two objects: the members of each, and how long each may be. */
const APP: Readonly<Record<keyof AppObject, number>> = {
  appIdentifier: orderLimits.appIdentifier,
  deviceOS: orderLimits.deviceOS,
  deviceModelName: orderLimits.deviceModelName,
  deviceIdentifier: orderLimits.deviceIdentifier,
};
const WEB: Readonly<Record<keyof WebObject, number>> = {
  referringDomain: orderLimits.referringDomain,
  userAgent: orderLimits.userAgent,
  deviceIdentifier: orderLimits.deviceIdentifier,
};

/** In Punycode. */
const DOMAIN = /^[0-9a-z.-]+$/;
const PRINTABLE = /^[^\p{C}]+$/u;

/** What the client says of the app or the browser in which the person is, for BankID's assessment of the risk. */
export type StatedDevice = { readonly app?: AppObject } | { readonly web?: WebObject };

/**
 * `app` or `web`, or neither. The members are BankID's.
 * @throws DomainError `oauth.invalid-request`
 */
export function checkDevice({ app, web }: JsonObject): StatedDevice {
  if (app !== undefined && web !== undefined)
    throw invalid('web', 'The person is in an app or in a browser, not in both.');
  if (app !== undefined) return { app: readObject('app', app, APP) };
  if (web === undefined) return {};
  const page = readObject('web', web, WEB);
  if (!DOMAIN.test(page.referringDomain)) throw invalid('web', 'referringDomain is a domain in Punycode.');
  return { web: page };
}

function readObject<Name extends string>(
  parameter: string,
  value: unknown,
  limits: Readonly<Record<Name, number>>,
): Readonly<Record<Name, string>> {
  const names = Object.keys(limits) as Name[];
  const object = isJsonObject(value) ? value : {};
  const isWhole =
    Object.keys(object).length === names.length && names.every((name) => isShort(object[name], limits[name]));
  if (!isWhole)
    throw invalid(parameter, `Its members are ${names.map((name) => `${name} (1 to ${limits[name]})`).join(', ')}.`);
  return object as Readonly<Record<Name, string>>;
}

function isShort(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length <= max && PRINTABLE.test(value);
}
