import { isAbsolute } from 'node:path';
import type { LedgerConfig } from '../config.ts';
import { ACR } from '../payment-acr.ts';
import { settings, type NameOfKind, type SettingName, type WordOf } from '../settings.ts';
import { fault } from './faults.ts';
import type { Variables } from './variables.ts';

/** One of the words that the table lists. */
export function parseWord<N extends NameOfKind<'word'>>(variables: Variables, name: N): WordOf<N> {
  const text = variables.get(name);
  const words: readonly WordOf<N>[] = settings[name].form.words;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw fault(`${name} is none of ${words.join(', ')}.`);
  return word;
}

/** A whole number in the range of the table. */
export function parseNumber(variables: Variables, name: NameOfKind<'number'>): number {
  const { min, max } = settings[name].form;
  const text = variables.get(name);
  const number = /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : NaN;
  if (!(number >= min && number <= max)) throw fault(`${name} is not a whole number from ${min} to ${max}.`);
  return number;
}

export function parsePort(variables: Variables, name: NameOfKind<'port'>): number {
  const text = variables.get(name);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port > 65_535) throw fault(`${name} is not a port number.`);
  return port;
}

/** Only the form is checked here: a folder that cannot be reached stops no payer. */
export function parseLedger(variables: Variables): LedgerConfig {
  return { directory: parseLedgerDirectory(variables), headSeconds: parseNumber(variables, 'LEDGER_HEAD_SECONDS') };
}

export function parseLedgerDirectory(variables: Variables): string {
  const directory = variables.get('LEDGER_DIRECTORY');
  if (!isAbsolute(directory)) throw fault('LEDGER_DIRECTORY is not an absolute path.');
  return directory;
}

/** The same. Undefined if no export can be ordered here. */
export function parseExportDirectory(variables: Variables): string | undefined {
  const directory = variables.find('EXPORT_DIRECTORY');
  if (directory !== undefined && !isAbsolute(directory)) throw fault('EXPORT_DIRECTORY is not an absolute path.');
  return directory;
}

/** URIs: which level of assurance logins have, the operator says, whose service is reviewed or is not. */
export function parseLoginAcr(variables: Variables): { readonly phone: string; readonly other: string } {
  return { phone: parseAcr(variables, 'LOGIN_PHONE_ACR'), other: parseAcr(variables, 'LOGIN_ACR') };
}

function parseAcr(variables: Variables, name: SettingName): string {
  const acr = variables.get(name);
  if (!ACR_FORM.test(acr)) throw fault(`${name} is not a URI.`);
  if (acr === ACR) throw fault(`${name} is the acr of payments, which no login has.`);
  return acr;
}

/** A value stands in lists that are separated by spaces, and in JSON. */
const ACR_FORM = /^[a-z][a-z0-9+.-]*:[\x21\x23-\x5B\x5D-\x7E]{1,200}$/;
