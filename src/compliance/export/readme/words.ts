import type { Language } from '../../../design/language.ts';
import type { ExportFormat } from '../../export-request.ts';
import { en } from './words.en.ts';
import { sv } from './words.sv.ts';

/** The words of README.html in one language. */
export interface ReadmeWords {
  readonly title: string;
  readonly lead: Readonly<Record<ExportFormat, string>>;
  readonly personal: string;
  readonly testBanner: string;
  readonly order: {
    readonly title: string;
    readonly id: string;
    readonly by: string;
    readonly why: string;
    readonly caseReference: string;
    readonly orderedAt: string;
    readonly madeAt: string;
    readonly approval: string;
    readonly software: string;
    readonly environment: string;
    readonly approvedBy: (issuer: string, at: string) => string;
    readonly breakGlass: (caseReference: string) => string;
    readonly notNeeded: string;
    readonly notAsked: string;
  };
  readonly filter: {
    readonly title: string;
    readonly period: string;
    readonly periodOf: (from: string, to: string) => string;
    readonly days: string;
    readonly daysOf: (first: string, last: string) => string;
    readonly bank: string;
    readonly everyBank: string;
    readonly tpp: string;
    readonly consent: string;
    readonly reference: string;
    readonly payer: string;
    readonly payerNamed: string;
    readonly states: string;
  };
  readonly totals: {
    readonly title: string;
    readonly count: string;
    readonly sum: string;
    readonly state: string;
    readonly all: string;
    readonly none: string;
  };
  readonly states: Readonly<Record<string, string>>;
  readonly omitted: {
    readonly title: string;
    readonly erased: (count: number) => string;
    readonly unknown: string;
    readonly ledger: (first: number, last: number, exported: number) => string;
    readonly reason: string;
    readonly nothing: string;
    readonly reasons: Readonly<Record<string, string>>;
  };
  readonly files: {
    readonly title: string;
    readonly file: string;
    readonly what: string;
    readonly beside: Readonly<Record<string, string>>;
    readonly folder: Readonly<Record<ExportFormat, readonly (readonly [path: string, what: string])[]>>;
  };
  readonly check: {
    readonly title: string;
    readonly lead: string;
    readonly sigill: string;
    readonly others: string;
    readonly steps: Readonly<Record<'seal' | 'manifest' | 'folders' | 'folder' | 'bundle', string>>;
    readonly roots: string;
  };
  readonly kept: { readonly title: string; readonly sentences: readonly string[] };
}

export const readmeWords: Readonly<Record<Language, ReadmeWords>> = { sv, en };
