import { join } from 'node:path';
import type { SandboxClient } from '../../../sandbox/clients.ts';
import type { TestSystem } from '../system/system.ts';
import { startBuilt, type StartedCommand } from './built-command.ts';

/** Starts the built `sigill …` as it stands on the machine of an auditor: nothing of the service's configuration is there. */
export function startAuditorCommand(
  { folder, system }: Pick<TestSystem, 'folder' | 'system'>,
  args: readonly string[],
  { client = system.clients.auditor, env = {}, input = '' }: AuditorSetting = {},
): StartedCommand {
  return startBuilt(args, { ...auditorVariables(folder, system.issuer, client), ...env }, input);
}

export interface AuditorSetting {
  /** That of the first bank's auditor, if not set. */
  readonly client?: SandboxClient;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

function auditorVariables(folder: string, issuer: string, { id }: SandboxClient): Readonly<Record<string, string>> {
  return {
    AUDITOR_ISSUER: issuer,
    AUDITOR_CLIENT_ID: id,
    AUDITOR_KEY_FILE: join(folder, 'service', `${id}.jwk.json`),
  };
}
