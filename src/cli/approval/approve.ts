import { createHash } from 'node:crypto';
import type { AuditorWords } from '../../config/config.ts';
import { loadAuditorConfig } from '../../config/load-config.ts';
import { clean } from '../../evidence-files/report-text.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { CommandFailure } from '../auditor/failures.ts';
import { askPerson, portOf, type PersonOptions } from '../auditor/person.ts';
import { progressOn } from '../auditor/progress/progress.ts';
import { ServiceClient } from '../auditor/service-client.ts';

export interface ApproveOptions extends AuditorWords, PersonOptions {
  readonly json?: true;
}

/** What `sigill approve` does: shows an order, has a person log in over it, and sends the login. */
export async function approve(exportId: string, options: ApproveOptions): Promise<void> {
  portOf(options);
  const client = await ServiceClient.connect(loadAuditorConfig(options));
  try {
    // With --json too: what is to be approved is always shown.
    const progress = progressOn(process.stderr, false);
    const address = { scope: 'exports', path: `/exports/${encodeURIComponent(exportId)}/approval` } as const;
    const wanted = parseWanted(exportId, await client.sendForJson({ ...address, method: 'GET' }));
    for (const line of describe(wanted.order)) progress.line(line);
    if (wanted.state !== 'awaiting-approval')
      throw new CommandFailure(`export ${exportId} awaits no approval: it is ${clean(wanted.state)}`);
    const idToken = await askPerson(wanted, options, progress);
    const approved = await client.sendForJson({ ...address, method: 'POST', body: { idToken } });
    progress.line(`Approved export ${exportId}.`);
    if (options.json) process.stdout.write(`${JSON.stringify(approved)}\n`);
  } finally {
    await client.close();
  }
}

interface Wanted {
  readonly state: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  readonly order: JsonObject;
}

/**
 * What a person will sign. The nonce is computed here, from what is shown here, so that the service cannot have another order signed.
 * @throws CommandFailure
 */
function parseWanted(exportId: string, answer: unknown): Wanted {
  const { state, statement, nonce, issuer, clientId } = isJsonObject(answer) ? answer : {};
  if (typeof state !== 'string' || typeof issuer !== 'string' || typeof clientId !== 'string') throw strange();
  if (typeof statement !== 'string') throw strange();
  const computed = createHash('sha256').update(statement, 'utf8').digest('base64url');
  const order = parseOrder(statement);
  if (computed !== nonce || order['type'] !== 'sigill-export-approval' || order['exportId'] !== exportId.toLowerCase())
    throw new CommandFailure('the service asks to approve something else than it shows');
  return { state, issuer, clientId, nonce: computed, order };
}

function parseOrder(statement: string): JsonObject {
  try {
    const order: unknown = JSON.parse(statement);
    return isJsonObject(order) ? order : {};
  } catch {
    return {};
  }
}

/** In words, first what counts; then all else that is signed, by its name. */
const titles: Readonly<Record<string, string>> = {
  exportId: 'Export',
  purpose: 'Purpose',
  caseReference: 'Case',
  from: 'Authorised from',
  to: 'until',
  expected: 'Consents',
  format: 'Format',
  tpp: 'TPP',
  requestedBy: 'Ordered by the client',
  orderedAt: 'at',
  requesterTokenSha256: 'Login of the person who orders',
};
const UNSAID: readonly string[] = ['type', 'v', ...Object.keys(titles)];

function describe(order: JsonObject): readonly string[] {
  const names = [...Object.keys(titles), ...Object.keys(order).filter((name) => !UNSAID.includes(name))];
  const said = names.flatMap((name) => {
    const value = order[name] ?? null;
    if (value === null) return [];
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return [`  ${(titles[name] ?? name).padEnd(32)}${clean(text)}`];
  });
  return ['To be approved:', ...said];
}

function strange(): CommandFailure {
  return new CommandFailure('the service says of the approval what this version of sigill does not understand');
}
