import { ACR } from '../payment-acr.ts';
import { logLevels, type LogLevel } from '../config.ts';
import { fault } from './faults.ts';
import type { Variables } from './variables.ts';

export function parseLogLevel(variables: Variables): LogLevel {
  return parseWord(variables, 'LOG_LEVEL', logLevels, 'info');
}

/** `high` is not allowed: a high risk never authorises. */
export function parseMaxRisk(variables: Variables): 'low' | 'moderate' {
  return parseWord(variables, 'MAX_RISK', ['low', 'moderate'] as const, 'moderate');
}

export function parseSwitch(variables: Variables, name: 'WORKERS' | 'REQUIRE_DEVICE_BINDING'): boolean {
  return parseWord(variables, name, ['true', 'false'] as const, 'true') === 'true';
}

/** Off by default: a nonce costs every client a second request now and then. */
export function parseDpopNonce(variables: Variables): boolean {
  return parseWord(variables, 'DPOP_NONCE', ['off', 'required'] as const, 'off') === 'required';
}

/** From 1 to 400 days, 90 by default: a login is no accounting record, and a dispute about it is soon. */
export function parseIdentificationRetention(variables: Variables): number {
  const name = 'IDENTIFICATION_RETENTION_DAYS';
  const text = variables.find(name) ?? '90';
  const days = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > 400) throw fault(`${name} is not a whole number from 1 to 400.`);
  return days;
}

/** URIs: which level of assurance logins have, the operator says, whose service is reviewed or is not. */
export function parseLoginAcr(variables: Variables): { readonly phone: string; readonly other: string } {
  return {
    phone: parseAcr(variables, 'LOGIN_PHONE_ACR', 'urn:sigill:acr:bankid-identification-phone'),
    other: parseAcr(variables, 'LOGIN_ACR', 'urn:sigill:acr:bankid-identification'),
  };
}

function parseAcr(variables: Variables, name: string, otherwise: string): string {
  const acr = variables.find(name) ?? otherwise;
  if (!ACR_FORM.test(acr)) throw fault(`${name} is not a URI.`);
  if (acr === ACR) throw fault(`${name} is the acr of payments, which no login has.`);
  return acr;
}

/** A value stands in lists that are separated by spaces, and in JSON. */
const ACR_FORM = /^[a-z][a-z0-9+.-]*:[\x21\x23-\x5B\x5D-\x7E]{1,200}$/;

function parseWord<T extends string>(variables: Variables, name: string, words: readonly T[], otherwise: T): T {
  const text = variables.find(name) ?? otherwise;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw fault(`${name} is none of ${words.join(', ')}.`);
  return word;
}
