import type { Environment } from '../../kernel/environment.ts';

/** The form of a value. A file is named by its path. */
export type Form =
  | { readonly kind: 'port' }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | {
      readonly kind: 'file';
      readonly of: string;
      /** True: it holds keys, so outside the sandbox others must have no access to it. */
      readonly closed?: true;
    }
  | { readonly kind: 'text'; readonly of: string };

/**
 * Who reads a setting: the service with the commands that share its configuration, `sigill migrate`, `sigill steward`, `sigill request`
 * of the person who decides, `sigill serve-verifier`, and the commands that ask a service over HTTP.
 */
export type Reader = 'service' | 'migrate' | 'steward' | 'approver' | 'verifier' | 'auditor';

/** One environment variable that Sigill reads. */
export interface Setting {
  /** What it decides, for the operator. */
  readonly what: string;
  readonly form: Form;
  readonly readBy: readonly [Reader, ...Reader[]];
  /** As it would be written. */
  readonly default?: string;
  /** What holds without it, where there is no default value. */
  readonly otherwise?: string;
  /** True: the first of its readers refuses to start without it. A text names the condition under which one does. */
  readonly required?: true | string;
  /** Where it may be set; everywhere if undefined. */
  readonly environments?: readonly [Environment, ...Environment[]];
  /** True: the value is a secret, which may be in the file that `NAME_FILE` names. */
  readonly secret?: true;
  /** Whether it ends "nothing configured": always, if it names another environment than the sandbox, or another machine. */
  readonly decisive?: 'always' | 'other-environment' | 'other-machine';
}

export type SettingTable = Readonly<Record<string, Setting>>;

export const port = { kind: 'port' } as const;
export const onOff = { kind: 'word', words: ['true', 'false'] } as const;
