import type { Environment } from '../../kernel/environment.ts';
import type { FileReader, EnvironmentVariables } from '../config.ts';
import { fault } from './faults.ts';

/** The environment variables as this configuration reads them: empty means absent, and every secret may be in a file. */
export class Variables {
  readonly #env: EnvironmentVariables;
  readonly #readFile: FileReader;
  /** Undefined if SIGILL_ENV itself is at fault: then only the form of the values is checked. */
  readonly environment: Environment | undefined;

  constructor(env: EnvironmentVariables, readFile: FileReader, environment: Environment | undefined) {
    this.#env = env;
    this.#readFile = readFile;
    this.environment = environment;
  }

  /** The same reading of other values, which a file holds under names of its own. */
  of(values: EnvironmentVariables): Variables {
    return new Variables(values, this.#readFile, this.environment);
  }

  find(name: string): string | undefined {
    const value = this.#env[name]?.trim();
    return value === '' ? undefined : value;
  }

  get(name: string): string {
    const value = this.find(name);
    if (value === undefined) throw fault(`${name} is not set.`);
    return value;
  }

  /** A secret from NAME, or from the file that NAME_FILE names. */
  findSecret(name: string): string | undefined {
    const inline = this.find(name);
    if (this.find(`${name}_FILE`) === undefined) return inline;
    if (inline !== undefined) throw fault(`${name} and ${name}_FILE are both set; set only one of them.`);
    return this.readSecretFile(`${name}_FILE`)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  }

  getSecret(name: string): string {
    const value = this.findSecret(name);
    if (value === undefined || value === '') throw fault(`${name} (or ${name}_FILE) is not set.`);
    return value;
  }

  /** The bytes of the file that `name` names. */
  readFile(name: string): Buffer {
    return this.#read(name).bytes;
  }

  /** The same for a file that holds a key: outside the sandbox, others must not have access to it. */
  readSecretFile(name: string): Buffer {
    const { bytes, mode } = this.#read(name);
    const open = (mode & 0o027) !== 0;
    if (open && this.environment !== 'sandbox') {
      throw fault(`${name}: others can read or change ${this.get(name)} (mode ${formatMode(mode)}); chmod it to 0600.`);
    }
    return bytes;
  }

  #read(name: string): ReturnType<FileReader> {
    const path = this.get(name);
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
