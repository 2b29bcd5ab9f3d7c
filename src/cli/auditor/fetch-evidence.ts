import { setTimeout } from 'node:timers/promises';
import { BUNDLE_TYPE } from '../../bundle/container.ts';
import { loadAuditorConfig } from '../../config/load-config.ts';
import type { AuditorWords } from '../../config/config.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { CommandFailure, exitCodes, Refused } from './failures.ts';
import { ServiceClient } from './service-client.ts';

/** How long a bundle is waited for: a head of the ledger has new evidence within a minute. */
const MAX_WAITS = 24;

export interface EvidenceWords extends AuditorWords {
  readonly purpose?: string;
}

/** The evidence of a consent as the service gives it out: sealed, or as JSON where the installation seals nothing. */
export interface FetchedEvidence {
  readonly form: 'bundle' | 'json';
  readonly bytes: Buffer;
}

/**
 * Reads the accepted evidence of a consent as a registered client, with the purpose that is recorded. It stays in memory.
 * @throws CommandFailure, ConfigError
 */
export async function fetchEvidence(consentId: string, words: EvidenceWords): Promise<FetchedEvidence> {
  const { purpose } = words;
  if (purpose === undefined)
    throw new CommandFailure(
      '--purpose is missing: why the evidence is read, as dispute or complaint',
      exitCodes.usage,
    );
  const client = await ServiceClient.connect(loadAuditorConfig(words));
  try {
    const id = await findAccepted(client, consentId, purpose);
    return await readBest(client, id, purpose);
  } finally {
    await client.close();
  }
}

async function findAccepted(client: ServiceClient, consentId: string, purpose: string): Promise<string> {
  const path = `/consents/${encodeURIComponent(consentId)}/evidence`;
  const headers = { 'sigill-purpose': purpose };
  const list = await client.sendForJson({ scope: 'evidence', method: 'GET', path, headers });
  const all = isJsonObject(list) && Array.isArray(list['evidence']) ? (list['evidence'] as readonly unknown[]) : [];
  const accepted = all.filter(isJsonObject).find(({ kind }) => kind === 'accepted')?.['evidenceId'];
  if (typeof accepted !== 'string')
    throw new CommandFailure('no evidence of this consent was accepted', exitCodes.noInput);
  return accepted;
}

/** The bundle, waited for while the ledger does not have it; the JSON of an installation that seals nothing. */
async function readBest(client: ServiceClient, id: string, purpose: string): Promise<FetchedEvidence> {
  const read = async (accept: string): Promise<Buffer> => {
    const headers = { accept, 'sigill-purpose': purpose };
    const path = `/evidence/${encodeURIComponent(id)}`;
    return client.sendForBytes({ scope: 'evidence', method: 'GET', path, headers });
  };
  for (let waits = 0; ; waits += 1) {
    try {
      return { form: 'bundle', bytes: await read(BUNDLE_TYPE) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === 'evidence.no-bundle') return { form: 'json', bytes: await read('application/json') };
      if (error.retryAfterSeconds === undefined || waits >= MAX_WAITS) throw error;
      await setTimeout(error.retryAfterSeconds * SECOND_MS);
    }
  }
}
