import { database, installation, transport } from './table/addresses.ts';
import { auditor } from './table/auditor.ts';
import { bankId, verifier } from './table/bankid.ts';
import { exports, keysAndClients, ledger, operation, rules } from './table/rules.ts';
import type { Setting, SettingTable } from './table/setting.ts';

export type { Setting } from './table/setting.ts';

/** Every setting, in the order in which an operator meets them. Names, defaults and ranges stand here and nowhere else. */
export const settings = {
  ...installation,
  ...database,
  ...bankId,
  ...keysAndClients,
  ...transport,
  ...rules,
  ...ledger,
  ...exports,
  ...operation,
  ...verifier,
  ...auditor,
} as const;

/** The same table by subject. */
export const settingGroups: Readonly<Record<string, SettingTable>> = {
  'Installation and addresses': installation,
  Database: database,
  BankID: bankId,
  'Keys and clients': keysAndClients,
  'TLS, client certificates and pings': transport,
  'Rules for signatures, tokens and logins': rules,
  Ledger: ledger,
  Exports: exports,
  Operation: operation,
  'The verifier that runs by itself': verifier,
  'Commands that ask a service': auditor,
};

type Settings = typeof settings;
export type SettingName = keyof Settings;

/** The names of the settings whose form is of one kind. */
export type NameOfKind<K extends string> = {
  [N in SettingName]: Settings[N]['form']['kind'] extends K ? N : never;
}[SettingName];

/** The words that a setting accepts. */
export type WordOf<N extends NameOfKind<'word'>> = Settings[N]['form']['words'][number];

type SecretName = { [N in SettingName]: Settings[N] extends { readonly secret: true } ? N : never }[SettingName];

/** The name of an environment variable: that of a setting, or of the file that holds a secret one. */
export type VariableName = SettingName | `${SecretName}_FILE`;

/** Each variable with its setting. */
export const variables: ReadonlyMap<string, Setting> = new Map(
  Object.entries<Setting>(settings).flatMap(([name, setting]) =>
    [name, ...(setting.secret ? [`${name}_FILE`] : [])].map((variable) => [variable, setting] as const),
  ),
);
