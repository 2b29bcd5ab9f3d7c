import { DEFAULT_RP_CERTIFICATE, RP_CERTIFICATE_ID } from '../../config/rp-certificates.ts';
import type { Environment } from '../../kernel/environment.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { Client, Role } from '../clients.ts';
import type { ByPhone, CallInitiator } from '../payer-ways.ts';
import type { Faults } from './faults.ts';
import { parseBackchannel } from './parse-backchannel.ts';
import { parseLogin } from './parse-login.ts';
import { parseWords } from './parse-words.ts';

type Ways = Pick<
  Client,
  | 'backchannel'
  | 'phonePayment'
  | 'phoneLogin'
  | 'bindingMessageOptional'
  | 'login'
  | 'bankidCertificate'
  | 'phoneLimits'
>;

const initiators: readonly CallInitiator[] = ['user', 'RP'];

const roleOf = {
  backchannel: ['tpp', 'rp'],
  phonePayment: ['tpp'],
  phoneLogin: ['tpp', 'rp'],
  bindingMessageOptional: ['tpp', 'rp'],
  login: ['tpp', 'rp'],
  bankidCertificate: ['tpp', 'rp'],
  phoneLimits: ['tpp', 'rp'],
} as const satisfies Readonly<Record<keyof Ways, readonly Role[]>>;

export const payerWayMembers = Object.keys(roleOf);

/** How a client may reach persons other than by payments in a browser. What is not registered is refused to it. */
export function parsePayerWays(object: JsonObject, role: Role, environment: Environment, faults: Faults): Ways {
  for (const [member, allowed] of Object.entries<readonly Role[]>(roleOf)) {
    if (object[member] !== undefined && !allowed.includes(role))
      faults.add(`/${member}`, 'does not belong to this role');
  }
  const has = (member: keyof Ways): boolean => object[member] !== undefined && new Set<Role>(roleOf[member]).has(role);
  const { backchannel, login } = object;
  const ways: Ways = {
    ...(has('backchannel') && { backchannel: parseBackchannel(backchannel, environment, faults.at('/backchannel')) }),
    ...(has('phonePayment') && { phonePayment: parsePhone(object['phonePayment'], faults.at('/phonePayment')) }),
    ...(has('phoneLogin') && { phoneLogin: parsePhone(object['phoneLogin'], faults.at('/phoneLogin')) }),
    ...(has('login') && { login: parseLogin(login, role === 'tpp', faults.at('/login')) }),
    bindingMessageOptional: parseOptional(object['bindingMessageOptional'], faults),
    ...(has('bankidCertificate') && { bankidCertificate: parseCertificate(object['bankidCertificate'], faults) }),
    ...(has('phoneLimits') && { phoneLimits: parseLimits(object['phoneLimits'], environment, faults) }),
  };
  checkTogether(ways, role, faults);
  return ways;
}

/** `phonePayment`, `phoneLogin`: who may have begun the call; the payer alone, unless it says otherwise. */
function parsePhone(value: unknown, faults: Faults): ByPhone {
  const object = isJsonObject(value) ? value : {};
  if (!isJsonObject(value)) faults.add('', 'is not an object');
  faults.addUnknown(object, new Set(['initiators']));
  if (object['initiators'] === undefined) return { initiators: ['user'] };
  return { initiators: parseWords(object['initiators'], initiators, faults.at('/initiators')) };
}

function parseOptional(value: unknown, faults: Faults): boolean {
  if (value !== undefined && typeof value !== 'boolean') faults.add('/bindingMessageOptional', 'is not true or false');
  return value === true;
}

function parseCertificate(value: unknown, faults: Faults): string {
  if (value === DEFAULT_RP_CERTIFICATE)
    return faults.add('/bankidCertificate', `is ${DEFAULT_RP_CERTIFICATE}, whose holder is no client`);
  if (typeof value === 'string' && RP_CERTIFICATE_ID.test(value)) return value;
  return faults.add('/bankidCertificate', 'is not a word of a-z, 0-9 and -');
}

function parseLimits(value: unknown, environment: Environment, faults: Faults): 'none' {
  if (value !== 'none') faults.add('/phoneLimits', 'is not none');
  if (environment !== 'sandbox') faults.add('/phoneLimits', 'is for the sandbox only');
  return 'none';
}

/** Each member needs those without which it has no meaning. */
function checkTogether(ways: Ways, role: Role, faults: Faults): void {
  const { backchannel, phonePayment, phoneLogin, login, bankidCertificate } = ways;
  const byPhone = backchannel?.ways.includes('phone') === true;
  const need = (isMet: boolean, member: keyof Ways, what: string): void => {
    if (!isMet) faults.add(`/${member}`, what);
  };
  need(role !== 'rp' || login !== undefined, 'login', 'is missing');
  need(!phonePayment || byPhone, 'phonePayment', 'needs a backchannel with the way phone');
  need(!phoneLogin || byPhone, 'phoneLogin', 'needs a backchannel with the way phone');
  need(!phoneLogin || login !== undefined, 'phoneLogin', 'needs login');
  need(
    !byPhone || (phonePayment ?? phoneLogin) !== undefined,
    'backchannel',
    'has phone without phonePayment or phoneLogin',
  );
  need(!ways.bindingMessageOptional || phoneLogin !== undefined, 'bindingMessageOptional', 'belongs to phoneLogin');
  need(!ways.phoneLimits || byPhone, 'phoneLimits', 'needs a backchannel with the way phone');
  // The BankID app names the certificate's holder, who must be the one that the person talks with or logs in to.
  const isNamed = (phonePayment ?? phoneLogin ?? login) !== undefined || byPhone;
  need(
    !isNamed || bankidCertificate !== undefined,
    'bankidCertificate',
    'is missing: phone and login need one of the client',
  );
  need(isNamed || bankidCertificate === undefined, 'bankidCertificate', 'belongs to phone and login');
}
