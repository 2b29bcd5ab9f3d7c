import { DEFAULT_RP_CERTIFICATE, RP_CERTIFICATE_ID } from '../../config/rp-certificates.ts';
import type { Environment } from '../../kernel/environment.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { Client, Role } from '../clients.ts';
import { isOfRole } from '../members/members.ts';
import type { ByPhone, CallInitiator } from '../payer-ways.ts';
import type { Faults } from './faults.ts';
import { parseBackchannel } from './parse-backchannel.ts';
import { parseLogin } from './parse-login.ts';
import { parseFlag, parseText, parseWord, parseWords } from './parse-words.ts';

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

/** How a client may reach persons other than by payments in a browser. What is not registered is refused to it. */
export function parsePayerWays(object: JsonObject, role: Role, environment: Environment, faults: Faults): Ways {
  const has = (member: keyof Ways): boolean => object[member] !== undefined && isOfRole(member, role);
  const { backchannel, login } = object;
  const ways: Ways = {
    ...(has('backchannel') && { backchannel: parseBackchannel(backchannel, environment, faults.at('/backchannel')) }),
    ...(has('phonePayment') && { phonePayment: parsePhone(object['phonePayment'], faults.at('/phonePayment')) }),
    ...(has('phoneLogin') && { phoneLogin: parsePhone(object['phoneLogin'], faults.at('/phoneLogin')) }),
    ...(has('login') && { login: parseLogin(login, role === 'tpp', faults.at('/login')) }),
    bindingMessageOptional: parseFlag(object['bindingMessageOptional'], faults.at('/bindingMessageOptional')),
    ...(has('bankidCertificate') && {
      bankidCertificate: parseCertificate(object['bankidCertificate'], faults.at('/bankidCertificate')),
    }),
    ...(has('phoneLimits') && {
      phoneLimits: parseLimits(object['phoneLimits'], environment, faults.at('/phoneLimits')),
    }),
  };
  checkTogether(ways, role, faults);
  return ways;
}

/** `phonePayment`, `phoneLogin`: who may have begun the call; the payer alone, unless it says otherwise. */
function parsePhone(value: unknown, faults: Faults): ByPhone {
  const object = isJsonObject(value) ? value : {};
  if (!isJsonObject(value)) faults.addForm('', value, 'an object, which may have initiators');
  faults.addUnknown(object, new Set(['initiators']));
  if (object['initiators'] === undefined) return { initiators: ['user'] };
  return { initiators: parseWords(object['initiators'], initiators, faults.at('/initiators')) };
}

function parseCertificate(value: unknown, faults: Faults): string {
  if (value === DEFAULT_RP_CERTIFICATE)
    return faults.add(
      '',
      `is ${DEFAULT_RP_CERTIFICATE}, whose holder is no client; it must be one of BANKID_CERTIFICATES_FILE`,
    );
  return parseText(value, { pattern: RP_CERTIFICATE_ID }, 'a word of 1 to 40 of a-z, 0-9 and -', faults);
}

function parseLimits(value: unknown, environment: Environment, faults: Faults): 'none' {
  if (environment !== 'sandbox') faults.addBeyondSchema('', 'is for the sandbox only; leave it out');
  return parseWord(value, ['none'], faults);
}

/** Each member needs those without which it has no meaning. */
function checkTogether(ways: Ways, role: Role, faults: Faults): void {
  const { backchannel, phonePayment, phoneLogin, login, bankidCertificate } = ways;
  const byPhone = backchannel?.ways.includes('phone') === true;
  const need = (isMet: boolean, member: keyof Ways, what: string): void => {
    if (!isMet) faults.add(`/${member}`, what);
  };
  need(role !== 'rp' || login !== undefined, 'login', 'is missing: the role rp only lets persons log in');
  need(!phonePayment || byPhone, 'phonePayment', 'needs a backchannel with the way phone');
  need(!phoneLogin || byPhone, 'phoneLogin', 'needs a backchannel with the way phone');
  need(!phoneLogin || login !== undefined, 'phoneLogin', 'needs login beside it');
  need(
    !byPhone || (phonePayment ?? phoneLogin) !== undefined,
    'backchannel',
    'has the way phone without phonePayment or phoneLogin, which say what for',
  );
  need(
    !ways.bindingMessageOptional || phoneLogin !== undefined,
    'bindingMessageOptional',
    'is true without phoneLogin',
  );
  need(!ways.phoneLimits || byPhone, 'phoneLimits', 'needs a backchannel with the way phone');
  // The BankID app names the certificate's holder, who must be the one that the person talks with or logs in to.
  const isNamed = (phonePayment ?? phoneLogin ?? login) !== undefined || byPhone;
  need(
    !isNamed || bankidCertificate !== undefined,
    'bankidCertificate',
    'is missing: for phone calls and logins, the id of the RP certificate whose holder is this client',
  );
  need(
    isNamed || bankidCertificate === undefined,
    'bankidCertificate',
    'belongs to phone calls and logins, for which this client is not registered',
  );
}
