import type { ConsentId, LoginId } from './ids.ts';

/** The name of a consent's data key and of its chain of audit events: both depend on bank and consent. */
export function consentSubject(bank: string, consentId: ConsentId): string {
  return `consent:${bank}:${consentId}`;
}

/** The name of a bank's own chain of audit events: of what concerns more than one of its consents. */
export function bankSubject(bank: string): string {
  return `bank:${bank}`;
}

/** The name of a login's data key and of its chain: both depend on client and login. */
export function loginSubject(clientId: string, loginId: LoginId): string {
  return `login:${clientId}:${loginId}`;
}

/** The same of an export. One by command has no data key: its result is written outside. */
export function exportSubject(exportId: string): string {
  return `export:${exportId}`;
}

/** The name of the data key of what proves who ordered an export, or approved it: it outlives the export. */
export function signatorySubject(exportId: string, part: 'requester' | 'approver'): string {
  return `export-${part}:${exportId}`;
}
