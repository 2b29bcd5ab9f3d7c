import { APPROVER_ROLE } from '../registration.ts';

/** An invented employee of both banks, as their providers know them. */
export interface Employee {
  readonly id: string;
  readonly name: string;
  readonly does: { readonly sv: string; readonly en: string };
  readonly roles: readonly string[];
}

/** Two may approve, so that one of them can order and the other one approve; the third may not. */
export const employees: readonly Employee[] = [
  {
    id: 'rut',
    name: 'Rut Lind',
    does: { sv: 'regelefterlevnad, får godkänna', en: 'compliance, may approve' },
    roles: ['employee', APPROVER_ROLE],
  },
  {
    id: 'astrid',
    name: 'Astrid Berg',
    does: { sv: 'regelefterlevnad, får godkänna', en: 'compliance, may approve' },
    roles: ['employee', APPROVER_ROLE],
  },
  {
    id: 'nils',
    name: 'Nils Ek',
    does: { sv: 'kundtjänst, får inte godkänna', en: 'customer service, may not approve' },
    roles: ['employee'],
  },
];
