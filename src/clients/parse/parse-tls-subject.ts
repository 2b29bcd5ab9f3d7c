import { isJsonObject } from '../../kernel/json.ts';
import { findIpAddress } from '../../kernel/web/ip-address.ts';
import { MAX_SUBJECT } from '../members/forms.ts';
import { subjectFields, type TlsSubject } from '../tls-subject.ts';
import type { Faults } from './faults.ts';

/** Exactly one of the standard's five fields, of 1 to 512 characters. @see RFC 8705 §2.1.2 */
export function parseTlsSubject(value: unknown, faults: Faults): TlsSubject | undefined {
  if (value === undefined) return undefined;
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  const [entry] = entries;
  if (!entry || entries.length > 1 || !isField(entry[0])) {
    faults.add('', `is not an object with exactly one of ${Object.keys(subjectFields).join(', ')}`);
    return undefined;
  }
  const [field, text] = entry;
  if (!isText(text)) {
    faults.addForm(`/${field}`, text, `a text of 1 to ${MAX_SUBJECT} characters, as the certificate has it`);
    return undefined;
  }
  if (field === 'tls_client_auth_san_ip' && !findIpAddress(text))
    faults.addBeyondSchema(`/${field}`, 'is not an IP address');
  return { field, value: text };
}

function isField(name: string): name is TlsSubject['field'] {
  return Object.hasOwn(subjectFields, name);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && [...value].length <= MAX_SUBJECT;
}
