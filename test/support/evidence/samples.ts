import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describeUnless } from '../skipping.ts';

const folder = new URL('../../../../shared/samples/', import.meta.url);

/** Material made by BankID itself lies beside the checkout, where it was put there; it is no part of it. */
export const haveSamples = existsSync(folder);

export const samplePath = (name: string): string => fileURLToPath(new URL(name, folder));
export const sample = (name: string): Buffer => readFileSync(samplePath(name));

export const describeWithSamples = describeUnless(haveSamples ? undefined : '../shared/samples is not here');
