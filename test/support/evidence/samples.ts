import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../../shared/samples/', import.meta.url);

/** Material made by BankID itself lies beside the checkout, where it was put there; it is no part of it. */
export const haveSamples = existsSync(folder);

export const samplePath = (name: string): string => fileURLToPath(new URL(name, folder));
export const sample = (name: string): Buffer => readFileSync(samplePath(name));

/** `describe`, or a skipped one that says why. */
export const describeWithSamples = (title: string, tests: () => void): void => {
  if (haveSamples) describe(title, tests);
  else describe.skip(`${title} (skipped: ../shared/samples is not here)`, tests);
};
