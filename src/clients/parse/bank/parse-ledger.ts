import { attempt, Malformed } from '../../../crypto/malformed.ts';
import { parseVerifierKey, type VerifierKey } from '../../../crypto/tlog/verifier-key.ts';
import type { Environment } from '../../../kernel/environment.ts';
import { isJsonObject } from '../../../kernel/json.ts';
import type { BankLedger, Client, Witness } from '../../clients.ts';
import { MAX_WITNESSES, WEB_URI, WITNESS_KEY } from '../../members/forms.ts';
import { isRedirectUri } from '../../redirect-uri.ts';
import type { Faults } from '../faults.ts';
import { problemOf } from '../parse-uris.ts';
import { parseFlag, parseText } from '../parse-words.ts';

const MEMBERS: ReadonlySet<string> = new Set(['public', 'witnesses']);
const WITNESS_MEMBERS: ReadonlySet<string> = new Set(['url', 'key']);
const URL_FORM = 'the submission prefix of a witness: an https or http URI without query and fragment';
const KEY_FORM = 'the verifier key of a witness: <name>+<8 hexadecimal digits>+<base64>';

/** `ledger`: who may read the bank's logs, and who cosigns their heads. */
export function parseLedger(value: unknown, environment: Environment, faults: Faults): Pick<Client, 'ledger'> {
  if (value === undefined) return {};
  if (!isJsonObject(value)) {
    faults.addForm('', value, 'an object with public or witnesses');
    return {};
  }
  faults.addUnknown(value, MEMBERS);
  const { witnesses } = value;
  const ledger: BankLedger = {
    public: parseFlag(value['public'], faults.at('/public')),
    witnesses: witnesses === undefined ? [] : parseWitnesses(witnesses, environment, faults.at('/witnesses')),
  };
  return { ledger };
}

function parseWitnesses(value: unknown, environment: Environment, faults: Faults): readonly Witness[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_WITNESSES) {
    faults.addForm('', value, `an array of 1 to ${MAX_WITNESSES} witnesses`);
    return [];
  }
  const witnesses = value.map((one: unknown, index) => parseWitness(one, environment, faults.at(`/${index}`)));
  const keys = witnesses.flatMap((witness) => (witness ? [`${witness.key.name}+${witness.key.keyId}`] : []));
  if (new Set(keys).size !== keys.length) faults.addBeyondSchema('', 'has a witness twice');
  return witnesses.filter((witness) => witness !== undefined);
}

function parseWitness(value: unknown, environment: Environment, faults: Faults): Witness | undefined {
  if (!isJsonObject(value)) {
    faults.addForm('', value, 'an object with url and key');
    return undefined;
  }
  faults.addUnknown(value, WITNESS_MEMBERS);
  const url = parseText(value['url'], { pattern: WEB_URI }, URL_FORM, faults.at('/url'));
  if (url.includes('?')) faults.addBeyondSchema('/url', 'has a query; leave it out');
  else if (url !== '' && !isRedirectUri(url, environment)) faults.addBeyondSchema('/url', problemOf(url, environment));
  const key = parseKey(value['key'], faults.at('/key'));
  return key && { url: url.replace(/\/+$/, ''), key };
}

function parseKey(value: unknown, faults: Faults): VerifierKey | undefined {
  const text = parseText(value, { pattern: WITNESS_KEY }, KEY_FORM, faults);
  if (text === '') return undefined;
  const key = attempt(() => parseVerifierKey(text));
  if (key instanceof Malformed) faults.addBeyondSchema('', `is ${key.message}`);
  else if (key.kind !== 'cosignature') faults.addBeyondSchema('', 'is the key of a log, not of a witness (type 0x04)');
  else return key;
  return undefined;
}
