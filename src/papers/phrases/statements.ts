import type { CheckId } from '../../verification/report.ts';

/** A file of the evidence folder. */
export type CaseFile =
  | 'bankid-root.pem'
  | 'circumstances.json'
  | 'consent.json'
  | 'evidence-digest.json'
  | 'non-visible.json'
  | 'ocsp.b64'
  | 'signature.b64'
  | 'visible-text.txt';

/** What a law demands, what shows it, and by which files and checks. Nothing here shows it where there is neither. */
export interface Statement {
  readonly id: string;
  readonly files: readonly CaseFile[];
  readonly checks: readonly CheckId[];
}

/** Regulation (EU) No 910/2014 (eIDAS), Article 26: what makes an electronic signature an advanced one. */
export const eidas26 = [
  { id: '26 a', files: ['signature.b64', 'bankid-root.pem'], checks: ['signature-value', 'path', 'signer'] },
  { id: '26 b', files: ['signature.b64'], checks: ['path', 'signer'] },
  { id: '26 c', files: ['signature.b64', 'ocsp.b64'], checks: ['status', 'nonce', 'times'] },
  {
    id: '26 d',
    files: ['signature.b64', 'visible-text.txt', 'non-visible.json'],
    checks: ['digests', 'signature-value', 'content'],
  },
] as const satisfies readonly Statement[];

/** Directive (EU) 2015/2366 (PSD2), Article 72: what the payment service provider must prove when a payer denies a payment. */
export const psd72 = [
  {
    id: '72.1 authenticated',
    files: ['signature.b64', 'ocsp.b64'],
    checks: ['signature-value', 'status', 'signer'],
  },
  { id: '72.1 recorded', files: ['consent.json', 'evidence-digest.json'], checks: ['content', 'digests'] },
  { id: '72.1 entered', files: [], checks: [] },
  { id: '72.1 breakdown', files: ['circumstances.json'], checks: [] },
  { id: '72.2', files: [], checks: [] },
] as const satisfies readonly Statement[];

export type StatementId = (typeof eidas26)[number]['id'] | (typeof psd72)[number]['id'];
