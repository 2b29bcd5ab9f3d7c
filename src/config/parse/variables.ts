import type { Environment } from '../../kernel/environment.ts';
import type { FileReader, EnvironmentVariables } from '../config.ts';
import { variables, type Setting, type VariableName } from '../settings.ts';
import { fault } from './faults.ts';

/**
 * The environment variables as this configuration reads them: empty means absent, and every secret may be in a file. Only names of the
 * table of settings can be read, with the defaults that stand there.
 */
export class Variables<Name extends string = VariableName> {
  readonly #env: EnvironmentVariables;
  readonly #readFile: FileReader;
  readonly #settings: ReadonlyMap<string, Setting>;
  /** Undefined if SIGILL_ENV itself is at fault: then only the form of the values is checked. */
  readonly environment: Environment | undefined;

  constructor(
    env: EnvironmentVariables,
    readFile: FileReader,
    environment: Environment | undefined,
    settings: ReadonlyMap<string, Setting> = variables,
  ) {
    this.#env = env;
    this.#readFile = readFile;
    this.environment = environment;
    this.#settings = settings;
  }

  /** The same reading of other values, which a file holds under names of its own. */
  of<Other extends string>(values: Readonly<Partial<Record<Other, string>>>): Variables<Other> {
    return new Variables<Other>(values, this.#readFile, this.environment, new Map());
  }

  /** The value as it is set, without a default. @throws ConfigError where this environment does not allow it */
  find(name: Name): string | undefined {
    return this.#find(name);
  }

  /** The value, or the default of the table. @throws ConfigError if there is neither */
  get(name: Name): string {
    const value = this.#find(name) ?? this.#settings.get(name)?.default;
    if (value === undefined) throw fault(`${name} is not set.`);
    return value;
  }

  /** A secret from NAME, or from the file that NAME_FILE names. */
  getSecret(name: Name): string {
    const value = this.#findSecret(name);
    if (value === undefined || value === '') throw fault(`${name} (or ${name}_FILE) is not set.`);
    return value;
  }

  /** The bytes of the file that `name` names. */
  readFile(name: Name): Buffer {
    return this.#read(name).bytes;
  }

  /** The bytes of a file that another file names; `name` is what a fault calls it. */
  readFileAt(name: string, path: string): Buffer {
    return this.#readAt(name, path).bytes;
  }

  /** The same for a file that holds a key: outside the sandbox, others must not have access to it. */
  readSecretFile(name: Name): Buffer {
    return this.#readSecretFile(name);
  }

  #find(name: string): string | undefined {
    const value = this.#env[name]?.trim();
    if (value === undefined || value === '') return undefined;
    const allowed = this.#settings.get(name)?.environments;
    if (this.environment !== undefined && allowed && !allowed.includes(this.environment))
      throw fault(`${name} is not allowed in ${this.environment}, only in ${allowed.join(', ')}.`);
    return value;
  }

  #findSecret(name: string): string | undefined {
    const inline = this.#find(name);
    if (this.#find(`${name}_FILE`) === undefined) return inline;
    if (inline !== undefined) throw fault(`${name} and ${name}_FILE are both set; set only one of them.`);
    return this.#readSecretFile(`${name}_FILE`)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  }

  #readSecretFile(name: string): Buffer {
    const { bytes, mode } = this.#read(name);
    const open = (mode & 0o027) !== 0;
    if (open && this.environment !== 'sandbox') {
      const path = this.#find(name) ?? '';
      throw fault(`${name}: others can read or change ${path} (mode ${formatMode(mode)}); chmod it to 0600.`);
    }
    return bytes;
  }

  #read(name: string): ReturnType<FileReader> {
    const path = this.#find(name);
    if (path === undefined) throw fault(`${name} is not set.`);
    return this.#readAt(name, path);
  }

  #readAt(name: string, path: string): ReturnType<FileReader> {
    try {
      return this.#readFile(path);
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      throw fault(`${name}: cannot read ${path} (${typeof code === 'string' ? code : 'unreadable'}).`);
    }
  }
}

function formatMode(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
