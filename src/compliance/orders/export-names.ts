import type { DataKey } from '../../vault/envelope.ts';
import type { ExportRequest } from '../export-request.ts';

/** What an order names besides period, TPP and consent: it points to a person, or may. */
export type Named = Pick<ExportRequest, 'reference' | 'payer'>;

export const NOTHING_NAMED: Named = { reference: undefined, payer: undefined };

const KIND = 'export-names';

/** Undefined where nothing is named. @param key of the export: what is named goes with the result */
export function sealNames(key: DataKey, exportId: string, { reference, payer }: Named): Buffer | undefined {
  if (reference === undefined && payer === undefined) return undefined;
  const text = JSON.stringify({ reference, payer: payer?.map((hash) => hash.toString('base64')) });
  return key.seal(KIND, exportId, Buffer.from(text, 'utf8'));
}

export function openNames(key: DataKey, exportId: string, sealed: Buffer | undefined): Named {
  if (!sealed) return NOTHING_NAMED;
  const { reference, payer } = JSON.parse(key.open(KIND, exportId, sealed).toString('utf8')) as {
    readonly reference?: string;
    readonly payer?: readonly string[];
  };
  return { reference, payer: payer?.map((hash) => Buffer.from(hash, 'base64')) };
}
